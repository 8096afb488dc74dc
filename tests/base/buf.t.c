/* Text buffers: limits stick, numbers read back. */
#include "base/buf.h"
#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *text_of(const struct buf *buf)
{
    struct str text;
    return buf_end(buf, &text) ? "(failed)" : text.p;
}

static void test_fixed(struct arena *arena)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {
        {0, 2, "0.00"},
        {-0.0, 1, "0.0"},
        {-0.004, 2, "0.00"},
        {2.5, 0, "3"},
        {-2.5, 0, "-3"},
        {0.125, 2, "0.13"},
        {1234.5, 3, "1234.500"},
        {9.999, 2, "10.00"},
        {-1e-12, 9, "0.000000000"},
        {1e300, 2, "1.0000000000000001e+300"},
        {5, 0, "5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf buf;
        buf_init(&buf, arena, 100);
        buf_add_fixed(&buf, cases[i].value, cases[i].decimals);
        tap_text(text_of(&buf), cases[i].text, "%g with %d decimals", cases[i].value,
                 cases[i].decimals);
    }
}

static void test_round_trip(struct arena *arena)
{
    struct rng rng = rng_seed(7);
    struct buf buf;
    int wrong_exact = 0, wrong_fixed = 0;
    buf_init(&buf, arena, 100);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rng_next(&rng);
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            buf_clear(&buf);
            buf_add_exact(&buf, value);
            back = strtod(text_of(&buf), NULL);
            wrong_exact += memcmp(&value, &back, sizeof value) != 0;
        }
        value = (rng_unit(&rng) - 0.5) * 1000;
        buf_clear(&buf);
        buf_add_fixed(&buf, value, 3);
        wrong_fixed += !(fabs(strtod(text_of(&buf), NULL) - value) <= 0.0005 + 1e-12);
    }
    tap_ok(wrong_exact == 0, "exact numbers give the same bits back");
    tap_ok(wrong_fixed == 0, "fixed numbers are within half a unit of the last place");
}

static void test_limits(struct arena *arena)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 10);
    buf_add_text(&buf, "0123456789");
    tap_text(text_of(&buf), "0123456789", "a buffer holds its maximum");
    buf_add_char(&buf, 'x');
    tap_ok(buf_end(&buf, &text) == ERR_LIMIT, "one byte more is refused");
    buf_add_text(&buf, "");
    tap_ok(buf_end(&buf, &text) == ERR_LIMIT, "the failure sticks");
    buf_clear(&buf);
    buf_addf(&buf, "%s-%d", "ab", 12);
    tap_text(text_of(&buf), "ab-12", "clearing makes it usable again");
    buf_addf(&buf, "%s", "0123456789");
    tap_ok(buf.err == ERR_LIMIT && strcmp(buf.p, "ab-12") == 0, "a failed append adds nothing");
    buf_init(&buf, arena, 1000000);
    buf_add_repeat(&buf, '=', 200000);
    buf_add_int(&buf, INT64_MIN);
    tap_ok(!buf_end(&buf, &text) && text.n == 200020 && text.p[199999] == '=', "it grows");
    tap_text(text.p + 200000, "-9223372036854775808", "the smallest integer");
    arena_fail_after(arena, 1);
    buf_init(&buf, arena, 100);
    buf_add_char(&buf, 'x');
    arena_fail_after(arena, 0);
    tap_ok(buf_end(&buf, &text) == ERR_NOMEM, "no memory is told");
}

static void test_room(struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, arena, 10);
    buf_expect(&buf, 11);
    tap_ok(!buf.err, "expecting more than fits is no failure");
    buf_expect(&buf, 10);
    const char *before = buf.p;
    buf_add_text(&buf, "abc");
    char *place = buf_room(&buf, 7);
    if (place) {
        memcpy(place, "defghij", 7);
    }
    tap_ok(buf.p == before, "what was expected fits without moving");
    tap_text(text_of(&buf), "abcdefghij", "room that the caller fills");
    tap_ok(!buf_room(&buf, 1) && buf.err == ERR_LIMIT, "no room beyond the maximum");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_fixed(arena);
    test_round_trip(arena);
    test_limits(arena);
    test_room(arena);
    arena_free(arena);
    return tap_done();
}
