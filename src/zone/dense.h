/* Small dense symmetric matrices: elimination and selected inversion, the arithmetic of fronts.
 *
 * A front with n variables, of which the first n_own are its own, is stored by rows, upper triangle
 * only, `stride` >= n doubles per row.  Elimination leaves in the own rows the Cholesky factor U
 * (H = U'U on the own block) and W = U^-T H_ob right of it; the rows below become the Schur
 * complement.  Operations run in a fixed order, element by element, so that the bits are the same
 * with any vector width. */
#ifndef DUET_ZONE_DENSE_H
#define DUET_ZONE_DENSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows are padded to a multiple of 4. */
static inline size_t dense_stride(size_t n)
{
    return (n + 3u) & ~(size_t)3u;
}

/* Eliminates the first n_own variables of a front of which `n_rows` >= n_own rows are present
 * (n_own: panel only; n: with the Schur complement).  A pivot that is not above 1e-12 is replaced
 * by 1e12, which freezes the variable; returns false when that happened.  n_own^2 n_rows flops. */
bool dense_eliminate(double *matrix, size_t n_own, size_t n_rows, size_t n, size_t stride);

/* x := U^-T x on the first n_own elements of x, then the others minus W' x: the forward half. */
void dense_forward(const double *matrix, size_t n_own, size_t n, size_t stride, double *x);

/* The backward half: given the boundary part of x, x_own := U^-1 (x_own - W x_boundary). */
void dense_backward(const double *matrix, size_t n_own, size_t n, size_t stride, double *x);

/* Selected inversion.  `cov` (n x n, full, stride_cov) holds the covariance of the boundary in rows
 * and columns n_own .. n - 1; fills the own rows and columns.  `work`: 4 * stride doubles. */
void dense_covariance(const double *matrix, size_t n_own, size_t n, size_t stride, double *cov,
                      size_t stride_cov, double *work);

/* The same where the boundary's covariance is block diagonal: that of its variable b is 0 with
 * those from end[b] on, and end[b] is the same for all of a block.  Zeroes must stand there.
 * `work`: 12 * stride doubles. */
void dense_covariance_blocks(const double *matrix, size_t n_own, size_t n, size_t stride,
                             double *cov, size_t stride_cov, const uint32_t *end, double *work);

/* y -= c x and the dot product, n elements. */
void dense_subtract(double *y, double c, const double *x, size_t n);
double dense_dot(const double *x, const double *y, size_t n);

/* y -= sum of c[i] times row i of x, in this order, n elements. */
void dense_subtract_rows(double *y, const double *c, size_t n_rows, const double *x, size_t stride,
                         size_t n);

/* y -= W'W x, where W has n_rows rows of n floats. */
void dense_subtract_square(double *y, const float *w, size_t n_rows, size_t stride, const double *x,
                           size_t n);

/* out (4 rows of m, stride) -= r (4 rows) times the full symmetric m x m matrix c. */
void dense_multiply4(double *out, const double *r, size_t stride, const double *c, size_t stride_c,
                     size_t m);

#endif
