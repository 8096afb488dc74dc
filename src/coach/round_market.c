/* Rows of gains against prices; see round_market.h.  A row is looked through some values at a time,
 * and only where one of them matters one by one. */
#include "coach/round_market.h"

#include "base/arena.h"
#include "coach/round_few.h"
#include "coach/round_tasks.h"
#include "match/market.h"

#include <stddef.h>
#include <string.h>

#define NEAR (MATCH_ONE / 40)    /* at first: how much less than the best is still a candidate */
#define SERVICE (2 * MATCH_ONE)  /* so much the guess counts being helped at all, at most */
#define LIMIT (INT32_C(1) << 30) /* prices beyond are as good as this one */
#define LANES 16

/* Prices for one pass over all tasks. */
struct pricing {
    const struct round_feed *feed;
    const struct round *round;
    const int64_t *task, *helper; /* p + q, y */
    int64_t slack;                /* candidates have less */
    int32_t *rent;                /* y in the order of each bench */
    int32_t *begin;               /* of a bench: its first */
    struct round_few *of_task, *of_helper;
};

static size_t bench_of(const struct round *round, int32_t need)
{
    return (size_t)(round_tasks_bench(round, need) - round->tasks->bench);
}

int64_t round_market_count(const struct round *round)
{
    int64_t n = 0;
    int32_t least = round->floor > 1 ? round->floor : 1;
    for (int32_t k = 0; k < round->n_needs; k++) {
        const struct round_bench *bench = round_tasks_bench(round, k);
        const uint16_t *gain = round->tasks->gain + round->tasks->start[k];
        for (int32_t h = 0; bench && h < bench->n; h++) {
            n += gain[h] >= least;
        }
    }
    return n;
}

enum err round_market_guess(struct arena *arena, const struct round *round, const int32_t *task,
                            const struct match_assign_problem *problem,
                            match_market_pause_fn *pause, void *ctx,
                            struct match_assign_start *guess)
{
    struct arena *work = arena_child(arena);
    size_t n = work ? (size_t)problem->n_tasks + 1 : 0;
    size_t n_benches = (size_t)round->n_pools * (size_t)round->n_skills;
    struct match_bench *benches = work ? arena_alloc(work, n_benches + 1, sizeof *benches) : NULL;
    int32_t *bench = benches ? arena_alloc(work, n, sizeof *bench) : NULL;
    const uint16_t **gain = bench ? arena_alloc(work, n, sizeof *gain) : NULL;
    enum err err = gain ? ERR_OK : ERR_NOMEM;
    for (size_t b = 0; b < n_benches && !err; b++) {
        const struct round_bench *from = &round->tasks->bench[b];
        benches[b] = (struct match_bench){from->n, from->person};
    }
    for (int32_t t = 0; t < problem->n_tasks && !err; t++) {
        bool any = round_tasks_bench(round, task[t]) != NULL;
        bench[t] = any ? (int32_t)bench_of(round, task[t]) : -1;
        gain[t] = round->tasks->gain + round->tasks->start[task[t]];
    }
    struct match_market market = {
        .problem = problem,
        .benches = benches,
        .n_benches = (int32_t)n_benches,
        .bench = bench,
        .gain = gain,
        .least = round->floor > 1 ? round->floor : 1,
        .service = round->served < SERVICE ? (int32_t)round->served : SERVICE,
    };
    err = err ? err : match_market_run(arena, &market, pause, ctx, guess, NULL);
    arena_free(work);
    return err;
}

/* Rents side by side with the gains of each bench; nobody has room: beyond everything. */
static enum err lay_rents(struct arena *work, struct pricing *p)
{
    const struct round *round = p->round;
    int32_t n_benches = round->n_pools * round->n_skills;
    size_t all = 0;
    for (int32_t b = 0; b < n_benches; b++) {
        all += (size_t)round->tasks->bench[b].n;
    }
    p->begin = arena_alloc(work, (size_t)n_benches + 1, sizeof *p->begin);
    p->rent = arena_alloc(work, all + 1, sizeof *p->rent);
    if (!p->begin || !p->rent) {
        return ERR_NOMEM;
    }
    for (int32_t b = 0; b < n_benches; b++) {
        const struct round_bench *bench = &round->tasks->bench[b];
        p->begin[b + 1] = p->begin[b] + bench->n;
        for (int32_t h = 0; h < bench->n; h++) {
            int64_t y = p->helper[bench->person[h]];
            p->rent[p->begin[b] + h] = y < LIMIT ? (int32_t)y : LIMIT;
        }
    }
    return ERR_OK;
}

/* What the best helper would bring each learner at these prices, counted with each of their tasks:
 * the least that a learner's tasks are worth as long as one of them at a time is enough. */
