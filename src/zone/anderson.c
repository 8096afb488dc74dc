/* Small normal equations with a ridge, solved by elimination. */
#include "zone/anderson.h"

#include <string.h>

#define RIDGE 1e-8

void anderson_forget(struct anderson *a)
{
    a->n_steps = a->started = 0;
}

static void remember(struct anderson *a, int n, const double *x, const double *f)
{
    if (a->started && a->n == n) {
        memmove(a->dx[1], a->dx[0], (ANDERSON_DEPTH - 1) * sizeof a->dx[0]);
        memmove(a->df[1], a->df[0], (ANDERSON_DEPTH - 1) * sizeof a->df[0]);
        for (int i = 0; i < n; i++) {
            a->dx[0][i] = x[i] - a->x[i];
            a->df[0][i] = f[i] - a->f[i];
        }
        a->n_steps += a->n_steps < ANDERSON_DEPTH;
    } else {
        a->n_steps = 0;
    }
    a->n = n;
    a->started = 1;
    memcpy(a->x, x, (size_t)n * sizeof *x);
    memcpy(a->f, f, (size_t)n * sizeof *f);
}

/* gamma = argmin |f - sum gamma_k df_k|^2 + ridge. */
static void solve_weights(const struct anderson *a, const double *f, double *gamma)
{
    int m = a->n_steps;
    double h[ANDERSON_DEPTH][ANDERSON_DEPTH], trace = 0;
    for (int k = 0; k < m; k++) {
        gamma[k] = 0;
        for (int l = 0; l < m; l++) {
            h[k][l] = 0;
            for (int i = 0; i < a->n; i++) {
                h[k][l] += a->df[k][i] * a->df[l][i];
            }
        }
        for (int i = 0; i < a->n; i++) {
            gamma[k] += a->df[k][i] * f[i];
        }
        trace += h[k][k];
    }
    for (int k = 0; k < m; k++) {
        h[k][k] += RIDGE * trace + 1e-300;
    }
    for (int k = 0; k < m; k++) { /* positive definite: no pivoting */
        for (int r = k + 1; r < m; r++) {
            double c = h[r][k] / h[k][k];
            for (int l = k; l < m; l++) {
                h[r][l] -= c * h[k][l];
            }
            gamma[r] -= c * gamma[k];
        }
    }
    for (int k = m; k-- > 0;) {
        for (int l = k + 1; l < m; l++) {
            gamma[k] -= h[k][l] * gamma[l];
        }
        gamma[k] /= h[k][k];
    }
}

void anderson_step(struct anderson *a, int n, double *x, const double *f, double most)
{
    double gamma[ANDERSON_DEPTH];
    remember(a, n, x, f);
    solve_weights(a, f, gamma);
    for (int i = 0; i < n; i++) {
        double step = f[i];
        for (int k = 0; k < a->n_steps; k++) {
            step -= gamma[k] * (a->dx[k][i] + a->df[k][i]);
        }
        step = step > most ? most : step < -most ? -most : step;
        x[i] += step;
    }
}
