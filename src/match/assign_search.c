/* Shortest augmenting paths between agents (Dijkstra on reduced weights, 4-ary heap).
 *
 * Both searches walk over agents.  From the side of tasks: a task may enter agent a, whose held
 * tasks all sit at no extra distance and may move on, or stay without helper when their price is
 * used up.  From the side of agents: agent a may take a task that agent b holds, b is then short of
 * one and goes on, or gives up when its rent is used up. */
#include "match/assign_state.h"

#define UNSEEN (-1)
#define DONE (-2)

/* How the best path so far ends. */
struct end {
    int64_t dist;
    int32_t agent; /* the last agent of the path, -1: the search's own start */
    int32_t task;  /* task side: who stays without helper, -1: an agent had room;
                    * agent side: the free task that is taken, -1: the agent gives up */
    int64_t w;     /* agent side: weight of taking `task` */
};

void assign_hold(struct assign_state *s, int32_t t, int32_t a, int64_t w)
{
    int64_t at = s->slot[a] + s->n_held[a]++;
    s->held[at] = t;
    s->place[t] = (int32_t)(at - s->slot[a]);
    s->holder[t] = a;
    s->held_w[t] = w;
}

void assign_drop(struct assign_state *s, int32_t t)
{
    int32_t a = s->holder[t];
    int32_t last = s->held[s->slot[a] + --s->n_held[a]];
    s->held[s->slot[a] + s->place[t]] = last;
    s->place[last] = s->place[t];
    s->holder[t] = -1;
}

void assign_settle(struct assign_state *s)
{
    for (int32_t t = 0; t < s->n_tasks; t++) {
        int64_t price = 0;
        for (int64_t k = s->of_task.start[t]; k < s->of_task.start[t + 1]; k++) {
            int64_t least = s->of_task.w[k] - s->rent[s->of_task.to[k]];
            price = least > price ? least : price;
        }
        s->price[t] = price;
        if (s->holder[t] >= 0 && price + s->rent[s->holder[t]] > s->held_w[t]) {
            assign_drop(s, t);
        }
    }
}

static void heap_put(struct assign_state *s, int32_t at, int32_t a)
{
    s->heap[at] = a;
    s->heap_at[a] = at;
}

static void heap_up(struct assign_state *s, int32_t at)
{
    int32_t a = s->heap[at];
    while (at > 0 && s->dist[s->heap[(at - 1) >> 2]] > s->dist[a]) {
        heap_put(s, at, s->heap[(at - 1) >> 2]);
        at = (at - 1) >> 2;
    }
    heap_put(s, at, a);
}

static void heap_down(struct assign_state *s, int32_t at)
{
    int32_t a = s->heap[at];
    for (;;) {
        int32_t child = 4 * at + 1;
        if (child >= s->n_heap) {
            break;
        }
        int32_t end = child + 4 < s->n_heap ? child + 4 : s->n_heap, best = child;
        for (int32_t c = child + 1; c < end; c++) {
            if (s->dist[s->heap[c]] < s->dist[s->heap[best]]) {
                best = c;
            }
        }
        if (s->dist[s->heap[best]] >= s->dist[a]) {
            break;
        }
        heap_put(s, at, s->heap[best]);
        at = best;
    }
    heap_put(s, at, a);
}

/* The nearest agent that is not done. */
static int32_t heap_pop(struct assign_state *s)
{
    int32_t a = s->heap[0], last = s->heap[--s->n_heap];
    if (s->n_heap) {
        s->heap[0] = last;
        heap_down(s, 0);
    }
    s->heap_at[a] = DONE;
    return a;
}

/* Agent a is reached at `dist` from agent `from` by moving `task`. */
static void reach(struct assign_state *s, int32_t a, int64_t dist, int32_t from, int32_t task,
                  int64_t w)
{
    if (s->heap_at[a] == UNSEEN) {
        s->seen[s->n_seen++] = a;
        s->dist[a] = dist;
        s->heap[s->n_heap] = a;
        s->heap_at[a] = s->n_heap++;
    } else if (s->heap_at[a] == DONE || s->dist[a] <= dist) {
        return;
    }
    s->dist[a] = dist;
    s->from_agent[a] = from;
    s->from_task[a] = task;
    s->from_w[a] = w;
    heap_up(s, s->heap_at[a]);
}

static void forget(struct assign_state *s)
{
    for (int32_t k = 0; k < s->n_seen; k++) {
        s->heap_at[s->seen[k]] = UNSEEN;
    }
    s->n_seen = 0;
    s->n_heap = 0;
}

