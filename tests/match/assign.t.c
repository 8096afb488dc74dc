/* The assignment solver against two other methods, with its own proof checked every time. */
#include "match/assign.h"

#include "base/arena.h"
#include "base/rng.h"
#include "match/verify.h"

#include "tap.h"

#include <stdlib.h>

#define MAX_TASKS 24
#define MAX_PEOPLE 12

/* A small instance with a full table of weights. */
struct instance {
    struct match_assign_problem problem;
    int32_t learner[MAX_TASKS], max_learns[MAX_PEOPLE], max_helps[MAX_PEOPLE];
    int64_t w[MAX_TASKS][MAX_PEOPLE]; /* MATCH_NO_PAIR: no edge */
    int lists;                        /* edges per call of the source; 0: all at once */
    struct match_assign_start start;  /* a guess, mostly a bad one */
    int64_t rent[MAX_PEOPLE];
    int32_t helper[MAX_TASKS];
};

static int64_t weight(void *ctx, int32_t t, int32_t j)
{
    struct instance *in = ctx;
    return in->w[t][j];
}

/* Lists all edges, or prices: a few at first, then the worst violated of each task. */
static enum err price(void *ctx, const void *duals, match_slack_fn *slack,
                      struct match_edges *edges)
{
    struct instance *in = ctx;
    for (int32_t t = 0; t < in->problem.n_tasks; t++) {
        int32_t worst = -1;
        int64_t least = 0;
        for (int32_t j = 0; j < in->problem.n_helpers; j++) {
            int64_t w = in->w[t][j];
            if (w == MATCH_NO_PAIR) {
                continue;
            }
            if (!duals && (!in->lists || j % 5 == t % 5)) {
                enum err err = match_edges_add(edges, t, j, w);
                if (err) {
                    return err;
                }
            }
            if (duals && slack(duals, t, j, w) < least) {
                least = slack(duals, t, j, w);
                worst = j;
            }
        }
        if (worst >= 0) {
            enum err err = match_edges_add(edges, t, worst, in->w[t][worst]);
            if (err) {
                return err;
            }
        }
    }
    return ERR_OK;
}

/* A guess in half of the instances: rents of any size, helpers in disregard of all limits. */
static void instance_guess(struct instance *in, struct rng *rng, int64_t top, int64_t base)
{
    for (int32_t j = 0; j < in->problem.n_helpers; j++) {
        in->rent[j] = rng_below(rng, 3) ? (int64_t)rng_below(rng, (uint32_t)top) : 0;
        in->rent[j] += rng_below(rng, 6) ? 0 : base;
    }
    for (int32_t t = 0; t < in->problem.n_tasks; t++) {
        in->helper[t] = (int32_t)rng_below(rng, (uint32_t)in->problem.n_helpers + 1) - 1;
    }
    in->start = (struct match_assign_start){in->rent, in->helper};
    in->problem.start = rng_below(rng, 2) ? &in->start : NULL;
}

static void instance_random(struct instance *in, struct rng *rng, int32_t tasks, int32_t people,
                            int64_t top, int64_t base)
{
    *in = (struct instance){0};
    struct match_assign_problem *p = &in->problem;
    p->n_tasks = (int32_t)rng_below(rng, (uint32_t)tasks + 1);
    p->n_learners = 1 + (int32_t)rng_below(rng, (uint32_t)people);
    p->n_helpers = (int32_t)rng_below(rng, (uint32_t)people + 1);
    p->learner = in->learner;
    p->max_learns = in->max_learns;
    p->max_helps = in->max_helps;
    in->lists = (int)rng_below(rng, 2);
    uint32_t limit = 1 + rng_below(rng, 4), density = 1 + rng_below(rng, 10);
    for (int32_t l = 0; l < p->n_learners; l++) {
        in->max_learns[l] = (int32_t)rng_below(rng, 4);
    }
    for (int32_t j = 0; j < p->n_helpers; j++) {
        in->max_helps[j] = (int32_t)rng_below(rng, limit + 1);
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        in->learner[t] = (int32_t)rng_below(rng, (uint32_t)p->n_learners);
        for (int32_t j = 0; j < p->n_helpers; j++) {
            in->w[t][j] = rng_below(rng, 10) < density
                              ? base + (int64_t)rng_below(rng, (uint32_t)top) - top / 8
                              : MATCH_NO_PAIR;
        }
    }
    instance_guess(in, rng, top, base);
}

