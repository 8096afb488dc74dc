/* The workers' end of services: one connection to each process, made when it is first needed. */
#include "http/service.h"

#include "base/arena.h"
#include "http/limits.h"
#include "http/request.h"
#include "http/service_client.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct service_link {
    struct service_client *client;
    const struct service_address *address;
    int fd; /* -1: not connected */
    struct event readable;
    struct service_call *waiting;
    int n_waiting;
};

struct service_client {
    struct event_base *base;
    const struct service_set *set;
    struct service_link links[SERVICE_MAX_PROCESSES];
    uint64_t next_id;
    char message[sizeof(struct service_header) + SERVICE_MAX_MESSAGE];
};

struct service_client *service_client_new(struct event_base *base, const struct service_set *set)
{
    struct service_client *client = calloc(1, sizeof *client);
    if (!client) {
        return NULL;
    }
    client->base = base;
    client->set = set;
    for (int i = 0; i < set->n; i++) {
        client->links[i] =
            (struct service_link){.client = client, .address = &set->addresses[i], .fd = -1};
    }
    return client;
}

/* Takes a call out of the list of those that wait. */
static void unlink_call(struct service_call *call)
{
    struct service_link *link = call->link;
    struct service_call **at = &link->waiting;
    while (*at && *at != call) {
        at = &(*at)->next;
    }
    if (*at) {
        *at = call->next;
        link->n_waiting--;
    }
    call->link = NULL;
    call->next = NULL;
    event_del(&call->timer);
}

/* An answer, or the news that there will be none; the last one wakes the request. */
static void settle(struct service_call *call, enum err err, struct str answer)
{
    struct service_calls *calls = call->calls;
    unlink_call(call);
    call->err = err;
    if (err == ERR_OK) {
        char *copy = arena_text(calls->arena, answer.p, answer.n);
        call->answer = (struct str){copy, answer.n};
        call->err = copy ? ERR_OK : ERR_NOMEM;
    }
    if (--calls->n_waiting == 0 && calls->resume) {
        calls->resume(calls->ctx);
    }
}

static void on_timeout(int fd, short what, void *ctx)
{
    (void)fd;
    (void)what;
    settle(ctx, ERR_LIMIT, (struct str){"", 0});
}

static void link_close(struct service_link *link)
{
    if (link->fd >= 0) {
        event_del(&link->readable);
        close(link->fd);
        link->fd = -1;
    }
}

/* The process ended: nobody will answer what waits here.  Waking a request only marks it (see
 * service_calls.resume), so nothing new is asked meanwhile. */
static void link_lost(struct service_link *link)
{
    link_close(link);
    while (link->waiting) {
        settle(link->waiting, ERR_IO, (struct str){"", 0});
    }
}

static void on_readable(int fd, short what, void *ctx)
{
    struct service_link *link = ctx;
    struct service_header header;
    char *message = link->client->message;
    (void)what;
    ssize_t n = recv(fd, message, sizeof link->client->message, MSG_DONTWAIT);
    if (n <= 0) {
        if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            link_lost(link);
        }
        return;
    }
    if ((size_t)n < sizeof header) {
        link_lost(link);
        return;
    }
    memcpy(&header, message, sizeof header);
    for (struct service_call *call = link->waiting; call; call = call->next) {
        if (call->id == header.id) {
            bool known = header.err >= 0 && header.err < ERR__MAX;
            settle(call, known ? (enum err)header.err : ERR_IO,
                   (struct str){message + sizeof header, (size_t)n - sizeof header});
            return;
        }
    }
}

static enum err link_open(struct service_link *link)
{
    if (link->fd >= 0) {
        return ERR_OK;
    }
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return ERR_IO;
    }
    const struct sockaddr *name = (const struct sockaddr *)&link->address->name;
    if (connect(fd, name, (socklen_t)link->address->name_length) != 0 ||
        event_assign(&link->readable, link->client->base, fd, EV_READ | EV_PERSIST, on_readable,
                     link) != 0 ||
        event_add(&link->readable, NULL) != 0) {
        close(fd);
        return ERR_IO;
    }
    link->fd = fd;
    return ERR_OK;
}

