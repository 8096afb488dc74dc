/* The kinds of jobs that every Duet does. */
#include "jobs/jobs.h"

/* One a line, so that two additions do not touch each other. */
/* clang-format off */
const struct jobs_kind *const kinds_all[] = {
    &job_backup,
    &job_clean,
    &job_compare,
    &job_mail,
    &job_notice,
    &job_publish,
    &job_refit,
    &job_round,
    &job_stalled,
    NULL,
};
/* clang-format on */
