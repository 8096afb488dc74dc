/* Lists and cells of layout.h: pieces of the people are listed and counted, then it is known where
 * each piece's cells begin, and they are filled in. */
#include "zone/layout_maker.h"

#include "base/arena.h"
#include "base/crew.h"
#include "zone/dense.h"
#include "zone/slots.h"

#define PIECES 8 /* of the people, whoever fills them */

/* How much there is of what grows while cells are made. */
struct size {
    size_t cells, columns, coefficients, counts;
};

struct filler {
    struct layout_maker *maker;
    uint32_t first, end;                     /* trees */
    uint32_t *mark, *local;                  /* as the maker's, by gid */
    uint32_t *tree_mark;                     /* by gid: the last tree that saw it, plus 1 */
    uint32_t *tree_place;                    /* by gid: place in the tree's global list */
    struct size size;                        /* counted, then where the next cell goes */
    const struct joint_observation *pattern; /* whose coefficients were stored last, or NULL */
    uint32_t pattern_at;
    enum err err;
    char apart[CREW_APART];
};

static void sort_ints(int32_t *x, uint32_t n)
{
    uint32_t gap = 1;
    while (gap < n / 3) {
        gap = gap * 3 + 1;
    }
    for (; gap > 0; gap /= 3) {
        for (uint32_t i = gap; i < n; i++) {
            int32_t v = x[i];
            uint32_t j = i;
            for (; j >= gap && x[j - gap] > v; j -= gap) {
                x[j] = x[j - gap];
            }
            x[j] = v;
        }
    }
}

/* ---- listing and counting ---- */

static void list_effect(void *ctx, uint32_t leaf, int32_t effect)
{
    struct filler *f = ctx;
    struct layout_maker *k = f->maker;
    struct layout *lay = k->lay;
    struct layout_leaf *at = &lay->leaves[leaf];
    int32_t gid = lay->gid[effect];
    if (gid != JOINT_NONE) {
        if (f->mark[gid] != leaf + 1) {
            f->mark[gid] = leaf + 1;
            lay->boundary[at->first_boundary + at->n_tree + at->n_global++] = gid;
        }
    } else if (k->mark[effect] != leaf + 1 + lay->n_leaves) {
        k->mark[effect] = leaf + 1 + lay->n_leaves;
        if (!layout_is_own(k, leaf, effect)) {
            /* The tree's effects go in front; n_kept counts them for the moment. */
            lay->boundary[at->first_boundary + at->n_kept++] = (int32_t)k->own_place[effect];
        }
    }
}

static void list_leaf(struct filler *f, uint32_t leaf)
{
    struct layout *lay = f->maker->lay;
    struct layout_leaf *at = &lay->leaves[leaf];
    int32_t *boundary = lay->boundary + at->first_boundary;
    at->n_global = at->n_kept = 0;
    layout_leaf_effects(f->maker, leaf, list_effect, f);
    sort_ints(boundary, at->n_tree);
    sort_ints(boundary + at->n_tree, at->n_global);
    at->n_kept = 0;
    for (uint32_t i = at->n_tree; i < at->n_tree + at->n_global; i++) {
        at->n_kept += (uint32_t)boundary[i] < lay->n_kept;
    }
    if (at->n_own + at->n_tree + at->n_global > UINT16_MAX) {
        f->err = ERR_LIMIT;
    }
}

static bool same_terms(const struct joint_model *m, const struct joint_observation *a,
                       const struct joint_observation *b, bool effects)
{
    const struct joint_term *x = &m->terms[a->first_term], *y = &m->terms[b->first_term];
    bool same = a->n_terms == b->n_terms;
    for (int t = 0; same && x != y && t < a->n_terms; t++) {
        same = x[t].coefficient == y[t].coefficient && (!effects || x[t].effect == y[t].effect);
    }
    return same;
}

/* Neighbours of the same design are one cell. */
static bool same_design(const struct joint_model *m, const struct joint_observation *a,
                        const struct joint_observation *b)
{
    return a->n_steps == b->n_steps && a->thresholds == b->thresholds && a->shape == b->shape &&
           a->offset == b->offset && same_terms(m, a, b, true);
}

