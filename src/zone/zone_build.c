/* From evidence to effects and terms; see zone_build.h. */
#include "zone/zone_build.h"

#include "base/arena.h"
#include "base/sort.h"
#include "zone/zone_families.h"

#include <math.h>
#include <string.h>

/* One observer on one visit of the person at hand. */
struct zone_visit {
    int32_t occasion, day, rater; /* day counts only without occasion */
    int32_t lesson, halo;         /* effects */
};

/* One success at a task of the person x skill at hand; sums of 1 / (1 + n / 4) up to and with it.
 */
struct zone_growth {
    int32_t day;
    bool helped;
    double sum[2];
};

/* ---- growing ---- */

static int32_t build_effect(struct zone_build *b, int32_t family, int32_t front, int32_t group)
{
    int32_t id = (int32_t)b->n_effects++;
    if (b->store) {
        b->effects[id] = (struct joint_effect){family, front, group < 0 ? id : group};
    }
    return id;
}

static int32_t build_front(struct zone_build *b, int32_t parent)
{
    if (b->store) {
        b->front_parent[b->n_fronts] = parent;
    }
    return (int32_t)b->n_fronts++;
}

static void build_term(struct zone_build *b, int32_t effect, double coefficient)
{
    if (effect == JOINT_NONE) {
        return;
    }
    if (b->store) {
        b->terms[b->n_terms] = (struct joint_term){effect, (float)coefficient};
    }
    b->n_terms++;
}

/* ---- global effects ---- */

static void build_globals(struct zone_build *b)
{
    const struct zone_plan *plan = b->plan;
    const struct zone_data *data = plan->data;
    b->level = plan->any_anchored ? build_effect(b, ZONE_F_LEVEL, JOINT_NONE, -1) : JOINT_NONE;
    b->gain_mean = plan->any_gain ? build_effect(b, ZONE_F_GAIN_MEAN, JOINT_NONE, -1) : JOINT_NONE;
    for (int k = 0; k < 2; k++) {
        b->grow[k] =
            plan->any_growth ? build_effect(b, ZONE_F_GROW_ALONE + k, JOINT_NONE, -1) : JOINT_NONE;
    }
    for (int32_t s = 0; s < data->n_skills; s++) {
        int n_steps = data->skill_levels[s] - 1;
        b->level_skill[s] =
            plan->anchored[s] ? build_effect(b, ZONE_F_LEVEL_SKILL, JOINT_NONE, -1) : JOINT_NONE;
        b->skill_task[s] =
            plan->skill_task[s] ? build_effect(b, ZONE_F_TASK, JOINT_NONE, -1) : JOINT_NONE;
        for (int kind = 0; kind < ZONE_RATED; kind++) {
            int32_t *step = &b->step[s * ZONE_RATED + kind];
            *step = JOINT_NONE;
            if (plan->rated[s * ZONE_RATED + kind] == 0) {
                continue;
            }
            *step = (int32_t)b->n_effects;
            for (int k = 0; k < n_steps; k++) {
                (void)build_effect(b, zone_families_step(n_steps, k), JOINT_NONE, *step);
            }
        }
    }
    for (int32_t i = 0; i < data->n_items; i++) {
        b->task[i] = plan->item_task[i] ? build_effect(b, ZONE_F_TASK, JOINT_NONE, -1) : JOINT_NONE;
        for (int kind = 0; kind < ZONE_RATED; kind++) {
            int32_t met = plan->item_skill[i * ZONE_RATED + kind];
            b->item[i * ZONE_RATED + kind] = met && plan->items[(met - 1) * ZONE_RATED + kind] > 1
                                                 ? build_effect(b, ZONE_F_ITEM, JOINT_NONE, -1)
                                                 : JOINT_NONE;
        }
    }
}

