/* Within the room: what is known of a person in the skills of a framework, before anybody asks who
 * asks. */
#ifndef DUET_COACH_ZONES_TELL_H
#define DUET_COACH_ZONES_TELL_H

#include "coach/coach.h"
#include "coach/zones.h"
#include "coach/zones_store.h"

struct framework;
struct wishes;

/* Texts are those of memory.h: of this request. */
struct zones_telling {
    struct coach *coach;
    int64_t person_id;
    const struct framework *framework;
    const struct wishes *own; /* not NULL: brief */
    const struct zones_fit *fit;
    struct zones *zones;
    struct zone_estimate *estimates; /* beside zones->skills */
    double (*thresholds)[ZONE_MAX_LEVELS];
    int64_t *newest_self; /* id of the newest own view */
};

/* Everything of a framework.  With `own`, what the person wants and offers, only what the first
 * page needs: without the counts of what stands behind each skill, words for its levels, what would
 * move it, and whether a refit waits. */
MUST_CHECK enum err zones_tell(struct coach *coach, int64_t person_id, int64_t framework_id,
                               struct str locale, const struct wishes *own, struct zones *zones,
                               struct zones_telling *telling);

#endif
