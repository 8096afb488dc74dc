/* Assembly and elimination of fronts.h; the covariances are in spread.c. */
#include "zone/fronts.h"

#include "base/arena.h"
#include "base/num.h"
#include "zone/dense.h"
#include "zone/globals.h"

#include <math.h>
#include <string.h>

#define START_VARIANCE 0.3

enum err fronts_new(struct arena *arena, const struct layout *lay, bool mode,
                    struct fronts **fronts)
{
    struct fronts *f = arena_alloc(arena, 1, sizeof *f);
    if (!f) {
        return ERR_NOMEM;
    }
    f->lay = lay;
    f->mode = mode;
    f->every = 1;
    f->damp = 1;
    size_t leaf = dense_stride(lay->most_leaf + 1u);
    size_t tree = dense_stride(lay->most_tree + lay->most_global + 1u);
    size_t longest = leaf > tree ? leaf : tree;
    size_t steps = (size_t)lay->most_steps;
    f->panel = arena_alloc(arena, lay->panel_doubles, sizeof *f->panel);
    f->rhs = arena_alloc(arena, lay->model->n_effects, sizeof *f->rhs);
    f->cell_variance = arena_alloc(arena, lay->n_cells, sizeof *f->cell_variance);
    f->family_precision = arena_alloc(arena, lay->model->n_families, sizeof *f->family_precision);
    f->matrix = arena_alloc(arena, leaf * leaf, sizeof *f->matrix);
    f->cov = arena_alloc(arena, leaf * leaf, sizeof *f->cov);
    f->tree_cov = arena_alloc(arena, tree * tree, sizeof *f->tree_cov);
    f->work = arena_alloc(arena, 4 * longest, sizeof *f->work);
    f->matrix_tree = arena_alloc(arena, lay->most_tree * tree, sizeof *f->matrix_tree);
    f->from = arena_alloc(arena, leaf, sizeof *f->from);
    f->x = arena_alloc(arena, longest, sizeof *f->x);
    f->y = arena_alloc(arena, longest, sizeof *f->y);
    f->result = arena_alloc(arena, lay->most_cells, (steps + STEP_PAIRS(steps)) * sizeof(double));
    /* The arena aligns to 16, the lanes want 32. */
    char *cells = arena_alloc(arena, 2, sizeof *f->cells);
    if (!f->panel || !f->rhs || !f->cell_variance || !f->family_precision || !f->matrix ||
        !f->cov || !f->tree_cov || !f->work || !f->matrix_tree || !f->from || !f->x || !f->y ||
        !f->result || !cells) {
        return ERR_NOMEM;
    }
    f->cells = (struct step_cells *)(void *)(cells + (32 - (uintptr_t)cells % 32) % 32);
    for (uint32_t c = 0; c < lay->n_cells; c++) {
        f->cell_variance[c] = mode ? 0 : START_VARIANCE;
        int k = lay->cells[c].n_steps;
        if (!f->contrast[k]) {
            f->contrast[k] = arena_alloc(arena, (size_t)k * (size_t)k, sizeof(double));
            if (!f->contrast[k]) {
                return ERR_NOMEM;
            }
            step_contrasts(k, f->contrast[k]);
        }
    }
    *fronts = f;
    return ERR_OK;
}

void fronts_gather(const struct fronts *f, const struct layout_tree *tree,
                   const struct layout_leaf *leaf, const double *value, double *x)
{
    const struct layout *lay = f->lay;
    const int32_t *boundary = lay->boundary + leaf->first_boundary;
    for (uint32_t i = 0; i < leaf->n_own; i++) {
        *x++ = value[lay->own[leaf->first_own + i]];
    }
    for (uint32_t i = 0; i < leaf->n_tree; i++) {
        *x++ = value[lay->own[tree->first_own + (uint32_t)boundary[i]]];
    }
    boundary += leaf->n_tree;
    for (uint32_t i = 0; i < leaf->n_global; i++) {
        *x++ = value[lay->effect[boundary[i]]];
    }
}

void fronts_logits(const struct fronts *f, const struct layout_cell *cell, const double *x,
                   double *z)
{
    const uint16_t *column = f->lay->column + cell->columns;
    const float *coefficient = f->lay->coefficient + cell->terms;
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
        const double *contrast = f->contrast[k] + a * k;
        for (int j = 0; j < k; j++) {
            z[j] -= contrast[j] * x[column[a]];
        }
    }
}

static size_t result_size(const struct fronts *f)
{
    size_t k = (size_t)f->lay->most_steps;
    return k + STEP_PAIRS(k);
}

