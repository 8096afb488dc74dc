/* A person between two refits: estimates that follow each new piece of evidence at once.
 *
 * Starts from a fit: the person's A and G of every skill, with the posterior moments of the fit
 * skill by skill and, between skills, the covariances that the population's structure implies (the
 * sites of expectation propagation are matched to the fit's moments).  Observers keep the severity
 * that the fit found, their own use of a skill and the visit count as uncertainty.  Self-ratings
 * wait for the refit: they say little, and their slope is estimated there.  The next refit replaces
 * all of this; the two agree within about a tenth of a standard error after a few events. */
#ifndef DUET_ZONE_LIVE_H
#define DUET_ZONE_LIVE_H

#include "base/err.h"
#include "zone/zone.h"

struct arena;
struct zone_live;

#define LIVE_MAX_SKILLS 63

/* Borrows data and fit.  ERR_RANGE: an unknown person; ERR_LIMIT: more than LIVE_MAX_SKILLS skills;
 * ERR_NOMEM.  About a millisecond. */
MUST_CHECK enum err live_new(struct arena *arena, const struct zone_data *data,
                             const struct zone_fit *fit, int32_t person, struct zone_live **live);

/* Takes one piece of evidence in.  ERR_INVALID: another person's, or an index out of range.  A few
 * microseconds. */
MUST_CHECK enum err live_add(struct zone_live *live, const struct zone_evidence *evidence);

/* The estimate of a skill now, levels and band included; counts as in the fit plus the new. */
void live_estimate(const struct zone_live *live, int32_t skill, struct zone_estimate *estimate);

#endif
