/* The pair solver's contract: known cases, errors, determinism, pricing, and what must not change
 * the answer. */
#include "match/pairing.h"

#include "match/pairing_duals.h"

#include "base/rng.h"
#include "pairing_cases.h"
#include "pairing_test.h"
#include "tap.h"

#include <string.h>

#define LENGTH(x) (sizeof(x) / sizeof(x)[0])

static const struct match_pairing_options ways[] = {
    {.shape = MATCH_SHAPE_SPARSE},
    {.shape = MATCH_SHAPE_DENSE},
    {.shape = MATCH_SHAPE_SPARSE, .plain_start = true},
    {.shape = MATCH_SHAPE_DENSE, .plain_start = true},
    {.shape = MATCH_SHAPE_SPARSE, .plain_start = true, .patience = 1},
    {.shape = MATCH_SHAPE_SPARSE, .patience = 2},
    {.shape = MATCH_SHAPE_SPARSE, .rough = 1},
    {.shape = MATCH_SHAPE_SPARSE, .rough = 40},
};

/* Total in all ways of solving, each with a proof that holds; -1 when they differ. */
static int64_t solve_all_ways(const struct pt_graph *g)
{
    int64_t total = -1;
    for (size_t k = 0; k < LENGTH(ways); k++) {
        struct arena *arena = arena_new(0);
        struct match_pair_proof proof;
        enum err err = pt_solve(arena, g, &ways[k], &proof);
        const char *wrong = err ? err_name(err) : pt_check(g, &proof);
        if (!wrong && k > 0 && proof.total != total) {
            wrong = "the ways disagree";
        }
        if (!err) {
            total = proof.total;
        }
        arena_free(arena);
        if (wrong) {
            printf("# way %zu: %s\n", k, wrong);
            return -1;
        }
    }
    return total;
}

static void test_cases(void)
{
    struct match_edge edge[200];
    for (size_t c = 0; c < LENGTH(pairing_cases); c++) {
        char *at = NULL;
        struct pt_graph g = {.n = (int32_t)strtol(pairing_cases[c], &at, 10), .edge = edge};
        int64_t expected = strtol(at, &at, 10);
        for (;;) {
            char *end = NULL;
            int32_t u = (int32_t)strtol(at, &end, 10);
            if (end == at) {
                break;
            }
            int32_t v = (int32_t)strtol(end, &end, 10);
            edge[g.m++] = (struct match_edge){u, v, strtol(end, &at, 10)};
        }
        int64_t total = solve_all_ways(&g);
        tap_ok(total == expected, "public case %zu: %d people, %d edges", c, (int)g.n, (int)g.m);
    }
}

static enum err solve(int32_t n, const struct match_edge *edge, int64_t m,
                      struct match_pair_proof *proof, struct arena *arena)
{
    struct pt_graph g = {.n = n, .m = m, .edge = (struct match_edge *)(uintptr_t)edge};
    return pt_solve(arena, &g, NULL, proof);
}

static enum err price_refuses(void *ctx, const void *duals, match_slack_fn *slack,
                              struct match_edges *edges)
{
    (void)ctx;
    (void)slack;
    (void)edges;
    return duals ? ERR_LIMIT : ERR_OK;
}

