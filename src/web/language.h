/* Which language and which look a page has, and how people choose them. */
#ifndef DUET_WEB_LANGUAGE_H
#define DUET_WEB_LANGUAGE_H

#include "web/route.h"

struct page;

/* Language: the person's own setting, else the choice kept in a cookie (sign-in pages), else what
 * the browser asks for, else the organisation's.  Look: the cookie, else as the device says. */
void language_choose(struct page *page);

/* The forms at the foot of every page. */
void language_write_forms(struct page *page);

extern const struct route_set language_routes;

#endif
