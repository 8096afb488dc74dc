/* The iteration of joint.h: Newton steps for the means, EM steps for the variances. */
#include "zone/joint.h"

#include "base/arena.h"
#include "base/num.h"
#include "zone/anderson.h"
#include "zone/fronts.h"
#include "zone/globals.h"
#include "zone/information.h"
#include "zone/layout.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 1e-3
#define ITERATIONS 100
#define EXACT_LIMIT 900
#define FLAT_PRECISION 1e-6
#define LEAST_VARIANCE 1e-4
#define SHARE_LEAST 0.05
#define TOLERANCE_VARIANCE 2e-3 /* in log variance, at the default tolerance */
#define ERROR_SHARE 0.1
#define ERROR_SHARE_COARSE 0.25
#define EXTRAPOLATION 8
#define FARTHER 2              /* a distance that grows by more is no progress */
#define VARIANCE_STEP_MOST 0.7 /* in log variance */
#define STEP_MOST 1.0
#define CLAMP 1.5        /* times that: people's steps, each by itself */
#define SOLVED 0.02      /* of a step may be missing ... */
#define SOLVED_LEAST 0.1 /* ... or so much of the tolerance, in standard errors */
#define WARM_TREES 1000  /* people in a warm-up, at least */
#define WARM_MOST 16     /* one person in so many, at most */
#define WARM_ITERATIONS 20
#define WARM_TOLERANCE 0.03
#define WARM_DISTANCE 30       /* of the variances, in units of their tolerance */
#define SETTLED 0.15           /* variances wait for steps this small after the warm-up */
#define FRESH 100              /* covariances found within so many tolerances of the end will do */
#define NEAR 0.1               /* known variances: covariances wait for typical steps this small */
#define LIKELIHOOD_TREES 10000 /* people, from which it becomes that of every second one */
#define BLIND_ITERATIONS 3     /* before the first covariances */

struct joint {
    struct arena *work; /* holds this too */
    const struct joint_model *model;
    const struct joint_options *options;
    struct layout *lay;
    struct fronts *fronts;
    struct globals *globals;
    struct joint_result *result;
    double *step;                 /* by effect */
    double *precision, *gradient; /* by gid */
    double *sum, *trace;          /* by family: of E[(x - mean)^2], of posterior variances */
    double *count;                /* by family */
    int8_t *slot;                 /* by family: its place among those whose variances are sought */
    int8_t *global_slot;          /* by gid: its family's */
    int n_slots;
    double *centre; /* by family: the mean of a centred family's effects */
    double tolerance, cap, last;
    double unit;           /* a variance is settled within so much of its logarithm ... */
    double distance;       /* of the variances from their fixed point, before their last step */
    double error_share;    /* ... or so much of its standard error */
    double typical;        /* root mean square of the steps last taken */
    double spread_at;      /* the largest step when covariances were last found, and ... */
    double spread_typical; /* ... the typical one */
    struct anderson anderson;
    int blind; /* iterations before the first covariances */
    bool warm, settled, frozen;
    bool known; /* a start is given, and all variances: covariances are found at the end only */
};

