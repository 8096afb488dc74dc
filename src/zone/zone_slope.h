/* How much self-ratings follow ability: lambda by maximum marginal likelihood; inside of zone_fit.
 *
 * The score of lambda is that of the complete data averaged over the posterior (Fisher's identity),
 *     sum over self-ratings of  mean(A) r - w cov(A, eta),
 * r = y - E[y], w = E[var y], and cov(A, eta) from the joint posterior: without the second term
 * the slope would run away, because A was estimated from the same ratings.  Its root is found by
 * secants, each one fit of the model; the first step is an EM step times two. */
#ifndef DUET_ZONE_ZONE_SLOPE_H
#define DUET_ZONE_ZONE_SLOPE_H

#include "zone/zone_build.h"

struct zone_slope {
    double at; /* lambda of the fit at hand, then of the next one */
    double last, last_score;
    int n;
};

/* Moves slope->at after a fit; false when it has settled (it is then unchanged). */
bool zone_slope_next(struct zone_slope *slope, const struct zone_build *build,
                     const struct joint_result *result);

#endif
