/* Rows of evidence seen before; see roster_seen.h. */
#include "coach/roster_seen.h"

#include "base/arena.h"
#include "base/intern.h"

#define SEEN_FIRST 1024u /* slots of the first table */

struct seen_row {
    uint64_t hash;
    uint32_t row; /* of the evidence */
};

void roster_seen_init(struct roster_seen *seen, struct arena *arena)
{
    *seen = (struct roster_seen){.arena = arena};
    list_init(&seen->hashes, arena, sizeof(struct seen_row), ROSTER_MAX_EVIDENCE);
}

/* A number that depends on every cell of the row, also those that are not used, and on which of
 * them is the level. */
static uint64_t seen_hash(const struct csv_row *row, int32_t level)
{
    size_t n = 0;
    uint64_t hash = (uint64_t)level;
    for (int32_t i = 0; i < row->n; i++) {
        n += row->cells[i].n;
        hash = (hash ^ row->cells[i].n) * UINT64_C(0x9E3779B97F4A7C15);
    }
    /* The reader keeps the cells of a row one behind the other. */
    return hash ^ intern_hash((struct str){row->cells[0].p, n});
}

static enum err seen_rehash(struct roster_seen *seen)
{
    size_t n_slots = seen->n_slots ? seen->n_slots * 2 : SEEN_FIRST;
    struct arena *own = arena_child(seen->arena);
    uint32_t *slots = own ? arena_alloc(own, n_slots, sizeof *slots) : NULL;
    if (!slots) {
        arena_free(own);
        return ERR_NOMEM;
    }
    const struct seen_row *rows = seen->hashes.items;
    for (size_t k = 0; k < seen->hashes.n; k++) {
        size_t at = rows[k].hash & (n_slots - 1);
        while (slots[at]) {
            at = (at + 1) & (n_slots - 1);
        }
        slots[at] = (uint32_t)k + 1;
    }
    arena_free(seen->own);
    seen->own = own;
    seen->slots = slots;
    seen->n_slots = n_slots;
    return ERR_OK;
}

static bool same_evidence(const struct zone_evidence *a, const struct zone_evidence *b)
{
    bool same_difficulty = !(a->difficulty < b->difficulty) && !(a->difficulty > b->difficulty);
    return a->person == b->person && a->skill == b->skill && a->rater == b->rater &&
           a->occasion == b->occasion && a->item == b->item && a->day == b->day &&
           same_difficulty && a->kind == b->kind && a->support == b->support &&
           a->level == b->level;
}

enum err roster_seen_check(struct roster_seen *seen, const struct csv_row *cells, int32_t level,
                           const struct zone_evidence *row, const struct list *rows, bool *copy)
{
    uint64_t hash = seen_hash(cells, level);
    if (seen->hashes.n * 2 >= seen->n_slots) {
        enum err err = seen_rehash(seen);
        if (err) {
            return err;
        }
    }
    const struct seen_row *known = seen->hashes.items;
    const struct zone_evidence *all = rows->items;
    size_t at = hash & (seen->n_slots - 1);
    for (; seen->slots[at]; at = (at + 1) & (seen->n_slots - 1)) {
        const struct seen_row *other = &known[seen->slots[at] - 1];
        if (other->hash == hash && same_evidence(&all[other->row], row)) {
            *copy = true;
            return ERR_OK;
        }
    }
    *copy = false;
    struct seen_row entry = {hash, (uint32_t)rows->n};
    if (!list_add(&seen->hashes, &entry)) {
        return ERR_NOMEM;
    }
    seen->slots[at] = (uint32_t)seen->hashes.n;
    return ERR_OK;
}
