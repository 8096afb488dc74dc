/* One run of matching as the product sees it: who should work with whom, on what, and why.
 *
 * From a roster and its estimates a round makes needs and offers, applies the rules, asks match/
 * for the best arrangement and turns the answer into proposals with reasons.  What is decided:
 *
 * - needs: of the needs file; without one, each person's lowest skills relative to that skill's own
 *   distribution (absolute marks leave most people out): up to ROUND_NEEDS skills below
 *   ROUND_NEED_BELOW of those assessed in it, and at least the lowest one.
 * - offers: of the offers file; without one, whoever stands at or above ROUND_OFFER_FROM of those
 *   assessed in the skill.  An offer of the file also says something about the person: it counts
 *   as if they had been seen at ROUND_OFFER_AT, give or take ROUND_OFFER_SD, beside the evidence
 *   there is.  Where nothing is known it decides; after a few visits it hardly counts; it lowers
 *   nobody.
 * - useful: a helper who reaches at least `min_reach` of the learner's zone (gain.h).  Help that is
 *   not useful counts for nothing.
 * - gain: of a pair, the best useful skill in each direction, both added (reciprocal, trio, stable,
 *   random); of a task, that skill (guide).
 * - limits: pairs have one partner each, trios two; someone with max_helps 0 helps nobody and with
 *   max_learns 0 learns from nobody.  guide: at most max_helps tasks a helper and max_learns a
 *   learner.
 * - served: someone who receives useful help.  ROUND_SERVED: as many people as possible are served,
 *   then the total gain; guide: as many needs as possible, which is the same for max_learns 1.
 * - lift: among arrangements that serve as many, the smallest gain is as large as possible, then
 * the total gain.
 *
 * Gains are integers, MATCH_ONE is one whole zone.  People and skills are the roster's indices.
 * Pure: no I/O; everything lives in the arena of round_prepare. */
#ifndef DUET_COACH_ROUND_H
#define DUET_COACH_ROUND_H

#include "base/err.h"
#include "base/str.h"
#include "match/certificate.h"
#include "match/stable.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct crew;
struct roster;
struct zone_fit;
struct round;

#define ROUND_NEEDS 3           /* proposed needs of one person */
#define ROUND_NEED_BELOW 0.75   /* share of the people assessed in a skill */
#define ROUND_OFFER_FROM 0.5    /* share of the people assessed in a skill */
#define ROUND_OFFER_AT 1.5      /* logits above the middle of a skill */
#define ROUND_OFFER_SD 1.2      /* logits */
#define ROUND_SMALL_POOL 8      /* fewer people who may work together are called a small pool */
#define ROUND_ALL_PAIRS 6000000 /* more pairs that help are not listed but priced */
#define ROUND_TOP 12            /* candidates of each person to begin with, when pairs are priced */

enum round_strategy {
    ROUND_RECIPROCAL,
    ROUND_GUIDE,
    ROUND_TRIO,
    ROUND_STABLE,
    ROUND_RANDOM,
    ROUND_STRATEGY__MAX
};
enum round_objective { ROUND_SERVED, ROUND_GAIN, ROUND_OBJECTIVE__MAX };

struct round_options {
    enum round_strategy strategy;
    enum round_objective objective;
    bool lift;                     /* reciprocal and guide with ROUND_SERVED only */
    int32_t within;                /* column whose value partners share, or ROSTER_NONE */
    int32_t max_helps, max_learns; /* of people whose file does not say; guide */
    int32_t min_reach;             /* 1 .. MATCH_ONE */
    uint64_t seed;                 /* random */
};

/* reciprocal, served, no lift, no column, 2 helps, 1 learns, MATCH_REACH_USEFUL, seed 1. */
struct round_options round_options_default(void);

/* "reciprocal" ...; "served", "gain". */
const char *round_strategy_name(enum round_strategy strategy);

