/* Union-find over the effects that meet in a tree, then a counting sort by block. */
#include "zone/blocks.h"

#include "base/arena.h"
#include "base/crew.h"
#include "zone/dense.h"
#include "zone/joint.h"
#include "zone/layout.h"

/* Multiplications per iteration beyond which exact coupling is not worth its time: about .1 s. */
#define WORK_MOST 6e8

/* What one thread finds; by effect, up to the last global one. */
struct blocks_part {
    const struct blocks *blocks;
    int32_t *parent; /* 1 + the parent in the union-find forest, 0: a root */
    uint32_t *mark;  /* the last tree that saw it */
    uint32_t tree;   /* 1, 2, ... */
    int32_t anchor;  /* the tree's first component member, or JOINT_NONE */
    uint32_t n_kept; /* effects seen in this tree, without shapes that stand apart */
    double work;     /* of the trees so far, were everything coupled: a whole number of halves */
    char apart[CREW_APART];
};

struct blocks {
    const struct joint_model *model;
    size_t limit, n_global, n_shared, bound;
    struct blocks_part *parts; /* joined in the first one */
    uint32_t n_parts;
    int32_t *shape_of;      /* per effect: the first effect of its shape set, or JOINT_NONE */
    int32_t *thresholds_of; /* the same for thresholds */
    bool split_shapes, apart;
};

static bool in_component(const struct blocks *b, int32_t effect)
{
    const struct joint_effect *x = &b->model->effects[effect];
    return x->front == JOINT_NONE && !b->model->families[x->family].shared &&
           !(b->split_shapes && b->shape_of[effect] != JOINT_NONE);
}

static int32_t find(int32_t *parent, int32_t e)
{
    while (parent[e]) {
        int32_t up = parent[e] - 1;
        if (parent[up]) {
            parent[e] = parent[up];
        }
        e = up;
    }
    return e;
}

/* The smallest member is the root: independent of the order. */
static void unite(int32_t *parent, int32_t a, int32_t b)
{
    int32_t x = find(parent, a), y = find(parent, b);
    if (x != y) {
        parent[x < y ? y : x] = 1 + (x < y ? x : y);
    }
}

static enum err parts_new(struct arena *arena, struct blocks *b, uint32_t n_parts)
{
    b->parts = arena_alloc(arena, n_parts, sizeof *b->parts);
    for (; b->parts && b->n_parts < n_parts; b->n_parts++) {
        struct blocks_part *part = &b->parts[b->n_parts];
        part->blocks = b;
        part->parent = arena_alloc(arena, b->bound, sizeof *part->parent);
        part->mark = arena_alloc(arena, b->bound, sizeof *part->mark);
        if (!part->parent || !part->mark) {
            return ERR_NOMEM;
        }
    }
    return b->parts ? ERR_OK : ERR_NOMEM;
}

enum err blocks_new(struct arena *arena, const struct joint_model *model, size_t exact_limit,
                    bool apart, uint32_t n_parts, struct blocks **blocks)
{
    struct blocks *b = arena_alloc(arena, 1, sizeof *b);
    if (!b) {
        return ERR_NOMEM;
    }
    size_t n = model->n_effects;
    b->model = model;
    b->limit = exact_limit;
    b->apart = apart;
    for (size_t e = 0; e < n; e++) {
        if (model->effects[e].front == JOINT_NONE) {
            b->n_global++;
            b->n_shared += model->families[model->effects[e].family].shared;
            b->bound = e + 1;
        }
    }
    b->shape_of = arena_alloc(arena, b->bound, sizeof *b->shape_of);
    b->thresholds_of = arena_alloc(arena, b->bound, sizeof *b->thresholds_of);
    if (!b->shape_of || !b->thresholds_of) {
        return ERR_NOMEM;
    }
    for (size_t e = 0; e < b->bound; e++) {
        b->shape_of[e] = b->thresholds_of[e] = JOINT_NONE;
    }
    for (size_t i = 0; i < model->n_observations; i++) {
        const struct joint_observation *o = &model->observations[i];
        for (int j = 0; o->shape != JOINT_NONE && j + 1 < o->n_steps; j++) {
            b->shape_of[o->shape + j] = o->shape;
        }
        for (int j = 0; o->thresholds != JOINT_NONE && j < o->n_steps; j++) {
            b->thresholds_of[o->thresholds + j] = o->thresholds;
        }
    }
    b->split_shapes = b->n_global > exact_limit;
    *blocks = b;
    return parts_new(arena, b, n_parts);
}

