/* The coaching model: plan the evidence, build the joint model, fit it, read it. */
#include "zone/zone.h"

#include "base/arena.h"
#include "base/crew.h"
#include "zone/joint.h"
#include "zone/link.h"
#include "zone/zone_build.h"
#include "zone/zone_read.h"
#include "zone/zone_slope.h"

#include <string.h>

#define LARGE_TOLERANCE 0.1   /* the step that would follow is a hundredth of it */
#define TOLERANCE 0.02        /* logits: a few hundredths of a standard error */
#define SAMPLE_FROM 150000    /* people x skills from which variances come from a sample ... */
#define SAMPLE_LEAVES 15000   /* ... of so many */
#define SAMPLE_TOLERANCE 0.01 /* variances to 2 % */
/* There a person's skill is rated once or twice, as is a skill in a lesson: ratings hardly tell the
 * one's variance from the other's, and the expectations of the fit make both too small.  So the
 * prior of these two weighs more. */
#define SAMPLE_PSEUDO 60
#define SAMPLE_SHARE .6 /* of the work, for progress */
#define SLOPE_ROUNDS 7  /* fits at most while lambda moves */

struct progress {
    zone_progress_fn *call;
    void *ctx;
    double base, scale; /* of a fit among others */
    double from, share; /* of a round of it */
};

static bool zone_progress(void *ctx, double done)
{
    struct progress *progress = ctx;
    done = progress->from + progress->share * done;
    return progress->call && progress->call(progress->ctx, progress->base + progress->scale * done);
}

static enum err zone_links(struct arena *arena, const struct zone_data *data, struct link **link)
{
    struct arena *scratch = arena_child(arena);
    size_t n = data->n_evidence;
    struct link_pair *pairs = scratch ? arena_alloc(scratch, n, sizeof *pairs) : NULL;
    if (!pairs) {
        arena_free(scratch);
        return ERR_NOMEM;
    }
    for (size_t j = 0; j < n; j++) {
        const struct zone_evidence *row = &data->evidence[j];
        pairs[j] =
            (struct link_pair){row->person, row->kind == ZONE_OBSERVED ? row->rater : ZONE_NONE};
    }
    enum err err = link_find(arena, data->n_people, data->n_raters, pairs, n, link);
    arena_free(scratch);
    return err;
}

/* Who is connected is found while the evidence is sorted; each in an arena of its own. */
struct beginning {
    struct arena *arena, *side;
    const struct zone_data *data;
    struct zone_plan *plan;
    struct link *link;
    enum err errors[2];
};

static void zone_begin(void *ctx, uint32_t piece)
{
    struct beginning *b = ctx;
    b->errors[piece] =
        piece ? zone_links(b->arena, b->data, &b->link) : zone_plan_make(b->side, b->data, b->plan);
}

static struct joint_options zone_options(const struct zone_plan *plan, double tolerance,
                                         struct progress *progress)
{
    return (struct joint_options){.tolerance = tolerance,
                                  .crew = plan->data->crew,
                                  .progress = zone_progress,
                                  .ctx = progress};
}

/* Fits, and again from there while lambda moves. */
static enum err zone_solve(struct arena *arena, struct zone_build *build,
                           const struct joint_options *options, struct joint_result **result)
{
    struct progress *progress = options->ctx;
    struct zone_slope slope = {.at = build->slope};
    int rounds = build->plan->any_lambda ? SLOPE_ROUNDS : 1;
    struct arena *older = NULL;
    for (int round = 0; round < rounds; round++) {
        progress->from = (double)round / rounds;
        progress->share = 1.0 / rounds;
        struct arena *work = arena_child(arena);
        if (!work) {
            return ERR_NOMEM;
        }
        enum err err = joint_fit(work, &build->model, options, result);
        if (err != ERR_OK) {
            return err;
        }
        arena_free(older);
        older = work;
        if (round + 1 == rounds || !zone_slope_next(&slope, build, *result)) {
            break;
        }
        zone_build_again(build, slope.at);
        build->model.start = (*result)->mean;
        build->model.start_variance = (*result)->family_variance;
    }
    return ERR_OK;
}

/* ---- large problems: variances and a start from a share of the people ---- */

