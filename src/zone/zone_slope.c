/* Lambda of the self-ratings; see zone_slope.h. */
#include "zone/zone_slope.h"

#include "zone/fitstat.h"

#include <math.h>

#define PRIOR_SD 0.15
#define LEAST 0.01 /* a self-rating never counts against itself */
#define MOST 1.5
#define SETTLED 0.01
#define MAX_STEP 0.25

/* E[y] and E[var y] under eta's posterior. */
static void slope_moments(const struct zone_build *build, const struct joint_result *result,
                          size_t j, double *mean, double *variance)
{
    const struct joint_observation *obs = &build->observations[j];
    double eta = 0, tau[JOINT_MAX_STEPS], sd = sqrt(3 * result->predictor_variance[j]);
    for (int k = 0; k < obs->n_terms; k++) {
        const struct joint_term *term = &build->terms[obs->first_term + k];
        eta += (double)term->coefficient * result->mean[term->effect];
    }
    for (int k = 0; k < obs->n_steps; k++) {
        tau[k] = result->mean[obs->thresholds + k];
    }
    *mean = *variance = 0;
    for (int node = -1; node <= 1; node++) {
        double m, v, weight = node ? 1.0 / 6 : 2.0 / 3;
        fitstat_moments(eta + node * sd, tau, obs->n_steps, &m, &v);
        *mean += weight * m;
        *variance += weight * v;
    }
}

static void slope_score(const struct zone_slope *slope, const struct zone_build *build,
                        const struct joint_result *result, double *score, double *information)
{
    *score = -(slope->at - ZONE_SELF_SLOPE) / (PRIOR_SD * PRIOR_SD);
    *information = 1 / (PRIOR_SD * PRIOR_SD);
    for (size_t k = 0; k < build->n_leaves; k++) {
        const struct zone_leaf *leaf = &build->leaves[k];
        if (leaf->self_query == JOINT_NONE) {
            continue;
        }
        const struct joint_answer *answer = &result->answers[leaf->self_query] - 1;
        int32_t last = -1;
        for (size_t j = leaf->row; j < leaf->row + leaf->n_rows; j++) {
            const struct zone_evidence *row = &build->plan->rows[j];
            if (row->kind != ZONE_SELF) {
                continue;
            }
            int32_t bin = zone_plan_bin(build->plan, row->day);
            answer += bin != last;
            last = bin;
            double mean, variance, a = answer->mean_a;
            slope_moments(build, result, j, &mean, &variance);
            *score += a * (row->level - mean) - variance * answer->covariance;
            *information += variance * (a * a + answer->variance_a);
        }
    }
}

bool zone_slope_next(struct zone_slope *slope, const struct zone_build *build,
                     const struct joint_result *result)
{
    double score, information;
    slope_score(slope, build, result, &score, &information);
    double step = 2 * score / information;
    if (slope->n++ > 0 && slope->at != slope->last) {
        double bend = (score - slope->last_score) / (slope->at - slope->last);
        /* The curvature of the marginal likelihood is flatter than that of the complete data. */
        if (bend < 0 && bend > -information) {
            step = -score / bend;
        }
    }
    step = step > MAX_STEP ? MAX_STEP : step < -MAX_STEP ? -MAX_STEP : step;
    double next = slope->at + step;
    next = next < LEAST ? LEAST : next > MOST ? MOST : next;
    if (fabs(next - slope->at) < SETTLED) {
        return false;
    }
    slope->last = slope->at;
    slope->last_score = score;
    slope->at = next;
    return true;
}
