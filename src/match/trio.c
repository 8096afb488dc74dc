/* Groups of three: sets of connected people one by one, and the check of the prices; see trio.h. */
#include "match/trio.h"

#include "base/arena.h"
#include "match/trio_field.h"

#include <stddef.h>

/* The sets of people whom allowed pairs connect, each a run of `people`. */
struct sets {
    int32_t *root;   /* n */
    int32_t *people; /* n, grouped by set, rising inside */
    int32_t *begin;  /* n_sets + 1 */
    int32_t *local;  /* n: place inside its set */
    int32_t *set;    /* n */
    int32_t n_sets, largest;
    int64_t *edges;      /* indices of edges, grouped by set */
    int64_t *edge_begin; /* n_sets + 1 */
};

static int32_t trio_root(int32_t *root, int32_t u)
{
    while (root[u] != u) {
        root[u] = root[root[u]];
        u = root[u];
    }
    return u;
}

static enum err trio_sets_people(struct sets *sets, int32_t n, const struct match_edge *edges,
                                 int64_t n_edges)
{
    for (int32_t u = 0; u < n; u++) {
        sets->root[u] = u;
    }
    for (int64_t k = 0; k < n_edges; k++) {
        const struct match_edge *e = &edges[k];
        if (e->u < 0 || e->v < 0 || e->u >= n || e->v >= n || e->u == e->v) {
            return ERR_INVALID;
        }
        if (e->w < 0 || e->w > MATCH_TRIO_WEIGHT_MAX) {
            return ERR_RANGE;
        }
        int32_t a = trio_root(sets->root, e->u), b = trio_root(sets->root, e->v);
        sets->root[a < b ? b : a] = a < b ? a : b;
    }
    for (int32_t u = 0; u < n; u++) {
        int32_t root = trio_root(sets->root, u);
        sets->set[u] = root == u ? sets->n_sets++ : sets->set[root]; /* the root comes first */
        sets->begin[sets->set[u] + 1]++;
    }
    for (int32_t s = 0; s < sets->n_sets; s++) {
        sets->largest = sets->begin[s + 1] > sets->largest ? sets->begin[s + 1] : sets->largest;
        sets->begin[s + 1] += sets->begin[s];
    }
    for (int32_t u = n; u-- > 0;) {
        /* begin[s + 1] walks down to begin[s]; put right below. */
        sets->people[--sets->begin[sets->set[u] + 1]] = u;
    }
    for (int32_t s = 0; s < sets->n_sets; s++) {
        sets->begin[s] = sets->begin[s + 1];
    }
    sets->begin[sets->n_sets] = n;
    for (int32_t k = 0; k < n; k++) {
        int32_t u = sets->people[k];
        sets->local[u] = k - sets->begin[sets->set[u]];
    }
    return sets->largest > MATCH_TRIO_PEOPLE ? ERR_LIMIT : ERR_OK;
}

static enum err trio_sets_make(struct arena *work, int32_t n, const struct match_edge *edges,
                               int64_t n_edges, struct sets *sets)
{
    size_t size = (size_t)n + 1;
    *sets = (struct sets){
        .root = arena_alloc(work, size, sizeof *sets->root),
        .people = arena_alloc(work, size, sizeof *sets->people),
        .begin = arena_alloc(work, size + 1, sizeof *sets->begin),
        .local = arena_alloc(work, size, sizeof *sets->local),
        .set = arena_alloc(work, size, sizeof *sets->set),
        .edges = arena_alloc(work, (size_t)n_edges, sizeof *sets->edges),
        .edge_begin = arena_alloc(work, size + 1, sizeof *sets->edge_begin),
    };
    if (!sets->root || !sets->people || !sets->begin || !sets->local || !sets->set ||
        !sets->edges || !sets->edge_begin) {
        return ERR_NOMEM;
    }
    enum err err = trio_sets_people(sets, n, edges, n_edges);
    if (err != ERR_OK) {
        return err;
    }
    for (int64_t k = 0; k < n_edges; k++) {
        sets->edge_begin[sets->set[edges[k].u] + 1]++;
    }
    for (int32_t s = 0; s < sets->n_sets; s++) {
        sets->edge_begin[s + 1] += sets->edge_begin[s];
    }
    for (int64_t k = n_edges; k-- > 0;) {
        sets->edges[--sets->edge_begin[sets->set[edges[k].u] + 1]] = k;
    }
    for (int32_t s = 0; s < sets->n_sets; s++) {
        sets->edge_begin[s] = sets->edge_begin[s + 1];
    }
    sets->edge_begin[sets->n_sets] = n_edges;
    return ERR_OK;
}

