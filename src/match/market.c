/* The auction of market.h: a stack of learners who want to bid, helpers as slots with a price each,
 * and the price of every helper once more in the order of each bench, so that a row of gains and
 * its prices are read side by side. */
#include "match/market.h"

#include "base/arena.h"

#define PRICE_MOST (INT32_C(1) << 29)
#define NOTHING INT32_MIN
#define PAUSE_EVERY 512 /* bids */
#define STEP_MOST (INT32_C(1) << 24)
#define LANES 8 /* values that are compared at a time */

struct slot {
    int32_t price, task; /* task -1: free */
};

struct auction {
    const struct match_market *market;
    int32_t step, largest;
    struct slot *slots;
    int32_t *slot_begin; /* n_helpers + 1 */
    int32_t *helper;     /* of tasks, -1 */
    int32_t *task_begin; /* n_learners + 1 */
    int32_t *tasks;      /* grouped by learner */
    int32_t *left;       /* of learners: how many more tasks they may have */
    int32_t **prices;    /* of benches */
    int32_t *at_begin;   /* n_helpers + 1: where a helper stands on the benches */
    int32_t **at;
    int32_t *stack, n_stack;
    bool *waiting; /* of learners: on the stack */
};

/* The best and the second best of something, and where the best is. */
struct two {
    int32_t best, next, task, helper;
};

static enum err group_tasks(struct arena *arena, struct auction *a)
{
    const struct match_assign_problem *p = a->market->problem;
    a->task_begin = arena_alloc(arena, (size_t)p->n_learners + 2, sizeof *a->task_begin);
    a->tasks = arena_alloc(arena, (size_t)p->n_tasks + 1, sizeof *a->tasks);
    if (!a->task_begin || !a->tasks) {
        return ERR_NOMEM;
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        a->task_begin[p->learner[t] + 2]++;
    }
    for (int32_t l = 0; l < p->n_learners; l++) {
        a->task_begin[l + 2] += a->task_begin[l + 1];
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        a->tasks[a->task_begin[p->learner[t] + 1]++] = t;
    }
    return ERR_OK;
}

static enum err make_slots(struct arena *arena, struct auction *a)
{
    const struct match_assign_problem *p = a->market->problem;
    a->slot_begin = arena_alloc(arena, (size_t)p->n_helpers + 1, sizeof *a->slot_begin);
    if (!a->slot_begin) {
        return ERR_NOMEM;
    }
    for (int32_t j = 0; j < p->n_helpers; j++) {
        int32_t room = p->max_helps[j] < MATCH_MARKET_ROOM ? p->max_helps[j] : MATCH_MARKET_ROOM;
        a->slot_begin[j + 1] = a->slot_begin[j] + room;
    }
    int32_t n = a->slot_begin[p->n_helpers];
    a->slots = arena_alloc(arena, (size_t)n + 1, sizeof *a->slots);
    for (int32_t s = 0; a->slots && s < n; s++) {
        a->slots[s].task = -1;
    }
    return a->slots ? ERR_OK : ERR_NOMEM;
}

/* Prices in the order of the benches, and where each helper's stand. */
static enum err lay_benches(struct arena *arena, struct auction *a)
{
    const struct match_market *m = a->market;
    const struct match_assign_problem *p = m->problem;
    size_t n_at = 1;
    a->prices = arena_alloc(arena, (size_t)m->n_benches + 1, sizeof *a->prices);
    a->at_begin = arena_alloc(arena, (size_t)p->n_helpers + 2, sizeof *a->at_begin);
    if (!a->prices || !a->at_begin) {
        return ERR_NOMEM;
    }
    for (int32_t b = 0; b < m->n_benches; b++) {
        const struct match_bench *bench = &m->benches[b];
        a->prices[b] = arena_alloc(arena, (size_t)bench->n + 1, sizeof **a->prices);
        if (!a->prices[b]) {
            return ERR_NOMEM;
        }
        for (int32_t h = 0; h < bench->n; h++) {
            a->at_begin[bench->helper[h] + 2]++;
            a->prices[b][h] = p->max_helps[bench->helper[h]] > 0 ? 0 : PRICE_MOST;
        }
        n_at += (size_t)bench->n;
    }
    a->at = arena_alloc(arena, n_at, sizeof *a->at);
    for (int32_t j = 0; j < p->n_helpers; j++) {
        a->at_begin[j + 2] += a->at_begin[j + 1];
    }
    for (int32_t b = 0; b < m->n_benches && a->at; b++) {
        for (int32_t h = 0; h < m->benches[b].n; h++) {
            a->at[a->at_begin[m->benches[b].helper[h] + 1]++] = &a->prices[b][h];
        }
    }
    return a->at ? ERR_OK : ERR_NOMEM;
}

