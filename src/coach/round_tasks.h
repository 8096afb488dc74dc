/* What everybody brings to each need, computed once and kept: 2 bytes for each need and each helper
 * of its skill; for the strategy that gives needs to helpers.  Like round_table.h, which is about
 * pairs: rules and limits applied, the floor aside.  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_TASKS_H
#define DUET_COACH_ROUND_TASKS_H

#include "coach/round_solve.h"

struct arena;

#define ROUND_TASKS_MOST INT64_C(500000000) /* 1 GB; with more there is no table */

/* Those of a pool who help in a skill, rising, with their profiles side by side. */
struct round_bench {
    int32_t n;
    int32_t *place;  /* in the pool */
    int32_t *person; /* who it is */
    struct match_helper *helper;
};
MUST_CHECK enum err round_bench_make(struct arena *arena, const struct round *round, int32_t pool,
                                     int32_t skill, struct round_bench *bench);

struct round_tasks {
    struct round_bench *bench; /* n_pools x n_skills */
    const int64_t *start;      /* of a need: the first of its gains, as many as the bench has */
    const uint16_t *gain;      /* 0: not useful, or not allowed */
};

/* The helpers of a need; NULL: nobody may help. */
static inline const struct round_bench *round_tasks_bench(const struct round *round, int32_t need)
{
    int32_t pool = round->pool[round->needs[need].person];
    return pool < 0 ? NULL
                    : &round->tasks->bench[(size_t)pool * (size_t)round->n_skills +
                                           (size_t)round->needs[need].skill];
}

/* Makes the table in `arena`; *tasks is NULL where there is none.  ERR_LIMIT: told to stop. */
MUST_CHECK enum err round_tasks_make(struct arena *arena, const struct round *round,
                                     struct round_steps *steps, struct round_tasks **tasks);

#endif
