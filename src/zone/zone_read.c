/* Estimates, rubrics and raters from the posterior; see zone_read.h. */
#include "zone/zone_read.h"

#include "base/arena.h"
#include "base/crew.h"
#include "zone/band.h"
#include "zone/bandcurve.h"
#include "zone/fitstat.h"
#include "zone/link.h"
#include "zone/step.h"

#include <math.h>

#define TENTH 1.2815515655446004 /* the 90th percentile of the standard normal */
#define ENOUGH 0.75              /* share of the prior sd */
#define GAIN_MEAN_VARIANCE 0.09  /* where nothing has told it */
#define PIECES 8                 /* of the people, whoever reads them */
#define CURVE_FROM 20000         /* estimates from which a curve of bands is worth its while */

struct reader {
    int32_t person, end; /* of the people, person .. end - 1 */
    const struct zone_build *build;
    const struct zone_plan *plan;
    const struct joint_result *result;
    struct zone_fit *fit;
    const struct bandcurve *curve; /* for gains of which nothing is known, or NULL */
    /* The band found last, for the many estimates that differ by a shift only. */
    struct band_known known;
    double lo, hi;
    bool found, any;
    int32_t *rater_leaf;  /* n_raters: last leaf the rater was counted for, plus 1 */
    struct fitstat *stat; /* n_raters: of these people's ratings */
    char apart[CREW_APART];
};

static double read_family(const struct reader *r, enum zone_family family)
{
    return r->result->family_variance[family];
}

static double read_mean(const struct reader *r, int32_t effect)
{
    return effect == JOINT_NONE ? 0 : r->result->mean[effect];
}

static double read_variance(const struct reader *r, int32_t effect)
{
    return effect == JOINT_NONE ? 0 : r->result->variance[effect];
}

/* ---- estimates ---- */

static void read_band(struct reader *r, struct zone_estimate *e)
{
    struct band_known known = {e->alone, e->alone_sd, e->gain, e->gain_sd, e->alone_gain_cov};
    if (r->curve && known.gain == r->curve->gain && known.gain_sd == r->curve->gain_sd &&
        !(fabs(known.cov) > 0)) {
        (void)bandcurve_find(r->curve, known.alone, known.alone_sd, &e->zone_lo, &e->zone_hi);
        return;
    }
    if (!r->any || known.alone_sd != r->known.alone_sd || known.gain != r->known.gain ||
        known.gain_sd != r->known.gain_sd || known.cov != r->known.cov) {
        r->known = known;
        r->any = true;
        r->found = band_find(&known, 1, &r->lo, &r->hi);
    }
    double shift = r->found ? known.alone - r->known.alone : 0;
    e->zone_lo = r->lo + shift;
    e->zone_hi = r->hi + shift;
}

static double read_prior_sd(const struct zone_spread *spread)
{
    return sqrt(spread->general + spread->domain + spread->skill);
}

/* All that follows from the moments but the band. */
static void read_moments(const struct zone_data *data, const struct zone_fit *fit, int32_t skill,
                         const struct joint_answer *answer, struct zone_estimate *e)
{
    const double *tau = fit->skills[skill].threshold;
    int n_steps = data->skill_levels[skill] - 1;
    double both = answer->variance_a + answer->variance_b + 2 * answer->covariance;
    e->alone = answer->mean_a;
    e->alone_sd = sqrt(answer->variance_a > 0 ? answer->variance_a : 0);
    e->gain = answer->mean_b;
    e->gain_sd = sqrt(answer->variance_b > 0 ? answer->variance_b : 0);
    e->alone_gain_cov = answer->covariance;
    e->helped = e->alone + e->gain;
    e->helped_sd = sqrt(both > 0 ? both : 0);
    double level[4] = {e->alone, e->helped, e->alone - TENTH * e->alone_sd,
                       e->alone + TENTH * e->alone_sd};
    band_levels(level, tau, n_steps, level);
    e->alone_level = level[0];
    e->helped_level = level[1];
    e->alone_level_lo = level[2];
    e->alone_level_hi = level[3];
    e->last_day = e->n_evidence ? e->last_day : ZONE_DAY_UNKNOWN;
    e->enough = e->n_evidence > 0 && e->alone_sd < ENOUGH * read_prior_sd(&fit->spread);
}

