/* dense.h against naive arithmetic on random positive definite matrices. */
#include "zone/dense.h"

#include "base/rng.h"
#include "tap.h"

enum { MOST = 96 };

struct matrices {
    double full[MOST][MOST], inverse[MOST][MOST];
    double front[MOST * (MOST + 8)], cov[MOST * (MOST + 8)], work[12 * (MOST + 8) + 4];
};

static void random_matrix(struct matrices *m, size_t n, struct rng *rng)
{
    static double root[MOST][MOST];
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            root[i][j] = rng_normal(rng);
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            m->full[i][j] = i == j ? 1 : 0;
            for (size_t k = 0; k < n; k++) {
                m->full[i][j] += root[i][k] * root[j][k];
            }
        }
    }
}

/* Gauss-Jordan without pivoting. */
static void naive_inverse(struct matrices *m, size_t n)
{
    memcpy(m->inverse, m->full, sizeof m->full);
    for (size_t k = 0; k < n; k++) {
        double d = m->inverse[k][k];
        m->inverse[k][k] = 1;
        for (size_t j = 0; j < n; j++) {
            m->inverse[k][j] /= d;
        }
        for (size_t i = 0; i < n; i++) {
            double c = m->inverse[i][k];
            if (i != k) {
                m->inverse[i][k] = 0;
                for (size_t j = 0; j < n; j++) {
                    m->inverse[i][j] -= c * m->inverse[k][j];
                }
            }
        }
    }
}

static void load(struct matrices *m, size_t n, size_t stride)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < stride; j++) {
            m->front[i * stride + j] =
                j >= i && j < n ? m->full[i][j] : -7e300; /* not to be read */
        }
    }
}

static double worst_schur(struct matrices *m, size_t n_own, size_t n, size_t stride)
{
    /* The Schur complement is the inverse of the inverse's trailing block. */
    double worst = 0;
    for (size_t i = n_own; i < n; i++) {
        for (size_t j = n_own; j < n; j++) {
            double sum = 0;
            for (size_t k = n_own; k < n; k++) {
                double s = k >= i ? m->front[i * stride + k] : m->front[k * stride + i];
                sum += s * m->inverse[k][j];
            }
            worst = fmax(worst, fabs(sum - (i == j)));
        }
    }
    return worst;
}

static void test_front(struct matrices *m, size_t n_own, size_t n, struct rng *rng)
{
    size_t stride = dense_stride(n);
    random_matrix(m, n, rng);
    naive_inverse(m, n);
    load(m, n, stride);
    bool sound = dense_eliminate(m->front, n_own, n, n, stride);
    tap_ok(sound && worst_schur(m, n_own, n, stride) < 1e-9, "%d of %d: Schur complement",
           (int)n_own, (int)n);

    /* Solve H x = b: forward here, the boundary by the known inverse, backward here. */
    double b[MOST], x[MOST], expected[MOST], worst = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = b[i] = rng_normal(rng);
    }
    for (size_t i = 0; i < n; i++) {
        expected[i] = 0;
        for (size_t j = 0; j < n; j++) {
            expected[i] += m->inverse[i][j] * b[j];
        }
    }
    dense_forward(m->front, n_own, n, stride, x);
    memcpy(x + n_own, expected + n_own, (n - n_own) * sizeof *x);
    dense_backward(m->front, n_own, n, stride, x);
    for (size_t i = 0; i < n; i++) {
        worst = fmax(worst, fabs(x[i] - expected[i]));
    }
    tap_near(worst, 0, 1e-9, "solution");

    for (size_t i = n_own; i < n; i++) {
        for (size_t j = n_own; j < n; j++) {
            m->cov[i * stride + j] = m->inverse[i][j];
        }
    }
    dense_covariance(m->front, n_own, n, stride, m->cov, stride, m->work);
    worst = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            worst = fmax(worst, fabs(m->cov[i * stride + j] - m->inverse[i][j]));
        }
    }
    tap_near(worst, 0, 1e-9, "selected inverse equals the full one");
}

