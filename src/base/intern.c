/* Open addressing with linear probing; the table is at most half full. */
#include "base/intern.h"

#include "base/arena.h"
#include "base/list.h"

#include <assert.h>

#define INTERN_FIRST 64u   /* slots of the first table; a power of two */
#define INTERN_SMALL 2048u /* slots up to which the old table may stay in the arena */

struct slot {
    uint32_t hash;
    int32_t id_plus_one; /* 0: empty */
};

struct intern {
    struct arena *arena;
    struct arena *slots_arena;
    struct slot *slots;
    size_t n_slots; /* a power of two */
    struct list texts;
};

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ (h >> 32);
}

/* The first n bytes, 1 .. 7, as a number, the first one lowest. */
static uint64_t short_word(const char *p, size_t n)
{
    if (n >= 4) {
        uint32_t low, high;
        memcpy(&low, p, sizeof low);
        memcpy(&high, p + n - 4, sizeof high);
        return low | (uint64_t)high << (8 * (n - 4));
    }
    const unsigned char *u = (const unsigned char *)p;
    size_t middle = n / 2, last = n - 1;
    return u[0] | (uint64_t)u[middle] << (8 * middle) | (uint64_t)u[last] << (8 * last);
}

uint64_t intern_hash(struct str text)
{
    uint64_t h = UINT64_C(0x243F6A8885A308D3) ^ text.n;
    size_t at = 0;
    for (; text.n - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, text.p + at, 8);
        h = mix(h, word);
    }
    if (at < text.n) {
        h = mix(h, short_word(text.p + at, text.n - at));
    }
    /* Finish as splitmix64 does: every bit of the key reaches the low bits. */
    h = (h ^ (h >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94D049BB133111EB);
    return h ^ (h >> 31);
}

struct intern *intern_new(struct arena *arena, int32_t max)
{
    assert(max >= 1);
    struct intern *intern = arena_alloc(arena, 1, sizeof *intern);
    if (!intern) {
        return NULL;
    }
    intern->arena = arena;
    list_init(&intern->texts, arena, sizeof(struct str), (size_t)max);
    return intern;
}

/* The slot that holds `text`, or the empty one where it belongs. */
static struct slot *intern_probe(const struct intern *intern, struct str text, uint32_t hash)
{
    const struct str *texts = intern->texts.items;
    size_t mask = intern->n_slots - 1, at = hash & mask;
    for (;; at = (at + 1) & mask) {
        struct slot *slot = &intern->slots[at];
        if (slot->id_plus_one == 0 ||
            (slot->hash == hash && str_equal(texts[slot->id_plus_one - 1], text))) {
            return slot;
        }
    }
}

static enum err intern_rehash(struct intern *intern)
{
    size_t n_slots = intern->n_slots ? intern->n_slots * 2 : INTERN_FIRST;
    bool small = n_slots <= INTERN_SMALL;
    struct arena *own = small ? NULL : arena_child(intern->arena);
    struct arena *from = small ? intern->arena : own;
    struct slot *slots = from ? arena_alloc(from, n_slots, sizeof *slots) : NULL;
    if (!slots) {
        arena_free(own);
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < intern->n_slots; i++) {
        if (intern->slots[i].id_plus_one) {
            size_t at = intern->slots[i].hash & (n_slots - 1);
            while (slots[at].id_plus_one) {
                at = (at + 1) & (n_slots - 1);
            }
            slots[at] = intern->slots[i];
        }
    }
    arena_free(intern->slots_arena);
    intern->slots_arena = own;
    intern->slots = slots;
    intern->n_slots = n_slots;
    return ERR_OK;
}

enum err intern_add(struct intern *intern, struct str text, int32_t *id, bool *fresh)
{
    uint32_t hash = (uint32_t)intern_hash(text);
    if (intern->texts.n * 2 >= intern->n_slots) {
        enum err err = intern_rehash(intern);
        if (err) {
            return err;
        }
    }
    struct slot *slot = intern_probe(intern, text, hash);
    bool is_new = slot->id_plus_one == 0;
    if (is_new) {
        if (intern->texts.n >= intern->texts.max) {
            return ERR_LIMIT;
        }
        struct str copy = {arena_text(intern->arena, text.p, text.n), text.n};
        if (!copy.p || !list_add(&intern->texts, &copy)) {
            return ERR_NOMEM;
        }
        *slot = (struct slot){hash, (int32_t)intern->texts.n};
    }
    *id = slot->id_plus_one - 1;
    if (fresh) {
        *fresh = is_new;
    }
    return ERR_OK;
}

int32_t intern_find(const struct intern *intern, struct str text)
{
    if (intern->n_slots == 0) {
        return -1;
    }
    return intern_probe(intern, text, (uint32_t)intern_hash(text))->id_plus_one - 1;
}

int32_t intern_count(const struct intern *intern)
{
    return (int32_t)intern->texts.n;
}

struct str intern_text(const struct intern *intern, int32_t id)
{
    assert(id >= 0 && (size_t)id < intern->texts.n);
    return ((const struct str *)intern->texts.items)[id];
}
