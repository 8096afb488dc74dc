/* Work that would stall a worker (a password's hash, a call to another host) is done by a service:
 * a process of its own that answers one question after the other over a unix SOCK_SEQPACKET socket.
 *
 * A handler asks and goes on as if it had the answer; where it has not come yet, the handler
 * returns ERR_PENDING and is run again from its start when it is there:
 *
 *     err = service_ask(req, SERVICE_HASHER, question, 5000, &answer);
 *     if (err != ERR_OK) return err;                     // ERR_PENDING the first time
 *
 * Answers are remembered in the request by the order of the calls, so a handler that runs again
 * (also after ERR_BUSY of the database) must ask the same services in the same order up to the
 * point it had reached; the question itself is then not looked at again.  Handlers must not hold a
 * transaction open while they return ERR_PENDING. */
#ifndef DUET_HTTP_SERVICE_H
#define DUET_HTTP_SERVICE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/sandbox.h"

#include <stddef.h>
#include <stdint.h>

struct http_request;

#define SERVICE_MAX_MESSAGE 65536 /* bytes of a question or an answer */
#define SERVICE_MAX_WAITING 256   /* questions of one worker that are not answered yet */
#define SERVICE_MAX_CALLS 8       /* of one request */

struct service_spec {
    const char *name; /* "hasher" */
    int n_processes;  /* 0: one */
    struct sandbox_rules sandbox;

    /* In the new process, before its sandbox closes.  May be NULL. */
    enum err (*begin)(void *ctx, void **state);
    void (*end)(void *state); /* when it was told to stop.  May be NULL */
    /* Answers one question; may take its time.  What it appends to `answer` goes back.  Anything
     * but ERR_OK goes back as the result of service_ask. */
    enum err (*answer)(void *state, struct str question, struct arena *arena, struct buf *answer);
    /* About once a second while there is nothing to do.  May be NULL. */
    void (*tick)(void *state);
    void *ctx;
};

/* Asks service `index` of the app.  ERR_OK: *answer is there, in the request's arena.  ERR_PENDING:
 * asked; return it.  ERR_LIMIT: too many questions are waiting, or no answer came in `timeout_ms`
 * (at most HTTP_ANSWER_MS).  ERR_IO: the service ended before it answered.  Others: what the
 * service's `answer` returned. */
MUST_CHECK enum err service_ask(struct http_request *req, int index, struct str question,
                                int64_t timeout_ms, struct str *answer);

#endif
