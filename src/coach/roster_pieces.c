/* Reading on several threads, and taking what they read in order; see roster_pieces.h. */
#include "coach/roster_pieces.h"

#include "base/arena.h"
#include "base/crew.h"

#include <math.h>

/* What one thread reads; all of it in an arena of its own. */
struct slot {
    struct arena *arena;
    struct roster_evidence evidence;
    struct roster_build build;
    struct roster_problems problems;
    struct list raters, occasions, items; /* int32_t: the roster's numbers, by the thread's own */
    enum err err; /* ERR_NOT_FOUND: its last piece must be read row by row */
    bool begun;
};

struct pieces {
    struct roster_evidence *whole;
    struct slot slots[CREW_MOST];
    uint32_t n_pieces;
    struct csv_place place; /* behind the pieces that were taken */
    uint64_t n_rows;        /* of the table, in those; its own others may read */
    enum err err;           /* as in a slot: nothing is taken any more */
};

/* ---- reading ---- */

static enum err slot_begin(struct slot *slot, const struct roster_evidence *whole)
{
    struct roster_evidence *own = &slot->evidence;
    struct str nothing = {"", 0};
    slot->begun = true;
    list_init(&slot->raters, slot->arena, sizeof(int32_t), INTERN_MAX);
    list_init(&slot->occasions, slot->arena, sizeof(int32_t), INTERN_MAX);
    list_init(&slot->items, slot->arena, sizeof(int32_t), INTERN_MAX);
    enum err err = roster_problems_init(&slot->problems, slot->arena, 1);
    slot->problems.catalog = whole->build->problems->catalog;
    slot->build = *whole->build;
    slot->build.arena = slot->build.work = slot->arena;
    slot->build.problems = &slot->problems;
    own->wide = whole->wide;
    own->table = whole->table;
    own->table.problems = &slot->problems;
    own->table.reader = csv_reader_open(slot->arena, csv_source_memory(&nothing));
    if (!err && !own->table.reader) {
        err = ERR_NOMEM;
    }
    return err ? err : roster_evidence_begin(own, &slot->build);
}

static enum err slot_read(struct slot *slot, const struct roster_evidence *whole, uint32_t piece)
{
    static const struct roster_tally none = {0, 0};
    struct roster_evidence *own = &slot->evidence;
    own->rows.n = own->seen.rows.n = 0;
    own->table.n_rows = 0;
    own->by_self = own->unrated = own->both_items = none;
    enum err err =
        csv_piece_open(own->table.reader, whole->table.reader, whole->build->piece, piece);
    if (err) {
        return ERR_NOT_FOUND;
    }
    while (!err && !(err = roster_table_next(&own->table))) {
        err = roster_evidence_row(own);
    }
    bool plain = err == ERR_NOT_FOUND && slot->problems.total == 0;
    return err == ERR_NOMEM ? ERR_NOMEM : plain ? ERR_OK : ERR_NOT_FOUND;
}

static void read_piece(void *ctx, uint32_t piece, int index)
{
    struct pieces *pieces = ctx;
    struct slot *slot = &pieces->slots[index];
    if (!slot->begun) {
        slot->err = slot_begin(slot, pieces->whole);
    }
    if (!slot->err) {
        slot->err = slot_read(slot, pieces->whole, piece);
    }
}

/* ---- taking ---- */

/* The roster's number of the text with number k in a thread's table; *fresh: it is new there. */
static enum err take_text(struct intern *to, const struct intern *from, size_t k, struct list *ids,
                          int32_t *id, bool *fresh)
{
    enum err err = intern_add(to, intern_text(from, (int32_t)k), id, fresh);
    return err ? err : list_add(ids, id) ? ERR_OK : ids->err;
}

