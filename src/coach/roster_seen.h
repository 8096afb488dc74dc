/* Within the room: the rows of evidence that can be copies, to find them again. */
#ifndef DUET_COACH_ROSTER_SEEN_H
#define DUET_COACH_ROSTER_SEEN_H

#include "base/csv.h"
#include "base/list.h"
#include "coach/roster.h"

struct roster_seen {
    struct arena *arena, *own;
    uint32_t *slots; /* index into hashes + 1, 0 is empty */
    size_t n_slots;
    struct list hashes;
};

void roster_seen_init(struct roster_seen *seen, struct arena *arena);

/* Whether `cells`, read as `row` with its level in field `level`, repeat an earlier row in every
 * cell; if not, they are remembered as the row that comes next in `rows` (struct zone_evidence). */
MUST_CHECK enum err roster_seen_check(struct roster_seen *seen, const struct csv_row *cells,
                                      int32_t level, const struct zone_evidence *row,
                                      const struct list *rows, bool *copy);

#endif