static void build_raters(struct zone_build *b)
{
    const struct zone_plan *plan = b->plan;
    size_t ns = (size_t)plan->data->n_skills;
    for (int32_t r = 0; r < plan->data->n_raters; r++) {
        b->rater[r] = b->shape[r] = JOINT_NONE;
        if (plan->rater_reach[r] > 1) {
            b->rater[r] = build_effect(b, ZONE_F_RATER, JOINT_NONE, -1);
            if (plan->rater_steps[r] > 1) {
                b->shape[r] = (int32_t)b->n_effects;
                for (int k = 0; k + 1 < plan->rater_steps[r]; k++) {
                    (void)build_effect(b, ZONE_F_SHAPE, JOINT_NONE, b->rater[r]);
                }
            }
        }
        for (size_t s = 0; s < ns; s++) {
            b->rater_skill[(size_t)r * ns + s] =
                plan->pair_reach[(size_t)r * ns + s] > 1
                    ? build_effect(b, ZONE_F_RATER_SKILL, JOINT_NONE, b->rater[r])
                    : JOINT_NONE;
        }
    }
}

/* ---- one person ---- */

static int visit_compare(const void *x, const void *y, void *ctx)
{
    const struct zone_visit *a = x, *b = y;
    (void)ctx;
    if (a->occasion != b->occasion) {
        return a->occasion < b->occasion ? -1 : 1;
    }
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return a->rater < b->rater ? -1 : a->rater > b->rater;
}

static struct zone_visit visit_of(const struct zone_evidence *row)
{
    return (struct zone_visit){row->occasion, row->occasion < 0 ? row->day : 0, row->rater,
                               JOINT_NONE, JOINT_NONE};
}

/* Effects of the person's visits; a visit without occasion is one rater's day. */
static void build_visits(struct zone_build *b, size_t lo, size_t hi)
{
    size_t n = 0, kept = 0;
    for (size_t j = lo; j < hi; j++) {
        const struct zone_evidence *row = &b->plan->rows[j];
        if (row->kind == ZONE_OBSERVED && (row->occasion >= 0 || row->rater >= 0)) {
            b->visits[n++] = visit_of(row);
        }
    }
    sort_items(b->visits, n, sizeof *b->visits, visit_compare, NULL);
    for (size_t k = 0; k < n; k++) {
        if (kept == 0 || visit_compare(&b->visits[k], &b->visits[kept - 1], NULL) != 0) {
            b->visits[kept++] = b->visits[k];
        }
    }
    b->n_visits = kept;
    for (size_t k = 0; k < kept;) {
        size_t end = k + 1;
        while (end < kept && b->visits[k].occasion >= 0 &&
               b->visits[end].occasion == b->visits[k].occasion) {
            end++;
        }
        int32_t lesson = build_effect(b, end - k > 1 ? ZONE_F_VISIT : ZONE_F_LONE, b->front, -1);
        for (size_t i = k; i < end; i++) {
            b->visits[i].lesson = lesson;
            b->visits[i].halo =
                end - k > 1 ? build_effect(b, ZONE_F_HALO, b->front, -1) : JOINT_NONE;
        }
        k = end;
    }
}

static const struct zone_visit *build_visit(const struct zone_build *b,
                                            const struct zone_evidence *row)
{
    struct zone_visit key = visit_of(row);
    size_t lo = 0, hi = b->n_visits;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        int order = visit_compare(&b->visits[middle], &key, NULL);
        if (order == 0) {
            return &b->visits[middle];
        }
        if (order < 0) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    return NULL;
}

/* ---- one person x skill ---- */

static int growth_compare(const void *x, const void *y, void *ctx)
{
    const struct zone_growth *a = x, *b = y;
    (void)ctx;
    return a->day != b->day ? (a->day < b->day ? -1 : 1) : a->helped - b->helped;
}

