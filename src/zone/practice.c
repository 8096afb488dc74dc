/* The practice filter for one learner: features of the past, prediction, update. */
#include "zone/practice.h"

#include "base/arena.h"
#include "base/num.h"
#include "zone/practice_filter.h"

#include <math.h>

#define MAX_SKILLS 64 /* of one item; further ones are left out */
#define MIN_VARIANCE 1e-6
#define MAX_STEP 2.0
#define MIN_INFORMATION 1e-6

static const float log_count[16] = {0.0f,        0.69314718f, 1.09861229f, 1.38629436f,
                                    1.60943791f, 1.79175947f, 1.94591015f, 2.07944154f,
                                    2.19722458f, 2.30258509f, 2.39789527f, 2.48490665f,
                                    2.56494936f, 2.63905733f, 2.70805020f, 2.77258872f};

/* log(1 + n). */
static float practice_log1p(uint32_t n)
{
    return n < 16 ? log_count[n] : (float)num_log(1.0 + (double)n);
}

static float practice_gap(double unit, double now, double then)
{
    return unit > 0 && now > then ? (float)num_log(1.0 + (now - then) / unit) : 0.0f;
}

void practice_coef_from(const double *param, struct practice_coef *coef)
{
    coef->mean = param[PRACTICE_MEAN];
    coef->var_general = num_exp(2 * param[PRACTICE_SD_GENERAL]);
    coef->var_skill = num_exp(2 * param[PRACTICE_SD_SKILL]);
    coef->var_item = num_exp(2 * param[PRACTICE_SD_ITEM]);
    coef->drift_general = num_exp(2 * param[PRACTICE_DRIFT_GEN]);
    coef->drift_skill = num_exp(2 * param[PRACTICE_DRIFT_SKILL]);
    coef->drift_item = num_exp(2 * param[PRACTICE_DRIFT_ITEM]);
    coef->grow[PRACTICE_RIGHT] = param[PRACTICE_GROW_RIGHT];
    coef->grow[PRACTICE_WRONG] = param[PRACTICE_GROW_WRONG];
    coef->grow[PRACTICE_SHOWN] = param[PRACTICE_GROW_SHOWN];
    coef->grow_general = 0.01 * param[PRACTICE_GROW_GENERAL];
    coef->shown_item = param[PRACTICE_SHOWN_ITEM];
    static const int on_item[6] = {PRACTICE_REPEAT,    PRACTICE_REPEAT_N, PRACTICE_REPEAT_WINS,
                                   PRACTICE_ITEM_TIME, PRACTICE_ITEM_LAG, PRACTICE_IDLE};
    static const int on_skill[5] = {PRACTICE_SEEN, PRACTICE_SKILL_TIME, PRACTICE_SKILL_LAG,
                                    PRACTICE_SKILL_N, PRACTICE_SKILL_WINS};
    for (int k = 0; k < 6; k++) {
        coef->item[k] = param[on_item[k]];
    }
    for (int k = 0; k < 5; k++) {
        coef->skill[k] = param[on_skill[k]];
    }
}

struct practice_learner *practice_learner_make(struct arena *arena, int32_t n_items,
                                               int32_t n_skills)
{
    struct practice_learner *learner = arena_alloc(arena, 1, sizeof *learner);
    if (!learner) {
        return NULL;
    }
    learner->item = arena_alloc(arena, (size_t)n_items, sizeof *learner->item);
    learner->skill = arena_alloc(arena, (size_t)n_skills, sizeof *learner->skill);
    return learner->item && learner->skill ? learner : NULL;
}

struct practice_learner *practice_learner_new(struct arena *arena,
                                              const struct practice_model *model)
{
    struct practice_learner *learner =
        practice_learner_make(arena, model->n_items, model->n_skills);
    if (!learner) {
        return NULL;
    }
    learner->model = model;
    practice_coef_from(model->param, &learner->coef);
    learner->items = (struct practice_items){model->item, model->item_var, model->skill,
                                             model->slope_n, model->slope_wins};
    practice_learner_reset(learner);
    return learner;
}

