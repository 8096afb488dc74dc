/* Held-out observers of real lessons (Global Teaching InSights): the families of the coaching
 * model against the peers' figures on the same split.
 *
 * A unit lesson x observer is held out when FNV-1a of "VIDEO|rater" mod 5 is 0, unless that would
 * hold out every observer of the lesson: then only the first in file order stays. */
#include "rows.h"

#include "base/arena.h"
#include "zone/joint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gti {
    struct bench_table table;
    size_t n;
    int32_t *teacher, *video, *rater, *item, *domain, *visit_rater, *held;
    int32_t n_teachers, n_videos, n_raters, n_items, n_domains, n_units;
    int level;
};

static int32_t *column(struct gti *g, const int *columns, int32_t *n)
{
    int32_t *code = calloc(g->n + 1, sizeof *code);
    *n = bench_codes(&g->table, columns, code);
    return code;
}

/* The first two letters of the component are its domain. */
static void make_domains(struct gti *g, int item_column)
{
    char names[32][3];
    g->domain = calloc((size_t)g->n_items + 1, sizeof *g->domain);
    for (size_t i = 0; i < g->n; i++) {
        const char *item = bench_field(&g->table, i, item_column);
        int32_t d = 0;
        while (d < g->n_domains && strncmp(names[d], item, 2) != 0) {
            d++;
        }
        if (d == g->n_domains) {
            snprintf(names[g->n_domains++], 3, "%.2s", item);
        }
        g->domain[g->item[i]] = d;
    }
}

static void make_split(struct gti *g, int video_column, int rater_column)
{
    int32_t *unit_held = calloc((size_t)g->n_units + 1, sizeof *unit_held);
    int32_t *unit_video = calloc((size_t)g->n_units + 1, sizeof *unit_video);
    int32_t *open = calloc((size_t)g->n_videos + 1, sizeof *open); /* units in train */
    int32_t next = 0;
    g->held = calloc(g->n + 1, sizeof *g->held);
    for (size_t i = 0; i < g->n; i++) {
        int32_t u = g->visit_rater[i];
        if (u == next) { /* codes are in order of first appearance */
            char key[128];
            snprintf(key, sizeof key, "%s|%s", bench_field(&g->table, i, video_column),
                     bench_field(&g->table, i, rater_column));
            unit_held[u] = bench_fnv(key) % 5 == 0;
            unit_video[u] = g->video[i];
            open[g->video[i]] += !unit_held[u];
            next++;
        }
    }
    int32_t *first = calloc((size_t)g->n_videos + 1, sizeof *first);
    for (int32_t u = 0; u < g->n_units; u++) {
        /* No observer left: only the first stays held out, as in the reference script. */
        if (!open[unit_video[u]] && first[unit_video[u]]++) {
            unit_held[u] = 0;
        }
    }
    for (size_t i = 0; i < g->n; i++) {
        g->held[i] = unit_held[g->visit_rater[i]];
    }
    free(unit_held);
    free(unit_video);
    free(open);
    free(first);
}

static bool load(struct bench *ctx, struct gti *g)
{
    if (!bench_read(ctx, "gti_components.csv", &g->table)) {
        return false;
    }
    struct bench_table *t = &g->table;
    g->n = t->n_rows;
    int teacher = bench_column(t, "teacher"), video = bench_column(t, "video");
    int rater = bench_column(t, "rater"), item = bench_column(t, "item");
    g->level = bench_column(t, "y");
    g->teacher = column(g, (int[]){teacher, -1}, &g->n_teachers);
    g->video = column(g, (int[]){video, -1}, &g->n_videos);
    g->rater = column(g, (int[]){rater, -1}, &g->n_raters);
    g->item = column(g, (int[]){item, -1}, &g->n_items);
    g->visit_rater = column(g, (int[]){video, rater, -1}, &g->n_units);
    make_domains(g, item);
    make_split(g, video, rater);
    return true;
}

/* The families, with the prior standard deviations of the coaching model. */
enum {
    PERSON,
    PERSON_DOMAIN,
    PERSON_SKILL,
    VISIT,
    VISIT_SKILL,
    HALO,
    RATER,
    RATER_SKILL,
    SHAPE,
    THRESHOLD,
    N_FAMILIES
};

