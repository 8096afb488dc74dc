/* Rounds: starting, reading, discarding them; see rounds.h. */
#include "coach/rounds.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "coach/audit.h"
#include "coach/notices.h"
#include "coach/programmes_read.h"
#include "coach/queue.h"
#include "coach/rounds_store.h"

#define SHORT 64 /* bytes of an id as text, of a problem */

static const char *const state_words[ROUNDS_STATE__MAX] = {
    "waiting", "running", "ready", "publishing", "published", "discarded", "failed"};
static const char *const problem_words[ROUNDS_PROBLEM__MAX] = {"",    "rule",  "locked",
                                                               "few", "large", "broken"};
static const char *const why_words[ROUND_STATE__MAX + 1] = {
    [ROUND_IS_SERVED] = "served",      [ROUND_ONLY_HELPS] = "only-helps",
    [ROUND_NO_NEED] = "no-need",       [ROUND_NO_WISH] = "no-wish",
    [ROUND_NOBODY_CAN] = "nobody-can", [ROUND_RULED_OUT] = "ruled-out",
    [ROUND_ALL_TAKEN] = "all-taken",   [ROUND_STATE__MAX] = "partnered",
};

const char *rounds_state_word(enum rounds_state state)
{
    return state_words[state];
}

const char *rounds_why_word(enum round_state state)
{
    return why_words[state];
}

enum round_state rounds_why_of(struct str word)
{
    int k = 0;
    while (k < ROUND_STATE__MAX && !str_is(word, why_words[k])) {
        k++;
    }
    return (enum round_state)k;
}

/* ---- problems ---- */

enum err rounds_problem_write(struct coach *coach, enum rounds_problem problem, int64_t rule_id,
                              struct str *text)
{
    struct buf buf;
    buf_init(&buf, coach->arena, SHORT);
    buf_add_text(&buf, problem_words[problem]);
    if (problem == ROUNDS_RULE) {
        buf_addf(&buf, " %lld", (long long)rule_id);
    }
    return buf_end(&buf, text);
}

enum rounds_problem rounds_problem_read(struct str text, int64_t *rule_id)
{
    struct str word = text;
    size_t n = 0;
    *rule_id = 0;
    while (n < text.n && text.p[n] != ' ') {
        n++;
    }
    word.n = n;
    for (size_t k = n + 1; k < text.n && *rule_id < INT64_MAX / 10 - 10; k++) {
        *rule_id = 10 * *rule_id + (text.p[k] - '0');
    }
    int problem = 0;
    while (problem < ROUNDS_BROKEN && !str_is(word, problem_words[problem])) {
        problem++;
    }
    return (enum rounds_problem)problem;
}

enum rounds_problem rounds_problem_of(enum err err, const struct round_problem *problem,
                                      const struct round_roster *roster, int64_t *rule_id)
{
    *rule_id = 0;
    if (err == ERR_CONFLICT && problem->line > 0) {
        *rule_id = roster->rule_ids[problem->line - 1];
        return ROUNDS_RULE;
    }
    return err == ERR_CONFLICT ? ROUNDS_LOCKED : err == ERR_LIMIT ? ROUNDS_LARGE : ROUNDS_BROKEN;
}

/* ---- reading ---- */

static enum rounds_state state_of(struct str word)
{
    int k = 0;
    while (k < ROUNDS_FAILED && !str_is(word, state_words[k])) {
        k++;
    }
    return (enum rounds_state)k;
}

