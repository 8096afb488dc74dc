/* From a head to a log line. */
#include "http/exchange.h"

#include "base/arena.h"
#include "base/log.h"
#include "http/body.h"
#include "http/header.h"
#include "http/limits.h"
#include "http/metrics.h"
#include "http/peer.h"
#include "http/url.h"
#include "http/worker.h"

#include <stdio.h>
#include <string.h>

#define USUAL_HEAD 1500 /* bytes of most answers' heads */

struct exchange *exchange_new(struct server_worker *worker, const struct peer *peer)
{
    struct arena *arena = arena_new(HTTP_MAX_ARENA);
    struct exchange *exchange = arena ? arena_alloc(arena, 1, sizeof *exchange) : NULL;
    if (!exchange) {
        arena_free(arena);
        return NULL;
    }
    exchange->worker = worker;
    exchange->arena = arena;
    exchange->begun_us = worker_clock_us();
    exchange->calls.client = worker->services;
    exchange->calls.arena = arena;
    exchange->send.fd = -1;
    response_init(&exchange->res, arena);
    struct http_request *req = &exchange->req;
    req->arena = arena;
    req->calls = &exchange->calls;
    req->now_ms = worker_time_ms();
    req->path = req->host = (struct str){"", 0};
    snprintf(req->id, sizeof req->id, "%08x%08x", worker->id_begin, worker->id_next++);
    memcpy(req->address, peer->address, sizeof req->address);
    return exchange;
}

void exchange_free(struct exchange *exchange)
{
    if (exchange) {
        service_calls_drop(&exchange->calls);
        body_drop(&exchange->req);
        response_reset(&exchange->res);
        arena_free(exchange->arena);
    }
}

int exchange_head(struct exchange *exchange, const struct peer *peer, struct str text)
{
    struct http_request *req = &exchange->req;
    struct head *head = &exchange->head;
    int status = head_parse(text, exchange->arena, head);
    req->method = head->method;
    if (status) {
        return status;
    }
    req->headers = head->headers;
    req->cookies = head->cookies;
    req->host = head->host.p ? head->host : (struct str){"", 0};
    exchange->close = !head->keep_alive;
    peer_apply(peer, exchange->worker->options->trusted_proxies, req);
    enum err err = url_parse(head->target, exchange->arena, &req->path, &req->query);
    return err == ERR_OK ? 0 : err == ERR_NOMEM ? 500 : 400;
}

int exchange_admit(struct exchange *exchange)
{
    const struct server_app *app = exchange->worker->app;
    struct server_admission admission = {.body = SERVER_BODY_FORM};
    if (app->admit) {
        app->admit(exchange->worker->state, &exchange->req, &admission);
    }
    if (admission.refuse) {
        if (admission.allow) {
            response_header(&exchange->res, "Allow", str_of(admission.allow));
        }
        return admission.refuse;
    }
    return body_begin(&exchange->body, &exchange->req, &admission, exchange->head.length,
                      exchange->worker->options->data_dir);
}

int exchange_body(struct exchange *exchange, struct str bytes)
{
    metrics_add(exchange->worker->metrics, METRICS_RECEIVED, (int64_t)bytes.n);
    return body_feed(exchange->body, bytes);
}

int exchange_body_end(struct exchange *exchange)
{
    return body_end(exchange->body);
}

/* Whether this status has no body at all (RFC 9110, 6.4.1). */
static bool is_bodyless(int status)
{
    return status < 200 || status == 204 || status == 304;
}

static const char *cache_control(enum http_cache cache)
{
    static const char *const values[HTTP_CACHE__MAX] = {
        [HTTP_CACHE_NO_STORE] = "no-store",
        [HTTP_CACHE_PRIVATE] = "private, no-cache",
        [HTTP_CACHE_PUBLIC] = "public, no-cache",
        [HTTP_CACHE_IMMUTABLE] = "public, max-age=31536000, immutable",
    };
    return values[cache];
}

