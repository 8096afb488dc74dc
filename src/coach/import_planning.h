/* Within the room: a plan in the making. */
#ifndef DUET_COACH_IMPORT_PLANNING_H
#define DUET_COACH_IMPORT_PLANNING_H

#include "coach/import_plan.h"
#include "coach/roster_problems.h"

struct arena;

/* Something that is counted and noted at the end; the line of the first. */
struct planning_tally {
    struct import_place place;
    uint64_t count;
};

/* What becomes of a person of the database. */
struct planning_known {
    int32_t wanted; /* of the set, or IMPORT_NONE */
    bool own;       /* brought in by this source */
    bool leaves, returns;
    bool kept; /* would leave, but administers Duet */
    bool frees_email;
};

/* What becomes of a person of the set. */
struct planning_person {
    int32_t known;         /* or IMPORT_NONE: new */
    bool skipped;          /* a problem, or only mentioned and not known, or gone and not known */
    bool settled;          /* left by hand before: nothing changes */
    struct str email;      /* as it will be; "": stays, or none */
    enum import_work work; /* by the roles as they will be; IMPORT_WORK__MAX: none */
};

struct planning_unit {
    int32_t known; /* or IMPORT_NONE: new */
    bool skipped;  /* a problem, gone, or nobody is in it */
    struct import_ref parent;
    int32_t depth;
};

/* A role as it will be. */
struct planning_role {
    struct import_ref person, unit;
    enum import_work work;
    bool primary;
};

struct planning {
    struct arena *arena, *work;
    const struct import_set *set;
    const struct import_known *known;
    struct roster_problems *problems;
    struct import_plan *plan;
    struct list steps[IMPORT_WHAT__MAX]; /* struct import_step */
    struct planning_unit *units;         /* beside set->units */
    struct planning_person *people;      /* beside set->people */
    struct planning_known *persons;      /* beside known->people */
    int32_t *unit_wanted;                /* beside known->units: of the set, or IMPORT_NONE */
    struct list roles;                   /* struct planning_role: how they will be */
    bool people_complete, roles_complete, units_complete;
    struct planning_tally parents, kept_units, administrators, settled, emails, retired_units;
};

/* A problem with a row, which is then left out. */
MUST_CHECK enum err planning_bad(struct planning *planning, struct import_place place,
                                 const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

void planning_tally(struct planning_tally *tally, struct import_place place);

/* Adds a step and returns it, zeroed but for its kind and place, with no refs; NULL: no memory. */
struct import_step *planning_step(struct planning *planning, enum import_what what,
                                  struct import_place place);

/* Adds a change of a field to the plan, and counts it in the step. */
MUST_CHECK enum err planning_field(struct planning *planning, struct import_step *step,
                                   enum import_field field, struct str before, struct str after);

/* A person's or unit's ref, and what they are called. */
struct import_ref planning_person_ref(const struct planning *planning, int32_t wanted);
struct import_ref planning_unit_ref(const struct planning *planning, int32_t wanted);
MUST_CHECK enum err planning_person_name(const struct planning *planning, struct import_ref person,
                                         struct str *name);
struct str planning_unit_name(const struct planning *planning, struct import_ref unit);

static inline bool planning_same(struct import_ref a, struct import_ref b)
{
    return a.known == b.known && a.wanted == b.wanted;
}

/* Takes a role for the one that gives the position when it goes before the best so far: primary
 * ones first, then in the order of enum import_work. */
static inline void planning_better(enum import_work *best, bool *best_primary,
                                   enum import_work work, bool primary)
{
    if (primary == *best_primary ? work < *best : primary) {
        *best = work;
        *best_primary = primary;
    }
}

/* The unit at the top. */

struct import_ref planning_root(const struct planning *planning);

/* The parts, in this order. */
MUST_CHECK enum err planning_units(struct planning *planning);
MUST_CHECK enum err planning_people(struct planning *planning);  /* who is who */
MUST_CHECK enum err planning_roles(struct planning *planning);   /* rosters; who leaves */
MUST_CHECK enum err planning_changes(struct planning *planning); /* people's steps */
MUST_CHECK enum err planning_members(struct planning *planning);
MUST_CHECK enum err planning_profiles(struct planning *planning); /* tags, evaluators */
MUST_CHECK enum err planning_leaving_units(struct planning *planning);

#endif
