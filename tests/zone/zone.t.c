/* The coaching model: a dense posterior by quadrature, order, degenerate evidence, simulated
 * people, failures of allocation. */
#include "zone/zone.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/num.h"
#include "base/rng.h"
#include "zone/joint.h"
#include "zone/zone_build.h"

#include "tap.h"
#include "world.h"

#include <stdlib.h>

static bool finite_fit(const struct zone_data *data, const struct zone_fit *fit)
{
    bool good = true;
    for (size_t k = 0; k < (size_t)data->n_people * (size_t)data->n_skills; k++) {
        const struct zone_estimate *e = &fit->estimates[k];
        good &= isfinite(e->alone) && isfinite(e->helped) && isfinite(e->zone_lo) &&
                e->alone_sd > 0 && e->gain_sd > 0 && e->helped_sd > 0 && e->alone_level >= 1 &&
                e->alone_level_lo <= e->alone_level && e->alone_level <= e->alone_level_hi;
    }
    for (int32_t r = 0; r < data->n_raters; r++) {
        good &= isfinite(fit->raters[r].severity) && isfinite(fit->raters[r].infit) &&
                fit->raters[r].severity_sd > 0;
    }
    return good && isfinite(fit->log_likelihood);
}

/* ---- one person, one skill: the posterior of (A, G) by a grid ---- */

static void oracle(const struct zone_evidence *row, size_t n, double va, double vg, double out[5])
{
    static const double share[ZONE_SUPPORT__MAX] = {0, .45, .75, 1};
    double sum = 0, a1 = 0, g1 = 0, aa = 0, gg = 0, ag = 0;
    for (double a = -8; a <= 8; a += 0.04) {
        for (double g = -4; g <= 7; g += 0.04) {
            double p = exp(-0.5 * a * a / va - 0.5 * (g - 1.4) * (g - 1.4) / vg);
            for (size_t j = 0; j < n; j++) {
                double eta = a + share[row[j].support] * g - (double)row[j].difficulty;
                p *= num_logistic(row[j].level ? eta : -eta);
            }
            sum += p, a1 += p * a, g1 += p * g, aa += p * a * a, gg += p * g * g, ag += p * a * g;
        }
    }
    a1 /= sum, g1 /= sum;
    out[0] = a1, out[1] = g1, out[2] = sqrt(aa / sum - a1 * a1), out[3] = sqrt(gg / sum - g1 * g1);
    out[4] = ag / sum - a1 * g1;
}

static void test_posterior(void)
{
    static const struct {
        double b;
        uint8_t support, level;
    } tries[] = {{0.2, 0, 1}, {1.1, 0, 0}, {1.1, 1, 0}, {1.1, 2, 1}, {0.6, 0, 0}, {0.6, 3, 1},
                 {-.5, 0, 1}, {1.6, 0, 0}, {1.6, 1, 1}, {0.9, 0, 1}, {0.1, 0, 1}};
    struct arena *arena = arena_new(0);
    struct zone_evidence row[16];
    size_t n = sizeof tries / sizeof *tries;
    for (size_t j = 0; j < n; j++) {
        row[j] = blank(0, 0, ZONE_TASK);
        row[j].difficulty = (float)tries[j].b;
        row[j].support = tries[j].support;
        row[j].level = tries[j].level;
    }
    int32_t domain = 0;
    uint8_t levels = 4;
    struct zone_data data = {1, 1, 1, 0, 0, 0, &domain, &levels, row, n, NULL};
    struct zone_plan plan;
    struct zone_build build;
    struct joint_options options = {0};
    struct joint_result *result = NULL;
    double expected[5], va = 0, vg = 0;
    bool done = zone_plan_make(arena, &data, &plan) == ERR_OK &&
                zone_build_make(arena, &plan, &build) == ERR_OK;
    for (int f = 0; done && f < ZONE_F__MAX; f++) {
        build.families[f].rule = JOINT_FIXED;
        bool a = f == ZONE_F_GENERAL || f == ZONE_F_SKILL || f == ZONE_F_LEVEL ||
                 f == ZONE_F_LEVEL_SKILL;
        bool g = f == ZONE_F_GAIN || f == ZONE_F_GAIN_MEAN || f == ZONE_F_GAIN_SKILL;
        va += a ? build.families[f].variance : 0;
        vg += g ? build.families[f].variance : 0;
    }
    done = done && joint_fit(arena, &build.model, &options, &result) == ERR_OK;
    tap_ok(done && build.n_leaves == 1, "one person, one skill: fitted");
    if (done) {
        const struct joint_answer *answer = &result->answers[build.leaves[0].query];
        oracle(row, n, va, vg, expected);
        tap_near(answer->mean_a, expected[0], 0.03, "mean of A against quadrature");
        tap_near(answer->mean_b, expected[1], 0.03, "mean of G");
        tap_near(sqrt(answer->variance_a), expected[2], 0.03, "sd of A");
        tap_near(sqrt(answer->variance_b), expected[3], 0.03, "sd of G");
        tap_near(answer->covariance, expected[4], 0.03, "their covariance");
    }
    arena_free(arena);
}

