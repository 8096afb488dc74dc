/* Simulated evidence of districts, for the rows about the whole model and the whole command. */
#ifndef DUET_BENCH_ZONE_DISTRICT_H
#define DUET_BENCH_ZONE_DISTRICT_H

#include "zone/zone.h"

struct district {
    int32_t n_people, n_skills, n_raters, n_visits, skills_per_visit;
    double most_seconds, most_mb;
};

/* Every visit is by one random rater, who rates some skills once, on four levels.  Fills `to`
 * (people x visits x skills per visit rows) and truth[person x skill]; returns the number of rows.
 */
size_t district_make(const struct district *district, struct zone_evidence *to, double *truth);

#endif