static void write_head(struct exchange *exchange, struct buf *head, int64_t length)
{
    const struct http_response *res = &exchange->res;
    buf_add_text(head, "HTTP/1.1 ");
    buf_add_int(head, res->status);
    buf_add_text(head, " ");
    buf_add_text(head, response_reason(res->status));
    buf_add_text(head, "\r\nDate: ");
    buf_add_text(head, exchange->worker->date);
    buf_add_text(head, "\r\n");
    for (int i = 0; i < res->n_headers; i++) {
        buf_add_text(head, res->headers[i].name);
        buf_add_text(head, ": ");
        buf_add(head, res->headers[i].value);
        buf_add_text(head, "\r\n");
    }
    buf_add_text(head, "Cache-Control: ");
    buf_add_text(head, cache_control(res->cache));
    buf_add_text(head, "\r\nX-Request-Id: ");
    buf_add_text(head, exchange->req.id);
    if (!is_bodyless(res->status)) {
        buf_add_text(head, "\r\nContent-Length: ");
        buf_add_int(head, length);
    }
    buf_add_text(head, "\r\nConnection: ");
    buf_add_text(head, exchange->close ? "close\r\n\r\n" : "keep-alive\r\n\r\n");
}

/* Turns the answer into bytes.  What has gone wrong by now is told by `err`. */
static enum err assemble(struct exchange *exchange)
{
    struct http_response *res = &exchange->res;
    struct send *send = &exchange->send;
    struct str body = res->fixed;
    struct buf head;
    header_secure(&exchange->req, res);
    enum err err = res->err;
    if (err == ERR_OK && res->fd < 0 && !body.p) {
        err = buf_end(&res->body, &body);
    }
    if (err != ERR_OK) {
        return err;
    }
    bool silent = exchange->req.method == HTTP_HEAD || is_bodyless(res->status);
    buf_init(&head, exchange->arena, HTTP_MAX_HEAD * 4);
    buf_expect(&head, USUAL_HEAD);
    write_head(exchange, &head, res->fd >= 0 ? res->fd_length : (int64_t)body.n);
    *send = (struct send){.fd = res->fd};
    send->body = silent || res->fd >= 0 ? (struct str){"", 0} : body;
    send->offset = res->fd_offset;
    send->left = silent || res->fd < 0 ? 0 : res->fd_length;
    err = buf_end(&head, &send->head);
    exchange->answered = err == ERR_OK;
    return err;
}

/* The page of the app for an answer of the server's own; plain text when it has none. */
static void fill_failure(struct exchange *exchange, int status)
{
    struct http_response *res = &exchange->res;
    const struct server_app *app = exchange->worker->app;
    response_text(res, status, response_reason(status));
    if (app->failed) {
        buf_clear(&res->body);
        app->failed(exchange->worker->state, &exchange->req, status, res);
        res->status = status;
    }
    if (status == 405 && !response_has(res, "Allow")) {
        response_header(res, "Allow", str_of("GET, HEAD, POST, PUT, DELETE"));
    }
    if (status == 503 || status == 429) {
        response_header(res, "Retry-After", str_of("2"));
    }
}

/* The answer when not even a page about the failure can be made. */
static void assemble_bare(struct exchange *exchange)
{
    static const char text[] = "HTTP/1.1 500 Internal Server Error\r\n"
                               "Content-Length: 0\r\nConnection: close\r\n\r\n";
    response_reset(&exchange->res);
    exchange->res.status = 500;
    exchange->close = true;
    exchange->send = (struct send){.head = {text, sizeof text - 1}, .fd = -1};
    exchange->answered = true;
}

static void finish_failure(struct exchange *exchange, int status)
{
    fill_failure(exchange, status);
    if (assemble(exchange) != ERR_OK) {
        response_reset(&exchange->res);
        response_text(&exchange->res, status, response_reason(status));
        if (assemble(exchange) != ERR_OK) {
            assemble_bare(exchange);
        }
    }
}

