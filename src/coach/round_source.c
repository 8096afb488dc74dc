/* Candidate edges: all of them at once, or, for many people, the best of each and then those that
 * violate the duals (column generation). */
#include "base/arena.h"
#include "coach/round_market.h"
#include "coach/round_solve.h"
#include "coach/round_table.h"
#include "coach/round_take.h"
#include "coach/round_tasks.h"

#include <stddef.h>

/* To begin with, what a pair is worth beyond half of what the other could have: by weight alone
 * everybody would list the same few. */
static void round_take_first(struct take *take, int32_t u, int32_t v, int64_t w)
{
    int64_t *best = take->best;
    if (take->looking) {
        best[u] = w > best[u] ? w : best[u];
        best[v] = w > best[v] ? w : best[v];
    } else {
        round_few_add(&take->few[u], 2 * w - best[v], w, v);
        round_few_add(&take->few[v], 2 * w - best[u], w, u);
    }
}

void round_take(struct take *take, int32_t u, int32_t v, int64_t w)
{
    if (take->best) {
        round_take_first(take, u, v, w);
        return;
    }
    if (!take->few) {
        if (take->edges->n >= take->all_pairs) {
            take->full = true;
            take->err = ERR_LIMIT;
            return;
        }
        take->err = match_edges_add(take->edges, u, v, w);
        return;
    }
    int64_t key = w;
    if (take->duals) {
        key = -take->slack(take->duals, u, v, w);
        if (key <= 0) {
            return;
        }
    }
    round_few_add(&take->few[u], key, w, v);
    round_few_add(&take->few_other[v], key, w, u);
}

/* No pair of these two weighs more; 0: they cannot help each other. */
static int64_t round_pair_cap(const struct round *round, int32_t u, int32_t v)
{
    return (round_could_help(round, u, v) ? round->served + round->cap[u] : 0) +
           (round_could_help(round, v, u) ? round->served + round->cap[v] : 0);
}

static enum err round_walk_pairs(const struct round_feed *feed, struct take *take)
{
    const struct round *round = feed->round;
    int64_t all = round_count_pairs(round), done = 0;
    if (round->table) {
        return round_walk_table(feed, take);
    }
    for (int32_t p = 0; p < round->n_pools; p++) {
        for (int32_t a = round->pool_begin[p]; a < round->pool_begin[p + 1]; a++) {
            int32_t u = round->pool_people[a];
            for (int32_t b = round->pool_begin[p]; b < a && !feed->frozen[u]; b++) {
                int32_t v = round->pool_people[b];
                int64_t most = round_pair_cap(round, u, v);
                bool dull = take->duals && take->slack(take->duals, v, u, most) >= 0;
                if (most == 0 || dull || feed->frozen[v] || !round_may(round, u, v)) {
                    continue;
                }
                int64_t w = round_pair_weight(round, u, v);
                if (w > 0) {
                    round_take(take, v, u, w);
                }
                if (take->err != ERR_OK) {
                    return take->err;
                }
            }
            done += a - round->pool_begin[p];
            if (a % 64 == 0 && round_step(feed->steps, (double)done / (double)(all + 1))) {
                return ERR_LIMIT;
            }
        }
    }
    return ERR_OK;
}

/* One task with everybody who helps in its skill, from the table. */
static void round_walk_task(const struct round_feed *feed, struct take *take, int32_t t)
{
    const struct round *round = feed->round;
    int32_t need = feed->task[t];
    const struct round_bench *bench = round_tasks_bench(round, need);
    const uint16_t *gain = round->tasks->gain + round->tasks->start[need];
    for (int32_t h = 0; bench && h < bench->n && take->err == ERR_OK; h++) {
        int32_t v = bench->person[h];
        if (gain[h] > 0 && gain[h] >= round->floor && feed->room[v] > 0) {
            round_take(take, t, v, gain[h] + round->served);
        }
    }
}

static enum err round_walk_tasks(const struct round_feed *feed, struct take *take)
{
    const struct round *round = feed->round;
    for (int32_t t = 0; t < feed->n_tasks; t++) {
        if (round->tasks) {
            round_walk_task(feed, take, t);
            if (take->err != ERR_OK) {
                return take->err;
            }
            if (t % 1024 == 0 && round_step(feed->steps, (double)t / feed->n_tasks)) {
                return ERR_LIMIT;
            }
            continue;
        }
        int32_t pool = round->pool[round->needs[feed->task[t]].person];
        for (int32_t k = pool < 0 ? 0 : round->pool_begin[pool];
             pool >= 0 && k < round->pool_begin[pool + 1]; k++) {
            int32_t v = round->pool_people[k];
            bool could =
                feed->room[v] > 0 && round_could_help(round, round->needs[feed->task[t]].person, v);
            could =
                could && !(take->duals &&
                           take->slack(take->duals, t, v,
                                       round->served + round_need_cap(round, feed->task[t])) >= 0);
            int64_t w = could ? round_task_weight(round, feed->task[t], v) : 0;
            if (w > 0) {
                round_take(take, t, v, w);
            }
            if (take->err != ERR_OK) {
                return take->err;
            }
        }
        if (t % 64 == 0 && round_step(feed->steps, (double)t / feed->n_tasks)) {
            return ERR_LIMIT;
        }
    }
    return ERR_OK;
}

static enum err round_walk(const struct round_feed *feed, struct take *take)
{
    return feed->task ? round_walk_tasks(feed, take) : round_walk_pairs(feed, take);
}

