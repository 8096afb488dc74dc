/* A push parser.  Inside a part the bytes of a delimiter begin with CR, which the rest of it does
 * not hold, so after a mismatch matching goes on at the very byte that did not match. */
#include "http/multipart.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum { AT_START, AFTER_DELIMITER, IN_HEAD, IN_DATA, AT_END };

static struct str rest_of(struct str text, size_t n)
{
    return (struct str){text.p + n, text.n - n};
}

static struct str trim(struct str text)
{
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t')) {
        text = rest_of(text, 1);
    }
    while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t')) {
        text.n--;
    }
    return text;
}

static bool starts(struct str text, const char *word)
{
    size_t n = strlen(word);
    return text.n >= n && strncasecmp(text.p, word, n) == 0;
}

/* The next parameter of a header value: ; name="value" or ; name=value.  In a quoted value \" and
 * \\ stand for what follows the backslash; any other backslash is itself (old browsers send
 * folders).  `value` is written to `out`, which has room for text.n bytes. */
static bool next_parameter(struct str *text, struct str *name, char *out, struct str *value)
{
    struct str at = trim(*text);
    size_t n = 0, used = 0;
    if (at.n == 0 || at.p[0] != ';') {
        return false;
    }
    at = trim(rest_of(at, 1));
    while (n < at.n && at.p[n] != '=' && at.p[n] != ';') {
        n++;
    }
    *name = trim((struct str){at.p, n});
    if (n == at.n || at.p[n] != '=') {
        return false;
    }
    at = trim(rest_of(at, n + 1));
    bool quoted = at.n > 0 && at.p[0] == '"';
    n = quoted ? 1 : 0;
    while (n < at.n && at.p[n] != (quoted ? '"' : ';')) {
        bool escape = quoted && at.p[n] == '\\' && n + 1 < at.n &&
                      (at.p[n + 1] == '"' || at.p[n + 1] == '\\');
        n += escape;
        out[used++] = at.p[n++];
    }
    if (quoted && n == at.n) {
        return false;
    }
    *value = quoted ? (struct str){out, used} : trim((struct str){out, used});
    *text = rest_of(at, quoted ? n + 1 : n);
    return true;
}

static bool is_boundary(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && (c == '\0' || !strchr("'()+_,-./:=? ", c))) {
            return false;
        }
    }
    return text.n > 0 && text.n <= HTTP_MAX_BOUNDARY && text.p[text.n - 1] != ' ';
}

enum err multipart_begin(struct multipart *m, struct str type, struct arena *arena,
                         const struct multipart_sink *sink, void *ctx)
{
    static const char wanted[] = "multipart/form-data";
    struct str name, value, text = trim(type);
    char out[512];
    *m = (struct multipart){.sink = sink, .ctx = ctx, .arena = arena, .state = AT_START};
    if (!starts(text, wanted) || text.n > sizeof out) {
        return ERR_INVALID;
    }
    text = rest_of(text, sizeof wanted - 1);
    while (next_parameter(&text, &name, out, &value)) {
        if (name.n == 8 && starts(name, "boundary")) {
            if (m->n_delimiter > 0 || !is_boundary(value)) {
                return ERR_INVALID;
            }
            memcpy(m->delimiter, "\r\n--", 4);
            memcpy(m->delimiter + 4, value.p, value.n);
            m->n_delimiter = value.n + 4;
        }
    }
    m->matched = 2; /* the first delimiter has no line end before it */
    return m->n_delimiter > 0 && trim(text).n == 0 ? ERR_OK : ERR_INVALID;
}

/* The name without folders; "file" when it is not UTF-8 or has control characters. */
static struct str clean_filename(struct str name)
{
    size_t bad;
    for (size_t i = name.n; i > 0; i--) {
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\') {
            name = rest_of(name, i);
            break;
        }
    }
    bool good = utf8_is_valid(name, &bad);
    for (size_t i = 0; i < name.n; i++) {
        good = good && (unsigned char)name.p[i] >= ' ' && name.p[i] != 0x7f;
    }
    if (!good) {
        return str_of("file");
    }
    if (name.n > HTTP_MAX_FILENAME) {
        name.n = HTTP_MAX_FILENAME;
        while (name.n > 0 && ((unsigned char)name.p[name.n] & 0xc0) == 0x80) {
            name.n--;
        }
    }
    return name;
}

static enum err keep(struct arena *arena, struct str text, struct str *kept)
{
    char *copy = arena_text(arena, text.p, text.n);
    *kept = (struct str){copy, text.n};
    return copy ? ERR_OK : ERR_NOMEM;
}

