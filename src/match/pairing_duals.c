/* The slack of any pair (pairing_duals.h). */
#include "match/pairing_duals.h"

#include "base/arena.h"
#include "match/source.h"

enum err match_pairing_duals_make(struct arena *arena, const struct match_pair_proof *proof,
                                  struct match_pairing_duals *duals)
{
    int32_t n_gaps = proof->n_order > 0 ? proof->n_order - 1 : 0;
    int32_t *place = arena_alloc(arena, (size_t)proof->n, sizeof *place);
    int64_t *least = arena_alloc(arena, 2 * (size_t)n_gaps + 1, sizeof *least);
    if (!place || !least) {
        return ERR_NOMEM;
    }
    for (int32_t v = 0; v < proof->n; v++) {
        place[v] = -1;
    }
    for (int32_t k = 0; k < proof->n_order; k++) {
        place[proof->order[k]] = k;
    }
    for (int32_t b = 0; b < proof->n_blossoms; b++) { /* differences: z from begin to end - 1 */
        least[n_gaps + proof->blossoms[b].begin] += proof->blossoms[b].z;
        least[n_gaps + proof->blossoms[b].end - 1] -= proof->blossoms[b].z;
    }
    for (int32_t g = 1; g < n_gaps; g++) {
        least[n_gaps + g] += least[n_gaps + g - 1];
    }
    for (int32_t k = n_gaps - 1; k > 0; k--) {
        int64_t a = least[2 * k], b = least[2 * k + 1];
        least[k] = a < b ? a : b;
    }
    *duals = (struct match_pairing_duals){proof->y, place, least, n_gaps};
    return ERR_OK;
}

int64_t match_pairing_duals_slack(const void *duals, int32_t u, int32_t v, int64_t w)
{
    const struct match_pairing_duals *d = duals;
    int64_t slack = d->y[u] + d->y[v] - MATCH_DUAL_SCALE * w;
    int32_t p = d->place[u], q = d->place[v];
    if (p < 0 || q < 0) {
        return slack;
    }
    if (p > q) {
        int32_t swap = p;
        p = q;
        q = swap;
    }
    int64_t z = INT64_MAX;
    for (int32_t a = p + d->n_gaps, b = q + d->n_gaps; a < b; a /= 2, b /= 2) {
        if (a % 2) {
            z = d->least[a] < z ? d->least[a] : z;
            a++;
        }
        if (b % 2) {
            b--;
            z = d->least[b] < z ? d->least[b] : z;
        }
    }
    return slack + (p < q ? z : 0);
}
