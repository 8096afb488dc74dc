/* Whether a request was made by one of our own pages.
 *
 * Two checks, both for everything that changes something: what the browser says about where the
 * request comes from, and a token that only our pages of this session hold.  Constant time. */
#ifndef DUET_HTTP_CSRF_H
#define DUET_HTTP_CSRF_H

#include "base/err.h"
#include "base/str.h"
#include "http/request.h"

#include <stdbool.h>
#include <stdint.h>

enum csrf_level {
    CSRF_NONE,   /* reading */
    CSRF_ORIGIN, /* changes without a session (sign-in): POST from our own origin */
    CSRF_TOKEN,  /* changes: and the token */
    CSRF__MAX
};

#define CSRF_KEY 32       /* bytes of a session's key */
#define CSRF_TEXT 43      /* characters of a token */
#define CSRF_FIELD "csrf" /* the form field; scripts send the header X-Csrf-Token */

/* Where the request comes from, by Sec-Fetch-Site, else Origin, else Referer.  A request that says
 * none of them is refused where it would change something. */
bool csrf_same_origin(const struct http_request *req);

/* The token of a session, NUL-terminated. */
void csrf_token(const uint8_t key[CSRF_KEY], char text[CSRF_TEXT + 1]);

/* ERR_OK, or ERR_FORBIDDEN.  `key` may be NULL below CSRF_TOKEN. */
MUST_CHECK enum err csrf_check(const struct http_request *req, enum csrf_level level,
                               const uint8_t *key);

#endif
