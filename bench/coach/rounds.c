/* A round over a large organisation, from the click to the list and to partnerships.
 *
 *     bench/coach/run          fills a database of 10,000 people and measures
 *     bench-rounds DATABASE [STRATEGY [unit] [alone]]
 *                              measures on a demonstration that is there; adds a programme to it;
 *                              unit: within units; alone: the round, without comparisons
 *
 * Wall and CPU time of this process; the database is on this machine.  Bounds for 10,000 people:
 * the round in 10 s, what is shown of it grows each second, a page of the list in 100 ms (p99).
 * Ends with 1 when one of them is missed. */
#include "coach/rounds.h"
#include "base/arena.h"
#include "base/sort.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/frameworks.h"
#include "coach/memory.h"
#include "coach/programmes.h"
#include "coach/units.h"
#include "db/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define LOOKS 300 /* at each kind of list page */

struct bench {
    struct coach coach;
    struct complaints complaints;
    int64_t framework, unit, programme, round, comparison, person, n;
    struct rounds_round now;
    struct rounds_pairs pairs;
    struct rounds_filter filter;
    struct rounds_alternatives others;
    int looks;      /* how often progress was asked for */
    int32_t shown;  /* the last of it */
    int stood;      /* how often it had not grown */
    double at, gap; /* when it was asked for last; the longest time between two */
    int missed;     /* bounds */
    enum programme_strategy strategy;
    bool same_unit, alone;
};

static void must(struct bench *b, enum err err, const char *what)
{
    if (err) {
        fprintf(stderr, "%s: %s: %s\n", what, err_name(err), coach_message(&b->coach));
        exit(1);
    }
}

/* ---- what is measured ---- */

static enum err find(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct frameworks_item *items;
    struct unit_list units;
    int32_t n;
    enum err err = frameworks_list(coach, (struct str){"", 0}, &items, &n);
    for (int32_t k = 0; k < n && !err; k++) {
        b->framework = items[k].n_evidence > 0 ? items[k].id : b->framework;
    }
    err = err ? err : units_list(coach, false, &units);
    if (!err) {
        b->unit = units.items[0].id;
        b->filter.unit_id = units.items[units.n - 1].id;
    }
    return err;
}

static enum err prepare(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    const struct programme programme = {.name = str_of("A round of everybody"),
                                        .about = {"", 0},
                                        .framework_id = b->framework,
                                        .starts_day = 20000,
                                        .ends_day = 20090,
                                        .max_helps = -1,
                                        .max_learns = -1,
                                        .strategy = b->strategy,
                                        .same_unit = b->same_unit};
    complaint_init(&b->complaints, coach->arena);
    enum err err = programmes_add(coach, &programme, &b->complaints, &b->programme);
    return err ? err : programmes_set_units(coach, b->programme, &b->unit, 1, &b->complaints);
}

static enum err open_it(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return programmes_open(coach, b->programme, &b->complaints);
}

static enum err start(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return rounds_start(coach, b->programme, &b->round);
}

static enum err again(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return rounds_again(coach, b->round);
}

static enum err compare(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return comparisons_start(coach, b->programme, &b->comparison);
}

static enum err look(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    enum err err = rounds_get(coach, b->round, &b->now);
    return err ? err : rounds_pairs(coach, b->round, &b->filter, &b->pairs);
}

static enum err alternatives(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return rounds_alternatives_of(coach, b->round, b->person, (struct str){"", 0}, &b->others);
}

static enum err move(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return rounds_move(coach, b->round, b->person, b->others.items[0].other_id,
                       b->others.items[0].swapped);
}

