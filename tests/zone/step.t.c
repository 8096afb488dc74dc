/* step.h against finite differences and direct sums with the C library. */
#include "zone/step.h"

#include "base/rng.h"
#include "tap.h"

/* E[log P(y)] by the same three nodes, for counts n_0 .. n_K. */
static double expected_log(const double *z, double sd, int k, const double *count, bool mode)
{
    double sum = 0;
    for (int node = -1; node <= 1; node++) {
        double weight = node ? 1 / 6.0 : 2 / 3.0, s = 0, top = 0, total = 0, terms[STEP_MAX + 1];
        if (mode) {
            weight = node ? 0 : 1;
        }
        for (int y = 0; y <= k; y++) {
            terms[y] = s;
            top = fmax(top, s);
            s += y < k ? z[y] + node * sqrt(3.0) * sd : 0;
        }
        for (int y = 0; y <= k; y++) {
            total += exp(terms[y] - top);
        }
        for (int y = 0; y <= k; y++) {
            sum += weight * count[y] * (terms[y] - top - log(total));
        }
    }
    return sum;
}

static struct step_cells cells;

static void test_derivatives(int k, bool mode, struct rng *rng)
{
    double count[STEP_LANES][STEP_MAX + 1], worst = 0, worst_hessian = 0;
    for (int l = 0; l < STEP_LANES; l++) {
        double above = 0;
        cells.sd[l] = rng_unit(rng) * 1.5;
        for (int y = k; y >= 0; y--) {
            count[l][y] = (double)rng_below(rng, 4);
            above += count[l][y];
            *(y ? &cells.at_least[y - 1][l] : &cells.n[l]) = above;
        }
        for (int j = 0; j < k; j++) {
            cells.z[j][l] = 2 * rng_normal(rng);
        }
    }
    struct step_cells at = cells;
    step_evaluate(&cells, k, mode);
    for (int l = 0; l < STEP_LANES; l++) {
        double z[STEP_MAX], h = 1e-4;
        for (int j = 0; j < k; j++) {
            z[j] = at.z[j][l];
        }
        for (int j = 0; j < k; j++) {
            double old = z[j];
            z[j] = old + h;
            double up = expected_log(z, at.sd[l], k, count[l], mode);
            z[j] = old - h;
            double down = expected_log(z, at.sd[l], k, count[l], mode);
            z[j] = old;
            worst = fmax(worst, fabs((up - down) / (2 * h) - cells.gradient[j][l]));
            for (int i = j; i < k; i++) {
                double cross = 0;
                for (int a = -1; a <= 1; a += 2) {
                    for (int b = -1; b <= 1; b += 2) {
                        double w[STEP_MAX];
                        memcpy(w, z, sizeof w);
                        w[j] += a * h;
                        w[i] += b * h;
                        cross += a * b * expected_log(w, at.sd[l], k, count[l], mode);
                    }
                }
                worst_hessian = fmax(worst_hessian, fabs(-cross / (4 * h * h) -
                                                         cells.hessian[STEP_PAIR(j, i, k)][l]));
            }
        }
    }
    tap_ok(worst < 1e-6 && worst_hessian < 1e-5, "%d steps%s: gradient %.1e, Hessian %.1e", k,
           mode ? " at the mode" : "", worst, worst_hessian);
}

static void test_extremes(void)
{
    bool finite = true;
    for (int k = 1; k <= STEP_MAX; k++) {
        for (int l = 0; l < STEP_LANES; l++) {
            cells.n[l] = 3;
            cells.sd[l] = 1e6;
            for (int j = 0; j < k; j++) {
                cells.z[j][l] = l % 2 ? 1e8 : -1e8;
                cells.at_least[j][l] = l > 1 ? 3 : 0;
            }
        }
        step_evaluate(&cells, k, false);
        for (int l = 0; l < STEP_LANES; l++) {
            for (int j = 0; j < k; j++) {
                finite = finite && isfinite(cells.gradient[j][l]) &&
                         fabs(cells.gradient[j][l]) <= 3.0000001 &&
                         cells.hessian[STEP_PAIR(j, j, k)][l] >= 0;
            }
        }
    }
    tap_ok(finite, "huge logits and variances stay finite");
}

static void test_probabilities(struct rng *rng)
{
    double worst = 0;
    for (int round = 0; round < 200; round++) {
        int k = 1 + (int)rng_below(rng, STEP_MAX);
        double z[STEP_MAX], p[STEP_MAX + 1], sum = 0, direct[STEP_MAX + 1], total = 0, s = 0;
        for (int j = 0; j < k; j++) {
            z[j] = rng_normal(rng);
        }
        step_probabilities(z, 0, k, round % 2, p);
        for (int y = 0; y <= k; y++) {
            total += direct[y] = exp(s);
            s += y < k ? z[y] : 0;
        }
        for (int y = 0; y <= k; y++) {
            sum += p[y];
            worst = fmax(worst, fabs(p[y] - direct[y] / total));
        }
        worst = fmax(worst, fabs(sum - 1));
    }
    tap_near(worst, 0, 1e-11, "probabilities equal the direct ones");
}

static void test_contrasts(void)
{
    double worst = 0, c[STEP_MAX * STEP_MAX];
    for (int k = 2; k <= STEP_MAX; k++) {
        step_contrasts(k, c);
        for (int a = 0; a + 1 < k; a++) {
            double sum = 0;
            for (int j = 0; j < k; j++) {
                sum += c[a * k + j];
            }
            worst = fmax(worst, fabs(sum));
            for (int b = 0; b <= a; b++) {
                double dot = 0;
                for (int j = 0; j < k; j++) {
                    dot += c[a * k + j] * c[b * k + j];
                }
                worst = fmax(worst, fabs(dot - (a == b)));
            }
        }
        worst = fmax(worst, c[0] < 0 && c[k - 1] > 0 ? 0 : 1);
    }
    tap_near(worst, 0, 1e-9, "contrasts are orthonormal, sum to zero, the first ascends");
}

int main(void)
{
    struct rng rng = rng_seed(4);
    for (int k = 1; k <= STEP_MAX; k++) {
        test_derivatives(k, k % 4 == 2, &rng);
    }
    test_extremes();
    test_probabilities(&rng);
    test_contrasts();
    return tap_done();
}
