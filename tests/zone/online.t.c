/* The online update against quadrature, and between refits against the refit. */
#include "zone/online.h"

#include "base/arena.h"
#include "base/num.h"
#include "base/rng.h"
#include "zone/live.h"

#include "tap.h"
#include "world.h"

/* Two correlated variables, one yes-or-no event on their sum. */
static void test_one(void)
{
    double mean[2] = {0.3, 1.0}, cov[4] = {0.8, 0.2, 0.2, 0.5}, b = 0.9;
    struct online_block block = {2, mean, cov};
    struct online_event event = {.index = {0, 1},
                                 .coefficient = {1, 0.75},
                                 .n_terms = 2,
                                 .difficulty = &b,
                                 .n_steps = 1,
                                 .level = 1};
    double det = 0.8 * 0.5 - 0.04, sum = 0, x1 = 0, y1 = 0, xx = 0, yy = 0, xy = 0;
    for (double x = -6; x < 7; x += 0.02) {
        for (double y = -5; y < 7; y += 0.02) {
            double dx = x - 0.3, dy = y - 1;
            double p = exp(-0.5 * (0.5 * dx * dx - 0.4 * dx * dy + 0.8 * dy * dy) / det) *
                       num_logistic(x + 0.75 * y - b);
            sum += p, x1 += p * x, y1 += p * y, xx += p * x * x, yy += p * y * y, xy += p * x * y;
        }
    }
    x1 /= sum, y1 /= sum;
    (void)online_update(&block, &event);
    tap_near(mean[0], x1, 0.02, "first mean against quadrature");
    tap_near(mean[1], y1, 0.02, "second mean");
    tap_near(cov[0], xx / sum - x1 * x1, 0.02, "first variance");
    tap_near(cov[3], yy / sum - y1 * y1, 0.02, "second variance");
    tap_near(cov[1], xy / sum - x1 * y1, 0.02, "covariance");
    tap_ok(cov[1] == cov[2], "symmetric to the bit");
    online_renew(&block, 1, 5, 2);
    tap_ok(mean[1] == 5 && cov[3] == 2 && cov[1] == 0 && cov[2] == 0,
           "a new variable is independent");
}

/* Ten thousand one-sided events leave a usable block. */
static void test_extreme(void)
{
    double mean[3] = {0, 0, 0}, cov[9] = {1, .9, .9, .9, 1, .9, .9, .9, 1}, tau[3] = {-2, 0, 2};
    struct online_block block = {3, mean, cov};
    struct online_event event = {.index = {1},
                                 .coefficient = {1},
                                 .n_terms = 1,
                                 .difficulty = tau,
                                 .n_steps = 3,
                                 .level = 3};
    for (int k = 0; k < 10000; k++) {
        (void)online_update(&block, &event);
    }
    tap_ok(isfinite(mean[1]) && cov[4] > 0 && mean[1] > 3 && mean[0] > 2 && cov[0] > 0.1,
           "the top for ever: finite, and the others follow");
}

struct drift {
    double mean, most, sd, n;
};

/* Fits without every `hold`th event, adds those live, and compares with the fit of everything. */
static struct drift compare(uint64_t seed, size_t hold, bool *same)
{
    struct world *w = world_make(seed, false);
    struct arena *arena = arena_new(0);
    struct zone_fit *before = NULL, *after = NULL;
    struct zone_evidence *held = calloc(MOST, sizeof *held);
    size_t n = w->data.n_evidence, kept = 0, n_held = 0;
    struct drift drift = {0, 0, 0, 0};
    enum err err = zone_fit(arena, &w->data, NULL, NULL, &after);
    for (size_t j = 0; j < n; j++) {
        /* Whole visits and tasks of the later part of each person's evidence. */
        bool out = j % hold == hold - 1 && w->row[j].kind != ZONE_SELF;
        if (out) {
            held[n_held++] = w->row[j];
        } else {
            w->row[kept++] = w->row[j];
        }
    }
    w->data.n_evidence = kept;
    err = err ? err : zone_fit(arena, &w->data, NULL, NULL, &before);
    for (int32_t p = 0; p < PEOPLE && err == ERR_OK; p++) {
        struct zone_live *live[2] = {NULL, NULL};
        for (int k = 0; k < 2 && err == ERR_OK; k++) {
            err = live_new(arena, &w->data, before, p, &live[k]);
            for (size_t j = 0; j < n_held && err == ERR_OK; j++) {
                err = held[j].person == p ? live_add(live[k], &held[j]) : ERR_OK;
            }
        }
        for (int32_t s = 0; s < SKILLS && err == ERR_OK; s++) {
            struct zone_estimate a, b;
            const struct zone_estimate *e = &after->estimates[p * SKILLS + s];
            live_estimate(live[0], s, &a);
            live_estimate(live[1], s, &b);
            *same &= memcmp(&a.alone, &b.alone, sizeof a.alone) == 0 && a.helped == b.helped;
            double d = fabs(a.alone - e->alone) / e->alone_sd;
            drift.mean += d;
            drift.most = d > drift.most ? d : drift.most;
            drift.sd += a.alone_sd / e->alone_sd;
            drift.n++;
        }
    }
    drift.mean = err == ERR_OK ? drift.mean / drift.n : NAN;
    drift.sd /= drift.n;
    free(held);
    arena_free(arena);
    free(w);
    return drift;
}

