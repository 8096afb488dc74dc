/* Assembly and elimination of fronts.h; the covariances are in spread.c. */
#include "zone/fronts.h"

#include "base/arena.h"
#include "base/crew.h"
#include "zone/cell.h"
#include "zone/dense.h"
#include "zone/globals.h"
#include "zone/leaf.h"

#include <math.h>
#include <string.h>

#define START_VARIANCE 0.3
/* Doubles of panels, above which they are kept as floats. */
#define NARROW_FROM ((size_t)16 << 20)

size_t fronts_part_doubles(const struct layout *lay)
{
    size_t leaf = dense_stride(lay->most_leaf + 1u);
    size_t tree = dense_stride(lay->most_tree + lay->most_global + 1u);
    return 2 * leaf * leaf + tree * (tree + lay->most_tree) + lay->n_globals;
}

static enum err part_new(struct arena *arena, const struct layout *lay, struct fronts_part *s)
{
    size_t leaf = dense_stride(lay->most_leaf + 1u);
    size_t tree = dense_stride(lay->most_tree + lay->most_global + 1u);
    size_t longest = leaf > tree ? leaf : tree, steps = (size_t)lay->most_steps;
    s->matrix = arena_alloc(arena, leaf * leaf, sizeof *s->matrix);
    s->cov = arena_alloc(arena, leaf * leaf, sizeof *s->cov);
    s->tree_cov = arena_alloc(arena, tree * tree, sizeof *s->tree_cov);
    s->work = arena_alloc(arena, 12 * longest + 4, sizeof *s->work);
    s->matrix_tree = arena_alloc(arena, lay->most_tree * tree, sizeof *s->matrix_tree);
    s->from = arena_alloc(arena, leaf, sizeof *s->from);
    s->run_end = arena_alloc(arena, tree, sizeof *s->run_end);
    s->x = arena_alloc(arena, longest, sizeof *s->x);
    s->y = arena_alloc(arena, longest, sizeof *s->y);
    s->sum = arena_alloc(arena, lay->n_globals, sizeof *s->sum);
    s->slot = arena_alloc(arena, longest, sizeof *s->slot);
    s->result = arena_alloc(arena, lay->most_cells, (steps + STEP_PAIRS(steps)) * sizeof(double));
    /* The arena aligns to 16, the lanes want 32. */
    char *cells = arena_alloc(arena, 2, sizeof *s->cells);
    if (!s->matrix || !s->cov || !s->tree_cov || !s->work || !s->matrix_tree || !s->from ||
        !s->run_end || !s->x || !s->y || !s->sum || !s->slot || !s->result || !cells) {
        return ERR_NOMEM;
    }
    s->cells = (struct step_cells *)(void *)(cells + (32 - (uintptr_t)cells % 32) % 32);
    return ERR_OK;
}

/* Parts of about the same number of cells, each of whole trees. */
static enum err parts_new(struct arena *arena, struct fronts *f, uint32_t n_parts)
{
    const struct layout *lay = f->lay;
    uint32_t t = 0, n = 0;
    f->n_parts = n_parts;
    f->parts = arena_alloc(arena, n_parts, sizeof *f->parts);
    for (uint32_t k = 0; f->parts && k < n_parts; k++) {
        struct fronts_part *part = &f->parts[k];
        enum err err = part_new(arena, lay, part);
        if (err) {
            return err;
        }
        part->first = t;
        while (t < lay->n_trees &&
               (k + 1 == n_parts || n < crew_first(k + 1, n_parts, lay->n_cells))) {
            n += lay->trees[t++].n_cells;
        }
        part->end = t;
    }
    return f->parts ? ERR_OK : ERR_NOMEM;
}

