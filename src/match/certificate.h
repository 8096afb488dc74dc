/* The proof that an arrangement is the best possible: a feasible solution of the dual linear
 * programme with the same value (Edmonds 1965, "Maximum matching and a polyhedron with
 * 0,1-vertices").
 *
 * Pairs (reciprocal):   y_u + y_v + sum of z_B over blossoms B that contain both >= w_uv for all
 * pairs, y, z >= 0;  value  sum y + sum z_B (|B| - 1) / 2. Guide (tasks t of learner l, helpers j):
 * p_t + q_l + y_j >= w_tj, all >= 0; value  sum p_t + sum max_learns_l q_l + sum max_helps_j y_j.
 * Any feasible duals bound every arrangement; equality with the arrangement's total proves it
 * optimal, a difference is the proven gap (trio).  Numbers are in units of 1 / MATCH_DUAL_SCALE. */
#ifndef DUET_MATCH_CERTIFICATE_H
#define DUET_MATCH_CERTIFICATE_H

#include "base/err.h"

#include <stdint.h>

struct arena;

/* A blossom is a half-open interval of `order`; intervals nest or are disjoint, lengths are odd. */
struct match_blossom {
    int32_t begin, end;
    int64_t z;
};

/* General graph. `mate[u]` is -1 for nobody.  `order` lists n_order different nodes. */
struct match_pair_proof {
    int32_t n, n_order, n_blossoms;
    const int32_t *mate;
    const int64_t *y;
    const int32_t *order;
    const struct match_blossom *blossoms;
    int64_t total; /* weight of the matching, unscaled */
    int64_t bound; /* value of the duals, scaled; MATCH_DUAL_SCALE * total when optimal */
};

/* Bipartite with capacities.  `helper[t]` is -1 for nobody. */
struct match_assign_proof {
    int32_t n_tasks, n_learners, n_helpers;
    const int32_t *helper;
    const int64_t *p, *q, *y;
    int64_t total, bound;
};

#endif
