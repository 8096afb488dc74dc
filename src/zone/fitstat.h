/* Infit and outfit: how well ratings follow the model (Wright & Masters 1982, "Rating Scale
 * Analysis", ch. 5).
 *
 *     residual z = (y - E) / sqrt(W)        E, W: mean and variance of y at the posterior mean
 *     outfit = mean of z^2                  infit = sum of (y - E)^2 / sum of W
 *
 * The parameters were estimated from the same ratings, which makes residuals smaller than W; to
 * first order E[(y - E)^2] = W (1 - W V), V the posterior variance of the rating's own predictor,
 * and that expectation stands in place of W here, so that both are 1 on average when the model
 * holds, also for raters with few ratings.  Above 1: less predictable than the model expects. */
#ifndef DUET_ZONE_FITSTAT_H
#define DUET_ZONE_FITSTAT_H

struct fitstat {
    double square, expected; /* sums of (y - E)^2 and of its expectation */
    double outlier;          /* sum of their ratios */
    double n;
};

/* Mean and variance of the level 0 .. n_steps of a rating with predictor eta and steps at tau. */
void fitstat_moments(double eta, const double *tau, int n_steps, double *mean, double *variance);

/* Adds one rating; `eta_variance` is V, 0 when nothing was estimated. */
void fitstat_add(struct fitstat *stat, double eta, double eta_variance, const double *tau,
                 int n_steps, int level);

/* Adds the ratings of another one. */
void fitstat_join(struct fitstat *stat, const struct fitstat *other);

/* 1 without ratings. */
double fitstat_infit(const struct fitstat *stat);
double fitstat_outfit(const struct fitstat *stat);

#endif