static const struct joint_family families[N_FAMILIES] = {
    [PERSON] = {.variance = .8 * .8, .pseudo = 4},
    [PERSON_DOMAIN] = {.variance = .5 * .5, .pseudo = 4},
    [PERSON_SKILL] = {.variance = .6 * .6, .pseudo = 4},
    [VISIT] = {.variance = .3 * .3, .pseudo = 4},
    [VISIT_SKILL] = {.variance = .6 * .6, .pseudo = 4},
    [HALO] = {.variance = .45 * .45, .pseudo = 4},
    [RATER] = {.variance = .35 * .35, .pseudo = 4, .centred = true},
    [RATER_SKILL] = {.variance = .75 * .75, .pseudo = 4},
    [SHAPE] = {.variance = .3 * .3, .pseudo = 4},
    [THRESHOLD] = {.rule = JOINT_FIXED, .variance = 4, .shared = true},
};

struct builder {
    const struct gti *g;
    size_t *order; /* ratings by teacher, item, video, rater */
    struct joint_effect *effects;
    struct joint_observation *observations;
    struct joint_term *terms;
    int32_t *front_parent;
    size_t n_effects, n_fronts, n_terms;
    int32_t rater, rater_skill, shape, threshold; /* first of each */
    int32_t *visit, *halo; /* by lesson, by lesson x observer: effect or JOINT_NONE */
};

static const struct gti *sorting; /* qsort has no context */

static int by_design(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const int32_t *keys[] = {sorting->teacher, sorting->item, sorting->visit_rater, sorting->held};
    for (int k = 0; k < 4; k++) {
        if (keys[k][x] != keys[k][y]) {
            return keys[k][x] < keys[k][y] ? -1 : 1;
        }
    }
    return x < y ? -1 : x > y;
}

static int32_t add_effect(struct builder *b, int family, int32_t front, int32_t group)
{
    b->effects[b->n_effects] = (struct joint_effect){family, front, group};
    return (int32_t)b->n_effects++;
}

static int32_t add_front(struct builder *b, int32_t parent)
{
    b->front_parent[b->n_fronts] = parent;
    return (int32_t)b->n_fronts++;
}

static void add_term(struct builder *b, int32_t effect, float coefficient)
{
    b->terms[b->n_terms++] = (struct joint_term){effect, coefficient};
}

static void add_globals(struct builder *b)
{
    const struct gti *g = b->g;
    b->rater = (int32_t)b->n_effects;
    for (int32_t o = 0; o < g->n_raters; o++) {
        add_effect(b, RATER, JOINT_NONE, o);
    }
    b->rater_skill = (int32_t)b->n_effects;
    for (int32_t k = 0; k < g->n_raters * g->n_items; k++) {
        add_effect(b, RATER_SKILL, JOINT_NONE, k / g->n_items);
    }
    b->shape = (int32_t)b->n_effects;
    for (int32_t k = 0; k < g->n_raters * g->n_items * 2; k++) {
        add_effect(b, SHAPE, JOINT_NONE, k / g->n_items / 2);
    }
    b->threshold = (int32_t)b->n_effects;
    for (int32_t k = 0; k < g->n_items * 3; k++) {
        add_effect(b, THRESHOLD, JOINT_NONE, g->n_raters + k / 3);
    }
}

/* The terms of one rating; new cells of the design get their effects on the way. */
static void add_terms(struct builder *b, size_t i, int32_t tree, int32_t person, int32_t domain,
                      int32_t skill, int32_t visit_skill)
{
    const struct gti *g = b->g;
    int32_t unit = g->visit_rater[i], video = g->video[i];
    if (b->visit[video] == JOINT_NONE) {
        b->visit[video] = add_effect(b, VISIT, tree, 0);
    }
    if (b->halo[unit] == JOINT_NONE) {
        b->halo[unit] = add_effect(b, HALO, tree, 0);
    }
    add_term(b, person, 1);
    add_term(b, domain, 1);
    add_term(b, skill, 1);
    add_term(b, b->visit[video], 1);
    add_term(b, visit_skill, 1);
    add_term(b, b->halo[unit], -1);
    add_term(b, b->rater + g->rater[i], -1);
    add_term(b, b->rater_skill + g->rater[i] * g->n_items + g->item[i], -1);
}

