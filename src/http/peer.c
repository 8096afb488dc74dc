/* Peers and proxies. */
#include "http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

void peer_read(struct peer *peer, const struct sockaddr *from)
{
    *peer = (struct peer){.address = "unix"};
    if (from->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)from;
        inet_ntop(AF_INET, &in->sin_addr, peer->address, sizeof peer->address);
        peer->loopback = (ntohl(in->sin_addr.s_addr) >> 24) == 127;
    } else if (from->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)(const void *)from;
        if (IN6_IS_ADDR_V4MAPPED(&in->sin6_addr)) {
            inet_ntop(AF_INET, &in->sin6_addr.s6_addr[12], peer->address, sizeof peer->address);
            peer->loopback = in->sin6_addr.s6_addr[12] == 127;
        } else {
            inet_ntop(AF_INET6, &in->sin6_addr, peer->address, sizeof peer->address);
            peer->loopback = IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
        }
    }
}

bool peer_listed(const char *const *list, const char *address)
{
    for (int i = 0; list && list[i]; i++) {
        if (strcmp(list[i], address) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes the last part off a comma-separated list, trimmed. */
static struct str take_last(struct str *list)
{
    size_t n = list->n;
    while (n > 0 && list->p[n - 1] != ',') {
        n--;
    }
    struct str last = {list->p + n, list->n - n};
    list->n = n > 0 ? n - 1 : 0;
    while (last.n > 0 && (last.p[0] == ' ' || last.p[0] == '\t')) {
        last = (struct str){last.p + 1, last.n - 1};
    }
    while (last.n > 0 && (last.p[last.n - 1] == ' ' || last.p[last.n - 1] == '\t')) {
        last.n--;
    }
    return last;
}

/* A numeric address in one form of writing; false when it is none. */
static bool normal_address(struct str text, char address[HTTP_ADDRESS + 1])
{
    unsigned char bytes[sizeof(struct in6_addr)];
    char copy[HTTP_ADDRESS + 1];
    if (text.n == 0 || text.n > HTTP_ADDRESS) {
        return false;
    }
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    int family = strchr(copy, ':') ? AF_INET6 : AF_INET;
    return inet_pton(family, copy, bytes) == 1 &&
           inet_ntop(family, bytes, address, HTTP_ADDRESS + 1) != NULL;
}

void peer_apply(const struct peer *peer, const char *const *trusted, struct http_request *req)
{
    struct str forwarded = request_header(req, "x-forwarded-for");
    struct str proto = request_header(req, "x-forwarded-proto");
    bool proxied = forwarded.p || proto.p || request_header(req, "forwarded").p ||
                   request_header(req, "via").p || request_header(req, "x-real-ip").p;
    memcpy(req->address, peer->address, sizeof req->address);
    req->loopback = peer->loopback && !proxied;
    req->secure = false;
    if (!peer_listed(trusted, peer->address)) {
        return;
    }
    while (forwarded.n > 0) {
        char address[HTTP_ADDRESS + 1];
        if (!normal_address(take_last(&forwarded), address)) {
            break;
        }
        memcpy(req->address, address, sizeof req->address);
        if (!peer_listed(trusted, address)) {
            break;
        }
    }
    if (proto.n > 0) {
        struct str last = take_last(&proto);
        req->secure = last.n == 5 && strncasecmp(last.p, "https", 5) == 0;
    }
}
