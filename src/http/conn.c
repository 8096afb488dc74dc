/* Connections.  Each is in one state:
 *
 *   IDLE     waits for the first byte of a request
 *   HEAD     has a part of a head
 *   BODY     takes a body in
 *   WAITING  the handler waits for a service; nothing is read
 *   SENDING  the answer does not fit into the socket's buffer yet; nothing is read
 *   LINGER   the last answer has gone; what still comes is thrown away for a moment, because
 *            closing at once would reset the connection and could take the answer with it
 *
 * Requests of one connection are answered one after the other, so what is kept for a connection is
 * bounded: CONN_INPUT bytes, and one exchange.  An idle connection keeps neither. */
#include "http/conn.h"

#include "http/exchange.h"
#include "http/limits.h"
#include "http/metrics.h"
#include "http/peer.h"
#include "http/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONN_INPUT 32768      /* bytes read at once, and the most kept of what was read */
#define CONN_TURN 16          /* requests or reads in one go */
#define CONN_LAST_MS 1000     /* for a first request, once the worker is to end */
#define CONN_LINGER (1 << 20) /* bytes thrown away at most */

_Static_assert(HTTP_MAX_HEAD < CONN_INPUT, "a head fits into the input");

enum conn_state { CONN_IDLE, CONN_HEAD, CONN_BODY, CONN_WAITING, CONN_SENDING, CONN_LINGERING };

struct conn {
    struct server_worker *worker;
    struct conn *prev, *next;
    int fd;
    enum conn_state state;
    struct peer peer;
    struct event readable, writable, timer, wake;
    bool reading;               /* readable is added */
    int64_t deadline, timer_at; /* ms; the timer is set anew when it goes off too early */

    char *input;          /* NULL while there is none */
    size_t n_input, seen; /* bytes kept; of those, looked at for the end of a head */
    struct exchange *exchange;
    int64_t left; /* of the body; of what may still be thrown away */
    int n_requests;
    bool after_done; /* app->after has been called for this exchange */
};

static void conn_free(struct conn *conn)
{
    struct server_worker *worker = conn->worker;
    event_del(&conn->readable);
    event_del(&conn->writable);
    event_del(&conn->timer);
    event_del(&conn->wake);
    if (conn->exchange) {
        exchange_log(conn->exchange);
        exchange_free(conn->exchange);
    }
    if (conn->prev) {
        conn->prev->next = conn->next;
    } else {
        worker->conns = conn->next;
    }
    if (conn->next) {
        conn->next->prev = conn->prev;
    }
    close(conn->fd);
    free(conn->input);
    free(conn);
    metrics_add(worker->metrics, METRICS_OPEN, -1);
    worker_closed(worker);
}

/* Ends the connection `ms` from now unless something happens before. */
static void set_deadline(struct conn *conn, int64_t ms)
{
    conn->deadline = worker_clock_ms() + ms;
    if (conn->timer_at == 0 || conn->deadline < conn->timer_at) {
        struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
        conn->timer_at = conn->deadline;
        event_add(&conn->timer, &wait);
    }
}

/* A time that the operator may have changed. */
static int64_t time_of(int64_t chosen, int64_t usual)
{
    return chosen > 0 ? chosen : usual;
}

static void set_reading(struct conn *conn, bool reading)
{
    if (reading != conn->reading) {
        conn->reading = reading;
        if (reading) {
            event_add(&conn->readable, NULL);
        } else {
            event_del(&conn->readable);
        }
    }
}

static void drop_input(struct conn *conn, size_t n)
{
    conn->n_input -= n;
    if (conn->n_input > 0) {
        memmove(conn->input, conn->input + n, conn->n_input);
    }
}

static void go_idle(struct conn *conn)
{
    conn->state = CONN_IDLE;
    if (conn->n_input == 0) {
        free(conn->input);
        conn->input = NULL;
    }
    set_deadline(conn, time_of(conn->worker->options->idle_ms, HTTP_IDLE_MS));
    set_reading(conn, true);
}

/* The answer has gone. False: the connection is no more. */
static bool finish(struct conn *conn)
{
    struct exchange *exchange = conn->exchange;
    bool refused = exchange->refused;
    bool close_now = exchange->close || conn->worker->stopping;
    exchange_log(exchange);
    exchange_free(exchange);
    conn->exchange = NULL;
    conn->worker->served++;
    if (!close_now) {
        go_idle(conn);
        return true;
    }
    if (!refused && conn->n_input == 0) {
        conn_free(conn);
        return false;
    }
    shutdown(conn->fd, SHUT_WR);
    conn->n_input = 0;
    conn->left = CONN_LINGER;
    conn->state = CONN_LINGERING;
    set_deadline(conn, HTTP_LINGER_MS);
    set_reading(conn, true);
    return true;
}

