/* The whole coaching model, zone_fit: honesty of its intervals, time and memory. */
#include "district.h"
#include "rows.h"

#include "base/arena.h"
#include "base/rng.h"
#include "zone/zone.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIM_SEEDS 20
#define SIM_PEOPLE 90
#define SIM_SKILLS 12
#define SIM_WEEK 39

/* ---- simulated coaching evidence with known truth (sim_zone.py) ---- */

static size_t sim_evidence(const struct bench_table *t, struct zone_evidence *to)
{
    static const char *const names[] = {"week",  "teacher",   "skill", "kind",
                                        "rater", "indicator", "value", "start"};
    int c[8];
    size_t n = 0;
    for (int k = 0; k < 8; k++) {
        c[k] = bench_column(t, names[k]);
    }
    for (size_t j = 0; j < t->n_rows; j++) {
        const char *kind = bench_field(t, j, c[3]);
        int32_t week = (int32_t)bench_number(t, j, c[0]), skill = (int32_t)bench_number(t, j, c[2]);
        int value = (int)bench_number(t, j, c[6]);
        struct zone_evidence e = {.person = (int32_t)bench_number(t, j, c[1]),
                                  .skill = skill,
                                  .rater = ZONE_NONE,
                                  .occasion = ZONE_NONE,
                                  .item = ZONE_NONE,
                                  .day = 7 * week,
                                  .difficulty = NAN};
        if (strcmp(kind, "task") != 0) {
            e.kind = ZONE_SELF;
            e.item = 3 * skill + (int32_t)bench_number(t, j, c[5]);
            e.level = (uint8_t)(value - 1);
            if (strcmp(kind, "peer") == 0) {
                e.kind = ZONE_OBSERVED;
                e.rater = (int32_t)bench_number(t, j, c[4]);
                e.occasion = week * SIM_PEOPLE + e.person;
            }
            to[n++] = e;
            continue;
        }
        /* One factor per level of support tried, from `start` to the one that sufficed. */
        e.kind = ZONE_TASK;
        e.difficulty = (float)bench_number(t, j, c[5]);
        for (int help = (int)bench_number(t, j, c[7]); help >= 1; help--) {
            e.support = (uint8_t)(4 - help);
            e.level = value == help;
            to[n++] = e;
            if (e.level) {
                break;
            }
        }
    }
    return n;
}

static void sim_cover(const struct bench_table *t, const struct zone_fit *fit, double cover[2])
{
    int week = bench_column(t, "week"), teacher = bench_column(t, "teacher");
    int skill = bench_column(t, "skill"), alone = bench_column(t, "alone");
    int assisted = bench_column(t, "assisted");
    double n = 0;
    cover[0] = cover[1] = 0;
    for (size_t j = 0; j < t->n_rows; j++) {
        if ((int)bench_number(t, j, week) == SIM_WEEK) {
            const struct zone_estimate *e =
                &fit->estimates[(int)bench_number(t, j, teacher) * SIM_SKILLS +
                                (int)bench_number(t, j, skill)];
            cover[0] += fabs(e->alone - bench_number(t, j, alone)) < 1.6449 * e->alone_sd;
            cover[1] += fabs(e->helped - bench_number(t, j, assisted)) < 1.6449 * e->helped_sd;
            n += 1;
        }
    }
    cover[0] /= n;
    cover[1] /= n;
}