/* What was kept becomes edges; of helpers the task comes first. */
static enum err round_add_few(struct take *take, const struct round_few *few, int32_t u,
                              bool turned)
{
    enum err err = ERR_OK;
    for (int32_t k = 0; k < few->n && err == ERR_OK; k++) {
        int32_t other = few->of[k].other;
        err = match_edges_add(take->edges, turned ? other : u, turned ? u : other, few->of[k].w);
    }
    return err;
}

/* The best candidates of each person, or of each task and each helper. */
static enum err round_price_few(struct round_feed *feed, struct take *take)
{
    int32_t n_tasks = feed->task ? feed->n_tasks : 0, n = feed->round->n + n_tasks;
    struct arena *work = arena_child(take->edges->arena);
    take->few = work ? arena_alloc(work, (size_t)n, sizeof *take->few) : NULL;
    take->few_other = take->few ? take->few + n_tasks : NULL;
    enum err err = take->few ? ERR_OK : ERR_NOMEM;
    if (err == ERR_OK && !feed->task && !take->duals) {
        take->best = arena_alloc(work, (size_t)n, sizeof *take->best);
        take->looking = true;
        err = take->best ? round_walk(feed, take) : ERR_NOMEM;
        take->looking = false;
    }
    err = err ? err : round_walk(feed, take);
    for (int32_t u = 0; u < n && err == ERR_OK; u++) {
        bool turned = feed->task && u >= n_tasks;
        err = round_add_few(take, &take->few[u], turned ? u - n_tasks : u, turned);
    }
    arena_free(work);
    return err;
}

/* Whether all pairs can be listed. */
static bool round_can_list(const struct round_feed *feed)
{
    return feed->task || !feed->round->table ||
           round_table_count(feed->round, feed->round->all_pairs) <= feed->round->all_pairs;
}

static enum err round_price(void *ctx, const void *duals, match_slack_fn *slack,
                            struct match_edges *edges)
{
    struct round_feed *feed = ctx;
    struct take take = {
        .edges = edges, .duals = duals, .slack = slack, .all_pairs = feed->round->all_pairs};
    round_steps_pass(feed->steps);
    if (feed->guess) {
        return round_market_price(feed, duals, edges);
    }
    if (duals) {
        return feed->listed ? ERR_OK : round_price_few(feed, &take);
    }
    if (!round_can_list(feed)) {
        return round_price_few(feed, &take);
    }
    enum err err = round_walk(feed, &take);
    feed->listed = err == ERR_OK;
    if (!take.full) {
        return err;
    }
    edges->n = 0;
    take.err = ERR_OK;
    return round_price_few(feed, &take);
}

struct match_source round_source(struct round_feed *feed)
{
    return (struct match_source){.price = round_price, .ctx = feed};
}

enum err round_freeze(struct arena *arena, const struct round *round, bool **frozen)
{
    bool *result = arena_alloc(arena, (size_t)round->n + 1, sizeof *result);
    if (!result) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        result[round->fixed[k].learner] = result[round->fixed[k].helper] = true;
    }
    *frozen = result;
    return ERR_OK;
}

enum err round_make_tasks(struct arena *arena, const struct round *round,
                          struct round_answer *answer, int32_t **room, int32_t **room_learn)
{
    size_t n = (size_t)round->n + 1;
    int32_t *helps = arena_alloc(arena, n, sizeof *helps);
    int32_t *learns = arena_alloc(arena, n, sizeof *learns);
    answer->task = arena_alloc(arena, (size_t)round->n_needs + 1, sizeof *answer->task);
    if (!helps || !learns || !answer->task) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        helps[u] = round->max_helps[u];
        learns[u] = round->max_learns[u];
    }
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        helps[round->fixed[k].helper]--;
        learns[round->fixed[k].learner]--;
    }
    answer->n_tasks = 0;
    for (int32_t t = 0; t < round->n_needs; t++) {
        bool taken = false;
        for (int32_t k = 0; k < round_n_fixed(round); k++) {
            taken |= round->fixed[k].learner == round->needs[t].person &&
                     round_fixed_help(round, &round->fixed[k]).skill == round->needs[t].skill;
        }
        if (!taken) {
            answer->task[answer->n_tasks++] = t;
        }
    }
    *room = helps;
    *room_learn = learns;
    return ERR_OK;
}

enum err round_list_wishes(struct arena *arena, const struct round *round, const bool *frozen,
                           struct match_wish **wishes, int64_t *n)
{
    struct match_wish *list =
        arena_alloc(arena, (size_t)round_count_pairs(round) + 1, sizeof *list);
    if (!list) {
        return ERR_NOMEM;
    }
    int64_t count = 0;
    for (int32_t p = 0; p < round->n_pools; p++) {
        for (int32_t a = round->pool_begin[p]; a < round->pool_begin[p + 1]; a++) {
            for (int32_t b = round->pool_begin[p]; b < a; b++) {
                int32_t u = round->pool_people[b], v = round->pool_people[a];
                if (frozen[u] || frozen[v] || !round_may(round, u, v)) {
                    continue;
                }
                int32_t gain_u = round_best_help(round, u, v).gain;
                int32_t gain_v = round_best_help(round, v, u).gain;
                if (gain_u > 0 || gain_v > 0) {
                    list[count++] = (struct match_wish){u, v, gain_u, gain_v};
                }
            }
        }
    }
    *wishes = list;
    *n = count;
    return ERR_OK;
}
