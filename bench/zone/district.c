/* The districts of district.h. */
#include "district.h"

#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

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

size_t district_make(const struct district *d, struct zone_evidence *to, double *truth)
{
    struct rng rng = rng_seed(5);
    double *severity = calloc((size_t)(d->n_raters * (d->n_skills + 1)), sizeof *severity);
    for (int32_t r = 0; r < d->n_raters * (d->n_skills + 1); r++) {
        severity[r] = (r < d->n_raters ? .35 : .75) * rng_normal(&rng);
    }
    size_t n = 0;
    for (int32_t p = 0; p < d->n_people; p++) {
        double g = .8 * rng_normal(&rng), *a = truth + (size_t)p * (size_t)d->n_skills;
        for (int32_t s = 0; s < d->n_skills; s++) {
            a[s] = g + .7 * rng_normal(&rng);
        }
        for (int32_t v = 0; v < d->n_visits; v++) {
            int32_t r = (int32_t)rng_below(&rng, (uint32_t)d->n_raters);
            int32_t first = (int32_t)rng_below(&rng, (uint32_t)d->n_skills);
            double lesson = .54 * rng_normal(&rng) - severity[r];
            for (int32_t k = 0; k < d->skills_per_visit; k++) {
                int32_t s = (first + k) % d->n_skills;
                double eta = a[s] + lesson + .5 * rng_normal(&rng) -
                             severity[d->n_raters + r * d->n_skills + s];
                to[n++] = (struct zone_evidence){.person = p,
                                                 .skill = s,
                                                 .rater = r,
                                                 .occasion = p * d->n_visits + v,
                                                 .item = ZONE_NONE,
                                                 .day = ZONE_DAY_UNKNOWN,
                                                 .difficulty = NAN,
                                                 .level = draw_level(&rng, eta)};
            }
        }
    }
    free(severity);
    return n;
}
