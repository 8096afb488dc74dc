/* The curve of bandcurve.h: where it ends, its points, and what lies between them. */
#include "zone/bandcurve.h"

#include "zone/band.h"

#include <math.h>

#define SD_LEAST 0.2 /* smaller ones are left to band_find() */
#define SD_MOST 4.0
#define FAR 8.0 /* logits from A within which every band lies for such sds */
#define SEARCHES 60
#define GOLDEN 0.6180339887498949

static double curve_chance(const struct bandcurve *curve, double sd, double b)
{
    struct band_known known = {0, sd, curve->gain, curve->gain_sd, 0};
    return band_chance(&known, 1, b);
}

/* Where pi is highest, by golden sections: it has one peak. */
static double curve_peak(const struct bandcurve *curve, double sd)
{
    double lo = -FAR, hi = FAR + curve->gain;
    double x = hi - GOLDEN * (hi - lo), y = lo + GOLDEN * (hi - lo);
    double at_x = curve_chance(curve, sd, x), at_y = curve_chance(curve, sd, y);
    for (int k = 0; k < SEARCHES; k++) {
        if (at_x > at_y) {
            hi = y, y = x, at_y = at_x;
            x = hi - GOLDEN * (hi - lo);
            at_x = curve_chance(curve, sd, x);
        } else {
            lo = x, x = y, at_x = at_y;
            y = lo + GOLDEN * (hi - lo);
            at_y = curve_chance(curve, sd, y);
        }
    }
    return 0.5 * (lo + hi);
}

/* Where pi is 1/2 between `in`, where it is more, and `out`. */
static double curve_end(const struct bandcurve *curve, double sd, double in, double out)
{
    for (int k = 0; k < SEARCHES; k++) {
        double b = 0.5 * (in + out);
        if (curve_chance(curve, sd, b) >= 0.5) {
            in = b;
        } else {
            out = b;
        }
    }
    return in;
}

void bandcurve_make(struct bandcurve *curve, double gain, double gain_sd)
{
    *curve = (struct bandcurve){.gain = gain, .gain_sd = gain_sd};
    double some = SD_LEAST, none = SD_MOST;
    if (curve_chance(curve, some, curve_peak(curve, some)) < 0.5) {
        return;
    }
    for (int k = 0; k < SEARCHES; k++) {
        double sd = 0.5 * (some + none);
        if (curve_chance(curve, sd, curve_peak(curve, sd)) >= 0.5) {
            some = sd;
        } else {
            none = sd;
        }
    }
    curve->widest = some;
    curve->step = sqrt(some - SD_LEAST) / BANDCURVE_HALF;
    for (int k = 0; k <= BANDCURVE_HALF; k++) {
        double t = k * curve->step, sd = some - t * t, peak = curve_peak(curve, sd);
        curve->end[BANDCURVE_HALF - k] = k ? curve_end(curve, sd, peak, -FAR) : peak;
        curve->end[BANDCURVE_HALF + k] = k ? curve_end(curve, sd, peak, FAR + gain) : peak;
    }
}

/* The cubic through four neighbours; `at` in steps from the first point. */
static double curve_between(const struct bandcurve *curve, double at)
{
    int first = (int)at - 1;
    first = first < 0 ? 0 : first > 2 * BANDCURVE_HALF - 3 ? 2 * BANDCURVE_HALF - 3 : first;
    const double *y = &curve->end[first];
    double x = at - first, x1 = x - 1, x2 = x - 2, x3 = x - 3;
    return (y[3] * x * x1 * x2 - y[0] * x1 * x2 * x3) / 6 +
           (y[1] * x * x2 * x3 - y[2] * x * x1 * x3) / 2;
}

bool bandcurve_find(const struct bandcurve *curve, double alone, double alone_sd, double *lo,
                    double *hi)
{
    if (alone_sd < SD_LEAST) {
        struct band_known known = {alone, alone_sd, curve->gain, curve->gain_sd, 0};
        return band_find(&known, 1, lo, hi);
    }
    *lo = 1, *hi = 0;
    if (!(alone_sd < curve->widest)) {
        return false;
    }
    double t = sqrt(curve->widest - alone_sd) / curve->step;
    *lo = alone + curve_between(curve, BANDCURVE_HALF - t);
    *hi = alone + curve_between(curve, BANDCURVE_HALF + t);
    return true;
}