/* Solves and lets the verifier check; -1 when anything is wrong. */
static int64_t solve(struct arena *arena, struct instance *in)
{
    struct match_source source = {price, in};
    struct match_assign_proof proof;
    struct match_verdict verdict;
    struct match_check check = {.weight = weight, .weight_ctx = in};
    struct arena *work = arena_child(arena);
    enum err err = match_assign_solve(work, &in->problem, &source, NULL, NULL, &proof);
    if (!err) {
        err = match_verify_assign(work, &proof, in->learner, in->max_learns, in->max_helps, &check,
                                  &verdict);
    }
    if (err) {
        printf("# %s: %s\n", err_name(err), err == ERR_REFUSED ? verdict.text : "");
    }
    int64_t total = err ? -1 : proof.total;
    arena_free(work);
    return total;
}

/* Every way to serve the tasks t, t + 1, ... */
static int64_t brute(const struct instance *in, int32_t *learns, int32_t *helps)
{
    int64_t sum = 0, top = 0;
    int32_t choice[MAX_TASKS + 1];
    int32_t t = 0, n = in->problem.n_tasks;
    choice[0] = -2; /* -2 not tried, -1 unserved, j helper */
    while (t >= 0) {
        if (t == n) {
            top = sum > top ? sum : top;
            t--;
            continue;
        }
        int32_t l = in->learner[t], j = choice[t];
        if (j >= 0) {
            sum -= in->w[t][j];
            learns[l]--;
            helps[j]--;
        }
        for (j = j == -2 ? -1 : j + 1; j < in->problem.n_helpers; j++) {
            if (j == -1 || (in->w[t][j] != MATCH_NO_PAIR && learns[l] < in->max_learns[l] &&
                            helps[j] < in->max_helps[j])) {
                break;
            }
        }
        if (j >= in->problem.n_helpers) {
            t--;
            continue;
        }
        choice[t] = j;
        if (j >= 0) {
            sum += in->w[t][j];
            learns[l]++;
            helps[j]++;
        }
        choice[++t] = -2;
    }
    return top;
}

/* Successive longest paths by Bellman and Ford on the plain flow network. */
struct flow {
    int from[1024], to[1024], cap[1024], n_nodes, n;
    int64_t cost[1024];
};

static void flow_arc(struct flow *f, int from, int to, int cap, int64_t cost)
{
    int ends[2] = {from, to};
    for (int way = 0; way < 2; way++) {
        f->from[f->n] = ends[way];
        f->to[f->n] = ends[!way];
        f->cap[f->n] = way ? 0 : cap;
        f->cost[f->n++] = way ? -cost : cost;
    }
}

static int64_t flow_best(const struct instance *in)
{
    static struct flow f;
    const struct match_assign_problem *p = &in->problem;
    int task = 2, learner = task + p->n_tasks, helper = learner + p->n_learners;
    f = (struct flow){.n_nodes = helper + p->n_helpers};
    for (int l = 0; l < p->n_learners; l++) {
        flow_arc(&f, 0, learner + l, in->max_learns[l], 0);
    }
    for (int t = 0; t < p->n_tasks; t++) {
        flow_arc(&f, learner + in->learner[t], task + t, 1, 0);
        for (int j = 0; j < p->n_helpers; j++) {
            if (in->w[t][j] != MATCH_NO_PAIR) {
                flow_arc(&f, task + t, helper + j, 1, in->w[t][j]);
            }
        }
    }
    for (int j = 0; j < p->n_helpers; j++) {
        flow_arc(&f, helper + j, 1, in->max_helps[j], 0);
    }
    for (int64_t total = 0;;) {
        int64_t far[64];
        int by[64];
        for (int v = 0; v < f.n_nodes; v++) {
            far[v] = v ? INT64_MIN : 0;
        }
        for (int changed = 1; changed;) {
            changed = 0;
            for (int k = 0; k < f.n; k++) {
                if (f.cap[k] && far[f.from[k]] != INT64_MIN &&
                    far[f.from[k]] + f.cost[k] > far[f.to[k]]) {
                    far[f.to[k]] = far[f.from[k]] + f.cost[k];
                    by[f.to[k]] = k;
                    changed = 1;
                }
            }
        }
        if (far[1] <= 0) {
            return total;
        }
        total += far[1];
        for (int v = 1; v; v = f.from[by[v]]) {
            f.cap[by[v]]--;
            f.cap[by[v] ^ 1]++;
        }
    }
}