enum err fronts_new(struct arena *arena, const struct layout *lay, const struct crew *crew,
                    uint32_t n_parts, bool mode, struct fronts **fronts)
{
    struct fronts *f = arena_alloc(arena, 1, sizeof *f);
    if (!f) {
        return ERR_NOMEM;
    }
    f->lay = lay;
    f->crew = crew;
    f->mode = mode;
    f->every = 1;
    f->damp = 1;
    if (lay->panel_doubles > NARROW_FROM) {
        f->narrow = arena_alloc(arena, lay->panel_doubles, sizeof *f->narrow);
    } else {
        f->panel = arena_alloc(arena, lay->panel_doubles, sizeof *f->panel);
    }
    f->rhs = arena_alloc(arena, lay->model->n_effects, sizeof *f->rhs);
    f->cell_variance = arena_alloc(arena, lay->n_cells, sizeof *f->cell_variance);
    f->family_precision = arena_alloc(arena, lay->model->n_families, sizeof *f->family_precision);
    if ((!f->panel && !f->narrow) || !f->rhs || !f->cell_variance || !f->family_precision) {
        return ERR_NOMEM;
    }
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
    enum err err = parts_new(arena, f, n_parts);
    *fronts = f;
    return err;
}

uint32_t fronts_begin(const struct fronts *f, const struct fronts_part *part)
{
    return (part->first + f->every - 1) / f->every * f->every;
}

