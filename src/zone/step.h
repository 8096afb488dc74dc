/* Expected derivatives of the step logits of an ordered rating, four cells at a time.
 *
 * A cell has K step logits z_1 .. z_K (z_j: from level j - 1 to j), N ratings of which at_least_j
 * reached level j, and a Gaussian common shift of its logits with standard deviation s.  With
 * t_j = P(y >= j | z + s x), the gradient with respect to z_j is at_least_j - N E[t_j] and minus
 * the Hessian N E[t_l (1 - t_j)], j <= l.  E is by Gauss-Hermite with nodes 0 and +-sqrt(3),
 * weights 2/3, 1/6 (exact for polynomials to degree 5), or at the mean only. */
#ifndef DUET_ZONE_STEP_H
#define DUET_ZONE_STEP_H

#include <stdbool.h>

#define STEP_LANES 4
#define STEP_MAX 11                                                    /* K */
#define STEP_PAIRS(k) ((k) * ((k) + 1) / 2)                            /* of j <= l */
#define STEP_PAIR(j, l, k) ((j) * (k) - (j) * ((j)-1) / 2 + (l) - (j)) /* 0-based, j <= l */

struct step_cells {
    double z[STEP_MAX][STEP_LANES]; /* finite; clamped so that nothing overflows */
    double sd[STEP_LANES];          /* 0 .. */
    double n[STEP_LANES];
    double at_least[STEP_MAX][STEP_LANES];
    double gradient[STEP_MAX][STEP_LANES];
    double hessian[STEP_PAIRS(STEP_MAX)][STEP_LANES]; /* minus the Hessian, pairs j <= l */
} __attribute__((aligned(32)));

/* Fills gradient and hessian of all lanes; a lane with n = 0 gives zeros. */
void step_evaluate(struct step_cells *cells, int n_steps, bool mode);

/* Predictive probabilities of the n_steps + 1 levels, z and sd as above. */
void step_probabilities(const double *z, double sd, int n_steps, bool mode, double *probability);

/* Orthonormal contrasts over n_steps steps: contrast[a * n_steps + j], a = 0 .. n_steps - 2, the
 * orthogonal polynomials of degree a + 1 (Gram-Schmidt); each sums to zero. */
void step_contrasts(int n_steps, double *contrast);

#endif
