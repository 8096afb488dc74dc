/* Stable pairs against all matchings of up to 8 people, and the limits of memory. */
#include "match/stable.h"

#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"

#define MOST 8

struct table {
    int n;
    int64_t gain[MOST][MOST]; /* -1: not allowed */
};

/* The strict order that stable.h documents, written anew: does u like a better than b? -1: nobody.
 */
static int likes(const struct table *t, int u, int a, int b)
{
    if (a < 0 || b < 0) {
        return a >= 0 && b < 0;
    }
    int64_t joint_a = t->gain[u][a] + t->gain[a][u], joint_b = t->gain[u][b] + t->gain[b][u];
    if (t->gain[u][a] != t->gain[u][b]) {
        return t->gain[u][a] > t->gain[u][b];
    }
    return joint_a != joint_b ? joint_a > joint_b : a < b;
}

static int is_stable(const struct table *t, const int32_t *mate)
{
    for (int u = 0; u < t->n; u++) {
        for (int v = u + 1; v < t->n; v++) {
            if (t->gain[u][v] >= 0 && mate[u] != v && likes(t, u, v, mate[u]) &&
                likes(t, v, u, mate[v])) {
                return 0;
            }
        }
    }
    return 1;
}

/* Counts the stable matchings by trying all; depth at most MOST. */
static int count_stable(const struct table *t, int32_t *mate, int from)
{
    while (from < t->n && mate[from] != -2) {
        from++;
    }
    if (from == t->n) {
        return is_stable(t, mate);
    }
    mate[from] = -1;
    int count = count_stable(t, mate, from + 1);
    for (int v = from + 1; v < t->n; v++) {
        if (mate[v] == -2 && t->gain[from][v] >= 0) {
            mate[from] = v;
            mate[v] = from;
            count += count_stable(t, mate, from + 1);
            mate[v] = -2;
        }
    }
    mate[from] = -2;
    return count;
}

static struct table random_table(struct rng *rng, int values, double density)
{
    struct table t = {.n = 1 + (int)rng_below(rng, MOST)};
    for (int u = 0; u < t.n; u++) {
        t.gain[u][u] = -1;
        for (int v = 0; v < u; v++) {
            int allowed = rng_unit(rng) < density;
            t.gain[u][v] = allowed ? (int64_t)rng_below(rng, (uint32_t)values) : -1;
            t.gain[v][u] = allowed ? (int64_t)rng_below(rng, (uint32_t)values) : -1;
        }
    }
    return t;
}

static int64_t list_wishes(const struct table *t, struct match_wish *wishes)
{
    int64_t n = 0;
    for (int u = 0; u < t->n; u++) {
        for (int v = 0; v < u; v++) {
            if (t->gain[u][v] >= 0) {
                wishes[n++] = (struct match_wish){u, v, t->gain[u][v], t->gain[v][u]};
            }
        }
    }
    return n;
}

static void test_brute_force(struct arena *arena)
{
    struct rng rng = rng_seed(11);
    int wrong_existence = 0, unstable = 0, odd = 0, blocked = 0, joint_blocked = 0;
    for (int round = 0; round < 20000; round++) {
        struct table t = random_table(&rng, round % 3 ? 4 : 1000, round % 2 ? 0.6 : 1.0);
        struct match_wish wishes[MOST * MOST];
        int64_t n_wishes = list_wishes(&t, wishes);
        struct arena *work = arena_child(arena);
        struct match_stable got;
        int32_t mate[MOST];
        for (int u = 0; u < MOST; u++) {
            mate[u] = -2;
        }
        int exists = count_stable(&t, mate, 0) > 0;
        if (match_stable_pairs(work, t.n, wishes, n_wishes, &got) != ERR_OK) {
            wrong_existence++;
            continue;
        }
        wrong_existence += exists != (got.kind == MATCH_STABLE_OWN);
        unstable += got.kind == MATCH_STABLE_OWN && !is_stable(&t, got.mate);
        odd += got.kind == MATCH_STABLE_JOINT;
        int64_t n_blocking = -1;
        if (match_stable_count_blocking(work, t.n, wishes, n_wishes, got.mate, got.kind,
                                        &n_blocking) != ERR_OK ||
            n_blocking != 0) {
            *(got.kind == MATCH_STABLE_OWN ? &blocked : &joint_blocked) += 1;
        }
        arena_free(work);
    }
    tap_ok(wrong_existence == 0,
           "a stable arrangement is found exactly when brute force finds one");
    tap_ok(unstable == 0, "and it is stable under the strict order");
    tap_ok(odd > 300, "some instances have none (%d of 20000)", odd);
    tap_ok(blocked == 0 && joint_blocked == 0, "no pair blocks either kind of answer");
}

