/* How a joint model is laid out for elimination: trees, leaves, cells and the numbering of the
 * global effects.  Made once per fit; read only afterwards.
 *
 * A tree is a person: its own effects, and leaves (person x skill) with effects of their own. Every
 * observation sits in a leaf.  A tree front without leaf fronts becomes a tree without effects and
 * one leaf that has them; observations of a tree front that has leaf fronts sit in a leaf without
 * effects.  The variables of a leaf are, in this order, its own, those of its tree that it touches,
 * and the global ones that it touches; a cell names its columns by their places in that list.
 *
 * Global effects are numbered ("gid") block by block: first the coupled blocks (connected
 * components, or groups when the problem is large), then the root block (shared families), then
 * the free blocks (shapes of large problems, thresholds where groups are kept apart), which are
 * coupled to nothing in covariances. */
#ifndef DUET_ZONE_LAYOUT_H
#define DUET_ZONE_LAYOUT_H

#include "base/err.h"
#include "zone/joint.h"

#include <stddef.h>
#include <stdint.h>

struct crew;
struct slots;

struct layout_cell {
    uint32_t columns; /* into column[]: n_terms terms, n_steps thresholds, n_steps - 1 shapes */
    uint32_t terms;   /* into coefficient[], which cells share */
    uint32_t counts;  /* into count[]: N, then the number that reached level 1 .. n_steps */
    float offset;
    uint8_t n_terms, n_steps;
    bool thresholds, shape;
};

struct layout_leaf {
    uint32_t first_cell, n_cells;
    uint32_t first_own;      /* into own[] */
    uint32_t first_boundary; /* into boundary[] and place[]: the tree's, then the global ones */
    uint32_t n_own, n_tree, n_global, n_kept; /* n_kept: global ones that are not in free blocks */
    uint32_t first_query, n_queries;          /* into query[] */
    size_t panel;                             /* into the fronts' storage */
};

struct layout_tree {
    uint32_t first_leaf, n_leaves;
    uint32_t first_own, n_own;
    uint32_t first_global, n_global, n_kept; /* into global[] */
    uint32_t n_cells;                        /* of all its leaves */
    size_t panel;
};

struct layout_block {
    uint32_t first, n; /* gids */
    size_t matrix;     /* into the blocks' storage, rows of `stride` */
    size_t stride;     /* of n + n_root columns when coupled, else n */
};

struct layout {
    const struct joint_model *model;
    struct layout_tree *trees;
    struct layout_leaf *leaves;
    struct layout_cell *cells;
    uint32_t n_trees, n_leaves, n_cells;
    uint32_t *cell_of; /* n_observations */
    int32_t *own;      /* effects, front by front */
    int32_t *boundary; /* of a leaf: places in the tree's own list, then gids */
    uint16_t *place;   /* parallel: places of the gids in the tree's global list */
    int32_t *global;   /* of a tree: gids, ascending */
    uint16_t *column;
    float *coefficient, *count;
    uint32_t *query;        /* queries by leaf */
    uint16_t *query_column; /* parallel to model terms of queries: first_term - query_terms */

    struct layout_block *blocks;                             /* coupled, root, free */
    uint32_t n_blocks, n_coupled, n_globals, n_root, n_kept; /* n_kept: coupled and root gids */
    int32_t *effect;                                         /* of a gid */
    int32_t *gid;                                            /* of an effect, or JOINT_NONE */
    uint32_t *block_of;                                      /* of a gid */
    size_t block_doubles, panel_doubles;
    uint32_t most_leaf, most_own, most_tree, most_global, most_cells; /* largest sizes */
    int most_steps;
    bool exact;          /* no covariance is dropped */
    struct slots *slots; /* of the leaves' part of the global system; NULL when exact */
};

/* `exact_limit`, `apart`: see joint_options.  ERR_INVALID as joint_fit says; ERR_LIMIT: a front
 * with more than 65,535 variables; ERR_NOMEM. */
MUST_CHECK enum err layout_make(struct arena *arena, const struct joint_model *model,
                                size_t exact_limit, bool apart, const struct crew *crew,
                                struct layout **layout);

#endif
