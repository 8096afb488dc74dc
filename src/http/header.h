/* The security headers that every answer carries (OWASP ASVS 4.0, V14.4).
 *
 *   Content-Security-Policy     nothing but our own files; no inline script or style, no frames
 *   X-Content-Type-Options      nosniff
 *   Referrer-Policy             same-origin
 *   Permissions-Policy          camera, microphone, geolocation ... off
 *   Cross-Origin-Opener-Policy  same-origin
 *   Cross-Origin-Resource-Policy same-origin
 *   Strict-Transport-Security   two years, on requests that came over TLS
 *   Cache-Control               by res->cache; no-store unless the handler says otherwise
 *
 * The server calls header_secure itself; a handler's own header of the same name stays. */
#ifndef DUET_HTTP_HEADER_H
#define DUET_HTTP_HEADER_H

#include "http/request.h"
#include "http/response.h"

/* The policy of pages, for tests and the security page. */
extern const char header_policy[];
/* The policy of uploaded content: a sandbox without scripts. */
extern const char header_foreign_policy[];

void header_secure(const struct http_request *req, struct http_response *res);

#endif
