/* Within the room: what the database has of units and people, as an import needs it.
 *
 * import_known_load() reads it; import_known_index() is pure and makes the look-ups of lists that
 * somebody else filled (tests). */
#ifndef DUET_COACH_IMPORT_KNOWN_H
#define DUET_COACH_IMPORT_KNOWN_H

#include "base/err.h"
#include "base/list.h"
#include "coach/import_set.h"
#include "coach/roles.h"

struct arena;
struct coach;
struct intern;

struct known_unit {
    int64_t id;
    int32_t parent; /* or IMPORT_NONE */
    enum unit_kind kind;
    struct str name, external_id, source;
    bool active;
};

struct known_person {
    int64_t id;
    struct str external_id, given_name, family_name, email, position, source;
    bool active;
    bool has_tags[PROFILE_KIND__MAX];
    int32_t first_member, n_members; /* into members */
    int32_t first_role, n_roles;     /* into roles: of this source */
};

struct known_member {
    int32_t person, unit;
    enum role role;
    struct str source;
};

/* A role that the source gave before. */
struct known_role {
    struct str external_id;
    int32_t person, unit;
    enum import_work work;
    bool primary;
};

struct known_evaluator {
    int32_t evaluator, person;
};

struct import_known {
    struct arena *arena;
    struct str source;       /* whose roles are in `roles` */
    struct str organisation; /* name for the unit at the top when there is none yet */
    struct list units, people, members, roles, evaluators;
    int32_t root; /* the organisation's unit, or IMPORT_NONE */

    struct intern *unit_ids, *unit_names; /* external ids; folded names of active units */
    struct list unit_by_id, unit_by_name; /* int32_t beside them; IMPORT_SEVERAL */
    struct intern *person_ids, *emails, *names;
    struct list person_by_id, person_by_email, person_by_name;
    struct intern *role_ids; /* in the order of roles */
    struct intern *pairs;    /* evaluators */
    struct intern *own_ids;  /* external ids of the people of this source: for oneroster_read */
};
#define IMPORT_SEVERAL (-2)

MUST_CHECK enum err import_known_init(struct import_known *known, struct arena *arena,
                                      struct str source);

/* Makes the look-ups.  Members and roles are brought into the order of people. */
MUST_CHECK enum err import_known_index(struct import_known *known);

/* Reads everything in the caller's transaction; for administrators and the server. */
MUST_CHECK enum err import_known_load(struct coach *coach, struct arena *arena, struct str source,
                                      struct import_known **known);

/* Look-ups: an index, IMPORT_NONE or (names) IMPORT_SEVERAL.  Texts are folded here. */
int32_t import_known_unit(const struct import_known *known, struct str external_id);
int32_t import_known_unit_named(const struct import_known *known, struct str name);
int32_t import_known_person(const struct import_known *known, struct str external_id);
int32_t import_known_email(const struct import_known *known, struct str email);
int32_t import_known_named(const struct import_known *known, struct str given_name,
                           struct str family_name);
int32_t import_known_role(const struct import_known *known, struct str external_id);
bool import_known_evaluates(const struct import_known *known, int32_t evaluator, int32_t person);

static inline const struct known_unit *import_known_unit_at(const struct import_known *known,
                                                            int32_t unit)
{
    return (const struct known_unit *)known->units.items + unit;
}

static inline const struct known_person *import_known_person_at(const struct import_known *known,
                                                                int32_t person)
{
    return (const struct known_person *)known->people.items + person;
}

#endif
