/* The people of a joint model: assembling their cells, eliminating their effects, going back for
 * the steps and for the covariances.
 *
 * One iteration: fronts_eliminate() evaluates every cell at the current means and predictor
 * variances and leaves the global system in `globals`; after that is solved, fronts_step() gives
 * the steps of the people's effects; after it is inverted, fronts_covariance() (spread.c) gives
 * their variances and refreshes the predictor variances.  Cost of all per leaf with n columns of
 * which r are its own: cells x columns^2 + r n^2; per tree, r own and n global: r n^2. */
#ifndef DUET_ZONE_FRONTS_H
#define DUET_ZONE_FRONTS_H

#include "base/crew.h"
#include "base/err.h"
#include "zone/information.h"
#include "zone/layout.h"
#include "zone/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct globals;

/* A share of the people, with scratch for one tree or leaf at a time. */
struct fronts_part {
    uint32_t first, end;                    /* trees */
    double *matrix, *cov, *tree_cov, *work; /* a leaf's; a leaf's; a tree's; 12 rows */
    double *matrix_tree;                    /* a tree's panel: as doubles, without free effects */
    uint32_t *from;                         /* places of a leaf's boundary in its tree */
    uint32_t *run_end;                      /* where the blocks of a tree's global effects end */
    double *x, *y;                          /* a vector over a leaf's or a tree's variables */
    double *result;                         /* gradient and Hessian of the tree's cells */
    struct step_cells *cells;
    double *sum;                    /* by gid: the part's share of a product */
    struct information information; /* from the covariances found last */
    int8_t *slot;                   /* of a tree's or leaf's variables */
    double likelihood, n;           /* the part's share */
    bool alone;                     /* people are at work with the global effects held fixed */
    char apart[CREW_APART];
};

struct fronts {
    const struct layout *lay;
    const struct crew *crew;
    struct fronts_part *parts; /* as many as globals has: the same whoever works on them */
    uint32_t n_parts;
    bool mode;             /* see joint_options */
    double damp;           /* share of the way that predictor variances go, normally 1 */
    uint32_t every;        /* only trees 0, every, 2 every ... take part; the others stand still */
    double start;          /* above 0: before people are eliminated, each takes a step with the
                              global effects held fixed, no effect by more than this */
    double *panel;         /* rows of own effects: U and W; NULL when they are kept as ... */
    float *narrow;         /* ... floats, for large sets: steps correct themselves, and covariances
                              are good to six digits */
    double *rhs;           /* by place in lay->own: the forwarded gradient */
    double *cell_variance; /* of each cell's predictor */
    double *family_precision;       /* by family */
    const int8_t *slot;             /* by family, of information; NULL: not to be summed */
    double *contrast[STEP_MAX + 1]; /* by number of steps */
};

/* Doubles that a part takes. */
size_t fronts_part_doubles(const struct layout *lay);

MUST_CHECK enum err fronts_new(struct arena *arena, const struct layout *lay,
                               const struct crew *crew, uint32_t n_parts, bool mode,
                               struct fronts **fronts);

/* n doubles of the panels from `at` on, in place or copied to `to`. */
const double *fronts_panel(const struct fronts *fronts, size_t at, size_t n, double *to);

/* The first tree of a part that takes part. */
uint32_t fronts_begin(const struct fronts *fronts, const struct fronts_part *part);

/* `mean` by effect, changed only by `start`.  Adds to `globals`, which was reset.  `step` by
 * effect: scratch for people's steps. */
void fronts_eliminate(struct fronts *fronts, double *mean, double *step, struct globals *globals);

/* y -= W'W x for all trees: a globals_trees_fn. */
void fronts_multiply(void *fronts, const double *x, double *y);

/* `global_step` by gid; fills step[effect] of the people's effects. */
void fronts_step(struct fronts *fronts, const double *global_step, double *step);

/* Fills variance[effect] of the people's effects, the cells' predictor variances, and the answers'
 * second moments when `answers` is given (means are the caller's). */
void fronts_covariance(struct fronts *fronts, const struct globals *globals, double *variance,
                       struct joint_answer *answers);

/* Gives the cells of the trees that stand still the average predictor variance of the others. */
void fronts_spread_average(struct fronts *fronts);

/* The sum of log predictive probabilities of all ratings, and their number. */
double fronts_likelihood(struct fronts *fronts, const double *mean, double *n);

#endif