static enum err run_new(struct arena *arena, struct arena *keep, struct joint *run)
{
    const struct joint_model *m = run->model;
    size_t ne = m->n_effects, nf = m->n_families, limit = run->options->exact_limit;
    struct joint_result *r = arena_alloc(keep, 1, sizeof *r);
    enum err err = layout_make(arena, m, limit ? limit : EXACT_LIMIT, run->options->apart,
                               run->options->crew, &run->lay);
    if (err || (err = globals_new(arena, run->lay, fronts_part_doubles(run->lay), &run->globals)) ||
        (err = fronts_new(arena, run->lay, run->options->crew, run->globals->n_parts,
                          run->options->mode, &run->fronts))) {
        return err;
    }
    run->step = arena_alloc(arena, ne, sizeof *run->step);
    run->precision = arena_alloc(arena, run->lay->n_globals, sizeof *run->precision);
    run->gradient = arena_alloc(arena, run->lay->n_globals, sizeof *run->gradient);
    run->sum = arena_alloc(arena, nf, sizeof *run->sum);
    run->trace = arena_alloc(arena, nf, sizeof *run->trace);
    run->slot = arena_alloc(arena, nf, sizeof *run->slot);
    run->global_slot = arena_alloc(arena, run->lay->n_globals, sizeof *run->global_slot);
    run->count = arena_alloc(arena, nf, sizeof *run->count);
    run->centre = arena_alloc(arena, nf, sizeof *run->centre);
    if (!r || !run->step || !run->precision || !run->gradient || !run->sum || !run->trace ||
        !run->slot || !run->global_slot || !run->count || !run->centre) {
        return ERR_NOMEM;
    }
    r->mean = arena_alloc(keep, ne, sizeof *r->mean);
    r->variance = arena_alloc(keep, ne, sizeof *r->variance);
    r->family_variance = arena_alloc(keep, nf, sizeof *r->family_variance);
    r->predictor_variance = arena_alloc(keep, m->n_observations, sizeof *r->predictor_variance);
    r->answers = arena_alloc(keep, m->n_queries, sizeof *r->answers);
    if (!r->mean || !r->variance || !r->family_variance || !r->predictor_variance || !r->answers) {
        return ERR_NOMEM;
    }
    run->result = r;
    r->exact = run->lay->exact;
    return ERR_OK;
}

/* Thresholds start where the level counts put them, everything else at its prior mean. */
static enum err start_means(struct arena *arena, struct joint *run)
{
    const struct joint_model *m = run->model;
    double *mean = run->result->mean;
    if (m->start) {
        memcpy(mean, m->start, m->n_effects * sizeof *mean);
        return ERR_OK;
    }
    double *low = arena_alloc(arena, m->n_effects, sizeof *low);
    double *high = arena_alloc(arena, m->n_effects, sizeof *high);
    if (!low || !high) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < m->n_observations; i++) {
        const struct joint_observation *o = &m->observations[i];
        if (o->thresholds == JOINT_NONE) {
            continue;
        }
        if (o->level > 0) {
            high[o->thresholds + o->level - 1] += (double)o->weight;
        }
        if (o->level < o->n_steps) {
            low[o->thresholds + o->level] += (double)o->weight;
        }
    }
    for (size_t e = 0; e < m->n_effects; e++) {
        mean[e] = m->families[m->effects[e].family].mean;
        if (low[e] + high[e] > 0) {
            double start = num_log((low[e] + 1) / (high[e] + 1));
            mean[e] = start > 3 ? 3 : start < -3 ? -3 : start;
        }
    }
    return ERR_OK;
}

static void set_priors(struct joint *run)
{
    const struct joint_model *m = run->model;
    for (size_t f = 0; f < m->n_families; f++) {
        run->fronts->family_precision[f] = m->families[f].rule == JOINT_FLAT
                                               ? FLAT_PRECISION
                                               : 1.0 / run->result->family_variance[f];
    }
    for (uint32_t i = 0; i < run->lay->n_globals; i++) {
        int32_t e = run->lay->effect[i], f = m->effects[e].family;
        run->precision[i] = run->fronts->family_precision[f];
        run->gradient[i] = -run->precision[i] * (run->result->mean[e] - m->families[f].mean);
    }
}

/* Adds the steps: people's effects are clamped one by one, global ones scaled together, so that
 * they keep their balance; from a start with known variances clamped, too, since there a single
 * rater's long way would hold up everybody.  Returns the largest step. */
static double take_step(struct joint *run)
{
    const struct layout *lay = run->lay;
    double most_global = 0, most = 0;
    for (uint32_t i = 0; i < lay->n_globals; i++) {
        double s = fabs(run->globals->step[i]);
        most_global = s > most_global ? s : most_global;
        run->step[lay->effect[i]] = run->globals->step[i];
    }
    double scale = most_global > run->cap && !run->known ? run->cap / most_global : 1.0;
    double clamp = CLAMP * run->cap, square = 0;
    for (size_t e = 0; e < run->model->n_effects; e++) {
        double s = run->step[e];
        most = fabs(s) > most ? fabs(s) : most;
        square += s * s;
        s *= scale;
        run->result->mean[e] += s > clamp ? clamp : s < -clamp ? -clamp : s;
    }
    run->typical = sqrt(square / (double)run->model->n_effects);
    return most;
}

