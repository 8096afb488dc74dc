/* Groups of three: against all groupings of up to 9 people, the bound, and refusal of changes. */
#include "match/trio.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/rng.h"
#include "match/pairing.h"
#include "tap.h"

#include <stdlib.h>

#define MOST 9
#define ONE_MORE 1000000

struct table {
    int n;
    int64_t w[MOST][MOST]; /* -1: not allowed */
};

/* So many rounds, of which the sanitizers, ten times slower, look at a sample. */
static int rounds(int n)
{
    return getenv("DUET_SANITIZED") ? n / 4 : n;
}

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
    int n_rounds = rounds(1000);
    for (int round = 0; round < n_rounds; round++) {
        struct table t;
        struct match_edge edges[MOST * MOST];
        struct arena *work = arena_child(arena);
        int64_t n = random_table(&rng, &t, edges, round % 2 ? 1.0 : 0.6, round % 3 ? 1000 : 4);
        struct match_trio trio;
        int32_t who;
        if (match_trio_solve(work, t.n, edges, n, NULL, NULL, NULL, &trio) != ERR_OK) {
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
    tap_ok(100 * fewer < n_rounds, "fewer people than possible are in groups in %d of %d", fewer,
           n_rounds);
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
    int ok = match_trio_solve(arena, N, edges, n, NULL, NULL, NULL, &trio) == ERR_OK;
    tap_ok(ok && match_trio_verify(arena, &trio, edges, n, &who) == ERR_OK &&
               trio.n_groups == N / 3,
           "%d people in groups of three", N);
    tap_ok((double)trio.total * MATCH_DUAL_SCALE >= 0.93 * (double)trio.bound,
           "at least 93 %% of the bound (%.2f %%)",
           100.0 * (double)trio.total * MATCH_DUAL_SCALE / (double)trio.bound);
    tap_ok(match_trio_solve(arena, N, edges, n, NULL, NULL, NULL, &again) == ERR_OK &&
               memcmp(trio.group, again.group, N * sizeof *trio.group) == 0,
           "the same groups again");
    int missed = 0, every = N / rounds(N);
    for (int k = 0; k < N; k += every) {
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
    tap_ok(match_trio_solve(arena, 3, loop, 1, NULL, NULL, NULL, &trio) == ERR_INVALID &&
               match_trio_solve(arena, 3, twice, 2, NULL, NULL, NULL, &trio) == ERR_INVALID &&
               match_trio_solve(arena, 3, far, 1, NULL, NULL, NULL, &trio) == ERR_INVALID &&
               match_trio_solve(arena, 3, negative, 1, NULL, NULL, NULL, &trio) == ERR_RANGE,
           "malformed edges are refused");
    tap_ok(match_trio_solve(arena, 0, NULL, 0, NULL, NULL, NULL, &trio) == ERR_OK &&
               trio.n_groups == 0,
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
        enum err err = match_trio_solve(root, 12, edges, n, NULL, NULL, NULL, &trio);
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

/* ---- very many people: weights asked for one by one ---- */

struct asked {
    int32_t n;
    int32_t *w; /* n x n, -1: not allowed */
};

static int32_t ask(void *ctx, int32_t u, int32_t v)
{
    const struct asked *asked = ctx;
    return asked->w[(int64_t)u * asked->n + v];
}

static struct asked asked_of(struct arena *arena, int32_t n, const struct match_edge *edges,
                             int64_t n_edges)
{
    struct asked asked = {n, arena_alloc(arena, (size_t)n * (size_t)n, sizeof *asked.w)};
    memset(asked.w, -1, (size_t)n * (size_t)n * sizeof *asked.w);
    for (int64_t k = 0; k < n_edges; k++) {
        int64_t u = edges[k].u, v = edges[k].v;
        asked.w[u * n + v] = asked.w[v * n + u] = (int32_t)edges[k].w;
    }
    return asked;
}

struct listed {
    const struct match_edge *edges;
    int64_t n;
};

static enum err list_all(void *ctx, const void *duals, match_slack_fn *slack,
                         struct match_edges *edges)
{
    const struct listed *listed = ctx;
    enum err err = ERR_OK;
    (void)slack;
    for (int64_t k = 0; k < listed->n && !duals && !err; k++) {
        err = match_edges_add(edges, listed->edges[k].u, listed->edges[k].v, listed->edges[k].w);
    }
    return err;
}

static void ask_row(void *ctx, int32_t v, int32_t first, int32_t end, int32_t *w)
{
    for (int32_t u = first; u < end; u++) {
        w[u - first] = ask(ctx, u, v);
    }
}

/* Groups with prices from the best fractional pairing; a tie of `extra` more for people 0 and 1. */
static enum err solve_many(struct arena *arena, struct asked *asked, const struct match_edge *edges,
                           int64_t n, int64_t tie, const struct crew *crew, struct match_trio *trio)
{
    struct listed listed = {edges, n};
    struct match_source source = {list_all, &listed};
    struct match_pairing_options options = {.fractional = true};
    struct match_pair_proof start;
    enum err err = match_pairing_solve(arena, asked->n, &source, &options, &start, NULL);
    int64_t *extra = arena_alloc(arena, (size_t)asked->n + 2, sizeof *extra);
    if (err || !extra) {
        return err ? err : ERR_NOMEM;
    }
    extra[0] = extra[1] = MATCH_DUAL_SCALE / 2 * tie;
    int32_t *mate = arena_alloc(arena, (size_t)asked->n + 1, sizeof *mate);
    memcpy(mate, start.mate, (size_t)asked->n * sizeof *mate);
    for (int32_t u = 0; tie && u < 2; u++) { /* the tied come first */
        if (mate[u] >= 0) {
            mate[mate[u]] = -1;
        }
    }
    if (tie) {
        mate[0] = 1;
        mate[1] = 0;
    }
    const struct match_trio_people people = {.n = asked->n,
                                             .weight = ask,
                                             .weights = crew ? ask_row : NULL, /* either way */
                                             .weight_ctx = asked,
                                             .crew = crew};
    return match_trio_solve_many(arena, &people, mate, start.y, extra, trio);
}

static enum err verify_many(struct arena *arena, struct asked *asked, const struct match_trio *trio)
{
    const struct crew three = {3};
    const struct match_trio_people people = {
        .n = asked->n, .weight = ask, .weight_ctx = asked, .crew = &three};
    struct match_trio_people by_rows = people;
    by_rows.weights = ask_row;
    int32_t who, also;
    int64_t n_checked, n_also;
    enum err err = match_trio_verify_many(arena, trio, &people, &who, &n_checked);
    enum err again = match_trio_verify_many(arena, trio, &by_rows, &also, &n_also);
    return err == again && who == also && n_checked == n_also ? err : ERR_BUSY;
}

static void test_many_brute(struct arena *arena)
{
    struct rng rng = rng_seed(8);
    int failed = 0, above = 0, below = 0, refused = 0, apart = 0;
    double found = 0, possible = 0;
    for (int round = 0; round < 400; round++) {
        struct table t;
        struct match_edge edges[MOST * MOST];
        struct arena *work = arena_child(arena);
        int64_t n = random_table(&rng, &t, edges, round % 2 ? 1.0 : 0.6, round % 3 ? 1000 : 4);
        struct asked asked = asked_of(work, t.n, edges, n);
        int64_t tie = round % 5 == 0 && t.n > 1 && t.w[0][1] >= 0 ? MATCH_TRIO_TIE : 0;
        if (tie) {
            t.w[0][1] += tie;
            t.w[1][0] += tie;
            asked.w[1] += (int32_t)tie;
            asked.w[asked.n] += (int32_t)tie;
        }
        struct match_trio trio;
        if (solve_many(work, &asked, edges, n, tie, NULL, &trio)) {
            failed++;
            continue;
        }
        int64_t best = best_grouping(&t, 0, 0);
        above += trio.total > best;
        below += trio.bound < MATCH_DUAL_SCALE * best;
        refused += verify_many(work, &asked, &trio) != ERR_OK;
        apart += tie && (trio.group[0] < 0 || trio.group[0] != trio.group[1]);
        found += tie ? 0 : (double)trio.total;
        possible += tie ? 0 : (double)best;
        arena_free(work);
    }
    tap_ok(failed == 0 && above == 0 && below == 0,
           "many: no total above the best of all groupings and no bound below it");
    tap_ok(refused == 0, "many: every answer is verified");
    tap_ok(apart == 0, "many: a tie that outweighs everything is kept");
    tap_ok(found >= 0.9 * possible, "many: %.2f %% of the best is found", 100 * found / possible);
}

/* Both checks agree on prices that see whole groups, right ones and changed ones. */
static void test_many_checks(struct arena *arena)
{
    struct rng rng = rng_seed(12);
    int differ = 0, refused = 0, accepted = 0, n_rounds = rounds(800);
    for (int round = 0; round < n_rounds; round++) {
        struct table t;
        struct match_edge edges[MOST * MOST];
        struct arena *work = arena_child(arena);
        int64_t n = random_table(&rng, &t, edges, round % 2 ? 1.0 : 0.6, 100);
        struct asked asked = asked_of(work, t.n, edges, n);
        struct match_trio trio;
        int32_t who, u = (int32_t)rng_below(&rng, (uint32_t)t.n);
        if (match_trio_solve(work, t.n, edges, n, NULL, NULL, NULL, &trio)) {
            differ++;
            continue;
        }
        int64_t less = rng_below(&rng, 3) * (int64_t)rng_below(&rng, 60);
        less = less > trio.price[u] ? trio.price[u] : less;
        trio.price[u] -= less;
        trio.bound -= less;
        if (round % 7 == 0) {
            trio.group[u] = (int32_t)rng_below(&rng, (uint32_t)t.n) - 1;
        }
        enum err one = match_trio_verify(work, &trio, edges, n, &who);
        enum err other = verify_many(work, &asked, &trio);
        differ += one != other;
        refused += one == ERR_REFUSED;
        accepted += one == ERR_OK;
        arena_free(work);
    }
    tap_ok(differ == 0 && 8 * refused > n_rounds && 8 * accepted > n_rounds,
           "many: the check says what the check of listed pairs says (%d refused, %d not)", refused,
           accepted);
}

static void test_many_large(struct arena *arena)
{
    enum { N = 600 };
    const struct crew three = {3};
    struct rng rng = rng_seed(10);
    struct match_edge *edges = arena_alloc(arena, N * N / 2, sizeof *edges);
    int64_t n = complete(&rng, N, edges);
    struct asked asked = asked_of(arena, N, edges, n);
    struct match_trio trio, again;
    int ok = solve_many(arena, &asked, edges, n, 0, NULL, &trio) == ERR_OK;
    ok = ok && verify_many(arena, &asked, &trio) == ERR_OK && trio.n_groups == N / 3;
    tap_ok(ok, "many: %d people in groups of three", N);
    double share = 100.0 * (double)(MATCH_DUAL_SCALE * trio.total) / (double)trio.bound;
    tap_ok(share >= 88 && share <= 100, "many: at least 88 %% of the bound (%.2f %%)", share);
    tap_ok(solve_many(arena, &asked, edges, n, 0, &three, &again) == ERR_OK &&
               memcmp(trio.group, again.group, N * sizeof *trio.group) == 0 &&
               memcmp(trio.price, again.price, N * sizeof *trio.price) == 0,
           "many: the same groups and prices on three threads");
    int missed = 0;
    for (int k = 0; k < N; k += 60) {
        struct match_trio changed = trio;
        int64_t price = trio.price[k];
        trio.price[k] = 0;
        changed.bound -= price;
        missed += verify_many(arena, &asked, &changed) != ERR_REFUSED;
        trio.price[k] = price + 1; /* then the sum is wrong */
        missed += verify_many(arena, &asked, &trio) != ERR_REFUSED;
        trio.price[k] = price;
        int32_t group = trio.group[k];
        trio.group[k] = (group + 1) % trio.n_groups;
        missed += verify_many(arena, &asked, &trio) != ERR_REFUSED;
        trio.group[k] = group;
    }
    trio.total++;
    missed += verify_many(arena, &asked, &trio) != ERR_REFUSED;
    trio.total--;
    tap_ok(missed == 0, "many: lower prices, other sums and other groups are refused");
    asked.w[5] = asked.w[5 * N] = 90000;
    tap_ok(verify_many(arena, &asked, &trio) == ERR_REFUSED,
           "many: the proof does not hold for other weights");
}

static bool stop_it(void *ctx)
{
    int *left = ctx;
    return --*left <= 0;
}

static void test_many_limits(struct arena *arena)
{
    struct rng rng = rng_seed(4);
    struct match_edge edges[66];
    int64_t n = complete(&rng, 12, edges);
    struct asked asked = asked_of(arena, 12, edges, n);
    int64_t y[12];
    for (int k = 0; k < 12; k++) {
        y[k] = MATCH_DUAL_SCALE * 10000;
    }
    struct match_trio trio;
    struct match_trio_people people = {.n = 12, .weight = ask, .weight_ctx = &asked};
    int left = 3, failed = 0, wrong = 0;
    for (uint64_t nth = 1; nth < 100000; nth += nth < 100 ? 1 : 53) {
        struct arena *root = arena_new(0);
        arena_fail_after(root, nth);
        enum err err = match_trio_solve_many(root, &people, NULL, y, NULL, &trio);
        arena_free(root);
        if (err == ERR_OK) {
            break;
        }
        failed++;
        wrong += err != ERR_NOMEM;
    }
    tap_ok(failed > 50 && wrong == 0, "many: %d allocations may fail", failed);
    people.pause = stop_it;
    people.pause_ctx = &left;
    tap_ok(match_trio_solve_many(arena, &people, NULL, y, NULL, &trio) == ERR_LIMIT && left == 0,
           "many: it stops when told to");
    people.n = MATCH_TRIO_MANY + 1;
    tap_ok(match_trio_solve_many(arena, &people, NULL, y, NULL, &trio) == ERR_LIMIT,
           "many: too many are refused");
    people.n = 0;
    people.pause = NULL;
    tap_ok(match_trio_solve_many(arena, &people, NULL, y, NULL, &trio) == ERR_OK &&
               trio.n_groups == 0 && trio.bound == 0,
           "many: nobody is a case too");
    people.n = 12;
    asked.w[1] = (int32_t)MATCH_TRIO_WEIGHT_MAX + 1;
    tap_ok(match_trio_solve_many(arena, &people, NULL, y, NULL, &trio) == ERR_RANGE,
           "many: a weight out of range is refused");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_brute_force(arena);
    test_large(arena);
    test_bad_input(arena);
    test_memory();
    test_many_brute(arena);
    test_many_checks(arena);
    test_many_large(arena);
    test_many_limits(arena);
    arena_free(arena);
    return tap_done();
}
