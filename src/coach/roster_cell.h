/* Within the room: what one cell means.  Pure. */
#ifndef DUET_COACH_ROSTER_CELL_H
#define DUET_COACH_ROSTER_CELL_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum roster_number {
    ROSTER_NUMBER_OK,
    ROSTER_NUMBER_FRACTION, /* a number, but not a whole one: 2.5 */
    ROSTER_NUMBER_BAD,      /* no number, or more digits than 15 */
};

/* A decimal number with a point or a comma, no exponent, no grouping.  The result is the double
 * nearest to what is written, the same everywhere. */
enum roster_number roster_cell_decimal(struct str text, double *value);

/* A whole number; "3", "3.0" and "3,0" are the same. */
enum roster_number roster_cell_whole(struct str text, int64_t *value);

enum roster_date {
    ROSTER_DATE_OK,
    ROSTER_DATE_FORM,  /* written in no order that is certain */
    ROSTER_DATE_WRONG, /* there is no such day, or not between 1900 and 2199 */
};

/* YYYY-MM-DD, which a time of day may follow (2026-11-24T10:00 or 2026-11-24 10:00, ignored);
 * YYYY/M/D, and D.M.YYYY with points, which nobody writes in another order. */
enum roster_date roster_cell_date(struct str text, int32_t *day);

/* The index of a word in a list that ends in NULL, without regard to case, or -1. */
int roster_cell_word(struct str text, const char *const *words);

/* The values of a cell that lists some: separated by ; | a comma or a line end where there is one
 * of these ("Mon 3; Tue 4"), else by blanks ("Mon3 Tue4"). */
struct roster_cell_list {
    struct str rest;
    bool blanks; /* blanks separate */
};
struct roster_cell_list roster_cell_list(struct str text);

/* Takes the next value, trimmed and not empty.  False when there are no more. */
bool roster_cell_next_value(struct roster_cell_list *list, struct str *value);

/* Whether blanks split a cell of words and bare numbers, as in "Mon 3". */
bool roster_cell_splits_number(struct str text);

#endif