/* Evaluates the lanes and hands out their results. */
static void flush(struct fronts *f, int n_lanes, int k, const uint32_t *to)
{
    for (int l = n_lanes; l < STEP_LANES; l++) {
        f->cells->n[l] = f->cells->sd[l] = 0;
        for (int j = 0; j < k; j++) {
            f->cells->z[j][l] = f->cells->at_least[j][l] = 0;
        }
    }
    step_evaluate(f->cells, k, f->mode);
    for (int l = 0; l < n_lanes; l++) {
        double *result = f->result + to[l] * result_size(f);
        for (int j = 0; j < k; j++) {
            *result++ = f->cells->gradient[j][l];
        }
        for (int p = 0; p < STEP_PAIRS(k); p++) {
            *result++ = f->cells->hessian[p][l];
        }
    }
}

/* Expected derivatives of every cell of the tree, into f->result. */
static void evaluate_tree(struct fronts *f, const struct layout_tree *tree, const double *mean)
{
    const struct layout *lay = f->lay;
    uint32_t to[STEP_LANES], index = 0;
    int n_lanes = 0, k = 0;
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        const struct layout_leaf *leaf = &lay->leaves[l];
        if (leaf->n_cells) {
            fronts_gather(f, tree, leaf, mean, f->x);
        }
        for (uint32_t c = leaf->first_cell; c < leaf->first_cell + leaf->n_cells; c++, index++) {
            const struct layout_cell *cell = &lay->cells[c];
            const float *count = lay->count + cell->counts;
            if (count[0] <= 0) {
                continue;
            }
            if (n_lanes == STEP_LANES || (n_lanes && k != cell->n_steps)) {
                flush(f, n_lanes, k, to);
                n_lanes = 0;
            }
            double z[STEP_MAX];
            k = cell->n_steps;
            fronts_logits(f, cell, f->x, z);
            for (int j = 0; j < k; j++) {
                f->cells->z[j][n_lanes] = z[j];
                f->cells->at_least[j][n_lanes] = count[j + 1];
            }
            f->cells->n[n_lanes] = count[0];
            f->cells->sd[n_lanes] = sqrt(f->cell_variance[c]);
            to[n_lanes++] = index;
        }
    }
    if (n_lanes) {
        flush(f, n_lanes, k, to);
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
static void add_shapes(const struct fronts *f, const struct layout_cell *cell, const double *r,
                       double w[STEP_MAX][STEP_MAX], const double *row, size_t stride,
                       double *matrix, double *gradient)
{
    int k = cell->n_steps, n_terms = cell->n_terms;
    const uint16_t *term = f->lay->column + cell->columns, *threshold = term + n_terms;
    const uint16_t *shape = threshold + (cell->thresholds ? k : 0);
    const float *coefficient = f->lay->coefficient + cell->terms;
    for (int a = 0; a + 1 < k; a++) {
        const double *contrast = f->contrast[k] + a * k;
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
            double c = dense_dot(f->contrast[k] + b * k, v, (size_t)k);
            add_pair(matrix, stride, shape[b], shape[a], b == a ? c / 2 : c);
        }
    }
}

/* Adds one cell's gradient and information to its leaf. */
static void add_cell(const struct fronts *f, const struct layout_cell *cell, const double *result,
                     size_t stride, double *matrix, double *gradient)
{
    int k = cell->n_steps, n_terms = cell->n_terms;
    const uint16_t *term = f->lay->column + cell->columns, *threshold = term + n_terms;
    const float *coefficient = f->lay->coefficient + cell->terms;
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
        add_shapes(f, cell, r, w, row, stride, matrix, gradient);
    }
}

/* The prior of `n` own effects: on the diagonal and in the gradient. */
static void add_prior(const struct fronts *f, const int32_t *own, uint32_t n, const double *mean,
                      double *matrix, size_t stride, double *gradient)
{
    const struct joint_model *m = f->lay->model;
    for (uint32_t i = 0; i < n; i++) {
        int32_t family = m->effects[own[i]].family;
        double precision = f->family_precision[family];
        matrix[i * stride + i] += precision;
        gradient[i] -= precision * (mean[own[i]] - m->families[family].mean);
    }
}

