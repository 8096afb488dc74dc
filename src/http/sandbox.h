/* What a process may still do once it has opened what it needs: seccomp and landlock.
 *
 * seccomp lets a list of system calls through.  What an intruder would reach for (exec, ptrace, new
 * namespaces, mounts, kernel modules, keys ...) ends the process with SIGSYS, which the master
 * logs; any other call answers ENOSYS, so that libraries take their other way.  No new code can be
 * mapped unless `internet` is allowed (the resolver loads plug-ins); sockets only of the families
 * named.
 *
 * landlock (Linux 5.13 and later) refuses files outside the folders named.  A kernel without it
 * leaves that part out; sandbox_state says so, for the log and the security page.  A sandbox is
 * never opened again, and forked children inherit it. */
#ifndef DUET_HTTP_SANDBOX_H
#define DUET_HTTP_SANDBOX_H

#include "base/err.h"

#include <stdbool.h>

#define SANDBOX_MAX_PATHS 8

struct sandbox_rules {
    const char *write[SANDBOX_MAX_PATHS]; /* folders with everything below: read, write, make */
    const char *read[SANDBOX_MAX_PATHS]; /* files or folders: read; what is not there is left out */
    bool unix_sockets; /* may make and connect unix sockets (services, PostgreSQL) */
    bool internet;     /* may make and connect TCP sockets and resolve names; has threads, too */
    bool threads;      /* may make threads, never processes */
};

struct sandbox_state {
    bool seccomp;
    int landlock; /* the kernel's version of landlock, 0: it has none */
};

/* Adds a folder to `write`; it stays the caller's.  ERR_LIMIT: there are SANDBOX_MAX_PATHS. */
MUST_CHECK enum err sandbox_add_write(struct sandbox_rules *rules, const char *path);

/* Closes the sandbox around the calling process.  ERR_IO: the kernel refused it, or
 * a folder of `write` is not there.
 */
MUST_CHECK enum err sandbox_enter(const struct sandbox_rules *rules, struct sandbox_state *state);

#endif