static enum err read_round(struct coach *coach, const struct db_query *q,
                           struct rounds_round *round)
{
    enum err err = ERR_OK;
    struct rounds_round r = {
        .id = db_int(q, 0),
        .programme_id = db_int(q, 1),
        .programme = sql_copy(coach, q, 2, &err),
        .state = state_of(db_text(q, 3)),
        .progress = (int32_t)db_int(q, 4),
        .most_gain = str_is(db_text(q, 6), "gain"),
        .lift = db_int(q, 7) == 1,
        .same_unit = str_is(db_text(q, 8), "unit"),
        .n_people = (int32_t)db_int(q, 9),
        .n_learners = (int32_t)db_int(q, 10),
        .n_served = (int32_t)db_int(q, 11),
        .n_needs = (int32_t)db_int(q, 12),
        .n_covered = (int32_t)db_int(q, 13),
        .n_pairs = (int32_t)db_int(q, 14),
        .total_gain = db_int(q, 15),
        .smallest_gain = (int32_t)db_int(q, 16),
        .bound = db_int(q, 17),
        .proved = db_int(q, 18) == 1,
        .has_certificate = db_int(q, 19) == 1,
        .best_served = (int32_t)db_int(q, 20),
        .best_gain = db_int(q, 21),
        .n_changed = (int32_t)db_int(q, 22),
        .n_locked = (int32_t)db_int(q, 23),
        .created_ms = db_int(q, 25),
        .ready_ms = db_int(q, 26),
        .published_ms = db_int(q, 27),
        .n_dealt = (int32_t)db_int(q, 28),
        .locks_kept = db_int(q, 29) == 1,
    };
    r.problem = rounds_problem_read(db_text(q, 24), &r.problem_rule_id);
    (void)programmes_strategy_of(db_text(q, 5), &r.strategy);
    *round = r;
    return err;
}

enum err rounds_arrange(struct coach *coach, enum allow_verb verb, int64_t id,
                        struct rounds_round *round)
{
    struct db_query *q;
    int64_t programme_id = 0;
    enum err err = sql_number(coach, SQL_ROUND_PROGRAMME, SQL_ARGS(sql_int(id)), &programme_id);
    err = err ? err : allowed(coach, verb, allow_on(ALLOW_ON_PROGRAMME, programme_id));
    err = err ? err : sql_first(coach, SQL_ROUND_BY_ID, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    err = read_round(coach, q, round);
    db_finish(q);
    return err;
}

enum err rounds_get(struct coach *coach, int64_t id, struct rounds_round *round)
{
    return rounds_arrange(coach, ALLOW_VIEW, id, round);
}

enum err rounds_list(struct coach *coach, int64_t programme_id, struct rounds_list *list)
{
    struct list rows;
    struct db_query *q;
    list_init(&rows, coach->arena, sizeof(struct rounds_round), SIZE_MAX);
    enum err failed = ERR_OK, err = programmes_may(coach, ALLOW_VIEW, programme_id);
    err = err ? err : sql_rows(coach, SQL_ROUND_LIST, SQL_ARGS(sql_int(programme_id)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct rounds_round *round = list_push(&rows);
        failed = round ? read_round(coach, q, round) : rows.err;
    }
    db_finish(q);
    *list = (struct rounds_list){rows.items, rows.n};
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err rounds_certificate(struct coach *coach, int64_t id, struct str *text)
{
    struct rounds_round round;
    struct db_query *q;
    enum err err = rounds_arrange(coach, ALLOW_VIEW, id, &round);
    err = err || round.has_certificate ? err : ERR_NOT_FOUND;
    err = err ? err : sql_first(coach, SQL_ROUND_CERTIFICATE, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *text = sql_copy(coach, q, 0, &err);
    db_finish(q);
    return err;
}

/* ---- what it goes through ---- */

enum err rounds_queue(struct coach *coach, const char *kind, int64_t id)
{
    struct buf payload, key;
    struct str text, unique;
    buf_init(&payload, coach->arena, SHORT);
    buf_init(&key, coach->arena, SHORT);
    buf_addf(&payload, "%lld", (long long)id);
    buf_addf(&key, "%s %lld", kind, (long long)id);
    enum err err = buf_end(&payload, &text);
    err = err ? err : buf_end(&key, &unique);
    return err ? err : queue_add(coach, kind, text, QUEUE_COALESCE, unique, coach->now_ms, NULL);
}

static enum err note(struct coach *coach, const struct rounds_round *round, const char *what)
{
    return audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, round->programme_id), what);
}

enum err rounds_start(struct coach *coach, int64_t programme_id, int64_t *id)
{
    struct programme p;
    int64_t other;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, programme_id, &p);
    bool may = !err && (p.state == PROGRAMME_OPEN || p.state == PROGRAMME_RUNNING) &&
               p.strategy != PROGRAMME_SELF;
    err = err || may ? err : ERR_CONFLICT;
    if (!err) {
        err = sql_number(coach, SQL_ROUND_UNDER_WAY, SQL_ARGS(sql_int(programme_id)), &other);
        err = err == ERR_NOT_FOUND ? ERR_OK : err ? err : ERR_CONFLICT;
    }
    err = err ? err
              : sql_number(coach, SQL_ROUND_ADD,
                           SQL_ARGS(sql_int(programme_id),
                                    sql_word(programmes_strategy_word(p.strategy)),
                                    sql_word(p.most_gain ? "gain" : "served"), sql_int(p.lift),
                                    sql_word(p.same_unit ? "unit" : "any"),
                                    sql_id_or_null(coach->actor.person_id), sql_int(coach->now_ms)),
                           id);
    err = err ? err : rounds_queue(coach, ROUNDS_JOB, *id);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, programme_id), "round");
}