static void test_edges_of_the_contract(void)
{
    struct arena *arena = arena_new(0);
    struct match_pair_proof p;
    const struct match_edge loop[] = {{0, 1, 5}, {1, 1, 5}}, outside[] = {{0, 3, 5}},
                            below[] = {{-1, 0, 5}}, heavy[] = {{0, 1, MATCH_WEIGHT_MAX + 1}},
                            light[] = {{0, 1, -MATCH_WEIGHT_MAX - 1}},
                            most[] = {{0, 1, MATCH_WEIGHT_MAX}, {1, 2, MATCH_WEIGHT_MAX - 1}},
                            worthless[] = {{0, 1, 0}, {1, 2, -7}, {0, 2, -MATCH_WEIGHT_MAX}},
                            twice[] = {{0, 1, 3}, {1, 0, 9}, {0, 1, 4}, {1, 2, 8}, {2, 1, 8}};
    tap_ok(solve(0, loop, 0, &p, arena) == ERR_OK && p.n == 0 && p.total == 0, "nobody");
    tap_ok(solve(1, loop, 0, &p, arena) == ERR_OK && p.mate[0] == -1, "one person");
    tap_ok(solve(3, loop, 2, &p, arena) == ERR_INVALID, "a self-loop is refused");
    tap_ok(solve(3, outside, 1, &p, arena) == ERR_RANGE, "nobody has number n");
    tap_ok(solve(3, below, 1, &p, arena) == ERR_RANGE, "nobody has a negative number");
    tap_ok(solve(3, heavy, 1, &p, arena) == ERR_RANGE, "weight above the maximum");
    tap_ok(solve(3, light, 1, &p, arena) == ERR_RANGE, "weight below the minimum");
    tap_ok(solve(3, most, 2, &p, arena) == ERR_OK && p.total == MATCH_WEIGHT_MAX && p.mate[0] == 1,
           "the greatest weights");
    tap_ok(solve(1 << 17, most, 2, &p, arena) == ERR_RANGE,
           "weights whose sum over the people does not fit");
    tap_ok(solve(3, worthless, 3, &p, arena) == ERR_OK && p.total == 0 && p.mate[0] == -1 &&
               p.mate[1] == -1 && p.mate[2] == -1,
           "nobody is paired at a loss or for nothing");
    tap_ok(solve(3, twice, 5, &p, arena) == ERR_OK && p.total == 9 && p.mate[0] == 1,
           "parallel edges count with the best");
    struct match_source source = {.price = price_refuses};
    tap_ok(match_pairing_solve(arena, 2, &source, NULL, &p, NULL) == ERR_LIMIT,
           "what the source returns is passed on");
    tap_ok(match_pairing_solve(arena, -1, &source, NULL, &p, NULL) == ERR_RANGE, "n < 0");
    arena_free(arena);
}

/* A random graph: every pair with probability density %, weights 1 .. range. */
static struct pt_graph random_graph(struct rng *rng, int32_t n, uint32_t density, uint32_t range)
{
    struct pt_graph g = {.n = n};
    g.edge = malloc(sizeof *g.edge * (size_t)(n * n / 2 + 1));
    for (int32_t u = 0; u < n; u++) {
        for (int32_t v = u + 1; v < n; v++) {
            if (rng_below(rng, 100) < density) {
                g.edge[g.m++] = (struct match_edge){u, v, 1 + (int64_t)rng_below(rng, range)};
            }
        }
    }
    return g;
}

static enum err count_pairs(const struct pt_graph *g, int64_t *pairs, int64_t *total)
{
    struct arena *arena = arena_new(0);
    struct match_pair_proof proof;
    enum err err = pt_solve(arena, g, NULL, &proof);
    *pairs = *total = 0;
    if (!err) {
        for (int32_t v = 0; v < g->n; v++) {
            *pairs += proof.mate[v] > v;
        }
        *total = proof.total;
    }
    arena_free(arena);
    return err;
}

/* Room for the edges of g and two more. */
static struct pt_graph copy_of(const struct pt_graph *g, int64_t times, int64_t add)
{
    struct pt_graph h = {.n = g->n, .m = g->m};
    h.edge = malloc(sizeof *h.edge * (size_t)(g->m + 2));
    for (int64_t k = 0; k < g->m; k++) {
        h.edge[k] = g->edge[k];
        h.edge[k].w = h.edge[k].w * times + add;
    }
    return h;
}

static int unchanged_by_scale(const struct pt_graph *g, int64_t total)
{
    struct pt_graph h = copy_of(g, 1000003, 0);
    int right = solve_all_ways(&h) == total * 1000003;
    free(h.edge);
    return right;
}

static int unchanged_by_names(const struct pt_graph *g, int64_t total, struct rng *rng)
{
    struct pt_graph h = copy_of(g, 1, 0);
    int32_t name[64];
    for (int32_t v = 0; v < g->n; v++) {
        int32_t at = (int32_t)rng_below(rng, (uint32_t)v + 1);
        name[v] = name[at];
        name[at] = v;
    }
    for (int64_t k = 0; k < g->m; k++) {
        struct match_edge e = g->edge[g->m - 1 - k];
        h.edge[k] = (struct match_edge){name[e.v], name[e.u], e.w};
    }
    int right = solve_all_ways(&h) == total;
    free(h.edge);
    return right;
}

