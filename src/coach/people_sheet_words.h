/* Within the room: what columns, languages, weekdays and answers are called in several languages.
 *
 * Lists of words are separated by '|', in small letters, with '_' for blanks, the way in which
 * names of columns are compared (roster_table_fold). */
#ifndef DUET_COACH_PEOPLE_SHEET_WORDS_H
#define DUET_COACH_PEOPLE_SHEET_WORDS_H

#include "base/str.h"
#include "coach/people_sheet.h"

/* How early a folded name stands in the list of a field: 0 first; -1: not there. */
int people_sheet_words_rank(enum people_sheet_field field, struct str folded);

/* Monday 0 .. Sunday 6, or -1. */
int people_sheet_words_weekday(struct str folded);

/* The code (BCP 47) of a language's name, or of a code itself; NULL: not known. */
const char *people_sheet_words_language(struct str folded);

enum people_sheet_answer {
    PEOPLE_SHEET_YES,
    PEOPLE_SHEET_NO,
    PEOPLE_SHEET_PARTICIPANT,
    PEOPLE_SHEET_COORDINATOR,
    PEOPLE_SHEET_ADMINISTRATOR,
    PEOPLE_SHEET_ANSWER__MAX
};

/* The answer of a word among those from `first` to `last`, or ANSWER__MAX. */
enum people_sheet_answer people_sheet_words_answer(struct str folded,
                                                   enum people_sheet_answer first,
                                                   enum people_sheet_answer last);

#endif
