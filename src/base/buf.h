/* Building text: a buffer that grows up to a stated maximum.
 *
 * Appending never fails loudly: the first failure (no memory, maximum reached) sticks, later
 * appends do nothing, and buf_end() reports it once.  Text is always NUL-terminated.
 *
 *     struct buf buf;
 *     buf_init(&buf, arena, 1u << 20);
 *     buf_addf(&buf, "%d people, ", n);
 *     buf_add_fixed(&buf, share, 2);
 *     err = buf_end(&buf, &text);
 *
 * Numbers look the same in every locale: a point, no grouping. */
#ifndef DUET_BASE_BUF_H
#define DUET_BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

struct buf {
    char *p;  /* NULL while empty and never allocated */
    size_t n; /* bytes, without the NUL */
    size_t max;
    enum err err; /* ERR_OK, ERR_NOMEM or ERR_LIMIT: the first failure */

    struct arena *parent, *own;
    size_t capacity; /* with the NUL; never more than the maximum needs */
};

/* An empty buffer for at most `max` bytes.  Its memory is a child of `arena`. */
void buf_init(struct buf *buf, struct arena *arena, size_t max);

/* Empties it for new text and forgets a failure; keeps the memory. */
void buf_clear(struct buf *buf);

/* The text so far, or the first failure.  The view is valid until the buffer changes; text.p is
 * NUL-terminated and never NULL. */
MUST_CHECK enum err buf_end(const struct buf *buf, struct str *text);

/* Room for `n` more bytes, all of which the caller writes, or NULL after a failure.  The bytes
 * count at once; the place is valid until the buffer changes. */
static inline char *buf_room(struct buf *buf, size_t n);

/* Makes room for `n` more bytes at once instead of by doubling; nothing when that is more than the
 * maximum leaves. */
void buf_expect(struct buf *buf, size_t n);

static inline void buf_add(struct buf *buf, struct str text);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_add_repeat(struct buf *buf, char c, size_t n);

/* As printf.  Not for %f, %e, %g, whose point depends on the locale: use buf_add_fixed. */
void buf_addf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void buf_add_int(struct buf *buf, int64_t value);

/* The same text without a buffer: a view of a part of `text`. */
#define BUF_DIGITS 24
struct str buf_digits(char text[BUF_DIGITS], int64_t value);

/* `value` rounded to `decimals` (0 .. 9) places, half away from zero; never "-0".  Beyond 9e15 or
 * not finite it is written as buf_add_exact does. */
void buf_add_fixed(struct buf *buf, double value, int decimals);

/* 17 significant digits, so that strtod gives the same bits back; "nan", "inf", "-inf". */
void buf_add_exact(struct buf *buf, double value);

/* buf_room where the buffer has to grow, or has failed. */
char *buf_grow(struct buf *buf, size_t n);

static inline char *buf_room(struct buf *buf, size_t n)
{
    if (buf->err || n >= buf->capacity - buf->n) {
        return buf_grow(buf, n);
    }
    char *place = buf->p + buf->n;
    buf->n += n;
    buf->p[buf->n] = '\0';
    return place;
}

/* Most texts are a few bytes, for which a call takes longer than the copy. */
static inline void buf_copy(char *to, const char *from, size_t n)
{
    uint64_t first, last;
    if (n > 2 * sizeof first) {
        memcpy(to, from, n);
    } else if (n >= sizeof first) {
        memcpy(&first, from, sizeof first);
        memcpy(&last, from + n - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + n - sizeof last, &last, sizeof last);
    } else if (n >= sizeof first / 2) {
        uint32_t low, high;
        memcpy(&low, from, sizeof low);
        memcpy(&high, from + n - sizeof high, sizeof high);
        memcpy(to, &low, sizeof low);
        memcpy(to + n - sizeof high, &high, sizeof high);
    } else {
        char middle = from[n / 2], end = from[n - 1];
        to[0] = from[0];
        to[n / 2] = middle;
        to[n - 1] = end;
    }
}

static inline void buf_add(struct buf *buf, struct str text)
{
    char *place = text.n > 0 ? buf_room(buf, text.n) : NULL;
    if (place) {
        buf_copy(place, text.p, text.n);
    }
}

#endif