void zone_read_moments(const struct zone_data *data, const struct zone_fit *fit, int32_t skill,
                       double alone, double gain, double alone_variance, double gain_variance,
                       double covariance, struct zone_estimate *e)
{
    struct joint_answer answer = {alone, gain, alone_variance, gain_variance, covariance};
    read_moments(data, fit, skill, &answer, e);
    struct band_known known = {e->alone, e->alone_sd, e->gain, e->gain_sd, e->alone_gain_cov};
    (void)band_find(&known, 1, &e->zone_lo, &e->zone_hi);
}

static void read_estimate(struct reader *r, int32_t person, int32_t skill,
                          const struct joint_answer *answer)
{
    const struct zone_data *data = r->plan->data;
    struct zone_estimate *e =
        &r->fit->estimates[(size_t)person * (size_t)data->n_skills + (size_t)skill];
    read_moments(data, r->fit, skill, answer, e);
    read_band(r, e);
}

/* Variances of the families, and of lessons with their halo, whichever the data could tell. */
static void read_spread(struct reader *r)
{
    bool domains = r->plan->data->n_domains > 1;
    r->fit->spread = (struct zone_spread){
        .general = read_family(r, ZONE_F_GENERAL),
        .domain = domains ? read_family(r, ZONE_F_DOMAIN) : 0,
        .skill = read_family(r, ZONE_F_SKILL),
        .gain = read_family(r, ZONE_F_GAIN),
        .gain_skill = read_family(r, ZONE_F_GAIN_SKILL),
        .visit = read_family(r, ZONE_F_LONE),
        .visit_skill = read_family(r, ZONE_F_VISIT_SKILL),
        .rater = read_family(r, ZONE_F_RATER),
        .rater_skill = read_family(r, ZONE_F_RATER_SKILL),
        .task = read_family(r, ZONE_F_TASK),
    };
}

/* Adds the parts of G that the query could not hold. */
static void read_gain_prior(const struct reader *r, bool person, bool skill,
                            struct joint_answer *answer)
{
    if (r->build->gain_mean == JOINT_NONE) {
        answer->mean_b += ZONE_GAIN_MEAN;
        answer->variance_b += GAIN_MEAN_VARIANCE;
    }
    answer->variance_b += person ? 0 : read_family(r, ZONE_F_GAIN);
    answer->variance_b += skill ? 0 : read_family(r, ZONE_F_GAIN_SKILL);
}

/* The bands of those whose gain is only the prior's: everybody's, where nobody was seen helped. */
static const struct bandcurve *read_curve(const struct reader *r, struct bandcurve *curve)
{
    const struct zone_data *data = r->plan->data;
    struct joint_answer none = {0};
    if (r->plan->any_gain || (size_t)data->n_people * (size_t)data->n_skills < CURVE_FROM) {
        return NULL;
    }
    read_gain_prior(r, false, false, &none);
    bandcurve_make(curve, none.mean_b, sqrt(none.variance_b));
    return curve;
}

static void read_counts(struct reader *r, const struct zone_leaf *leaf, int32_t index,
                        struct zone_estimate *e)
{
    const struct zone_evidence *rows = r->plan->rows + leaf->row;
    e->n_evidence = (int32_t)leaf->n_rows;
    e->last_day = ZONE_DAY_UNKNOWN;
    for (size_t j = 0; j < leaf->n_rows; j++) {
        const struct zone_evidence *row = &rows[j];
        e->last_day = row->day > e->last_day ? row->day : e->last_day;
        if (row->kind != ZONE_OBSERVED) {
            continue;
        }
        if (row->rater >= 0 && r->rater_leaf[row->rater] != index + 1) {
            r->rater_leaf[row->rater] = index + 1;
            e->n_raters++;
        }
        e->n_occasions += j == 0 || row[-1].kind != ZONE_OBSERVED ||
                          row->occasion != row[-1].occasion ||
                          (row->occasion < 0 && row->day != row[-1].day);
    }
}

