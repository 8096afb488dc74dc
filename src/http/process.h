/* The master's other processes (struct server_process of server.h), from the inside. */
#ifndef DUET_HTTP_PROCESS_H
#define DUET_HTTP_PROCESS_H

#include "http/server.h"

/* Runs it; the exit status of its process.  SIGTERM must be blocked. */
int process_run(const struct server_process *process, const struct server_options *options,
                void *ctx, struct metrics *metrics);

#endif
