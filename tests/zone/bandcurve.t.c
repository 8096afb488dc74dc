/* The curve of bands against band_find() and against pi itself. */
#include "zone/bandcurve.h"

#include "base/rng.h"
#include "zone/band.h"

#include "tap.h"

static void test_gain(double gain, double gain_sd, bool some)
{
    struct bandcurve curve;
    struct rng rng = rng_seed(5);
    int found = 0, differ = 0;
    double off = 0, far = 0;
    bandcurve_make(&curve, gain, gain_sd);
    for (int i = 0; i < 4000; i++) {
        double near = curve.widest + 0.02 * (rng_unit(&rng) - 0.5);
        struct band_known known = {2 * rng_normal(&rng),
                                   i % 2 && some ? near : 0.05 + 1.2 * rng_unit(&rng), gain,
                                   gain_sd, 0};
        double lo, hi, lo2, hi2;
        bool is = bandcurve_find(&curve, known.alone, known.alone_sd, &lo, &hi);
        bool was = band_find(&known, 1, &lo2, &hi2);
        if (is != was) {
            differ += fabs(known.alone_sd - curve.widest) > 2e-4;
        } else if (is && known.alone_sd >= 0.2) {
            found++;
            far = fmax(far, fmax(fabs(lo - lo2), fabs(hi - hi2)));
            double slope = fabs(band_chance(&known, 1, lo + 1e-3) - band_chance(&known, 1, lo)) +
                           fabs(band_chance(&known, 1, hi) - band_chance(&known, 1, hi - 1e-3));
            double miss = fmax(fabs(band_chance(&known, 1, lo) - 0.5),
                               fabs(band_chance(&known, 1, hi) - 0.5));
            off = fmax(off, hi - lo > 0.02 ? miss / (500 * slope) : 0);
        } else if (!is) {
            differ += lo <= hi;
        }
    }
    tap_ok(some ? found > 500 : found == 0 && curve.widest <= 0, "gain %.2f (%.2f): %d bands", gain,
           gain_sd, found);
    tap_ok(differ == 0, "there is a band where band_find() finds one");
    tap_ok(off < 1e-4, "at the ends pi is 1/2: %.1e logit off", off);
    tap_ok(far < 0.011, "the ends are those of band_find(): %.4f apart", far);
}

int main(void)
{
    test_gain(1.4, 0.76, true);
    test_gain(1.4, 0.4, true);
    test_gain(2.5, 1.0, true);
    test_gain(0.9, 0.3, true);
    test_gain(0.3, 0.2, false);
    return tap_done();
}
