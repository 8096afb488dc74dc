/* The process of a service: answers one question after the other. */
#ifndef DUET_HTTP_SERVICE_PROCESS_H
#define DUET_HTTP_SERVICE_PROCESS_H

#include "base/err.h"
#include "http/service.h"
#include "http/service_client.h"

#include <stdbool.h>

struct metrics;

/* Opens the sockets of all services (listed until NULL; may be NULL).  They have no names in the
 * file system; who connects must be of our own user. */
MUST_CHECK enum err service_process_listen(const struct service_spec *const *services,
                                           struct service_set *set);

/* Runs until SIGTERM and until everybody who asked has left; the exit status of its process.
 * SIGTERM must be blocked. */
int service_process_run(const struct service_spec *spec, const struct service_address *address,
                        bool no_sandbox, struct metrics *metrics);

#endif
