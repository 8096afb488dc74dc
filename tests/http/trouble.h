/* Handlers that get a worker into trouble, by `how` in the query. */
#ifndef DUET_TESTS_TROUBLE_H
#define DUET_TESTS_TROUBLE_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

enum err trouble_escape(const struct http_request *req, struct http_response *res);
enum err trouble_fail(const struct http_request *req, struct http_response *res);

#endif
