/* Phase 1 on rows of arcs: bids first, then shortest augmenting paths that touch only what they
 * reach.
 *
 * Weights are doubled, so that prices may start at half a person's best offer.  Row i's loss at
 * column j is price[j] - 2 w(i, j), at its own column price[i]; every assigned row sits at a column
 * of least loss.
 *
 * Where distance matters that is all.  Where nearly everybody finds a nearly perfect partner,
 * losses tie and paths get long; when paths have cost more than SPARSE_PATIENCE rows per person, an
 * auction with scaling (Bertsekas 1988, "The auction algorithm", Annals of Operations Research 14)
 * finds prices that are nearly right, and the paths mend what is left. */
#include "match/fractional.h"

#include "base/arena.h"
#include "match/heap.h"

#define SPARSE_FAR INT64_MAX
#define SPARSE_PATIENCE 25   /* rows scanned per person before the auction */
#define AUCTION_PATIENCE 100 /* bids per person in one round before giving the round up */
#define AUCTION_FINE 16      /* weights are refined by this in the auction where they fit */
#define PAUSE_EVERY 64       /* searches */
#define AUCTION_STEP 8       /* from round to round the least raise falls by this */

struct sparse {
    const struct match_graph *graph;
    int64_t factor; /* of weights: 2, more in the auction */
    int64_t scans;  /* rows scanned by searches */
    match_pause_fn *pause;
    void *pause_ctx;
    int64_t *price;
    int64_t *own;    /* weight, times factor, of a row at its column */
    int64_t *dist;   /* of a column in this search, SPARSE_FAR: not reached */
    int32_t *column; /* of a row, -1: free */
    int32_t *row;    /* of a column, -1: free */
    int32_t *pred;   /* the row from which a column was reached */
    int32_t *todo;   /* free rows */
    int32_t *seen;   /* columns reached in this search */
    int32_t *done;   /* columns popped in this search, in that order */
    struct match_heap heap;
};

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

/* A row's best column and its lead over the second best. */
struct bid {
    int32_t first, second;     /* second: -1 when there is none */
    int64_t w_first, w_second; /* times factor */
    int64_t least, lead;
};

static struct bid sparse_bid(const struct sparse *s, int32_t i)
{
    const struct match_graph *graph = s->graph;
    struct bid bid = {.first = i, .second = -1};
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
        struct bid bid = sparse_bid(s, i);
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

/* Frees the rows whose loss is more than `raise` above their least one and queues the free rows. */
static int32_t auction_open(struct sparse *s, int64_t raise)
{
    int32_t n_free = 0;
    for (int32_t i = 0; i < s->graph->n; i++) {
        int32_t j = s->column[i];
        if (j >= 0 && s->price[j] - s->own[i] > sparse_bid(s, i).least + raise) {
            s->row[j] = -1;
            s->column[i] = -1;
        }
        if (s->column[i] < 0) {
            s->todo[n_free++] = i;
        }
    }
    return n_free;
}

/* Free rows bid in turn, each at least `raise`, until none is free or patience ends. */
static void auction_round(struct sparse *s, int64_t raise)
{
    int32_t n = s->graph->n, n_free = auction_open(s, raise), head = 0;
    int32_t tail = n_free % n;
    for (int64_t bids = 0; n_free > 0 && bids < AUCTION_PATIENCE * (int64_t)n; bids++) {
        int32_t i = s->todo[head];
        head = head + 1 < n ? head + 1 : 0;
        n_free--;
        struct bid bid = sparse_bid(s, i);
        int32_t pushed = s->row[bid.first];
        s->price[bid.first] += bid.lead + raise;
        s->row[bid.first] = i;
        s->column[i] = bid.first;
        s->own[i] = bid.w_first;
        if (pushed >= 0) {
            s->column[pushed] = -1;
            s->todo[tail] = pushed;
            tail = tail + 1 < n ? tail + 1 : 0;
            n_free++;
        }
    }
}

static enum err sparse_pause(const struct sparse *s)
{
    return s->pause && s->pause(s->pause_ctx) ? ERR_LIMIT : ERR_OK;
}

/* Replaces prices by nearly right ones and keeps the rows that are at a column of least loss all
 * the same.  *n_todo: the number of free rows. */
static enum err sparse_auction(struct sparse *s, int32_t *n_todo)
{
    enum err err;
    int32_t n = s->graph->n;
    int64_t fine = AUCTION_FINE;
    while (fine > 1 && s->graph->w_max > (INT64_C(1) << 58) / fine / n) {
        fine /= 2;
    }
    s->factor *= fine;
    for (int32_t i = 0; i < n; i++) {
        s->price[i] *= fine;
        s->own[i] *= fine;
    }
    int64_t raise = s->factor * s->graph->w_max / (2 * AUCTION_STEP);
    do {
        raise = raise / AUCTION_STEP > 1 ? raise / AUCTION_STEP : 1;
        auction_round(s, raise);
        err = sparse_pause(s);
    } while (raise > 1 && !err);
    s->factor /= fine;
    for (int32_t i = 0; i < n; i++) { /* rounded down, negative ones too */
        s->price[i] = (s->price[i] - (s->price[i] < 0 ? fine - 1 : 0)) / fine;
    }
    *n_todo = err ? 0 : sparse_resume(s);
    return err;
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

enum err match_fractional_sparse(struct arena *arena, const struct match_graph *graph, bool warm,
                                 int64_t patience, match_pause_fn *pause, void *pause_ctx,
                                 int64_t *price, int32_t *partner, int64_t *y)
{
    struct sparse s = {.graph = graph,
                       .factor = 2,
                       .pause = pause,
                       .pause_ctx = pause_ctx,
                       .price = price,
                       .column = partner};
    enum err err = sparse_alloc(arena, &s);
    if (err) {
        return err;
    }
    for (int32_t j = 0; j < graph->n; j++) {
        s.dist[j] = SPARSE_FAR;
    }
    patience = patience > 0 ? patience : SPARSE_PATIENCE * (int64_t)graph->n;
    err = sparse_paths(&s, warm ? sparse_resume(&s) : sparse_start(&s), patience);
    if (!err && s.scans >= patience && graph->n > 0) {
        int32_t n_todo;
        err = sparse_auction(&s, &n_todo);
        err = err ? err : sparse_paths(&s, n_todo, INT64_MAX);
    }
    for (int32_t i = 0; !err && i < graph->n; i++) {
        y[i] = s.own[i] - price[partner[i]] + price[i]; /* profit + price, doubled twice */
    }
    return err;
}
