/* The table of gains (round_table.h): for each tile of learners all their needs against all helpers
 * of the pool, one skill after another, then turned into the triangle. */
#include "coach/round_table.h"

#include "base/arena.h"
#include "base/crew.h"
#include "coach/round_tasks.h"

#include <string.h>

#define TILES 8   /* pieces of work between two looks at the progress */
#define TILE 64   /* learners at a time: their rows and profiles stay in the cache */
#define SLICES 16 /* of the rows, pieces of work when some cells are computed once more */
#define SAMPLE 61 /* one cell of so many is computed once more in a check */
#define FITS ((1 << 16) - 1) /* the largest gain of a cell */

/* One pool while its cells are filled. */
struct filling {
    const struct round *round;
    const int32_t *place;  /* of people, in their pools */
    const int32_t *people; /* of the pool, rising */
    int32_t m;
    struct round_cell *cell;
    struct round_bench *bench; /* by skill */
    struct tile *tiles;        /* TILES */
};

/* Some learners: a piece of work. */
struct tile {
    const struct filling *filling;
    int32_t first;
    uint16_t *gain;      /* TILE x m: what each brings to a learner of the tile */
    int32_t *need;       /* of the tile: needs, grouped by skill */
    int32_t *need_begin; /* n_skills + 2 */
};

static int32_t tile_end(const struct filling *f, int32_t first)
{
    return f->m - first < TILE ? f->m : first + TILE;
}

/* The needs of a tile by skill, of those who may learn. */
static void group_needs(struct tile *tile)
{
    const struct filling *f = tile->filling;
    const struct round *round = f->round;
    int32_t *begin = tile->need_begin;
    memset(begin, 0, ((size_t)round->n_skills + 2) * sizeof *begin);
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t a = tile->first; a < tile_end(f, tile->first); a++) {
            int32_t u = f->people[a];
            for (int32_t k = round->need_begin[u];
                 k < round->need_begin[u + 1] && round->max_learns[u] > 0; k++) {
                int32_t s = round->needs[k].skill;
                if (pass == 0) {
                    begin[s + 2]++;
                } else {
                    tile->need[begin[s + 1]++] = k;
                }
            }
        }
        for (int32_t s = 0; s < round->n_skills && pass == 0; s++) {
            begin[s + 2] += begin[s + 1];
        }
    }
}

/* The best that everybody brings to each learner of the tile. */
static void fill_tile(struct tile *tile)
{
    const struct filling *f = tile->filling;
    const struct round *round = f->round;
    bool shares = round->share_languages || round->share_periods;
    memset(tile->gain, 0, TILE * (size_t)f->m * sizeof *tile->gain);
    group_needs(tile);
    for (int32_t s = 0; s < round->n_skills; s++) {
        const struct round_bench *bench = &f->bench[s];
        int32_t begin = tile->need_begin[s], end = tile->need_begin[s + 1];
        for (int32_t h = 0; h < bench->n && begin < end; h++) {
            int32_t b = bench->place[h];
            for (int32_t k = begin; k < end; k++) {
                int32_t need = tile->need[k], u = round->needs[need].person, a = f->place[u];
                if (a == b || (shares && !round_share(round, u, f->people[b]))) {
                    continue;
                }
                int32_t gain = match_gain_useful(&round->model, &round->learners[need],
                                                 &bench->helper[h], round->options.min_reach);
                uint16_t *best = &tile->gain[(size_t)(a - tile->first) * (size_t)f->m + (size_t)b];
                *best = gain > *best ? (uint16_t)gain : *best;
            }
        }
    }
}

/* Puts the gains of a tile into the triangle: halves of cells that no other tile writes. */
static void turn_tile(const struct tile *tile)
{
    const struct filling *f = tile->filling;
    int32_t first = tile->first, end = tile_end(f, first);
    for (int32_t a = first; a < end; a++) {
        const uint16_t *gain = tile->gain + (size_t)(a - first) * (size_t)f->m;
        struct round_cell *row = f->cell + (int64_t)a * (a - 1) / 2;
        for (int32_t b = 0; b < a; b++) {
            row[b].higher = gain[b];
        }
    }
    for (int32_t b = first + 1; b < f->m; b++) {
        struct round_cell *row = f->cell + (int64_t)b * (b - 1) / 2;
        for (int32_t a = first; a < end && a < b; a++) {
            row[a].lower = tile->gain[(size_t)(a - first) * (size_t)f->m + (size_t)b];
        }
    }
}

static void work_tile(void *ctx, uint32_t piece)
{
    struct tile *tile = (struct tile *)ctx + piece;
    fill_tile(tile);
    turn_tile(tile);
}

