/* Text buffers: doubled as needed, beyond BUF_SMALL in a child arena each time. */
#include "base/buf.h"

#include "base/arena.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define BUF_FIRST 256u
#define BUF_SMALL 16384u   /* bytes up to which the old copy may stay in the arena */
#define BUF_FIXED_MAX 9e15 /* largest scaled value of buf_add_fixed: exact as a double */
#define BUF_DECIMALS_MAX 9

void buf_init(struct buf *buf, struct arena *arena, size_t max)
{
    *buf = (struct buf){.parent = arena, .max = max};
}

void buf_clear(struct buf *buf)
{
    buf->n = 0;
    buf->err = ERR_OK;
    if (buf->p) {
        buf->p[0] = '\0';
    }
}

enum err buf_end(const struct buf *buf, struct str *text)
{
    if (!buf->err) {
        *text = (struct str){buf->p ? buf->p : "", buf->n};
    }
    return buf->err;
}

/* Makes room for `more` bytes and the NUL.  False: failed now or before. */
static bool buf_reserve(struct buf *buf, size_t more)
{
    if (buf->err) {
        return false;
    }
    if (more > buf->max - buf->n) {
        buf->err = ERR_LIMIT;
        return false;
    }
    size_t need = buf->n + more + 1;
    if (need <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity ? buf->capacity : BUF_FIRST;
    while (capacity < need) {
        capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
    }
    capacity = capacity - 1 > buf->max ? buf->max + 1 : capacity;
    bool small = capacity <= BUF_SMALL;
    struct arena *own = small ? NULL : arena_child(buf->parent);
    struct arena *from = small ? buf->parent : own;
    char *p = from ? arena_grow(from, buf->p, buf->n, capacity, 1) : NULL;
    if (!p) {
        arena_free(own);
        buf->err = ERR_NOMEM;
        return false;
    }
    arena_free(buf->own);
    buf->own = own;
    buf->p = p;
    buf->capacity = capacity;
    return true;
}

char *buf_grow(struct buf *buf, size_t n)
{
    if (!buf_reserve(buf, n)) {
        return NULL;
    }
    char *place = buf->p + buf->n;
    buf->n += n;
    buf->p[buf->n] = '\0';
    return place;
}

void buf_expect(struct buf *buf, size_t n)
{
    if (!buf->err && n <= buf->max - buf->n) {
        buf_reserve(buf, n);
    }
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, str_of(text));
}

void buf_add_char(struct buf *buf, char c)
{
    char *place = buf_room(buf, 1);
    if (place) {
        *place = c;
    }
}

void buf_add_repeat(struct buf *buf, char c, size_t n)
{
    if (n > 0 && buf_reserve(buf, n)) {
        memset(buf->p + buf->n, c, n);
        buf->n += n;
        buf->p[buf->n] = '\0';
    }
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    if (n < 0) {
        buf->err = buf->err ? buf->err : ERR_LIMIT;
    } else if (buf_reserve(buf, (size_t)n)) {
        vsnprintf(buf->p + buf->n, (size_t)n + 1, fmt, again);
        buf->n += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

/* Digits without printf: an output of a million numbers spends its time here. */
static char *put_digits(char *end, uint64_t value, int least)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    for (; value >= 10 || least > 1; least -= 2) {
        end -= 2;
        memcpy(end, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value > 0 || least > 0) {
        *--end = (char)('0' + value);
    }
    return end;
}

struct str buf_digits(char text[BUF_DIGITS], int64_t value)
{
    char *end = text + BUF_DIGITS;
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    char *at = put_digits(end, size, 1);
    if (value < 0) {
        *--at = '-';
    }
    return (struct str){at, (size_t)(end - at)};
}

void buf_add_int(struct buf *buf, int64_t value)
{
    char text[BUF_DIGITS];
    buf_add(buf, buf_digits(text, value));
}

void buf_add_fixed(struct buf *buf, double value, int decimals)
{
    static const double scales[BUF_DECIMALS_MAX + 1] = {1,   1e1, 1e2, 1e3, 1e4,
                                                        1e5, 1e6, 1e7, 1e8, 1e9};
    int places = decimals < 0 ? 0 : decimals > BUF_DECIMALS_MAX ? BUF_DECIMALS_MAX : decimals;
    double scaled = fabs(value) * scales[places];
    if (!(scaled <= BUF_FIXED_MAX)) {
        buf_add_exact(buf, value);
        return;
    }
    uint64_t units = (uint64_t)(scaled + 0.5), scale = (uint64_t)scales[places];
    char text[48], *end = text + sizeof text, *at = end;
    if (places > 0) {
        at = put_digits(at, units % scale, places);
        *--at = '.';
    }
    at = put_digits(at, units / scale, 1);
    if (value < 0 && units > 0) {
        *--at = '-';
    }
    buf_add(buf, (struct str){at, (size_t)(end - at)});
}

void buf_add_exact(struct buf *buf, double value)
{
    if (isnan(value) || isinf(value)) {
        buf_add_text(buf, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    char text[64];
    snprintf(text, sizeof text, "%.17g", value);
    /* Whatever the locale puts between the digits, in one byte or more, becomes a point. */
    for (const char *c = text; *c; c++) {
        if ((*c >= '0' && *c <= '9') || *c == '-' || *c == '+' || *c == 'e') {
            buf_add_char(buf, *c);
        } else if (buf->n > 0 && !buf->err && buf->p[buf->n - 1] != '.') {
            buf_add_char(buf, '.');
        }
    }
}
