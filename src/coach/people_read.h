/* Within the room: what people.c and people_list.c share. */
#ifndef DUET_COACH_PEOPLE_READ_H
#define DUET_COACH_PEOPLE_READ_H

#include "coach/people.h"

struct db_query;

#define PEOPLE_COLUMNS 13 /* that PERSON_COLUMNS of sql_people.def has */

/* Reads those columns, copying texts into the coach's arena; ERR_NOMEM. */
MUST_CHECK enum err people_read(struct coach *coach, const struct db_query *query,
                                struct person *person);

#endif