/* Gathers the values of a leaf's variables from value[effect]. */
static void gather(const struct fronts *f, const struct layout_tree *tree,
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

static size_t result_size(const struct fronts *f)
{
    size_t k = (size_t)f->lay->most_steps;
    return k + STEP_PAIRS(k);
}

/* Evaluates the lanes and hands out their results. */
static void flush(struct fronts *f, struct fronts_part *s, int n_lanes, int k, const uint32_t *to)
{
    for (int l = n_lanes; l < STEP_LANES; l++) {
        s->cells->n[l] = s->cells->sd[l] = 0;
        for (int j = 0; j < k; j++) {
            s->cells->z[j][l] = s->cells->at_least[j][l] = 0;
        }
    }
    step_evaluate(s->cells, k, f->mode);
    for (int l = 0; l < n_lanes; l++) {
        double *result = s->result + to[l] * result_size(f);
        for (int j = 0; j < k; j++) {
            *result++ = s->cells->gradient[j][l];
        }
        for (int p = 0; p < STEP_PAIRS(k); p++) {
            *result++ = s->cells->hessian[p][l];
        }
    }
}

/* Expected derivatives of every cell of the tree, into s->result. */
static void evaluate_tree(struct fronts *f, struct fronts_part *s, const struct layout_tree *tree,
                          const double *mean)
{
    const struct layout *lay = f->lay;
    uint32_t to[STEP_LANES], index = 0;
    int n_lanes = 0, k = 0;
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        const struct layout_leaf *leaf = &lay->leaves[l];
        if (leaf->n_cells) {
            gather(f, tree, leaf, mean, s->x);
        }
        for (uint32_t c = leaf->first_cell; c < leaf->first_cell + leaf->n_cells; c++, index++) {
            const struct layout_cell *cell = &lay->cells[c];
            const float *count = lay->count + cell->counts;
            if (count[0] <= 0) {
                continue;
            }
            if (n_lanes == STEP_LANES || (n_lanes && k != cell->n_steps)) {
                flush(f, s, n_lanes, k, to);
                n_lanes = 0;
            }
            double z[STEP_MAX];
            k = cell->n_steps;
            cell_logits(lay, cell, f->contrast[k], s->x, z);
            for (int j = 0; j < k; j++) {
                s->cells->z[j][n_lanes] = z[j];
                s->cells->at_least[j][n_lanes] = count[j + 1];
            }
            s->cells->n[n_lanes] = count[0];
            s->cells->sd[n_lanes] = sqrt(f->cell_variance[c]);
            to[n_lanes++] = index;
        }
    }
    if (n_lanes) {
        flush(f, s, n_lanes, k, to);
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

static void put_panel(struct fronts *f, size_t at, const double *from, size_t n)
{
    for (size_t i = 0; f->narrow && i < n; i++) {
        f->narrow[at + i] = (float)from[i];
    }
    if (f->panel && n) {
        memcpy(f->panel + at, from, n * sizeof *from);
    }
}

const double *fronts_panel(const struct fronts *f, size_t at, size_t n, double *to)
{
    if (f->panel) {
        return f->panel + at;
    }
    for (size_t i = 0; i < n; i++) {
        to[i] = (double)f->narrow[at + i];
    }
    return to;
}

/* The columns that take part: alone, people hold the global effects fixed. */
static size_t leaf_columns(const struct fronts_part *s, const struct layout_leaf *leaf)
{
    return leaf->n_own + leaf->n_tree + (s->alone ? 0 : leaf->n_global);
}

static size_t tree_columns(const struct fronts_part *s, const struct layout_tree *tree)
{
    return tree->n_own + (s->alone ? 0 : tree->n_global);
}

/* Hands a leaf's Schur complement to its tree and to the global system. */
static void hand_up(struct fronts *f, const struct fronts_part *s, const struct layout_tree *tree,
                    uint32_t index, struct globals *globals, double *panel, size_t stride)
{
    const double *matrix = s->matrix, *gradient = s->x;
    const struct layout *lay = f->lay;
    const struct layout_leaf *leaf = &lay->leaves[index];
    const int32_t *boundary = lay->boundary + leaf->first_boundary;
    const uint16_t *place = lay->place + leaf->first_boundary;
    size_t wide = dense_stride(tree->n_own + tree->n_global);
    double *rhs = f->rhs + tree->first_own;
    uint32_t n_global = s->alone ? 0 : leaf->n_global;
    for (uint32_t a = 0; a < leaf->n_tree; a++) {
        const double *row = matrix + (leaf->n_own + a) * stride + leaf->n_own;
        double *to = panel + (uint32_t)boundary[a] * wide;
        for (uint32_t b = a; b < leaf->n_tree; b++) {
            to[boundary[b]] += row[b];
        }
        for (uint32_t b = leaf->n_tree; b < leaf->n_tree + n_global; b++) {
            to[tree->n_own + place[b]] += row[b];
        }
        rhs[boundary[a]] += gradient[leaf->n_own + a];
    }
    if (s->alone) {
        return;
    }
    uint32_t first = leaf->n_own + leaf->n_tree;
    globals_add_leaf(globals, index, matrix + first * stride + first, stride);
    for (uint32_t b = 0; b < leaf->n_global; b++) {
        globals->gradient[boundary[leaf->n_tree + b]] += gradient[first + b];
    }
}

/* A leaf's information matrix and gradient, n columns, into s->matrix and s->x. */
static uint32_t assemble_leaf(struct fronts *f, struct fronts_part *s,
                              const struct layout_leaf *leaf, uint32_t result, const double *mean,
                              size_t n, size_t stride)
{
    const struct layout *lay = f->lay;
    memset(s->matrix, 0, n * stride * sizeof *s->matrix);
    memset(s->x, 0, n * sizeof *s->x);
    add_prior(f, lay->own + leaf->first_own, leaf->n_own, mean, s->matrix, stride, s->x);
    for (uint32_t c = leaf->first_cell; c < leaf->first_cell + leaf->n_cells; c++, result++) {
        const struct layout_cell *cell = &lay->cells[c];
        const double *found = s->result + result * result_size(f);
        if (lay->count[cell->counts] > 0 && s->alone) {
            cell_add_people(lay, cell, found, n, stride, s->matrix, s->x);
        } else if (lay->count[cell->counts] > 0) {
            cell_add(lay, cell, f->contrast[cell->n_steps], found, stride, s->matrix, s->x);
        }
    }
    return result;
}

static uint32_t eliminate_leaf(struct fronts *f, struct fronts_part *s,
                               const struct layout_tree *tree, uint32_t index, uint32_t result,
                               const double *mean, struct globals *globals, double *panel)
{
    const struct layout_leaf *leaf = &f->lay->leaves[index];
    size_t all = leaf->n_own + leaf->n_tree + leaf->n_global, stride = dense_stride(all);
    size_t n = leaf_columns(s, leaf);
    const struct joint_model *m = f->lay->model;
    double *matrix = s->matrix, *gradient = s->x;
    if (leaf_is_small(f->lay, leaf, stride)) {
        double precision[LEAF_OWN], prior[LEAF_OWN];
        for (uint32_t i = 0; i < leaf->n_own; i++) {
            int32_t effect = f->lay->own[leaf->first_own + i], family = m->effects[effect].family;
            precision[i] = f->family_precision[family];
            prior[i] = -precision[i] * (mean[effect] - m->families[family].mean);
        }
        leaf_eliminate(f->lay, leaf, s->result + result * result_size(f), result_size(f), precision,
                       prior, s->alone, n, stride, matrix, gradient);
        result += leaf->n_cells;
    } else {
        result = assemble_leaf(f, s, leaf, result, mean, n, stride);
        dense_eliminate(matrix, leaf->n_own, n, n, stride);
        dense_forward(matrix, leaf->n_own, n, stride, gradient);
    }
    put_panel(f, leaf->panel, matrix, leaf->n_own * stride);
    memcpy(f->rhs + leaf->first_own, gradient, leaf->n_own * sizeof *gradient);
    hand_up(f, s, tree, index, globals, panel, stride);
    return result;
}

/* Zeroes a tree's panel and starts it with the prior. */
static void start_tree(struct fronts *f, const struct layout_tree *tree, const double *mean,
                       size_t stride, double *panel)
{
    double *rhs = f->rhs + tree->first_own;
    if (tree->n_own) {
        memset(panel, 0, tree->n_own * stride * sizeof *panel);
        memset(rhs, 0, tree->n_own * sizeof *rhs);
        add_prior(f, f->lay->own + tree->first_own, tree->n_own, mean, panel, stride, rhs);
    }
}

/* Leaves the tree's factors in the panels and the rest, unless people are alone, in `globals`. */
static void eliminate_tree(struct fronts *f, struct fronts_part *s, uint32_t t, const double *mean,
                           struct globals *globals)
{
    const struct layout_tree *tree = &f->lay->trees[t];
    size_t n = tree_columns(s, tree), stride = dense_stride(tree->n_own + tree->n_global);
    double *panel = f->narrow ? s->matrix_tree : f->panel + tree->panel;
    double *rhs = f->rhs + tree->first_own;
    if (!s->alone) {
        globals_expect_tree(globals, t, false);
    }
    evaluate_tree(f, s, tree, mean);
    start_tree(f, tree, mean, stride, panel);
    uint32_t result = 0;
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        if (!s->alone) {
            globals_expect_leaf(globals, l + 1);
        }
        result = eliminate_leaf(f, s, tree, l, result, mean, globals, panel);
    }
    if (!tree->n_own) {
        return;
    }
    dense_eliminate(panel, tree->n_own, tree->n_own, n, stride);
    if (f->narrow && !s->alone) {
        put_panel(f, tree->panel, panel, tree->n_own * stride);
    }
    double *x = s->x;
    memcpy(x, rhs, tree->n_own * sizeof *x);
    memset(x + tree->n_own, 0, tree->n_global * sizeof *x);
    dense_forward(panel, tree->n_own, n, stride, x);
    memcpy(rhs, x, tree->n_own * sizeof *x);
    if (s->alone) {
        return;
    }
    const int32_t *gids = f->lay->global + tree->first_global;
    for (uint32_t b = 0; b < tree->n_global; b++) {
        globals->gradient[gids[b]] += x[tree->n_own + b];
    }
    globals_add_tree(globals, t, panel + tree->n_own, stride);
}

struct product {
    struct fronts *fronts;
    const double *x;
    double *y;
};

static void multiply_part(void *ctx, uint32_t piece)
{
    const struct product *all = ctx;
    struct fronts *f = all->fronts;
    struct fronts_part *s = &f->parts[piece];
    const struct layout *lay = f->lay;
    const double *x = all->x;
    double *y = piece ? s->sum : all->y;
    if (piece) {
        memset(y, 0, lay->n_globals * sizeof *y);
    }
    for (uint32_t t = fronts_begin(f, s); t < s->end; t += f->every) {
        const struct layout_tree *tree = &lay->trees[t];
        const int32_t *gids = lay->global + tree->first_global;
        size_t n = tree->n_global, stride = dense_stride(tree->n_own + n);
        size_t at = tree->panel + tree->n_own;
        if (!tree->n_own || !n) {
            continue;
        }
        for (size_t b = 0; b < n; b++) {
            s->x[b] = x[gids[b]];
        }
        memset(s->y, 0, n * sizeof *s->y);
        for (uint32_t i = 0; f->panel && i < tree->n_own; i++) {
            const double *w = f->panel + at + i * stride;
            dense_subtract(s->y, dense_dot(w, s->x, n), w, n);
        }
        if (f->narrow) {
            dense_subtract_square(s->y, f->narrow + at, tree->n_own, stride, s->x, n);
        }
        for (size_t b = 0; b < n; b++) {
            y[gids[b]] += s->y[b];
        }
    }
}

void fronts_multiply(void *ctx, const double *x, double *y)
{
    struct fronts *f = ctx;
    struct product all = {f, x, y};
    crew_run(f->crew, f->n_parts, multiply_part, &all);
    for (uint32_t k = 1; k < f->n_parts; k++) {
        dense_subtract(y, -1, f->parts[k].sum, f->lay->n_globals);
    }
}

static void leaf_step(struct fronts *f, struct fronts_part *s, const struct layout_leaf *leaf,
                      const double *tree_step, const double *global_step, double *step)
{
    const struct layout *lay = f->lay;
    const int32_t *boundary = lay->boundary + leaf->first_boundary;
    size_t n = leaf_columns(s, leaf);
    size_t stride = dense_stride(leaf->n_own + leaf->n_tree + leaf->n_global);
    const double *panel = fronts_panel(f, leaf->panel, leaf->n_own * stride, s->matrix);
    double *x = s->x;
    memcpy(x, f->rhs + leaf->first_own, leaf->n_own * sizeof *x);
    for (uint32_t i = 0; i < leaf->n_tree; i++) {
        x[leaf->n_own + i] = tree_step[boundary[i]];
    }
    for (uint32_t i = 0; !s->alone && i < leaf->n_global; i++) {
        x[leaf->n_own + leaf->n_tree + i] = global_step[boundary[leaf->n_tree + i]];
    }
    dense_backward(panel, leaf->n_own, n, stride, x);
    for (uint32_t i = 0; i < leaf->n_own; i++) {
        step[lay->own[leaf->first_own + i]] = x[i];
    }
}

/* `global_step` may be NULL when people are alone. */
static void step_tree(struct fronts *f, struct fronts_part *s, const struct layout_tree *tree,
                      const double *global_step, double *step)
{
    const struct layout *lay = f->lay;
    size_t n = tree_columns(s, tree), stride = dense_stride(tree->n_own + tree->n_global);
    double *x = s->y;
    if (tree->n_own) {
        memcpy(x, f->rhs + tree->first_own, tree->n_own * sizeof *x);
        for (uint32_t b = 0; !s->alone && b < tree->n_global; b++) {
            x[tree->n_own + b] = global_step[lay->global[tree->first_global + b]];
        }
        /* Alone, it was eliminated just now: a narrow panel was not kept. */
        const double *panel =
            f->narrow && s->alone
                ? s->matrix_tree
                : fronts_panel(f, tree->panel, tree->n_own * stride, s->matrix_tree);
        dense_backward(panel, tree->n_own, n, stride, x);
    }
    for (uint32_t i = 0; i < tree->n_own; i++) {
        step[lay->own[tree->first_own + i]] = x[i];
    }
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        if (lay->leaves[l].n_own) {
            leaf_step(f, s, &lay->leaves[l], x, global_step, step);
        }
    }
}

