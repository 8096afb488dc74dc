/* Kernels of dense.h: loops over rows that compilers vectorise element by element. */
#include "zone/dense.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"
#include "zone/lanes.h"

#define BLOCK 4u
#define PIVOT_LEAST 1e-12
#define PIVOT_FROZEN 1e12

VECTOR_CLONES static void fast_subtract(double *restrict y, double c, const double *restrict x,
                                        size_t n)
{
    for (size_t j = 0; j < n; j++) {
        y[j] -= c * x[j];
    }
}

/* Sixteen partial sums in a fixed order, whatever the vector width. */
VECTOR_CLONES static double fast_dot(const double *x, const double *y, size_t n)
{
    lanes sum[4] = {{0}}, u, v;
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        for (size_t k = 0; k < 4; k++) {
            memcpy(&u, x + j + 4 * k, sizeof u);
            memcpy(&v, y + j + 4 * k, sizeof v);
            sum[k] += u * v;
        }
    }
    for (; j + 4 <= n; j += 4) {
        memcpy(&u, x + j, sizeof u);
        memcpy(&v, y + j, sizeof v);
        sum[0] += u * v;
    }
    sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    double rest = 0;
    for (; j < n; j++) {
        rest += x[j] * y[j];
    }
    return ((sum[0][0] + sum[0][1]) + (sum[0][2] + sum[0][3])) + rest;
}

VECTOR_CLONES static void fast_subtract_rows(double *restrict y, const double *restrict c,
                                             size_t n_rows, const double *restrict x, size_t stride,
                                             size_t n)
{
    for (; n_rows >= 4; n_rows -= 4, c += 4, x += 4 * stride) {
        const double *restrict x1 = x + stride, *restrict x2 = x1 + stride,
                               *restrict x3 = x2 + stride;
        double c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
        for (size_t j = 0; j < n; j++) {
            y[j] = (((y[j] - c0 * x[j]) - c1 * x1[j]) - c2 * x2[j]) - c3 * x3[j];
        }
    }
    if (n_rows >= 2) {
        const double *restrict x1 = x + stride;
        double c0 = c[0], c1 = c[1];
        for (size_t j = 0; j < n; j++) {
            y[j] = (y[j] - c0 * x[j]) - c1 * x1[j];
        }
        n_rows -= 2;
        c += 2;
        x += 2 * stride;
    }
    if (n_rows) {
        double c0 = c[0];
        for (size_t j = 0; j < n; j++) {
            y[j] -= c0 * x[j];
        }
    }
}

typedef float floats __attribute__((vector_size(16)));

static inline __attribute__((always_inline)) void widen(lanes *to, const float *from)
{
    floats narrow;
    memcpy(&narrow, from, sizeof narrow);
    *to = __builtin_convertvector(narrow, lanes);
}

/* The square of up to four rows. */
static inline __attribute__((always_inline)) void square_rows(double *restrict y, const float *w,
                                                              size_t n_rows, size_t stride,
                                                              const double *x, size_t n)
{
    lanes sum[BLOCK] = {{0}}, u, v;
    double dot[BLOCK], rest[BLOCK] = {0};
    size_t whole = n & ~(size_t)3u;
    for (size_t j = 0; j < whole; j += 4) {
        memcpy(&u, x + j, sizeof u);
        for (size_t i = 0; i < n_rows; i++) {
            widen(&v, w + i * stride + j);
            sum[i] += u * v;
        }
    }
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = whole; j < n; j++) {
            rest[i] += x[j] * (double)w[i * stride + j];
        }
        dot[i] = ((sum[i][0] + sum[i][1]) + (sum[i][2] + sum[i][3])) + rest[i];
    }
    for (size_t j = 0; j < whole; j += 4) {
        memcpy(&u, y + j, sizeof u);
        for (size_t i = 0; i < n_rows; i++) {
            widen(&v, w + i * stride + j);
            u -= dot[i] * v;
        }
        memcpy(y + j, &u, sizeof u);
    }
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = whole; j < n; j++) {
            y[j] -= dot[i] * (double)w[i * stride + j];
        }
    }
}

