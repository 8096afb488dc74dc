/* Groups of three in a round (round_trio.h). */
#include "coach/round_trio.h"

#include "base/arena.h"
#include "coach/round_table.h"
#include "match/pairing.h"

#include <stddef.h>
#include <string.h>

/* Whom a rule puts together with somebody: at most two others, or there is no group for them. */
struct ties {
    int32_t (*to)[2]; /* n: -1 nobody */
};

/* The people of a pool as the search sees them. */
struct crowd {
    const struct round *round;
    struct ties ties;
    int32_t pool;
    const int32_t *people;
    const struct round_table *table; /* of a check */
    round_progress_fn *progress;     /* of a check */
    void *progress_ctx;
    int64_t looks;
};

static bool is_wide(const struct round *round, int32_t pool)
{
    return pool >= 0 && round->pool_begin[pool + 1] - round->pool_begin[pool] > ROUND_TRIO_LISTED;
}

bool round_trio_is_wide(const struct round *round)
{
    for (int32_t p = 0; p < round->n_pools; p++) {
        if (is_wide(round, p)) {
            return true;
        }
    }
    return false;
}

static enum err find_ties(struct arena *work, const struct round *round, struct ties *ties)
{
    ties->to = arena_alloc(work, (size_t)round->n + 1, sizeof *ties->to);
    if (!ties->to) {
        return ERR_NOMEM;
    }
    memset(ties->to, -1, (size_t)round->n * sizeof *ties->to);
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        int32_t two[2] = {round->fixed[k].learner, round->fixed[k].helper};
        for (int i = 0; i < 2; i++) {
            int32_t *to = ties->to[two[i]], other = two[1 - i];
            if (to[0] < 0 || to[0] == other) {
                to[0] = other;
            } else if (to[1] < 0) {
                to[1] = other;
            }
        }
    }
    return ERR_OK;
}

static bool are_tied(const struct ties *ties, int32_t u, int32_t v)
{
    return ties->to[u][0] == v || ties->to[u][1] == v || ties->to[v][0] == u || ties->to[v][1] == u;
}

/* ---- small pools: all pairs listed ---- */

/* Pairs of the pools that are not wide, or of all. */
static enum err list_pairs(struct arena *arena, const struct round *round, const struct ties *ties,
                           struct match_edges *edges)
{
    *edges = (struct match_edges){.arena = arena};
    for (int32_t p = 0; p < round->n_pools; p++) {
        for (int32_t a = round->pool_begin[p]; a < round->pool_begin[p + 1] && !is_wide(round, p);
             a++) {
            for (int32_t b = round->pool_begin[p]; b < a; b++) {
                int32_t u = round->pool_people[b], v = round->pool_people[a];
                if (!round_may(round, u, v)) {
                    continue;
                }
                int64_t w = round_pair_weight(round, u, v);
                w += are_tied(ties, u, v) ? ROUND_MUST_BONUS : 0;
                enum err err = match_edges_add(edges, u, v, w);
                if (err != ERR_OK) {
                    return err;
                }
            }
        }
    }
    return ERR_OK;
}

static enum err group_small(struct arena *arena, const struct round *round, const struct ties *ties,
                            struct round_steps *steps, const int32_t *mate, struct match_trio *trio)
{
    struct arena *work = arena_child(arena);
    struct match_edges edges;
    enum err err = work ? list_pairs(work, round, ties, &edges) : ERR_NOMEM;
    err = err ? err
              : match_trio_solve(arena, round->n, edges.edge, edges.n, mate, round_pause, steps,
                                 trio);
    arena_free(work);
    return err;
}

/* ---- large pools ---- */

static int32_t with_tie(const struct crowd *crowd, int32_t u, int32_t v, int32_t gains)
{
    return gains + (are_tied(&crowd->ties, u, v) ? (int32_t)ROUND_MUST_BONUS : 0);
}

