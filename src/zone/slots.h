/* The places of the leaves' part of a large global system: a sparse symmetric matrix whose pattern
 * is found once, so that assembling it is adding without a search.
 *
 * Row a holds its different columns b >= a at row_first[a] .. row_first[a + 1] - 1.  A leaf with
 * global effects g_0 < g_1 < ... finds the places of its pairs (g_i, g_j), i <= j, row after row,
 * at slot[slot_first[leaf]] and on.  Leaves with the same effects - the same raters in the same
 * skill - share theirs. */
#ifndef DUET_ZONE_SLOTS_H
#define DUET_ZONE_SLOTS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct layout;

struct slots {
    size_t *row_first; /* n_globals + 1 */
    int32_t *column;
    uint32_t *slot_first; /* n_leaves */
    uint32_t *slot;
};

/* In `arena`; ERR_NOMEM, ERR_LIMIT beyond 2^32 pairs.  Linear in the pairs of different leaves. */
MUST_CHECK enum err slots_make(struct arena *arena, const struct layout *lay, struct slots **slots);

#endif
