/* Within the room: what rounds*.c and comparisons.c share. */
#ifndef DUET_COACH_ROUNDS_STORE_H
#define DUET_COACH_ROUNDS_STORE_H

#include "coach/allow.h"
#include "coach/round_data.h"
#include "coach/round_roster.h"
#include "coach/rounds.h"
#include "coach/sql.h"

struct coach;

/* Problems in the column problem: "rule 12", "locked", "few" ... */
MUST_CHECK enum err rounds_problem_write(struct coach *coach, enum rounds_problem problem,
                                         int64_t rule_id, struct str *text);
enum rounds_problem rounds_problem_read(struct str text, int64_t *rule_id);

/* What a refusal of the engine is: for round_prepare and round_solve. */
enum rounds_problem rounds_problem_of(enum err err, const struct round_problem *problem,
                                      const struct round_roster *roster, int64_t *rule_id);

/* Queues a job whose payload is an id. */
MUST_CHECK enum err rounds_queue(struct coach *coach, const char *kind, int64_t id);

/* "all-taken" for ROUND_ALL_TAKEN ...; ROUND_STATE__MAX: "partnered". */
const char *rounds_why_word(enum round_state state);
enum round_state rounds_why_of(struct str word);

/* One row of proposal for what the engine proposes, with the facts of its reason. */
MUST_CHECK enum err rounds_add_row(struct coach *coach, int64_t round_id,
                                   const struct round_roster *roster, const struct round *round,
                                   const struct round_proposal *proposal, const char *origin,
                                   bool locked);

/* Asks whether the actor may arrange the programme of a round, and reads the round. */
MUST_CHECK enum err rounds_arrange(struct coach *coach, enum allow_verb verb, int64_t id,
                                   struct rounds_round *round);

/* Work of a job that writes its progress now and then. */
struct rounds_task {
    struct coach *coach;
    int64_t id;
    enum sql_id progress; /* the statement */
    double from, share;   /* of the whole, of this part */
    rounds_go_on_fn *stop;
    void *ctx;
    int64_t told_ms;
    int32_t told; /* in thousandths; what people see never stands still or falls */
};
/* For round_solve: ctx is a struct rounds_task. */
bool rounds_progress(void *ctx, double done);

#endif
