/* The market against what it promises at its prices, and the assignment solver that begins there
 * against itself without. */
#include "match/market.h"

#include "base/arena.h"
#include "base/rng.h"

#include "tap.h"

#define TASKS 40
#define PEOPLE 30
#define BENCHES 4

struct fair {
    struct match_assign_problem problem;
    struct match_market market;
    int32_t learner[TASKS], max_learns[PEOPLE], max_helps[PEOPLE];
    struct match_bench benches[BENCHES];
    int32_t people[BENCHES][PEOPLE], bench[TASKS];
    uint16_t gains[TASKS][PEOPLE];
    const uint16_t *gain[TASKS];
};

static void make(struct fair *f, struct rng *rng, uint32_t top)
{
    *f = (struct fair){0};
    struct match_assign_problem *p = &f->problem;
    *p = (struct match_assign_problem){.n_tasks = (int32_t)rng_below(rng, TASKS + 1),
                                       .n_learners = 1 + (int32_t)rng_below(rng, PEOPLE),
                                       .n_helpers = (int32_t)rng_below(rng, PEOPLE + 1),
                                       .learner = f->learner,
                                       .max_learns = f->max_learns,
                                       .max_helps = f->max_helps};
    uint32_t most = 1 + rng_below(rng, 4), part = 1 + rng_below(rng, 4);
    for (int b = 0; b < BENCHES; b++) {
        f->benches[b].helper = f->people[b];
        for (int32_t j = 0; j < p->n_helpers; j++) {
            if (rng_below(rng, 4) < part) {
                f->people[b][f->benches[b].n++] = j;
            }
        }
    }
    for (int k = 0; k < PEOPLE; k++) {
        f->max_learns[k] = (int32_t)rng_below(rng, 4);
        f->max_helps[k] = rng_below(rng, 20) ? (int32_t)rng_below(rng, most + 1) : 100;
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        f->learner[t] = (int32_t)rng_below(rng, (uint32_t)p->n_learners);
        f->bench[t] = (int32_t)rng_below(rng, BENCHES + 1) - 1;
        f->gain[t] = f->gains[t];
        for (int k = 0; k < PEOPLE; k++) {
            f->gains[t][k] = rng_below(rng, 5) ? (uint16_t)rng_below(rng, top) : 0;
        }
    }
    f->market = (struct match_market){.problem = p,
                                      .benches = f->benches,
                                      .n_benches = BENCHES,
                                      .bench = f->bench,
                                      .gain = f->gain,
                                      .least = 1 + (int32_t)rng_below(rng, top / 4),
                                      .service = (int32_t)rng_below(rng, 2 * top)};
}

/* What a helper is worth for a task at these prices; false: no gain. */
static bool value_of(const struct fair *f, const int64_t *rent, int32_t t, int32_t h,
                     int64_t *value)
{
    int32_t j = f->people[f->bench[t]][h];
    *value = f->gains[t][h] - rent[j];
    return f->gains[t][h] >= f->market.least && f->max_helps[j] > 0;
}

/* The best anybody could do for a task, and what its helper does; INT64_MIN: nobody. */
static int64_t best_of(const struct fair *f, const struct match_assign_start *s, int32_t t,
                       int64_t *has)
{
    int64_t best = INT64_MIN, value;
    *has = INT64_MIN;
    for (int32_t h = 0; f->bench[t] >= 0 && h < f->benches[f->bench[t]].n; h++) {
        if (value_of(f, s->rent, t, h, &value)) {
            best = value > best ? value : best;
            *has = f->people[f->bench[t]][h] == s->helper[t] ? value : *has;
        }
    }
    return best;
}