/* ---- simulated people ---- */

static void test_people(bool dated)
{
    double inside[2] = {0, 0}, n = 0, help = 0;
    int enough = 0, bands = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct world *w = world_make(seed, dated);
        struct arena *arena = arena_new(0);
        struct zone_fit *fit;
        if (zone_fit(arena, &w->data, NULL, NULL, &fit) == ERR_OK && finite_fit(&w->data, fit)) {
            for (int p = 0; p < PEOPLE; p++) {
                for (int s = 0; s < SKILLS; s++, n++) {
                    const struct zone_estimate *e = &fit->estimates[p * SKILLS + s];
                    inside[0] += fabs(e->alone - w->alone[p][s]) < 1.645 * e->alone_sd;
                    inside[1] +=
                        fabs(e->helped - w->alone[p][s] - w->gain[p][s]) < 1.645 * e->helped_sd;
                    help += e->gain;
                    enough += e->enough;
                    bands += e->zone_lo < e->zone_hi;
                    n += e->n_occasions == 4 && e->n_raters >= 1 && e->n_evidence >= 12 ? 0 : 1e9;
                }
            }
        } else {
            n = INFINITY;
        }
        arena_free(arena);
        free(w);
    }
    tap_near(inside[0] / n, 0.9, 0.05, "90 %% intervals cover A (%s)",
             dated ? "dated" : "no dates");
    tap_near(inside[1] / n, 0.9, 0.05, "and A + G");
    tap_near(help / n, 1.4, 0.25, "the mean gain is found");
    tap_ok(enough > 0.6 * n && bands > 0.3 * n, "most are known well enough: %d, bands %d", enough,
           bands);
}

static void test_order(void)
{
    struct world *w = world_make(9, true);
    struct arena *arena = arena_new(0);
    struct zone_fit *a, *b;
    struct rng rng = rng_seed(3);
    enum err err = zone_fit(arena, &w->data, NULL, NULL, &a);
    for (size_t j = w->data.n_evidence - 1; j > 0; j--) {
        size_t k = rng_below(&rng, (uint32_t)j + 1);
        struct zone_evidence row = w->row[j];
        w->row[j] = w->row[k];
        w->row[k] = row;
    }
    tap_ok(err == ERR_OK && zone_fit(arena, &w->data, NULL, NULL, &b) == ERR_OK &&
               memcmp(a->estimates, b->estimates, PEOPLE * SKILLS * sizeof *a->estimates) == 0 &&
               memcmp(a->raters, b->raters, RATERS * sizeof *a->raters) == 0,
           "the order of the evidence does not change a bit");
    for (int n = 2; n <= 8 && err == ERR_OK; n += 3) {
        struct crew crew = {n};
        w->data.crew = &crew;
        tap_ok(zone_fit(arena, &w->data, NULL, NULL, &b) == ERR_OK &&
                   memcmp(a->estimates, b->estimates, PEOPLE * SKILLS * sizeof *a->estimates) ==
                       0 &&
                   memcmp(a->skills, b->skills, SKILLS * sizeof *a->skills) == 0 &&
                   memcmp(a->raters, b->raters, RATERS * sizeof *a->raters) == 0,
               "nor does a crew of %d", n);
    }
    arena_free(arena);
    free(w);
}

