/* Who is at the other end: addresses, and what a trusted proxy says about them. */
#ifndef DUET_HTTP_PEER_H
#define DUET_HTTP_PEER_H

#include "base/str.h"
#include "http/request.h"

#include <stdbool.h>

struct sockaddr;

struct peer {
    char address[HTTP_ADDRESS + 1]; /* numeric; IPv4 in IPv6 as IPv4; "unix" */
    bool loopback;
};

/* From what accept(2) gave. */
void peer_read(struct peer *peer, const struct sockaddr *from);

/* Sets address, secure and loopback of `req`, whose headers are there.  Only where the peer is one
 * of `trusted` (addresses as text, ended by NULL; may be NULL): the client is the last address of
 * X-Forwarded-For that is not trusted itself, and X-Forwarded-Proto says whether it used TLS.  A
 * request that came through anybody's proxy is not `loopback`. */
void peer_apply(const struct peer *peer, const char *const *trusted, struct http_request *req);

/* Whether `address` is in a list ended by NULL; the list may be NULL. */
bool peer_listed(const char *const *list, const char *address);

#endif
