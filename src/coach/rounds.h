/* Rounds: one run of matching over the people of a programme, from the click to partnerships.
 *
 *     waiting -> running -> ready -> publishing -> published
 *        |          |         |  \-> waiting     worked out again around what is locked
 *        |          |         \----> discarded
 *        \----------\--------------> failed, discarded
 *
 * A round reads people, needs, offers and zones as they are when it runs (round_roster.h), with the
 * estimates as stored, and asks coach/round.h for the best arrangement.  People who have no room
 * left beside their running partnerships are left alone, and those who work together already are
 * not proposed to each other again.
 *
 * Coordinators see who is proposed to whom and in which skill, because arranging is activity, never
 * a number of a person.  Whoever evaluates one of the two sees the row without skill and reason and
 * cannot change it.  Who may: as for programmes. */
#ifndef DUET_COACH_ROUNDS_H
#define DUET_COACH_ROUNDS_H

#include "base/err.h"
#include "base/str.h"
#include "coach/programmes.h"
#include "coach/round.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

#define ROUNDS_JOB "round"           /* kind of job; the payload is the round's id */
#define ROUNDS_PUBLISH_JOB "publish" /* the same */
#define COMPARISON_JOB "compare"     /* the payload is the comparison's id */
#define ROUNDS_PAGE 50               /* pairs of one page */
#define ROUNDS_AT_ONCE 200           /* pairs that are asked in one transaction */
#define ROUNDS_PROGRESS_MS 500       /* how often progress is written */
#define ROUNDS_MEMBERS 3             /* of one pair or group, at most */
#define ROUNDS_ALTERNATIVES 12       /* of one person */
#define ROUNDS_MAX_PEOPLE 50000

enum rounds_state {
    ROUNDS_WAITING,
    ROUNDS_RUNNING,
    ROUNDS_READY,
    ROUNDS_PUBLISHING, /* people are being asked; nothing can be changed any more */
    ROUNDS_PUBLISHED,
    ROUNDS_DISCARDED,
    ROUNDS_FAILED,
    ROUNDS_STATE__MAX
};
const char *rounds_state_word(enum rounds_state state);

/* Why a round or a comparison could not be worked out. */
enum rounds_problem {
    ROUNDS_FINE,
    ROUNDS_RULE,   /* a must (rule_id) contradicts other rules or a limit */
    ROUNDS_LOCKED, /* so does something that is locked */
    ROUNDS_FEW,    /* fewer than two people take part */
    ROUNDS_LARGE,  /* the strategy cannot do so many at once */
    ROUNDS_BROKEN, /* an error that was not foreseen */
    ROUNDS_PROBLEM__MAX
};

struct rounds_round {
    int64_t id, programme_id;
    struct str programme; /* its name */
    enum rounds_state state;
    int32_t progress; /* 0 .. 1000 */
    enum programme_strategy strategy;
    bool most_gain, lift, same_unit;
    int32_t n_people, n_learners, n_served, n_needs, n_covered, n_pairs;
    int64_t total_gain;    /* MATCH_ONE is one whole zone */
    int32_t smallest_gain; /* of those served */
    int64_t bound;         /* scaled as the certificate; -1: not known */
    bool proved, has_certificate;
    int32_t best_served; /* when it was worked out; see n_changed */
    int64_t best_gain;
    int32_t n_changed; /* by hand, since then */
    int32_t n_locked;  /* pairs */
    int32_t n_dealt;   /* pairs, of n_pairs, that publishing has dealt with so far */
    enum rounds_problem problem;
    int64_t problem_rule_id;
    bool locks_kept; /* false: worked out by an earlier version, which did not keep what was
                      * locked then: only by luck can it be checked again */
    int64_t created_ms, ready_ms, published_ms;
};
struct rounds_list {
    struct rounds_round *items;
    size_t n;
};

/* Of a programme, newest first. */
MUST_CHECK enum err rounds_list(struct coach *coach, int64_t programme_id,
                                struct rounds_list *list);
MUST_CHECK enum err rounds_get(struct coach *coach, int64_t id, struct rounds_round *round);
MUST_CHECK enum err rounds_certificate(struct coach *coach, int64_t id, struct str *text);

/* Queues a round with the programme's options.  ERR_CONFLICT: another one of the programme is under
 * way or waits to be published, or the programme is not open, or it leaves people to choose for
 * themselves. */
