/* The classical many-facet Rasch model (Linacre 1989, "Many-Facet Rasch Measurement") as a joint
 * model: people against items, raters, topics and so on, with rating-scale thresholds.
 *
 *     log P(y = k) / P(y = k - 1) = B_person - sum over facets of D_level - F_group,k
 *
 * Two ways to estimate.  The default is the engine's: people ~ N(0, variance) with the variance
 * estimated, expectations under the joint posterior; compare TAM's marginal maximum likelihood.
 * `joint_ml` is FACETS' joint maximum likelihood (people without prior, extreme people kept out and
 * then measured from a score moved by 0.3; facets centred), only for comparison: it stretches the
 * scale.  Logits; positive facet values are severe or difficult. */
#ifndef DUET_ZONE_FACETS_H
#define DUET_ZONE_FACETS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define FACETS_MAX 6

struct facets_data {
    size_t n_ratings;
    int n_people, n_facets, n_groups, n_steps; /* n_steps: levels - 1; groups share thresholds */
    int n_levels[FACETS_MAX];                  /* of each facet */
    const int32_t *person;                     /* n_ratings each */
    const int32_t *level[FACETS_MAX];
    const int32_t *group; /* or NULL: one group */
    const uint8_t *y;     /* 0 .. n_steps */
};

struct facets_options {
    bool joint_ml;
    double facet_variance; /* fixed prior variance of facet levels; 0: estimated from 1 */
    double tolerance;      /* logits; 0: 1e-4 */
};

struct facets_result {
    double *measure, *error;                             /* n_people */
    double *facet[FACETS_MAX], *facet_error[FACETS_MAX]; /* centred */
    double *threshold; /* n_groups x n_steps; with one group they sum to zero */
    double *threshold_error;
    double centre;          /* what centring took out of facets and thresholds: people are measured
                               against it already */
    double person_variance; /* 0 when joint_ml */
    double log_likelihood;  /* per rating */
    int n_iterations;
    bool converged;
};

/* Borrowed data; the result lives in `arena`.  ERR_INVALID: an index out of range; ERR_NOMEM. */
MUST_CHECK enum err facets_fit(struct arena *arena, const struct facets_data *data,
                               const struct facets_options *options, struct facets_result **result);

#endif
