/* Answering with a file, or a part of it: ranges and conditional requests (RFC 9110, 13 and 14).
 *
 * One range is served (206, or 416 beyond the end); a request for several gets the whole. If-Range,
 * If-None-Match and If-Modified-Since are honoured; HEAD gives the headers alone.  The file's bytes
 * never pass through our memory. */
#ifndef DUET_HTTP_FILE_H
#define DUET_HTTP_FILE_H

#include "base/err.h"
#include "base/str.h"
#include "http/request.h"
#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

struct file_reply {
    int fd;              /* a regular file; taken over, also on failure */
    const char *type;    /* from an allow-list of the caller, never the uploader's word */
    struct str etag;     /* without quotes; n == 0: made from the file's time and size */
    struct str download; /* the name to save it under; n == 0: shown in the browser */
    bool foreign; /* content that somebody uploaded: served under a sandbox policy of its own */
    enum http_cache cache;
};

/* Fills `res` from the file.  ERR_IO: it cannot be read, or is no regular file. */
MUST_CHECK enum err file_serve(const struct http_request *req, const struct file_reply *reply,
                               struct http_response *res);

/* Whether the client has this state already: sets 304 and returns true.  For pages with an own ETag
 * (without quotes) and for files; `modified_ms` < 0: unknown. */
bool file_unchanged(const struct http_request *req, struct str etag, int64_t modified_ms,
                    struct http_response *res);

#endif
