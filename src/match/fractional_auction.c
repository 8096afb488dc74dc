/* The auction of phase 1 on rows of arcs; fractional_sparse.h. */
#include "match/fractional_sparse.h"

#include <stddef.h>

#define AUCTION_PATIENCE 100 /* bids per person in one round before giving the round up */
#define AUCTION_FINE 16      /* weights are refined by this where they fit */
#define AUCTION_STEP 8       /* from round to round the least raise falls by this */

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
        struct sparse_bid bid = sparse_bid(s, i);
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

/* Rounded down, negative ones too. */
static int64_t coarser(int64_t value, int64_t by)
{
    return (value - (value < 0 ? by - 1 : 0)) / by;
}

enum err sparse_auction(struct sparse *s, int64_t rough, int64_t *profit)
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
    int64_t last = rough > 0 ? s->factor * rough : 1;
    do {
        raise = raise / AUCTION_STEP > last ? raise / AUCTION_STEP : last;
        auction_round(s, raise);
        err = sparse_pause(s);
    } while (raise > last && !err);
    for (int32_t i = 0; i < n && profit && !err; i++) {
        profit[i] = -coarser(sparse_bid(s, i).least, fine);
    }
    s->factor /= fine;
    for (int32_t i = 0; i < n; i++) {
        s->price[i] = coarser(s->price[i], fine);
        s->own[i] /= fine;
    }
    return err;
}
