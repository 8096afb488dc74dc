/* Cookies that only the server reads: Secure, HttpOnly, SameSite=Lax, Path=/, no Domain.
 *
 * The name sent is "__Host-" + `name`, so that no other host or path can plant one.  Chromium
 * keeps such cookies over plain http from localhost and 127.0.0.1 too (tests/http/browser.t.mjs),
 * so there is no second, weaker name for trying Duet out on one's own machine; elsewhere, and in
 * browsers that are stricter, it takes https. */
#ifndef DUET_HTTP_COOKIE_H
#define DUET_HTTP_COOKIE_H

#include "base/str.h"
#include "http/request.h"
#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

/* The value, or a view with p == NULL.  A name that comes twice is nobody's: NULL. */
struct str cookie_find(const struct http_request *req, const char *name);

/* `value` is letters, digits, '-', '_', '.' (anything else sticks as ERR_INVALID).  max_age_s: 0
 * until the browser is closed. */
void cookie_set(struct http_response *res, const char *name, struct str value, int64_t max_age_s);
void cookie_clear(struct http_response *res, const char *name);

#endif
