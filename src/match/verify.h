/* Checks that an arrangement is allowed and that its proof holds, against every pair there is.
 *
 * Shares no code with the solvers: it knows the meaning of a proof (certificate.h) and asks the
 * caller for the weight of each pair.  All pairs are tried, none is skipped: about 20 ns each, so
 * 30,000 people take ten seconds; 3 ns where many weights are told at once.  All sums are checked
 * for overflow; a proof may come from a file that somebody changed. */
#ifndef DUET_MATCH_VERIFY_H
#define DUET_MATCH_VERIFY_H

#include "base/err.h"
#include "base/str.h"
#include "match/certificate.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

#define MATCH_NO_PAIR INT64_MIN /* the weight of those who may not be put together */

/* The weight of people u < v, or of task u and helper v: MATCH_NO_PAIR, or at most MATCH_WEIGHT_MAX
 * in size.  A weight may be zero or negative: such pairs never pay. */
typedef int64_t match_weight_fn(void *ctx, int32_t u, int32_t v);

/* Many at once: of v with first .. end - 1, all less than v, into w[0] and on; at most 64.  Quicker
 * where weights lie side by side.  Partners are asked about with the function above; here 0
 * stands for MATCH_NO_PAIR, since either is covered by what is not negative. */
typedef void match_weights_fn(void *ctx, int32_t v, int32_t first, int32_t end, int64_t *w);

/* True stops the check with ERR_LIMIT.  `done` is 0 .. 1. */
typedef bool match_verify_progress_fn(void *ctx, double done);

/* What a check is about.  Everything may be zero but `weight`. */
struct match_check {
    match_weight_fn *weight;
    match_weights_fn *weights; /* pairs, assign */
    void *weight_ctx;          /* of both */
    bool bound_only; /* the proof bounds every arrangement; this one need not reach the bound */
    int64_t one;     /* the weight that messages call 1; 0 counts as 1 */
    const struct str *people;  /* names for messages; assign: of learners */
    const struct str *helpers; /* assign; NULL: numbers are shown */
    const struct str *tasks;   /* assign */
    match_verify_progress_fn *progress;
    void *progress_ctx;
    const int32_t *task_order; /* assign: all tasks, alike ones together: quicker.  NULL: as is */
    const struct crew *crew;   /* pairs, assign: weights are then asked for by several threads */
};

#define MATCH_VERDICT_TEXT 320

struct match_verdict {
    int64_t total, bound;          /* weight of the arrangement; value of the duals, scaled */
    int64_t n_served;              /* pairs or served tasks */
    int64_t n_checked;             /* pairs whose weight was asked for */
    char text[MATCH_VERDICT_TEXT]; /* what does not hold, a sentence; empty when all does */
};

/* Pairs: mates are mutual, allowed and add up to `total`; blossoms nest, are odd and are left by
 * exactly one of their members' partners; duals are not negative and cover every pair; their value
 * is `bound`; and, unless bound_only, the bound equals the total, so nothing better exists (that
 * single people have y = 0 and partners no slack follows, and is reported first).  ERR_REFUSED with
 * verdict->text when something does not hold, ERR_NOMEM, ERR_LIMIT when stopped. */
MUST_CHECK enum err match_verify_pairs(struct arena *arena, const struct match_pair_proof *proof,
                                       const struct match_check *check,
                                       struct match_verdict *verdict);

/* Tasks and helpers: the same, with the limits of assign.h.  `learner`, `max_learns` and
 * `max_helps` are of the data, not of the certificate.  ERR_INVALID when an order is not one. */
MUST_CHECK enum err match_verify_assign(struct arena *arena, const struct match_assign_proof *proof,
                                        const int32_t *learner, const int32_t *max_learns,
                                        const int32_t *max_helps, const struct match_check *check,
                                        struct match_verdict *verdict);

/* Stability: no two people would both rather have each other than what `mate` (-1: nobody) gives
 * them, where a person prefers by check->weight(u, v), here what v brings to u, asked in both
 * orders (MATCH_NO_PAIR: not allowed; negative: rather nobody; 0 or more: rather than nobody).
 * Only strictly better counts.  check->one, names and progress are used as above. */
MUST_CHECK enum err match_verify_stable(struct arena *arena, int32_t n, const int32_t *mate,
                                        const struct match_check *check,
                                        struct match_verdict *verdict);

#endif
