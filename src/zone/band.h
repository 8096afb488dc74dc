/* The zone: which difficulties a person is likely to fail alone and to master with help.
 *
 * A (alone) and G (gain from full help) are jointly normal, G truncated at 0.  A task of difficulty
 * b is in the zone with a share c of the help when P(alone) <= .60 and P(with help) >= .70, that is
 * A - b <= logit .60 and A + c G - b >= logit .70.  Because the first is below the second, G > 0
 * follows, and the chance that b is in the zone is
 *
 *     pi(b) = [Phi(x) - Phi2(x, y; r)] / P(G > 0),   x, y the standardised limits of A and A + c G.
 *
 * The band is {b : pi(b) >= 1/2}; pi is taken to have one peak.  There is none ("no zone found
 * yet") when pi stays below 1/2, which includes P(c G < .44 | G > 0) > 1/2.  Notes on the zone
 * model, 4f and 4g; Phi2 by Gauss-Legendre quadrature (Drezner & Wesolowsky 1990, J. Statist.
 * Comput. Simul. 35), absolute error below 1e-6. */
#ifndef DUET_ZONE_BAND_H
#define DUET_ZONE_BAND_H

#include <stdbool.h>

#define BAND_ALONE_MOST 0.405465108108164   /* logit .60: harder than that fails alone */
#define BAND_HELPED_LEAST 0.847297860387203 /* logit .70: easier than that succeeds with help */

/* What is known of one person in one skill, logits; sds and variances > 0, cov of A and G. */
struct band_known {
    double alone, alone_sd;
    double gain, gain_sd; /* of the normal before truncation */
    double cov;
};

/* Phi2(x, y; r) = P(X <= x, Y <= y) for standard normals with correlation r, |r| <= 1. */
double band_normal2(double x, double y, double r);

/* pi(b) with the share c of full help, 0 < c <= 1. */
double band_chance(const struct band_known *known, double c, double b);

/* The band of difficulties in the zone; false and lo = 1, hi = 0 when there is none.  Ends within
 * .01 logit.  A few microseconds. */
bool band_find(const struct band_known *known, double c, double *lo, double *hi);

/* What to say about a task of difficulty b. */
enum band_word { BAND_UNKNOWN, BAND_WITH_HELP, BAND_ALONE, BAND_WORD__MAX };

/* BAND_ALONE when P(A - b >= logit .60) > .8, else BAND_WITH_HELP when pi(b) > 1/2. */
enum band_word band_say(const struct band_known *known, double c, double b);

/* "alone", "with help", "not known yet". */
const char *band_word_text(enum band_word word);

/* Expected level 1 .. n_steps + 1 of a typical rating at ability a: steps k stand at
 * difficulty[k], adjacent-category logits a - difficulty[k]. */
double band_level(double a, const double *difficulty, int n_steps);

/* The same at four abilities at once, for the price of one; `level` may be `a`. */
void band_levels(const double a[4], const double *difficulty, int n_steps, double level[4]);

#endif
