/* Within the room: the items of a CASE package as a tree.
 *
 * Node 0 is the document; the items follow in their order.  An item's parent is the destination of
 * its first isChildOf association; items without one, or in a ring, stand under the document. */
#ifndef DUET_COACH_FRAMEWORK_CASE_TREE_H
#define DUET_COACH_FRAMEWORK_CASE_TREE_H

#include "base/sort.h"
#include "base/utf8.h"
#include "coach/framework_build.h"
#include "coach/framework_json.h"

struct case_node {
    const json_t *json;
    int32_t index;         /* in CFItems */
    int32_t parent;        /* node, or -1 */
    int32_t first, next;   /* child and sibling, in order, or -1 */
    double place;          /* among its siblings */
    int32_t depth;         /* 1 right under the document */
    int32_t n_inner;       /* children that are no tasks */
    int32_t n_tasks;       /* children that are */
    int32_t domain, skill; /* what it has become, or -1 */
    bool task, graded;
};

struct case_in {
    struct framework_build build;
    struct roster_problems *problems;
    const char *file;
    uint64_t before; /* problems when reading began */
    json_t *json;
    struct case_node *nodes;
    int32_t n_nodes;
    struct intern *ids; /* identifiers and URIs of items */
    struct list owners; /* int32_t beside ids: the node */
    bool full;          /* a limit was told; reading ends */
    uint64_t n_lost;    /* criteria that are left out */
};

/* Makes the nodes from CFItems and CFAssociations; limits become problems and set in->full. */
MUST_CHECK enum err framework_case_grow(struct case_in *in);

/* The node that a link ({identifier, uri}) points to, or -1. */
int32_t framework_case_find(const struct case_in *in, const json_t *link);

/* The node after `node`, parents before children; 0 after the last. */
int32_t framework_case_next(const struct case_in *in, int32_t node);

/* The name of a domain with those of the items above it in front: "Reading / Literature".  Stays as
 * it is where that would be longer than a name may be. */
MUST_CHECK enum err framework_case_path(struct case_in *in, int32_t node, struct str *name);

#endif
