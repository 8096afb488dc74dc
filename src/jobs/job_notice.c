/* Notices by the clock: meetings that are over, steps whose day has come; and notices by mail:
 * every few minutes, to everybody to whom one is due (coach/notices_mail.h says to whom and when),
 * in small transactions. */
#include "coach/cycles.h"
#include "coach/meetings.h"
#include "coach/notices_mail.h"
#include "jobs/jobs.h"

#define AT_ONCE 100
#define ROUNDS 10000 /* transactions of one job, at most */

struct queueing {
    int64_t after_id, n_queued;
};

static enum err queue_some(struct coach *coach, void *ctx)
{
    struct queueing *queueing = ctx;
    int64_t after_id = queueing->after_id; /* kept when this runs again */
    enum err err = notices_queue(coach, &after_id, &queueing->n_queued);
    if (err == ERR_OK) {
        queueing->after_id = after_id;
    }
    return err;
}

/* Meetings whose time is over: did they take place? */
static enum err ask_some_meetings(struct coach *coach, void *ctx)
{
    return meetings_ask(coach, AT_ONCE, ctx);
}

/* Steps whose day has come: how did they go? */
static enum err ask_some_steps(struct coach *coach, void *ctx)
{
    return cycles_steps_due(coach, AT_ONCE, ctx);
}

static enum err ask(struct jobs_task *task, enum err (*some)(struct coach *coach, void *ctx))
{
    int64_t n = AT_ONCE;
    for (int round = 0; round < ROUNDS && n == AT_ONCE; round++) {
        if (jobs_renew(task)) {
            return ERR_LIMIT;
        }
        enum err err = coach_transact(task->coach, COACH_WRITE, some, &n);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

static enum err run(struct jobs_task *task)
{
    struct queueing queueing = {0};
    enum err asked = ask(task, ask_some_meetings);
    asked = asked ? asked : ask(task, ask_some_steps);
    if (asked) {
        return asked;
    }
    for (int round = 0; round < ROUNDS; round++) {
        if (jobs_renew(task)) {
            return ERR_LIMIT;
        }
        enum err err = coach_transact(task->coach, COACH_WRITE, queue_some, &queueing);
        if (err || queueing.after_id == 0) {
            return err;
        }
    }
    return ERR_LIMIT;
}

const struct jobs_kind job_notice = {
    .kind = "notices",
    .lease_ms = 5 * COACH_MINUTE_MS,
    .every_ms = 5 * COACH_MINUTE_MS,
    .run = run,
};
