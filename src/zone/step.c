/* Four lanes of one vector; every operation is element by element. */
#include "zone/step.h"

#include "base/clones.h"
#include "zone/lanes.h"

#include <math.h>
#include <string.h>

#define ROOT3 1.7320508075688772
#define SD_MOST 5.0

/* The largest |z| for which a product of K exponentials at the outer node stays finite. */
static double logit_most(int n_steps)
{
    return 640.0 / n_steps - 9.0;
}

static void clamp(struct step_cells *cells, int n_steps)
{
    double most = logit_most(n_steps);
    for (int l = 0; l < STEP_LANES; l++) {
        cells->sd[l] = cells->sd[l] < SD_MOST ? cells->sd[l] : SD_MOST;
        for (int j = 0; j < n_steps; j++) {
            double z = cells->z[j][l];
            cells->z[j][l] = z > most ? most : z < -most ? -most : z;
        }
    }
}

/* Adds weight * (t, t_l (1 - t_j)) at step exponentials e * shift. */
static inline __attribute__((always_inline)) void
add_node(const lanes *e, const lanes *shift, int n_steps, double weight, lanes *t_sum, lanes *h_sum)
{
    lanes below[STEP_MAX], t[STEP_MAX], a = {1, 1, 1, 1}, total = {1, 1, 1, 1};
    for (int j = 0; j < n_steps; j++) {
        below[j] = total;
        a = a * (e[j] * *shift);
        t[j] = a;
        total += a;
    }
    lanes inverse = 1.0 / total, above = total * 0.0;
    for (int j = n_steps; j-- > 0;) {
        above += t[j];
        t[j] = above * inverse;
        below[j] = below[j] * inverse;
        t_sum[j] += t[j] * weight;
    }
    int at = 0;
    for (int j = 0; j < n_steps; j++) {
        lanes u = below[j] * weight;
        for (int l = j; l < n_steps; l++) {
            h_sum[at++] += t[l] * u;
        }
    }
}

static inline __attribute__((always_inline)) void evaluate(struct step_cells *cells, int n_steps,
                                                           bool mode)
{
    lanes e[STEP_MAX], t[STEP_MAX], h[STEP_PAIRS(STEP_MAX)], n, one = {1, 1, 1, 1};
    int n_pairs = STEP_PAIRS(n_steps);
    memcpy(e, cells->z, (size_t)n_steps * sizeof *e);
    for (int j = 0; j < n_steps; j++) {
        lanes_exp(&e[j]);
    }
    memset(t, 0, (size_t)n_steps * sizeof *t);
    memset(h, 0, (size_t)n_pairs * sizeof *h);
    if (mode) {
        add_node(e, &one, n_steps, 1.0, t, h);
    } else {
        lanes up;
        memcpy(&up, cells->sd, sizeof up);
        up = up * ROOT3;
        lanes_exp(&up);
        lanes down = 1.0 / up;
        add_node(e, &down, n_steps, 1.0 / 6.0, t, h);
        add_node(e, &one, n_steps, 2.0 / 3.0, t, h);
        add_node(e, &up, n_steps, 1.0 / 6.0, t, h);
    }
    memcpy(&n, cells->n, sizeof n);
    for (int j = 0; j < n_steps; j++) {
        lanes at_least;
        memcpy(&at_least, cells->at_least[j], sizeof at_least);
        at_least -= n * t[j];
        memcpy(cells->gradient[j], &at_least, sizeof at_least);
    }
    for (int p = 0; p < n_pairs; p++) {
        h[p] = h[p] * n;
    }
    memcpy(cells->hessian, h, (size_t)n_pairs * sizeof *h);
}

/* The common cases with a known trip count, so that everything stays in registers. */
VECTOR_CLONES static void dispatch(struct step_cells *cells, int n_steps, bool mode)
{
    switch (n_steps) {
    case 1:
        evaluate(cells, 1, mode);
        break;
    case 3:
        evaluate(cells, 3, mode);
        break;
    default:
        evaluate(cells, n_steps, mode);
        break;
    }
}

void step_evaluate(struct step_cells *cells, int n_steps, bool mode)
{
    clamp(cells, n_steps);
    dispatch(cells, n_steps, mode);
}

void step_probabilities(const double *z, double sd, int n_steps, bool mode, double *probability)
{
    struct step_cells cells = {.sd = {sd}, .n = {1}};
    for (int j = 0; j < n_steps; j++) {
        cells.z[j][0] = z[j];
    }
    step_evaluate(&cells, n_steps, mode);
    double above = 1.0;
    for (int j = 0; j < n_steps; j++) {
        double reach = -cells.gradient[j][0]; /* at_least = 0: gradient is -E[t] */
        probability[j] = above - reach > 1e-12 ? above - reach : 1e-12;
        above = reach;
    }
    probability[n_steps] = above > 1e-12 ? above : 1e-12;
}

void step_contrasts(int n_steps, double *contrast)
{
    double centre = (n_steps - 1) / 2.0;
    for (int a = 0; a + 1 < n_steps; a++) {
        double *row = contrast + a * n_steps, square = 0, sum = 0;
        for (int j = 0; j < n_steps; j++) {
            row[j] = (a ? row[j - n_steps] : 1.0) * (j - centre);
            sum += row[j];
        }
        for (int j = 0; j < n_steps; j++) {
            row[j] -= sum / n_steps;
        }
        for (int b = 0; b < a; b++) {
            const double *other = contrast + b * n_steps;
            double dot = 0;
            for (int j = 0; j < n_steps; j++) {
                dot += row[j] * other[j];
            }
            for (int j = 0; j < n_steps; j++) {
                row[j] -= dot * other[j];
            }
        }
        for (int j = 0; j < n_steps; j++) {
            square += row[j] * row[j];
        }
        for (int j = 0; j < n_steps; j++) {
            row[j] /= sqrt(square);
        }
    }
}
