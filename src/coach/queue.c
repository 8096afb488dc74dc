/* The table of jobs: leases, retries, what is dead. */
#include "coach/queue.h"

#include "base/buf.h"
#include "base/list.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/sql.h"

#include <assert.h>

#define KEY 300         /* bytes of a key with what stands in front */
#define ERROR_WIDTH 300 /* columns of an error that are kept */
#define LISTED 200      /* jobs of a list */
#define DELAY_MS 15000  /* after the first failure */
#define DELAY_GROWS 4   /* so that eight attempts outlast a night */
#define DELAY_MAX_MS (6 * COACH_HOUR_MS)

static const char *const states[QUEUE_STATE__MAX] = {
    [QUEUE_READY] = "ready",
    [QUEUE_RUNNING] = "running",
    [QUEUE_DONE] = "done",
    [QUEUE_DEAD] = "dead",
};

static bool state_of(struct str word, enum queue_state *state)
{
    for (int i = 0; i < QUEUE_STATE__MAX; i++) {
        if (str_is(word, states[i])) {
            *state = (enum queue_state)i;
            return true;
        }
    }
    return false;
}

/* "coalesce:refit:3"; empty for none. */
static enum err write_key(struct coach *coach, const char *kind, enum queue_key how, struct str key,
                          struct str *full)
{
    struct buf buf;
    *full = (struct str){"", 0};
    if (key.n == 0) {
        return ERR_OK;
    }
    buf_init(&buf, coach->arena, KEY);
    buf_addf(&buf, "%s:%s:", how == QUEUE_COALESCE ? "coalesce" : "once", kind);
    buf_add(&buf, key);
    return buf_end(&buf, full);
}

enum err queue_add(struct coach *coach, const char *kind, struct str payload, enum queue_key how,
                   struct str key, int64_t run_at_ms, bool *added)
{
    struct str full;
    int64_t changed = 0;
    assert(strlen(kind) <= QUEUE_KIND);
    if (payload.n > QUEUE_PAYLOAD) {
        return ERR_LIMIT;
    }
    enum err err = write_key(coach, kind, how, key, &full);
    err = err ? err
              : sql_run(coach, SQL_JOB_ADD,
                        SQL_ARGS(sql_word(kind), sql_text(payload), sql_text_or_null(full),
                                 sql_int(run_at_ms), sql_int(coach->now_ms)),
                        &changed);
    if (!err && changed == 0 && how == QUEUE_COALESCE) {
        err = sql_run(coach, SQL_JOB_SOONER, SQL_ARGS(sql_text(full), sql_int(run_at_ms)), NULL);
    }
    if (!err && added) {
        *added = changed > 0;
    }
    return err;
}

static enum err read_job(struct coach *coach, const struct db_query *q, void *item)
{
    struct job *job = item;
    enum err err = ERR_OK;
    *job = (struct job){
        .id = db_int(q, 0),
        .kind = sql_copy(coach, q, 1, &err),
        .payload = sql_copy(coach, q, 2, &err),
        .attempts = (int)db_int(q, 4),
        .run_at_ms = db_int(q, 5),
        .locked_until_ms = db_int(q, 6),
        .created_ms = db_int(q, 7),
        .finished_ms = db_int(q, 8),
        .last_error = sql_copy(coach, q, 9, &err),
    };
    return state_of(db_text(q, 3), &job->state) ? err : ERR_INVALID;
}

/* ---- for the server ---- */

static struct sql_arg kinds_of(struct queue_lane lane)
{
    return sql_text(str_of(lane.kinds ? lane.kinds : ""));
}

static enum err is_there(struct coach *coach, enum sql_id id, struct queue_lane lane, bool *yes)
{
    int64_t one;
    enum err err = sql_number(
        coach, id, SQL_ARGS(sql_int(coach->now_ms), kinds_of(lane), sql_int(lane.within)), &one);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    *yes = err == ERR_OK;
    return ERR_OK;
}

enum err queue_is_due(struct coach *coach, struct queue_lane lane, bool *yes)
{
    return is_there(coach, SQL_JOB_IS_DUE, lane, yes);
}

enum err queue_is_running(struct coach *coach, struct queue_lane lane, bool *yes)
{
    return is_there(coach, SQL_JOB_IS_RUNNING, lane, yes);
}

enum err queue_claim(struct coach *coach, struct queue_lane lane, struct str worker,
                     int64_t lease_ms, struct job *job)
{
    struct job claimed;
    struct db_query *q;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    enum err err = sql_run(coach, SQL_JOB_BURY,
                           SQL_ARGS(sql_int(coach->now_ms), sql_int(QUEUE_ATTEMPTS)), NULL);
    err = err ? err
              : sql_first(coach, SQL_JOB_CLAIM,
                          SQL_ARGS(sql_text(worker), sql_int(coach->now_ms + lease_ms),
                                   sql_int(coach->now_ms), kinds_of(lane), sql_int(lane.within)),
                          &q);
    if (err) {
        return err;
    }
    err = read_job(coach, q, &claimed);
    db_finish(q);
    if (err == ERR_OK) {
        *job = claimed;
    }
    return err;
}

