/* What bringing in a file would change: the file's content held against the database.
 *
 * Pure: `known` is what the database has (import_known.h).  Applying a plan and planning again from
 * the same file gives an empty plan; the order of rows in the file changes nothing.
 *
 * Whose is what: a roster changes and retires what it brought in itself (same source).  Units and
 * people of another source, or entered by hand, are recognised (by id, e-mail address or, units, by
 * name), get memberships, and are otherwise left alone.  A sheet is somebody's own doing and may
 * change everybody it names, but nobody leaves by not being in it.  What belongs to the person
 * (languages, subjects, grades, free periods, limits) is filled in where it is empty, never
 * changed.  Roles of administrators are neither given nor taken. */
#ifndef DUET_COACH_IMPORT_PLAN_H
#define DUET_COACH_IMPORT_PLAN_H

#include "base/err.h"
#include "base/list.h"
#include "coach/import_known.h"
#include "coach/import_set.h"
#include "coach/roles.h"

struct roster_problems;

/* What is done. Units first, from the top down; then people, then what hangs on them; units that
 * nobody is in any more at the end, from the bottom up. */
enum import_what {
    IMPORT_UNIT_ADD,
    IMPORT_UNIT_CHANGE,
    IMPORT_UNIT_RETURN,
    IMPORT_PERSON_ADD,
    IMPORT_PERSON_LINK, /* was here already: gets the file's id */
    IMPORT_PERSON_CHANGE,
    IMPORT_PERSON_RETURN,
    IMPORT_PERSON_LEAVE,
    IMPORT_ROLE_REMOVE, /* a roster's roles are kept to understand later changes; not shown */
    IMPORT_ROLE_ADD,
    IMPORT_MEMBER_ADD,
    IMPORT_MEMBER_REMOVE,
    IMPORT_TAG_FILL,
    IMPORT_EVALUATOR_ADD,
    IMPORT_UNIT_LEAVE,
    IMPORT_WHAT__MAX
};

/* A msgid that names it in the plural, as a heading: "New people". */
const char *import_plan_what_text(enum import_what what);

enum import_field {
    IMPORT_FIELD_ID,
    IMPORT_FIELD_GIVEN_NAME,
    IMPORT_FIELD_FAMILY_NAME,
    IMPORT_FIELD_EMAIL,
    IMPORT_FIELD_POSITION,
    IMPORT_FIELD_NAME, /* of a unit */
    IMPORT_FIELD_KIND,
    IMPORT_FIELD_PARENT,
    IMPORT_FIELD__MAX
};
const char *import_plan_field_text(enum import_field field); /* a msgid: "Family name" */

/* A unit or person: one of the database (known) or one of the file that is new (wanted); the other
 * is IMPORT_NONE.  Both IMPORT_NONE: nobody.  The organisation's unit, where there is none yet, has
 * wanted == IMPORT_ROOT. */
#define IMPORT_ROOT (-3)
struct import_ref {
    int32_t known, wanted;
};

struct import_step {
    enum import_what what;
    struct import_place place;      /* where it follows from; line 0: from what is not there */
    struct import_ref person, unit; /* as the kind of step has them */
    struct import_ref other;        /* evaluator; parent of a unit */
    struct str name;                /* of the person or unit, to show */
    struct str detail;              /* unit of a membership, evaluator's name, values of tags */
    uint32_t first_field, n_fields; /* changes: into plan->fields */
    int32_t role;                   /* ROLE_ADD: into set->roles; ROLE_REMOVE: into known->roles */
    enum role member;               /* memberships */
    enum profile_kind kind;         /* tags */
    uint32_t first_tag, n_tags;     /* tags: into set->tags */
    int32_t depth;                  /* units: levels above it; what is higher is done first */
    bool frees_email; /* the address goes to somebody else in the same plan: let go of it first */
};

struct import_field_change {
    enum import_field field;
    struct str before, after;
};

struct import_plan {
    const struct import_set *set;
    const struct import_known *known;
    struct list steps;  /* struct import_step, in the order of enum import_what */
    struct list fields; /* struct import_field_change */
    int32_t n[IMPORT_WHAT__MAX];
    uint64_t n_left_out;       /* rows with problems, also those found here */
    int32_t n_people, n_units; /* that the file has and that are active afterwards */
    bool many_leavers; /* more than IMPORT_LEAVERS_SHARE of the source's people: is it right? */
};

/* From so many people on, this share of a source's people leaving at once wants a second look. */
#define IMPORT_LEAVERS_LEAST 10
#define IMPORT_LEAVERS_SHARE 0.25

/* Makes the plan in `arena`.  Rows that do not fit the database become problems.  ERR_NOMEM,
 * ERR_LIMIT. */
MUST_CHECK enum err import_plan_make(struct arena *arena, const struct import_set *set,
                                     const struct import_known *known,
                                     struct roster_problems *problems, struct import_plan **plan);

/* Whether nothing would change. */
bool import_plan_is_empty(const struct import_plan *plan);

/* The steps of one kind: the first, and n of them follow each other. */
const struct import_step *import_plan_steps(const struct import_plan *plan, enum import_what what,
                                            int32_t *n);

#endif
