/* Groups of three: against all groupings of up to 9 people, the bound, and refusal of changes. */
#include "match/trio.h"

#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"

#define MOST 9
#define ONE_MORE 1000000

struct table {
    int n;
    int64_t w[MOST][MOST]; /* -1: not allowed */
};

/* The best grouping into at most three by trying all, with `each` for everybody in a group; depth
 * at most MOST. */
static int64_t best_grouping(const struct table *t, unsigned used, int64_t each)
{
    int a = 0;
    while (a < t->n && used >> a & 1) {
        a++;
    }
    if (a == t->n) {
        return 0;
    }
    used |= 1u << a;
    int64_t best = best_grouping(t, used, each);
    for (int b = a + 1; b < t->n; b++) {
        if (used >> b & 1 || t->w[a][b] < 0) {
            continue;
        }
        int64_t two = t->w[a][b] + 2 * each + best_grouping(t, used | 1u << b, each);
        best = two > best ? two : best;
        for (int c = b + 1; c < t->n; c++) {
            if (!(used >> c & 1) && t->w[a][c] >= 0 && t->w[b][c] >= 0) {
                int64_t three = t->w[a][b] + t->w[a][c] + t->w[b][c] + 3 * each +
                                best_grouping(t, used | 1u << b | 1u << c, each);
                best = three > best ? three : best;
            }
        }
    }
    return best;
}

static int64_t random_table(struct rng *rng, struct table *t, struct match_edge *edges,
                            double density, uint32_t values)
{
    int64_t n = 0;
    t->n = 1 + (int)rng_below(rng, MOST);
    for (int u = 0; u < t->n; u++) {
        t->w[u][u] = -1;
        for (int v = 0; v < u; v++) {
            bool allowed = rng_unit(rng) < density;
            t->w[u][v] = t->w[v][u] = allowed ? (int64_t)rng_below(rng, values) : -1;
            if (allowed) {
                edges[n++] = (struct match_edge){v, u, t->w[u][v]};
            }
        }
    }
    return n;
}

static void test_brute_force(struct arena *arena)
{
    struct rng rng = rng_seed(3);
    int failed = 0, above = 0, below = 0, refused = 0, alone = 0;
    int fewer = 0;
    double found = 0, possible = 0, bounds = 0, all = 0;
    for (int round = 0; round < 1000; round++) {
        struct table t;
        struct match_edge edges[MOST * MOST];
        struct arena *work = arena_child(arena);
        int64_t n = random_table(&rng, &t, edges, round % 2 ? 1.0 : 0.6, round % 3 ? 1000 : 4);
        struct match_trio trio;
        int32_t who;
        if (match_trio_solve(work, t.n, edges, n, NULL, &trio) != ERR_OK) {
            failed++;
            continue;
        }
        int64_t best = best_grouping(&t, 0, 0);
        /* Most people in groups first: what the search is for. */
        int64_t most = best_grouping(&t, 0, ONE_MORE), grouped = 0;
        for (int u = 0; u < t.n; u++) {
            grouped += trio.group[u] >= 0;
        }
        fewer += grouped < most / ONE_MORE;
        above += trio.total > best;
        below += trio.bound < MATCH_DUAL_SCALE * best;
        refused += match_trio_verify(work, &trio, edges, n, &who) != ERR_OK;
        for (int u = 0; u < t.n && round % 2; u++) {
            alone += t.n > 1 && trio.group[u] < 0;
        }
        if (grouped == most / ONE_MORE) {
            found += (double)trio.total;
            possible += (double)(most % ONE_MORE);
        }
        all += (double)best;
        bounds += (double)trio.bound / MATCH_DUAL_SCALE;
        arena_free(work);
    }
    tap_ok(failed == 0 && above == 0, "no total above the best of all groupings");
    tap_ok(below == 0, "no bound below it");
    tap_ok(refused == 0, "every answer is verified");
    tap_ok(alone == 0, "nobody is alone where everybody may work with everybody");
    tap_ok(found >= 0.97 * possible, "%.2f %% of the best is found", 100 * found / possible);
    tap_ok(fewer < 10, "fewer people than possible are in groups in %d of 1000", fewer);
    tap_ok(bounds <= 1.05 * all, "the bounds are %.2f %% of the best", 100 * bounds / all);
}

