/* The fronts and cells of layout.h.  Three passes over the observations: checks and counts, then
 * (after the globals are numbered) lists and cells. */
#include "zone/layout.h"

#include "base/arena.h"
#include "zone/blocks.h"
#include "zone/dense.h"

#include <math.h>
#include <string.h>

/* What making a layout needs and nobody later. */
struct maker {
    struct layout *lay;
    const struct joint_model *model;
    uint32_t *own_first; /* per front, n_fronts + 1 */
    uint32_t *own_place; /* per effect */
    uint32_t *first_obs; /* per front */
    uint32_t *n_obs;
    uint32_t *first_query; /* per front, n_fronts + 1 */
    int32_t *leaf_front;   /* per leaf */
    uint32_t *mark;        /* per effect: the last leaf + 1 that saw it */
    uint32_t *local;       /* per effect: its column in the leaf at hand */
    uint32_t *tree_mark;   /* per effect: the last tree + 1 that saw it */
    uint32_t *tree_place;  /* per effect: place in the tree's global list */
    size_t n_boundary, n_tree_global, n_columns, n_coefficients, n_counts;
};

static enum err check_tables(const struct joint_model *m)
{
    if (m->n_effects > INT32_MAX || m->n_fronts > INT32_MAX || m->n_observations > UINT32_MAX ||
        m->n_terms > INT32_MAX || m->n_queries > INT32_MAX) {
        return ERR_LIMIT;
    }
    for (size_t f = 0; f < m->n_families; f++) {
        const struct joint_family *family = &m->families[f];
        if (!(family->variance > 0) || !(family->pseudo >= 0) || !isfinite(family->mean) ||
            !isfinite(family->variance) || (unsigned)family->rule >= JOINT_RULE__MAX) {
            return ERR_INVALID;
        }
    }
    for (size_t f = 0; f < m->n_fronts; f++) {
        int32_t parent = m->front_parent[f];
        if (parent != JOINT_NONE &&
            (parent < 0 || (size_t)parent >= f || m->front_parent[parent] != JOINT_NONE)) {
            return ERR_INVALID;
        }
    }
    for (size_t e = 0; e < m->n_effects; e++) {
        const struct joint_effect *x = &m->effects[e];
        if (x->family < 0 || (size_t)x->family >= m->n_families || x->front < JOINT_NONE ||
            (x->front >= 0 && (size_t)x->front >= m->n_fronts) ||
            (x->front == JOINT_NONE && (x->group < 0 || (size_t)x->group >= m->n_effects))) {
            return ERR_INVALID;
        }
    }
    return ERR_OK;
}

/* May something in `front` use this effect? */
static bool reachable(const struct joint_model *m, int32_t front, int64_t effect)
{
    if (effect < 0 || (size_t)effect >= m->n_effects) {
        return false;
    }
    int32_t home = m->effects[effect].front;
    return home == JOINT_NONE || home == front || home == m->front_parent[front];
}

static bool terms_sound(const struct joint_model *m, int32_t front, int64_t first, size_t n)
{
    if (first < 0 || n > 32 || (size_t)first + n > m->n_terms) {
        return false;
    }
    for (size_t k = 0; k < n; k++) {
        const struct joint_term *term = &m->terms[(size_t)first + k];
        if (!reachable(m, front, term->effect) || !isfinite(term->coefficient)) {
            return false;
        }
    }
    return true;
}

static bool run_sound(const struct joint_model *m, int64_t first, int n)
{
    for (int j = 0; j < n; j++) {
        int64_t e = first + j;
        if (e < 0 || (size_t)e >= m->n_effects || m->effects[e].front != JOINT_NONE) {
            return false;
        }
    }
    return true;
}

static bool observation_sound(const struct joint_model *m, const struct joint_observation *o)
{
    return o->front >= 0 && (size_t)o->front < m->n_fronts && o->n_steps >= 1 &&
           o->n_steps <= JOINT_MAX_STEPS && o->level <= o->n_steps && isfinite(o->offset) &&
           o->weight >= 0 && isfinite(o->weight) &&
           terms_sound(m, o->front, o->first_term, o->n_terms) &&
           (o->thresholds == JOINT_NONE || run_sound(m, o->thresholds, o->n_steps)) &&
           (o->shape == JOINT_NONE || run_sound(m, o->shape, o->n_steps - 1));
}