/* Moves on by a cell.  Its coefficients are mostly those of the cell before: kept once. */
static void count_cell(struct filler *f, const struct joint_observation *o)
{
    struct size *size = &f->size;
    size_t steps = o->n_steps;
    if (!f->pattern || !same_terms(f->maker->model, f->pattern, o, false)) {
        f->pattern = o;
        f->pattern_at = (uint32_t)size->coefficients;
        size->coefficients += o->n_terms;
    }
    size->cells++;
    size->columns += (size_t)o->n_terms + (o->thresholds != JOINT_NONE ? steps : 0) +
                     (o->shape != JOINT_NONE ? steps - 1 : 0);
    size->counts += 1 + steps;
}

static void list_piece(void *ctx, uint32_t piece)
{
    struct filler *f = (struct filler *)ctx + piece;
    const struct layout_maker *k = f->maker;
    for (uint32_t t = f->first; t < f->end; t++) {
        struct layout_tree *tree = &k->lay->trees[t];
        tree->n_global = tree->n_kept = 0;
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            list_leaf(f, l);
            const struct layout_leaf *leaf = &k->lay->leaves[l];
            const int32_t *gids = k->lay->boundary + leaf->first_boundary + leaf->n_tree;
            for (uint32_t i = 0; i < leaf->n_global; i++) {
                bool fresh = f->tree_mark[gids[i]] != t + 1;
                f->tree_mark[gids[i]] = t + 1;
                tree->n_global += fresh;
                tree->n_kept += fresh && (uint32_t)gids[i] < k->lay->n_kept;
            }
            const struct joint_observation *o = k->model->observations;
            o += k->first_obs[k->leaf_front[l]];
            for (uint32_t i = 0; i < k->n_obs[k->leaf_front[l]]; i++) {
                if (i == 0 || !same_design(k->model, &o[i - 1], &o[i])) {
                    count_cell(f, &o[i]);
                }
            }
        }
        if (tree->n_own + tree->n_global > UINT16_MAX) {
            f->err = ERR_LIMIT;
        }
    }
}

/* ---- where everything goes ---- */

static void place_leaves(struct layout *lay)
{
    uint32_t boundary = 0;
    for (uint32_t l = 0; l < lay->n_leaves; l++) {
        struct layout_leaf *leaf = &lay->leaves[l];
        leaf->first_boundary = boundary;
        boundary += leaf->n_tree + leaf->n_global;
    }
}

static uint32_t greater(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Returns the length of all trees' global lists. */
static size_t place_panels(struct layout *lay)
{
    size_t global = 0;
    for (uint32_t t = 0; t < lay->n_trees; t++) {
        struct layout_tree *tree = &lay->trees[t];
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            struct layout_leaf *leaf = &lay->leaves[l];
            uint32_t n = leaf->n_own + leaf->n_tree + leaf->n_global;
            leaf->panel = lay->panel_doubles;
            lay->panel_doubles += leaf->n_own * dense_stride(n);
            lay->most_leaf = greater(lay->most_leaf, n);
            lay->most_own = greater(lay->most_own, leaf->n_own);
        }
        tree->first_global = (uint32_t)global;
        global += tree->n_global;
        tree->panel = lay->panel_doubles;
        lay->panel_doubles += tree->n_own * dense_stride(tree->n_own + tree->n_global);
        lay->most_tree = greater(lay->most_tree, tree->n_own);
        lay->most_global = greater(lay->most_global, tree->n_global);
    }
    return global;
}

/* Turns the pieces' sizes into where they begin; returns the sum. */
static struct size place_pieces(struct filler *fillers)
{
    struct size sum = {0};
    for (int k = 0; k < PIECES; k++) {
        struct size size = fillers[k].size;
        fillers[k].size = sum;
        fillers[k].pattern = NULL;
        sum.cells += size.cells;
        sum.columns += size.columns;
        sum.coefficients += size.coefficients;
        sum.counts += size.counts;
    }
    return sum;
}

/* ---- filling ---- */

/* Gives every effect that the leaf uses its column. */
static void number_columns(struct filler *f, const struct layout_tree *tree,
                           const struct layout_leaf *leaf)
{
    struct layout_maker *k = f->maker;
    const struct layout *lay = k->lay;
    const int32_t *boundary = lay->boundary + leaf->first_boundary;
    for (uint32_t i = 0; i < leaf->n_own; i++) {
        k->local[lay->own[leaf->first_own + i]] = i;
    }
    for (uint32_t i = 0; i < leaf->n_tree; i++) {
        k->local[lay->own[tree->first_own + (uint32_t)boundary[i]]] = leaf->n_own + i;
    }
    for (uint32_t i = leaf->n_tree; i < leaf->n_tree + leaf->n_global; i++) {
        f->local[boundary[i]] = leaf->n_own + i;
    }
}

