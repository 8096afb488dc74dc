/* Warnings of a round; see round_warn.h. */
#include "coach/round_warn.h"

#include "base/arena.h"
#include "coach/assess.h"
#include "coach/round_data.h"

#include <stddef.h>

#define WARN_EXACT_PEOPLE 5000

/* People in pools where raters fall into unlinked sets: all but the largest set of each pool. */
static enum err round_warn_unlinked(struct arena *work, const struct round *round, int32_t *count)
{
    const int32_t *subset = round->fit->person_subset;
    int32_t *size = arena_alloc(work, (size_t)round->fit->n_subsets + 1, sizeof *size);
    if (!size) {
        return ERR_NOMEM;
    }
    *count = 0;
    for (int32_t p = 0; p < round->n_pools; p++) {
        int32_t all = 0, largest = 0;
        for (int32_t k = round->pool_begin[p]; k < round->pool_begin[p + 1]; k++) {
            int32_t s = subset[round->pool_people[k]];
            if (s != ZONE_NONE) {
                all++;
                largest = ++size[s] > largest ? size[s] : largest;
            }
        }
        for (int32_t k = round->pool_begin[p]; k < round->pool_begin[p + 1]; k++) {
            int32_t s = subset[round->pool_people[k]];
            if (s != ZONE_NONE) {
                size[s] = 0;
            }
        }
        *count += all - largest;
    }
    return ERR_OK;
}

enum err round_warn(struct arena *arena, const struct round *round, struct round_warnings *warnings)
{
    struct round_warnings w = {.n_kept_dropped = round->n_kept_dropped};
    struct arena *work = arena_child(arena);
    w.unhelped = arena_alloc(arena, (size_t)round->n_skills + 1, sizeof *w.unhelped);
    int32_t *needs = work ? arena_alloc(work, (size_t)round->n_skills + 1, sizeof *needs) : NULL;
    enum err err = w.unhelped && needs ? ERR_OK : ERR_NOMEM;
    if (err == ERR_OK) {
        err = round_warn_unlinked(work, round, &w.n_unlinked);
    }
    for (int32_t u = 0; u < round->n && err == ERR_OK; u++) {
        int32_t pool = round->pool[u];
        int32_t others = pool < 0 ? 0 : round->pool_begin[pool + 1] - round->pool_begin[pool] - 1;
        others = round->n <= WARN_EXACT_PEOPLE ? round_pool_of(round, u) : others;
        w.n_small_pool += others < ROUND_SMALL_POOL;
    }
    for (int32_t k = 0; k < round->n_needs && err == ERR_OK; k++) {
        const struct round_need *need = &round->needs[k];
        size_t cell = (size_t)need->person * (size_t)round->n_skills + (size_t)need->skill;
        w.n_unsure += !round->fit->estimates[cell].enough;
        needs[need->skill]++;
    }
    for (int32_t s = 0; s < round->n_skills && err == ERR_OK; s++) {
        if (needs[s] > 0 && round_count_offers(round, s) == 0) {
            w.unhelped[w.n_unhelped++] = s;
        }
    }
    if (err == ERR_OK) {
        w.n_stale = assess_count_stale(round->roster, round->fit);
        *warnings = w;
    }
    arena_free(work);
    return err;
}
