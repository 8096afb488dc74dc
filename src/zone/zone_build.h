/* The coaching model of zone.h written as a joint model (joint.h); inside of zone_fit.
 *
 * Global effects come first, then person by person those of the person (a tree front) and of each
 * person x skill with evidence (leaf fronts).  Observation j is row j of the plan.  The build runs
 * twice, first to count, then to store; a third time when the self-ratings' slope has moved. */
#ifndef DUET_ZONE_ZONE_BUILD_H
#define DUET_ZONE_ZONE_BUILD_H

#include "zone/joint.h"
#include "zone/zone_plan.h"

enum zone_family {
    ZONE_F_GENERAL,     /* g_t */
    ZONE_F_DOMAIN,      /* u_td */
    ZONE_F_SKILL,       /* d_ts at the first evidence */
    ZONE_F_DRIFT,       /* its random walk, per week */
    ZONE_F_GAIN_MEAN,   /* the mean of G over people */
    ZONE_F_GAIN,        /* G_t, and ... */
    ZONE_F_GAIN_SKILL,  /* G_ts around it */
    ZONE_F_VISIT,       /* l_v */
    ZONE_F_HALO,        /* S_ov */
    ZONE_F_LONE,        /* both, on a visit with one observer */
    ZONE_F_VISIT_SKILL, /* l_vs */
    ZONE_F_SELF,        /* B_t */
    ZONE_F_SELF_SKILL,  /* B_ts */
    ZONE_F_RATER,       /* S_o */
    ZONE_F_RATER_SKILL, /* S_os */
    ZONE_F_SHAPE,       /* an observer's own thresholds */
    ZONE_F_ITEM,        /* D_i inside a skill */
    ZONE_F_TASK,        /* b of tasks whose difficulty is unknown */
    ZONE_F_LEVEL,       /* mean of A where tasks anchor it, and ... */
    ZONE_F_LEVEL_SKILL, /* per skill around it */
    ZONE_F_GROW_ALONE,  /* growth by a success alone */
    ZONE_F_GROW_HELPED, /* and with help */
    ZONE_F_STEP,        /* the first of the thresholds', by number of steps and step */
    ZONE_F__MAX = ZONE_F_STEP + (ZONE_MAX_LEVELS - 1) * ZONE_MAX_LEVELS / 2
};

#define ZONE_SELF_SLOPE 0.25 /* lambda before any evidence */
#define ZONE_GAIN_MEAN 1.4
#define ZONE_WEEK 7.0

/* Share of the full gain at each support level. */
extern const double zone_support_share[ZONE_SUPPORT__MAX];

/* A person x skill with evidence. */
struct zone_leaf {
    int32_t person, skill;
    int32_t query;      /* of A and G now */
    int32_t self_query; /* of A and the predictor of self-ratings, one per bin; or JOINT_NONE */
    size_t row, n_rows;
    bool gain_skill, gain; /* G_ts, G_t are in the query */
};

/* A person x domain of which some skill has no evidence. */
struct zone_rest {
    int32_t person, domain;
    int32_t query; /* of g + u and G */
    bool domain_known, gain;
};

/* One observer on one visit of the person at hand. */
struct zone_visit {
    int32_t occasion, day, rater; /* day counts only without occasion */
    int32_t lesson, halo;         /* effects */
};

/* One success at a task of the person x skill at hand; sums of 1 / (1 + n / 4) up to and with it.
 */
struct zone_growth {
    int32_t day;
    bool helped;
    double sum[2];
};

/* How much there is of what grows while building. */
struct zone_size {
    size_t effects, fronts, observations, terms, queries, leaves, rests;
};

struct zone_build {
    const struct zone_plan *plan;
    struct joint_model model;
    double slope; /* lambda: the share of A in self-ratings */
    struct joint_family families[ZONE_F__MAX];
    bool store;

    /* Growing while building, the arrays NULL while counting. */
    struct joint_effect *effects;
    int32_t *front_parent;
    struct joint_observation *observations;
    struct joint_term *terms;
    struct joint_query *queries;
    struct zone_leaf *leaves;
    struct zone_rest *rests;
    size_t n_effects, n_fronts, n_observations, n_terms, n_queries, n_leaves, n_rests;

    /* Global effects by index, JOINT_NONE where there is none. */
    int32_t *step, *item; /* x ZONE_RATED */
    int32_t *rater, *rater_skill, *shape, *task, *skill_task, *level_skill;
    int32_t level, gain_mean, grow[2];

    /* Of the person at hand. */
    int32_t front, general, gain, self;
    int32_t *domain; /* n_domains */
    struct zone_visit *visits;
    size_t n_visits;

    /* Of the person x skill at hand. */
    int32_t leaf, skill_effect, gain_skill, self_skill;
    int32_t drift[ZONE_MAX_BINS];      /* effect of the step into a bin, or JOINT_NONE */
    double drift_scale[ZONE_MAX_BINS]; /* root of its weeks */
    struct zone_growth *growth;
    size_t n_growth;

    struct zone_piece *pieces; /* of the people, built side by side */
};

/* ERR_NOMEM; ERR_LIMIT above 2^31 terms. */
MUST_CHECK enum err zone_build_make(struct arena *arena, const struct zone_plan *plan,
                                    struct zone_build *build);

/* Writes the terms again with lambda at `slope`. */
void zone_build_again(struct zone_build *build, double slope);

/* ---- inside of the build: zone_build.c and zone_build_leaf.c ---- */

/* Append an effect (group -1: its own), a front, a term; they return the index. */
int32_t zone_build_effect(struct zone_build *build, int32_t family, int32_t front, int32_t group);
int32_t zone_build_front(struct zone_build *build, int32_t parent);
void zone_build_term(struct zone_build *build, int32_t effect, double coefficient);

/* Stores a query of the terms first .. middle - 1 and middle .. on; returns its index. */
int32_t zone_build_query(struct zone_build *build, int32_t front, size_t first, size_t middle);

/* The person's visit on which an observation was made, without its effects, or with them. */
struct zone_visit zone_build_visit_of(const struct zone_evidence *row);
const struct zone_visit *zone_build_visit(const struct zone_build *build,
                                          const struct zone_evidence *row);
int zone_build_visit_compare(const void *x, const void *y, void *ctx);

/* The leaf of the plan's rows lo .. hi - 1, all of one person and skill. */
void zone_build_leaf(struct zone_build *build, size_t lo, size_t hi);

#endif
