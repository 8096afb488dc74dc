/* From a roster to what everybody can do: the one place where the estimates are made. */
#ifndef DUET_COACH_ASSESS_H
#define DUET_COACH_ASSESS_H

#include "base/err.h"
#include "zone/zone.h"

#include <stdint.h>

struct arena;
struct crew;
struct roster;

/* Evidence older than this, counted from the newest in the roster, is called stale. */
#define ASSESS_STALE_DAYS 365

/* Estimates for all people and skills, in `arena`; errors of zone_fit().  `crew` may be NULL: one
 * thread, the same bits. */
MUST_CHECK enum err assess_run(struct arena *arena, const struct roster *roster,
                               const struct crew *crew, zone_progress_fn *progress, void *ctx,
                               struct zone_fit **fit);

/* How many people's newest evidence is stale. */
int32_t assess_count_stale(const struct roster *roster, const struct zone_fit *fit);

#endif
