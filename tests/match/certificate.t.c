/* Certificates as text: there and back, strict reading, fingerprints. */
#include "match/certificate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "match/fingerprint.h"
#include "match/trio.h"

#include "tap.h"

#include <stdlib.h>

#define S(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const int32_t mate[] = {1, 0, -1, 4, 3}, order[] = {2, 4, 3};
static const int64_t y[] = {10, 2, 0, INT64_MAX, INT64_MIN};
static const struct match_blossom blossoms[] = {{0, 3, 7}};
static const struct match_pair_proof pairs = {5, 3, 1, mate, y, order, blossoms, 123, -492};
static const struct str people[] = {S("ANA"), S("Zo\xC3\xAB \xC3\x98st"), S(""), S("a%b\nc\x7F"),
                                    S(" 7 ")};
static const int32_t helper[] = {-1, 0}, task_learner[] = {2, 0};
static const int64_t p[] = {0, 5}, q[] = {1, 2, 3}, rent[] = {9};
static const struct match_assign_proof assign = {2, 3, 1, helper, p, q, rent, 6, 24};

static struct match_certificate make(int kind, struct match_trio *trio)
{
    static int32_t group[] = {0, 0, -1, 0, 1};
    static int64_t price[] = {1, 2, 3, 4, 5};
    *trio = (struct match_trio){5, 2, group, 9, price, 44};
    struct match_certificate c = {.strategy = S("guide"), .objective = S("served-then-gain")};
    for (int k = 0; k < MATCH_FINGERPRINT_BYTES; k++) {
        c.inputs[k] = (unsigned char)(7 * k + 3);
    }
    c.pairs = kind == 0 ? &pairs : NULL;
    c.trio = kind == 1 ? trio : NULL;
    c.assign = kind == 2 ? &assign : NULL;
    c.people = people;
    c.learners = people;
    c.helpers = people + 3;
    c.skills = people + 1;
    c.task_learner = task_learner;
    return c;
}

static struct str text_of(struct arena *arena, const struct match_certificate *c)
{
    struct buf buf;
    struct str text = {"", 0};
    buf_init(&buf, arena, 1u << 20);
    if (match_certificate_write(c, &buf) || buf_end(&buf, &text)) {
        printf("# writing failed\n");
    }
    return text;
}

static void test_layout(struct arena *arena)
{
    static const char want[] =
        "duet certificate 1\n"
        "strategy guide\n"
        "objective served-then-gain\n"
        "inputs 030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced5dc\n"
        "scale 4\n"
        "pairs 5 1 3\n"
        "total 123\n"
        "bound -492\n"
        "0 1 10 ANA\n"
        "1 0 2 Zo\xC3\xAB \xC3\x98st\n"
        "2 - 0 \n"
        "3 4 9223372036854775807 a%25b%0Ac%7F\n"
        "4 3 -9223372036854775808  7 \n"
        "b 0 3 7\n"
        "o 2\n"
        "o 4\n"
        "o 3\n"
        "end\n";
    struct match_trio trio;
    struct match_certificate c = make(0, &trio);
    tap_text(text_of(arena, &c).p, want, "pairs look as documented");
}

static bool same_texts(const struct str *a, const struct str *b, int32_t n)
{
    for (int32_t k = 0; k < n; k++) {
        if (!str_equal(a[k], b[k])) {
            return false;
        }
    }
    return true;
}

static void test_there_and_back(struct arena *arena)
{
    for (int kind = 0; kind < 3; kind++) {
        struct match_trio trio;
        struct match_certificate c = make(kind, &trio), *back = NULL;
        struct match_certificate_error error = {0};
        struct str text = text_of(arena, &c);
        enum err err = match_certificate_read(arena, text, &back, &error);
        tap_ok(err == ERR_OK, "kind %d is read back (%d: %s)", kind, (int)error.line,
               error.expected);
        if (err) {
            continue;
        }
        tap_ok(str_equal(back->strategy, c.strategy) && str_equal(back->objective, c.objective) &&
                   memcmp(back->inputs, c.inputs, sizeof c.inputs) == 0 &&
                   !back->pairs == !c.pairs && !back->trio == !c.trio && !back->assign == !c.assign,
               "kind %d: the head", kind);
        tap_ok(str_equal(text_of(arena, back), text), "kind %d: written again the same", kind);
        if (kind < 2) {
            tap_ok(same_texts(back->people, people, 5), "kind %d: ids", kind);
        }
    }
    struct match_trio trio;
    struct match_certificate c = make(2, &trio), *back = NULL;
    struct match_certificate_error error;
    tap_ok(match_certificate_read(arena, text_of(arena, &c), &back, &error) == ERR_OK &&
               same_texts(back->learners, people, 3) && same_texts(back->helpers, people + 3, 1) &&
               same_texts(back->skills, people + 1, 2) && back->task_learner[0] == 2 &&
               back->assign->helper[0] == -1 && back->assign->helper[1] == 0 &&
               back->assign->q[2] == 3 && back->assign->y[0] == 9 && back->assign->p[1] == 5,
           "assign: all numbers");
}

