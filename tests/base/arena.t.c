/* Arenas: lifetimes, limits and failures on demand. */
#include "base/arena.h"

#include "tap.h"

int main(void)
{
    struct arena *root = arena_new(1u << 20);
    int *x = arena_alloc(root, 1000, sizeof *x);
    tap_ok(x && x[999] == 0, "memory is zeroed");
    tap_ok(((uintptr_t)x & 15) == 0, "memory is aligned");
    struct arena *child = arena_child(root);
    size_t before = arena_bytes(root);
    tap_ok(arena_alloc(child, 1, 500000) != NULL, "half the limit fits");
    tap_ok(arena_alloc(child, 1, 600000) == NULL, "more than the limit does not");
    arena_free(child);
    tap_ok(arena_bytes(root) == before, "a freed child gives its bytes back");
    tap_ok(arena_alloc(root, 1, 600000) != NULL, "and they can be used again");
    tap_ok(arena_peak(root) >= 600000, "the peak is kept");
    volatile size_t huge = SIZE_MAX / 2;
    tap_ok(arena_alloc(root, huge, 4) == NULL, "a size that overflows is refused");
    x[0] = 7;
    x = arena_grow(root, x, 1000, 2000, sizeof *x);
    tap_ok(x && x[0] == 7 && x[1999] == 0, "growing copies and zeroes");
    tap_text(arena_text(root, "abc", 2), "ab", "text is terminated");
    arena_fail_after(root, 2);
    tap_ok(arena_alloc(root, 1, 1) != NULL, "the first allocation before the failure works");
    tap_ok(arena_alloc(root, 1, 1) == NULL && arena_child(root) == NULL, "then all fail");
    arena_fail_after(root, 0);
    for (int i = 0; i < 1000; i++) {
        child = arena_child(i % 3 ? child : root);
        (void)!arena_alloc(child, 10, 10);
    }
    arena_free(root);
    arena_free(NULL);
    tap_ok(1, "a deep tree is freed");
    return tap_done();
}
