/* Counters of all processes together, for /metrics in Prometheus' text format.
 *
 * One piece of shared memory holds a slot per process; adding is one atomic instruction in a slot
 * of one's own, reading sums the slots.  A process that is started again goes on in its slot, so
 * counters never fall. */
#ifndef DUET_HTTP_METRICS_H
#define DUET_HTTP_METRICS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct metrics;

enum metrics_type { METRICS_COUNTER, METRICS_GAUGE, METRICS_TYPE__MAX };

/* Rows with the same name stand together and differ in `label` ("class=\"2xx\""), NULL: none. */
struct metrics_spec {
    const char *name; /* duet_..., a counter's ends in _total */
    const char *help;
    const char *label;
    enum metrics_type type;
};

/* The server's own rows, before the app's. */
enum metrics_own {
    METRICS_REQUESTS_1XX, /* index + status / 100 - 1 */
    METRICS_REQUESTS_2XX,
    METRICS_REQUESTS_3XX,
    METRICS_REQUESTS_4XX,
    METRICS_REQUESTS_5XX,
    METRICS_REFUSED, /* by the guard, before a handler saw them */
    METRICS_TIMEOUTS,
    METRICS_CONNECTIONS, /* accepted */
    METRICS_OPEN,        /* gauge: connections open now */
    METRICS_SUSPENDED,   /* requests that waited for a service */
    METRICS_SECONDS_SUM, /* of handling, microseconds inside, seconds in the text */
    METRICS_RECEIVED,    /* bytes of bodies */
    METRICS_SENT,        /* bytes of answers */
    METRICS_RESTARTS,    /* of child processes */
    METRICS_READY,       /* gauge: child processes that have begun their work */
    METRICS_OWN__MAX
};

/* Shared memory for `slots` processes; before forking.  NULL: no memory. */
struct metrics *metrics_new(int slots, const struct metrics_spec *app, int n_app);
void metrics_free(struct metrics *metrics);
/* Which slot this process adds to.  A process that takes the slot of one that ended begins with
 * gauges of 0. */
void metrics_use_slot(struct metrics *metrics, int slot);
/* The process of this slot has ended: what it counted stays, its gauges are 0.  Whether it had
 * said that it was ready. */
bool metrics_leave_slot(struct metrics *metrics, int slot);

void metrics_add(struct metrics *metrics, enum metrics_own row, int64_t n);
void metrics_add_app(struct metrics *metrics, int row, int64_t n);
/* The sum over all processes. */
int64_t metrics_value(const struct metrics *metrics, enum metrics_own row);
int64_t metrics_value_app(const struct metrics *metrics, int row);
/* Counts one handled request by its time. */
void metrics_observe(struct metrics *metrics, int64_t microseconds);

void metrics_write(const struct metrics *metrics, struct buf *buf);

#endif
