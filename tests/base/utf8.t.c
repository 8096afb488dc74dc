/* UTF-8: validity against a table, normal forms, widths, likeness against a plain recursion. */
#include "base/utf8.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "tap.h"

static void test_valid(void)
{
    static const struct {
        const char *text;
        size_t n;
        int bad; /* offset of the first wrong byte, -1: valid */
    } cases[] = {
        {"plain ascii text", 16, -1},
        {"caf\xC3\xA9", 5, -1},
        {"\xF0\x9F\x98\x80", 4, -1},
        {"\xEF\xBF\xBF", 3, -1},
        {"caf\xE9", 4, 3},
        {"\x80", 1, 0},
        {"ab\xC0\xAF", 4, 2},
        {"\xED\xA0\x80", 3, 0},
        {"\xF4\x90\x80\x80", 4, 0},
        {"12345678\0", 9, 8},
        {"\xE2\x82", 2, 0},
        {"0123456789\xFF", 11, 10},
        {"", 0, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bad = 99;
        bool valid = utf8_is_valid((struct str){cases[i].text, cases[i].n}, &bad);
        tap_ok(valid == (cases[i].bad < 0) && (valid || (int)bad == cases[i].bad),
               "validity of case %zu", i);
    }
    int wrong = 0;
    for (int c = 0; c < 256; c++) {
        for (int at = 0; at < 20; at++) {
            char text[20];
            memset(text, 'x', sizeof text);
            text[at] = (char)c;
            wrong += utf8_is_plain((struct str){text, sizeof text}) != (c > 0 && c < 128);
        }
    }
    tap_ok(wrong == 0, "every byte at every place is plain or not");
}

static void test_forms(void)
{
    char out[UTF8_MAX_FORM], more[UTF8_MAX_FORM];
    struct str a, b;
    bool ok = !utf8_nfc(str_of("Zoe\xCC\x88"), out, &a) && str_is(a, "Zo\xC3\xAB");
    tap_ok(ok, "letter and accent are put together");
    ok = !utf8_fold(str_of("\xC3\x89"
                           "COLE"),
                    out, &a) &&
         str_is(a, "\xC3\xA9"
                   "cole");
    tap_ok(ok, "case is folded beyond ASCII");
    ok = !utf8_fold(str_of("STRASSE"), out, &a) &&
         !utf8_fold(str_of("Stra\xC3\x9F"
                           "e"),
                    more, &b) &&
         str_equal(a, b);
    tap_ok(ok, "sharp s and ss are the same without case");
    char longer[UTF8_MAX_TEXT + 1];
    memset(longer, 'x', sizeof longer);
    tap_ok(utf8_nfc((struct str){longer, sizeof longer}, out, &a) == ERR_LIMIT, "too long a text");
    tap_ok(utf8_nfc(str_of("a\xFF"), out, &a) == ERR_INVALID, "not UTF-8");
    tap_ok(str_is(utf8_trim(str_of(" \t\xC2\xA0 a b\xC2\xA0\r\n")), "a b"), "trimming");
    tap_ok(utf8_trim(str_of("\xC2\xA0 ")).n == 0, "nothing left of white space");
}

static void test_width(struct arena *arena)
{
    tap_ok(utf8_width(str_of("abc")) == 3, "letters are one column wide");
    tap_ok(utf8_width(str_of("\xE6\x97\xA5\xE6\x9C\xAC")) == 4, "wide characters are two");
    tap_ok(utf8_width(str_of("e\xCC\x81")) == 1, "an accent takes none");
    tap_ok(utf8_take(str_of("\xE6\x97\xA5\xE6\x9C\xAC"), 3).n == 3, "no half characters");
    static const struct {
        const char *text, *shown;
        size_t width;
    } cases[] = {
        {"plain", "plain", 10},
        {"a\nb\tc\r", "a\\nb\\tc\\r", 20},
        {"\x1B[31m", "\\x1B[31m", 20},
        {"caf\xE9", "caf\\xE9", 20},
        {"caf\xC3\xA9", "caf\xC3\xA9", 20},
        {"x\xE2\x80\xAEy", "x\\u{202E}y", 20},
        {"\xC2\x9B", "\\u{009B}", 20},
        {"0123456789", "0123456789", 10},
        {"0123456789A", "0123456...", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf buf;
        struct str text = {"", 0};
        buf_init(&buf, arena, 100);
        utf8_add_shown(&buf, str_of(cases[i].text), cases[i].width);
        bool ok = !buf_end(&buf, &text);
        tap_text(ok ? text.p : "(failed)", cases[i].shown, "shown safely, case %zu", i);
    }
}

/* The oracle: the definition, by recursion. */
static int distance(const char *a, int n, const char *b, int m)
{
    if (n == 0 || m == 0) {
        return n + m;
    }
    int best = distance(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]);
    int other = distance(a, n - 1, b, m) + 1;
    best = other < best ? other : best;
    other = distance(a, n, b, m - 1) + 1;
    best = other < best ? other : best;
    if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1]) {
        other = distance(a, n - 2, b, m - 2) + 1;
        best = other < best ? other : best;
    }
    return best;
}

