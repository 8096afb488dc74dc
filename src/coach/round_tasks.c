/* The table of needs and helpers (round_tasks.h): a few needs of one skill at a time against the
 * helpers of that skill. */
#include "coach/round_tasks.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/sort.h"

#define PIECE 16  /* needs */
#define PIECES 16 /* between two looks at the progress */

struct filling {
    const struct round *round;
    struct round_tasks table;
    uint16_t *gain;
    const int32_t *order; /* needs, those of one bench together */
    int32_t first;        /* of the pieces under way */
};

enum err round_bench_make(struct arena *arena, const struct round *round, int32_t pool,
                          int32_t skill, struct round_bench *bench)
{
    const int32_t *people = round->pool_people + round->pool_begin[pool];
    int32_t m = round->pool_begin[pool + 1] - round->pool_begin[pool], n = 0;
    for (int32_t a = 0; a < m; a++) {
        n += round_offers(round, people[a], skill) && round->max_helps[people[a]] > 0;
    }
    bench->place = arena_alloc(arena, (size_t)n + 1, sizeof *bench->place);
    bench->person = arena_alloc(arena, (size_t)n + 1, sizeof *bench->person);
    bench->helper = arena_alloc(arena, (size_t)n + 1, sizeof *bench->helper);
    bench->n = 0;
    if (!bench->place || !bench->person || !bench->helper) {
        return ERR_NOMEM;
    }
    for (int32_t a = 0; a < m; a++) {
        size_t cell = (size_t)people[a] * (size_t)round->n_skills + (size_t)skill;
        if (round->helper_at[cell] >= 0 && round->max_helps[people[a]] > 0) {
            bench->place[bench->n] = a;
            bench->person[bench->n] = people[a];
            bench->helper[bench->n++] = round->helpers[round->helper_at[cell]];
        }
    }
    return ERR_OK;
}

/* What everybody of a bench brings to needs of it, at most PIECE, of those who may learn; bans
 * aside. */
static void fill_needs(const struct filling *f, const struct round_bench *bench,
                       const int32_t *need, int32_t n_all)
{
    const struct round *round = f->round;
    const struct match_learner *learner[PIECE];
    int32_t gain[PIECE], who[PIECE], n = 0;
    uint16_t *to[PIECE];
    bool shares = round->share_languages || round->share_periods;
    for (int32_t k = 0; k < n_all; k++) {
        who[n] = round->needs[need[k]].person;
        learner[n] = &round->learners[need[k]];
        to[n] = f->gain + f->table.start[need[k]];
        n += round->max_learns[who[n]] > 0;
    }
    for (int32_t h = 0; h < bench->n; h++) {
        int32_t v = bench->person[h];
        match_gain_useful_each(&round->model, learner, n, &bench->helper[h],
                               round->options.min_reach, gain);
        for (int32_t k = 0; k < n; k++) {
            bool may = who[k] != v && (!shares || round_share(round, who[k], v));
            to[k][h] = may ? (uint16_t)gain[k] : 0;
        }
    }
}

static void fill_piece(void *ctx, uint32_t piece)
{
    const struct filling *f = ctx;
    const struct round *round = f->round;
    int32_t begin = f->first + (int32_t)piece * PIECE;
    int32_t end = round->n_needs - begin < PIECE ? round->n_needs : begin + PIECE;
    for (int32_t from = begin, to; from < end; from = to) {
        const struct round_bench *bench = round_tasks_bench(round, f->order[from]);
        for (to = from + 1; to < end && round_tasks_bench(round, f->order[to]) == bench; to++) {}
        if (bench) {
            fill_needs(f, bench, f->order + from, to - from);
        }
    }
}

