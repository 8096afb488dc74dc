/* A person's block of abilities between refits; see live.h.
 *
 * Variables: A of every skill, G of every skill, the visit at hand, the visit x skill at hand. */
#include "zone/live.h"

#include "base/arena.h"
#include "zone/band.h"
#include "zone/online.h"
#include "zone/zone_build.h"
#include "zone/zone_read.h"

#include <math.h>
#include <string.h>

#define SITE_ROUNDS 30
#define SITE_STEP 0.7

struct zone_live {
    const struct zone_data *data;
    const struct zone_fit *fit;
    int32_t person, visit, visit_skill, visit_rater;
    struct online_block block;
    struct zone_estimate *estimates; /* per skill: counts and dates */
};

/* Prior covariance of the 2 x n_skills abilities and gains over people. */
static void live_prior(const struct zone_live *live, double *p, int32_t n)
{
    const struct zone_spread *spread = &live->fit->spread;
    int32_t ns = live->data->n_skills;
    memset(p, 0, (size_t)n * (size_t)n * sizeof *p);
    for (int32_t s = 0; s < ns; s++) {
        for (int32_t t = 0; t < ns; t++) {
            bool domain = live->data->skill_domain[s] == live->data->skill_domain[t];
            p[s * n + t] =
                spread->general + (domain ? spread->domain : 0) + (s == t ? spread->skill : 0);
            p[(ns + s) * n + ns + t] = spread->gain + (s == t ? spread->gain_skill : 0);
        }
    }
}

/* In place inverse of a symmetric positive definite matrix by Gauss-Jordan without pivoting. */
static void live_invert(double *a, int32_t n)
{
    for (int32_t k = 0; k < n; k++) {
        double pivot = a[k * n + k] > 1e-9 ? a[k * n + k] : 1e-9, inverse = 1 / pivot;
        for (int32_t i = 0; i < n; i++) {
            double factor = a[i * n + k] * inverse;
            for (int32_t j = 0; j < n && i != k; j++) {
                a[i * n + j] -= j == k ? 0 : factor * a[k * n + j];
            }
            a[i * n + k] = i == k ? a[i * n + k] : -factor;
        }
        for (int32_t j = 0; j < n; j++) {
            a[k * n + j] *= j == k ? 0 : inverse;
        }
        a[k * n + k] = inverse;
    }
}

/* Precision of the 2 x 2 covariance (v, c; c, w). */
static void live_precision(double v, double c, double w, double out[3])
{
    double det = v * w - c * c;
    det = det > 1e-12 ? det : 1e-12;
    out[0] = w / det, out[1] = -c / det, out[2] = v / det;
}

/* Moves every skill's site (information about A and G) until the marginal covariances are the
 * fit's; c receives the joint covariance. */
static void live_match(struct zone_live *live, double *precision, double *c, double *site)
{
    int32_t ns = live->data->n_skills, n = 2 * ns;
    const struct zone_estimate *e = live->fit->estimates + (size_t)live->person * (size_t)ns;
    live_prior(live, precision, n);
    live_invert(precision, n);
    for (int round = 0; round <= SITE_ROUNDS; round++) {
        memcpy(c, precision, (size_t)n * (size_t)n * sizeof *c);
        for (int32_t s = 0; s < ns; s++) {
            c[s * n + s] += site[3 * s];
            c[s * n + ns + s] += site[3 * s + 1];
            c[(ns + s) * n + s] += site[3 * s + 1];
            c[(ns + s) * n + ns + s] += site[3 * s + 2];
        }
        live_invert(c, n);
        for (int32_t s = 0; s < ns && round < SITE_ROUNDS; s++) {
            double want[3], have[3], *own = site + 3 * s;
            live_precision(e[s].alone_sd * e[s].alone_sd, e[s].alone_gain_cov,
                           e[s].gain_sd * e[s].gain_sd, want);
            live_precision(c[s * n + s], c[s * n + ns + s], c[(ns + s) * n + ns + s], have);
            for (int k = 0; k < 3; k++) {
                own[k] += SITE_STEP * (want[k] - have[k]);
            }
            own[0] = own[0] > 0 ? own[0] : 0;
            own[2] = own[2] > 0 ? own[2] : 0;
            double most = sqrt(own[0] * own[2]);
            own[1] = own[1] > most ? most : own[1] < -most ? -most : own[1];
        }
    }
}