static enum err take_raters(struct roster_evidence *to, struct slot *slot)
{
    const struct roster_evidence *own = &slot->evidence;
    enum err err = ERR_OK;
    for (size_t k = slot->raters.n; k < own->rater_list.n && !err; k++) {
        struct roster_rater who = ((const struct roster_rater *)own->rater_list.items)[k];
        int32_t id = 0;
        bool fresh = false;
        err = take_text(to->raters, own->raters, k, &slot->raters, &id, &fresh);
        if (!err && fresh) {
            who.id = intern_text(to->raters, id);
            err = list_add(&to->rater_list, &who) ? ERR_OK : to->rater_list.err;
        }
    }
    return err;
}

static enum err take_occasions(struct roster_evidence *to, struct slot *slot)
{
    const struct roster_evidence *own = &slot->evidence;
    enum err err = ERR_OK;
    for (size_t k = slot->occasions.n; k < own->occasion_list.n && !err; k++) {
        struct roster_occasion what = ((const struct roster_occasion *)own->occasion_list.items)[k];
        int32_t id = 0;
        bool fresh = false;
        err = take_text(to->occasions, own->occasions, k, &slot->occasions, &id, &fresh);
        if (!err && fresh) {
            what.id = roster_evidence_key_text(to->occasions, id);
            err = list_add(&to->occasion_list, &what) ? ERR_OK : to->occasion_list.err;
        }
    }
    return err;
}

static enum err take_items(struct roster_evidence *to, struct slot *slot)
{
    const struct roster_evidence *own = &slot->evidence;
    enum err err = ERR_OK;
    for (size_t k = slot->items.n; k < own->item_list.n && !err; k++) {
        struct roster_item item = ((const struct roster_item *)own->item_list.items)[k];
        const uint64_t unknown = 0;
        int32_t id = 0;
        bool fresh = false;
        err = take_text(to->items, own->items, k, &slot->items, &id, &fresh);
        if (!err && fresh) {
            item.difficulty = NAN;
            item.id = roster_evidence_key_text(to->items, id);
            err = !list_add(&to->item_list, &item)       ? to->item_list.err
                  : !list_add(&to->item_lines, &unknown) ? to->item_lines.err
                                                         : ERR_OK;
        }
    }
    return err;
}

/* The difficulties that the piece's rows give to tasks.  ERR_NOT_FOUND: not those of earlier rows.
 */
static enum err take_difficulties(struct roster_evidence *to, const struct slot *slot,
                                  uint64_t before)
{
    const struct roster_evidence *own = &slot->evidence;
    const struct zone_evidence *rows = own->rows.items;
    const struct roster_seen_row *seen = own->seen.rows.items;
    for (size_t k = 0; k < own->rows.n; k++) {
        if (rows[k].item == ROSTER_NONE || isnan(rows[k].difficulty)) {
            continue;
        }
        int32_t id = ((const int32_t *)slot->items.items)[rows[k].item];
        struct roster_item *item = (struct roster_item *)to->item_list.items + id;
        uint64_t *line = (uint64_t *)to->item_lines.items + id;
        if (*line == 0) {
            item->difficulty = rows[k].difficulty;
            *line = before + seen[k].line;
        } else if (item->difficulty < rows[k].difficulty || item->difficulty > rows[k].difficulty) {
            return ERR_NOT_FOUND;
        }
    }
    return ERR_OK;
}

static int32_t number_of(const struct list *ids, int32_t own)
{
    return own == ROSTER_NONE ? ROSTER_NONE : ((const int32_t *)ids->items)[own];
}

static enum err take_rows(struct roster_evidence *to, const struct slot *slot, uint64_t before)
{
    const struct roster_evidence *own = &slot->evidence;
    const struct zone_evidence *rows = own->rows.items;
    const struct roster_seen_row *seen = own->seen.rows.items;
    for (size_t k = 0; k < own->rows.n; k++) {
        struct zone_evidence row = rows[k];
        struct roster_seen_row place = {seen[k].hash, before + seen[k].line};
        row.rater = number_of(&slot->raters, row.rater);
        row.occasion = number_of(&slot->occasions, row.occasion);
        row.item = number_of(&slot->items, row.item);
        if (!list_add(&to->rows, &row) || !list_add(&to->seen.rows, &place)) {
            return ERR_NOMEM;
        }
    }
    return ERR_OK;
}

