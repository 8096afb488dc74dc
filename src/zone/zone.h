/* What each person can do alone and with help, estimated from all the evidence at once.
 *
 * A Bayesian many-facet model (Linacre 1989, "Many-Facet Rasch Measurement", extended): every
 * latent effect is Gaussian, the posterior is a joint Gaussian fitted by variational Newton steps,
 * and the variances of the effects are estimated by EM under a weak prior.  Units are logits.  For
 * person t, skill s of domain d, rater o, occasion v, item i (an indicator of the rubric, or a
 * practice task):
 *
 *     alone     A = g_t + u_td + d_ts + growth          helped  A + G_ts, G the gain from full help
 *     rating    log P(y) / P(y - 1) = A + c_h G + l_v + l_vs - S_o - S_os - S_ov - D_i - F_ik
 *     self      the same with lambda A + B_t + B_ts in place of A - S...
 *     task      log odds of success = A + c_h G - b,   one factor per attempt, least help first
 *
 * with c = 0, .45, .75, 1 for the support levels independent, prompted, modelled, joint.
 *
 * Pure: no I/O, no clock, no globals; the order of the evidence does not change the result beyond
 * rounding (1e-6), and the same input gives the same bits on every machine. */
#ifndef DUET_ZONE_ZONE_H
#define DUET_ZONE_ZONE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct crew;
struct link;

enum zone_kind { ZONE_OBSERVED, ZONE_SELF, ZONE_TASK, ZONE_KIND__MAX };

enum zone_support { ZONE_INDEPENDENT, ZONE_PROMPTED, ZONE_MODELLED, ZONE_JOINT, ZONE_SUPPORT__MAX };

#define ZONE_NONE (-1)
#define ZONE_DAY_UNKNOWN INT32_MIN
#define ZONE_MAX_LEVELS 12

/* One rating, self-rating or attempt at a task.  Ids are dense indices, ZONE_NONE where unknown. */
struct zone_evidence {
    int32_t person;   /* 0 .. n_people - 1 */
    int32_t skill;    /* 0 .. n_skills - 1 */
    int32_t rater;    /* 0 .. n_raters - 1; ignored for self and task */
    int32_t occasion; /* 0 .. n_occasions - 1: one lesson, visit or video of this person */
    int32_t item;     /* 0 .. n_items - 1: indicator or task */
    int32_t day;      /* days since 1970-01-01, or ZONE_DAY_UNKNOWN */
    float difficulty; /* of a task, logits, when it is known; NaN when not */
    uint8_t kind;     /* enum zone_kind */
    uint8_t support;  /* enum zone_support */
    uint8_t level;    /* ratings: 0 .. levels - 1; tasks: 0 not yet, 1 done */
};

struct zone_data {
    int32_t n_people, n_skills, n_domains, n_raters, n_occasions, n_items;
    const int32_t *skill_domain; /* n_skills: 0 .. n_domains - 1 */
    const uint8_t *skill_levels; /* n_skills: 2 .. ZONE_MAX_LEVELS */
    const struct zone_evidence *evidence;
    size_t n_evidence;
    const struct crew *crew; /* threads (base/crew.h), or NULL: the bits are the same */
};

/* What is known of one person in one skill. */
struct zone_estimate {
    double alone, alone_sd;   /* posterior mean and standard error of A, now */
    double helped, helped_sd; /* of A + G */
    double gain, gain_sd;     /* of G; mean and sd of the normal before truncation at 0 */
    double alone_gain_cov;    /* posterior covariance of A and G */
    double alone_level;       /* expected level 1 .. levels of a typical rating, alone ... */
    double helped_level;      /* ... and with full help */
    double alone_level_lo, alone_level_hi; /* the same at the 10th and 90th percentile of A */
    double zone_lo,
        zone_hi;         /* band of difficulties in the zone (see band.h); lo > hi: none found */
    int32_t n_evidence;  /* pieces of evidence on this skill */
    int32_t n_raters;    /* different colleagues who rated it */
    int32_t n_occasions; /* different visits it was seen on */
    int32_t last_day;    /* the newest piece, or ZONE_DAY_UNKNOWN */
    bool enough;         /* false: say "not enough evidence yet" */
};

/* How one rater uses the rubric; for linking raters and for training them, never for judging. */
struct zone_rater {
    double severity, severity_sd; /* logits, positive is severe; centred */
    double infit, outfit;         /* mean squares, expectation 1 */
    int32_t n_ratings, n_people;
    int32_t subset; /* connected subset of people and raters, 0 .. n_subsets - 1 */
};

/* A skill's rubric on the logit scale. */
struct zone_skill {
    double difficulty;                 /* D: where the middle of the rubric lies */
    double threshold[ZONE_MAX_LEVELS]; /* difficulty of reaching level k + 1 from k, k = 1 .. levels
                                          - 1 stands at [k - 1] */
    double mean, sd;                   /* of the people's A in this skill, those with evidence */
    int32_t n_people;                  /* with evidence */
};

/* Variances of the effects over people, visits and raters, logits squared (zone_build.h). */
struct zone_spread {
    double general, domain, skill; /* of A: person, person x domain, person x skill */
    double gain, gain_skill;       /* of G: person, person x skill */
    double visit, visit_skill;     /* lesson and halo; lesson x skill */
    double rater, rater_skill;     /* severity; a rater's own use of a skill */
    double task;                   /* tasks of unknown difficulty */
};

struct zone_fit {
    struct zone_estimate *estimates; /* n_people x n_skills, person-major */
    struct zone_rater *raters;       /* n_raters */
    struct zone_skill *skills;       /* n_skills */
    int32_t *person_subset;          /* n_people; ZONE_NONE without observed ratings */
    int32_t n_subsets;       /* 2 or more: severities are comparable only through the prior */
    const struct link *link; /* who links whom, and which visits would link more (link.h) */
    struct zone_spread spread;
    double self_slope; /* lambda: how much self-ratings follow A */
    int32_t n_iterations;
    bool converged;
    double log_likelihood; /* expected, per rating (joint.h) */
};

/* Called now and then with the share of the work done, 0 .. 1, never less than before; a true
 * return stops the fit with ERR_LIMIT.  With a crew perhaps on another thread than the caller's,
 * which waits meanwhile.  May be NULL. */
typedef bool zone_progress_fn(void *ctx, double done);

/* Fits the model.  `fit` and what it points to live in `arena`; working memory is freed before
 * returning.  ERR_INVALID when an index or level is out of range, ERR_NOMEM. Cost: a few seconds
 * for a million ratings of 50,000 people. */
MUST_CHECK enum err zone_fit(struct arena *arena, const struct zone_data *data,
                             zone_progress_fn *progress, void *ctx, struct zone_fit **fit);

#endif
