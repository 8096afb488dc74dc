/* fronts_covariance(): from the global effects down to every person, by selected inversion.
 *
 * Given the covariance of a front's boundary, that of its own effects follows from its panel; only
 * the part of the global covariance that the front touches is ever looked at. */
#include "zone/fronts.h"

#include "base/crew.h"
#include "zone/dense.h"
#include "zone/globals.h"
#include "zone/leaf.h"

#include <string.h>

/* The first n columns of a panel whose rows are `wide`, at dense_stride(n); `to` has the room. */
static const double *get_panel(const struct fronts *f, size_t at, size_t n_rows, size_t n,
                               size_t wide, double *to)
{
    size_t stride = dense_stride(n);
    if (wide == stride) {
        return fronts_panel(f, at, n_rows * stride, to);
    }
    for (size_t i = 0; i < n_rows; i++) {
        const double *row = fronts_panel(f, at + i * wide, n, to + i * stride);
        if (row != to + i * stride) {
            memcpy(to + i * stride, row, n * sizeof *row);
        }
    }
    return to;
}

/* Sums of squares for the families' variances, from a front's covariances: `own` of n_own effects,
 * then the tree's at the places of `boundary`, then global ones. */
static void sum_squares(const struct fronts *f, struct fronts_part *s,
                        const struct layout_tree *tree, const int32_t *own, size_t n_own,
                        const int32_t *boundary, size_t n_tree, size_t n_kept, const double *cov,
                        size_t stride)
{
    const struct layout *lay = f->lay;
    const struct joint_effect *effects = lay->model->effects;
    int8_t *slot = s->slot;
    if (!f->slot) {
        return;
    }
    for (size_t i = 0; i < n_own; i++) {
        *slot++ = f->slot[effects[own[i]].family];
    }
    for (size_t i = 0; i < n_tree; i++) {
        *slot++ = f->slot[effects[lay->own[tree->first_own + (uint32_t)boundary[i]]].family];
    }
    for (size_t i = n_tree; i < n_tree + n_kept; i++) {
        *slot++ = f->slot[effects[lay->effect[boundary[i]]].family];
    }
    information_add(&s->information, s->slot, cov, stride, n_own, n_own + n_tree + n_kept);
}

/* The tree's matrix: own effects first, then the kept global ones. */
static void tree_covariance(struct fronts *f, struct fronts_part *s, const struct globals *globals,
                            const struct layout_tree *tree, double *variance)
{
    const struct layout *lay = f->lay;
    const int32_t *gids = lay->global + tree->first_global;
    size_t n_own = tree->n_own, n = n_own + tree->n_kept, stride = dense_stride(n);
    double *cov = s->tree_cov;
    bool diagonal = globals_covariances(globals, gids, tree->n_kept, cov + n_own * stride + n_own,
                                        stride, s->run_end);
    if (!n_own) {
        return;
    }
    /* The panel's rows are longer by the free effects, which are held fixed here. */
    const double *panel =
        get_panel(f, tree->panel, n_own, n, dense_stride(n_own + tree->n_global), s->matrix_tree);
    if (diagonal) {
        dense_covariance_blocks(panel, n_own, n, stride, cov, stride, s->run_end, s->work);
    } else {
        dense_covariance(panel, n_own, n, stride, cov, stride, s->work);
    }
    for (size_t i = 0; i < n_own; i++) {
        variance[lay->own[tree->first_own + i]] = cov[i * stride + i];
    }
    sum_squares(f, s, tree, lay->own + tree->first_own, n_own, gids, 0, tree->n_kept, cov, stride);
}

/* The leaf's matrix, from its tree's. */
static size_t leaf_covariance(struct fronts *f, struct fronts_part *s,
                              const struct layout_tree *tree, const struct layout_leaf *leaf,
                              double *variance)
{
    const struct layout *lay = f->lay;
    const int32_t *boundary = lay->boundary + leaf->first_boundary;
    const uint16_t *place = lay->place + leaf->first_boundary;
    size_t n_own = leaf->n_own, n_boundary = leaf->n_tree + leaf->n_kept, n = n_own + n_boundary;
    size_t stride = dense_stride(n), wide = dense_stride(tree->n_own + tree->n_kept);
    double *cov = s->cov;
    uint32_t *from = s->from;
    for (size_t a = 0; a < n_boundary; a++) {
        from[a] = a < leaf->n_tree ? (uint32_t)boundary[a] : tree->n_own + place[a];
    }
    for (size_t a = 0; a < n_boundary; a++) {
        const double *row = s->tree_cov + from[a] * wide;
        double *to = cov + (n_own + a) * stride + n_own;
        for (size_t b = 0; b < n_boundary; b++) {
            to[b] = row[from[b]];
        }
    }
    if (!n_own) {
        return stride;
    }
    size_t long_stride = dense_stride(n_own + leaf->n_tree + leaf->n_global);
    const double *panel = get_panel(f, leaf->panel, n_own, n, long_stride, s->matrix);
    if (stride <= LEAF_COLUMNS && n_own <= LEAF_OWN) {
        leaf_spread(panel, n_own, n, stride, cov);
    } else {
        dense_covariance(panel, n_own, n, stride, cov, stride, s->work);
    }
    for (size_t i = 0; i < n_own; i++) {
        variance[lay->own[leaf->first_own + i]] = cov[i * stride + i];
    }
    sum_squares(f, s, tree, lay->own + leaf->first_own, n_own, boundary, leaf->n_tree, leaf->n_kept,
                cov, stride);
    return stride;
}

