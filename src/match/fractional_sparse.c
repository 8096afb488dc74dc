/* Phase 1 on rows of arcs: bids first, then shortest augmenting paths that touch only what they
 * reach.  Every assigned row sits at a column of least loss (fractional_sparse.h).
 *
 * Where distance matters that is all.  Where nearly everybody finds a nearly perfect partner,
 * losses tie and paths get long; when paths have cost more than SPARSE_PATIENCE rows per person, or
 * new arcs move many people, an auction finds prices that are nearly right, and the paths mend what
 * is left. */
#include "match/fractional_sparse.h"

#include "base/arena.h"

#include <stddef.h>

#define SPARSE_PATIENCE 25 /* rows scanned per person before the auction */
#define SPARSE_MANY 16     /* new arcs that free one row in so many are for the auction at once */
#define PAUSE_EVERY 64     /* searches */

static enum err sparse_alloc(struct arena *arena, struct sparse *s)
{
    size_t n = (size_t)s->graph->n;
    s->own = arena_alloc(arena, n, sizeof *s->own);
    s->dist = arena_alloc(arena, n, sizeof *s->dist);
    s->row = arena_alloc(arena, n, sizeof *s->row);
    s->pred = arena_alloc(arena, n, sizeof *s->pred);
    s->todo = arena_alloc(arena, n, sizeof *s->todo);
    s->seen = arena_alloc(arena, n, sizeof *s->seen);
    s->done = arena_alloc(arena, n, sizeof *s->done);
    s->heap.arena = arena;
    return s->own && s->dist && s->row && s->pred && s->todo && s->seen && s->done ? ERR_OK
                                                                                   : ERR_NOMEM;
}

/* Prices start at half of everybody's best offer; all rows are free. */
static int32_t sparse_start(struct sparse *s)
{
    const struct match_graph *graph = s->graph;
    for (int32_t i = 0; i < graph->n; i++) {
        int64_t best = 0;
        for (int64_t k = graph->begin[i]; k < graph->begin[i + 1]; k++) {
            int64_t w = match_graph_weight(graph, k);
            best = w > best ? w : best;
        }
        s->price[i] = best;
        s->column[i] = s->row[i] = -1;
        s->todo[i] = graph->n - 1 - i;
    }
    return graph->n;
}

/* Keeps prices and frees the rows that new arcs offer a smaller loss than their own column. */
static int32_t sparse_resume(struct sparse *s)
{
    const struct match_graph *graph = s->graph;
    int32_t n_todo = 0;
    for (int32_t i = 0; i < graph->n; i++) {
        s->row[i] = -1;
    }
    for (int32_t i = 0; i < graph->n; i++) {
        int64_t least = s->price[i], own = s->column[i] == i ? 0 : -1;
        for (int64_t k = graph->begin[i]; k < graph->begin[i + 1]; k++) {
            int64_t w = 2 * match_graph_weight(graph, k), loss = s->price[graph->to[k]] - w;
            least = loss < least ? loss : least;
            own = graph->to[k] == s->column[i] && w > own ? w : own;
        }
        if (own >= 0 && s->price[s->column[i]] - own == least) {
            s->own[i] = own;
            s->row[s->column[i]] = i;
        } else {
            s->column[i] = -1;
            s->todo[n_todo++] = i;
        }
    }
    return n_todo;
}

struct sparse_bid sparse_bid(const struct sparse *s, int32_t i)
{
    const struct match_graph *graph = s->graph;
    struct sparse_bid bid = {.first = i, .second = -1};
    int64_t least = s->price[i], second = SPARSE_FAR;
    for (int64_t k = graph->begin[i]; k < graph->begin[i + 1]; k++) {
        int32_t j = graph->to[k];
        int64_t w = s->factor * match_graph_weight(graph, k), loss = s->price[j] - w;
        if (loss < second) {
            if (loss >= least) {
                if (j != bid.first) { /* a parallel arc is no second choice */
                    second = loss;
                    bid.second = j;
                    bid.w_second = w;
                }
            } else {
                if (j != bid.first) {
                    second = least;
                    bid.second = bid.first;
                    bid.w_second = bid.w_first;
                }
                least = loss;
                bid.first = j;
                bid.w_first = w;
            }
        }
    }
    bid.least = least;
    bid.lead = bid.second < 0 ? 0 : second - least;
    return bid;
}

/* One pass of bids over the free rows; a row pushed out by a raised price bids again at once.
 * Returns how many stay free. */
static int32_t sparse_reduce_rows(struct sparse *s, int32_t n_todo)
{
    int32_t k = 0, n_left = 0;
    int64_t budget = 20 * (int64_t)s->graph->n;
    while (k < n_todo) {
        int32_t i = s->todo[k++];
        struct sparse_bid bid = sparse_bid(s, i);
        int32_t j = bid.first;
        int64_t w = bid.w_first;
        s->price[j] += bid.lead;
        if (bid.lead == 0 && bid.second >= 0 && s->row[j] >= 0) {
            j = bid.second;
            w = bid.w_second;
        }
        int32_t pushed = s->row[j];
        s->column[i] = j;
        s->own[i] = w;
        s->row[j] = i;
        if (pushed >= 0) {
            s->column[pushed] = -1;
            if (bid.lead > 0 && budget-- > 0) {
                s->todo[--k] = pushed;
            } else {
                s->todo[n_left++] = pushed;
            }
        }
    }
    return n_left;
}

