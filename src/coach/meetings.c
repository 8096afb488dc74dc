/* What members do with meetings: proposing, choosing, changing, cancelling, telling how it went. */
#include "coach/meetings.h"

#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/mail.h"
#include "coach/meetings_read.h"
#include "coach/notices_mail.h"
#include "coach/partnerships.h"
#include "coach/settings.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#define UID_BYTES 16
#define UID_TEXT (2 * UID_BYTES + 1)

static struct allow_object object_of(const struct meeting *meeting)
{
    return allow_within(ALLOW_ON_PARTNERSHIP, meeting->partnership_id, meeting->id);
}

/* The meeting, when the actor may change it. */
static enum err open_meeting(struct coach *coach, int64_t id, struct meeting *meeting)
{
    enum err err = meetings_find(coach, id, coach->actor.person_id, meeting);
    return err ? err : allowed(coach, ALLOW_EDIT, object_of(meeting));
}

/* The same, when its partnership runs. */
static enum err running_meeting(struct coach *coach, int64_t id, struct meeting *meeting)
{
    int64_t runs = 0;
    enum err err = open_meeting(coach, id, meeting);
    err = err ? err
              : sql_number(coach, SQL_MEETING_PARTNERSHIP_STATE,
                           SQL_ARGS(sql_int(meeting->partnership_id)), &runs);
    return err || runs ? err : ERR_CONFLICT;
}

static enum err note(struct coach *coach, const struct meeting *meeting, const char *what)
{
    enum err err = partnerships_moved(coach, meeting->partnership_id);
    return err ? err : audit_note(coach, ALLOW_EDIT, object_of(meeting), what);
}

/* ---- telling the others ---- */

/* An invitation, its update or its cancellation to one member, where they want such mail. */
static enum err invite(struct coach *coach, const struct meeting *meeting, int64_t person_id,
                       int64_t sequence, enum notice_kind kind, bool *sent)
{
    struct actor actor = coach->actor;
    struct notice_settings settings;
    char key[100];
    bool set = false;
    int n = snprintf(key, sizeof key, "meeting:%" PRId64 ":%" PRId64 ":%" PRId64, meeting->id,
                     sequence, person_id);
    if (n < 0 || (size_t)n >= sizeof key) {
        return ERR_LIMIT;
    }
    coach_act_as_system(coach); /* what they want by mail is theirs to see */
    enum err err = notices_settings(coach, person_id, &settings);
    coach->actor = actor;
    err = err ? err : settings_is_set(coach, SETTING_SMTP_URL, &set);
    *sent = set && settings.invites;
    if (err || !*sent) {
        return err;
    }
    const struct mail mail = {MAIL_MEETING, person_id, meeting->id, sequence + 1};
    err = mail_queue_about(coach, &mail, str_of(key));
    return err ? err : notices_mailed(coach, person_id, kind, meeting->partnership_id, meeting->id);
}

/* A notice to everybody else; to all, where `mailed`, what their calendars must know. */
static enum err tell(struct coach *coach, const struct meeting *meeting, enum notice_kind kind,
                     bool mailed, int64_t sequence)
{
    struct meeting_member people[MEETINGS_MEMBERS];
    int32_t n = 0;
    enum err err = meetings_members(coach, meeting->partnership_id, people, &n);
    for (int32_t i = 0; i < n && !err; i++) {
        bool sent;
        err = notices_add(coach, people[i].id, kind, meeting->partnership_id, meeting->id);
        if (!err && mailed) {
            err = invite(coach, meeting, people[i].id, sequence, kind, &sent);
        }
    }
    return err;
}

/* What was asked about the meeting is not asked any more. */
static enum err no_more(struct coach *coach, const struct meeting *meeting, bool proposals)
{
    enum notice_kind kind = proposals ? NOTICE_MEETING_PROPOSED : NOTICE_MEETING_PAST;
    return notices_done(coach, 0, kind, meeting->partnership_id, meeting->id);
}

/* ---- proposing ---- */

static void check_times(struct coach *coach, const int64_t *times, int32_t n,
                        struct complaints *complaints)
{
    if (n < 1 || n > MEETINGS_TIMES) {
        complaint_add_int(complaints, "time", N_("Please choose one to {n} times."), "n",
                          MEETINGS_TIMES);
        return;
    }
    for (int32_t i = 0; i < n; i++) {
        bool twice = false;
        for (int32_t k = 0; k < i; k++) {
            twice |= times[k] == times[i];
        }
        if (twice) {
            complaint_add(complaints, "time", N_("The same time stands there twice."));
        } else if (times[i] <= coach->now_ms) {
            complaint_add(complaints, "time", N_("One of these times is over already."));
        } else if (times[i] > coach->now_ms + MEETINGS_AHEAD_DAYS * COACH_DAY_MS) {
            complaint_add(complaints, "time", N_("That is more than a year ahead."));
        }
    }
}

