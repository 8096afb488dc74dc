/* The workers' end of service.h: connections to the service processes, and questions that wait. */
#ifndef DUET_HTTP_SERVICE_CLIENT_H
#define DUET_HTTP_SERVICE_CLIENT_H

#include "base/err.h"
#include "base/str.h"
#include "http/service.h"

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/un.h>

struct arena;
struct event_base;
struct service_client;

/* A message on the socket: this, and then the bytes of the question or answer. */
struct service_header {
    uint64_t id;
    int32_t err;
    uint32_t n; /* bytes that follow */
};

/* Where the processes of all services listen; made by the master before it forks. */
#define SERVICE_MAX_PROCESSES 16
struct service_address {
    int service; /* index in the app's list */
    int fd;      /* the listening socket */
    struct sockaddr_un name;
    unsigned name_length;
};
struct service_set {
    struct service_address addresses[SERVICE_MAX_PROCESSES];
    int n;
};

/* The questions of one request, in the order asked. */
struct service_call {
    struct service_calls *calls;
    struct service_link *link; /* where the answer will come from; NULL: it is here */
    struct service_call *next; /* of those that wait at one link */
    uint64_t id;
    int service;
    enum err err;
    struct str answer;
    struct event timer;
};
struct service_calls {
    struct service_client *client;
    struct arena *arena;
    int n, asked; /* of this run of the handler */
    int n_waiting;
    /* When nothing waits any more.  Must only take note: it is called in the midst of things. */
    void (*resume)(void *ctx);
    void *ctx;
    struct service_call items[SERVICE_MAX_CALLS];
};

struct service_client *service_client_new(struct event_base *base, const struct service_set *set);
void service_client_free(struct service_client *client);

/* The handler begins again; answers stay. */
void service_calls_rewind(struct service_calls *calls);
/* Nobody waits for the answers any more. */
void service_calls_drop(struct service_calls *calls);

#endif
