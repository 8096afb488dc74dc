/* Origin verdict and session token. */
#include "http/csrf.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

_Static_assert(CSRF_TEXT == 43, "32 bytes in unpadded base64");

/* Whether `url` is an origin or an address of `req`'s own: same scheme, same host and port. */
static bool is_own(const struct http_request *req, struct str url)
{
    const char *scheme = req->secure ? "https://" : "http://";
    size_t n = strlen(scheme);
    if (req->host.n == 0 || url.n < n + req->host.n || strncasecmp(url.p, scheme, n) != 0 ||
        strncasecmp(url.p + n, req->host.p, req->host.n) != 0) {
        return false;
    }
    size_t end = n + req->host.n;
    return end == url.n || url.p[end] == '/';
}

bool csrf_same_origin(const struct http_request *req)
{
    struct str site = request_header(req, "sec-fetch-site");
    struct str origin = request_header(req, "origin");
    if (site.p && !str_is(site, "same-origin")) {
        return false;
    }
    if (origin.p) {
        return is_own(req, origin);
    }
    if (site.p) {
        return true;
    }
    struct str referer = request_header(req, "referer");
    return referer.p && is_own(req, referer);
}

void csrf_token(const uint8_t key[CSRF_KEY], char text[CSRF_TEXT + 1])
{
    static const unsigned char purpose[] = "duet csrf token";
    unsigned char mac[32];
    crypto_generichash(mac, sizeof mac, purpose, sizeof purpose - 1, key, CSRF_KEY);
    sodium_bin2base64(text, CSRF_TEXT + 1, mac, sizeof mac,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool token_is(const struct http_request *req, const uint8_t *key)
{
    char expected[CSRF_TEXT + 1];
    struct str sent = request_find(&req->form, CSRF_FIELD);
    if (!sent.p) {
        sent = request_header(req, "x-csrf-token");
    }
    csrf_token(key, expected);
    return sent.p && sent.n == CSRF_TEXT && sodium_memcmp(sent.p, expected, CSRF_TEXT) == 0;
}

enum err csrf_check(const struct http_request *req, enum csrf_level level, const uint8_t *key)
{
    if (level == CSRF_NONE) {
        return ERR_OK;
    }
    if (req->method == HTTP_GET || req->method == HTTP_HEAD || !csrf_same_origin(req)) {
        return ERR_FORBIDDEN;
    }
    return level == CSRF_ORIGIN || (key && token_is(req, key)) ? ERR_OK : ERR_FORBIDDEN;
}