enum err live_new(struct arena *arena, const struct zone_data *data, const struct zone_fit *fit,
                  int32_t person, struct zone_live **out)
{
    if (person < 0 || person >= data->n_people) {
        return ERR_RANGE;
    }
    if (data->n_skills > LIVE_MAX_SKILLS) {
        return ERR_LIMIT;
    }
    size_t ns = (size_t)data->n_skills, n = 2 * ns, all = n + 2;
    struct arena *scratch = arena_child(arena);
    struct zone_live *live = arena_alloc(arena, 1, sizeof *live);
    double *work = scratch ? arena_alloc(scratch, 2 * n * n + 3 * ns, sizeof *work) : NULL;
    if (!live || !work) {
        arena_free(scratch);
        return ERR_NOMEM;
    }
    *live = (struct zone_live){.data = data,
                               .fit = fit,
                               .person = person,
                               .visit = ZONE_NONE,
                               .visit_skill = ZONE_NONE,
                               .visit_rater = ZONE_NONE};
    live->block.n = (int32_t)all;
    live->block.mean = arena_alloc(arena, all, sizeof(double));
    live->block.cov = arena_alloc(arena, all * all, sizeof(double));
    live->estimates = arena_alloc(arena, ns, sizeof *live->estimates);
    if (!live->block.mean || !live->block.cov || !live->estimates) {
        arena_free(scratch);
        return ERR_NOMEM;
    }
    double *c = work + n * n;
    live_match(live, work, c, work + 2 * n * n);
    for (size_t i = 0; i < n; i++) {
        memcpy(live->block.cov + i * all, c + i * n, n * sizeof *c);
    }
    for (size_t s = 0; s < ns; s++) {
        live->estimates[s] = fit->estimates[(size_t)person * ns + s];
        live->block.mean[s] = live->estimates[s].alone;
        live->block.mean[ns + s] = live->estimates[s].gain;
    }
    arena_free(scratch);
    *out = live;
    return ERR_OK;
}

static void live_observed(struct zone_live *live, const struct zone_evidence *row,
                          struct online_event *event)
{
    const struct zone_spread *spread = &live->fit->spread;
    int32_t ns = live->data->n_skills;
    bool same =
        row->occasion >= 0 && row->occasion == live->visit && row->rater == live->visit_rater;
    if (!same) {
        online_renew(&live->block, 2 * ns, 0, spread->visit);
    }
    if (!same || row->skill != live->visit_skill) {
        online_renew(&live->block, 2 * ns + 1, 0, spread->visit_skill + spread->rater_skill);
    }
    live->visit = row->occasion;
    live->visit_rater = row->rater;
    live->visit_skill = row->skill;
    for (int32_t k = 0; k < 2; k++) {
        event->index[event->n_terms] = 2 * ns + k;
        event->coefficient[event->n_terms++] = 1;
    }
    if (row->rater >= 0) {
        const struct zone_rater *rater = &live->fit->raters[row->rater];
        event->offset = -rater->severity;
        event->other_variance = rater->severity_sd * rater->severity_sd;
    } else {
        event->other_variance = spread->rater;
    }
    event->difficulty = live->fit->skills[row->skill].threshold;
    event->n_steps = live->data->skill_levels[row->skill] - 1;
}

enum err live_add(struct zone_live *live, const struct zone_evidence *row)
{
    const struct zone_data *data = live->data;
    if (row->person != live->person || row->skill < 0 || row->skill >= data->n_skills ||
        row->kind >= ZONE_KIND__MAX || row->support >= ZONE_SUPPORT__MAX ||
        (row->kind == ZONE_OBSERVED && (row->rater < ZONE_NONE || row->rater >= data->n_raters)) ||
        row->level >= (row->kind == ZONE_TASK ? 2 : data->skill_levels[row->skill])) {
        return ERR_INVALID;
    }
    struct zone_estimate *e = &live->estimates[row->skill];
    e->n_evidence++;
    e->last_day = row->day > e->last_day ? row->day : e->last_day;
    if (row->kind == ZONE_SELF) {
        return ERR_OK;
    }
    struct online_event event = {.index = {row->skill, data->n_skills + row->skill},
                                 .coefficient = {1, zone_support_share[row->support]},
                                 .n_terms = row->support == ZONE_INDEPENDENT ? 1 : 2,
                                 .level = row->level};
    double b = fabs((double)row->difficulty) < 20 ? (double)row->difficulty : 0;
    if (row->kind == ZONE_OBSERVED) {
        e->n_occasions += row->occasion < 0 || row->occasion != live->visit;
        live_observed(live, row, &event);
    } else {
        event.difficulty = &b;
        event.n_steps = 1;
        event.other_variance = isnan(row->difficulty) ? live->fit->spread.task : 0;
    }
    (void)online_update(&live->block, &event);
    return ERR_OK;
}

void live_estimate(const struct zone_live *live, int32_t skill, struct zone_estimate *estimate)
{
    int32_t n = live->block.n, a = skill, g = live->data->n_skills + skill;
    const double *cov = live->block.cov;
    *estimate = live->estimates[skill];
    zone_read_moments(live->data, live->fit, skill, live->block.mean[a], live->block.mean[g],
                      cov[a * n + a], cov[g * n + g], cov[a * n + g], estimate);
}