static void take_tally(struct roster_tally *to, const struct roster_tally *own, uint64_t before)
{
    if (to->count == 0 && own->count > 0) {
        to->line = before + own->line;
    }
    to->count += own->count;
}

/* All that the slot's piece has, whose lines count from `before` + 1. */
static enum err take_slot(struct roster_evidence *to, struct slot *slot, uint64_t before)
{
    const struct roster_evidence *own = &slot->evidence;
    if (to->rows.n + own->rows.n > ROSTER_MAX_EVIDENCE) {
        return ERR_NOT_FOUND;
    }
    enum err err = take_raters(to, slot);
    err = err ? err : take_occasions(to, slot);
    err = err ? err : take_items(to, slot);
    err = err ? err : take_difficulties(to, slot, before);
    err = err ? err : take_rows(to, slot, before);
    if (err) {
        return err == ERR_NOMEM ? ERR_NOMEM : ERR_NOT_FOUND;
    }
    take_tally(&to->by_self, &own->by_self, before);
    take_tally(&to->unrated, &own->unrated, before);
    take_tally(&to->both_items, &own->both_items, before);
    return ERR_OK;
}

/* The first piece tells how many rows there will be. */
static void expect_rows(struct pieces *pieces, const struct slot *slot)
{
    size_t n = slot->evidence.rows.n;
    n = (n + n / 16) * pieces->n_pieces;
    list_expect(&pieces->whole->rows, n);
    list_expect(&pieces->whole->seen.rows, n);
}

static void take_piece(void *ctx, uint32_t piece, int index)
{
    struct pieces *pieces = ctx;
    struct slot *slot = &pieces->slots[index];
    if (piece == 0 && !slot->err) {
        expect_rows(pieces, slot);
    }
    if (!pieces->err) {
        pieces->err =
            slot->err ? slot->err : take_slot(pieces->whole, slot, pieces->place.line - 1);
    }
    if (pieces->err) {
        slot->err = pieces->err; /* it need not read on */
        return;
    }
    struct csv_place end = csv_reader_place(slot->evidence.table.reader);
    pieces->n_rows += slot->evidence.table.n_rows;
    if (end.at > pieces->place.at) { /* a line began in this piece */
        pieces->place = (struct csv_place){end.at, pieces->place.line + end.line - 1};
    }
}

enum err roster_pieces_read(struct roster_evidence *evidence)
{
    const struct roster_build *build = evidence->build;
    struct roster_table *table = &evidence->table;
    bool fit =
        build->crew && build->crew->n_threads > 1 && !table->broken && build->problems->total == 0;
    uint32_t n = fit ? csv_reader_pieces(table->reader, build->piece) : 0;
    if (n < 2) {
        return ERR_OK;
    }
    struct pieces *pieces = arena_alloc(build->work, 1, sizeof *pieces);
    if (!pieces) {
        return ERR_NOMEM;
    }
    pieces->whole = evidence;
    pieces->n_pieces = n;
    pieces->place = csv_reader_place(table->reader);
    for (int k = 0; k < CREW_MOST && !pieces->err; k++) {
        pieces->slots[k].arena = arena_new(0);
        pieces->err = pieces->slots[k].arena ? ERR_OK : ERR_NOMEM;
    }
    if (!pieces->err) {
        crew_run_in_order(build->crew, n, read_piece, take_piece, pieces);
    }
    for (int k = 0; k < CREW_MOST; k++) {
        csv_reader_close(pieces->slots[k].evidence.table.reader);
        arena_free(pieces->slots[k].arena);
    }
    table->n_rows += pieces->n_rows;
    csv_reader_go(table->reader, pieces->place);
    return pieces->err == ERR_NOMEM ? ERR_NOMEM : ERR_OK;
}
