/* Who helps whom with what when everybody has limits: exact maximum-weight bipartite b-matching.
 *
 * A task is one learner's need of one skill.  Each task gets at most one helper; a learner works on
 * at most max_learns of their tasks at a time; a helper takes at most max_helps tasks.  Staying
 * unserved costs nothing, so a pair of weight 0 or less is never used.  A helper may take several
 * tasks of the same learner: one partnership with several focuses is what coordinators ask for; a
 * caller who wants it otherwise offers only the best task of each pair.
 *
 * Lexicographic objectives (serve the most first, then total gain) are weights with a big constant:
 * C + gain with C > the sum of the largest gains that could be traded for one more served task.
 *
 * Method: shortest augmenting paths on the helpers (Jonker & Volgenant 1987, Computing 38:325,
 * "A shortest augmenting path algorithm for dense and sparse linear assignment problems", carried
 * over to capacities), after a start by bidding, from whichever side is the scarcer; a learner's
 * limit is a private helper who must take what is too much.  Deterministic: the answer depends on
 * the order of tasks and helpers only through ties, and equal input gives equal output. */
#ifndef DUET_MATCH_ASSIGN_H
#define DUET_MATCH_ASSIGN_H

#include "base/err.h"
#include "match/certificate.h"
#include "match/source.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* A guess to begin from (market.h): any at all is allowed, a good one saves most of the work. */
struct match_assign_start {
    const int64_t *rent;   /* n_helpers: what a place with each is worth, 0 .. MATCH_WEIGHT_MAX */
    const int32_t *helper; /* n_tasks: who helps, or -1 */
};

/* Sizes 0 are allowed, limits too. */
struct match_assign_problem {
    int32_t n_tasks, n_learners, n_helpers;
    const int32_t *learner;                 /* n_tasks: 0 .. n_learners - 1 */
    const int32_t *max_learns;              /* n_learners: >= 0 */
    const int32_t *max_helps;               /* n_helpers: >= 0 */
    const struct match_assign_start *start; /* NULL: none */
};

/* What `duals` points to when the source is asked again: p_t + q_l and y_j, not scaled. */
struct match_assign_duals {
    const int64_t *task, *helper;
};

/* Called now and then with the share of the work done, 0 .. 1; true stops with ERR_LIMIT. */
typedef bool match_assign_progress_fn(void *ctx, double done);

/* Solves over all pairs that `source` knows: an edge's u is a task, v a helper.  Repeated edges are
 * allowed, the largest weight counts.  At the second and later calls of source->price, slack(duals,
 * t, j, w) is MATCH_DUAL_SCALE * (p_t + q_l + y_j - w).  `proof` points into `arena`, where
 * scratch is taken too and given back; nothing is left there on failure.  `progress` may be NULL.
 * ERR_INVALID when an index, limit or guess is out of range, ERR_RANGE when |w| > MATCH_WEIGHT_MAX
 * or the sum of weights could overflow, ERR_NOMEM, and what the source returns. */
MUST_CHECK enum err match_assign_solve(struct arena *arena,
                                       const struct match_assign_problem *problem,
                                       const struct match_source *source,
                                       match_assign_progress_fn *progress, void *ctx,
                                       struct match_assign_proof *proof);

#endif
