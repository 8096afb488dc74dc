/* Pairs drawn by lot among those whom the rules allow: the floor that every strategy must beat.
 *
 * People are called in random order; whoever has no partner draws one of the free people they may
 * work with, uniformly.  So nobody stays alone while somebody free and allowed is left when they
 * are called.  The same seed gives the same pairs on every machine. */
#ifndef DUET_MATCH_LOTTERY_H
#define DUET_MATCH_LOTTERY_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* May u and v work together?  Symmetric. */
typedef bool match_lottery_allowed_fn(void *ctx, int32_t u, int32_t v);

/* `mate` (n, -1 for nobody): pairs that are already there stay.  ERR_NOMEM.  O(n) draws where most
 * pairs are allowed, O(n^2) calls at worst. */
MUST_CHECK enum err match_lottery_draw(struct arena *arena, int32_t n, uint64_t seed,
                                       match_lottery_allowed_fn *allowed, void *ctx, int32_t *mate);

#endif
