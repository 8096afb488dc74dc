/* One more piece of evidence, at once: a Gaussian over one person's abilities, moved by
 * assumed-density filtering until the next refit (notes on the zone model, 4d).
 *
 *     m = offset + x' mean, V = x' C x + other       eta's moments; `other`: what is not in the
 * block e = y - E[y], w = E[var y] under N(m, V)       3-node Gauss-Hermite k = 1 / (1 + w V) mean
 * += C x k e    C -= C x x' C k w
 *
 * The same events in the same order give the same bits. */
#ifndef DUET_ZONE_ONLINE_H
#define DUET_ZONE_ONLINE_H

#include <stdint.h>

#define ONLINE_MAX 128     /* variables of a block */
#define ONLINE_MAX_TERMS 8 /* of one event */

struct online_block {
    int32_t n;    /* 1 .. ONLINE_MAX */
    double *mean; /* n */
    double *cov;  /* n x n, symmetric, both halves kept */
};

struct online_event {
    int32_t index[ONLINE_MAX_TERMS];
    double coefficient[ONLINE_MAX_TERMS];
    int32_t n_terms;
    double offset, other_variance;
    const double *difficulty; /* n_steps: log P(y) / P(y - 1) = eta - difficulty[y - 1] */
    int32_t n_steps, level;   /* 1 .. 11; 0 .. n_steps */
};

/* Takes the event in; returns the level that was expected, 0 .. n_steps.  O(n^2). */
double online_update(struct online_block *block, const struct online_event *event);

/* Makes variable i independent of the others with the given moments: something new in its place. */
void online_renew(struct online_block *block, int32_t i, double mean, double variance);

#endif