/* From the table: what two people of the pool bring each other (a match_trio_weight_fn). */
static int32_t weigh_cell(void *ctx, int32_t a, int32_t b)
{
    const struct crowd *crowd = ctx;
    struct round_cell cell = round_table_row(crowd->round->table, crowd->pool, b)[a];
    int32_t gains = cell.higher + cell.lower, u = crowd->people[a], v = crowd->people[b];
    if (gains == 0 && !round_may(crowd->round, u, v)) {
        return -1;
    }
    return with_tie(crowd, u, v, gains);
}

/* Whether all of the pool may work with somebody, whom nothing ties to any of them. */
static bool is_plain(const struct crowd *crowd, int32_t u)
{
    const struct round *round = crowd->round;
    return !round->banned[u] && !round->share_languages && !round->share_periods &&
           crowd->ties.to[u][0] < 0;
}

static void weigh_cells(void *ctx, int32_t b, int32_t first, int32_t end, int32_t *w)
{
    const struct crowd *crowd = ctx;
    const struct round_cell *row = round_table_row(crowd->round->table, crowd->pool, b);
    bool plain = is_plain(crowd, crowd->people[b]);
    for (int32_t a = first; plain && a < end; a++) {
        w[a - first] = row[a].higher + row[a].lower;
    }
    for (int32_t a = first; !plain && a < end; a++) {
        int32_t gains = row[a].higher + row[a].lower, u = crowd->people[a], v = crowd->people[b];
        bool may = gains > 0 || round_may(crowd->round, u, v);
        w[a - first] = may ? with_tie(crowd, u, v, gains) : -1;
    }
}

/* Half of what ties add at each end: y covers gains only. */
static void add_ties(const struct crowd *crowd, int32_t m, int64_t *extra)
{
    for (int32_t a = 0; a < m; a++) {
        const int32_t *to = crowd->ties.to[crowd->people[a]];
        extra[a] = MATCH_DUAL_SCALE / 2 * ROUND_MUST_BONUS * ((to[0] >= 0) + (to[1] >= 0));
    }
}

static enum err group_wide(struct arena *arena, struct crowd *crowd, struct round_steps *steps,
                           const int32_t *mate, const int64_t *y, struct match_trio *trio)
{
    const struct round *round = crowd->round;
    int32_t begin = round->pool_begin[crowd->pool];
    int32_t m = round->pool_begin[crowd->pool + 1] - begin;
    crowd->people = round->pool_people + begin;
    int32_t *place = arena_alloc(arena, (size_t)round->n + 1, sizeof *place);
    int32_t *near = arena_alloc(arena, (size_t)m + 1, sizeof *near);
    int64_t *cover = arena_alloc(arena, (size_t)m + 1, sizeof *cover);
    int64_t *extra = arena_alloc(arena, (size_t)m + 1, sizeof *extra);
    if (!place || !near || !cover || !extra) {
        return ERR_NOMEM;
    }
    for (int32_t a = 0; a < m; a++) {
        place[crowd->people[a]] = a;
    }
    for (int32_t a = 0; a < m; a++) {
        int32_t u = crowd->people[a];
        bool inside = mate[u] >= 0 && round->pool[mate[u]] == crowd->pool;
        near[a] = inside ? place[mate[u]] : -1;
        cover[a] = y[u];
    }
    add_ties(crowd, m, extra);
    const struct match_trio_people people = {.n = m,
                                             .weight = weigh_cell,
                                             .weights = weigh_cells,
                                             .weight_ctx = crowd,
                                             .crew = round->crew,
                                             .pause = round_pause,
                                             .pause_ctx = steps};
    struct match_trio found;
    enum err err = match_trio_solve_many(arena, &people, near, cover, extra, &found);
    for (int32_t a = 0; a < m && !err; a++) {
        int32_t g = found.group[a];
        trio->group[crowd->people[a]] = g < 0 ? -1 : trio->n_groups + g;
        trio->price[crowd->people[a]] = found.price[a];
    }
    if (!err) {
        trio->n_groups += found.n_groups;
        trio->total += found.total;
        trio->bound += found.bound;
    }
    return err;
}

