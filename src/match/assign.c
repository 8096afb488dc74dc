/* The rounds of the assignment solver: ask the source, build the graph, start, remove what is left
 * by searches, read the proof off the duals. */
#include "match/assign.h"

#include "base/arena.h"
#include "match/assign_state.h"

#include <assert.h>

#define SUM_MAX (INT64_C(1) << 60) /* so that four times a sum fits */
#define QUICK_SWEEPS 25            /* searches after a quick start may scan all arcs so often */
#define GUESS_SWEEPS 1000          /* and after a guess, which is rarely so poor */
#define PROGRESS_EVERY 256         /* searches between two reports */

/* One solve: what stays between rounds, and the caller's wishes. */
struct solve {
    const struct match_assign_problem *problem;
    match_assign_progress_fn *progress;
    void *progress_ctx;
    struct match_edges edges;
    struct assign_state state;
    struct arena *work, *round;
};

static enum err problem_check(const struct match_assign_problem *p)
{
    if (p->n_tasks < 0 || p->n_learners < 0 || p->n_helpers < 0 ||
        p->n_helpers > INT32_MAX - p->n_learners) {
        return ERR_INVALID;
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        if (p->learner[t] < 0 || p->learner[t] >= p->n_learners) {
            return ERR_INVALID;
        }
    }
    for (int32_t l = 0; l < p->n_learners; l++) {
        if (p->max_learns[l] < 0) {
            return ERR_INVALID;
        }
    }
    for (int32_t j = 0; j < p->n_helpers; j++) {
        if (p->max_helps[j] < 0) {
            return ERR_INVALID;
        }
        if (p->start && (p->start->rent[j] < 0 || p->start->rent[j] > MATCH_WEIGHT_MAX)) {
            return ERR_INVALID;
        }
    }
    for (int32_t t = 0; t < p->n_tasks && p->start; t++) {
        if (p->start->helper[t] < -1 || p->start->helper[t] >= p->n_helpers) {
            return ERR_INVALID;
        }
    }
    return ERR_OK;
}

/* Finds the learners with more tasks than they may have, and makes what stays between rounds. */
static enum err solve_begin(struct solve *solve)
{
    const struct match_assign_problem *p = solve->problem;
    struct assign_state *s = &solve->state;
    struct arena *work = solve->work;
    size_t n_learners = (size_t)p->n_learners, n_tasks = (size_t)p->n_tasks;
    size_t n_agents = (size_t)p->n_helpers + n_learners;
    s->n_tasks = p->n_tasks;
    s->n_helpers = p->n_helpers;
    s->must = arena_alloc(work, n_learners, sizeof *s->must);
    s->cap = arena_alloc(work, n_agents, sizeof *s->cap);
    s->price = arena_alloc(work, n_tasks, sizeof *s->price);
    s->holder = arena_alloc(work, n_tasks, sizeof *s->holder);
    s->held_w = arena_alloc(work, n_tasks, sizeof *s->held_w);
    s->place = arena_alloc(work, n_tasks, sizeof *s->place);
    s->rent = arena_alloc(work, n_agents, sizeof *s->rent);
    if (!s->must || !s->cap || !s->price || !s->holder || !s->held_w || !s->place || !s->rent) {
        return ERR_NOMEM;
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        s->must[p->learner[t]]++;
        s->holder[t] = -1;
    }
    for (int32_t j = 0; j < p->n_helpers; j++) {
        s->cap[j] = p->max_helps[j];
    }
    s->n_agents = p->n_helpers;
    for (int32_t l = 0; l < p->n_learners; l++) {
        int32_t too_many = s->must[l] - p->max_learns[l];
        s->must[l] = -1;
        if (too_many > 0) {
            s->cap[s->n_agents] = too_many;
            s->must[l] = s->n_agents++;
        }
    }
    s->big = 1;
    n_agents = (size_t)s->n_agents;
    s->n_held = arena_alloc(work, n_agents, sizeof *s->n_held);
    s->slot = arena_alloc(work, n_agents + 1, sizeof *s->slot);
    s->dist = arena_alloc(work, n_agents, sizeof *s->dist);
    s->heap = arena_alloc(work, n_agents, sizeof *s->heap);
    s->heap_at = arena_alloc(work, n_agents, sizeof *s->heap_at);
    s->seen = arena_alloc(work, n_agents, sizeof *s->seen);
    s->from_agent = arena_alloc(work, n_agents, sizeof *s->from_agent);
    s->from_task = arena_alloc(work, n_agents, sizeof *s->from_task);
    s->from_w = arena_alloc(work, n_agents, sizeof *s->from_w);
    if (!s->n_held || !s->slot || !s->dist || !s->heap || !s->heap_at || !s->seen ||
        !s->from_agent || !s->from_task || !s->from_w) {
        return ERR_NOMEM;
    }
    for (int32_t a = 0; a < s->n_agents; a++) {
        s->heap_at[a] = -1;
    }
    return ERR_OK;
}

