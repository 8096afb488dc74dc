/* multipart/form-data (RFC 7578), read as it arrives.  Pure: what it finds goes to a sink.
 *
 *     err = multipart_begin(&m, content_type, arena, &sink, ctx);
 *     err = multipart_feed(&m, bytes);          // any number of times, in pieces of any size
 *     err = multipart_end(&m);                  // ERR_INVALID: it stops in the middle
 *
 * Strict: no preamble, nothing after the end but one line end, no padding after a boundary.  Memory
 * is HTTP_MAX_PART_HEAD and the names of the parts, whatever is sent.  What the sink returns ends
 * the reading and is returned. */
#ifndef DUET_HTTP_MULTIPART_H
#define DUET_HTTP_MULTIPART_H

#include "base/err.h"
#include "base/str.h"
#include "http/limits.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Names are valid UTF-8 in the arena.  A file's name has no folders and is never NUL; what could
 * not be read is "file". */
struct multipart_part {
    struct str name;
    bool is_file; /* it has a filename, perhaps an empty one: no file was chosen */
    struct str filename;
    struct str type; /* Content-Type as sent, or empty */
};

struct multipart_sink {
    enum err (*begin)(void *ctx, const struct multipart_part *part);
    enum err (*data)(void *ctx, struct str bytes);
    enum err (*end)(void *ctx);
};

struct multipart {
    const struct multipart_sink *sink;
    void *ctx;
    struct arena *arena;
    int state;
    enum err err;
    char delimiter[HTTP_MAX_BOUNDARY + 5]; /* CRLF, "--", the boundary */
    size_t n_delimiter, matched;
    char head[HTTP_MAX_PART_HEAD];
    size_t n_head;
};

/* ERR_INVALID: `type` is not multipart/form-data with a boundary that RFC 2046 allows. */
MUST_CHECK enum err multipart_begin(struct multipart *m, struct str type, struct arena *arena,
                                    const struct multipart_sink *sink, void *ctx);

/* ERR_INVALID: malformed; ERR_LIMIT: the head of a part or a name is too long; ERR_NOMEM. */
MUST_CHECK enum err multipart_feed(struct multipart *m, struct str bytes);
MUST_CHECK enum err multipart_end(struct multipart *m);

#endif