static void test_known(struct arena *arena)
{
    /* The classic without an answer: a, b, c like each other in a circle, nobody likes d. */
    struct match_wish circle[] = {{0, 1, 3, 2}, {1, 2, 3, 2}, {2, 0, 3, 2},
                                  {0, 3, 1, 3}, {1, 3, 1, 2}, {2, 3, 1, 1}};
    struct match_stable got;
    tap_ok(match_stable_pairs(arena, 4, circle, 6, &got) == ERR_OK &&
               got.kind == MATCH_STABLE_JOINT && got.odd_person >= 0,
           "three in a circle and one whom nobody likes: no answer by own gain");
    tap_ok(got.mate[0] == 1 && got.mate[2] == 3, "the heaviest pair first, then who is left");
    int64_t n_blocking = 0;
    int32_t apart[4] = {-1, -1, -1, -1};
    tap_ok(match_stable_count_blocking(arena, 4, circle, 6, apart, MATCH_STABLE_OWN, &n_blocking) ==
                   ERR_OK &&
               n_blocking == 6,
           "everybody alone: every wish blocks");
    int32_t crossed[4] = {2, 3, 0, 1};
    tap_ok(match_stable_count_blocking(arena, 4, circle, 6, crossed, MATCH_STABLE_OWN,
                                       &n_blocking) == ERR_OK &&
               n_blocking == 1,
           "0-2 and 1-3: only 1 and 2 would leave");
    struct match_wish self[] = {{0, 0, 1, 1}}, twice[] = {{0, 1, 1, 1}, {1, 0, 1, 1}};
    struct match_wish outside[] = {{0, 4, 1, 1}}, negative[] = {{0, 1, -1, 1}};
    tap_ok(match_stable_pairs(arena, 4, self, 1, &got) == ERR_INVALID &&
               match_stable_pairs(arena, 4, twice, 2, &got) == ERR_INVALID &&
               match_stable_pairs(arena, 4, outside, 1, &got) == ERR_INVALID &&
               match_stable_pairs(arena, 4, negative, 1, &got) == ERR_INVALID,
           "malformed wishes are refused");
    tap_ok(match_stable_pairs(arena, 0, NULL, 0, &got) == ERR_OK, "nobody is a case too");
}

static void test_large(struct arena *arena)
{
    /* With a common weight Irving's answer is the greedy one. */
    enum { N = 400 };
    struct rng rng = rng_seed(5);
    struct match_wish *wishes = arena_alloc(arena, N * N / 2, sizeof *wishes);
    int64_t n = 0;
    for (int u = 0; u < N; u++) {
        for (int v = 0; v < u; v++) {
            int64_t w = (int64_t)(rng_next(&rng) >> 24);
            wishes[n++] = (struct match_wish){u, v, w, w};
        }
    }
    struct match_stable got;
    int ok = match_stable_pairs(arena, N, wishes, n, &got) == ERR_OK;
    int32_t greedy[N];
    for (int u = 0; u < N; u++) {
        greedy[u] = -1;
    }
    for (int pairs = 0; pairs < N / 2; pairs++) {
        int64_t best = -1;
        for (int64_t k = 0; k < n; k++) {
            if (greedy[wishes[k].u] < 0 && greedy[wishes[k].v] < 0 &&
                (best < 0 || wishes[k].gain_u > wishes[best].gain_u)) {
                best = k;
            }
        }
        greedy[wishes[best].u] = wishes[best].v;
        greedy[wishes[best].v] = wishes[best].u;
    }
    tap_ok(ok && got.kind == MATCH_STABLE_OWN && memcmp(got.mate, greedy, sizeof greedy) == 0,
           "a common weight: the greedy pairs, %d people", N);
    int failed = 0, leaked = 0;
    for (uint64_t nth = 1; nth < 1000; nth++) {
        struct arena *root = arena_new(0);
        struct match_wish few[] = {{0, 1, 3, 2}, {1, 2, 3, 2}, {2, 0, 3, 2}, {0, 3, 1, 3}};
        arena_fail_after(root, nth);
        enum err err = match_stable_pairs(root, 4, few, 4, &got);
        arena_fail_after(root, 0);
        arena_free(root);
        if (err == ERR_OK) {
            break;
        }
        failed++;
        leaked += err != ERR_NOMEM;
    }
    tap_ok(failed > 5 && failed < 999 && leaked == 0, "each of %d allocations may fail", failed);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_brute_force(arena);
    test_known(arena);
    test_large(arena);
    arena_free(arena);
    return tap_done();
}
