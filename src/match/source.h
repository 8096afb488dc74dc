/* Where the exact solvers ask for candidate edges.
 *
 * A solver starts from the edges that a first call brings, solves, and calls again with its dual
 * values; the source adds edges that violate them (u and v could gain by pairing).  A source that
 * lists all its edges at once adds nothing at the second call; a source of implicit pairs prices
 * them (Dantzig-Wolfe column generation).  When a call adds nothing, the duals prove optimality
 * over every pair the source knows. */
#ifndef DUET_MATCH_SOURCE_H
#define DUET_MATCH_SOURCE_H

#include "base/err.h"

#include <stdint.h>

struct arena;

/* Weights and sums: |w| <= MATCH_WEIGHT_MAX, so that scaled duals and their sums stay in 64 bits.
 */
#define MATCH_WEIGHT_MAX (INT64_C(1) << 48)

struct match_edge {
    int32_t u, v;
    int64_t w;
};

/* A growing list of edges; owned by the solver, in its arena. */
struct match_edges {
    struct match_edge *edge;
    int64_t n, room;
    struct arena *arena;
    struct arena *hold; /* where `edge` lives: a child of `arena`, NULL while there is none */
};

/* Appends one edge; ERR_NOMEM. */
MUST_CHECK enum err match_edges_add(struct match_edges *edges, int32_t u, int32_t v, int64_t w);

/* Slack of a pair under the current duals, in units of 1 / MATCH_DUAL_SCALE; negative: violated. */
#define MATCH_DUAL_SCALE 4
typedef int64_t match_slack_fn(const void *duals, int32_t u, int32_t v, int64_t w);

struct match_source {
    /* Adds candidates to `edges`.  `duals` is NULL at the first call; later `slack(duals, u, v, w)`
     * tells whether a pair is worth adding. */
    enum err (*price)(void *ctx, const void *duals, match_slack_fn *slack,
                      struct match_edges *edges);
    void *ctx;
};

#endif