/* Those whom a rule keeps apart have nothing to bring each other. */
static void clear_bans(const struct round *round, const int32_t *place, const int64_t *start,
                       struct round_cell *cell)
{
    for (size_t k = 0; k < round->n_bans; k++) {
        int32_t u = (int32_t)(round->bans[k] >> 32), v = (int32_t)(round->bans[k] & 0xffffffff);
        if (u != v && round->pool[u] >= 0 && round->pool[u] == round->pool[v]) {
            int64_t high = place[u] > place[v] ? place[u] : place[v];
            int64_t low = place[u] > place[v] ? place[v] : place[u];
            cell[start[round->pool[u]] + high * (high - 1) / 2 + low] = (struct round_cell){0, 0};
        }
    }
}

int64_t round_table_count(const struct round *round, int64_t most)
{
    int64_t all = round_count_pairs(round), n = 0;
    for (int64_t k = 0; k < all && n <= most; k++) {
        struct round_cell cell = round->table->cell[k];
        n += (cell.higher > 0 && cell.higher >= round->floor) ||
             (cell.lower > 0 && cell.lower >= round->floor);
    }
    return n;
}

static bool table_fits(const struct round *round)
{
    for (int32_t u = 0; u < round->n; u++) {
        if (round->cap[u] > FITS) {
            return false;
        }
    }
    return round_count_pairs(round) <= ROUND_TABLE_PAIRS;
}

static enum err make_tiles(struct arena *work, struct filling *f)
{
    const struct round *round = f->round;
    size_t most = 0;
    for (int32_t first = 0; first < f->m; first += TILE) {
        size_t n = 0;
        for (int32_t a = first; a < tile_end(f, first); a++) {
            int32_t u = f->people[a];
            n += (size_t)(round->need_begin[u + 1] - round->need_begin[u]);
        }
        most = n > most ? n : most;
    }
    f->tiles = arena_alloc(work, TILES, sizeof *f->tiles);
    for (int32_t k = 0; f->tiles && k < TILES && (k == 0 || k * TILE < f->m); k++) {
        struct tile *tile = &f->tiles[k];
        tile->filling = f;
        tile->gain = arena_alloc(work, TILE * (size_t)f->m + 1, sizeof *tile->gain);
        tile->need = arena_alloc(work, most + 1, sizeof *tile->need);
        tile->need_begin = arena_alloc(work, (size_t)round->n_skills + 2, sizeof *tile->need_begin);
        if (!tile->gain || !tile->need || !tile->need_begin) {
            return ERR_NOMEM;
        }
    }
    return f->tiles ? ERR_OK : ERR_NOMEM;
}

/* All tiles of one pool. */
static enum err fill_pool(struct arena *work, struct filling *f, int32_t pool, int64_t before,
                          int64_t all, struct round_steps *steps)
{
    f->bench = arena_alloc(work, (size_t)f->round->n_skills + 1, sizeof *f->bench);
    enum err err = f->bench ? make_tiles(work, f) : ERR_NOMEM;
    for (int32_t s = 0; s < f->round->n_skills && !err; s++) {
        err = round_bench_make(work, f->round, pool, s, &f->bench[s]);
    }
    for (int32_t first = 0; first < f->m && !err;) {
        uint32_t n = 0;
        for (; n < TILES && first < f->m; first += TILE) {
            f->tiles[n++].first = first;
        }
        crew_run(f->round->crew, n, work_tile, f->tiles);
        double done = (double)before + (double)(first < f->m ? first : f->m) * f->m;
        err = round_step(steps, done / ((double)all + 1)) ? ERR_LIMIT : ERR_OK;
    }
    return err;
}

enum err round_table_make(struct arena *arena, const struct round *round, struct round_steps *steps,
                          struct round_table **out)
{
    *out = NULL;
    if (!table_fits(round)) {
        return ERR_OK;
    }
    struct round_table *table = arena_alloc(arena, 1, sizeof *table);
    int64_t *start = arena_alloc(arena, (size_t)round->n_pools + 1, sizeof *start);
    struct round_cell *cell =
        arena_alloc(arena, (size_t)round_count_pairs(round) + 1, sizeof *cell);
    int32_t *place = arena_alloc(arena, (size_t)round->n + 1, sizeof *place);
    if (!table || !start || !cell || !place) {
        return ERR_NOMEM;
    }
    int64_t all = 0, done = 0;
    for (int32_t p = 0; p < round->n_pools; p++) {
        int64_t m = round->pool_begin[p + 1] - round->pool_begin[p];
        start[p + 1] = start[p] + m * (m - 1) / 2;
        all += m * m;
        for (int32_t a = 0; a < m; a++) {
            place[round->pool_people[round->pool_begin[p] + a]] = a;
        }
    }
    enum err err = ERR_OK;
    for (int32_t p = 0; p < round->n_pools && !err; p++) {
        struct arena *work = arena_child(arena);
        struct filling f = {.round = round,
                            .place = place,
                            .people = round->pool_people + round->pool_begin[p],
                            .m = round->pool_begin[p + 1] - round->pool_begin[p],
                            .cell = cell + start[p]};
        err = work ? fill_pool(work, &f, p, done, all, steps) : ERR_NOMEM;
        done += (int64_t)f.m * f.m;
        arena_free(work);
    }
    if (!err) {
        clear_bans(round, place, start, cell);
        *table = (struct round_table){cell, start, place};
        *out = table;
    }
    return err;
}