/* Replaces the variances of a centred global family by those of deviations from its mean. */
static void centre_family(struct joint *run, size_t family)
{
    const struct layout *lay = run->lay;
    const struct joint_model *m = run->model;
    double *row = run->gradient; /* free at this point: by gid, covariance with the family's sum */
    double all = 0, n = 0;
    run->centre[family] = 0;
    for (uint32_t a = 0; a < lay->n_globals; a++) {
        if ((size_t)m->effects[lay->effect[a]].family == family) {
            run->centre[family] += run->result->mean[lay->effect[a]];
            n++;
        }
    }
    if (n <= 0) {
        return;
    }
    run->centre[family] /= n;
    for (uint32_t a = 0; a < lay->n_globals; a++) {
        if ((size_t)m->effects[lay->effect[a]].family != family) {
            continue;
        }
        const struct layout_block *block = &lay->blocks[lay->block_of[a]];
        row[a] = 0;
        for (uint32_t b = block->first; b < block->first + block->n; b++) {
            if ((size_t)m->effects[lay->effect[b]].family == family) {
                row[a] += globals_covariance(run->globals, a, b);
            }
        }
        all += row[a];
    }
    for (uint32_t a = 0; a < lay->n_globals; a++) {
        int32_t e = lay->effect[a];
        if ((size_t)m->effects[e].family == family) {
            double v = run->result->variance[e] - 2 * row[a] / n + all / (n * n);
            run->result->variance[e] = v > 0 ? v : 0;
        }
    }
}

/* Variances of all effects at the current factorisation. */
static void find_variances(struct joint *run, struct joint_answer *answers)
{
    const struct joint_model *m = run->model;
    double *variance = run->result->variance;
    globals_invert(run->globals);
    for (uint32_t i = 0; i < run->lay->n_globals; i++) {
        variance[run->lay->effect[i]] = globals_covariance(run->globals, i, i);
    }
    for (size_t f = 0; f < m->n_families; f++) {
        run->centre[f] = m->families[f].mean;
        if (m->families[f].centred) {
            centre_family(run, f);
        }
    }
    fronts_covariance(run->fronts, run->globals, variance, answers);
}

static void sum_effect(struct joint *run, int32_t e)
{
    int32_t f = run->model->effects[e].family;
    double d = run->result->mean[e] - run->centre[f], v = run->result->variance[e];
    run->sum[f] += d * d + v;
    run->trace[f] += v;
    run->count[f]++;
}

/* What EM needs of every family at the present means and variances, from the effects that take
 * part. */
static void sum_families(struct joint *run)
{
    const struct joint_model *m = run->model;
    const struct layout *lay = run->lay;
    for (size_t f = 0; f < m->n_families; f++) {
        run->sum[f] = run->trace[f] = run->count[f] = 0;
    }
    for (uint32_t g = 0; g < lay->n_globals; g++) {
        sum_effect(run, lay->effect[g]);
    }
    for (uint32_t t = 0; t < lay->n_trees; t += run->fronts->every) {
        const struct layout_tree *tree = &lay->trees[t];
        for (uint32_t i = 0; i < tree->n_own; i++) {
            sum_effect(run, lay->own[tree->first_own + i]);
        }
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            const struct layout_leaf *leaf = &lay->leaves[l];
            for (uint32_t i = 0; i < leaf->n_own; i++) {
                sum_effect(run, lay->own[leaf->first_own + i]);
            }
        }
    }
}

/* The families whose variances are sought: estimated ones that have effects. */
static void find_slots(struct joint *run)
{
    const struct joint_model *m = run->model;
    memset(run->slot, INFORMATION_NONE, m->n_families * sizeof *run->slot);
    for (size_t e = 0; e < m->n_effects; e++) {
        run->count[m->effects[e].family]++;
    }
    for (size_t f = 0; f < m->n_families && run->n_slots < INFORMATION_MAX; f++) {
        if (m->families[f].rule == JOINT_ESTIMATED && run->count[f] > 0) {
            run->slot[f] = (int8_t)run->n_slots++;
        }
    }
    for (uint32_t g = 0; g < run->lay->n_globals; g++) {
        run->global_slot[g] = run->slot[m->effects[run->lay->effect[g]].family];
    }
}

