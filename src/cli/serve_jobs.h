/* The process of `duet serve` that does what is queued (jobs/jobs.h), in a sandbox of its own: it
 * may reach the mail server, and files in two folders only. */
#ifndef DUET_CLI_SERVE_JOBS_H
#define DUET_CLI_SERVE_JOBS_H

#include "http/server.h"

/* `folder` is that of the database file; it stays the caller's.  The server's context, with which
 * the process runs, must be a struct web_options. */
void serve_jobs_init(struct server_process *process, const char *folder);

#endif
