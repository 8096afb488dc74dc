/* partners.csv: the proposals of a round as a file, pair,learner,helper,skill,gain,reason.
 *
 * Rows are sorted by partnership, learner and helper in the order of the people file, so the same
 * inputs give the same bytes.  Gains have four decimals and lose nothing.  The skill is empty where
 * two partners have no skill in which one can help the other. */
#ifndef DUET_COACH_ROUND_PARTNERS_H
#define DUET_COACH_ROUND_PARTNERS_H

#include "base/csv.h"
#include "coach/roster.h"
#include "coach/round.h"

struct buf;

/* Appends the file's text; failures stay in `buf`. */
void round_partners_write(struct buf *buf, const struct round *round,
                          const struct round_proposal *proposals, int32_t n);

/* Reads one back: known people and skills, two different people, whole numbers; everything else is
 * for round_verify.  `file` is its name in messages.  Reach and origin are left 0.  ERR_INVALID
 * when `problems` got something, ERR_IO, ERR_NOMEM. */
MUST_CHECK enum err round_partners_read(struct arena *arena, const struct roster *roster,
                                        struct csv_source source, const char *file,
                                        struct roster_problems *problems,
                                        struct round_proposal **proposals, int32_t *n);

#endif
