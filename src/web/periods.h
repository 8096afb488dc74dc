/* The week of free periods: names of days, and the parts of "mon-3". */
#ifndef DUET_WEB_PERIODS_H
#define DUET_WEB_PERIODS_H

#include "base/str.h"
#include "coach/profile.h"

#include <stdbool.h>
#include <stddef.h>

struct page;

/* "mon" .. "sun"; the day's name in the page's language; its short form. */
const char *periods_day_word(size_t day);
struct str periods_day_name(struct page *page, size_t day);
struct str periods_day_short(struct page *page, size_t day);

/* Reads "mon-3": day 0 .. 6 and period 1 .. PROFILE_PERIODS. */
bool periods_read(struct str text, size_t *day, size_t *period);

/* One bit per period and day, from the tags of a profile. */
struct periods {
    unsigned bits[PROFILE_DAYS]; /* bit period - 1 */
};
struct periods periods_of(const struct profile_tags *tags);

#endif
