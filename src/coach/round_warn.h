/* What a coordinator should look at before a round is launched. */
#ifndef DUET_COACH_ROUND_WARN_H
#define DUET_COACH_ROUND_WARN_H

#include "coach/round.h"

struct round_warnings {
    int32_t n_small_pool; /* people with fewer than ROUND_SMALL_POOL others to choose from */
    int32_t n_unlinked;   /* people whose raters share nobody with the raters of others in their
                             pool: their levels are comparable only by assumption */
    int32_t n_stale;      /* people whose newest evidence is a year older than the newest of all */
    int32_t n_unsure;     /* needs of people with too little evidence in that skill */
    int32_t *unhelped;    /* skills that somebody needs and nobody offers */
    int32_t n_unhelped;
    int32_t n_kept_dropped; /* keep rules that other rules no longer allow */
};

/* ERR_NOMEM.  Cost: O(pairs) up to 5,000 people, O(people) beyond (pools are then counted without
 * bans, languages and periods). */
MUST_CHECK enum err round_warn(struct arena *arena, const struct round *round,
                               struct round_warnings *warnings);

#endif
