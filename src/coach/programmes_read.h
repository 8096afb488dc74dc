/* Within the room: what programmes*.c and rounds*.c share. */
#ifndef DUET_COACH_PROGRAMMES_READ_H
#define DUET_COACH_PROGRAMMES_READ_H

#include "coach/allow.h"
#include "coach/programmes.h"

struct db_query;

#define PROGRAMMES_COLUMNS 22 /* that PROGRAMME_COLUMNS of sql_programmes.def has */

/* Reads those columns, copying texts into the coach's arena; ERR_NOMEM. */
MUST_CHECK enum err programmes_read(struct coach *coach, const struct db_query *q,
                                    struct programme *programme);

/* Without asking who may, and without counting its people: n_in, n_invited and n_out are 0. */
MUST_CHECK enum err programmes_find(struct coach *coach, int64_t id, struct programme *programme);

/* Whether the actor may do that with it: ERR_NOT_FOUND, ERR_FORBIDDEN. */
MUST_CHECK enum err programmes_may(struct coach *coach, enum allow_verb verb, int64_t id);

/* The same, and reads it, without counting. */
MUST_CHECK enum err programmes_arrange(struct coach *coach, enum allow_verb verb, int64_t id,
                                       struct programme *programme);

#endif
