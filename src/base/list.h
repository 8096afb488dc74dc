/* An array that grows at its end.
 *
 * Beyond a few kilobytes its items live in a child arena of their own, so that growing by doubling
 * gives the old copy back at once instead of leaving it in the arena.  Items move when the list
 * grows: keep indices, not pointers.
 *
 *     struct list rows;
 *     list_init(&rows, arena, sizeof(struct row), MAX_ROWS);
 *     struct row *row = list_push(&rows);           // zeroed; NULL: see rows.err
 */
#ifndef DUET_BASE_LIST_H
#define DUET_BASE_LIST_H

#include "base/err.h"

#include <stddef.h>

struct arena;

struct list {
    void *items;
    size_t n;
    size_t max;   /* most items */
    enum err err; /* why the last push failed: ERR_NOMEM or ERR_LIMIT */

    struct arena *parent, *own;
    size_t capacity, size;
};

/* An empty list of items of `size` bytes, at most `max` of them. No allocation yet. */
void list_init(struct list *list, struct arena *arena, size_t size, size_t max);

/* Makes room for n items in all at once instead of by doubling, where that is more than there is
 * and not above the maximum; without memory it is left to later. */
void list_expect(struct list *list, size_t n);

/* Adds a zeroed item and returns it, or NULL with list->err set and the list as it was.  Amortised
 * O(size). */
void *list_push(struct list *list);

/* Copies an item to the end; NULL as for list_push. */
void *list_add(struct list *list, const void *item);

#endif
