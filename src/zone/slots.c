/* The pattern of slots.h: leaves that are alike, then row by row. */
#include "zone/slots.h"

#include "base/arena.h"
#include "base/intern.h"
#include "zone/layout.h"

#include <string.h>

#define AHEAD 8 /* entries to fetch before they are needed: memory is slow and unordered here */

/* A gid in a leaf's list: the n gids from it on, and the slots of their pairs with it. */
struct touch {
    uint32_t gids, slot, n; /* into boundary[] and slot[] */
};

struct maker {
    const struct layout *lay;
    struct slots *slots;
    uint32_t *like;      /* per leaf: the first leaf with the same effects */
    size_t *first;       /* per gid, n_globals + 2: where its touches begin */
    struct touch *touch; /* of the leaves that are like no earlier one, by gid */
    uint32_t *seen;      /* per gid: 1 + its slot, when that is of the row at hand */
    int32_t *columns;    /* by slot */
};

/* Pairs a <= b of n. */
static size_t n_pairs(size_t n)
{
    return n * (n + 1) / 2;
}

static const int32_t *gids_of(const struct layout *lay, uint32_t leaf)
{
    const struct layout_leaf *at = &lay->leaves[leaf];
    return lay->boundary + at->first_boundary + at->n_tree;
}

static bool alike(const struct layout *lay, uint32_t a, uint32_t b)
{
    uint32_t n = lay->leaves[a].n_global;
    return n == lay->leaves[b].n_global &&
           memcmp(gids_of(lay, a), gids_of(lay, b), n * sizeof(int32_t)) == 0;
}

/* Fills like[] through a hash table of leaves, open addressing. */
static enum err find_alike(struct arena *temporary, struct maker *m)
{
    const struct layout *lay = m->lay;
    size_t size = 16;
    while (size / 2 < lay->n_leaves) {
        size *= 2;
    }
    uint32_t *table = arena_alloc(temporary, size, sizeof *table); /* 1 + leaf */
    uint32_t *hash = arena_alloc(temporary, lay->n_leaves, sizeof *hash);
    if (!table || !hash) {
        return ERR_NOMEM;
    }
    for (uint32_t l = 0; l < lay->n_leaves; l++) {
        struct str key = {(const char *)gids_of(lay, l), lay->leaves[l].n_global * sizeof(int32_t)};
        hash[l] = (uint32_t)((size_t)intern_hash(key) & (size - 1));
    }
    for (uint32_t l = 0; l < lay->n_leaves; l++) {
        __builtin_prefetch(&table[hash[l + AHEAD < lay->n_leaves ? l + AHEAD : l]], 1);
        size_t at = hash[l];
        while (table[at] != 0 && !alike(lay, table[at] - 1, l)) {
            at = (at + 1) & (size - 1);
        }
        if (table[at] == 0) {
            table[at] = l + 1;
        }
        m->like[l] = table[at] - 1;
    }
    return ERR_OK;
}

/* Numbers the pairs: those of leaves that are alike stand where the first one's do. */
static enum err number_pairs(struct maker *m, size_t *n_slots)
{
    size_t n = 0;
    for (uint32_t l = 0; l < m->lay->n_leaves; l++) {
        bool first = m->like[l] == l;
        m->slots->slot_first[l] = first ? (uint32_t)n : m->slots->slot_first[m->like[l]];
        n += first ? n_pairs(m->lay->leaves[l].n_global) : 0;
        if (n >= UINT32_MAX) {
            return ERR_LIMIT;
        }
    }
    *n_slots = n;
    return ERR_OK;
}

