/* Hyper-parameters and item parameters of the practice filter from a log; see practice.h.
 *
 * Two steps alternate.  (1) Given the hyper-parameters, the item parameters: damped Newton on the
 * one-step-ahead likelihood, one set per fold (without the fold's own learners) and one from all;
 * every pass predicts each learner with his fold's set and the fold's gradient is carried over to
 * the other sets by its curvature.  (2) Given the items, one Levenberg-Marquardt step on the
 * hyper-parameters, derivatives by differences, over a share of the learners that changes. */
#include "base/arena.h"
#include "base/num.h"
#include "zone/practice.h"
#include "zone/practice_filter.h"
#include "zone/practice_rows.h"

#include <math.h>
#include <string.h>

#define NP PRACTICE_PARAM__MAX
#define FOLDS 5
#define SETS (FOLDS + 1)          /* the last: items from all the train learners */
#define STEP 0.02                 /* of the differences */
#define SEARCH_ROWS 120000        /* rows that one search step looks at */
#define OUTER 24                  /* search steps at most */
#define FINAL_PASSES 4            /* item passes after the last search step */
#define FIRST_PASSES 4            /* before the first */
#define PSEUDO 4.0                /* prior weight of a variance, in items */
#define LOSS_CAP 27.6310211159285 /* -log(1e-12) */

struct sufficient { /* gradient and curvature per fold, by index */
    double *item_g, *item_h, *skill_g, *skill_h, *n_g, *n_h, *wins_g, *wins_h;
};

struct fit {
    const struct practice_log *log;
    struct practice_rows past; /* of the train learners */
    struct practice_learner *state;
    struct practice_items sets[SETS];
    struct sufficient fold[FOLDS];
    double param[NP];
    double sd_item, sd_skill, sd_slope;
    double *eta; /* (NP + 1) x longest */
    double *gradient, *hessian, *step, *candidate;
    double loss; /* per answer at the last item pass */
    int32_t n_passes;
};

static const double start[NP] = {
    [PRACTICE_MEAN] = 0.5,        [PRACTICE_SD_GENERAL] = -0.4, [PRACTICE_SD_SKILL] = -0.7,
    [PRACTICE_SD_ITEM] = -1.0,    [PRACTICE_DRIFT_GEN] = -3.0,  [PRACTICE_DRIFT_SKILL] = -2.5,
    [PRACTICE_DRIFT_ITEM] = -3.0, [PRACTICE_GROW_RIGHT] = 0.03, [PRACTICE_GROW_WRONG] = 0.05,
    [PRACTICE_GROW_SHOWN] = 0.05, [PRACTICE_SHOWN_ITEM] = 0.1,  [PRACTICE_REPEAT] = 0.2,
    [PRACTICE_REPEAT_WINS] = 0.1, [PRACTICE_ITEM_TIME] = -0.02, [PRACTICE_SKILL_TIME] = -0.02,
    [PRACTICE_SKILL_WINS] = 0.1,
};

/* Standard deviations of the prior around the start: weak, they matter in small logs. */
static double fit_prior_sd(int k)
{
    return k == PRACTICE_MEAN                                     ? 3.0
           : k >= PRACTICE_SD_GENERAL && k <= PRACTICE_DRIFT_ITEM ? 1.0
                                                                  : 0.5;
}

static double fit_low(int k)
{
    return k >= PRACTICE_SD_GENERAL && k <= PRACTICE_DRIFT_ITEM ? -6.0 : -8.0;
}

static double fit_high(int k)
{
    return k >= PRACTICE_SD_GENERAL && k <= PRACTICE_DRIFT_ITEM ? 1.5 : 8.0;
}

static enum err fit_items_new(struct arena *arena, int32_t n_items, int32_t n_skills,
                              struct practice_items *items)
{
    items->item = arena_alloc(arena, (size_t)n_items, sizeof(double));
    items->item_var = arena_alloc(arena, (size_t)n_items, sizeof(double));
    items->skill = arena_alloc(arena, (size_t)n_skills, sizeof(double));
    items->slope_n = arena_alloc(arena, (size_t)n_skills, sizeof(double));
    items->slope_wins = arena_alloc(arena, (size_t)n_skills, sizeof(double));
    return items->item && items->item_var && items->skill && items->slope_n && items->slope_wins
               ? ERR_OK
               : ERR_NOMEM;
}

