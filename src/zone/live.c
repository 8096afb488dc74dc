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

#define SITE_ROUNDS 60
#define SITE_STILL 1e-9 /* change of a variance, logits squared */

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

/* Precision of the 2 x 2 covariance (v, c; c, w). */
static void live_precision(double v, double c, double w, double out[3])
{
    double det = v * w - c * c;
    det = det > 1e-12 ? det : 1e-12;
    out[0] = w / det, out[1] = -c / det, out[2] = v / det;
}

/* Adds to a skill's site and moves the joint covariance accordingly (Woodbury, rank two):
 * C - C_s M C_s', M = d (I + C_ss d)^-1, for a change d of the site's precision. */
static void live_push(double *c, int32_t n, int32_t a, int32_t g, const double d[3],
                      double *columns)
{
    double b00 = c[a * n + a], b01 = c[a * n + g], b11 = c[g * n + g];
    double k00 = 1 + b00 * d[0] + b01 * d[1], k01 = b00 * d[1] + b01 * d[2];
    double k10 = b01 * d[0] + b11 * d[1], k11 = 1 + b01 * d[1] + b11 * d[2];
    double det = k00 * k11 - k01 * k10;
    if (!(det > 1e-9)) {
        return;
    }
    double m00 = (d[0] * k11 - d[1] * k10) / det, m01 = (d[1] * k00 - d[0] * k01) / det;
    double m11 = (d[2] * k00 - d[1] * k01) / det;
    for (int32_t i = 0; i < n; i++) {
        columns[2 * i] = c[i * n + a];
        columns[2 * i + 1] = c[i * n + g];
    }
    for (int32_t i = 0; i < n; i++) {
        double x = columns[2 * i] * m00 + columns[2 * i + 1] * m01;
        double y = columns[2 * i] * m01 + columns[2 * i + 1] * m11;
        for (int32_t j = 0; j < n; j++) {
            c[i * n + j] -= x * columns[2 * j] + y * columns[2 * j + 1];
        }
    }
}

/* Moves every skill's site (information about A and G), one after the other until the marginal
 * covariances are the fit's; c receives the joint covariance.  All at once would swing without end
 * where one general ability stands behind many skills. */
static void live_match(struct zone_live *live, double *c, double *site, double *columns)
{
    int32_t ns = live->data->n_skills, n = 2 * ns;
    const struct zone_estimate *e = live->fit->estimates + (size_t)live->person * (size_t)ns;
    double moved = 1;
    live_prior(live, c, n);
    for (int round = 0; round < SITE_ROUNDS && moved > SITE_STILL; round++) {
        moved = 0;
        for (int32_t s = 0; s < ns; s++) {
            double want[3], have[3], d[3], *own = site + 3 * s;
            double before = c[s * n + s];
            live_precision(e[s].alone_sd * e[s].alone_sd, e[s].alone_gain_cov,
                           e[s].gain_sd * e[s].gain_sd, want);
            live_precision(before, c[s * n + ns + s], c[(ns + s) * n + ns + s], have);
            for (int k = 0; k < 3; k++) {
                d[k] = own[k];
                own[k] += want[k] - have[k];
            }
            own[0] = own[0] > 0 ? own[0] : 0;
            own[2] = own[2] > 0 ? own[2] : 0;
            double most = sqrt(own[0] * own[2]);
            own[1] = own[1] > most ? most : own[1] < -most ? -most : own[1];
            for (int k = 0; k < 3; k++) {
                d[k] = own[k] - d[k];
            }
            live_push(c, n, s, ns + s, d, columns);
            double change = fabs(c[s * n + s] - before);
            moved = change > moved ? change : moved;
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
    double *work = scratch ? arena_alloc(scratch, n * n + 3 * ns + 2 * n, sizeof *work) : NULL;
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
    double *c = work;
    live_match(live, c, work + n * n, work + n * n + 3 * ns);
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