static void build_growth(struct zone_build *b, size_t lo, size_t hi)
{
    b->n_growth = 0;
    for (size_t j = lo; j < hi && b->plan->any_growth; j++) {
        const struct zone_evidence *row = &b->plan->rows[j];
        if (row->kind == ZONE_TASK && row->level > 0 && row->day != ZONE_DAY_UNKNOWN) {
            b->growth[b->n_growth++] =
                (struct zone_growth){row->day, row->support != ZONE_INDEPENDENT, {0, 0}};
        }
    }
    sort_items(b->growth, b->n_growth, sizeof *b->growth, growth_compare, NULL);
    double sum[2] = {0, 0};
    for (size_t k = 0; k < b->n_growth; k++) {
        sum[b->growth[k].helped] += 1 / (1 + 0.25 * (double)k);
        b->growth[k].sum[0] = sum[0];
        b->growth[k].sum[1] = sum[1];
    }
}

/* Sums over the successes before `day`; over all of them for INT32_MAX. */
static const double *build_grown(const struct zone_build *b, int32_t day)
{
    static const double none[2] = {0, 0};
    size_t lo = 0, hi = b->n_growth;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        if (b->growth[middle].day < day) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    return lo && day != ZONE_DAY_UNKNOWN ? b->growth[lo - 1].sum : none;
}

/* Effects of the skill's random walk: one step into each bin with evidence after the first. */
static void build_drift(struct zone_build *b, size_t lo, size_t hi)
{
    bool used[ZONE_MAX_BINS] = {false};
    int32_t last = -1;
    for (size_t j = lo; j < hi; j++) {
        used[zone_plan_bin(b->plan, b->plan->rows[j].day)] = true;
    }
    for (int32_t bin = 0; bin < ZONE_MAX_BINS; bin++) {
        b->drift[bin] = JOINT_NONE;
        if (used[bin]) {
            if (last >= 0) {
                b->drift[bin] = build_effect(b, ZONE_F_DRIFT, b->leaf, -1);
                b->drift_scale[bin] = sqrt((bin - last) * (b->plan->bin_days / ZONE_WEEK));
            }
            last = bin;
        }
    }
}

/* The terms of scale * A of the skill at hand in a bin, after growth `sum`. */
static void build_ability(struct zone_build *b, int32_t skill, double scale, int32_t bin,
                          const double sum[2])
{
    build_term(b, b->general, scale);
    build_term(b, b->domain[b->plan->data->skill_domain[skill]], scale);
    build_term(b, b->skill_effect, scale);
    for (int32_t k = 1; k <= bin && k < ZONE_MAX_BINS; k++) {
        build_term(b, b->drift[k], scale * b->drift_scale[k]);
    }
    build_term(b, b->level, scale);
    build_term(b, b->level_skill[skill], scale);
    for (int k = 0; k < 2; k++) {
        if (b->n_growth > 0) {
            build_term(b, b->grow[k], scale * sum[k]);
        }
    }
}

static void build_gain(struct zone_build *b, double share)
{
    build_term(b, b->gain_mean, share);
    build_term(b, b->gain, share);
    build_term(b, b->gain_skill, share);
}

static void build_self(struct zone_build *b, const struct zone_evidence *row, int32_t bin,
                       const double sum[2])
{
    build_ability(b, row->skill, b->slope, bin, sum);
    build_term(b, b->self, 1);
    build_term(b, b->self_skill, 1);
    if (row->item >= 0) {
        build_term(b, b->item[row->item * ZONE_RATED + ZONE_SELF], -1);
    }
}

static void build_observed(struct zone_build *b, const struct zone_evidence *row, int32_t bin,
                           const double sum[2], int32_t visit_skill)
{
    double scale = b->plan->scale;
    build_ability(b, row->skill, scale, bin, sum);
    if (row->support != ZONE_INDEPENDENT) {
        build_gain(b, scale * zone_support_share[row->support]);
    }
    const struct zone_visit *visit = build_visit(b, row);
    if (visit) {
        build_term(b, visit->lesson, scale);
        build_term(b, visit->halo, -scale);
        build_term(b, visit_skill, scale);
    }
    if (row->rater >= 0) {
        size_t pair = (size_t)row->rater * (size_t)b->plan->data->n_skills + (size_t)row->skill;
        build_term(b, b->rater[row->rater], -scale);
        build_term(b, b->rater_skill[pair], -scale);
    }
    if (row->item >= 0) {
        build_term(b, b->item[row->item * ZONE_RATED + ZONE_OBSERVED], -scale);
    }
}

