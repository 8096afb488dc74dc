/* From a reviewed list to partnerships that are proposed to people; see rounds.h.
 *
 * The row of the round remembers up to which pair that has got.  A transaction moves it on by some
 * pairs and makes their partnerships and notices with it: both are there, or neither. */
#include "base/buf.h"
#include "base/list.h"
#include "coach/audit.h"
#include "coach/notices.h"
#include "coach/partnerships.h"
#include "coach/programmes_read.h"
#include "coach/rounds_store.h"

struct publishing {
    struct coach *coach;
    int64_t round_id, programme_id;
    struct list made; /* struct partnership_new */
    struct partnership_new now;
    int32_t pair; /* of `now`; 0: none */
    int32_t n_pairs;
    bool good; /* everybody of `now` is still in */
};

static void add_member(struct partnership_new *made, int64_t person_id)
{
    int32_t k = 0;
    while (k < made->n_members && made->members[k] != person_id) {
        k++;
    }
    if (k == made->n_members && k < PARTNERSHIPS_MEMBERS) {
        made->members[made->n_members++] = person_id;
    }
}

static enum err end_pair(struct publishing *p)
{
    bool good = p->pair && p->good && p->now.n_focuses > 0;
    p->now.kind = p->now.n_members == 3 ? PARTNERSHIP_TRIO : PARTNERSHIP_PAIR;
    return !good || list_add(&p->made, &p->now) ? ERR_OK : p->made.err;
}

/* Rows without a skill join people of a group; somebody who has left undoes the pair. */
static enum err add_row(struct publishing *p, const struct db_query *q)
{
    int32_t pair = (int32_t)db_int(q, 0);
    enum err err = ERR_OK;
    if (pair != p->pair) {
        err = end_pair(p);
        p->now = (struct partnership_new){.programme_id = p->programme_id, .round_id = p->round_id};
        p->pair = pair;
        p->n_pairs++;
        p->good = true;
    }
    add_member(&p->now, db_int(q, 1));
    add_member(&p->now, db_int(q, 2));
    if (db_is_null(q, 3)) {
        return err;
    }
    p->good = p->good && db_int(q, 6) == 1;
    if (p->now.n_focuses < PARTNERSHIPS_FOCUSES) {
        p->now.focuses[p->now.n_focuses++] = (struct focus_new){.learner_id = db_int(q, 1),
                                                                .helper_id = db_int(q, 2),
                                                                .skill_id = db_int(q, 3),
                                                                .has_gain = true,
                                                                .gain = (int32_t)db_int(q, 4),
                                                                .reach = (int32_t)db_int(q, 5)};
    }
    return err;
}

static enum err read_pairs(struct publishing *p, int64_t after, int32_t most)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(p->coach, SQL_ROUND_TO_PUBLISH,
                            SQL_ARGS(sql_int(p->round_id), sql_int(after), sql_int(most)), &q);
    if (err) {
        return err;
    }
    list_init(&p->made, p->coach->arena, sizeof(struct partnership_new), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = add_row(p, q);
    }
    db_finish(q);
    failed = failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
    return failed ? failed : end_pair(p);
}

/* A pair that cannot be any more (somebody became the other's evaluator) is passed over. */
static enum err propose(struct publishing *p, int64_t *n)
{
    const struct partnership_new *made = p->made.items;
    enum err err = ERR_OK;
    *n = 0;
    for (size_t k = 0; k < p->made.n && !err; k++) {
        int64_t id;
        err = partnerships_propose(p->coach, &made[k], &id);
        *n += err == ERR_OK;
        err = err == ERR_CONFLICT || err == ERR_INVALID ? ERR_OK : err;
    }
    return err;
}

/* The next pairs.  *done: there were no more than these, or another worker is at it. */
static enum err deal(struct coach *coach, int64_t id, int32_t most, int64_t *n, bool *done)
{
    struct publishing p = {.coach = coach, .round_id = id};
    int64_t after = 0, changed = 0;
    *n = 0;
    *done = true;
    enum err err = sql_number(coach, SQL_ROUND_PUBLISHED_TO, SQL_ARGS(sql_int(id)), &after);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err; /* done before */
    }
    err = sql_number(coach, SQL_ROUND_PROGRAMME, SQL_ARGS(sql_int(id)), &p.programme_id);
    err = err ? err : read_pairs(&p, after, most);
    err = err ? err
              : sql_run(coach, SQL_ROUND_DEAL,
                        SQL_ARGS(sql_int(id), sql_int(after), sql_int(p.n_pairs ? p.pair : after),
                                 sql_int(p.n_pairs)),
                        &changed);
    if (err || !changed) {
        return err;
    }
    err = propose(&p, n);
    *done = p.n_pairs < most;
    return err || !*done ? err
                         : sql_run(coach, SQL_ROUND_PUBLISHED,
                                   SQL_ARGS(sql_int(id), sql_int(coach->now_ms)), NULL);
}

