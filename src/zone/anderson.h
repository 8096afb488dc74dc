/* Anderson acceleration of a fixed-point iteration in a few dimensions (Walker & Ni 2011, "Anderson
 * acceleration for fixed-point iterations", SIAM J. Numer. Anal. 49, type II).
 *
 * Give it the point x and the residual f = G(x) - x; it replaces x by the extrapolated next point:
 * the combination of the last steps whose residuals cancel best, in the least-squares sense.  Slow
 * modes (two variance components that trade off) then take a few iterations instead of dozens. */
#ifndef DUET_ZONE_ANDERSON_H
#define DUET_ZONE_ANDERSON_H

#define ANDERSON_MAX 16  /* dimensions */
#define ANDERSON_DEPTH 5 /* steps remembered */

struct anderson {
    int n, n_steps; /* dimensions; steps remembered so far */
    double x[ANDERSON_MAX], f[ANDERSON_MAX];
    double dx[ANDERSON_DEPTH][ANDERSON_MAX], df[ANDERSON_DEPTH][ANDERSON_MAX]; /* newest first */
    int started;
};

/* n <= ANDERSON_MAX.  No component moves by more than `most`. */
void anderson_step(struct anderson *anderson, int n, double *x, const double *f, double most);

/* Forgets the past, for example when the map has changed. */
void anderson_forget(struct anderson *anderson);

#endif
