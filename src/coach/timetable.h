/* When the periods of a day are: the setting "timetable" of the organisation.  Pure. */
#ifndef DUET_COACH_TIMETABLE_H
#define DUET_COACH_TIMETABLE_H

#include "base/str.h"
#include "coach/profile.h"

#include <stdbool.h>
#include <stdint.h>

struct timetable {
    struct {
        int32_t from, until; /* minutes of the day */
    } periods[PROFILE_PERIODS];
    int32_t n;
};

/* Reads "08:30-09:20 09:25-10:15": periods in order, each a minute at least, none before the one
 * before it has ended; blanks, commas or semicolons between them.  An empty text has none.  False:
 * it is not one. */
bool timetable_read(struct str text, struct timetable *timetable);

#endif
