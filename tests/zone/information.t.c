/* What data tell of variances, against the definition and a matrix product. */
#include "zone/information.h"

#include "base/rng.h"

#include "tap.h"

#include <math.h>

#define EFFECTS 12
#define OWN 5
#define FAMILIES 3

struct case_ {
    double cov[EFFECTS][EFFECTS];
    int8_t slot[EFFECTS];
    double variance[FAMILIES], trace[FAMILIES], count[FAMILIES];
};

/* Any symmetric matrix less than the priors will do. */
static void draw(struct case_ *c, struct rng *rng)
{
    *c = (struct case_){0};
    for (int k = 0; k < FAMILIES; k++) {
        c->variance[k] = 0.2 + rng_unit(rng);
    }
    for (int i = 0; i < EFFECTS; i++) {
        c->slot[i] = (int8_t)(i % (FAMILIES + 1) - 1); /* some belong to none */
        for (int j = 0; j <= i; j++) {
            c->cov[i][j] = c->cov[j][i] = 0.05 * rng_normal(rng);
        }
        if (c->slot[i] >= 0) {
            c->cov[i][i] = c->variance[c->slot[i]] * (0.2 + 0.5 * rng_unit(rng));
            c->trace[c->slot[i]] += i < OWN ? c->cov[i][i] : 0;
            c->count[c->slot[i]] += i < OWN;
        }
    }
}

/* The definition, over the pairs with an own effect. */
static void define(const struct case_ *c, double pseudo, double a[FAMILIES][FAMILIES])
{
    for (int k = 0; k < FAMILIES; k++) {
        for (int l = 0; l < FAMILIES; l++) {
            a[k][l] = k == l ? pseudo : 0;
        }
    }
    for (int i = 0; i < EFFECTS; i++) {
        for (int j = 0; j < EFFECTS; j++) {
            int k = c->slot[i], l = c->slot[j];
            if (k >= 0 && l >= 0 && (i < OWN || j < OWN)) {
                double part = (i == j) - c->cov[i][j] / sqrt(c->variance[k] * c->variance[l]);
                a[k][l] += part * part;
            }
        }
    }
}

static double largest_error(const struct case_ *c, struct rng *rng)
{
    const double pseudo = 4;
    struct information information = {0}, sum = {0};
    struct information_family family[FAMILIES];
    double a[FAMILIES][FAMILIES], most = 0;
    information_add(&information, c->slot, c->cov[0], EFFECTS, OWN, EFFECTS);
    information_join(&sum, &information);
    for (int k = 0; k < FAMILIES; k++) {
        family[k] = (struct information_family){.precision = 1 / c->variance[k],
                                                .trace = c->trace[k],
                                                .weight = c->count[k] + pseudo,
                                                .residual = rng_normal(rng)};
    }
    information_solve(&sum, family, FAMILIES, 1e-6);
    define(c, pseudo, a);
    for (int k = 0; k < FAMILIES; k++) {
        double back = 0;
        for (int l = 0; l < FAMILIES; l++) {
            back += a[k][l] * family[l].step;
        }
        most = fmax(most, fabs(back - family[k].weight * family[k].residual));
        /* The error's square is twice a diagonal element of the inverse: by Cramer's rule. */
        int p = (k + 1) % FAMILIES, q = (k + 2) % FAMILIES;
        double minor = a[p][p] * a[q][q] - a[p][q] * a[q][p];
        double det = a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
                     a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
                     a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
        most = fmax(most, fabs(family[k].error * family[k].error / (2 * minor / det) - 1));
    }
    return most;
}

int main(void)
{
    struct rng rng = rng_seed(3);
    struct case_ c;
    double most = 0;
    for (int n = 0; n < 200; n++) {
        draw(&c, &rng);
        most = fmax(most, largest_error(&c, &rng));
    }
    tap_ok(most < 1e-9, "steps and errors solve the system of the definition to %.1e", most);

    /* Two families whose effects cannot be told apart: nothing is known of the difference. */
    struct information flat = {.square = {{25, 25}, {25, 25}}};
    struct information_family pair[2] = {{.precision = 1, .trace = 50, .weight = 100},
                                         {.precision = 1, .trace = 50, .weight = 100}};
    pair[0].residual = 0.01;
    pair[1].residual = -0.01;
    information_solve(&flat, pair, 2, 0.05);
    /* The second pivot, 0, becomes 5; then 25 x + 25 y = 1 and 25 x + 30 y = -1. */
    tap_ok(fabs(pair[0].step - 0.44) < 1e-12 && fabs(pair[1].step + 0.4) < 1e-12,
           "a pivot that is nothing is raised: steps %.3f, %.3f", pair[0].step, pair[1].step);
    return tap_done();
}
