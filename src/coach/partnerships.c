/* Partnerships: making them, answering, and how they end; see partnerships.h. */
#include "coach/partnerships.h"

#include "coach/audit.h"
#include "coach/cycles.h"
#include "coach/meetings.h"
#include "coach/notices.h"
#include "coach/partnerships_store.h"

static const char *const kinds[PARTNERSHIP_KIND__MAX] = {
    [PARTNERSHIP_PAIR] = "pair", [PARTNERSHIP_TRIO] = "trio", [PARTNERSHIP_GUIDE] = "guide"};
static const char *const states[PARTNERSHIP_STATE__MAX] = {[PARTNERSHIP_PROPOSED] = "proposed",
                                                           [PARTNERSHIP_AGREEING] = "agreeing",
                                                           [PARTNERSHIP_ACTIVE] = "active",
                                                           [PARTNERSHIP_PAUSED] = "paused",
                                                           [PARTNERSHIP_ENDED] = "ended"};
static const char *const endings[PARTNERSHIP_ENDING__MAX] = {[PARTNERSHIP_RUNS] = "",
                                                             [PARTNERSHIP_DECLINED] = "declined",
                                                             [PARTNERSHIP_FINISHED] = "finished",
                                                             [PARTNERSHIP_STOPPED] = "ended",
                                                             [PARTNERSHIP_REMATCH] = "rematch",
                                                             [PARTNERSHIP_CLOSED] = "closed",
                                                             [PARTNERSHIP_LEFT] = "left",
                                                             [PARTNERSHIP_PARTED] = "parted"};

const char *partnerships_kind_word(enum partnership_kind kind)
{
    return kinds[kind];
}

enum partnership_state partnerships_state_of(struct str word)
{
    return (enum partnership_state)partnerships_word_index(word, states, PARTNERSHIP_STATE__MAX);
}

const char *partnerships_state_word(enum partnership_state state)
{
    return states[state];
}

const char *partnerships_ending_word(enum partnership_ending ending)
{
    return endings[ending];
}

int partnerships_word_index(struct str word, const char *const *words, int n)
{
    for (int i = 0; i < n; i++) {
        if (str_is(word, words[i])) {
            return i;
        }
    }
    return 0;
}

/* ---- the row ---- */