static enum err add_times(struct coach *coach, int64_t id, const int64_t *times, int32_t n)
{
    enum err err = sql_run(coach, SQL_MEETING_CLEAR_TIMES, SQL_ARGS(sql_int(id)), NULL);
    for (int32_t i = 0; i < n && !err; i++) {
        err = sql_run(coach, SQL_MEETING_ADD_TIME, SQL_ARGS(sql_int(id), sql_int(times[i])), NULL);
    }
    return err;
}

/* Whether the partnership runs and has room for one more. */
static enum err room_for_one(struct coach *coach, int64_t partnership_id)
{
    int64_t runs = 0, n = 0;
    enum err err = allowed(coach, ALLOW_ADD, allow_within(ALLOW_ON_PARTNERSHIP, partnership_id, 0));
    err = err ? err
              : sql_number(coach, SQL_MEETING_PARTNERSHIP_STATE, SQL_ARGS(sql_int(partnership_id)),
                           &runs);
    err = err ? err
              : sql_number(coach, SQL_MEETING_COUNT_OPEN,
                           SQL_ARGS(sql_int(partnership_id), sql_int(coach->now_ms)), &n);
    if (err == ERR_NOT_FOUND) {
        return ERR_CONFLICT;
    }
    return err || (runs && n < MEETINGS_OPEN) ? err : ERR_CONFLICT;
}

enum err meetings_propose(struct coach *coach, const struct meeting_new *made,
                          struct complaints *complaints, int64_t *id)
{
    unsigned char random[UID_BYTES];
    char uid[UID_TEXT];
    struct str subject, place;
    struct meeting meeting = {.partnership_id = made->partnership_id};
    enum err err = room_for_one(coach, made->partnership_id);
    if (err) {
        return err;
    }
    check_times(coach, made->times, made->n_times, complaints);
    if (made->minutes < MEETINGS_LEAST || made->minutes > MEETINGS_MOST) {
        complaint_add_int(complaints, "minutes", N_("A meeting lasts 5 to {n} minutes."), "n",
                          MEETINGS_MOST);
    }
    complaint_clean(complaints, "subject", made->subject, false, false, MEETINGS_SUBJECT, &subject);
    complaint_clean(complaints, "place", made->place, false, false, MEETINGS_PLACE, &place);
    err = complaint_result(complaints);
    if (err) {
        return err;
    }
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(uid, sizeof uid, random, sizeof random);
    err = sql_number(coach, SQL_MEETING_ADD,
                     SQL_ARGS(sql_int(made->partnership_id), sql_word(uid), sql_text(subject),
                              sql_text(place), sql_int(made->minutes),
                              sql_int(coach->actor.person_id), sql_int(coach->now_ms)),
                     &meeting.id);
    err = err ? err : add_times(coach, meeting.id, made->times, made->n_times);
    err = err ? err : tell(coach, &meeting, NOTICE_MEETING_PROPOSED, false, 0);
    err = err ? err : note(coach, &meeting, "proposed");
    if (err == ERR_OK) {
        *id = meeting.id;
    }
    return err;
}

enum err meetings_repropose(struct coach *coach, int64_t id, const int64_t *times, int32_t n_times,
                            struct complaints *complaints)
{
    struct meeting meeting;
    enum err err = running_meeting(coach, id, &meeting);
    if (err) {
        return err;
    }
    if ((meeting.state != MEETING_PROPOSED && meeting.state != MEETING_CONFIRMED) ||
        meeting.begun) {
        return ERR_CONFLICT;
    }
    check_times(coach, times, n_times, complaints);
    err = complaint_result(complaints);
    err = err ? err : add_times(coach, id, times, n_times);
    err = err ? err
              : sql_run(
                    coach, SQL_MEETING_REPROPOSE,
                    SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id), sql_int(coach->now_ms)),
                    NULL);
    err = err ? err : no_more(coach, &meeting, true);
    err = err ? err : tell(coach, &meeting, NOTICE_MEETING_PROPOSED, false, 0);
    return err ? err : note(coach, &meeting, "proposed");
}

/* ---- settling ---- */

static bool is_proposed(const struct meeting *meeting, int64_t starts_ms)
{
    for (int32_t i = 0; i < meeting->n_times; i++) {
        if (meeting->times[i] == starts_ms) {
            return true;
        }
    }
    return false;
}

enum err meetings_confirm(struct coach *coach, int64_t id, int64_t starts_ms)
{
    struct meeting meeting;
    enum err err = running_meeting(coach, id, &meeting);
    if (err) {
        return err;
    }
    bool moved = meeting.state == MEETING_CONFIRMED;
    if (meeting.mine || meeting.begun || starts_ms <= coach->now_ms ||
        !is_proposed(&meeting, starts_ms) || (meeting.state != MEETING_PROPOSED && !moved)) {
        return ERR_CONFLICT;
    }
    err = sql_run(coach, SQL_MEETING_SETTLE,
                  SQL_ARGS(sql_int(id), sql_int(starts_ms), sql_int(moved), sql_int(coach->now_ms)),
                  NULL);
    err = err ? err : add_times(coach, id, NULL, 0);
    err = err ? err : no_more(coach, &meeting, true);
    err = err ? err
              : tell(coach, &meeting, moved ? NOTICE_MEETING_MOVED : NOTICE_MEETING_CONFIRMED, true,
                     meeting.sequence + moved);
    return err ? err : note(coach, &meeting, "confirmed");
}

