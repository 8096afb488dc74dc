/* Simulated districts for the rows about time, memory and intervals: every visit of a person by a
 * rater yields one rating of every skill of that visit, on four levels. */
#ifndef DUET_BENCH_ZONE_SYNTHETIC_H
#define DUET_BENCH_ZONE_SYNTHETIC_H

#include "zone/joint.h"

#include <stdbool.h>

struct synthetic_plan {
    int n_people, n_raters, n_skills, n_domains, n_visits; /* visits of each person */
    int skills_per_visit;
    bool shapes; /* raters' own use of the levels */
    uint64_t seed;
};

struct synthetic {
    struct joint_family families[10];
    struct joint_model model;
    double *truth;     /* by person x skill: ability */
    int32_t *query_of; /* by person x skill: its query (a: ability), or JOINT_NONE */
};

/* Allocates with malloc; free with synthetic_free. */
void synthetic_make(const struct synthetic_plan *plan, struct synthetic *synthetic);
void synthetic_free(struct synthetic *synthetic);

#endif
