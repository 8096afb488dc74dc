/* What the processes of jobs may do within their sandboxes. */
#include "cli/serve_jobs.h"
#include "http/server.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static const struct server_process *named(const struct server_process *all, const char *name)
{
    for (int i = 0; i < SERVE_JOBS; i++) {
        if (strcmp(all[i].name, name) == 0) {
            return &all[i];
        }
    }
    printf("Bail out! there is no process %s\n", name);
    exit(1);
}

int main(void)
{
    struct server_process file[SERVE_JOBS], address[SERVE_JOBS];
    serve_jobs_init(file, "folder", "folder/duet.db");
    serve_jobs_init(address, "folder", "postgresql://db/duet");
    tap_ok(named(file, "jobs")->sandbox.internet, "mail goes to other hosts");
    tap_ok(!named(file, "rounds")->sandbox.internet && !named(file, "refits")->sandbox.internet,
           "rounds and refits do not");
    tap_ok(named(address, "rounds")->sandbox.internet && named(address, "refits")->sandbox.internet,
           "but to a database on one");
    tap_ok(named(file, "rounds")->sandbox.threads, "a round is worked out on all processors");
    tap_ok(!named(file, "refits")->sandbox.threads && !named(file, "jobs")->sandbox.threads,
           "nothing else is");
    return tap_done();
}
