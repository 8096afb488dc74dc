/* The joint Gaussian posterior of a many-facet model: every effect at once, with covariances.
 *
 * The caller lists families of effects (a variance each), the effects, fronts, and observations;
 * joint_fit() returns the mean and variance of every effect, the variance of every linear
 * predictor, and the covariance of whatever the caller asks for.
 *
 * Model.  Effect x of family f ~ N(mean_f, variance_f).  An observation with K steps (K + 1 levels)
 * has
 *     eta = offset + sum of coefficient * x over its terms
 *     tau_j = x[thresholds + j] + sum_a shape_ja x[shape + a]      j = 0 .. K - 1, a = 0 .. K - 2
 *     log P(y = k) / P(y = k - 1) = eta - tau_(k-1)                k = 1 .. K
 * `thresholds` and `shape` name the first of K and of K - 1 consecutive effects, or JOINT_NONE.
 * The shapes are orthonormal contrasts over the steps (they sum to zero): the first widens the
 * middle of the rubric (an observer's centrality), the others bend it.  K = 1 without thresholds is
 * a yes-or-no task.
 *
 * Fronts.  An effect that only one person's observations touch belongs to that person.  A front is
 * a set of such effects that is eliminated together: a tree front (a person: general ability,
 * visits) has JOINT_NONE as its parent, a leaf front (person x skill) has a tree front as its
 * parent; there are two levels.  Everything else is global (front JOINT_NONE): observers, items,
 * thresholds.  An observation belongs to a front and may use effects of that front, of its parent
 * and global ones.  A global effect touched by one person only (an observer seen once) may simply
 * be declared as that person's: the posterior is the same, and cheaper.
 *
 * Method (Opper & Archambeau 2009, "The variational Gaussian approximation revisited"): the
 * posterior is N(m, C), C^-1 = prior precision + E[-Hessian], expectations by 3-node Gauss-Hermite
 * on each observation's own predictor; Newton steps by elimination of the fronts, variances of
 * the families by EM, each step taken as far as Fisher's information says, and accelerated.  Global
 * effects: exact dense Cholesky by connected component, coupled through the `shared` families,
 * while a component has at most `exact_limit` effects; above it, and always for shape effects when
 * there are more than `exact_limit` global effects in all, the means are still exact
 * (preconditioned conjugate gradients) but covariances between different `group`s of global effects
 * are dropped.
 *
 * Large sets start on a share of the people.  A family whose effects have a single rating each is
 * an overdispersion, which data hardly show: give it JOINT_FIXED or many pseudo-levels.
 *
 * Units are logits.  Everything is deterministic; the result does not depend on the order of the
 * observations beyond rounding. */
#ifndef DUET_ZONE_JOINT_H
#define DUET_ZONE_JOINT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct crew;
struct joint;

#define JOINT_NONE (-1)
#define JOINT_MAX_STEPS 11 /* K */

enum joint_rule {
    JOINT_ESTIMATED, /* variance = (pseudo * variance0 + sum of E[(x - mean)^2]) / (pseudo + n) */
    JOINT_FIXED,     /* variance as given */
    JOINT_FLAT,      /* no prior (precision 1e-6) */
    JOINT_RULE__MAX
};

struct joint_family {
    enum joint_rule rule;
    double variance; /* > 0: the prior guess of an estimated family, or the fixed value */
    double pseudo;   /* pseudo-levels behind the guess, >= 0 */
    double mean;     /* prior mean of each effect */
    bool centred;    /* global families: the family's variance is estimated from, and the effects'
                        variances are reported for, deviations from the family's mean (the means
                        themselves are left as they are: subtract their average) */
    bool shared;     /* global families that every connected component uses: items, thresholds */
};

struct joint_effect {
    int32_t family;
    int32_t front; /* or JOINT_NONE: global */
    int32_t group; /* of a global effect: the block it stays in when the problem is too large for
                      exact covariances, for example the observer; 0 .. n_effects - 1 */
};

