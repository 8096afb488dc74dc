/* The body of a request, taken in as it arrives: into fields, into memory or into a file.
 *
 *     status = body_begin(&body, req, &admission, length, data_dir);
 *     status = body_feed(body, bytes);     // any number of times
 *     status = body_end(body);             // the request is complete
 *
 * Each returns 0, or the status to refuse the request with: 400 malformed, 413 too large, 415 a
 * type that is not admitted, 500 no memory or disk.  Memory: what is admitted in memory, else the
 * fields of a form.  Files of the request are the caller's to drop (body_drop). */
#ifndef DUET_HTTP_BODY_H
#define DUET_HTTP_BODY_H

#include "base/str.h"
#include "http/request.h"
#include "http/server.h"

#include <stdint.h>

struct body;

int body_begin(struct body **body, struct http_request *req,
               const struct server_admission *admission, int64_t length, const char *data_dir);
int body_feed(struct body *body, struct str bytes);
int body_end(struct body *body);

/* Closes and removes what was not kept. */
void body_drop(struct http_request *req);

#endif
