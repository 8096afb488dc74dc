/* UTF-8 behind one small interface; utf8proc's own allocating calls are not used. */
#include "base/utf8.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdio.h>
#include <utf8proc.h>

bool utf8_is_plain(struct str text)
{
    /* Eight bytes at a time: a set high bit or a zero byte in any of them. */
    const uint64_t high = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
    size_t at = 0;
    for (; text.n - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, text.p + at, 8);
        if ((word & high) || ((word - ones) & ~word & high)) {
            return false;
        }
    }
    for (; at < text.n; at++) {
        if (text.p[at] == '\0' || (unsigned char)text.p[at] >= 0x80) {
            return false;
        }
    }
    return true;
}

size_t utf8_next(struct str text, int32_t *code)
{
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &c);
    *code = c;
    return n > 0 ? (size_t)n : 0;
}

static struct str utf8_from(struct str text, size_t at)
{
    return (struct str){text.p + at, text.n - at};
}

bool utf8_is_valid(struct str text, size_t *bad)
{
    if (utf8_is_plain(text)) {
        return true;
    }
    for (size_t at = 0; at < text.n;) {
        int32_t c;
        size_t n = utf8_next(utf8_from(text, at), &c);
        if (n == 0 || c == 0) {
            *bad = at;
            return false;
        }
        at += n;
    }
    return true;
}

/* Writes characters as UTF-8, unless `out` is NULL; the bytes they take. */
static size_t utf8_encode(const utf8proc_int32_t *codes, utf8proc_ssize_t n, char *out)
{
    size_t used = 0;
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        utf8proc_uint8_t bytes[4];
        size_t length = (size_t)utf8proc_encode_char(codes[i], bytes);
        if (out) {
            memcpy(out + used, bytes, length);
        }
        used += length;
    }
    return used;
}

