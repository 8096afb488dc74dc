/* The kinds of jobs that every Duet does. */
#include "jobs/jobs.h"

const struct jobs_kind *const kinds_all[] = {&job_backup, &job_clean, &job_mail, &job_refit, NULL};
