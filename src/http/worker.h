/* A worker from the inside: what its files share.  See server.h for what it does. */
#ifndef DUET_HTTP_WORKER_H
#define DUET_HTTP_WORKER_H

#include "base/err.h"
#include "http/date.h"
#include "http/peer.h"
#include "http/sandbox.h"
#include "http/server.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>

struct conn;
struct listen_set;
struct service_client;
struct service_set;

/* Exit statuses that the master understands. */
enum {
    WORKER_EXIT_OK = 0,
    WORKER_EXIT_FAILED = 70,  /* could not begin */
    WORKER_EXIT_RECYCLE = 75, /* wants to be replaced at once */
};

struct server_worker {
    const struct server_options *options;
    const struct server_app *app;
    void *state; /* the app's */
    int number;

    struct event_base *base;
    struct listen_set *listeners;
    struct event *accepts; /* one per listening socket */
    bool accepting;
    struct service_client *services;
    struct metrics *metrics;
    struct sandbox_state sandbox;
    struct event tick, term, ending, stop;

    struct conn *conns; /* all that are open */
    int n_conns;
    bool stopping; /* no new requests */
    bool recycle;
    int64_t served;

    uint32_t id_begin, id_next; /* of requests */
    char date[DATE_TEXT + 1];   /* the header, for this second */
    int64_t date_second;
};

/* Runs as worker `number` until it is told to stop; the exit status of its process. */
int worker_run(const struct server_options *options, const struct server_app *app, int number,
               struct listen_set *listeners, const struct service_set *services,
               struct metrics *metrics);

/* Begins to end: no new connections, idle ones are closed, requests in flight finish. */
void worker_stop(struct server_worker *worker, bool recycle);

/* Called by conn.c: one connection less. */
void worker_closed(struct server_worker *worker);

int64_t worker_clock_ms(void); /* monotonic */
int64_t worker_clock_us(void);
int64_t worker_time_ms(void); /* of day, UTC */

#endif