enum err meetings_edit(struct coach *coach, int64_t id, struct str subject, struct str place,
                       struct complaints *complaints)
{
    struct meeting meeting;
    struct str clean_subject, clean_place;
    enum err err = running_meeting(coach, id, &meeting);
    if (err) {
        return err;
    }
    bool settled = meeting.state == MEETING_CONFIRMED;
    if ((meeting.state != MEETING_PROPOSED && !settled) || meeting.begun) {
        return ERR_CONFLICT;
    }
    complaint_clean(complaints, "subject", subject, false, false, MEETINGS_SUBJECT, &clean_subject);
    complaint_clean(complaints, "place", place, false, false, MEETINGS_PLACE, &clean_place);
    err = complaint_result(complaints);
    if (err ||
        (str_equal(clean_subject, meeting.subject) && str_equal(clean_place, meeting.place))) {
        return err;
    }
    err = sql_run(coach, SQL_MEETING_EDIT,
                  SQL_ARGS(sql_int(id), sql_text(clean_subject), sql_text(clean_place),
                           sql_int(settled), sql_int(coach->now_ms)),
                  NULL);
    err = err || !settled ? err
                          : tell(coach, &meeting, NOTICE_MEETING_MOVED, true, meeting.sequence + 1);
    return err ? err : note(coach, &meeting, "changed");
}

static enum err cancel(struct coach *coach, const struct meeting *meeting)
{
    bool settled = meeting->state == MEETING_CONFIRMED;
    enum err err =
        sql_run(coach, SQL_MEETING_STATE,
                SQL_ARGS(sql_int(meeting->id), sql_word(meetings_state_word(MEETING_CANCELLED)),
                         sql_int(settled), sql_int(coach->now_ms)),
                NULL);
    err = err ? err : add_times(coach, meeting->id, NULL, 0);
    err = err ? err : no_more(coach, meeting, true);
    err = err ? err : no_more(coach, meeting, false);
    return err ? err
               : tell(coach, meeting, NOTICE_MEETING_CANCELLED, settled, meeting->sequence + 1);
}

enum err meetings_cancel(struct coach *coach, int64_t id)
{
    struct meeting meeting;
    enum err err = open_meeting(coach, id, &meeting);
    if (err) {
        return err;
    }
    if (meeting.state != MEETING_PROPOSED && meeting.state != MEETING_CONFIRMED) {
        return ERR_CONFLICT;
    }
    err = cancel(coach, &meeting);
    return err ? err : note(coach, &meeting, "cancelled");
}

enum err meetings_tell(struct coach *coach, int64_t id, bool held)
{
    struct meeting meeting;
    enum err err = open_meeting(coach, id, &meeting);
    if (err) {
        return err;
    }
    if (!meeting.begun || meeting.state == MEETING_PROPOSED) {
        return ERR_CONFLICT;
    }
    enum meeting_state state = held ? MEETING_HELD : MEETING_MISSED;
    err = sql_run(coach, SQL_MEETING_STATE,
                  SQL_ARGS(sql_int(id), sql_word(meetings_state_word(state)), sql_int(0),
                           sql_int(coach->now_ms)),
                  NULL);
    err = err ? err : add_times(coach, id, NULL, 0);
    err = err ? err : no_more(coach, &meeting, true);
    err = err ? err : no_more(coach, &meeting, false);
    return err ? err : note(coach, &meeting, held ? "held" : "missed");
}

/* ---- for others ---- */

enum err meetings_partnership_ended(struct coach *coach, int64_t partnership_id)
{
    int64_t ids[2 * MEETINGS_OPEN], n = 0;
    enum err err;
    do {
        err = sql_ids(coach, SQL_MEETING_OPEN_OF,
                      SQL_ARGS(sql_int(partnership_id), sql_int(coach->now_ms)), ids,
                      2 * MEETINGS_OPEN, &n);
        for (int64_t i = 0; i < n && !err; i++) {
            struct meeting meeting;
            err = meetings_find(coach, ids[i], 0, &meeting);
            err = err ? err : cancel(coach, &meeting);
        }
    } while (!err && n == 2 * MEETINGS_OPEN);
    return err;
}

#define ASKED_AT_ONCE 100

enum err meetings_ask(struct coach *coach, int64_t limit, int64_t *n)
{
    int64_t ids[ASKED_AT_ONCE];
    limit = limit < ASKED_AT_ONCE ? limit : ASKED_AT_ONCE;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    enum err err = sql_ids(coach, SQL_MEETING_PAST,
                           SQL_ARGS(sql_int(coach->now_ms), sql_int(limit)), ids, limit, n);
    for (int64_t i = 0; i < *n && !err; i++) {
        struct meeting meeting;
        err = meetings_find(coach, ids[i], 0, &meeting);
        err = err ? err : tell(coach, &meeting, NOTICE_MEETING_PAST, false, 0);
    }
    return err;
}
