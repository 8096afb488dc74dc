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
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct match_trio;

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

#define MATCH_FINGERPRINT_BYTES 32

/* A proof and what it is a proof of.  One of `pairs`, `trio` and `assign` is set, the others NULL.
 * Texts are UTF-8 of any length, but `strategy` and `objective` are words of a-z, 0-9 and '-', at
 * most MATCH_CERTIFICATE_WORD long.  The fingerprint (fingerprint.h) covers everything the weights
 * and limits are made from, so that a proof is not held against other data. */
#define MATCH_CERTIFICATE_WORD 40
struct match_certificate {
    struct str strategy, objective;
    unsigned char inputs[MATCH_FINGERPRINT_BYTES];
    const struct match_pair_proof *pairs;
    const struct match_trio *trio; /* a bound (trio.h) */
    const struct str *people;      /* pairs, trio: ids of the n people */
    const struct match_assign_proof *assign;
    const struct str *learners, *helpers; /* assign: ids */
    const struct str *skills;             /* assign: of each task */
    const int32_t *task_learner;          /* assign: of each task, 0 .. n_learners - 1 */
};

/* Writes the certificate as text, one fact a line, the same bytes for the same certificate:
 *
 *     duet certificate 1
 *     strategy reciprocal
 *     objective served-then-gain
 *     inputs 64 hexadecimal digits
 *     scale 4
 *     pairs 3 1 3                  people, blossoms, listed nodes
 *     total 9000
 *     bound 36000
 *     0 1 20000 ANA                each person: number, mate or -, y, id
 *     ...
 *     b 0 3 1000                   each blossom: begin, end, z
 *     o 0                          each listed node
 *     end
 *
 * or, with `trio 3 1` (people, groups), a line for each person: number, group or -, price, id;
 * or, with `assign 2 2 1` (tasks, learners, helpers), one for each learner (number, q, id), helper
 * (number, y, id) and task (number, learner, helper or -, p, skill).
 * Numbers start at 0.  In ids, bytes below 32, 127 and '%' are written as % and two digits.
 * ERR_INVALID when a word is not one or a count is negative; otherwise failures stay in `buf`. */
MUST_CHECK enum err match_certificate_write(const struct match_certificate *certificate,
                                            struct buf *buf);

/* Where and why a text is not a certificate; line and column (in bytes) from 1. */
struct match_certificate_error {
    int64_t line, column;
    char expected[64]; /* "a number from 0 to 3" */
};

/* Reads a text back.  Strict: exactly what match_certificate_write writes and nothing else.  Checks
 * shape and ranges of indices only, not that it proves anything: verify.h does.  The certificate
 * and its texts live in `arena`, at most about 100 bytes for each line.  ERR_INVALID with `error`
 * filled, or ERR_NOMEM with nothing left in `arena`. */
MUST_CHECK enum err match_certificate_read(struct arena *arena, struct str text,
                                           struct match_certificate **certificate,
                                           struct match_certificate_error *error);

#endif
