/* Translation of facets.h into a joint model and back. */
#include "zone/facets.h"

#include "base/arena.h"
#include "zone/joint.h"
#include "zone/step.h"

#include <math.h>

#define EXTREME 0.3 /* FACETS' adjustment of extreme scores, score points */
#define THRESHOLD_VARIANCE 25.0

struct facets {
    const struct facets_data *data;
    const struct facets_options *options;
    struct joint_model model;
    struct joint_family families[FACETS_MAX + 2]; /* people, facets, thresholds */
    struct joint_effect *effects;
    struct joint_observation *observations;
    struct joint_term *terms;
    int32_t *front_parent;
    int32_t first_level[FACETS_MAX], first_threshold;
    size_t *by_person;    /* ratings sorted by person */
    double *score, *most; /* of each person, and the largest possible */
    struct joint_result *joint;
    struct facets_result *result;
};

static bool data_sound(const struct facets_data *d)
{
    if (d->n_facets < 0 || d->n_facets > FACETS_MAX || d->n_steps < 1 ||
        d->n_steps > JOINT_MAX_STEPS || d->n_people < 0 || d->n_groups < 1) {
        return false;
    }
    for (size_t i = 0; i < d->n_ratings; i++) {
        if (d->person[i] < 0 || d->person[i] >= d->n_people || d->y[i] > d->n_steps ||
            (d->group && (d->group[i] < 0 || d->group[i] >= d->n_groups))) {
            return false;
        }
        for (int a = 0; a < d->n_facets; a++) {
            if (d->level[a][i] < 0 || d->level[a][i] >= d->n_levels[a]) {
                return false;
            }
        }
    }
    return true;
}

static void set_families(struct facets *f)
{
    bool ml = f->options->joint_ml, fixed = f->options->facet_variance > 0;
    f->families[0] =
        (struct joint_family){.rule = ml ? JOINT_FLAT : JOINT_ESTIMATED, .variance = 1};
    for (int a = 0; a < f->data->n_facets; a++) {
        f->families[1 + a] = (struct joint_family){
            .rule = ml      ? JOINT_FLAT
                    : fixed ? JOINT_FIXED
                            : JOINT_ESTIMATED,
            .variance = fixed ? f->options->facet_variance : 1,
            .centred = true,
            .shared = a == 0,
        };
    }
    f->families[1 + f->data->n_facets] = (struct joint_family){
        .rule = ml ? JOINT_FLAT : JOINT_FIXED,
        .variance = THRESHOLD_VARIANCE,
        .shared = true,
        .centred = f->data->n_groups == 1,
    };
}

static enum err sort_by_person(struct arena *arena, struct facets *f)
{
    const struct facets_data *d = f->data;
    size_t n = d->n_ratings, people = (size_t)d->n_people;
    size_t *first = arena_alloc(arena, people + 1, sizeof *first);
    f->by_person = arena_alloc(arena, n, sizeof *f->by_person);
    f->score = arena_alloc(arena, people, sizeof *f->score);
    f->most = arena_alloc(arena, people, sizeof *f->most);
    if (!first || !f->by_person || !f->score || !f->most) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        first[d->person[i] + 1]++;
        f->score[d->person[i]] += d->y[i];
        f->most[d->person[i]] += d->n_steps;
    }
    for (size_t p = 0; p < people; p++) {
        first[p + 1] += first[p];
    }
    for (size_t i = 0; i < n; i++) {
        f->by_person[first[d->person[i]]++] = i;
    }
    return ERR_OK;
}

static bool extreme(const struct facets *f, int32_t person)
{
    return f->score[person] <= 0 || f->score[person] >= f->most[person];
}

static enum err allocate(struct arena *arena, struct facets *f)
{
    const struct facets_data *d = f->data;
    size_t people = (size_t)d->n_people, levels = (size_t)d->n_groups * (size_t)d->n_steps;
    for (int a = 0; a < d->n_facets; a++) {
        levels += (size_t)d->n_levels[a];
    }
    f->effects = arena_alloc(arena, people + levels, sizeof *f->effects);
    f->front_parent = arena_alloc(arena, people, sizeof *f->front_parent);
    f->observations = arena_alloc(arena, d->n_ratings, sizeof *f->observations);
    f->terms = arena_alloc(arena, d->n_ratings, ((size_t)d->n_facets + 1) * sizeof *f->terms);
    return f->effects && f->front_parent && f->observations && f->terms ? ERR_OK : ERR_NOMEM;
}

static void add_effects(struct facets *f, int family, int n)
{
    for (int k = 0; k < n; k++) {
        int32_t e = (int32_t)f->model.n_effects++;
        f->effects[e] = (struct joint_effect){
            .family = family, .front = family == 0 ? e : JOINT_NONE, .group = e};
    }
}

