/* The life of a worker: begin, answer, end. */
#include "http/worker.h"

#include "base/log.h"
#include "http/conn.h"
#include "http/limits.h"
#include "http/listen.h"
#include "http/metrics.h"
#include "http/service_client.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ACCEPT_TURN 8 /* connections taken in one go, so that other workers get some too */
#define STOP_MS 20000

static int64_t clock_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t worker_clock_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

int64_t worker_clock_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

int64_t worker_time_ms(void)
{
    return clock_us(CLOCK_REALTIME) / 1000;
}

static void set_accepting(struct server_worker *worker, bool accepting)
{
    if (accepting == worker->accepting) {
        return;
    }
    worker->accepting = accepting;
    for (int i = 0; i < worker->listeners->n; i++) {
        if (accepting) {
            event_add(&worker->accepts[i], NULL);
        } else {
            event_del(&worker->accepts[i]);
        }
    }
}

static int most_connections(const struct server_worker *worker)
{
    int chosen = worker->options->worker_connections;
    return chosen > 0 ? chosen : HTTP_MAX_CONNECTIONS;
}

static void on_accept(int fd, short what, void *ctx)
{
    struct server_worker *worker = ctx;
    (void)what;
    for (int turn = 0; turn < ACCEPT_TURN && worker->n_conns < most_connections(worker); turn++) {
        struct sockaddr_storage from = {.ss_family = AF_UNSPEC};
        socklen_t length = sizeof from;
        struct peer peer;
        int client = accept4(fd, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                set_accepting(worker, false); /* until a connection ends, or the next second */
            }
            return;
        }
        peer_read(&peer, (struct sockaddr *)&from);
        conn_open(worker, client, &peer);
    }
    /* Who is idle makes room for who comes; when nobody is, the kernel keeps them waiting. */
    if (worker->n_conns >= most_connections(worker) && !conn_make_room(worker)) {
        set_accepting(worker, false);
    }
}

void worker_closed(struct server_worker *worker)
{
    worker->n_conns--;
    if (worker->stopping) {
        event_active(&worker->ending, EV_TIMEOUT, 0);
    } else {
        set_accepting(worker, true);
    }
}

void worker_stop(struct server_worker *worker, bool recycle)
{
    worker->recycle = worker->recycle || recycle;
    if (!worker->stopping) {
        worker->stopping = true;
        event_active(&worker->ending, EV_TIMEOUT, 0);
    }
}

/* Runs outside of any connection: after worker_stop, on SIGTERM, and when a connection ended. */
static void on_term(int signal_number, short what, void *ctx)
{
    struct server_worker *worker = ctx;
    int64_t ms = worker->options->stop_ms > 0 ? worker->options->stop_ms : STOP_MS;
    struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    (void)signal_number;
    (void)what;
    worker->stopping = true;
    if (worker->listeners->n > 0) {
        set_accepting(worker, false);
        listen_close(worker->listeners, 0);
        event_add(&worker->stop, &wait);
        conn_close_idle(worker);
    }
    if (worker->n_conns == 0) {
        event_base_loopexit(worker->base, NULL);
    }
}

static void on_stop(int fd, short what, void *ctx)
{
    struct server_worker *worker = ctx;
    (void)fd;
    (void)what;
    event_base_loopbreak(worker->base);
}

static void on_tick(int fd, short what, void *ctx)
{
    struct server_worker *worker = ctx;
    int64_t now = worker_time_ms();
    int64_t most = worker->options->worker_requests;
    (void)fd;
    (void)what;
    date_write(now, worker->date);
    if (most > 0 && worker->served >= most) {
        worker_stop(worker, true);
    }
    if (!worker->stopping) {
        set_accepting(worker, worker->n_conns < most_connections(worker));
    }
    if (worker->app->tick) {
        worker->app->tick(worker->state, now);
    }
}

static struct event_base *make_base(void)
{
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;
    if (config) {
        event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV |
                                          EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
        base = event_base_new_with_config(config);
        event_config_free(config);
    }
    return base;
}

static enum err begin_events(struct server_worker *worker)
{
    struct timeval second = {.tv_sec = 1};
    worker->base = make_base();
    worker->accepts = calloc((size_t)worker->listeners->n, sizeof *worker->accepts);
    if (!worker->base || !worker->accepts) {
        return ERR_NOMEM;
    }
    for (int i = 0; i < worker->listeners->n; i++) {
        event_assign(&worker->accepts[i], worker->base, worker->listeners->fds[i],
                     EV_READ | EV_PERSIST, on_accept, worker);
    }
    event_assign(&worker->tick, worker->base, -1, EV_PERSIST, on_tick, worker);
    event_assign(&worker->stop, worker->base, -1, 0, on_stop, worker);
    event_assign(&worker->ending, worker->base, -1, 0, on_term, worker);
    event_assign(&worker->term, worker->base, SIGTERM, EV_SIGNAL | EV_PERSIST, on_term, worker);
    if (event_add(&worker->tick, &second) != 0 || event_add(&worker->term, NULL) != 0) {
        return ERR_NOMEM;
    }
    return ERR_OK;
}

static enum err enclose(struct server_worker *worker)
{
    struct sandbox_rules rules = worker->options->sandbox;
    if (worker->options->no_sandbox) {
        return ERR_OK;
    }
    rules.unix_sockets = true; /* the services */
    enum err err = sandbox_add_write(&rules, worker->options->data_dir);
    if (err == ERR_OK) {
        err = sandbox_enter(&rules, &worker->sandbox);
    }
    if (err == ERR_OK && !worker->sandbox.landlock && worker->number == 0) {
        log_event("sandbox", "this kernel has no landlock: files of others are kept from Duet by "
                             "their permissions alone");
    }
    return err;
}

static enum err begin(struct server_worker *worker, const struct service_set *services)
{
    enum err err = begin_events(worker);
    if (err != ERR_OK) {
        return err;
    }
    worker->services = service_client_new(worker->base, services);
    if (!worker->services) {
        return ERR_NOMEM;
    }
    worker->id_begin = randombytes_random();
    date_write(worker_time_ms(), worker->date);
    err = worker->app->worker_begin
              ? worker->app->worker_begin(worker->app->ctx, worker, &worker->state)
              : ERR_OK;
    return err == ERR_OK ? enclose(worker) : err;
}

static void end(struct server_worker *worker)
{
    if (worker->base) {
        conn_close_all(worker);
        if (worker->app->worker_end && worker->state) {
            worker->app->worker_end(worker->state);
        }
        service_client_free(worker->services);
        event_base_free(worker->base);
    }
    free(worker->accepts);
}

int worker_run(const struct server_options *options, const struct server_app *app, int number,
               struct listen_set *listeners, const struct service_set *services,
               struct metrics *metrics)
{
    struct server_worker worker = {.options = options,
                                   .app = app,
                                   .number = number,
                                   .listeners = listeners,
                                   .metrics = metrics};
    int status = WORKER_EXIT_OK;
    enum err err = begin(&worker, services);
    if (err != ERR_OK) {
        struct log line;
        log_begin(&line, "worker cannot begin");
        log_text(&line, "error", str_of(err_name(err)));
        log_end(&line);
        status = WORKER_EXIT_FAILED;
    } else {
        metrics_add(metrics, METRICS_READY, 1);
        set_accepting(&worker, true);
        event_base_dispatch(worker.base);
        status = worker.recycle ? WORKER_EXIT_RECYCLE : WORKER_EXIT_OK;
    }
    end(&worker);
    return status;
}
