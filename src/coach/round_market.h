/* Needs and helpers when there are too many pairs of them to list: a guess of what helpers are
 * worth (match/market.h), and candidates by what they would bring at those prices, then at the
 * solver's. Only with a table (round_tasks.h).  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_MARKET_H
#define DUET_COACH_ROUND_MARKET_H

#include "coach/round_solve.h"
#include "match/market.h"

struct arena;

/* Of the table: needs and helpers with a gain above the floor. */
int64_t round_market_count(const struct round *round);

/* The guess for these tasks, in `arena`; ERR_LIMIT: told to stop. */
MUST_CHECK enum err round_market_guess(struct arena *arena, const struct round *round,
                                       const int32_t *task,
                                       const struct match_assign_problem *problem,
                                       match_market_pause_fn *pause, void *ctx,
                                       struct match_assign_start *guess);

/* Adds the best few candidates of each task and each helper: at first those that are about as good
 * as the learner's best by the guess of the feed, with whoever it says; later those that violate
 * the duals. */
MUST_CHECK enum err round_market_price(const struct round_feed *feed,
                                       const struct match_assign_duals *duals,
                                       struct match_edges *edges);

#endif