/* Everybody who may learn waits, the first on top. */
static enum err queue_learners(struct arena *arena, struct auction *a)
{
    const struct match_assign_problem *p = a->market->problem;
    a->helper = arena_alloc(arena, (size_t)p->n_tasks + 1, sizeof *a->helper);
    a->left = arena_alloc(arena, (size_t)p->n_learners + 1, sizeof *a->left);
    a->stack = arena_alloc(arena, (size_t)p->n_learners + 1, sizeof *a->stack);
    a->waiting = arena_alloc(arena, (size_t)p->n_learners + 1, sizeof *a->waiting);
    if (!a->helper || !a->left || !a->stack || !a->waiting) {
        return ERR_NOMEM;
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        a->helper[t] = -1;
    }
    for (int32_t l = p->n_learners; l-- > 0;) {
        a->left[l] = p->max_learns[l];
        a->waiting[l] = a->left[l] > 0 && a->task_begin[l + 1] > a->task_begin[l];
        if (a->waiting[l]) {
            a->stack[a->n_stack++] = l;
        }
    }
    return ERR_OK;
}

/* The two best values of a row. */
static void look_along(const uint16_t *gain, const int32_t *price, int32_t n, int32_t least,
                       int32_t *best, int32_t *next)
{
    int32_t one[LANES], two[LANES];
    int32_t h = 0;
    for (int k = 0; k < LANES; k++) {
        one[k] = two[k] = NOTHING;
    }
    for (; h + LANES <= n; h += LANES) {
        for (int k = 0; k < LANES; k++) {
            int32_t value = (int32_t)gain[h + k] - price[h + k];
            value = gain[h + k] >= least ? value : NOTHING;
            int32_t low = value < one[k] ? value : one[k];
            one[k] = value > one[k] ? value : one[k];
            two[k] = low > two[k] ? low : two[k];
        }
    }
    for (int k = 0; h < n; h++, k++) {
        int32_t value = gain[h] >= least ? (int32_t)gain[h] - price[h] : NOTHING;
        int32_t low = value < one[k] ? value : one[k];
        one[k] = value > one[k] ? value : one[k];
        two[k] = low > two[k] ? low : two[k];
    }
    *best = *next = NOTHING;
    for (int k = 0; k < LANES; k++) {
        int32_t low = one[k] < *best ? one[k] : *best;
        *best = one[k] > *best ? one[k] : *best;
        *next = low > *next ? low : *next;
        *next = two[k] > *next ? two[k] : *next;
    }
}

/* The best helper for any task of the learner that nobody holds, and what comes after it. */
static struct two look(const struct auction *a, int32_t learner)
{
    const struct match_market *m = a->market;
    struct two two = {NOTHING, NOTHING, -1, -1};
    for (int32_t k = a->task_begin[learner]; k < a->task_begin[learner + 1]; k++) {
        int32_t t = a->tasks[k], b = m->bench[t], best, next;
        if (a->helper[t] >= 0 || b < 0) {
            continue;
        }
        look_along(m->gain[t], a->prices[b], m->benches[b].n, m->least, &best, &next);
        if (best > two.best) {
            two.next = next > two.best ? next : two.best;
            two.best = best;
            two.task = t;
        } else {
            two.next = best > two.next ? best : two.next;
        }
    }
    if (two.task < 0) {
        return two;
    }
    int32_t b = m->bench[two.task], h = 0;
    const uint16_t *gain = m->gain[two.task];
    while (gain[h] < m->least || (int32_t)gain[h] - a->prices[b][h] != two.best) {
        h++;
    }
    two.helper = m->benches[b].helper[h];
    return two;
}

static void wait_again(struct auction *a, int32_t learner)
{
    if (!a->waiting[learner]) {
        a->waiting[learner] = true;
        a->stack[a->n_stack++] = learner;
    }
}

