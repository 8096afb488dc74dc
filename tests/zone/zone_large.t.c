/* The coaching model on a region: variances and a start from a share of the people, everybody from
 * there.  Against the truth, against itself with other threads and another order, and with
 * allocations that fail. */
#include "zone/zone.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/rng.h"

#include "tap.h"

#include <stdlib.h>

#define PEOPLE 9000
#define SKILLS 18
#define LEAVES ((size_t)PEOPLE * SKILLS) /* above what is fitted without a sample */
#define RATERS 60
#define SELF_EVERY 12 /* people: one of so many rates themselves too */
#define ROWS (LEAVES + LEAVES / SELF_EVERY)

struct region {
    struct zone_evidence row[ROWS];
    double alone[LEAVES];
    int32_t domain[SKILLS];
    uint8_t levels[SKILLS];
    struct zone_data data;
};

static uint8_t draw_level(struct rng *rng, double eta)
{
    static const double tau[3] = {-1.5, 0, 1.5};
    double p[4], sum = 0, at = 0;
    for (int k = 0; k < 4; k++) {
        at += k ? eta - tau[k - 1] : 0;
        sum += p[k] = exp(at);
    }
    double u = rng_unit(rng) * sum;
    uint8_t level = 0;
    while (level < 3 && u >= p[level]) {
        u -= p[level++];
    }
    return level;
}

static void add(struct region *w, struct zone_evidence row)
{
    row.item = ZONE_NONE;
    row.day = ZONE_DAY_UNKNOWN;
    row.difficulty = NAN;
    w->row[w->data.n_evidence++] = row;
}

/* Everybody is seen once in everything, on two visits of two raters.  What so little cannot tell
 * apart is as large as the priors say. */
static struct region *region_make(void)
{
    struct region *w = calloc(1, sizeof *w);
    struct rng rng = rng_seed(9);
    double severity[RATERS][SKILLS];
    w->data = (struct zone_data){.n_people = PEOPLE,
                                 .n_skills = SKILLS,
                                 .n_domains = SKILLS / 3,
                                 .n_raters = RATERS,
                                 .n_occasions = 2 * PEOPLE,
                                 .skill_domain = w->domain,
                                 .skill_levels = w->levels,
                                 .evidence = w->row};
    for (int s = 0; s < SKILLS; s++) {
        w->domain[s] = s / 3;
        w->levels[s] = 4;
    }
    for (int r = 0; r < RATERS; r++) {
        double all = .35 * rng_normal(&rng);
        for (int s = 0; s < SKILLS; s++) {
            severity[r][s] = all + .75 * rng_normal(&rng);
        }
    }
    for (int32_t p = 0; p < PEOPLE; p++) {
        double g = .8 * rng_normal(&rng), u = 0;
        double lesson[2] = {.54 * rng_normal(&rng), .54 * rng_normal(&rng)};
        double self = .8 + .6 * rng_normal(&rng);
        int32_t rater[2] = {(int32_t)rng_below(&rng, RATERS), (int32_t)rng_below(&rng, RATERS)};
        for (int32_t s = 0; s < SKILLS; s++) {
            int v = s % 2;
            if (s % 3 == 0) {
                u = .5 * rng_normal(&rng);
            }
            double a = g + u + .6 * rng_normal(&rng), seen = a + lesson[v] + .6 * rng_normal(&rng);
            w->alone[p * SKILLS + s] = a;
            add(w, (struct zone_evidence){.person = p,
                                          .skill = s,
                                          .rater = rater[v],
                                          .occasion = 2 * p + v,
                                          .kind = ZONE_OBSERVED,
                                          .level = draw_level(&rng, seen - severity[rater[v]][s])});
            if (p % SELF_EVERY == 0) {
                add(w, (struct zone_evidence){.person = p,
                                              .skill = s,
                                              .rater = ZONE_NONE,
                                              .occasion = ZONE_NONE,
                                              .kind = ZONE_SELF,
                                              .level = draw_level(&rng, .5 * a + self)});
            }
        }
    }
    return w;
}