/* The matrix of one set; ERR_INVALID when a pair is listed twice. */
static enum err trio_matrix(struct arena *work, const struct sets *sets, int32_t s,
                            const struct match_edge *edges, struct trio_field *field)
{
    int32_t m = sets->begin[s + 1] - sets->begin[s];
    int32_t *weight = arena_alloc(work, (size_t)m * (size_t)m, sizeof *weight);
    *field = (struct trio_field){
        .n = m,
        .weight = weight,
        .groups = arena_alloc(work, (size_t)m, sizeof *field->groups),
        .group = arena_alloc(work, (size_t)m, sizeof *field->group),
    };
    if (!weight || !field->groups || !field->group) {
        return ERR_NOMEM;
    }
    for (int64_t k = 0; k < (int64_t)m * m; k++) {
        weight[k] = TRIO_FORBIDDEN;
    }
    for (int64_t k = sets->edge_begin[s]; k < sets->edge_begin[s + 1]; k++) {
        const struct match_edge *e = &edges[sets->edges[k]];
        int32_t u = sets->local[e->u], v = sets->local[e->v];
        if (weight[(int64_t)u * m + v] != TRIO_FORBIDDEN) {
            return ERR_INVALID;
        }
        weight[(int64_t)u * m + v] = weight[(int64_t)v * m + u] = (int32_t)e->w;
    }
    return ERR_OK;
}

static enum err trio_solve_set(struct arena *arena, const struct sets *sets, int32_t s,
                               const struct match_edge *edges, const int32_t *mate,
                               match_trio_pause_fn *pause, void *pause_ctx, struct match_trio *out)
{
    struct arena *work = arena_child(arena);
    struct trio_field field;
    enum err err = work ? trio_matrix(work, sets, s, edges, &field) : ERR_NOMEM;
    if (err != ERR_OK) {
        goto done;
    }
    field.pause = pause;
    field.pause_ctx = pause_ctx;
    const int32_t *people = sets->people + sets->begin[s];
    int32_t *near = arena_alloc(work, (size_t)field.n, sizeof *near);
    int64_t *price = arena_alloc(work, (size_t)field.n, sizeof *price);
    if (!near || !price) {
        err = ERR_NOMEM;
        goto done;
    }
    for (int32_t k = 0; k < field.n; k++) {
        int32_t v = mate ? mate[people[k]] : -1;
        near[k] = v >= 0 && sets->set[v] == s ? sets->local[v] : -1;
    }
    err = trio_field_search(work, &field, near);
    if (err != ERR_OK) {
        goto done;
    }
    err = trio_field_bound(work, &field, price);
    if (err != ERR_OK) {
        goto done;
    }
    for (int32_t k = 0; k < field.n; k++) {
        /* Named by the first member for now; numbered over all sets later. */
        int32_t first = -1;
        for (int32_t m = 0; field.group[k] >= 0 && m < field.groups[field.group[k]].n; m++) {
            int32_t member = field.groups[field.group[k]].member[m];
            first = first < 0 || member < first ? member : first;
        }
        out->group[people[k]] = first < 0 ? -1 : people[first];
        out->price[people[k]] = price[k];
        out->bound += price[k];
    }
    for (int32_t g = 0; g < field.n_groups; g++) {
        out->total += trio_field_group_weight(&field, &field.groups[g]);
    }
done:
    arena_free(work);
    return err;
}

static enum err trio_solve_all(struct arena *work, const struct match_edge *edges, int64_t n_edges,
                               const int32_t *mate, match_trio_pause_fn *pause, void *pause_ctx,
                               struct match_trio *out)
{
    struct sets sets;
    enum err err = trio_sets_make(work, out->n, edges, n_edges, &sets);
    for (int32_t s = 0; s < sets.n_sets && err == ERR_OK; s++) {
        err = trio_solve_set(work, &sets, s, edges, mate, pause, pause_ctx, out);
    }
    if (err != ERR_OK) {
        return err;
    }
    for (int32_t u = 0; u < out->n; u++) {
        if (out->group[u] == u) {
            out->group[u] = out->n_groups++;
        } else if (out->group[u] >= 0) {
            out->group[u] = out->group[out->group[u]]; /* the first member was numbered before */
        }
    }
    return ERR_OK;
}

enum err match_trio_solve(struct arena *arena, int32_t n, const struct match_edge *edges,
                          int64_t n_edges, const int32_t *mate, match_trio_pause_fn *pause,
                          void *pause_ctx, struct match_trio *out)
{
    struct match_trio result = {
        .n = n,
        .group = arena_alloc(arena, (size_t)n, sizeof *result.group),
        .price = arena_alloc(arena, (size_t)n, sizeof *result.price),
    };
    struct arena *work = arena_child(arena);
    enum err err = ERR_NOMEM;
    if (result.group && result.price && work) {
        err = trio_solve_all(work, edges, n_edges, mate, pause, pause_ctx, &result);
    }
    arena_free(work);
    if (err == ERR_OK) {
        *out = result;
    }
    return err;
}
