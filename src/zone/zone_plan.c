/* Checking, sorting and counting the evidence; see zone_plan.h. */
#include "zone/zone_plan.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/sort.h"

#include <math.h>
#include <string.h>

#define MAX_PAIRS ((size_t)1 << 28)
#define MAX_DIFFICULTY 20.0f
#define PIECES 8 /* of the people, whoever sorts them */
/* An unmodelled l_vs (sd .6) adds to the noise of a rating, whose variance is about .65: the
 * predictor counts for so much less. */
#define LARGE_SCALE 0.9

bool zone_plan_difficulty_known(const struct zone_evidence *row)
{
    return fabsf(row->difficulty) <= MAX_DIFFICULTY;
}

static bool plan_index(int32_t i, int32_t n, bool needed)
{
    return i < n && (i >= 0 || (!needed && i == ZONE_NONE));
}

static enum err plan_check(const struct zone_data *data)
{
    if (data->n_people < 0 || data->n_skills < 0 || data->n_domains < 0 || data->n_raters < 0 ||
        data->n_occasions < 0 || data->n_items < 0) {
        return ERR_INVALID;
    }
    for (int32_t s = 0; s < data->n_skills; s++) {
        if (!plan_index(data->skill_domain[s], data->n_domains, true) ||
            data->skill_levels[s] < 2 || data->skill_levels[s] > ZONE_MAX_LEVELS) {
            return ERR_INVALID;
        }
    }
    for (size_t j = 0; j < data->n_evidence; j++) {
        const struct zone_evidence *row = &data->evidence[j];
        if (!plan_index(row->person, data->n_people, true) ||
            !plan_index(row->skill, data->n_skills, true) || row->kind >= ZONE_KIND__MAX ||
            row->support >= ZONE_SUPPORT__MAX ||
            (row->kind == ZONE_OBSERVED &&
             (!plan_index(row->rater, data->n_raters, false) ||
              !plan_index(row->occasion, data->n_occasions, false))) ||
            !plan_index(row->item, data->n_items, false) ||
            row->level >= (row->kind == ZONE_TASK ? 2 : data->skill_levels[row->skill])) {
            return ERR_INVALID;
        }
    }
    return (size_t)data->n_raters * (size_t)data->n_skills > MAX_PAIRS ? ERR_LIMIT : ERR_OK;
}

#define ORDER(field)                                                                               \
    if (a->field != b->field) {                                                                    \
        return a->field < b->field ? -1 : 1;                                                       \
    }

static int plan_compare(const void *x, const void *y, void *ctx)
{
    const struct zone_evidence *a = x, *b = y;
    (void)ctx;
    ORDER(skill)
    ORDER(kind)
    ORDER(occasion)
    if (a->occasion == ZONE_NONE) {
        ORDER(day)
    }
    ORDER(rater)
    ORDER(item)
    ORDER(support)
    ORDER(day)
    ORDER(level)
    bool ka = zone_plan_difficulty_known(a), kb = zone_plan_difficulty_known(b);
    if (ka != kb) {
        return ka ? 1 : -1;
    }
    return !ka || a->difficulty == b->difficulty ? 0 : a->difficulty < b->difficulty ? -1 : 1;
}

struct sorting {
    struct zone_plan *plan;
    size_t n_leaves[PIECES];
};

/* Sorts the rows of some people, and counts their skills with evidence. */
static void plan_sort_piece(void *ctx, uint32_t piece)
{
    struct sorting *sorting = ctx;
    struct zone_plan *plan = sorting->plan;
    uint32_t n = (uint32_t)plan->data->n_people, end = crew_first(piece + 1, PIECES, n);
    size_t n_leaves = 0;
    for (uint32_t p = crew_first(piece, PIECES, n); p < end; p++) {
        size_t lo = plan->person_at[p], hi = plan->person_at[p + 1];
        sort_items(plan->rows + lo, hi - lo, sizeof *plan->rows, plan_compare, NULL);
        for (size_t j = lo; j < hi; j++) {
            n_leaves += j == lo || plan->rows[j].skill != plan->rows[j - 1].skill;
        }
    }
    sorting->n_leaves[piece] = n_leaves;
}

