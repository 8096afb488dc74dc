/* The fronts and cells of layout.h.  Three passes over the observations: checks and counts, then
 * (after the globals are numbered) lists and cells. */
#include "zone/layout.h"

#include "base/arena.h"
#include "base/crew.h"
#include "zone/blocks.h"
#include "zone/layout_maker.h"

#include <math.h>
#include <string.h>

#define PIECES 8 /* of the observations and of the people, whoever checks and counts them */

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

static bool query_sound(const struct joint_model *m, const struct joint_query *query)
{
    return query->front >= 0 && (size_t)query->front < m->n_fronts &&
           terms_sound(m, query->front, query->first_term, query->n_a) &&
           terms_sound(m, query->front, (int64_t)query->first_term + query->n_a, query->n_b);
}

struct checking {
    const struct joint_model *model;
    bool sound[PIECES];
};

static void check_piece(void *ctx, uint32_t piece)
{
    struct checking *checking = ctx;
    const struct joint_model *m = checking->model;
    bool sound = true;
    size_t end = m->n_observations * (piece + 1) / PIECES;
    for (size_t i = m->n_observations * piece / PIECES; sound && i < end; i++) {
        sound = observation_sound(m, &m->observations[i]);
    }
    end = m->n_queries * (piece + 1) / PIECES;
    for (size_t q = m->n_queries * piece / PIECES; sound && q < end; q++) {
        sound = query_sound(m, &m->queries[q]);
    }
    checking->sound[piece] = sound;
}

static enum err check_observations(struct layout_maker *k, const struct crew *crew)
{
    const struct joint_model *m = k->model;
    struct checking checking = {.model = m};
    int32_t before = JOINT_NONE;
    crew_run(crew, PIECES, check_piece, &checking);
    for (int piece = 0; piece < PIECES; piece++) {
        if (!checking.sound[piece]) {
            return ERR_INVALID;
        }
    }
    for (size_t i = 0; i < m->n_observations; i++) {
        const struct joint_observation *o = &m->observations[i];
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
        k->first_query[m->queries[q].front + 1]++;
    }
    return ERR_OK;
}

/* Effects and queries sorted by front, keeping their order. */
static enum err sort_by_front(struct arena *arena, struct layout_maker *k)
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
static enum err make_trees(struct arena *arena, struct layout_maker *k)
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

/* A share of the people, counted beside the others. */
struct counter {
    struct layout_maker *maker;
    struct blocks_part *blocks;
    uint32_t first, end; /* trees */
    uint32_t *mark;      /* per global effect: the last leaf that saw it, plus 1 */
    size_t n_boundary;
    char apart[CREW_APART];
};

static void count_effect(void *ctx, uint32_t leaf, int32_t effect)
{
    struct counter *c = ctx;
    struct layout_maker *k = c->maker;
    bool global = k->model->effects[effect].front == JOINT_NONE;
    uint32_t *mark = global ? c->mark : k->mark;
    if (mark[effect] == leaf + 1) {
        return;
    }
    mark[effect] = leaf + 1;
    struct layout_leaf *at = &k->lay->leaves[leaf];
    if (global) {
        at->n_global++;
        c->n_boundary++;
    } else if (!layout_is_own(k, leaf, effect)) {
        at->n_tree++;
        c->n_boundary++;
    }
}

/* Sizes, and which global effects meet in a person. */
static void count_piece(void *ctx, uint32_t piece)
{
    struct counter *c = (struct counter *)ctx + piece;
    const struct layout_maker *k = c->maker;
    const struct layout *lay = k->lay;
    for (uint32_t t = c->first; t < c->end; t++) {
        const struct layout_tree *tree = &lay->trees[t];
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            layout_leaf_effects(k, l, count_effect, c);
        }
        blocks_begin_tree(c->blocks);
        for (uint32_t l = tree->first_leaf; l < tree->first_leaf + tree->n_leaves; l++) {
            int32_t f = k->leaf_front[l];
            for (uint32_t i = 0; i < k->n_obs[f]; i++) {
                const struct joint_observation *o = &k->model->observations[k->first_obs[f] + i];
                blocks_observe(c->blocks, o);
            }
        }
        uint32_t n_own = tree->n_leaves == 1 && tree->n_own == 0
                             ? lay->leaves[tree->first_leaf].n_own
                             : tree->n_own;
        blocks_end_tree(c->blocks, n_own);
    }
}

static enum err count_all(struct arena *temporary, struct layout_maker *k, struct blocks *blocks,
                          const struct crew *crew)
{
    struct counter counters[PIECES];
    for (uint32_t p = 0; p < PIECES; p++) {
        counters[p] = (struct counter){
            .maker = k,
            .blocks = blocks_part(blocks, p),
            .first = crew_first(p, PIECES, k->lay->n_trees),
            .end = crew_first(p + 1, PIECES, k->lay->n_trees),
            .mark = arena_alloc(temporary, blocks_bound(blocks), sizeof *counters->mark),
        };
        if (!counters[p].mark) {
            return ERR_NOMEM;
        }
    }
    crew_run(crew, PIECES, count_piece, counters);
    for (int p = 0; p < PIECES; p++) {
        k->n_boundary += counters[p].n_boundary;
    }
    return k->n_boundary > UINT32_MAX ? ERR_LIMIT : ERR_OK;
}

static enum err make(struct arena *arena, struct arena *temporary, struct layout_maker *k,
                     size_t exact_limit, bool apart, const struct crew *crew)
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
    if (!k->own_first || !k->first_query || !k->first_obs || !k->n_obs || !k->own_place ||
        !k->mark || !k->local) {
        return ERR_NOMEM;
    }
    enum err err = check_tables(m);
    if (err || (err = check_observations(k, crew)) || (err = sort_by_front(arena, k)) ||
        (err = make_trees(arena, k))) {
        return err;
    }
    struct blocks *blocks = NULL;
    if ((err = blocks_new(temporary, m, exact_limit, apart, PIECES, &blocks)) ||
        (err = count_all(temporary, k, blocks, crew)) ||
        (err = blocks_number(arena, blocks, k->lay))) {
        return err;
    }
    return layout_fill(arena, temporary, k, crew);
}

enum err layout_make(struct arena *arena, const struct joint_model *model, size_t exact_limit,
                     bool apart, const struct crew *crew, struct layout **layout)
{
    struct arena *temporary = arena_child(arena);
    struct layout *lay = temporary ? arena_alloc(arena, 1, sizeof *lay) : NULL;
    if (!lay) {
        arena_free(temporary);
        return ERR_NOMEM;
    }
    lay->model = model;
    struct layout_maker k = {.lay = lay, .model = model};
    enum err err = make(arena, temporary, &k, exact_limit, apart, crew);
    arena_free(temporary);
    if (!err) {
        *layout = lay;
    }
    return err;
}
