/* Within the room: the rows of evidence that repeat an earlier one, found when all are read. */
#ifndef DUET_COACH_ROSTER_SEEN_H
#define DUET_COACH_ROSTER_SEEN_H

#include "base/csv.h"
#include "base/list.h"
#include "coach/roster.h"

struct roster_seen {
    struct list rows; /* struct roster_seen_row, one for each row of evidence */
};

void roster_seen_init(struct roster_seen *seen, struct arena *arena);

struct roster_seen_row {
    uint64_t hash; /* 0: nobody's copy */
    uint64_t line;
};

/* Remembers the cells of the next row of evidence, with its level in field `level`, and whether it
 * can be a copy.  ERR_NOMEM. */
MUST_CHECK enum err roster_seen_add(struct roster_seen *seen, const struct csv_row *cells,
                                    int32_t level, bool can_be_copy);

/* Takes the rows out of `rows` (struct zone_evidence, as many as were added) that repeat an earlier
 * one in every cell; counts them, and says on which line the first stands.  Linear; scratch from
 * `arena`. */
MUST_CHECK enum err roster_seen_drop(struct roster_seen *seen, struct arena *arena,
                                     struct list *rows, uint64_t *n_copies, uint64_t *first_line);

#endif
