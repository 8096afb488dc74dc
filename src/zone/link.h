/* Who can be compared with whom: connected subsets of people and raters.
 *
 * A rating of a person by a rater links the two.  Across subsets that nothing links, severities and
 * therefore abilities are comparable only through the prior.  Union-find with path halving
 * (Tarjan & van Leeuwen 1984). */
#ifndef DUET_ZONE_LINK_H
#define DUET_ZONE_LINK_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

struct link_pair {
    int32_t person, rater; /* 0 .. n - 1 each; pairs with a negative index are passed over */
};

/* A visit that would join a subset to the largest one. */
struct link_advice {
    int32_t rater;  /* of the smaller subset, its busiest */
    int32_t person; /* of the largest subset, the one with fewest raters */
    int32_t subset; /* the smaller subset */
};

#define LINK_WANTED 3 /* people per rater and raters per person that identify severities */

struct link {
    int32_t *person_subset; /* n_people: subset, -1 without ratings */
    int32_t *rater_subset;  /* n_raters: likewise */
    int32_t *person_raters; /* n_people: different raters */
    int32_t *rater_people;  /* n_raters: different people */
    int32_t *subset_people; /* n_subsets */
    int32_t n_subsets;      /* numbered by the lowest person in them */
    int32_t n_thin_people;  /* rated, but by fewer than LINK_WANTED raters */
    int32_t n_thin_raters;  /* who rated fewer than LINK_WANTED people */
    struct link_advice *advice;
    int32_t n_advice; /* n_subsets - 1, or 0 */
};

/* The result lives in `arena`.  `pairs` may repeat and stand in any order; the result does not
 * depend on it.  ERR_INVALID: an index beyond the counts.  ERR_NOMEM.  O(n log n). */
MUST_CHECK enum err link_find(struct arena *arena, int32_t n_people, int32_t n_raters,
                              const struct link_pair *pairs, size_t n_pairs, struct link **link);

#endif
