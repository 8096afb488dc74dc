/* Requests made from the text of a head, for the tests of what reads them. */
#ifndef DUET_TESTS_HTTP_TEST_H
#define DUET_TESTS_HTTP_TEST_H

#include "base/arena.h"
#include "http/head.h"
#include "http/peer.h"
#include "http/request.h"
#include "http/response.h"
#include "http/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A GET (or what the text says) of a peer on this machine; ends the test program when it is wrong.
 */
static inline struct http_request *test_request(struct arena *arena, const char *text)
{
    struct head head;
    const struct peer peer = {.address = "127.0.0.1", .loopback = true};
    struct http_request *req = arena_alloc(arena, 1, sizeof *req);
    if (!req || head_parse(str_of(text), arena, &head) != 0 ||
        url_parse(head.target, arena, &req->path, &req->query) != ERR_OK) {
        printf("Bail out! not a request: %s\n", text);
        exit(1);
    }
    req->method = head.method;
    req->headers = head.headers;
    req->cookies = head.cookies;
    req->host = head.host;
    req->arena = arena;
    peer_apply(&peer, NULL, req);
    return req;
}

/* "GET /x" with these header lines, each ended by CRLF. */
static inline struct http_request *test_get(struct arena *arena, const char *headers)
{
    char text[8192];
    snprintf(text, sizeof text, "GET /x HTTP/1.1\r\nHost: duet.example\r\n%s\r\n", headers);
    return test_request(arena, text);
}

/* The value of an answer's header, or "". */
static inline const char *test_answer(const struct http_response *res, const char *name)
{
    for (int i = 0; i < res->n_headers; i++) {
        if (strcmp(res->headers[i].name, name) == 0) {
            return res->headers[i].value.p;
        }
    }
    return "";
}

#endif