/* Against the general one, whatever stands in the boundary; runs of 1 to 6 variables. */
static void test_blocks(struct matrices *m, size_t n_own, size_t n, struct rng *rng)
{
    static double general[MOST * (MOST + 8)];
    uint32_t end[MOST] = {0};
    size_t stride = dense_stride(n), n_boundary = n - n_own;
    double worst = 0;
    random_matrix(m, n, rng);
    load(m, n, stride);
    bool sound = dense_eliminate(m->front, n_own, n_own, n, stride);
    memset(m->cov, 0, sizeof m->cov);
    for (size_t a = 0; a < n_boundary;) {
        size_t last = a + 1 + rng_below(rng, 6);
        last = last < n_boundary ? last : n_boundary;
        for (size_t i = a; i < last; i++) {
            end[i] = (uint32_t)last;
            for (size_t j = a; j <= i; j++) {
                m->cov[(n_own + i) * stride + n_own + j] =
                    m->cov[(n_own + j) * stride + n_own + i] = rng_normal(rng) + 9 * (i == j);
            }
        }
        a = last;
    }
    memcpy(general, m->cov, sizeof general);
    dense_covariance(m->front, n_own, n, stride, general, stride, m->work);
    dense_covariance_blocks(m->front, n_own, n, stride, m->cov, stride, end, m->work);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            double c = general[i * stride + j];
            worst = fmax(worst, fabs(m->cov[i * stride + j] - c) / (1 + fabs(c)));
        }
    }
    tap_ok(sound && worst < 1e-9, "%d of %d: a block diagonal boundary (%g)", (int)n_own, (int)n,
           worst);
}

static void test_kernels(struct rng *rng)
{
    double x[5][64], y[64], z[64], c[5], worst = 0, worst_dot = 0;
    for (size_t n = 0; n < 60; n++) {
        for (size_t rows = 0; rows <= 5; rows++) {
            double sum = 0;
            for (size_t i = 0; i < rows; i++) {
                c[i] = rng_normal(rng);
            }
            for (size_t j = 0; j < 64; j++) {
                y[j] = z[j] = rng_normal(rng);
                for (size_t i = 0; i < rows; i++) {
                    x[i][j] = rng_normal(rng);
                    z[j] -= j < n ? c[i] * x[i][j] : 0;
                }
                sum += rows && j < n ? x[0][j] * z[j] : 0;
            }
            dense_subtract_rows(y, c, rows, x[0], 64, n);
            for (size_t j = 0; j < 64; j++) {
                worst = fmax(worst, fabs(y[j] - z[j]));
            }
            if (rows) {
                worst_dot = fmax(worst_dot, fabs(dense_dot(x[0], z, n) - sum));
            }
        }
    }
    tap_near(worst, 0, 1e-12, "subtracting rows, all lengths, nothing beyond them");
    tap_near(worst_dot, 0, 1e-12, "dot products of all lengths");
}

static void test_square(struct rng *rng)
{
    static float w[11][64];
    double x[64], y[64], z[64], worst = 0;
    for (size_t n = 0; n < 60; n++) {
        for (size_t rows = 0; rows <= 11; rows++) {
            for (size_t j = 0; j < 64; j++) {
                x[j] = rng_normal(rng);
                y[j] = z[j] = rng_normal(rng);
                for (size_t i = 0; i < 11; i++) {
                    w[i][j] = (float)rng_normal(rng);
                }
            }
            for (size_t i = 0; i < rows; i++) {
                double sum = 0;
                for (size_t j = 0; j < n; j++) {
                    sum += (double)w[i][j] * x[j];
                }
                for (size_t j = 0; j < n; j++) {
                    z[j] -= (double)w[i][j] * sum;
                }
            }
            dense_subtract_square(y, w[0], rows, 64, x, n);
            for (size_t j = 0; j < 64; j++) {
                worst = fmax(worst, fabs(y[j] - z[j]));
            }
        }
    }
    tap_near(worst, 0, 1e-9, "subtracting the square of rows, all lengths, nothing beyond them");
}

int main(void)
{
    static struct matrices m;
    struct rng rng = rng_seed(3);
    static const size_t sizes[][2] = {{0, 5},   {1, 1},   {1, 9},   {3, 3},   {4, 11},
                                      {5, 38},  {13, 40}, {17, 17}, {32, 65}, {61, 61},
                                      {63, 95}, {96, 96}, {2, 31},  {7, 30}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        test_front(&m, sizes[k][0], sizes[k][1], &rng);
        test_blocks(&m, sizes[k][0], sizes[k][1], &rng);
    }
    test_kernels(&rng);
    test_square(&rng);
    double singular[4] = {1, 1, 0, 1}; /* [1 1; 1 1], stride 2 */
    tap_ok(!dense_eliminate(singular, 2, 2, 2, 2), "a singular pivot is reported");
    tap_ok(singular[3] > 1e5, "and frozen");
    return tap_done();
}
