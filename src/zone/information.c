/* Sums and one small system; see information.h. */
#include "zone/information.h"

#include <math.h>
#include <string.h>

void information_add(struct information *to, const int8_t *slot, const double *cov, size_t stride,
                     size_t n_own, size_t n)
{
    for (size_t i = 0; i < n_own; i++) {
        const double *row = cov + i * stride;
        if (slot[i] < 0) {
            continue;
        }
        double *square = to->square[slot[i]];
        square[slot[i]] += row[i] * row[i];
        for (size_t j = i + 1; j < n; j++) {
            if (slot[j] >= 0) {
                square[slot[j]] += row[j] * row[j];
                to->square[slot[j]][slot[i]] += row[j] * row[j];
            }
        }
    }
}

void information_join(struct information *to, const struct information *from)
{
    for (int k = 0; k < INFORMATION_MAX; k++) {
        for (int l = 0; l < INFORMATION_MAX; l++) {
            to->square[k][l] += from->square[k][l];
        }
    }
}

typedef double square_matrix[INFORMATION_MAX][INFORMATION_MAX];

/* The information, with its prior's share on the diagonal. */
static void fill(const struct information *information, const struct information_family *family,
                 int n, double least, square_matrix a)
{
    for (int k = 0; k < n; k++) {
        const struct information_family *f = &family[k];
        for (int l = 0; l < n; l++) {
            a[k][l] = information->square[k][l] * f->precision * family[l].precision;
        }
        a[k][k] += f->weight - 2 * f->trace * f->precision;
        a[k][k] = a[k][k] > least * f->weight ? a[k][k] : least * f->weight;
    }
}

/* Cholesky's factor, lower, in place.  Pairs are missing from the sums: a pivot that they leave too
 * small is raised. */
static void factor(square_matrix a, const struct information_family *family, int n, double least)
{
    for (int k = 0; k < n; k++) {
        for (int l = 0; l <= k; l++) {
            double sum = a[k][l];
            for (int i = 0; i < l; i++) {
                sum -= a[k][i] * a[l][i];
            }
            double floor = least * family[k].weight;
            a[k][l] = l < k ? sum / a[l][l] : sqrt(sum > floor ? sum : floor);
        }
    }
}

static void solve(square_matrix a, int n, double *x)
{
    for (int k = 0; k < n; k++) {
        for (int i = 0; i < k; i++) {
            x[k] -= a[k][i] * x[i];
        }
        x[k] /= a[k][k];
    }
    for (int k = n; k-- > 0;) {
        for (int i = k + 1; i < n; i++) {
            x[k] -= a[i][k] * x[i];
        }
        x[k] /= a[k][k];
    }
}

void information_solve(const struct information *information, struct information_family *family,
                       int n, double least)
{
    square_matrix a;
    double x[INFORMATION_MAX];
    fill(information, family, n, least, a);
    factor(a, family, n, least);
    for (int k = 0; k < n; k++) {
        x[k] = family[k].weight * family[k].residual;
    }
    solve(a, n, x);
    for (int k = 0; k < n; k++) {
        family[k].step = x[k];
    }
    for (int k = 0; k < n; k++) {
        memset(x, 0, sizeof x);
        x[k] = 1;
        solve(a, n, x);
        family[k].error = sqrt(2 * x[k]);
    }
}
