/* A small dense assignment by shortest augmenting paths (Jonker & Volgenant 1987), for putting the
 * third members back into their groups. */
#include "base/arena.h"
#include "match/trio_field.h"

#include <stddef.h>

struct tableau {
    int32_t n_rows, n_columns;
    const int64_t *value;
    int64_t *row_price, *column_price; /* costs are -value */
    int32_t *row_of;                   /* of each column, -1 free */
    int64_t *distance;
    int32_t *before; /* the column before on the path, -1 at its start */
    bool *done;
};

/* Grows a shortest path tree from `row` until a free column is reached; returns that column. */
static int32_t trio_assign_path(struct tableau *t, int32_t row)
{
    for (int32_t j = 0; j < t->n_columns; j++) {
        t->distance[j] = INT64_MAX;
        t->done[j] = false;
        t->before[j] = -1;
    }
    int32_t from = -1, at = row;
    int64_t reached = 0;
    for (;;) {
        const int64_t *value = t->value + (int64_t)at * t->n_columns;
        int32_t next = -1;
        for (int32_t j = 0; j < t->n_columns; j++) {
            if (t->done[j]) {
                continue;
            }
            int64_t d = reached - value[j] - t->row_price[at] - t->column_price[j];
            if (d < t->distance[j]) {
                t->distance[j] = d;
                t->before[j] = from;
            }
            if (next < 0 || t->distance[j] < t->distance[next]) {
                next = j;
            }
        }
        t->done[next] = true;
        reached = t->distance[next];
        if (t->row_of[next] < 0) {
            break;
        }
        from = next;
        at = t->row_of[next];
    }
    int32_t last = -1;
    for (int32_t j = 0; j < t->n_columns; j++) {
        if (!t->done[j]) {
            continue;
        }
        if (t->row_of[j] < 0) {
            last = j;
            continue;
        }
        t->row_price[t->row_of[j]] += reached - t->distance[j];
        t->column_price[j] -= reached - t->distance[j];
    }
    t->row_price[row] += reached;
    return last;
}

enum err trio_assign(struct arena *arena, int32_t n_rows, int32_t n_columns, const int64_t *value,
                     int32_t *column_of)
{
    struct arena *work = arena_child(arena);
    if (!work) {
        return ERR_NOMEM;
    }
    size_t rows = (size_t)n_rows, columns = (size_t)n_columns;
    struct tableau t = {
        .n_rows = n_rows,
        .n_columns = n_columns,
        .value = value,
        .row_price = arena_alloc(work, rows, sizeof *t.row_price),
        .column_price = arena_alloc(work, columns, sizeof *t.column_price),
        .row_of = arena_alloc(work, columns, sizeof *t.row_of),
        .distance = arena_alloc(work, columns, sizeof *t.distance),
        .before = arena_alloc(work, columns, sizeof *t.before),
        .done = arena_alloc(work, columns, sizeof *t.done),
    };
    if (!t.row_price || !t.column_price || !t.row_of || !t.distance || !t.before || !t.done) {
        arena_free(work);
        return ERR_NOMEM;
    }
    for (int32_t j = 0; j < n_columns; j++) {
        t.row_of[j] = -1;
    }
    for (int32_t row = 0; row < n_rows; row++) {
        const int64_t *mine = value + (int64_t)row * n_columns;
        int64_t best = INT64_MIN;
        for (int32_t j = 0; j < n_columns; j++) {
            best = mine[j] + t.column_price[j] > best ? mine[j] + t.column_price[j] : best;
        }
        t.row_price[row] = -best;
        int32_t j = trio_assign_path(&t, row);
        while (t.before[j] >= 0) {
            t.row_of[j] = t.row_of[t.before[j]];
            j = t.before[j];
        }
        t.row_of[j] = row;
    }
    for (int32_t j = 0; j < n_columns; j++) {
        if (t.row_of[j] >= 0) {
            column_of[t.row_of[j]] = j;
        }
    }
    arena_free(work);
    return ERR_OK;
}