static enum err plan_sort(struct arena *arena, struct zone_plan *plan)
{
    const struct zone_data *data = plan->data;
    size_t n = data->n_evidence, n_people = (size_t)data->n_people;
    plan->rows = arena_alloc(arena, n, sizeof *plan->rows);
    plan->person_at = arena_alloc(arena, n_people + 1, sizeof *plan->person_at);
    size_t *at = arena_alloc(arena, n_people, sizeof *at);
    if (!plan->rows || !plan->person_at || !at) {
        return ERR_NOMEM;
    }
    for (size_t j = 0; j < n; j++) {
        plan->person_at[data->evidence[j].person + 1]++;
    }
    for (size_t p = 0; p < n_people; p++) {
        at[p] = plan->person_at[p];
        plan->person_at[p + 1] += at[p];
    }
    for (size_t j = 0; j < n; j++) {
        struct zone_evidence row = data->evidence[j];
        if (row.kind != ZONE_OBSERVED) {
            row.rater = row.occasion = ZONE_NONE;
        }
        if (row.kind != ZONE_TASK || !zone_plan_difficulty_known(&row)) {
            row.difficulty = NAN;
        }
        plan->rows[at[row.person]++] = row;
    }
    struct sorting sorting = {plan, {0}};
    crew_run(data->crew, PIECES, plan_sort_piece, &sorting);
    for (int k = 0; k < PIECES; k++) {
        plan->n_leaves += sorting.n_leaves[k];
    }
    return ERR_OK;
}

static enum err plan_memory(struct arena *arena, struct zone_plan *plan)
{
    size_t nr = (size_t)plan->data->n_raters, ns = (size_t)plan->data->n_skills;
    size_t ni = (size_t)plan->data->n_items;
    plan->rater_reach = arena_alloc(arena, nr, 1);
    plan->pair_reach = arena_alloc(arena, nr * ns, 1);
    plan->rater_last = arena_alloc(arena, nr, sizeof *plan->rater_last);
    plan->rater_steps = arena_alloc(arena, nr, 1);
    plan->rated = arena_alloc(arena, ns * ZONE_RATED, sizeof *plan->rated);
    plan->items = arena_alloc(arena, ns * ZONE_RATED, sizeof *plan->items);
    plan->item_skill = arena_alloc(arena, ni * ZONE_RATED, sizeof *plan->item_skill);
    plan->item_task = arena_alloc(arena, ni, 1);
    plan->skill_task = arena_alloc(arena, ns, 1);
    plan->anchored = arena_alloc(arena, ns, 1);
    return plan->rater_reach && plan->pair_reach && plan->rater_last && plan->rater_steps &&
                   plan->rated && plan->items && plan->item_skill && plan->item_task &&
                   plan->skill_task && plan->anchored
               ? ERR_OK
               : ERR_NOMEM;
}

/* How many people (none, one, more) each rater has rated, in all and per skill. */
static enum err plan_reach(struct arena *arena, struct zone_plan *plan)
{
    size_t ns = (size_t)plan->data->n_skills, nr = (size_t)plan->data->n_raters;
    struct arena *scratch = arena_child(arena);
    int32_t *last = scratch ? arena_alloc(scratch, nr * ns, sizeof *last) : NULL;
    if (!last) {
        arena_free(scratch);
        return ERR_NOMEM;
    }
    for (size_t j = 0; j < plan->data->n_evidence; j++) {
        const struct zone_evidence *row = &plan->rows[j];
        if (row->rater < 0) {
            continue;
        }
        size_t pair = (size_t)row->rater * ns + (size_t)row->skill;
        if (plan->rater_last[row->rater] != row->person + 1 && plan->rater_reach[row->rater] < 2) {
            plan->rater_reach[row->rater]++;
            plan->rater_last[row->rater] = row->person + 1;
        }
        if (last[pair] != row->person + 1 && plan->pair_reach[pair] < 2) {
            plan->pair_reach[pair]++;
            last[pair] = row->person + 1;
        }
    }
    arena_free(scratch);
    return ERR_OK;
}

