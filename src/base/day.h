/* Days: dates as a count of days since 1970-01-01, in the proleptic Gregorian calendar.  Pure.
 * Algorithm: Hinnant 2013, "chrono-compatible low-level date algorithms" (days_from_civil). */
#ifndef DUET_BASE_DAY_H
#define DUET_BASE_DAY_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

#define DAY_MIN_YEAR 1
#define DAY_MAX_YEAR 9999
#define DAY_TEXT_SIZE 11 /* YYYY-MM-DD and the NUL */

struct day_date {
    int32_t year;  /* DAY_MIN_YEAR .. DAY_MAX_YEAR */
    int32_t month; /* 1 .. 12 */
    int32_t day;   /* 1 .. 31 */
};

/* ERR_RANGE when there is no such date (29 February of a common year, month 13, year 0). */
MUST_CHECK enum err day_of_date(struct day_date date, int32_t *day);

/* The date of a day; days outside the years above are taken as the nearest inside. */
struct day_date day_date(int32_t day);

/* Reads YYYY-MM-DD, exactly ten characters.  ERR_INVALID when it does not look like that,
 * ERR_RANGE when there is no such date. */
MUST_CHECK enum err day_parse(struct str text, int32_t *day);

/* Writes YYYY-MM-DD. */
void day_write(int32_t day, char text[DAY_TEXT_SIZE]);

#endif