static enum err fit_memory(struct arena *arena, struct fit *fit)
{
    size_t ni = (size_t)fit->log->n_items, ns = (size_t)fit->log->n_skills;
    for (int k = 0; k < SETS; k++) {
        if (fit_items_new(arena, fit->log->n_items, fit->log->n_skills, &fit->sets[k]) != ERR_OK) {
            return ERR_NOMEM;
        }
        for (size_t i = 0; i < ni; i++) {
            fit->sets[k].item_var[i] = fit->sd_item * fit->sd_item;
        }
    }
    for (int k = 0; k < FOLDS; k++) {
        double *all = arena_alloc(arena, 2 * ni + 6 * ns, sizeof *all);
        if (!all) {
            return ERR_NOMEM;
        }
        double *s = all + 2 * ni;
        fit->fold[k] = (struct sufficient){all,        all + ni,   s,          s + ns,
                                           s + 2 * ns, s + 3 * ns, s + 4 * ns, s + 5 * ns};
    }
    fit->eta = arena_alloc(arena, (NP + 1) * fit->past.longest, sizeof *fit->eta);
    fit->gradient = arena_alloc(arena, NP, sizeof *fit->gradient);
    fit->hessian = arena_alloc(arena, (size_t)NP * NP * 2, sizeof *fit->hessian);
    fit->step = arena_alloc(arena, NP, sizeof *fit->step);
    fit->candidate = arena_alloc(arena, NP, sizeof *fit->candidate);
    return fit->eta && fit->gradient && fit->hessian && fit->step && fit->candidate ? ERR_OK
                                                                                    : ERR_NOMEM;
}

/* ---- item parameters ---- */

static struct practice_eta fit_row(struct fit *fit, size_t j)
{
    const struct practice_row *row = &fit->past.rows[j];
    struct practice_eta eta =
        practice_step(fit->state, row, fit->log->skills, &fit->past.row_past[j],
                      &fit->past.skill_past[fit->past.skill_past_at[j]], true);
    practice_count(fit->state, row, fit->log->skills);
    return eta;
}

static double fit_loss(double logit, bool right)
{
    double loss = num_softplus(right ? -logit : logit);
    return loss < LOSS_CAP ? loss : LOSS_CAP;
}

static void fit_gather(struct fit *fit, struct sufficient *sum, size_t j,
                       const struct practice_eta *eta)
{
    const struct practice_row *row = &fit->past.rows[j];
    const struct practice_skill_past *past = &fit->past.skill_past[fit->past.skill_past_at[j]];
    double e = ((row->outcome == PRACTICE_RIGHT) - eta->p) * eta->slope;
    double w = eta->p * (1 - eta->p) * eta->slope * eta->slope;
    double share = 1.0 / row->n_skills;
    sum->item_g[row->item] -= e;
    sum->item_h[row->item] += w;
    e *= share;
    w *= share * share;
    for (int k = 0; k < row->n_skills && k < PRACTICE_ROW_SKILLS; k++) {
        int32_t s = fit->log->skills[row->skill_at + (uint32_t)k];
        double n = (double)past[k].x[3], wins = (double)past[k].x[4];
        sum->skill_g[s] -= e;
        sum->skill_h[s] += w;
        sum->n_g[s] += e * n;
        sum->n_h[s] += w * n * n;
        sum->wins_g[s] += e * wins;
        sum->wins_h[s] += w * wins * wins;
    }
}

/* One damped Newton step of parameter x[set] of every set from the folds' g and h. */
static void fit_newton(size_t i, double *x[SETS], double *var[SETS], double *g[FOLDS],
                       double *h[FOLDS], double prior, double damping)
{
    double old[SETS];
    for (int k = 0; k < SETS; k++) {
        old[k] = x[k][i];
    }
    for (int k = 0; k < SETS; k++) {
        double gradient = -prior * old[k], curvature = prior;
        for (int f = 0; f < FOLDS; f++) {
            if (f != k) {
                gradient += g[f][i] - h[f][i] * (old[k] - old[f]);
                curvature += h[f][i];
            }
        }
        x[k][i] = old[k] + damping * gradient / curvature;
        if (var) {
            var[k][i] = 1 / curvature;
        }
    }
}

/* EM for a prior sd: mean square of the estimates plus their uncertainty. */
static double fit_sd(const double *x, double *h[FOLDS], int32_t n, double sd, double sd_start)
{
    double sum = PSEUDO * sd_start * sd_start, weight = PSEUDO, prior = 1 / (sd * sd);
    for (int32_t i = 0; i < n; i++) {
        double curvature = prior;
        for (int f = 0; f < FOLDS; f++) {
            curvature += h[f][i];
        }
        sum += x[i] * x[i] + 1 / curvature;
        weight += 1;
    }
    return sqrt(sum / weight);
}