/* Checks the edges from `from` on, and that sums of weights cannot overflow. */
static enum err edges_check(struct solve *solve, int64_t from)
{
    const struct match_edges *edges = &solve->edges;
    const struct match_assign_problem *p = solve->problem;
    for (int64_t k = from; k < edges->n; k++) {
        const struct match_edge *e = &edges->edge[k];
        if (e->u < 0 || e->u >= p->n_tasks || e->v < 0 || e->v >= p->n_helpers) {
            return ERR_INVALID;
        }
        if (e->w > MATCH_WEIGHT_MAX || e->w < -MATCH_WEIGHT_MAX ||
            (e->w > 0 && e->w > SUM_MAX / p->n_tasks)) {
            return ERR_RANGE;
        }
    }
    return ERR_OK;
}

static enum err arcs_alloc(struct assign_arcs *arcs, int32_t n, int64_t n_arcs, struct arena *arena)
{
    arcs->start = arena_alloc(arena, (size_t)n + 2, sizeof *arcs->start);
    arcs->to = arena_alloc(arena, (size_t)n_arcs, sizeof *arcs->to);
    arcs->w = arena_alloc(arena, (size_t)n_arcs, sizeof *arcs->w);
    return arcs->start && arcs->to && arcs->w ? ERR_OK : ERR_NOMEM;
}

/* Counting sort: while filling, start[x + 1] is where the next arc of x goes. */
static void arcs_count(struct assign_arcs *arcs, int32_t x)
{
    arcs->start[x + 2]++;
}

static void arcs_sum(struct assign_arcs *arcs, int32_t n)
{
    for (int32_t x = 0; x <= n; x++) {
        arcs->start[x + 1] += arcs->start[x];
    }
}

static void arcs_put(struct assign_arcs *arcs, int32_t x, int32_t to, int64_t w)
{
    int64_t at = arcs->start[x + 1]++;
    arcs->to[at] = to;
    arcs->w[at] = w;
}

/* Builds both lists of arcs from all edges of positive weight and the private agents' arcs. */
static enum err graph_build(struct solve *solve)
{
    struct assign_state *s = &solve->state;
    const struct match_assign_problem *p = solve->problem;
    int64_t top = 0, n_arcs = 0;
    for (int64_t k = 0; k < solve->edges.n; k++) {
        n_arcs += solve->edges.edge[k].w > 0;
        top = solve->edges.edge[k].w > top ? solve->edges.edge[k].w : top;
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        n_arcs += s->must[p->learner[t]] >= 0;
    }
    s->n_arcs = n_arcs;
    enum err err = arcs_alloc(&s->of_task, s->n_tasks, n_arcs, solve->round);
    if (!err) {
        err = arcs_alloc(&s->of_agent, s->n_agents, n_arcs, solve->round);
    }
    if (err) {
        return err;
    }
    for (int32_t a = s->n_helpers; a < s->n_agents; a++) {
        s->rent[a] += top + 1 > s->big ? top + 1 - s->big : 0;
    }
    s->big = top + 1 > s->big ? top + 1 : s->big;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t k = 0; k < solve->edges.n; k++) {
            const struct match_edge *e = &solve->edges.edge[k];
            if (e->w > 0 && pass == 0) {
                arcs_count(&s->of_task, e->u);
                arcs_count(&s->of_agent, e->v);
            } else if (e->w > 0) {
                arcs_put(&s->of_task, e->u, e->v, e->w);
                arcs_put(&s->of_agent, e->v, e->u, e->w);
            }
        }
        for (int32_t t = 0; t < p->n_tasks; t++) {
            int32_t a = s->must[p->learner[t]];
            if (a >= 0 && pass == 0) {
                arcs_count(&s->of_task, t);
                arcs_count(&s->of_agent, a);
            } else if (a >= 0) {
                arcs_put(&s->of_task, t, a, s->big);
                arcs_put(&s->of_agent, a, t, s->big);
            }
        }
        if (pass == 0) {
            arcs_sum(&s->of_task, s->n_tasks);
            arcs_sum(&s->of_agent, s->n_agents);
        }
    }
    return ERR_OK;
}