static enum err pace_of(struct coach *coach, int64_t id, enum rounds_pace *pace, int64_t *next_ms)
{
    struct buf payload;
    struct str text;
    struct db_query *q;
    *pace = ROUNDS_STOPPED;
    *next_ms = 0;
    buf_init(&payload, coach->arena, 32);
    buf_addf(&payload, "%lld", (long long)id);
    enum err err = buf_end(&payload, &text);
    err = err ? err
              : sql_first(coach, SQL_ROUND_PUBLISH_JOB,
                          SQL_ARGS(sql_word(ROUNDS_PUBLISH_JOB), sql_text(text)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    bool waits = str_is(db_text(q, 0), "ready") && db_int(q, 1) > 0;
    *pace = waits ? ROUNDS_TRIES : ROUNDS_GOES_ON;
    *next_ms = waits ? db_int(q, 2) : 0;
    db_finish(q);
    return ERR_OK;
}

enum err rounds_publish_pace(struct coach *coach, int64_t id, enum rounds_pace *pace,
                             int64_t *next_ms)
{
    struct rounds_round round;
    enum err err = rounds_arrange(coach, ALLOW_VIEW, id, &round);
    return err ? err : pace_of(coach, id, pace, next_ms);
}

/* Another job for what was given up. */
static enum err go_on(struct coach *coach, const struct rounds_round *round, int64_t *n)
{
    enum rounds_pace pace;
    int64_t next_ms;
    enum err err = pace_of(coach, round->id, &pace, &next_ms);
    err = err || pace == ROUNDS_STOPPED ? err : ERR_CONFLICT;
    err = err ? err : rounds_queue(coach, ROUNDS_PUBLISH_JOB, round->id);
    *n = ROUNDS_LATER;
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, round->programme_id),
                            "publish");
}

enum err rounds_publish(struct coach *coach, int64_t id, int32_t at_once, int64_t *n)
{
    struct rounds_round round;
    int64_t changed = 0;
    bool done = false;
    enum err err = rounds_arrange(coach, ALLOW_EDIT, id, &round);
    if (!err && round.state == ROUNDS_PUBLISHING) {
        return go_on(coach, &round, n);
    }
    err = err ? err
              : sql_run(coach, SQL_ROUND_PUBLISH,
                        SQL_ARGS(sql_int(id), sql_id_or_null(coach->actor.person_id)), &changed);
    err = err || changed ? err : ERR_CONFLICT;
    err = err ? err : programmes_run(coach, round.programme_id);
    err = err ? err : notices_done(coach, 0, NOTICE_ROUND_READY, 0, id);
    if (!err && round.n_pairs <= at_once) {
        err = deal(coach, id, at_once + 1, n, &done);
    }
    if (!err && !done) {
        *n = ROUNDS_LATER;
        err = rounds_queue(coach, ROUNDS_PUBLISH_JOB, id);
    }
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, round.programme_id),
                            "publish");
}

/* ---- in the background ---- */

struct batch {
    int64_t id, n;
    int32_t at_once;
    bool done;
};

static enum err deal_batch(struct coach *coach, void *ctx)
{
    struct batch *b = ctx;
    return deal(coach, b->id, b->at_once, &b->n, &b->done);
}

enum err rounds_publish_work(struct coach *coach, int64_t id, int32_t at_once,
                             rounds_go_on_fn *stop, void *ctx)
{
    struct batch batch = {.id = id, .at_once = at_once};
    enum err err = ERR_OK;
    while (!err && !batch.done) {
        if (stop && stop(ctx)) {
            return ERR_LIMIT;
        }
        coach->now_ms = coach_clock_ms();
        err = coach_transact(coach, COACH_WRITE, deal_batch, &batch);
        if (!err && !batch.done) {
            coach_give_way();
        }
    }
    return err;
}