static void build_task(struct zone_build *b, const struct zone_evidence *row, int32_t bin,
                       const double sum[2])
{
    build_ability(b, row->skill, 1, bin, sum);
    if (row->support != ZONE_INDEPENDENT) {
        build_gain(b, zone_support_share[row->support]);
    }
    if (!zone_plan_difficulty_known(row)) {
        build_term(b, row->item >= 0 ? b->task[row->item] : b->skill_task[row->skill], -1);
    }
}

/* Whether two neighbours have the same design. */
static bool build_same(const struct zone_build *b, const struct zone_evidence *x,
                       const struct zone_evidence *y)
{
    bool known = zone_plan_difficulty_known(x);
    return x->kind == y->kind && x->occasion == y->occasion && x->rater == y->rater &&
           x->item == y->item && x->support == y->support &&
           (x->day == y->day ||
            (x->occasion >= 0 && x->rater >= 0 && b->n_growth == 0 &&
             zone_plan_bin(b->plan, x->day) == zone_plan_bin(b->plan, y->day))) &&
           known == zone_plan_difficulty_known(y) && (!known || x->difficulty == y->difficulty);
}

static void build_row(struct zone_build *b, size_t j, size_t lo, int32_t visit_skill)
{
    const struct zone_evidence *row = &b->plan->rows[j];
    bool same = j > lo && build_same(b, row, row - 1);
    size_t first = b->n_terms;
    if (!same) {
        int32_t bin = zone_plan_bin(b->plan, row->day);
        const double *sum = build_grown(b, row->day);
        if (row->kind == ZONE_TASK) {
            build_task(b, row, bin, sum);
        } else if (row->kind == ZONE_SELF) {
            build_self(b, row, bin, sum);
        } else {
            build_observed(b, row, bin, sum, visit_skill);
        }
    }
    if (b->store) {
        struct joint_observation *obs = &b->observations[b->n_observations];
        if (same) {
            *obs = obs[-1];
        } else {
            int n_steps = b->plan->data->skill_levels[row->skill] - 1;
            bool task = row->kind == ZONE_TASK;
            bool shaped = row->kind == ZONE_OBSERVED && row->rater >= 0 && n_steps > 1 &&
                          b->plan->rater_steps[row->rater] == n_steps;
            *obs = (struct joint_observation){
                .front = b->leaf,
                .first_term = (int32_t)first,
                .thresholds = task ? JOINT_NONE : b->step[row->skill * ZONE_RATED + row->kind],
                .shape = shaped ? b->shape[row->rater] : JOINT_NONE,
                .offset = task && zone_plan_difficulty_known(row) ? -row->difficulty : 0,
                .weight = 1,
                .n_terms = (uint8_t)(b->n_terms - first),
                .n_steps = task ? 1 : (uint8_t)n_steps,
            };
        }
        obs->level = row->level;
    }
    b->n_observations++;
}