VECTOR_CLONES static void fast_square(double *restrict y, const float *w, size_t n_rows,
                                      size_t stride, const double *x, size_t n)
{
    for (; n_rows >= BLOCK; n_rows -= BLOCK, w += BLOCK * stride) {
        square_rows(y, w, BLOCK, stride, x, n);
    }
    for (; n_rows > 0; n_rows--, w += stride) {
        square_rows(y, w, 1, stride, x, n);
    }
}

void dense_subtract_square(double *y, const float *w, size_t n_rows, size_t stride, const double *x,
                           size_t n)
{
    fast_square(y, w, n_rows, stride, x, n);
}

/* The exported names: clones are kept inside the file, as not every linker follows them outside. */
void dense_subtract(double *y, double c, const double *x, size_t n)
{
    fast_subtract(y, c, x, n);
}

double dense_dot(const double *x, const double *y, size_t n)
{
    return fast_dot(x, y, n);
}

void dense_subtract_rows(double *y, const double *c, size_t n_rows, const double *x, size_t stride,
                         size_t n)
{
    fast_subtract_rows(y, c, n_rows, x, stride, n);
}

/* Short vectors are cheaper in place. */
static inline double dot(const double *x, const double *y, size_t n)
{
    if (n >= 24) {
        return fast_dot(x, y, n);
    }
    double a = 0, b = 0;
    size_t j = 0;
    for (; j + 2 <= n; j += 2) {
        a += x[j] * y[j];
        b += x[j + 1] * y[j + 1];
    }
    return j < n ? a + b + x[j] * y[j] : a + b;
}

static inline void subtract(double *restrict y, double c, const double *restrict x, size_t n)
{
    if (n >= 24) {
        fast_subtract(y, c, x, n);
        return;
    }
    for (size_t j = 0; j < n; j++) {
        y[j] -= c * x[j];
    }
}

static inline void subtract_rows(double *restrict y, const double *restrict c, size_t n_rows,
                                 const double *restrict x, size_t stride, size_t n)
{
    if (n >= 24) {
        fast_subtract_rows(y, c, n_rows, x, stride, n);
        return;
    }
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = 0; j < n; j++) {
            y[j] -= c[i] * x[i * stride + j];
        }
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
            subtract(row + i, above[i], above + i, n - i);
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
            subtract_rows(row, c, n_block, source, stride, n - a);
        }
    }
    return sound;
}

void dense_forward(const double *matrix, size_t n_own, size_t n, size_t stride, double *x)
{
    for (size_t i = 0; i < n_own; i++) {
        const double *row = matrix + i * stride;
        x[i] /= row[i];
        subtract(x + i + 1, x[i], row + i + 1, n - i - 1);
    }
}

void dense_backward(const double *matrix, size_t n_own, size_t n, size_t stride, double *x)
{
    for (size_t i = n_own; i-- > 0;) {
        const double *row = matrix + i * stride;
        x[i] = (x[i] - dot(row + i + 1, x + i + 1, n - i - 1)) / row[i];
    }
}

/* Tiles of 4 x 8 results stay in registers while k runs. */
VECTOR_CLONES static void fast_multiply4(double *restrict out, const double *restrict r,
                                         size_t stride, const double *restrict c, size_t stride_c,
                                         size_t m)
{
    size_t j = 0;
    for (; j + 8 <= m; j += 8) {
        lanes o[4][2], u, v;
        for (int i = 0; i < 4; i++) {
            memcpy(o[i], out + (size_t)i * stride + j, sizeof o[i]);
        }
        for (size_t k = 0; k < m; k++) {
            memcpy(&u, c + k * stride_c + j, sizeof u);
            memcpy(&v, c + k * stride_c + j + 4, sizeof v);
            for (size_t i = 0; i < 4; i++) {
                double a = r[i * stride + k];
                o[i][0] -= a * u;
                o[i][1] -= a * v;
            }
        }
        for (int i = 0; i < 4; i++) {
            memcpy(out + (size_t)i * stride + j, o[i], sizeof o[i]);
        }
    }
    for (size_t k = 0; j < m && k < m; k++) {
        for (size_t i = 0; i < 4; i++) {
            for (size_t l = j; l < m; l++) {
                out[i * stride + l] -= r[i * stride + k] * c[k * stride_c + l];
            }
        }
    }
}