/* The means of the sample's global effects in the places of the full model's. */
static void zone_copy_means(const struct zone_build *sample, const double *from,
                            const struct zone_build *full, double *to)
{
    const struct zone_data *data = full->plan->data;
    size_t ns = (size_t)data->n_skills;
    for (size_t e = 0; e < full->n_effects; e++) {
        to[e] = full->families[full->effects[e].family].mean;
    }
    for (size_t s = 0; s < ns * ZONE_RATED; s++) {
        int n_steps = data->skill_levels[s / ZONE_RATED] - 1;
        for (int k = 0; k < n_steps && sample->step[s] >= 0 && full->step[s] >= 0; k++) {
            to[full->step[s] + k] = full->plan->scale * from[sample->step[s] + k];
        }
    }
    for (size_t r = 0; r < (size_t)data->n_raters; r++) {
        if (sample->rater[r] >= 0 && full->rater[r] >= 0) {
            to[full->rater[r]] = from[sample->rater[r]];
        }
        for (size_t k = r * ns; k < (r + 1) * ns; k++) {
            if (sample->rater_skill[k] >= 0 && full->rater_skill[k] >= 0) {
                to[full->rater_skill[k]] = from[sample->rater_skill[k]];
            }
        }
    }
}

/* The sample is fitted while the full model is built and laid out. */
struct large {
    const struct zone_plan *plan;
    struct joint_options options;
    struct arena *arena, *side; /* of the sample, and of the full model: a thread each */
    struct zone_data data;      /* of the sample */
    struct zone_plan sample_plan;
    struct zone_build sample, *full;
    struct joint_result *found; /* in the sample */
    struct joint *joint;        /* of the full model */
    enum err errors[2];
};

/* Copies the evidence of every so-manyth person, or counts it only. */
static size_t large_take(const struct zone_plan *plan, struct zone_evidence *rows)
{
    size_t every = plan->n_leaves / SAMPLE_LEAVES + 1, n = 0, rank = 0;
    for (int32_t p = 0; p < plan->data->n_people; p++) {
        size_t lo = plan->person_at[p], hi = plan->person_at[p + 1];
        rank += hi > lo;
        if (rows && rank % every == 1) {
            memcpy(rows + n, plan->rows + lo, (hi - lo) * sizeof *rows);
        }
        n += rank % every == 1 ? hi - lo : 0;
    }
    return n;
}

static enum err large_choose(struct large *large)
{
    size_t n = large_take(large->plan, NULL);
    struct zone_evidence *rows = arena_alloc(large->arena, n, sizeof *rows);
    if (!rows) {
        return ERR_NOMEM;
    }
    large_take(large->plan, rows);
    large->data = *large->plan->data;
    large->data.evidence = rows;
    large->data.n_evidence = n;
    return ERR_OK;
}

static enum err large_sample(struct large *large)
{
    const struct progress *whole = large->options.ctx;
    struct progress progress = {whole->call, whole->ctx, 0, SAMPLE_SHARE, 0, 1};
    enum err err = large_choose(large);
    if (err != ERR_OK ||
        (err = zone_plan_make(large->arena, &large->data, &large->sample_plan)) != ERR_OK ||
        (err = zone_build_make(large->arena, &large->sample_plan, &large->sample)) != ERR_OK) {
        return err;
    }
    large->sample.families[ZONE_F_SKILL].pseudo = SAMPLE_PSEUDO;
    large->sample.families[ZONE_F_VISIT_SKILL].pseudo = SAMPLE_PSEUDO;
    struct joint_options options = zone_options(&large->sample_plan, SAMPLE_TOLERANCE, &progress);
    options.apart = true;
    /* Of two threads the other one has enough to do, and now and then only one has. */
    options.crew = options.crew && options.crew->n_threads > 2 ? options.crew : NULL;
    return zone_solve(large->arena, &large->sample, &options, &large->found);
}

/* Where lambda is found from the sample, the full model waits for it. */
static enum err large_build(struct large *large)
{
    enum err err = zone_build_make(large->side, large->plan, large->full);
    if (err == ERR_OK && !large->plan->any_lambda) {
        err = joint_prepare(large->side, &large->full->model, &large->options, &large->joint);
    }
    return err;
}

static void large_begin(void *ctx, uint32_t piece)
{
    struct large *large = ctx;
    large->errors[piece] = piece ? large_build(large) : large_sample(large);
}