void practice_learner_reset(struct practice_learner *learner)
{
    learner->stamp++;
    learner->mean = learner->coef.mean;
    learner->var = learner->coef.var_general;
    learner->n = 0;
    learner->time = 0;
}

/* The state, fresh when this learner meets it for the first time. */
static struct practice_state *practice_touch(struct practice_learner *learner,
                                             struct practice_state *state, double var)
{
    if (state->stamp != learner->stamp) {
        *state = (struct practice_state){.var = var, .stamp = learner->stamp};
    }
    return state;
}

void practice_past(struct practice_learner *learner, double unit, const struct practice_row *row,
                   const int32_t *skills, struct practice_row_past *row_past,
                   struct practice_skill_past *skill_past)
{
    const struct practice_state *item =
        practice_touch(learner, &learner->item[row->item], learner->coef.var_item);
    *row_past = (struct practice_row_past){{0}};
    if (item->n > 0) {
        row_past->x[0] = 1;
        row_past->x[1] = practice_log1p(item->n - 1);
        row_past->x[2] = practice_log1p(item->wins);
        row_past->x[3] = practice_gap(unit, row->time, item->time);
        row_past->x[4] = practice_log1p(learner->n - item->last);
    }
    row_past->x[5] = learner->n ? practice_gap(unit, row->time, learner->time) : 0.0f;
    for (int k = 0; k < row->n_skills && k < MAX_SKILLS; k++) {
        const struct practice_state *skill = practice_touch(
            learner, &learner->skill[skills[row->skill_at + (uint32_t)k]], learner->coef.var_skill);
        skill_past[k] = (struct practice_skill_past){{0}};
        if (skill->n > 0) {
            skill_past[k].x[0] = 1;
            skill_past[k].x[1] = practice_gap(unit, row->time, skill->time);
            skill_past[k].x[2] = practice_log1p(learner->n - skill->last);
            skill_past[k].x[3] = practice_log1p(skill->n);
            skill_past[k].x[4] = practice_log1p(skill->wins);
        }
    }
}

static void practice_count_one(struct practice_learner *learner, struct practice_state *state,
                               const struct practice_row *row)
{
    state->n++;
    state->wins += row->outcome == PRACTICE_RIGHT;
    state->last = learner->n;
    state->time = row->time;
}

void practice_count(struct practice_learner *learner, const struct practice_row *row,
                    const int32_t *skills)
{
    learner->n++;
    learner->time = row->time;
    practice_count_one(
        learner, practice_touch(learner, &learner->item[row->item], learner->coef.var_item), row);
    for (int k = 0; k < row->n_skills && k < MAX_SKILLS; k++) {
        struct practice_state *state = &learner->skill[skills[row->skill_at + (uint32_t)k]];
        practice_count_one(learner, practice_touch(learner, state, learner->coef.var_skill), row);
    }
}

/* Moves one Gaussian: `gain` = its share of eta times its variance. */
static void practice_move(double *mean, double *var, double gain, double pull, double shrink)
{
    double step = gain * pull;
    *mean += step > MAX_STEP ? MAX_STEP : step < -MAX_STEP ? -MAX_STEP : step;
    *var -= gain * gain * shrink;
    if (*var < MIN_VARIANCE) {
        *var = MIN_VARIANCE;
    }
}