static void read_leaves(struct reader *r)
{
    const struct zone_build *b = r->build;
    size_t ns = (size_t)r->plan->data->n_skills;
    double weekly = read_family(r, ZONE_F_DRIFT);
    size_t first = 0, after = b->n_leaves;
    while (first < after) { /* the first leaf of these people */
        size_t middle = first + (after - first) / 2;
        if (b->leaves[middle].person < r->person) {
            first = middle + 1;
        } else {
            after = middle;
        }
    }
    while (first < b->n_leaves && b->leaves[first].person < r->end) {
        /* The person's newest day of evidence is the day the estimates are for. */
        size_t end = first;
        int32_t newest = ZONE_DAY_UNKNOWN;
        for (; end < b->n_leaves && b->leaves[end].person == b->leaves[first].person; end++) {
            const struct zone_leaf *leaf = &b->leaves[end];
            struct zone_estimate *e =
                &r->fit->estimates[(size_t)leaf->person * ns + (size_t)leaf->skill];
            read_counts(r, leaf, (int32_t)end, e);
            newest = e->last_day > newest ? e->last_day : newest;
        }
        for (size_t k = first; k < end; k++) {
            const struct zone_leaf *leaf = &b->leaves[k];
            struct joint_answer answer = r->result->answers[leaf->query];
            const struct zone_estimate *e =
                &r->fit->estimates[(size_t)leaf->person * ns + (size_t)leaf->skill];
            int32_t idle = zone_plan_bin(r->plan, newest) - zone_plan_bin(r->plan, e->last_day);
            answer.variance_a += weekly * idle * (r->plan->bin_days / ZONE_WEEK);
            read_gain_prior(r, leaf->gain, leaf->gain_skill, &answer);
            read_estimate(r, leaf->person, leaf->skill, &answer);
        }
        first = end;
    }
}

/* A skill without evidence: what g and u say, plus the mean of the skill where tasks anchor it. */
static void read_without(struct reader *r, int32_t person, int32_t skill,
                         struct joint_answer answer)
{
    answer.mean_a += read_mean(r, r->build->level_skill[skill]);
    answer.variance_a +=
        read_variance(r, r->build->level_skill[skill]) + read_family(r, ZONE_F_SKILL);
    read_estimate(r, person, skill, &answer);
}

static void read_rests(struct reader *r)
{
    const struct zone_data *data = r->plan->data;
    size_t ns = (size_t)data->n_skills;
    double domain = data->n_domains > 1 ? read_family(r, ZONE_F_DOMAIN) : 0;
    for (size_t k = 0; k < r->build->n_rests; k++) {
        const struct zone_rest *rest = &r->build->rests[k];
        if (rest->person < r->person || rest->person >= r->end) {
            continue;
        }
        struct joint_answer answer = r->result->answers[rest->query];
        answer.variance_a += rest->domain_known ? 0 : domain;
        read_gain_prior(r, rest->gain, false, &answer);
        for (int32_t s = 0; s < data->n_skills; s++) {
            if (data->skill_domain[s] == rest->domain &&
                r->fit->estimates[(size_t)rest->person * ns + (size_t)s].n_evidence == 0) {
                read_without(r, rest->person, s, answer);
            }
        }
    }
    struct joint_answer none = {
        .mean_a = read_mean(r, r->build->level),
        .mean_b = read_mean(r, r->build->gain_mean),
        .variance_a = read_variance(r, r->build->level) + read_family(r, ZONE_F_GENERAL) + domain,
        .variance_b = read_variance(r, r->build->gain_mean),
    };
    read_gain_prior(r, false, false, &none);
    for (int32_t p = r->person; p < r->end; p++) {
        for (int32_t s = 0;
             s < data->n_skills && r->plan->person_at[p] == r->plan->person_at[p + 1]; s++) {
            read_without(r, p, s, none);
        }
    }
}