/* Runs the generator into `dir`; it is absent where only the data are. */
static bool sim_make(const struct bench *ctx, const char *dir, int seed)
{
    char script[600], text[16];
    snprintf(script, sizeof script, "%s/../../tools/zone/sim_zone.py", ctx->data);
    snprintf(text, sizeof text, "%d", seed);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout)) {
            _exit(126);
        }
        execl("/usr/bin/python3", "python3", script, dir, text, (char *)NULL);
        _exit(127);
    }
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool sim_run(struct bench *ctx, const char *dir, double cover[2])
{
    struct bench local = *ctx;
    struct bench_table events, truth;
    local.data = dir;
    if (!bench_read(&local, "events.csv", &events)) {
        return false;
    }
    if (!bench_read(&local, "truth.csv", &truth)) {
        bench_free(&events);
        return false;
    }
    struct zone_evidence *evidence = calloc(4 * events.n_rows, sizeof *evidence);
    int32_t domain[SIM_SKILLS];
    uint8_t levels[SIM_SKILLS];
    for (int s = 0; s < SIM_SKILLS; s++) {
        domain[s] = s / 3;
        levels[s] = 4;
    }
    struct zone_data data = {.n_people = SIM_PEOPLE,
                             .n_skills = SIM_SKILLS,
                             .n_domains = 4,
                             .n_raters = SIM_PEOPLE,
                             .n_occasions = 40 * SIM_PEOPLE,
                             .n_items = 3 * SIM_SKILLS,
                             .skill_domain = domain,
                             .skill_levels = levels,
                             .evidence = evidence,
                             .n_evidence = sim_evidence(&events, evidence)};
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    bool good = zone_fit(arena, &data, NULL, NULL, &fit) == ERR_OK;
    if (good) {
        sim_cover(&truth, fit, cover);
    }
    arena_free(arena);
    free(evidence);
    bench_free(&events);
    bench_free(&truth);
    return good;
}

void row_sim(struct bench *ctx)
{
    double cover[2], least[2] = {1, 1}, most[2] = {0, 0}, sum[2] = {0, 0};
    char dir[] = "/tmp/bench-zone-XXXXXX", file[80];
    int n = 0;
    if (!mkdtemp(dir)) {
        bench_note(ctx, "cannot make a directory: %s", strerror(errno));
        return;
    }
    for (int seed = 1; seed <= SIM_SEEDS; seed++) {
        if (!sim_make(ctx, dir, seed) || !sim_run(ctx, dir, cover)) {
            bench_missing(ctx, "sim_zone.py");
            break;
        }
        n++;
        for (int k = 0; k < 2; k++) {
            least[k] = fmin(least[k], cover[k]);
            most[k] = fmax(most[k], cover[k]);
            sum[k] += cover[k];
        }
        if (ctx->verbose) {
            bench_note(ctx, "seed %d: A %.3f, A + G %.3f", seed, cover[0], cover[1]);
        }
    }
    static const char *const what[2] = {"A", "A + G"};
    for (int k = 0; k < 2 && n > 0; k++) {
        bench_note(ctx, "90 %% interval of %s, %d seeds: mean cover %.3f", what[k], n, sum[k] / n);
        bench_report(ctx, "least cover of a seed", least[k], .86, .94, what[k]);
        bench_report(ctx, "most cover of a seed", most[k], .86, .94, what[k]);
    }
    static const char *const left[] = {"events.csv", "truth.csv"};
    for (int k = 0; k < 2; k++) {
        snprintf(file, sizeof file, "%s/%s", dir, left[k]);
        unlink(file);
    }
    rmdir(dir);
}

/* ---- real lessons ---- */

