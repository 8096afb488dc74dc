/* Building an answer: headers that cannot be split, redirects that stay at home. */
#include "http/response.h"

#include "base/arena.h"
#include "http/limits.h"

#include <strings.h>
#include <unistd.h>

void response_init(struct http_response *res, struct arena *arena)
{
    *res = (struct http_response){.status = 200, .fd = -1, .arena = arena};
    buf_init(&res->body, arena, HTTP_MAX_PAGE);
}

void response_reset(struct http_response *res)
{
    if (res->fd >= 0) {
        close(res->fd);
    }
    response_init(res, res->arena);
}

static bool is_header_value(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c < ' ' || c >= 0x7f) {
            return false;
        }
    }
    return true;
}

static void fail(struct http_response *res, enum err err)
{
    res->err = res->err ? res->err : err;
}

static void add(struct http_response *res, const char *name, struct str value)
{
    if (!res->headers) {
        res->headers = arena_alloc(res->arena, HTTP_MAX_ANSWER_HEADERS, sizeof *res->headers);
    }
    if (!res->headers || !value.p) {
        fail(res, ERR_NOMEM);
    } else if (res->n_headers == HTTP_MAX_ANSWER_HEADERS) {
        fail(res, ERR_LIMIT);
    } else {
        res->headers[res->n_headers++] = (struct http_header){name, value};
    }
}

void response_add_header(struct http_response *res, const char *name, struct str value)
{
    if (!is_header_value(value)) {
        fail(res, ERR_INVALID);
        return;
    }
    add(res, name, (struct str){arena_text(res->arena, value.p, value.n), value.n});
}

void response_constant(struct http_response *res, const char *name, const char *value)
{
    if (!response_has(res, name)) {
        add(res, name, str_of(value));
    }
}

void response_header(struct http_response *res, const char *name, struct str value)
{
    int kept = 0;
    for (int i = 0; i < res->n_headers; i++) {
        if (strcasecmp(res->headers[i].name, name) != 0) {
            res->headers[kept++] = res->headers[i];
        }
    }
    res->n_headers = kept;
    response_add_header(res, name, value);
}

bool response_has(const struct http_response *res, const char *name)
{
    for (int i = 0; i < res->n_headers; i++) {
        if (strcasecmp(res->headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

void response_type(struct http_response *res, const char *type)
{
    response_header(res, "Content-Type", str_of(type));
}

/* '/', then no second slash and no backslash, which browsers take for one. */
static bool is_local(struct str path)
{
    if (path.n == 0 || path.p[0] != '/') {
        return false;
    }
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (c <= ' ' || c >= 0x7f || c == '\\') {
            return false;
        }
    }
    return path.n == 1 || path.p[1] != '/';
}

void response_redirect(struct http_response *res, struct str path)
{
    if (!is_local(path)) {
        fail(res, ERR_INVALID);
        return;
    }
    res->status = 303;
    response_header(res, "Location", path);
}

void response_redirect_outside(struct http_response *res, struct str url)
{
    if (url.n < 8 || strncasecmp(url.p, "https://", 8) != 0) {
        bool loopback = url.n > 17 && (strncasecmp(url.p, "http://127.0.0.1:", 17) == 0 ||
                                       strncasecmp(url.p, "http://localhost:", 17) == 0);
        if (!loopback) {
            fail(res, ERR_INVALID);
            return;
        }
    }
    res->status = 302;
    response_header(res, "Location", url);
}

void response_text(struct http_response *res, int status, const char *text)
{
    res->status = status;
    response_type(res, "text/plain; charset=utf-8");
    buf_clear(&res->body);
    buf_add_text(&res->body, text);
}

const char *response_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {100, "Continue"},
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "Other";
}
