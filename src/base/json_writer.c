/* Writing JSON. */
#include "base/json_writer.h"

#include "base/buf.h"

#include <assert.h>
#include <math.h>

struct json_writer json_writer_begin(struct buf *buf)
{
    return (struct json_writer){.buf = buf};
}

/* What stands before a value: a comma, or nothing. */
static void before(struct json_writer *json)
{
    uint32_t bit = UINT32_C(1) << json->level;
    if (!json->keyed && (json->comma & bit)) {
        buf_add_char(json->buf, ',');
    }
    json->keyed = false;
    json->comma |= bit;
}

static void open_level(struct json_writer *json, char c)
{
    before(json);
    assert(json->level < JSON_WRITER_DEPTH);
    buf_add_char(json->buf, c);
    json->level++;
    json->comma &= ~(UINT32_C(1) << json->level);
}

static void close_level(struct json_writer *json, char c)
{
    assert(json->level > 0 && !json->keyed);
    json->level--;
    buf_add_char(json->buf, c);
}

void json_writer_object(struct json_writer *json)
{
    open_level(json, '{');
}

void json_writer_end_object(struct json_writer *json)
{
    close_level(json, '}');
}

void json_writer_array(struct json_writer *json)
{
    open_level(json, '[');
}

void json_writer_end_array(struct json_writer *json)
{
    close_level(json, ']');
}

/* How a byte is written, or NULL: as it is. */
static const char *escape(unsigned char c, char text[8])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        break;
    }
    if (c >= 0x20 && c != '<' && c != '>' && c != '&' && c != 0x7f) {
        return NULL;
    }
    static const char digits[] = "0123456789abcdef";
    memcpy(text, "\\u00xx", 7);
    text[4] = digits[c >> 4];
    text[5] = digits[c & 15];
    return text;
}

static void quoted(struct json_writer *json, struct str text)
{
    size_t from = 0;
    buf_add_char(json->buf, '"');
    for (size_t i = 0; i < text.n; i++) {
        char room[8];
        const char *as = escape((unsigned char)text.p[i], room);
        if (as) {
            buf_add(json->buf, (struct str){text.p + from, i - from});
            buf_add_text(json->buf, as);
            from = i + 1;
        }
    }
    if (text.n > from) {
        buf_add(json->buf, (struct str){text.p + from, text.n - from});
    }
    buf_add_char(json->buf, '"');
}

void json_writer_key(struct json_writer *json, const char *key)
{
    before(json);
    quoted(json, str_of(key));
    buf_add_char(json->buf, ':');
    json->keyed = true;
}

void json_writer_text(struct json_writer *json, struct str text)
{
    before(json);
    quoted(json, text);
}

void json_writer_int(struct json_writer *json, int64_t value)
{
    before(json);
    buf_add_int(json->buf, value);
}

void json_writer_double(struct json_writer *json, double value)
{
    if (!isfinite(value)) {
        json_writer_null(json);
        return;
    }
    before(json);
    buf_add_exact(json->buf, value);
}

void json_writer_bool(struct json_writer *json, bool value)
{
    before(json);
    buf_add_text(json->buf, value ? "true" : "false");
}

void json_writer_null(struct json_writer *json)
{
    before(json);
    buf_add_text(json->buf, "null");
}
