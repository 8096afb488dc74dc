/* The agreement of a partnership and what stands on it: signing, starting, pausing, focuses; see
 * partnerships.h. */
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/notices.h"
#include "coach/partnerships_store.h"

/* Who is with the actor in it is told. */
static enum err tell(struct coach *coach, int64_t id, enum notice_kind kind)
{
    int64_t people[PARTNERSHIPS_MEMBERS];
    int32_t n;
    enum err err = partnerships_others(coach, id, people, &n);
    for (int32_t k = 0; k < n && !err; k++) {
        err = notices_add(coach, people[k], kind, id, 0);
    }
    return err;
}

enum err partnerships_moved(struct coach *coach, int64_t id)
{
    enum err err = notices_done(coach, 0, NOTICE_STALLED, id, 0);
    return err ? err
               : sql_run(coach, SQL_PARTNERSHIP_MOVED,
                         SQL_ARGS(sql_int(id), sql_int(coach->now_ms)), NULL);
}

enum err partnerships_happened(struct coach *coach, int64_t id, enum partnership_event_kind kind,
                               int64_t person_id, int64_t cycle_id)
{
    enum err err =
        sql_run(coach, SQL_PARTNERSHIP_EVENT_ADD,
                SQL_ARGS(sql_int(id), sql_int(coach->now_ms), sql_id_or_null(person_id),
                         sql_word(partnerships_event_word(kind)), sql_id_or_null(cycle_id)),
                NULL);
    return err ? err : partnerships_moved(coach, id);
}

/* ---- the agreement ---- */

enum err partnerships_agree(struct coach *coach, int64_t id, int32_t version, struct str agreement,
                            struct complaints *complaints)
{
    struct partnership_row row;
    struct str clean;
    enum err err = partnerships_open(coach, ALLOW_EDIT, id, &row);
    if (err) {
        return err;
    }
    bool open = row.state == PARTNERSHIP_AGREEING || row.state == PARTNERSHIP_ACTIVE;
    if (!open || row.kind == PARTNERSHIP_GUIDE || row.version != version) {
        return ERR_CONFLICT;
    }
    if (!complaint_clean(complaints, "agreement", agreement, true, true, PARTNERSHIPS_AGREEMENT,
                         &clean)) {
        return complaint_result(complaints);
    }
    if (str_equal(clean, row.agreement)) {
        return ERR_OK;
    }
    err = sql_run(coach, SQL_PARTNERSHIP_SET_AGREEMENT,
                  SQL_ARGS(sql_int(id), sql_text(clean), sql_int(coach->now_ms)), NULL);
    err = err ? err : sql_run(coach, SQL_PARTNERSHIP_UNSIGN, SQL_ARGS(sql_int(id)), NULL);
    err = err ? err
              : partnerships_happened(coach, id, PARTNERSHIP_EVENT_AGREEMENT,
                                      coach->actor.person_id, 0);
    err = err ? err : tell(coach, id, NOTICE_SIGN);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_within(ALLOW_ON_PARTNERSHIP, id, id),
                            "agreement");
}

enum err partnerships_sign(struct coach *coach, int64_t id, int32_t version)
{
    struct partnership_row row;
    int64_t self = coach->actor.person_id;
    bool all = true;
    enum err err = partnerships_open(coach, ALLOW_EDIT, id, &row);
    if (err) {
        return err;
    }
    if (row.n_members == 0 || row.members[0].person_id != self) {
        return ERR_FORBIDDEN; /* nobody signs for another, not even the server */
    }
    if (row.version != version || row.state != PARTNERSHIP_AGREEING) {
        return ERR_CONFLICT;
    }
    if (row.members[0].signed_version == version) {
        return ERR_OK;
    }
    err = sql_run(coach, SQL_PARTNERSHIP_SIGN,
                  SQL_ARGS(sql_int(id), sql_int(self), sql_int(version), sql_int(coach->now_ms)),
                  NULL);
    err = err ? err : partnerships_happened(coach, id, PARTNERSHIP_EVENT_SIGNED, self, 0);
    err = err ? err : notices_done(coach, self, NOTICE_SIGN, id, 0);
    err = err ? err
              : audit_note(coach, ALLOW_EDIT, allow_within(ALLOW_ON_PARTNERSHIP, id, id), "signed");
    for (int32_t k = 1; k < row.n_members; k++) {
        all = all && row.members[k].signed_version == version;
    }
    err = err || !all ? err : partnerships_start(coach, &row);
    return err || !all ? err : tell(coach, id, NOTICE_BEGUN);
}

