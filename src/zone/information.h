/* What the data tell of the variances of families: Fisher's information on their logarithms.
 *
 * With C the posterior covariance of all effects and v_k the variance of family k,
 *     I_kl = sum over effects i of k and j of l of (delta_ij - C_ij / sqrt(v_k v_l))^2,
 * twice the usual one.  Of the sum, the pairs that meet in a front or in a block of global effects
 * are taken; that changes how fast variances are found, not what is found.
 *
 * One number per family says what EM's step leaves to be done when no other family answers for the
 * same ratings; where two do (a person's skill and that day's lesson, a rater and his use of a
 * skill), only the matrix does. */
#ifndef DUET_ZONE_INFORMATION_H
#define DUET_ZONE_INFORMATION_H

#include <stddef.h>
#include <stdint.h>

#define INFORMATION_MAX 16  /* families */
#define INFORMATION_NONE -1 /* the slot of a family whose variance is not sought */

struct information {
    double square[INFORMATION_MAX][INFORMATION_MAX]; /* sums of C_ij^2, by slots of families */
};

/* Adds a front: the pairs of its n_own own effects among themselves and with the other ones of n.
 * `slot`: of each effect's family.  Rows of `cov` from the diagonal on are read. */
void information_add(struct information *to, const int8_t *slot, const double *cov, size_t stride,
                     size_t n_own, size_t n);

void information_join(struct information *to, const struct information *from);

/* Of one family.  Given: 1 / v; the sum of C_ii over its effects; their number and the
 * pseudo-levels of the prior; what EM would add to the logarithm of v.  Found: the step in that
 * logarithm which leads to the fixed point, and its standard error. */
struct information_family {
    double precision, trace, weight, residual;
    double step, error;
};

/* Finds the steps and errors of n families, in the order of their slots.  `least`: no family is
 * taken to be known by less than this share of its weight. */
void information_solve(const struct information *information, struct information_family *family,
                       int n, double least);

#endif
