/* The coaching model: plan the evidence, build the joint model, fit it, read it. */
#include "zone/zone.h"

#include "base/arena.h"
#include "zone/joint.h"
#include "zone/link.h"
#include "zone/zone_build.h"
#include "zone/zone_read.h"
#include "zone/zone_slope.h"

#define LARGE_TOLERANCE 0.1   /* the step that would follow is a hundredth of it */
#define TOLERANCE 0.02        /* logits: a few hundredths of a standard error */
#define SAMPLE_FROM 150000    /* people x skills from which variances come from a sample ... */
#define SAMPLE_LEAVES 15000   /* ... of so many */
#define SAMPLE_TOLERANCE 0.04 /* twice that: a standard error of a variance there */
#define SLOPE_ROUNDS 7        /* fits at most while lambda moves */

struct progress {
    zone_progress_fn *call;
    void *ctx;
    double from, share;
};

static bool zone_progress(void *ctx, double done)
{
    struct progress *progress = ctx;
    return progress->call && progress->call(progress->ctx, progress->from + progress->share * done);
}

static enum err zone_links(struct arena *arena, const struct zone_plan *plan, struct link **link)
{
    struct arena *scratch = arena_child(arena);
    size_t n = plan->data->n_evidence;
    struct link_pair *pairs = scratch ? arena_alloc(scratch, n, sizeof *pairs) : NULL;
    if (!pairs) {
        arena_free(scratch);
        return ERR_NOMEM;
    }
    for (size_t j = 0; j < n; j++) {
        pairs[j] = (struct link_pair){plan->rows[j].person, plan->rows[j].rater};
    }
    enum err err = link_find(arena, plan->data->n_people, plan->data->n_raters, pairs, n, link);
    arena_free(scratch);
    return err;
}

/* Fits, and again from there while lambda moves. */
static enum err zone_solve(struct arena *arena, struct zone_build *build, double tolerance,
                           struct progress *progress, struct joint_result **result)
{
    struct joint_options options = {.tolerance = tolerance,
                                    .crew = build->plan->data->crew,
                                    .progress = zone_progress,
                                    .ctx = progress};
    struct zone_slope slope = {.at = build->slope};
    int rounds = build->plan->any_lambda && build->plan->n_leaves <= SAMPLE_FROM ? SLOPE_ROUNDS : 1;
    struct arena *older = NULL;
    for (int round = 0; round < rounds; round++) {
        progress->from = (double)round / rounds;
        progress->share = 1.0 / rounds;
        struct arena *work = arena_child(arena);
        if (!work) {
            return ERR_NOMEM;
        }
        enum err err = joint_fit(work, &build->model, &options, result);
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

static enum err zone_sample_fit(struct arena *arena, struct zone_build *full, double *start,
                                const struct zone_evidence *rows, size_t n)
{
    struct zone_data data = *full->plan->data;
    struct zone_plan plan;
    struct zone_build build;
    struct joint_result *result;
    struct progress silent = {NULL, NULL, 0, 1};
    data.evidence = rows;
    data.n_evidence = n;
    enum err err = zone_plan_make(arena, &data, &plan);
    if (err != ERR_OK || (err = zone_build_make(arena, &plan, &build)) != ERR_OK ||
        (err = zone_solve(arena, &build, SAMPLE_TOLERANCE, &silent, &result)) != ERR_OK) {
        return err;
    }
    for (int f = 0; f < ZONE_F__MAX; f++) {
        if (full->families[f].rule == JOINT_ESTIMATED) {
            full->families[f].rule = JOINT_FIXED;
            full->families[f].variance = result->family_variance[f];
        }
    }
    zone_copy_means(&build, result->mean, full, start);
    if (build.slope != full->slope) {
        zone_build_again(full, build.slope);
    }
    return ERR_OK;
}

/* Everybody's variances are those of every so-manyth person; the full fit then has only means to
 * find, from the sample's rubrics and raters. */
static enum err zone_sample(struct arena *arena, struct zone_build *full)
{
    const struct zone_plan *plan = full->plan;
    int32_t every = (int32_t)(plan->n_leaves / SAMPLE_LEAVES) + 1;
    struct arena *scratch = arena_child(arena);
    double *start = arena_alloc(arena, full->n_effects, sizeof *start);
    struct zone_evidence *rows =
        scratch ? arena_alloc(scratch, plan->data->n_evidence, sizeof *rows) : NULL;
    enum err err = ERR_NOMEM;
    if (start && rows) {
        size_t n = 0, rank = 0;
        for (int32_t p = 0; p < plan->data->n_people; p++) {
            size_t lo = plan->person_at[p], hi = plan->person_at[p + 1];
            rank += hi > lo;
            for (size_t j = lo; j < hi && rank % (size_t)every == 1; j++) {
                rows[n++] = plan->rows[j];
            }
        }
        err = zone_sample_fit(scratch, full, start, rows, n);
        full->model.start = start;
    }
    arena_free(scratch);
    return err;
}

static enum err zone_work(struct arena *arena, struct arena *work, const struct zone_data *data,
                          struct progress *progress, struct zone_fit *fit)
{
    struct zone_plan plan;
    struct zone_build build;
    struct link *link = NULL;
    struct joint_result *result = NULL;
    enum err err = zone_plan_make(work, data, &plan);
    if (err != ERR_OK || (err = zone_links(arena, &plan, &link)) != ERR_OK ||
        (err = zone_build_make(work, &plan, &build)) != ERR_OK ||
        (plan.n_leaves > SAMPLE_FROM && (err = zone_sample(work, &build)) != ERR_OK) ||
        (err = zone_solve(work, &build, plan.large ? LARGE_TOLERANCE : TOLERANCE, progress,
                          &result)) != ERR_OK ||
        (err = zone_read_all(arena, &build, result, link, fit)) != ERR_OK) {
        return err;
    }
    fit->link = link;
    fit->person_subset = link->person_subset;
    fit->n_subsets = link->n_subsets;
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
    if (!fit || !work) {
        arena_free(work);
        return ERR_NOMEM;
    }
    struct progress state = {progress, ctx, 0, 1};
    enum err err = zone_work(arena, work, data, &state, fit);
    arena_free(work);
    if (err == ERR_OK) {
        *out = fit;
    }
    return err;
}