void exchange_refuse(struct exchange *exchange, int status)
{
    exchange->close = true;
    exchange->refused = true;
    if (status == 500 || exchange->res.err != ERR_OK) {
        response_reset(&exchange->res);
    }
    metrics_add(exchange->worker->metrics, METRICS_REFUSED, 1);
    finish_failure(exchange, status);
}

static void log_failure(const struct exchange *exchange, enum err err)
{
    struct log line;
    log_begin(&line, "failed");
    log_text(&line, "id", str_of(exchange->req.id));
    log_text(&line, "route", str_of(exchange->req.route ? exchange->req.route : "-"));
    log_text(&line, "error", str_of(err_name(err)));
    log_end(&line);
}

static enum err answer_health(struct exchange *exchange)
{
    const struct server_worker *worker = exchange->worker;
    bool well = !worker->app->healthy || worker->app->healthy(worker->state) == ERR_OK;
    exchange->req.route = "/healthz";
    response_text(&exchange->res, well ? 200 : 503, well ? "ok\n" : "unwell\n");
    return ERR_OK;
}

static enum err answer_metrics(struct exchange *exchange)
{
    const struct server_worker *worker = exchange->worker;
    const struct http_request *req = &exchange->req;
    exchange->req.route = "/metrics";
    if (!req->loopback && !peer_listed(worker->options->metrics_readers, req->address)) {
        response_text(&exchange->res, 404, response_reason(404));
        return ERR_OK;
    }
    response_type(&exchange->res, "text/plain; version=0.0.4; charset=utf-8");
    metrics_write(worker->metrics, &exchange->res.body);
    return ERR_OK;
}

static enum err handle(struct exchange *exchange)
{
    struct http_request *req = &exchange->req;
    bool reads = req->method == HTTP_GET || req->method == HTTP_HEAD;
    if (reads && str_is(req->path, "/healthz")) {
        return answer_health(exchange);
    }
    if (reads && str_is(req->path, "/metrics")) {
        return answer_metrics(exchange);
    }
    return exchange->worker->app->handle(exchange->worker->state, req, &exchange->res);
}

enum err exchange_run(struct exchange *exchange)
{
    struct server_worker *worker = exchange->worker;
    response_reset(&exchange->res);
    service_calls_rewind(&exchange->calls);
    enum err err = handle(exchange);
    if (err == ERR_PENDING && exchange->calls.n_waiting > 0) {
        return ERR_PENDING;
    }
    exchange->close = exchange->close || worker->stopping;
    if (err == ERR_OK) {
        err = assemble(exchange);
    }
    if (err != ERR_OK) {
        log_failure(exchange, err);
        response_reset(&exchange->res);
        if (err == ERR_NOMEM) {
            worker_stop(worker, true);
            exchange->close = true;
        }
        finish_failure(exchange, err == ERR_NOMEM || err == ERR_BUSY ? 503 : 500);
    }
    return ERR_OK;
}

void exchange_log(const struct exchange *exchange)
{
    struct metrics *metrics = exchange->worker->metrics;
    int64_t took = worker_clock_us() - exchange->begun_us;
    int status = exchange->res.status, class = status >= 100 && status < 600 ? status / 100 : 5;
    struct log line;
    const char *route = exchange->req.route;
    metrics_add(metrics, METRICS_SENT, exchange->send.sent);
    if (exchange->answered) {
        metrics_add(metrics, (enum metrics_own)(METRICS_REQUESTS_1XX + class - 1), 1);
        metrics_observe(metrics, took);
    }
    log_begin(&line, exchange->answered ? "request" : "aborted");
    log_text(&line, "id", str_of(exchange->req.id));
    log_text(&line, "method",
             str_of(exchange->head.method_known ? request_method_name(exchange->req.method) : "-"));
    log_text(&line, "route", str_of(route ? route : exchange->refused ? "refused" : "-"));
    if (exchange->answered) {
        log_int(&line, "status", status);
    }
    log_int(&line, "bytes", exchange->send.sent);
    log_micro(&line, "ms", took);
    log_end(&line);
}