/* A person split into three in a row, both new edges worth more than everything: one of the outer
 * two stays free to act for that person. */
static int unchanged_by_split(const struct pt_graph *g, int64_t total)
{
    int64_t big = 1000;
    struct pt_graph h = copy_of(g, 1, 0);
    for (int64_t k = 1; k < g->m; k += 2) {
        h.edge[k].u = h.edge[k].u == 0 ? g->n + 1 : h.edge[k].u;
    }
    h.n = g->n + 2;
    h.edge[h.m++] = (struct match_edge){0, g->n, big};
    h.edge[h.m++] = (struct match_edge){g->n, g->n + 1, big};
    int right = solve_all_ways(&h) == total + big;
    free(h.edge);
    return right;
}

/* With the constant the number of pairs is the most possible, and the total the best among those:
 * adding more changes neither. */
static int unchanged_by_constant(const struct pt_graph *g, int64_t total)
{
    int64_t c = match_pairing_constant(g->n, 1, 40), value[2], pairs[2], fewer, same;
    int right = 1;
    for (int t = 0; t < 2; t++) {
        int64_t add = t ? 7 * c + 1000000 : c;
        struct pt_graph h = copy_of(g, 1, add);
        right &= count_pairs(&h, &pairs[t], &value[t]) == ERR_OK;
        value[t] -= pairs[t] * add;
        free(h.edge);
    }
    right &= count_pairs(g, &fewer, &same) == ERR_OK && same == total && fewer <= pairs[0];
    return right && pairs[0] == pairs[1] && value[0] == value[1] && value[0] <= total;
}

static int unchanged_by_memory(const struct pt_graph *g, struct rng *rng)
{
    struct arena *a = arena_new(0), *b = arena_new(0);
    struct match_pair_proof p, q;
    int same = 1;
    for (int k = 0; k < 50; k++) {
        same &= arena_alloc(b, 1, 1 + rng_below(rng, 50000)) != NULL;
    }
    size_t n = (size_t)g->n;
    same = same && pt_solve(a, g, NULL, &p) == ERR_OK && pt_solve(b, g, NULL, &q) == ERR_OK &&
           !memcmp(p.mate, q.mate, sizeof *p.mate * n) && !memcmp(p.y, q.y, sizeof *p.y * n) &&
           p.n_order == q.n_order && p.n_blossoms == q.n_blossoms &&
           !memcmp(p.order, q.order, sizeof *p.order * (size_t)p.n_order);
    arena_free(a);
    arena_free(b);
    return same;
}

static void test_unchanged_by(void)
{
    int scaled = 1, permuted = 1, split = 1, lifted = 1, same = 1;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct rng rng = rng_seed(seed);
        int32_t n = 3 + (int32_t)rng_below(&rng, 30);
        struct pt_graph g = random_graph(&rng, n, 5 + rng_below(&rng, 90), 1 + rng_below(&rng, 40));
        int64_t total = solve_all_ways(&g);
        scaled &= unchanged_by_scale(&g, total);
        permuted &= unchanged_by_names(&g, total, &rng);
        split &= unchanged_by_split(&g, total);
        lifted &= unchanged_by_constant(&g, total);
        same &= unchanged_by_memory(&g, &rng);
        free(g.edge);
    }
    tap_ok(scaled, "weights times a number: total times that number");
    tap_ok(permuted, "people and edges renamed and reordered: the same total");
    tap_ok(split, "a person split into a chain of three: the chain adds its edge once");
    tap_ok(lifted, "the constant gives most pairs first, then the best total");
    tap_ok(same, "the same answer wherever memory lies");
}

static void test_constant(void)
{
    tap_ok(match_pairing_constant(0, 0, 10) >= 1 && match_pairing_constant(1, -5, 10) == 6,
           "the constant makes every weight positive");
    int right = 1;
    for (int32_t n = 2; n < 20; n++) {
        for (int64_t low = -10; low <= 10; low += 5) {
            for (int64_t high = low; high <= 30; high += 7) {
                int64_t c = match_pairing_constant(n, low, high);
                right &= c + low > 0;
                for (int64_t k = 1; k <= n / 2; k++) {
                    right &= k * (c + low) > (k - 1) * (c + high);
                }
            }
        }
    }
    tap_ok(right, "k of the worst pairs beat k - 1 of the best");
}