static enum err check_observations(struct maker *k)
{
    const struct joint_model *m = k->model;
    int32_t before = JOINT_NONE;
    for (size_t i = 0; i < m->n_observations; i++) {
        const struct joint_observation *o = &m->observations[i];
        if (!observation_sound(m, o)) {
            return ERR_INVALID;
        }
        if (o->front != before) {
            if (k->n_obs[o->front]) {
                return ERR_INVALID; /* the front's observations do not stand together */
            }
            k->first_obs[o->front] = (uint32_t)i;
            before = o->front;
        }
        k->n_obs[o->front]++;
        if (o->n_steps > k->lay->most_steps) {
            k->lay->most_steps = o->n_steps;
        }
    }
    for (size_t q = 0; q < m->n_queries; q++) {
        const struct joint_query *query = &m->queries[q];
        if (query->front < 0 || (size_t)query->front >= m->n_fronts ||
            !terms_sound(m, query->front, query->first_term, query->n_a) ||
            !terms_sound(m, query->front, (int64_t)query->first_term + query->n_a, query->n_b)) {
            return ERR_INVALID;
        }
        k->first_query[query->front + 1]++;
    }
    return ERR_OK;
}

/* Effects and queries sorted by front, keeping their order. */
static enum err sort_by_front(struct arena *arena, struct maker *k)
{
    const struct joint_model *m = k->model;
    struct layout *lay = k->lay;
    lay->own = arena_alloc(arena, m->n_effects, sizeof *lay->own);
    lay->query = arena_alloc(arena, m->n_queries, sizeof *lay->query);
    if (!lay->own || !lay->query) {
        return ERR_NOMEM;
    }
    for (size_t e = 0; e < m->n_effects; e++) {
        if (m->effects[e].front >= 0) {
            k->own_first[m->effects[e].front + 1]++;
        }
    }
    for (size_t f = 0; f < m->n_fronts; f++) {
        k->own_first[f + 1] += k->own_first[f];
        k->first_query[f + 1] += k->first_query[f];
    }
    /* own_first[f] walks to the end of its range, then everything is shifted back by one. */
    for (size_t e = 0; e < m->n_effects; e++) {
        int32_t f = m->effects[e].front;
        if (f >= 0) {
            lay->own[k->own_first[f]++] = (int32_t)e;
        }
    }
    for (size_t q = 0; q < m->n_queries; q++) {
        lay->query[k->first_query[m->queries[q].front]++] = (uint32_t)q;
    }
    for (size_t f = m->n_fronts; f > 0; f--) {
        k->own_first[f] = k->own_first[f - 1];
        k->first_query[f] = k->first_query[f - 1];
    }
    k->own_first[0] = k->first_query[0] = 0;
    for (size_t f = 0; f < m->n_fronts; f++) {
        for (uint32_t i = k->own_first[f]; i < k->own_first[f + 1]; i++) {
            k->own_place[lay->own[i]] = i - k->own_first[f];
        }
    }
    return ERR_OK;
}