void dense_multiply4(double *out, const double *r, size_t stride, const double *c, size_t stride_c,
                     size_t m)
{
    fast_multiply4(out, r, stride, c, stride_c, m);
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
            subtract(r + i * stride, row[first + k], r + k * stride, m);
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
            fast_multiply4(rows, work, stride, known, stride_cov, m);
        } else {
            for (size_t i = 0; i < n_block; i++) {
                subtract_rows(rows + i * stride_cov, work + i * stride, m, known, stride_cov, m);
            }
        }
        for (size_t i = 0; i < n_block; i++) {
            double *row = rows + i * stride_cov;
            for (size_t j = 0; j <= i; j++) {
                double c =
                    cov[(first + i) * stride_cov + first + j] - dot(row, work + j * stride, m);
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

/* ---- the same with a block diagonal boundary: the block's rows side by side in lanes ---- */

/* What is known of the m variables behind the block: the first n_dense with everything, the others
 * by runs. */
struct known {
    const double *cov;
    size_t stride, m, n_dense;
    const uint32_t *end; /* of the others' runs, counted from n_dense */
};

/* out -= r times the known covariance. */
static inline __attribute__((always_inline)) void
multiply_known(lanes *restrict out, const lanes *restrict r, const struct known *known)
{
    size_t n_dense = known->n_dense, m = known->m;
    for (size_t k = 0; k < n_dense; k++) {
        const double *row = known->cov + k * known->stride;
        lanes sum = out[k];
        for (size_t j = 0; j < n_dense; j++) {
            sum -= r[j] * row[j];
        }
        for (size_t j = n_dense; j < m; j++) {
            out[j] -= r[k] * row[j];
            sum -= r[j] * row[j];
        }
        out[k] = sum;
    }
    for (size_t a = n_dense; a < m;) {
        size_t end = n_dense + known->end[a - n_dense];
        for (size_t j = a; j < end; j++) {
            const double *row = known->cov + j * known->stride;
            lanes sum = out[j];
            for (size_t k = a; k < end; k++) {
                sum -= r[k] * row[k];
            }
            out[j] = sum;
        }
        a = end;
    }
}

/* From R in `work` (rows of `stride`) to the block's covariances with itself, at `own`, and with
 * what is known, right of it and below. */
VECTOR_CLONES static void spread_block(double *work, size_t stride, size_t n_block,
                                       const struct known *known, double *own, double *right,
                                       double *below, size_t stride_cov)
{
    size_t m = known->m;
    lanes *r = (lanes *)(void *)(work + BLOCK * stride), *out = r + m;
    lanes self[BLOCK];
    for (size_t i = 0; i < BLOCK; i++) {
        self[i] = (lanes){0};
    }
    for (size_t j = 0; j < m; j++) {
        for (size_t i = 0; i < BLOCK; i++) {
            r[j][i] = i < n_block ? work[i * stride + j] : 0;
        }
        out[j] = r[j] * 0.0;
    }
    multiply_known(out, r, known);
    for (size_t j = 0; j < m; j++) {
        for (size_t i = 0; i < BLOCK; i++) {
            self[i] -= out[j] * r[j][i];
        }
        for (size_t i = 0; i < n_block; i++) {
            below[j * stride_cov + i] = right[i * stride_cov + j] = out[j][i];
        }
    }
    for (size_t i = 0; i < n_block; i++) {
        for (size_t j = 0; j <= i; j++) {
            double c = own[i * stride_cov + j] + self[j][i];
            own[i * stride_cov + j] = own[j * stride_cov + i] = c;
        }
    }
}

void dense_covariance_blocks(const double *matrix, size_t n_own, size_t n, size_t stride,
                             double *cov, size_t stride_cov, const uint32_t *end, double *work)
{
    work += (32 - (uintptr_t)work % 32) % 32 / sizeof *work; /* lanes are aligned */
    for (size_t last = n_own; last > 0;) {
        size_t first = (last - 1) / BLOCK * BLOCK, n_block = last - first;
        struct known known = {cov + last * stride_cov + last, stride_cov, n - last, n_own - last,
                              end};
        block_solve(matrix, first, n_block, n, stride, work);
        block_inverse(matrix, first, n_block, stride, cov, stride_cov);
        spread_block(work, stride, n_block, &known, cov + first * stride_cov + first,
                     cov + first * stride_cov + last, cov + last * stride_cov + first, stride_cov);
        last = first;
    }
}
