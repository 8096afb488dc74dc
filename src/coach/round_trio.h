/* Groups of three in a round.  Pools of up to ROUND_TRIO_LISTED people are searched pair by pair
 * with a bound that sees whole groups; larger ones with gains from the table, and a bound from the
 * best fractional pairing.  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_TRIO_H
#define DUET_COACH_ROUND_TRIO_H

#include "coach/round_solve.h"

struct arena;
struct round_table;

#define ROUND_TRIO_LISTED 600 /* people of a pool */

/* Whether a pool is larger: then there must be a table. */
bool round_trio_is_wide(const struct round *round);

/* answer->trio.  ERR_LIMIT with the reason when a pool is too large, ERR_CONFLICT when people whom
 * a rule puts together are not. */
MUST_CHECK enum err round_group(struct arena *arena, struct round *round, struct round_steps *steps,
                                struct round_answer *answer, struct round_problem *problem);

/* Holds groups and prices against all pairs, with gains from `table`, made for the check, or
 * computed where it is NULL.  As match_trio_verify(). */
MUST_CHECK enum err round_trio_check(struct arena *work, const struct round *round,
                                     const struct round_table *table, const struct match_trio *trio,
                                     round_progress_fn *progress, void *ctx, int32_t *who,
                                     int64_t *n_checked);

#endif