static void fit_items_step(struct fit *fit)
{
    double *x[4][SETS], *var[SETS], *g[4][FOLDS], *h[4][FOLDS];
    for (int k = 0; k < SETS; k++) {
        x[0][k] = fit->sets[k].item;
        x[1][k] = fit->sets[k].skill;
        x[2][k] = fit->sets[k].slope_n;
        x[3][k] = fit->sets[k].slope_wins;
        var[k] = fit->sets[k].item_var;
    }
    for (int f = 0; f < FOLDS; f++) {
        const struct sufficient *sum = &fit->fold[f];
        g[0][f] = sum->item_g, h[0][f] = sum->item_h;
        g[1][f] = sum->skill_g, h[1][f] = sum->skill_h;
        g[2][f] = sum->n_g, h[2][f] = sum->n_h;
        g[3][f] = sum->wins_g, h[3][f] = sum->wins_h;
    }
    double prior_item = 1 / (fit->sd_item * fit->sd_item);
    double prior_skill = 1 / (fit->sd_skill * fit->sd_skill);
    double prior_slope = 1 / (fit->sd_slope * fit->sd_slope);
    for (size_t i = 0; i < (size_t)fit->log->n_items; i++) {
        fit_newton(i, x[0], var, g[0], h[0], prior_item, 0.7);
    }
    for (size_t s = 0; s < (size_t)fit->log->n_skills; s++) {
        fit_newton(s, x[1], NULL, g[1], h[1], prior_skill, 0.5);
        fit_newton(s, x[2], NULL, g[2], h[2], prior_slope, 0.3);
        fit_newton(s, x[3], NULL, g[3], h[3], prior_slope, 0.3);
    }
    fit->sd_item = fit_sd(x[0][FOLDS], h[0], fit->log->n_items, fit->sd_item, 0.8);
    fit->sd_skill = fit_sd(x[1][FOLDS], h[1], fit->log->n_skills, fit->sd_skill, 0.5);
    double sd_n = fit_sd(x[2][FOLDS], h[2], fit->log->n_skills, fit->sd_slope, 0.15);
    double sd_wins = fit_sd(x[3][FOLDS], h[3], fit->log->n_skills, fit->sd_slope, 0.15);
    fit->sd_slope = sqrt(0.5 * (sd_n * sd_n + sd_wins * sd_wins));
}

/* One pass over the train learners, each with the items of his fold; then the items move. */
static void fit_items_pass(struct fit *fit)
{
    size_t ni = (size_t)fit->log->n_items, ns = (size_t)fit->log->n_skills, n = 0;
    double loss = 0;
    for (int f = 0; f < FOLDS; f++) {
        memset(fit->fold[f].item_g, 0, (2 * ni + 6 * ns) * sizeof(double));
    }
    practice_coef_from(fit->param, &fit->state->coef);
    for (int32_t u = 0; u < fit->past.n_learners; u++) {
        fit->state->items = fit->sets[u % FOLDS];
        practice_learner_reset(fit->state);
        for (size_t j = fit->past.learner_at[u]; j < fit->past.learner_at[u + 1]; j++) {
            struct practice_eta eta = fit_row(fit, j);
            if (fit->past.rows[j].outcome != PRACTICE_SHOWN) {
                fit_gather(fit, &fit->fold[u % FOLDS], j, &eta);
                loss += fit_loss(eta.mean * eta.slope, fit->past.rows[j].outcome == PRACTICE_RIGHT);
                n++;
            }
        }
    }
    fit->loss = n ? loss / (double)n : 0;
    fit->n_passes++;
    fit_items_step(fit);
}

/* ---- hyper-parameters ---- */

/* Whether a learner belongs to this round's share of the search. */
static bool fit_searched(const struct fit *fit, int32_t u, int round)
{
    int32_t stride = (int32_t)(fit->past.n_rows / SEARCH_ROWS) + 1;
    return (u / FOLDS) % stride == round % stride;
}

static double fit_penalty(const double *param)
{
    double sum = 0;
    for (int k = 0; k < NP; k++) {
        double z = (param[k] - start[k]) / fit_prior_sd(k);
        sum += 0.5 * z * z;
    }
    return sum;
}

