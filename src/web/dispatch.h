/* From a request to an answer: which route, who asks, whether they may, which language; then the
 * handler, in a transaction, and a page in words when it fails.
 *
 * In this order: asset or route (404, 405); session from the cookie; who the route is for (to the
 * sign-in page, or 403); whether the request comes from our own page (403); the fields; the
 * handler. */
#ifndef DUET_WEB_DISPATCH_H
#define DUET_WEB_DISPATCH_H

#include "base/err.h"
#include "http/server.h"

struct web;

/* As server_app has them; `state` is a struct web. */
enum err dispatch_handle(void *state, struct http_request *req, struct http_response *res);
void dispatch_admit(void *state, struct http_request *req, struct server_admission *admission);
void dispatch_failed(void *state, const struct http_request *req, int status,
                     struct http_response *res);
/* Writes down what a read leaves to be written: who opened what, that the session was seen. */
void dispatch_after(void *state, const struct http_request *req, const struct http_response *res);

#endif
