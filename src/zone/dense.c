/* Kernels of dense.h: loops over rows that compilers vectorise element by element. */
#include "zone/dense.h"

#include <math.h>
#include <string.h>

#include "zone/clones.h"

#define BLOCK 4u
#define PIVOT_LEAST 1e-12
#define PIVOT_FROZEN 1e12

VECTOR_CLONES void dense_subtract(double *restrict y, double c, const double *restrict x, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        y[j] -= c * x[j];
    }
}

/* Four partial sums in a fixed order, whatever the vector width. */
double dense_dot(const double *x, const double *y, size_t n)
{
    double s[4] = {0, 0, 0, 0};
    size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        s[0] += x[j] * y[j];
        s[1] += x[j + 1] * y[j + 1];
        s[2] += x[j + 2] * y[j + 2];
        s[3] += x[j + 3] * y[j + 3];
    }
    for (; j < n; j++) {
        s[0] += x[j] * y[j];
    }
    return (s[0] + s[1]) + (s[2] + s[3]);
}

/* y -= c[0] x0 + c[1] x1 + c[2] x2 + c[3] x3, in this order for each element. */
VECTOR_CLONES static void subtract4(double *restrict y, const double *restrict c,
                                    const double *restrict x, size_t stride, size_t n)
{
    const double *restrict x0 = x, *restrict x1 = x + stride, *restrict x2 = x + 2 * stride,
                           *restrict x3 = x + 3 * stride;
    double c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
    for (size_t j = 0; j < n; j++) {
        y[j] = (((y[j] - c0 * x0[j]) - c1 * x1[j]) - c2 * x2[j]) - c3 * x3[j];
    }
}

/* Factors `n_block` rows from row `first` on, to the end of the rows. */
static bool factor_rows(double *matrix, size_t first, size_t n_block, size_t n, size_t stride)
{
    bool sound = true;
    for (size_t i = first; i < first + n_block; i++) {
        double *row = matrix + i * stride;
        for (size_t k = first; k < i; k++) {
            const double *above = matrix + k * stride;
            dense_subtract(row + i, above[i], above + i, n - i);
        }
        double pivot = row[i];
        if (!(pivot > PIVOT_LEAST)) {
            pivot = PIVOT_FROZEN;
            sound = false;
        }
        double root = sqrt(pivot), inverse = 1.0 / root;
        row[i] = root;
        for (size_t j = i + 1; j < n; j++) {
            row[j] *= inverse;
        }
    }
    return sound;
}

bool dense_eliminate(double *matrix, size_t n_own, size_t n_rows, size_t n, size_t stride)
{
    bool sound = true;
    for (size_t i = 0; i < n_own; i += BLOCK) {
        size_t n_block = n_own - i < BLOCK ? n_own - i : BLOCK;
        sound &= factor_rows(matrix, i, n_block, n, stride);
        for (size_t a = i + n_block; a < n_rows; a++) {
            double c[BLOCK], *row = matrix + a * stride + a;
            const double *source = matrix + i * stride + a;
            for (size_t k = 0; k < n_block; k++) {
                c[k] = source[k * stride];
            }
            if (n_block == BLOCK) {
                subtract4(row, c, source, stride, n - a);
            } else {
                for (size_t k = 0; k < n_block; k++) {
                    dense_subtract(row, c[k], source + k * stride, n - a);
                }
            }
        }
    }
    return sound;
}

void dense_forward(const double *matrix, size_t n_own, size_t n, size_t stride, double *x)
{
    for (size_t i = 0; i < n_own; i++) {
        const double *row = matrix + i * stride;
        x[i] /= row[i];
        dense_subtract(x + i + 1, x[i], row + i + 1, n - i - 1);
    }
}

void dense_backward(const double *matrix, size_t n_own, size_t n, size_t stride, double *x)
{
    for (size_t i = n_own; i-- > 0;) {
        const double *row = matrix + i * stride;
        x[i] = (x[i] - dense_dot(row + i + 1, x + i + 1, n - i - 1)) / row[i];
    }
}

