/* Addresses and ids: which may stand in a page, and how they are made from parts. */
#include "html/html.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

static const char *const schemes[] = {"https", "http", "mailto", "tel"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The same text but for the case of ASCII letters; `word` is lower-case letters. */
static bool is_scheme(struct str text, const char *word)
{
    size_t n = strlen(word);
    if (text.n != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if ((text.p[i] | 0x20) != word[i] || !is_letter(text.p[i])) {
            return false;
        }
    }
    return true;
}

/* Control characters, spaces and backslashes: browsers remove or reinterpret them. */
static bool has_bad_bytes(struct str url)
{
    for (size_t i = 0; i < url.n; i++) {
        unsigned char c = (unsigned char)url.p[i];
        if (c <= 0x20 || c == 0x7f || c == '\\') {
            return true;
        }
    }
    return false;
}

bool html_url_allowed(struct str url)
{
    size_t bad, n = 0;
    if (url.n == 0 || has_bad_bytes(url) || !utf8_is_valid(url, &bad) ||
        (url.n >= 2 && url.p[0] == '/' && url.p[1] == '/')) {
        return false;
    }
    while (n < url.n && !strchr(":/?#", url.p[n])) {
        n++;
    }
    if (n == url.n || url.p[n] != ':') {
        return true; /* relative */
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (is_scheme((struct str){url.p, n}, schemes[i])) {
            return true;
        }
    }
    return false;
}

/* A text being made, in place; `full` once it did not fit. */
struct line {
    char text[HTML_PATH_MAX];
    size_t n;
    bool full;
};

static void put(struct line *line, char c)
{
    if (line->n == sizeof line->text) {
        line->full = true;
    } else {
        line->text[line->n++] = c;
    }
}

static void put_encoded(struct line *line, struct str part)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < part.n; i++) {
        char c = part.p[i];
        if (is_letter(c) || is_digit(c) || (c && strchr("-._~", c))) {
            put(line, c);
        } else {
            put(line, '%');
            put(line, digits[(unsigned char)c >> 4]);
            put(line, digits[(unsigned char)c & 15]);
        }
    }
}

/* An id takes only what html_attr_id takes; anything else is found there. */
static void put_plain(struct line *line, struct str part)
{
    for (size_t i = 0; i < part.n; i++) {
        put(line, part.p[i]);
    }
}

/* Fills a pattern; sticks a failure in `h` and gives an empty text then. */
static struct str fill(struct html *h, const char *pattern, const struct html_arg *args, size_t n,
                       void (*add)(struct line *line, struct str part))
{
    struct line line; /* not cleared: most addresses are short */
    size_t used = 0;
    line.n = 0;
    line.full = false;
    for (const char *c = pattern; *c; c++) {
        if (c[0] != '{' || c[1] != '}') {
            put(&line, *c);
            continue;
        }
        c++;
        if (used == n) {
            used++;
            break;
        }
        const struct html_arg *arg = &args[used++];
        char digits[BUF_DIGITS];
        add(&line, arg->kind == HTML_ARG_INT ? buf_digits(digits, arg->number) : arg->text);
    }
    enum err err = used != n ? ERR_INVALID : line.full ? ERR_LIMIT : ERR_OK;
    const char *copy = err ? NULL : arena_text(h->arena, line.text, line.n);
    if (!copy) {
        h->err = h->err ? h->err : err ? err : ERR_NOMEM;
        return (struct str){"", 0};
    }
    return (struct str){copy, line.n};
}

struct str html_path_of(struct html *h, const char *pattern, const struct html_arg *args, size_t n)
{
    return fill(h, pattern, args, n, put_encoded);
}

struct str html_id_of(struct html *h, const char *pattern, const struct html_arg *args, size_t n)
{
    return fill(h, pattern, args, n, put_plain);
}
