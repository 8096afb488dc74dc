/* Heapsort over items of any size; see sort.h. */
#include "base/sort.h"

#include <assert.h>
#include <string.h>

/* Lets the item at `at` sink until neither child stands after it.  `held` is its copy. */
static inline __attribute__((always_inline)) void
sort_sink(char *base, size_t at, size_t n, size_t size, sort_compare_fn *compare, void *ctx)
{
    char held[SORT_MAX_ITEM];
    memcpy(held, base + at * size, size);
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && compare(base + child * size, base + (child + 1) * size, ctx) < 0) {
            child++;
        }
        if (compare(held, base + child * size, ctx) >= 0) {
            break;
        }
        memcpy(base + at * size, base + child * size, size);
    }
    memcpy(base + at * size, held, size);
}

static inline __attribute__((always_inline)) void sort_heap(char *base, size_t n, size_t size,
                                                            sort_compare_fn *compare, void *ctx)
{
    for (size_t i = n / 2; i-- > 0;) {
        sort_sink(base, i, n, size, compare, ctx);
    }
    for (size_t end = n; end > 1; end--) {
        char held[SORT_MAX_ITEM];
        memcpy(held, base, size);
        memcpy(base, base + (end - 1) * size, size);
        memcpy(base + (end - 1) * size, held, size);
        sort_sink(base, 0, end - 1, size, compare, ctx);
    }
}

/* Of the sizes that are sorted most, an item is moved without a call. */
void sort_items(void *items, size_t n, size_t size, sort_compare_fn *compare, void *ctx)
{
    assert(size > 0 && size <= SORT_MAX_ITEM);
    switch (size) {
    case 8:
        sort_heap(items, n, 8, compare, ctx);
        break;
    case 16:
        sort_heap(items, n, 16, compare, ctx);
        break;
    case 20:
        sort_heap(items, n, 20, compare, ctx);
        break;
    case 32:
        sort_heap(items, n, 32, compare, ctx);
        break;
    default:
        sort_heap(items, n, size, compare, ctx);
        break;
    }
}
