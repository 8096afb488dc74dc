/* The inside of the practice filter, shared by practice.c (one learner, live) and practice_fit.c
 * (many passes over a stored log).  See practice.h for the model. */
#ifndef DUET_ZONE_PRACTICE_FILTER_H
#define DUET_ZONE_PRACTICE_FILTER_H

#include "zone/practice.h"

#define PRACTICE_KAPPA 0.39269908169872414 /* pi / 8 */

/* Hyper-parameters ready for use: variances instead of log standard deviations. */
struct practice_coef {
    double mean, var_general, var_skill, var_item;
    double drift_general, drift_skill, drift_item;
    double grow[PRACTICE_OUTCOME__MAX], grow_general, shown_item;
    double item[6];  /* on the row's features */
    double skill[5]; /* on the features of each skill */
};

/* Item parameters by index; one set per fold while fitting. */
struct practice_items {
    double *item, *item_var, *skill, *slope_n, *slope_wins;
};

/* What the past says of a row before its outcome is known, apart from the Gaussian states. */
struct practice_row_past {
    float x[6]; /* repeat, log n, log(1 + wins), log time gap, log lag; idle time */
};
struct practice_skill_past {
    float x[5]; /* seen, log time gap, log lag, log(1 + n), log(1 + wins) */
};

struct practice_state {
    double mean, var;
    double time;
    uint32_t n, wins, last; /* answers, right ones, number of the learner's answer at the last */
    uint32_t stamp;
};

struct practice_learner {
    const struct practice_model *model;
    struct practice_coef coef;
    struct practice_items items;
    double mean, var, time;
    uint32_t n, stamp;
    struct practice_state *item, *skill;
};

/* Mean and variance of eta of a row, and what was needed to find them. */
struct practice_eta {
    double mean, var;
    double slope; /* 1 / sqrt(1 + pi/8 var) */
    double p;
};

void practice_coef_from(const double *param, struct practice_coef *coef);

/* Features from counts and times. */
void practice_past(struct practice_learner *learner, double unit, const struct practice_row *row,
                   const int32_t *skills, struct practice_row_past *row_past,
                   struct practice_skill_past *skill_past);

/* Counts and times after the row. */
void practice_count(struct practice_learner *learner, const struct practice_row *row,
                    const int32_t *skills);

/* Predicts and, when `update`, moves the states. */
struct practice_eta practice_step(struct practice_learner *learner, const struct practice_row *row,
                                  const int32_t *skills, const struct practice_row_past *row_past,
                                  const struct practice_skill_past *skill_past, bool update);

/* A learner with its own coefficients and items, not tied to a model. */
struct practice_learner *practice_learner_make(struct arena *arena, int32_t n_items,
                                               int32_t n_skills);

#endif
