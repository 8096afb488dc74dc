/* anderson.h on linear maps with slow modes. */
#include "zone/anderson.h"

#include "base/rng.h"
#include "tap.h"

enum { N = 6 };

/* x -> A x + b with eigenvalues .97, .9, .5, .3, .1, 0 in a random basis; fixed point 1, 2, .. N.
 */
static void residual(double basis[N][N], const double *x, double *f)
{
    static const double eigen[N] = {.97, .9, .5, .3, .1, 0};
    memset(f, 0, N * sizeof *f);
    for (int k = 0; k < N; k++) {
        double along = 0;
        for (int i = 0; i < N; i++) {
            along += basis[k][i] * (x[i] - (i + 1));
        }
        for (int i = 0; i < N; i++) {
            f[i] += (eigen[k] - 1) * along * basis[k][i];
        }
    }
}

static double distance(const double *x)
{
    double most = 0;
    for (int i = 0; i < N; i++) {
        most = fmax(most, fabs(x[i] - (i + 1)));
    }
    return most;
}

int main(void)
{
    struct rng rng = rng_seed(2);
    double basis[N][N], x[N] = {0}, f[N];
    for (int k = 0; k < N; k++) { /* Gram-Schmidt */
        double square = 0;
        for (int i = 0; i < N; i++) {
            basis[k][i] = rng_normal(&rng);
        }
        for (int j = 0; j < k; j++) {
            double dot = 0;
            for (int i = 0; i < N; i++) {
                dot += basis[k][i] * basis[j][i];
            }
            for (int i = 0; i < N; i++) {
                basis[k][i] -= dot * basis[j][i];
            }
        }
        for (int i = 0; i < N; i++) {
            square += basis[k][i] * basis[k][i];
        }
        for (int i = 0; i < N; i++) {
            basis[k][i] /= sqrt(square);
        }
    }
    struct anderson anderson = {0};
    for (int round = 0; round < 15; round++) {
        residual(basis, x, f);
        anderson_step(&anderson, N, x, f, 100);
    }
    tap_near(distance(x), 0, 1e-3, "15 steps suffice where the plain map needs 300");

    double plain[N] = {0};
    anderson_forget(&anderson);
    residual(basis, plain, f);
    double expected[N];
    for (int i = 0; i < N; i++) {
        expected[i] = plain[i] + f[i];
    }
    anderson_step(&anderson, N, plain, f, 100);
    double worst = 0;
    for (int i = 0; i < N; i++) {
        worst = fmax(worst, fabs(plain[i] - expected[i]));
    }
    tap_near(worst, 0, 1e-15, "the first step after forgetting is the plain one");

    double before[N];
    memcpy(before, plain, sizeof before);
    residual(basis, plain, f);
    anderson_step(&anderson, N, plain, f, 0.01);
    worst = 0;
    for (int i = 0; i < N; i++) {
        worst = fmax(worst, fabs(plain[i] - before[i]));
    }
    tap_near(worst, 0.01, 1e-12, "no component moves by more than allowed");
    double none[1] = {0};
    anderson_step(&anderson, 0, none, none, 1);
    tap_ok(none[0] == 0, "no dimensions: nothing happens");
    return tap_done();
}