/* The pairs of effects in people and in blocks. */
static void sum_information(const struct joint *run, struct information *sum)
{
    const struct layout *lay = run->lay;
    *sum = (struct information){0};
    for (uint32_t k = 0; k < run->fronts->n_parts; k++) {
        information_join(sum, &run->fronts->parts[k].information);
    }
    for (uint32_t b = 0; b < lay->n_blocks; b++) {
        const struct layout_block *block = &lay->blocks[b];
        information_add(sum, run->global_slot + block->first, run->globals->inverse + block->matrix,
                        block->stride, block->n, block->n);
    }
}

/* What is known of a family's variance: the step of EM in its logarithm, and what tells how far
 * that goes. */
static struct information_family family_known(const struct joint *run, size_t f)
{
    const struct joint_family *family = &run->model->families[f];
    double n = run->count[f] - (family->centred ? 1 : 0), v = run->result->family_variance[f];
    struct information_family known = {.precision = 1 / v,
                                       .trace = run->trace[f],
                                       .weight = n + family->pseudo > 1 ? n + family->pseudo : 1};
    double next = (family->pseudo * family->variance + run->sum[f]) / known.weight;
    if (n > 0 && (next > LEAST_VARIANCE || v > LEAST_VARIANCE)) {
        known.residual = num_log(next / v);
    }
    return known;
}

/* One accelerated step of every estimated variance.  Returns the largest distance to go, in units
 * of the tolerance: TOLERANCE_VARIANCE relative, or a part of the variance's own standard error
 * when that is more: what the data hardly show would otherwise move for ever. */
static double update_variances(struct joint *run, bool accelerate)
{
    struct information_family known[INFORMATION_MAX];
    struct information information;
    double x[ANDERSON_MAX], step[ANDERSON_MAX], most = 0, longest = 0;
    sum_families(run);
    sum_information(run, &information);
    for (size_t f = 0; f < run->model->n_families; f++) {
        if (run->slot[f] >= 0) {
            known[run->slot[f]] = family_known(run, f);
        }
    }
    information_solve(&information, known, run->n_slots, SHARE_LEAST);
    for (int k = 0; k < run->n_slots; k++) {
        double error = run->error_share * known[k].error;
        double distance = fabs(known[k].step) / (error > run->unit ? error : run->unit);
        step[k] = known[k].step;
        x[k] = -num_log(known[k].precision);
        most = distance > most ? distance : most;
        longest = fabs(step[k]) > longest ? fabs(step[k]) : longest;
    }
    if (!accelerate || most > FARTHER * run->distance) {
        anderson_forget(&run->anderson); /* it led away: the plain step does not */
    }
    run->distance = most;
    double limit = EXTRAPOLATION * longest;
    anderson_step(&run->anderson, run->n_slots, x, step,
                  limit < VARIANCE_STEP_MOST ? limit : VARIANCE_STEP_MOST);
    for (size_t f = 0; f < run->model->n_families; f++) {
        if (run->slot[f] >= 0) {
            double v = num_exp(x[run->slot[f]]);
            run->result->family_variance[f] = v > LEAST_VARIANCE ? v : LEAST_VARIANCE;
        }
    }
    return most;
}

/* What is left after a step, if steps go on shrinking as they did: in the same ratio, or, where
 * only means move, as Newton's do, in its square. */
static double remaining(double before, double step, bool newton)
{
    double ratio = step / before;
    if (!(ratio < 0.5)) {
        return INFINITY;
    }
    if (newton) {
        ratio = ratio * ratio > SOLVED ? ratio * ratio : SOLVED;
    }
    return step * ratio / (1 - ratio);
}

/* One iteration; *done when both means and variances have settled to `tolerance` (relative to the
 * default one for the variances). */