static enum err read_members(struct coach *coach, struct partnership_row *row)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(coach, SQL_PARTNERSHIP_MEMBERS,
                            SQL_ARGS(sql_int(row->id), sql_int(coach->actor.person_id)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        if (!db_is_null(q, 6) || row->n_members == PARTNERSHIPS_MEMBERS) {
            continue;
        }
        struct str answer = db_text(q, 3);
        int32_t k = row->n_members++;
        row->members[k].person_id = db_int(q, 0);
        row->members[k].name = sql_copy_name(coach, q, 1, 2, &failed);
        row->members[k].given_name = sql_copy(coach, q, 1, &failed);
        row->members[k].waiting = str_is(answer, "waiting");
        row->members[k].accepted = str_is(answer, "accepted");
        row->members[k].signed_version = (int32_t)db_int(q, 4);
        row->members[k].active = db_int(q, 5) != 0;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err partnerships_row(struct coach *coach, int64_t id, struct partnership_row *row)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_first(coach, SQL_PARTNERSHIP_ROW, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *row = (struct partnership_row){
        .id = id,
        .kind = (enum partnership_kind)partnerships_word_index(db_text(q, 0), kinds,
                                                               PARTNERSHIP_KIND__MAX),
        .state = partnerships_state_of(db_text(q, 1)),
        .version = (int32_t)db_int(q, 2),
        .agreement = sql_copy(coach, q, 3, &failed),
        .programme_id = db_int(q, 4),
        .round_id = db_int(q, 5),
        .asked_by = db_int(q, 6),
        .words = sql_copy(coach, q, 7, &failed),
        .ending = (enum partnership_ending)partnerships_word_index(db_text(q, 8), endings,
                                                                   PARTNERSHIP_ENDING__MAX),
        .created_ms = db_int(q, 9),
        .started_ms = db_int(q, 10),
        .moved_ms = db_int(q, 11),
        .ended_ms = db_int(q, 12),
    };
    db_finish(q);
    return failed ? failed : read_members(coach, row);
}

enum err partnerships_open(struct coach *coach, enum allow_verb verb, int64_t id,
                           struct partnership_row *row)
{
    enum err err = allowed(coach, verb, allow_within(ALLOW_ON_PARTNERSHIP, id, id));
    return err ? err : partnerships_row(coach, id, row);
}

enum err partnerships_set_state(struct coach *coach, int64_t id, enum partnership_state state,
                                enum partnership_ending ending)
{
    struct sql_arg now = sql_int(coach->now_ms);
    return sql_run(coach, SQL_PARTNERSHIP_SET_STATE,
                   SQL_ARGS(sql_int(id), sql_word(states[state]), sql_word(endings[ending]),
                            state == PARTNERSHIP_ENDED ? now : sql_null(),
                            state == PARTNERSHIP_ACTIVE ? now : sql_null(), now),
                   NULL);
}

enum err partnerships_others(struct coach *coach, int64_t id, int64_t people[PARTNERSHIPS_MEMBERS],
                             int32_t *n)
{
    struct partnership_row row;
    enum err err = partnerships_row(coach, id, &row);
    *n = 0;
    for (int32_t k = 0; !err && k < row.n_members; k++) {
        bool in = row.members[k].accepted || row.members[k].waiting;
        if (in && row.members[k].active && row.members[k].person_id != coach->actor.person_id) {
            people[(*n)++] = row.members[k].person_id;
        }
    }
    return err;
}

/* ---- making one ---- */

static bool is_member(const struct partnership_new *made, int64_t person_id)
{
    for (int32_t k = 0; k < made->n_members; k++) {
        if (made->members[k] == person_id) {
            return true;
        }
    }
    return false;
}

static bool makes_sense(const struct partnership_new *made)
{
    static const int32_t numbers[PARTNERSHIP_KIND__MAX] = {
        [PARTNERSHIP_PAIR] = 2, [PARTNERSHIP_TRIO] = 3, [PARTNERSHIP_GUIDE] = 1};
    bool right = made->kind < PARTNERSHIP_KIND__MAX && made->n_members == numbers[made->kind] &&
                 made->n_focuses >= 0 && made->n_focuses <= PARTNERSHIPS_FOCUSES &&
                 (made->asked_by == 0 || is_member(made, made->asked_by));
    for (int32_t k = 0; right && k < made->n_members; k++) {
        for (int32_t j = 0; j < k; j++) {
            right = right && made->members[k] != made->members[j];
        }
    }
    for (int32_t k = 0; right && k < made->n_focuses; k++) {
        const struct focus_new *f = &made->focuses[k];
        right =
            is_member(made, f->learner_id) && f->learner_id != f->helper_id &&
            (made->kind == PARTNERSHIP_GUIDE ? f->helper_id == 0 : is_member(made, f->helper_id));
    }
    return right;
}

/* ERR_CONFLICT: one has left, or evaluates another. */
static enum err may_meet(struct coach *coach, const struct partnership_new *made)
{
    int64_t one;
    for (int32_t k = 0; k < made->n_members; k++) {
        struct sql_arg self = sql_int(made->members[k]);
        enum err err = sql_number(coach, SQL_SHARE_ACTIVE_PERSON, SQL_ARGS(self), &one);
        if (err) {
            return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
        }
        for (int32_t j = 0; j < k; j++) {
            err = sql_number(coach, SQL_PARTNERSHIP_EVALUATE,
                             SQL_ARGS(self, sql_int(made->members[j])), &one);
            if (err != ERR_NOT_FOUND) {
                return err ? err : ERR_CONFLICT;
            }
        }
    }
    return ERR_OK;
}

static enum err skills_stand(struct coach *coach, const struct partnership_new *made)
{
    for (int32_t k = 0; k < made->n_focuses; k++) {
        struct db_query *q;
        enum err err =
            sql_first(coach, SQL_WISH_SKILL, SQL_ARGS(sql_int(made->focuses[k].skill_id)), &q);
        if (err) {
            return err == ERR_NOT_FOUND ? ERR_INVALID : err;
        }
        bool active = db_int(q, 1) != 0;
        db_finish(q);
        if (!active) {
            return ERR_INVALID;
        }
    }
    return ERR_OK;
}

static enum err write_members(struct coach *coach, const struct partnership_new *made, int64_t id)
{
    enum err err = ERR_OK;
    for (int32_t k = 0; k < made->n_members && !err; k++) {
        bool asks = made->members[k] == made->asked_by;
        err = sql_run(coach, SQL_PARTNERSHIP_ADD_MEMBER,
                      SQL_ARGS(sql_int(id), sql_int(made->members[k]),
                               sql_word(asks ? "accepted" : "waiting"),
                               asks ? sql_int(coach->now_ms) : sql_null()),
                      NULL);
        if (!err && !asks) {
            err = notices_add(coach, made->members[k],
                              made->asked_by ? NOTICE_ASKED : NOTICE_PROPOSED, id, 0);
        }
    }
    for (int32_t k = 0; k < made->n_focuses && !err; k++) {
        const struct focus_new *f = &made->focuses[k];
        int64_t focus;
        err = sql_number(coach, SQL_PARTNERSHIP_ADD_FOCUS,
                         SQL_ARGS(sql_int(id), sql_int(f->learner_id), sql_id_or_null(f->helper_id),
                                  sql_int(f->skill_id), f->has_gain ? sql_int(f->gain) : sql_null(),
                                  f->has_gain ? sql_int(f->reach) : sql_null(),
                                  sql_int(coach->now_ms)),
                         &focus);
    }
    return err;
}

enum err partnerships_make(struct coach *coach, const struct partnership_new *made, int64_t *id)
{
    if (!makes_sense(made)) {
        return ERR_INVALID;
    }
    enum err err = may_meet(coach, made);
    err = err ? err : skills_stand(coach, made);
    err = err ? err
              : sql_number(coach, SQL_PARTNERSHIP_ADD,
                           SQL_ARGS(sql_word(kinds[made->kind]), sql_id_or_null(made->programme_id),
                                    sql_id_or_null(made->round_id), sql_id_or_null(made->asked_by),
                                    sql_text(made->words), sql_int(coach->now_ms)),
                           id);
    err = err ? err : write_members(coach, made, *id);
    err = err ? err
              : partnerships_happened(coach, *id, PARTNERSHIP_EVENT_PROPOSED, made->asked_by, 0);
    return err ? err
               : audit_note(coach, ALLOW_ADD, allow_within(ALLOW_ON_PAIRING, *id, *id),
                            kinds[made->kind]);
}

enum err partnerships_propose(struct coach *coach, const struct partnership_new *made, int64_t *id)
{
    struct partnership_new proposal = *made;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_PAIRING, 0));
    proposal.asked_by = 0;
    proposal.words = (struct str){"", 0};
    return err ? err : partnerships_make(coach, &proposal, id);
}

