/* What everybody could do for everybody, computed once and kept: 4 bytes for each two people of a
 * pool.
 *
 * Solvers that price pairs ask for the same gains again and again; at 10,000 people that is 50
 * million pairs each time.  A cell holds the best useful gain in each direction, rules and limits
 * applied, the floor aside (gains below it are left out on reading: the best of several needs is
 * below the floor exactly when all are).  Filled tile by tile, skill by skill, so that profiles
 * stay in the processor's cache.
 *
 * A table is left out (NULL, everybody computes as before) where it would take more than
 * ROUND_TABLE_PAIRS cells or a gain might not fit into 16 bits. Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_TABLE_H
#define DUET_COACH_ROUND_TABLE_H

#include "coach/round_solve.h"

struct arena;

#define ROUND_TABLE_PAIRS INT64_C(250000000) /* 1 GB: about 22,000 people in one pool */

/* Two people of a pool: what the one who stands before the other there brings, and receives. */
struct round_cell {
    uint16_t higher; /* what the lower brings to the higher */
    uint16_t lower;  /* what the higher brings to the lower */
};

struct round_table {
    const struct round_cell *cell;
    const int64_t *start; /* of a pool: its first cell */
    const int32_t *place; /* n: of people, in their pools */
};

/* The cells of the a-th person of a pool with the b-th, b < a, are row[b]. */
static inline const struct round_cell *round_table_row(const struct round_table *table,
                                                       int32_t pool, int64_t a)
{
    return table->cell + table->start[pool] + a * (a - 1) / 2;
}

/* What a pair is worth to the solver, from the table: as round_pair_weight(), and 0 where the rules
 * do not allow the two. */
static inline int64_t round_table_weight(const struct round *round, const struct round_table *table,
                                         int32_t u, int32_t v)
{
    if (round->pool[u] < 0 || round->pool[u] != round->pool[v]) {
        return 0;
    }
    int32_t a = table->place[u], b = table->place[v];
    struct round_cell cell = round_table_row(table, round->pool[u], a > b ? a : b)[a > b ? b : a];
    return round_weight_of(round, cell.higher < round->floor ? 0 : cell.higher,
                           cell.lower < round->floor ? 0 : cell.lower);
}

/* How many pairs have a gain above the floor; counting ends beyond `most`. */
int64_t round_table_count(const struct round *round, int64_t most);

/* Makes the table in `arena`; *table is NULL where there is none.  About 5 ns for each need and
 * helper of its skill.  ERR_LIMIT: told to stop. */
MUST_CHECK enum err round_table_make(struct arena *arena, const struct round *round,
                                     struct round_steps *steps, struct round_table **table);

/* The same, but kept in round->gains, where that is set, and taken from there where it was made for
 * a round whose gains and rules are the same. */
MUST_CHECK enum err round_table_get(struct arena *arena, const struct round *round,
                                    struct round_steps *steps, const struct round_table **table);

/* For a check: a table made anew, as above, after which some of its cells all over are compared
 * with gains computed one by one; *table stays NULL where there are few pairs (ROUND_TABLE_FEW) or
 * no table.  ERR_REFUSED: one differs. */
#define ROUND_TABLE_FEW 200000
MUST_CHECK enum err round_table_anew(struct arena *arena, const struct round *round,
                                     round_progress_fn *progress, void *ctx, double share,
                                     struct round_table **table);

#endif
