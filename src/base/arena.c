/* Arenas: a list of chunks each, and a tree of arenas.
 *
 * Small allocations share 64 KiB chunks; one larger than a quarter of that gets a chunk of its own,
 * so that freeing a child returns big arrays to the system at once.  Of those of many megabytes the
 * system is asked to use huge pages: reading them here and there then costs half. */
#define _DEFAULT_SOURCE /* madvise */
#include "base/arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_KIB 8
#endif
#endif
#ifndef ARENA_KIB
#define ARENA_KIB 64
#endif

#define ARENA_ALIGN 16u
#define ARENA_CHUNK ((size_t)ARENA_KIB << 10)
#define ARENA_PAGE ((size_t)4 << 10)
#define ARENA_HUGE ((size_t)256 << 10)

struct chunk {
    struct chunk *next;
    size_t size; /* usable bytes */
    size_t used;
    size_t clean; /* whether all of it was zeroed at once; keeps data[] aligned to 16 */
    unsigned char data[];
};

struct arena {
    struct arena *root, *parent, *child, *prev, *next;
    struct chunk *chunks;
    size_t limit, bytes, peak; /* kept in the root */
    uint64_t fail_in;          /* kept in the root: 0 off, 1 fails now and for ever */
};

static struct arena *arena_make(struct arena *parent)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena) {
        return NULL;
    }
    arena->root = parent ? parent->root : arena;
    arena->parent = parent;
    if (parent) {
        arena->next = parent->child;
        if (parent->child) {
            parent->child->prev = arena;
        }
        parent->child = arena;
    }
    return arena;
}

struct arena *arena_new(size_t limit)
{
    struct arena *arena = arena_make(NULL);
    if (arena) {
        arena->limit = limit;
    }
    return arena;
}

static int arena_fails(struct arena *root)
{
    if (root->fail_in == 0) {
        return 0;
    }
    if (root->fail_in > 1) {
        root->fail_in--;
        return 0;
    }
    return 1;
}

struct arena *arena_child(struct arena *parent)
{
    return arena_fails(parent->root) ? NULL : arena_make(parent);
}

static void arena_drop_chunks(struct arena *arena)
{
    while (arena->chunks) {
        struct chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        arena->root->bytes -= chunk->size;
        free(chunk);
    }
}

static void arena_unlink(struct arena *arena)
{
    if (arena->prev) {
        arena->prev->next = arena->next;
    } else if (arena->parent) {
        arena->parent->child = arena->next;
    }
    if (arena->next) {
        arena->next->prev = arena->prev;
    }
}

void arena_free(struct arena *arena)
{
    if (!arena) {
        return;
    }
    /* Depth first without recursion: go down to a leaf, free it, return to its parent. */
    struct arena *at = arena;
    for (;;) {
        while (at->child) {
            at = at->child;
        }
        struct arena *parent = at->parent;
        int last = at == arena;
        arena_drop_chunks(at);
        arena_unlink(at);
        free(at);
        if (last) {
            return;
        }
        at = parent;
    }
}

/* Whole pages of chunks beside each other become huge ones together.  A system without them leaves
 * everything as it is. */
static void arena_ask_huge(void *begin, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    if (bytes >= ARENA_HUGE) {
        size_t before = (uintptr_t)begin & (ARENA_PAGE - 1);
        (void)madvise((unsigned char *)begin - before, before + bytes, MADV_HUGEPAGE);
    }
#else
    (void)begin;
    (void)bytes;
#endif
}

static struct chunk *arena_chunk(struct arena *arena, size_t bytes)
{
    struct arena *root = arena->root;
    size_t size = bytes > ARENA_CHUNK / 4 ? bytes : ARENA_CHUNK;
    if (root->limit && (size > root->limit || root->bytes > root->limit - size)) {
        if (root->limit - root->bytes < bytes || root->bytes > root->limit) {
            return NULL;
        }
        size = bytes;
    }
    /* A shared chunk is zeroed as it is used: most arenas need a part of their first one only. */
    bool clean = size > ARENA_CHUNK;
    struct chunk *chunk = clean ? calloc(1, sizeof *chunk + size) : malloc(sizeof *chunk + size);
    if (!chunk) {
        return NULL;
    }
    arena_ask_huge(chunk, sizeof *chunk + size);
    *chunk = (struct chunk){.size = size, .clean = clean};
    root->bytes += size;
    if (root->bytes > root->peak) {
        root->peak = root->bytes;
    }
    if (arena->chunks && size == bytes && size != ARENA_CHUNK) {
        /* A chunk that is full at once goes behind the one that still has room. */
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
    size_t bytes;
    if (arena_fails(arena->root) || __builtin_mul_overflow(n, size, &bytes) ||
        bytes > SIZE_MAX / 2) {
        return NULL;
    }
    bytes = (bytes + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (bytes == 0) {
        bytes = ARENA_ALIGN;
    }
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < bytes) {
        chunk = arena_chunk(arena, bytes);
        if (!chunk) {
            return NULL;
        }
    }
    void *p = chunk->data + chunk->used;
    chunk->used += bytes;
    return chunk->clean ? p : memset(p, 0, bytes);
}

void *arena_grow(struct arena *arena, void *old, size_t n, size_t n_new, size_t size)
{
    void *grown = arena_alloc(arena, n_new, size);
    if (grown && old && n) {
        memcpy(grown, old, n * size);
    }
    return grown;
}

char *arena_text(struct arena *arena, const char *text, size_t n)
{
    char *copy = n < SIZE_MAX ? arena_alloc(arena, n + 1, 1) : NULL;
    if (copy && n) {
        memcpy(copy, text, n);
    }
    return copy;
}

size_t arena_bytes(const struct arena *arena)
{
    return arena->root->bytes;
}

size_t arena_peak(const struct arena *arena)
{
    return arena->root->peak;
}

void arena_fail_after(struct arena *arena, uint64_t nth)
{
    arena->root->fail_in = nth;
}