/* Trees in the order of their fronts; a tree's leaves: its own observations, then its children. */
static enum err make_trees(struct arena *arena, struct maker *k)
{
    const struct joint_model *m = k->model;
    struct layout *lay = k->lay;
    uint32_t *tree_of = arena_alloc(arena, m->n_fronts, sizeof *tree_of);
    lay->trees = arena_alloc(arena, m->n_fronts, sizeof *lay->trees);
    lay->leaves = arena_alloc(arena, m->n_fronts, sizeof *lay->leaves);
    k->leaf_front = arena_alloc(arena, m->n_fronts, sizeof *k->leaf_front);
    if (!tree_of || !lay->trees || !lay->leaves || !k->leaf_front) {
        return ERR_NOMEM;
    }
    for (size_t f = 0; f < m->n_fronts; f++) {
        if (m->front_parent[f] == JOINT_NONE) {
            tree_of[f] = lay->n_trees++;
        } else {
            tree_of[f] = tree_of[m->front_parent[f]];
            lay->trees[tree_of[f]].n_leaves++;
        }
    }
    for (size_t f = 0; f < m->n_fronts; f++) {
        struct layout_tree *tree = &lay->trees[tree_of[f]];
        if (m->front_parent[f] != JOINT_NONE) {
            continue;
        }
        bool alone = tree->n_leaves == 0;
        bool more = k->n_obs[f] > 0 || k->first_query[f + 1] > k->first_query[f];
        tree->first_leaf = lay->n_leaves;
        tree->first_own = k->own_first[f];
        tree->n_own = alone ? 0 : k->own_first[f + 1] - k->own_first[f];
        if (alone || more) {
            lay->leaves[lay->n_leaves].n_own = alone ? k->own_first[f + 1] - k->own_first[f] : 0;
            k->leaf_front[lay->n_leaves] = (int32_t)f;
            lay->n_leaves++;
        }
        lay->n_leaves += tree->n_leaves; /* filled in below */
        tree->n_leaves = lay->n_leaves - tree->first_leaf;
        tree->n_global = alone || more; /* for now: leaves already there */
    }
    for (size_t f = 0; f < m->n_fronts; f++) {
        if (m->front_parent[f] != JOINT_NONE) {
            struct layout_tree *tree = &lay->trees[tree_of[f]];
            uint32_t leaf = tree->first_leaf + tree->n_global++;
            lay->leaves[leaf].n_own = k->own_first[f + 1] - k->own_first[f];
            k->leaf_front[leaf] = (int32_t)f;
        }
    }
    for (uint32_t l = 0; l < lay->n_leaves; l++) {
        int32_t f = k->leaf_front[l];
        lay->leaves[l].first_own = k->own_first[f];
        lay->leaves[l].first_query = k->first_query[f];
        lay->leaves[l].n_queries = k->first_query[f + 1] - k->first_query[f];
    }
    return ERR_OK;
}

/* Calls see(k, effect) for every effect that a leaf's observations and queries name. */
static void leaf_effects(struct maker *k, uint32_t leaf,
                         void (*see)(struct maker *k, uint32_t leaf, int32_t effect))
{
    const struct joint_model *m = k->model;
    int32_t f = k->leaf_front[leaf];
    for (uint32_t i = 0; i < k->n_obs[f]; i++) {
        const struct joint_observation *o = &m->observations[k->first_obs[f] + i];
        for (int t = 0; t < o->n_terms; t++) {
            see(k, leaf, m->terms[o->first_term + t].effect);
        }
        for (int j = 0; o->thresholds != JOINT_NONE && j < o->n_steps; j++) {
            see(k, leaf, o->thresholds + j);
        }
        for (int j = 0; o->shape != JOINT_NONE && j + 1 < o->n_steps; j++) {
            see(k, leaf, o->shape + j);
        }
    }
    const struct layout_leaf *at = &k->lay->leaves[leaf];
    for (uint32_t i = 0; i < at->n_queries; i++) {
        const struct joint_query *query = &m->queries[k->lay->query[at->first_query + i]];
        for (int t = 0; t < query->n_a + query->n_b; t++) {
            see(k, leaf, m->terms[query->first_term + t].effect);
        }
    }
}

static bool is_own(const struct maker *k, uint32_t leaf, int32_t effect)
{
    const struct layout_leaf *at = &k->lay->leaves[leaf];
    return at->n_own && k->model->effects[effect].front == k->leaf_front[leaf];
}

static void count_effect(struct maker *k, uint32_t leaf, int32_t effect)
{
    if (k->mark[effect] == leaf + 1) {
        return;
    }
    k->mark[effect] = leaf + 1;
    struct layout_leaf *at = &k->lay->leaves[leaf];
    if (k->model->effects[effect].front == JOINT_NONE) {
        at->n_global++;
        k->n_boundary++;
    } else if (!is_own(k, leaf, effect)) {
        at->n_tree++;
        k->n_boundary++;
    }
}