static void add_ratings(struct builder *b)
{
    const struct gti *g = b->g;
    int32_t tree = 0, leaf = 0, person = 0, skill = 0, visit_skill = 0;
    int32_t domain[32];
    size_t before = g->n;
    for (size_t k = 0; k < g->n; k++) {
        size_t i = b->order[k];
        bool new_person = before == g->n || g->teacher[i] != g->teacher[before];
        bool new_skill = new_person || g->item[i] != g->item[before];
        bool new_visit = new_skill || g->video[i] != g->video[before];
        if (new_person) {
            tree = add_front(b, JOINT_NONE);
            person = add_effect(b, PERSON, tree, 0);
            for (int32_t d = 0; d < g->n_domains; d++) {
                domain[d] = add_effect(b, PERSON_DOMAIN, tree, 0);
            }
        }
        if (new_skill) {
            leaf = add_front(b, tree);
            skill = add_effect(b, PERSON_SKILL, leaf, 0);
        }
        if (new_visit) {
            visit_skill = add_effect(b, VISIT_SKILL, leaf, 0);
        }
        int32_t first = (int32_t)b->n_terms;
        add_terms(b, i, tree, person, domain[g->domain[g->item[i]]], skill, visit_skill);
        int cell = g->rater[i] * g->n_items + g->item[i];
        b->observations[k] = (struct joint_observation){
            .front = leaf,
            .first_term = first,
            .n_terms = (uint8_t)((int32_t)b->n_terms - first),
            .thresholds = b->threshold + g->item[i] * 3,
            .shape = b->shape + cell * 2,
            .weight = g->held[i] ? 0 : 1,
            .n_steps = 3,
            .level = (uint8_t)(bench_number(&g->table, i, g->level) - 1),
        };
        before = i;
    }
}

static void build(struct builder *b)
{
    const struct gti *g = b->g;
    size_t n_effects = (size_t)g->n_raters * (1 + 3 * (size_t)g->n_items) + 3 * (size_t)g->n_items +
                       g->n * 4 + (size_t)g->n_teachers * (1 + (size_t)g->n_domains);
    b->effects = calloc(n_effects, sizeof *b->effects);
    b->observations = calloc(g->n, sizeof *b->observations);
    b->terms = calloc(g->n * 9, sizeof *b->terms);
    b->front_parent = calloc((size_t)g->n_teachers * (1 + (size_t)g->n_items), sizeof(int32_t));
    b->order = calloc(g->n, sizeof *b->order);
    b->visit = malloc((size_t)g->n_videos * sizeof *b->visit);
    b->halo = malloc((size_t)g->n_units * sizeof *b->halo);
    for (size_t i = 0; i < g->n; i++) {
        b->order[i] = i;
    }
    sorting = g;
    qsort(b->order, g->n, sizeof *b->order, by_design);
    memset(b->visit, -1, (size_t)g->n_videos * sizeof *b->visit);
    memset(b->halo, -1, (size_t)g->n_units * sizeof *b->halo);
    add_globals(b);
    add_ratings(b);
}

void row_gti(struct bench *ctx)
{
    struct gti g = {0};
    if (!load(ctx, &g)) {
        return;
    }
    struct builder b = {.g = &g};
    build(&b);
    struct joint_model model = {.families = families,
                                .effects = b.effects,
                                .front_parent = b.front_parent,
                                .observations = b.observations,
                                .terms = b.terms,
                                .n_families = N_FAMILIES,
                                .n_effects = b.n_effects,
                                .n_fronts = b.n_fronts,
                                .n_observations = g.n,
                                .n_terms = b.n_terms};
    struct joint_options options = {0};
    struct joint_result *r;
    struct arena *arena = arena_new(0);
    double start = bench_cpu_seconds();
    if (joint_fit(arena, &model, &options, &r)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    double seconds = bench_cpu_seconds() - start, sum = 0, n = 0;
    for (size_t k = 0; k < g.n; k++) {
        if (g.held[b.order[k]]) {
            double p[4];
            joint_predict(&model, r, k, p);
            sum -= log(p[b.observations[k].level]);
            n++;
        }
    }
    bench_report(ctx, "held-out observers, log-loss", sum / n, -INFINITY, .855,
                 "observer x component table .856, severity only .988, prototype .840");
    bench_note(ctx, "%.0f ratings held out of %zu, %d iterations, train %.4f", n, g.n,
               r->n_iterations, -r->log_likelihood);
    for (int f = 0; ctx->verbose && f < N_FAMILIES; f++) {
        bench_note(ctx, "family %d: sd %.3f", f, sqrt(r->family_variance[f]));
    }
    bench_report(ctx, "CPU seconds of the fit (a bound of ours)", seconds, -INFINITY, 1.0,
                 "lme4 122 s (simpler model)");
    bench_note(ctx, "memory of the fit %.0f MB", (double)arena_peak(arena) / 1048576);
}