static void practice_update(struct practice_learner *learner, const struct practice_row *row,
                            const int32_t *skills, const struct practice_eta *eta)
{
    const struct practice_coef *coef = &learner->coef;
    double pull = 0, shrink = 0, share = 1.0 / row->n_skills;
    struct practice_state *item = &learner->item[row->item];
    if (row->outcome != PRACTICE_SHOWN) {
        double w = eta->p * (1 - eta->p);
        w = w < MIN_INFORMATION ? MIN_INFORMATION : w;
        double k = 1 / (1 + w * eta->var);
        pull = k * ((row->outcome == PRACTICE_RIGHT) - eta->p);
        shrink = k * w;
        practice_move(&item->mean, &item->var, item->var, pull, shrink);
    } else {
        item->mean += coef->shown_item;
    }
    item->var += coef->drift_item;
    practice_move(&learner->mean, &learner->var, learner->var, pull, shrink);
    learner->mean += coef->grow_general;
    learner->var += coef->drift_general;
    double grow = coef->grow[row->outcome];
    for (int k = 0; k < row->n_skills && k < MAX_SKILLS; k++) {
        struct practice_state *skill = &learner->skill[skills[row->skill_at + (uint32_t)k]];
        practice_move(&skill->mean, &skill->var, share * skill->var, pull, shrink);
        skill->mean += grow / (1 + 0.25 * skill->n);
        skill->var += coef->drift_skill;
    }
}

struct practice_eta practice_step(struct practice_learner *learner, const struct practice_row *row,
                                  const int32_t *skills, const struct practice_row_past *row_past,
                                  const struct practice_skill_past *skill_past, bool update)
{
    const struct practice_coef *coef = &learner->coef;
    const struct practice_items *items = &learner->items;
    const struct practice_state *item =
        practice_touch(learner, &learner->item[row->item], coef->var_item);
    const float *x = row_past->x;
    double mean = learner->mean + item->mean - items->item[row->item];
    double var = learner->var + item->var + items->item_var[row->item];
    double share = 1.0 / row->n_skills, sum = 0, spread = 0;
    for (int k = 0; k < 6; k++) {
        mean += coef->item[k] * (double)x[k];
    }
    for (int k = 0; k < row->n_skills && k < MAX_SKILLS; k++) {
        int32_t s = skills[row->skill_at + (uint32_t)k];
        const struct practice_state *skill =
            practice_touch(learner, &learner->skill[s], coef->var_skill);
        const float *z = skill_past[k].x;
        sum += skill->mean - items->skill[s] + coef->skill[0] * (double)z[0] +
               coef->skill[1] * (double)z[1] + coef->skill[2] * (double)z[2] +
               (coef->skill[3] + items->slope_n[s]) * (double)z[3] +
               (coef->skill[4] + items->slope_wins[s]) * (double)z[4];
        spread += skill->var;
    }
    struct practice_eta eta = {.mean = mean + share * sum, .var = var + share * share * spread};
    eta.slope = 1 / sqrt(1 + PRACTICE_KAPPA * eta.var);
    eta.p = num_logistic(eta.mean * eta.slope);
    if (update) {
        practice_update(learner, row, skills, &eta);
    }
    return eta;
}

double practice_predict(struct practice_learner *learner, const struct practice_row *row,
                        const int32_t *skills)
{
    struct practice_row_past row_past;
    struct practice_skill_past skill_past[MAX_SKILLS];
    practice_past(learner, learner->model->unit, row, skills, &row_past, skill_past);
    return practice_step(learner, row, skills, &row_past, skill_past, false).p;
}

double practice_observe(struct practice_learner *learner, const struct practice_row *row,
                        const int32_t *skills)
{
    struct practice_row_past row_past;
    struct practice_skill_past skill_past[MAX_SKILLS];
    practice_past(learner, learner->model->unit, row, skills, &row_past, skill_past);
    double p = practice_step(learner, row, skills, &row_past, skill_past, true).p;
    practice_count(learner, row, skills);
    return p;
}

void practice_level(const struct practice_learner *learner, int32_t skill, double *mean,
                    double *variance)
{
    const struct practice_state *state = &learner->skill[skill];
    bool known = state->stamp == learner->stamp;
    *mean = learner->mean + (known ? state->mean : 0) - learner->items.skill[skill];
    *variance = learner->var + (known ? state->var : learner->coef.var_skill);
}
