/* The start from the tasks' side, where every agent has one place: an auction with scaling
 * (Bertsekas 1988, "The auction algorithm", Annals of Operations Research 14) from the rents and
 * holdings there are.
 *
 * Long shortest paths are what makes a guess expensive that is right nowhere and nearly right
 * everywhere; bids mend it a little at a time.  Rents only rise.  In the end they are rounded, who
 * is held without slack stays so, and the searches make the rest exact. */
#include "base/arena.h"
#include "match/assign_state.h"

#include <stddef.h>

#define AUCTION_FINE 16    /* weights are refined by this */
#define AUCTION_STEP 8     /* from one go to the next the least raise falls by this */
#define AUCTION_SWEEPS 100 /* budget: scans of all arcs */

struct auction {
    struct assign_state *s;
    int64_t *value; /* of tasks: refined weight of the agent that holds them */
    int32_t *queue; /* tasks that look for an agent */
    int64_t raise;
    int64_t limit; /* of scans */
};

/* What is worth most and second most to a task; staying without an agent is worth 0. */
struct choice {
    int64_t best, second, w;
    int32_t agent; /* -1: to stay without */
};

static struct choice choose(struct assign_state *s, int32_t t)
{
    struct choice c = {.agent = -1};
    int64_t stop = s->of_task.start[t + 1];
    s->n_scans += stop - s->of_task.start[t];
    for (int64_t k = s->of_task.start[t]; k < stop; k++) {
        int32_t a = s->of_task.to[k];
        int64_t w = AUCTION_FINE * s->of_task.w[k], value = w - s->rent[a];
        if (value <= c.second) {
            continue;
        }
        if (value > c.best) {
            c.second = a == c.agent ? c.second : c.best;
            c.best = value;
            c.w = w;
            c.agent = a;
        } else if (a != c.agent) { /* a parallel arc is no second choice */
            c.second = value;
        }
    }
    return c;
}

/* Lets go who could have `raise` more elsewhere, and queues all who look. */
static int32_t auction_open(struct auction *auction)
{
    struct assign_state *s = auction->s;
    int32_t n = 0;
    for (int32_t t = 0; t < s->n_tasks; t++) {
        int32_t a = s->holder[t];
        struct choice c = choose(s, t);
        if (a >= 0 && auction->value[t] - s->rent[a] < c.best - auction->raise) {
            assign_drop(s, t);
        }
        if (s->holder[t] < 0 && c.agent >= 0) {
            auction->queue[n++] = t;
        }
    }
    return n;
}

static void auction_go(struct auction *auction)
{
    struct assign_state *s = auction->s;
    int32_t size = s->n_tasks, n = auction_open(auction), head = 0, tail = n % size;
    while (n > 0 && s->n_scans < auction->limit) {
        int32_t t = auction->queue[head];
        head = head + 1 < size ? head + 1 : 0;
        n--;
        struct choice c = choose(s, t);
        if (c.agent < 0) {
            continue;
        }
        if (s->n_held[c.agent] > 0) {
            int32_t out = s->held[s->slot[c.agent]];
            assign_drop(s, out);
            auction->queue[tail] = out;
            tail = tail + 1 < size ? tail + 1 : 0;
            n++;
        }
        s->rent[c.agent] += c.best - c.second + auction->raise;
        auction->value[t] = c.w;
        assign_hold(s, t, c.agent, c.w / AUCTION_FINE);
    }
}

static int64_t widest(const struct assign_state *s)
{
    int64_t wide = 0;
    for (int32_t t = 0; t < s->n_tasks; t++) {
        int64_t low = INT64_MAX, high = 0;
        for (int64_t k = s->of_task.start[t]; k < s->of_task.start[t + 1]; k++) {
            low = s->of_task.w[k] < low ? s->of_task.w[k] : low;
            high = s->of_task.w[k] > high ? s->of_task.w[k] : high;
        }
        wide = high - low > wide ? high - low : wide;
    }
    return wide;
}

/* The rent of an agent without a place: nobody wants one there. */
static int64_t forbidding(const struct assign_state *s, int32_t a)
{
    int64_t rent = 0;
    for (int64_t k = s->of_agent.start[a]; k < s->of_agent.start[a + 1]; k++) {
        rent = s->of_agent.w[k] > rent ? s->of_agent.w[k] : rent;
    }
    return rent;
}

enum err assign_auction(struct assign_state *s, struct arena *arena)
{
    struct auction auction = {.s = s, .limit = s->n_scans + AUCTION_SWEEPS * s->n_arcs};
    auction.value = arena_alloc(arena, (size_t)s->n_tasks + 1, sizeof *auction.value);
    auction.queue = arena_alloc(arena, (size_t)s->n_tasks + 1, sizeof *auction.queue);
    if (!auction.value || !auction.queue) {
        return ERR_NOMEM;
    }
    for (int32_t a = 0; a < s->n_agents; a++) {
        s->rent[a] = AUCTION_FINE * (s->slot[a + 1] > s->slot[a] ? s->rent[a] : forbidding(s, a));
    }
    for (int32_t t = 0; t < s->n_tasks; t++) {
        auction.value[t] = AUCTION_FINE * s->held_w[t];
    }
    auction.raise = AUCTION_FINE * widest(s);
    do {
        auction.raise = auction.raise / AUCTION_STEP > 1 ? auction.raise / AUCTION_STEP : 1;
        auction_go(&auction);
    } while (auction.raise > 1 && s->n_scans < auction.limit);
    for (int32_t a = 0; a < s->n_agents; a++) {
        s->rent[a] /= AUCTION_FINE;
    }
    assign_settle(s);
    return ERR_OK;
}