/* One general ability behind many skills: the sites of the skills pull at the same thing, and
 * matching them all at once swung without end (every standard error was that of the prior). */
static void test_general_ability(void)
{
    enum { N = 18 };
    int32_t domain[N];
    uint8_t levels[N];
    struct zone_estimate estimates[N];
    struct zone_data data = {.n_people = 1,
                             .n_skills = N,
                             .n_domains = 6,
                             .skill_domain = domain,
                             .skill_levels = levels};
    struct zone_skill skills[N] = {{.threshold = {-1, 0, 1}}};
    struct zone_fit fit = {
        .estimates = estimates,
        .skills = skills,
        .spread = {
            .general = 1.75, .domain = 0.16, .skill = 0.2, .gain = 0.25, .gain_skill = 0.25}};
    struct arena *arena = arena_new(0);
    struct zone_live *live;
    double worst = 0;
    for (int s = 0; s < N; s++) {
        domain[s] = s / 3;
        levels[s] = 4;
        estimates[s] = (struct zone_estimate){.alone = -1.9,
                                              .alone_sd = 0.69 + 0.007 * s,
                                              .gain = 1.4,
                                              .gain_sd = 0.7,
                                              .last_day = ZONE_DAY_UNKNOWN};
    }
    enum err err = live_new(arena, &data, &fit, 0, &live);
    for (int32_t s = 0; s < N && !err; s++) {
        struct zone_estimate e;
        live_estimate(live, s, &e);
        worst = fmax(worst, fabs(e.alone_sd / estimates[s].alone_sd - 1));
    }
    tap_ok(!err && worst < 0.05, "eighteen skills of one ability: sds within %.3f", worst);
    arena_free(arena);
}

static void test_refit(void)
{
    bool same = true;
    struct drift d = compare(21, 40, &same);
    tap_ok(d.mean < 0.1, "about %d events later: %.3f sd from the refit on average, %.2f at most",
           50, d.mean, d.most);
    tap_ok(d.most < 0.6, "and nowhere far");
    tap_near(d.sd, 1, 0.06, "with the refit's standard errors");
    tap_ok(same, "a replay gives the same bits");
}

static void test_start(void)
{
    struct world *w = world_make(22, false);
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    struct zone_live *live;
    double worst = 0;
    int failures = 0;
    bool good = zone_fit(arena, &w->data, NULL, NULL, &fit) == ERR_OK;
    for (int32_t p = 0; p < PEOPLE && good; p++) {
        good = live_new(arena, &w->data, fit, p, &live) == ERR_OK;
        for (int32_t s = 0; s < SKILLS && good; s++) {
            struct zone_estimate e;
            const struct zone_estimate *f = &fit->estimates[p * SKILLS + s];
            live_estimate(live, s, &e);
            worst = fmax(worst, fabs(e.alone_sd / f->alone_sd - 1));
            worst = fmax(worst, fabs(e.gain_sd / f->gain_sd - 1));
            good &= e.alone == f->alone && e.n_evidence == f->n_evidence;
        }
    }
    tap_ok(good && worst < 0.05, "it starts from the fit: sds within %.3f", worst);
    if (good) {
        struct zone_evidence bad = w->row[0];
        bad.person = (live && w->row[0].person == PEOPLE - 1) ? 0 : w->row[0].person;
        tap_ok(live_add(live, &bad) == ERR_INVALID, "another person's evidence is refused");
        tap_ok(live_new(arena, &w->data, fit, PEOPLE, &live) == ERR_RANGE, "an unknown person");
        for (uint64_t n = 1;; n++) {
            arena_fail_after(arena, n);
            enum err err = live_new(arena, &w->data, fit, 0, &live);
            arena_fail_after(arena, 0);
            if (err == ERR_OK) {
                break;
            }
            failures += err == ERR_NOMEM ? 1 : 1000;
        }
    }
    tap_ok(failures > 3 && failures < 1000, "every failed allocation is reported: %d", failures);
    arena_free(arena);
    free(w);
}

int main(void)
{
    test_one();
    test_extreme();
    test_start();
    test_general_ability();
    test_refit();
    return tap_done();
}
