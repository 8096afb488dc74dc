/* Classical many-facet data against FACETS (published reports) and TAM (estimates made
 * with 4.3-25). */
#include "zone/facets.h"
#include "rows.h"

#include "base/arena.h"
#include "zone/joint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of facets_reference.csv of one run and kind. */
static size_t reference(const struct bench_table *t, const char *run, const char *kind, size_t *row)
{
    size_t n = 0;
    int c_run = bench_column(t, "run"), c_kind = bench_column(t, "kind");
    for (size_t i = 0; i < t->n_rows && n < 64; i++) {
        if (strcmp(bench_field(t, i, c_run), run) == 0 &&
            strcmp(bench_field(t, i, c_kind), kind) == 0) {
            row[n++] = i;
        }
    }
    return n;
}

static double to_cents(double x)
{
    return floor(fabs(x) * 100 + 0.5) / 100 * (x < 0 ? -1 : 1);
}

/* Ratings with the published score and count of every element and the published level totals: these
 * are sufficient, so any such ratings give the same estimates. */
static size_t three_mile_ratings(const struct bench_table *t, const size_t *element, size_t n,
                                 int top_total, int32_t *person, uint8_t *y)
{
    int c_score = bench_column(t, "score"), c_count = bench_column(t, "count");
    size_t used = 0;
    int top[64], left = top_total;
    for (size_t e = 0; e < n; e++) {
        int count = (int)bench_number(t, element[e], c_count);
        int total = (int)bench_number(t, element[e], c_score) - count;
        top[e] = total > count ? total - count : 0; /* the fewest level-2 ratings that fit */
        left -= top[e];
    }
    for (size_t e = 0; e < n; e++) {
        int count = (int)bench_number(t, element[e], c_count);
        int total = (int)bench_number(t, element[e], c_score) - count;
        int more = total / 2 - top[e];
        more = more < left ? more : left;
        left -= more;
        top[e] += more;
        int middle = total - 2 * top[e];
        for (int k = 0; k < count; k++) {
            person[used] = (int32_t)e;
            y[used++] = k < top[e] ? 2 : k < top[e] + middle ? 1 : 0;
        }
    }
    return used;
}

