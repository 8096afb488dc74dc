/* `duet serve`: a master that binds, forks and supervises; workers that answer.
 *
 * The master opens the sockets, starts the services (service.h), other processes (struct
 * server_process) and `n_workers` web workers, and starts again what ends, with growing pauses when
 * it ends soon.  SIGTERM or SIGINT: everybody finishes what is in flight, at most `stop_ms`, then
 * the master returns.  SIGHUP: new workers start, the old ones finish.  The master itself never
 * reads a byte from a client.
 *
 * A worker is one process, one thread: it answers one request after the other, but holds many
 * connections, and a request that waits for a service is set aside.  It ends cleanly, and is
 * replaced, when the app returns ERR_NOMEM, and after `worker_requests` requests if that is set.
 *
 *     static enum err handle(void *state, struct http_request *req, struct http_response *res);
 *     const struct server_app app = {.worker_begin = ..., .handle = handle, .tick = ...};
 *     return server_run(&options, &app);
 *
 * Failures of the options (an address that cannot be bound) are told on stderr before any process
 * is started. */
#ifndef DUET_HTTP_SERVER_H
#define DUET_HTTP_SERVER_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"
#include "http/sandbox.h"
#include "http/service.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct metrics;
struct metrics_spec;
struct server_worker;

struct server_options {
    /* Where to listen, ended by NULL: "127.0.0.1:8080", "[::1]:8080", "*:8080" (IPv4 and IPv6),
     * "unix:/path" (mode 0660), "systemd" (sockets that systemd passed). */
    const char *const *listen;
    int n_workers; /* 1 .. SERVER_MAX_WORKERS; 0: as many as processors */
    /* Is made, mode 0700, when it is not there; uploads lie in data_dir/incoming. */
    const char *data_dir;

    /* Addresses ("127.0.0.1", "::1", "unix") whose X-Forwarded-For and X-Forwarded-Proto are
     * believed, ended by NULL; NULL: nobody. */
    const char *const *trusted_proxies;
    /* Addresses that may read /metrics beside this machine itself, ended by NULL; may be NULL. */
    const char *const *metrics_readers;

    int64_t stop_ms;         /* 0: 20000 */
    int64_t worker_requests; /* 0: no limit */
    int worker_connections;  /* 0: HTTP_MAX_CONNECTIONS */

    /* Other times than those of limits.h, ms; 0: those. */
    int64_t head_ms, idle_ms, body_ms;

    struct sandbox_rules sandbox; /* of workers; the data directory is added */
    bool no_sandbox;              /* for debuggers and sanitizers only; said in the log */
};

#define SERVER_MAX_WORKERS 64

/* What a route admits as the body of a request, decided before the body is read. */
struct server_admission {
    int refuse; /* a status (401, 403, 404, 405 ...) to answer at once, 0: go on */
    enum {
        SERVER_BODY_FORM,  /* urlencoded or multipart without files, at most HTTP_MAX_FORM */
        SERVER_BODY_FILES, /* multipart with files, at most HTTP_MAX_FILE_FORM */
        SERVER_BODY_RAW,   /* anything, in memory, at most HTTP_MAX_FORM */
        SERVER_BODY_FILE   /* anything, on disk, at most HTTP_MAX_UPLOAD_PART */
    } body;
    int64_t max;       /* another limit in bytes, 0: the one named above */
    const char *allow; /* with 405: the methods, "GET, POST" */
};

struct server_app {
    void *ctx;

    /* In the new worker, before the sandbox closes: open the database, load catalogues.  What it
     * fails with ends the worker; the master tries again. */
    enum err (*worker_begin)(void *ctx, struct server_worker *worker, void **state);
    void (*worker_end)(void *state); /* may be NULL */

    /* What may come as a body; `req` has method, path, query, cookies and headers.  Only asked when
     * there is a body.  NULL: SERVER_BODY_FORM everywhere.  Must not write to the database. */
    void (*admit)(void *state, struct http_request *req, struct server_admission *admission);

    /* Makes the answer.  ERR_OK: `res` is complete.  ERR_PENDING: service_ask was called; handle
     * runs again, with a fresh `res`, when the answers are there.  ERR_NOMEM: 503, and the worker
     * is replaced.  Anything else: 500.  The server makes the plain error pages through `failed`.
     */
    enum err (*handle)(void *state, struct http_request *req, struct http_response *res);

    /* A page for an answer that the server itself gives (400, 404, 408, 413, 431, 500, 503); `req`
     * has what was understood, perhaps nothing but the id.  May be NULL: plain text. */
    void (*failed)(void *state, const struct http_request *req, int status,
                   struct http_response *res);

    /* Before an answer is sent, after handle: what is written on a GET (who was seen when).  May be
     * NULL.  Runs after the answer was handed to the network, never delays it. */
    void (*after)(void *state, const struct http_request *req, const struct http_response *res);

    void (*tick)(void *state, int64_t now_ms); /* about once a second, may be NULL */

    /* /healthz: whether the worker can work (a SELECT 1).  NULL: always. */
    enum err (*healthy)(void *state);

    const struct service_spec *const *services;    /* ended by NULL, may be NULL; indices for ask */
    const struct server_process *const *processes; /* ended by NULL, may be NULL */
    const struct metrics_spec *metrics;            /* own counters, may be NULL */
    int n_metrics;

    /* In the master, once everything listens: `n` addresses as text, to be shown to the person who
     * started it.  May be NULL. */
    void (*ready)(void *ctx, const char *const *addresses, int n);
};

/* A process beside the workers (jobs).  `run` returns when server_process_stopping() says so; a
 * process that ends otherwise is started again. */
struct server_child;
struct server_process {
    const char *name;
    struct sandbox_rules sandbox;
    void (*run)(void *ctx, struct server_child *child);
};

/* Waits at most `ms` (or until `fd` >= 0 can be read) and returns whether to stop. */
bool server_child_wait(struct server_child *child, int fd, int ms);
bool server_child_stopping(struct server_child *child);
struct metrics *server_child_metrics(struct server_child *child);
/* Closes the sandbox of the process: after it has opened what it needs. */
MUST_CHECK enum err server_child_enclose(struct server_child *child);

struct metrics *server_metrics(struct server_worker *worker);
int server_worker_number(const struct server_worker *worker); /* 0 .. n_workers - 1 */
/* What the kernel enforces on this worker, for the security page. */
struct sandbox_state server_sandbox(const struct server_worker *worker);

/* Runs until it is told to stop.  The exit status for main: 0, or 1 when it could not start. */
int server_run(const struct server_options *options, const struct server_app *app);

#endif
