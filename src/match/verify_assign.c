/* The verifier of tasks and helpers: limits, signs, sums, then every task with every helper. */
#include "base/arena.h"
#include "base/crew.h"
#include "match/source.h"
#include "match/verify.h"
#include "match/verify_report.h"

#define TILE 32    /* tasks */
#define STRIPES 32 /* tiles between two looks at the progress */
#define DUAL_MAX (MATCH_WEIGHT_MAX * MATCH_DUAL_SCALE * 2) /* no honest dual is larger */

struct assign_check {
    const struct match_assign_proof *proof;
    const int32_t *learner, *max_learns, *max_helps;
    const struct match_check *check;
    struct match_verdict *verdict;
    int32_t *learns, *helps; /* how many tasks each has */
};

static struct verify_name task(const struct assign_check *c, int32_t t)
{
    return verify_name_of(c->check->tasks, "task", t);
}

static struct verify_name helper(const struct assign_check *c, int32_t j)
{
    return verify_name_of(c->check->helpers, "helper", j);
}

static enum err limits_check(const struct assign_check *c)
{
    const struct match_assign_proof *p = c->proof;
    for (int32_t t = 0; t < p->n_tasks; t++) {
        int32_t j = p->helper[t], l = c->learner[t];
        if (l < 0 || l >= p->n_learners) {
            return ERR_INVALID;
        }
        if (j < -1 || j >= p->n_helpers) {
            return verify_refuse(c->verdict, "the helper of %s is not a person: %d",
                                 task(c, t).text, (int)j);
        }
        if (j < 0) {
            continue;
        }
        if (++c->learns[l] > c->max_learns[l]) {
            return verify_refuse(c->verdict, "%s: the learner has more than %d tasks",
                                 task(c, t).text, (int)c->max_learns[l]);
        }
        if (++c->helps[j] > c->max_helps[j]) {
            return verify_refuse(c->verdict, "%s helps with more than %d tasks", helper(c, j).text,
                                 (int)c->max_helps[j]);
        }
    }
    return ERR_OK;
}

/* One dual: in range, and zero when the limit it prices is not reached.  Adds limit * value. */
static enum err dual_check(const struct assign_check *c, struct verify_name name, int64_t value,
                           int32_t used, int32_t limit, int64_t *sum)
{
    if (value < 0 || value > DUAL_MAX) {
        return verify_refuse(c->verdict, "%s has an impossible value", name.text);
    }
    if (!c->check->bound_only && value > 0 && used < limit) {
        return verify_refuse(c->verdict,
                             "%s has room for another, but the certificate counts on %s", name.text,
                             verify_amount(value, MATCH_DUAL_SCALE, c->check).text);
    }
    int64_t product;
    if (__builtin_mul_overflow(value, (int64_t)limit, &product) ||
        __builtin_add_overflow(*sum, product, sum)) {
        return verify_refuse(c->verdict, "the certificate's values are too large");
    }
    return ERR_OK;
}

static enum err value_check(const struct assign_check *c)
{
    const struct match_assign_proof *p = c->proof;
    int64_t sum = 0;
    enum err err = ERR_OK;
    for (int32_t t = 0; t < p->n_tasks && !err; t++) {
        err = dual_check(c, task(c, t), p->p[t], p->helper[t] >= 0, 1, &sum);
    }
    for (int32_t l = 0; l < p->n_learners && !err; l++) {
        err = dual_check(c, verify_name_of(c->check->people, "learner", l), p->q[l], c->learns[l],
                         c->max_learns[l], &sum);
    }
    for (int32_t j = 0; j < p->n_helpers && !err; j++) {
        err = dual_check(c, helper(c, j), p->y[j], c->helps[j], c->max_helps[j], &sum);
    }
    if (!err && sum != p->bound) {
        err = verify_refuse(c->verdict, "the values add up to %s, the certificate says %s",
                            verify_amount(sum, MATCH_DUAL_SCALE, c->check).text,
                            verify_amount(p->bound, MATCH_DUAL_SCALE, c->check).text);
    }
    c->verdict->bound = sum;
    return err;
}

static enum err pair_check(const struct assign_check *c, int32_t t, int32_t j, int64_t *total)
{
    const struct match_assign_proof *p = c->proof;
    int64_t w = c->check->weight(c->check->weight_ctx, t, j);
    bool served = p->helper[t] == j;
    if (w == MATCH_NO_PAIR) {
        return served ? verify_refuse(c->verdict, "%s may not help with %s", helper(c, j).text,
                                      task(c, t).text)
                      : ERR_OK;
    }
    if (w > MATCH_WEIGHT_MAX || w < -MATCH_WEIGHT_MAX) {
        return ERR_RANGE;
    }
    int64_t slack = p->p[t] + p->q[c->learner[t]] + p->y[j] - MATCH_DUAL_SCALE * w;
    if (slack < 0) {
        return verify_refuse(c->verdict,
                             "%s with helper %s would gain %s more than the certificate allows",
                             task(c, t).text, helper(c, j).text,
                             verify_amount(-slack, MATCH_DUAL_SCALE, c->check).text);
    }
    if (served && slack > 0 && !c->check->bound_only) {
        return verify_refuse(c->verdict,
                             "%s with helper %s brings %s less than the certificate says",
                             task(c, t).text, helper(c, j).text,
                             verify_amount(slack, MATCH_DUAL_SCALE, c->check).text);
    }
    if (served && __builtin_add_overflow(*total, w, total)) {
        return ERR_RANGE;
    }
    c->verdict->n_served += served;
    return ERR_OK;
}

