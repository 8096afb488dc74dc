/* Phase 1 of the pair solver: the best fractional matching (every edge 0, 1/2 or 1), an assignment
 * problem on the bipartite double cover, where person i may also be assigned to itself: alone.
 *
 * The result: `partner`, a permutation of 0 .. n-1, and duals y[i] >= 0 in units of
 * 1 / MATCH_DUAL_SCALE with y[i] + y[j] >= scale * w(i, j) for every edge, equality when
 * partner[i] == j, and y[i] = 0 when partner[i] == i.  So cycles of length two are pairs, longer
 * even cycles can be paired off, and only odd cycles remain for the blossoms.
 *
 * Dense: Jonker & Volgenant 1987 ("A shortest augmenting path algorithm for dense and sparse linear
 * assignment problems", Computing 38).  Sparse: the same idea on rows of arcs. */
#ifndef DUET_MATCH_FRACTIONAL_H
#define DUET_MATCH_FRACTIONAL_H

#include "base/err.h"
#include "match/graph.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* Called now and then while something takes long; true stops it with ERR_LIMIT. */
typedef bool match_pause_fn(void *ctx);

/* Scratch is taken from `arena` and stays there; partner and y hold n each.  ERR_NOMEM. */
MUST_CHECK enum err match_fractional_dense(struct arena *arena, const struct match_graph *graph,
                                           int32_t *partner, int64_t *y);

struct match_fractional_options {
    int64_t patience; /* rows that shortest paths may scan before the auction; 0: as is usual */
    int64_t rough;    /* weight; > 0: y need only be right to within about this per person, above
                         or below, and partner means nothing but to the next call */
    match_pause_fn *pause; /* may be NULL */
    void *pause_ctx;
};

/* `price` (n each, units of 1/2) is where column prices start and where they are left; with `warm`,
 * price and partner are the result of an earlier call on the same people with fewer edges, of which
 * everything that is still right is kept.  price and partner are overwritten otherwise.  ERR_NOMEM;
 * ERR_LIMIT when told to stop. */
MUST_CHECK enum err match_fractional_sparse(struct arena *arena, const struct match_graph *graph,
                                            bool warm,
                                            const struct match_fractional_options *options,
                                            int64_t *price, int32_t *partner, int64_t *y);

#endif