/* A search from one free row. */
struct reach {
    int64_t limit; /* distance of the nearest free column found */
    int32_t end;   /* that column */
    int32_t n_seen, n_done;
};

static enum err sparse_relax(struct sparse *s, struct reach *reach, int32_t i, int32_t j, int64_t d)
{
    if (d >= s->dist[j] || d >= reach->limit) {
        return ERR_OK;
    }
    if (s->dist[j] == SPARSE_FAR) {
        s->seen[reach->n_seen++] = j;
    }
    s->dist[j] = d;
    s->pred[j] = i;
    if (s->row[j] < 0) {
        reach->limit = d;
        reach->end = j;
        return ERR_OK;
    }
    return match_heap_push(&s->heap, (struct match_event){d, j, 0});
}

/* Relaxes all arcs of row i, whose least loss is `base` more than its distance. */
static enum err sparse_scan(struct sparse *s, struct reach *reach, int32_t i, int64_t base)
{
    const struct match_graph *graph = s->graph;
    s->scans++;
    enum err err = sparse_relax(s, reach, i, i, s->price[i] - base);
    for (int64_t k = graph->begin[i]; !err && k < graph->begin[i + 1]; k++) {
        int32_t j = graph->to[k];
        err = sparse_relax(s, reach, i, j, s->price[j] - 2 * match_graph_weight(graph, k) - base);
    }
    return err;
}

static void sparse_apply(struct sparse *s, const struct reach *reach, int32_t start)
{
    for (int32_t k = 0; k < reach->n_done; k++) {
        s->price[s->done[k]] += reach->limit - s->dist[s->done[k]];
    }
    int32_t j = reach->end;
    for (int32_t i = -1; i != start;) {
        i = s->pred[j];
        s->row[j] = i;
        s->own[i] = i == j ? 0 : 2 * match_graph_find(s->graph, i, j);
        int32_t before = s->column[i];
        s->column[i] = j;
        j = before;
    }
    for (int32_t k = 0; k < reach->n_seen; k++) {
        s->dist[s->seen[k]] = SPARSE_FAR;
    }
}

static enum err sparse_augment(struct sparse *s, int32_t start)
{
    struct reach reach = {.limit = SPARSE_FAR, .end = -1};
    s->heap.n = 0;
    enum err err = sparse_scan(s, &reach, start, 0);
    while (!err && s->heap.n > 0 && s->heap.event[0].key < reach.limit) {
        struct match_event event = match_heap_pop(&s->heap);
        int32_t j = event.a, i = s->row[j];
        if (event.key == s->dist[j]) {
            s->done[reach.n_done++] = j;
            err = sparse_scan(s, &reach, i, s->price[j] - s->own[i] - event.key);
        }
    }
    if (!err) {
        sparse_apply(s, &reach, start);
    }
    return err;
}

/* Bids, then searches until no row is free or more than `patience` rows have been scanned. */
static enum err sparse_paths(struct sparse *s, int32_t n_todo, int64_t patience)
{
    enum err err = ERR_OK;
    s->scans = 0;
    for (int loop = 0; loop < 3; loop++) {
        n_todo = sparse_reduce_rows(s, n_todo);
    }
    for (int32_t k = 0; !err && k < n_todo && s->scans < patience; k++) {
        err = sparse_augment(s, s->todo[k]);
        err = err || k % PAUSE_EVERY ? err : sparse_pause(s);
    }
    return err;
}

/* Duals from nearly right prices: they cover every arc, and a little is taken off again, so that
 * who prices arcs by them also finds those that the best duals may not cover. */
static void sparse_read_rough(const struct sparse *s, const int64_t *profit, int64_t *y)
{
    for (int32_t i = 0; i < s->graph->n; i++) {
        y[i] = profit[i] + s->price[i] - 2 * s->options->rough;
        y[i] = y[i] > 0 ? y[i] : 0;
    }
}

enum err match_fractional_sparse(struct arena *arena, const struct match_graph *graph, bool warm,
                                 const struct match_fractional_options *options, int64_t *price,
                                 int32_t *partner, int64_t *y)
{
    struct sparse s = {
        .graph = graph, .options = options, .factor = 2, .price = price, .column = partner};
    int32_t n = graph->n;
    enum err err = sparse_alloc(arena, &s);
    if (err || n == 0) {
        return err;
    }
    for (int32_t j = 0; j < n; j++) {
        s.dist[j] = SPARSE_FAR;
    }
    int64_t patience = options->patience > 0 ? options->patience : SPARSE_PATIENCE * (int64_t)n;
    /* An auction that needs no end comes to it sooner from the start than from prices that new arcs
     * have made wrong: it cannot lower them. */
    bool rough = options->rough > 0;
    int32_t n_todo = warm && !rough ? sparse_resume(&s) : sparse_start(&s);
    bool bids = rough || (warm && n_todo > n / SPARSE_MANY);
    if (!bids) {
        err = sparse_paths(&s, n_todo, patience);
        bids = s.scans >= patience;
    }
    if (!err && bids) {
        /* The duals are not yet: their place serves. */
        err = sparse_auction(&s, options->rough, rough ? y : NULL);
        if (!err && rough) {
            sparse_read_rough(&s, y, y);
            return ERR_OK;
        }
        err = err ? err : sparse_paths(&s, sparse_resume(&s), INT64_MAX);
    }
    for (int32_t i = 0; !err && i < n; i++) {
        y[i] = s.own[i] - price[partner[i]] + price[i]; /* profit + price, doubled twice */
    }
    return err;
}
