/* What the tests of the pair solver share: a list of edges as a source, a checker of proofs that is
 * written straight from the theorem, and the exact answer by dynamic programming. */
#ifndef DUET_TESTS_PAIRING_TEST_H
#define DUET_TESTS_PAIRING_TEST_H

#include "base/arena.h"
#include "match/pairing.h"
#include "match/verify.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Many small arenas: keep freed memory instead of giving it back to the system every time. */
static inline void pt_keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
}

struct pt_graph {
    int32_t n;
    int64_t m;
    struct match_edge *edge;
};

static inline enum err pt_price(void *ctx, const void *duals, match_slack_fn *slack,
                                struct match_edges *edges)
{
    const struct pt_graph *g = ctx;
    (void)slack;
    if (duals) {
        return ERR_OK;
    }
    for (int64_t k = 0; k < g->m; k++) {
        enum err err = match_edges_add(edges, g->edge[k].u, g->edge[k].v, g->edge[k].w);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

static inline enum err pt_solve(struct arena *arena, const struct pt_graph *g,
                                const struct match_pairing_options *options,
                                struct match_pair_proof *proof)
{
    struct match_source source = {.price = pt_price, .ctx = (void *)(uintptr_t)g};
    return match_pairing_solve(arena, g->n, &source, options, proof, NULL);
}

/* A proof under check. */
struct pt_proof {
    const struct pt_graph *g;
    const struct match_pair_proof *p;
    int32_t *place; /* of a person in the order, -1: none */
    int32_t *chain; /* innermost blossom at a place, -1: none */
    int32_t *up;    /* the blossom around a blossom, -1: none */
    int64_t *best;  /* weight of the edge to the mate */
    int64_t bound;
};

static inline const char *pt_check_people(struct pt_proof *c)
{
    const struct match_pair_proof *p = c->p;
    int32_t n = c->g->n;
    for (int32_t v = 0; v < n; v++) {
        int32_t m = p->mate[v];
        c->place[v] = -1;
        c->best[v] = INT64_MIN;
        c->bound += p->y[v];
        if (p->y[v] < 0) {
            return "y < 0";
        }
        if (m < -1 || m >= n || m == v || (m >= 0 && p->mate[m] != v)) {
            return "mate is no involution";
        }
        if (m < 0 && p->y[v] != 0) {
            return "unmatched with y > 0";
        }
    }
    for (int32_t k = 0; k < p->n_order; k++) {
        int32_t v = p->order[k];
        if (v < 0 || v >= n || c->place[v] >= 0) {
            return "order";
        }
        c->place[v] = k;
        c->chain[k] = -1;
    }
    return NULL;
}

/* Blossoms come outer ones first. */
static inline const char *pt_check_blossoms(struct pt_proof *c)
{
    const struct match_pair_proof *p = c->p;
    for (int32_t b = 0; b < p->n_blossoms; b++) {
        struct match_blossom x = p->blossoms[b];
        int32_t size = x.end - x.begin, outside = 0;
        if (x.begin < 0 || x.end > p->n_order || size < 3 || size % 2 == 0 || x.z <= 0 ||
            (b > 0 && x.begin < p->blossoms[b - 1].begin)) {
            return "interval";
        }
        c->up[b] = c->chain[x.begin];
        for (int32_t k = x.begin; k < x.end; k++) {
            int32_t m = p->mate[p->order[k]], at = m < 0 ? -1 : c->place[m];
            outside += at < x.begin || at >= x.end;
            if (c->chain[k] != c->up[b]) {
                return "intervals cross";
            }
            c->chain[k] = b;
        }
        if (c->up[b] >= 0 && p->blossoms[c->up[b]].end < x.end) {
            return "intervals cross";
        }
        if (outside != 1) {
            return "blossom is not full";
        }
        c->bound += x.z * ((size - 1) / 2);
    }
    return NULL;
}

static inline const char *pt_check_weights(struct pt_proof *c)
{
    const struct match_pair_proof *p = c->p;
    int64_t total = 0;
    for (int64_t k = 0; k < c->g->m; k++) {
        struct match_edge e = c->g->edge[k];
        int64_t slack = p->y[e.u] + p->y[e.v] - MATCH_DUAL_SCALE * e.w;
        int32_t at = c->place[e.v];
        for (int32_t b = c->place[e.u] < 0 ? -1 : c->chain[c->place[e.u]]; b >= 0; b = c->up[b]) {
            slack += at >= p->blossoms[b].begin && at < p->blossoms[b].end ? p->blossoms[b].z : 0;
        }
        if (slack < 0) {
            return "an edge would be better";
        }
        if (p->mate[e.u] == e.v && e.w > c->best[e.u]) {
            c->best[e.u] = c->best[e.v] = e.w;
        }
    }
    for (int32_t v = 0; v < c->g->n; v++) {
        if (p->mate[v] >= 0 && c->best[v] == INT64_MIN) {
            return "paired without an edge";
        }
        total += p->mate[v] > v ? c->best[v] : 0;
    }
    return total == p->total && c->bound == p->bound && c->bound == MATCH_DUAL_SCALE * total
               ? NULL
               : "total is not the bound";
}

/* NULL when the proof holds on the graph's edges, else what is wrong.  O(n blossoms + m depth). */
static inline const char *pt_check_edges(const struct pt_graph *g, const struct match_pair_proof *p)
{
    struct pt_proof c = {.g = g, .p = p};
    c.place = calloc((size_t)g->n + 1, sizeof *c.place);
    c.chain = calloc((size_t)p->n_order + 1, sizeof *c.chain);
    c.up = calloc((size_t)p->n_blossoms + 1, sizeof *c.up);
    c.best = calloc((size_t)g->n + 1, sizeof *c.best);
    const char *wrong = pt_check_people(&c);
    wrong = wrong ? wrong : pt_check_blossoms(&c);
    wrong = wrong ? wrong : pt_check_weights(&c);
    free(c.place);
    free(c.chain);
    free(c.up);
    free(c.best);
    return wrong;
}

/* Weights by row for the verifier, which asks row by row. */
struct pt_rows {
    const struct pt_graph *g;
    int64_t *begin, *edge; /* edges by their lower person */
    int64_t *row;
    int32_t now;
};

static inline void pt_rows_open(struct pt_rows *r, int32_t u)
{
    for (int64_t k = r->begin[r->now]; k < r->begin[r->now + 1]; k++) {
        struct match_edge e = r->g->edge[r->edge[k]];
        r->row[e.u < e.v ? e.v : e.u] = MATCH_NO_PAIR;
    }
    r->now = u;
    for (int64_t k = r->begin[u]; k < r->begin[u + 1]; k++) {
        struct match_edge e = r->g->edge[r->edge[k]];
        int64_t *w = &r->row[e.u < e.v ? e.v : e.u];
        *w = e.w > *w ? e.w : *w;
    }
}

static inline int64_t pt_rows_weight(void *ctx, int32_t u, int32_t v)
{
    struct pt_rows *r = ctx;
    if (u != r->now) {
        pt_rows_open(r, u);
    }
    return r->row[v];
}

/* NULL when the verifier accepts, over all pairs. */
static inline const char *pt_verify(const struct pt_graph *g, const struct match_pair_proof *p)
{
    struct arena *arena = arena_new(0);
    struct pt_rows r = {.g = g};
    size_t n = (size_t)g->n;
    r.begin = arena_alloc(arena, n + 2, sizeof *r.begin);
    r.edge = arena_alloc(arena, (size_t)g->m + 1, sizeof *r.edge);
    r.row = arena_alloc(arena, n + 1, sizeof *r.row);
    for (int64_t k = 0; k < g->m; k++) {
        struct match_edge e = g->edge[k];
        r.begin[(e.u < e.v ? e.u : e.v) + 1]++;
    }
    for (size_t u = 0; u < n; u++) {
        r.row[u] = MATCH_NO_PAIR;
        r.begin[u + 1] += r.begin[u];
    }
    for (int64_t k = 0; k < g->m; k++) { /* begin[u] is the end of row u while filling */
        struct match_edge e = g->edge[k];
        r.edge[r.begin[e.u < e.v ? e.u : e.v]++] = k;
    }
    for (size_t u = n; u > 0; u--) {
        r.begin[u] = r.begin[u - 1];
    }
    r.begin[0] = 0;
    struct match_check check = {.weight = pt_rows_weight, .weight_ctx = &r};
    struct match_verdict verdict;
    enum err err = ERR_OK;
    if (n > 0) {
        pt_rows_open(&r, 0);
        err = match_verify_pairs(arena, p, &check, &verdict);
        if (err) {
            printf("# verifier: %s\n", err == ERR_REFUSED ? verdict.text : err_name(err));
        }
    }
    arena_free(arena);
    return err ? "the verifier refuses" : NULL;
}

static inline const char *pt_check(const struct pt_graph *g, const struct match_pair_proof *p)
{
    const char *wrong = pt_check_edges(g, p);
    return wrong ? wrong : pt_verify(g, p);
}

/* Exact, n <= 20, `w` an n x n matrix: the best total among people >= the lowest, for each set. */
static inline int64_t pt_brute(int32_t n, const int64_t *w, int64_t *table)
{
    table[0] = 0;
    for (uint32_t set = 1; set < UINT32_C(1) << n; set++) {
        int32_t u = __builtin_ctz(set);
        uint32_t rest = set & (set - 1);
        int64_t best = table[rest];
        for (uint32_t left = rest; left; left &= left - 1) {
            int32_t v = __builtin_ctz(left);
            int64_t with = w[u * n + v] + table[rest & ~(UINT32_C(1) << v)];
            best = with > best ? with : best;
        }
        table[set] = best;
    }
    return table[(UINT32_C(1) << n) - 1];
}

#endif
