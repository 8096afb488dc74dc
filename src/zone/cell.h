/* One cell of a leaf: ratings that share all their effects (layout.h), between the leaf's variables
 * and the step logits of step.h.
 *
 * With the leaf's variables x in the order that the cell's columns name, step j's logit is
 *     z_j = offset + sum of coefficient x - threshold_j - sum over a of contrast_a(j) shape_a.
 * `contrasts` are step_contrasts() for the cell's number of steps k.  `result` is what
 * step_evaluate() gave for the cell: its gradient (k numbers), then minus its Hessian, pairs
 * j <= l (STEP_PAIRS(k) numbers). */
#ifndef DUET_ZONE_CELL_H
#define DUET_ZONE_CELL_H

#include <stddef.h>

struct layout;
struct layout_cell;

/* The logits z of the cell's steps, where the leaf's variables are x. */
void cell_logits(const struct layout *lay, const struct layout_cell *cell, const double *contrasts,
                 const double *x, double *z);

/* Adds the cell's gradient to gradient[] and its information to the upper triangle of matrix[]
 * (rows of `stride`), both by the leaf's variables. */
void cell_add(const struct layout *lay, const struct layout_cell *cell, const double *contrasts,
              const double *result, size_t stride, double *matrix, double *gradient);

/* The same for the first n_columns of the leaf's variables only, none of them thresholds. */
void cell_add_people(const struct layout *lay, const struct layout_cell *cell, const double *result,
                     size_t n_columns, size_t stride, double *matrix, double *gradient);

/* The sum of log predictive probabilities of the cell's ratings. */
double cell_likelihood(const struct layout *lay, const struct layout_cell *cell,
                       const double *result);

#endif
