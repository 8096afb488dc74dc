/* Within the room: what a file says about units and people, whatever its format.  Pure.
 *
 * Readers (oneroster.h, people_sheet.h) make a set from bytes alone; import_plan.h holds it against
 * the database.  "" in a text and IMPORT_UNSAID in a number mean that the file does not say; an
 * empty cell never empties anything.  Ids are NFC, in upper and lower case as written.  Places in
 * the lists are indices from 0, IMPORT_NONE where there is none. */
#ifndef DUET_COACH_IMPORT_SET_H
#define DUET_COACH_IMPORT_SET_H

#include "base/err.h"
#include "base/list.h"
#include "base/str.h"
#include "coach/profile.h"
#include "coach/units.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct intern;

#define IMPORT_NONE (-1)
#define IMPORT_UNSAID (-1)

#define IMPORT_MAX_PEOPLE 1000000 /* who are kept: students are not */
#define IMPORT_MAX_ROLES 4000000
#define IMPORT_MAX_TAGS 10000000

/* Where something stands, for problems. */
struct import_place {
    const char *file; /* as shown */
    uint64_t line;
};

struct import_unit {
    struct import_place place;
    struct str id;   /* in the roster; "": known by its name only */
    struct str name; /* "": only referred to by its id */
    enum unit_kind kind;
    struct str parent_id; /* "": directly under the organisation */
    bool gone;
};

/* What a roster calls somebody; the order is that of precedence where no role is primary. */
enum import_work {
    IMPORT_TEACHER,
    IMPORT_PRINCIPAL,
    IMPORT_COUNSELOR,
    IMPORT_AIDE,
    IMPORT_PROCTOR,
    IMPORT_SITE_ADMINISTRATOR,
    IMPORT_DISTRICT_ADMINISTRATOR,
    IMPORT_SYSTEM_ADMINISTRATOR,
    IMPORT_ADMINISTRATOR,
    IMPORT_WORK__MAX
};

struct import_person {
    struct import_place place;
    struct str id; /* "": the file has no ids */
    struct str given_name, family_name;
    struct str email;
    struct str position;           /* of sheets; in rosters the roles decide */
    int32_t max_helps, max_learns; /* or IMPORT_UNSAID */
    bool mentioned;                /* only the id is known: from a role, or from having left */
    bool gone;                     /* has left */
    bool back;                     /* a sheet says in so many words that the person is active */
    bool complete; /* roles (rosters) or memberships (sheets) not in the set are over */
};

/* A role in a roster: gives a position, and a membership in its unit. */
struct import_role {
    struct import_place place;
    struct str id;
    int32_t person;
    struct str unit_id;
    enum import_work work;
    bool primary, gone;
};

/* A membership as a sheet has it. */
struct import_member {
    int32_t person, unit;
    bool coordinator;
};

struct import_tag {
    int32_t person;
    enum profile_kind kind;
    struct str value;
};

/* Who evaluates a person: an id, an e-mail address or a name. */
struct import_evaluator {
    struct import_place place;
    int32_t column; /* from 1 */
    const char *heading;
    int32_t person;
    struct str who;
};

struct import_set {
    struct arena *arena;
    struct str source; /* "sheet", or "oneroster" with ":" and the name of the system behind it */
    bool roster;       /* roles give positions and memberships */
    bool units_complete, people_complete; /* what is not here has left */
    bool roles_complete;                  /* of everybody of the source */
    uint64_t n_left_out;                  /* rows with problems */

    struct list units, people, roles, members, tags, evaluators;

    struct intern *unit_keys, *person_keys;  /* ids; names of units behind a line end */
    struct list units_by_key, people_by_key; /* int32_t beside them */
};

/* An empty set in `arena`. */
MUST_CHECK enum err import_set_init(struct import_set *set, struct arena *arena);

/* The unit or person of an id, one that is only mentioned when it is new (then *fresh, which may be
 * NULL).  ERR_LIMIT: too many. */
MUST_CHECK enum err import_set_unit(struct import_set *set, struct str id, int32_t *unit,
                                    bool *fresh);
MUST_CHECK enum err import_set_person(struct import_set *set, struct str id, int32_t *person,
                                      bool *fresh);

/* The unit of a name, without regard to case; a school when it is new.  ERR_RANGE: a name longer
 * than UTF8_MAX_TEXT. */
MUST_CHECK enum err import_set_unit_named(struct import_set *set, struct str name, int32_t *unit,
                                          bool *fresh);

/* A person without an id. */
MUST_CHECK enum err import_set_nameless(struct import_set *set, int32_t *person);

/* The unit or person with this id, or IMPORT_NONE. */
int32_t import_set_find_unit(const struct import_set *set, struct str id);
int32_t import_set_find_person(const struct import_set *set, struct str id);

struct import_unit *import_set_unit_at(const struct import_set *set, int32_t unit);
struct import_person *import_set_person_at(const struct import_set *set, int32_t person);

/* A copy in the set's memory, NUL-terminated; .p is NULL when there is none left. */
struct str import_set_text(struct import_set *set, struct str text);

/* The roster's word ("districtAdministrator") and the position that it gives ("administrator"). */
const char *import_set_work_word(enum import_work work);
const char *import_set_work_position(enum import_work work);

/* The work of this word, without regard to case; IMPORT_WORK__MAX: none of these. */
enum import_work import_set_work_of(struct str word);

#endif
