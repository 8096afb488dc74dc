/* Priors of the families of effects; inside of zone_fit. */
#ifndef DUET_ZONE_ZONE_FAMILIES_H
#define DUET_ZONE_ZONE_FAMILIES_H

#include "zone/zone_build.h"

void zone_families_fill(struct joint_family families[ZONE_F__MAX]);

/* The family of threshold `step` of a rubric of n_steps + 1 levels. */
int32_t zone_families_step(int n_steps, int step);

#endif
