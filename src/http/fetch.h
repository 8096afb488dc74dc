/* One outgoing request to a fixed, configured server, bounded in every way; hides libcurl.
 *
 * Only https, or http to this machine itself (127.0.0.1, ::1, localhost), so that a test or a proxy
 * beside Duet can be used.  No redirects, no cookies, no proxy from the environment, no other
 * protocol; certificates are checked against the system's.  Blocks for at most FETCH_TOTAL_MS:
 * never call it in a web worker. */
#ifndef DUET_HTTP_FETCH_H
#define DUET_HTTP_FETCH_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

#define FETCH_MAX_URL 2048
#define FETCH_MAX_REPLY ((size_t)1 << 20) /* bytes of the body */
#define FETCH_CONNECT_MS 5000L
#define FETCH_TOTAL_MS 10000L
#define FETCH_REASON 256

struct fetch_request {
    const char *url;
    const char *form; /* POST with this application/x-www-form-urlencoded body; NULL: GET */
    const char *user, *password; /* HTTP Basic; NULL: none */
};

struct fetch_reply {
    long status;
    struct str body; /* in the arena, NUL-terminated */
};

/* Whether a URL may be asked at all: https, or http to this machine; no user information. */
bool fetch_allowed(const char *url);

/* ERR_OK whatever the status; ERR_FORBIDDEN: see fetch_allowed; ERR_LIMIT: too long; ERR_IO:
 * `reason` says why, one line without the URL; ERR_REFUSED: the same, of a certificate that does
 * not hold; ERR_NOMEM. */
MUST_CHECK enum err fetch(struct arena *arena, const struct fetch_request *request,
                          struct fetch_reply *reply, char reason[FETCH_REASON]);

#endif
