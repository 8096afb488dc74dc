/* Within the room: what people.c and people_list.c share. */
#ifndef DUET_COACH_PEOPLE_READ_H
#define DUET_COACH_PEOPLE_READ_H

#include "coach/people.h"

struct db_query;

#define PEOPLE_COLUMNS 13 /* that PERSON_COLUMNS of sql_people.def has */

/* Reads those columns, copying texts into the coach's arena; ERR_NOMEM. */
MUST_CHECK enum err people_read(struct coach *coach, const struct db_query *query,
                                struct person *person);

/* ---- lists of people, a page at a time, by name ---- */

#define PEOPLE_WORDS 4    /* that one query looks for; further ones are not looked at */
#define PEOPLE_AT_ONCE 50 /* people whose units one statement reads */

/* A query made ready: after whom (search key, id), and patterns for LIKE. */
struct people_asked {
    struct str search;
    int64_t id;
    size_t limit;
    struct str patterns[PEOPLE_WORDS];
};

/* ERR_INVALID: `after` is none that people_write_after made; ERR_LIMIT. */
MUST_CHECK enum err people_ask(struct coach *coach, const struct people_query *query,
                               struct people_asked *asked);
MUST_CHECK enum err people_write_after(struct coach *coach, int64_t id, struct str search,
                                       struct str *after);

/* The names of each person's units, joined by ", ". */
MUST_CHECK enum err people_units_of(struct coach *coach, const int64_t *ids, size_t n,
                                    struct str *texts);

#endif
