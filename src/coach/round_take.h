/* What becomes of candidates while all pairs are walked through.  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_TAKE_H
#define DUET_COACH_ROUND_TAKE_H

#include "coach/round_few.h"
#include "coach/round_solve.h"

/* What is done with a candidate: listed, or kept when it is among the best of its ends. */
struct take {
    struct match_edges *edges;
    struct round_few *few;       /* NULL: list everything; else of each u and each v: */
    struct round_few *few_other; /* of each v; pairs: the same */
    bool full;                   /* too many to list */
    int64_t all_pairs;
    int64_t *best; /* at first: the most that a person or task could have */
    bool looking;  /* finding that out */
    const void *duals;
    match_slack_fn *slack;
    enum err err;
};

/* One pair, or task and helper, of some worth. */
void round_take(struct take *take, int32_t u, int32_t v, int64_t w);

/* All pairs, from the table: listed, or the best few of each person kept, on several threads.
 * ERR_LIMIT: told to stop, or (take->full) more than can be listed; ERR_NOMEM. */
MUST_CHECK enum err round_walk_table(const struct round_feed *feed, struct take *take);

#endif
