/* The answer that a handler makes.
 *
 * Nothing is sent before the handler returns, so a handler that fails half-way leaves nothing
 * behind: the server answers 500 instead.  Failures of the calls here stick in `err`, as in a
 * struct buf, and end in a 500 too; a handler need not check each.
 *
 *     response_type(res, "text/html; charset=utf-8");
 *     buf_add_text(&res->body, "...");
 *
 * Status 200 and the security headers of header.h are there from the start. */
#ifndef DUET_HTTP_RESPONSE_H
#define DUET_HTTP_RESPONSE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct http_request;

enum http_cache {
    HTTP_CACHE_NO_STORE,  /* pages of a person: the default */
    HTTP_CACHE_PRIVATE,   /* the browser may keep it and must ask whether it changed */
    HTTP_CACHE_PUBLIC,    /* anybody may keep it and must ask */
    HTTP_CACHE_IMMUTABLE, /* for good: the address holds the content's hash */
    HTTP_CACHE__MAX
};

struct http_header {
    const char *name; /* constant or in the arena */
    struct str value;
};

struct http_response {
    int status; /* 200 */
    enum err err;
    enum http_cache cache;
    struct http_header *headers;
    int n_headers;

    struct buf body;  /* at most HTTP_MAX_PAGE */
    struct str fixed; /* instead of `body`: bytes that outlive the answer; p NULL: none */
    int fd;           /* instead of both: a part of a file, closed when sent; -1: none */
    int64_t fd_offset, fd_length;

    struct arena *arena;
};

/* An empty answer; what was there is forgotten (a descriptor is closed). */
void response_init(struct http_response *res, struct arena *arena);
void response_reset(struct http_response *res);

/* Adds a header, or replaces the one of this name.  ERR_INVALID sticks when the value holds a
 * control character (so no CR or LF can split a header) or bytes beyond ASCII; the name is constant
 * text.  Content-Length, Date, Connection and Cache-Control are the server's. */
void response_header(struct http_response *res, const char *name, struct str value);

/* As response_header, but beside others of the same name (Set-Cookie, Link). */
void response_add_header(struct http_response *res, const char *name, struct str value);

/* A header whose value is the program's own and lives as long as it does, where there is none of
 * that name yet. */
void response_constant(struct http_response *res, const char *name, const char *value);

bool response_has(const struct http_response *res, const char *name);

void response_type(struct http_response *res, const char *type);

/* 303 to an address of ours: `path` begins with a single '/' and is in URL form (url_path of url.h
 * makes one).  Anything else sticks as ERR_INVALID, so an open redirect is not possible. */
void response_redirect(struct http_response *res, struct str path);

/* 302 to another site, over https (or http to this machine itself); only for hosts that the
 * administrator configured (single sign-on).  Anything else sticks as ERR_INVALID. */
void response_redirect_outside(struct http_response *res, struct str url);

/* A short plain text with this status; for programs and as a last resort.  Pages for people are
 * made by web/. */
void response_text(struct http_response *res, int status, const char *text);

/* "Not Found" ..., never NULL. */
const char *response_reason(int status);

#endif
