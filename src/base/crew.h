/* Independent pieces of work on several threads: fork and join.
 *
 * Whoever splits work decides on the pieces by the size of the problem, never by the number of
 * threads, gives each piece its own scratch and sums, and adds those in the order of the pieces:
 * then the bits are the same with any crew.  Threads live as long as the call; an arena is used by
 * one thread at a time, so what pieces need is allocated beforehand.  What a piece counts in again
 * and again stands CREW_APART bytes from the next one's, or both wait for one line of memory. */
#ifndef DUET_BASE_CREW_H
#define DUET_BASE_CREW_H

#include <stdint.h>

#define CREW_MOST 8   /* threads */
#define CREW_APART 64 /* bytes */

/* Made by the command, handed down to the engines; NULL stands for one thread. */
struct crew {
    int n_threads; /* 1 .. CREW_MOST; others count as the nearest */
};

typedef void crew_fn(void *ctx, uint32_t piece);

/* As many threads as there are processors that this one may run on, at most CREW_MOST. */
struct crew crew_of_machine(void);

/* Calls fn(ctx, 0) .. fn(ctx, n - 1), in any order, some at the same time, the caller's thread
 * taking part; returns when all are done.  Where no thread can be made there is one less: it
 * cannot fail. */
void crew_run(const struct crew *crew, uint32_t n, crew_fn *fn, void *ctx);

/* Pieces that are made in any order and taken in theirs, such as the parts of a file: `make` is
 * called as crew_run() calls its function, `take` for piece 0, then 1 and so on, never two at the
 * same time, each after its `make`.  `slot` says whose scratch to use: 0 .. CREW_MOST - 1, the same
 * in both calls for a piece, free again after `take`. */
typedef void crew_slot_fn(void *ctx, uint32_t piece, int slot);
void crew_run_in_order(const struct crew *crew, uint32_t n, crew_slot_fn *make, crew_slot_fn *take,
                       void *ctx);

/* Where the pieces of 0 .. n - 1 begin: piece k of n_pieces is from crew_first(k) to before
 * crew_first(k + 1). */
static inline uint32_t crew_first(uint32_t piece, uint32_t n_pieces, uint32_t n)
{
    return (uint32_t)((uint64_t)n * piece / n_pieces);
}

#endif
