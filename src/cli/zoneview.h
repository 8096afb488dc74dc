/* What `duet zone` shows and writes; one struct holds what all of it is made from.
 *
 * Nobody is ranked: people, skills and raters always appear in the order of their files. */
#ifndef DUET_CLI_ZONEVIEW_H
#define DUET_CLI_ZONEVIEW_H

#include "base/err.h"
#include "coach/roster.h"
#include "zone/zone.h"

#include <stdio.h>

struct arena;
struct crew;
struct term;

struct zoneview {
    const struct roster *roster;
    const struct zone_fit *fit;
    const struct term *out;
    struct arena *arena;
    const struct crew *crew; /* who writes large files together, or NULL */
};

/* The kinds of evidence behind one person in one skill. */
struct zoneview_evidence {
    int32_t observed, level_min, level_max;   /* ratings by colleagues; levels from 1 */
    int32_t self, self_level;                 /* own ratings; the last one */
    int32_t done_alone, done_helped, not_yet; /* attempts at tasks */
};

static inline const struct zone_estimate *zoneview_estimate(const struct zoneview *view,
                                                            int32_t person, int32_t skill)
{
    return &view->fit->estimates[(size_t)person * (size_t)view->roster->n_skills + (size_t)skill];
}

/* On the terminal. */
void zoneview_print_summary(const struct zoneview *view);
MUST_CHECK enum err zoneview_print_skills(const struct zoneview *view);
MUST_CHECK enum err zoneview_print_person(const struct zoneview *view, int32_t person);
MUST_CHECK enum err zoneview_print_raters(const struct zoneview *view);

/* Files; the columns are described in docs/zone.md. */
MUST_CHECK enum err zoneview_write_zones(const struct zoneview *view, FILE *out);
MUST_CHECK enum err zoneview_write_raters(const struct zoneview *view, FILE *out);

/* JSON on `out`: everything, or one person (ROSTER_NONE: all).  ERR_NOMEM. */
MUST_CHECK enum err zoneview_write_json(const struct zoneview *view, int32_t person, FILE *out);

#endif