/* Effects that only this person's evidence on this skill touches. */
static void build_local(struct zone_build *b, size_t lo, size_t hi)
{
    const struct zone_plan *plan = b->plan;
    bool gain = false, self = false;
    for (size_t j = lo; j < hi; j++) {
        const struct zone_evidence *row = &plan->rows[j];
        gain |= row->kind != ZONE_SELF && row->support != ZONE_INDEPENDENT;
        self |= row->kind == ZONE_SELF;
        if (row->rater >= 0) {
            size_t pair = (size_t)row->rater * (size_t)plan->data->n_skills + (size_t)row->skill;
            if (plan->pair_reach[pair] == 1 && (j == lo || row->rater != row[-1].rater) &&
                b->rater_skill[pair] == JOINT_NONE) {
                b->rater_skill[pair] = build_effect(b, ZONE_F_RATER_SKILL, b->leaf, -1);
            }
        }
    }
    b->skill_effect = build_effect(b, ZONE_F_SKILL, b->leaf, -1);
    b->gain_skill = gain ? build_effect(b, ZONE_F_GAIN_SKILL, b->leaf, -1) : JOINT_NONE;
    b->self_skill = self ? build_effect(b, ZONE_F_SELF_SKILL, b->leaf, -1) : JOINT_NONE;
    build_drift(b, lo, hi);
    build_growth(b, lo, hi);
}

/* Stores a query of the terms first .. middle - 1 and middle .. on; returns its index. */
static int32_t build_query(struct zone_build *b, int32_t front, size_t first, size_t middle)
{
    if (b->store) {
        b->queries[b->n_queries] = (struct joint_query){
            front, (int32_t)first, (uint8_t)(middle - first), (uint8_t)(b->n_terms - middle)};
    }
    return (int32_t)b->n_queries++;
}

/* One query of A and the predictor for each bin of time with self-ratings, in order. */
static void build_self_queries(struct zone_build *b, size_t lo, size_t hi)
{
    int32_t last = -1;
    for (size_t j = lo; j < hi; j++) {
        const struct zone_evidence *row = &b->plan->rows[j];
        int32_t bin = zone_plan_bin(b->plan, row->day);
        if (row->kind == ZONE_SELF && bin != last) {
            const double *sum = build_grown(b, row->day);
            size_t first = b->n_terms;
            build_ability(b, row->skill, 1, bin, sum);
            size_t middle = b->n_terms;
            build_ability(b, row->skill, b->slope, bin, sum);
            build_term(b, b->self, 1);
            build_term(b, b->self_skill, 1);
            (void)build_query(b, b->leaf, first, middle);
            last = bin;
        }
    }
}

static void build_leaf_queries(struct zone_build *b, size_t lo, size_t hi)
{
    const struct zone_evidence *row = &b->plan->rows[lo];
    const double *sum = build_grown(b, INT32_MAX);
    struct zone_leaf leaf = {.person = row->person,
                             .skill = row->skill,
                             .self_query = JOINT_NONE,
                             .row = lo,
                             .n_rows = hi - lo,
                             .gain_skill = b->gain_skill != JOINT_NONE,
                             .gain = b->gain != JOINT_NONE};
    size_t first = b->n_terms;
    build_ability(b, row->skill, 1, ZONE_MAX_BINS - 1, sum);
    size_t middle = b->n_terms;
    build_gain(b, 1);
    leaf.query = build_query(b, b->leaf, first, middle);
    if (b->self_skill != JOINT_NONE && b->plan->any_lambda) {
        leaf.self_query = (int32_t)b->n_queries;
        build_self_queries(b, lo, hi);
    }
    if (b->store) {
        b->leaves[b->n_leaves] = leaf;
    }
    b->n_leaves++;
}

static void build_leaf(struct zone_build *b, size_t lo, size_t hi)
{
    const struct zone_evidence *rows = b->plan->rows;
    int32_t visit_skill = JOINT_NONE;
    b->leaf = build_front(b, b->front);
    build_local(b, lo, hi);
    for (size_t j = lo; j < hi; j++) {
        if (rows[j].kind == ZONE_OBSERVED) {
            struct zone_visit at = visit_of(&rows[j]),
                              before = j > lo ? visit_of(&rows[j - 1]) : at;
            at.rater = at.occasion >= 0 ? 0 : at.rater;
            before.rater = before.occasion >= 0 ? 0 : before.rater;
            if (j == lo || rows[j - 1].kind != ZONE_OBSERVED ||
                visit_compare(&at, &before, NULL) != 0) {
                visit_skill = !b->plan->large && (at.occasion >= 0 || at.rater >= 0)
                                  ? build_effect(b, ZONE_F_VISIT_SKILL, b->leaf, -1)
                                  : JOINT_NONE;
            }
        }
        build_row(b, j, lo, visit_skill);
    }
    build_leaf_queries(b, lo, hi);
}