static void iterate(struct joint *run, int iteration, double tolerance, double least, bool *done)
{
    struct globals *g = run->globals;
    set_priors(run);
    globals_reset(g, run->precision, run->gradient);
    fronts_eliminate(run->fronts, run->result->mean, run->step, g);
    run->fronts->start = 0;
    globals_factor(g);
    globals_solve(g, fronts_multiply, run->fronts, SOLVED, SOLVED_LEAST * run->tolerance);
    fronts_step(run->fronts, g->step, run->step);
    double most = take_step(run), change = INFINITY;
    run->settled = run->settled || most < SETTLED;
    /* Whether this step made use of covariances, or none are looked for before the end. */
    bool known = run->known || run->spread_at < FRESH * tolerance;
    if (iteration >= run->blind && run->settled &&
        (run->frozen ? !known && run->typical < NEAR : true)) {
        find_variances(run, run->result->answers);
        run->spread_at = most;
        run->spread_typical = run->typical;
    }
    if (run->frozen) {
        change = run->settled ? 0 : INFINITY;
    } else if (run->settled && iteration >= run->blind) {
        change = update_variances(run, iteration > run->blind + 1);
        run->frozen = most < SETTLED && change < least;
    }
    /* Steps that grow again late mean overshooting: go slower. */
    if (iteration > 4 && run->last > 0 && most > run->last && most > 10 * tolerance &&
        run->cap > 0.05) {
        run->cap *= 0.7;
        run->fronts->damp *= 0.7; /* means and variances may chase each other */
    }
    double left = remaining(run->last, most, run->frozen && known);
    run->last = most;
    *done =
        (most < tolerance || left < tolerance) && change < least && (known || run->options->mode);
}

/* Finds the variances, and good means of the global effects, from a share of the people.  The final
 * result does not depend on it: everybody takes part afterwards, until nothing moves. */
static void warm_up(struct joint *run)
{
    uint32_t every = run->lay->n_trees / WARM_TREES;
    if (every < 2 || run->model->start) {
        return;
    }
    every = every < WARM_MOST ? every : WARM_MOST;
    run->fronts->every = every;
    bool done = false;
    for (int i = 0; !done && i < WARM_ITERATIONS; i++) {
        iterate(run, i, WARM_TOLERANCE, WARM_DISTANCE, &done);
        run->result->n_iterations++;
    }
    fronts_spread_average(run->fronts);
    run->fronts->every = 1;
    run->cap = STEP_MOST;
    run->last = 0;
    run->warm = true;
    run->settled = false;
    run->spread_at = run->spread_typical = INFINITY;
    run->frozen = false;
    anderson_forget(&run->anderson);
}

/* With known variances, how much cells' predictors vary before the first step: as they do where a
 * share of the people tells of the global effects, which is about what the start knows of them.
 * It brings the first step nearer to the end; the final result does not depend on it. */
static void guess_spread(struct joint *run)
{
    uint32_t every = run->lay->n_trees / WARM_TREES;
    if (every < 2) {
        return;
    }
    run->fronts->every = every < WARM_MOST ? every : WARM_MOST;
    set_priors(run);
    globals_reset(run->globals, run->precision, run->gradient);
    fronts_eliminate(run->fronts, run->result->mean, run->step, run->globals);
    globals_factor(run->globals);
    globals_invert(run->globals);
    fronts_covariance(run->fronts, run->globals, run->result->variance, NULL);
    fronts_spread_average(run->fronts);
    run->fronts->every = 1;
}

static void finish(struct joint *run)
{
    const struct joint_model *m = run->model;
    struct joint_result *r = run->result;
    if (!(run->spread_typical < run->tolerance)) {
        find_variances(run, r->answers); /* by the last factorisation, which is at the solution */
    }
    for (size_t q = 0; q < m->n_queries; q++) {
        const struct joint_query *query = &m->queries[q];
        const struct joint_term *term = &m->terms[query->first_term];
        for (int t = 0; t < query->n_a + query->n_b; t++) {
            double part = (double)term[t].coefficient * r->mean[term[t].effect];
            *(t < query->n_a ? &r->answers[q].mean_a : &r->answers[q].mean_b) += part;
        }
    }
    for (size_t i = 0; i < m->n_observations; i++) {
        r->predictor_variance[i] = run->fronts->cell_variance[run->lay->cell_of[i]];
    }
    run->fronts->every = 1 + run->lay->n_trees / LIKELIHOOD_TREES;
    double n, sum = fronts_likelihood(run->fronts, r->mean, &n);
    r->log_likelihood = n > 0 ? sum / n : 0;
}