static double fit_search_loss(struct fit *fit, const double *param, int round)
{
    double loss = fit_penalty(param);
    practice_coef_from(param, &fit->state->coef);
    for (int32_t u = 0; u < fit->past.n_learners; u++) {
        if (!fit_searched(fit, u, round)) {
            continue;
        }
        fit->state->items = fit->sets[u % FOLDS];
        practice_learner_reset(fit->state);
        for (size_t j = fit->past.learner_at[u]; j < fit->past.learner_at[u + 1]; j++) {
            struct practice_eta eta = fit_row(fit, j);
            if (fit->past.rows[j].outcome != PRACTICE_SHOWN) {
                loss += fit_loss(eta.mean * eta.slope, fit->past.rows[j].outcome == PRACTICE_RIGHT);
            }
        }
    }
    return loss;
}

/* Adds one learner's part of gradient and Gauss-Newton matrix; returns his loss. */
static double fit_derive_learner(struct fit *fit, int32_t u,
                                 const struct practice_coef coef[NP + 1])
{
    size_t lo = fit->past.learner_at[u], n = fit->past.learner_at[u + 1] - lo;
    fit->state->items = fit->sets[u % FOLDS];
    for (int k = 0; k <= NP; k++) {
        fit->state->coef = coef[k];
        practice_learner_reset(fit->state);
        for (size_t j = 0; j < n; j++) {
            struct practice_eta eta = fit_row(fit, lo + j);
            fit->eta[j * (NP + 1) + (size_t)k] = eta.mean * eta.slope;
        }
    }
    double loss = 0;
    for (size_t j = 0; j < n; j++) {
        double *eta = fit->eta + j * (NP + 1), base = eta[NP], d[NP];
        uint8_t outcome = fit->past.rows[lo + j].outcome;
        if (outcome == PRACTICE_SHOWN) {
            continue;
        }
        double p = num_logistic(base), e = (outcome == PRACTICE_RIGHT) - p, w = p * (1 - p);
        loss += fit_loss(base, outcome == PRACTICE_RIGHT);
        for (int k = 0; k < NP; k++) {
            d[k] = (eta[k] - base) * (1 / STEP);
            fit->gradient[k] += d[k] * e;
            double dw = d[k] * w;
            for (int i = 0; i <= k; i++) {
                fit->hessian[k * NP + i] += dw * d[i];
            }
        }
    }
    return loss;
}

/* Gradient and matrix of the penalised loss at fit->param; returns that loss. */
static double fit_derive(struct fit *fit, int round)
{
    struct practice_coef coef[NP + 1];
    double param[NP];
    for (int k = 0; k <= NP; k++) {
        memcpy(param, fit->param, sizeof param);
        if (k < NP) {
            param[k] += STEP;
        }
        practice_coef_from(param, &coef[k]);
    }
    memset(fit->gradient, 0, NP * sizeof *fit->gradient);
    memset(fit->hessian, 0, (size_t)NP * NP * sizeof *fit->hessian);
    double loss = fit_penalty(fit->param);
    for (int k = 0; k < NP; k++) {
        double prior = 1 / (fit_prior_sd(k) * fit_prior_sd(k));
        fit->gradient[k] = -prior * (fit->param[k] - start[k]);
        fit->hessian[k * NP + k] = prior;
    }
    for (int32_t u = 0; u < fit->past.n_learners; u++) {
        if (fit_searched(fit, u, round)) {
            loss += fit_derive_learner(fit, u, coef);
        }
    }
    return loss;
}

/* step = (H + lambda diag H)^-1 g by Cholesky; H is positive definite through the prior. */
static void fit_solve(struct fit *fit, double lambda)
{
    double *l = fit->hessian + (size_t)NP * NP, *x = fit->step;
    for (int i = 0; i < NP; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = fit->hessian[i * NP + j] * (i == j ? 1 + lambda : 1);
            for (int k = 0; k < j; k++) {
                sum -= l[i * NP + k] * l[j * NP + k];
            }
            l[i * NP + j] = i == j ? sqrt(sum > 1e-12 ? sum : 1e-12) : sum / l[j * NP + j];
        }
    }
    for (int i = 0; i < NP; i++) {
        x[i] = fit->gradient[i];
        for (int k = 0; k < i; k++) {
            x[i] -= l[i * NP + k] * x[k];
        }
        x[i] /= l[i * NP + i];
    }
    for (int i = NP - 1; i >= 0; i--) {
        for (int k = i + 1; k < NP; k++) {
            x[i] -= l[k * NP + i] * x[k];
        }
        x[i] /= l[i * NP + i];
    }
}