static enum err read_disposition(struct multipart *m, struct str text, struct multipart_part *part)
{
    struct str name, value;
    char out[HTTP_MAX_PART_HEAD];
    size_t bad;
    enum err err = ERR_OK;
    text = trim(text);
    if (part->name.p || !starts(text, "form-data")) {
        return ERR_INVALID;
    }
    text = rest_of(text, 9);
    while (err == ERR_OK && next_parameter(&text, &name, out, &value)) {
        if (name.n == 4 && starts(name, "name")) {
            if (part->name.p || !utf8_is_valid(value, &bad)) {
                return ERR_INVALID;
            }
            err = value.n > HTTP_MAX_NAME ? ERR_LIMIT : keep(m->arena, value, &part->name);
        } else if (name.n == 8 && starts(name, "filename")) {
            if (part->is_file) {
                return ERR_INVALID;
            }
            part->is_file = true;
            err = keep(m->arena, clean_filename(value), &part->filename);
        }
    }
    return err == ERR_OK && trim(text).n > 0 ? ERR_INVALID : err;
}

/* The headers of a part, which end in an empty line. */
static enum err read_head(struct multipart *m)
{
    struct multipart_part part = {.name = {NULL, 0}, .filename = {"", 0}, .type = {"", 0}};
    struct str text = {m->head, m->n_head};
    while (text.n > 2) {
        const char *end = memchr(text.p, '\r', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        struct str line = {text.p, n};
        enum err err = ERR_OK;
        if (n + 2 > text.n || text.p[n + 1] != '\n' || memchr(line.p, '\0', n) ||
            memchr(line.p, '\n', n)) {
            return ERR_INVALID;
        }
        if (starts(line, "content-disposition:")) {
            err = read_disposition(m, rest_of(line, 20), &part);
        } else if (starts(line, "content-type:")) {
            err = keep(m->arena, trim(rest_of(line, 13)), &part.type);
        }
        if (err != ERR_OK) {
            return err;
        }
        text = rest_of(text, n + 2);
    }
    return part.name.p ? m->sink->begin(m->ctx, &part) : ERR_INVALID;
}

/* Each feeder takes some bytes from the start of `bytes` and says how many. */
static enum err feed_after_delimiter(struct multipart *m, struct str bytes, size_t *taken)
{
    m->head[m->n_head++] = bytes.p[0];
    *taken = 1;
    if (m->n_head < 2) {
        return ERR_OK;
    }
    if (memcmp(m->head, "\r\n", 2) == 0) {
        m->state = IN_HEAD;
        m->n_head = 0;
        return ERR_OK;
    }
    if (memcmp(m->head, "--", 2) == 0) {
        m->state = AT_END;
        m->matched = 0;
        return ERR_OK;
    }
    return ERR_INVALID;
}

static enum err feed_head(struct multipart *m, struct str bytes, size_t *taken)
{
    if (m->n_head == sizeof m->head) {
        return ERR_LIMIT;
    }
    m->head[m->n_head++] = bytes.p[0];
    *taken = 1;
    bool empty = m->n_head == 2 && memcmp(m->head, "\r\n", 2) == 0;
    if (m->n_head < 4 || memcmp(m->head + m->n_head - 4, "\r\n\r\n", 4) != 0) {
        return empty ? ERR_INVALID : ERR_OK;
    }
    m->state = IN_DATA;
    m->matched = 0;
    return read_head(m);
}

static enum err delimited(struct multipart *m)
{
    bool first = m->state == AT_START;
    m->matched = 0;
    m->n_head = 0;
    m->state = AFTER_DELIMITER;
    return first ? ERR_OK : m->sink->end(m->ctx);
}

static enum err feed_data(struct multipart *m, struct str bytes, size_t *taken)
{
    if (m->matched > 0 || bytes.p[0] == '\r') {
        if (bytes.p[0] == m->delimiter[m->matched]) {
            *taken = 1;
            return ++m->matched == m->n_delimiter ? delimited(m) : ERR_OK;
        }
        if (m->state == AT_START) {
            return ERR_INVALID;
        }
        struct str before = {m->delimiter, m->matched};
        m->matched = 0; /* this byte is looked at again */
        *taken = 0;
        return m->sink->data(m->ctx, before);
    }
    const char *end = memchr(bytes.p, '\r', bytes.n);
    *taken = end ? (size_t)(end - bytes.p) : bytes.n;
    return m->sink->data(m->ctx, (struct str){bytes.p, *taken});
}

/* After the last delimiter one line end may come, and nothing else. */
static enum err feed_end(struct multipart *m, struct str bytes, size_t *taken)
{
    *taken = 1;
    if (m->matched < 2 && bytes.p[0] == "\r\n"[m->matched]) {
        m->matched++;
        return ERR_OK;
    }
    return ERR_INVALID;
}

enum err multipart_feed(struct multipart *m, struct str bytes)
{
    while (bytes.n > 0 && m->err == ERR_OK) {
        size_t taken = 0;
        if (m->state == AFTER_DELIMITER) {
            m->err = feed_after_delimiter(m, bytes, &taken);
        } else if (m->state == IN_HEAD) {
            m->err = feed_head(m, bytes, &taken);
        } else if (m->state == AT_END) {
            m->err = feed_end(m, bytes, &taken);
        } else {
            m->err = feed_data(m, bytes, &taken);
        }
        bytes = rest_of(bytes, taken);
    }
    return m->err;
}

enum err multipart_end(struct multipart *m)
{
    bool whole = m->state == AT_END && m->matched != 1;
    return m->err != ERR_OK ? m->err : whole ? ERR_OK : ERR_INVALID;
}