/* ---- what signing lets the others see ---- */

static enum err let_see(struct coach *coach, int64_t partnership_id, int64_t owner_id,
                        int64_t person_id, int64_t skill_id)
{
    int64_t share, one;
    bool made = false;
    enum err err = sql_number(
        coach, SQL_SHARE_FIND,
        SQL_ARGS(sql_int(owner_id), sql_int(person_id), sql_word("zones"), sql_int(skill_id)),
        &share);
    if (err == ERR_NOT_FOUND) {
        err = sql_number(coach, SQL_SHARE_ADD,
                         SQL_ARGS(sql_int(owner_id), sql_int(person_id), sql_word("zones"),
                                  sql_int(skill_id), sql_int(coach->now_ms)),
                         &share);
        err = err ? err
                  : audit_note(coach, ALLOW_SHARE, allow_of(ALLOW_ON_SHARE, owner_id, share),
                               "agreement");
        made = true;
    } else if (err == ERR_OK) { /* the owner's own share stays when this ends */
        err = sql_number(coach, SQL_PARTNERSHIP_SHARE_IS_OURS, SQL_ARGS(sql_int(share)), &one);
        made = err == ERR_OK;
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return err || !made ? err
                        : sql_run(coach, SQL_PARTNERSHIP_SHARE_ADD,
                                  SQL_ARGS(sql_int(partnership_id), sql_int(share)), NULL);
}

struct ends {
    int64_t learner, helper, skill;
};

static enum err let_see_all(struct coach *coach, int64_t id)
{
    struct ends focuses[PARTNERSHIPS_FOCUSES];
    struct db_query *q;
    int n = 0;
    enum err err = sql_rows(coach, SQL_PARTNERSHIP_FOCUSES,
                            SQL_ARGS(sql_int(id), sql_word(""), sql_word("")), &q);
    if (err) {
        return err;
    }
    while (n < PARTNERSHIPS_FOCUSES && (err = db_step(q)) == ERR_OK) {
        if (db_int(q, 9) && !db_is_null(q, 4)) {
            focuses[n++] = (struct ends){db_int(q, 1), db_int(q, 4), db_int(q, 7)};
        }
    }
    db_finish(q);
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    for (int k = 0; k < n && !err; k++) {
        err = let_see(coach, id, focuses[k].learner, focuses[k].helper, focuses[k].skill);
        err =
            err ? err : let_see(coach, id, focuses[k].helper, focuses[k].learner, focuses[k].skill);
    }
    return err;
}

enum err partnerships_start(struct coach *coach, const struct partnership_row *row)
{
    enum err err = partnerships_set_state(coach, row->id, PARTNERSHIP_ACTIVE, PARTNERSHIP_RUNS);
    err = err ? err : let_see_all(coach, row->id);
    return err ? err : partnerships_happened(coach, row->id, PARTNERSHIP_EVENT_STARTED, 0, 0);
}

/* ---- pausing ---- */

static enum err move(struct coach *coach, int64_t id, enum partnership_state from,
                     enum partnership_state to, enum partnership_event_kind event,
                     enum notice_kind notice)
{
    struct partnership_row row;
    enum err err = partnerships_open(coach, ALLOW_EDIT, id, &row);
    if (err || row.state == to) {
        return err;
    }
    if (row.state != from) {
        return ERR_CONFLICT;
    }
    err = partnerships_set_state(coach, id, to, PARTNERSHIP_RUNS);
    err = err ? err : partnerships_happened(coach, id, event, coach->actor.person_id, 0);
    return err ? err : tell(coach, id, notice);
}

enum err partnerships_pause(struct coach *coach, int64_t id)
{
    return move(coach, id, PARTNERSHIP_ACTIVE, PARTNERSHIP_PAUSED, PARTNERSHIP_EVENT_PAUSED,
                NOTICE_PAUSED);
}

enum err partnerships_resume(struct coach *coach, int64_t id)
{
    struct partnership_row row;
    enum err err = partnerships_open(coach, ALLOW_EDIT, id, &row);
    if (!err && row.state == PARTNERSHIP_AGREEING) {
        return ERR_CONFLICT;
    }
    return err ? err
               : move(coach, id, PARTNERSHIP_PAUSED, PARTNERSHIP_ACTIVE, PARTNERSHIP_EVENT_RESUMED,
                      NOTICE_RESUMED);
}

/* ---- focuses ---- */

static enum err check_focus(struct coach *coach, const struct partnership_row *row,
                            int64_t helper_id, int64_t skill_id, struct complaints *complaints)
{
    struct db_query *q;
    bool helper_is_in = row->kind == PARTNERSHIP_GUIDE && helper_id == 0, active = false;
    for (int32_t k = 1; k < row->n_members; k++) {
        helper_is_in |= row->members[k].accepted && row->members[k].person_id == helper_id;
    }
    enum err err = sql_first(coach, SQL_WISH_SKILL, SQL_ARGS(sql_int(skill_id)), &q);
    if (!err) {
        active = db_int(q, 1) != 0;
        db_finish(q);
    } else if (err != ERR_NOT_FOUND) {
        return err;
    }
    if (!active) {
        complaint_add(complaints, "skill", N_("Choose a skill from the list."));
    }
    if (!helper_is_in) {
        complaint_add(complaints, "helper", N_("Choose who of you helps."));
    }
    return complaint_result(complaints);
}

/* *n: 1 where it is new, or worked on again. */
static enum err put_focus(struct coach *coach, const struct partnership_row *row, int64_t helper_id,
                          int64_t skill_id, int64_t *focus_id, int64_t *n)
{
    struct sql_arg self = sql_int(coach->actor.person_id), helper = sql_id_or_null(helper_id);
    int64_t all = 0;
    enum err err =
        sql_number(coach, SQL_FOCUS_FIND,
                   SQL_ARGS(sql_int(row->id), self, helper, sql_int(skill_id)), focus_id);
    if (err == ERR_OK) {
        return sql_run(coach, SQL_FOCUS_SET_ACTIVE, SQL_ARGS(sql_int(*focus_id), sql_int(1)), n);
    }
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    *n = 1;
    err = sql_number(coach, SQL_FOCUS_COUNT, SQL_ARGS(sql_int(row->id)), &all);
    if (!err && all >= PARTNERSHIPS_FOCUSES) {
        return ERR_LIMIT;
    }
    return err ? err
               : sql_number(coach, SQL_PARTNERSHIP_ADD_FOCUS,
                            SQL_ARGS(sql_int(row->id), self, helper, sql_int(skill_id), sql_null(),
                                     sql_null(), sql_int(coach->now_ms)),
                            focus_id);
}

enum err partnerships_add_focus(struct coach *coach, int64_t id, int64_t helper_id,
                                int64_t skill_id, struct complaints *complaints, int64_t *focus_id)
{
    struct partnership_row row;
    int64_t n = 0;
    enum err err = partnerships_open(coach, ALLOW_EDIT, id, &row);
    if (err) {
        return err;
    }
    if (row.state != PARTNERSHIP_AGREEING && row.state != PARTNERSHIP_ACTIVE) {
        return ERR_CONFLICT;
    }
    err = check_focus(coach, &row, helper_id, skill_id, complaints);
    err = err ? err : put_focus(coach, &row, helper_id, skill_id, focus_id, &n);
    if (err || n == 0) {
        return err;
    }
    if (row.state == PARTNERSHIP_ACTIVE && helper_id) {
        /* the learner's own; the helper's is let be seen when the helper signs again */
        err = let_see(coach, id, coach->actor.person_id, helper_id, skill_id);
    }
    err = err || !helper_id ? err : notices_add(coach, helper_id, NOTICE_FOCUS, id, 0);
    return err ? err
               : partnerships_happened(coach, id, PARTNERSHIP_EVENT_FOCUS, coach->actor.person_id,
                                       0);
}

enum err partnerships_drop_focus(struct coach *coach, int64_t focus_id)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_FOCUS_ROW, SQL_ARGS(sql_int(focus_id)), &q);
    if (err) {
        return err;
    }
    int64_t id = db_int(q, 0), learner = db_int(q, 1);
    bool active = db_int(q, 4) != 0, busy = db_int(q, 5) > 0, last = db_int(q, 6) <= 1;
    db_finish(q);
    struct partnership_row row;
    err = partnerships_open(coach, ALLOW_EDIT, id, &row);
    if (err || !active) {
        return err;
    }
    if (learner != coach->actor.person_id) {
        return ERR_FORBIDDEN;
    }
    if (busy || last || row.state == PARTNERSHIP_ENDED || row.state == PARTNERSHIP_PROPOSED) {
        return ERR_CONFLICT;
    }
    return sql_run(coach, SQL_FOCUS_SET_ACTIVE, SQL_ARGS(sql_int(focus_id), sql_int(0)), NULL);
}
