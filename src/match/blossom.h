/* Phase 2 of the pair solver: from a matching and feasible duals to the best matching and its
 * proof.
 *
 * Edmonds' primal-dual method, one alternating tree at a time, grown from an unmatched person whose
 * dual is above zero like Dijkstra's algorithm: a clock runs, the duals of outer (S) people fall
 * with it, those of inner (T) people rise, and events happen when an edge gets tight (grow, shrink,
 * reach somebody unmatched), when an inner blossom's dual falls to zero (expand), or when an outer
 * person's dual falls to zero (that person can stay alone).  No dual is touched when the clock
 * moves: values are kept as "value at time 0" per set of people with the same top-level blossom.
 * A search costs what it touches, and is cut short in the first rounds: its duals stay feasible,
 * and unmatched people close to each other meet halfway.  Nothing recurses: blossoms nest tens of
 * thousands deep when the number of people is odd.
 *
 * All duals of a tree are congruent modulo 2 in units of 1/4, because tight edges connect them and
 * blossoms' duals are even; so slacks between outer people are even and the clock stays integer. */
#ifndef DUET_MATCH_BLOSSOM_H
#define DUET_MATCH_BLOSSOM_H

#include "base/err.h"
#include "match/graph.h"

#include <stdint.h>

struct arena;
struct match_forest;
struct match_pair_proof;

/* Starts from `mate` (-1: unmatched) and `y` in units of 1 / MATCH_DUAL_SCALE: y >= 0, no edge of
 * negative slack, matched pairs tight.  Both are copied or taken over as scratch: do not use them
 * afterwards.  The graph must outlive the forest.  ERR_NOMEM. */
MUST_CHECK enum err match_blossom_new(struct arena *arena, const struct match_graph *graph,
                                      const int32_t *mate, int64_t *y,
                                      struct match_forest **forest);

/* Runs until everybody unmatched has dual 0: the matching is then of maximum weight.  `patience`:
 * outer people in a search of the first round, four times as many in each later one; 0: as is
 * usual.  ERR_NOMEM. */
MUST_CHECK enum err match_blossom_run(struct match_forest *forest, int64_t patience);

/* Takes the forest apart into mate, y, order, blossoms (those of positive dual) and bound; `total`
 * is left to the caller.  Allocates in `arena`.  ERR_NOMEM. */
MUST_CHECK enum err match_blossom_read(struct match_forest *forest, struct arena *arena,
                                       struct match_pair_proof *proof);

#endif