static void test_brute(struct arena *arena)
{
    struct rng rng = rng_seed(11);
    struct instance in;
    int wrong = 0;
    for (int i = 0; i < 20000; i++) {
        instance_random(&in, &rng, 5, 4, i % 3 ? 6 : 100, 0);
        int32_t learns[MAX_PEOPLE] = {0}, helps[MAX_PEOPLE] = {0};
        int64_t best = brute(&in, learns, helps), got = solve(arena, &in);
        if (best != got || flow_best(&in) != best) {
            wrong++;
        }
    }
    tap_ok(wrong == 0, "brute force on 20,000 small instances (%d differ)", wrong);
}

static void test_flow(struct arena *arena)
{
    struct rng rng = rng_seed(12);
    struct instance in;
    int wrong = 0;
    for (int i = 0; i < 100000; i++) {
        int64_t base = i % 4 == 3 ? INT64_C(1) << 40 : 0; /* serve the most first */
        instance_random(&in, &rng, MAX_TASKS, MAX_PEOPLE, i % 3 ? 12 : 10000, base);
        wrong += solve(arena, &in) != flow_best(&in);
    }
    tap_ok(wrong == 0, "longest paths on 100,000 instances (%d differ)", wrong);
}

/* What does not change the best total, or changes it in a known way. */
static void test_metamorphic(struct arena *arena)
{
    struct rng rng = rng_seed(13);
    static struct instance in, other;
    int wrong = 0;
    for (int i = 0; i < 2000; i++) {
        instance_random(&in, &rng, MAX_TASKS, MAX_PEOPLE, 50, 0);
        int64_t total = solve(arena, &in);
        other = in;
        other.problem.learner = other.learner;
        other.problem.start = NULL; /* a guess makes no difference either */
        int32_t n = in.problem.n_tasks, m = in.problem.n_helpers;
        for (int32_t t = 0; t < n; t++) {
            other.learner[t] = in.learner[n - 1 - t];
            for (int32_t j = 0; j < m; j++) {
                int64_t w = in.w[n - 1 - t][j];
                other.w[t][j] = w == MATCH_NO_PAIR ? w : 7 * w;
            }
        }
        wrong += solve(arena, &other) != 7 * total;
    }
    tap_ok(wrong == 0, "the order of tasks does not matter, and weights scale (%d differ)", wrong);
}

static void weights(void *ctx, int32_t j, int32_t first, int32_t end, int64_t *w)
{
    for (int32_t t = first; t < end; t++) {
        int64_t one = weight(ctx, t, j);
        w[t - first] = one == MATCH_NO_PAIR ? 0 : one;
    }
}

/* The verifier, asking one by one or for many at once: a weight as large as the duals cover, then
 * larger by one. */
static void test_cover(struct arena *arena)
{
    struct rng rng = rng_seed(34);
    int wrong = 0, n = 0;
    for (int i = 0; i < 1000; i++) {
        static struct instance in;
        struct arena *work = arena_child(arena);
        struct match_source source = {price, &in};
        struct match_verdict verdict;
        struct match_assign_proof proof;
        struct match_check check = {
            .weight = weight, .weights = i % 3 ? weights : NULL, .weight_ctx = &in};
        do {
            instance_random(&in, &rng, MAX_TASKS, MAX_PEOPLE, 40, 0);
        } while (in.problem.n_tasks == 0 || in.problem.n_helpers == 0);
        wrong += match_assign_solve(work, &in.problem, &source, NULL, NULL, &proof) != ERR_OK;
        int32_t t = (int32_t)rng_below(&rng, (uint32_t)in.problem.n_tasks);
        int32_t j = (int32_t)rng_below(&rng, (uint32_t)in.problem.n_helpers);
        int64_t covered = proof.p[t] + proof.q[in.learner[t]] + proof.y[j];
        for (int more = 0; more < 2 && proof.helper[t] != j; more++) {
            in.w[t][j] = covered / MATCH_DUAL_SCALE + more;
            enum err err = match_verify_assign(work, &proof, in.learner, in.max_learns,
                                               in.max_helps, &check, &verdict);
            wrong += err != (more ? ERR_REFUSED : ERR_OK);
            n++;
        }
        arena_free(work);
    }
    tap_ok(wrong == 0 && n > 1000,
           "%d times a weight is accepted as long as the duals cover it (%d wrong)", n, wrong);
}

