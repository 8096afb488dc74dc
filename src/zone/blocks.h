/* Which global effects are kept together: the blocks of a layout.
 *
 * While the problem is small every connected component is one block, exactly, coupled to the root
 * block of the shared families.  A component above the limit falls apart into groups.  When the
 * fronts would cost too much with full coupling, groups are used throughout and there is no root;
 * thresholds, which so many ratings tell to a hundredth of a logit, then count as known in the
 * covariances of people. */
#ifndef DUET_ZONE_BLOCKS_H
#define DUET_ZONE_BLOCKS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct blocks;
struct joint_model;
struct joint_observation;
struct layout;

/* Of some of the people: who works on them needs no other part. */
struct blocks_part;

/* In `n_parts` parts. */
MUST_CHECK enum err blocks_new(struct arena *arena, const struct joint_model *model,
                               size_t exact_limit, bool apart, uint32_t n_parts,
                               struct blocks **blocks);
struct blocks_part *blocks_part(struct blocks *blocks, uint32_t k);

/* The observations of one tree after the other. */
void blocks_begin_tree(struct blocks_part *part);
void blocks_observe(struct blocks_part *part, const struct joint_observation *observation);

/* `n_own`: the tree's own effects. */
void blocks_end_tree(struct blocks_part *part, uint32_t n_own);

/* One more than the last effect that is global. */
size_t blocks_bound(const struct blocks *blocks);

/* Joins the parts, and fills the layout's blocks, gid, effect, block_of and their sizes, from
 * `arena`. */
MUST_CHECK enum err blocks_number(struct arena *arena, struct blocks *blocks,
                                  struct layout *layout);

#endif
