/* School days: Monday to Friday in the organisation's time zone, without its days off.
 *
 * Administrators keep the days off, as ranges of dates with a name ("Winter holidays"); everybody
 * may know them.  Whatever speaks of school days counts with them: partnerships that stand still
 * (stalled.h), times proposed for meetings, the day on which a step is looked at again.
 *
 *     err = schooldays_load(coach, &days);
 *     n = schooldays_count(&days, moved_day, today, 10);
 *
 * Days are counted since 1970-01-01 (base/day.h). */
#ifndef DUET_COACH_SCHOOLDAYS_H
#define DUET_COACH_SCHOOLDAYS_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define SCHOOLDAYS_RANGES 400  /* ranges of days off that an organisation keeps */
#define SCHOOLDAYS_LONGEST 366 /* days of one range */
#define SCHOOLDAYS_NAME 80     /* characters */
#define SCHOOLDAYS_LINES 20000 /* characters of a list that is pasted */

struct day_off {
    int64_t id;
    struct str name;
    int32_t from, until; /* both belong to it */
};

/* What there is to count with: earliest first; ranges may overlap. */
struct schooldays {
    struct day_off *items;
    size_t n;
    struct clock_zone *zone; /* of the organisation; NULL: UTC */
};

/* Ungated; results live in coach->arena. */
MUST_CHECK enum err schooldays_load(struct coach *coach, struct schooldays *days);

/* ---- pure ---- */

bool schooldays_is(const struct schooldays *days, int32_t day);
/* Whether it is inside a range of days off; the weekend is another matter. */
bool schooldays_is_off(const struct schooldays *days, int32_t day);
/* School days after `from`, up to and with `until`; counting stops at `most`.  O(days * ranges). */
int32_t schooldays_count(const struct schooldays *days, int32_t from, int32_t until, int32_t most);
/* The first school day on or after `day`; `day` itself when there is none within three years. */
int32_t schooldays_next(const struct schooldays *days, int32_t day);
/* The day of a moment in the organisation's time zone. */
int32_t schooldays_day(const struct schooldays *days, int64_t at_ms);

/* ---- for administrators ---- */

/* Complaint fields "name", "from", "until"; "" when there are too many. */
MUST_CHECK enum err schooldays_add(struct coach *coach, struct str name, int32_t from,
                                   int32_t until, struct complaints *complaints);
/* A list, one range a line: "2026-12-21 2027-01-08 Winter holidays", or one date and a name.  All
 * of it or, with complaints (field "lines", with the number of the line), nothing.  Ranges that are
 * there already are left as they are.  *n: ranges added. */
MUST_CHECK enum err schooldays_add_lines(struct coach *coach, struct str lines,
                                         struct complaints *complaints, int32_t *n);
/* ERR_NOT_FOUND: there is none. */
MUST_CHECK enum err schooldays_remove(struct coach *coach, int64_t id);

#endif