/* The learner takes the cheapest place of the helper and raises its price; whoever had it waits. */
static void take(struct auction *a, const struct two *two, int32_t learner)
{
    int32_t begin = a->slot_begin[two->helper], end = a->slot_begin[two->helper + 1];
    struct slot *cheap = &a->slots[begin];
    int32_t second = PRICE_MOST;
    for (int32_t s = begin + 1; s < end; s++) {
        int32_t price = a->slots[s].price;
        if (price < cheap->price) {
            second = cheap->price;
            cheap = &a->slots[s];
        } else {
            second = price < second ? price : second;
        }
    }
    int32_t rise = two->best - two->next;
    rise = rise < second - cheap->price ? rise : second - cheap->price;
    if (cheap->task >= 0) {
        int32_t robbed = a->market->problem->learner[cheap->task];
        a->helper[cheap->task] = -1;
        a->left[robbed]++;
        wait_again(a, robbed); /* it may be the same learner, of another task */
    }
    cheap->task = two->task;
    cheap->price += rise + a->step;
    a->helper[two->task] = two->helper;
    a->left[learner]--;
    int32_t least = PRICE_MOST;
    for (int32_t s = begin; s < end; s++) {
        least = a->slots[s].price < least ? a->slots[s].price : least;
    }
    for (int32_t k = a->at_begin[two->helper]; k < a->at_begin[two->helper + 1]; k++) {
        *a->at[k] = least;
    }
}

static enum err bid_all(struct auction *a, match_market_pause_fn *pause, void *ctx)
{
    int32_t nobody = -a->market->service;
    int64_t bids = 0, turns = MATCH_MARKET_TURNS * (int64_t)a->n_stack;
    while (a->n_stack > 0) {
        int32_t learner = a->stack[--a->n_stack];
        a->waiting[learner] = false;
        if (++bids % PAUSE_EVERY == 0 && pause && pause(ctx)) {
            return ERR_LIMIT;
        }
        if (bids % turns == 0 && a->step < STEP_MOST) {
            a->step *= 2;
        }
        struct two two = look(a, learner);
        if (two.task < 0 || two.best <= nobody) {
            continue; /* whoever goes away now stays away: prices only rise */
        }
        two.next = two.next > nobody ? two.next : nobody;
        take(a, &two, learner);
        if (a->left[learner] > 0) {
            wait_again(a, learner);
        }
    }
    return ERR_OK;
}

static int32_t largest_gain(const struct match_market *m)
{
    int32_t largest = 0;
    for (int32_t t = 0; t < m->problem->n_tasks; t++) {
        for (int32_t h = 0; m->bench[t] >= 0 && h < m->benches[m->bench[t]].n; h++) {
            largest = m->gain[t][h] > largest ? m->gain[t][h] : largest;
        }
    }
    return largest;
}

static enum err tell(struct arena *arena, const struct auction *a, struct match_assign_start *start)
{
    const struct match_assign_problem *p = a->market->problem;
    int64_t *rent = arena_alloc(arena, (size_t)p->n_helpers + 1, sizeof *rent);
    int32_t *helper = arena_alloc(arena, (size_t)p->n_tasks + 1, sizeof *helper);
    if (!rent || !helper) {
        return ERR_NOMEM;
    }
    for (int32_t j = 0; j < p->n_helpers; j++) {
        for (int32_t s = a->slot_begin[j]; s < a->slot_begin[j + 1]; s++) {
            int32_t price = a->slots[s].price;
            rent[j] = s == a->slot_begin[j] || price < rent[j] ? price : rent[j];
        }
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        helper[t] = a->helper[t];
    }
    *start = (struct match_assign_start){rent, helper};
    return ERR_OK;
}

enum err match_market_run(struct arena *arena, const struct match_market *market,
                          match_market_pause_fn *pause, void *ctx, struct match_assign_start *start,
                          int32_t *step)
{
    struct arena *work = arena_child(arena);
    struct auction a = {.market = market};
    enum err err = work ? group_tasks(work, &a) : ERR_NOMEM;
    err = err ? err : make_slots(work, &a);
    err = err ? err : lay_benches(work, &a);
    err = err ? err : queue_learners(work, &a);
    a.step = 1 + largest_gain(market) / MATCH_MARKET_STEPS;
    err = err ? err : bid_all(&a, pause, ctx);
    err = err ? err : tell(arena, &a, start);
    if (step) {
        *step = a.step;
    }
    arena_free(work);
    return err;
}