VECTOR_CLONES void dense_multiply4(double *restrict out, const double *restrict r, size_t stride,
                                   const double *restrict c, size_t stride_c, size_t m)
{
    double *restrict o0 = out, *restrict o1 = out + stride, *restrict o2 = out + 2 * stride,
                     *restrict o3 = out + 3 * stride;
    for (size_t k = 0; k < m; k++) {
        const double *restrict row = c + k * stride_c;
        double a = r[k], b = r[stride + k], d = r[2 * stride + k], e = r[3 * stride + k];
        for (size_t j = 0; j < m; j++) {
            double v = row[j];
            o0[j] -= a * v;
            o1[j] -= b * v;
            o2[j] -= d * v;
            o3[j] -= e * v;
        }
    }
}

/* R = U_II^-1 U_IJ for the block's rows; J is what lies right of the block. */
static void block_solve(const double *matrix, size_t first, size_t n_block, size_t n, size_t stride,
                        double *r)
{
    size_t m = n - first - n_block;
    for (size_t i = n_block; i-- > 0;) {
        const double *row = matrix + (first + i) * stride;
        memcpy(r + i * stride, row + first + n_block, m * sizeof *r);
        for (size_t k = i + 1; k < n_block; k++) {
            dense_subtract(r + i * stride, row[first + k], r + k * stride, m);
        }
        double inverse = 1.0 / row[first + i];
        for (size_t j = 0; j < m; j++) {
            r[i * stride + j] *= inverse;
        }
    }
}

/* The inverse of U_II' U_II, into the block's place in `cov`. */
static void block_inverse(const double *matrix, size_t first, size_t n_block, size_t stride,
                          double *cov, size_t stride_cov)
{
    double v[BLOCK][BLOCK] = {{0}};
    for (size_t j = 0; j < n_block; j++) {
        for (size_t i = j + 1; i-- > 0;) {
            const double *row = matrix + (first + i) * stride + first;
            double sum = i == j ? 1.0 : 0.0;
            for (size_t k = i + 1; k <= j; k++) {
                sum -= row[k] * v[k][j];
            }
            v[i][j] = sum / row[i];
        }
    }
    for (size_t i = 0; i < n_block; i++) {
        for (size_t j = 0; j < n_block; j++) {
            double sum = 0;
            for (size_t k = i > j ? i : j; k < n_block; k++) {
                sum += v[i][k] * v[j][k];
            }
            cov[(first + i) * stride_cov + first + j] = sum;
        }
    }
}

void dense_covariance(const double *matrix, size_t n_own, size_t n, size_t stride, double *cov,
                      size_t stride_cov, double *work)
{
    size_t end = n_own;
    while (end > 0) {
        size_t first = (end - 1) / BLOCK * BLOCK, n_block = end - first, m = n - end;
        block_solve(matrix, first, n_block, n, stride, work);
        block_inverse(matrix, first, n_block, stride, cov, stride_cov);
        const double *known = cov + end * stride_cov + end;
        double *rows = cov + first * stride_cov + end;
        for (size_t i = 0; i < n_block; i++) {
            memset(rows + i * stride_cov, 0, m * sizeof *rows);
        }
        if (n_block == BLOCK && stride == stride_cov) {
            dense_multiply4(rows, work, stride, known, stride_cov, m);
        } else {
            for (size_t i = 0; i < n_block; i++) {
                for (size_t k = 0; k < m; k++) {
                    dense_subtract(rows + i * stride_cov, work[i * stride + k],
                                   known + k * stride_cov, m);
                }
            }
        }
        for (size_t i = 0; i < n_block; i++) {
            double *row = rows + i * stride_cov;
            for (size_t j = 0; j <= i; j++) {
                double c = cov[(first + i) * stride_cov + first + j] -
                           dense_dot(row, work + j * stride, m);
                cov[(first + i) * stride_cov + first + j] = c;
                cov[(first + j) * stride_cov + first + i] = c;
            }
            for (size_t j = 0; j < m; j++) {
                cov[(end + j) * stride_cov + first + i] = row[j];
            }
        }
        end = first;
    }
}