/* Raters with enough ratings on rubrics of one length get their own thresholds for it. */
static enum err plan_shapes(struct arena *arena, struct zone_plan *plan)
{
    size_t nr = (size_t)plan->data->n_raters;
    struct arena *scratch = arena_child(arena);
    int32_t *n = scratch ? arena_alloc(scratch, nr * (ZONE_MAX_LEVELS + 1), sizeof *n) : NULL;
    if (!n) {
        arena_free(scratch);
        return ERR_NOMEM;
    }
    for (size_t j = 0; j < plan->data->n_evidence; j++) {
        const struct zone_evidence *row = &plan->rows[j];
        if (row->rater >= 0 && !plan->large) {
            n[(size_t)row->rater * (ZONE_MAX_LEVELS + 1) + plan->data->skill_levels[row->skill]]++;
        }
    }
    for (size_t r = 0; r < nr; r++) {
        int32_t most = ZONE_SHAPE_LEAST - 1;
        for (uint8_t levels = 3; levels <= ZONE_MAX_LEVELS && plan->rater_reach[r] > 1; levels++) {
            if (n[r * (ZONE_MAX_LEVELS + 1) + levels] > most) {
                most = n[r * (ZONE_MAX_LEVELS + 1) + levels];
                plan->rater_steps[r] = (uint8_t)(levels - 1);
            }
        }
    }
    arena_free(scratch);
    return ERR_OK;
}

static void plan_count_row(struct zone_plan *plan, const struct zone_evidence *row)
{
    if (row->support != ZONE_INDEPENDENT && row->kind != ZONE_SELF) {
        plan->any_gain = true;
    }
    if (row->kind != ZONE_TASK) {
        size_t set = (size_t)row->skill * ZONE_RATED + row->kind;
        plan->rated[set]++;
        if (row->item >= 0) {
            int32_t *met = &plan->item_skill[(size_t)row->item * ZONE_RATED + row->kind];
            if (*met == 0) {
                *met = row->skill + 1;
                plan->items[set]++;
            }
        }
    } else if (zone_plan_difficulty_known(row)) {
        plan->anchored[row->skill] = 1;
        plan->any_anchored = true;
    } else if (row->item >= 0) {
        plan->item_task[row->item] = 1;
    } else {
        plan->skill_task[row->skill] = 1;
    }
}

static void plan_count(struct zone_plan *plan)
{
    size_t n_self = 0, n_other = 0, n_grow = 0;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t j = 0; j < plan->data->n_evidence; j++) {
        const struct zone_evidence *row = &plan->rows[j];
        plan_count_row(plan, row);
        n_self += row->kind == ZONE_SELF;
        n_other += row->kind != ZONE_SELF;
        if (row->day != ZONE_DAY_UNKNOWN) {
            first = row->day < first ? row->day : first;
            last = row->day > last ? row->day : last;
            n_grow += row->kind == ZONE_TASK && row->level > 0;
        }
    }
    plan->any_lambda = n_self >= ZONE_SELF_LEAST && n_other >= ZONE_SELF_LEAST;
    plan->bin_days = ZONE_BIN_DAYS;
    if (first < last) {
        int64_t span = (int64_t)last - first + 1,
                least = (span + ZONE_MAX_BINS - 1) / ZONE_MAX_BINS;
        plan->bin_days = (int32_t)(least > ZONE_BIN_DAYS ? least : ZONE_BIN_DAYS);
        plan->n_bins = (int32_t)((span + plan->bin_days - 1) / plan->bin_days);
        plan->any_growth = plan->n_bins > 1 && n_grow >= ZONE_GROW_LEAST;
    }
    plan->day_first = first;
}

int32_t zone_plan_bin(const struct zone_plan *plan, int32_t day)
{
    return plan->n_bins < 2 || day == ZONE_DAY_UNKNOWN
               ? 0
               : (int32_t)(((int64_t)day - plan->day_first) / plan->bin_days);
}

enum err zone_plan_make(struct arena *arena, const struct zone_data *data, struct zone_plan *plan)
{
    *plan = (struct zone_plan){.data = data, .scale = 1};
    enum err err = plan_check(data);
    if (err != ERR_OK || (err = plan_sort(arena, plan)) != ERR_OK ||
        (err = plan_memory(arena, plan)) != ERR_OK || (err = plan_reach(arena, plan)) != ERR_OK) {
        return err;
    }
    plan->large = plan->n_leaves > ZONE_LARGE;
    plan->scale = plan->large ? LARGE_SCALE : 1;
    plan_count(plan);
    return plan_shapes(arena, plan);
}
