/* The growing list of candidate edges (source.h). */
#include "match/source.h"

#include "base/arena.h"

#include <string.h>

#define EDGES_FIRST 1024

enum err match_edges_add(struct match_edges *edges, int32_t u, int32_t v, int64_t w)
{
    if (edges->n == edges->room) {
        /* Each array lives in a child arena of its own, so that the outgrown one is given back. */
        int64_t room = edges->room ? edges->room * 2 : EDGES_FIRST;
        struct arena *hold = arena_child(edges->arena);
        if (!hold) {
            return ERR_NOMEM;
        }
        struct match_edge *grown = arena_alloc(hold, (size_t)room, sizeof *grown);
        if (!grown) {
            arena_free(hold);
            return ERR_NOMEM;
        }
        if (edges->n) {
            memcpy(grown, edges->edge, (size_t)edges->n * sizeof *grown);
        }
        arena_free(edges->hold);
        edges->hold = hold;
        edges->edge = grown;
        edges->room = room;
    }
    edges->edge[edges->n++] = (struct match_edge){u, v, w};
    return ERR_OK;
}
