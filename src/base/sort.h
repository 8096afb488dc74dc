/* Sorting in place without recursion or memory: heapsort (Williams 1964, CACM 7(6), 347-348).
 *
 * The C library's qsort may allocate, and its order among equal items differs between versions.
 * This one has no failure and takes O(n log n) always; give it a total order and the result is the
 * same everywhere. */
#ifndef DUET_BASE_SORT_H
#define DUET_BASE_SORT_H

#include <stddef.h>

/* Negative, zero or positive as `a` stands before, beside or after `b`. */
typedef int sort_compare_fn(const void *a, const void *b, void *ctx);

#define SORT_MAX_ITEM 256 /* largest item in bytes; asserted */

/* Sorts `n` items of `size` bytes each into rising order. */
void sort_items(void *items, size_t n, size_t size, sort_compare_fn *compare, void *ctx);

#endif
