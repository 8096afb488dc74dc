/* An arrangement and the edges it is chosen from.  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_SOLVE_H
#define DUET_COACH_ROUND_SOLVE_H

#include "coach/round_data.h"
#include "match/assign.h"
#include "match/source.h"
#include "match/trio.h"

struct arena;

/* What a solver decided; which fields are set depends on the strategy. */
struct round_answer {
    int32_t *mate; /* n: pairs, with the fixed ones; NULL for guide and trio */
    int32_t *task; /* guide: needs that stand for tasks */
    int32_t n_tasks;
    struct match_pair_proof *pairs;    /* reciprocal, without the fixed pairs */
    struct match_assign_proof *assign; /* guide, without the fixed tasks */
    struct match_trio *trio;
    struct match_assign_problem problem; /* guide */
    enum match_stable_kind stable_kind;
};

#define ROUND_MUST_BONUS (INT64_C(1) << 24) /* trio: of a pair that must share a group */

/* Of a gain: differences that do not matter while candidates are looked for. */
#define ROUND_ROUGH 6

/* How far a solve is, for `progress`: never less than it said before.  A pass over the candidates
 * takes its share of what is left, since nobody knows how many will be needed. */
struct round_steps {
    round_progress_fn *progress; /* may be NULL */
    void *ctx;
    double from, pass; /* of the whole: the pass that is under way */
    double end;        /* of the solve after it */
    double to;         /* of all passes */
    double told;
};
/* True: stop.  `done` of the pass, 0 .. 1. */
bool round_step(struct round_steps *steps, double done);
void round_steps_pass(struct round_steps *steps);
/* Work that goes up to `to`, as one pass. */
void round_steps_part(struct round_steps *steps, double to);
/* While the solver works nobody knows how much is left: a little of it each time.  `ctx` is a
 * struct round_steps. */
bool round_pause(void *ctx);

/* Candidate edges for the solvers.  frozen (n): people whose partner is fixed. */
struct round_feed {
    const struct round *round;
    const bool *frozen;  /* pairs */
    const int32_t *task; /* guide; NULL: pairs */
    int32_t n_tasks;
    const int32_t *room;                    /* guide: what is left of max_helps */
    const struct match_assign_start *guess; /* guide, with a table: priced from the beginning */
    struct round_steps *steps;
    bool listed;
};
struct match_source round_source(struct round_feed *feed);

/* Everybody whose partner is fixed; guide: what the fixed ones leave of the limits. ERR_NOMEM. */
MUST_CHECK enum err round_freeze(struct arena *arena, const struct round *round, bool **frozen);
MUST_CHECK enum err round_make_tasks(struct arena *arena, const struct round *round,
                                     struct round_answer *answer, int32_t **room,
                                     int32_t **room_learn);

/* All pairs with their gains. */
MUST_CHECK enum err round_list_wishes(struct arena *arena, const struct round *round,
                                      const bool *frozen, struct match_wish **wishes, int64_t *n);

/* One solve with the floor as it is. */
MUST_CHECK enum err round_answer_find(struct arena *arena, struct round *round,
                                      struct round_steps *steps, struct round_answer *answer,
                                      struct round_problem *problem);

/* Proposals and counts from an answer: round_result.c.  */
MUST_CHECK enum err round_tell(struct arena *arena, struct round *round,
                               const struct round_answer *answer, struct round_result *result);

/* What a fixed one is about: its skill and gain, useful or not. */
struct round_help round_fixed_help(const struct round *round, const struct round_fixed *fixed);

/* The certificate of an answer: round_proof.c. */
MUST_CHECK enum err round_certify(struct arena *arena, const struct round *round,
                                  const struct round_answer *answer,
                                  struct match_certificate **certificate);
void round_fingerprint(const struct round *round, struct arena *work,
                       unsigned char out[MATCH_FINGERPRINT_BYTES], enum err *err);

#endif