static bool stop_at_once(void *ctx, double done)
{
    return ++*(int *)ctx > 0 && done >= 0;
}

static enum err price_broken(void *ctx, const void *duals, match_slack_fn *slack,
                             struct match_edges *edges)
{
    (void)duals;
    (void)slack;
    const struct match_edge *e = ctx;
    return e->u == 99 ? ERR_IO : match_edges_add(edges, e->u, e->v, e->w);
}

static void test_errors(struct arena *arena)
{
    int32_t learner[] = {0, 0, 1}, max_learns[] = {1, 1}, max_helps[] = {1};
    struct match_assign_problem good = {3, 2, 1, learner, max_learns, max_helps, NULL};
    struct match_assign_proof proof;
    struct match_edge edge = {0, 0, 5};
    struct match_source source = {price_broken, &edge};
    size_t before = arena_bytes(arena);
    static const struct match_edge bad[] = {{-1, 0, 1},
                                            {3, 0, 1},
                                            {0, -1, 1},
                                            {0, 1, 1},
                                            {0, 0, MATCH_WEIGHT_MAX + 1},
                                            {0, 0, -MATCH_WEIGHT_MAX - 1}};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        edge = bad[k];
        tap_ok(match_assign_solve(arena, &good, &source, NULL, NULL, &proof) ==
                   (k < 4 ? ERR_INVALID : ERR_RANGE),
               "bad edge %zu is refused", k);
    }
    edge = (struct match_edge){99, 0, 0};
    tap_ok(match_assign_solve(arena, &good, &source, NULL, NULL, &proof) == ERR_IO,
           "the source's error is returned");
    edge = (struct match_edge){0, 0, 5};
    int calls = 0;
    tap_ok(match_assign_solve(arena, &good, &source, stop_at_once, &calls, &proof) == ERR_LIMIT &&
               calls > 0,
           "progress can stop it");
    int32_t *numbers[] = {&learner[1], &max_learns[0], &max_helps[0]};
    for (int k = 0; k < 3; k++) {
        int32_t keep = *numbers[k];
        *numbers[k] = -1;
        tap_ok(match_assign_solve(arena, &good, &source, NULL, NULL, &proof) == ERR_INVALID,
               "bad number %d is refused", k);
        *numbers[k] = keep;
    }
    int64_t rent[] = {-1};
    int32_t helper[] = {0, 0, 1};
    const struct match_assign_start start = {rent, helper};
    good.start = &start;
    for (int k = 0; k < 3; k++) {
        tap_ok(match_assign_solve(arena, &good, &source, NULL, NULL, &proof) == ERR_INVALID,
               "bad guess %d is refused", k);
        rent[0] = k == 0 ? MATCH_WEIGHT_MAX + 1 : 0;
    }
    good.start = NULL;
    learner[2] = 2;
    tap_ok(match_assign_solve(arena, &good, &source, NULL, NULL, &proof) == ERR_INVALID,
           "an unknown learner is refused");
    tap_ok(arena_bytes(arena) == before, "nothing is left after failures");
    struct match_assign_problem none = {0, 0, 0, NULL, NULL, NULL, NULL};
    static struct instance empty;
    source = (struct match_source){price, &empty};
    tap_ok(match_assign_solve(arena, &none, &source, NULL, NULL, &proof) == ERR_OK &&
               proof.total == 0 && proof.bound == 0,
           "nothing at all is solved");
}

static void test_memory(void)
{
    struct rng rng = rng_seed(14);
    static struct instance in;
    do {
        instance_random(&in, &rng, MAX_TASKS, MAX_PEOPLE, 50, 0);
    } while (in.problem.n_tasks < 20 || in.problem.n_helpers < 8 || !in.lists || !in.problem.start);
    enum err err = ERR_NOMEM;
    int n = 0, wrong = 0;
    while (err == ERR_NOMEM && n < 10000) {
        struct arena *arena = arena_new(0);
        struct match_source source = {price, &in};
        struct match_assign_proof proof;
        arena_fail_after(arena, (uint64_t)++n);
        size_t before = arena_bytes(arena);
        err = match_assign_solve(arena, &in.problem, &source, NULL, NULL, &proof);
        wrong += err == ERR_NOMEM ? arena_bytes(arena) != before : err != ERR_OK;
        arena_free(arena);
    }
    tap_ok(err == ERR_OK && n > 20 && wrong == 0, "%d allocation failures are reported", n - 1);
}