/* Queries for the skills of which this person has no evidence, one per domain. */
static void build_rest(struct zone_build *b, int32_t person, size_t lo, size_t hi)
{
    const struct zone_data *data = b->plan->data;
    for (int32_t d = 0; d < data->n_domains; d++) {
        int32_t open = 0;
        for (int32_t s = 0; s < data->n_skills; s++) {
            open += data->skill_domain[s] == d;
        }
        for (size_t j = lo; j < hi; j++) {
            const struct zone_evidence *row = &b->plan->rows[j];
            open -= data->skill_domain[row->skill] == d && (j == lo || row[-1].skill != row->skill);
        }
        if (open == 0) {
            continue;
        }
        size_t first = b->n_terms;
        build_term(b, b->general, 1);
        build_term(b, b->domain[d], 1);
        build_term(b, b->level, 1);
        size_t middle = b->n_terms;
        build_term(b, b->gain_mean, 1);
        build_term(b, b->gain, 1);
        if (b->store) {
            b->queries[b->n_queries] =
                (struct joint_query){b->front, (int32_t)first, (uint8_t)(middle - first),
                                     (uint8_t)(b->n_terms - middle)};
            b->rests[b->n_rests] =
                (struct zone_rest){person, d, (int32_t)b->n_queries, b->domain[d] != JOINT_NONE,
                                   b->gain != JOINT_NONE};
        }
        b->n_queries++;
        b->n_rests++;
    }
}

static void build_person(struct zone_build *b, int32_t person)
{
    const struct zone_plan *plan = b->plan;
    const struct zone_data *data = plan->data;
    size_t lo = plan->person_at[person], hi = plan->person_at[person + 1];
    bool gain = false, self = false;
    b->front = build_front(b, JOINT_NONE);
    b->general = build_effect(b, ZONE_F_GENERAL, b->front, -1);
    for (int32_t d = 0; d < data->n_domains; d++) {
        b->domain[d] = JOINT_NONE;
    }
    for (size_t j = lo; j < hi; j++) {
        const struct zone_evidence *row = &plan->rows[j];
        gain |= row->kind != ZONE_SELF && row->support != ZONE_INDEPENDENT;
        self |= row->kind == ZONE_SELF;
        int32_t *domain = &b->domain[data->skill_domain[row->skill]];
        if (*domain == JOINT_NONE && data->n_domains > 1) {
            *domain = build_effect(b, ZONE_F_DOMAIN, b->front, -1);
        }
        if (row->rater >= 0 && plan->rater_reach[row->rater] == 1 &&
            b->rater[row->rater] == JOINT_NONE) {
            b->rater[row->rater] = build_effect(b, ZONE_F_RATER, b->front, -1);
        }
    }
    b->gain = gain ? build_effect(b, ZONE_F_GAIN, b->front, -1) : JOINT_NONE;
    b->self = self ? build_effect(b, ZONE_F_SELF, b->front, -1) : JOINT_NONE;
    build_visits(b, lo, hi);
    for (size_t j = lo; j < hi;) {
        size_t end = j + 1;
        while (end < hi && plan->rows[end].skill == plan->rows[j].skill) {
            end++;
        }
        build_leaf(b, j, end);
        j = end;
    }
    build_rest(b, person, lo, hi);
}

/* ---- all ---- */

