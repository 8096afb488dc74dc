/* Memory with a lifetime: many allocations, one free.
 *
 * A root arena states how many bytes it and its children may take together; a child dies with its
 * parent or earlier.  Allocations are zeroed, aligned to 16 bytes and stay where they are.  Callers
 * receive NULL when the limit is reached or the system has no more; nothing ever aborts.
 *
 *     struct arena *a = arena_new(64u << 20);
 *     double *x = arena_alloc(a, n, sizeof *x);      // NULL: out of memory
 *     arena_free(a);
 *
 * An arena is used by one thread at a time. */
#ifndef DUET_BASE_ARENA_H
#define DUET_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* A root arena that holds at most `limit` bytes of chunks (0: no limit), or NULL. */
struct arena *arena_new(size_t limit);

/* A child that counts towards its root's limit, or NULL.  Freed with the parent at the latest. */
struct arena *arena_child(struct arena *parent);

/* Frees the arena, its children and everything they hold.  NULL is a no-op. */
void arena_free(struct arena *arena);

/* `n` zeroed elements of `size` bytes; NULL when n * size overflows or there is no more.  n or size
 * 0 gives a pointer that may not be read.  Amortised O(bytes). */
void *arena_alloc(struct arena *arena, size_t n, size_t size) __attribute__((alloc_size(2, 3)));

/* A copy of `n` elements with room for `n_new` >= n, the rest zeroed; the old memory stays in the
 * arena until the arena is freed, so grow by doubling.  NULL leaves `old` as it was. */
void *arena_grow(struct arena *arena, void *old, size_t n, size_t n_new, size_t size);

/* Copies `n` bytes and adds a NUL, or NULL. */
char *arena_text(struct arena *arena, const char *text, size_t n);

/* Bytes that the root and all its children hold now, and the most they ever held. */
size_t arena_bytes(const struct arena *arena);
size_t arena_peak(const struct arena *arena);

/* For tests: the nth next allocation from this root (1 = the very next) and all after it fail;
 * 0 turns the failures off. */
void arena_fail_after(struct arena *arena, uint64_t nth);

#endif
