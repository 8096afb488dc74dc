/* Groups of three in which the gains of all pairs together are as large as we can make them, with
 * a proven bound on how much better any grouping could be.
 *
 * Finding the best grouping is NP-hard (partition into triangles, Garey & Johnson 1979, GT11).  The
 * search starts from pairs, gives each pair its best third person, and then repeats: one member
 * leaves every group, all who left are put back in the best way at once (an assignment problem
 * solved exactly), and swaps of two people are tried.  Deterministic; the work is bounded by
 * MATCH_TRIO_WORK.  Where three does not divide the people who may work together, one or two pairs
 * remain; someone stays alone only when the rules (and ties) leave nobody.
 *
 * The bound: prices u >= 0 such that no group of two or three allowed people is worth more than its
 * members' prices together; then no grouping is worth more than the sum of all prices (the dual of
 * the set-packing relaxation, which sees whole triangles and is tighter than fractional
 * 2-matching).  Prices are found by subgradient steps (Polyak 1969) from the answer itself and made
 * feasible at the end, so they always prove something.  Prices are in 1 / MATCH_DUAL_SCALE. */
#ifndef DUET_MATCH_TRIO_H
#define DUET_MATCH_TRIO_H

#include "base/err.h"
#include "match/certificate.h"
#include "match/source.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct crew;

#define MATCH_TRIO_PEOPLE 4096                       /* most people who may all reach one another */
#define MATCH_TRIO_WEIGHT_MAX (INT64_C(1) << 28)     /* of one pair */
#define MATCH_TRIO_TIE (INT64_C(1) << 24)            /* whom such a pair holds stays with it */
#define MATCH_TRIO_WORK (INT64_C(600) * 1000 * 1000) /* inner steps for each set of people */

struct match_trio {
    int32_t n, n_groups;
    int32_t *group; /* n: 0 .. n_groups - 1, numbered by first member; -1: alone */
    int64_t total;  /* sum of the pairs' weights inside groups */
    int64_t *price; /* n, scaled */
    int64_t bound;  /* sum of prices, scaled: no grouping is worth more */
};

typedef bool match_trio_pause_fn(void *ctx); /* true: stop with ERR_LIMIT */

/* Forms the groups.  `edges` are the allowed pairs, each once, weights 0 .. MATCH_TRIO_WEIGHT_MAX;
 * a pair that is not listed never shares a group.  `mate` (NULL: none) is a pairing to start from.
 * The result lives in `arena`.  ERR_INVALID for an index out of range, a loop or a repeated pair,
 * ERR_RANGE for a weight, ERR_LIMIT when more than MATCH_TRIO_PEOPLE people are connected by
 * allowed pairs or when told to stop by `pause` (NULL: nobody; called now and then), ERR_NOMEM. */
MUST_CHECK enum err match_trio_solve(struct arena *arena, int32_t n, const struct match_edge *edges,
                                     int64_t n_edges, const int32_t *mate,
                                     match_trio_pause_fn *pause, void *pause_ctx,
                                     struct match_trio *out);

/* Checks the prices against every allowed group of two or three, independently of the search: a
 * group of three that is worth more than its prices contains a pair with 2 w > u_a + u_b, so only
 * such pairs are tried with every third person.  ERR_OK: the bound holds and `total`, `bound` and
 * groups are right; ERR_REFUSED otherwise, and the person at fault is in `*who` (-1: sums);
 * errors as above. */
MUST_CHECK enum err match_trio_verify(struct arena *arena, const struct match_trio *trio,
                                      const struct match_edge *edges, int64_t n_edges,
                                      int32_t *who);

/* ---- very many people ---- */

#define MATCH_TRIO_MANY 16384 /* people; the search keeps a matrix of 4 bytes a pair: 1 GB */

/* People all of whom may perhaps work together.  weight(ctx, u, v), u < v: 0 ..
 * MATCH_TRIO_WEIGHT_MAX, or negative: not allowed.  It is called by several threads. */
typedef int32_t match_trio_weight_fn(void *ctx, int32_t u, int32_t v);
/* The same of v with first .. end - 1, all less than v, into w[0] and on: quicker where weights lie
 * side by side. */
typedef void match_trio_weights_fn(void *ctx, int32_t v, int32_t first, int32_t end, int32_t *w);
struct match_trio_people {
    int32_t n;
    match_trio_weight_fn *weight;
    match_trio_weights_fn *weights; /* NULL: asked for one by one */
    void *weight_ctx;               /* of both */
    const struct crew *crew;        /* NULL: one thread; the answer is the same */
    match_trio_pause_fn *pause;     /* may be NULL; called now and then, by the caller's thread */
    void *pause_ctx;
};

/* Either way. */
static inline void match_trio_weigh(const struct match_trio_people *people, int32_t v,
                                    int32_t first, int32_t end, int32_t *w)
{
    if (people->weights) {
        people->weights(people->weight_ctx, v, first, end, w);
    }
    for (int32_t u = first; u < end && !people->weights; u++) {
        w[u - first] = people->weight(people->weight_ctx, u, v);
    }
}

/* Forms the groups of people too many for match_trio_solve().  As there, one member leaves every
 * group and all who left are put back in the best way (exactly, among the MATCH_TRIO_SEATS groups
 * that suit each of them best): all groups at once instead of blocks of them.
 *
 * `y` (n, scaled) covers every pair: y_u + y_v >= MATCH_DUAL_SCALE * w_uv, y >= 0, as the duals of
 * the best fractional pairing do.  The prices are 2 y.  They cover every group: of three, because
 *     w_ab + w_ac + w_bc <= (y_a + y_b) + (y_a + y_c) + (y_b + y_c) = 2 y_a + 2 y_b + 2 y_c
 * and of two, because w_ab <= y_a + y_b <= 2 y_a + 2 y_b.  `extra` (n, scaled, NULL: none) is added
 * to them: half of what `weight` says of a pair beyond what y covers, at each of its ends.  (A
 * group holds both ends of each of its pairs, so it is paid for all that its pairs are worth beyond
 * y.)
 *
 * `mate` (NULL: none) is a pairing to start from.  The result lives in `arena`; out->group names
 * groups by rising first member.  ERR_LIMIT for more than MATCH_TRIO_MANY people or when told to
 * stop, ERR_RANGE for a weight, ERR_NOMEM. */
#define MATCH_TRIO_SEATS 32
MUST_CHECK enum err match_trio_solve_many(struct arena *arena,
                                          const struct match_trio_people *people,
                                          const int32_t *mate, const int64_t *y,
                                          const int64_t *extra, struct match_trio *out);

/* The check of match_trio_verify() without a list of pairs: `weight` is asked for each of them, in
 * any order.  Negative: not allowed; values above MATCH_TRIO_WEIGHT_MAX give ERR_RANGE.  `pause`
 * is called now and then.  *n_checked: how many pairs are allowed. */
MUST_CHECK enum err match_trio_verify_many(struct arena *arena, const struct match_trio *trio,
                                           const struct match_trio_people *people, int32_t *who,
                                           int64_t *n_checked);

#endif
