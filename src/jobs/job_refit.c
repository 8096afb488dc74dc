/* Refits of the estimates of one framework; the payload is its id. */
#include "coach/zones.h"
#include "jobs/jobs.h"

static bool go_on(void *ctx, double done)
{
    (void)done;
    return jobs_renew(ctx);
}

/* The id, or 0. */
static int64_t framework_of(struct str payload)
{
    int64_t id = 0;
    if (payload.n == 0 || payload.n > 18) {
        return 0;
    }
    for (size_t i = 0; i < payload.n; i++) {
        if (payload.p[i] < '0' || payload.p[i] > '9') {
            return 0;
        }
        id = 10 * id + (payload.p[i] - '0');
    }
    return id;
}

static enum err run(struct jobs_task *task)
{
    struct zones_refit report;
    int64_t id = framework_of(task->job->payload);
    if (id == 0) {
        jobs_fail(task, true, "the payload is not the id of a framework");
        return ERR_INVALID;
    }
    return zones_refit(task->coach, id, go_on, task, &report);
}

const struct jobs_kind job_refit = {
    .kind = ZONES_JOB,
    .lease_ms = 5 * COACH_MINUTE_MS,
    .run = run,
};
