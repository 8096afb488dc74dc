/* The laminar family of blossoms over the people, shared by the files blossom*.c.
 *
 * Nodes 0 .. n-1 are people, higher ones blossoms.  A blossom's children form a circle through
 * `next`; `out`/`in` are the ends of the tight edge to the next child, in this child and in the
 * next.  Which edges of the circle are matched is not stored: a node knows only the person by which
 * it is matched to the outside (`base`) and that person's partner (`mate`), so turning an
 * alternating path around costs O(1) per blossom; forest_open() derives the inside.
 *
 * Sets: all people of one top-level node share a set; `set_node[set[v]]` is the node in O(1).  The
 * largest child keeps its set when blossoms are made and opened, the others' people are renamed.
 *
 * Time: with rate S -1, T +1, free 0, a person's dual is y[v] + set_off[set[v]] + rate * clock and
 * a top-level blossom's is z - 2 * rate * clock. */
#ifndef DUET_MATCH_BLOSSOM_FOREST_H
#define DUET_MATCH_BLOSSOM_FOREST_H

#include "match/blossom.h"
#include "match/heap.h"

#include <stdbool.h>
#include <stdint.h>

enum forest_label { FOREST_FREE, FOREST_S, FOREST_T };

enum { FOREST_MARK = 1, FOREST_LISTED = 2 };

#define FOREST_FAR INT64_MAX

struct match_forest {
    const struct match_graph *graph;
    int32_t n, n_nodes; /* people; room for nodes */

    /* per person */
    int64_t *y;
    int64_t *key;      /* least (dual at time 0 of an outer u) - 4 w(u, v), FOREST_FAR: none */
    int32_t *key_from; /* that u */
    int32_t *set;

    /* per set */
    int64_t *set_off;
    int32_t *set_node;
    int32_t *set_spare; /* stack of unused sets */
    int32_t n_set_spare;

    /* per node */
    int32_t *parent; /* -1: top level */
    int32_t *next, *out, *in;
    int32_t *base, *mate;        /* top level only; mate -1: unmatched */
    int32_t *pred_in, *pred_out; /* T only: the tree edge, end in this node and in its parent */
    int8_t *label;               /* top level only */
    uint8_t *flags;

    /* per blossom, index node - n */
    int32_t *first, *size; /* a child; number of people */
    int64_t *z;
    int32_t *spare; /* stack of unused blossoms */
    int32_t n_spare;

    /* the running search */
    int64_t clock, limit;
    int64_t patience;               /* outer people that this search may still look at */
    int32_t end_person, end_target; /* what happens at `limit`; target -1: end_person stays alone */
    int32_t *seen, n_seen;          /* people with a key */
    int32_t *listed, n_listed;      /* nodes that have had a label */
    struct match_heap heap;
};

static inline int32_t forest_find(const struct match_forest *f, int32_t person)
{
    return f->set_node[f->set[person]];
}

static inline bool forest_is_blossom(const struct match_forest *f, int32_t node)
{
    return node >= f->n;
}

static inline int32_t forest_size(const struct match_forest *f, int32_t node)
{
    return node < f->n ? 1 : f->size[node - f->n];
}

/* The people of a node, in the order of the circles: for (v = first; v >= 0; v = next). */
static inline int32_t forest_first_person(const struct match_forest *f, int32_t node)
{
    while (node >= f->n) {
        node = f->first[node - f->n];
    }
    return node;
}

static inline int32_t forest_next_person(const struct match_forest *f, int32_t top, int32_t person)
{
    for (int32_t node = person; node != top; node = f->parent[node]) {
        int32_t next = f->next[node];
        if (next != f->first[f->parent[node] - f->n]) {
            return forest_first_person(f, next);
        }
    }
    return -1;
}

/* Notes that the running search has touched the label of a node. */
void match_forest_list(struct match_forest *f, int32_t node);

/* Gives a top-level node a label at the present clock; its duals stay continuous. */
void match_forest_label(struct match_forest *f, int32_t node, enum forest_label label);

/* Makes a blossom of the circle through `first` (next, out, in are set), whose children are all S;
 * it is S with dual 0 now.  Returns the node. */
int32_t match_forest_close(struct match_forest *f, int32_t first);

/* Makes the children of a top-level blossom top-level and sets their base and mate; their labels
 * and z are as they were before they were buried, except that set offsets are those of the blossom.
 * Returns the child that holds the blossom's base.  The node is free for reuse. */
int32_t match_forest_open(struct match_forest *f, int32_t node);

#endif
