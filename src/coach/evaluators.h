/* Who evaluates whom.  An evaluator never enters the other's coaching space: allowed() refuses, and
 * matching leaves the two apart.
 *
 * The person, their coordinators and administrators may say so; only an administrator who is not
 * the evaluator may unsay it, since that opens a door. */
#ifndef DUET_COACH_EVALUATORS_H
#define DUET_COACH_EVALUATORS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

struct evaluator {
    int64_t evaluator_id, person_id;
    struct str name; /* of the evaluator (of_person), of the other (by_person) */
};

struct evaluator_list {
    struct evaluator *items;
    size_t n;
};

/* Who evaluates this person; whom this person evaluates. */
MUST_CHECK enum err evaluators_of_person(struct coach *coach, int64_t person_id,
                                         struct evaluator_list *list);
MUST_CHECK enum err evaluators_by_person(struct coach *coach, int64_t person_id,
                                         struct evaluator_list *list);

/* Also takes back what the person shares with the evaluator.  Already there: nothing changes.
 * ERR_CONFLICT: oneself. */
MUST_CHECK enum err evaluators_add(struct coach *coach, int64_t evaluator_id, int64_t person_id);
MUST_CHECK enum err evaluators_remove(struct coach *coach, int64_t evaluator_id, int64_t person_id);

/* Ungated, for the rules themselves: whether the one evaluates the other. */
MUST_CHECK enum err evaluators_is(struct coach *coach, int64_t evaluator_id, int64_t person_id,
                                  bool *yes);

#endif