/* Sizes, and which global effects meet in a person. */
static enum err count_all(struct maker *k, struct blocks *blocks)
{
    struct layout *lay = k->lay;
    for (uint32_t t = 0; t < lay->n_trees; t++) {
        struct layout_tree *tree = &lay->trees[t];
        tree->n_global = 0;
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            leaf_effects(k, l, count_effect);
        }
        blocks_begin_tree(blocks);
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            int32_t f = k->leaf_front[l];
            for (uint32_t i = 0; i < k->n_obs[f]; i++) {
                const struct joint_observation *o = &k->model->observations[k->first_obs[f] + i];
                blocks_observe(blocks, o);
            }
        }
        uint32_t n_own = tree->n_leaves == 1 && tree->n_own == 0
                             ? lay->leaves[tree->first_leaf].n_own
                             : tree->n_own;
        tree->n_global = blocks_end_tree(blocks, n_own);
        k->n_tree_global += tree->n_global;
    }
    const struct joint_model *m = k->model;
    for (size_t i = 0; i < m->n_observations; i++) {
        const struct joint_observation *o = &m->observations[i];
        k->n_columns += (size_t)o->n_terms + 2u * o->n_steps;
        k->n_coefficients += o->n_terms;
        k->n_counts += 1u + o->n_steps;
    }
    return k->n_columns > UINT32_MAX || k->n_boundary > UINT32_MAX ? ERR_LIMIT : ERR_OK;
}

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

static void list_effect(struct maker *k, uint32_t leaf, int32_t effect)
{
    struct layout *lay = k->lay;
    struct layout_leaf *at = &lay->leaves[leaf];
    if (k->mark[effect] == leaf + 1 || is_own(k, leaf, effect)) {
        return;
    }
    k->mark[effect] = leaf + 1;
    if (k->model->effects[effect].front == JOINT_NONE) {
        lay->boundary[at->first_boundary + at->n_tree + at->n_global++] = lay->gid[effect];
    } else {
        /* The tree's effects go in front of them; n_kept counts them for the moment. */
        lay->boundary[at->first_boundary + at->n_kept++] = (int32_t)k->own_place[effect];
    }
}

/* Lists a leaf's boundary and gives every effect it uses its column. */
static enum err list_leaf(struct maker *k, const struct layout_tree *tree, uint32_t leaf)
{
    struct layout *lay = k->lay;
    struct layout_leaf *at = &lay->leaves[leaf];
    uint32_t n_global = at->n_global;
    at->n_global = 0;
    at->n_kept = 0;
    leaf_effects(k, leaf, list_effect);
    int32_t *boundary = lay->boundary + at->first_boundary;
    sort_ints(boundary, at->n_tree);
    sort_ints(boundary + at->n_tree, n_global);
    for (uint32_t i = 0; i < at->n_own; i++) {
        k->local[lay->own[at->first_own + i]] = i;
    }
    for (uint32_t i = 0; i < at->n_tree; i++) {
        k->local[lay->own[tree->first_own + (uint32_t)boundary[i]]] = at->n_own + i;
    }
    at->n_kept = 0;
    for (uint32_t i = at->n_tree; i < at->n_tree + n_global; i++) {
        k->local[lay->effect[boundary[i]]] = at->n_own + i;
        at->n_kept += (uint32_t)boundary[i] < lay->n_kept;
    }
    uint32_t n = at->n_own + at->n_tree + n_global;
    if (n > UINT16_MAX) {
        return ERR_LIMIT;
    }
    at->panel = lay->panel_doubles;
    lay->panel_doubles += at->n_own * dense_stride(n);
    lay->most_leaf = n > lay->most_leaf ? n : lay->most_leaf;
    lay->most_own = at->n_own > lay->most_own ? at->n_own : lay->most_own;
    return ERR_OK;
}

static bool same_design(const struct joint_model *m, const struct joint_observation *a,
                        const struct joint_observation *b)
{
    if (a->n_terms != b->n_terms || a->n_steps != b->n_steps || a->thresholds != b->thresholds ||
        a->shape != b->shape || a->offset != b->offset) {
        return false;
    }
    for (int t = 0; t < a->n_terms; t++) {
        const struct joint_term *x = &m->terms[a->first_term + t],
                                *y = &m->terms[b->first_term + t];
        if (x->effect != y->effect || x->coefficient != y->coefficient) {
            return false;
        }
    }
    return true;
}

