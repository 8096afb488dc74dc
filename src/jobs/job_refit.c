/* Refits of the estimates of one framework; the payload is its id. */
#include "coach/zones.h"
#include "jobs/jobs.h"

static bool go_on(void *ctx, double done)
{
    (void)done;
    return jobs_give_way(ctx);
}

static enum err run(struct jobs_task *task)
{
    struct zones_refit report;
    int64_t id = jobs_payload_id(task);
    if (id == 0) {
        return ERR_INVALID;
    }
    return jobs_give_way(task) ? ERR_LIMIT : zones_refit(task->coach, id, go_on, task, &report);
}

const struct jobs_kind job_refit = {
    .kind = ZONES_JOB,
    .lane = JOBS_REFITS,
    .lease_ms = 5 * COACH_MINUTE_MS,
    .run = run,
};
