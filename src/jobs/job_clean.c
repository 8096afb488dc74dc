/* What has run out is removed: sessions, keys, sign-on flows, buckets, jobs done long ago, old
 * notices, files that nobody brought in.  In small transactions, so that nobody waits. */
#include "coach/imports.h"
#include "coach/invitations.h"
#include "coach/notices.h"
#include "coach/oidc.h"
#include "coach/rates.h"
#include "coach/sessions.h"
#include "jobs/jobs.h"

#define AT_ONCE 500
#define ROUNDS 2000 /* transactions of one job and kind, at most */

typedef enum err clean_fn(struct coach *coach, int64_t limit, int64_t *n);

static clean_fn *const steps[] = {sessions_clean, invitations_clean, oidc_clean,
                                  rates_clean,    queue_clean,       notices_clean};

struct cleaning {
    clean_fn *step;
    int64_t n;
};

static enum err clean_some(struct coach *coach, void *ctx)
{
    struct cleaning *cleaning = ctx;
    return cleaning->step(coach, AT_ONCE, &cleaning->n);
}

struct sweeping {
    const char *data_dir;
    int32_t n;
};

static enum err sweep_imports(struct coach *coach, void *ctx)
{
    struct sweeping *sweeping = ctx;
    return imports_sweep(coach, sweeping->data_dir, &sweeping->n);
}

static enum err run(struct jobs_task *task)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct cleaning cleaning = {.step = steps[i], .n = AT_ONCE};
        for (int round = 0; round < ROUNDS && cleaning.n == AT_ONCE; round++) {
            if (jobs_renew(task)) {
                return ERR_LIMIT;
            }
            enum err err = coach_transact(task->coach, COACH_WRITE, clean_some, &cleaning);
            if (err) {
                return err;
            }
        }
    }
    struct sweeping sweeping = {.data_dir = task->data_dir};
    return task->data_dir ? coach_transact(task->coach, COACH_WRITE, sweep_imports, &sweeping)
                          : ERR_OK;
}

const struct jobs_kind job_clean = {
    .kind = "clean",
    .lease_ms = 5 * COACH_MINUTE_MS,
    .every_ms = COACH_HOUR_MS,
    .run = run,
};