/* Reveals a few edges at first and then only violated ones. */
struct hidden {
    const struct pt_graph *g;
    int calls;
    int64_t batch;
};

static enum err price_hidden(void *ctx, const void *duals, match_slack_fn *slack,
                             struct match_edges *edges)
{
    struct hidden *h = ctx;
    int64_t given = 0;
    h->calls++;
    for (int64_t k = 0; k < h->g->m; k++) {
        struct match_edge e = h->g->edge[k];
        if (duals ? slack(duals, e.u, e.v, e.w) < 0 : k % 7 == 0) {
            enum err err = match_edges_add(edges, e.u, e.v, e.w);
            if (err) {
                return err;
            }
            if (++given == h->batch) {
                break;
            }
        }
    }
    return ERR_OK;
}

static void test_pricing(void)
{
    int right = 1, calls = 0;
    int64_t used = 0, all = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct rng rng = rng_seed(seed + 1000);
        int32_t n = 5 + (int32_t)rng_below(&rng, 56);
        struct pt_graph g = random_graph(&rng, n, 60, 1 + rng_below(&rng, 50));
        int64_t total = solve_all_ways(&g);
        for (size_t k = 0; k < LENGTH(ways); k++) {
            struct hidden hidden = {.g = &g, .batch = 1 + n / 2};
            struct match_source source = {.price = price_hidden, .ctx = &hidden};
            struct arena *arena = arena_new(0);
            struct match_pair_proof proof;
            struct match_pairing_stats stats;
            right &= match_pairing_solve(arena, n, &source, &ways[k], &proof, &stats) == ERR_OK &&
                     proof.total == total && pt_check(&g, &proof) == NULL;
            right &= stats.rounds == hidden.calls - 1;
            used += stats.n_edges;
            all += g.m;
            calls += hidden.calls;
            arena_free(arena);
        }
        free(g.edge);
    }
    tap_ok(right, "edges priced in when violated: the answer is that of the whole graph");
    tap_ok(calls > 4 * 60 * (int)LENGTH(ways) && used * 3 < all * 2,
           "in %d calls, with %d of %d edges", calls, (int)used, (int)all);
}

/* Brings what violates the duals most for each person, and looks at what the duals say of the edges
 * that it has brought before. */
struct watched {
    struct pt_graph g;
    bool *brought; /* of each edge */
    int64_t rough; /* what is asked for */
    int n_rough;   /* calls with duals that do not cover what was brought */
    int n_exact;
    bool too_low; /* by more than was asked for */
};

static enum err price_watched(void *ctx, const void *duals, match_slack_fn *slack,
                              struct match_edges *edges)
{
    struct watched *w = ctx;
    enum err err = ERR_OK;
    int64_t least = 0, *best = calloc((size_t)w->g.n, sizeof *best);
    int64_t *arg = calloc((size_t)w->g.n, sizeof *arg);
    for (int64_t k = 0; k < w->g.m; k++) {
        struct match_edge e = w->g.edge[k];
        int64_t own = duals ? slack(duals, e.u, e.v, e.w) : -e.w;
        if (w->brought[k]) {
            least = own < least ? own : least;
        } else {
            best[e.u] = own < best[e.u] ? (arg[e.u] = k, own) : best[e.u];
            best[e.v] = own < best[e.v] ? (arg[e.v] = k, own) : best[e.v];
        }
    }
    for (int32_t u = 0; u < w->g.n && !err; u++) {
        if (best[u] < 0 && !w->brought[arg[u]]) {
            w->brought[arg[u]] = true;
            struct match_edge e = w->g.edge[arg[u]];
            err = match_edges_add(edges, e.u, e.v, e.w);
        }
    }
    w->n_rough += duals && least < 0;
    w->n_exact += duals && least >= 0;
    w->too_low |= least < -MATCH_DUAL_SCALE * w->rough;
    free(best);
    free(arg);
    return err;
}