/* ---- rubrics ---- */

static void read_skills(struct reader *r)
{
    const struct zone_data *data = r->plan->data;
    for (int32_t s = 0; s < data->n_skills; s++) {
        struct zone_skill *skill = &r->fit->skills[s];
        int n_steps = data->skill_levels[s] - 1;
        int kind = r->build->step[s * ZONE_RATED] != JOINT_NONE ? ZONE_OBSERVED : ZONE_SELF;
        int32_t step = r->build->step[s * ZONE_RATED + kind];
        double shift = 0, n = 0, scale = kind == ZONE_OBSERVED ? r->plan->scale : 1;
        for (int32_t i = 0; i < data->n_items; i++) {
            if (r->plan->item_skill[i * ZONE_RATED + kind] == s + 1) {
                shift += read_mean(r, r->build->item[i * ZONE_RATED + kind]);
                n += 1;
            }
        }
        for (int k = 0; k < n_steps; k++) {
            const struct joint_family *family =
                &r->build->families[ZONE_F_STEP + n_steps * (n_steps - 1) / 2 + k];
            skill->threshold[k] = step == JOINT_NONE
                                      ? family->mean
                                      : r->result->mean[step + k] / scale + (n > 0 ? shift / n : 0);
            skill->difficulty += skill->threshold[k] / n_steps;
        }
    }
}

static void read_people(void *ctx, uint32_t index)
{
    const struct reader *r = ctx;
    const struct zone_data *data = r->plan->data;
    struct zone_skill *skill = &r->fit->skills[index];
    double sum = 0, square = 0, unsure = 0;
    for (int32_t p = 0; p < data->n_people; p++) {
        const struct zone_estimate *e =
            &r->fit->estimates[(size_t)p * (size_t)data->n_skills + index];
        if (e->n_evidence > 0) {
            sum += e->alone;
            square += e->alone * e->alone;
            unsure += e->alone_sd * e->alone_sd;
            skill->n_people++;
        }
    }
    if (skill->n_people > 0) {
        double n = skill->n_people, spread;
        skill->mean = sum / n;
        spread = square / n - skill->mean * skill->mean;
        skill->sd = sqrt((spread > 0 ? spread : 0) + unsure / n);
    } else {
        skill->mean = read_mean(r, r->build->level) + read_mean(r, r->build->level_skill[index]);
        skill->sd = read_prior_sd(&r->fit->spread);
    }
}

/* ---- raters ---- */

/* The posterior means of eta and of the steps of observation j. */
static double read_predictor(const struct reader *r, size_t j, double *tau)
{
    const struct joint_observation *obs = &r->build->observations[j];
    double eta = (double)obs->offset, contrast[(JOINT_MAX_STEPS - 1) * JOINT_MAX_STEPS];
    for (int k = 0; k < obs->n_terms; k++) {
        const struct joint_term *term = &r->build->terms[obs->first_term + k];
        eta += (double)term->coefficient * r->result->mean[term->effect];
    }
    for (int k = 0; k < obs->n_steps; k++) {
        tau[k] = read_mean(r, obs->thresholds == JOINT_NONE ? JOINT_NONE : obs->thresholds + k);
    }
    if (obs->shape != JOINT_NONE) {
        step_contrasts(obs->n_steps, contrast);
        for (int a = 0; a + 1 < obs->n_steps; a++) {
            for (int k = 0; k < obs->n_steps; k++) {
                tau[k] += contrast[a * obs->n_steps + k] * r->result->mean[obs->shape + a];
            }
        }
    }
    return eta;
}