/* What v brings to the needs of u counts for nothing. */
static void clear_ban(const struct filling *f, int32_t u, int32_t v)
{
    const struct round *round = f->round;
    for (int32_t need = round->need_begin[u]; need < round->need_begin[u + 1]; need++) {
        const struct round_bench *bench = round_tasks_bench(round, need);
        int32_t low = 0, high = bench ? bench->n : 0;
        while (low < high) {
            int32_t middle = low + (high - low) / 2;
            if (bench->person[middle] < v) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (bench && low < bench->n && bench->person[low] == v) {
            f->gain[f->table.start[need] + low] = 0;
        }
    }
}

static void clear_bans(const struct filling *f)
{
    for (size_t k = 0; k < f->round->n_bans; k++) {
        uint64_t ban = f->round->bans[k];
        int32_t u = (int32_t)(ban >> 32), v = (int32_t)(ban & 0xffffffff);
        clear_ban(f, u, v);
        clear_ban(f, v, u);
    }
}

static int by_bench(const void *a, const void *b, void *ctx)
{
    const struct round *round = ctx;
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    const struct round_bench *p = round_tasks_bench(round, x), *q = round_tasks_bench(round, y);
    return p != q ? (p < q ? -1 : 1) : (x > y) - (x < y);
}

/* The benches, where each need's gains stand, and how many there are. */
static enum err lay_out(struct arena *arena, const struct round *round, int64_t *start,
                        struct round_bench *bench, int64_t *n)
{
    for (int32_t p = 0; p < round->n_pools; p++) {
        for (int32_t s = 0; s < round->n_skills; s++) {
            enum err err = round_bench_make(
                arena, round, p, s, &bench[(size_t)p * (size_t)round->n_skills + (size_t)s]);
            if (err) {
                return err;
            }
        }
    }
    *n = 0;
    for (int32_t k = 0; k < round->n_needs; k++) {
        const struct round_bench *of = round_tasks_bench(round, k);
        start[k] = *n;
        *n += of ? of->n : 0;
    }
    return ERR_OK;
}

static bool gains_fit(const struct round *round)
{
    bool fit = true;
    for (int32_t u = 0; u < round->n; u++) {
        fit = fit && round->cap[u] <= UINT16_MAX;
    }
    return fit;
}

static enum err fill(struct filling *f, struct round_steps *steps)
{
    int32_t n = f->round->n_needs;
    enum err err = ERR_OK;
    for (f->first = 0; f->first < n && !err; f->first += PIECE * PIECES) {
        int32_t left = (n - f->first + PIECE - 1) / PIECE;
        crew_run(f->round->crew, (uint32_t)(left < PIECES ? left : PIECES), fill_piece, f);
        int32_t done = left < PIECES ? n : f->first + PIECE * PIECES;
        err = round_step(steps, (double)done / n) ? ERR_LIMIT : ERR_OK;
    }
    return err;
}

enum err round_tasks_make(struct arena *arena, const struct round *round, struct round_steps *steps,
                          struct round_tasks **out)
{
    struct round view = *round; /* with the table while it is being made */
    size_t n_needs = (size_t)round->n_needs + 1;
    int64_t n = 0;
    *out = NULL;
    struct round_tasks *tasks = arena_alloc(arena, 1, sizeof *tasks);
    int64_t *start = arena_alloc(arena, n_needs, sizeof *start);
    int32_t *order = arena_alloc(arena, n_needs, sizeof *order);
    struct round_bench *bench =
        arena_alloc(arena, (size_t)round->n_pools * (size_t)round->n_skills + 1, sizeof *bench);
    if (!tasks || !start || !order || !bench) {
        return ERR_NOMEM;
    }
    *tasks = (struct round_tasks){.bench = bench, .start = start};
    view.tasks = tasks;
    enum err err = lay_out(arena, &view, start, bench, &n);
    if (err || n > ROUND_TASKS_MOST || !gains_fit(round)) {
        return err;
    }
    uint16_t *gain = arena_alloc(arena, (size_t)n + 1, sizeof *gain);
    if (!gain) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < round->n_needs; k++) {
        order[k] = k;
    }
    sort_items(order, (size_t)round->n_needs, sizeof *order, by_bench, &view);
    tasks->gain = gain;
    struct filling f = {.round = &view, .table = *tasks, .gain = gain, .order = order};
    err = fill(&f, steps);
    clear_bans(&f);
    *out = err ? NULL : tasks;
    return err;
}
