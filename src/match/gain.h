/* The gain of a helper for a learner in one skill: the part of the learner's zone that the helper
 * can reach.
 *
 * With P(x) = 1 / (1 + e^-x), the learner alone A and with help H, the helper alone B, all in
 * logits, and b the difficulty of what is to be learnt:
 *
 *     zone(b)  = E over (A, H) of [1 - P(A - b)] P(H - b)        fails alone, succeeds with help
 *     can(b)   = E over B of P(B - b)
 *     reach    = integral zone(b) can(b) db / integral zone(b) db                       0 .. 1
 *     gain     = priority * integral zone(b) can(b) db * closeness
 *
 * (A, H) is bivariate normal, B normal: uncertain estimates are averaged over, not believed.  At
 * known abilities the integral of zone is g / (1 - e^-g) logits, g = H - A.  Gains are counted in
 * 1 / MATCH_ONE of one whole zone of g = MATCH_ZONE_GAIN logits (what help was worth on average in
 * published data), so that 10000 reads "a perfect helper, priority 1".  A learner who profits
 * more from help has a larger zone, so a gain may exceed MATCH_ONE.
 *
 * Closeness: a helper far beyond the learner's reach brings no more than one a little further
 * along; the factor falls from 1 at B - H <= `near` by at most `strength` beyond (see below), so
 * that the rarest experts are kept for those whom nobody else can help.
 *
 * Profiles are quantised to integers once; from then on a gain is an integer dot product over a
 * fixed grid of difficulties, the same on every machine and cheap enough for all pairs (about 10
 * ns).  Profiles may be compared only when they were built on the same grid. */
#ifndef DUET_MATCH_GAIN_H
#define DUET_MATCH_GAIN_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define MATCH_ONE 10000              /* one whole zone (gain); all of the zone (reach) */
#define MATCH_GAIN_MAX (1000 * 1000) /* gains are 0 .. MATCH_GAIN_MAX; larger ones are cut */
#define MATCH_ZONE_GAIN 1.5          /* logits of help that make one whole zone */
#define MATCH_PRIORITY_MAX 10.0      /* priorities are 0 .. this; 1 is usual */
#define MATCH_REACH_USEFUL 4000      /* a helper is called useful from two fifths of the zone on */
#define MATCH_GRID_POINTS 64
#define MATCH_ABILITY_MAX 30.0 /* abilities beyond +-30 logits count as 30 */
#define MATCH_SD_MAX 6.0       /* standard errors above count as 6 */

/* One person in one skill, logits; from struct zone_estimate with cov = alone_sd^2 +
 * alone_gain_cov.  A covariance beyond what the two sds allow counts as the largest allowed. */
struct match_ability {
    double alone, alone_sd;
    double helped, helped_sd;
    double cov; /* of alone and helped */
};

/* Difficulties lo + k * step, k = 0 .. MATCH_GRID_POINTS - 1; one grid per skill. */
struct match_grid {
    double lo, step;
};

/* closeness(d) = 1 - strength * (1 - exp(-((d - near) / width)^2 / 2)) for d = B - H > near, else
 * 1, with posterior means.  strength 0 turns it off. */
struct match_closeness {
    double strength; /* 0 .. 1; default 0.15 */
    double near;     /* logits >= 0; default 1 */
    double width;    /* logits > 0; default 2 */
};

/* The closeness as a table over d in 1/128 logit; one per run. */
#define MATCH_CLOSE_UNIT 128
#define MATCH_CLOSE_STEPS 2048
struct match_gain_model {
    int16_t close[MATCH_CLOSE_STEPS]; /* of d = k / MATCH_CLOSE_UNIT, in 1 / 2^14 */
};

/* What a learner needs and what a helper can do, quantised.  Plain data: keep them in arrays. */
struct match_learner {
    int16_t zone[MATCH_GRID_POINTS]; /* shares of the zone, adding up to 2^15 */
    int32_t size;                    /* priority * zone, in 1 / (64 MATCH_ONE) of a whole zone */
    int32_t top;                     /* mean of H in 1 / MATCH_CLOSE_UNIT logits */
};
struct match_helper {
    int16_t can[MATCH_GRID_POINTS]; /* in 1 / 2^15 */
    int32_t at;                     /* mean of B in 1 / MATCH_CLOSE_UNIT logits */
};

/* The default closeness. */
struct match_closeness match_closeness_default(void);

/* Prepares the table.  ERR_RANGE when a parameter is not finite or out of its range. */
MUST_CHECK enum err match_gain_model_make(const struct match_closeness *closeness,
                                          struct match_gain_model *model);

/* A grid on which integrals over the zones of all these people are exact to 1e-4 or better: it
 * spans their abilities and 10 logits (plus four standard errors) beyond.  `people` is an array of
 * `n`, `stride` elements apart (n_skills for one skill of a person-major array).  ERR_RANGE when a
 * number is not finite or an sd negative.  n = 0 gives a grid around 0. */
MUST_CHECK enum err match_grid_cover(const struct match_ability *people, size_t n, size_t stride,
                                     struct match_grid *grid);

/* Profiles.  ERR_RANGE when a number is not finite, an sd negative or the priority outside 0 ..
 * MATCH_PRIORITY_MAX.  About 10 and 1 microseconds for usual standard errors. */
MUST_CHECK enum err match_learner_make(const struct match_grid *grid,
                                       const struct match_ability *ability, double priority,
                                       struct match_learner *learner);
MUST_CHECK enum err match_helper_make(const struct match_grid *grid,
                                      const struct match_ability *ability,
                                      struct match_helper *helper);

/* 0 .. MATCH_GAIN_MAX; symmetric in nothing: the learner comes first. */
int32_t match_gain(const struct match_gain_model *model, const struct match_learner *learner,
                   const struct match_helper *helper);

/* The gain where the helper reaches at least `min_reach` (1 .. MATCH_ONE) of the zone, else 0; the
 * same as asking both, in half the time. */
int32_t match_gain_useful(const struct match_gain_model *model, const struct match_learner *learner,
                          const struct match_helper *helper, int32_t min_reach);

/* The same of one helper for each of several learners, in half the time once more: gain[k] is that
 * for *learner[k]. */
void match_gain_useful_each(const struct match_gain_model *model,
                            const struct match_learner *const learner[], int32_t n,
                            const struct match_helper *helper, int32_t min_reach, int32_t gain[]);

/* 0 .. MATCH_ONE: the share of the learner's zone that the helper can do alone. */
int32_t match_gain_reach(const struct match_learner *learner, const struct match_helper *helper);

#endif
