/* Candidates from the table of gains: all rows, sifted many pairs at a time, on several threads. */
#include "base/arena.h"
#include "base/crew.h"
#include "coach/round_table.h"
#include "coach/round_take.h"
#include "match/pairing_duals.h"

#define SLICES 16                 /* of the rows of a table, pieces of work */
#define AT_ONCE 4                 /* slices between two looks at the progress */
#define BLOCK 64                  /* cells of a row that are weighed at once */
#define SIFTED (INT64_C(1) << 30) /* weights below this are sifted in 32 bits */

/* One person of a pool with all before them, from the table.  A pair whose two values cover its
 * weight is not violated, whatever blossoms add: most are passed over so. */
static void round_walk_row(const struct round_feed *feed, struct take *take, int32_t pool,
                           int32_t a)
{
    const struct round *round = feed->round;
    const int32_t *people = round->pool_people + round->pool_begin[pool];
    const struct round_cell *row = round_table_row(round->table, pool, a);
    const struct match_pairing_duals *duals = take->duals;
    int32_t u = people[a], floor = round->floor;
    int64_t own = duals ? duals->y[u] : -1;
    for (int32_t b = 0; b < a && take->err == ERR_OK; b++) {
        int32_t v = people[b];
        int32_t one = row[b].higher < floor ? 0 : row[b].higher;
        int32_t other = row[b].lower < floor ? 0 : row[b].lower;
        int64_t w = round_weight_of(round, one, other);
        int64_t covered = own + (duals ? duals->y[v] : 0);
        if (covered < MATCH_DUAL_SCALE * w && w > 0 && !feed->frozen[v]) {
            round_take(take, v, u, w);
        }
    }
}

/* What rows are sifted by, in 32 bits and in the order of pool_people: most pairs are passed over,
 * many at a time.  What passes is looked at once more, exactly. */
struct sieve {
    int32_t *live;  /* -1, or 0: frozen */
    uint32_t *y;    /* NULL: a first pass */
    int32_t *best;  /* first pass: what they could have */
    int32_t *least; /* first pass: of AT_ONCE slices, n each: what a candidate must exceed */
};

/* The rows of one slice of each pool: a piece of work with candidates of its own. */
struct slice {
    const struct round_feed *feed;
    const struct sieve *sieve; /* NULL: weights are too large */
    struct take take;
    int32_t *least; /* n, of the sieve; while looking: the best so far */
    int32_t number;
};

/* Without branches: many are done at a time. */
__attribute__((noinline)) static void round_weigh_block(const struct round *round,
                                                        const struct round_cell *row,
                                                        const int32_t *live, int32_t n,
                                                        int32_t *restrict w)
{
    int32_t floor = round->floor, served = (int32_t)round->served;
    for (int32_t k = 0; k < n; k++) {
        int32_t one = row[k].higher, other = row[k].lower;
        one &= -(one >= floor);
        other &= -(other >= floor);
        w[k] = (one + other + (served & -(one > 0)) + (served & -(other > 0))) & live[k];
    }
}

static void round_look_row(const struct slice *slice, int32_t pool, int32_t a)
{
    const struct round *round = slice->feed->round;
    const struct round_cell *row = round_table_row(round->table, pool, a);
    int32_t begin = round->pool_begin[pool], most = 0, w[BLOCK];
    for (int32_t b = 0; b < a; b += BLOCK) {
        int32_t n = a - b < BLOCK ? a - b : BLOCK, *best = slice->least + begin + b;
        round_weigh_block(round, row + b, slice->sieve->live + begin + b, n, w);
        for (int32_t k = 0; k < n; k++) {
            best[k] = w[k] > best[k] ? w[k] : best[k];
            most = w[k] > most ? w[k] : most;
        }
    }
    int32_t *own = slice->least + begin + a;
    *own = most > *own ? most : *own;
}

/* Two ends of a pair against what each must be exceeded by. */
static inline bool round_passes(const struct sieve *sieve, const int32_t *least, int32_t a,
                                int32_t b, int32_t w)
{
    if (sieve->y) {
        return MATCH_DUAL_SCALE * (uint32_t)w > sieve->y[a] + sieve->y[b];
    }
    return w > 0 && (2 * w > least[a] + sieve->best[b] || 2 * w > sieve->best[a] + least[b]);
}

/* Whether any of a block does: the `n` who stand from `at` on with `a`.  Written without branches,
 * so that it is done for many at a time. */
