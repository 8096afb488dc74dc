/* Pairs by lot; see lottery.h. */
#include "match/lottery.h"

#include "base/arena.h"
#include "base/rng.h"

#include <stddef.h>

#define LOTTERY_TRIES 20 /* draws among all free people before the allowed ones are counted */

struct drum {
    int32_t *free; /* people without a partner */
    int32_t n;
    int32_t *at; /* place of each person in `free` */
};

static void lottery_take(struct drum *drum, int32_t u)
{
    int32_t last = drum->free[--drum->n];
    drum->free[drum->at[u]] = last;
    drum->at[last] = drum->at[u];
}

/* A free person whom u may work with, uniform among them; -1: none. */
static int32_t lottery_pick(const struct drum *drum, struct rng *rng, int32_t u,
                            match_lottery_allowed_fn *allowed, void *ctx)
{
    for (int k = 0; k < LOTTERY_TRIES && drum->n > 0; k++) {
        int32_t v = drum->free[rng_below(rng, (uint32_t)drum->n)];
        if (v != u && allowed(ctx, u, v)) {
            return v;
        }
    }
    int32_t chosen = -1;
    uint32_t seen = 0;
    for (int32_t k = 0; k < drum->n; k++) {
        int32_t v = drum->free[k];
        if (v != u && allowed(ctx, u, v) && rng_below(rng, ++seen) == 0) {
            chosen = v;
        }
    }
    return chosen;
}

enum err match_lottery_draw(struct arena *arena, int32_t n, uint64_t seed,
                            match_lottery_allowed_fn *allowed, void *ctx, int32_t *mate)
{
    struct arena *work = arena_child(arena);
    if (!work) {
        return ERR_NOMEM;
    }
    int32_t *order = arena_alloc(work, (size_t)n, sizeof *order);
    struct drum drum = {.free = arena_alloc(work, (size_t)n, sizeof *drum.free),
                        .at = arena_alloc(work, (size_t)n, sizeof *drum.at)};
    if (!order || !drum.free || !drum.at) {
        arena_free(work);
        return ERR_NOMEM;
    }
    struct rng rng = rng_seed(seed);
    for (int32_t u = 0; u < n; u++) {
        int32_t other = (int32_t)rng_below(&rng, (uint32_t)u + 1);
        order[u] = order[other];
        order[other] = u;
        if (mate[u] < 0) {
            drum.at[u] = drum.n;
            drum.free[drum.n++] = u;
        }
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t u = order[k];
        if (mate[u] >= 0) {
            continue;
        }
        int32_t v = lottery_pick(&drum, &rng, u, allowed, ctx);
        if (v >= 0) {
            mate[u] = v;
            mate[v] = u;
            lottery_take(&drum, u);
            lottery_take(&drum, v);
        }
    }
    arena_free(work);
    return ERR_OK;
}
