/* Tutoring logs: the practice filter beside Elo, on learners it has not seen.
 *
 * Reads `user,item,skills,time,correct[,test]`, skills separated by ';', or `outcome` CORRECT,
 * INCORRECT or STUDY (the answer was shown) in place of `correct`.  Without a `test` column a
 * learner is held out iff the FNV-1a hash of the id is 0 modulo 5.  Test learners are predicted row
 * by row from their own past; everything else comes from the train learners. */
#include "rows.h"

#include "base/arena.h"
#include "base/num.h"
#include "zone/practice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a set must reach, by the base name of its file. */
static const struct target {
    const char *name;
    double auc, loss, ece;
} targets[] = {
    {"cloze", .850, .478, .022},   {"assist09gv", .772, .530, .010}, {"assist2009", .774, .521, 1},
    {"assist2015", .720, .520, 1}, {"assist2017", .718, .588, 1},    {"staticsgv", .825, .407, 1},
    {"algebra05s", .811, .430, 1}, {"spanishs", .856, .370, 1},
};

struct names {
    const char **text;
    int32_t *slot, n, cap; /* cap a power of two */
};

struct set {
    struct practice_log log;
    struct practice_row *rows;
    int32_t *skills;
    uint8_t *train;
};

struct score {
    double *p;
    uint8_t *y;
    size_t n;
};

/* The code of a text of n bytes, new if it was not met before. */
static int32_t name_code(struct names *names, const char *text, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    }
    if (names->n * 2 >= names->cap) {
        int32_t cap = names->cap ? names->cap * 2 : 1024;
        const char **text_old = names->text;
        struct names grown = {calloc((size_t)cap, sizeof *grown.text),
                              calloc((size_t)cap, sizeof *grown.slot), 0, cap};
        for (int32_t k = 0; k < names->n; k++) {
            (void)name_code(&grown, text_old[k], strcspn(text_old[k], ";"));
        }
        free(names->text);
        free(names->slot);
        *names = grown;
    }
    uint32_t mask = (uint32_t)names->cap - 1, at = h & mask;
    while (names->slot[at]) {
        const char *other = names->text[names->slot[at] - 1];
        if (strcspn(other, ";") == n && memcmp(other, text, n) == 0) {
            return names->slot[at] - 1;
        }
        at = (at + 1) & mask;
    }
    names->text[names->n] = text;
    names->slot[at] = ++names->n;
    return names->n - 1;
}

static bool set_read(struct bench *ctx, const char *file, struct set *set)
{
    struct bench_table table;
    if (!bench_read(ctx, file, &table)) {
        return false;
    }
    int user = bench_column(&table, "user"), item = bench_column(&table, "item");
    int skills = bench_column(&table, "skills"), time = bench_column(&table, "time");
    int correct = bench_column(&table, "correct"), outcome = bench_column(&table, "outcome");
    int test = bench_column(&table, "test");
    if (user < 0 || item < 0 || skills < 0 || time < 0 || (correct < 0 && outcome < 0)) {
        bench_note(ctx, "%s: columns user, item, skills, time and correct or outcome expected",
                   file);
        return false;
    }
    struct names users = {0}, items = {0}, known = {0};
    size_t n_skills = 0, cap = 4 * table.n_rows + 16;
    set->rows = calloc(table.n_rows + 1, sizeof *set->rows);
    set->skills = calloc(cap, sizeof *set->skills);
    set->train = calloc(table.n_rows + 1, 1);
    for (size_t j = 0; j < table.n_rows; j++) {
        const char *id = bench_field(&table, j, user), *result, *skill;
        struct practice_row *row = &set->rows[j];
        row->learner = name_code(&users, id, strlen(id));
        row->item =
            name_code(&items, bench_field(&table, j, item), strlen(bench_field(&table, j, item)));
        row->skill_at = (uint32_t)n_skills;
        row->time = bench_number(&table, j, time);
        result = bench_field(&table, j, correct >= 0 ? correct : outcome);
        row->outcome = correct >= 0 ? (*result == '1' ? PRACTICE_RIGHT : PRACTICE_WRONG)
                       : strcmp(result, "CORRECT") == 0 ? PRACTICE_RIGHT
                       : strcmp(result, "STUDY") == 0   ? PRACTICE_SHOWN
                                                        : PRACTICE_WRONG;
        bool held_out = test >= 0 ? *bench_field(&table, j, test) == '1' : bench_fnv(id) % 5 == 0;
        set->train[row->learner] = !held_out;
        for (skill = bench_field(&table, j, skills); n_skills < cap;) {
            size_t n = strcspn(skill, ";");
            set->skills[n_skills++] = name_code(&known, skill, n);
            row->n_skills++;
            if (skill[n] == '\0') {
                break;
            }
            skill += n + 1;
        }
    }
    set->log = (struct practice_log){set->rows, table.n_rows, set->skills, n_skills,
                                     users.n,   items.n,      known.n};
    return true;
}