static void test_distance(void)
{
    struct rng rng = rng_seed(11);
    int wrong = 0;
    for (int i = 0; i < 3000; i++) {
        char a[8], b[8];
        int n = (int)rng_below(&rng, 7), m = (int)rng_below(&rng, 7);
        for (int k = 0; k < 7; k++) {
            a[k] = (char)('a' + rng_below(&rng, 3));
            b[k] = (char)('a' + rng_below(&rng, 3));
        }
        int most = (int)rng_below(&rng, 8), exact = distance(a, n, b, m);
        int got = utf8_distance((struct str){a, (size_t)n}, (struct str){b, (size_t)m}, most);
        wrong += got != (exact <= most ? exact : most + 1);
    }
    tap_ok(wrong == 0, "distances agree with the definition");
    tap_ok(utf8_distance(str_of("Peter"), str_of("pEtre"), 3) == 1, "case does not count");
    char longer[100];
    memset(longer, 'x', sizeof longer);
    struct str text = {longer, sizeof longer};
    tap_ok(utf8_distance(text, text, 2) == 3, "very long texts are like nothing");
}

static void test_search(struct arena *arena)
{
    char out[UTF8_MAX_FORM], same[UTF8_MAX_FORM];
    struct str form, copy, other;
    static const char *const cases[][2] = {
        {"Jos\xC3\xA9 N\xC3\xBA\xC3\xB1"
         "ez",
         "jose nunez"},
        {"Jose\xCC\x81", "jose"}, /* the accent as a character of its own */
        {"\xC3\x85SA", "asa"},
        {"STRA\xC3\x9F"
         "E",
         "strasse"},
        {"O'Brien", "o'brien"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum err err = utf8_search(str_of(cases[i][0]), out, &form);
        tap_ok(!err && str_is(form, cases[i][1]), "search form of case %zu", i);
    }
    tap_ok(utf8_search(str_of("\xFF"), out, &form) == ERR_INVALID,
           "search refuses what is no text");
    struct rng rng = rng_seed(3);
    int wrong = 0;
    for (int i = 0; i < 2000; i++) {
        static const char *const parts[] = {"e",        "\xCC\x81",     "\xC3\xA9",
                                            "\xCC\xA3", "\xE1\x84\x80", "\xE1\x85\xA1",
                                            "a",        "\xE2\x84\xAB"};
        char text[64];
        size_t n = 0;
        for (uint32_t k = rng_below(&rng, 12); k > 0; k--) {
            const char *part = parts[rng_below(&rng, 8)];
            memcpy(text + n, part, strlen(part));
            n += strlen(part);
        }
        enum err err = utf8_nfc((struct str){text, n}, same, &form);
        enum err copied = utf8_nfc_copy(arena, (struct str){text, n}, &copy);
        wrong += err || copied || !str_equal(form, copy) || copy.p[copy.n] != '\0';
        wrong += utf8_nfc_copy(arena, copy, &other) != ERR_OK || !str_equal(copy, other);
    }
    tap_ok(wrong == 0, "copies are in the same normal form");
    char *many = arena_alloc(arena, 100001, 1);
    for (size_t i = 0; i < 50000; i++) {
        memcpy(many + 2 * i, "\xC3\xA9", 2);
    }
    tap_ok(!utf8_nfc_copy(arena, (struct str){many, 100000}, &copy) && copy.n == 100000,
           "long texts are copied");
    tap_ok(utf8_nfc_copy(arena, str_of("a\xC3"), &copy) == ERR_INVALID,
           "no copy of what is no text");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_valid();
    test_forms();
    test_width(arena);
    test_distance();
    test_search(arena);
    arena_free(arena);
    return tap_done();
}
