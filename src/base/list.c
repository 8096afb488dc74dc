/* Growing arrays: a child arena for each capacity, once it is worth one. */
#include "base/list.h"

#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

#define LIST_FIRST 16u             /* items of the first allocation */
#define LIST_SMALL ((size_t)16384) /* bytes up to which the old copy may stay in the arena */

void list_init(struct list *list, struct arena *arena, size_t size, size_t max)
{
    *list = (struct list){.parent = arena, .size = size, .max = max};
}

static enum err list_resize(struct list *list, size_t capacity)
{
    bool small = capacity <= LIST_SMALL / list->size;
    struct arena *own = small ? NULL : arena_child(list->parent);
    struct arena *from = small ? list->parent : own;
    void *items = from ? arena_grow(from, list->items, list->n, capacity, list->size) : NULL;
    if (!items) {
        arena_free(own);
        return ERR_NOMEM;
    }
    arena_free(list->own);
    list->own = own;
    list->items = items;
    list->capacity = capacity;
    return ERR_OK;
}

static enum err list_grow(struct list *list)
{
    if (list->n >= list->max) {
        return ERR_LIMIT;
    }
    size_t capacity = list->capacity ? list->capacity * 2 : LIST_FIRST;
    return list_resize(list, capacity < list->max ? capacity : list->max);
}

void list_expect(struct list *list, size_t n)
{
    if (n > list->capacity && n <= list->max) {
        (void)list_resize(list, n);
    }
}

void *list_push(struct list *list)
{
    if (list->n == list->capacity) {
        list->err = list_grow(list);
        if (list->err) {
            return NULL;
        }
    }
    return (char *)list->items + list->n++ * list->size;
}

void *list_add(struct list *list, const void *item)
{
    void *place = list_push(list);
    return place ? memcpy(place, item, list->size) : NULL;
}
