/* A request as handlers see it: parsed, decoded, bounded.
 *
 * Everything here was checked before a handler runs: the path is decoded once, valid UTF-8 without
 * control characters, begins with '/', and has no empty (but perhaps the last), "." or ".."
 * segments; names and values of query and form are valid UTF-8 without NUL.  Anything else was
 * answered 400.  All memory is in `arena` and lives until the answer has been sent.  Handlers read
 * values through field.h, which makes them typed. */
#ifndef DUET_HTTP_REQUEST_H
#define DUET_HTTP_REQUEST_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct service_calls;

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_METHOD__MAX };

/* Names and values in the order sent; a name may come more than once. */
struct http_pair {
    struct str name, value;
};

struct http_pairs {
    struct http_pair *items;
    int n;
};

/* A file of a multipart form, or a body that went to disk.  It lies in the data directory under a
 * random name, mode 0600, and is removed when the request ends unless upload_keep moved it. */
struct http_upload {
    struct str field;    /* empty for a body */
    struct str filename; /* as the client calls it, without folders; to be shown, never opened */
    struct str type;     /* what the client says it is; not to be trusted */
    const char *path;    /* where it lies */
    int64_t size;        /* bytes */
    int fd;              /* open for reading and writing, at its start */
    bool kept;
};

enum http_body_kind {
    HTTP_BODY_NONE,
    HTTP_BODY_URLENCODED, /* in `form` */
    HTTP_BODY_MULTIPART,  /* in `form` and `uploads` */
    HTTP_BODY_RAW,        /* in `body` */
    HTTP_BODY_FILE,       /* in uploads[0] */
    HTTP_BODY__MAX
};

#define HTTP_ID 16      /* characters of a request's id */
#define HTTP_ADDRESS 46 /* bytes of a numeric address with NUL */

struct http_request {
    enum http_method method;
    struct str path;
    struct http_pairs query, form, cookies;
    struct http_pairs headers; /* names in lower case */

    enum http_body_kind body_kind;
    struct str body;
    struct http_upload *uploads;
    int n_uploads;

    char id[HTTP_ID + 1];           /* random; in the log line and in the header X-Request-Id */
    char address[HTTP_ADDRESS + 1]; /* of the client; "unix" without a proxy on a unix socket */
    bool secure;                    /* it reached us, or the trusted proxy, over TLS */
    bool loopback;                  /* from this machine, no proxy between */
    struct str host;                /* the Host header, checked for form only; with port */
    int64_t now_ms;                 /* when its head was complete */

    /* Set by the handler: the route's pattern ("/people/:id") for log and metrics; constant. */
    const char *route;

    /* The handler's own, NULL at first: what it wants to find again when it runs once more after
     * ERR_PENDING, and in `after`. */
    void *memo;

    struct arena *arena;
    struct service_calls *calls; /* service.h */
};

/* The first value of this name, or a view with p == NULL. */
struct str request_find(const struct http_pairs *pairs, const char *name);

/* A header by its name in lower case; a view with p == NULL when it is not there.  A header other
 * than Cookie that came more than once is joined with ", ". */
struct str request_header(const struct http_request *req, const char *name);

/* "GET", "POST" ... */
const char *request_method_name(enum http_method method);

/* "https://host" or "http://host", as the browser sees us; the start of absolute addresses. */
MUST_CHECK enum err request_origin(const struct http_request *req, struct str *origin);

/* Whether the browser prefers `type` ("application/json") by name in Accept. */
bool request_accepts(const struct http_request *req, const char *type);

#endif