static enum err value_tasks(struct arena *work, struct pricing *p)
{
    const struct round *round = p->round;
    int32_t n = p->feed->n_tasks, least = round->floor > 1 ? round->floor : 1;
    int64_t *value = arena_alloc(work, (size_t)n + 1, sizeof *value);
    int64_t *best = arena_alloc(work, (size_t)round->n + 1, sizeof *best);
    if (!value || !best) {
        return ERR_NOMEM;
    }
    for (int32_t t = 0; t < n; t++) {
        int32_t need = p->feed->task[t];
        const struct round_bench *bench = round_tasks_bench(round, need);
        const uint16_t *gain = round->tasks->gain + round->tasks->start[need];
        const int32_t *rent = bench ? p->rent + p->begin[bench_of(round, need)] : NULL;
        int32_t top = -LIMIT;
        for (int32_t h = 0; bench && h < bench->n; h++) {
            int32_t w = gain[h] >= least ? (int32_t)gain[h] - rent[h] : -LIMIT;
            top = w > top ? w : top;
        }
        int64_t all = top + round->served;
        int64_t *of = &best[round->needs[need].person];
        *of = all > *of ? all : *of;
    }
    for (int32_t t = 0; t < n; t++) {
        value[t] = best[round->needs[p->feed->task[t]].person];
    }
    p->task = value;
    return ERR_OK;
}

/* One of a row, looked at closely. */
static void consider(struct pricing *p, int32_t t, int32_t v, int32_t gain)
{
    int64_t w = gain + p->round->served;
    int64_t slack = p->task[t] + p->helper[v] - w;
    if (slack < p->slack && p->feed->room[v] > 0) {
        round_few_add(&p->of_task[t], -slack, w, v);
        round_few_add(&p->of_helper[v], -slack, w, t);
    }
}

static void price_task(struct pricing *p, int32_t t)
{
    const struct round *round = p->round;
    int32_t need = p->feed->task[t], least = round->floor > 1 ? round->floor : 1;
    const struct round_bench *bench = round_tasks_bench(round, need);
    if (!bench) {
        return;
    }
    const uint16_t *gain = round->tasks->gain + round->tasks->start[need];
    const int32_t *rent = p->rent + p->begin[bench_of(round, need)];
    /* Rents at the limit are made smaller, so this lets too many through rather than too few. */
    int64_t exact = p->task[t] - round->served - p->slack;
    int32_t more = exact >= LIMIT ? LIMIT : exact < -LIMIT ? -LIMIT - 1 : (int32_t)exact;
    int32_t h = 0;
    for (; h + LANES <= bench->n; h += LANES) {
        int any = 0;
        for (int k = 0; k < LANES; k++) {
            any |= (gain[h + k] >= least) & ((int32_t)gain[h + k] - rent[h + k] > more);
        }
        for (int k = 0; any && k < LANES; k++) {
            if (gain[h + k] >= least && (int32_t)gain[h + k] - rent[h + k] > more) {
                consider(p, t, bench->person[h + k], gain[h + k]);
            }
        }
    }
    for (; h < bench->n; h++) {
        if (gain[h] >= least) {
            consider(p, t, bench->person[h], gain[h]);
        }
    }
}

/* Who has whom by the guess is a candidate in any case. */
static enum err add_guessed(const struct round_feed *feed, struct match_edges *edges)
{
    for (int32_t t = 0; t < feed->n_tasks; t++) {
        int32_t v = feed->guess->helper[t];
        int64_t w = v >= 0 ? round_task_weight(feed->round, feed->task[t], v) : 0;
        enum err err = w > 0 ? match_edges_add(edges, t, v, w) : ERR_OK;
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

static enum err add_few(const struct pricing *p, struct match_edges *edges)
{
    enum err err = ERR_OK;
    for (int32_t t = 0; t < p->feed->n_tasks; t++) {
        for (int32_t k = 0; k < p->of_task[t].n && !err; k++) {
            err = match_edges_add(edges, t, p->of_task[t].of[k].other, p->of_task[t].of[k].w);
        }
    }
    for (int32_t v = 0; v < p->round->n; v++) {
        for (int32_t k = 0; k < p->of_helper[v].n && !err; k++) {
            err = match_edges_add(edges, p->of_helper[v].of[k].other, v, p->of_helper[v].of[k].w);
        }
    }
    return err;
}

enum err round_market_price(const struct round_feed *feed, const struct match_assign_duals *duals,
                            struct match_edges *edges)
{
    const struct round *round = feed->round;
    struct arena *work = arena_child(edges->arena);
    struct pricing p = {.feed = feed,
                        .round = round,
                        .task = duals ? duals->task : NULL,
                        .helper = duals ? duals->helper : feed->guess->rent,
                        .slack = duals ? 0 : NEAR};
    if (work) {
        p.of_task = arena_alloc(work, (size_t)feed->n_tasks + 1, sizeof *p.of_task);
        p.of_helper = arena_alloc(work, (size_t)round->n + 1, sizeof *p.of_helper);
    }
    enum err err = p.of_task && p.of_helper ? lay_rents(work, &p) : ERR_NOMEM;
    if (!err && !duals) {
        err = value_tasks(work, &p);
    }
    for (int32_t t = 0; t < feed->n_tasks && !err; t++) {
        price_task(&p, t);
        bool look = t % 1024 == 0;
        err = look && round_step(feed->steps, (double)t / feed->n_tasks) ? ERR_LIMIT : ERR_OK;
    }
    if (!err && !duals) {
        err = add_guessed(feed, edges);
    }
    err = err ? err : add_few(&p, edges);
    arena_free(work);
    return err;
}
