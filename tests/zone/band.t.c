/* The zone band against fine quadrature over the truncated bivariate normal. */
#include "zone/band.h"

#include "base/num.h"
#include "base/rng.h"

#include "tap.h"

/* pi(b) by the midpoint rule over the untruncated normal of (G, A | G), G > 0. */
static double oracle_chance(const struct band_known *k, double c, double b)
{
    double slope = k->cov / (k->gain_sd * k->gain_sd);
    double rest = sqrt(k->alone_sd * k->alone_sd - slope * k->cov);
    double step = 0.0005 * k->gain_sd, in = 0, all = 0;
    for (double g = step / 2; g < k->gain + 9 * k->gain_sd; g += step) {
        double z = (g - k->gain) / k->gain_sd, density = exp(-0.5 * z * z);
        double mean = k->alone + slope * (g - k->gain);
        double lo = b + log(0.7 / 0.3) - c * g, hi = b + log(0.6 / 0.4);
        if (hi > lo) {
            in += density * 0.5 *
                  (erf((hi - mean) / rest / sqrt(2)) - erf((lo - mean) / rest / sqrt(2)));
        }
        all += density;
    }
    return in / all;
}

static struct band_known draw(struct rng *rng)
{
    struct band_known k = {.alone = 2 * rng_normal(rng),
                           .alone_sd = 0.05 + rng_unit(rng),
                           .gain = 3 * rng_unit(rng) - 0.3,
                           .gain_sd = 0.05 + 0.8 * rng_unit(rng)};
    k.cov = (1.8 * rng_unit(rng) - 0.9) * k.alone_sd * k.gain_sd;
    return k;
}

static void test_normal2(void)
{
    struct rng rng = rng_seed(1);
    double worst = 0;
    for (int i = 0; i < 400; i++) {
        double x = 2 * rng_normal(&rng), y = 2 * rng_normal(&rng);
        double r = i % 4 == 0 ? 0.97 + 0.03 * rng_unit(&rng) : 1.99 * rng_unit(&rng) - 0.995;
        r = i % 8 == 0 ? -r : r;
        double s = sqrt(1 - r * r), sum = 0;
        int cells = (int)ceil((x + 8) / fmin(0.001, s / 20));
        double h = (x + 8) / cells;
        for (int k = 0; k < cells; k++) {
            double v = -8 + (k + 0.5) * h;
            sum +=
                h * exp(-0.5 * v * v) / sqrt(2 * acos(-1)) * 0.5 * erfc(-(y - r * v) / s / sqrt(2));
        }
        worst = fmax(worst, fabs(sum - band_normal2(x, y, r)));
    }
    tap_near(worst, 0, 2e-6, "the bivariate normal agrees with quadrature at 400 points");
    tap_near(band_normal2(0, 0, 0.5), 1.0 / 3, 1e-7, "the orthant of correlation 1/2 is 1/3");
    tap_near(band_normal2(0.3, 1, 1), 0.5 * erfc(-0.3 / sqrt(2)), 1e-6, "correlation 1");
}

static void test_chance(void)
{
    struct rng rng = rng_seed(2);
    double worst = 0;
    for (int i = 0; i < 300; i++) {
        struct band_known k = draw(&rng);
        double b = k.alone + 0.5 + rng_normal(&rng), c = i % 3 ? 1 : 0.45;
        worst = fmax(worst, fabs(oracle_chance(&k, c, b) - band_chance(&k, c, b)));
    }
    tap_near(worst, 0, 2e-5, "pi(b) agrees with quadrature over the truncated gain");
}

static void test_band(void)
{
    struct rng rng = rng_seed(3);
    int found = 0, wrong = 0, missed = 0;
    for (int i = 0; i < 2000; i++) {
        struct band_known k = draw(&rng);
        double lo, hi, top = 0;
        bool some = band_find(&k, 1, &lo, &hi);
        for (double b = k.alone - 4; b < k.alone + 6; b += 0.02) {
            double pi = band_chance(&k, 1, b);
            top = fmax(top, pi);
            if (some && ((b > lo + 0.011 && b < hi - 0.011 && pi < 0.4999) ||
                         ((b < lo - 0.011 || b > hi + 0.011) && pi > 0.5001))) {
                wrong++;
            }
        }
        found += some;
        missed += some ? lo > hi : top > 0.5005 || lo <= hi;
    }
    tap_ok(found > 200 && found < 1900, "some have a zone, some have none: %d of 2000", found);
    tap_ok(wrong == 0 && missed == 0, "bands hold exactly the difficulties with pi >= 1/2");
    struct band_known sharp = {0, 0.01, 1.4, 0.01, 0};
    double lo, hi;
    tap_ok(band_find(&sharp, 1, &lo, &hi), "a well known gain has a zone");
    tap_near(hi - lo, 1.4 - 0.4418, 0.01, "its width is the gain minus .44");
    tap_near(0.5 * (lo + hi), 0.7 - 0.6264, 0.01, "its centre is half way minus .63");
    struct band_known small = {0, 0.3, 0.3, 0.1, 0};
    tap_ok(!band_find(&small, 1, &lo, &hi) && lo > hi, "no zone where help adds too little");
    struct band_known prior = {0, 1.12, 1.4, 0.7, 0};
    tap_ok(band_say(&prior, 1, 0.7) == BAND_UNKNOWN, "before any evidence nothing is known");
    tap_ok(band_say(&sharp, 1, -0.6) == BAND_ALONE, "easy: alone");
    tap_ok(band_say(&sharp, 1, 0.1) == BAND_WITH_HELP, "in the zone: with help");
    tap_ok(band_say(&sharp, 1, 2) == BAND_UNKNOWN, "hard: not known yet");
    tap_text(band_word_text(BAND_WITH_HELP), "with help", "words have texts");
}

static void test_level(void)
{
    double tau[3] = {-1, 0, 1};
    tap_near(band_level(0, tau, 3), 2.5, 1e-12, "the middle of a symmetric rubric");
    tap_ok(band_level(40, tau, 3) > 3.999 && band_level(-40, tau, 3) < 1.001, "the ends");
    double four[4] = {-40, 0, 0.7, 40}, level[4], worst = 0;
    band_levels(four, tau, 3, level);
    for (int k = 0; k < 4; k++) {
        worst = fmax(worst, fabs(level[k] - band_level(four[k], tau, 3)));
    }
    tap_ok(worst == 0, "four at once are the same four");
    tap_near(level[2],
             (1 + 2 * exp(1.7) + 3 * exp(2.4) + 4 * exp(2.1)) /
                 (1 + exp(1.7) + exp(2.4) + exp(2.1)),
             1e-12, "the expectation over the levels");
    tap_near(band_level(0.7, (double[]){0.2}, 1), 1 + 1 / (1 + exp(-0.5)), 1e-12, "yes or no");
}

int main(void)
{
    test_normal2();
    test_chance();
    test_band();
    test_level();
    return tap_done();
}