/* Everybody's variances are those of every so-manyth person; the full fit then has only means to
 * find, from the sample's rubrics and raters. */
static enum err large_fit(struct large *large, struct joint_result **result)
{
    struct zone_build *full = large->full;
    crew_run(large->plan->data->crew, 2, large_begin, large);
    enum err err = large->errors[0] ? large->errors[0] : large->errors[1];
    double *start =
        err == ERR_OK ? arena_alloc(large->arena, full->n_effects, sizeof *start) : NULL;
    if (!start) {
        return err == ERR_OK ? ERR_NOMEM : err;
    }
    for (int f = 0; f < ZONE_F__MAX; f++) {
        if (full->families[f].rule == JOINT_ESTIMATED) {
            full->families[f].rule = JOINT_FIXED;
            full->families[f].variance = large->found->family_variance[f];
        }
    }
    zone_copy_means(&large->sample, large->found->mean, full, start);
    full->model.start = start;
    if (large->sample.slope != full->slope) {
        zone_build_again(full, large->sample.slope);
    }
    if (!large->joint) {
        err = joint_prepare(large->side, &full->model, &large->options, &large->joint);
    }
    return err == ERR_OK ? joint_run(large->joint, result) : err;
}

/* The build and its result live in `side`. */
static enum err zone_fit_large(struct arena *arena, struct arena *side,
                               const struct zone_plan *plan, struct progress *progress,
                               struct zone_build *build, struct joint_result **result)
{
    struct arena *scratch = arena_child(arena);
    struct large *large = scratch ? arena_alloc(scratch, 1, sizeof *large) : NULL;
    enum err err = ERR_NOMEM;
    if (large) {
        progress->base = SAMPLE_SHARE;
        progress->scale = 1 - SAMPLE_SHARE;
        large->plan = plan;
        large->options = zone_options(plan, LARGE_TOLERANCE, progress);
        large->arena = scratch;
        large->side = side;
        large->full = build;
        err = large_fit(large, result);
        build->model.start = NULL;
    }
    arena_free(scratch);
    return err;
}

/* The estimates and all that belongs to them, in `arena`. */
static enum err zone_work(struct arena *arena, struct arena *work, struct arena *side,
                          const struct zone_data *data, struct progress *progress,
                          struct zone_fit *fit)
{
    struct zone_plan plan;
    struct zone_build build;
    struct joint_result *result = NULL;
    struct beginning begin = {.arena = arena, .side = side, .data = data, .plan = &plan};
    crew_run(data->crew, 2, zone_begin, &begin);
    enum err err = begin.errors[0] ? begin.errors[0] : begin.errors[1];
    if (err != ERR_OK) {
        return err;
    }
    if (plan.n_leaves > SAMPLE_FROM) {
        err = zone_fit_large(work, side, &plan, progress, &build, &result);
    } else if ((err = zone_build_make(work, &plan, &build)) == ERR_OK) {
        struct joint_options options =
            zone_options(&plan, plan.large ? LARGE_TOLERANCE : TOLERANCE, progress);
        err = zone_solve(work, &build, &options, &result);
    }
    if (err != ERR_OK || (err = zone_read_all(arena, &build, result, begin.link, fit)) != ERR_OK) {
        return err;
    }
    fit->link = begin.link;
    fit->person_subset = begin.link->person_subset;
    fit->n_subsets = begin.link->n_subsets;
    fit->n_iterations = result->n_iterations;
    fit->converged = result->converged;
    fit->log_likelihood = result->log_likelihood;
    fit->self_slope = build.slope;
    return ERR_OK;
}

enum err zone_fit(struct arena *arena, const struct zone_data *data, zone_progress_fn *progress,
                  void *ctx, struct zone_fit **out)
{
    struct zone_fit *fit = arena_alloc(arena, 1, sizeof *fit);
    struct arena *work = arena_child(arena);
    /* An arena is used by one thread: a second one needs its own. */
    struct arena *side = data->crew ? arena_new(0) : work;
    struct progress state = {progress, ctx, 0, 1, 0, 1};
    enum err err = ERR_NOMEM;
    if (fit && work && side) {
        err = zone_work(arena, work, side, data, &state, fit);
    }
    if (side != work) {
        arena_free(side);
    }
    arena_free(work);
    if (err == ERR_OK) {
        *out = fit;
    }
    return err;
}
