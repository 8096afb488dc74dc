/* Jonker-Volgenant on a symmetric n x n matrix of weights >= 0 with a zero diagonal, included twice
 * by fractional_dense.c with ROWS_INT, ROWS_MAX and ROWS_NAME set.
 *
 * Maximises; a column j has a price, row i's loss at j is price[j] - w[i][j], and the invariant is
 * that every assigned row sits at a column of least loss.  In a full matrix of weights 0 .. W
 * prices of any two columns differ by at most 2 W while a column is free, so nothing leaves +-4 W.
 */

struct ROWS_NAME(rows) {
    int32_t n;
    const ROWS_INT *w;
    ROWS_INT *price, *dist;
    int32_t *column; /* of a row, -1: free */
    int32_t *row;    /* of a column, -1: free */
    int32_t *todo;   /* free rows */
    int32_t *list;   /* columns: done, at the least distance, the rest */
    int32_t *pred;
};

static enum err ROWS_NAME(alloc)(struct arena *arena, struct ROWS_NAME(rows) * s)
{
    size_t n = (size_t)s->n;
    s->price = arena_alloc(arena, n, sizeof *s->price);
    s->dist = arena_alloc(arena, n, sizeof *s->dist);
    s->row = arena_alloc(arena, n, sizeof *s->row);
    s->todo = arena_alloc(arena, n, sizeof *s->todo);
    s->list = arena_alloc(arena, n, sizeof *s->list);
    s->pred = arena_alloc(arena, n, sizeof *s->pred);
    return s->price && s->dist && s->row && s->todo && s->list && s->pred ? ERR_OK : ERR_NOMEM;
}

/* Every column is priced at its best offer and goes to the first row that makes it; rows that win
 * exactly one column pass what they would gain over their second choice on to its price.  Returns
 * the number of rows in `todo`. */
static int32_t ROWS_NAME(reduce_columns)(struct ROWS_NAME(rows) * s)
{
    int32_t n = s->n, n_todo = 0;
    int32_t *wins = s->pred;
    for (int32_t i = 0; i < n; i++) {
        s->column[i] = s->row[i] = -1;
        wins[i] = 0;
    }
    for (int32_t j = n - 1; j >= 0; j--) {
        const ROWS_INT *w = s->w + (size_t)j * (size_t)n; /* symmetric: row j is column j */
        ROWS_INT best = w[0];
        int32_t arg = 0;
        for (int32_t i = 1; i < n; i++) {
            if (w[i] > best) {
                best = w[i];
                arg = i;
            }
        }
        s->price[j] = best;
        if (wins[arg]++ == 0) {
            s->column[arg] = j;
            s->row[j] = arg;
        }
    }
    for (int32_t i = 0; i < n; i++) {
        if (wins[i] == 0) {
            s->todo[n_todo++] = i;
        } else if (wins[i] == 1) {
            const ROWS_INT *w = s->w + (size_t)i * (size_t)n;
            ROWS_INT least = ROWS_MAX;
            for (int32_t j = 0; j < n; j++) {
                ROWS_INT loss = s->price[j] - w[j];
                if (loss < least && j != s->column[i]) {
                    least = loss;
                }
            }
            if (least < ROWS_MAX) {
                s->price[s->column[i]] += least;
            }
        }
    }
    return n_todo;
}

/* One pass over the free rows: each takes its best column and raises the price by the lead over the
 * second best; the row that is pushed out bids at once while prices move.  Returns the rows left.
 */
