/* One cell of a leaf: its logits, its share of the leaf's gradient and information. */
#include "zone/cell.h"

#include "base/num.h"
#include "zone/dense.h"
#include "zone/layout.h"
#include "zone/step.h"

#include <stdint.h>

#define LEAST_PROBABILITY 1e-12

void cell_logits(const struct layout *lay, const struct layout_cell *cell, const double *contrasts,
                 const double *x, double *z)
{
    const uint16_t *column = lay->column + cell->columns;
    const float *coefficient = lay->coefficient + cell->terms;
    int k = cell->n_steps;
    double eta = cell->offset;
    for (int t = 0; t < cell->n_terms; t++) {
        eta += (double)coefficient[t] * x[column[t]];
    }
    column += cell->n_terms;
    for (int j = 0; j < k; j++) {
        z[j] = cell->thresholds ? eta - x[column[j]] : eta;
    }
    column += cell->thresholds ? k : 0;
    for (int a = 0; cell->shape && a + 1 < k; a++) {
        for (int j = 0; j < k; j++) {
            z[j] -= contrasts[a * k + j] * x[column[a]];
        }
    }
}

/* Adds v to the symmetric pair (p, q); a pair of one column with itself counts twice. */
static inline void add_pair(double *matrix, size_t stride, uint16_t p, uint16_t q, double v)
{
    if (p == q) {
        matrix[p * stride + p] += 2 * v;
    } else if (p < q) {
        matrix[p * stride + q] += v;
    } else {
        matrix[q * stride + p] += v;
    }
}

/* The shape columns of a cell: minus the contrasts. */
static void add_shapes(const struct layout *lay, const struct layout_cell *cell,
                       const double *contrasts, const double *r, double w[STEP_MAX][STEP_MAX],
                       const double *row, size_t stride, double *matrix, double *gradient)
{
    int k = cell->n_steps, n_terms = cell->n_terms;
    const uint16_t *term = lay->column + cell->columns, *threshold = term + n_terms;
    const uint16_t *shape = threshold + (cell->thresholds ? k : 0);
    const float *coefficient = lay->coefficient + cell->terms;
    for (int a = 0; a + 1 < k; a++) {
        const double *contrast = contrasts + a * k;
        double v[STEP_MAX], dr = 0, dw = 0; /* v = W contrast */
        for (int j = 0; j < k; j++) {
            v[j] = 0;
            for (int l = 0; l < k; l++) {
                v[j] += w[j][l] * contrast[l];
            }
            dr += r[j] * contrast[j];
            dw += row[j] * contrast[j];
        }
        gradient[shape[a]] -= dr;
        for (int t = 0; t < n_terms; t++) {
            add_pair(matrix, stride, term[t], shape[a], -(double)coefficient[t] * dw);
        }
        for (int j = 0; cell->thresholds && j < k; j++) {
            add_pair(matrix, stride, threshold[j], shape[a], v[j]);
        }
        for (int b = 0; b <= a; b++) {
            double c = dense_dot(contrasts + b * k, v, (size_t)k);
            add_pair(matrix, stride, shape[b], shape[a], b == a ? c / 2 : c);
        }
    }
}

void cell_add(const struct layout *lay, const struct layout_cell *cell, const double *contrasts,
              const double *result, size_t stride, double *matrix, double *gradient)
{
    int k = cell->n_steps, n_terms = cell->n_terms;
    const uint16_t *term = lay->column + cell->columns, *threshold = term + n_terms;
    const float *coefficient = lay->coefficient + cell->terms;
    const double *r = result, *pair = result + k;
    double w[STEP_MAX][STEP_MAX], row[STEP_MAX], total = 0, sum = 0;
    for (int j = 0; j < k; j++) {
        for (int l = j; l < k; l++) {
            w[j][l] = w[l][j] = *pair++;
        }
    }
    for (int j = 0; j < k; j++) {
        row[j] = 0;
        for (int l = 0; l < k; l++) {
            row[j] += w[j][l];
        }
        total += row[j];
        sum += r[j];
    }
    for (int t = 0; t < n_terms; t++) {
        double c = (double)coefficient[t];
        gradient[term[t]] += c * sum;
        matrix[term[t] * stride + term[t]] += c * c * total;
        for (int u = 0; u < t; u++) {
            add_pair(matrix, stride, term[u], term[t], c * (double)coefficient[u] * total);
        }
        for (int j = 0; cell->thresholds && j < k; j++) {
            add_pair(matrix, stride, term[t], threshold[j], -c * row[j]);
        }
    }
    for (int j = 0; cell->thresholds && j < k; j++) {
        gradient[threshold[j]] -= r[j];
        matrix[threshold[j] * stride + threshold[j]] += w[j][j];
        for (int l = 0; l < j; l++) {
            add_pair(matrix, stride, threshold[l], threshold[j], w[l][j]);
        }
    }
    if (cell->shape) {
        add_shapes(lay, cell, contrasts, r, w, row, stride, matrix, gradient);
    }
}

void cell_add_people(const struct layout *lay, const struct layout_cell *cell, const double *result,
                     size_t n_columns, size_t stride, double *matrix, double *gradient)
{
    int k = cell->n_steps;
    const uint16_t *term = lay->column + cell->columns;
    const float *coefficient = lay->coefficient + cell->terms;
    const double *pair = result + k;
    double total = 0, sum = 0;
    for (int j = 0; j < k; j++) {
        sum += result[j];
        for (int l = j; l < k; l++) {
            total += l == j ? *pair++ : 2 * *pair++;
        }
    }
    for (int t = 0; t < cell->n_terms; t++) {
        double c = (double)coefficient[t];
        if (term[t] >= n_columns) {
            continue;
        }
        gradient[term[t]] += c * sum;
        matrix[term[t] * stride + term[t]] += c * c * total;
        for (int u = 0; u < t; u++) {
            if (term[u] < n_columns) {
                add_pair(matrix, stride, term[u], term[t], c * (double)coefficient[u] * total);
            }
        }
    }
}

double cell_likelihood(const struct layout *lay, const struct layout_cell *cell,
                       const double *result)
{
    const float *count = lay->count + cell->counts;
    double all = (double)count[0], above = 1, sum = 0;
    for (int j = 0; j <= cell->n_steps && all > 0; j++) {
        double reach = j < cell->n_steps ? ((double)count[j + 1] - result[j]) / all : 0;
        double here = (double)count[j] - (j < cell->n_steps ? (double)count[j + 1] : 0);
        double p = above - reach > LEAST_PROBABILITY ? above - reach : LEAST_PROBABILITY;
        sum += here > 0 ? here * num_log(p) : 0;
        above = reach;
    }
    return sum;
}
