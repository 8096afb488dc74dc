/* The graph that the pair solver works on: rows of arcs, both directions of every edge of positive
 * weight (an edge that is worth nothing is never matched, and its constraint follows from y >= 0).
 *
 * Two shapes share one set of accessors.  Sparse: row u is arcs begin[u] .. begin[u + 1], targets
 * in `to`.  Dense: an n x n matrix, arc u * n + v goes to v, weight 0 where there is no edge;
 * parallel edges keep the best.  Weights are 32-bit when all of them are at most
 * MATCH_GRAPH_NARROW. */
#ifndef DUET_MATCH_GRAPH_H
#define DUET_MATCH_GRAPH_H

#include "base/err.h"
#include "match/source.h"

#include <stdbool.h>
#include <stdint.h>

/* Dense rows of narrow weights are solved in 32-bit arithmetic; prices stay below 4 times this. */
#define MATCH_GRAPH_NARROW (INT64_C(1) << 26)

enum match_shape {
    MATCH_SHAPE_AUTO, /* dense when that takes at most about twice the sparse shape's memory */
    MATCH_SHAPE_SPARSE,
    MATCH_SHAPE_DENSE
};

struct match_graph {
    int32_t n;
    int64_t n_arcs;
    int64_t w_max;
    const int64_t *begin;  /* NULL: dense */
    const int32_t *to;     /* NULL: dense */
    const int32_t *narrow; /* exactly one of the two is set */
    const int64_t *wide;
};

/* Builds the graph of `edges` in `arena`.  ERR_INVALID: a self-loop; ERR_RANGE: a node outside
 * 0 .. n-1, |w| > MATCH_WEIGHT_MAX, or n * max w * MATCH_DUAL_SCALE above 2^62 (sums of duals would
 * not fit); ERR_NOMEM.  O(n + edges), dense O(n^2 + edges). */
MUST_CHECK enum err match_graph_build(struct arena *arena, int32_t n,
                                      const struct match_edges *edges, enum match_shape shape,
                                      struct match_graph *graph);

/* Weight of the best arc from u to v, 0 when there is none.  O(degree of u), dense O(1). */
int64_t match_graph_find(const struct match_graph *graph, int32_t u, int32_t v);

static inline int64_t match_graph_begin(const struct match_graph *graph, int32_t u)
{
    return graph->begin ? graph->begin[u] : (int64_t)u * graph->n;
}

static inline int64_t match_graph_end(const struct match_graph *graph, int32_t u)
{
    return graph->begin ? graph->begin[u + 1] : (int64_t)(u + 1) * graph->n;
}

static inline int32_t match_graph_to(const struct match_graph *graph, int32_t u, int64_t arc)
{
    return graph->to ? graph->to[arc] : (int32_t)(arc - (int64_t)u * graph->n);
}

static inline int64_t match_graph_weight(const struct match_graph *graph, int64_t arc)
{
    return graph->narrow ? graph->narrow[arc] : graph->wide[arc];
}

#endif
