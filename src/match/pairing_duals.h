/* Slack of any pair under a proof's duals in O(log n): the blossoms that contain two people are the
 * intervals that cover both places in `order`, and since intervals nest, the sum of their duals is
 * the least, over the gaps between the places, of the sum over intervals covering that gap. */
#ifndef DUET_MATCH_PAIRING_DUALS_H
#define DUET_MATCH_PAIRING_DUALS_H

#include "base/err.h"
#include "match/certificate.h"

#include <stdint.h>

struct arena;

struct match_pairing_duals {
    const int64_t *y;
    int32_t *place; /* in order, -1: in no blossom */
    int64_t *least; /* a tree of minima: least[n_gaps + g] is gap g, least[k] = min of 2k, 2k+1 */
    int32_t n_gaps;
};

/* Borrows proof->y.  ERR_NOMEM. */
MUST_CHECK enum err match_pairing_duals_make(struct arena *arena,
                                             const struct match_pair_proof *proof,
                                             struct match_pairing_duals *duals);

/* A match_slack_fn; `duals` is a struct match_pairing_duals. */
int64_t match_pairing_duals_slack(const void *duals, int32_t u, int32_t v, int64_t w);

#endif
