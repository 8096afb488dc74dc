/* The demonstration district in a database: units, people with profiles and roles, both frameworks,
 * evidence of the last weeks, needs, offers, what some share with each other, and zones. */
#ifndef DUET_CLI_DEMO_FILL_H
#define DUET_CLI_DEMO_FILL_H

#include "base/err.h"
#include "base/str.h"
#include "cli/demo.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;

/* One of those whom a visitor can try Duet as. */
enum demo_role {
    DEMO_ROLE_TEACHER,
    DEMO_ROLE_COORDINATOR,
    DEMO_ROLE_ADMINISTRATOR,
    DEMO_ROLE__MAX
};

struct demo_persona {
    struct str name;
    struct str key; /* signs in at /welcome/KEY until it runs out */
};

/* What the database is now; needs no transaction. */
enum demo_state { DEMO_STATE_EMPTY, DEMO_STATE_DEMO, DEMO_STATE_OTHER, DEMO_STATE__MAX };
MUST_CHECK enum err demo_look(struct coach *coach, enum demo_state *state);

/* Fills an empty database, some people at a time; the actor must be the system.  Dates of the
 * evidence end in the week before coach->now_ms.  The same district gives the same rows.  Zones are
 * fitted from all evidence when `whole`; else from that of some dozens of people, the others'
 * follow from it, and a refit is queued.  On failure what was written stays: the database is to be
 * made new. */
struct demo_filled {
    int64_t n_evidence;
};
MUST_CHECK enum err demo_fill(struct coach *coach, struct demo *demo, const char *url, bool whole,
                              struct demo_filled *filled);

/* Fresh keys for the personas; earlier ones that nobody used end. */
MUST_CHECK enum err demo_personas(struct coach *coach,
                                  struct demo_persona personas[DEMO_ROLE__MAX]);

/* "teacher" ... */
const char *demo_role_word(enum demo_role role);

#endif