/* The rows of one slice of each pool. */
struct sample {
    const struct round *round;
    const struct round_table *table;
    bool differs[SLICES];
};

/* Every SAMPLE-th cell of one row against the gains of its two people. */
static bool row_holds(const struct sample *s, int32_t pool, int64_t a)
{
    const int32_t *people = s->round->pool_people + s->round->pool_begin[pool];
    int64_t seen = s->table->start[pool] + a * (a - 1) / 2;
    for (int64_t b = (SAMPLE - seen % SAMPLE) % SAMPLE; b < a; b += SAMPLE) {
        int32_t u = people[a], v = people[b];
        int64_t right = round_may(s->round, u, v) ? round_pair_weight(s->round, u, v) : 0;
        if (round_table_weight(s->round, s->table, u, v) != right) {
            return false;
        }
    }
    return true;
}

static void sample_slice(void *ctx, uint32_t piece)
{
    struct sample *s = ctx;
    const struct round *round = s->round;
    for (int32_t p = 0; p < round->n_pools; p++) {
        int32_t m = round->pool_begin[p + 1] - round->pool_begin[p];
        for (int32_t a = (int32_t)piece; a < m; a += SLICES) {
            s->differs[piece] = s->differs[piece] || !row_holds(s, p, a);
        }
    }
}

static bool sample_holds(const struct round *round, const struct round_table *table)
{
    struct sample sample = {.round = round, .table = table};
    bool differs = false;
    crew_run(round->crew, SLICES, sample_slice, &sample);
    for (int k = 0; k < SLICES; k++) {
        differs = differs || sample.differs[k];
    }
    return !differs;
}

enum err round_table_anew(struct arena *arena, const struct round *round,
                          round_progress_fn *progress, void *ctx, double share,
                          struct round_table **table)
{
    struct round_steps steps = {.progress = progress, .ctx = ctx, .pass = share, .end = share};
    *table = NULL;
    if (round_count_pairs(round) <= ROUND_TABLE_FEW) {
        return ERR_OK;
    }
    enum err err = round_table_make(arena, round, &steps, table);
    return !err && *table && !sample_holds(round, *table) ? ERR_REFUSED : err;
}

/* ---- kept for other rounds ---- */

struct round_gains {
    struct arena *arena;
    const struct round_table *table; /* NULL: none yet */
    const struct roster *roster;     /* what it was made from */
    const struct zone_fit *fit;
    int32_t within, min_reach;
    unsigned char *limits; /* n: bit 0 helps, bit 1 learns */
};

struct round_gains *round_gains_new(struct arena *arena)
{
    struct round_gains *gains = arena_alloc(arena, 1, sizeof *gains);
    if (gains) {
        gains->arena = arena;
    }
    return gains;
}

void round_share_gains(struct round *round, struct round_gains *gains)
{
    round->gains = gains;
}

static unsigned char limits_of(const struct round *round, int32_t u)
{
    return (unsigned char)((round->max_helps[u] > 0) + 2 * (round->max_learns[u] > 0));
}

static bool are_same(const struct round *round, const struct round_gains *gains)
{
    bool same = gains->table && gains->roster == round->roster && gains->fit == round->fit &&
                gains->within == round->options.within &&
                gains->min_reach == round->options.min_reach;
    for (int32_t u = 0; same && u < round->n; u++) {
        same = gains->limits[u] == limits_of(round, u);
    }
    return same;
}

enum err round_table_get(struct arena *arena, const struct round *round, struct round_steps *steps,
                         const struct round_table **table)
{
    struct round_gains *gains = round->gains;
    struct round_table *made;
    if (gains && are_same(round, gains)) {
        *table = gains->table;
        return ERR_OK;
    }
    bool keep = gains && !gains->table; /* the first is kept */
    enum err err = round_table_make(keep ? gains->arena : arena, round, steps, &made);
    *table = err ? NULL : made;
    if (err || !keep || !made) {
        return err;
    }
    gains->limits = arena_alloc(gains->arena, (size_t)round->n + 1, sizeof *gains->limits);
    if (!gains->limits) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        gains->limits[u] = limits_of(round, u);
    }
    gains->table = made;
    gains->roster = round->roster;
    gains->fit = round->fit;
    gains->within = round->options.within;
    gains->min_reach = round->options.min_reach;
    return ERR_OK;
}
