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
    int32_t *group; /* n: index into groups, -1 alone */
};

static inline int32_t trio_field_weight(const struct trio_field *field, int32_t u, int32_t v)
{
    return field->weight[(int64_t)u * field->n + v];
}

/* Weight of a group; every pair in it is allowed. */
int64_t trio_field_group_weight(const struct trio_field *field, const struct trio_group *group);

/* Makes groups from the pairs in `mate` (local numbers, -1 alone) and improves them. ERR_NOMEM. */
MUST_CHECK enum err trio_field_search(struct arena *arena, struct trio_field *field,
                                      const int32_t *mate);

/* Scaled integer prices that cover every allowed pair and trio, near the best.  ERR_NOMEM. */
MUST_CHECK enum err trio_field_bound(struct arena *arena, const struct trio_field *field,
                                     int64_t *price);

/* Puts rows to columns, each column once: most values above `nothing` first, then the largest sum.
 * n_rows <= n_columns; value is row-major.  ERR_NOMEM. */
MUST_CHECK enum err trio_assign(struct arena *arena, int32_t n_rows, int32_t n_columns,
                                const int64_t *value, int32_t *column_of);

#endif