static void open_cell(struct maker *k, const struct joint_observation *o, struct layout_cell *cell)
{
    struct layout *lay = k->lay;
    *cell = (struct layout_cell){.columns = (uint32_t)k->n_columns,
                                 .terms = (uint32_t)k->n_coefficients,
                                 .counts = (uint32_t)k->n_counts,
                                 .offset = o->offset,
                                 .n_terms = o->n_terms,
                                 .n_steps = o->n_steps,
                                 .thresholds = o->thresholds != JOINT_NONE,
                                 .shape = o->shape != JOINT_NONE && o->n_steps > 1};
    for (int t = 0; t < o->n_terms; t++) {
        const struct joint_term *term = &k->model->terms[o->first_term + t];
        lay->column[k->n_columns++] = (uint16_t)k->local[term->effect];
        lay->coefficient[k->n_coefficients++] = term->coefficient;
    }
    for (int j = 0; cell->thresholds && j < o->n_steps; j++) {
        lay->column[k->n_columns++] = (uint16_t)k->local[o->thresholds + j];
    }
    for (int j = 0; cell->shape && j + 1 < o->n_steps; j++) {
        lay->column[k->n_columns++] = (uint16_t)k->local[o->shape + j];
    }
    k->n_counts += 1u + o->n_steps;
}

static void fill_cells(struct maker *k, uint32_t leaf)
{
    struct layout *lay = k->lay;
    struct layout_leaf *at = &lay->leaves[leaf];
    const struct joint_observation *before = NULL;
    int32_t f = k->leaf_front[leaf];
    at->first_cell = lay->n_cells;
    for (uint32_t i = 0; i < k->n_obs[f]; i++) {
        uint32_t index = k->first_obs[f] + i;
        const struct joint_observation *o = &k->model->observations[index];
        if (!before || !same_design(k->model, before, o)) {
            open_cell(k, o, &lay->cells[lay->n_cells++]);
        }
        before = o;
        float *count = lay->count + lay->cells[lay->n_cells - 1].counts;
        count[0] += o->weight;
        for (int j = 1; j <= o->level; j++) {
            count[j] += o->weight;
        }
        lay->cell_of[index] = lay->n_cells - 1;
    }
    at->n_cells = lay->n_cells - at->first_cell;
}

static void fill_queries(struct maker *k, uint32_t leaf)
{
    struct layout *lay = k->lay;
    const struct layout_leaf *at = &lay->leaves[leaf];
    for (uint32_t i = 0; i < at->n_queries; i++) {
        const struct joint_query *query = &k->model->queries[lay->query[at->first_query + i]];
        for (int t = 0; t < query->n_a + query->n_b; t++) {
            lay->query_column[query->first_term + t] =
                (uint16_t)k->local[k->model->terms[query->first_term + t].effect];
        }
    }
}

/* The tree's global list is the union of its leaves'. */
static void list_tree(struct maker *k, uint32_t t, uint32_t *used)
{
    struct layout *lay = k->lay;
    struct layout_tree *tree = &lay->trees[t];
    tree->first_global = *used;
    tree->n_global = tree->n_kept = tree->n_cells = 0;
    int32_t *list = lay->global + tree->first_global;
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        const struct layout_leaf *leaf = &lay->leaves[l];
        const int32_t *gids = lay->boundary + leaf->first_boundary + leaf->n_tree;
        for (uint32_t i = 0; i < leaf->n_global; i++) {
            if (k->tree_mark[gids[i]] != t + 1) {
                k->tree_mark[gids[i]] = t + 1;
                list[tree->n_global++] = gids[i];
                tree->n_kept += (uint32_t)gids[i] < lay->n_kept;
            }
        }
        tree->n_cells += leaf->n_cells;
    }
    sort_ints(list, tree->n_global);
    for (uint32_t i = 0; i < tree->n_global; i++) {
        k->tree_place[list[i]] = i;
    }
    for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
        const struct layout_leaf *leaf = &lay->leaves[l];
        uint32_t from = leaf->first_boundary + leaf->n_tree;
        for (uint32_t i = from; i < from + leaf->n_global; i++) {
            lay->place[i] = k->tree_place[lay->boundary[i]];
        }
    }
    *used += tree->n_global;
    tree->panel = lay->panel_doubles;
    lay->panel_doubles += tree->n_own * dense_stride(tree->n_own + tree->n_global);
    lay->most_tree = tree->n_own > lay->most_tree ? tree->n_own : lay->most_tree;
    lay->most_global = tree->n_global > lay->most_global ? tree->n_global : lay->most_global;
    lay->most_cells = tree->n_cells > lay->most_cells ? tree->n_cells : lay->most_cells;
}