struct joint_observation {
    int32_t front;      /* leaf or tree front */
    int32_t first_term; /* terms first_term .. first_term + n_terms - 1 of the model */
    int32_t thresholds; /* first of n_steps global effects, or JOINT_NONE */
    int32_t shape;      /* first of n_steps - 1 effects, or JOINT_NONE */
    float offset;
    float weight; /* >= 0; 0 is not used but predicted */
    uint8_t n_terms;
    uint8_t n_steps; /* 1 .. JOINT_MAX_STEPS */
    uint8_t level;   /* 0 .. n_steps */
};

struct joint_term {
    int32_t effect;
    float coefficient;
};

/* A question: the posterior means and covariance of two linear combinations a and b of effects that
 * the front's observations could use, but no shape effects; global ones must be used by some
 * observation of the same person. */
struct joint_query {
    int32_t front;
    int32_t first_term; /* a: n_a terms from here, b: the n_b after them */
    uint8_t n_a, n_b;
};

struct joint_answer {
    double mean_a, mean_b, variance_a, variance_b, covariance;
};

/* Borrowed.  Fronts: a parent comes before its children.  Observations: those of one front stand
 * together; neighbours with the same design (front, terms, offset, thresholds, shape) become one
 * cell with counts, so sort them so that they meet.  At most 32 terms each. */
struct joint_model {
    const struct joint_family *families;
    const struct joint_effect *effects;
    const int32_t *front_parent;
    const struct joint_observation *observations;
    const struct joint_term *terms;
    const struct joint_query *queries;
    const double *start;          /* n_effects means to start from, or NULL */
    const double *start_variance; /* n_families, or NULL: their guesses */
    size_t n_families, n_effects, n_fronts, n_observations, n_terms, n_queries;
};

struct joint_options {
    double tolerance;   /* stop when no step exceeds it, logits, and no variance is further from its
                           fixed point than twice that (relative) or a tenth of its standard error
                           (a quarter when the tolerance is above the usual); 0: 1e-3 */
    int max_iterations; /* 0: 100 */
    bool apart; /* whatever the size, keep groups apart, and take thresholds for known in the
                   covariances of people */
    bool mode;  /* point estimate (joint maximum) instead of expectations */
    size_t exact_limit;      /* see above; 0: 900 */
    const struct crew *crew; /* threads; NULL: one.  The bits are the same with any number */
    bool (*progress)(void *ctx, double done); /* may be NULL; true stops with ERR_LIMIT */
    void *ctx;
};

struct joint_result {
    double *mean, *variance;      /* n_effects */
    double *family_variance;      /* n_families */
    double *predictor_variance;   /* n_observations: of eta minus the mean threshold */
    struct joint_answer *answers; /* n_queries */
    double log_likelihood;        /* expected predictive log probability per unit of weight; from
                                     10,000 people on, of 5,000 or more evenly chosen ones */
    int n_iterations;
    bool converged, exact;
};

/* The result lives in `arena`; working memory is freed.  ERR_INVALID: an index out of range, an
 * observation that uses another person's effect, a variance that is not positive.  ERR_NOMEM.
 * Cost per iteration: see README.md. */
MUST_CHECK enum err joint_fit(struct arena *arena, const struct joint_model *model,
                              const struct joint_options *options, struct joint_result **result);

/* The same in two steps.  What is prepared depends neither on the families' rules, variances and
 * means nor on where to start: those may change until it runs, once; model and options are
 * borrowed until then. */
MUST_CHECK enum err joint_prepare(struct arena *arena, const struct joint_model *model,
                                  const struct joint_options *options, struct joint **joint);
MUST_CHECK enum err joint_run(struct joint *joint, struct joint_result **result);

/* Predictive probabilities of levels 0 .. n_steps of an observation under the fitted posterior. */
void joint_predict(const struct joint_model *model, const struct joint_result *result,
                   size_t observation, double *probability);

#endif
