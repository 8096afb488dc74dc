/* The inside of phase 1 on rows of arcs: prices, who sits where, and the auction.
 *
 * Weights are times `factor`: 2, so that prices may start at half a person's best offer, more in
 * the auction.  Row i's loss at column j is price[j] - factor * w(i, j), at its own column
 * price[i]. */
#ifndef DUET_MATCH_FRACTIONAL_SPARSE_H
#define DUET_MATCH_FRACTIONAL_SPARSE_H

#include "match/fractional.h"
#include "match/heap.h"

#define SPARSE_FAR INT64_MAX

struct sparse {
    const struct match_graph *graph;
    const struct match_fractional_options *options;
    int64_t factor; /* of weights */
    int64_t scans;  /* rows scanned by searches */
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

/* A row's best column and its lead over the second best. */
struct sparse_bid {
    int32_t first, second;     /* second: -1 when there is none */
    int64_t w_first, w_second; /* times factor */
    int64_t least, lead;
};

struct sparse_bid sparse_bid(const struct sparse *s, int32_t i);

static inline enum err sparse_pause(const struct sparse *s)
{
    const struct match_fractional_options *options = s->options;
    return options->pause && options->pause(options->pause_ctx) ? ERR_LIMIT : ERR_OK;
}

/* An auction with scaling (Bertsekas 1988, "The auction algorithm", Annals of Operations Research
 * 14) from the prices and columns there are.  Leaves prices that are nearly right, in units of 1/2
 * again, and the columns that rows have then; `profit` (n, may be NULL) is what a row has at best
 * at those prices, rounded up.  It ends when bids are told apart to within `rough` units of weight;
 * 0: as finely as they can be.  ERR_LIMIT when told to stop. */
MUST_CHECK enum err sparse_auction(struct sparse *s, int64_t rough, int64_t *profit);

#endif
