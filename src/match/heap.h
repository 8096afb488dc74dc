/* A growing 4-ary heap of events: a key and two small numbers, least key first.  Nothing is moved
 * or removed once pushed; users check at the pop whether an event still holds.  Deterministic: what
 * is popped among equal keys depends only on the order of the calls. */
#ifndef DUET_MATCH_HEAP_H
#define DUET_MATCH_HEAP_H

#include "base/err.h"

#include <stdint.h>

struct arena;

struct match_event {
    int64_t key;
    int32_t a, b;
};

struct match_heap {
    struct match_event *event;
    int64_t n, room;
    struct arena *arena;
    struct arena *hold; /* a child of `arena` that owns `event` */
};

/* Doubles the room; ERR_NOMEM. */
MUST_CHECK enum err match_heap_grow(struct match_heap *heap);

static inline enum err match_heap_push(struct match_heap *heap, struct match_event event)
{
    if (heap->n == heap->room) {
        enum err err = match_heap_grow(heap);
        if (err) {
            return err;
        }
    }
    int64_t at = heap->n++;
    while (at > 0) {
        int64_t up = (at - 1) / 4;
        if (heap->event[up].key <= event.key) {
            break;
        }
        heap->event[at] = heap->event[up];
        at = up;
    }
    heap->event[at] = event;
    return ERR_OK;
}

/* The least event, removed; the heap must not be empty. */
static inline struct match_event match_heap_pop(struct match_heap *heap)
{
    struct match_event *event = heap->event;
    struct match_event top = event[0], moved = event[--heap->n];
    int64_t n = heap->n, at = 0;
    for (;;) {
        int64_t child = 4 * at + 1;
        if (child >= n) {
            break;
        }
        int64_t end = child + 4 < n ? child + 4 : n, least = child;
        for (int64_t k = child + 1; k < end; k++) {
            least = event[k].key < event[least].key ? k : least;
        }
        if (event[least].key >= moved.key) {
            break;
        }
        event[at] = event[least];
        at = least;
    }
    event[at] = moved;
    return top;
}

#endif
