/* A stored log of practice made ready for the many passes of practice_fit.c: rows sorted by
 * learner, and what the past says of each of them (practice_filter.h), which no parameter changes.
 */
#ifndef DUET_ZONE_PRACTICE_ROWS_H
#define DUET_ZONE_PRACTICE_ROWS_H

#include "base/err.h"
#include "zone/practice_filter.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

#define PRACTICE_ROW_SKILLS 64 /* skills of one row beyond these are passed over */

struct practice_rows {
    size_t n_rows; /* of the train learners, sorted by learner, in the log's order inside */
    struct practice_row *rows;
    struct practice_row_past *row_past;
    struct practice_skill_past *skill_past;
    size_t *skill_past_at; /* per row: its first skill_past */
    int32_t n_learners;    /* train learners, in order of appearance */
    size_t *learner_at;    /* n_learners + 1: row ranges */
    size_t longest;        /* rows of one learner */
};

/* ERR_INVALID: an index or outcome is out of its range, a row has no skill or a time is NaN. */
MUST_CHECK enum err practice_rows_check(const struct practice_log *log);

/* Fills everything but the pasts from a checked log; `train` (per learner, not 0: use) may be NULL:
 * everybody.  ERR_NOMEM. */
MUST_CHECK enum err practice_rows_sort(struct arena *arena, const struct practice_log *log,
                                       const uint8_t *train, struct practice_rows *past);

/* The median positive pause between two answers of a learner, in the log's unit; 0: there is none.
 */
double practice_rows_unit(const struct practice_rows *past);

/* Fills the pasts, times counted in `unit`; `state` serves as scratch.  ERR_NOMEM. */
MUST_CHECK enum err practice_rows_note(struct arena *arena, const struct practice_log *log,
                                       double unit, struct practice_learner *state,
                                       struct practice_rows *past);

#endif