static void test_rough(void)
{
    int right = 1, n_rough = 0, n_exact = 0, n_exact_only = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct rng rng = rng_seed(seed + 4000);
        int32_t n = 150 + (int32_t)rng_below(&rng, 60);
        struct watched w = {.g = random_graph(&rng, n, 50, 100000)};
        int64_t total = -1;
        w.brought = calloc((size_t)w.g.m, sizeof *w.brought);
        for (int64_t rough = 0; rough <= 400; rough += 100) {
            struct match_pairing_options options = {.shape = MATCH_SHAPE_SPARSE, .rough = rough};
            struct match_source source = {.price = price_watched, .ctx = &w};
            struct arena *arena = arena_new(0);
            struct match_pair_proof proof;
            memset(w.brought, 0, (size_t)w.g.m * sizeof *w.brought);
            w.n_rough = w.n_exact = 0;
            w.rough = rough;
            right &= match_pairing_solve(arena, n, &source, &options, &proof, NULL) == ERR_OK &&
                     pt_check(&w.g, &proof) == NULL && (total < 0 || proof.total == total);
            right &= rough > 0 || w.n_rough == 0;
            total = proof.total;
            n_rough += w.n_rough;
            n_exact += rough > 0 ? w.n_exact : 0;
            n_exact_only += rough == 0 ? 4 * w.n_exact : 0;
            arena_free(arena);
        }
        right &= !w.too_low;
        free(w.brought);
        free(w.g.edge);
    }
    tap_ok(right, "rough duals: the best answer all the same, and no lower than was asked for");
    tap_ok(n_rough > 0 && 3 * n_exact < 2 * n_exact_only,
           "%d rounds with them leave %d exact ones instead of %d", n_rough, n_exact, n_exact_only);
}

static void test_slack(void)
{
    int right = 1, with_blossoms = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct rng rng = rng_seed(seed + 77);
        int32_t n = 9 + 2 * (int32_t)rng_below(&rng, 12);
        struct pt_graph g = random_graph(&rng, n, 50, 3);
        struct arena *arena = arena_new(0);
        struct match_pair_proof p;
        struct match_pairing_duals duals;
        if (pt_solve(arena, &g, &ways[seed % LENGTH(ways)], &p) != ERR_OK ||
            match_pairing_duals_make(arena, &p, &duals) != ERR_OK) {
            right = 0;
        } else {
            with_blossoms += p.n_blossoms > 1;
            for (int32_t u = 0; u < n; u++) {
                for (int32_t v = 0; v < n; v++) {
                    int64_t slack = p.y[u] + p.y[v] - MATCH_DUAL_SCALE * 2;
                    for (int32_t b = 0; b < p.n_blossoms; b++) {
                        int both = 0;
                        for (int32_t k = p.blossoms[b].begin; k < p.blossoms[b].end; k++) {
                            both += (p.order[k] == u) + (p.order[k] == v);
                        }
                        slack += both == 2 ? p.blossoms[b].z : 0;
                    }
                    right &= u == v || match_pairing_duals_slack(&duals, u, v, 2) == slack;
                }
            }
        }
        arena_free(arena);
        free(g.edge);
    }
    tap_ok(right && with_blossoms > 10, "slack counts the blossoms that hold both");
}

static void test_out_of_memory(void)
{
    for (size_t k = 0; k < LENGTH(ways); k++) {
        struct rng rng = rng_seed(5);
        struct pt_graph g = random_graph(&rng, 61, 60, 9);
        struct hidden hidden = {.g = &g, .batch = 200};
        struct match_source source = {.price = price_hidden, .ctx = &hidden};
        enum err err = ERR_NOMEM;
        uint64_t nth = 0;
        int only_nomem = 1, untouched = 1;
        while (err == ERR_NOMEM && nth < 10000) {
            struct arena *arena = arena_new(0);
            struct match_pair_proof proof = {.n = -5};
            arena_fail_after(arena, ++nth);
            err = match_pairing_solve(arena, g.n, &source, &ways[k], &proof, NULL);
            only_nomem &= err == ERR_NOMEM || err == ERR_OK;
            untouched &= err == ERR_OK || (proof.n == -5 && arena_bytes(arena) == 0);
            arena_free(arena);
        }
        tap_ok(err == ERR_OK && nth > 20 && only_nomem && untouched,
               "way %zu: each of %d allocations may fail", k, (int)nth - 1);
        free(g.edge);
    }
}

int main(void)
{
    test_cases();
    test_edges_of_the_contract();
    test_constant();
    test_unchanged_by();
    test_slack();
    test_pricing();
    test_rough();
    test_out_of_memory();
    return tap_done();
}
