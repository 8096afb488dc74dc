/* Within the room: doing what a plan says. */
#ifndef DUET_COACH_IMPORT_APPLY_H
#define DUET_COACH_IMPORT_APPLY_H

#include "base/err.h"
#include "coach/import_plan.h"

struct coach;

/* Does all steps of a plan that was made in this very transaction (COACH_WRITE).  ERR_REFUSED: the
 * rules of people or units say no to something that the plan did not foresee; a problem says what,
 * and the transaction must be rolled back. */
MUST_CHECK enum err import_apply(struct coach *coach, const struct import_plan *plan,
                                 struct roster_problems *problems);

#endif