static int by_prediction(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Area under the curve by ranks, ties shared. */
static double score_auc(const struct score *score)
{
    double(*pair)[2] = calloc(score->n + 1, sizeof *pair), right = 0, rank = 0;
    for (size_t i = 0; i < score->n; i++) {
        pair[i][0] = score->p[i];
        pair[i][1] = score->y[i];
        right += score->y[i];
    }
    qsort(pair, score->n, sizeof *pair, by_prediction);
    for (size_t i = 0; i < score->n;) {
        size_t end = i;
        double in = 0;
        while (end < score->n && pair[end][0] == pair[i][0]) {
            in += pair[end++][1];
        }
        rank += in * 0.5 * (double)(i + 1 + end);
        i = end;
    }
    free(pair);
    return (rank - 0.5 * right * (right + 1)) / (right * ((double)score->n - right));
}

static double score_loss(const struct score *score)
{
    double loss = 0;
    for (size_t i = 0; i < score->n; i++) {
        double p = fmin(fmax(score->p[i], 1e-6), 1 - 1e-6);
        loss -= log(score->y[i] ? p : 1 - p);
    }
    return loss / (double)score->n;
}

/* Expected calibration error, 10 equal bins. */
static double score_ece(const struct score *score)
{
    double gap[10] = {0}, sum = 0;
    for (size_t i = 0; i < score->n; i++) {
        int bin = score->p[i] < 1 ? (int)(score->p[i] * 10) : 9;
        gap[bin] += score->p[i] - score->y[i];
    }
    for (int k = 0; k < 10; k++) {
        sum += fabs(gap[k]);
    }
    return sum / (double)score->n;
}

static void score_add(struct score *score, double p, const struct practice_row *row)
{
    if (row->outcome != PRACTICE_SHOWN) {
        score->p[score->n] = p;
        score->y[score->n++] = row->outcome == PRACTICE_RIGHT;
    }
}

/* Elo with gains that fall with practice (Pelanek 2016), learner and learner x skill; the best of
 * three settings on the train learners. */
static void elo(const struct set *set, const double gain[3], bool test, struct score *score)
{
    size_t ni = (size_t)set->log.n_items, ns = (size_t)set->log.n_skills;
    size_t nu = (size_t)set->log.n_learners;
    double *g = calloc(nu * (ns + 1), sizeof *g), *b = calloc(ni, sizeof *b);
    uint32_t *ng = calloc(nu * (ns + 1), sizeof *ng), *nb = calloc(ni, sizeof *nb);
    score->n = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t j = 0; j < set->log.n_rows; j++) {
            const struct practice_row *row = &set->rows[j];
            if (row->outcome == PRACTICE_SHOWN || set->train[row->learner] != (pass == 0)) {
                continue;
            }
            double *own = g + (size_t)row->learner * (ns + 1), eta = own[ns] - b[row->item];
            uint32_t *n = ng + (size_t)row->learner * (ns + 1);
            const int32_t *skill = set->skills + row->skill_at;
            for (int k = 0; k < row->n_skills; k++) {
                eta += own[skill[k]] / row->n_skills;
            }
            double p = 1 / (1 + exp(-eta)), e = (row->outcome == PRACTICE_RIGHT) - p;
            if (test == (pass == 1)) {
                score_add(score, p, row);
            }
            own[ns] += gain[0] * .5 / (1 + gain[1] * n[ns]++) * e;
            for (int k = 0; k < row->n_skills; k++) {
                own[skill[k]] += gain[2] / (1 + gain[1] * n[skill[k]]++) * e;
            }
            if (pass == 0) {
                b[row->item] -= gain[0] / (1 + gain[1] * nb[row->item]++) * e;
            }
        }
    }
    free(g), free(b), free(ng), free(nb);
}

static void report(struct bench *ctx, const char *what, const struct score *score,
                   const struct target *target, const char *peer)
{
    char text[80];
    snprintf(text, sizeof text, "%s: AUC", what);
    bench_report(ctx, text, score_auc(score), target ? target->auc : -INFINITY, INFINITY, peer);
    snprintf(text, sizeof text, "%s: log-loss", what);
    bench_report(ctx, text, score_loss(score), -INFINITY, target ? target->loss : INFINITY, "");
    snprintf(text, sizeof text, "%s: calibration error", what);
    bench_report(ctx, text, score_ece(score), -INFINITY, target ? target->ece : INFINITY, "");
}