void row_facets_3mile(struct bench *ctx)
{
    struct bench_table t;
    size_t element[64], step[64];
    if (!bench_read(ctx, "facets_reference.csv", &t)) {
        return;
    }
    size_t n = reference(&t, "3mile", "element", element);
    size_t n_steps = reference(&t, "3mile", "threshold", step);
    int c_measure = bench_column(&t, "measure"), c_se = bench_column(&t, "se");
    static int32_t person[4096];
    static uint8_t y[4096];
    size_t used = three_mile_ratings(
        &t, element, n, (int)bench_number(&t, step[2], bench_column(&t, "score")), person, y);
    struct facets_data data = {.n_ratings = used,
                               .n_people = (int)n,
                               .n_groups = 1,
                               .n_steps = 2,
                               .person = person,
                               .y = y};
    struct facets_options options = {.joint_ml = true, .tolerance = 1e-7};
    struct arena *arena = arena_new(0);
    struct facets_result *r;
    if (n_steps != 3 || facets_fit(arena, &data, &options, &r)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    double measure = 0, se = 0, threshold = 0;
    int wrong = 0;
    for (size_t e = 0; e < n; e++) {
        double m = bench_number(&t, element[e], c_measure), s = bench_number(&t, element[e], c_se);
        measure = fmax(measure, fabs(r->measure[e] - m));
        se = fmax(se, fabs(r->error[e] - s));
        wrong += fabs(to_cents(r->measure[e]) - m) > 1e-9;
        wrong += fabs(to_cents(r->error[e]) - s) > 1e-9;
    }
    for (int j = 0; j < 2; j++) {
        double m = bench_number(&t, step[1 + j], c_measure);
        threshold = fmax(threshold, fabs(r->threshold[j] - m));
        wrong += fabs(to_cents(r->threshold[j]) - m) > 1e-9;
    }
    bench_report(ctx, "printed decimals that differ", wrong, 0, 0, "FACETS 4.1.8 report");
    bench_report(ctx, "measures, largest difference", measure, 0, .005, "");
    bench_report(ctx, "thresholds, largest difference", threshold, 0, .005, "");
    bench_report(ctx, "S.E., largest difference", se, 0, .005, "");
    arena_free(arena);
    bench_free(&t);
}

#define BASEBALL_GAMES 22.0 /* of every pair of teams */

/* Wins of every pair that add up to the published totals: two observations and two terms each. */
static void baseball_games(const struct bench_table *t, const size_t *element, size_t n,
                           struct joint_observation *observation, struct joint_term *term)
{
    int c_wins = bench_column(t, "score");
    double wins = 0, games = BASEBALL_GAMES * (double)(n * (n - 1)) / 2;
    int32_t n_terms = 0;
    for (size_t e = 0; e < n; e++) {
        wins += bench_number(t, element[e], c_wins);
    }
    for (size_t a = 0; a < n; a++) {
        for (size_t b = a + 1; b < n; b++) {
            /* a's share over an even split is (surplus_a - surplus_b) / n. */
            double surplus =
                (bench_number(t, element[a], c_wins) - bench_number(t, element[b], c_wins)) *
                games / wins / (double)n;
            for (uint8_t level = 0; level < 2; level++) {
                *observation++ = (struct joint_observation){
                    .first_term = n_terms,
                    .n_terms = 2,
                    .thresholds = JOINT_NONE,
                    .shape = JOINT_NONE,
                    .weight = (float)(BASEBALL_GAMES / 2 + (level ? surplus : -surplus)),
                    .n_steps = 1,
                    .level = level};
            }
            term[n_terms++] = (struct joint_term){(int32_t)a, 1};
            term[n_terms++] = (struct joint_term){(int32_t)b, -1};
        }
    }
}

/* All teams stand in one front. */
void row_facets_baseball(struct bench *ctx)
{
    struct bench_table t;
    size_t element[64];
    if (!bench_read(ctx, "facets_reference.csv", &t)) {
        return;
    }
    size_t n = reference(&t, "baseball", "element", element), n_pairs = n * (n - 1) / 2;
    int c_measure = bench_column(&t, "measure");
    struct joint_effect effects[64] = {{0}};
    struct joint_observation observations[64 * 64];
    struct joint_term terms[64 * 64];
    int32_t parent = JOINT_NONE;
    baseball_games(&t, element, n, observations, terms);
    struct joint_family family = {.rule = JOINT_FLAT, .variance = 1};
    struct joint_model model = {.families = &family,
                                .effects = effects,
                                .front_parent = &parent,
                                .observations = observations,
                                .terms = terms,
                                .n_families = 1,
                                .n_effects = n,
                                .n_fronts = 1,
                                .n_observations = 2 * n_pairs,
                                .n_terms = 2 * n_pairs};
    struct joint_options options = {.mode = true, .tolerance = 1e-7};
    struct joint_result *r;
    struct arena *arena = arena_new(0);
    if (joint_fit(arena, &model, &options, &r)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    double worst = 0, mean = 0;
    for (size_t e = 0; e < n; e++) {
        mean += r->mean[e] / (double)n;
    }
    for (size_t e = 0; e < n; e++) {
        worst = fmax(worst, fabs(r->mean[e] - mean - bench_number(&t, element[e], c_measure)));
    }
    bench_report(ctx, "measures, largest difference", worst, 0, .03, "FACETS 4.1.8 report");
    arena_free(arena);
    bench_free(&t);
}

/* A set of ratings with TAM's estimates beside it. */
struct tam {
    const char *name;
    const char *facets[FACETS_MAX + 1]; /* NULL ends; the first is the item */
    double rater_most;                  /* with free severities */
    double seconds;                     /* TAM's */
    const char *peer;
};

struct set {
    struct bench_table table;
    struct facets_data data;
    int32_t *person;
    int column[FACETS_MAX + 1]; /* person, facets */
    size_t *kept;               /* rows that are not repetitions */
};

static bool load_set(struct bench *ctx, const struct tam *tam, struct set *set)
{
    char path[256];
    snprintf(path, sizeof path, "ratings/%s.csv", tam->name);
    if (!bench_read(ctx, path, &set->table)) {
        return false;
    }
    struct bench_table *t = &set->table;
    int all[FACETS_MAX + 2] = {bench_column(t, "person")}, n = 1;
    for (; tam->facets[n - 1]; n++) {
        all[n] = bench_column(t, tam->facets[n - 1]);
    }
    all[n] = -1;
    memcpy(set->column, all, sizeof set->column);
    int32_t *design = malloc(t->n_rows * sizeof *design);
    set->kept = malloc(t->n_rows * sizeof *set->kept);
    int32_t n_designs = bench_codes(t, all, design), next = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (design[i] == next) { /* the first of its kind: codes come in that order */
            set->kept[next++] = i;
        }
    }
    free(design);
    size_t m = (size_t)n_designs;
    uint8_t *y = malloc(m);
    int32_t *code = malloc(t->n_rows * sizeof *code);
    set->data = (struct facets_data){.n_ratings = m, .n_facets = n - 1, .n_groups = 1};
    for (int c = 0; c < n; c++) {
        int32_t *kept = malloc(m * sizeof *kept);
        int levels = bench_codes(t, (int[]){all[c], -1}, code);
        for (size_t i = 0; i < m; i++) {
            kept[i] = code[set->kept[i]];
        }
        if (c == 0) {
            set->data.person = set->person = kept;
            set->data.n_people = levels;
        } else {
            set->data.level[c - 1] = kept;
            set->data.n_levels[c - 1] = levels;
        }
    }
    free(code);
    int c_y = bench_column(t, "y");
    for (size_t i = 0; i < m; i++) {
        y[i] = (uint8_t)bench_number(t, set->kept[i], c_y);
        set->data.n_steps = y[i] > set->data.n_steps ? y[i] : set->data.n_steps;
    }
    set->data.y = y;
    return true;
}

/* Names of a facet's levels, by code. */
static void level_names(const struct set *set, int facet, const char **name)
{
    for (size_t i = 0; i < set->data.n_ratings; i++) {
        name[set->data.level[facet][i]] =
            bench_field(&set->table, set->kept[i], set->column[facet + 1]);
    }
}

/* TAM's value of every level, centred; NaN where it has none. */
static void tam_facet(const struct bench_table *t, const char *facet, const char **name, int n,
                      double *xsi)
{
    int c_facet = bench_column(t, "facet"), c_name = bench_column(t, "parameter");
    int c_xsi = bench_column(t, "xsi"), found = 0;
    double mean = 0;
    for (int k = 0; k < n; k++) {
        xsi[k] = NAN;
        for (size_t i = 0; i < t->n_rows; i++) {
            const char *label = bench_field(t, i, c_name);
            size_t prefix = strlen(facet);
            bool same = strcmp(label, name[k]) == 0 || (strncmp(label, facet, prefix) == 0 &&
                                                        strcmp(label + prefix, name[k]) == 0);
            if (strcmp(bench_field(t, i, c_facet), facet) == 0 && same) {
                xsi[k] = bench_number(t, i, c_xsi);
                mean += xsi[k];
                found++;
            }
        }
    }
    for (int k = 0; k < n; k++) {
        xsi[k] -= mean / found;
    }
}

static void compare_facet(const double *a, const double *b, int n, double *most, double *slope)
{
    double cross = 0, square = 0;
    *most = 0;
    for (int k = 0; k < n; k++) {
        if (!isnan(b[k])) {
            double d = fabs(a[k] - b[k]);
            *most = d > *most || isnan(d) ? d : *most;
            cross += a[k] * b[k];
            square += b[k] * b[k];
        }
    }
    *most = square > 0 ? *most : NAN; /* nothing compared */
    *slope = cross / square;
}

static void compare_people(const struct set *set, const struct bench_table *t,
                           const struct facets_result *r, double *corr, double *rms)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    int c_id = bench_column(t, "pid"), c_eap = bench_column(t, "EAP");
    bool *seen = calloc((size_t)set->data.n_people + 1, sizeof *seen);
    size_t at = 0;
    for (size_t i = 0; i < set->data.n_ratings; i++) {
        int32_t p = set->person[i];
        if (seen[p]) {
            continue;
        }
        seen[p] = true;
        const char *id = bench_field(&set->table, set->kept[i], set->column[0]);
        for (size_t k = 0; k < t->n_rows; k++, at = (at + 1) % t->n_rows) {
            if (strcmp(bench_field(t, at, c_id), id) == 0) {
                double x = r->measure[p], y = bench_number(t, at, c_eap);
                n++;
                sx += x;
                sy += y;
                sxx += x * x;
                syy += y * y;
                sxy += x * y;
                break;
            }
        }
    }
    free(seen);
    double vx = sxx / n - sx / n * sx / n, vy = syy / n - sy / n * sy / n;
    double vxy = sxy / n - sx / n * sy / n;
    *corr = vxy / sqrt(vx * vy);
    *rms = sqrt(vx + vy - 2 * vxy);
}

