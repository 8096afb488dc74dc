/* Within the room: a round that is being changed by hand, with the whole programme read again so
 * that gains and rules are the engine's own. */
#ifndef DUET_COACH_ROUNDS_CHANGE_H
#define DUET_COACH_ROUNDS_CHANGE_H

#include "base/list.h"
#include "coach/rounds_store.h"

/* One row of the list, in indices of the roster (ROSTER_NONE: somebody who is no longer in). */
struct rounds_change_row {
    int64_t id, learner_id, helper_id;
    int32_t pair, learner, helper, skill;
    int32_t gain, reach;
    bool locked;
};

/* Rows that have something in common, in their order: first[what], then next[row]; -1: no more. */
struct rounds_chain {
    int32_t *first, *next;
};

struct rounds_change {
    struct coach *coach;
    struct rounds_round round;
    struct programme programme;
    struct round_roster roster;
    struct round *engine;
    struct list rows;                                   /* struct rounds_change_row, by id */
    bool *evaluated;                                    /* by person: the actor evaluates them */
    int32_t *first;                                     /* by person: a row of theirs, or -1 */
    struct rounds_chain by_pair, by_learner, by_helper; /* by number; by person */
    int32_t *n_learns, *n_helps;                        /* by person: useful rows */
    bool guide, threes;
};

/* ERR_CONFLICT: the round is not ready. */
MUST_CHECK enum err rounds_change_open(struct coach *coach, enum allow_verb verb, int64_t id,
                                       struct rounds_change *change);

/* Counts again what everybody has; after rows were added or taken. */
MUST_CHECK enum err rounds_change_count(struct rounds_change *change);

/* Whether help counts. */
bool rounds_change_useful(const struct rounds_change *change, int32_t gain, int32_t reach);

#define ROUNDS_SWAP_ROWS 16 /* two groups of three: six directions of help in each */
#define ROUNDS_SWAP_PEOPLE 8

/* Putting two people together: what goes, what comes, and what that changes. */
struct rounds_swap {
    int32_t person, other;
    int32_t drop[ROUNDS_SWAP_ROWS]; /* rows that go, as indices */
    int32_t n_drop;
    struct round_proposal add[ROUNDS_SWAP_ROWS]; /* pair 0: of the two; 1: of those left behind */
    int32_t n_add;
    int32_t left[2]; /* who would be alone; ROSTER_NONE: nobody.  With `swapped` of threes: the
                        first takes the person's place */
    bool swapped;    /* those two become partners */
    int32_t concerned[ROUNDS_SWAP_PEOPLE];
    int32_t n_concerned;
    int64_t gain;
    int32_t served;
    bool locked; /* something that would go is locked */
};

/* What it would be.  ERR_CONFLICT: the rules keep them apart, or neither can help. */
MUST_CHECK enum err rounds_swap_plan(const struct rounds_change *change, int32_t person,
                                     int32_t other, bool swap, struct rounds_swap *plan);

/* Within rounds_change*.c: the same in groups of three.  The person joins the group of the other;
 * where that has three already one of them leaves, whoever costs least, and with `swap` goes where
 * the person was. */
MUST_CHECK enum err rounds_threes_plan(const struct rounds_change *change, bool swap,
                                       struct rounds_swap *plan);
/* How many of the people concerned receive help before and after, and what is gained. */
void rounds_swap_weigh(const struct rounds_change *change, struct rounds_swap *plan);

#endif
