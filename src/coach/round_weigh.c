/* Rows of the table as weights (round_weigh.h).  Mostly all people stand side by side in one pool:
 * then the cells are read in one loop without a question about any of them. */
#include "coach/round_weigh.h"

#include "base/arena.h"
#include "base/clones.h"

enum err round_rows_make(struct arena *arena, const struct round *round,
                         const struct round_table *table, const bool *frozen,
                         struct round_rows *rows)
{
    int32_t *run = arena_alloc(arena, (size_t)round->n + 1, sizeof *run);
    if (!run) {
        return ERR_NOMEM;
    }
    for (int32_t u = round->n - 1; u >= 0; u--) {
        bool out = round->pool[u] < 0 || frozen[u];
        bool goes_on = u + 1 < round->n && round->pool[u + 1] == round->pool[u];
        run[u] = out ? 0 : goes_on ? run[u + 1] + 1 : 1;
    }
    *rows = (struct round_rows){round, table, frozen, run};
    return ERR_OK;
}

/* round_weight_of() of cells side by side. */
VECTOR_CLONES
static void weigh_cells(const struct round_cell *cell, int32_t n, int32_t floor, int64_t served,
                        int64_t *w)
{
    for (int32_t k = 0; k < n; k++) {
        int32_t one = cell[k].higher < floor ? 0 : cell[k].higher;
        int32_t other = cell[k].lower < floor ? 0 : cell[k].lower;
        int64_t with = (one > 0 ? served : 0) + (other > 0 ? served : 0);
        w[k] = one + other + with;
    }
}

void round_weigh(const struct round_rows *rows, int32_t v, int32_t first, int32_t end, int64_t *w)
{
    const struct round *round = rows->round;
    const struct round_table *table = rows->table;
    int32_t pool = round->pool[v], floor = round->floor;
    bool out = pool < 0 || rows->frozen[v];
    const struct round_cell *row = out ? NULL : round_table_row(table, pool, table->place[v]);
    if (row && round->pool[first] == pool && rows->run[first] >= end - first) {
        weigh_cells(row + table->place[first], end - first, floor, round->served, w);
        return;
    }
    for (int32_t u = first; u < end; u++) {
        struct round_cell cell = {0, 0};
        if (row && round->pool[u] == pool && !rows->frozen[u]) {
            cell = row[table->place[u]];
        }
        w[u - first] = round_weight_of(round, cell.higher < floor ? 0 : cell.higher,
                                       cell.lower < floor ? 0 : cell.lower);
    }
}
