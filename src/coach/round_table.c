/* The table of gains (round_table.h): the triangle is filled some rows at a time, of these some
 * cells at a time, skill by skill in both directions. */
#include "coach/round_table.h"

#include "base/arena.h"
#include "base/clones.h"
#include "base/crew.h"
#include "coach/round_tasks.h"

#include <string.h>

#define TILES 8      /* most pieces of work between two looks at the progress */
#define LOOKS 16     /* at the progress, at least */
#define TILE 64      /* people whose rows of the triangle are filled at a time, */
#define BLOCK 512    /* with so many of those before them: their gains stay in the cache */
#define COUNTED 4096 /* cells between two looks at how many were counted */
#define SLICES 16    /* of the rows, pieces of work when some cells are computed once more */
#define SAMPLE 61    /* one cell of so many is computed once more in a check */
#define FITS ((1 << 16) - 1) /* the largest gain of a cell */

/* Needs of some people who follow each other in a pool, grouped by skill, of those who may learn.
 */
struct bundle {
    const struct match_learner **learner;
    int32_t *who;   /* counted from the first of the people */
    int32_t *begin; /* n_skills + 2 */
};

/* One pool while its cells are filled. */
struct filling {
    const struct round *round;
    const int32_t *people; /* of the pool, rising */
    int32_t m;
    struct round_cell *cell;
    struct round_bench *bench; /* by skill */
    struct bundle *of_tiles, *of_blocks;
    struct tile *tiles; /* TILES */
};

/* Some people: a piece of work. */
struct tile {
    const struct filling *filling;
    int32_t first;
    uint16_t *higher, *lower; /* TILE x BLOCK: see struct round_cell */
    int32_t *found;           /* of needs */
    int32_t *next;            /* n_skills: the helper of the next block who comes first */
};

static int32_t end_of(const struct filling *f, int32_t first, int32_t n)
{
    return f->m - first < n ? f->m : first + n;
}

static void group_needs(const struct filling *f, int32_t first, int32_t n, struct bundle *bundle)
{
    const struct round *round = f->round;
    int32_t *begin = bundle->begin;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t a = first; a < end_of(f, first, n); a++) {
            int32_t u = f->people[a];
            for (int32_t k = round->need_begin[u];
                 k < round->need_begin[u + 1] && round->max_learns[u] > 0; k++) {
                int32_t s = round->needs[k].skill;
                if (pass == 0) {
                    begin[s + 2]++;
                } else {
                    bundle->learner[begin[s + 1]] = &round->learners[k];
                    bundle->who[begin[s + 1]++] = a - first;
                }
            }
        }
        for (int32_t s = 0; s < round->n_skills && pass == 0; s++) {
            begin[s + 2] += begin[s + 1];
        }
    }
}

/* The needs of all people, `n` people in a bundle. */
static enum err make_bundles(struct arena *work, const struct filling *f, int32_t n,
                             struct bundle **made)
{
    const struct round *round = f->round;
    size_t n_bundles = (size_t)((f->m + n - 1) / n), n_begin = (size_t)round->n_skills + 2;
    size_t n_needs = 0, before = 0;
    for (int32_t a = 0; a < f->m; a++) {
        n_needs += (size_t)(round->need_begin[f->people[a] + 1] - round->need_begin[f->people[a]]);
    }
    struct bundle *bundles = arena_alloc(work, n_bundles + 1, sizeof *bundles);
    const struct match_learner **learner = arena_alloc(work, n_needs + 1, sizeof *learner);
    int32_t *who = arena_alloc(work, n_needs + 1, sizeof *who);
    int32_t *begin = arena_alloc(work, n_bundles * n_begin + 1, sizeof *begin);
    if (!bundles || !learner || !who || !begin) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < n_bundles; k++) {
        bundles[k] = (struct bundle){learner + before, who + before, begin + k * n_begin};
        group_needs(f, (int32_t)k * n, n, &bundles[k]);
        before += (size_t)bundles[k].begin[round->n_skills];
    }
    *made = bundles;
    return ERR_OK;
}

