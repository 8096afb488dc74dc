/* The best way to pair people: exact maximum-weight matching in a general graph, with proof.
 *
 * The solver asks a source (source.h) for candidate edges, solves, shows the source its duals, and
 * repeats while the source finds pairs that violate them.  A round is the best fractional matching
 * (fractional.h), then blossoms (blossom.h); the first ones may do with rough duals.  Nobody is
 * paired at a loss: weights <= 0 are allowed and never used.  Parallel edges count with their best
 * weight; self-loops are refused.
 *
 * The same input gives the same answer on every machine: integers only, ties broken by numbers of
 * people and order of edges.  Memory: about 150 bytes per person and 32 per edge. */
#ifndef DUET_MATCH_PAIRING_H
#define DUET_MATCH_PAIRING_H

#include "base/err.h"
#include "match/certificate.h"
#include "match/fractional.h"
#include "match/graph.h"
#include "match/source.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* All zero is right for everybody but tests and benchmarks. */
struct match_pairing_options {
    enum match_shape shape;
    bool plain_start; /* leaves phase 1 out: everything is done by blossom searches, slowly */
    bool fractional;  /* ends after phase 1: y covers every pair (sum of y is the value of the best
                         fractional pairing), mate is a good pairing, not always the best */
    int32_t patience; /* how soon searches of both phases give way; 0: as is usual */
    int64_t rough;    /* weight; > 0: the source brings its edges bit by bit, and as long as it
                         brings many they are found by duals that are right to within this */
    match_pause_fn *pause;
    void *pause_ctx;
};

struct match_pairing_stats {
    int32_t rounds;
    int64_t n_edges;
    int32_t n_searches; /* of phase 2, last round: people that phase 1 left in odd cycles */
};

/* Pairs up people 0 .. n-1, n >= 0.  `proof` points into `arena`, where scratch is taken too and
 * given back.  options and stats may be NULL.  Errors: ERR_NOMEM; ERR_INVALID and ERR_RANGE as
 * match_graph_build(); what the source returns; ERR_LIMIT when `pause` says so.  Nothing is left in
 * `arena` on failure. */
MUST_CHECK enum err match_pairing_solve(struct arena *arena, int32_t n,
                                        const struct match_source *source,
                                        const struct match_pairing_options *options,
                                        struct match_pair_proof *proof,
                                        struct match_pairing_stats *stats);

/* What to add to every weight, all in w_min .. w_max, so that more pairs always beat fewer and the
 * total decides among equals ("most people first").  The answer's total contains it once a pair. */
int64_t match_pairing_constant(int32_t n, int64_t w_min, int64_t w_max);

#endif
