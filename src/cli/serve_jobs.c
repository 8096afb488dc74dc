/* Jobs beside the workers: a process for each lane. */
#include "cli/serve_jobs.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "jobs/jobs.h"
#include "web/web.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

_Static_assert((int)SERVE_JOBS == (int)JOBS_N_LANES, "each lane has its process");

#define REFIT_NICE 10

static bool wait(void *ctx, int ms)
{
    return server_child_wait(ctx, -1, ms);
}

static bool stopping(void *ctx)
{
    return server_child_stopping(ctx);
}

static void run(void *ctx, struct server_child *child, enum jobs_lane lane)
{
    const struct web_options *web = ctx;
    char message[DB_MAX_MESSAGE] = "the sandbox cannot be closed";
    const struct jobs_options options = {.database = web->database,
                                         .data_dir = web->data_dir,
                                         .wait = wait,
                                         .stopping = stopping,
                                         .ctx = child,
                                         .lane = &lane,
                                         .pseudo = web->pseudo};
    enum err err = server_child_enclose(child);
    err = err ? err : jobs_run(&options, message, sizeof message);
    if (err) {
        log_event("jobs cannot begin", message);
    }
}

static void run_prompt(void *ctx, struct server_child *child)
{
    run(ctx, child, JOBS_PROMPT);
}

static void run_rounds(void *ctx, struct server_child *child)
{
    run(ctx, child, JOBS_ROUNDS);
}

static void run_refits(void *ctx, struct server_child *child)
{
    if (setpriority(PRIO_PROCESS, 0, REFIT_NICE) != 0) {
        log_event("a refit may slow others down", strerror(errno));
    }
    run(ctx, child, JOBS_REFITS);
}

void serve_jobs_init(struct server_process processes[SERVE_JOBS], const char *folder,
                     const char *database)
{
    static const struct {
        const char *name;
        void (*run)(void *ctx, struct server_child *child);
        bool mail, threads;
    } lanes[SERVE_JOBS] = {{.name = "jobs", .run = run_prompt, .mail = true},
                           {.name = "rounds", .run = run_rounds, .threads = true},
                           {.name = "refits", .run = run_refits}};
    for (int i = 0; i < SERVE_JOBS; i++) {
        processes[i] = (struct server_process){
            .name = lanes[i].name,
            .sandbox = {.write = {folder},
                        .read = {"/etc", "/usr/share/ca-certificates", "/usr/lib/ssl",
                                 "/run/systemd/resolve", CLOCK_FOLDER},
                        .unix_sockets = true,
                        .threads = lanes[i].threads,
                        .internet = lanes[i].mail || db_is_address(database)},
            .run = lanes[i].run,
        };
    }
}
