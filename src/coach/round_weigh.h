/* What pairs are worth to whoever checks all of them: one person with several who stand before,
 * from the table of gains.  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_WEIGH_H
#define DUET_COACH_ROUND_WEIGH_H

#include "coach/round_table.h"

/* The rows of a table; everything is borrowed. */
struct round_rows {
    const struct round *round;
    const struct round_table *table;
    const bool *frozen; /* n: who has a partner already */
    const int32_t *run; /* n: so many people from each on stand side by side, none of them frozen */
};

/* ERR_NOMEM. */
MUST_CHECK enum err round_rows_make(struct arena *arena, const struct round *round,
                                    const struct round_table *table, const bool *frozen,
                                    struct round_rows *rows);

/* The weights of v with first .. end - 1, all less than v; 0 where they may not work together. */
void round_weigh(const struct round_rows *rows, int32_t v, int32_t first, int32_t end, int64_t *w);

#endif
