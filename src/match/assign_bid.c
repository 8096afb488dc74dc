/* The start by bidding: helpers take turns to take their best tasks from one another.
 *
 * A helper with u free slots looks at the u + 1 best tasks by weight less price, takes the first u
 * and raises their prices until they are as good as the one after, and a step more: the auction of
 * Bertsekas (1981, Math. Programming 21:152; 1988, Annals of OR 14:105), several slots at once. The
 * step, an eighth of what a helper's best and worst task differ by, ends bidding wars early; what
 * it leaves inexact is made exact afterwards, and what does not fit any more is left to the
 * searches. */
#include "base/arena.h"
#include "match/assign_state.h"

#define BID_MAX 16    /* slots filled in one turn */
#define BID_SWEEPS 60 /* budget: scans of all arcs */
#define BID_FINER 16  /* a thorough start repeats with steps so much smaller, down to 1 or less */
#define BID_STEPS 8   /* steps between a helper's best and worst task */

struct offer {
    int64_t value, w;
    int32_t task;
};

/* The best offers so far, best first. */
struct offers {
    struct offer best[BID_MAX + 1];
    int32_t n, max;
};

static void offers_add(struct offers *o, struct offer offer)
{
    int32_t at = o->n;
    if (o->n == o->max) {
        if (o->best[o->n - 1].value >= offer.value) {
            return;
        }
        at--;
    } else {
        o->n++;
    }
    for (; at > 0 && o->best[at - 1].value < offer.value; at--) {
        o->best[at] = o->best[at - 1];
    }
    o->best[at] = offer;
}

static int32_t free_slots(const struct assign_state *s, int32_t a)
{
    return s->cap[a] - s->n_held[a];
}

/* One turn of agent a: whom it takes a task from goes to `robbed`; returns how many those are. */
static int32_t bid(struct assign_state *s, int32_t a, int64_t step, int32_t robbed[BID_MAX])
{
    int32_t want = free_slots(s, a) < BID_MAX ? free_slots(s, a) : BID_MAX;
    struct offers offers = {.max = want + 1};
    int64_t stop = s->of_agent.start[a + 1];
    s->n_scans += stop - s->of_agent.start[a];
    for (int64_t k = s->of_agent.start[a]; k < stop; k++) {
        int32_t t = s->of_agent.to[k];
        int64_t value = s->of_agent.w[k] - s->price[t];
        if (value > 0 && s->holder[t] != a) {
            offers_add(&offers, (struct offer){value, s->of_agent.w[k], t});
        }
    }
    int64_t rent = offers.n > want ? offers.best[want].value - step : 0;
    rent = rent < 0 ? 0 : rent > s->rent[a] ? s->rent[a] : rent;
    int32_t n_robbed = 0;
    for (int32_t k = 0; k < offers.n && k < want; k++) {
        int32_t t = offers.best[k].task, from = s->holder[t];
        if (from == a || (from >= 0 && offers.best[k].value <= rent)) {
            continue; /* an arc listed twice, or nothing to win by taking it */
        }
        if (from >= 0) {
            assign_drop(s, t);
            robbed[n_robbed++] = from;
        }
        assign_hold(s, t, a, offers.best[k].w);
    }
    s->rent[a] = rent;
    for (int64_t h = s->slot[a]; h < s->slot[a] + s->n_held[a]; h++) {
        s->price[s->held[h]] = s->held_w[s->held[h]] - rent;
    }
    return n_robbed;
}

/* An eighth of the mean difference between the best and the worst task of an agent. */
static int64_t bid_step(const struct assign_state *s)
{
    double sum = 0;
    int64_t n = 0;
    for (int32_t a = 0; a < s->n_helpers; a++) {
        int64_t begin = s->of_agent.start[a], end = s->of_agent.start[a + 1];
        if (end - begin < 2 || s->cap[a] == 0) {
            continue;
        }
        int64_t low = s->of_agent.w[begin], high = low;
        for (int64_t k = begin; k < end; k++) {
            low = s->of_agent.w[k] < low ? s->of_agent.w[k] : low;
            high = s->of_agent.w[k] > high ? s->of_agent.w[k] : high;
        }
        sum += (double)(high - low);
        n++;
    }
    return n ? (int64_t)(sum / (double)n / BID_STEPS) : 0;
}

/* Makes the duals feasible: first each rent, then each price, is the least that covers its arcs.
 * Tasks that are held at a loss then are let go. */
static void duals_settle(struct assign_state *s)
{
    for (int32_t a = 0; a < s->n_agents; a++) {
        int64_t rent = 0;
        for (int64_t k = s->of_agent.start[a]; k < s->of_agent.start[a + 1]; k++) {
            int64_t value = s->of_agent.w[k] - s->price[s->of_agent.to[k]];
            rent = value > rent ? value : rent;
        }
        s->rent[a] = rent;
    }
    assign_settle(s);
}

/* Lets all who have free slots bid, who is robbed at once, until nobody wants or the budget ends.
 * `stack` holds the waiting, each at most once. */
static void bid_all(struct assign_state *s, int64_t step, int32_t *stack, unsigned char *waiting)
{
    int32_t top = 0, robbed[BID_MAX];
    for (int32_t a = 0; a < s->n_agents; a++) {
        waiting[a] = free_slots(s, a) > 0 && s->rent[a] > 0;
        if (waiting[a]) {
            stack[top++] = a;
        }
    }
    int64_t budget = s->n_scans + BID_SWEEPS * s->n_arcs;
    while (top > 0 && s->n_scans < budget) {
        int32_t a = stack[--top];
        waiting[a] = 0;
        if (free_slots(s, a) == 0 || s->rent[a] == 0) {
            continue;
        }
        int32_t n_robbed = bid(s, a, step, robbed);
        for (int32_t k = 0; k < n_robbed; k++) {
            if (!waiting[robbed[k]]) {
                stack[top++] = robbed[k];
                waiting[robbed[k]] = 1;
            }
        }
    }
}

enum err assign_bid(struct assign_state *s, bool thorough, struct arena *arena)
{
    int32_t *stack = arena_alloc(arena, (size_t)s->n_agents, sizeof *stack);
    unsigned char *waiting = arena_alloc(arena, (size_t)s->n_agents, 1);
    if (!stack || !waiting) {
        return ERR_NOMEM;
    }
    int64_t step = bid_step(s);
    bid_all(s, step, stack, waiting);
    duals_settle(s);
    while (thorough && step >= BID_FINER) {
        step /= BID_FINER;
        bid_all(s, step, stack, waiting);
        duals_settle(s);
    }
    return ERR_OK;
}