/* Why a call was refused, in words. */
struct round_problem {
    char text[400];
    uint64_t line; /* of the rules file, 0: none */
};

enum round_origin {
    ROUND_CHOSEN, /* by the strategy */
    ROUND_MUST,   /* by a rule */
    ROUND_KEPT,   /* goes on from before */
    ROUND_ORIGIN__MAX
};

/* One direction of help inside a partnership. */
struct round_proposal {
    int32_t pair; /* number of the partnership, from 1, by first member */
    int32_t learner, helper;
    int32_t skill; /* ROSTER_NONE: partners without a useful skill in either direction */
    int32_t gain, reach;
    enum round_origin origin;
};

/* What a person gets out of the round. */
enum round_state {
    ROUND_IS_SERVED,  /* receives useful help */
    ROUND_ONLY_HELPS, /* has a partner, receives no useful help */
    ROUND_NO_NEED,    /* alone: no need given, and nothing assessed to propose one from */
    ROUND_NO_WISH,    /* alone: max_learns is 0 */
    ROUND_NOBODY_CAN, /* alone: nobody reaches enough of the zone in any needed skill */
    ROUND_RULED_OUT,  /* alone: the rules exclude everybody who could help */
    ROUND_ALL_TAKEN,  /* alone: those who could help are needed more elsewhere */
    ROUND_STATE__MAX
};

struct round_result {
    struct round_options options;
    struct round_proposal *proposals; /* by pair, then learner, then helper */
    int32_t n_proposals, n_pairs;
    int32_t n_people, n_learners; /* learners: people with a need */
    int32_t n_served, n_needs, n_covered;
    int64_t total_gain;
    int32_t smallest_gain; /* of those served; 0: none */
    int32_t floor;         /* lift: gains below count for nothing */
    int64_t bound;         /* no arrangement of this kind gains more; scaled; -1: not known */
    bool proved;           /* nothing better exists under the objective */
    struct match_certificate *certificate; /* reciprocal, guide, trio; else NULL */
    enum match_stable_kind stable_kind;
    enum round_state *state;     /* n_people */
    int32_t *n_helps, *n_learns; /* n_people: useful proposals as helper, as learner */
    int32_t n_kept_dropped;      /* keep rules that other rules no longer allow */
};

/* Makes needs, offers, rules and profiles; borrows `roster` and `fit`.  ERR_CONFLICT with the
 * reason when a must contradicts another rule or a limit, ERR_INVALID when options do not fit
 * together, ERR_RANGE for estimates that are not numbers, ERR_NOMEM. */
MUST_CHECK enum err round_prepare(struct arena *arena, const struct roster *roster,
                                  const struct zone_fit *fit, const struct round_options *options,
                                  struct round **round, struct round_problem *problem);

/* The same on several threads, those of round_set_crew() afterwards. */
MUST_CHECK enum err round_prepare_with(const struct crew *crew, struct arena *arena,
                                       const struct roster *roster, const struct zone_fit *fit,
                                       const struct round_options *options, struct round **round,
                                       struct round_problem *problem);

/* The threads that computing gains and holding certificates against them may use; NULL: one. */
void round_set_crew(struct round *round, const struct crew *crew);

/* The gains of all pairs, kept from one round to the next over the same roster, estimates and
 * options but strategy and objective: strategies side by side.  A round that is told of it before
 * it is solved makes the gains, or finds them there.  They live in `arena`; NULL: out of memory. */
struct round_gains;
struct round_gains *round_gains_new(struct arena *arena);
void round_share_gains(struct round *round, struct round_gains *gains);

/* True stops the work with ERR_LIMIT. */
typedef bool round_progress_fn(void *ctx, double done);

/* Finds the arrangement.  `progress` may be NULL.  ERR_LIMIT with the reason when the strategy
 * cannot do so many people at once, ERR_CONFLICT, ERR_NOMEM. */
