/* The kinds of jobs that every Duet does. */
#include "jobs/jobs.h"

const struct jobs_kind *const kinds_all[] = {&job_backup, &job_clean, &job_compare, &job_mail,
                                             &job_refit,  &job_round, NULL};
