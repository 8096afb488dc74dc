/* The inside of the assignment solver: graph, duals, who holds what, and the two searches.
 *
 * Agents are the helpers, and one private agent for each learner with more tasks than they may work
 * on: it must take what is too much, at a weight above every other (`big`), so it always does.
 * Every task is then held by one agent or nobody.  Two invariants hold between steps:
 *
 *     price[t] + rent[a] >= w for every arc, >= 0 both, and equality where a holds t.
 *
 * The answer is optimal once every task that nobody holds has price 0 and every agent with a free
 * slot has rent 0.  Each search removes one exception by a shortest path and keeps the rest. */
#ifndef DUET_MATCH_ASSIGN_STATE_H
#define DUET_MATCH_ASSIGN_STATE_H

#include "match/assign.h"

/* Arcs of one side, sorted by it: those of x stand at start[x] .. start[x + 1] - 1. */
struct assign_arcs {
    int64_t *start;
    int32_t *to;
    int64_t *w;
};

struct assign_state {
    int32_t n_tasks, n_helpers, n_agents;
    int32_t *must; /* of each learner: the private agent, or -1 */
    int32_t *cap;  /* of each agent: slots, at most its number of arcs */
    int64_t n_arcs, big;
    struct assign_arcs of_task, of_agent;

    int64_t *price, *rent;  /* of tasks and agents */
    int32_t *holder;        /* of tasks, -1 for nobody */
    int64_t *held_w;        /* of tasks: weight of the arc that is held */
    int64_t *slot;          /* of agents: first slot, n_agents + 1 */
    int32_t *held, *n_held; /* tasks in the slots, and how many */
    int32_t *place;         /* of tasks: where in `held` */

    /* Scratch of the searches: distances and a heap over agents, reset after each. */
    int64_t *dist;
    int32_t *heap, *heap_at; /* heap_at: -1 unseen, -2 done, else the place in the heap */
    int32_t n_heap;
    int32_t *seen, n_seen;
    int32_t *from_agent, *from_task; /* how an agent was reached */
    int64_t *from_w;
    int64_t n_scans; /* arcs looked at, for progress and budgets */
};

/* Puts task t (held by nobody) into a free slot of a, and takes it out again. */
void assign_hold(struct assign_state *s, int32_t t, int32_t a, int64_t w);
void assign_drop(struct assign_state *s, int32_t t);

/* Makes each price the least that covers the task's arcs; whoever is held with slack then is let
 * go.
 */
void assign_settle(struct assign_state *s);

/* Removes the exception: a task that nobody holds with a positive price finds an agent or falls to
 * price 0; an agent with free slots and a positive rent fills one, or its rent falls. */
void assign_search_task(struct assign_state *s, int32_t task);
void assign_search_agent(struct assign_state *s, int32_t agent);

/* Duals and holdings from the guess of the problem, as far as they fit together over the arcs there
 * are: every rent as guessed, every price the least that covers the task's arcs, and whoever is
 * held by the guess where that leaves no slack.  ERR_NOMEM. */
MUST_CHECK enum err assign_start(struct assign_state *s, const struct match_assign_problem *problem,
                                 struct arena *arena);

/* The start from the helpers' side: agents bid for their best tasks.  rent[a] comes in as the
 * largest weight of a's arcs, prices as 0.  A thorough start takes longer and leaves less to do
 * where there are about as many places as tasks. */
MUST_CHECK enum err assign_bid(struct assign_state *s, bool thorough, struct arena *arena);

/* Where no agent has more than one place: the tasks bid for them, from the rents and holdings there
 * are until few exceptions are left.  ERR_NOMEM. */
MUST_CHECK enum err assign_auction(struct assign_state *s, struct arena *arena);

#endif