/* People come first, so that effect, front and person have one number. */
static void build(struct facets *f)
{
    const struct facets_data *d = f->data;
    add_effects(f, 0, d->n_people);
    for (int p = 0; p < d->n_people; p++) {
        f->front_parent[p] = JOINT_NONE;
    }
    for (int a = 0; a < d->n_facets; a++) {
        f->first_level[a] = (int32_t)f->model.n_effects;
        add_effects(f, 1 + a, d->n_levels[a]);
    }
    f->first_threshold = (int32_t)f->model.n_effects;
    add_effects(f, 1 + d->n_facets, d->n_groups * d->n_steps);
    for (size_t k = 0; k < d->n_ratings; k++) {
        size_t i = f->by_person[k];
        f->observations[k] = (struct joint_observation){
            .front = d->person[i],
            .first_term = (int32_t)f->model.n_terms,
            .n_terms = (uint8_t)(1 + d->n_facets),
            .thresholds = f->first_threshold + (d->group ? d->group[i] * d->n_steps : 0),
            .shape = JOINT_NONE,
            .weight = f->options->joint_ml && extreme(f, d->person[i]) ? 0 : 1,
            .n_steps = (uint8_t)d->n_steps,
            .level = d->y[i],
        };
        f->terms[f->model.n_terms++] = (struct joint_term){d->person[i], 1};
        for (int a = 0; a < d->n_facets; a++) {
            f->terms[f->model.n_terms++] =
                (struct joint_term){f->first_level[a] + d->level[a][i], -1};
        }
    }
    set_families(f);
    f->model.families = f->families;
    f->model.effects = f->effects;
    f->model.front_parent = f->front_parent;
    f->model.observations = f->observations;
    f->model.terms = f->terms;
    f->model.n_families = (size_t)d->n_facets + 2;
    f->model.n_fronts = (size_t)d->n_people;
    f->model.n_observations = d->n_ratings;
}

static enum err new_result(struct arena *arena, struct facets *f)
{
    const struct facets_data *d = f->data;
    struct facets_result *r = f->result = arena_alloc(arena, 1, sizeof *r);
    if (!r) {
        return ERR_NOMEM;
    }
    size_t thresholds = (size_t)d->n_groups * (size_t)d->n_steps;
    r->measure = arena_alloc(arena, (size_t)d->n_people, sizeof *r->measure);
    r->error = arena_alloc(arena, (size_t)d->n_people, sizeof *r->error);
    r->threshold = arena_alloc(arena, thresholds, sizeof *r->threshold);
    r->threshold_error = arena_alloc(arena, thresholds, sizeof *r->threshold_error);
    if (!r->measure || !r->error || !r->threshold || !r->threshold_error) {
        return ERR_NOMEM;
    }
    for (int a = 0; a < d->n_facets; a++) {
        r->facet[a] = arena_alloc(arena, (size_t)d->n_levels[a], sizeof *r->facet[a]);
        r->facet_error[a] = arena_alloc(arena, (size_t)d->n_levels[a], sizeof *r->facet_error[a]);
        if (!r->facet[a] || !r->facet_error[a]) {
            return ERR_NOMEM;
        }
    }
    return ERR_OK;
}

/* Copies `n` effects, their errors, centred or not; returns what was taken out. */
static double take(const struct facets *f, int32_t first, int n, bool centre, double *value,
                   double *error)
{
    double mean = 0;
    for (int k = 0; k < n; k++) {
        mean += centre ? f->joint->mean[first + k] / n : 0;
        error[k] = sqrt(f->joint->variance[first + k]);
    }
    for (int k = 0; k < n; k++) {
        value[k] = f->joint->mean[first + k] - mean;
    }
    return mean;
}

static void take_all(struct facets *f)
{
    const struct facets_data *d = f->data;
    struct facets_result *r = f->result;
    for (int a = 0; a < d->n_facets; a++) {
        r->centre +=
            take(f, f->first_level[a], d->n_levels[a], true, r->facet[a], r->facet_error[a]);
    }
    r->centre += take(f, f->first_threshold, d->n_groups * d->n_steps, d->n_groups == 1,
                      r->threshold, r->threshold_error);
    for (int p = 0; p < d->n_people; p++) {
        r->measure[p] = f->joint->mean[p] - r->centre;
        r->error[p] = sqrt(f->joint->variance[p]);
    }
    r->person_variance = f->options->joint_ml ? 0 : f->joint->family_variance[0];
    r->log_likelihood = f->joint->log_likelihood;
    r->n_iterations = f->joint->n_iterations;
    r->converged = f->joint->converged;
}