static void build_run(struct zone_build *b)
{
    b->n_effects = b->n_fronts = b->n_observations = b->n_terms = 0;
    b->n_queries = b->n_leaves = b->n_rests = 0;
    build_globals(b);
    build_raters(b);
    for (int32_t p = 0; p < b->plan->data->n_people; p++) {
        if (b->plan->person_at[p] < b->plan->person_at[p + 1]) {
            build_person(b, p);
        }
    }
}

static enum err build_scratch(struct arena *arena, struct zone_build *b)
{
    const struct zone_data *data = b->plan->data;
    size_t ns = (size_t)data->n_skills, ni = (size_t)data->n_items, nr = (size_t)data->n_raters;
    size_t most = 0;
    for (int32_t p = 0; p < data->n_people; p++) {
        size_t n = b->plan->person_at[p + 1] - b->plan->person_at[p];
        most = n > most ? n : most;
    }
    b->step = arena_alloc(arena, ns * ZONE_RATED, sizeof(int32_t));
    b->item = arena_alloc(arena, ni * ZONE_RATED, sizeof(int32_t));
    b->rater = arena_alloc(arena, nr, sizeof(int32_t));
    b->rater_skill = arena_alloc(arena, nr * ns, sizeof(int32_t));
    b->shape = arena_alloc(arena, nr, sizeof(int32_t));
    b->task = arena_alloc(arena, ni, sizeof(int32_t));
    b->skill_task = arena_alloc(arena, ns, sizeof(int32_t));
    b->level_skill = arena_alloc(arena, ns, sizeof(int32_t));
    b->domain = arena_alloc(arena, (size_t)data->n_domains, sizeof(int32_t));
    b->visits = arena_alloc(arena, most, sizeof *b->visits);
    b->growth = arena_alloc(arena, most, sizeof *b->growth);
    return b->step && b->item && b->rater && b->rater_skill && b->shape && b->task &&
                   b->skill_task && b->level_skill && b->domain && b->visits && b->growth
               ? ERR_OK
               : ERR_NOMEM;
}

enum err zone_build_make(struct arena *arena, const struct zone_plan *plan, struct zone_build *b)
{
    *b = (struct zone_build){.plan = plan, .slope = ZONE_SELF_SLOPE};
    zone_families_fill(b->families);
    enum err err = build_scratch(arena, b);
    if (err != ERR_OK) {
        return err;
    }
    build_run(b);
    if (b->n_terms > INT32_MAX || b->n_effects > INT32_MAX) {
        return ERR_LIMIT;
    }
    b->effects = arena_alloc(arena, b->n_effects, sizeof *b->effects);
    b->front_parent = arena_alloc(arena, b->n_fronts, sizeof *b->front_parent);
    b->observations = arena_alloc(arena, b->n_observations, sizeof *b->observations);
    b->terms = arena_alloc(arena, b->n_terms, sizeof *b->terms);
    b->queries = arena_alloc(arena, b->n_queries, sizeof *b->queries);
    b->leaves = arena_alloc(arena, b->n_leaves, sizeof *b->leaves);
    b->rests = arena_alloc(arena, b->n_rests, sizeof *b->rests);
    if (!b->effects || !b->front_parent || !b->observations || !b->terms || !b->queries ||
        !b->leaves || !b->rests) {
        return ERR_NOMEM;
    }
    b->store = true;
    build_run(b);
    b->model = (struct joint_model){.families = b->families,
                                    .effects = b->effects,
                                    .front_parent = b->front_parent,
                                    .observations = b->observations,
                                    .terms = b->terms,
                                    .queries = b->queries,
                                    .n_families = ZONE_F__MAX,
                                    .n_effects = b->n_effects,
                                    .n_fronts = b->n_fronts,
                                    .n_observations = b->n_observations,
                                    .n_terms = b->n_terms,
                                    .n_queries = b->n_queries};
    return ERR_OK;
}

void zone_build_again(struct zone_build *b, double slope)
{
    b->slope = slope;
    build_run(b);
}