/* The first helper of a bench who stands at or behind a place. */
static int32_t bench_from(const struct round_bench *bench, int32_t place)
{
    int32_t low = 0, high = bench->n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (bench->place[middle] < place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* What a helper brings to the needs of a bundle in a skill, where it is more than before:
 * gain[who * step]. */
static void fill_helper(const struct tile *tile, const struct bundle *bundle, int32_t s, int32_t h,
                        uint16_t *gain, size_t step)
{
    const struct round *round = tile->filling->round;
    int32_t begin = bundle->begin[s], n = bundle->begin[s + 1] - begin;
    match_gain_useful_each(&round->model, bundle->learner + begin, n,
                           &tile->filling->bench[s].helper[h], round->options.min_reach,
                           tile->found);
    for (int32_t k = 0; k < n; k++) { /* without a branch, which would be guessed wrong */
        uint16_t *best = &gain[(size_t)bundle->who[begin + k] * step];
        uint32_t old = *best, new = (uint32_t)tile->found[k], more = new > old;
        *best = (uint16_t)(old ^ ((old ^ new) & -more));
    }
}

/* What the people of a tile and those of a block bring each other. */
static void fill_block(struct tile *tile, int32_t from)
{
    const struct filling *f = tile->filling;
    int32_t end = end_of(f, tile->first, TILE), last = from + BLOCK < end ? from + BLOCK : end;
    const struct bundle *higher = &f->of_tiles[tile->first / TILE];
    const struct bundle *lower = &f->of_blocks[from / BLOCK];
    memset(tile->higher, 0, (size_t)TILE * BLOCK * sizeof *tile->higher);
    memset(tile->lower, 0, (size_t)TILE * BLOCK * sizeof *tile->lower);
    for (int32_t s = 0; s < f->round->n_skills; s++) {
        const struct round_bench *bench = &f->bench[s];
        int32_t h = tile->next[s];
        bool any = higher->begin[s] < higher->begin[s + 1];
        for (; h < bench->n && bench->place[h] < last; h++) {
            if (any) {
                fill_helper(tile, higher, s, h, tile->higher + (bench->place[h] - from), BLOCK);
            }
        }
        tile->next[s] = h;
        any = lower->begin[s] < lower->begin[s + 1];
        for (h = bench_from(bench, tile->first); any && h < bench->n && bench->place[h] < end;
             h++) {
            size_t row = (size_t)(bench->place[h] - tile->first);
            fill_helper(tile, lower, s, h, tile->lower + row * BLOCK, 1);
        }
    }
}

/* Puts them into the triangle. */
static void put_block(const struct tile *tile, int32_t from)
{
    const struct filling *f = tile->filling;
    const struct round *round = f->round;
    bool shares = round->share_languages || round->share_periods;
    for (int32_t a = tile->first; a < end_of(f, tile->first, TILE); a++) {
        const uint16_t *higher = tile->higher + (size_t)(a - tile->first) * BLOCK;
        const uint16_t *lower = tile->lower + (size_t)(a - tile->first) * BLOCK;
        struct round_cell *row = f->cell + (int64_t)a * (a - 1) / 2 + from;
        int32_t n = a - from < BLOCK ? a - from : BLOCK;
        for (int32_t b = 0; b < n; b++) {
            row[b] = (struct round_cell){higher[b], lower[b]};
        }
        for (int32_t b = 0; shares && b < n; b++) {
            if ((higher[b] || lower[b]) && !round_share(round, f->people[a], f->people[from + b])) {
                row[b] = (struct round_cell){0, 0};
            }
        }
    }
}

static void work_tile(void *ctx, uint32_t piece)
{
    struct tile *tile = (struct tile *)ctx + piece;
    const struct filling *f = tile->filling;
    memset(tile->next, 0, (size_t)f->round->n_skills * sizeof *tile->next);
    for (int32_t from = 0; from < end_of(f, tile->first, TILE); from += BLOCK) {
        fill_block(tile, from);
        put_block(tile, from);
    }
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

/* How many of n cells, at most COUNTED, have a gain of at least `least`. */
VECTOR_CLONES
static int32_t count_cells(const struct round_cell *cell, int32_t n, int32_t least)
{
    int32_t count = 0;
    for (int32_t k = 0; k < n; k++) {
        count += (cell[k].higher >= least) | (cell[k].lower >= least);
    }
    return count;
}

int64_t round_table_count(const struct round *round, int64_t most)
{
    int64_t all = round_count_pairs(round), n = 0;
    int32_t least = round->floor > 0 ? round->floor : 1;
    for (int64_t k = 0; k < all && n <= most; k += COUNTED) {
        int32_t some = all - k < COUNTED ? (int32_t)(all - k) : COUNTED;
        n += count_cells(round->table->cell + k, some, least);
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
    size_t n_skills = (size_t)f->round->n_skills, most = 0;
    enum err err = make_bundles(work, f, TILE, &f->of_tiles);
    err = err ? err : make_bundles(work, f, BLOCK, &f->of_blocks);
    for (int32_t first = 0; first < f->m && !err; first += TILE) {
        size_t n = (size_t)f->of_tiles[first / TILE].begin[n_skills];
        size_t other = (size_t)f->of_blocks[first / BLOCK].begin[n_skills];
        n = n > other ? n : other;
        most = n > most ? n : most;
    }
    f->tiles = err ? NULL : arena_alloc(work, TILES, sizeof *f->tiles);
    for (int32_t k = 0; f->tiles && k < TILES && (k == 0 || k * TILE < f->m); k++) {
        struct tile *tile = &f->tiles[k];
        tile->filling = f;
        tile->higher = arena_alloc(work, (size_t)TILE * BLOCK, sizeof *tile->higher);
        tile->lower = arena_alloc(work, (size_t)TILE * BLOCK, sizeof *tile->lower);
        tile->found = arena_alloc(work, most + 1, sizeof *tile->found);
        tile->next = arena_alloc(work, n_skills + 1, sizeof *tile->next);
        if (!tile->higher || !tile->lower || !tile->found || !tile->next) {
            return ERR_NOMEM;
        }
    }
    return f->tiles ? ERR_OK : err ? err : ERR_NOMEM;
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
    int32_t at_once = f->m / TILE / LOOKS + 1;
    at_once = at_once < TILES ? at_once : TILES;
    for (int32_t first = 0; first < f->m && !err;) {
        uint32_t n = 0;
        for (; (int32_t)n < at_once && first < f->m; first += TILE) {
            f->tiles[n++].first = first;
        }
        crew_run(f->round->crew, n, work_tile, f->tiles);
        int64_t rows = first < f->m ? first : f->m;
        double done = (double)before + (double)rows * (double)rows;
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