/* Numbers the groups of all pools by first member. */
static enum err number_groups(struct arena *work, struct match_trio *trio)
{
    int32_t *number = arena_alloc(work, (size_t)trio->n_groups + 1, sizeof *number);
    if (!number) {
        return ERR_NOMEM;
    }
    int32_t next = 0;
    for (int32_t u = 0; u < trio->n; u++) {
        int32_t *mine = trio->group[u] < 0 ? NULL : &number[trio->group[u]];
        if (mine && *mine == 0) {
            *mine = ++next;
        }
        trio->group[u] = mine ? *mine - 1 : -1;
    }
    return ERR_OK;
}

static enum err group_pools(struct arena *arena, const struct round *round, const struct ties *ties,
                            struct round_steps *steps, const int32_t *mate, const int64_t *y,
                            struct match_trio *trio)
{
    enum err err = group_small(arena, round, ties, steps, mate, trio);
    for (int32_t p = 0; p < round->n_pools && !err; p++) {
        if (is_wide(round, p)) {
            struct arena *work = arena_child(arena);
            struct crowd crowd = {.round = round, .ties = *ties, .pool = p};
            err = work ? group_wide(work, &crowd, steps, mate, y, trio) : ERR_NOMEM;
            arena_free(work);
        }
    }
    return err ? err : number_groups(arena, trio);
}

/* ---- both ---- */

static enum err check_size(const struct round *round, struct round_problem *problem)
{
    for (int32_t p = 0; p < round->n_pools; p++) {
        bool many = round->pool_begin[p + 1] - round->pool_begin[p] > MATCH_TRIO_MANY;
        if (is_wide(round, p) && (many || !round->table)) {
            return round_refuse(problem, ERR_LIMIT, 0,
                                "groups of three need all pairs of people at once, which is "
                                "possible for about %d people who may all work together; use "
                                "--within to form them inside units, or another strategy",
                                MATCH_TRIO_MANY / 1000 * 1000);
        }
    }
    return ERR_OK;
}

/* Pairs to start from, and y that covers every pair where somebody needs it. */
static enum err pair_first(struct arena *work, const struct round *round, struct round_steps *steps,
                           struct match_pair_proof *start)
{
    bool *frozen = arena_alloc(work, (size_t)round->n + 1, sizeof *frozen);
    if (!frozen) {
        return ERR_NOMEM;
    }
    struct round_feed feed = {.round = round, .frozen = frozen, .steps = steps};
    struct match_source source = round_source(&feed);
    struct match_pairing_options options = {.fractional = round->table != NULL,
                                            .rough = ROUND_ROUGH,
                                            .pause = round_pause,
                                            .pause_ctx = steps};
    return match_pairing_solve(work, round->n, &source, &options, start, NULL);
}

/* The fixed pairs come first: whoever they take leaves a partner behind. */
static void tie_mates(const struct round *round, int32_t *mate)
{
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        int32_t two[2] = {round->fixed[k].learner, round->fixed[k].helper};
        for (int i = 0; i < 2; i++) {
            if (mate[two[i]] >= 0) {
                mate[mate[two[i]]] = -1;
            }
        }
        mate[two[0]] = two[1];
        mate[two[1]] = two[0];
    }
}

static enum err check_ties(const struct round *round, const struct match_trio *trio,
                           struct round_problem *problem)
{
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        const struct round_fixed *f = &round->fixed[k];
        if (trio->group[f->learner] < 0 || trio->group[f->learner] != trio->group[f->helper]) {
            return round_refuse(problem, ERR_CONFLICT, f->line,
                                "no groups of three were found that keep %.90s and %.90s together",
                                round->roster->people[f->helper].id.p,
                                round->roster->people[f->learner].id.p);
        }
    }
    return ERR_OK;
}

