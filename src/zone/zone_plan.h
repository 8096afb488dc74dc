/* The evidence put in order and counted, before any effect is made; inside of zone_fit.
 *
 * Rows are sorted by person, skill, kind, visit, rater, item and so on to the last field, so the
 * order in which evidence arrives cannot matter. */
#ifndef DUET_ZONE_ZONE_PLAN_H
#define DUET_ZONE_ZONE_PLAN_H

#include "zone/zone.h"

#define ZONE_RATED 2        /* kinds with rubric levels: observed, self */
#define ZONE_MAX_BINS 8     /* of time */
#define ZONE_BIN_DAYS 28    /* at least */
#define ZONE_DRIFT_DAYS 56  /* a skill walks when its evidence spans so many */
#define ZONE_SHAPE_LEAST 60 /* ratings before a rater gets thresholds of his own */
#define ZONE_LARGE 40000    /* people x skills; above it the model is simplified to stay fast */
#define ZONE_SELF_LEAST 200 /* self-ratings before lambda is estimated */
#define ZONE_GROW_LEAST 20  /* dated successes before growth by practice is estimated */

struct zone_plan {
    const struct zone_data *data;
    struct zone_evidence *rows;          /* sorted */
    size_t *person_at;                   /* n_people + 1 */
    size_t n_leaves;                     /* person x skill pairs with evidence */
    int32_t day_first, bin_days, n_bins; /* n_bins 0 or 1: no drift */
    uint8_t *rater_reach;                /* n_raters: people rated, at most 2 are counted */
    uint8_t *pair_reach;                 /* n_raters x n_skills: likewise */
    int32_t *rater_last;                 /* n_raters: scratch */
    uint8_t *rater_steps;                /* n_raters: K of the raters with own thresholds, or 0 */
    size_t *rated;                       /* n_skills x ZONE_RATED: ratings */
    int32_t *items;                      /* n_skills x ZONE_RATED: different items */
    int32_t *item_skill; /* n_items x ZONE_RATED: skill it is first met in, plus 1 */
    uint8_t *item_task;  /* n_items: used as a task of unknown difficulty */
    uint8_t *skill_task; /* n_skills: has tasks without item and difficulty */
    uint8_t *anchored;   /* n_skills: has tasks of known difficulty */
    bool any_anchored, any_gain, any_growth, any_lambda;
    bool large;   /* n_leaves above ZONE_LARGE: no l_vs and no observers' own thresholds */
    double scale; /* of the observed ratings' predictor: below 1 where l_vs is left out */
};

/* Everything lives in `arena`.  ERR_INVALID as zone_fit says, ERR_LIMIT when raters x skills
 * exceeds 2^28, ERR_NOMEM. */
MUST_CHECK enum err zone_plan_make(struct arena *arena, const struct zone_data *data,
                                   struct zone_plan *plan);

/* 0 .. n_bins - 1; unknown days count as the first. */
int32_t zone_plan_bin(const struct zone_plan *plan, int32_t day);

/* Whether a task's difficulty is known. */
bool zone_plan_difficulty_known(const struct zone_evidence *row);

#endif
