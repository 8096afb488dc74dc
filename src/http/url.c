/* Addresses and urlencoded forms.  Decoding happens once, into the arena; what could be read in two
 * ways is refused instead of repaired. */
#include "http/url.h"

#include "base/arena.h"
#include "base/list.h"
#include "base/utf8.h"
#include "http/limits.h"

#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes %XX (and '+' as a space, in forms) into the arena.  The result is UTF-8 without NUL. */
static enum err decode(struct str text, bool form, struct arena *arena, struct str *out)
{
    char *p = arena_text(arena, text.p, text.n);
    size_t n = 0, bad;
    if (!p) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            int high = i + 2 < text.n ? hex(text.p[i + 1]) : -1;
            int low = i + 2 < text.n ? hex(text.p[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return ERR_INVALID;
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        p[n++] = c;
    }
    p[n] = '\0';
    *out = (struct str){p, n};
    return utf8_is_valid(*out, &bad) ? ERR_OK : ERR_INVALID;
}

/* The part before `mark`; `rest` is what follows it, with p == NULL when there was no mark. */
static struct str cut(struct str text, char mark, struct str *rest)
{
    const char *at = text.n ? memchr(text.p, mark, text.n) : NULL;
    if (!at) {
        *rest = (struct str){NULL, 0};
        return text;
    }
    size_t n = (size_t)(at - text.p);
    *rest = (struct str){at + 1, text.n - n - 1};
    return (struct str){text.p, n};
}

static bool is_segment(struct str segment, bool last)
{
    return (segment.n > 0 || last) && !str_is(segment, ".") && !str_is(segment, "..");
}

/* A raw path is ASCII without blanks; its slashes are the only ones. */
static enum err check_path(struct str raw, struct str decoded)
{
    size_t slashes = 0, decoded_slashes = 0;
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char c = (unsigned char)raw.p[i];
        if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
            return ERR_INVALID;
        }
        slashes += c == '/';
    }
    for (size_t i = 0; i < decoded.n; i++) {
        unsigned char c = (unsigned char)decoded.p[i];
        if (c < ' ' || c == 0x7f || c == '\\') {
            return ERR_INVALID;
        }
        decoded_slashes += c == '/';
    }
    if (slashes != decoded_slashes) {
        return ERR_INVALID;
    }
    struct str rest = {decoded.p + 1, decoded.n - 1}, segment;
    do {
        segment = cut(rest, '/', &rest);
        if (!is_segment(segment, !rest.p)) {
            return ERR_INVALID;
        }
    } while (rest.p);
    return ERR_OK;
}

enum err url_parse(struct str target, struct arena *arena, struct str *path,
                   struct http_pairs *query)
{
    struct str rest, decoded, raw = cut(target, '?', &rest);
    if (raw.n == 0 || raw.p[0] != '/') {
        return ERR_INVALID;
    }
    enum err err = decode(raw, false, arena, &decoded);
    if (err == ERR_OK) {
        err = check_path(raw, decoded);
    }
    if (err == ERR_OK) {
        err = url_form(rest, arena, query);
    }
    if (err == ERR_OK) {
        *path = decoded;
    }
    return err;
}

static enum err form_pair(struct str text, struct arena *arena, struct list *pairs)
{
    struct str value, name = cut(text, '=', &value);
    struct http_pair pair;
    enum err err = decode(name, true, arena, &pair.name);
    if (err == ERR_OK) {
        err = decode(value, true, arena, &pair.value);
    }
    if (err == ERR_OK && pair.name.n > HTTP_MAX_NAME) {
        err = ERR_LIMIT;
    }
    if (err == ERR_OK && !list_add(pairs, &pair)) {
        err = pairs->err;
    }
    return err;
}

enum err url_form(struct str text, struct arena *arena, struct http_pairs *pairs)
{
    struct list list;
    struct str rest = text;
    list_init(&list, arena, sizeof(struct http_pair), HTTP_MAX_PAIRS);
    while (rest.p) {
        struct str part = cut(rest, '&', &rest);
        enum err err = part.n ? form_pair(part, arena, &list) : ERR_OK;
        if (err != ERR_OK) {
            return err;
        }
    }
    *pairs = (struct http_pairs){list.items, (int)list.n};
    return ERR_OK;
}

bool url_segment(struct str *path, struct str *segment)
{
    if (path->n == 0) {
        return false;
    }
    struct str rest;
    struct str from = path->p[0] == '/' ? (struct str){path->p + 1, path->n - 1} : *path;
    *segment = cut(from, '/', &rest);
    /* The slash stays in front of what is left, so that "/a/" gives "a" and then "". */
    *path = (struct str){segment->p + segment->n, from.n - segment->n};
    return true;
}

static void add_escaped(struct buf *buf, struct str text, bool slash)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~' || (c == '/' && slash);
        if (plain) {
            buf_add_char(buf, (char)c);
        } else {
            char code[3] = {'%', digits[c >> 4], digits[c & 15]};
            buf_add(buf, (struct str){code, sizeof code});
        }
    }
}

void url_add(struct buf *buf, struct str text)
{
    add_escaped(buf, text, false);
}

void url_add_path(struct buf *buf, struct str path)
{
    add_escaped(buf, path, true);
}