enum err round_group(struct arena *arena, struct round *round, struct round_steps *steps,
                     struct round_answer *answer, struct round_problem *problem)
{
    struct match_pair_proof start;
    struct ties ties;
    enum err err = check_size(round, problem);
    struct arena *work = arena_child(arena);
    answer->trio = arena_alloc(arena, 1, sizeof *answer->trio);
    int32_t *mate = work ? arena_alloc(work, (size_t)round->n + 1, sizeof *mate) : NULL;
    err = err ? err : answer->trio && mate ? find_ties(work, round, &ties) : ERR_NOMEM;
    err = err ? err : pair_first(work, round, steps, &start);
    if (!err) {
        memcpy(mate, start.mate, (size_t)round->n * sizeof *mate);
        tie_mates(round, mate);
        err = group_pools(arena, round, &ties, steps, mate, start.y, answer->trio);
    }
    err = err ? err : check_ties(round, answer->trio, problem);
    arena_free(work);
    return err;
}

/* ---- the check ---- */

static int32_t weigh_anew(void *ctx, int32_t u, int32_t v)
{
    const struct crowd *crowd = ctx;
    const struct round *round = crowd->round;
    int64_t w = crowd->table ? round_table_weight(round, crowd->table, u, v) : 0;
    if (w == 0 && !round_may(round, u, v)) {
        return -1;
    }
    return with_tie(crowd, u, v, (int32_t)(crowd->table ? w : round_pair_weight(round, u, v)));
}

static void weigh_row(void *ctx, int32_t v, int32_t first, int32_t end, int32_t *w)
{
    const struct crowd *crowd = ctx;
    const struct round *round = crowd->round;
    const struct round_table *table = crowd->table;
    int32_t pool = round->pool[v];
    const struct round_cell *row = pool < 0 ? NULL : round_table_row(table, pool, table->place[v]);
    bool plain = row && is_plain(crowd, v);
    for (int32_t u = first; u < end; u++) {
        struct round_cell cell = {0, 0};
        bool here = row && round->pool[u] == pool;
        if (here) {
            cell = row[table->place[u]];
        }
        if (plain && here) {
            w[u - first] = cell.higher + cell.lower;
            continue;
        }
        int32_t gains = cell.higher + cell.lower;
        bool may = gains > 0 || round_may(round, u, v);
        w[u - first] = may ? with_tie(crowd, u, v, gains) : -1;
    }
}

static bool told_to_stop(void *ctx)
{
    struct crowd *crowd = ctx;
    double n = crowd->round->n + 1, rows = (double)++crowd->looks * 1024;
    double done = rows < n ? rows / n * (rows / n) : 1;
    return crowd->progress && crowd->progress(crowd->progress_ctx, done);
}

enum err round_trio_check(struct arena *work, const struct round *round,
                          const struct round_table *table, const struct match_trio *trio,
                          round_progress_fn *progress, void *ctx, int32_t *who, int64_t *n_checked)
{
    struct crowd crowd = {
        .round = round, .table = table, .progress = progress, .progress_ctx = ctx};
    struct match_edges edges;
    *who = -1;
    enum err err = find_ties(work, round, &crowd.ties);
    if (!err && !round_trio_is_wide(round)) {
        err = list_pairs(work, round, &crowd.ties, &edges);
        *n_checked = edges.n;
        return err ? err : match_trio_verify(work, trio, edges.edge, edges.n, who);
    }
    const struct match_trio_people people = {.n = round->n,
                                             .weight = weigh_anew,
                                             .weights = table ? weigh_row : NULL,
                                             .weight_ctx = &crowd,
                                             .crew = round->crew,
                                             .pause = told_to_stop,
                                             .pause_ctx = &crowd};
    return err ? err : match_trio_verify_many(work, trio, &people, who, n_checked);
}