/* TILE tasks against all helpers: a piece of work. */
struct stripe {
    struct verify_share share; /* first: verify_gather() */
    struct assign_check check;
    int32_t first, n;
    int32_t task[TILE], helper[TILE]; /* who is checked, and who helps them */
    int64_t covered[TILE];            /* what a helper need not cover */
};

static void stripe_open(struct stripe *s)
{
    const struct match_assign_proof *p = s->check.proof;
    const int32_t *order = s->check.check->task_order;
    s->n = p->n_tasks - s->first < TILE ? p->n_tasks - s->first : TILE;
    for (int32_t k = 0; k < s->n; k++) {
        int32_t t = order ? order[s->first + k] : s->first + k;
        s->task[k] = t;
        s->helper[k] = p->helper[t];
        s->covered[k] = p->p[t] + p->q[s->check.learner[t]];
    }
}

/* Whether helper j has to be looked at task by task: somebody's partner, or a weight that is not
 * covered or cannot be. */
static bool stripe_asks(const struct stripe *s, int32_t j)
{
    const struct match_check *check = s->check.check;
    int64_t w[TILE], y = s->check.proof->y[j];
    if (!check->weights) {
        return true;
    }
    check->weights(check->weight_ctx, j, s->first, s->first + s->n, w);
    bool asks = false;
    for (int32_t k = 0; k < s->n; k++) {
        bool fits = w[k] <= MATCH_WEIGHT_MAX && w[k] >= -MATCH_WEIGHT_MAX;
        int64_t least = fits ? MATCH_DUAL_SCALE * w[k] : INT64_MAX;
        asks |= s->helper[k] == j || s->covered[k] + y < least;
    }
    return asks;
}

/* Helper by helper, so that what the weights of one of them are made of serves the whole tile. */
static void stripe_check(void *ctx, uint32_t piece)
{
    struct stripe *s = (struct stripe *)ctx + piece;
    const struct match_assign_proof *p = s->check.proof;
    s->check.verdict = &s->share.verdict;
    stripe_open(s);
    for (int32_t j = 0; j < p->n_helpers && !s->share.err; j++) {
        bool asks = stripe_asks(s, j);
        for (int32_t k = 0; k < s->n && asks && !s->share.err; k++) {
            s->share.err = pair_check(&s->check, s->task[k], j, &s->share.total);
        }
    }
    s->share.verdict.n_checked = (int64_t)s->n * p->n_helpers;
}

/* STRIPES of them at a time; what the first of them says is said. */
static enum err stripes_check(const struct assign_check *c, int32_t first, int64_t *total)
{
    struct stripe stripes[STRIPES];
    uint32_t n = 0;
    for (int32_t t = first; t < c->proof->n_tasks && n < STRIPES; t += TILE) {
        stripes[n++] = (struct stripe){.check = *c, .first = t};
    }
    crew_run(c->check->crew, n, stripe_check, stripes);
    return verify_gather(c->verdict, stripes, sizeof *stripes, n, total);
}

/* An order that leaves a task out would leave its pairs unchecked. */
static enum err order_check(struct arena *work, const struct assign_check *c)
{
    const int32_t *order = c->check->task_order;
    int32_t n = c->proof->n_tasks;
    bool *seen = arena_alloc(work, (size_t)n + 1, sizeof *seen);
    if (!seen) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; order && k < n; k++) {
        if (order[k] < 0 || order[k] >= n || seen[order[k]]) {
            return ERR_INVALID;
        }
        seen[order[k]] = true;
    }
    return ERR_OK;
}

static enum err all_check(const struct assign_check *c)
{
    const struct match_assign_proof *p = c->proof;
    const struct match_check *check = c->check;
    int64_t total = 0;
    for (int32_t t = 0; t < p->n_tasks; t += STRIPES * TILE) {
        if (check->progress &&
            check->progress(check->progress_ctx, (double)t / (double)p->n_tasks)) {
            return ERR_LIMIT;
        }
        enum err err = stripes_check(c, t, &total);
        if (err) {
            return err;
        }
    }
    c->verdict->total = total;
    if (total != p->total) {
        return verify_refuse(c->verdict, "the tasks add up to %s, the certificate says %s",
                             verify_amount(total, 1, check).text,
                             verify_amount(p->total, 1, check).text);
    }
    int64_t scaled;
    if (!check->bound_only &&
        (__builtin_mul_overflow(total, MATCH_DUAL_SCALE, &scaled) || scaled != p->bound)) {
        return verify_refuse(c->verdict, "the tasks add up to %s, the bound is %s",
                             verify_amount(total, 1, check).text,
                             verify_amount(p->bound, MATCH_DUAL_SCALE, check).text);
    }
    return ERR_OK;
}

enum err match_verify_assign(struct arena *arena, const struct match_assign_proof *proof,
                             const int32_t *learner, const int32_t *max_learns,
                             const int32_t *max_helps, const struct match_check *check,
                             struct match_verdict *verdict)
{
    *verdict = (struct match_verdict){0};
    struct arena *work = arena_child(arena);
    if (!work) {
        return ERR_NOMEM;
    }
    struct assign_check c = {
        .proof = proof,
        .learner = learner,
        .max_learns = max_learns,
        .max_helps = max_helps,
        .check = check,
        .verdict = verdict,
        .learns = arena_alloc(work, (size_t)proof->n_learners, sizeof *c.learns),
        .helps = arena_alloc(work, (size_t)proof->n_helpers, sizeof *c.helps),
    };
    enum err err = c.learns && c.helps ? limits_check(&c) : ERR_NOMEM;
    err = err ? err : order_check(work, &c);
    err = err ? err : value_check(&c);
    err = err ? err : all_check(&c);
    arena_free(work);
    return err;
}