static bool round_any_passes(const struct sieve *sieve, const int32_t *least, int32_t a, int32_t at,
                             int32_t n, const int32_t *w)
{
    uint32_t any = 0;
    if (sieve->y) {
        const uint32_t *y = sieve->y + at, own = sieve->y[a];
        for (int32_t k = 0; k < n; k++) {
            any |= MATCH_DUAL_SCALE * (uint32_t)w[k] > own + y[k];
        }
        return any != 0;
    }
    const int32_t *best = sieve->best + at, *other = least + at;
    int32_t own_least = least[a], own_best = sieve->best[a];
    for (int32_t k = 0; k < n; k++) {
        uint32_t one = 2 * w[k] > own_least + best[k], two = 2 * w[k] > own_best + other[k];
        any |= (one | two) & (uint32_t)(w[k] > 0);
    }
    return any != 0;
}

static int32_t round_least(const struct round_few *few, int32_t least)
{
    int64_t key = few->n == ROUND_TOP ? few->of[ROUND_TOP - 1].key : -SIFTED;
    return key > least ? (int32_t)key : least;
}

/* Whether a pair is covered, or violated by less than all that both keep.  (A blossom that holds
 * both makes it less still.) */
static bool round_is_dull(const struct slice *slice, int32_t u, int32_t v, int32_t w)
{
    const struct match_pairing_duals *duals = slice->take.duals;
    int64_t key = MATCH_DUAL_SCALE * (int64_t)w - duals->y[u] - duals->y[v];
    return key <= 0 || (round_few_refuses(&slice->take.few[u], key) &&
                        round_few_refuses(&slice->take.few[v], key));
}

static void round_sift_row(struct slice *slice, int32_t pool, int32_t row_of)
{
    const struct round *round = slice->feed->round;
    const struct sieve *sieve = slice->sieve;
    const struct match_pairing_duals *duals = slice->take.duals;
    const struct round_cell *row = round_table_row(round->table, pool, row_of);
    int32_t begin = round->pool_begin[pool], a = begin + row_of, u = round->pool_people[a];
    int32_t *least = slice->least, w[BLOCK];
    for (int32_t b = begin; b < a; b += BLOCK) {
        int32_t n = a - b < BLOCK ? a - b : BLOCK;
        round_weigh_block(round, row + (b - begin), sieve->live + b, n, w);
        if (!round_any_passes(sieve, least, a, b, n, w)) {
            continue;
        }
        for (int32_t k = 0; k < n; k++) {
            int32_t v = round->pool_people[b + k];
            if (!round_passes(sieve, least, a, b + k, w[k]) ||
                (duals && round_is_dull(slice, u, v, w[k]))) {
                continue;
            }
            round_take(&slice->take, v, u, w[k]);
            if (!duals) {
                least[a] = round_least(&slice->take.few[u], least[a]);
                least[b + k] = round_least(&slice->take.few[v], least[b + k]);
            }
        }
    }
}

static void round_walk_slice(void *ctx, uint32_t piece)
{
    struct slice *slice = (struct slice *)ctx + piece;
    const struct round *round = slice->feed->round;
    bool looking = slice->take.looking;
    for (int32_t p = 0; p < round->n_pools; p++) {
        uint32_t m = (uint32_t)(round->pool_begin[p + 1] - round->pool_begin[p]);
        uint32_t end = crew_first((uint32_t)slice->number + 1, SLICES, m);
        for (uint32_t a = crew_first((uint32_t)slice->number, SLICES, m); a < end; a++) {
            if (slice->feed->frozen[round->pool_people[round->pool_begin[p] + (int32_t)a]]) {
                continue;
            }
            if (!slice->sieve) {
                round_walk_row(slice->feed, &slice->take, p, (int32_t)a);
            } else if (looking) {
                round_look_row(slice, p, (int32_t)a);
            } else {
                round_sift_row(slice, p, (int32_t)a);
            }
        }
    }
    for (int32_t k = 0; k < round->pool_begin[round->n_pools] && looking && slice->sieve; k++) {
        slice->take.best[round->pool_people[k]] = slice->least[k];
    }
}

/* What some slices kept, in their order: the same as from one walk through all rows. */
static void round_merge_slices(const struct slice *slices, int32_t n, struct take *take)
{
    for (int32_t u = 0; u < n; u++) {
        for (int k = 0; k < AT_ONCE && !take->looking; k++) {
            const struct round_few *few = &slices[k].take.few[u];
            for (int32_t i = 0; i < few->n; i++) {
                round_few_add(&take->few[u], few->of[i].key, few->of[i].w, few->of[i].other);
            }
        }
        for (int k = 0; k < AT_ONCE && take->looking; k++) {
            int64_t best = slices[k].take.best[u];
            take->best[u] = best > take->best[u] ? best : take->best[u];
        }
    }
}

static bool round_sifts(const struct round *round)
{
    return 2 * (round->served + UINT16_MAX) < SIFTED && round->n_pools > 0;
}