/* ---- thin and odd evidence ---- */

static void check_odd(struct world *w, const char *what)
{
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    enum err err = zone_fit(arena, &w->data, NULL, NULL, &fit);
    tap_ok(err == ERR_OK && finite_fit(&w->data, fit), "%s: finite", what);
    arena_free(arena);
}

static void test_odd(void)
{
    struct world *w = world_make(5, true);
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    size_t n = w->data.n_evidence;
    w->data.n_evidence = 0;
    check_odd(w, "no evidence");
    tap_ok(zone_fit(arena, &w->data, NULL, NULL, &fit) == ERR_OK && !fit->estimates[0].enough &&
               fit->estimates[0].n_evidence == 0 && fit->n_subsets == 0 &&
               fit->person_subset[0] == ZONE_NONE &&
               fit->estimates[0].zone_lo > fit->estimates[0].zone_hi,
           "then nothing is known");
    w->data.n_evidence = 1;
    check_odd(w, "one rating");
    tap_ok(zone_fit(arena, &w->data, NULL, NULL, &fit) == ERR_OK && !fit->estimates[0].enough &&
               fit->estimates[0].n_evidence == 1 && fit->n_subsets == 1,
           "one rating is not enough");
    w->data.n_evidence = n;
    for (size_t j = 0; j < n; j++) {
        w->row[j].level =
            w->row[j].kind == ZONE_TASK ? 1 : (uint8_t)(w->levels[w->row[j].skill] - 1);
    }
    check_odd(w, "all at the top");
    for (size_t j = 0; j < n; j++) {
        w->row[j].rater = w->row[j].kind == ZONE_OBSERVED ? 0 : ZONE_NONE;
    }
    check_odd(w, "one observer");
    for (size_t j = 0; j < n; j++) {
        w->row[j].rater = w->row[j].person % RATERS;
        w->row[j].item = w->row[j].occasion = ZONE_NONE;
        w->row[j].difficulty = NAN;
    }
    check_odd(w, "disconnected, without visits, items and difficulties");
    tap_ok(zone_fit(arena, &w->data, NULL, NULL, &fit) == ERR_OK && fit->n_subsets == RATERS &&
               fit->person_subset[1] == 1 && fit->raters[1].subset == 1,
           "subsets are counted");
    w->row[3].level = 9;
    tap_ok(zone_fit(arena, &w->data, NULL, NULL, &fit) == ERR_INVALID, "a level beyond the rubric");
    w->row[3].level = 0;
    w->row[3].person = PEOPLE;
    tap_ok(zone_fit(arena, &w->data, NULL, NULL, &fit) == ERR_INVALID, "an unknown person");
    arena_free(arena);
    free(w);
}

static void test_memory(void)
{
    struct world *w = world_make(6, true);
    size_t all = w->data.n_evidence;
    w->data.n_evidence = all < 300 ? all : 300;
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    int failures = 0;
    for (uint64_t n = 1;; n++) {
        arena_fail_after(arena, n);
        enum err err = zone_fit(arena, &w->data, NULL, NULL, &fit);
        arena_fail_after(arena, 0);
        if (err == ERR_OK) {
            break;
        }
        failures += err == ERR_NOMEM ? 1 : 100000;
    }
    tap_ok(failures > 30 && failures < 100000, "every failed allocation is reported: %d", failures);
    arena_free(arena);
    free(w);
}

static bool stop(void *ctx, double done)
{
    double *last = ctx;
    bool rising = done >= *last;
    *last = rising ? done : 9;
    return done > 0.05;
}

static void test_progress(void)
{
    struct world *w = world_make(7, false);
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    double last = 0;
    tap_ok(zone_fit(arena, &w->data, stop, &last, &fit) == ERR_LIMIT && last > 0.05 && last <= 1,
           "progress rises and can stop the fit");
    arena_free(arena);
    free(w);
}

int main(void)
{
    test_posterior();
    test_people(false);
    test_people(true);
    test_order();
    test_odd();
    test_memory();
    test_progress();
    return tap_done();
}
