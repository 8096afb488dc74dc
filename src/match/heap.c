/* The part of the event heap that allocates. */
#include "match/heap.h"

#include "base/arena.h"

#include <string.h>

#define HEAP_FIRST 256

enum err match_heap_grow(struct match_heap *heap)
{
    int64_t room = heap->room ? heap->room * 2 : HEAP_FIRST;
    struct arena *hold = arena_child(heap->arena);
    if (!hold) {
        return ERR_NOMEM;
    }
    struct match_event *grown = arena_alloc(hold, (size_t)room, sizeof *grown);
    if (!grown) {
        arena_free(hold);
        return ERR_NOMEM;
    }
    if (heap->n) {
        memcpy(grown, heap->event, (size_t)heap->n * sizeof *grown);
    }
    arena_free(heap->hold);
    heap->hold = hold;
    heap->event = grown;
    heap->room = room;
    return ERR_OK;
}
