/* One request and its answer, from the complete head to the log line.  Knows nothing of sockets:
 * conn.c brings bytes in and takes the answer away. */
#ifndef DUET_HTTP_EXCHANGE_H
#define DUET_HTTP_EXCHANGE_H

#include "base/err.h"
#include "base/str.h"
#include "http/head.h"
#include "http/request.h"
#include "http/response.h"
#include "http/send.h"
#include "http/service_client.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct body;
struct peer;
struct server_worker;

struct exchange {
    struct server_worker *worker;
    struct arena *arena; /* everything, this struct too */
    struct head head;
    struct http_request req;
    struct http_response res;
    struct body *body; /* NULL: there is none */
    struct service_calls calls;
    struct send send;
    bool close;    /* the connection ends after the answer */
    bool refused;  /* answered by the guard */
    bool answered; /* `send` holds an answer */
    int64_t begun_us;
};

/* A new exchange for a connection of `peer`, with an id; NULL: no memory. */
struct exchange *exchange_new(struct server_worker *worker, const struct peer *peer);
void exchange_free(struct exchange *exchange); /* NULL is a no-op */

/* Reads the complete head.  0, or the status to refuse it with. */
int exchange_head(struct exchange *exchange, const struct peer *peer, struct str head);

/* Asks what may come as a body, and prepares to take it.  0, or a status. */
int exchange_admit(struct exchange *exchange);
int exchange_body(struct exchange *exchange, struct str bytes);
int exchange_body_end(struct exchange *exchange);

/* Runs the handler.  ERR_PENDING: exchange->calls.resume will be called; else the answer is in
 * `send`. */
MUST_CHECK enum err exchange_run(struct exchange *exchange);

/* Makes an answer of the server's own; the connection will be closed. */
void exchange_refuse(struct exchange *exchange, int status);

/* After the answer has gone (or could not go): the log line and the counters. */
void exchange_log(const struct exchange *exchange);

#endif
