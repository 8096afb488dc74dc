/* Once a day: partnerships that stand still are reminded, and who arranges the programme is told
 * later (coach/stalled.h says when); in small transactions. */
#include "coach/stalled.h"
#include "jobs/jobs.h"

#define ROUNDS 10000 /* transactions of one job, at most */

static enum err look_at_some(struct coach *coach, void *ctx)
{
    struct stalled_look *look = ctx, next = *look; /* kept when this runs again */
    enum err err = stalled_look(coach, &next);
    if (err == ERR_OK) {
        *look = next;
    }
    return err;
}

static enum err run(struct jobs_task *task)
{
    struct stalled_look look = {.more = 1};
    for (int round = 0; round < ROUNDS && look.more; round++) {
        if (jobs_renew(task)) {
            return ERR_LIMIT;
        }
        enum err err = coach_transact(task->coach, COACH_WRITE, look_at_some, &look);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

const struct jobs_kind job_stalled = {
    .kind = "stalled",
    .lease_ms = 5 * COACH_MINUTE_MS,
    .every_ms = COACH_DAY_MS,
    .run = run,
};