static enum err round_make_sieve(struct arena *work, const struct round_feed *feed,
                                 const struct take *take, struct sieve *sieve)
{
    const struct round *round = feed->round;
    const struct match_pairing_duals *duals = take->duals;
    int32_t n = round->pool_begin[round->n_pools];
    size_t size = (size_t)round->n + 1;
    sieve->live = arena_alloc(work, size, sizeof *sieve->live);
    sieve->y = duals ? arena_alloc(work, size, sizeof *sieve->y) : NULL;
    sieve->best = duals ? NULL : arena_alloc(work, size, sizeof *sieve->best);
    sieve->least = duals ? NULL : arena_alloc(work, size * AT_ONCE, sizeof *sieve->least);
    if (!sieve->live || (duals ? !sieve->y : !sieve->best || !sieve->least)) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t u = round->pool_people[k];
        sieve->live[k] = feed->frozen[u] ? 0 : -1;
        if (duals) {
            sieve->y[k] = duals->y[u] < INT32_MAX ? (uint32_t)duals->y[u] : INT32_MAX;
        } else {
            sieve->best[k] = (int32_t)take->best[u];
        }
    }
    return ERR_OK;
}

/* Rooms for AT_ONCE slices, cleared before each use. */
static enum err round_make_slices(struct arena *work, const struct round_feed *feed,
                                  const struct sieve *sieve, const struct take *take,
                                  struct slice *slices)
{
    size_t n = (size_t)feed->round->n;
    for (int k = 0; k < AT_ONCE; k++) {
        struct slice *slice = &slices[k];
        *slice = (struct slice){.feed = feed, .sieve = sieve, .take = *take};
        if (take->looking) {
            slice->take.best = arena_alloc(work, n + 1, sizeof *slice->take.best);
        } else {
            slice->take.few = arena_alloc(work, n + 1, sizeof *slice->take.few);
            slice->take.few_other = slice->take.few;
        }
        if (!(take->looking ? (void *)slice->take.best : (void *)slice->take.few)) {
            return ERR_NOMEM;
        }
        slice->least = sieve && sieve->least ? sieve->least + (size_t)k * (n + 1) : NULL;
    }
    return ERR_OK;
}

/* Empty again; what is kept already says what a candidate must exceed. */
static void round_clear_slice(struct slice *slice, int32_t number, const struct take *take)
{
    const struct round *round = slice->feed->round;
    slice->number = number;
    for (int32_t u = 0; u < round->n; u++) {
        if (take->looking) {
            slice->take.best[u] = 0;
        } else {
            slice->take.few[u].n = 0;
        }
    }
    for (int32_t k = 0; slice->least && k < round->pool_begin[round->n_pools]; k++) {
        slice->least[k] =
            take->looking ? 0 : round_least(&take->few[round->pool_people[k]], -(int32_t)SIFTED);
    }
}

/* All pairs, the best few of each person kept, on several threads. */
static enum err round_walk_slices(const struct round_feed *feed, struct take *take)
{
    struct arena *work = arena_child(take->edges->arena);
    struct slice slices[AT_ONCE];
    struct sieve sieve;
    bool sifts = round_sifts(feed->round);
    enum err err = !work ? ERR_NOMEM : sifts ? round_make_sieve(work, feed, take, &sieve) : ERR_OK;
    err = err ? err : round_make_slices(work, feed, sifts ? &sieve : NULL, take, slices);
    for (int32_t k = 0; k < SLICES && !err; k += AT_ONCE) {
        for (int i = 0; i < AT_ONCE; i++) {
            round_clear_slice(&slices[i], k + i, take);
        }
        crew_run(feed->round->crew, AT_ONCE, round_walk_slice, slices);
        round_merge_slices(slices, feed->round->n, take);
        double done = (double)(k + AT_ONCE) / SLICES;
        err = round_step(feed->steps, done * done) ? ERR_LIMIT : ERR_OK;
    }
    arena_free(work);
    return err;
}

enum err round_walk_table(const struct round_feed *feed, struct take *take)
{
    const struct round *round = feed->round;
    int64_t all = round_count_pairs(round), done = 0;
    if (take->few) {
        return round_walk_slices(feed, take);
    }
    for (int32_t p = 0; p < round->n_pools; p++) {
        for (int32_t a = 1; a < round->pool_begin[p + 1] - round->pool_begin[p]; a++) {
            if (!feed->frozen[round->pool_people[round->pool_begin[p] + a]]) {
                round_walk_row(feed, take, p, a);
            }
            if (take->err != ERR_OK) {
                return take->err;
            }
            done += a;
            if (a % 256 == 0 && round_step(feed->steps, (double)done / (double)(all + 1))) {
                return ERR_LIMIT;
            }
        }
    }
    return ERR_OK;
}
