/* Writing JSON (RFC 8259) into a buffer, value by value; commas and quotes come by themselves.
 *
 *     struct json_writer json = json_writer_begin(&buf);
 *     json_writer_object(&json);
 *     json_writer_key(&json, "name");
 *     json_writer_text(&json, name);
 *     json_writer_end_object(&json);
 *     err = buf_end(&buf, &text);
 *
 * Texts must be UTF-8.  "<", ">" and "&" are written as \u003c and so on, so that the text can
 * stand in a page.  Failures stick in the buffer.  That what is opened is closed, and that members
 * have keys, is the caller's; at most JSON_WRITER_DEPTH levels (asserted). */
#ifndef DUET_BASE_JSON_WRITER_H
#define DUET_BASE_JSON_WRITER_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;

#define JSON_WRITER_DEPTH 30

struct json_writer {
    struct buf *buf;
    uint32_t comma; /* bit k: a value stands before on level k */
    int level;
    bool keyed; /* a key stands before: no comma */
};

struct json_writer json_writer_begin(struct buf *buf);

void json_writer_object(struct json_writer *json);
void json_writer_end_object(struct json_writer *json);
void json_writer_array(struct json_writer *json);
void json_writer_end_array(struct json_writer *json);
void json_writer_key(struct json_writer *json, const char *key);

void json_writer_text(struct json_writer *json, struct str text);
void json_writer_int(struct json_writer *json, int64_t value);
void json_writer_double(struct json_writer *json,
                        double value); /* null when not finite; 17 digits */
void json_writer_bool(struct json_writer *json, bool value);
void json_writer_null(struct json_writer *json);

#endif