/* sum over two lists of coefficient x covariance x coefficient. */
static double form(const double *cov, size_t stride, const uint16_t *column, const double *c, int n,
                   const uint16_t *column2, const double *c2, int n2)
{
    double sum = 0;
    for (int a = 0; a < n; a++) {
        const double *row = cov + column[a] * stride;
        double part = 0;
        for (int b = 0; b < n2; b++) {
            part += c2[b] * row[column2[b]];
        }
        sum += c[a] * part;
    }
    return sum;
}

/* The same of a list with itself: the covariances count twice. */
static double square_form(const double *cov, size_t stride, const uint16_t *column, const double *c,
                          int n)
{
    double sum = 0;
    for (int a = 0; a < n; a++) {
        const double *row = cov + column[a] * stride;
        double part = 0;
        for (int b = 0; b < a; b++) {
            part += c[b] * row[column[b]];
        }
        sum += c[a] * (2 * part + c[a] * row[column[a]]);
    }
    return sum;
}

/* Variance of a cell's predictor less its mean threshold, unless that is free. */
static double cell_variance(const struct fronts *f, const struct layout_cell *cell,
                            size_t n_columns, const double *cov, size_t stride)
{
    const float *coefficient = f->lay->coefficient + cell->terms;
    double c[32 + STEP_MAX];
    int n = cell->n_terms;
    for (int t = 0; t < n; t++) {
        c[t] = (double)coefficient[t];
    }
    const uint16_t *column = f->lay->column + cell->columns;
    bool kept = cell->thresholds && column[n] < n_columns;
    for (int j = 0; kept && j < cell->n_steps; j++) {
        c[n++] = -1.0 / cell->n_steps;
    }
    double v = square_form(cov, stride, column, c, n);
    return v > 0 ? v : 0;
}

static void answer(const struct fronts *f, uint32_t index, size_t n_columns, const double *cov,
                   size_t stride, struct joint_answer *to)
{
    const struct joint_model *m = f->lay->model;
    const struct joint_query *query = &m->queries[index];
    uint16_t column[64];
    double c[64];
    int n_a = query->n_a, n_b = query->n_b;
    for (int t = 0; t < n_a + n_b; t++) {
        uint16_t at = f->lay->query_column[query->first_term + t];
        column[t] = at < n_columns ? at : 0; /* free effects have no covariance here */
        c[t] = at < n_columns ? (double)m->terms[query->first_term + t].coefficient : 0;
    }
    double v_a = square_form(cov, stride, column, c, n_a);
    double v_b = square_form(cov, stride, column + n_a, c + n_a, n_b);
    to->variance_a = v_a > 0 ? v_a : 0;
    to->variance_b = v_b > 0 ? v_b : 0;
    to->covariance = form(cov, stride, column, c, n_a, column + n_a, c + n_a, n_b);
}

struct spread {
    struct fronts *fronts;
    const struct globals *globals;
    double *variance;
    struct joint_answer *answers;
};

static void covariance_part(void *ctx, uint32_t piece)
{
    const struct spread *all = ctx;
    struct fronts *f = all->fronts;
    struct fronts_part *s = &f->parts[piece];
    const struct layout *lay = f->lay;
    s->information = (struct information){0};
    for (uint32_t t = fronts_begin(f, s); t < s->end; t += f->every) {
        const struct layout_tree *tree = &lay->trees[t];
        globals_expect_tree(all->globals, t + f->every, true);
        tree_covariance(f, s, all->globals, tree, all->variance);
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            const struct layout_leaf *leaf = &lay->leaves[l];
            size_t stride = leaf_covariance(f, s, tree, leaf, all->variance);
            size_t n = leaf->n_own + leaf->n_tree + leaf->n_kept;
            for (uint32_t c = leaf->first_cell; c < leaf->first_cell + leaf->n_cells; c++) {
                double v = f->mode ? 0 : cell_variance(f, &lay->cells[c], n, s->cov, stride);
                f->cell_variance[c] += f->damp * (v - f->cell_variance[c]);
            }
            for (uint32_t q = 0; all->answers && q < leaf->n_queries; q++) {
                uint32_t index = lay->query[leaf->first_query + q];
                answer(f, index, n, s->cov, stride, &all->answers[index]);
            }
        }
    }
}

void fronts_covariance(struct fronts *f, const struct globals *globals, double *variance,
                       struct joint_answer *answers)
{
    struct spread all = {f, globals, variance, answers};
    crew_run(f->crew, f->n_parts, covariance_part, &all);
}

void fronts_spread_average(struct fronts *f)
{
    const struct layout *lay = f->lay;
    double sum = 0, n = 0;
    for (int round = 0; round < 2; round++) {
        for (uint32_t t = 0; t < lay->n_trees; t++) {
            const struct layout_tree *tree = &lay->trees[t];
            uint32_t first = lay->leaves[tree->first_leaf].first_cell;
            for (uint32_t c = first; c < first + tree->n_cells; c++) {
                if (round == 0 && t % f->every == 0) {
                    sum += f->cell_variance[c];
                    n++;
                } else if (round == 1 && t % f->every != 0 && n > 0) {
                    f->cell_variance[c] = sum / n;
                }
            }
        }
    }
}
