/* Small leaves: few effects of their own, few columns, no shapes.
 *
 * Most leaves of a large set are like this: a person's skill, seen once or twice.  A cell's
 * information is that of its predictor and its thresholds, 1 + K variables, so every row it adds is
 * one of 1 + K vectors or a multiple of the first; whole padded rows are added at once, both
 * triangles.  The results are those of cell.h and dense.h but for rounding. */
#ifndef DUET_ZONE_LEAF_H
#define DUET_ZONE_LEAF_H

#include <stdbool.h>
#include <stddef.h>

#define LEAF_COLUMNS 16 /* at most, padded */
#define LEAF_OWN 6      /* at most */

struct layout;
struct layout_leaf;

/* Whether this file can do a leaf with `stride` doubles in a row. */
bool leaf_is_small(const struct layout *lay, const struct layout_leaf *leaf, size_t stride);

/* Assembles a leaf from its cells' results (`size` doubles each, as cell.h says) and its own
 * effects' priors, and eliminates those: their rows of `matrix` and elements of `x` are then the
 * panel's, the other ones the Schur complement.  `alone`: the n columns are the people's,
 * thresholds stand still. */
void leaf_eliminate(const struct layout *lay, const struct layout_leaf *leaf, const double *result,
                    size_t size, const double *precision, const double *prior_gradient, bool alone,
                    size_t n, size_t stride, double *matrix, double *x);

/* Selected inversion, as dense_covariance() does it: `panel` holds the n_own rows, at `stride` like
 * `cov`, whose boundary part is filled. */
void leaf_spread(const double *panel, size_t n_own, size_t n, size_t stride, double *cov);

#endif
