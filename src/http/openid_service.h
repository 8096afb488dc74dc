/* Single sign-on for web workers: openid.h in the one service process that may reach outside.
 *
 *     err = openid_ask_authorize(req, SERVICE_OUTSIDE, &provider, &flow, &url); // ERR_PENDING
 * first err = openid_ask_exchange(req, SERVICE_OUTSIDE, &provider, &flow, code, iss, &claims);
 *
 * The question carries what the administrator entered, so that a change is in force at once; what
 * was learnt of a provider is kept while the settings stay the same. */
#ifndef DUET_HTTP_OPENID_SERVICE_H
#define DUET_HTTP_OPENID_SERVICE_H

#include "base/err.h"
#include "base/str.h"
#include "http/openid.h"
#include "http/service.h"

struct http_request;

#define OPENID_ASK_MS 25000 /* three requests to the provider at most, see fetch.h */

extern const struct service_spec openid_service;

/* As openid_authorize and openid_exchange, and as service_ask; texts in the request's arena. */
MUST_CHECK enum err openid_ask_authorize(struct http_request *req, int service,
                                         const struct openid_provider *provider,
                                         const struct openid_flow *flow, struct str *url);
MUST_CHECK enum err openid_ask_exchange(struct http_request *req, int service,
                                        const struct openid_provider *provider,
                                        const struct openid_flow *flow, struct str code,
                                        struct str iss, struct openid_claims *claims);

#endif