/* Offers task t, which agent `from` holds (-1: nobody) at distance `dist`, to its other agents. */
static void scan_task(struct assign_state *s, int32_t t, int32_t from, int64_t dist,
                      struct end *end)
{
    dist += s->price[t];
    if (dist < end->dist) {
        *end = (struct end){dist, from, t, 0};
    }
    int64_t stop = s->of_task.start[t + 1];
    s->n_scans += stop - s->of_task.start[t];
    for (int64_t k = s->of_task.start[t]; k < stop; k++) {
        int32_t a = s->of_task.to[k];
        int64_t d = dist + s->rent[a] - s->of_task.w[k];
        if (d >= end->dist || a == from) {
            continue;
        }
        reach(s, a, d, from, t, s->of_task.w[k]);
        if (s->n_held[a] < s->cap[a]) {
            *end = (struct end){d, a, -1, 0};
        }
    }
}

/* Moves every task of the path one agent on, from its end back to `task`. */
static void shift_tasks(struct assign_state *s, const struct end *end)
{
    if (end->agent < 0) {
        return; /* the task itself stays without */
    }
    int32_t a = end->agent;
    if (end->task >= 0) {
        assign_drop(s, end->task);
    }
    while (a >= 0) {
        int32_t t = s->from_task[a], next = s->from_agent[a];
        if (next >= 0) {
            assign_drop(s, t);
        }
        assign_hold(s, t, a, s->from_w[a]);
        a = next;
    }
}

void assign_search_task(struct assign_state *s, int32_t task)
{
    struct end end = {INT64_MAX, -1, -1, 0};
    scan_task(s, task, -1, 0, &end);
    while (s->n_heap && s->dist[s->heap[0]] < end.dist) {
        int32_t a = heap_pop(s);
        for (int64_t k = s->slot[a]; k < s->slot[a] + s->n_held[a]; k++) {
            scan_task(s, s->held[k], a, s->dist[a], &end);
        }
    }
    s->price[task] -= end.dist;
    for (int32_t k = 0; k < s->n_seen; k++) {
        int32_t a = s->seen[k];
        int64_t rise = end.dist - s->dist[a];
        if (s->heap_at[a] == DONE && rise > 0) {
            s->rent[a] += rise;
            for (int64_t h = s->slot[a]; h < s->slot[a] + s->n_held[a]; h++) {
                s->price[s->held[h]] -= rise;
            }
        }
    }
    shift_tasks(s, &end);
    forget(s);
}

/* Agent a, at distance `dist`, looks for a task to take. */
static void scan_agent(struct assign_state *s, int32_t a, int64_t dist, struct end *end)
{
    dist += s->rent[a];
    if (dist < end->dist) {
        *end = (struct end){dist, a, -1, 0};
    }
    int64_t stop = s->of_agent.start[a + 1];
    s->n_scans += stop - s->of_agent.start[a];
    for (int64_t k = s->of_agent.start[a]; k < stop; k++) {
        int32_t t = s->of_agent.to[k];
        int64_t d = dist + s->price[t] - s->of_agent.w[k];
        if (d >= end->dist) {
            continue;
        }
        if (s->holder[t] < 0) {
            *end = (struct end){d, a, t, s->of_agent.w[k]};
        } else if (s->holder[t] != a) {
            reach(s, s->holder[t], d, a, t, s->of_agent.w[k]);
        }
    }
}

/* Hands tasks over along the path, from its end back to `start`. */
static void shift_agents(struct assign_state *s, const struct end *end, int32_t start)
{
    int32_t a = end->agent;
    int32_t take = end->task;
    int64_t w = end->w;
    while (a != start) {
        int32_t lost = s->from_task[a], next = s->from_agent[a];
        assign_drop(s, lost);
        if (take >= 0) {
            assign_hold(s, take, a, w);
        }
        take = lost;
        w = s->from_w[a];
        a = next;
    }
    if (take >= 0) {
        assign_hold(s, take, a, w);
    }
}

void assign_search_agent(struct assign_state *s, int32_t agent)
{
    struct end end = {INT64_MAX, -1, -1, 0};
    reach(s, agent, 0, -1, -1, 0);
    while (s->n_heap && s->dist[s->heap[0]] < end.dist) {
        int32_t a = heap_pop(s);
        scan_agent(s, a, s->dist[a], &end);
    }
    for (int32_t k = 0; k < s->n_seen; k++) {
        int32_t a = s->seen[k];
        int64_t fall = end.dist - s->dist[a];
        if (s->heap_at[a] == DONE && fall > 0) {
            s->rent[a] -= fall;
            for (int64_t h = s->slot[a]; h < s->slot[a] + s->n_held[a]; h++) {
                s->price[s->held[h]] += fall;
            }
        }
    }
    shift_agents(s, &end, agent);
    forget(s);
}
