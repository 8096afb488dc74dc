/* Working out a round of matching, and publishing a large one; the payload is its id.
 * Stopped in between, the first begins again: what it writes at its end it writes once.  The second
 * goes on where it was. */
#include "coach/rounds.h"
#include "jobs/jobs.h"

static bool stop(void *ctx)
{
    return jobs_renew(ctx);
}

static enum err run(struct jobs_task *task)
{
    int64_t id = jobs_payload_id(task);
    return id == 0 ? ERR_INVALID : rounds_work(task->coach, id, stop, task);
}

const struct jobs_kind job_round = {
    .kind = ROUNDS_JOB,
    .lane = JOBS_ROUNDS,
    .lease_ms = 5 * COACH_MINUTE_MS,
    .run = run,
};

static enum err publish(struct jobs_task *task)
{
    int64_t id = jobs_payload_id(task);
    return id == 0 ? ERR_INVALID : rounds_publish_work(task->coach, id, ROUNDS_AT_ONCE, stop, task);
}

/* A short lease: if it dies, people are half told. */
const struct jobs_kind job_publish = {
    .kind = ROUNDS_PUBLISH_JOB,
    .lane = JOBS_ROUNDS,
    .lease_ms = COACH_MINUTE_MS,
    .run = publish,
};