MUST_CHECK enum err round_solve(struct arena *arena, struct round *round,
                                round_progress_fn *progress, void *ctx, struct round_result *result,
                                struct round_problem *problem);

/* As if a rule said that `helper` must help `learner` (in `skill` unless ROSTER_NONE), for the
 * solves that follow; ROSTER_NONE for both takes it back.  ERR_CONFLICT with the reason. */
MUST_CHECK enum err round_force(struct round *round, int32_t learner, int32_t helper, int32_t skill,
                                struct round_problem *problem);

/* How many pairs would rather leave for each other (by own gain) under these proposals; for the
 * strategies that make pairs.  ERR_LIMIT when there are too many pairs to list. */
MUST_CHECK enum err round_count_blocking(struct arena *arena, struct round *round,
                                         const struct round_result *result, int64_t *n_blocking);

/* Checks proposals that come from somewhere else (a file) and, unless NULL, the certificate:
 * gains are recomputed from the inputs, rules and limits applied, and the certificate is held
 * against every pair.  Without a certificate the strategy must be stable (no pair may block) or
 * random (rules only).  ERR_REFUSED with the reason; ERR_OK with what was proved, a sentence.
 * Shares gain.h and the rules with the solver, but no solver. */
struct round_verdict {
    char text[600];
    int32_t row; /* index of the proposal at fault, or -1 */
};
MUST_CHECK enum err round_verify(struct arena *arena, struct round *round,
                                 const struct round_proposal *proposals, int32_t n_proposals,
                                 const struct match_certificate *certificate,
                                 round_progress_fn *progress, void *ctx,
                                 struct round_verdict *verdict);

/* The floor of a certificate's objective ("served-lift-3000": 3000) and its objective and lift;
 * ERR_INVALID when the words are not ones that round_solve writes. */
MUST_CHECK enum err round_read_words(const struct match_certificate *certificate,
                                     struct round_options *options, int32_t *floor);
/* Counts gains below `floor` as nothing in round_verify. */
void round_set_floor(struct round *round, int32_t floor);

/* What `helper` could do for `learner`, rules aside. */
struct round_help {
    int32_t skill; /* of the best needed skill; ROSTER_NONE: none in which the helper offers help */
    int32_t gain, reach; /* whatever it is, useful or not */
    bool useful;
};
struct round_help round_help_of(const struct round *round, int32_t learner, int32_t helper);

/* The same in one skill that the learner needs (gain 0 where the helper does not offer it). */
struct round_help round_help_in(const struct round *round, int32_t learner, int32_t helper,
                                int32_t skill);

/* Why two people may not work together. */
enum round_bar {
    ROUND_MAY,
    ROUND_BAR_SELF,
    ROUND_BAR_NEVER,
    ROUND_BAR_EVALUATOR,
    ROUND_BAR_COLUMN, /* *column: index of the column */
    ROUND_BAR_LANGUAGE,
    ROUND_BAR_PERIOD,
    ROUND_BAR__MAX
};
enum round_bar round_bar_of(const struct round *round, int32_t u, int32_t v, int32_t *column);

/* The needs of a person, most wanted first. */
struct round_need {
    int32_t person, skill;
    int32_t priority; /* 1 .. */
    bool proposed;    /* not from a file */
};
const struct round_need *round_needs_of(const struct round *round, int32_t person, int32_t *n);

/* Whether a person offers help in a skill. */
bool round_offers(const struct round *round, int32_t person, int32_t skill);

/* People to whom `person` may be a partner, rules aside from limits: the size of the pool. */
int32_t round_pool_of(const struct round *round, int32_t person);

/* How many needs there are in a skill, and whether anybody offers help in it. */
int32_t round_count_needs(const struct round *round, int32_t skill);
int32_t round_count_offers(const struct round *round, int32_t skill);

/* The limits in force for a person. */
int32_t round_max_helps(const struct round *round, int32_t person);
int32_t round_max_learns(const struct round *round, int32_t person);

#endif
