/* The system of the global effects after the fronts are eliminated: assembly, solution, covariance.
 *
 * Its matrix is an arrow: diagonal blocks, each coupled to the root block, and free blocks.  When
 * the layout is exact that is the whole matrix.  When it is not, the arrow preconditions conjugate
 * gradients on the full matrix, whose parts are the leaves' (kept here, sparse) and the trees'
 * (multiplied by the fronts). */
#ifndef DUET_ZONE_GLOBALS_H
#define DUET_ZONE_GLOBALS_H

#include "base/err.h"
#include "zone/layout.h"

struct arena;
struct slots;

struct globals {
    const struct layout *lay;
    double *matrix;            /* blocks: assembled, then factored */
    double *inverse;           /* same shape: covariance of the block, and with the root */
    double *gradient;          /* by gid */
    double *step;              /* by gid: the solution */
    double *column_scratch;    /* a column of a tree */
    double *columns;           /* of a tree, all of them, where there is no root */
    double *scratch;           /* (n + n_root)^2 of the largest block, and 4 rows */
    const struct slots *slots; /* the places of the leaves' part of the full matrix, and ... */
    double *value;             /* ... what stands there; NULL both when exact */
    double *r, *z, *p, *q;     /* of the conjugate gradients, by gid */
    struct globals *parts;     /* n_parts - 1 more, with sums and scratch of their own */
    uint32_t n_parts;
};

/* `part_doubles`: what the caller's own parts take.  The number of parts follows from the sizes. */
MUST_CHECK enum err globals_new(struct arena *arena, const struct layout *lay, size_t part_doubles,
                                struct globals **globals);

/* What part k adds its people to; the parts' sums meet in globals_gather(). */
struct globals *globals_part(struct globals *globals, uint32_t k);
void globals_gather(struct globals *globals);

/* Starts an assembly: the prior's precision and gradient, by gid. */
void globals_reset(struct globals *globals, const double *precision, const double *gradient);

/* Adds a leaf's Schur complement: row i of `rows` (stride) is that of its ith global effect, the
 * columns from i on are valid. */
void globals_add_leaf(struct globals *globals, uint32_t leaf, const double *rows, size_t stride);

/* Announces the leaf that is added after the next one, so that memory can fetch its places. */
void globals_expect_leaf(const struct globals *globals, uint32_t leaf);

/* The same for a tree that is added soon, and for one whose covariances are asked for soon. */
void globals_expect_tree(const struct globals *globals, uint32_t tree, bool covariances);

/* Subtracts W'W for a tree's W, n_own x n_global, `stride`, from the arrow. */
void globals_add_tree(struct globals *globals, uint32_t tree, const double *w, size_t stride);

/* Factors the arrow.  False: a pivot was frozen. */
bool globals_factor(struct globals *globals);

/* y = S x for the trees' part, subtracted from y. */
typedef void globals_trees_fn(void *ctx, const double *x, double *y);

/* Solves into `step`.  When the layout is not exact, to a residual of `accuracy` times the first
 * one in the arrow's norm, or to `least` standard errors of an effect (root mean square).  Returns
 * the number of iterations. */
int globals_solve(struct globals *globals, globals_trees_fn *trees, void *ctx, double accuracy,
                  double least);

/* Fills `inverse`. */
void globals_invert(struct globals *globals);

/* The covariance of two gids; 0 where it is dropped. */
double globals_covariance(const struct globals *globals, uint32_t a, uint32_t b);

/* Those of an ascending list of coupled and root gids, full, n rows of `stride`.  Without a root
 * they are block diagonal: then it is true, and end[i] is where the block of the ith one ends. */
bool globals_covariances(const struct globals *globals, const int32_t *gids, uint32_t n,
                         double *cov, size_t stride, uint32_t *end);

#endif