enum err rounds_again(struct coach *coach, int64_t id)
{
    struct rounds_round round;
    int64_t changed = 0;
    enum err err = rounds_arrange(coach, ALLOW_EDIT, id, &round);
    bool ready = !err && (round.state == ROUNDS_READY || round.state == ROUNDS_FAILED);
    err = err || ready ? err : ERR_CONFLICT;
    err = err ? err
              : sql_run(coach, SQL_ROUND_MOVE,
                        SQL_ARGS(sql_int(id), sql_word(state_words[round.state]),
                                 sql_word(state_words[ROUNDS_WAITING])),
                        &changed);
    err = err || changed ? err : ERR_CONFLICT;
    err = err ? err : rounds_queue(coach, ROUNDS_JOB, id);
    err = err ? err : notices_done(coach, 0, NOTICE_ROUND_READY, 0, id);
    return err ? err : note(coach, &round, "round-again");
}

enum err rounds_discard(struct coach *coach, int64_t id)
{
    struct rounds_round round;
    int64_t changed = 0;
    enum err err = rounds_arrange(coach, ALLOW_EDIT, id, &round);
    err = err ? err : sql_run(coach, SQL_ROUND_DISCARD, SQL_ARGS(sql_int(id)), &changed);
    err = err || changed ? err : ERR_CONFLICT;
    err = err ? err : notices_done(coach, 0, NOTICE_ROUND_READY, 0, id);
    return err ? err : note(coach, &round, "round-discarded");
}

enum err rounds_lock(struct coach *coach, int64_t id, int32_t pair, bool locked)
{
    struct rounds_round round;
    struct db_query *q;
    int64_t changed = 0;
    enum err err = rounds_arrange(coach, ALLOW_EDIT, id, &round);
    err = err || round.state == ROUNDS_READY ? err : ERR_CONFLICT;
    err =
        err ? err
            : sql_first(coach, SQL_ROUND_PAIR_WITHHELD,
                        SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id), sql_int(pair)), &q);
    if (err) {
        return err;
    }
    err = db_is_null(q, 0) ? ERR_NOT_FOUND : db_int(q, 0) == 1 ? ERR_FORBIDDEN : ERR_OK;
    db_finish(q);
    err = err ? err
              : sql_run(coach, SQL_ROUND_LOCK,
                        SQL_ARGS(sql_int(id), sql_int(pair), sql_int(locked)), &changed);
    return err ? err : note(coach, &round, locked ? "lock" : "unlock");
}