/* Gives each agent its slots and puts the tasks back that were held before. */
static enum err slots_build(struct solve *solve)
{
    struct assign_state *s = &solve->state;
    for (int32_t a = 0; a < s->n_agents; a++) {
        int64_t degree = s->of_agent.start[a + 1] - s->of_agent.start[a];
        s->slot[a + 1] = s->slot[a] + (degree < s->cap[a] ? degree : s->cap[a]);
        s->n_held[a] = 0;
    }
    s->held = arena_alloc(solve->round, (size_t)s->slot[s->n_agents], sizeof *s->held);
    if (!s->held) {
        return ERR_NOMEM;
    }
    for (int32_t t = 0; t < s->n_tasks; t++) {
        int32_t a = s->holder[t];
        if (a >= 0) {
            assign_hold(s, t, a, a < s->n_helpers ? s->held_w[t] : s->big);
        }
    }
    return ERR_OK;
}

/* The first duals: everything is free, the side that is to give way asks for all it could get. */
static enum err start_cold(struct solve *solve, bool thorough)
{
    struct assign_state *s = &solve->state;
    int64_t demand = 0, supply = 0;
    for (int32_t t = 0; t < s->n_tasks; t++) {
        if (s->holder[t] >= 0) {
            assign_drop(s, t);
        }
        s->price[t] = 0;
        demand += s->of_task.start[t + 1] > s->of_task.start[t];
    }
    for (int32_t a = 0; a < s->n_agents; a++) {
        supply += s->slot[a + 1] - s->slot[a];
    }
    bool agents = thorough || supply < demand;
    for (int32_t a = 0; a < s->n_agents; a++) {
        s->rent[a] = 0;
        for (int64_t k = s->of_agent.start[a]; k < s->of_agent.start[a + 1] && agents; k++) {
            s->rent[a] = s->of_agent.w[k] > s->rent[a] ? s->of_agent.w[k] : s->rent[a];
        }
    }
    return agents ? assign_bid(s, thorough, solve->round) : ERR_OK;
}

/* Raises the price of every task that an arc asks more for; whoever held it lets go. */
static void prices_lift(struct assign_state *s)
{
    for (int32_t t = 0; t < s->n_tasks; t++) {
        int64_t price = s->price[t];
        for (int64_t k = s->of_task.start[t]; k < s->of_task.start[t + 1]; k++) {
            int64_t least = s->of_task.w[k] - s->rent[s->of_task.to[k]];
            price = least > price ? least : price;
        }
        if (price > s->price[t] && s->holder[t] >= 0) {
            assign_drop(s, t);
        }
        s->price[t] = price;
    }
}

/* Tells the caller now and then; true when it wants to stop. */
static bool told_to_stop(const struct solve *solve, int64_t done, int64_t all)
{
    return solve->progress && done % PROGRESS_EVERY == 0 &&
           solve->progress(solve->progress_ctx, (double)done / (double)all);
}

/* Removes what is left: first tasks that want an agent, then agents that want tasks.  Leaves
 * early, with the invariants kept, when `limit` scans are passed. */
static enum err finish(struct solve *solve, int64_t limit)
{
    struct assign_state *s = &solve->state;
    int64_t done = 0, all = (int64_t)s->n_tasks + s->n_agents;
    for (int32_t t = 0; t < s->n_tasks && s->n_scans < limit; t++) {
        if (told_to_stop(solve, done++, all)) {
            return ERR_LIMIT;
        }
        if (s->holder[t] < 0 && s->price[t] > 0) {
            assign_search_task(s, t);
        }
    }
    for (int32_t a = 0; a < s->n_agents && s->n_scans < limit; a++) {
        if (told_to_stop(solve, done++, all)) {
            return ERR_LIMIT;
        }
        while (s->n_held[a] < s->cap[a] && s->rent[a] > 0 && s->n_scans < limit) {
            assign_search_agent(s, a);
        }
    }
    return ERR_OK;
}

static int64_t slack(const void *duals, int32_t u, int32_t v, int64_t w)
{
    const struct match_assign_duals *d = duals;
    return MATCH_DUAL_SCALE * (d->task[u] + d->helper[v] - w);
}

/* From the guess; where every agent has one place the tasks bid for what it got wrong. */
static enum err start_guessed(struct solve *solve)
{
    struct assign_state *s = &solve->state;
    enum err err = assign_start(s, solve->problem, solve->round);
    bool single = s->n_tasks > 0;
    for (int32_t a = 0; a < s->n_agents && single; a++) {
        single = s->slot[a + 1] - s->slot[a] <= 1;
    }
    return err || !single ? err : assign_auction(s, solve->round);
}

