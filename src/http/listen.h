/* The sockets on which connections come. */
#ifndef DUET_HTTP_LISTEN_H
#define DUET_HTTP_LISTEN_H

#include "base/err.h"

#include <stddef.h>

#define LISTEN_MAX 16

struct listen_set {
    int fds[LISTEN_MAX];
    char names[LISTEN_MAX][160]; /* "http://127.0.0.1:8080", "unix:/run/duet.sock" */
    int n;
};

/* Opens what `where` names (server.h, `listen`), non-blocking and listening.  On failure everything
 * is closed and `message` says what went wrong in one sentence. */
MUST_CHECK enum err listen_open(const char *const *where, struct listen_set *set, char *message,
                                size_t size);

/* Closes the sockets; where this process made a unix socket, `remove` takes away its file too. */
void listen_close(struct listen_set *set, int remove);

/* Tells systemd about our state ("READY=1"), where it asked to be told (sd_notify(3)). */
void listen_tell_systemd(const char *state);

#endif
