/* Who is what, where: participant, coordinator or administrator of a unit; several roles in several
 * units.
 *
 * A participant belongs to a unit.  A coordinator looks after a unit and all units below it:
 * activity, never content.  An administrator runs Duet for the whole organisation; that role is
 * held in a unit at the top.  The last active administrator cannot be taken away.  A change of
 * roles takes effect with the person's next request and gives their sessions new ids. */
#ifndef DUET_COACH_ROLES_H
#define DUET_COACH_ROLES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

enum role { ROLE_PARTICIPANT, ROLE_COORDINATOR, ROLE_ADMINISTRATOR, ROLE__MAX };

struct membership {
    int64_t person_id, unit_id;
    enum role role;
    struct str source; /* "entered", or the name of what imported it: "oneroster" ... */
    struct str unit_name, person_name;
};

struct membership_list {
    struct membership *items;
    size_t n;
};

const char *roles_word(enum role role); /* "coordinator": as stored */
bool roles_of_word(struct str word, enum role *role);

/* Roles of a person.  Units and "participant" are seen by everybody signed in (they are in the
 * directory); who coordinates and administers too: people must know whom to ask. */
MUST_CHECK enum err roles_of_person(struct coach *coach, int64_t person_id,
                                    struct membership_list *list);
/* Active people with a role in this very unit. */
MUST_CHECK enum err roles_in_unit(struct coach *coach, int64_t unit_id,
                                  struct membership_list *list);

/* Calls `each` for every membership of the organisation, by person and unit, without the names; for
 * imports (administrators and the server).  `each` must not use the database. */
typedef enum err roles_each_fn(void *ctx, const struct membership *membership);
MUST_CHECK enum err roles_each(struct coach *coach, roles_each_fn *each, void *ctx);

/* Administrators give every role; coordinators of the unit make participants.  Already there:
 * ERR_OK and nothing changes.  ERR_NOT_FOUND: no such person or unit; ERR_CONFLICT: the unit is
 * retired, or an administrator not at the top.  `source` NULL: "entered". */
MUST_CHECK enum err roles_add(struct coach *coach, int64_t person_id, int64_t unit_id,
                              enum role role, const char *source);
/* ERR_CONFLICT: the last administrator.  ERR_NOT_FOUND: did not have it. */
MUST_CHECK enum err roles_remove(struct coach *coach, int64_t person_id, int64_t unit_id,
                                 enum role role);

/* How many active administrators there are; ungated. */
MUST_CHECK enum err roles_count_administrators(struct coach *coach, int64_t *n);

/* Within the room: whether nobody would be left to administer without this person (unit_id 0), or
 * without their role in this unit. */
MUST_CHECK enum err roles_is_last_administrator(struct coach *coach, int64_t person_id,
                                                int64_t unit_id, bool *yes);

#endif