/* Expected score and its variance of one rating at the estimates, and of the step indicators. */
static void moments(const struct facets *f, size_t i, double *mean, double *variance, double *reach)
{
    const struct facets_data *d = f->data;
    const struct facets_result *r = f->result;
    const double *threshold = r->threshold + (d->group ? d->group[i] * d->n_steps : 0);
    double eta = r->measure[d->person[i]], z[STEP_MAX], p[STEP_MAX + 1], square = 0;
    for (int a = 0; a < d->n_facets; a++) {
        eta -= r->facet[a][d->level[a][i]];
    }
    for (int j = 0; j < d->n_steps; j++) {
        z[j] = eta - threshold[j];
    }
    step_probabilities(z, 0, d->n_steps, true, p);
    *mean = 0;
    for (int k = 0; k <= d->n_steps; k++) {
        *mean += k * p[k];
        square += (double)k * k * p[k];
    }
    *variance = square - *mean * *mean;
    double above = 0;
    for (int k = d->n_steps; k > 0; k--) {
        above += p[k];
        reach[k - 1] = above;
    }
}

/* Extreme people: the measure at which the expected score is the adjusted one. */
static void measure_extreme(struct facets *f)
{
    const struct facets_data *d = f->data;
    struct facets_result *r = f->result;
    double unused[STEP_MAX];
    for (size_t k = 0; k < d->n_ratings;) {
        int32_t p = d->person[f->by_person[k]];
        size_t end = k;
        while (end < d->n_ratings && d->person[f->by_person[end]] == p) {
            end++;
        }
        double target = f->score[p] <= 0 ? EXTREME : f->most[p] - EXTREME;
        r->measure[p] = extreme(f, p) ? 0 : r->measure[p];
        for (int round = 0; extreme(f, p) && round < 60; round++) {
            double expected = 0, information = 1e-9, mean, variance;
            for (size_t j = k; j < end; j++) {
                moments(f, f->by_person[j], &mean, &variance, unused);
                expected += mean;
                information += variance;
            }
            double step = (target - expected) / information;
            r->measure[p] += step > 1 ? 1 : step < -1 ? -1 : step;
        }
        k = end;
    }
}

/* FACETS' standard errors: the information in the element's own ratings, all else known.  For
 * thresholds, of the ratings in the two levels beside it. */
static void information_errors(struct facets *f)
{
    const struct facets_data *d = f->data;
    struct facets_result *r = f->result;
    int n_thresholds = d->n_groups * d->n_steps;
    for (int p = 0; p < d->n_people; p++) {
        r->error[p] = 0;
    }
    for (int a = 0; a < d->n_facets; a++) {
        for (int l = 0; l < d->n_levels[a]; l++) {
            r->facet_error[a][l] = 0;
        }
    }
    for (int k = 0; k < n_thresholds; k++) {
        r->threshold_error[k] = 0;
    }
    for (size_t i = 0; i < d->n_ratings; i++) {
        double mean, variance, reach[STEP_MAX];
        moments(f, i, &mean, &variance, reach);
        r->error[d->person[i]] += variance;
        for (int a = 0; a < d->n_facets; a++) {
            r->facet_error[a][d->level[a][i]] += variance;
        }
        double *threshold = r->threshold_error + (d->group ? d->group[i] * d->n_steps : 0);
        for (int j = 0; j < d->n_steps; j++) {
            threshold[j] += reach[j] * (1 - reach[j]);
        }
    }
    for (int p = 0; p < d->n_people; p++) {
        r->error[p] = r->error[p] > 0 ? 1 / sqrt(r->error[p]) : 0;
    }
    for (int a = 0; a < d->n_facets; a++) {
        for (int l = 0; l < d->n_levels[a]; l++) {
            double *e = &r->facet_error[a][l];
            *e = *e > 0 ? 1 / sqrt(*e) : 0;
        }
    }
    for (int k = 0; k < n_thresholds; k++) {
        double *e = &r->threshold_error[k];
        *e = *e > 0 ? 1 / sqrt(*e) : 0;
    }
}

enum err facets_fit(struct arena *arena, const struct facets_data *data,
                    const struct facets_options *options, struct facets_result **result)
{
    if (!data_sound(data)) {
        return ERR_INVALID;
    }
    struct arena *temporary = arena_child(arena);
    if (!temporary) {
        return ERR_NOMEM;
    }
    struct facets f = {.data = data, .options = options};
    struct joint_options joint = {
        .tolerance = options->tolerance > 0 ? options->tolerance : 1e-4,
        .max_iterations = 400,
        .mode = options->joint_ml,
    };
    enum err err;
    if ((err = new_result(arena, &f)) || (err = sort_by_person(temporary, &f)) ||
        (err = allocate(temporary, &f))) {
        goto done;
    }
    build(&f);
    err = joint_fit(temporary, &f.model, &joint, &f.joint);
    if (err) {
        goto done;
    }
    take_all(&f);
    if (options->joint_ml) {
        measure_extreme(&f);
        information_errors(&f);
    }
    *result = f.result;
done:
    arena_free(temporary);
    return err;
}