static void test_bad_certificates(struct arena *arena)
{
    static const struct str bad[] = {S(""), S("Guide"), S("a b"), S("a\n"),
                                     S("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddd")};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        struct match_trio trio;
        struct match_certificate c = make(0, &trio);
        struct buf buf;
        buf_init(&buf, arena, 1u << 20);
        c.strategy = bad[k];
        tap_ok(match_certificate_write(&c, &buf) == ERR_INVALID, "strategy %zu is refused", k);
        c.strategy = c.objective;
        c.objective = bad[k];
        tap_ok(match_certificate_write(&c, &buf) == ERR_INVALID, "objective %zu is refused", k);
    }
    struct match_trio trio;
    struct match_certificate c = make(0, &trio);
    struct buf buf;
    buf_init(&buf, arena, 100);
    struct str text;
    tap_ok(match_certificate_write(&c, &buf) == ERR_OK && buf_end(&buf, &text) == ERR_LIMIT,
           "a full buffer says so");
    c.trio = &trio;
    tap_ok(match_certificate_write(&c, &buf) == ERR_INVALID, "two proofs are refused");
}

/* Replaces the first `from` by `to`. */
static struct str changed(struct arena *arena, struct str text, const char *from, const char *to)
{
    const char *at = strstr(text.p, from);
    if (!at) {
        printf("# no %s\n", from);
        return text;
    }
    size_t before = (size_t)(at - text.p), n_from = strlen(from), n_to = strlen(to);
    size_t after = text.n - before - n_from;
    char *out = arena_alloc(arena, text.n + n_to + 1, 1);
    memcpy(out, text.p, before);
    memcpy(out + before, to, n_to);
    memcpy(out + before + n_to, at + n_from, after);
    return (struct str){out, before + n_to + after};
}

static void test_messages(struct arena *arena)
{
    static const struct {
        int kind;
        const char *from, *to;
        int line, column;
        const char *expected;
    } cases[] = {
        {0, "duet certificate 1", "duet certificate 2", 1, 1, "\"duet certificate 1\""},
        {0, "duet certificate 1\n", "duet certificate 1\r\n", 1, 19, "the end of the line"},
        {0, "guide", "Guide", 2, 10, "a word of 1 to 40 of a-z, 0-9 and -"},
        {0, "inputs 03", "inputs 0G", 4, 9, "one of 64 digits 0-9 and a-f"},
        {0, "d5dc", "d5dcd", 4, 72, "the end of the line"},
        {0, "scale 4", "scale 5", 5, 1, "\"scale 4\""},
        {0, "pairs", "couples", 6, 1, "pairs, trio or assign"},
        {0, "pairs 5", "pairs 9999999999", 6, 7, NULL},
        {0, "pairs 5", "pairs -1", 6, 7, NULL},
        {0, "pairs 5", "pairs 6", 14, 1, "5, the number of this line"},
        {0, "total 123", "total 0123", 7, 7, "a whole number"},
        {0, "total 123", "total +123", 7, 7, "a whole number"},
        {0, "bound -492", "bound -0", 8, 7, "a whole number"},
        {0, "0 1 10", "1 1 10", 9, 1, "0, the number of this line"},
        {0, "0 1 10", "0 5 10", 9, 3, "a number from 0 to 4"},
        {0, "0 1 10", "0 -1 10", 9, 3, "a number from 0 to 4"},
        {0, "9223372036854775807", "9223372036854775808", 12, 5, "a whole number"},
        {0, "-9223372036854775808", "-9223372036854775809", 13, 5, "a whole number"},
        {0, "a%25b", "a%b", 12, 26, "%25 or another escape that is needed"},
        {0, "a%25b", "a%41b", 12, 26, "%25 or another escape that is needed"},
        {0, "%0A", "%0a", 12, 30, "%25 or another escape that is needed"},
        {0, "ANA", "A\tA", 9, 9, "a printable character"},
        {0, "b 0 3 7", "b 0 4 7", 14, 5, "a number from 0 to 3"},
        {0, "o 2", "o 5", 15, 3, "a number from 0 to 4"},
        {0, "end\n", "end\n\n", 19, 1, "nothing after the end"},
        {0, "end\n", "end", 18, 4, "the end of the line"},
        {0, "end\n", "", 18, 1, "\"end\""},
        {1, "trio 5 2", "trio 5 6", 6, 8, "a number from 0 to 5"},
        {1, "trio 5 2", "trio 5 1", 13, 3, "a number from 0 to 0"},
        {2, "assign 2 3 1", "assign 2 3 0", 12, 3, NULL},
        {2, "assign 2 3 1", "assign 2 3", 6, 11, "\" \""},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct match_trio trio;
        struct match_certificate c = make(cases[k].kind, &trio), *back = NULL;
        struct match_certificate_error error = {0};
        struct str text = changed(arena, text_of(arena, &c), cases[k].from, cases[k].to);
        size_t before = arena_bytes(arena);
        enum err err = match_certificate_read(arena, text, &back, &error);
        tap_ok(err == ERR_INVALID && error.line == cases[k].line &&
                   error.column == cases[k].column && arena_bytes(arena) == before,
               "bad text %zu: line %d, column %d", k, (int)error.line, (int)error.column);
        if (cases[k].expected) {
            tap_text(error.expected, cases[k].expected, "and says what was expected");
        }
    }
}