struct blocks_part *blocks_part(struct blocks *b, uint32_t k)
{
    return &b->parts[k];
}

size_t blocks_bound(const struct blocks *b)
{
    return b->bound;
}

void blocks_begin_tree(struct blocks_part *part)
{
    part->tree++;
    part->anchor = JOINT_NONE;
    part->n_kept = 0;
}

static void see(struct blocks_part *part, int32_t effect)
{
    const struct blocks *b = part->blocks;
    if (b->model->effects[effect].front != JOINT_NONE || part->mark[effect] == part->tree) {
        return;
    }
    part->mark[effect] = part->tree;
    part->n_kept += !(b->split_shapes && b->shape_of[effect] != JOINT_NONE);
    if (!in_component(b, effect)) {
        return;
    }
    if (part->anchor == JOINT_NONE) {
        part->anchor = effect;
    } else {
        unite(part->parent, part->anchor, effect);
    }
}

void blocks_observe(struct blocks_part *part, const struct joint_observation *o)
{
    for (int t = 0; t < o->n_terms; t++) {
        see(part, part->blocks->model->terms[o->first_term + t].effect);
    }
    for (int j = 0; o->thresholds != JOINT_NONE && j < o->n_steps; j++) {
        see(part, o->thresholds + j);
    }
    for (int j = 0; o->shape != JOINT_NONE && j + 1 < o->n_steps; j++) {
        see(part, o->shape + j);
    }
}

void blocks_end_tree(struct blocks_part *part, uint32_t n_own)
{
    part->work += 1.5 * n_own * (double)part->n_kept * part->n_kept;
}

/* All parts' components and work, in the first one. */
static void join(struct blocks *b)
{
    struct blocks_part *all = &b->parts[0];
    for (uint32_t k = 1; k < b->n_parts; k++) {
        const struct blocks_part *part = &b->parts[k];
        all->work += part->work;
        for (size_t e = 0; e < b->bound; e++) {
            if (part->parent[e]) {
                unite(all->parent, (int32_t)e, part->parent[e] - 1);
            }
        }
    }
}

/* The key of an effect's block: components by their smallest member, groups by number. */
static size_t block_key(struct blocks *b, int32_t effect, bool grouped, const uint32_t *size)
{
    if (!grouped && in_component(b, effect)) {
        int32_t root = find(b->parts->parent, effect);
        if (size[root] <= b->limit) {
            return (size_t)root;
        }
    }
    return b->model->n_effects + (size_t)b->model->effects[effect].group;
}

static size_t free_key(const struct blocks *b, int32_t effect)
{
    int32_t shape = b->shape_of[effect];
    return (size_t)(shape != JOINT_NONE ? shape : b->thresholds_of[effect]);
}

enum { COUPLED, ROOT, FREE, N_CLASSES };

static int block_class(const struct blocks *b, int32_t effect, bool grouped)
{
    if ((b->split_shapes && b->shape_of[effect] != JOINT_NONE) ||
        (grouped && b->thresholds_of[effect] != JOINT_NONE)) {
        return FREE;
    }
    bool shared = b->model->families[b->model->effects[effect].family].shared;
    return shared && !grouped ? ROOT : COUPLED;
}

/* Gives the global effects of one class their block, in the order of the effects. */
static void number_class(struct blocks *b, struct layout *lay, int class, bool grouped,
                         const uint32_t *size, uint32_t *block_at)
{
    const struct joint_model *m = b->model;
    for (size_t e = 0; e < b->bound; e++) {
        int32_t effect = (int32_t)e;
        if (m->effects[e].front != JOINT_NONE || block_class(b, effect, grouped) != class) {
            continue;
        }
        size_t key = class == ROOT   ? 0
                     : class == FREE ? free_key(b, effect)
                                     : block_key(b, effect, grouped, size);
        if (block_at[key] == 0) {
            block_at[key] = ++lay->n_blocks;
        }
        lay->gid[e] = (int32_t)(block_at[key] - 1); /* the block for now */
        lay->blocks[block_at[key] - 1].n++;
    }
}