/* Limits, prices of those with room, and that nobody would have more than a step elsewhere. */
static int count_wrong(const struct fair *f, const struct match_assign_start *s, int32_t step)
{
    int32_t learns[PEOPLE] = {0}, helps[PEOPLE] = {0};
    int64_t least[PEOPLE], has;
    int wrong = 0;
    for (int k = 0; k < PEOPLE; k++) {
        least[k] = INT64_MAX;
    }
    for (int32_t t = 0; t < f->problem.n_tasks; t++) {
        int32_t l = f->learner[t];
        if (s->helper[t] >= 0) {
            int64_t best = best_of(f, s, t, &has);
            wrong += has == INT64_MIN || has < best - step;
            wrong += has < -f->market.service - step;
            least[l] = has < least[l] ? has : least[l];
            learns[l]++;
            helps[s->helper[t]]++;
        }
    }
    for (int32_t t = 0; t < f->problem.n_tasks; t++) {
        int32_t l = f->learner[t];
        int64_t best = s->helper[t] < 0 ? best_of(f, s, t, &has) : INT64_MIN;
        wrong += best != INT64_MIN && learns[l] > 0 && best > least[l] + step;
        wrong += best > -f->market.service && learns[l] < f->max_learns[l];
    }
    for (int32_t l = 0; l < f->problem.n_learners; l++) {
        wrong += learns[l] > f->max_learns[l];
    }
    for (int32_t j = 0; j < f->problem.n_helpers; j++) {
        int32_t room = f->max_helps[j] < MATCH_MARKET_ROOM ? f->max_helps[j] : MATCH_MARKET_ROOM;
        wrong += helps[j] > room || s->rent[j] < 0 || (helps[j] < room && s->rent[j] > 0);
    }
    return wrong;
}

static enum err list_all(void *ctx, const void *duals, match_slack_fn *slack,
                         struct match_edges *edges)
{
    const struct fair *f = ctx;
    (void)slack;
    for (int32_t t = 0; t < f->problem.n_tasks && !duals; t++) {
        for (int32_t h = 0; f->bench[t] >= 0 && h < f->benches[f->bench[t]].n; h++) {
            enum err err = f->gains[t][h] < f->market.least
                               ? ERR_OK
                               : match_edges_add(edges, t, f->people[f->bench[t]][h],
                                                 f->gains[t][h] + f->market.service);
            if (err) {
                return err;
            }
        }
    }
    return ERR_OK;
}

static void test_promises(struct arena *arena)
{
    struct rng rng = rng_seed(31);
    static struct fair f;
    int wrong = 0, differ = 0, doubled = 0, held = 0;
    for (int i = 0; i < 4000; i++) {
        struct arena *work = arena_child(arena);
        struct match_assign_start start;
        struct match_assign_proof with, without;
        struct match_source source = {list_all, &f};
        int32_t step = 0;
        uint32_t top = i % 3 == 0 ? 12 : i % 3 == 1 ? 300 : 10000;
        make(&f, &rng, top);
        wrong += match_market_run(work, &f.market, NULL, NULL, &start, &step) != ERR_OK ||
                 count_wrong(&f, &start, step) != 0;
        doubled += step > 1 + (int32_t)top / MATCH_MARKET_STEPS;
        for (int32_t t = 0; t < f.problem.n_tasks; t++) {
            held += start.helper[t] >= 0;
        }
        enum err err = match_assign_solve(work, &f.problem, &source, NULL, NULL, &without);
        f.problem.start = &start;
        err = err ? err : match_assign_solve(work, &f.problem, &source, NULL, NULL, &with);
        differ += err || with.total != without.total || with.bound != without.bound;
        arena_free(work);
    }
    tap_ok(wrong == 0 && held > 10000,
           "limits are kept and nobody wants more than a step more (%d differ)", wrong);
    tap_ok(doubled > 20, "in %d of 4,000 the step had to grow", doubled);
    tap_ok(differ == 0, "beginning there the solver finds as good an answer (%d differ)", differ);
}

static bool stop(void *ctx)
{
    return ++*(int *)ctx == 2;
}

static void test_stop_and_memory(void)
{
    struct rng rng = rng_seed(32);
    static struct fair f;
    struct match_assign_start start;
    int calls = 0, n = 0, wrong = 0;
    enum err err = ERR_OK;
    struct arena *arena = arena_new(0);
    for (int k = 0; k < 4000 && err != ERR_LIMIT; k++) {
        make(&f, &rng, 10000);
        err = match_market_run(arena, &f.market, stop, &calls, &start, NULL);
    }
    tap_ok(err == ERR_LIMIT && calls == 2, "told to stop, it stops");
    arena_free(arena);
    for (err = ERR_NOMEM; err == ERR_NOMEM && n < 1000;) {
        arena = arena_new(0);
        arena_fail_after(arena, (uint64_t)++n);
        err = match_market_run(arena, &f.market, NULL, NULL, &start, NULL);
        wrong += err != ERR_NOMEM && err != ERR_OK;
        arena_free(arena);
    }
    tap_ok(err == ERR_OK && n > 10 && wrong == 0, "%d allocation failures are reported", n - 1);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_promises(arena);
    test_stop_and_memory();
    arena_free(arena);
    return tap_done();
}