static void run_tam(struct bench *ctx, const struct tam *tam)
{
    struct set set = {0};
    struct bench_table facets, people;
    char path[256];
    snprintf(path, sizeof path, "tam_reference/%s_facets.csv", tam->name);
    if (!load_set(ctx, tam, &set) || !bench_read(ctx, path, &facets)) {
        return;
    }
    snprintf(path, sizeof path, "tam_reference/%s_person.csv", tam->name);
    if (!bench_read(ctx, path, &people)) {
        return;
    }
    struct arena *arena = arena_new(0);
    struct facets_result *r;
    struct facets_options options = {.tolerance = 1e-3};
    double start = bench_cpu_seconds();
    if (facets_fit(arena, &set.data, &options, &r)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    double seconds = bench_cpu_seconds() - start, corr, rms;
    compare_people(&set, &people, r, &corr, &rms);
    double first_variance = r->person_variance;
    options = (struct facets_options){.facet_variance = 25, .tolerance = 1e-4};
    struct facets_result *open;
    if (facets_fit(arena, &set.data, &options, &open)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    for (int a = 0; a < set.data.n_facets; a++) {
        int n = set.data.n_levels[a];
        const char **name = calloc((size_t)n, sizeof *name);
        double *xsi = calloc((size_t)n, sizeof *xsi), most, slope;
        level_names(&set, a, name);
        tam_facet(&facets, tam->facets[a], name, n, xsi);
        compare_facet(open->facet[a], xsi, n, &most, &slope);
        char what[96];
        snprintf(what, sizeof what, "%s, largest difference, free", tam->facets[a]);
        bool rater = strcmp(tam->facets[a], "rater") == 0;
        bench_report(ctx, what, most, -INFINITY, rater ? tam->rater_most : INFINITY, tam->peer);
        if (rater) {
            bench_report(ctx, "rater, slope, free", slope, .97, 1.03, "");
            compare_facet(r->facet[a], xsi, n, &most, &slope);
            bench_note(ctx, "rater, severities shrunk: largest %.3f, slope %.3f", most, slope);
        }
        free(name);
        free(xsi);
    }
    bench_report(ctx, "EAP, correlation", corr, .999, INFINITY, "TAM");
    bench_report(ctx, "EAP, root mean square difference", rms, -INFINITY, .03, "TAM");
    bench_note(ctx, "person variance %.3f, %d iterations, %zu ratings", first_variance,
               r->n_iterations, set.data.n_ratings);
    char peer[64];
    snprintf(peer, sizeof peer, "TAM %.1f s", tam->seconds);
    bench_report(ctx, "CPU seconds of the fit", seconds, -INFINITY, INFINITY, peer);
    bench_note(ctx, "memory of the fits %.0f MB", (double)arena_peak(arena) / 1048576);
    arena_free(arena);
}

void row_tam_cqc04(struct bench *ctx)
{
    run_tam(ctx, &(struct tam){"cqc04", {"item", "rater", "topic"}, .02, .2, "prototype .004"});
}

void row_tam_immer05(struct bench *ctx)
{
    run_tam(ctx, &(struct tam){"immer05", {"item", "rater"}, .04, 13.0, "prototype .030"});
}

void row_tam_ej1(struct bench *ctx)
{
    run_tam(ctx, &(struct tam){"ej1", {"item", "rater"}, INFINITY, .2, ""});
}

void row_tam_ej2(struct bench *ctx)
{
    run_tam(ctx, &(struct tam){"ej2", {"item", "rater"}, INFINITY, .3, "prototype, shrunk .043"});
}

void row_tam_ptam4(struct bench *ctx)
{
    run_tam(ctx, &(struct tam){"ptam4", {"item", "rater"}, INFINITY, .2, "prototype, shrunk .103"});
}

void row_rasch(struct bench *ctx)
{
    struct bench_table t, reference_items;
    if (!bench_read(ctx, "ratings/rasch2000x40_wide.csv", &t) ||
        !bench_read(ctx, "tam_reference/rasch2000x40_items.csv", &reference_items)) {
        return;
    }
    size_t n_items = t.n_columns - 1, n = t.n_rows * n_items;
    int32_t *person = malloc(n * sizeof *person), *item = malloc(n * sizeof *item);
    uint8_t *y = malloc(n);
    for (size_t i = 0; i < n; i++) {
        person[i] = (int32_t)(i / n_items);
        item[i] = (int32_t)(i % n_items);
        y[i] = (uint8_t)bench_number(&t, i / n_items, item[i] + 1);
    }
    struct facets_data data = {.n_ratings = n,
                               .n_people = (int)t.n_rows,
                               .n_facets = 1,
                               .n_groups = 1,
                               .n_steps = 1,
                               .n_levels = {(int)n_items},
                               .person = person,
                               .level = {item},
                               .y = y};
    struct facets_options options = {.facet_variance = 25, .tolerance = 1e-3};
    struct arena *arena = arena_new(0);
    struct facets_result *r;
    double start = bench_cpu_seconds();
    if (facets_fit(arena, &data, &options, &r)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    double seconds = bench_cpu_seconds() - start, worst = 0, mean = 0, xsi[256];
    int c_item = bench_column(&reference_items, "item"),
        c_xsi = bench_column(&reference_items, "xsi");
    for (size_t k = 0; k < n_items; k++) {
        for (size_t i = 0; i < reference_items.n_rows; i++) {
            if (strcmp(bench_field(&reference_items, i, c_item), t.fields[k + 1]) == 0) {
                xsi[k] = bench_number(&reference_items, i, c_xsi);
            }
        }
        mean += xsi[k] / (double)n_items;
    }
    for (size_t k = 0; k < n_items; k++) {
        worst = fmax(worst, fabs(r->facet[0][k] - (xsi[k] - mean)));
    }
    bench_report(ctx, "items, largest difference", worst, -INFINITY, .01, "TAM");
    bench_report(ctx, "person variance", r->person_variance, 1.38, 1.42, "TAM 1.40");
    bench_report(ctx, "CPU seconds of the fit", seconds, -INFINITY, INFINITY,
                 "TAM .27, mirt .59, eRm 1.59, glmer 5.0");
    arena_free(arena);
}