/* Runs a statement about one's own job; ERR_CONFLICT when it is not one's own any more. */
static enum err own(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n)
{
    int64_t changed = 0;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    enum err err = sql_run(coach, id, args, n, &changed);
    return err || changed == 1 ? err : ERR_CONFLICT;
}

enum err queue_renew(struct coach *coach, int64_t id, struct str worker, int64_t lease_ms)
{
    return own(coach, SQL_JOB_RENEW,
               SQL_ARGS(sql_int(id), sql_text(worker), sql_int(coach->now_ms + lease_ms)));
}

enum err queue_finish(struct coach *coach, int64_t id, struct str worker)
{
    return own(coach, SQL_JOB_FINISH,
               SQL_ARGS(sql_int(id), sql_text(worker), sql_int(coach->now_ms)));
}

enum err queue_release(struct coach *coach, int64_t id, struct str worker)
{
    return own(coach, SQL_JOB_RELEASE,
               SQL_ARGS(sql_int(id), sql_text(worker), sql_int(coach->now_ms)));
}

enum err queue_fail(struct coach *coach, int64_t id, struct str worker, struct str error,
                    int64_t delay_ms)
{
    struct buf buf;
    struct str shown;
    int64_t attempts = 0;
    buf_init(&buf, coach->arena, 16 * ERROR_WIDTH);
    utf8_add_shown(&buf, error, ERROR_WIDTH);
    enum err err = buf_end(&buf, &shown);
    err = err ? err : sql_number(coach, SQL_JOB_ATTEMPTS, SQL_ARGS(sql_int(id)), &attempts);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
    }
    if (delay_ms < 0 || attempts >= QUEUE_ATTEMPTS) {
        return own(
            coach, SQL_JOB_DIE,
            SQL_ARGS(sql_int(id), sql_text(worker), sql_int(coach->now_ms), sql_text(shown)));
    }
    return own(coach, SQL_JOB_AGAIN,
               SQL_ARGS(sql_int(id), sql_text(worker), sql_int(coach->now_ms + delay_ms),
                        sql_text(shown)));
}

int64_t queue_delay_ms(int attempts, double unit)
{
    int64_t delay = DELAY_MS;
    for (int i = 1; i < attempts && delay < DELAY_MAX_MS; i++) {
        delay *= DELAY_GROWS;
    }
    delay = delay < DELAY_MAX_MS ? delay : DELAY_MAX_MS;
    return (int64_t)((double)delay * (0.5 + unit));
}

enum err queue_clean(struct coach *coach, int64_t limit, int64_t *n)
{
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return sql_run(coach, SQL_JOB_CLEAN,
                   SQL_ARGS(sql_int(coach->now_ms - QUEUE_KEEP_MS), sql_int(limit)), n);
}

/* ---- for administrators ---- */

enum err queue_list(struct coach *coach, enum queue_state state, struct job_list *list)
{
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct job), LISTED);
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_JOB, 0));
    err = err ? err
              : sql_list(coach, SQL_JOB_LIST, SQL_ARGS(sql_word(states[state])), read_job, &rows);
    if (err) {
        return err;
    }
    *list = (struct job_list){rows.items, rows.n};
    return ERR_OK;
}

enum err queue_retry(struct coach *coach, int64_t id)
{
    struct allow_object object = allow_on(ALLOW_ON_JOB, id);
    int64_t changed = 0;
    enum err err = allowed(coach, ALLOW_EDIT, object);
    err = err ? err
              : sql_run(coach, SQL_JOB_RETRY, SQL_ARGS(sql_int(id), sql_int(coach->now_ms)),
                        &changed);
    if (err || changed == 0) {
        return err ? err : ERR_NOT_FOUND;
    }
    return audit_note(coach, ALLOW_EDIT, object, "again");
}

enum err queue_discard(struct coach *coach, int64_t id)
{
    struct allow_object object = allow_on(ALLOW_ON_JOB, id);
    int64_t changed = 0;
    enum err err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err : sql_run(coach, SQL_JOB_DISCARD, SQL_ARGS(sql_int(id)), &changed);
    if (err || changed == 0) {
        return err ? err : ERR_NOT_FOUND;
    }
    return audit_note(coach, ALLOW_REMOVE, object, "");
}

enum err queue_count(struct coach *coach, struct queue_counts *counts)
{
    struct queue_counts found = {0};
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_JOB, 0));
    err = err ? err : sql_rows(coach, SQL_JOB_COUNT, SQL_NONE, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        enum queue_state state;
        if (state_of(db_text(q, 0), &state)) {
            found.n[state] = db_int(q, 1);
        }
    }
    db_finish(q);
    err = err == ERR_NOT_FOUND
              ? sql_first(coach, SQL_JOB_OLDEST_DUE, SQL_ARGS(sql_int(coach->now_ms)), &q)
              : err;
    if (err) {
        return err;
    }
    found.oldest_due_ms = db_is_null(q, 0) ? 0 : coach->now_ms - db_int(q, 0);
    db_finish(q);
    *counts = found;
    return ERR_OK;
}
