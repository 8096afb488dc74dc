/* Within the room: evidence with a column for each skill, as people keep it in spreadsheets.
 *
 *     name,Questioning,Feedback
 *     Ann Okafor,3,2
 *
 * A column whose heading is the id or the name of a skill holds ratings of that skill. */
#ifndef DUET_COACH_ROSTER_WIDE_H
#define DUET_COACH_ROSTER_WIDE_H

#include "coach/roster_build.h"

struct roster_wide {
    int32_t fields[CSV_MAX_CELLS]; /* of the table, in its order */
    int32_t skills[CSV_MAX_CELLS]; /* beside fields */
    int32_t n;                     /* 0: there is no such column */
};

/* Finds these columns and takes them, so that they are no further columns of the table.  The skills
 * must have been read. */
void roster_wide_find(struct roster_wide *wide, const struct roster_build *build,
                      struct roster_table *table);

/* A note that says how many there are. */
MUST_CHECK enum err roster_wide_note(const struct roster_wide *wide,
                                     const struct roster_table *table);

#endif