/* One Levenberg-Marquardt step; returns the relative gain in loss. */
static double fit_search(struct fit *fit, int round, double *lambda)
{
    double loss = fit_derive(fit, round);
    fit->n_passes += NP + 1;
    for (int attempt = 0; attempt < 5; attempt++) {
        fit_solve(fit, *lambda);
        for (int k = 0; k < NP; k++) {
            double step = fit->step[k] > 1 ? 1 : fit->step[k] < -1 ? -1 : fit->step[k];
            double x = fit->param[k] + step;
            fit->candidate[k] = x < fit_low(k) ? fit_low(k) : x > fit_high(k) ? fit_high(k) : x;
        }
        double next = fit_search_loss(fit, fit->candidate, round);
        fit->n_passes++;
        if (next < loss) {
            memcpy(fit->param, fit->candidate, sizeof fit->param);
            *lambda = *lambda * 0.2;
            return (loss - next) / loss;
        }
        *lambda = *lambda < 1e-4 ? 1e-3 : *lambda * 10;
    }
    return 0;
}

static void fit_run(struct fit *fit)
{
    double lambda = 1e-3;
    int idle = 0;
    for (int k = 0; k < FIRST_PASSES; k++) {
        fit_items_pass(fit);
    }
    for (int round = 0; round < OUTER && idle < 3; round++) {
        double gain = fit_search(fit, round, &lambda);
        fit_items_pass(fit);
        fit_items_pass(fit);
        idle = gain < 2e-5 ? idle + 1 : 0;
    }
    for (int k = 0; k < FINAL_PASSES; k++) {
        fit_items_pass(fit);
    }
}

/* ---- entry ---- */

static enum err fit_work(struct arena *work, struct fit *fit, const uint8_t *train,
                         struct practice_model *model)
{
    enum err err = practice_rows_sort(work, fit->log, train, &fit->past);
    if (err != ERR_OK) {
        return err;
    }
    fit->state = practice_learner_make(work, fit->log->n_items, fit->log->n_skills);
    if (!fit->state) {
        return ERR_NOMEM;
    }
    model->unit = practice_rows_unit(&fit->past);
    practice_coef_from(fit->param, &fit->state->coef);
    if ((err = practice_rows_note(work, fit->log, model->unit, fit->state, &fit->past)) != ERR_OK ||
        (err = fit_memory(work, fit)) != ERR_OK) {
        return err;
    }
    if (fit->past.n_rows > 0) {
        fit_run(fit);
    }
    const struct practice_items *all = &fit->sets[FOLDS];
    memcpy(model->item, all->item, (size_t)model->n_items * sizeof(double));
    memcpy(model->item_var, all->item_var, (size_t)model->n_items * sizeof(double));
    memcpy(model->skill, all->skill, (size_t)model->n_skills * sizeof(double));
    memcpy(model->slope_n, all->slope_n, (size_t)model->n_skills * sizeof(double));
    memcpy(model->slope_wins, all->slope_wins, (size_t)model->n_skills * sizeof(double));
    return ERR_OK;
}

enum err practice_fit(struct arena *arena, const struct practice_log *log, const uint8_t *train,
                      struct practice_model **out)
{
    enum err err = practice_rows_check(log);
    if (err != ERR_OK) {
        return err;
    }
    struct practice_model *model = arena_alloc(arena, 1, sizeof *model);
    struct practice_items items;
    struct arena *work = arena_child(arena);
    if (!model || !work || fit_items_new(arena, log->n_items, log->n_skills, &items) != ERR_OK) {
        arena_free(work);
        return ERR_NOMEM;
    }
    *model = (struct practice_model){.n_items = log->n_items,
                                     .n_skills = log->n_skills,
                                     .item = items.item,
                                     .item_var = items.item_var,
                                     .skill = items.skill,
                                     .slope_n = items.slope_n,
                                     .slope_wins = items.slope_wins};
    struct fit fit = {.log = log, .sd_item = 0.8, .sd_skill = 0.5, .sd_slope = 0.15};
    memcpy(fit.param, start, sizeof fit.param);
    err = fit_work(work, &fit, train, model);
    arena_free(work);
    if (err != ERR_OK) {
        return err;
    }
    memcpy(model->param, fit.param, sizeof model->param);
    model->sd_item = fit.sd_item;
    model->sd_skill = fit.sd_skill;
    model->sd_slope = fit.sd_slope;
    model->log_loss = fit.loss;
    model->n_passes = fit.n_passes;
    *out = model;
    return ERR_OK;
}
