/* Needs and those who may help with them, weighed for a check (round_weigh.h). */
#include "base/arena.h"
#include "base/sort.h"
#include "coach/round_weigh.h"
#include "match/verify.h"

#define MOST 64 /* tasks at once */

struct by_skill {
    const struct round *round;
    const int32_t *task;
};

static int round_by_skill(const void *a, const void *b, void *ctx)
{
    const struct by_skill *by = ctx;
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    int32_t s = by->round->needs[by->task[x]].skill, t = by->round->needs[by->task[y]].skill;
    return s != t ? (s > t) - (s < t) : (x > y) - (x < y);
}

int32_t *round_order_tasks(struct arena *arena, const struct round *round, const int32_t *task,
                           int32_t n)
{
    int32_t *order = arena_alloc(arena, (size_t)n + 1, sizeof *order);
    struct by_skill by = {round, task};
    for (int32_t t = 0; order && t < n; t++) {
        order[t] = t;
    }
    if (order) {
        sort_items(order, (size_t)n, sizeof *order, round_by_skill, &by);
    }
    return order;
}

/* What v knows of the skill of a need; -1: v does not help with it. */
static int32_t helper_of(const struct round_open *open, int32_t need, int32_t v)
{
    const struct round *round = open->round;
    int32_t skill = round->needs[need].skill;
    return open->room[v] > 0 ? round->helper_at[(size_t)v * (size_t)round->n_skills + (size_t)skill]
                             : -1;
}

int64_t round_weigh_task(const struct round_open *open, int32_t t, int32_t v)
{
    /* Most help in another skill: told here, without a call for each. */
    int64_t w = helper_of(open, open->task[t], v) < 0
                    ? 0
                    : round_task_weight(open->round, open->task[t], v);
    return w > 0 ? w : MATCH_NO_PAIR;
}

void round_weigh_tasks(const struct round_open *open, int32_t v, int32_t first, int32_t end,
                       int64_t *w)
{
    const struct round *round = open->round;
    const struct match_learner *learner[MOST];
    int32_t gain[MOST], at[MOST], n = 0, helper = -1;
    for (int32_t k = first; k < end; k++) {
        w[k - first] = 0;
    }
    for (int32_t k = first; k < end;) {
        int32_t skill = round->needs[open->task[open->order[k]]].skill;
        helper = helper_of(open, open->task[open->order[k]], v);
        n = 0;
        for (; k < end && round->needs[open->task[open->order[k]]].skill == skill; k++) {
            int32_t need = open->task[open->order[k]], u = round->needs[need].person;
            if (helper >= 0 && u != v && round->max_learns[u] > 0 && round_may(round, u, v)) {
                learner[n] = &round->learners[need];
                at[n++] = k - first;
            }
        }
        if (n == 0 || !round_offers(round, v, skill) || round->max_helps[v] == 0) {
            continue;
        }
        match_gain_useful_each(&round->model, learner, n, &round->helpers[helper],
                               round->options.min_reach, gain);
        for (int32_t i = 0; i < n; i++) {
            w[at[i]] = gain[i] > 0 && gain[i] >= round->floor ? gain[i] + round->served : 0;
        }
    }
}
