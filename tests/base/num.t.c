/* num.h against the C library. */
#include "base/num.h"

#include "base/rng.h"
#include "tap.h"

int main(void)
{
    double worst_exp = 0, worst_log = 0, worst_cdf = 0, worst_quantile = 0;
    struct rng rng = rng_seed(1);
    for (int i = 0; i < 1000000; i++) {
        double x = (rng_unit(&rng) - 0.5) * 1400;
        double e = fabs(num_exp(x) / exp(x) - 1);
        worst_exp = e > worst_exp ? e : worst_exp;
        double y = exp(x), l = fabs(num_log(y) - log(y)) / fmax(1, fabs(log(y)));
        worst_log = l > worst_log ? l : worst_log;
        double z = (rng_unit(&rng) - 0.5) * 12;
        double c = fabs(num_normal_cdf(z) - 0.5 * erfc(-z / sqrt(2)));
        worst_cdf = c > worst_cdf ? c : worst_cdf;
        double p = rng_unit(&rng) * 0.999998 + 1e-6;
        double q = fabs(0.5 * erfc(-num_normal_quantile(p) / sqrt(2)) - p) / fmin(p, 1 - p);
        worst_quantile = q > worst_quantile ? q : worst_quantile;
    }
    tap_near(worst_exp, 0, 5e-16, "exp agrees with the C library");
    tap_near(worst_log, 0, 5e-16, "log agrees with the C library");
    tap_near(worst_cdf, 0, 1e-7, "the normal distribution function");
    tap_near(worst_quantile, 0, 3e-8, "and its inverse");
    tap_ok(num_exp(-1000) == 0 && num_exp(1000) == num_exp(708), "exp saturates");
    tap_ok(isnan(num_exp(NAN)) && isnan(num_log(NAN)), "NaN stays NaN");
    tap_near(num_log(4.9e-324), log(4.9e-324), 1e-9, "log of a subnormal");
    tap_ok(num_log(0) == -745 && num_log(-1) == -745, "log of nothing saturates");
    tap_near(num_log(1), 0, 0, "log 1 is exact");
    tap_near(num_logistic(-40), exp(-40), 1e-30, "the logistic keeps small values");
    tap_near(num_softplus(800), 800, 0, "softplus does not overflow");
    double sum = 0, square = 0;
    for (int i = 0; i < 100000; i++) {
        double g = rng_normal(&rng);
        sum += g;
        square += g * g;
    }
    tap_near(sum / 100000, 0, 0.015, "normal variates have mean 0");
    tap_near(square / 100000, 1, 0.02, "and variance 1");
    return tap_done();
}
