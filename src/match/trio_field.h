/* The parts of the search for groups of three: one set of people who are connected by allowed
 * pairs, with a full matrix of weights.  Internal to match/trio. */
#ifndef DUET_MATCH_TRIO_FIELD_H
#define DUET_MATCH_TRIO_FIELD_H

#include "match/trio.h"

#include <stdbool.h>

#define TRIO_FORBIDDEN (-1)

struct trio_group {
    int32_t member[3], n;
};

struct trio_field {
    int32_t n;
    const int32_t *weight; /* n x n, TRIO_FORBIDDEN where the rules say no */
    struct trio_group *groups;
    int32_t n_groups;
    int32_t *group;             /* n: index into groups, -1 alone */
    const bool *held;           /* n: who never leaves a group, see trio_field_hold() */
    match_trio_pause_fn *pause; /* may be NULL */
    void *pause_ctx;
};

static inline enum err trio_field_pause(const struct trio_field *field)
{
    return field->pause && field->pause(field->pause_ctx) ? ERR_LIMIT : ERR_OK;
}

static inline int32_t trio_field_weight(const struct trio_field *field, int32_t u, int32_t v)
{
    return field->weight[(int64_t)u * field->n + v];
}

/* Weight of a group; every pair in it is allowed. */
int64_t trio_field_group_weight(const struct trio_field *field, const struct trio_group *group);

/* Opens as many groups as are needed so that everybody can have a partner, with the heaviest
 * pairs of `mate` (local numbers, -1 alone; NULL: none) first and then any pair that is allowed.
 * ERR_NOMEM. */
MUST_CHECK enum err trio_field_open(struct arena *arena, struct trio_field *field,
                                    const int32_t *mate);

/* Those who are alone found groups of two where the rules allow it. */
void trio_field_gather(struct trio_field *field);

/* Swaps two people, or moves one into a free place, where that adds to the total: once through all
 * pairs.  False: nothing did. */
bool trio_field_swap(struct trio_field *field);

/* Finds whom ties (MATCH_TRIO_TIE) hold, in `held` (n, zeroed), and gives those of them whom no
 * pair to start from holds the best place that is open. */
void trio_field_hold(struct trio_field *field, bool *held);

/* Makes groups from the pairs in `mate` (local numbers, -1 alone) and improves them. ERR_NOMEM,
 * ERR_LIMIT when told to stop. */
MUST_CHECK enum err trio_field_search(struct arena *arena, struct trio_field *field,
                                      const int32_t *mate);

/* Scaled integer prices that cover every allowed pair and trio, near the best.  ERR_NOMEM,
 * ERR_LIMIT when told to stop. */
MUST_CHECK enum err trio_field_bound(struct arena *arena, const struct trio_field *field,
                                     int64_t *price);

/* Puts rows to columns, each column once: most values above `nothing` first, then the largest sum.
 * n_rows <= n_columns; value is row-major.  ERR_NOMEM. */
MUST_CHECK enum err trio_assign(struct arena *arena, int32_t n_rows, int32_t n_columns,
                                const int64_t *value, int32_t *column_of);

#endif
