/* Pairs in which no two would gain more together, both gains added, among more people than all
 * pairs can be listed for: the heaviest pair that is left, again and again (match/stable.h, JOINT),
 * found without sorting all of them.  Whether pairs stable by each one's own gain exist is not
 * looked into.  Only with a table (round_table.h).  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_STABLE_H
#define DUET_COACH_ROUND_STABLE_H

#include "coach/round_solve.h"

struct arena;

#define ROUND_STABLE_KEPT 32 /* candidates of a person at a time */

/* `mate` (n): who is fixed has a partner there; the others get theirs.  Ties go to the pair with
 * the lower first person, then the lower second.  ERR_NOMEM, ERR_LIMIT: told to stop. */
MUST_CHECK enum err round_stable_joint(struct arena *arena, const struct round *round,
                                       struct round_steps *steps, int32_t *mate);

#endif