static void place_blocks(struct layout *lay)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < lay->n_blocks; i++) {
        struct layout_block *block = &lay->blocks[i];
        block->first = first;
        first += block->n;
        block->stride = dense_stride(block->n + (i < lay->n_coupled ? lay->n_root : 0));
        block->matrix = lay->block_doubles;
        lay->block_doubles += block->n * block->stride;
        block->n = 0; /* counts again while the gids are given */
    }
    lay->n_globals = first;
}

/* Would exact blocks cost too much? */
static bool too_dear(const struct blocks *b, const uint32_t *size)
{
    double work = b->parts->work;
    if (b->n_shared > b->limit) {
        return true;
    }
    for (size_t e = 0; e < b->bound; e++) {
        double n = size[e] <= b->limit ? size[e] : 0;
        work += n * n * (n + (double)b->n_shared);
    }
    return work > WORK_MOST && b->n_global > b->limit;
}

enum err blocks_number(struct arena *arena, struct blocks *b, struct layout *lay)
{
    const struct joint_model *m = b->model;
    struct arena *temporary = arena_child(arena);
    if (!temporary) {
        return ERR_NOMEM;
    }
    uint32_t *size = arena_alloc(temporary, b->bound, sizeof *size);
    uint32_t *block_at = arena_alloc(temporary, 2 * m->n_effects, 3 * sizeof *block_at);
    lay->gid = arena_alloc(arena, m->n_effects, sizeof *lay->gid);
    lay->effect = arena_alloc(arena, b->n_global, sizeof *lay->effect);
    lay->block_of = arena_alloc(arena, b->n_global, sizeof *lay->block_of);
    lay->blocks = arena_alloc(arena, b->n_global + 1, sizeof *lay->blocks);
    if (!size || !block_at || !lay->gid || !lay->effect || !lay->block_of || !lay->blocks) {
        arena_free(temporary);
        return ERR_NOMEM;
    }
    bool whole = true;
    join(b);
    for (size_t e = 0; e < m->n_effects; e++) {
        lay->gid[e] = JOINT_NONE;
    }
    for (size_t e = 0; e < b->bound; e++) {
        if (in_component(b, (int32_t)e)) {
            uint32_t n = ++size[find(b->parts->parent, (int32_t)e)];
            whole = whole && n <= b->limit;
        }
    }
    bool grouped = b->apart || too_dear(b, size);
    number_class(b, lay, COUPLED, grouped, size, block_at);
    lay->n_coupled = lay->n_blocks;
    lay->blocks[lay->n_blocks++].n = 0; /* the root, even when empty */
    uint32_t *root_at = block_at + 2 * m->n_effects, *free_at = block_at + 4 * m->n_effects;
    if (m->n_effects) {
        root_at[0] = lay->n_blocks;
    }
    number_class(b, lay, ROOT, grouped, size, root_at);
    lay->n_root = lay->blocks[lay->n_coupled].n;
    number_class(b, lay, FREE, grouped, size, free_at);
    lay->exact = whole && !grouped && lay->n_blocks == lay->n_coupled + 1;
    place_blocks(lay);
    for (size_t e = 0; e < b->bound; e++) {
        if (lay->gid[e] != JOINT_NONE) {
            uint32_t block = (uint32_t)lay->gid[e];
            uint32_t gid = lay->blocks[block].first + lay->blocks[block].n++;
            lay->gid[e] = (int32_t)gid;
            lay->effect[gid] = (int32_t)e;
            lay->block_of[gid] = block;
        }
    }
    lay->n_kept = lay->blocks[lay->n_coupled].first + lay->n_root;
    arena_free(temporary);
    return ERR_OK;
}
