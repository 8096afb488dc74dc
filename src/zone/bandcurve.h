/* The zone bands of many people of whose gain the same is known.
 *
 * Where nobody was seen working with help, every gain is the prior's, independent of A, and the
 * band around A depends on A's standard error alone.  Its two ends are the two branches of one
 * smooth curve: they meet where the band vanishes, at some standard error s, and go apart with
 * t = sqrt(s - sd).  The curve is solved at some values of t and a cubic goes through four
 * neighbours: a hundred times as fast as band_find(), and the ends are within .0001 logit of those
 * where pi(b) is 1/2. */
#ifndef DUET_ZONE_BANDCURVE_H
#define DUET_ZONE_BANDCURVE_H

#include <stdbool.h>

#define BANDCURVE_HALF 64 /* steps of t from where the band vanishes to the smallest sd */

struct bandcurve {
    double gain, gain_sd;
    double widest;                      /* sd of A from which on there is no band; 0: never one */
    double step;                        /* of t */
    double end[2 * BANDCURVE_HALF + 1]; /* less A, at t = -BANDCURVE_HALF steps (lo) .. (hi) */
};

/* With full help and a gain independent of A.  Some milliseconds. */
void bandcurve_make(struct bandcurve *curve, double gain, double gain_sd);

/* As band_find() for this gain. */
bool bandcurve_find(const struct bandcurve *curve, double alone, double alone_sd, double *lo,
                    double *hi);

#endif
