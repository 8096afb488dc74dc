/* Jobs beside the workers. */
#include "cli/serve_jobs.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "jobs/jobs.h"
#include "web/web.h"

static bool wait(void *ctx, int ms)
{
    return server_child_wait(ctx, -1, ms);
}

static bool stopping(void *ctx)
{
    return server_child_stopping(ctx);
}

static void run(void *ctx, struct server_child *child)
{
    const struct web_options *web = ctx;
    char message[DB_MAX_MESSAGE] = "the sandbox cannot be closed";
    const struct jobs_options options = {.database = web->database,
                                         .data_dir = web->data_dir,
                                         .wait = wait,
                                         .stopping = stopping,
                                         .ctx = child,
                                         .pseudo = web->pseudo};
    enum err err = server_child_enclose(child);
    err = err ? err : jobs_run(&options, message, sizeof message);
    if (err) {
        log_event("jobs cannot begin", message);
    }
}

void serve_jobs_init(struct server_process *process, const char *folder)
{
    *process = (struct server_process){
        .name = "jobs",
        .sandbox = {.write = {folder},
                    .read = {"/etc", "/usr/share/ca-certificates", "/usr/lib/ssl",
                             "/run/systemd/resolve", CLOCK_FOLDER},
                    .unix_sockets = true,
                    .internet = true},
        .run = run,
    };
}