/* ---- answering ---- */

static enum err tell_others(struct coach *coach, const struct partnership_row *row,
                            enum notice_kind kind)
{
    enum err err = ERR_OK;
    for (int32_t k = 0; k < row->n_members && !err; k++) {
        if ((row->members[k].accepted || row->members[k].waiting) && row->members[k].active) {
            err = notices_add(coach, row->members[k].person_id, kind, row->id, 0);
        }
    }
    return err;
}

static enum err set_answer(struct coach *coach, int64_t id, bool accept)
{
    struct sql_arg now = sql_int(coach->now_ms);
    return sql_run(coach, SQL_PARTNERSHIP_SET_ANSWER,
                   SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id),
                            sql_word(accept ? "accepted" : "declined"), now,
                            accept ? now : sql_null()),
                   NULL);
}

/* ---- a group of three, one of whom has declined ---- */

/* What the two who remain had to do with each other; *n 0: nothing. */
static enum err read_rest(struct coach *coach, int64_t trio_id, struct partnership_new *made,
                          int32_t *n_before)
{
    struct db_query *q;
    enum err err = sql_rows(coach, SQL_PARTNERSHIP_FOCUS_ROWS, SQL_ARGS(sql_int(trio_id)), &q);
    *n_before = 0;
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct focus_new f = {.learner_id = db_int(q, 0),
                              .helper_id = db_int(q, 1),
                              .skill_id = db_int(q, 2),
                              .has_gain = !db_is_null(q, 3),
                              .gain = (int32_t)db_int(q, 3),
                              .reach = (int32_t)db_int(q, 4)};
        ++*n_before;
        if (is_member(made, f.learner_id) && is_member(made, f.helper_id) &&
            made->n_focuses < PARTNERSHIPS_FOCUSES) {
            made->focuses[made->n_focuses++] = f;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Who had said yes to the three need not say it again. */
static enum err keep_answers(struct coach *coach, const struct partnership_row *row, int64_t id)
{
    struct sql_arg now = sql_int(coach->now_ms), pair = sql_int(id);
    bool all = true;
    enum err err = ERR_OK;
    for (int32_t k = 1; k < row->n_members && !err; k++) {
        int64_t person = row->members[k].person_id;
        all = all && row->members[k].accepted;
        if (!row->members[k].accepted) {
            continue;
        }
        err = sql_run(coach, SQL_PARTNERSHIP_SET_ANSWER,
                      SQL_ARGS(pair, sql_int(person), sql_word("accepted"), now, now), NULL);
        err = err ? err : partnerships_happened(coach, id, PARTNERSHIP_EVENT_ACCEPTED, person, 0);
        err = err ? err : notices_done(coach, person, NOTICE_PROPOSED, id, 0);
        err = err ? err : notices_add(coach, person, NOTICE_GOES_ON, id, 0);
    }
    return err || !all ? err
                       : sql_run(coach, SQL_PARTNERSHIP_SET_AGREEMENT,
                                 SQL_ARGS(pair, sql_word(""), now), NULL);
}

/* The other two may go on as a pair, if they have something to do together. */
static enum err go_on(struct coach *coach, const struct partnership_row *row, bool *goes_on)
{
    struct partnership_new made = {.kind = PARTNERSHIP_PAIR,
                                   .programme_id = row->programme_id,
                                   .round_id = row->round_id,
                                   .words = {"", 0},
                                   .n_members = 2};
    int32_t n_before;
    int64_t id;
    *goes_on = false;
    if (row->kind != PARTNERSHIP_TRIO || row->n_members != PARTNERSHIPS_MEMBERS) {
        return ERR_OK;
    }
    made.members[0] = row->members[1].person_id;
    made.members[1] = row->members[2].person_id;
    enum err err = read_rest(coach, row->id, &made, &n_before);
    if (err || (n_before > 0 && made.n_focuses == 0)) {
        return err;
    }
    err = partnerships_make(coach, &made, &id);
    if (err == ERR_CONFLICT || err == ERR_INVALID) { /* one has left, a skill is retired */
        return ERR_OK;
    }
    *goes_on = err == ERR_OK;
    return err ? err : keep_answers(coach, row, id);
}

static enum err decline(struct coach *coach, struct partnership_row *row)
{
    bool goes_on = false;
    enum err err = set_answer(coach, row->id, false);
    row->members[0].accepted = row->members[0].waiting = false;
    err =
        err ? err : partnerships_set_state(coach, row->id, PARTNERSHIP_ENDED, PARTNERSHIP_DECLINED);
    err = err ? err : partnerships_happened(coach, row->id, PARTNERSHIP_EVENT_ENDED, 0, 0);
    err = err ? err : notices_done_all(coach, row->id);
    err = err ? err : go_on(coach, row, &goes_on);
    return err || goes_on ? err : tell_others(coach, row, NOTICE_NOT_FORMED);
}

/* Everybody has accepted: there is something to agree on, or, with the guide, it begins. */
static enum err come_about(struct coach *coach, struct partnership_row *row)
{
    enum err err = tell_others(coach, row, NOTICE_ACCEPTED);
    if (row->kind == PARTNERSHIP_GUIDE) {
        return err ? err : partnerships_start(coach, row);
    }
    return err ? err
               : sql_run(coach, SQL_PARTNERSHIP_SET_AGREEMENT,
                         SQL_ARGS(sql_int(row->id), sql_word(""), sql_int(coach->now_ms)), NULL);
}

enum err partnerships_answer(struct coach *coach, int64_t id, bool accept)
{
    struct partnership_row row;
    int64_t self = coach->actor.person_id;
    enum err err = allowed(coach, ALLOW_EDIT, allow_within(ALLOW_ON_PROPOSAL, id, id));
    err = err ? err : partnerships_row(coach, id, &row);
    if (err) {
        return err;
    }
    if (row.n_members == 0 || row.members[0].person_id != self) {
        return ERR_FORBIDDEN; /* nobody answers for another, not even the server */
    }
    if (row.state != PARTNERSHIP_PROPOSED) {
        return ERR_CONFLICT;
    }
    if (!accept) {
        return decline(coach, &row);
    }
    if (row.members[0].accepted) {
        return ERR_OK;
    }
    err = set_answer(coach, id, true);
    err = err ? err : partnerships_happened(coach, id, PARTNERSHIP_EVENT_ACCEPTED, self, 0);
    err = err ? err : notices_done(coach, self, NOTICE_PROPOSED, id, 0);
    err = err ? err : notices_done(coach, self, NOTICE_ASKED, id, 0);
    row.members[0].waiting = false;
    row.members[0].accepted = true;
    for (int32_t k = 0; k < row.n_members && !err; k++) {
        if (!row.members[k].accepted) {
            return ERR_OK;
        }
    }
    return err ? err : come_about(coach, &row);
}

/* ---- ending ---- */

enum err partnerships_finish(struct coach *coach, const struct partnership_row *row,
                             enum partnership_ending how)
{
    enum err err = cycles_stop_all(coach, row->id);
    err = err ? err : meetings_partnership_ended(coach, row->id);
    err = err ? err : partnerships_set_state(coach, row->id, PARTNERSHIP_ENDED, how);
    err = err ? err
              : sql_run(coach, SQL_PARTNERSHIP_SHARES_END,
                        SQL_ARGS(sql_int(row->id), sql_int(coach->now_ms)), NULL);
    err = err ? err : partnerships_happened(coach, row->id, PARTNERSHIP_EVENT_ENDED, 0, 0);
    err = err ? err : notices_done_all(coach, row->id);
    err = err ? err
              : tell_others(coach, row,
                            row->state == PARTNERSHIP_PROPOSED ? NOTICE_NOT_FORMED : NOTICE_ENDED);
    return err ? err
               : audit_note(coach, ALLOW_REMOVE, allow_within(ALLOW_ON_PAIRING, row->id, row->id),
                            "");
}

enum err partnerships_end(struct coach *coach, int64_t id, enum partnership_ending how)
{
    struct partnership_row row;
    enum err err = partnerships_open(coach, ALLOW_EDIT, id, &row);
    if (err) {
        return err;
    }
    if (how != PARTNERSHIP_FINISHED && how != PARTNERSHIP_STOPPED && how != PARTNERSHIP_REMATCH) {
        return ERR_INVALID;
    }
    if (row.state == PARTNERSHIP_ENDED || row.state == PARTNERSHIP_PROPOSED) {
        return ERR_CONFLICT;
    }
    err = how != PARTNERSHIP_REMATCH
              ? ERR_OK
              : sql_run(coach, SQL_PARTNERSHIP_WANTS_ANOTHER,
                        SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id)), NULL);
    return err ? err : partnerships_finish(coach, &row, how);
}

