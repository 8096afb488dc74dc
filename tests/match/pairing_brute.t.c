/* The pair solver against brute force on small graphs, completely as far as that goes.
 *
 * All graphs up to isomorphism on up to 8 people are made here (1, 2, 4, 11, 34, 156, 1044, 12346
 * of them).  Weights: up to 4 people, all of 1 .. 5 on every edge; 5 people, all of 1 .. 3; 6
 * people, all of 1 .. 2; 7 and 8 people, all ones and 19 random weightings each, with people
 * renamed.  Every graph is solved with and without phase 1, every proof is checked. */
#include "base/rng.h"
#include "pairing_test.h"
#include "tap.h"

#include <limits.h>

enum { MOST = 8 };

/* A graph as the bits of the lower triangle, row by row, of an adjacency matrix. */
struct canon {
    int n;
    uint8_t adjacent[MOST]; /* bit sets */
    int place[MOST];        /* person at each place */
    int best[MOST];         /* bits of each row in the greatest numbering so far, -1: none */
};

static void canon_search(struct canon *c, int depth, unsigned used)
{
    for (int v = 0; v < c->n; v++) {
        if (used >> v & 1) {
            continue;
        }
        int row = 0;
        for (int k = 0; k < depth; k++) {
            row = row * 2 + (c->adjacent[v] >> c->place[k] & 1);
        }
        if (row < c->best[depth]) {
            continue;
        }
        if (row > c->best[depth]) {
            c->best[depth] = row;
            for (int k = depth + 1; k < c->n; k++) {
                c->best[k] = -1;
            }
        }
        c->place[depth] = v;
        if (depth + 1 < c->n) {
            canon_search(c, depth + 1, used | 1u << v);
        }
    }
}

/* The greatest code over all numberings: equal for isomorphic graphs only. */
static uint32_t canon_code(int n, const uint8_t *adjacent)
{
    struct canon c = {.n = n};
    memcpy(c.adjacent, adjacent, (size_t)n);
    memset(c.best, -1, sizeof c.best);
    canon_search(&c, 0, 0);
    uint32_t code = 0;
    for (int k = 1; k < n; k++) {
        code = code << k | (uint32_t)c.best[k];
    }
    return code;
}

static void code_read(int n, uint32_t code, uint8_t *adjacent)
{
    memset(adjacent, 0, MOST);
    for (int i = n - 1; i > 0; i--) {
        for (int j = i - 1; j >= 0; j--, code >>= 1) {
            if (code & 1) {
                adjacent[i] |= (uint8_t)(1u << j);
                adjacent[j] |= (uint8_t)(1u << i);
            }
        }
    }
}

static int code_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* All graphs on n people, from those on n - 1 by adding a person with every set of neighbours. */
static size_t codes_extend(int n, const uint32_t *smaller, size_t n_smaller, uint32_t *codes)
{
    size_t count = 0, unique = 0;
    for (size_t k = 0; k < n_smaller; k++) {
        for (unsigned with = 0; with < 1u << (n - 1); with++) {
            uint8_t adjacent[MOST];
            code_read(n - 1, smaller[k], adjacent);
            for (int v = 0; v < n - 1; v++) {
                adjacent[v] |= (uint8_t)((with >> v & 1) << (n - 1));
            }
            adjacent[n - 1] = (uint8_t)with;
            codes[count++] = canon_code(n, adjacent);
        }
    }
    qsort(codes, count, sizeof *codes, code_order);
    for (size_t k = 0; k < count; k++) {
        if (unique == 0 || codes[unique - 1] != codes[k]) {
            codes[unique++] = codes[k];
        }
    }
    return unique;
}

static long solved;

