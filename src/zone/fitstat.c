/* Infit and outfit; see fitstat.h. */
#include "zone/fitstat.h"

#include "base/num.h"

#define MOST_KNOWN 0.9 /* W V at most: beyond it the first order says nothing */
#define MIN_VARIANCE 1e-6

void fitstat_moments(double eta, const double *tau, int n_steps, double *mean, double *variance)
{
    double top = 0, at = 0;
    for (int k = 0; k < n_steps; k++) {
        at += eta - tau[k];
        top = at > top ? at : top;
    }
    double sum = num_exp(-top), first = 0, second = 0;
    at = 0;
    for (int k = 1; k <= n_steps; k++) {
        at += eta - tau[k - 1];
        double p = num_exp(at - top);
        sum += p;
        first += k * p;
        second += k * k * p;
    }
    *mean = first / sum;
    *variance = second / sum - *mean * *mean;
}

void fitstat_add(struct fitstat *stat, double eta, double eta_variance, const double *tau,
                 int n_steps, int level)
{
    double mean, variance;
    fitstat_moments(eta, tau, n_steps, &mean, &variance);
    variance = variance > MIN_VARIANCE ? variance : MIN_VARIANCE;
    double known = variance * eta_variance;
    double expected = variance * (1 - (known < MOST_KNOWN ? known : MOST_KNOWN));
    double square = (level - mean) * (level - mean);
    stat->square += square;
    stat->expected += expected;
    stat->outlier += square / expected;
    stat->n += 1;
}

void fitstat_join(struct fitstat *stat, const struct fitstat *other)
{
    stat->square += other->square;
    stat->expected += other->expected;
    stat->outlier += other->outlier;
    stat->n += other->n;
}

double fitstat_infit(const struct fitstat *stat)
{
    return stat->n > 0 ? stat->square / stat->expected : 1;
}

double fitstat_outfit(const struct fitstat *stat)
{
    return stat->n > 0 ? stat->outlier / stat->n : 1;
}