/* Writes what the socket takes.  False: the connection is no more. */
static bool push(struct conn *conn)
{
    struct exchange *exchange = conn->exchange;
    const struct server_app *app = conn->worker->app;
    int64_t before = exchange->send.sent;
    enum send_result result = send_push(&exchange->send, conn->fd);
    if (!conn->after_done && app->after && !exchange->refused) {
        app->after(conn->worker->state, &exchange->req, &exchange->res);
    }
    conn->after_done = true;
    if (result == SEND_DONE) {
        return finish(conn);
    }
    if (result == SEND_FAILED) {
        conn_free(conn);
        return false;
    }
    bool first = conn->state != CONN_SENDING;
    conn->state = CONN_SENDING;
    set_reading(conn, false);
    if (first || exchange->send.sent > before) {
        set_deadline(conn, HTTP_WRITE_MS);
    }
    event_add(&conn->writable, NULL);
    return true;
}

static bool refuse(struct conn *conn, int status)
{
    exchange_refuse(conn->exchange, status);
    return push(conn);
}

static void on_answers(void *ctx)
{
    struct conn *conn = ctx;
    event_active(&conn->wake, EV_TIMEOUT, 0);
}

/* Runs the handler, perhaps again. */
static bool run(struct conn *conn)
{
    struct exchange *exchange = conn->exchange;
    exchange->close = exchange->close || ++conn->n_requests >= HTTP_MAX_KEPT;
    if (exchange_run(exchange) == ERR_PENDING) {
        metrics_add(conn->worker->metrics, METRICS_SUSPENDED, 1);
        exchange->calls.resume = on_answers;
        exchange->calls.ctx = conn;
        conn->state = CONN_WAITING;
        set_reading(conn, false);
        set_deadline(conn, 2LL * HTTP_ANSWER_MS);
        return true;
    }
    return push(conn);
}

static bool begin_body(struct conn *conn)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct exchange *exchange = conn->exchange;
    int status = exchange_admit(exchange);
    if (status) {
        return refuse(conn, status);
    }
    if (exchange->head.expects_continue && conn->n_input == 0 &&
        send(conn->fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL) != (ssize_t)sizeof go_on - 1) {
        conn_free(conn);
        return false;
    }
    conn->state = CONN_BODY;
    conn->left = exchange->head.length;
    set_deadline(conn, time_of(conn->worker->options->body_ms, HTTP_BODY_MS) +
                           conn->left / HTTP_BODY_RATE);
    return true;
}

/* Looks for a complete head.  False: the connection is no more. */
static bool advance_head(struct conn *conn, bool *more)
{
    bool bad;
    size_t n = head_end((struct str){conn->input, conn->n_input}, conn->seen, &bad);
    conn->seen = conn->n_input;
    bool too_long = n == 0 ? conn->n_input >= HTTP_MAX_HEAD : n > HTTP_MAX_HEAD;
    if (n == 0 && !bad && !too_long) {
        *more = false;
        return true;
    }
    conn->exchange = exchange_new(conn->worker, &conn->peer);
    conn->after_done = false;
    if (!conn->exchange) {
        worker_stop(conn->worker, true);
        conn_free(conn);
        return false;
    }
    if (bad || too_long) {
        bool has_line = memchr(conn->input, '\n', conn->n_input) != NULL;
        return refuse(conn, bad ? 400 : has_line ? 431 : 414);
    }
    int status = exchange_head(conn->exchange, &conn->peer, (struct str){conn->input, n});
    drop_input(conn, n);
    if (status) {
        return refuse(conn, status);
    }
    return conn->exchange->head.length > 0 ? begin_body(conn) : run(conn);
}

static bool advance_body(struct conn *conn, bool *more)
{
    size_t n = conn->n_input;
    if (n == 0) {
        *more = false;
        return true;
    }
    n = (int64_t)n > conn->left ? (size_t)conn->left : n;
    int status = exchange_body(conn->exchange, (struct str){conn->input, n});
    conn->left -= (int64_t)n;
    drop_input(conn, n);
    if (status == 0 && conn->left == 0) {
        status = exchange_body_end(conn->exchange);
        if (status == 0) {
            return run(conn);
        }
    }
    return status == 0 || refuse(conn, status);
}

/* Goes on with what has been read, as far as it leads.  False: the connection is no more. */
static bool advance(struct conn *conn)
{
    bool more = true;
    for (int turn = 0; more; turn++) {
        if (turn == CONN_TURN && conn->n_input > 0) {
            event_active(&conn->readable, EV_READ, 0);
            return true;
        }
        bool alive = true;
        switch (conn->state) {
        case CONN_IDLE:
            more = conn->n_input > 0;
            if (more) {
                conn->state = CONN_HEAD;
                conn->seen = 0;
                set_deadline(conn, time_of(conn->worker->options->head_ms, HTTP_HEAD_MS));
            }
            break;
        case CONN_HEAD:
            alive = advance_head(conn, &more);
            break;
        case CONN_BODY:
            alive = advance_body(conn, &more);
            break;
        default:
            more = false;
        }
        if (!alive) {
            return false;
        }
    }
    return true;
}

