/* What pairs are worth to whoever checks all of them: one person with several who stand before,
 * from the table of gains, or with several needs.  Internal to coach/round*. */
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

/* Needs that want a helper, in an order that puts those of a skill together; everything is
 * borrowed.
 */
struct round_open {
    const struct round *round;
    const int32_t *task;  /* of each: the need */
    const int32_t *room;  /* n: how many more each person may help */
    const int32_t *order; /* of the tasks */
};

/* The tasks of a skill together, `n` of them in `arena`; NULL: no memory. */
int32_t *round_order_tasks(struct arena *arena, const struct round *round, const int32_t *task,
                           int32_t n);

/* The weight of a task with v; MATCH_NO_PAIR: not useful, or not allowed. */
int64_t round_weigh_task(const struct round_open *open, int32_t t, int32_t v);

/* The same of v with those that stand at first .. end - 1 of the order, at most 64; 0 for
 * MATCH_NO_PAIR. */
void round_weigh_tasks(const struct round_open *open, int32_t v, int32_t first, int32_t end,
                       int64_t *w);

#endif
