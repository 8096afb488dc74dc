/* All routes of the site. */
#ifndef DUET_WEB_ROUTES_H
#define DUET_WEB_ROUTES_H

#include "web/route.h"

#include <stdio.h>

/* The sets in the order of docs/routes.md, ended by NULL. */
extern const struct route_set *const routes_all[];

/* docs/routes.md. */
void routes_markdown(FILE *out);

#endif