static void run_elo(struct bench *ctx, const struct set *set, struct score *score)
{
    static const double gains[3][3] = {{1.8, .05, .8}, {1.2, .05, .6}, {.8, .02, .6}};
    double best = INFINITY, start = bench_cpu_seconds();
    int chosen = 0;
    for (int k = 0; k < 3; k++) {
        elo(set, gains[k], false, score);
        double loss = score->n ? score_loss(score) : 0;
        chosen = loss < best ? k : chosen;
        best = loss < best ? loss : best;
    }
    elo(set, gains[chosen], true, score);
    report(ctx, "Elo", score, NULL, "");
    bench_note(ctx, "Elo: %.2f CPU s", bench_cpu_seconds() - start);
}

static void run_filter(struct bench *ctx, const struct set *set, struct score *score,
                       const char *what, const struct target *target, const char *peer)
{
    struct arena *arena = arena_new(0);
    struct practice_model *model;
    double start = bench_cpu_seconds(), fitted;
    if (practice_fit(arena, &set->log, set->train, &model)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    fitted = bench_cpu_seconds();
    struct practice_learner *learner = practice_learner_new(arena, model);
    int32_t last = -1;
    score->n = 0;
    for (size_t j = 0; learner && j < set->log.n_rows; j++) {
        const struct practice_row *row = &set->rows[j];
        if (!set->train[row->learner]) {
            if (row->learner != last) {
                practice_learner_reset(learner);
                last = row->learner;
            }
            score_add(score, practice_observe(learner, row, set->skills), row);
        }
    }
    double online = bench_cpu_seconds() - fitted;
    report(ctx, what, score, target, peer);
    if (score->n > 2000) {
        bench_report(ctx, "online, million answers a CPU second", (double)score->n / online / 1e6,
                     2, INFINITY, "");
    }
    bench_note(ctx, "fit %.2f CPU s, %d passes, %.0f MB", fitted - start, model->n_passes,
               (double)arena_peak(arena) / 1048576);
    for (int k = 0; ctx->verbose && k < PRACTICE_PARAM__MAX; k++) {
        bench_note(ctx, "parameter %d: %.3f", k, model->param[k]);
    }
    arena_free(arena);
}

static int by_learner(const void *a, const void *b)
{
    const struct practice_row *x = a, *y = b;
    return x->learner != y->learner ? (x->learner > y->learner) - (x->learner < y->learner)
                                    : (x->skill_at > y->skill_at) - (x->skill_at < y->skill_at);
}

void bench_practice(struct bench *ctx, const char *file, const char *name)
{
    struct set set;
    if (!set_read(ctx, file, &set)) {
        bench_missing(ctx, file);
        return;
    }
    const struct target *target = NULL;
    for (size_t k = 0; k < sizeof targets / sizeof *targets; k++) {
        size_t n = strlen(targets[k].name);
        if (strncmp(name, targets[k].name, n) == 0 && strchr("._", name[n])) {
            target = &targets[k];
        }
    }
    /* Learners together, each in the order of the file: skill_at rises with the rows. */
    qsort(set.rows, set.log.n_rows, sizeof *set.rows, by_learner);
    struct score score = {calloc(set.log.n_rows + 1, sizeof(double)), calloc(set.log.n_rows + 1, 1),
                          0};
    bench_note(ctx, "%s: %zu rows, %d learners, %d items, %d skills", name, set.log.n_rows,
               set.log.n_learners, set.log.n_items, set.log.n_skills);
    bool cloze = target == targets;
    static const struct target with_time = {"cloze", .850, .460, .022};
    run_filter(ctx, &set, &score, "filter", cloze ? &with_time : target,
               cloze ? "prototype with time .8635 / .4588" : "");
    for (size_t j = 0; j < set.log.n_rows; j++) {
        set.rows[j].time = 0;
    }
    run_filter(ctx, &set, &score, "filter without times", target,
               cloze ? "prototype .8541, Best-LR .8325, pyBKT .740" : "");
    run_elo(ctx, &set, &score);
    free(score.p), free(score.y), free(set.rows), free(set.skills), free(set.train);
}

void row_cloze(struct bench *ctx)
{
    bench_practice(ctx, "cloze_practice.csv", "cloze_practice.csv");
}