void row_lessons(struct bench *ctx)
{
    struct bench_table t;
    if (!bench_read(ctx, "../gti/evidence.csv", &t)) {
        bench_missing(ctx, "gti/evidence.csv");
        return;
    }
    static const char *const names[4] = {"person", "skill", "rater", "occasion"};
    int32_t *code[4], n[4], level = bench_column(&t, "level");
    for (int k = 0; k < 4; k++) {
        int columns[2] = {bench_column(&t, names[k]), -1};
        code[k] = calloc(t.n_rows, sizeof *code[k]);
        n[k] = bench_codes(&t, columns, code[k]);
    }
    struct zone_evidence *evidence = calloc(t.n_rows, sizeof *evidence);
    int32_t domain[64];
    uint8_t levels[64];
    for (int s = 0; s < 64; s++) {
        domain[s] = s / 3;
        levels[s] = 4;
    }
    for (size_t j = 0; j < t.n_rows; j++) {
        evidence[j] = (struct zone_evidence){.person = code[0][j],
                                             .skill = code[1][j],
                                             .rater = code[2][j],
                                             .occasion = code[3][j],
                                             .item = ZONE_NONE,
                                             .day = ZONE_DAY_UNKNOWN,
                                             .difficulty = NAN,
                                             .level = (uint8_t)(bench_number(&t, j, level) - 1)};
    }
    struct zone_data data = {.n_people = n[0],
                             .n_skills = n[1],
                             .n_domains = 22,
                             .n_raters = n[2],
                             .n_occasions = n[3],
                             .skill_domain = domain,
                             .skill_levels = levels,
                             .evidence = evidence,
                             .n_evidence = t.n_rows};
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    double start = bench_cpu_seconds();
    enum err err = zone_fit(arena, &data, NULL, NULL, &fit);
    bench_report(ctx, "CPU s, 127,551 ratings (a bound of ours)",
                 err ? NAN : bench_cpu_seconds() - start, -INFINITY, 1.2, "lme4: 122 s");
    if (!err) {
        bench_note(ctx, "%d iterations, %d subsets, %.0f MB", fit->n_iterations, fit->n_subsets,
                   (double)arena_peak(arena) / 1048576);
    }
    arena_free(arena);
}

/* ---- synthetic districts ---- */

static void district_run(struct bench *ctx, const struct district *d)
{
    size_t cells = (size_t)d->n_people * (size_t)d->n_skills;
    size_t n = (size_t)d->n_people * (size_t)(d->n_visits * d->skills_per_visit);
    struct zone_evidence *evidence = calloc(n, sizeof *evidence);
    double *truth = calloc(cells, sizeof *truth), inside = 0;
    int32_t domain[64];
    uint8_t levels[64];
    for (int s = 0; s < 64; s++) {
        domain[s] = s / 3;
        levels[s] = 4;
    }
    struct zone_data data = {.n_people = d->n_people,
                             .n_skills = d->n_skills,
                             .n_domains = (d->n_skills + 2) / 3,
                             .n_raters = d->n_raters,
                             .n_occasions = d->n_people * d->n_visits,
                             .skill_domain = domain,
                             .skill_levels = levels,
                             .evidence = evidence,
                             .n_evidence = district_make(d, evidence, truth)};
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    double start = bench_cpu_seconds();
    enum err err = zone_fit(arena, &data, NULL, NULL, &fit);
    bench_note(ctx, "%zu ratings, %d people, %d raters, %d skills", n, d->n_people, d->n_raters,
               d->n_skills);
    bench_report(ctx, "CPU seconds of zone_fit (a bound of ours)",
                 err ? NAN : bench_cpu_seconds() - start, -INFINITY, d->most_seconds, "");
    bench_report(ctx, "memory, MB (a bound of ours)", (double)arena_peak(arena) / 1048576,
                 -INFINITY, d->most_mb, "");
    for (size_t k = 0; !err && k < cells; k++) {
        inside += fabs(fit->estimates[k].alone - truth[k]) < 1.6449 * fit->estimates[k].alone_sd;
    }
    bench_report(ctx, "90 % interval of A covers", inside / (double)cells, .86, .94, "");
    arena_free(arena);
    free(evidence);
    free(truth);
}

void row_districts(struct bench *ctx)
{
    static const struct district districts[] = {
        {300, 20, 300, 10, 20, 20, 500},  /* a school: everybody observes everybody */
        {8500, 7, 57, 2, 7, .8, 150},     /* one task rated twice by a small panel */
        {50000, 18, 2500, 2, 10, 4, 800}, /* a million ratings ... */
        {50000, 18, 50, 2, 10, 4, 800},   /* ... by few raters */
    };
    for (size_t k = 0; k < sizeof districts / sizeof *districts; k++) {
        district_run(ctx, &districts[k]);
    }
}
