/* One backup a day, and when somebody asks, into the folder of backups.  Written twice it is two
 * backups, of which the older goes first. */
#include "coach/backups.h"
#include "jobs/jobs.h"

#include <string.h>

/* It cannot renew its lease in between: one call writes and proves a whole database. */
#define LEASE_MS (2 * COACH_HOUR_MS)

static enum err run(struct jobs_task *task)
{
    char message[JOBS_ERROR] = "";
    if (!task->data_dir) {
        jobs_fail(task, true, "this process was given no folder for backups");
        return ERR_INVALID;
    }
    enum err err =
        backups_write(task->coach, task->data_dir, task->database, message, sizeof message);
    if (err) {
        jobs_fail(task, false, "%s", *message ? message : err_name(err));
    }
    return err;
}

const struct jobs_kind job_backup = {
    .kind = BACKUPS_JOB,
    .lease_ms = LEASE_MS,
    .every_ms = COACH_DAY_MS,
    .run = run,
};