/* Touches by gid, of each kind of leaf once. */
static enum err list_touches(struct arena *temporary, struct maker *m)
{
    const struct layout *lay = m->lay;
    size_t n = 0;
    for (uint32_t l = 0; l < lay->n_leaves; l++) {
        for (uint32_t i = 0; m->like[l] == l && i < lay->leaves[l].n_global; i++) {
            m->first[gids_of(lay, l)[i] + 2]++;
            n++;
        }
    }
    for (uint32_t i = 2; i < lay->n_globals + 2; i++) {
        m->first[i] += m->first[i - 1];
    }
    m->touch = arena_alloc(temporary, n + AHEAD, sizeof *m->touch);
    if (!m->touch) {
        return ERR_NOMEM;
    }
    for (uint32_t l = 0; l < lay->n_leaves; l++) {
        uint32_t size = lay->leaves[l].n_global, slot = m->slots->slot_first[l];
        const int32_t *gids = gids_of(lay, l);
        for (uint32_t i = 0; m->like[l] == l && i < size; i++) {
            m->touch[m->first[gids[i] + 1]++] =
                (struct touch){(uint32_t)(gids - lay->boundary) + i, slot, size - i};
            slot += size - i;
        }
    }
    return ERR_OK;
}

/* One row's different columns, which get the slots from `base` on, and the slots of its pairs.
 * Returns how many columns there are. */
static uint32_t collect_row(struct maker *m, uint32_t row, size_t base)
{
    uint32_t used = 0;
    for (size_t i = m->first[row]; i < m->first[row + 1]; i++) {
        const struct touch *touch = &m->touch[i];
        const int32_t *gids = m->lay->boundary + touch->gids;
        uint32_t *slot = m->slots->slot + touch->slot;
        __builtin_prefetch(m->lay->boundary + touch[AHEAD].gids);
        __builtin_prefetch(m->slots->slot + touch[AHEAD].slot, 1);
        for (uint32_t b = 0; b < touch->n; b++) {
            uint32_t at = m->seen[gids[b]];
            if (at <= base) {
                at = m->seen[gids[b]] = (uint32_t)base + 1 + used;
                m->columns[base + used++] = gids[b];
            }
            slot[b] = at - 1;
        }
    }
    return used;
}

static enum err make(struct arena *arena, struct arena *temporary, struct maker *m)
{
    struct slots *s = m->slots;
    uint32_t n = m->lay->n_globals;
    s->row_first = arena_alloc(arena, n + 1u, sizeof *s->row_first);
    s->slot_first = arena_alloc(arena, m->lay->n_leaves, sizeof *s->slot_first);
    m->like = arena_alloc(temporary, m->lay->n_leaves, sizeof *m->like);
    m->first = arena_alloc(temporary, n + 2u, sizeof *m->first);
    m->seen = arena_alloc(temporary, n, sizeof *m->seen);
    if (!s->row_first || !s->slot_first || !m->like || !m->first || !m->seen) {
        return ERR_NOMEM;
    }
    size_t n_slots = 0, base = 0;
    enum err err = find_alike(temporary, m);
    if (err || (err = number_pairs(m, &n_slots)) || (err = list_touches(temporary, m))) {
        return err;
    }
    /* No more columns than pairs; most are met again and again. */
    m->columns = arena_alloc(temporary, n_slots, sizeof *m->columns);
    s->slot = arena_alloc(arena, n_slots, sizeof *s->slot);
    if (!m->columns || !s->slot) {
        return ERR_NOMEM;
    }
    for (uint32_t a = 0; a < n; a++) {
        s->row_first[a] = base;
        base += collect_row(m, a, base);
    }
    s->row_first[n] = base;
    s->column = arena_alloc(arena, base, sizeof *s->column);
    if (!s->column) {
        return ERR_NOMEM;
    }
    memcpy(s->column, m->columns, base * sizeof *s->column);
    return ERR_OK;
}

enum err slots_make(struct arena *arena, const struct layout *lay, struct slots **slots)
{
    struct arena *temporary = arena_child(arena);
    struct maker m = {.lay = lay, .slots = arena_alloc(arena, 1, sizeof *m.slots)};
    enum err err = temporary && m.slots ? make(arena, temporary, &m) : ERR_NOMEM;
    arena_free(temporary);
    if (!err) {
        *slots = m.slots;
    }
    return err;
}
