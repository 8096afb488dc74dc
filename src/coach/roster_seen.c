/* Rows of evidence seen before; see roster_seen.h. */
#include "coach/roster_seen.h"

#include "base/arena.h"
#include "base/intern.h"

#define AHEAD 16 /* rows whose slots are fetched before they are needed */

void roster_seen_init(struct roster_seen *seen, struct arena *arena)
{
    list_init(&seen->rows, arena, sizeof(struct roster_seen_row), ROSTER_MAX_EVIDENCE);
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
    hash ^= intern_hash((struct str){row->cells[0].p, n});
    return hash ? hash : 1;
}

enum err roster_seen_add(struct roster_seen *seen, const struct csv_row *cells, int32_t level,
                         bool can_be_copy)
{
    struct roster_seen_row row = {can_be_copy ? seen_hash(cells, level) : 0, cells->line};
    return list_add(&seen->rows, &row) ? ERR_OK : seen->rows.err;
}

static bool same_evidence(const struct zone_evidence *a, const struct zone_evidence *b)
{
    bool same_difficulty = !(a->difficulty < b->difficulty) && !(a->difficulty > b->difficulty);
    return a->person == b->person && a->skill == b->skill && a->rater == b->rater &&
           a->occasion == b->occasion && a->item == b->item && a->day == b->day &&
           same_difficulty && a->kind == b->kind && a->support == b->support &&
           a->level == b->level;
}

/* Whether row k repeats an earlier one; if not, it takes a slot. */
static bool is_copy(const struct roster_seen_row *seen, const struct zone_evidence *rows, size_t k,
                    uint32_t *slots, size_t n_slots)
{
    size_t at = seen[k].hash & (n_slots - 1);
    for (; slots[at]; at = (at + 1) & (n_slots - 1)) {
        size_t other = slots[at] - 1;
        if (seen[other].hash == seen[k].hash && same_evidence(&rows[other], &rows[k])) {
            return true;
        }
    }
    slots[at] = (uint32_t)k + 1;
    return false;
}

enum err roster_seen_drop(struct roster_seen *seen, struct arena *arena, struct list *rows,
                          uint64_t *n_copies, uint64_t *first_line)
{
    const struct roster_seen_row *known = seen->rows.items;
    struct zone_evidence *row = rows->items;
    size_t n = rows->n, n_slots = 16, kept = 0;
    while (n_slots / 2 < n) {
        n_slots *= 2;
    }
    struct arena *own = arena_child(arena);
    uint32_t *slots = own ? arena_alloc(own, n_slots, sizeof *slots) : NULL; /* 1 + row */
    unsigned char *copy = own ? arena_alloc(own, n, 1) : NULL;
    if (!slots || !copy) {
        arena_free(own);
        return ERR_NOMEM;
    }
    *n_copies = 0;
    for (size_t k = 0; k < n; k++) {
        __builtin_prefetch(&slots[known[k + AHEAD < n ? k + AHEAD : k].hash & (n_slots - 1)], 1);
        copy[k] = known[k].hash && is_copy(known, row, k, slots, n_slots);
        if (copy[k] && (*n_copies)++ == 0) {
            *first_line = known[k].line;
        }
    }
    for (size_t k = 0; k<n && * n_copies> 0; k++) {
        if (!copy[k]) {
            row[kept++] = row[k];
        }
    }
    rows->n -= (size_t)*n_copies;
    arena_free(own);
    return ERR_OK;
}