static int32_t ROWS_NAME(reduce_rows)(struct ROWS_NAME(rows) * s, int32_t n_todo)
{
    int32_t n = s->n, k = 0, n_left = 0;
    int64_t budget = 4 * (int64_t)n;
    while (k < n_todo) {
        int32_t i = s->todo[k++];
        const ROWS_INT *w = s->w + (size_t)i * (size_t)n;
        ROWS_INT least = s->price[0] - w[0], second = ROWS_MAX;
        int32_t j1 = 0, j2 = -1;
        for (int32_t j = 1; j < n; j++) {
            ROWS_INT loss = s->price[j] - w[j];
            if (loss < second) {
                if (loss >= least) {
                    second = loss;
                    j2 = j;
                } else {
                    second = least;
                    j2 = j1;
                    least = loss;
                    j1 = j;
                }
            }
        }
        int32_t pushed = s->row[j1];
        if (j2 >= 0 && least < second) {
            s->price[j1] += second - least;
        } else if (j2 >= 0 && pushed >= 0) {
            j1 = j2;
            pushed = s->row[j1];
        }
        s->column[i] = j1;
        s->row[j1] = i;
        if (pushed >= 0) {
            s->column[pushed] = -1;
            if (least < second && budget-- > 0) {
                s->todo[--k] = pushed;
            } else {
                s->todo[n_left++] = pushed;
            }
        }
    }
    return n_left;
}

/* Dijkstra from a free row to the nearest free column, then prices and the path are updated. */
static void ROWS_NAME(augment)(struct ROWS_NAME(rows) * s, int32_t start)
{
    int32_t n = s->n, low = 0, up = 0, last = -1, end = -1;
    int32_t *list = s->list;
    ROWS_INT *dist = s->dist, least = 0;
    const ROWS_INT *first = s->w + (size_t)start * (size_t)n;
    for (int32_t j = 0; j < n; j++) {
        dist[j] = s->price[j] - first[j];
        s->pred[j] = start;
        list[j] = j;
    }
    while (end < 0) {
        if (up == low) { /* the next distance, and all columns at it */
            last = low - 1;
            least = dist[list[up++]];
            for (int32_t k = up; k < n; k++) {
                int32_t j = list[k];
                if (dist[j] <= least) {
                    if (dist[j] < least) {
                        up = low;
                        least = dist[j];
                    }
                    list[k] = list[up];
                    list[up++] = j;
                }
            }
            for (int32_t k = low; k < up && end < 0; k++) {
                end = s->row[list[k]] < 0 ? list[k] : -1;
            }
        }
        if (end < 0) {
            int32_t j1 = list[low++], i = s->row[j1];
            const ROWS_INT *w = s->w + (size_t)i * (size_t)n;
            ROWS_INT base = s->price[j1] - w[j1] - least;
            for (int32_t k = up; k < n; k++) {
                int32_t j = list[k];
                ROWS_INT d = s->price[j] - w[j] - base;
                if (d < dist[j]) {
                    s->pred[j] = i;
                    dist[j] = d;
                    if (d == least) {
                        if (s->row[j] < 0) {
                            end = j;
                            break;
                        }
                        list[k] = list[up];
                        list[up++] = j;
                    }
                }
            }
        }
    }
    for (int32_t k = 0; k <= last; k++) {
        s->price[list[k]] += least - dist[list[k]];
    }
    for (int32_t i = -1; i != start;) {
        i = s->pred[end];
        s->row[end] = i;
        int32_t before = s->column[i];
        s->column[i] = end;
        end = before;
    }
}

static enum err ROWS_NAME(solve)(struct arena *arena, int32_t n, const ROWS_INT *weights,
                                 int32_t *partner, int64_t *y)
{
    struct ROWS_NAME(rows) s = {.n = n, .w = weights, .column = partner};
    enum err err = ROWS_NAME(alloc)(arena, &s);
    if (err || n == 0) {
        return err;
    }
    int32_t n_todo = ROWS_NAME(reduce_columns)(&s);
    n_todo = ROWS_NAME(reduce_rows)(&s, n_todo);
    n_todo = ROWS_NAME(reduce_rows)(&s, n_todo);
    for (int32_t k = 0; k < n_todo; k++) {
        ROWS_NAME(augment)(&s, s.todo[k]);
    }
    for (int32_t i = 0; i < n; i++) {
        int32_t j = partner[i];
        int64_t profit = (int64_t)weights[(size_t)i * (size_t)n + (size_t)j] - s.price[j];
        y[i] = 2 * (profit + s.price[i]); /* (profit + price) / 2, times the scale 4 */
    }
    return ERR_OK;
}
