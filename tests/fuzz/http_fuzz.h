/* What the fuzzers of http share. */
#ifndef DUET_TESTS_HTTP_FUZZ_H
#define DUET_TESTS_HTTP_FUZZ_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "http/request.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define FUZZ_CHECK(what)                                                                           \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "does not hold: %s\n", #what);                                         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Every byte is read, so that a view beyond its memory is found. */
static inline void fuzz_read(struct str text)
{
    size_t bad;
    unsigned sum = 0;
    for (size_t i = 0; i < text.n; i++) {
        sum += (unsigned char)text.p[i];
    }
    FUZZ_CHECK(sum != 1 || utf8_is_valid(text, &bad));
}

static inline bool fuzz_is_text(struct str text)
{
    size_t bad;
    fuzz_read(text);
    return utf8_is_valid(text, &bad);
}

static inline void fuzz_read_pairs(const struct http_pairs *pairs)
{
    for (int i = 0; i < pairs->n; i++) {
        fuzz_read(pairs->items[i].name);
        fuzz_read(pairs->items[i].value);
    }
}

static inline bool fuzz_same_pairs(const struct http_pairs *a, const struct http_pairs *b)
{
    bool same = a->n == b->n;
    for (int i = 0; same && i < a->n; i++) {
        same = str_equal(a->items[i].name, b->items[i].name) &&
               str_equal(a->items[i].value, b->items[i].value);
    }
    return same;
}

#endif
