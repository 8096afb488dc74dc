/* Few peers per teacher: are the intervals honest?  The design of the reference study: 60 teachers,
 * each observed once by each of two random colleagues, 6 indicators, 4 levels; standard deviations
 * teacher 1, severity .7, observer x indicator .5, lesson .5, indicator .5. */
#include "rows.h"

#include "base/arena.h"
#include "base/rng.h"
#include "zone/joint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEACHERS = 60, INDICATORS = 6, OBSERVERS = 2, STEPS = 3, REPLICATIONS = 30 };

enum { TEACHER, RATER, RATER_INDICATOR, LESSON, INDICATOR, THRESHOLD, N_FAMILIES };

enum {
    N_RATINGS = TEACHERS * OBSERVERS * INDICATORS,
    N_EFFECTS = TEACHERS * (2 + INDICATORS + OBSERVERS) + INDICATORS + STEPS
};

/* The priors of the study's last row: too low for the teachers, too low for severity. */
static const struct joint_family families[N_FAMILIES] = {
    [TEACHER] = {.variance = .8 * .8, .pseudo = 4},
    [RATER] = {.variance = .5 * .5, .pseudo = 4},
    [RATER_INDICATOR] = {.variance = .5 * .5, .pseudo = 4},
    [LESSON] = {.variance = .5 * .5, .pseudo = 4},
    [INDICATOR] = {.variance = 1, .pseudo = 4, .shared = true},
    [THRESHOLD] = {.rule = JOINT_FIXED, .variance = 25, .shared = true},
};

struct world {
    struct joint_family families[N_FAMILIES];
    struct joint_effect effects[N_EFFECTS];
    struct joint_observation observations[N_RATINGS];
    struct joint_term terms[N_RATINGS * 5];
    int32_t parent[TEACHERS];
    double truth[TEACHERS];
    struct joint_model model;
};

static int32_t add_effects(struct world *w, int family, int32_t front, int n)
{
    int32_t first = (int32_t)w->model.n_effects;
    for (int k = 0; k < n; k++) {
        w->effects[w->model.n_effects++] = (struct joint_effect){family, front, first + k};
    }
    return first;
}

static uint8_t draw_level(struct rng *rng, double eta)
{
    static const double tau[STEPS] = {-1.5, 0, 1.5};
    double p[STEPS + 1], sum = 0, s = 0, u = rng_unit(rng);
    for (int y = 0; y <= STEPS; y++) {
        sum += p[y] = exp(s);
        s += y < STEPS ? eta - tau[y] : 0;
    }
    uint8_t y = 0;
    for (double low = p[0] / sum; y < STEPS && u > low; low += p[y] / sum) {
        y++;
    }
    return y;
}

/* `global`: teachers as global effects, which gives the same posterior and also its variances about
 * the teachers' mean, as the study reports them. */
static void simulate(struct world *w, uint64_t seed, bool global)
{
    struct rng rng = rng_seed(seed);
    double severity[TEACHERS], use[TEACHERS][INDICATORS], b[INDICATORS];
    memset(w, 0, sizeof *w);
    memcpy(w->families, families, sizeof families);
    w->families[TEACHER].centred = global;
    for (int t = 0; t < TEACHERS; t++) {
        w->truth[t] = rng_normal(&rng);
        severity[t] = .7 * rng_normal(&rng);
        for (int i = 0; i < INDICATORS; i++) {
            use[t][i] = .5 * rng_normal(&rng);
        }
        w->parent[t] = JOINT_NONE;
    }
    for (int i = 0; i < INDICATORS; i++) {
        b[i] = .5 * rng_normal(&rng);
    }
    for (int t = 0; t < TEACHERS; t++) {
        add_effects(w, TEACHER, global ? JOINT_NONE : t, 1);
    }
    int32_t rater = add_effects(w, RATER, JOINT_NONE, TEACHERS);
    int32_t rater_indicator = add_effects(w, RATER_INDICATOR, JOINT_NONE, TEACHERS * INDICATORS);
    int32_t indicator = add_effects(w, INDICATOR, JOINT_NONE, INDICATORS);
    int32_t threshold = add_effects(w, THRESHOLD, JOINT_NONE, STEPS);
    for (int t = 0; t < TEACHERS; t++) {
        int before = -1;
        for (int v = 0; v < OBSERVERS; v++) {
            int o;
            do {
                o = (int)rng_below(&rng, TEACHERS);
            } while (o == t || o == before);
            before = o;
            double level = w->truth[t] + .5 * rng_normal(&rng) - severity[o];
            int32_t lesson = add_effects(w, LESSON, t, 1);
            for (int i = 0; i < INDICATORS; i++) {
                w->observations[w->model.n_observations++] =
                    (struct joint_observation){.front = t,
                                               .first_term = (int32_t)w->model.n_terms,
                                               .n_terms = 5,
                                               .thresholds = threshold,
                                               .shape = JOINT_NONE,
                                               .weight = 1,
                                               .n_steps = STEPS,
                                               .level = draw_level(&rng, level - use[o][i] - b[i])};
                int32_t effect[5] = {t, lesson, rater + o, rater_indicator + o * INDICATORS + i,
                                     indicator + i};
                for (int k = 0; k < 5; k++) {
                    w->terms[w->model.n_terms++] =
                        (struct joint_term){effect[k], k < 2 ? 1.0F : -1.0F};
                }
            }
        }
    }
    w->model.families = w->families;
    w->model.effects = w->effects;
    w->model.front_parent = w->parent;
    w->model.observations = w->observations;
    w->model.terms = w->terms;
    w->model.n_families = N_FAMILIES;
    w->model.n_fronts = TEACHERS;
}

/* Adds one replication's share inside and mean square error. */
static bool replicate(uint64_t seed, bool global, double *inside, double *square)
{
    static struct world w;
    simulate(&w, seed, global);
    struct arena *arena = arena_new(0);
    struct joint_options options = {0};
    struct joint_result *r;
    bool ok = joint_fit(arena, &w.model, &options, &r) == ERR_OK && r->exact;
    double shift = 0;
    for (int t = 0; ok && global && t < TEACHERS; t++) {
        shift += (r->mean[t] - w.truth[t]) / TEACHERS;
    }
    for (int t = 0; ok && t < TEACHERS; t++) {
        double d = r->mean[t] - w.truth[t] - shift;
        *inside += fabs(d) < 1.6449 * sqrt(r->variance[t]);
        *square += d * d;
    }
    arena_free(arena);
    return ok;
}

void row_peer(struct bench *ctx)
{
    double inside[2] = {0}, square[2] = {0}, n = (double)TEACHERS * REPLICATIONS;
    for (int k = 0; k < REPLICATIONS; k++) {
        for (int global = 0; global < 2; global++) {
            if (!replicate((uint64_t)k + 1, global, &inside[global], &square[global])) {
                bench_report(ctx, "fit failed", NAN, 0, 0, "");
                return;
            }
        }
    }
    bench_report(ctx, "90 % interval about the mean covers", inside[1] / n, .87, .93,
                 "no rater effect .60, mean field .64-.72, prototype .89");
    bench_report(ctx, "root mean square error about the mean", sqrt(square[1] / n), -INFINITY, .60,
                 "good .58");
    bench_report(ctx, "90 % interval as shown to a teacher covers", inside[0] / n, .87, .93, "");
    bench_note(ctx, "%d replications", REPLICATIONS);
}