/* Fit statistics of the raters, from these people's ratings. */
static void read_ratings(struct reader *r)
{
    const struct zone_plan *plan = r->plan;
    double tau[JOINT_MAX_STEPS], eta = 0;
    size_t first = plan->person_at[r->person];
    for (size_t j = first; j < plan->person_at[r->end]; j++) {
        const struct zone_evidence *row = &plan->rows[j];
        if (row->rater < 0) {
            continue;
        }
        const struct joint_observation *obs = &r->build->observations[j];
        if (j == first || obs->first_term != obs[-1].first_term || row[-1].rater != row->rater) {
            eta = read_predictor(r, j, tau);
        }
        fitstat_add(&r->stat[row->rater], eta, r->result->predictor_variance[j], tau, obs->n_steps,
                    row->level);
    }
}

static void read_raters(const struct reader *r, const struct link *link)
{
    for (int32_t k = 0; k < r->plan->data->n_raters; k++) {
        struct zone_rater *rater = &r->fit->raters[k];
        struct fitstat all = r[0].stat[k];
        for (int piece = 1; piece < PIECES; piece++) {
            fitstat_join(&all, &r[piece].stat[k]);
        }
        int32_t effect = r->build->rater[k];
        rater->n_ratings = (int32_t)all.n;
        rater->severity = read_mean(r, effect);
        double variance = read_variance(r, effect); /* 0 where there is nobody to compare with */
        rater->severity_sd = sqrt(variance > 1e-9 ? variance : read_family(r, ZONE_F_RATER));
        rater->infit = fitstat_infit(&all);
        rater->outfit = fitstat_outfit(&all);
        rater->n_people = link->rater_people[k];
        rater->subset = link->rater_subset[k];
    }
}

static void read_piece(void *ctx, uint32_t piece)
{
    struct reader *r = (struct reader *)ctx + piece;
    read_leaves(r);
    read_rests(r);
    read_ratings(r);
}

enum err zone_read_all(struct arena *arena, const struct zone_build *build,
                       const struct joint_result *result, const struct link *link,
                       struct zone_fit *fit)
{
    const struct zone_data *data = build->plan->data;
    size_t np = (size_t)data->n_people, ns = (size_t)data->n_skills, nr = (size_t)data->n_raters;
    struct reader readers[PIECES];
    struct bandcurve curve;
    struct arena *scratch = arena_child(arena);
    bool ready = scratch != NULL;
    for (uint32_t k = 0; ready && k < PIECES; k++) {
        readers[k] = (struct reader){
            .person = (int32_t)crew_first(k, PIECES, (uint32_t)np),
            .end = (int32_t)crew_first(k + 1, PIECES, (uint32_t)np),
            .build = build,
            .plan = build->plan,
            .result = result,
            .fit = fit,
            .rater_leaf = arena_alloc(scratch, nr, sizeof *readers[k].rater_leaf),
            .stat = arena_alloc(scratch, nr, sizeof *readers[k].stat),
        };
        ready = readers[k].rater_leaf && readers[k].stat;
    }
    fit->estimates = arena_alloc(arena, np * ns, sizeof *fit->estimates);
    fit->raters = arena_alloc(arena, nr, sizeof *fit->raters);
    fit->skills = arena_alloc(arena, ns, sizeof *fit->skills);
    ready = ready && fit->estimates && fit->raters && fit->skills;
    if (ready) {
        read_spread(readers);
        read_skills(readers);
        const struct bandcurve *bands = read_curve(readers, &curve);
        for (uint32_t k = 0; k < PIECES; k++) {
            readers[k].curve = bands;
        }
        crew_run(data->crew, PIECES, read_piece, readers);
        crew_run(data->crew, (uint32_t)ns, read_people, readers);
        read_raters(readers, link);
    }
    arena_free(scratch);
    return ready ? ERR_OK : ERR_NOMEM;
}