static void step_part(void *ctx, uint32_t piece)
{
    const struct product *all = ctx;
    struct fronts *f = all->fronts;
    struct fronts_part *s = &f->parts[piece];
    for (uint32_t t = fronts_begin(f, s); t < s->end; t += f->every) {
        step_tree(f, s, &f->lay->trees[t], all->x, all->y);
    }
}

void fronts_step(struct fronts *f, const double *global_step, double *step)
{
    struct product all = {f, global_step, step};
    crew_run(f->crew, f->n_parts, step_part, &all);
}

static void take_steps(const int32_t *own, uint32_t n, double most, const double *step,
                       double *mean)
{
    for (uint32_t i = 0; i < n; i++) {
        double by = step[own[i]];
        mean[own[i]] += by > most ? most : by < -most ? -most : by;
    }
}

/* The tree's own step, nobody else moving. */
static void start_alone(struct fronts *f, struct fronts_part *s, uint32_t t, double *mean,
                        double *step)
{
    const struct layout *lay = f->lay;
    const struct layout_tree *tree = &lay->trees[t];
    s->alone = true;
    eliminate_tree(f, s, t, mean, NULL);
    step_tree(f, s, tree, NULL, step);
    take_steps(lay->own + tree->first_own, tree->n_own, f->start, step, mean);
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        const struct layout_leaf *leaf = &lay->leaves[l];
        take_steps(lay->own + leaf->first_own, leaf->n_own, f->start, step, mean);
    }
    s->alone = false;
}

