/* The start from a guess (assign.h): duals that cover the arcs there are, and what of the guessed
 * arrangement goes with them without slack.  The searches mend the rest. */
#include "base/arena.h"
#include "base/sort.h"
#include "match/assign_state.h"

/* The least price that covers the arcs of a task to helpers. */
static int64_t cover(const struct assign_state *s, int32_t t)
{
    int64_t price = 0;
    for (int64_t k = s->of_task.start[t]; k < s->of_task.start[t + 1]; k++) {
        int32_t a = s->of_task.to[k];
        int64_t least = a < s->n_helpers ? s->of_task.w[k] - s->rent[a] : 0;
        price = least > price ? least : price;
    }
    return price;
}

static int falling(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

/* A private agent takes the tasks that are worth least: the last that the learner keeps says what
 * each of its tasks is worth at least, and the agent's rent is what is left. */
static void set_private(struct assign_state *s, int32_t a, int64_t *prices)
{
    int64_t begin = s->of_agent.start[a], n = s->of_agent.start[a + 1] - begin;
    for (int64_t k = 0; k < n; k++) {
        prices[k] = s->price[s->of_agent.to[begin + k]];
    }
    sort_items(prices, (size_t)n, sizeof *prices, falling, NULL);
    int64_t keeps = n - s->cap[a], last = prices[keeps > 0 ? keeps - 1 : 0];
    s->rent[a] = s->big - last;
    for (int64_t k = begin; k < begin + n; k++) {
        int32_t t = s->of_agent.to[k];
        s->price[t] = s->price[t] > last ? s->price[t] : last;
    }
}

/* Holds what the guess says where it has no slack and there is room. */
static void hold_guessed(struct assign_state *s, const int32_t *helper)
{
    for (int32_t t = 0; t < s->n_tasks; t++) {
        int32_t j = helper[t];
        for (int64_t k = s->of_task.start[t]; j >= 0 && k < s->of_task.start[t + 1]; k++) {
            if (s->of_task.to[k] == j && s->n_held[j] < s->slot[j + 1] - s->slot[j] &&
                s->price[t] + s->rent[j] == s->of_task.w[k]) {
                assign_hold(s, t, j, s->of_task.w[k]);
                break;
            }
        }
    }
}

/* Private agents take what nobody holds: first what the guess leaves without helper, too. */
static void hold_private(struct assign_state *s, const int32_t *helper)
{
    for (int32_t a = s->n_helpers; a < s->n_agents; a++) {
        for (int pass = 0; pass < 2; pass++) {
            for (int64_t k = s->of_agent.start[a]; k < s->of_agent.start[a + 1]; k++) {
                int32_t t = s->of_agent.to[k];
                bool now = s->holder[t] < 0 && (pass == 1 || helper[t] < 0);
                if (now && s->n_held[a] < s->cap[a] && s->price[t] + s->rent[a] == s->big) {
                    assign_hold(s, t, a, s->big);
                }
            }
        }
    }
}

enum err assign_start(struct assign_state *s, const struct match_assign_problem *problem,
                      struct arena *arena)
{
    int64_t *prices = arena_alloc(arena, (size_t)s->n_tasks + 1, sizeof *prices);
    if (!prices) {
        return ERR_NOMEM;
    }
    for (int32_t j = 0; j < s->n_helpers; j++) {
        s->rent[j] = problem->start->rent[j];
    }
    for (int32_t t = 0; t < s->n_tasks; t++) {
        s->price[t] = cover(s, t);
    }
    for (int32_t a = s->n_helpers; a < s->n_agents; a++) {
        set_private(s, a, prices);
    }
    hold_guessed(s, problem->start->helper);
    hold_private(s, problem->start->helper);
    return ERR_OK;
}