/* Of the processes of a service, the one with the fewest questions of ours; NULL: no such. */
static struct service_link *choose(struct service_client *client, int service)
{
    struct service_link *best = NULL;
    for (int i = 0; client && i < client->set->n; i++) {
        struct service_link *link = &client->links[i];
        if (link->address->service == service && (!best || link->n_waiting < best->n_waiting)) {
            best = link;
        }
    }
    return best;
}

static enum err post(struct service_link *link, uint64_t id, struct str question)
{
    struct service_header header = {.id = id, .n = (uint32_t)question.n};
    struct iovec parts[2] = {{&header, sizeof header}, {(void *)(uintptr_t)question.p, question.n}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    for (int attempt = 0; attempt < 2; attempt++) {
        enum err err = link_open(link);
        if (err != ERR_OK) {
            return err;
        }
        ssize_t n = sendmsg(link->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n == (ssize_t)(sizeof header + question.n)) {
            return ERR_OK;
        }
        if (n < 0 && errno == EAGAIN) {
            return ERR_LIMIT; /* it is behind with what it has */
        }
        link_lost(link); /* an old connection to a process that has ended: once more */
    }
    return ERR_IO;
}

static enum err send_call(struct service_call *call, struct str question, int64_t timeout_ms)
{
    struct service_client *client = call->calls->client;
    struct service_link *link = choose(client, call->service);
    int64_t wait = timeout_ms > 0 && timeout_ms < HTTP_ANSWER_MS ? timeout_ms : HTTP_ANSWER_MS;
    struct timeval limit = {.tv_sec = wait / 1000, .tv_usec = wait % 1000 * 1000};
    if (!link) {
        return ERR_INVALID;
    }
    if (question.n > SERVICE_MAX_MESSAGE || link->n_waiting >= SERVICE_MAX_WAITING) {
        return ERR_LIMIT;
    }
    call->id = ++client->next_id;
    if (event_assign(&call->timer, client->base, -1, 0, on_timeout, call) != 0) {
        return ERR_NOMEM;
    }
    enum err err = post(link, call->id, question);
    if (err != ERR_OK) {
        return err;
    }
    if (event_add(&call->timer, &limit) != 0) {
        return ERR_NOMEM;
    }
    call->link = link;
    call->next = link->waiting;
    link->waiting = call;
    link->n_waiting++;
    call->calls->n_waiting++;
    return ERR_PENDING;
}

/* A failure to ask is remembered as an answer is, so that the order of the calls stays. */
static enum err ask(struct service_calls *calls, int service, struct str question,
                    int64_t timeout_ms)
{
    if (calls->n == SERVICE_MAX_CALLS) {
        return ERR_LIMIT;
    }
    struct service_call *call = &calls->items[calls->n++];
    calls->asked++;
    *call = (struct service_call){.calls = calls, .service = service};
    call->err = send_call(call, question, timeout_ms);
    return call->err;
}

enum err service_ask(struct http_request *req, int index, struct str question, int64_t timeout_ms,
                     struct str *answer)
{
    struct service_calls *calls = req->calls;
    if (!calls) {
        return ERR_INVALID;
    }
    if (calls->asked == calls->n) {
        return ask(calls, index, question, timeout_ms);
    }
    const struct service_call *call = &calls->items[calls->asked++];
    if (call->service != index) {
        return ERR_INVALID; /* not the order of the run before */
    }
    if (call->link) {
        return ERR_PENDING;
    }
    if (call->err == ERR_OK) {
        *answer = call->answer;
    }
    return call->err;
}

void service_calls_rewind(struct service_calls *calls)
{
    calls->asked = 0;
}

void service_calls_drop(struct service_calls *calls)
{
    calls->resume = NULL;
    for (int i = 0; i < calls->n; i++) {
        if (calls->items[i].link) {
            unlink_call(&calls->items[i]);
        }
    }
    calls->n_waiting = 0;
}

void service_client_free(struct service_client *client)
{
    for (int i = 0; client && i < client->set->n; i++) {
        link_lost(&client->links[i]);
    }
    free(client);
}