static enum err fit(struct arena *arena, struct joint *run)
{
    const struct joint_model *m = run->model;
    const struct joint_options *o = run->options;
    int most = o->max_iterations ? o->max_iterations : ITERATIONS;
    enum err err = start_means(arena, run);
    if (err) {
        return err;
    }
    for (size_t f = 0; f < m->n_families; f++) {
        bool known = m->start_variance && m->families[f].rule == JOINT_ESTIMATED;
        run->result->family_variance[f] = known ? m->start_variance[f] : m->families[f].variance;
    }
    run->tolerance = o->tolerance > 0 ? o->tolerance : TOLERANCE;
    run->blind = m->start ? 0 : BLIND_ITERATIONS;
    run->cap = STEP_MOST;
    bool done = m->n_effects == 0;
    run->settled = true;
    run->spread_at = run->spread_typical = INFINITY;
    run->last = 0; /* nothing is known of the shrinking yet */
    run->unit = TOLERANCE_VARIANCE * (run->tolerance > TOLERANCE ? run->tolerance / TOLERANCE : 1);
    run->error_share = run->tolerance > TOLERANCE ? ERROR_SHARE_COARSE : ERROR_SHARE;
    double least = run->tolerance < TOLERANCE ? run->tolerance / TOLERANCE : 1;
    run->frozen = true;
    for (size_t f = 0; f < m->n_families; f++) {
        run->frozen = run->frozen && m->families[f].rule != JOINT_ESTIMATED;
    }
    run->known = m->start && run->frozen;
    if (!run->frozen) {
        find_slots(run);
        run->fronts->slot = run->slot;
    }
    if (!done && !run->frozen) {
        warm_up(run);
    } else if (m->start) {
        /* Only people are new: they begin by themselves. */
        run->fronts->start = CLAMP * run->cap;
        if (run->known) {
            guess_spread(run);
        }
    }
    for (int i = run->warm ? BLIND_ITERATIONS : 0; !done && run->result->n_iterations < most; i++) {
        iterate(run, i, run->tolerance, least, &done);
        run->result->n_iterations++;
        if (o->progress && o->progress(o->ctx, run->result->n_iterations / (most + 1.0))) {
            return ERR_LIMIT;
        }
    }
    run->result->converged = done && m->n_effects > 0;
    finish(run);
    return ERR_OK;
}

enum err joint_prepare(struct arena *arena, const struct joint_model *model,
                       const struct joint_options *options, struct joint **joint)
{
    struct arena *work = arena_child(arena);
    struct joint *run = work ? arena_alloc(work, 1, sizeof *run) : NULL;
    enum err err = ERR_NOMEM;
    if (run) {
        *run = (struct joint){.work = work, .model = model, .options = options};
        err = run_new(work, arena, run);
    }
    if (err) {
        arena_free(work);
    } else {
        *joint = run;
    }
    return err;
}

enum err joint_run(struct joint *joint, struct joint_result **result)
{
    struct joint_result *found = joint->result;
    enum err err = fit(joint->work, joint);
    arena_free(joint->work);
    if (!err) {
        *result = found;
    }
    return err;
}

enum err joint_fit(struct arena *arena, const struct joint_model *model,
                   const struct joint_options *options, struct joint_result **result)
{
    struct joint *joint;
    enum err err = joint_prepare(arena, model, options, &joint);
    return err ? err : joint_run(joint, result);
}

void joint_predict(const struct joint_model *model, const struct joint_result *result,
                   size_t observation, double *probability)
{
    const struct joint_observation *o = &model->observations[observation];
    int k = o->n_steps;
    double z[STEP_MAX], eta = o->offset, contrast[STEP_MAX * STEP_MAX];
    for (int t = 0; t < o->n_terms; t++) {
        const struct joint_term *term = &model->terms[o->first_term + t];
        eta += (double)term->coefficient * result->mean[term->effect];
    }
    step_contrasts(k, contrast);
    for (int j = 0; j < k; j++) {
        z[j] = o->thresholds == JOINT_NONE ? eta : eta - result->mean[o->thresholds + j];
        for (int a = 0; o->shape != JOINT_NONE && a + 1 < k; a++) {
            z[j] -= contrast[a * k + j] * result->mean[o->shape + a];
        }
    }
    step_probabilities(z, sqrt(result->predictor_variance[observation]), k, false, probability);
}
