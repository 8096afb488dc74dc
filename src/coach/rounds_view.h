/* Within the room: what rounds_view.c reads for rounds_change.c. */
#ifndef DUET_COACH_ROUNDS_VIEW_H
#define DUET_COACH_ROUNDS_VIEW_H

#include "coach/rounds.h"

/* What is proposed to one person; none: alone.  As rounds_pairs. */
MUST_CHECK enum err rounds_pair_of_person(struct coach *coach, int64_t id, int64_t person_id,
                                          struct str locale, struct rounds_pairs *pairs);

#endif
