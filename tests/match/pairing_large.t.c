/* The pair solver on graphs of hundreds and thousands of people, of shapes that have been hard for
 * matching codes, each answer checked by its proof and in several ways of solving. */
#include "base/rng.h"
#include "pairing_test.h"
#include "tap.h"

enum { MOST_EDGES = 1100000, MOST_PEOPLE = 6001 };

static struct pt_graph g;

static void start(int32_t n)
{
    g.n = n;
    g.m = 0;
}

static void add(int32_t u, int32_t v, int64_t w)
{
    if (u != v && g.m < MOST_EDGES) {
        g.edge[g.m++] = (struct match_edge){u, v, w};
    }
}

/* Depth of the deepest blossom. */
static int32_t depth_of(const struct match_pair_proof *p)
{
    int32_t *end = calloc((size_t)p->n_blossoms + 1, sizeof *end), depth = 0, most = 0;
    for (int32_t b = 0; b < p->n_blossoms; b++) {
        while (depth > 0 && end[depth - 1] <= p->blossoms[b].begin) {
            depth--;
        }
        end[depth++] = p->blossoms[b].end;
        most = depth > most ? depth : most;
    }
    free(end);
    return most;
}

/* Solves in the ways asked for (1 sparse, 2 dense, 4 sparse plain, 8 dense plain). */
static int32_t check(const char *what, unsigned ways)
{
    int64_t total = -1;
    int32_t depth = 0, blossoms = 0;
    const char *wrong = NULL;
    if (getenv("DUET_SANITIZED") && g.n > 500) { /* ten times slower */
        ways &= g.m > 100000 ? 1 : 5;
    }
    for (unsigned way = 0; way < 4 && !wrong; way++) {
        if (!(ways >> way & 1)) {
            continue;
        }
        struct match_pairing_options options = {
            .shape = way % 2 ? MATCH_SHAPE_DENSE : MATCH_SHAPE_SPARSE, .plain_start = way >= 2};
        struct arena *arena = arena_new(0);
        struct match_pair_proof proof;
        enum err err = pt_solve(arena, &g, &options, &proof);
        wrong = err ? err_name(err) : pt_check(&g, &proof);
        if (!wrong && total >= 0 && proof.total != total) {
            wrong = "the ways disagree";
        }
        if (!err) {
            int32_t d = depth_of(&proof);
            depth = d > depth ? d : depth;
            blossoms = proof.n_blossoms > blossoms ? proof.n_blossoms : blossoms;
            total = proof.total;
        }
        arena_free(arena);
    }
    tap_ok(!wrong, "%s: %d people, %d edges, total %lld, %d blossoms, %d deep%s%s", what, (int)g.n,
           (int)g.m, (long long)total, (int)blossoms, (int)depth, wrong ? ": " : "",
           wrong ? wrong : "");
    return depth;
}

static void random_edges(struct rng *rng, int32_t n, int64_t m, uint32_t range)
{
    start(n);
    for (int64_t k = 0; k < m; k++) {
        int32_t u = (int32_t)rng_below(rng, (uint32_t)n), v = (int32_t)rng_below(rng, (uint32_t)n);
        add(u, v, 1 + (int64_t)rng_below(rng, range));
    }
}

static void complete(struct rng *rng, int32_t n, uint32_t range, int64_t base)
{
    start(n);
    for (int32_t u = 0; u < n; u++) {
        for (int32_t v = u + 1; v < n; v++) {
            add(u, v, base + (int64_t)rng_below(rng, range));
        }
    }
}

static void test_random(void)
{
    struct rng rng = rng_seed(11);
    random_edges(&rng, 1000, 10000, 1000000);
    check("random", 15);
    random_edges(&rng, 1999, 10000, 10);
    check("random, ties", 15);
    random_edges(&rng, 2000, 3000, 2);
    check("random, hardly connected", 15);
    random_edges(&rng, 5001, 40000, 3);
    check("random, odd, ties", 5);
    random_edges(&rng, 300, 60000, 1);
    check("parallel edges, all equal", 15);
    complete(&rng, 501, 20001, 0);
    check("complete, odd", 15);
    complete(&rng, 701, 3, 1);
    check("complete, odd, ties", 15);
    complete(&rng, 400, 1000, INT64_C(1) << 42);
    check("complete, most people first", 15);
    complete(&rng, 401, 1000, INT64_C(1) << 42);
    check("complete, odd, most people first", 15);
    complete(&rng, 1301, 20001, 0);
    check("complete, larger", 3);
}

/* Distances subtracted from the greatest: everybody wants the nearest. */
static void near(struct rng *rng, int32_t n, int euclid)
{
    int64_t x[800], y[800];
    for (int32_t v = 0; v < n; v++) {
        x[v] = rng_below(rng, 10000);
        y[v] = rng_below(rng, 10000);
    }
    start(n);
    for (int32_t u = 0; u < n; u++) {
        for (int32_t v = u + 1; v < n; v++) {
            int64_t dx = llabs(x[u] - x[v]), dy = llabs(y[u] - y[v]);
            int64_t d = euclid ? (int64_t)sqrt((double)(dx * dx + dy * dy)) : dx + dy;
            add(u, v, 20001 - d);
        }
    }
}

