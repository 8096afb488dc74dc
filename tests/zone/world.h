/* Simulated coaching evidence with known truth, for the tests of the coaching model. */
#ifndef DUET_TESTS_ZONE_WORLD_H
#define DUET_TESTS_ZONE_WORLD_H

#include "zone/zone.h"

#include "base/num.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

#define PEOPLE 40
#define SKILLS 4
#define RATERS 12
#define MOST 20000

struct world {
    struct zone_evidence row[MOST];
    double alone[PEOPLE][SKILLS], gain[PEOPLE][SKILLS];
    int32_t domain[SKILLS];
    uint8_t levels[SKILLS];
    struct zone_data data;
};

static inline struct zone_evidence blank(int32_t person, int32_t skill, enum zone_kind kind)
{
    return (struct zone_evidence){.person = person,
                                  .skill = skill,
                                  .kind = (uint8_t)kind,
                                  .rater = ZONE_NONE,
                                  .occasion = ZONE_NONE,
                                  .item = ZONE_NONE,
                                  .day = ZONE_DAY_UNKNOWN,
                                  .difficulty = NAN};
}

static inline uint8_t draw_level(struct rng *rng, double eta, int n_steps)
{
    double p[ZONE_MAX_LEVELS], sum = 0, at = 0;
    for (int k = 0; k <= n_steps; k++) {
        at += k ? eta - 1.4 * (k - 1 - 0.5 * (n_steps - 1)) : 0;
        sum += p[k] = exp(at);
    }
    double u = rng_unit(rng) * sum;
    uint8_t level = 0;
    while (level < n_steps && u >= p[level]) {
        u -= p[level++];
    }
    return level;
}

static inline void add(struct world *w, struct zone_evidence row)
{
    w->row[w->data.n_evidence++] = row;
}

static inline void add_task(struct world *w, struct rng *rng, int32_t p, int32_t s, int32_t day)
{
    static const double share[ZONE_SUPPORT__MAX] = {0, .45, .75, 1};
    struct zone_evidence row = blank(p, s, ZONE_TASK);
    row.difficulty = (float)(0.5 + rng_normal(rng));
    row.day = day;
    for (uint8_t h = ZONE_INDEPENDENT; h < ZONE_SUPPORT__MAX && !row.level; h++) {
        double eta = w->alone[p][s] + share[h] * w->gain[p][s] - (double)row.difficulty;
        row.support = h;
        row.level = rng_unit(rng) < num_logistic(eta);
        add(w, row);
    }
}

/* Observations, self-ratings and tasks of PEOPLE people. */
static inline struct world *world_make(uint64_t seed, bool dated)
{
    struct world *w = calloc(1, sizeof *w);
    struct rng rng = rng_seed(seed);
    double severity[RATERS], harsh[RATERS][SKILLS];
    w->data = (struct zone_data){.n_people = PEOPLE,
                                 .n_skills = SKILLS,
                                 .n_domains = 2,
                                 .n_raters = RATERS,
                                 .n_occasions = PEOPLE * 4,
                                 .n_items = SKILLS * 2,
                                 .skill_domain = w->domain,
                                 .skill_levels = w->levels,
                                 .evidence = w->row};
    for (int s = 0; s < SKILLS; s++) {
        w->domain[s] = s / 2;
        w->levels[s] = s == 3 ? 5 : 4;
    }
    for (int r = 0; r < RATERS; r++) {
        severity[r] = 0.35 * rng_normal(&rng);
        for (int s = 0; s < SKILLS; s++) {
            harsh[r][s] = 0.7 * rng_normal(&rng);
        }
    }
    for (int32_t p = 0; p < PEOPLE; p++) {
        double g = 0.8 * rng_normal(&rng), bias = 0.8 + 0.5 * rng_normal(&rng);
        for (int32_t s = 0; s < SKILLS; s++) {
            w->alone[p][s] = g + 0.7 * rng_normal(&rng);
            w->gain[p][s] = fmax(0.2, 1.4 + 0.6 * rng_normal(&rng));
        }
        for (int32_t v = 0; v < 4; v++) {
            int32_t r = (int32_t)rng_below(&rng, RATERS);
            double lesson = 0.5 * rng_normal(&rng);
            for (int32_t s = 0; s < SKILLS; s++) {
                double skill = lesson + 0.5 * rng_normal(&rng) - severity[r] - harsh[r][s];
                for (int32_t i = 0; i < 2; i++) {
                    struct zone_evidence row = blank(p, s, ZONE_OBSERVED);
                    row.rater = r;
                    row.occasion = 4 * p + v;
                    row.item = 2 * s + i;
                    row.day = dated ? 17000 + 40 * v : ZONE_DAY_UNKNOWN;
                    row.level = draw_level(&rng, w->alone[p][s] + skill, w->levels[s] - 1);
                    add(w, row);
                }
            }
        }
        for (int32_t s = 0; s < SKILLS; s++) {
            struct zone_evidence row = blank(p, s, ZONE_SELF);
            row.level = draw_level(&rng, 0.3 * w->alone[p][s] + bias, w->levels[s] - 1);
            add(w, row);
            for (int k = 0; k < 3; k++) {
                add_task(w, &rng, p, s, dated ? 17010 + 30 * k : ZONE_DAY_UNKNOWN);
            }
        }
    }
    return w;
}

#endif
