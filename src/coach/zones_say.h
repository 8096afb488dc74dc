/* Within the room: from an estimate to what is said of it.  Pure. */
#ifndef DUET_COACH_ZONES_SAY_H
#define DUET_COACH_ZONES_SAY_H

#include "coach/zones.h"
#include "zone/zone.h"

/* Levels and band of an estimate that is enough; `threshold` of the skill's n_levels - 1. */
void zones_say_levels(struct zones_skill *skill, const struct zone_estimate *estimate,
                      const double *threshold);

/* What can be said of each level. */
void zones_say_words(struct zones_skill *skill, const struct zone_estimate *estimate,
                     const double *threshold);

/* What would narrow the range most, and by how many hundredths, from what stands behind it. */
void zones_say_move(struct zones_skill *skill, const struct zone_estimate *estimate,
                    const double *threshold, const struct zone_spread *spread, int32_t today);

#endif
