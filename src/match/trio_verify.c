/* The check of a grouping and its prices.  Shares nothing with the search but the header. */
#include "base/arena.h"
#include "match/trio.h"

#include <stdbool.h>
#include <stddef.h>

/* The allowed pairs as rows; a pair is in the rows of both. */
struct rows {
    int64_t *begin; /* n + 1 */
    int32_t *to;
    int64_t *weight;
};

static enum err trio_rows(struct arena *work, int32_t n, const struct match_edge *edges,
                          int64_t n_edges, struct rows *rows)
{
    rows->begin = arena_alloc(work, (size_t)n + 2, sizeof *rows->begin);
    rows->to = arena_alloc(work, 2 * (size_t)n_edges, sizeof *rows->to);
    rows->weight = arena_alloc(work, 2 * (size_t)n_edges, sizeof *rows->weight);
    if (!rows->begin || !rows->to || !rows->weight) {
        return ERR_NOMEM;
    }
    for (int64_t k = 0; k < n_edges; k++) {
        const struct match_edge *e = &edges[k];
        if (e->u < 0 || e->v < 0 || e->u >= n || e->v >= n || e->u == e->v) {
            return ERR_INVALID;
        }
        if (e->w < 0 || e->w > MATCH_TRIO_WEIGHT_MAX) {
            return ERR_RANGE;
        }
        rows->begin[e->u + 2]++;
        rows->begin[e->v + 2]++;
    }
    for (int32_t u = 0; u < n; u++) {
        rows->begin[u + 2] += rows->begin[u + 1];
    }
    for (int64_t k = 0; k < n_edges; k++) {
        const struct match_edge *e = &edges[k];
        int64_t a = rows->begin[e->u + 1]++, b = rows->begin[e->v + 1]++;
        rows->to[a] = e->v;
        rows->to[b] = e->u;
        rows->weight[a] = rows->weight[b] = e->w;
    }
    return ERR_OK;
}

/* Group numbers, sizes, allowed pairs and sums. */
static enum err trio_verify_groups(struct arena *work, const struct match_trio *trio,
                                   const struct rows *rows, int32_t *who)
{
    int32_t *size = arena_alloc(work, (size_t)trio->n + 1, sizeof *size);
    int32_t *known = arena_alloc(work, (size_t)trio->n + 1, sizeof *known);
    if (!size || !known) {
        return ERR_NOMEM;
    }
    int64_t bound = 0, twice = 0;
    for (int32_t u = 0; u < trio->n; u++) {
        int32_t g = trio->group[u];
        *who = u;
        if (g < -1 || g >= trio->n_groups || g >= trio->n || (g >= 0 && ++size[g] > 3) ||
            trio->price[u] < 0 || trio->price[u] > INT64_MAX / 2 - bound) {
            return ERR_REFUSED;
        }
        bound += trio->price[u];
        for (int64_t k = rows->begin[u]; g >= 0 && k < rows->begin[u + 1]; k++) {
            if (trio->group[rows->to[k]] == g) {
                known[u]++;
                twice += rows->weight[k];
            }
        }
    }
    for (int32_t u = 0; u < trio->n; u++) {
        *who = u;
        if (trio->group[u] >= 0 &&
            (size[trio->group[u]] < 2 || known[u] != size[trio->group[u]] - 1)) {
            return ERR_REFUSED;
        }
    }
    *who = -1;
    return twice == 2 * trio->total && bound == trio->bound ? ERR_OK : ERR_REFUSED;
}

static enum err trio_verify_prices(struct arena *work, const struct match_trio *trio,
                                   const struct rows *rows, int32_t *who)
{
    /* Weight to the person looked at, -1 where there is none; reset row by row. */
    int64_t *near = arena_alloc(work, (size_t)trio->n, sizeof *near);
    if (!near) {
        return ERR_NOMEM;
    }
    const int64_t *p = trio->price;
    for (int32_t u = 0; u < trio->n; u++) {
        near[u] = -1;
    }
    for (int32_t a = 0; a < trio->n; a++) {
        *who = a;
        for (int64_t k = rows->begin[a]; k < rows->begin[a + 1]; k++) {
            near[rows->to[k]] = rows->weight[k];
        }
        for (int64_t k = rows->begin[a]; k < rows->begin[a + 1]; k++) {
            int32_t b = rows->to[k];
            int64_t w = MATCH_DUAL_SCALE * rows->weight[k];
            if (b < a || 2 * w <= p[a] + p[b]) {
                continue;
            }
            int64_t left = p[a] + p[b] - w;
            if (left < 0) {
                return ERR_REFUSED;
            }
            for (int64_t m = rows->begin[b]; m < rows->begin[b + 1]; m++) {
                int32_t c = rows->to[m];
                if (c != a && near[c] >= 0 &&
                    MATCH_DUAL_SCALE * (near[c] + rows->weight[m]) > left + p[c]) {
                    return ERR_REFUSED;
                }
            }
        }
        for (int64_t k = rows->begin[a]; k < rows->begin[a + 1]; k++) {
            near[rows->to[k]] = -1;
        }
    }
    *who = -1;
    return ERR_OK;
}

enum err match_trio_verify(struct arena *arena, const struct match_trio *trio,
                           const struct match_edge *edges, int64_t n_edges, int32_t *who)
{
    struct arena *work = arena_child(arena);
    struct rows rows;
    *who = -1;
    enum err err = work ? trio_rows(work, trio->n, edges, n_edges, &rows) : ERR_NOMEM;
    if (err == ERR_OK) {
        err = trio_verify_groups(work, trio, &rows, who);
    }
    if (err == ERR_OK) {
        err = trio_verify_prices(work, trio, &rows, who);
    }
    arena_free(work);
    return err;
}