/* One round after the source was asked. */
static enum err solve_round(struct solve *solve, bool first)
{
    arena_free(solve->round);
    solve->round = arena_child(solve->work);
    if (!solve->round) {
        return ERR_NOMEM;
    }
    enum err err = graph_build(solve);
    if (!err) {
        err = slots_build(solve);
    }
    struct assign_state *s = &solve->state;
    int64_t limit = INT64_MAX;
    if (!err && first) {
        bool guess = solve->problem->start != NULL;
        err = guess ? start_guessed(solve) : start_cold(solve, false);
        limit = s->n_scans + (guess ? GUESS_SWEEPS : QUICK_SWEEPS) * (s->n_arcs + 1);
    }
    if (!err) {
        prices_lift(s);
        err = finish(solve, limit);
    }
    if (!err && s->n_scans >= limit && s->n_arcs > 0) {
        err = start_cold(solve, true);
        if (!err) {
            prices_lift(s);
            err = finish(solve, INT64_MAX);
        }
    }
    return err;
}

/* Splits the prices into p and q, scales, sums. */
static enum err proof_make(const struct solve *solve, struct arena *arena,
                           struct match_assign_proof *proof)
{
    const struct match_assign_problem *problem = solve->problem;
    const struct assign_state *s = &solve->state;
    int32_t *helper = arena_alloc(arena, (size_t)problem->n_tasks, sizeof *helper);
    int64_t *p = arena_alloc(arena, (size_t)problem->n_tasks, sizeof *p);
    int64_t *q = arena_alloc(arena, (size_t)problem->n_learners, sizeof *q);
    int64_t *y = arena_alloc(arena, (size_t)problem->n_helpers, sizeof *y);
    if (!helper || !p || !q || !y) {
        return ERR_NOMEM;
    }
    int64_t bound = 0, total = 0;
    for (int32_t l = 0; l < problem->n_learners; l++) {
        q[l] = s->must[l] >= 0 ? s->big - s->rent[s->must[l]] : 0;
        bound += q[l] * problem->max_learns[l];
        q[l] *= MATCH_DUAL_SCALE;
    }
    for (int32_t t = 0; t < problem->n_tasks; t++) {
        bool served = s->holder[t] >= 0 && s->holder[t] < s->n_helpers;
        helper[t] = served ? s->holder[t] : -1;
        total += served ? s->held_w[t] : 0;
        p[t] = MATCH_DUAL_SCALE * s->price[t] - q[problem->learner[t]];
        bound += p[t] / MATCH_DUAL_SCALE;
    }
    for (int32_t j = 0; j < problem->n_helpers; j++) {
        y[j] = MATCH_DUAL_SCALE * s->rent[j];
        bound += s->rent[j] * problem->max_helps[j];
    }
    assert(bound == total);
    *proof = (struct match_assign_proof){
        .n_tasks = problem->n_tasks,
        .n_learners = problem->n_learners,
        .n_helpers = problem->n_helpers,
        .helper = helper,
        .p = p,
        .q = q,
        .y = y,
        .total = total,
        .bound = MATCH_DUAL_SCALE * bound,
    };
    return ERR_OK;
}

/* Asks and solves until the source has nothing to add. */
static enum err solve_all(struct solve *solve, const struct match_source *source)
{
    enum err err = solve_begin(solve);
    for (bool first = true; !err; first = false) {
        int64_t before = solve->edges.n;
        const struct match_assign_duals duals = {solve->state.price, solve->state.rent};
        err = source->price(source->ctx, first ? NULL : &duals, slack, &solve->edges);
        if (err || (!first && solve->edges.n == before)) {
            break;
        }
        err = edges_check(solve, before);
        if (!err) {
            err = solve_round(solve, first);
        }
    }
    return err;
}

enum err match_assign_solve(struct arena *arena, const struct match_assign_problem *problem,
                            const struct match_source *source, match_assign_progress_fn *progress,
                            void *ctx, struct match_assign_proof *proof)
{
    enum err err = problem_check(problem);
    if (err) {
        return err;
    }
    struct solve solve = {.problem = problem, .progress = progress, .progress_ctx = ctx};
    solve.work = arena_child(arena);
    if (!solve.work) {
        return ERR_NOMEM;
    }
    solve.edges.arena = solve.work;
    err = solve_all(&solve, source);
    struct arena *keep = err ? NULL : arena_child(arena);
    if (!err) {
        err = keep ? proof_make(&solve, keep, proof) : ERR_NOMEM;
    }
    if (err) {
        arena_free(keep);
    }
    arena_free(solve.work);
    return err;
}