static enum err publish(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return rounds_publish(coach, b->round, INT32_MAX, &b->n);
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void note_gap(struct bench *b)
{
    double time = seconds(CLOCK_MONOTONIC);
    b->gap = time - b->at > b->gap ? time - b->at : b->gap;
    b->at = time;
}

static enum err shown(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return rounds_get(coach, b->round, &b->now);
}

static bool go_on(void *ctx)
{
    struct bench *b = ctx;
    b->looks++;
    note_gap(b);
    return false;
}

/* Also looks at what a coordinator would see. */
static bool go_on_looking(void *ctx)
{
    struct bench *b = ctx;
    if (coach_transact(&b->coach, COACH_READ, shown, b) == ERR_OK) {
        b->stood += b->now.progress <= b->shown;
        b->shown = b->now.progress;
    }
    return go_on(b);
}

static enum err work(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return rounds_work(coach, b->round, go_on_looking, b);
}

static enum err work_comparison(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    return comparisons_work(coach, b->comparison, go_on, b);
}

/* ---- measuring ---- */

static void bound(struct bench *b, const char *what, double value, double most, const char *unit)
{
    bool kept = value <= most;
    b->missed += !kept;
    printf("    %s: %.2f %s, at most %.2f: %s\n", what, value, unit, most,
           kept ? "kept" : "MISSED");
}

/* One call in memory of its own; what it gives must have been used before the next. */
static void once(struct bench *b, const char *what, enum coach_mode mode, coach_work_fn *call)
{
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    must(b, coach_transact(&b->coach, mode, call, b), what);
    printf("%-52s %8.3f s   %8.3f s CPU\n", what, seconds(CLOCK_MONOTONIC) - wall,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

static void job(struct bench *b, const char *what, coach_work_fn *call)
{
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    b->looks = b->stood = 0;
    b->shown = -1;
    b->gap = 0;
    b->at = wall;
    must(b, call(&b->coach, b), what);
    note_gap(b);
    printf("%-52s %8.3f s   %8.3f s CPU, progress told %d times\n", what,
           seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, b->looks);
}

static int by_time(const void *x, const void *y, void *ctx)
{
    (void)ctx;
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Median and p99 of LOOKS list pages, in milliseconds. */
static void pages(struct bench *b, const char *what, bool go_through)
{
    static double wall[LOOKS], cpu[LOOKS];
    struct arena *before = b->coach.arena;
    b->filter.after = 0;
    for (int k = 0; k < LOOKS; k++) {
        b->coach.arena = arena_new(0);
        double w = seconds(CLOCK_MONOTONIC), c = seconds(CLOCK_PROCESS_CPUTIME_ID);
        must(b, coach_transact(&b->coach, COACH_READ, look, b), what);
        wall[k] = 1000 * (seconds(CLOCK_MONOTONIC) - w);
        cpu[k] = 1000 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - c);
        b->filter.after = go_through ? b->pairs.next : 0;
        arena_free(b->coach.arena);
    }
    b->coach.arena = before;
    sort_items(wall, LOOKS, sizeof *wall, by_time, NULL);
    sort_items(cpu, LOOKS, sizeof *cpu, by_time, NULL);
    printf("%-52s %6.2f ms median, %6.2f ms p99 (CPU %.2f, %.2f)\n", what, wall[LOOKS / 2],
           wall[LOOKS * 99 / 100], cpu[LOOKS / 2], cpu[LOOKS * 99 / 100]);
    bound(b, "p99", wall[LOOKS * 99 / 100], 100, "ms");
}

/* The round, and what its list takes to look at. */
static void measure_round(struct bench *b)
{
    int64_t unit = b->filter.unit_id;
    once(b, "starting a round", COACH_WRITE, start);
    double begin = seconds(CLOCK_MONOTONIC);
    job(b, "the round, from the queue to the list", work);
    bound(b, "from the click", seconds(CLOCK_MONOTONIC) - begin, 10, "s");
    bound(b, "between two signs of progress", b->gap, 1, "s");
    bound(b, "signs that did not grow", b->stood, 0, "times");
    b->filter.unit_id = 0;
    pages(b, "the list, page after page", true);
    b->filter.words = str_of("martin");
    pages(b, "the list, by name", false);
    b->filter.words = (struct str){"", 0};
    b->filter.unit_id = unit;
    pages(b, "the list, of a school", false);
    b->filter.unit_id = 0;
    b->filter.after = 0;
    once(b, "the first page", COACH_READ, look);
    printf("    %d people, %d of %d served, %d pairs, gains %" PRId64 " under %" PRId64 ", %s\n",
           (int)b->now.n_people, (int)b->now.n_served, (int)b->now.n_learners, (int)b->now.n_pairs,
           b->now.total_gain, b->now.bound, b->now.proved ? "proved" : "not proved");
}

static void measure_the_rest(struct bench *b)
{
    b->person = b->pairs.items[b->pairs.n / 2].rows[0].learner_id;
    once(b, "other partners for somebody", COACH_READ, alternatives);
    once(b, "putting two together", COACH_WRITE, move);
    must(b, coach_transact(&b->coach, COACH_WRITE, again, b), "again");
    job(b, "worked out again around what is locked", work);
    once(b, "publishing", COACH_WRITE, publish);
    printf("    %" PRId64 " partnerships are proposed\n", b->n);
    must(b, coach_transact(&b->coach, COACH_WRITE, compare, b), "compare");
    job(b, "comparing what is left after that", work_comparison);
}

int main(int argc, char **argv)
{
    struct bench b = {.filter = {.words = {"", 0}, .locale = {"", 0}}};
    struct db *db;
    char message[DB_MAX_MESSAGE];
    if (argc > 2) {
        (void)programmes_strategy_of(str_of(argv[2]), &b.strategy);
        for (int k = 3; k < argc; k++) {
            b.same_unit = b.same_unit || str_is(str_of(argv[k]), "unit");
            b.alone = b.alone || str_is(str_of(argv[k]), "alone");
        }
    }
    if (argc < 2 || coach_connect(argv[1], &db, message, sizeof message)) {
        fprintf(stderr, "usage: bench-rounds DATABASE\n%s\n", argc == 2 ? message : "");
        return 1;
    }
    coach_init(&b.coach, db, arena_new(0), coach_clock_ms());
    coach_act_as_system(&b.coach);
    b.coach.memory = memory_new();
    must(&b, coach_transact(&b.coach, COACH_READ, find, &b), "find");
    must(&b, coach_transact(&b.coach, COACH_WRITE, prepare, &b), "prepare");
    once(&b, "opening the programme", COACH_WRITE, open_it);
    if (!b.alone) {
        must(&b, coach_transact(&b.coach, COACH_WRITE, compare, &b), "compare");
        job(&b, "strategies side by side", work_comparison);
    }
    measure_round(&b);
    if (!b.alone) {
        measure_the_rest(&b);
    }
    memory_free(b.coach.memory);
    coach_disconnect(db);
    arena_free(b.coach.arena);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("peak memory %ld MB; %d bounds missed\n", used.ru_maxrss / 1024, b.missed);
    return b.missed ? 1 : 0;
}
