/* What helpers are worth when many needs want them: rough prices, found by an auction over a full
 * table of gains.
 *
 * For the assignment solver (assign.h) over more pairs than can be listed: with prices at hand the
 * pairs that matter are known beforehand (those whose gain less the helper's price is about as good
 * as the learner's best), and the solver has a place to start from.  Nothing here proves anything;
 * a poor guess costs time, never the answer.
 *
 * Method: learners bid for the best helper, gain less price, by how much it is better than the next
 * best and a step more (Bertsekas 1981, Math. Programming 21:152).  Prices begin at nothing, so a
 * helper with room left has no price.  The step doubles whenever learners have bid MARKET_TURNS
 * times each on average, so wars for helpers who are scarce end soon.  A bid looks at the rows of
 * the learner's tasks that nobody holds: about 1 ns for each helper in them.  Deterministic. */
#ifndef DUET_MATCH_MARKET_H
#define DUET_MATCH_MARKET_H

#include "match/assign.h"

struct arena;

#define MATCH_MARKET_STEPS 64 /* the first step: so many in the largest gain */
#define MATCH_MARKET_TURNS 8  /* bids of a learner, on average, before the step doubles */
#define MATCH_MARKET_ROOM 64  /* a helper with room for more counts as having so much */

/* Those who help in one skill, each once. */
struct match_bench {
    int32_t n;
    const int32_t *helper;
};

struct match_market {
    const struct match_assign_problem *problem; /* limits and learners; its `start` is not used */
    const struct match_bench *benches;
    int32_t n_benches;
    const int32_t *bench;        /* of each task, -1: nobody helps */
    const uint16_t *const *gain; /* of each task: what each of its bench brings */
    int32_t least;               /* gains below are none; at least 1 */
    int32_t service;             /* what being helped at all is worth beside the gain; >= 0 */
};

/* Called now and then; true stops with ERR_LIMIT. */
typedef bool match_market_pause_fn(void *ctx);

/* The prices and who has whom; `start` points into `arena`.  Limits are kept: nobody has more than
 * they may.  At these prices no learner would have more than `step` (NULL: not asked for) from
 * another helper or another of their tasks.  ERR_NOMEM, ERR_LIMIT. */
MUST_CHECK enum err match_market_run(struct arena *arena, const struct match_market *market,
                                     match_market_pause_fn *pause, void *ctx,
                                     struct match_assign_start *start, int32_t *step);

#endif