static int agrees(const struct pt_graph *g)
{
    int64_t w[MOST * MOST] = {0}, table[1 << MOST];
    for (int64_t k = 0; k < g->m; k++) {
        struct match_edge e = g->edge[k];
        w[e.u * g->n + e.v] = w[e.v * g->n + e.u] = e.w;
    }
    int64_t best = pt_brute(g->n, w, table);
    for (int way = 0; way < 2; way++) {
        struct match_pairing_options options = {.plain_start = way,
                                                .patience = (int32_t)(solved / 2 % 3),
                                                .rough = solved / 6 % 3,
                                                .shape = solved % 2 ? MATCH_SHAPE_DENSE
                                                                    : MATCH_SHAPE_SPARSE};
        struct arena *arena = arena_new(0);
        struct match_pair_proof proof;
        enum err err = pt_solve(arena, g, &options, &proof);
        const char *wrong = err ? err_name(err) : pt_check(g, &proof);
        if (!wrong && proof.total != best) {
            wrong = "not the best";
        }
        arena_free(arena);
        if (wrong) {
            printf("# %s, way %d:", wrong, way);
            for (int64_t k = 0; k < g->m; k++) {
                printf(" %d-%d:%d", (int)g->edge[k].u, (int)g->edge[k].v, (int)g->edge[k].w);
            }
            printf("\n");
            return 0;
        }
    }
    solved++;
    return 1;
}

static struct pt_graph graph_of(int n, uint32_t code, struct match_edge *edge)
{
    struct pt_graph g = {.n = n, .edge = edge};
    uint8_t adjacent[MOST];
    code_read(n, code, adjacent);
    for (int u = 0; u < n; u++) {
        for (int v = u + 1; v < n; v++) {
            if (adjacent[u] >> v & 1) {
                edge[g.m++] = (struct match_edge){u, v, 1};
            }
        }
    }
    return g;
}

/* Every weighting with 1 .. most, or the first `limit`. */
static int all_weightings(struct pt_graph *g, int64_t most, long limit)
{
    for (; limit > 0; limit--) {
        if (!agrees(g)) {
            return 0;
        }
        int64_t k = 0;
        while (k < g->m && g->edge[k].w == most) {
            g->edge[k++].w = 1;
        }
        if (k == g->m) {
            return 1;
        }
        g->edge[k].w++;
    }
    return 1;
}

static int some_weightings(struct pt_graph *g, struct rng *rng, size_t n)
{
    static const uint32_t range[] = {1, 2, 2, 2, 2, 2, 2,  3,  3,   3,
                                     3, 3, 4, 4, 5, 5, 10, 10, 100, 1000};
    for (size_t t = 0; t < n && t < sizeof range / sizeof *range; t++) {
        int32_t name[MOST];
        for (int32_t v = 0; v < g->n; v++) {
            int32_t at = (int32_t)rng_below(rng, (uint32_t)v + 1);
            name[v] = name[at];
            name[at] = v;
        }
        for (int64_t k = 0; k < g->m; k++) {
            struct match_edge *e = &g->edge[k];
            *e = (struct match_edge){name[e->u], name[e->v], 1 + (int64_t)rng_below(rng, range[t])};
        }
        if (!agrees(g)) {
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    static const size_t known[MOST + 1] = {0, 1, 2, 4, 11, 34, 156, 1044, 12346};
    static uint32_t codes[2][1044 << 7];
    struct match_edge edge[MOST * MOST / 2];
    struct rng rng = rng_seed(2026);
    size_t count = 1;
    int quick = getenv("DUET_SANITIZED") != NULL; /* ten times slower: a sample */
    pt_keep_memory();
    for (int n = 1; n <= MOST; n++) {
        uint32_t *now = codes[n % 2];
        if (n > 1) {
            count = codes_extend(n, codes[1 - n % 2], count, now);
        }
        tap_ok(count == known[n], "%d people: %zu graphs up to isomorphism", n, count);
        int right = 1;
        solved = 0;
        for (size_t k = 0; right && k < count; k++) {
            struct pt_graph g = graph_of(n, now[k], edge);
            int64_t most = n <= 4 ? 5 : n == 5 ? 3 : 2;
            right = n <= 6 ? all_weightings(&g, most, quick ? 100 : LONG_MAX)
                           : some_weightings(&g, &rng, quick ? 2 : SIZE_MAX);
        }
        tap_ok(right, "%d people: %ld weighted graphs agree with brute force", n, solved);
    }
    return tap_done();
}