/* Every shorter text and every single changed byte: refused, or read and written back the same. */
static void test_damage(struct arena *arena)
{
    struct rng rng = rng_seed(21);
    int wrong = 0, accepted = 0;
    for (int kind = 0; kind < 3; kind++) {
        struct match_trio trio;
        struct match_certificate c = make(kind, &trio), *back;
        struct match_certificate_error error;
        struct str text = text_of(arena, &c);
        char *copy = malloc(text.n);
        for (size_t n = 0; copy && n < text.n; n++) {
            memcpy(copy, text.p, text.n);
            struct arena *work = arena_child(arena);
            wrong +=
                match_certificate_read(work, (struct str){copy, n}, &back, &error) != ERR_INVALID;
            for (int times = 0; times < 8; times++) {
                copy[n] = (char)rng_below(&rng, 256);
                struct str damaged = {copy, text.n};
                if (match_certificate_read(work, damaged, &back, &error) == ERR_OK) {
                    accepted++;
                    wrong += !str_equal(text_of(work, back), damaged);
                }
            }
            arena_free(work);
        }
        free(copy);
    }
    tap_ok(wrong == 0 && accepted > 0, "what is read is what would be written (%d accepted)",
           accepted);
}

static void test_memory(void)
{
    struct arena *texts = arena_new(0);
    for (int kind = 0; kind < 3; kind++) {
        struct match_trio trio;
        struct match_certificate c = make(kind, &trio), *back;
        struct match_certificate_error error;
        struct str text = text_of(texts, &c);
        enum err err = ERR_NOMEM;
        int n = 0, wrong = 0;
        while (err == ERR_NOMEM && n < 1000) {
            struct arena *arena = arena_new(0);
            arena_fail_after(arena, (uint64_t)++n);
            err = match_certificate_read(arena, text, &back, &error);
            wrong += err == ERR_NOMEM && arena_bytes(arena) != 0;
            arena_free(arena);
        }
        tap_ok(err == ERR_OK && n > 8 && wrong == 0, "kind %d: %d failures are reported", kind,
               n - 1);
    }
    struct arena *small = arena_new(1u << 16);
    static const char greedy[] =
        "duet certificate 1\nstrategy a\nobjective a\ninputs "
        "030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced5dc\n"
        "scale 4\npairs 2000000000 0 0\n";
    struct match_certificate *back;
    struct match_certificate_error error;
    tap_ok(match_certificate_read(small, str_of(greedy), &back, &error) == ERR_INVALID,
           "a short text cannot ask for much memory");
    arena_free(small);
    arena_free(texts);
}

static void test_fingerprint(struct arena *arena)
{
    /* BLAKE2b-256 of 8 bytes of 1, low first: hashlib.blake2b(bytes([1] + 7 * [0]), digest_size=32)
     */
    unsigned char out[4][MATCH_FINGERPRINT_BYTES];
    static const int16_t numbers[300] = {1, -2, 3};
    for (int k = 0; k < 4; k++) {
        struct match_fingerprint *f = match_fingerprint_new(arena);
        match_fingerprint_add_int(f, 1);
        if (k == 1) {
            match_fingerprint_add_text(f, str_of("ab"));
            match_fingerprint_add_text(f, str_of("c"));
        } else if (k == 2) {
            match_fingerprint_add_text(f, str_of("a"));
            match_fingerprint_add_text(f, str_of("bc"));
        } else if (k == 3) {
            match_fingerprint_add_i16(f, numbers, 300);
        }
        match_fingerprint_end(f, out[k]);
    }
    char hex[2][2 * MATCH_FINGERPRINT_BYTES + 1];
    for (int k = 0; k < MATCH_FINGERPRINT_BYTES; k++) {
        snprintf(hex[0] + 2 * k, 3, "%02x", out[0][k]);
        snprintf(hex[1] + 2 * k, 3, "%02x", out[3][k]);
    }
    tap_text(hex[0], "1dbd7d0b561a41d23c2a469ad42fbd70d5438bae826f6fd607413190c37c363b",
             "a number's fingerprint");
    tap_text(hex[1], "3f444614b2e5faf810ce8821ff1fb6e33eb5cda327a90457881fdbf9a934a54f",
             "numbers' fingerprint");
    tap_ok(memcmp(out[1], out[2], sizeof out[1]) != 0, "where a text ends matters");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_layout(arena);
    test_there_and_back(arena);
    test_bad_certificates(arena);
    test_messages(arena);
    test_damage(arena);
    test_memory();
    test_fingerprint(arena);
    arena_free(arena);
    return tap_done();
}