MUST_CHECK enum err rounds_start(struct coach *coach, int64_t programme_id, int64_t *id);
/* Works it out again; pairs that are locked stay.  ERR_CONFLICT: not ready. */
MUST_CHECK enum err rounds_again(struct coach *coach, int64_t id);
/* ERR_CONFLICT: published, or about to be. */
MUST_CHECK enum err rounds_discard(struct coach *coach, int64_t id);
/* Makes partnerships of all pairs that have a skill in one direction at least, and asks their
 * people.  *n: how many pairs; ROUNDS_LATER: there are more than `at_once` (ROUNDS_AT_ONCE), and a
 * job asks them, so many in a transaction, while others write too.  Where that job was given up
 * (ROUNDS_STOPPED) there is another then, which goes on.  ERR_CONFLICT: not ready. */
#define ROUNDS_LATER (-1)
MUST_CHECK enum err rounds_publish(struct coach *coach, int64_t id, int32_t at_once, int64_t *n);

/* Of a round that is being published: whether anybody is at it. */
enum rounds_pace {
    ROUNDS_GOES_ON, /* a worker is, or will be in a moment */
    ROUNDS_TRIES,   /* the last try failed; the next is at *next_ms */
    ROUNDS_STOPPED  /* no longer: it failed too often (queue.h) */
};
MUST_CHECK enum err rounds_publish_pace(struct coach *coach, int64_t id, enum rounds_pace *pace,
                                        int64_t *next_ms);

/* ---- what it proposes ---- */

struct rounds_row {
    int64_t id, learner_id, helper_id, skill_id; /* skill 0: none */
    struct str learner, helper, skill;
    enum round_origin origin;
    bool by_hand;  /* put there by a coordinator */
    int32_t reach; /* how much of what the learner is ready for the helper can bring: for words */
    int32_t priority;                       /* of the learner's need; 0: none was given */
    int32_t n_visits, n_raters, n_evidence; /* behind it, of the helper */
    struct str unit, language, period;      /* what both have; empty: nothing is known */
};
struct rounds_pair {
    int32_t pair; /* its number */
    bool locked;
    bool withheld; /* the reader evaluates one of them: no skills, no reasons, no changes */
    struct rounds_row *rows;
    size_t n_rows;
};
struct rounds_pairs {
    struct rounds_pair *items;
    size_t n;
    int32_t next; /* hand this back as `after`; 0: no more */
};
struct rounds_filter {
    int64_t unit_id;  /* a member in this unit or below it; 0: any */
    struct str words; /* parts of the name of a member; empty: any */
    int32_t after;    /* 0: from the beginning */
    struct str locale;
};
MUST_CHECK enum err rounds_pairs(struct coach *coach, int64_t id,
                                 const struct rounds_filter *filter, struct rounds_pairs *pairs);

/* Who stays without a partner or without help, and why, by name; a page at a time. */
struct rounds_left {
    int64_t person_id;
    struct str name, units;
    enum round_state why;
    bool withheld; /* the reader evaluates them: `why` is not told */
    bool no_goal;  /* has by now not said what they want to grow in */
};
struct rounds_lefts {
    struct rounds_left *items;
    size_t n;
    struct str next;
    int64_t counts[ROUND_STATE__MAX]; /* of all, by reason; who is withheld is in none */
    int64_t n_no_goal;                /* of ROUND_ONLY_HELPS, those without a goal */
    int64_t n_partnered;              /* who have no room beside a running partnership */
};
MUST_CHECK enum err rounds_left_out(struct coach *coach, int64_t id, struct str after,
                                    struct rounds_lefts *lefts);

/* ---- changes by hand ---- */

/* A locked pair stays when the round is worked out again. */
MUST_CHECK enum err rounds_lock(struct coach *coach, int64_t id, int32_t pair, bool locked);

/* What else could be done with somebody, and what it costs. */
struct rounds_alternative {
    int64_t other_id;
    struct str other;
    int64_t learns_skill_id, helps_skill_id; /* what the person would learn, and help in; 0: none */
    struct str learns, helps;
    int32_t learns_reach;
    int32_t served;     /* how many more (fewer, when negative) people of the round receive help */
    int64_t gain;       /* how much the total gain changes; MATCH_ONE is a zone */
    int64_t left_id[2]; /* their partners of now, who would be alone; 0: nobody */
    struct str left[2];
    bool swapped; /* those two would become partners instead; of threes, the first of them would
                     take the person's place */
};
struct rounds_alternatives {
    int64_t person_id;
    struct str person;
    struct rounds_pair now; /* n_rows 0: alone */
    struct rounds_alternative *items;
    size_t n;
};
/* Best for the whole first.  ERR_FORBIDDEN also when the actor evaluates the person; people whom
 * the actor evaluates are not among them.  ERR_CONFLICT: not ready.  Reads the
 * whole programme: a second or two for 10,000 people. */
