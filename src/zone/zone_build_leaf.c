/* The effects, terms and queries of one person x skill; see zone_build.h. */
#include "base/sort.h"
#include "zone/zone_build.h"

#include <math.h>

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
    int32_t last = -1, first_day = INT32_MAX, last_day = INT32_MIN;
    for (size_t j = lo; j < hi; j++) {
        int32_t day = b->plan->rows[j].day;
        used[zone_plan_bin(b->plan, day)] = true;
        if (day != ZONE_DAY_UNKNOWN) {
            first_day = day < first_day ? day : first_day;
            last_day = day > last_day ? day : last_day;
        }
    }
    /* Over a few weeks the walk is far smaller than everything else. */
    bool walks = last_day > first_day && (int64_t)last_day - first_day >= ZONE_DRIFT_DAYS;
    for (int32_t bin = 0; bin < ZONE_MAX_BINS; bin++) {
        b->drift[bin] = JOINT_NONE;
        if (used[bin] && walks) {
            if (last >= 0) {
                b->drift[bin] = zone_build_effect(b, ZONE_F_DRIFT, b->leaf, -1);
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
    zone_build_term(b, b->general, scale);
    zone_build_term(b, b->domain[b->plan->data->skill_domain[skill]], scale);
    zone_build_term(b, b->skill_effect, scale);
    for (int32_t k = 1; k <= bin && k < ZONE_MAX_BINS; k++) {
        zone_build_term(b, b->drift[k], scale * b->drift_scale[k]);
    }
    zone_build_term(b, b->level, scale);
    zone_build_term(b, b->level_skill[skill], scale);
    for (int k = 0; k < 2; k++) {
        if (b->n_growth > 0) {
            zone_build_term(b, b->grow[k], scale * sum[k]);
        }
    }
}

static void build_gain(struct zone_build *b, double share)
{
    zone_build_term(b, b->gain_mean, share);
    zone_build_term(b, b->gain, share);
    zone_build_term(b, b->gain_skill, share);
}

static void build_self(struct zone_build *b, const struct zone_evidence *row, int32_t bin,
                       const double sum[2])
{
    build_ability(b, row->skill, b->slope, bin, sum);
    zone_build_term(b, b->self, 1);
    zone_build_term(b, b->self_skill, 1);
    if (row->item >= 0) {
        zone_build_term(b, b->item[row->item * ZONE_RATED + ZONE_SELF], -1);
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
    const struct zone_visit *visit = zone_build_visit(b, row);
    if (visit) {
        zone_build_term(b, visit->lesson, scale);
        zone_build_term(b, visit->halo, -scale);
        zone_build_term(b, visit_skill, scale);
    }
    if (row->rater >= 0) {
        size_t pair = (size_t)row->rater * (size_t)b->plan->data->n_skills + (size_t)row->skill;
        zone_build_term(b, b->rater[row->rater], -scale);
        zone_build_term(b, b->rater_skill[pair], -scale);
    }
    if (row->item >= 0) {
        zone_build_term(b, b->item[row->item * ZONE_RATED + ZONE_OBSERVED], -scale);
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
        zone_build_term(b, row->item >= 0 ? b->task[row->item] : b->skill_task[row->skill], -1);
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
                b->rater_skill[pair] = zone_build_effect(b, ZONE_F_RATER_SKILL, b->leaf, -1);
            }
        }
    }
    b->skill_effect = zone_build_effect(b, ZONE_F_SKILL, b->leaf, -1);
    b->gain_skill = gain ? zone_build_effect(b, ZONE_F_GAIN_SKILL, b->leaf, -1) : JOINT_NONE;
    b->self_skill = self ? zone_build_effect(b, ZONE_F_SELF_SKILL, b->leaf, -1) : JOINT_NONE;
    build_drift(b, lo, hi);
    build_growth(b, lo, hi);
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
            zone_build_term(b, b->self, 1);
            zone_build_term(b, b->self_skill, 1);
            (void)zone_build_query(b, b->leaf, first, middle);
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
    leaf.query = zone_build_query(b, b->leaf, first, middle);
    if (b->self_skill != JOINT_NONE && b->plan->any_lambda) {
        leaf.self_query = (int32_t)b->n_queries;
        build_self_queries(b, lo, hi);
    }
    if (b->store) {
        b->leaves[b->n_leaves] = leaf;
    }
    b->n_leaves++;
}

void zone_build_leaf(struct zone_build *b, size_t lo, size_t hi)
{
    const struct zone_evidence *rows = b->plan->rows;
    int32_t visit_skill = JOINT_NONE;
    b->leaf = zone_build_front(b, b->front);
    build_local(b, lo, hi);
    for (size_t j = lo; j < hi; j++) {
        if (rows[j].kind == ZONE_OBSERVED) {
            struct zone_visit at = zone_build_visit_of(&rows[j]),
                              before = j > lo ? zone_build_visit_of(&rows[j - 1]) : at;
            at.rater = at.occasion >= 0 ? 0 : at.rater;
            before.rater = before.occasion >= 0 ? 0 : before.rater;
            if (j == lo || rows[j - 1].kind != ZONE_OBSERVED ||
                zone_build_visit_compare(&at, &before, NULL) != 0) {
                visit_skill = !b->plan->large && (at.occasion >= 0 || at.rater >= 0)
                                  ? zone_build_effect(b, ZONE_F_VISIT_SKILL, b->leaf, -1)
                                  : JOINT_NONE;
            }
        }
        build_row(b, j, lo, visit_skill);
    }
    build_leaf_queries(b, lo, hi);
}