static bool same(const struct zone_fit *a, const struct zone_fit *b)
{
    return memcmp(a->estimates, b->estimates, LEAVES * sizeof *a->estimates) == 0 &&
           memcmp(a->raters, b->raters, RATERS * sizeof *a->raters) == 0 &&
           memcmp(a->skills, b->skills, SKILLS * sizeof *a->skills) == 0;
}

/* What is told of the progress; stops at a share. */
struct watch {
    double last, stop_at;
    int told, fell, early; /* early: before the half is done */
};

static bool watch(void *ctx, double done)
{
    struct watch *watch = ctx;
    watch->told++;
    watch->fell += done < watch->last || done > 1;
    watch->early += done < .5;
    watch->last = done;
    return done >= watch->stop_at;
}

static void test_fit(struct region *w)
{
    struct arena *arena = arena_new(0);
    struct zone_fit *fit, *other;
    if (zone_fit(arena, &w->data, NULL, NULL, &fit) != ERR_OK) {
        tap_ok(false, "a region is fitted");
        arena_free(arena);
        return;
    }
    double inside = 0, square = 0;
    for (size_t k = 0; k < LEAVES; k++) {
        const struct zone_estimate *e = &fit->estimates[k];
        inside += fabs(e->alone - w->alone[k]) < 1.6449 * e->alone_sd;
        square += (e->alone - w->alone[k]) * (e->alone - w->alone[k]);
    }
    double rms = sqrt(square / (double)LEAVES);
    tap_ok(fit->converged, "%zu ratings of %d people, %d iterations", w->data.n_evidence, PEOPLE,
           fit->n_iterations);
    /* One rating of a skill cannot tell the skill from the lesson: intervals come out narrow. */
    tap_ok(inside / (double)LEAVES > .82 && inside / (double)LEAVES < .93 && rms < .85,
           "90 %% intervals cover %.3f, error %.2f", inside / (double)LEAVES, rms);
    tap_ok(fabs(fit->self_slope - .5) < .2, "self-ratings follow by %.2f, truly .5",
           fit->self_slope);
    struct crew crew = {3};
    struct watch all = {.stop_at = 2}, some = {.stop_at = 0};
    w->data.crew = &crew;
    tap_ok(zone_fit(arena, &w->data, watch, &all, &other) == ERR_OK && same(fit, other),
           "three threads: the same bits");
    tap_ok(all.early > 3 && all.told > all.early && all.fell == 0,
           "progress is told %d times, %d of them in the first half, and never falls", all.told,
           all.early);
    tap_ok(zone_fit(arena, &w->data, watch, &some, &other) == ERR_LIMIT && some.told == 1,
           "and stops the fit among the first people that are looked at");
    w->data.crew = NULL;
    for (size_t k = 0; k < w->data.n_evidence / 2; k++) {
        struct zone_evidence swap = w->row[k];
        w->row[k] = w->row[w->data.n_evidence - 1 - k];
        w->row[w->data.n_evidence - 1 - k] = swap;
    }
    tap_ok(zone_fit(arena, &w->data, NULL, NULL, &other) == ERR_OK && same(fit, other),
           "the evidence the other way round: the same bits");
    arena_free(arena);
}

/* Every single one would take minutes: the first ones, and ever fewer of those after; the last are
 * those of the fit of everybody, a second or two before each. */
static void test_memory(struct region *w)
{
    int failures = 0, others = 0;
    struct zone_fit *fit;
    for (uint64_t nth = 1;; nth += 1 + nth / (nth < 400 ? 12 : 4)) {
        struct arena *arena = arena_new(0);
        arena_fail_after(arena, nth);
        enum err err = zone_fit(arena, &w->data, NULL, NULL, &fit);
        arena_free(arena);
        if (err == ERR_OK) {
            break;
        }
        failures++;
        others += err != ERR_NOMEM;
    }
    tap_ok(failures > 20 && others == 0, "%d failed allocations are reported", failures);
}

int main(void)
{
    struct region *w = region_make();
    test_fit(w);
    test_memory(w);
    free(w);
    return tap_done();
}
