/* Heapsort against the C library on random arrays with many ties. */
#include "base/sort.h"
#include "base/rng.h"

#include "tap.h"

#include <stdlib.h>

struct item {
    int key, mark;
};

static int by_key_then_mark(const void *a, const void *b, void *ctx)
{
    const struct item *x = a, *y = b;
    ++*(long *)ctx;
    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return (x->mark > y->mark) - (x->mark < y->mark);
}

static int library_order(const void *a, const void *b)
{
    long unused = 0;
    return by_key_then_mark(a, b, &unused);
}

int main(void)
{
    struct rng rng = rng_seed(7);
    struct item mine[300], theirs[300];
    int same = 1;
    long calls = 0;
    for (int round = 0; round < 2000; round++) {
        size_t n = rng_below(&rng, 300);
        for (size_t i = 0; i < n; i++) {
            mine[i] = theirs[i] = (struct item){(int)rng_below(&rng, 20), (int)i};
        }
        sort_items(mine, n, sizeof *mine, by_key_then_mark, &calls);
        qsort(theirs, n, sizeof *theirs, library_order);
        same &= n == 0 || memcmp(mine, theirs, n * sizeof *mine) == 0;
    }
    tap_ok(same, "2000 random arrays are sorted as the C library sorts them");
    tap_ok(calls < 2000L * 300 * 2 * 9, "within 2 n log n comparisons");
    return tap_done();
}
