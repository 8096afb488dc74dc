/* Fit statistics against the definition, and 1 on average under the model. */
#include "zone/fitstat.h"

#include "base/rng.h"

#include "tap.h"

static int draw_level(struct rng *rng, double eta, const double *tau, int n_steps)
{
    double p[8], sum = 0, at = 0;
    for (int k = 0; k <= n_steps; k++) {
        at += k ? eta - tau[k - 1] : 0;
        sum += p[k] = exp(at);
    }
    double u = rng_unit(rng) * sum;
    int level = 0;
    while (level < n_steps && u >= p[level]) {
        u -= p[level++];
    }
    return level;
}

static void test_moments(void)
{
    double tau[3] = {-1.2, 0.1, 1.4}, eta = 0.6, p[4], sum = 0, at = 0, m = 0, v = 0, mean, var;
    for (int k = 0; k < 4; k++) {
        at += k ? eta - tau[k - 1] : 0;
        sum += p[k] = exp(at);
    }
    for (int k = 0; k < 4; k++) {
        m += k * p[k] / sum;
        v += k * k * p[k] / sum;
    }
    fitstat_moments(eta, tau, 3, &mean, &var);
    tap_near(mean, m, 1e-12, "expected level");
    tap_near(var, v - m * m, 1e-12, "variance of the level");
    fitstat_moments(800, tau, 3, &mean, &var);
    tap_near(mean, 3, 1e-12, "no overflow");
}

/* Each person has `n` ratings and is estimated by the mode under N(0, 1); without the correction
 * for that the mean squares would be well below 1. */
static void test_expectation(int n)
{
    struct rng rng = rng_seed(7);
    double tau[3] = {-1.5, 0, 1.5};
    struct fitstat own = {0}, raw = {0}, noisy = {0};
    for (int person = 0; person < 4000; person++) {
        double theta = rng_normal(&rng), at = 0, mean, var, info = 1;
        int level[16];
        for (int i = 0; i < n; i++) {
            level[i] = draw_level(&rng, theta, tau, 3);
        }
        for (int step = 0; step < 30; step++) {
            double g = -at;
            fitstat_moments(at, tau, 3, &mean, &var);
            for (int i = 0; i < n; i++) {
                g += level[i] - mean;
            }
            info = 1 + n * var;
            at += g / info;
        }
        for (int i = 0; i < n; i++) {
            fitstat_add(&own, at, 1 / info, tau, 3, level[i]);
            fitstat_add(&raw, at, 0, tau, 3, level[i]);
            fitstat_add(&noisy, at, 1 / info, tau, 3, rng_below(&rng, 2) ? 0 : 3);
        }
    }
    tap_near(fitstat_infit(&own), 1, 0.05, "infit is 1 with %d ratings a person", n);
    tap_near(fitstat_outfit(&own), 1, 0.07, "outfit is 1 with %d ratings a person", n);
    tap_ok(fitstat_infit(&raw) < fitstat_infit(&own) - 0.03, "which the raw mean square is not");
    tap_ok(fitstat_infit(&noisy) > 1.8, "careless ratings stand out");
}

int main(void)
{
    test_moments();
    test_expectation(4);
    test_expectation(12);
    struct fitstat none = {0};
    tap_near(fitstat_infit(&none) + fitstat_outfit(&none), 2, 0, "1 without ratings");
    return tap_done();
}