/* Larger, with pricing and many ties: the proof is checked against all pairs. */
struct large {
    int32_t *tasks, *helpers; /* abilities */
    int32_t n, m;
};

static int64_t large_weight(void *ctx, int32_t t, int32_t j)
{
    struct large *large = ctx;
    int32_t gap = large->helpers[j] - large->tasks[t];
    return gap <= 0 ? MATCH_NO_PAIR : gap < 40 ? 25 * gap : gap < 400 ? 1040 - gap : MATCH_NO_PAIR;
}

static enum err large_price(void *ctx, const void *duals, match_slack_fn *slack,
                            struct match_edges *edges)
{
    struct large *large = ctx;
    for (int32_t t = 0; t < large->n; t++) {
        int32_t found = 0;
        for (int32_t i = 0; i < large->m && found < 4; i++) {
            int32_t j = (i + t * 7) % large->m;
            int64_t w = large_weight(ctx, t, j);
            if (w != MATCH_NO_PAIR && (!duals || slack(duals, t, j, w) < 0)) {
                enum err err = match_edges_add(edges, t, j, w);
                if (err) {
                    return err;
                }
                found++;
            }
        }
    }
    return ERR_OK;
}

static void test_large(struct arena *arena, int32_t n, int32_t m, int32_t helps, bool guessed)
{
    struct rng rng = rng_seed((uint64_t)(n + m + helps));
    struct large large = {arena_alloc(arena, (size_t)n, 4), arena_alloc(arena, (size_t)m, 4), n, m};
    int32_t *learner = arena_alloc(arena, (size_t)n, 4),
            *max_helps = arena_alloc(arena, (size_t)m, 4);
    int32_t *max_learns = arena_alloc(arena, (size_t)n, 4);
    for (int32_t t = 0; t < n; t++) {
        large.tasks[t] = (int32_t)rng_below(&rng, 1000);
        learner[t] = t / 2;
        max_learns[t / 2] = 1 + (t / 2) % 2;
    }
    for (int32_t j = 0; j < m; j++) {
        large.helpers[j] = (int32_t)rng_below(&rng, 1000);
        max_helps[j] = helps;
    }
    struct match_assign_problem problem = {n, (n + 1) / 2, m, learner, max_learns, max_helps, NULL};
    struct match_source source = {large_price, &large};
    struct match_assign_proof proof;
    int64_t *rent = arena_alloc(arena, (size_t)m, sizeof *rent);
    int32_t *helper = arena_alloc(arena, (size_t)n, sizeof *helper);
    for (int32_t j = 0; j < m; j++) {
        rent[j] = rng_below(&rng, 900); /* right nowhere */
    }
    for (int32_t t = 0; t < n; t++) {
        helper[t] = t % m;
    }
    struct match_assign_start start = {rent, helper};
    problem.start = guessed ? &start : NULL;
    struct match_verdict verdict = {0};
    struct match_check check = {.weight = large_weight, .weight_ctx = &large};
    enum err err = match_assign_solve(arena, &problem, &source, NULL, NULL, &proof);
    if (!err) {
        err = match_verify_assign(arena, &proof, learner, max_learns, max_helps, &check, &verdict);
    }
    tap_ok(err == ERR_OK && verdict.total > 0, "%d tasks, %d helpers with %d each%s: %lld %s",
           (int)n, (int)m, (int)helps, guessed ? ", guessed" : "", (long long)verdict.total,
           verdict.text);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_brute(arena);
    test_flow(arena);
    test_metamorphic(arena);
    test_cover(arena);
    test_errors(arena);
    test_memory();
    for (int guessed = 0; guessed < 2; guessed++) {
        test_large(arena, 2000, 600, 1, guessed);
        test_large(arena, 1000, 300, 3, guessed);
        test_large(arena, 600, 900, 2, guessed);
    }
    arena_free(arena);
    return tap_done();
}