/* Reads once.  0: nothing there; -1: the connection has ended; else bytes. */
static ssize_t fill(struct conn *conn)
{
    if (!conn->input) {
        conn->input = malloc(CONN_INPUT);
        if (!conn->input) {
            worker_stop(conn->worker, true);
            return -1;
        }
    }
    if (conn->n_input == CONN_INPUT) {
        return 0;
    }
    ssize_t n = recv(conn->fd, conn->input + conn->n_input, CONN_INPUT - conn->n_input, 0);
    if (n < 0) {
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    }
    if (n == 0) {
        return -1;
    }
    conn->n_input += (size_t)n;
    return n;
}

static void on_linger(struct conn *conn)
{
    ssize_t n = fill(conn);
    conn->n_input = 0;
    conn->left -= n;
    if (n < 0 || conn->left < 0) {
        conn_free(conn);
    }
}

static void on_readable(int fd, short what, void *ctx)
{
    struct conn *conn = ctx;
    (void)fd;
    (void)what;
    if (conn->state == CONN_LINGERING) {
        on_linger(conn);
        return;
    }
    /* A body is read in several goes, other things come in one. */
    for (int turn = 0; turn < CONN_TURN; turn++) {
        ssize_t n = fill(conn);
        if (n < 0) {
            conn_free(conn);
            return;
        }
        if (!advance(conn) || n == 0 || conn->state != CONN_BODY) {
            return;
        }
    }
}

static void on_writable(int fd, short what, void *ctx)
{
    struct conn *conn = ctx;
    (void)fd;
    (void)what;
    if (push(conn)) {
        advance(conn);
    }
}

static void on_wake(int fd, short what, void *ctx)
{
    struct conn *conn = ctx;
    (void)fd;
    (void)what;
    if (conn->state == CONN_WAITING && run(conn)) {
        advance(conn);
    }
}

static void on_timer(int fd, short what, void *ctx)
{
    struct conn *conn = ctx;
    int64_t left = conn->deadline - worker_clock_ms();
    (void)fd;
    (void)what;
    conn->timer_at = 0;
    if (left > 0) {
        set_deadline(conn, left);
        return;
    }
    if (conn->state != CONN_IDLE && conn->state != CONN_LINGERING) {
        metrics_add(conn->worker->metrics, METRICS_TIMEOUTS, 1);
    }
    if (conn->state == CONN_HEAD) {
        conn->exchange = exchange_new(conn->worker, &conn->peer);
        conn->after_done = false;
    }
    if ((conn->state == CONN_HEAD || conn->state == CONN_BODY) && conn->exchange) {
        refuse(conn, 408);
    } else {
        conn_free(conn);
    }
}

void conn_open(struct server_worker *worker, int fd, const struct peer *peer)
{
    struct conn *conn = calloc(1, sizeof *conn);
    if (!conn) {
        close(fd);
        worker_stop(worker, true);
        return;
    }
    conn->worker = worker;
    conn->fd = fd;
    conn->peer = *peer;
    conn->next = worker->conns;
    if (worker->conns) {
        worker->conns->prev = conn;
    }
    worker->conns = conn;
    worker->n_conns++;
    metrics_add(worker->metrics, METRICS_CONNECTIONS, 1);
    metrics_add(worker->metrics, METRICS_OPEN, 1);
    event_assign(&conn->readable, worker->base, fd, EV_READ | EV_PERSIST, on_readable, conn);
    event_assign(&conn->writable, worker->base, fd, EV_WRITE, on_writable, conn);
    event_assign(&conn->timer, worker->base, -1, 0, on_timer, conn);
    event_assign(&conn->wake, worker->base, -1, 0, on_wake, conn);
    go_idle(conn);
}

/* A connection that has just been made, or has a request in the socket already, is no idle one: it
 * has CONN_LAST_MS for it. */
static bool expects_request(const struct conn *conn)
{
    char byte;
    return conn->n_requests == 0 || recv(conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void conn_close_idle(struct server_worker *worker)
{
    struct conn *conn = worker->conns;
    while (conn) {
        struct conn *next = conn->next;
        if (conn->state == CONN_IDLE && conn->n_input == 0) {
            if (expects_request(conn)) {
                set_deadline(conn, CONN_LAST_MS);
            } else {
                conn_free(conn);
            }
        }
        conn = next;
    }
}

bool conn_make_room(struct server_worker *worker)
{
    struct conn *oldest = NULL;
    for (struct conn *conn = worker->conns; conn; conn = conn->next) {
        bool idle = conn->state == CONN_IDLE && conn->n_input == 0;
        if (idle && (!oldest || conn->deadline <= oldest->deadline)) {
            oldest = conn;
        }
    }
    if (oldest) {
        conn_free(oldest);
    }
    return oldest != NULL;
}

void conn_close_all(struct server_worker *worker)
{
    while (worker->conns) {
        conn_free(worker->conns);
    }
}