/* Ends what a statement lists. */
static enum err end_all(struct coach *coach, enum sql_id which, const struct sql_arg *args, int n,
                        enum partnership_ending how)
{
    for (;;) {
        struct partnership_row row;
        int64_t id;
        enum err err = sql_number(coach, which, args, n, &id);
        if (err) {
            return err == ERR_NOT_FOUND ? ERR_OK : err;
        }
        err = partnerships_row(coach, id, &row);
        err = err ? err : partnerships_finish(coach, &row, how);
        if (err) {
            return err;
        }
    }
}

enum err partnerships_part(struct coach *coach, int64_t a, int64_t b)
{
    return end_all(coach, SQL_PARTNERSHIP_OF_BOTH, SQL_ARGS(sql_int(a), sql_int(b)),
                   PARTNERSHIP_PARTED);
}

enum err partnerships_person_left(struct coach *coach, int64_t person_id)
{
    enum err err =
        end_all(coach, SQL_PARTNERSHIP_OF_ONE, SQL_ARGS(sql_int(person_id)), PARTNERSHIP_LEFT);
    return err ? err
               : sql_run(coach, SQL_PARTNERSHIP_LEAVE,
                         SQL_ARGS(sql_int(person_id), sql_int(coach->now_ms)), NULL);
}

enum err partnerships_programme_closed(struct coach *coach, int64_t programme_id)
{
    return end_all(coach, SQL_PARTNERSHIP_OF_PROGRAMME, SQL_ARGS(sql_int(programme_id)),
                   PARTNERSHIP_CLOSED);
}
