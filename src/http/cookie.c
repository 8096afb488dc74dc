/* Cookies: one set of attributes, the strictest that sign-in by a link still works with. */
#include "http/cookie.h"

#include "base/buf.h"
#include "http/limits.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "__Host-"
#define MAX_HEADER (HTTP_MAX_COOKIE + 256)

struct str cookie_find(const struct http_request *req, const char *name)
{
    struct str found = {NULL, 0};
    size_t prefix = strlen(PREFIX), n = strlen(name);
    for (int i = 0; i < req->cookies.n; i++) {
        struct str there = req->cookies.items[i].name;
        if (there.n != prefix + n || memcmp(there.p, PREFIX, prefix) != 0 ||
            memcmp(there.p + prefix, name, n) != 0) {
            continue;
        }
        if (found.p) {
            return (struct str){NULL, 0};
        }
        found = req->cookies.items[i].value;
    }
    return found;
}

static bool is_value(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_' || c == '.')) {
            return false;
        }
    }
    return value.n <= HTTP_MAX_COOKIE;
}

static void add(struct http_response *res, const char *name, struct str value, const char *age)
{
    struct buf buf;
    struct str text;
    if (!is_value(value)) {
        res->err = res->err ? res->err : ERR_INVALID;
        return;
    }
    buf_init(&buf, res->arena, MAX_HEADER);
    buf_addf(&buf, PREFIX "%s=", name);
    buf_add(&buf, value);
    buf_addf(&buf, "; Path=/; Secure; HttpOnly; SameSite=Lax%s", age);
    enum err err = buf_end(&buf, &text);
    if (err != ERR_OK) {
        res->err = res->err ? res->err : err;
        return;
    }
    response_add_header(res, "Set-Cookie", text);
}

void cookie_set(struct http_response *res, const char *name, struct str value, int64_t max_age_s)
{
    char age[40] = "";
    if (max_age_s > 0) {
        snprintf(age, sizeof age, "; Max-Age=%lld", (long long)max_age_s);
    }
    add(res, name, value, age);
}

void cookie_clear(struct http_response *res, const char *name)
{
    add(res, name, (struct str){"", 0}, "; Max-Age=0");
}
