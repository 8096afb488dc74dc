/* Inside of layout_make(): what the passes over the observations share (layout.c, layout_fill.c).
 */
#ifndef DUET_ZONE_LAYOUT_MAKER_H
#define DUET_ZONE_LAYOUT_MAKER_H

#include "zone/layout.h"

struct crew;

/* What making a layout needs and nobody later. */
struct layout_maker {
    struct layout *lay;
    const struct joint_model *model;
    uint32_t *own_first; /* per front, n_fronts + 1 */
    uint32_t *own_place; /* per effect */
    uint32_t *first_obs; /* per front */
    uint32_t *n_obs;
    uint32_t *first_query; /* per front, n_fronts + 1 */
    int32_t *leaf_front;   /* per leaf */
    uint32_t *mark;        /* per effect of a person: the last leaf that saw it, plus 1; then that
                              plus n_leaves */
    uint32_t *local;       /* per effect of a person: its column in the leaf at hand */
    size_t n_boundary;
};

/* Calls see(ctx, leaf, effect) for every effect that a leaf's observations and queries name. */
static inline __attribute__((always_inline)) void
layout_leaf_effects(const struct layout_maker *k, uint32_t leaf,
                    void (*see)(void *ctx, uint32_t leaf, int32_t effect), void *ctx)
{
    const struct joint_model *m = k->model;
    int32_t f = k->leaf_front[leaf];
    for (uint32_t i = 0; i < k->n_obs[f]; i++) {
        const struct joint_observation *o = &m->observations[k->first_obs[f] + i];
        for (int t = 0; t < o->n_terms; t++) {
            see(ctx, leaf, m->terms[o->first_term + t].effect);
        }
        for (int j = 0; o->thresholds != JOINT_NONE && j < o->n_steps; j++) {
            see(ctx, leaf, o->thresholds + j);
        }
        for (int j = 0; o->shape != JOINT_NONE && j + 1 < o->n_steps; j++) {
            see(ctx, leaf, o->shape + j);
        }
    }
    const struct layout_leaf *at = &k->lay->leaves[leaf];
    for (uint32_t i = 0; i < at->n_queries; i++) {
        const struct joint_query *query = &m->queries[k->lay->query[at->first_query + i]];
        for (int t = 0; t < query->n_a + query->n_b; t++) {
            see(ctx, leaf, m->terms[query->first_term + t].effect);
        }
    }
}

static inline bool layout_is_own(const struct layout_maker *k, uint32_t leaf, int32_t effect)
{
    return k->lay->leaves[leaf].n_own && k->model->effects[effect].front == k->leaf_front[leaf];
}

/* The last pass, when global effects have their numbers and leaves the sizes of their boundaries:
 * lists, cells and queries, people side by side. */
MUST_CHECK enum err layout_fill(struct arena *arena, struct arena *temporary,
                                struct layout_maker *maker, const struct crew *crew);

#endif
