/* The organisation's tree: organisation > district > school > group.
 *
 * Anybody signed in sees it; administrators change it.  Units are retired, not deleted; an active
 * unit never hangs below a retired one.  At most UNITS_MAX units, UNITS_DEPTH levels deep. */
#ifndef DUET_COACH_UNITS_H
#define DUET_COACH_UNITS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define UNITS_MAX 100000
#define UNITS_DEPTH 8
#define UNITS_NAME 200 /* characters of a name */

enum unit_kind { UNIT_ORGANISATION, UNIT_DISTRICT, UNIT_SCHOOL, UNIT_GROUP, UNIT_KIND__MAX };

struct unit {
    int64_t id;
    int64_t parent_id; /* 0: at the top */
    enum unit_kind kind;
    struct str name;
    struct str external_id; /* empty: none */
    struct str source;      /* "entered", or what imported it */
    bool active;
    int depth;        /* 0 at the top; set by units_list */
    int64_t n_people; /* active people with a role in this very unit; set by units_count */
};

struct unit_list {
    struct unit *items;
    size_t n;
};

/* What a form or an import gives. */
struct unit_input {
    int64_t parent_id;
    enum unit_kind kind;
    struct str name;
    struct str external_id; /* empty: none */
    struct str source;      /* empty: "entered" (adding), as it was (editing) */
};

const char *units_kind_word(enum unit_kind kind); /* "school": as stored */
bool units_kind_of(struct str word, enum unit_kind *kind);

/* The whole tree, each unit after its parent, brothers and sisters by name; retired ones too, where
 * `retired`. */
MUST_CHECK enum err units_list(struct coach *coach, bool retired, struct unit_list *list);

/* Sets n_people of each unit of a list.  It counts all people: not for every page. */
MUST_CHECK enum err units_count(struct coach *coach, struct unit_list *list);

MUST_CHECK enum err units_get(struct coach *coach, int64_t id, struct unit *unit);
MUST_CHECK enum err units_by_external_id(struct coach *coach, struct str external_id,
                                         struct unit *unit);

/* ERR_INVALID with complaints ("name", "parent", "kind", "external_id"). */
MUST_CHECK enum err units_add(struct coach *coach, const struct unit_input *input,
                              struct complaints *complaints, int64_t *id);
MUST_CHECK enum err units_edit(struct coach *coach, int64_t id, const struct unit_input *input,
                               struct complaints *complaints);

/* ERR_CONFLICT: it has active units below it or active people in it (retiring), or its parent is
 * retired (taking it back). */
MUST_CHECK enum err units_set_active(struct coach *coach, int64_t id, bool active);

#endif
