/* Shared counters.  A slot is an array of 64-bit cells, one per row and time bucket. */
#include "http/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LINE 8 /* cells of a cache line */

/* Upper ends of the buckets of handling time, microseconds. */
static const int64_t bucket_ends[] = {1000,  2500,   5000,   10000,   25000,
                                      50000, 100000, 250000, 1000000, 5000000};
#define N_BUCKETS ((int)(sizeof bucket_ends / sizeof bucket_ends[0]))

static const struct metrics_spec own[METRICS_OWN__MAX] = {
    [METRICS_REQUESTS_1XX] = {"duet_http_requests_total", "answers by class of status",
                              "class=\"1xx\"", METRICS_COUNTER},
    [METRICS_REQUESTS_2XX] = {"duet_http_requests_total", "", "class=\"2xx\"", METRICS_COUNTER},
    [METRICS_REQUESTS_3XX] = {"duet_http_requests_total", "", "class=\"3xx\"", METRICS_COUNTER},
    [METRICS_REQUESTS_4XX] = {"duet_http_requests_total", "", "class=\"4xx\"", METRICS_COUNTER},
    [METRICS_REQUESTS_5XX] = {"duet_http_requests_total", "", "class=\"5xx\"", METRICS_COUNTER},
    [METRICS_REFUSED] = {"duet_http_refused_total", "malformed or oversized requests", NULL,
                         METRICS_COUNTER},
    [METRICS_TIMEOUTS] = {"duet_http_timeouts_total", "connections cut off for being too slow",
                          NULL, METRICS_COUNTER},
    [METRICS_CONNECTIONS] = {"duet_http_connections_total", "connections accepted", NULL,
                             METRICS_COUNTER},
    [METRICS_OPEN] = {"duet_http_connections_open", "connections open now", NULL, METRICS_GAUGE},
    [METRICS_SUSPENDED] = {"duet_http_suspended_total", "requests that waited for a service", NULL,
                           METRICS_COUNTER},
    [METRICS_SECONDS_SUM] = {NULL, NULL, NULL, METRICS_COUNTER}, /* part of the histogram */
    [METRICS_RECEIVED] = {"duet_http_received_bytes_total", "bytes of request bodies", NULL,
                          METRICS_COUNTER},
    [METRICS_SENT] = {"duet_http_sent_bytes_total", "bytes of answers", NULL, METRICS_COUNTER},
    [METRICS_RESTARTS] = {"duet_process_restarts_total",
                          "processes that ended and were started "
                          "again",
                          NULL, METRICS_COUNTER},
    [METRICS_READY] = {"duet_processes_ready", "processes that have begun their work", NULL,
                       METRICS_GAUGE},
};

struct metrics {
    _Atomic int64_t *cells; /* shared: slots x stride */
    size_t bytes;
    int slots, slot, stride;
    const struct metrics_spec *app;
    int n_app;
};

struct metrics *metrics_new(int slots, const struct metrics_spec *app, int n_app)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (!metrics) {
        return NULL;
    }
    int cells = METRICS_OWN__MAX + N_BUCKETS + 1 + n_app;
    metrics->stride = (cells + LINE - 1) / LINE * LINE;
    metrics->slots = slots;
    metrics->app = app;
    metrics->n_app = n_app;
    metrics->bytes = (size_t)slots * (size_t)metrics->stride * sizeof *metrics->cells;
    void *shared =
        mmap(NULL, metrics->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        free(metrics);
        return NULL;
    }
    metrics->cells = shared;
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    if (metrics) {
        munmap((void *)metrics->cells, metrics->bytes);
        free(metrics);
    }
}

static _Atomic int64_t *cell(const struct metrics *metrics, int slot, int row)
{
    return &metrics->cells[(size_t)slot * (size_t)metrics->stride + (size_t)row];
}

static void add(struct metrics *metrics, int row, int64_t n)
{
    atomic_fetch_add_explicit(cell(metrics, metrics->slot, row), n, memory_order_relaxed);
}

void metrics_add(struct metrics *metrics, enum metrics_own row, int64_t n)
{
    add(metrics, (int)row, n);
}

#define FIRST_BUCKET ((int)METRICS_OWN__MAX)
#define FIRST_APP (FIRST_BUCKET + N_BUCKETS + 1)

