/* The verifier of tasks and helpers, with weights one by one and many at once: accepts what the
 * solver proves, refuses every proof that was touched. */
#include "match/verify.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/rng.h"
#include "match/assign.h"
#include "tap.h"
#include "verify_test.h"

#include <string.h>

#define MOST 40

/* Tasks and helpers by table, with limits. */
struct tasks {
    struct match_assign_problem problem;
    int32_t learner[MOST], max_learns[MOST], max_helps[MOST];
    int64_t w[MOST][MOST];
    const int32_t *order; /* NULL: as they are */
};

static int64_t task_weight(void *ctx, int32_t t, int32_t j)
{
    struct tasks *tasks = ctx;
    return tasks->w[t][j];
}

/* Many at once, in the order of the check. */
static void task_weights(void *ctx, int32_t j, int32_t first, int32_t end, int64_t *w)
{
    struct tasks *tasks = ctx;
    for (int32_t k = first; k < end; k++) {
        int64_t one = tasks->w[tasks->order ? tasks->order[k] : k][j];
        w[k - first] = one == MATCH_NO_PAIR ? 0 : one;
    }
}

static enum err task_price(void *ctx, const void *duals, match_slack_fn *slack,
                           struct match_edges *edges)
{
    struct tasks *tasks = ctx;
    (void)slack;
    for (int32_t t = 0; t < tasks->problem.n_tasks && !duals; t++) {
        for (int32_t j = 0; j < tasks->problem.n_helpers; j++) {
            enum err err = tasks->w[t][j] == MATCH_NO_PAIR
                               ? ERR_OK
                               : match_edges_add(edges, t, j, tasks->w[t][j]);
            if (err) {
                return err;
            }
        }
    }
    return ERR_OK;
}

static void tasks_random(struct tasks *p, struct rng *rng)
{
    struct match_assign_problem *in = &p->problem;
    *in = (struct match_assign_problem){1 + (int32_t)rng_below(rng, MOST - 1),
                                        1 + (int32_t)rng_below(rng, 12),
                                        1 + (int32_t)rng_below(rng, 12),
                                        p->learner,
                                        p->max_learns,
                                        p->max_helps,
                                        NULL};
    for (int k = 0; k < MOST; k++) {
        p->learner[k] = (int32_t)rng_below(rng, (uint32_t)in->n_learners);
        p->max_learns[k] = (int32_t)rng_below(rng, 4);
        p->max_helps[k] = (int32_t)rng_below(rng, 5);
        for (int j = 0; j < MOST; j++) {
            p->w[k][j] = rng_below(rng, 5) ? (int64_t)rng_below(rng, 30) - 3 : MATCH_NO_PAIR;
        }
    }
}

static void test_assign(struct arena *arena)
{
    struct rng rng = rng_seed(33);
    static struct tasks tasks;
    int wrong = 0, refused = 0, held = 0, silent = 0, missed = 0;
    for (int i = 0; i < 1000; i++) {
        struct arena *work = arena_child(arena);
        tasks_random(&tasks, &rng);
        struct match_assign_problem *in = &tasks.problem;
        struct match_source source = {task_price, &tasks};
        struct match_check check = {.weight = task_weight, .weight_ctx = &tasks};
        const struct crew two = {2};
        struct match_verdict verdict;
        struct match_assign_proof proof;
        int32_t order[MOST];
        for (int32_t t = 0; t < in->n_tasks; t++) {
            order[t] = in->n_tasks - 1 - t;
        }
        check.task_order = tasks.order = i % 2 ? order : NULL;
        check.weights = i % 3 ? task_weights : NULL;
        check.crew = i % 20 == 1 ? &two : NULL;
        wrong += match_assign_solve(work, in, &source, NULL, NULL, &proof) != ERR_OK;
        wrong += match_verify_assign(work, &proof, tasks.learner, tasks.max_learns, tasks.max_helps,
                                     &check, &verdict) != ERR_OK;
        wrong += verdict.n_checked != (int64_t)in->n_tasks * in->n_helpers;
        order[0] = in->n_tasks > 1 ? order[1] : -1; /* leaves one out */
        wrong += i % 2 && match_verify_assign(work, &proof, tasks.learner, tasks.max_learns,
                                              tasks.max_helps, &check, &verdict) != ERR_INVALID;
        order[0] = in->n_tasks - 1;
        uint32_t row = rng_below(&rng, (uint32_t)in->n_tasks);
        uint32_t column = rng_below(&rng, (uint32_t)in->n_helpers);
        int64_t was = tasks.w[row][column];
        if (proof.helper[row] != (int32_t)column) { /* a pair that is worth more than is covered */
            int64_t covered = proof.p[row] + proof.q[tasks.learner[row]] + proof.y[column];
            tasks.w[row][column] = covered / MATCH_DUAL_SCALE + 1;
            missed += match_verify_assign(work, &proof, tasks.learner, tasks.max_learns,
                                          tasks.max_helps, &check, &verdict) != ERR_REFUSED;
            tasks.w[row][column] = was;
        }
        for (int what = 0; what < 6; what++) {
            struct match_assign_proof touched = proof;
            int32_t helper[MOST];
            int64_t p[MOST], q[MOST], y[MOST];
            memcpy(helper, proof.helper, (size_t)in->n_tasks * sizeof *helper);
            memcpy(p, proof.p, (size_t)in->n_tasks * sizeof *p);
            memcpy(q, proof.q, (size_t)in->n_learners * sizeof *q);
            memcpy(y, proof.y, (size_t)in->n_helpers * sizeof *y);
            touched.helper = helper;
            touched.p = p;
            touched.q = q;
            touched.y = y;
            int64_t *number[] = {&p[rng_below(&rng, (uint32_t)in->n_tasks)],
                                 &q[rng_below(&rng, (uint32_t)in->n_learners)],
                                 &y[rng_below(&rng, (uint32_t)in->n_helpers)], &touched.total,
                                 &touched.bound};
            uint32_t t = rng_below(&rng, (uint32_t)in->n_tasks);
            if (what < 5) {
                *number[what] = other(&rng, *number[what]);
            } else {
                /* Another helper of the same weight may be as good: then the proof still holds. */
                helper[t] = helper[t] < 0 ? in->n_helpers : -1;
            }
            /* A limit of 0 makes its price free: it may be anything that is not negative. */
            bool free_price = (what == 1 && tasks.max_learns[number[1] - q] == 0) ||
                              (what == 2 && tasks.max_helps[number[2] - y] == 0);
            bool free_serve = what == 5 && proof.helper[t] >= 0 && tasks.w[t][proof.helper[t]] == 0;
            if (free_price || free_serve) {
                continue;
            }
            enum err err = match_verify_assign(work, &touched, tasks.learner, tasks.max_learns,
                                               tasks.max_helps, &check, &verdict);
            refused += err == ERR_REFUSED;
            held += err != ERR_REFUSED;
            silent += verdict.text[0] == '\0';
        }
        arena_free(work);
    }
    tap_ok(wrong == 0, "1000 assignments are accepted (%d not)", wrong);
    tap_ok(missed == 0, "one pair that is worth more than is covered is found (%d not)", missed);
    tap_ok(held == 0 && silent == 0 && refused > 5000,
           "%d with one changed number are refused with a reason (%d not, %d silent)", refused,
           held, silent);
}

