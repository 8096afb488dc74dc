/* From the posterior of the joint model to what people see; inside of zone_fit. */
#ifndef DUET_ZONE_ZONE_READ_H
#define DUET_ZONE_ZONE_READ_H

#include "zone/zone_build.h"

struct link;

/* Everything of `fit` that comes from the posterior, in `arena`.  ERR_NOMEM. */
MUST_CHECK enum err zone_read_all(struct arena *arena, const struct zone_build *build,
                                  const struct joint_result *result, const struct link *link,
                                  struct zone_fit *fit);

/* What follows from the moments of A and G: levels, band, enough. */
void zone_read_moments(const struct zone_data *data, const struct zone_fit *fit, int32_t skill,
                       double alone, double gain, double alone_variance, double gain_variance,
                       double covariance, struct zone_estimate *estimate);

#endif
