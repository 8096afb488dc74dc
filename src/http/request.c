/* Reading a request's parts. */
#include "http/request.h"

#include "base/buf.h"
#include "http/limits.h"

#include <string.h>

struct str request_find(const struct http_pairs *pairs, const char *name)
{
    for (int i = 0; i < pairs->n; i++) {
        if (str_is(pairs->items[i].name, name)) {
            return pairs->items[i].value;
        }
    }
    return (struct str){NULL, 0};
}

struct str request_header(const struct http_request *req, const char *name)
{
    return request_find(&req->headers, name);
}

const char *request_method_name(enum http_method method)
{
    static const char *const names[HTTP_METHOD__MAX] = {[HTTP_GET] = "GET",
                                                        [HTTP_HEAD] = "HEAD",
                                                        [HTTP_POST] = "POST",
                                                        [HTTP_PUT] = "PUT",
                                                        [HTTP_DELETE] = "DELETE"};
    return (unsigned)method < HTTP_METHOD__MAX ? names[method] : "-";
}

enum err request_origin(const struct http_request *req, struct str *origin)
{
    struct buf buf;
    buf_init(&buf, req->arena, HTTP_MAX_HEAD);
    buf_add_text(&buf, req->secure ? "https://" : "http://");
    buf_add(&buf, req->host);
    return buf_end(&buf, origin);
}

bool request_accepts(const struct http_request *req, const char *type)
{
    struct str accept = request_header(req, "accept");
    size_t n = strlen(type);
    for (size_t at = 0; accept.n >= n && at <= accept.n - n; at++) {
        bool starts = at == 0 || accept.p[at - 1] == ',' || accept.p[at - 1] == ' ';
        bool ends = at + n == accept.n || accept.p[at + n] == ',' || accept.p[at + n] == ';';
        if (starts && ends && memcmp(accept.p + at, type, n) == 0) {
            return true;
        }
    }
    return false;
}