/* Hands a leaf's Schur complement to its tree and to the global system. */
static void hand_up(struct fronts *f, const struct layout_tree *tree, uint32_t index,
                    struct globals *globals, const double *matrix, size_t stride,
                    const double *gradient)
{
    const struct layout *lay = f->lay;
    const struct layout_leaf *leaf = &lay->leaves[index];
    const int32_t *boundary = lay->boundary + leaf->first_boundary;
    const uint32_t *place = lay->place + leaf->first_boundary;
    size_t wide = dense_stride(tree->n_own + tree->n_global);
    double *panel = f->panel + tree->panel, *rhs = f->rhs + tree->first_own;
    for (uint32_t a = 0; a < leaf->n_tree; a++) {
        const double *row = matrix + (leaf->n_own + a) * stride + leaf->n_own;
        double *to = panel + (uint32_t)boundary[a] * wide;
        for (uint32_t b = a; b < leaf->n_tree; b++) {
            to[boundary[b]] += row[b];
        }
        for (uint32_t b = leaf->n_tree; b < leaf->n_tree + leaf->n_global; b++) {
            to[tree->n_own + place[b]] += row[b];
        }
        rhs[boundary[a]] += gradient[leaf->n_own + a];
    }
    uint32_t first = leaf->n_own + leaf->n_tree;
    globals_add_leaf(globals, index, matrix + first * stride + first, stride);
    for (uint32_t b = 0; b < leaf->n_global; b++) {
        globals->gradient[boundary[leaf->n_tree + b]] += gradient[first + b];
    }
}

/* A leaf's information matrix and gradient, all its columns, into f->matrix and f->x. */
static uint32_t assemble_leaf(struct fronts *f, const struct layout_leaf *leaf, uint32_t result,
                              const double *mean, size_t n, size_t stride)
{
    const struct layout *lay = f->lay;
    memset(f->matrix, 0, n * stride * sizeof *f->matrix);
    memset(f->x, 0, n * sizeof *f->x);
    add_prior(f, lay->own + leaf->first_own, leaf->n_own, mean, f->matrix, stride, f->x);
    for (uint32_t c = leaf->first_cell; c < leaf->first_cell + leaf->n_cells; c++, result++) {
        const struct layout_cell *cell = &lay->cells[c];
        if (lay->count[cell->counts] > 0) {
            add_cell(f, cell, f->result + result * result_size(f), stride, f->matrix, f->x);
        }
    }
    return result;
}

static uint32_t eliminate_leaf(struct fronts *f, const struct layout_tree *tree, uint32_t index,
                               uint32_t result, const double *mean, struct globals *globals)
{
    const struct layout_leaf *leaf = &f->lay->leaves[index];
    size_t n = leaf->n_own + leaf->n_tree + leaf->n_global, stride = dense_stride(n);
    double *matrix = f->matrix, *gradient = f->x;
    result = assemble_leaf(f, leaf, result, mean, n, stride);
    dense_eliminate(matrix, leaf->n_own, n, n, stride);
    dense_forward(matrix, leaf->n_own, n, stride, gradient);
    memcpy(f->panel + leaf->panel, matrix, leaf->n_own * stride * sizeof *matrix);
    memcpy(f->rhs + leaf->first_own, gradient, leaf->n_own * sizeof *gradient);
    hand_up(f, tree, index, globals, matrix, stride, gradient);
    return result;
}

/* Zeroes a tree's panel and starts it with the prior. */
static void start_tree(struct fronts *f, const struct layout_tree *tree, const double *mean,
                       size_t stride)
{
    double *panel = f->panel + tree->panel, *rhs = f->rhs + tree->first_own;
    if (tree->n_own) {
        memset(panel, 0, tree->n_own * stride * sizeof *panel);
        memset(rhs, 0, tree->n_own * sizeof *rhs);
        add_prior(f, f->lay->own + tree->first_own, tree->n_own, mean, panel, stride, rhs);
    }
}

void fronts_eliminate(struct fronts *f, const double *mean, struct globals *globals)
{
    const struct layout *lay = f->lay;
    for (uint32_t t = 0; t < lay->n_trees; t += f->every) {
        const struct layout_tree *tree = &lay->trees[t];
        size_t n = tree->n_own + tree->n_global, stride = dense_stride(n);
        double *panel = f->panel + tree->panel, *rhs = f->rhs + tree->first_own;
        evaluate_tree(f, tree, mean);
        start_tree(f, tree, mean, stride);
        uint32_t result = 0;
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            result = eliminate_leaf(f, tree, l, result, mean, globals);
        }
        if (!tree->n_own) {
            continue;
        }
        dense_eliminate(panel, tree->n_own, tree->n_own, n, stride);
        double *x = f->x;
        memcpy(x, rhs, tree->n_own * sizeof *x);
        memset(x + tree->n_own, 0, tree->n_global * sizeof *x);
        dense_forward(panel, tree->n_own, n, stride, x);
        memcpy(rhs, x, tree->n_own * sizeof *x);
        const int32_t *gids = lay->global + tree->first_global;
        for (uint32_t b = 0; b < tree->n_global; b++) {
            globals->gradient[gids[b]] += x[tree->n_own + b];
        }
        globals_add_tree(globals, t, panel + tree->n_own, stride);
    }
}