static void test_shapes(void)
{
    struct rng rng = rng_seed(12);
    near(&rng, 500, 0);
    check("city blocks", 15);
    near(&rng, 701, 1);
    check("plane, odd", 15);
    start(2047);
    for (int32_t v = 1; v < 2047; v++) {
        add((v - 1) / 2, v, 1 + (int64_t)rng_below(&rng, 1000000));
    }
    check("binary tree", 15);
    start(1600);
    for (int32_t v = 0; v < 1600; v++) {
        if (v % 40 < 39) {
            add(v, v + 1, 1 + (int64_t)rng_below(&rng, 100));
        }
        if (v < 1560) {
            add(v, v + 40, 1 + (int64_t)rng_below(&rng, 100));
        }
    }
    check("grid", 15);
    for (int ties = 0; ties < 2; ties++) { /* odd cycles, joined in a cycle of cycles */
        start(2001);
        for (int32_t c = 0; c < 2001; c += 87) {
            for (int32_t k = 0; k < 87; k++) {
                add(c + k, c + (k + 1) % 87, ties ? 2 : 1 + (int64_t)rng_below(&rng, 1000000));
            }
            add(c + (int32_t)rng_below(&rng, 87), (c + 87) % 2001 + (int32_t)rng_below(&rng, 87),
                ties ? 1 : 1 + (int64_t)rng_below(&rng, 1000000));
        }
        check(ties ? "cycles, ties" : "cycles", 15);
    }
    start(3000);
    for (int32_t v = 0; v < 3000; v += 3) { /* triangles in a row */
        add(v, v + 1, 1);
        add(v, v + 2, 1);
        add(v + 1, v + 2, 1);
        if (v + 3 < 3000) {
            add(v + 2, v + 3, 1);
        }
    }
    check("triangles", 15);
}

/* A tower: each two people more make a blossom around all before. */
static void test_deep(void)
{
    int32_t n = 2001, deep = 0;
    start(n);
    for (int32_t k = 0; k + 2 < n; k += 2) {
        int64_t w = 100000 - 10 * (int64_t)k;
        add(k, k + 1, w);
        add(k, k + 2, w - 2);
        add(k + 1, k + 2, w - 1);
    }
    deep = check("tower", 15);
    for (int32_t k = 0; k < n; k++) { /* and ways out of it at different prices */
        if (k % 5 == 0) {
            add(k, (int32_t)(((int64_t)k * 7919 + 13) % n), 70000 + 17 * (int64_t)(k % 97));
        }
    }
    check("tower with ways out", 15);
    struct rng rng = rng_seed(13);
    start(n + 200); /* and people who come later and take the tower apart */
    for (int32_t k = 0; k + 2 < n; k += 2) {
        int64_t w = 100000 - 10 * (int64_t)k;
        add(k, k + 1, w);
        add(k, k + 2, w - 2);
        add(k + 1, k + 2, w - 1);
    }
    for (int32_t k = 0; k < 600; k++) {
        add(n + (int32_t)rng_below(&rng, 200), (int32_t)rng_below(&rng, (uint32_t)n),
            40000 + (int64_t)rng_below(&rng, 40000));
    }
    check("tower with guests", 15);
    start(6001);
    for (int32_t k = 0; k + 2 < 6001; k++) {
        add(k, k + 1, 1000000 - k);
        add(k, k + 2, 1000000 - k);
    }
    int32_t strip = check("strip of triangles, odd", 5);
    tap_ok(deep > 100 || strip > 100, "blossoms nested %d and %d deep", (int)deep, (int)strip);
}

/* Van Rantwijk's graphs on which methods with one dual update per event need a quadratic number of
 * them, by his description: pairs that are matched first, and couplings that alternately pull the
 * edges to all of them tight. */
static void test_slow(void)
{
    int32_t quarter = 250;
    int64_t most = 2 * (int64_t)quarter * (quarter + 1);
    start(4 * quarter);
    for (int32_t i = 0; i < quarter; i++) {
        add(2 * i, 2 * i + 1, most - i);
    }
    for (int32_t k = 0; k < quarter; k++) {
        int32_t x = 2 * quarter + 2 * k;
        for (int32_t i = 0; i < quarter; i++) {
            int64_t w = most - (1 + k / 2) * (int64_t)(quarter + 1);
            add(x, 2 * i, k % 2 ? w - i : w + 1);
        }
        add(x, x + 1, most - (k + 1) * (int64_t)(2 * quarter + 1));
    }
    check("couplings that alternate", 15);
}

int main(void)
{
    g.edge = malloc(sizeof *g.edge * MOST_EDGES);
    pt_keep_memory();
    test_random();
    test_shapes();
    test_deep();
    test_slow();
    free(g.edge);
    return tap_done();
}
