/* When the members of a partnership could meet: periods of the organisation's timetable in which
 * all of them are free in an ordinary week (profile.h) and none of them meets somebody already. */
#ifndef DUET_COACH_MEETINGS_TIMES_H
#define DUET_COACH_MEETINGS_TIMES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

#define MEETINGS_SUGGESTED 12    /* times */
#define MEETINGS_SUGGEST_DAYS 21 /* from the day after today */

struct meeting_time {
    int64_t starts_ms;
    int32_t minutes;
    int32_t day;    /* since 1970-01-01, in the organisation's time zone */
    int32_t period; /* from 1 */
};

struct meeting_times {
    struct meeting_time *items; /* the soonest first */
    size_t n;
    bool timetable; /* the organisation has said when its periods are */
    bool common;    /* the members have free periods in common */
};

/* For members; read. */
MUST_CHECK enum err meetings_suggest(struct coach *coach, int64_t partnership_id,
                                     struct meeting_times *times);

#endif
