/* Evidence as it arrives: events a second on a block of 30 abilities, and how long one event and
 * the estimate after it take. */
#include "rows.h"

#include "base/arena.h"
#include "base/rng.h"
#include "zone/live.h"
#include "zone/online.h"

#include <math.h>

#define DIMENSIONS 30
#define EVENTS 400000
#define SKILLS 18
#define PEOPLE 60

static void row_block(struct bench *ctx)
{
    static double mean[DIMENSIONS], cov[DIMENSIONS * DIMENSIONS];
    static const double tau[3] = {-1.5, 0, 1.5};
    struct online_block block = {DIMENSIONS, mean, cov};
    struct rng rng = rng_seed(2);
    for (int i = 0; i < DIMENSIONS * DIMENSIONS; i++) {
        cov[i] = i % (DIMENSIONS + 1) == 0 ? 1 : .5;
    }
    double start = bench_cpu_seconds();
    for (int k = 0; k < EVENTS; k++) {
        uint64_t bits = rng_next(&rng);
        struct online_event event = {.index = {(int32_t)(bits % 15), 15 + (int32_t)(bits % 15)},
                                     .coefficient = {1, .45},
                                     .n_terms = 2,
                                     .other_variance = .5,
                                     .difficulty = tau,
                                     .n_steps = 3,
                                     .level = (int32_t)(bits >> 40 & 3)};
        (void)online_update(&block, &event);
    }
    bench_report(ctx, "ratings a CPU second, 30 abilities", EVENTS / (bench_cpu_seconds() - start),
                 200000, INFINITY, "");
}

static void row_event(struct bench *ctx)
{
    static struct zone_evidence evidence[PEOPLE * SKILLS * 2];
    int32_t domain[SKILLS];
    uint8_t levels[SKILLS];
    struct rng rng = rng_seed(3);
    size_t n = 0;
    for (int32_t s = 0; s < SKILLS; s++) {
        domain[s] = s / 3;
        levels[s] = 4;
    }
    for (int32_t k = 0; k < PEOPLE * SKILLS * 2; k++) {
        evidence[n++] = (struct zone_evidence){.person = k / SKILLS / 2,
                                               .skill = k % SKILLS,
                                               .rater = (int32_t)rng_below(&rng, 10),
                                               .occasion = k / SKILLS,
                                               .item = ZONE_NONE,
                                               .day = ZONE_DAY_UNKNOWN,
                                               .difficulty = NAN,
                                               .level = (uint8_t)rng_below(&rng, 4)};
    }
    struct zone_data data = {.n_people = PEOPLE,
                             .n_skills = SKILLS,
                             .n_domains = SKILLS / 3,
                             .n_raters = 10,
                             .n_occasions = PEOPLE * 2,
                             .skill_domain = domain,
                             .skill_levels = levels,
                             .evidence = evidence,
                             .n_evidence = n};
    struct arena *arena = arena_new(0);
    struct zone_fit *fit;
    struct zone_live *live = NULL;
    struct zone_estimate estimate;
    if (zone_fit(arena, &data, NULL, NULL, &fit)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    double start = bench_cpu_seconds(), made, sum = 0;
    for (int32_t p = 0; p < PEOPLE; p++) {
        if (live_new(arena, &data, fit, p, &live)) {
            bench_report(ctx, "no memory", NAN, 0, 0, "");
            return;
        }
    }
    made = bench_cpu_seconds();
    for (int k = 0; k < 2000; k++) {
        struct zone_evidence one = evidence[n - 1];
        one.skill = k % SKILLS;
        one.occasion = ZONE_NONE;
        one.level = (uint8_t)(k & 3);
        if (live_add(live, &one) == ERR_OK) {
            live_estimate(live, one.skill, &estimate);
            sum += estimate.alone;
        }
    }
    double event = bench_cpu_seconds() - made;
    bench_report(ctx, "one event and its display, ms", isfinite(sum) ? event / 2000 * 1e3 : NAN,
                 -INFINITY, 1, "");
    bench_report(ctx, "a person's block from a fit, ms", (made - start) / PEOPLE * 1e3, -INFINITY,
                 20, "");
    arena_free(arena);
}

void row_online(struct bench *ctx)
{
    row_block(ctx);
    row_event(ctx);
}
