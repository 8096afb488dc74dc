/* Any bytes as a certificate: what is read is written back byte for byte, and the verifier judges
 * it without harm. */
#include "base/arena.h"
#include "base/buf.h"
#include "match/certificate.h"
#include "match/source.h"
#include "match/verify.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define FUZZ_CHECK(what)                                                                           \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "does not hold: %s\n", #what);                                         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#define MOST 200 /* people or tasks in a proof that is verified */

/* Small weights, so that proofs of the corpus hold, and now and then a large or a forbidden one. */
static int64_t weight(void *ctx, int32_t u, int32_t v)
{
    (void)ctx;
    uint32_t x = ((uint32_t)u * 2654435761u) ^ ((uint32_t)v * 40503u);
    return x % 7 == 0 ? MATCH_NO_PAIR : x % 31 == 0 ? MATCH_WEIGHT_MAX : 1;
}

static void verify(struct arena *arena, const struct match_certificate *c)
{
    static int32_t ones[MOST];
    struct match_verdict verdict;
    struct match_check check = {
        .weight = weight, .people = c->people, .helpers = c->helpers, .tasks = c->skills};
    for (int k = 0; k < MOST; k++) {
        ones[k] = 1;
    }
    for (int bound_only = 0; bound_only < 2; bound_only++) {
        check.bound_only = bound_only;
        enum err err = ERR_OK;
        if (c->pairs && c->pairs->n <= MOST) {
            err = match_verify_pairs(arena, c->pairs, &check, &verdict);
        } else if (c->assign && c->assign->n_tasks <= MOST && c->assign->n_learners <= MOST &&
                   c->assign->n_helpers <= MOST) {
            check.people = c->learners;
            err = match_verify_assign(arena, c->assign, c->task_learner, ones, ones, &check,
                                      &verdict);
        } else {
            continue;
        }
        FUZZ_CHECK(err == ERR_OK || (err == ERR_REFUSED && verdict.text[0]) || err == ERR_RANGE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(0);
    struct str text = {(const char *)bytes, n}, again;
    struct match_certificate *c;
    struct match_certificate_error error = {0};
    FUZZ_CHECK(arena);
    enum err err = match_certificate_read(arena, text, &c, &error);
    if (err) {
        FUZZ_CHECK(err == ERR_INVALID && error.line >= 1 && error.column >= 1 && error.expected[0]);
    } else {
        struct buf buf;
        buf_init(&buf, arena, 1u << 26);
        FUZZ_CHECK(!match_certificate_write(c, &buf) && !buf_end(&buf, &again));
        FUZZ_CHECK(str_equal(text, again));
        verify(arena, c);
    }
    arena_free(arena);
    return 0;
}
