/* The processes of `duet serve` that do what is queued (jobs/jobs.h), one for each lane, so that
 * nobody's mail or round waits for a refit.  Each has a sandbox of its own: files in two folders
 * only, and of other hosts the mail server for the first, the database's for all; rounds have
 * threads. */
#ifndef DUET_CLI_SERVE_JOBS_H
#define DUET_CLI_SERVE_JOBS_H

#include "http/server.h"

#define SERVE_JOBS 3 /* processes */

/* `folder` is that of the database file; it stays the caller's.  The server's context, with which
 * the processes run, must be a struct web_options. */
void serve_jobs_init(struct server_process processes[SERVE_JOBS], const char *folder,
                     const char *database);

#endif