static int64_t complete(struct rng *rng, int n, struct match_edge *edges)
{
    int64_t count = 0;
    for (int u = 0; u < n; u++) {
        for (int v = 0; v < u; v++) {
            edges[count++] = (struct match_edge){v, u, rng_below(rng, 10000)};
        }
    }
    return count;
}

static void test_large(struct arena *arena)
{
    enum { N = 240 };
    struct rng rng = rng_seed(9);
    struct match_edge *edges = arena_alloc(arena, N * N / 2, sizeof *edges);
    int64_t n = complete(&rng, N, edges);
    struct match_trio trio, again;
    int32_t who;
    int ok = match_trio_solve(arena, N, edges, n, NULL, &trio) == ERR_OK;
    tap_ok(ok && match_trio_verify(arena, &trio, edges, n, &who) == ERR_OK &&
               trio.n_groups == N / 3,
           "%d people in groups of three", N);
    tap_ok((double)trio.total * MATCH_DUAL_SCALE >= 0.93 * (double)trio.bound,
           "at least 93 %% of the bound (%.2f %%)",
           100.0 * (double)trio.total * MATCH_DUAL_SCALE / (double)trio.bound);
    tap_ok(match_trio_solve(arena, N, edges, n, NULL, &again) == ERR_OK &&
               memcmp(trio.group, again.group, N * sizeof *trio.group) == 0,
           "the same groups again");
    int missed = 0;
    for (int k = 0; k < N; k++) {
        struct match_trio changed = trio;
        int64_t price = trio.price[k];
        trio.price[k] -= price / 2 + 1;
        changed.bound -= price / 2 + 1;
        missed += match_trio_verify(arena, &changed, edges, n, &who) != ERR_REFUSED;
        trio.price[k] = price;
        int32_t group = trio.group[k];
        trio.group[k] = (group + 1) % trio.n_groups;
        missed += match_trio_verify(arena, &trio, edges, n, &who) != ERR_REFUSED;
        trio.group[k] = group;
    }
    struct match_trio changed = trio;
    changed.total++;
    missed += match_trio_verify(arena, &changed, edges, n, &who) != ERR_REFUSED;
    tap_ok(missed == 0, "a lower price, another group and another total are refused");
    edges[5].w += 40000;
    tap_ok(match_trio_verify(arena, &trio, edges, n, &who) == ERR_REFUSED,
           "the proof does not hold for other weights");
}

static void test_bad_input(struct arena *arena)
{
    struct match_trio trio;
    struct match_edge loop[] = {{1, 1, 5}}, twice[] = {{0, 1, 5}, {1, 0, 5}}, far[] = {{0, 9, 5}};
    struct match_edge negative[] = {{0, 1, -5}};
    tap_ok(match_trio_solve(arena, 3, loop, 1, NULL, &trio) == ERR_INVALID &&
               match_trio_solve(arena, 3, twice, 2, NULL, &trio) == ERR_INVALID &&
               match_trio_solve(arena, 3, far, 1, NULL, &trio) == ERR_INVALID &&
               match_trio_solve(arena, 3, negative, 1, NULL, &trio) == ERR_RANGE,
           "malformed edges are refused");
    tap_ok(match_trio_solve(arena, 0, NULL, 0, NULL, &trio) == ERR_OK && trio.n_groups == 0,
           "nobody is a case too");
}

static void test_memory(void)
{
    struct rng rng = rng_seed(2);
    struct match_edge edges[66];
    int64_t n = complete(&rng, 12, edges);
    int failed = 0, wrong = 0;
    /* Each of the first 200, then every hundredth: the later ones repeat the same places. */
    for (uint64_t nth = 1; nth < 100000; nth += nth < 200 ? 1 : 97) {
        struct arena *root = arena_new(0);
        struct match_trio trio;
        arena_fail_after(root, nth);
        enum err err = match_trio_solve(root, 12, edges, n, NULL, &trio);
        arena_fail_after(root, 0);
        arena_free(root);
        if (err == ERR_OK) {
            break;
        }
        failed++;
        wrong += err != ERR_NOMEM;
    }
    tap_ok(failed > 200 && failed < 2000 && wrong == 0, "%d allocations may fail", failed);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_brute_force(arena);
    test_large(arena);
    test_bad_input(arena);
    test_memory();
    arena_free(arena);
    return tap_done();
}