void metrics_add_app(struct metrics *metrics, int row, int64_t n)
{
    if (row >= 0 && row < metrics->n_app) {
        add(metrics, FIRST_APP + row, n);
    }
}

static void clear_gauges(struct metrics *metrics, int slot, const struct metrics_spec *specs, int n,
                         int first)
{
    for (int i = 0; i < n; i++) {
        if (specs[i].type == METRICS_GAUGE) {
            atomic_store_explicit(cell(metrics, slot, first + i), 0, memory_order_relaxed);
        }
    }
}

bool metrics_leave_slot(struct metrics *metrics, int slot)
{
    int64_t ready = atomic_load_explicit(cell(metrics, slot, METRICS_READY), memory_order_relaxed);
    clear_gauges(metrics, slot, own, METRICS_OWN__MAX, 0);
    clear_gauges(metrics, slot, metrics->app, metrics->n_app, FIRST_APP);
    return ready > 0;
}

void metrics_use_slot(struct metrics *metrics, int slot)
{
    metrics->slot = slot;
    metrics_leave_slot(metrics, slot);
}

static int64_t sum(const struct metrics *metrics, int row)
{
    int64_t all = 0;
    for (int slot = 0; slot < metrics->slots; slot++) {
        all += atomic_load_explicit(cell(metrics, slot, row), memory_order_relaxed);
    }
    return all;
}

int64_t metrics_value(const struct metrics *metrics, enum metrics_own row)
{
    return sum(metrics, (int)row);
}

int64_t metrics_value_app(const struct metrics *metrics, int row)
{
    return row >= 0 && row < metrics->n_app ? sum(metrics, FIRST_APP + row) : 0;
}

void metrics_observe(struct metrics *metrics, int64_t microseconds)
{
    int bucket = 0;
    while (bucket < N_BUCKETS && microseconds > bucket_ends[bucket]) {
        bucket++;
    }
    add(metrics, FIRST_BUCKET + bucket, 1);
    add(metrics, METRICS_SECONDS_SUM, microseconds);
}

static void write_row(struct buf *buf, const struct metrics_spec *spec, bool first, int64_t value)
{
    if (first) {
        buf_addf(buf, "# HELP %s %s\n# TYPE %s %s\n", spec->name, spec->help, spec->name,
                 spec->type == METRICS_GAUGE ? "gauge" : "counter");
    }
    buf_add_text(buf, spec->name);
    if (spec->label) {
        buf_addf(buf, "{%s}", spec->label);
    }
    buf_add_char(buf, ' ');
    buf_add_int(buf, value);
    buf_add_char(buf, '\n');
}

static void write_rows(const struct metrics *metrics, const struct metrics_spec *specs, int n,
                       int first, struct buf *buf)
{
    const char *before = "";
    for (int i = 0; i < n; i++) {
        if (specs[i].name) {
            write_row(buf, &specs[i], strcmp(before, specs[i].name) != 0, sum(metrics, first + i));
            before = specs[i].name;
        }
    }
}

static void write_histogram(const struct metrics *metrics, struct buf *buf)
{
    static const char name[] = "duet_http_handling_seconds";
    int64_t count = 0;
    buf_addf(buf, "# HELP %s time from a request to its complete answer\n# TYPE %s histogram\n",
             name, name);
    for (int i = 0; i < N_BUCKETS; i++) {
        count += sum(metrics, FIRST_BUCKET + i);
        buf_addf(buf, "%s_bucket{le=\"", name);
        buf_add_fixed(buf, (double)bucket_ends[i] / 1e6, 4);
        buf_addf(buf, "\"} %lld\n", (long long)count);
    }
    count += sum(metrics, FIRST_BUCKET + N_BUCKETS);
    buf_addf(buf, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum ", name, (long long)count, name);
    buf_add_fixed(buf, (double)sum(metrics, METRICS_SECONDS_SUM) / 1e6, 6);
    buf_addf(buf, "\n%s_count %lld\n", name, (long long)count);
}

void metrics_write(const struct metrics *metrics, struct buf *buf)
{
    write_rows(metrics, own, METRICS_OWN__MAX, 0, buf);
    write_histogram(metrics, buf);
    write_rows(metrics, metrics->app, metrics->n_app, FIRST_APP, buf);
}
