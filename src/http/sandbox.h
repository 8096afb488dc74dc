/* What a process may still do once it has opened what it needs: seccomp and landlock.
 *
 * seccomp (an allow-list) ends the process at the first system call that is not on it: no exec, no
 * ptrace, no new namespaces or mounts; sockets only of the families named.  landlock (Linux 5.13
 * and later) refuses files outside the folders named.  A kernel without landlock leaves that part
 * out; sandbox_state says so, for the log and the security page.  The sandbox is never opened
 * again. */
#ifndef DUET_HTTP_SANDBOX_H
#define DUET_HTTP_SANDBOX_H

#include "base/err.h"

#include <stdbool.h>

#define SANDBOX_MAX_PATHS 8

struct sandbox_rules {
    const char *write[SANDBOX_MAX_PATHS]; /* folders with everything below: read, write, make */
    const char *read[SANDBOX_MAX_PATHS]; /* files or folders: read; what is not there is left out */
    bool unix_sockets; /* may make and connect unix sockets (services, PostgreSQL) */
    bool internet;     /* may make and connect TCP sockets and resolve names */
};

struct sandbox_state {
    bool seccomp;
    int landlock; /* the kernel's version of landlock, 0: it has none */
};

/* Closes the sandbox around the calling process.  ERR_IO: the kernel refused what it should know.
 */
MUST_CHECK enum err sandbox_enter(const struct sandbox_rules *rules, struct sandbox_state *state);

#endif
