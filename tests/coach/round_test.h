/* Made-up rosters with made-up estimates, so that rounds are tested without files and without the
 * engine that estimates. */
#ifndef DUET_TESTS_ROUND_TEST_H
#define DUET_TESTS_ROUND_TEST_H

#include "base/arena.h"
#include "base/rng.h"
#include "coach/roster.h"
#include "coach/round.h"
#include "match/gain.h"

#include <stdio.h>

struct made {
    struct arena *arena;
    struct roster roster;
    struct zone_fit fit;
};

static inline struct str made_id(struct arena *arena, const char *what, int k)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%s%d", what, k);
    return (struct str){arena_text(arena, text, (size_t)n), (size_t)n};
}

static inline struct zone_estimate made_estimate(double alone, double sd)
{
    return (struct zone_estimate){.alone = alone,
                                  .alone_sd = sd,
                                  .helped = alone + 1.5,
                                  .helped_sd = sd + 0.1,
                                  .gain = 1.5,
                                  .gain_sd = 0.3,
                                  .n_evidence = 3,
                                  .n_raters = 2,
                                  .n_occasions = 3,
                                  .last_day = 20000,
                                  .enough = true};
}

/* People p0 .., skills s0 .., no rules, no wishes, one column "unit" with units u0, u1. */
static inline struct made made_roster(int n_people, int n_skills, struct rng *rng)
{
    struct made made = {.arena = arena_new(0)};
    struct arena *a = made.arena;
    struct roster *r = &made.roster;
    r->n_people = n_people;
    r->n_skills = n_skills;
    r->people = arena_alloc(a, (size_t)n_people, sizeof *r->people);
    r->skills = arena_alloc(a, (size_t)n_skills, sizeof *r->skills);
    r->columns = arena_alloc(a, 1, sizeof *r->columns);
    r->columns[0] = (struct roster_column){str_of("unit"), NULL, 2};
    r->columns[0].values = arena_alloc(a, 2, sizeof *r->columns[0].values);
    r->columns[0].values[0] = made_id(a, "u", 0);
    r->columns[0].values[1] = made_id(a, "u", 1);
    r->n_columns = 1;
    r->unit_column = 0;
    r->values = arena_alloc(a, (size_t)n_people, sizeof *r->values);
    r->needs = arena_alloc(a, (size_t)n_people * 4, sizeof *r->needs);
    r->offers = arena_alloc(a, (size_t)n_people * (size_t)n_skills, sizeof *r->offers);
    r->rules = arena_alloc(a, 64, sizeof *r->rules);
    r->first_day = r->last_day = 20000;
    made.fit.estimates =
        arena_alloc(a, (size_t)n_people * (size_t)n_skills, sizeof *made.fit.estimates);
    made.fit.person_subset = arena_alloc(a, (size_t)n_people, sizeof *made.fit.person_subset);
    made.fit.n_subsets = 1;
    for (int u = 0; u < n_people; u++) {
        r->people[u] = (struct roster_person){.id = made_id(a, "p", u),
                                              .max_helps = ROSTER_UNLIMITED,
                                              .max_learns = ROSTER_UNLIMITED};
        r->people[u].name = r->people[u].id;
        r->values[u] = (int32_t)rng_below(rng, 2);
        for (int s = 0; s < n_skills; s++) {
            made.fit.estimates[u * n_skills + s] =
                made_estimate(1.5 * rng_normal(rng), 0.2 + 0.5 * rng_unit(rng));
        }
    }
    for (int s = 0; s < n_skills; s++) {
        r->skills[s] = (struct roster_skill){made_id(a, "s", s), made_id(a, "Skill ", s), 0, 4};
    }
    return made;
}

static inline void made_rule(struct made *made, enum roster_rule_kind kind, int person, int other,
                             int skill)
{
    made->roster.rules[made->roster.n_rules] =
        (struct roster_rule){kind, person, other, skill, ROSTER_NONE, made->roster.n_rules + 2};
    made->roster.n_rules++;
}

static inline void made_need(struct made *made, int person, int skill, int priority)
{
    made->roster.has_needs = true;
    made->roster.needs[made->roster.n_needs++] = (struct roster_wish){person, skill, priority};
}

static inline void made_offer(struct made *made, int person, int skill)
{
    made->roster.has_offers = true;
    made->roster.offers[made->roster.n_offers++] = (struct roster_wish){person, skill, 1};
}

#endif