static void test_assign_messages(struct arena *arena)
{
    static struct tasks tasks = {.w = {{50, 40}, {50, 40}, {45, MATCH_NO_PAIR}}};
    static const struct str helpers[] = {{"EVA", 3}, {"FAY", 3}};
    static const struct str names[] = {
        {"GUS in talk", 11}, {"HAL in talk", 11}, {"HAL in maths", 12}};
    int32_t learner[] = {0, 1, 1}, max_learns[] = {1, 1}, max_helps[] = {1, 1};
    int32_t helper[] = {0, 1, -1};
    int64_t p[] = {160, 0, 0}, q[] = {0, 160, 0}, y[] = {40, 0};
    struct match_assign_proof proof = {3, 2, 2, helper, p, q, y, 90, 360};
    struct match_check check = {
        .weight = task_weight, .weight_ctx = &tasks, .one = 10, .helpers = helpers, .tasks = names};
    struct match_verdict verdict;
    enum err err =
        match_verify_assign(arena, &proof, learner, max_learns, max_helps, &check, &verdict);
    tap_ok(err == ERR_OK && verdict.n_served == 2 && verdict.n_checked == 6, "a small proof: %s",
           verdict.text);
    tasks.w[2][0] = 51;
    (void)!match_verify_assign(arena, &proof, learner, max_learns, max_helps, &check, &verdict);
    tap_text(verdict.text,
             "HAL in maths with helper EVA would gain 0.1000 more than the certificate allows",
             "more is possible");
    helper[2] = 1;
    (void)!match_verify_assign(arena, &proof, learner, max_learns, max_helps, &check, &verdict);
    tap_text(verdict.text, "HAL in maths: the learner has more than 1 tasks", "too much to learn");
    max_learns[1] = 2;
    (void)!match_verify_assign(arena, &proof, learner, max_learns, max_helps, &check, &verdict);
    tap_text(verdict.text, "FAY helps with more than 1 tasks", "too much to help");
    max_helps[1] = 2;
    (void)!match_verify_assign(arena, &proof, learner, max_learns, max_helps, &check, &verdict);
    tap_text(verdict.text, "the values add up to 13.0000, the certificate says 9.0000", "sums");
    max_learns[1] = 1;
    helper[1] = -1;
    y[0] = 44;
    q[1] = 160;
    p[0] = 160;
    proof.bound = 364;
    check.bound_only = true;
    (void)!match_verify_assign(arena, &proof, learner, max_learns, max_helps, &check, &verdict);
    tap_text(verdict.text, "FAY may not help with HAL in maths", "forbidden");
}

static bool stop_at_once(void *ctx, double done)
{
    (void)ctx;
    return done >= 0;
}

static void test_failures(void)
{
    struct rng rng = rng_seed(35);
    static struct tasks tasks;
    struct arena *keep = arena_new(0);
    struct match_assign_proof proof;
    struct match_source source = {task_price, &tasks};
    tasks_random(&tasks, &rng);
    (void)!match_assign_solve(keep, &tasks.problem, &source, NULL, NULL, &proof);
    enum err err = ERR_NOMEM;
    int n = 0, wrong = 0;
    for (; err == ERR_NOMEM && n < 100; n++) {
        struct arena *arena = arena_new(0);
        struct match_check check = {.weight = task_weight, .weight_ctx = &tasks};
        struct match_verdict verdict;
        arena_fail_after(arena, (uint64_t)n + 1);
        err = match_verify_assign(arena, &proof, tasks.learner, tasks.max_learns, tasks.max_helps,
                                  &check, &verdict);
        wrong += arena_bytes(arena) != 0;
        check.progress = stop_at_once;
        arena_fail_after(arena, 0);
        wrong += match_verify_assign(arena, &proof, tasks.learner, tasks.max_learns,
                                     tasks.max_helps, &check, &verdict) != ERR_LIMIT;
        arena_free(arena);
    }
    tap_ok(err == ERR_OK && n > 2 && wrong == 0, "%d failures are reported", n - 1);
    arena_free(keep);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_assign(arena);
    test_assign_messages(arena);
    test_failures();
    arena_free(arena);
    return tap_done();
}