static enum err fill_all(struct arena *arena, struct maker *k)
{
    struct layout *lay = k->lay;
    const struct joint_model *m = k->model;
    lay->boundary = arena_alloc(arena, k->n_boundary, sizeof *lay->boundary);
    lay->place = arena_alloc(arena, k->n_boundary, sizeof *lay->place);
    lay->global = arena_alloc(arena, k->n_boundary, sizeof *lay->global);
    lay->column = arena_alloc(arena, k->n_columns, sizeof *lay->column);
    lay->coefficient = arena_alloc(arena, k->n_coefficients, sizeof *lay->coefficient);
    lay->count = arena_alloc(arena, k->n_counts, sizeof *lay->count);
    lay->cells = arena_alloc(arena, m->n_observations, sizeof *lay->cells);
    lay->cell_of = arena_alloc(arena, m->n_observations, sizeof *lay->cell_of);
    lay->query_column =
        arena_alloc(arena, m->n_queries ? m->n_terms : 0, sizeof *lay->query_column);
    if (!lay->boundary || !lay->place || !lay->global || !lay->column || !lay->coefficient ||
        !lay->count || !lay->cells || !lay->cell_of || !lay->query_column) {
        return ERR_NOMEM;
    }
    k->n_columns = k->n_coefficients = k->n_counts = 0;
    memset(k->mark, 0, m->n_effects * sizeof *k->mark);
    uint32_t boundary = 0, used = 0;
    for (uint32_t t = 0; t < lay->n_trees; t++) {
        struct layout_tree *tree = &lay->trees[t];
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            struct layout_leaf *leaf = &lay->leaves[l];
            leaf->first_boundary = boundary;
            boundary += leaf->n_tree + leaf->n_global;
            enum err err = list_leaf(k, tree, l);
            if (err) {
                return err;
            }
            fill_cells(k, l);
            fill_queries(k, l);
        }
        list_tree(k, t, &used);
    }
    return ERR_OK;
}

static enum err make(struct arena *arena, struct arena *temporary, struct maker *k,
                     size_t exact_limit, bool apart)
{
    const struct joint_model *m = k->model;
    size_t nf = m->n_fronts, ne = m->n_effects;
    k->own_first = arena_alloc(temporary, nf + 1, sizeof *k->own_first);
    k->first_query = arena_alloc(temporary, nf + 1, sizeof *k->first_query);
    k->first_obs = arena_alloc(temporary, nf, sizeof *k->first_obs);
    k->n_obs = arena_alloc(temporary, nf, sizeof *k->n_obs);
    k->own_place = arena_alloc(temporary, ne, sizeof *k->own_place);
    k->mark = arena_alloc(temporary, ne, sizeof *k->mark);
    k->local = arena_alloc(temporary, ne, sizeof *k->local);
    k->tree_mark = arena_alloc(temporary, ne, sizeof *k->tree_mark);
    k->tree_place = arena_alloc(temporary, ne, sizeof *k->tree_place);
    if (!k->own_first || !k->first_query || !k->first_obs || !k->n_obs || !k->own_place ||
        !k->mark || !k->local || !k->tree_mark || !k->tree_place) {
        return ERR_NOMEM;
    }
    enum err err = check_tables(m);
    if (err || (err = check_observations(k)) || (err = sort_by_front(arena, k)) ||
        (err = make_trees(arena, k))) {
        return err;
    }
    struct blocks *blocks = NULL;
    if ((err = blocks_new(temporary, m, exact_limit, apart, &blocks)) ||
        (err = count_all(k, blocks)) || (err = blocks_number(arena, blocks, k->lay))) {
        return err;
    }
    return fill_all(arena, k);
}

enum err layout_make(struct arena *arena, const struct joint_model *model, size_t exact_limit,
                     bool apart, struct layout **layout)
{
    struct arena *temporary = arena_child(arena);
    struct layout *lay = temporary ? arena_alloc(arena, 1, sizeof *lay) : NULL;
    if (!lay) {
        arena_free(temporary);
        return ERR_NOMEM;
    }
    lay->model = model;
    struct maker k = {.lay = lay, .model = model};
    enum err err = make(arena, temporary, &k, exact_limit, apart);
    arena_free(temporary);
    if (!err) {
        *layout = lay;
    }
    return err;
}