static enum err utf8_form(struct str text, char *out, struct str *form, utf8proc_option_t options)
{
    utf8proc_int32_t codes[UTF8_MAX_FORM];
    if (text.n > UTF8_MAX_TEXT) {
        return ERR_LIMIT;
    }
    utf8proc_ssize_t n = utf8proc_decompose(
        (const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, codes, UTF8_MAX_FORM, options);
    if (n < 0) {
        return ERR_INVALID;
    }
    if (n > UTF8_MAX_FORM) {
        return ERR_LIMIT;
    }
    n = utf8proc_normalize_utf32(codes, n, options);
    if (n < 0) {
        return ERR_INVALID;
    }
    size_t used = utf8_encode(codes, n, NULL);
    if (used > UTF8_MAX_FORM - 1) {
        return ERR_LIMIT;
    }
    utf8_encode(codes, n, out);
    out[used] = '\0';
    *form = (struct str){out, used};
    return ERR_OK;
}

enum err utf8_nfc(struct str text, char out[UTF8_MAX_FORM], struct str *form)
{
    if (utf8_is_plain(text)) {
        *form = text;
        return text.n > UTF8_MAX_TEXT ? ERR_LIMIT : ERR_OK;
    }
    return utf8_form(text, out, form, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

enum err utf8_fold(struct str text, char out[UTF8_MAX_FORM], struct str *form)
{
    if (!utf8_is_plain(text)) {
        return utf8_form(text, out, form, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    }
    if (text.n > UTF8_MAX_TEXT) {
        return ERR_LIMIT;
    }
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    out[text.n] = '\0';
    *form = (struct str){out, text.n};
    return ERR_OK;
}

enum err utf8_search(struct str text, char out[UTF8_MAX_FORM], struct str *form)
{
    if (utf8_is_plain(text)) {
        return utf8_fold(text, out, form);
    }
    return utf8_form(text, out, form,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
}

enum err utf8_nfc_copy(struct arena *arena, struct str text, struct str *copy)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.p;
    size_t bad;
    if (utf8_is_plain(text)) {
        char *same = arena_text(arena, text.n ? text.p : "", text.n);
        *copy = same ? (struct str){same, text.n} : *copy;
        return same ? ERR_OK : ERR_NOMEM;
    }
    if (!utf8_is_valid(text, &bad)) {
        return ERR_INVALID;
    }
    utf8proc_ssize_t n = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.n, NULL, 0, options);
    struct arena *work = n < 0 ? NULL : arena_child(arena);
    utf8proc_int32_t *codes = work ? arena_alloc(work, (size_t)n + 1, sizeof *codes) : NULL;
    char *out = NULL;
    size_t used = 0;
    if (codes) {
        n = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.n, codes, n, options);
        n = n < 0 ? n : utf8proc_normalize_utf32(codes, n, options);
        used = utf8_encode(codes, n, NULL);
        out = n < 0 ? NULL : arena_alloc(arena, used + 1, 1);
    }
    if (out) {
        utf8_encode(codes, n, out);
        *copy = (struct str){out, used};
    }
    arena_free(work);
    return out ? ERR_OK : ERR_NOMEM;
}

/* Bytes of the white space at the start of `text`, 0 when there is none. */
static size_t utf8_space(struct str text)
{
    static const char *const spaces[] = {" ", "\t", "\n", "\r", "\xC2\xA0", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        size_t n = strlen(spaces[i]);
        if (text.n >= n && memcmp(text.p, spaces[i], n) == 0) {
            return n;
        }
    }
    return 0;
}

struct str utf8_trim(struct str text)
{
    for (size_t n; (n = utf8_space(text)) > 0;) {
        text = utf8_from(text, n);
    }
    for (;;) {
        size_t cut = 0;
        for (size_t n = 1; n <= 3 && n <= text.n && cut == 0; n++) {
            cut = utf8_space(utf8_from(text, text.n - n)) == n ? n : 0;
        }
        if (cut == 0) {
            return text;
        }
        text.n -= cut;
    }
}

/* Length and width of the character at the start of a text that is not empty. */
static size_t utf8_step(struct str text, size_t *width)
{
    int32_t c;
    size_t n = utf8_next(text, &c);
    if (n == 0 || c < 0x20 || c == 0x7F) {
        *width = 1;
        return n ? n : 1;
    }
    int columns = utf8proc_charwidth(c);
    *width = columns > 0 ? (size_t)columns : 0;
    return n;
}

size_t utf8_width(struct str text)
{
    size_t total = 0;
    for (size_t at = 0, width; at < text.n; total += width) {
        at += utf8_step(utf8_from(text, at), &width);
    }
    return total;
}

struct str utf8_take(struct str text, size_t width)
{
    size_t at = 0, used = 0;
    while (at < text.n) {
        size_t columns, n = utf8_step(utf8_from(text, at), &columns);
        if (columns > width - used) {
            break;
        }
        at += n;
        used += columns;
    }
    return (struct str){text.p, at};
}

/* Control characters, and those that make a terminal show text in another order. */
static bool utf8_is_control(int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || c == 0x2028 ||
           c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF;
}

/* Writes one character as shown, at most 12 bytes; its length in the text. */
static size_t utf8_show_one(struct str text, char shown[16])
{
    int32_t c;
    size_t n = utf8_next(text, &c);
    if (n == 0) {
        snprintf(shown, 16, "\\x%02X", (unsigned char)text.p[0]);
        return 1;
    }
    if (!utf8_is_control(c)) {
        memcpy(shown, text.p, n);
        shown[n] = '\0';
    } else if (c == '\n' || c == '\r' || c == '\t') {
        snprintf(shown, 16, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
    } else if (c < 0x80) {
        snprintf(shown, 16, "\\x%02X", (unsigned)c);
    } else {
        snprintf(shown, 16, "\\u{%04X}", (unsigned)c);
    }
    return n;
}

void utf8_add_shown(struct buf *buf, struct str text, size_t width)
{
    static const struct str more = {"...", 3};
    size_t total = 0, at = 0, room = 0;
    char shown[16];
    /* Up to `room` bytes fit together with the dots that say that there is more. */
    for (size_t from = 0; from < text.n && total <= width;) {
        from += utf8_show_one(utf8_from(text, from), shown);
        total += utf8_width(str_of(shown));
        room = total + more.n <= width ? from : room;
    }
    size_t stop = total <= width ? text.n : room;
    while (at < stop) {
        at += utf8_show_one(utf8_from(text, at), shown);
        buf_add_text(buf, shown);
    }
    if (stop < text.n) {
        buf_add(buf, more);
    }
}

/* The lower-case characters of a text, at most UTF8_MAX_LIKE; -1 when there are more. */
static int utf8_letters(struct str text, int32_t letters[UTF8_MAX_LIKE])
{
    int n = 0;
    for (size_t at = 0; at < text.n; n++) {
        int32_t c;
        size_t length = utf8_next(utf8_from(text, at), &c);
        if (n == UTF8_MAX_LIKE) {
            return -1;
        }
        letters[n] = length ? utf8proc_tolower(c) : (unsigned char)text.p[at];
        at += length ? length : 1;
    }
    return n;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int utf8_distance(struct str a, struct str b, int most)
{
    int32_t x[UTF8_MAX_LIKE], y[UTF8_MAX_LIKE];
    int rows[3][UTF8_MAX_LIKE + 1]; /* the last three rows of the table */
    int n = utf8_letters(a, x), m = utf8_letters(b, y);
    if (n < 0 || m < 0 || n - m > most || m - n > most) {
        return most + 1;
    }
    for (int j = 0; j <= m; j++) {
        rows[0][j] = j;
    }
    for (int i = 1; i <= n; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        int best = row[0] = i;
        for (int j = 1; j <= m; j++) {
            int change = above[j - 1] + (x[i - 1] != y[j - 1]);
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
                row[j] = least(row[j], second[j - 2] + 1);
            }
            best = least(best, row[j]);
        }
        if (best > most + 1) {
            return most + 1;
        }
    }
    return least(rows[n % 3][m], most + 1);
}
