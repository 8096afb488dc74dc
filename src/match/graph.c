/* Builds the rows of arcs (graph.h). */
#include "match/graph.h"

#include "base/arena.h"

static enum err graph_check(int32_t n, const struct match_edges *edges, int64_t *w_max,
                            int64_t *n_useful)
{
    int64_t most = 0, useful = 0;
    for (int64_t k = 0; k < edges->n; k++) {
        struct match_edge e = edges->edge[k];
        if (e.u < 0 || e.u >= n || e.v < 0 || e.v >= n || e.w > MATCH_WEIGHT_MAX ||
            e.w < -MATCH_WEIGHT_MAX) {
            return ERR_RANGE;
        }
        if (e.u == e.v) {
            return ERR_INVALID;
        }
        useful += e.w > 0;
        most = e.w > most ? e.w : most;
    }
    if (n > 0 && most > (INT64_C(1) << 62) / MATCH_DUAL_SCALE / n) {
        return ERR_RANGE;
    }
    *w_max = most;
    *n_useful = useful;
    return ERR_OK;
}

static void graph_put(int32_t *narrow, int64_t *wide, int64_t at, int64_t w)
{
    if (narrow) {
        narrow[at] = (int32_t)w;
    } else {
        wide[at] = w;
    }
}

static void graph_fill_dense(const struct match_graph *graph, const struct match_edges *edges,
                             int32_t *narrow, int64_t *wide)
{
    for (int64_t k = 0; k < edges->n; k++) {
        struct match_edge e = edges->edge[k];
        int64_t there = (int64_t)e.u * graph->n + e.v;
        int64_t back = (int64_t)e.v * graph->n + e.u;
        if (e.w > match_graph_weight(graph, there)) {
            graph_put(narrow, wide, there, e.w);
            graph_put(narrow, wide, back, e.w);
        }
    }
}

static void graph_fill_sparse(int32_t n, const struct match_edges *edges, int64_t *begin,
                              int32_t *to, int32_t *narrow, int64_t *wide)
{
    /* begin[u + 1] counts, then marks where the next arc of u goes, and ends as the start of
     * u + 1. */
    int64_t at = 0;
    for (int32_t u = 0; u < n; u++) {
        int64_t count = begin[u + 1];
        begin[u + 1] = at;
        at += count;
    }
    for (int64_t k = 0; k < edges->n; k++) {
        struct match_edge e = edges->edge[k];
        if (e.w > 0) {
            to[begin[e.u + 1]] = e.v;
            graph_put(narrow, wide, begin[e.u + 1]++, e.w);
            to[begin[e.v + 1]] = e.u;
            graph_put(narrow, wide, begin[e.v + 1]++, e.w);
        }
    }
}

static enum err graph_build_sparse(struct arena *arena, const struct match_edges *edges,
                                   struct match_graph *graph)
{
    size_t n = (size_t)graph->n, arcs = (size_t)graph->n_arcs;
    int64_t *begin = arena_alloc(arena, n + 1, sizeof *begin);
    int32_t *to = arena_alloc(arena, arcs, sizeof *to);
    int32_t *narrow = NULL;
    int64_t *wide = NULL;
    if (graph->w_max <= MATCH_GRAPH_NARROW) {
        narrow = arena_alloc(arena, arcs, sizeof *narrow);
    } else {
        wide = arena_alloc(arena, arcs, sizeof *wide);
    }
    if (!begin || !to || (!narrow && !wide)) {
        return ERR_NOMEM;
    }
    for (int64_t k = 0; k < edges->n; k++) {
        if (edges->edge[k].w > 0) {
            begin[edges->edge[k].u + 1]++;
            begin[edges->edge[k].v + 1]++;
        }
    }
    graph_fill_sparse(graph->n, edges, begin, to, narrow, wide);
    graph->begin = begin;
    graph->to = to;
    graph->narrow = narrow;
    graph->wide = wide;
    return ERR_OK;
}

static enum err graph_build_dense(struct arena *arena, const struct match_edges *edges,
                                  struct match_graph *graph)
{
    size_t cells = (size_t)graph->n * (size_t)graph->n;
    int32_t *narrow = NULL;
    int64_t *wide = NULL;
    if (graph->w_max <= MATCH_GRAPH_NARROW) {
        narrow = arena_alloc(arena, cells, sizeof *narrow);
    } else {
        wide = arena_alloc(arena, cells, sizeof *wide);
    }
    if (!narrow && !wide) {
        return ERR_NOMEM;
    }
    graph->n_arcs = (int64_t)cells;
    graph->narrow = narrow;
    graph->wide = wide;
    graph_fill_dense(graph, edges, narrow, wide);
    return ERR_OK;
}

enum err match_graph_build(struct arena *arena, int32_t n, const struct match_edges *edges,
                           enum match_shape shape, struct match_graph *graph)
{
    int64_t useful;
    struct match_graph g = {.n = n};
    enum err err = graph_check(n, edges, &g.w_max, &useful);
    if (err) {
        return err;
    }
    g.n_arcs = useful * 2;
    bool dense = shape == MATCH_SHAPE_DENSE ||
                 (shape == MATCH_SHAPE_AUTO && useful > 0 && useful / n >= n / 8);
    err = dense ? graph_build_dense(arena, edges, &g) : graph_build_sparse(arena, edges, &g);
    if (!err) {
        *graph = g;
    }
    return err;
}

int64_t match_graph_find(const struct match_graph *graph, int32_t u, int32_t v)
{
    if (!graph->to) {
        return match_graph_weight(graph, (int64_t)u * graph->n + v);
    }
    int64_t best = 0;
    for (int64_t k = graph->begin[u]; k < graph->begin[u + 1]; k++) {
        int64_t w = match_graph_weight(graph, k);
        if (graph->to[k] == v && w > best) {
            best = w;
        }
    }
    return best;
}