static uint16_t column_of(const struct filler *f, int32_t effect)
{
    int32_t gid = f->maker->lay->gid[effect];
    return (uint16_t)(gid == JOINT_NONE ? f->maker->local[effect] : f->local[gid]);
}

static void open_cell(struct filler *f, const struct joint_observation *o)
{
    struct layout *lay = f->maker->lay;
    struct layout_cell *cell = &lay->cells[f->size.cells];
    uint16_t *column = lay->column + f->size.columns;
    size_t counts = f->size.counts, columns = f->size.columns, stored = f->size.coefficients;
    const struct joint_term *term = &f->maker->model->terms[o->first_term];
    count_cell(f, o);
    *cell = (struct layout_cell){.columns = (uint32_t)columns,
                                 .terms = f->pattern_at,
                                 .counts = (uint32_t)counts,
                                 .offset = o->offset,
                                 .n_terms = o->n_terms,
                                 .n_steps = o->n_steps,
                                 .thresholds = o->thresholds != JOINT_NONE,
                                 .shape = o->shape != JOINT_NONE && o->n_steps > 1};
    for (int t = 0; t < o->n_terms; t++) {
        *column++ = column_of(f, term[t].effect);
        if (f->size.coefficients > stored) {
            lay->coefficient[f->pattern_at + (uint32_t)t] = term[t].coefficient;
        }
    }
    for (int j = 0; cell->thresholds && j < o->n_steps; j++) {
        *column++ = column_of(f, o->thresholds + j);
    }
    for (int j = 0; cell->shape && j + 1 < o->n_steps; j++) {
        *column++ = column_of(f, o->shape + j);
    }
}

static void fill_cells(struct filler *f, uint32_t leaf)
{
    const struct layout_maker *k = f->maker;
    struct layout *lay = k->lay;
    struct layout_leaf *at = &lay->leaves[leaf];
    int32_t front = k->leaf_front[leaf];
    at->first_cell = (uint32_t)f->size.cells;
    for (uint32_t i = 0; i < k->n_obs[front]; i++) {
        uint32_t index = k->first_obs[front] + i;
        const struct joint_observation *o = &k->model->observations[index];
        if (i == 0 || !same_design(k->model, o - 1, o)) {
            open_cell(f, o);
        }
        lay->cell_of[index] = (uint32_t)f->size.cells - 1;
        float *count = lay->count + lay->cells[f->size.cells - 1].counts;
        count[0] += o->weight;
        for (int j = 1; j <= o->level; j++) {
            count[j] += o->weight;
        }
    }
    at->n_cells = (uint32_t)f->size.cells - at->first_cell;
}

static void fill_queries(struct filler *f, const struct layout_leaf *leaf)
{
    const struct joint_model *m = f->maker->model;
    struct layout *lay = f->maker->lay;
    for (uint32_t i = 0; i < leaf->n_queries; i++) {
        const struct joint_query *query = &m->queries[lay->query[leaf->first_query + i]];
        for (int t = query->first_term; t < query->first_term + query->n_a + query->n_b; t++) {
            lay->query_column[t] = column_of(f, m->terms[t].effect);
        }
    }
}

/* The tree's global list is the union of its leaves'. */
static void fill_tree(struct filler *f, uint32_t t)
{
    struct layout *lay = f->maker->lay;
    struct layout_tree *tree = &lay->trees[t];
    int32_t *list = lay->global + tree->first_global;
    uint32_t n = 0, mark = t + 1 + lay->n_trees;
    tree->n_cells = 0;
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        const struct layout_leaf *leaf = &lay->leaves[l];
        const int32_t *gids = lay->boundary + leaf->first_boundary + leaf->n_tree;
        for (uint32_t i = 0; i < leaf->n_global; i++) {
            if (f->tree_mark[gids[i]] != mark) {
                f->tree_mark[gids[i]] = mark;
                list[n++] = gids[i];
            }
        }
        tree->n_cells += leaf->n_cells;
    }
    sort_ints(list, n);
    for (uint32_t i = 0; i < n; i++) {
        f->tree_place[list[i]] = i;
    }
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        const struct layout_leaf *leaf = &lay->leaves[l];
        uint32_t from = leaf->first_boundary + leaf->n_tree;
        for (uint32_t i = from; i < from + leaf->n_global; i++) {
            lay->place[i] = (uint16_t)f->tree_place[lay->boundary[i]];
        }
    }
}

