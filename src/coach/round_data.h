/* What a round holds between its steps.  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_DATA_H
#define DUET_COACH_ROUND_DATA_H

#include "coach/roster.h"
#include "coach/round.h"
#include "match/gain.h"
#include "zone/zone.h"

/* Somebody must help somebody: by a rule, or because they do already. */
struct round_fixed {
    int32_t learner, helper, skill; /* skill may be ROSTER_NONE: the best one */
    enum round_origin origin;
    uint64_t line;
};

/* Where the last solve over the same table ended: the next one, under another floor, begins there.
 */
struct round_guess {
    bool made;
    int64_t *rent;   /* n */
    int32_t *helper; /* of tasks */
};

struct round {
    struct arena *arena;
    const struct crew *crew;
    struct round_gains *gains; /* kept for other rounds, or NULL */
    const struct roster *roster;
    const struct zone_fit *fit;
    struct round_options options;
    int32_t n, n_skills;

    struct round_need *needs; /* grouped by person, most wanted first */
    int32_t *need_begin;      /* n + 1 */
    int32_t n_needs;
    struct match_learner *learners; /* n_needs */
    struct match_helper *helpers;
    int32_t *helper_at; /* n x n_skills, person-major: index into helpers, or -1 */
    int32_t n_helpers;
    struct match_gain_model model;

    int32_t *max_helps, *max_learns; /* n */
    int32_t *cap;                    /* n: no help gains a person more */
    uint64_t *wants, *gives;         /* n: bit s % 64 of the skills needed, and of those offered */

    /* People whose rules on columns agree stand in one pool. */
    int32_t *pool;        /* n: number of the pool, -1: a value is missing */
    int32_t *pool_people; /* n, grouped by pool, rising inside */
    int32_t *pool_begin;  /* n_pools + 1 */
    int32_t n_pools;
    bool share_languages, share_periods;
    uint64_t *bans; /* sorted keys of never and evaluator, smaller person first */
    size_t n_bans;
    size_t *ban_begin; /* n + 1: those of which a person is the smaller */
    bool *banned;      /* n: somebody may not work with this person */

    struct round_fixed *fixed;
    int32_t n_fixed; /* of the rules; one more may stand behind them, see round_force */
    bool forced;     /* fixed[n_fixed] is in force */
    int32_t n_kept_dropped;

    int64_t all_pairs; /* more pairs that help are not listed but priced: ROUND_ALL_PAIRS */
    int32_t floor;     /* gains below count for nothing */
    const struct round_tasks *tasks; /* while it is being solved, or NULL: round_tasks.h */
    struct round_guess *guess;       /* with it */
    const struct round_table *table; /* while it is being solved, or NULL: round_table.h */
    int64_t served;                  /* added to the weight of each person (guide: need) served */
};

static inline int32_t round_n_fixed(const struct round *round)
{
    return round->n_fixed + (round->forced ? 1 : 0);
}

/* Rules: round_rules.c */
MUST_CHECK enum err round_rules_make(struct round *round, struct round_problem *problem);
static inline bool round_may(const struct round *round, int32_t u, int32_t v);
bool round_is_banned(const struct round *round, int32_t u, int32_t v);
bool round_share(const struct round *round, int32_t u, int32_t v);
/* Pairs of people in one pool. */
int64_t round_count_pairs(const struct round *round);

/* Gains: round_gain.c */
struct round_best {
    int32_t gain, reach, need; /* need: index into needs, -1 none */
};
/* The best useful help at or above the floor. */
struct round_best round_best_help(const struct round *round, int32_t learner, int32_t helper);
/* Of one need; gain 0 when not useful. */
struct round_best round_need_help(const struct round *round, int32_t need, int32_t helper);
/* The weight of a need and person v as helper; 0: not allowed or not useful. */
int64_t round_task_weight(const struct round *round, int32_t need, int32_t v);
/* Largest gain anybody could bring to a need. */
int32_t round_need_cap(const struct round *round, int32_t need);
/* Why somebody is alone: the first reason that holds on the way from wishes to competition. */
enum round_state round_why_alone(const struct round *round, int32_t u);
/* Sets `served` for the strategy and objective. */
void round_set_served(struct round *round);
/* What a pair is worth to the solver: both gains, and `served` for each of them; 0: nothing. */
static inline int64_t round_weight_of(const struct round *round, int32_t one, int32_t other)
{
    return (int64_t)one + other + round->served * ((one > 0) + (other > 0));
}
int64_t round_pair_weight(const struct round *round, int32_t u, int32_t v);

/* Says why in `problem`; returns `code`. */
__attribute__((format(printf, 4, 5))) enum err
round_refuse(struct round_problem *problem, enum err code, uint64_t line, const char *fmt, ...);

/* Whether v offers anything that u needs; true may be wrong, false never. */
static inline bool round_could_help(const struct round *round, int32_t u, int32_t v)
{
    return (round->wants[u] & round->gives[v]) != 0;
}

static inline bool round_may(const struct round *round, int32_t u, int32_t v)
{
    return u != v && round->pool[u] >= 0 && round->pool[u] == round->pool[v] &&
           !(round->banned[u] && round->banned[v] && round_is_banned(round, u, v)) &&
           (!(round->share_languages || round->share_periods) || round_share(round, u, v));
}

#endif