struct elimination {
    struct fronts *fronts;
    double *mean, *step;
    struct globals *globals;
};

static void eliminate_part(void *ctx, uint32_t piece)
{
    struct elimination *all = ctx;
    struct fronts *f = all->fronts;
    struct fronts_part *s = &f->parts[piece];
    struct globals *globals = globals_part(all->globals, piece);
    for (uint32_t t = fronts_begin(f, s); t < s->end; t += f->every) {
        if (f->start > 0) {
            start_alone(f, s, t, all->mean, all->step);
        }
        eliminate_tree(f, s, t, all->mean, globals);
    }
}

void fronts_eliminate(struct fronts *f, double *mean, double *step, struct globals *globals)
{
    struct elimination all = {f, mean, step, globals};
    crew_run(f->crew, f->n_parts, eliminate_part, &all);
    globals_gather(globals);
}

static void likelihood_part(void *ctx, uint32_t piece)
{
    const struct product *product = ctx;
    struct fronts *f = product->fronts;
    struct fronts_part *s = &f->parts[piece];
    const struct layout *lay = f->lay;
    const double *mean = product->x;
    double sum = 0, n = 0;
    for (uint32_t t = fronts_begin(f, s); t < s->end; t += f->every) {
        const struct layout_tree *tree = &lay->trees[t];
        const struct layout_leaf *first = &lay->leaves[tree->first_leaf];
        evaluate_tree(f, s, tree, mean);
        for (uint32_t i = 0; i < tree->n_cells; i++) {
            const struct layout_cell *cell = &lay->cells[first->first_cell + i];
            sum += cell_likelihood(lay, cell, s->result + i * result_size(f));
            n += (double)lay->count[cell->counts];
        }
    }
    s->likelihood = sum;
    s->n = n;
}

double fronts_likelihood(struct fronts *f, const double *mean, double *n)
{
    struct product all = {f, mean, NULL};
    double sum = 0;
    crew_run(f->crew, f->n_parts, likelihood_part, &all);
    *n = 0;
    for (uint32_t k = 0; k < f->n_parts; k++) {
        sum += f->parts[k].likelihood;
        *n += f->parts[k].n;
    }
    return sum;
}