static void fill_piece(void *ctx, uint32_t piece)
{
    struct filler *f = (struct filler *)ctx + piece;
    struct layout *lay = f->maker->lay;
    for (uint32_t t = f->first; t < f->end; t++) {
        const struct layout_tree *tree = &lay->trees[t];
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            number_columns(f, tree, &lay->leaves[l]);
            fill_cells(f, l);
            fill_queries(f, &lay->leaves[l]);
        }
        fill_tree(f, t);
    }
}

/* The places of the global system need the lists only: they are found beside the filling, which
 * takes no memory of the arena. */
struct filling {
    struct filler *fillers;
    struct arena *arena;
    struct layout *lay;
    enum err err; /* of the places */
};

static void fill_or_place(void *ctx, uint32_t piece)
{
    struct filling *all = ctx;
    if (piece > 0) {
        fill_piece(all->fillers, piece - 1);
    } else if (!all->lay->exact) {
        all->err = slots_make(all->arena, all->lay, &all->lay->slots);
    }
}

/* ---- all ---- */

static enum err fillers_new(struct arena *temporary, struct layout_maker *k,
                            struct filler **fillers)
{
    uint32_t n = k->lay->n_globals, n_trees = k->lay->n_trees;
    struct filler *all = arena_alloc(temporary, PIECES, sizeof *all);
    bool good = all != NULL;
    for (uint32_t p = 0; good && p < PIECES; p++) {
        all[p].maker = k;
        all[p].first = crew_first(p, PIECES, n_trees);
        all[p].end = crew_first(p + 1, PIECES, n_trees);
        all[p].mark = arena_alloc(temporary, n, sizeof *all->mark);
        all[p].local = arena_alloc(temporary, n, sizeof *all->local);
        all[p].tree_mark = arena_alloc(temporary, n, sizeof *all->tree_mark);
        all[p].tree_place = arena_alloc(temporary, n, sizeof *all->tree_place);
        good = all[p].mark && all[p].local && all[p].tree_mark && all[p].tree_place;
    }
    *fillers = all;
    return good ? ERR_OK : ERR_NOMEM;
}

enum err layout_fill(struct arena *arena, struct arena *temporary, struct layout_maker *k,
                     const struct crew *crew)
{
    struct layout *lay = k->lay;
    const struct joint_model *m = k->model;
    struct filler *fillers;
    enum err err = fillers_new(temporary, k, &fillers);
    lay->boundary = arena_alloc(arena, k->n_boundary, sizeof *lay->boundary);
    lay->place = arena_alloc(arena, k->n_boundary, sizeof *lay->place);
    lay->cell_of = arena_alloc(arena, m->n_observations, sizeof *lay->cell_of);
    lay->query_column =
        arena_alloc(arena, m->n_queries ? m->n_terms : 0, sizeof *lay->query_column);
    if (err || !lay->boundary || !lay->place || !lay->cell_of || !lay->query_column) {
        return ERR_NOMEM;
    }
    place_leaves(lay);
    crew_run(crew, PIECES, list_piece, fillers);
    for (int p = 0; p < PIECES; p++) {
        err = fillers[p].err ? fillers[p].err : err;
    }
    struct size size = place_pieces(fillers);
    if (err || size.columns > UINT32_MAX) {
        return ERR_LIMIT;
    }
    lay->n_cells = (uint32_t)size.cells;
    lay->global = arena_alloc(arena, place_panels(lay), sizeof *lay->global);
    lay->column = arena_alloc(arena, size.columns, sizeof *lay->column);
    lay->coefficient = arena_alloc(arena, size.coefficients, sizeof *lay->coefficient);
    lay->count = arena_alloc(arena, size.counts, sizeof *lay->count);
    lay->cells = arena_alloc(arena, size.cells, sizeof *lay->cells);
    if (!lay->global || !lay->column || !lay->coefficient || !lay->count || !lay->cells) {
        return ERR_NOMEM;
    }
    struct filling filling = {fillers, arena, lay, ERR_OK};
    crew_run(crew, 1 + PIECES, fill_or_place, &filling);
    for (uint32_t t = 0; t < lay->n_trees; t++) {
        lay->most_cells = greater(lay->most_cells, lay->trees[t].n_cells);
    }
    return filling.err;
}
