/* Times of day in forms, "18:30", and moments in words that do not depend on today. */
#ifndef DUET_WEB_DAYTIME_H
#define DUET_WEB_DAYTIME_H

#include "base/str.h"

#include <stdint.h>

struct page;

/* "18:30" as minutes of the day; -1: not a time. */
int32_t daytime_read(struct str text);
struct str daytime_text(struct page *page, int32_t minute);

/* "Friday 12 March, 18:30", in the organisation's time zone; the same in <time>. */
struct str daytime_moment(struct page *page, int64_t at_ms);
void daytime_write(struct page *page, int64_t at_ms);

#endif