void fronts_multiply(void *ctx, const double *x, double *y)
{
    struct fronts *f = ctx;
    const struct layout *lay = f->lay;
    for (uint32_t t = 0; t < lay->n_trees; t += f->every) {
        const struct layout_tree *tree = &lay->trees[t];
        const int32_t *gids = lay->global + tree->first_global;
        size_t n = tree->n_global, stride = dense_stride(tree->n_own + n);
        const double *w = f->panel + tree->panel + tree->n_own;
        if (!tree->n_own || !n) {
            continue;
        }
        for (size_t b = 0; b < n; b++) {
            f->x[b] = x[gids[b]];
        }
        memset(f->y, 0, n * sizeof *f->y);
        for (uint32_t i = 0; i < tree->n_own; i++, w += stride) {
            dense_subtract(f->y, dense_dot(w, f->x, n), w, n);
        }
        for (size_t b = 0; b < n; b++) {
            y[gids[b]] += f->y[b];
        }
    }
}

static void leaf_step(struct fronts *f, const struct layout_leaf *leaf, const double *tree_step,
                      const double *global_step, double *step)
{
    const struct layout *lay = f->lay;
    const int32_t *boundary = lay->boundary + leaf->first_boundary;
    size_t n = leaf->n_own + leaf->n_tree + leaf->n_global;
    double *x = f->x;
    memcpy(x, f->rhs + leaf->first_own, leaf->n_own * sizeof *x);
    for (uint32_t i = 0; i < leaf->n_tree; i++) {
        x[leaf->n_own + i] = tree_step[boundary[i]];
    }
    for (uint32_t i = 0; i < leaf->n_global; i++) {
        x[leaf->n_own + leaf->n_tree + i] = global_step[boundary[leaf->n_tree + i]];
    }
    dense_backward(f->panel + leaf->panel, leaf->n_own, n, dense_stride(n), x);
    for (uint32_t i = 0; i < leaf->n_own; i++) {
        step[lay->own[leaf->first_own + i]] = x[i];
    }
}

void fronts_step(struct fronts *f, const double *global_step, double *step)
{
    const struct layout *lay = f->lay;
    for (uint32_t t = 0; t < lay->n_trees; t += f->every) {
        const struct layout_tree *tree = &lay->trees[t];
        size_t n = tree->n_own + tree->n_global;
        double *x = f->y;
        if (tree->n_own) {
            memcpy(x, f->rhs + tree->first_own, tree->n_own * sizeof *x);
            for (uint32_t b = 0; b < tree->n_global; b++) {
                x[tree->n_own + b] = global_step[lay->global[tree->first_global + b]];
            }
            dense_backward(f->panel + tree->panel, tree->n_own, n, dense_stride(n), x);
        }
        for (uint32_t i = 0; i < tree->n_own; i++) {
            step[lay->own[tree->first_own + i]] = x[i];
        }
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            if (lay->leaves[l].n_own) {
                leaf_step(f, &lay->leaves[l], x, global_step, step);
            }
        }
    }
}

double fronts_likelihood(struct fronts *f, const double *mean, double *n)
{
    const struct layout *lay = f->lay;
    double sum = 0;
    *n = 0;
    for (uint32_t t = 0; t < lay->n_trees; t += f->every) {
        const struct layout_tree *tree = &lay->trees[t];
        const struct layout_leaf *first = &lay->leaves[tree->first_leaf];
        evaluate_tree(f, tree, mean);
        for (uint32_t i = 0; i < tree->n_cells; i++) {
            const struct layout_cell *cell = &lay->cells[first->first_cell + i];
            const float *count = lay->count + cell->counts;
            const double *gradient = f->result + i * result_size(f);
            double all = count[0], above = 1;
            for (int j = 0; j <= cell->n_steps && all > 0; j++) {
                double reach = j < cell->n_steps ? (count[j + 1] - gradient[j]) / all : 0;
                double here = (double)count[j] - (j < cell->n_steps ? (double)count[j + 1] : 0);
                double p = above - reach > 1e-12 ? above - reach : 1e-12;
                sum += here > 0 ? here * num_log(p) : 0;
                above = reach;
            }
            *n += all;
        }
    }
    return sum;
}
