/* Practice logs: the chance of the next right answer, updated after every answer.
 *
 * Each learner has a general level g, a deviation d_s per skill and a memory r_i per item; each is
 * an independent Gaussian (mean, variance).  One answer to item i with skills S:
 *
 *     eta = g + mean_S(d_s + a_s log(1 + n_s) + w_s log(1 + wins_s) - D_s) + r_i - b_i + x' beta
 *     P(right) = logistic(m / sqrt(1 + pi/8 v)),   m, v the mean and variance of eta
 *
 * where x holds what repetition and the time since the last practice of this item, of these skills
 * and of anything do, as log(1 + gap): memory fades with the logarithm of time.  The answer then
 * moves every state by assumed-density filtering (one Newton step on the logistic likelihood), and
 * practice itself moves the skills by growth / (1 + n_s / 4).
 *
 * practice_fit finds the item parameters and the hyper-parameters from the train learners alone:
 * Levenberg-Marquardt on the one-step-ahead log-loss, where a learner is always predicted with item
 * parameters that were fitted without his fifth of the learners; the prior variances of the items
 * by EM.  There is nothing to tune by hand.  Times may be in any unit, or all equal.
 *
 * Sources: Elo as in Pelanek 2016 (Computers & Education 98) made Gaussian; counts as in Gervet et
 * al. 2020 (JEDM 12(3)); the probit factor as in MacKay 1992 (Neural Computation 4(5)). */
#ifndef DUET_ZONE_PRACTICE_H
#define DUET_ZONE_PRACTICE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* PRACTICE_SHOWN: the answer was shown (modelled support), nothing was tested. */
enum practice_outcome { PRACTICE_WRONG, PRACTICE_RIGHT, PRACTICE_SHOWN, PRACTICE_OUTCOME__MAX };

/* One answer.  Rows of one learner stand in the order in which they happened. */
struct practice_row {
    int32_t learner;   /* 0 .. n_learners - 1 */
    int32_t item;      /* 0 .. n_items - 1 */
    uint32_t skill_at; /* its skills are skills[skill_at .. + n_skills - 1], at least one */
    uint16_t n_skills;
    uint8_t outcome; /* enum practice_outcome */
    double time;     /* any unit; a step backwards counts as no time */
};

struct practice_log {
    const struct practice_row *rows;
    size_t n_rows;
    const int32_t *skills; /* 0 .. n_skills - 1 each */
    size_t n_row_skills;   /* length of skills[] */
    int32_t n_learners, n_items, n_skills;
};

/* Hyper-parameters, in logits or logarithms of standard deviations in logits. */
enum practice_param {
    PRACTICE_MEAN,         /* of g for a new learner */
    PRACTICE_SD_GENERAL,   /* log sd of g, ... */
    PRACTICE_SD_SKILL,     /* of d_s */
    PRACTICE_SD_ITEM,      /* of r_i */
    PRACTICE_DRIFT_GEN,    /* log sd of what one answer adds to the uncertainty of g, ... */
    PRACTICE_DRIFT_SKILL,  /* of d_s */
    PRACTICE_DRIFT_ITEM,   /* of r_i */
    PRACTICE_GROW_RIGHT,   /* growth of a skill after a right answer, ... */
    PRACTICE_GROW_WRONG,   /* a wrong one, ... */
    PRACTICE_GROW_SHOWN,   /* a shown one */
    PRACTICE_GROW_GENERAL, /* growth of g after 100 answers */
    PRACTICE_SHOWN_ITEM,   /* growth of r_i after a shown answer */
    PRACTICE_REPEAT,       /* the item was seen before ... */
    PRACTICE_REPEAT_N,     /* times log(times seen) */
    PRACTICE_REPEAT_WINS,  /* times log(1 + times right) */
    PRACTICE_ITEM_TIME,    /* times log(1 + time since) */
    PRACTICE_ITEM_LAG,     /* times log(1 + answers since) */
    PRACTICE_SEEN,         /* the same for the skills, averaged over them */
    PRACTICE_SKILL_TIME,
    PRACTICE_SKILL_LAG,
    PRACTICE_SKILL_N,
    PRACTICE_SKILL_WINS,
    PRACTICE_IDLE, /* times log(1 + time since the last answer to anything) */
    PRACTICE_PARAM__MAX
};

struct practice_model {
    double param[PRACTICE_PARAM__MAX];
    double unit; /* of time inside log(1 + gap / unit): the median pause; 0: times say nothing */
    int32_t n_items, n_skills;
    double *item, *item_var;            /* b_i and its posterior variance */
    double *skill;                      /* D_s */
    double *slope_n, *slope_wins;       /* a_s, w_s as deviations from the hyper-parameters */
    double sd_item, sd_skill, sd_slope; /* prior sds of the above, by EM */
    double log_loss;                    /* per answer of the train learners, out of fold */
    int32_t n_passes;                   /* passes over the log that the fit took */
};

/* Fits on the learners with train[learner] != 0 (all when train is NULL).  The model lives in
 * `arena`.  A log without answers gives the starting values.  ERR_INVALID on an index out of
 * range, ERR_NOMEM. */
MUST_CHECK enum err practice_fit(struct arena *arena, const struct practice_log *log,
                                 const uint8_t *train, struct practice_model **model);

/* What is known of one learner.  Dense in items and skills; reset costs O(1). */
struct practice_learner;

/* A learner of whom nothing is known, or NULL: no memory.  The model must outlive it. */
struct practice_learner *practice_learner_new(struct arena *arena,
                                              const struct practice_model *model);
void practice_learner_reset(struct practice_learner *learner);

/* The chance of a right answer to the row's item now; the row's outcome is not looked at. */
double practice_predict(struct practice_learner *learner, const struct practice_row *row,
                        const int32_t *skills);

/* Takes the outcome in; returns what practice_predict would have returned before. */
double practice_observe(struct practice_learner *learner, const struct practice_row *row,
                        const int32_t *skills);

/* Mean and variance of g + d_s in logits, as after the last answer. */
void practice_level(const struct practice_learner *learner, int32_t skill, double *mean,
                    double *variance);

#endif