MUST_CHECK enum err rounds_alternatives_of(struct coach *coach, int64_t id, int64_t person_id,
                                           struct str locale, struct rounds_alternatives *list);

/* Puts the two together, in place of what they have now, and locks them.  With `swap` their
 * partners of now become partners, if one can help the other.  In groups of three the person joins
 * the other's group; whoever has to leave it for that takes, with `swap`, the person's place.
 * ERR_CONFLICT: not ready; the rules keep the two apart; nobody can help. */
MUST_CHECK enum err rounds_move(struct coach *coach, int64_t id, int64_t person_id,
                                int64_t other_id, bool swap);
/* Takes a pair apart. */
MUST_CHECK enum err rounds_part(struct coach *coach, int64_t id, int32_t pair);

/* ---- comparing strategies ---- */

struct comparison_row {
    enum programme_strategy strategy;
    enum rounds_problem problem; /* when not ROUNDS_FINE the numbers are 0 */
    int64_t problem_rule_id;
    int32_t n_people, n_learners, n_served, n_needs, n_covered;
    int64_t total_gain;
    int32_t smallest_gain;
    int32_t busiest;               /* the most people that one person helps */
    int32_t n_pairs, n_across;     /* pairs or groups; those across units */
    int32_t why[ROUND_STATE__MAX]; /* who stays without, by reason */
    bool proved;
    bool by_sum; /* too many people to look for pairs that nobody would leave for their own gain */
};
struct comparison {
    int64_t id, programme_id;
    enum rounds_state state; /* waiting, running, ready or failed */
    int32_t progress;
    enum rounds_problem problem;
    int64_t created_ms, ready_ms;
    struct comparison_row *rows;
    size_t n_rows;
    /* What to look at first. */
    int32_t n_small_pool, n_unlinked, n_stale, n_unsure;
    int64_t *unhelped; /* skills that somebody needs and nobody offers */
    size_t n_unhelped;
};
MUST_CHECK enum err comparisons_start(struct coach *coach, int64_t programme_id, int64_t *id);
/* The newest of a programme.  ERR_NOT_FOUND: none. */
MUST_CHECK enum err comparisons_last(struct coach *coach, int64_t programme_id,
                                     struct comparison *comparison);

/* ---- checking it again ---- */

enum rounds_checked {
    ROUNDS_HOLDS,       /* the list and its certificate hold against the database as it is */
    ROUNDS_WRONG,       /* they do not */
    ROUNDS_CHANGED,     /* what it was made from has changed since: nothing can be said */
    ROUNDS_EARLIER,     /* that, or it was made around locks that were not kept (locks_kept) */
    ROUNDS_BY_HAND,     /* the list was changed by hand: the certificate is about the one before */
    ROUNDS_UNCERTIFIED, /* this way of matching has no certificate */
    ROUNDS_NOT_READY,   /* there is no list (yet) */
    ROUNDS_CHECKED__MAX
};
struct rounds_check {
    enum rounds_checked what;
    int32_t pair;     /* ROUNDS_WRONG: the first that is wrong; 0: the certificate */
    char proved[600]; /* ROUNDS_HOLDS: what was proved, in English, of nobody in particular */
};
/* Makes the problem of a round from the database again and holds the list and the certificate as
 * they are stored against it, with no part of the solver.  Opens a read transaction of its own; no
 * transaction is open.  `progress` may be NULL.  A second or some for 10,000 people. */
MUST_CHECK enum err rounds_check(struct coach *coach, int64_t id, round_progress_fn *progress,
                                 void *ctx, struct rounds_check *check);

/* ---- for the jobs ---- */

/* Called now and then; true: stop. */
typedef bool rounds_go_on_fn(void *ctx);

/* Works out a round or a comparison that waits, in transactions of its own; no transaction is open.
 * What cannot be done is written into it (failed, with the problem) and is ERR_OK here. ERR_LIMIT:
 * stopped.  Doing it twice is harmless. */
MUST_CHECK enum err rounds_work(struct coach *coach, int64_t id, rounds_go_on_fn *stop, void *ctx);
/* The same for a round that is being published, `at_once` pairs in each transaction; `stop` is
 * asked before each.  Each pair is dealt with once, wherever an earlier run has stopped or died. */
MUST_CHECK enum err rounds_publish_work(struct coach *coach, int64_t id, int32_t at_once,
                                        rounds_go_on_fn *stop, void *ctx);
MUST_CHECK enum err comparisons_work(struct coach *coach, int64_t id, rounds_go_on_fn *stop,
                                     void *ctx);

#endif
