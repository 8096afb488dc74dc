/* The pad: what was seen and heard in a visit, line by line, with the time on a running clock.
 *
 * Each line has a key that was made where it was written: sent twice it is one line, so that a
 * browser may send again whatever it is not sure of.  Lines are the author's alone until the author
 * shares the visit with the partnership; that can be taken back.  Removing a visit deletes its
 * lines.  Results live in coach->arena. */
#ifndef DUET_COACH_OBSERVATIONS_H
#define DUET_COACH_OBSERVATIONS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define OBSERVATIONS_WORDS 1000                /* characters of a line */
#define OBSERVATIONS_LINES 1000                /* of one visit */
#define OBSERVATIONS_KEY 40                    /* bytes of a key: letters, digits, hyphens */
#define OBSERVATIONS_BATCH 50                  /* lines at once */
#define OBSERVATIONS_LONGEST INT64_C(14400000) /* ms on the clock: 4 hours */

struct observation_line {
    struct str key;
    int64_t at_ms; /* from the start of the visit */
    struct str words;
};

struct observation {
    int64_t id, cycle_id, author_id;
    struct str author;
    int64_t started_ms;
    bool shared;
    struct observation_line *lines; /* by time, then key */
    size_t n;
};

/* Those of a cycle that the actor may read: their own, and what is shared with them. */
MUST_CHECK enum err observations_of_cycle(struct coach *coach, int64_t cycle_id,
                                          struct observation **list, size_t *n);

/* Adds lines to the actor's visit, which is made at the first one with `started_ms` (0: now). Lines
 * whose key is there already change nothing.  *n_new: lines that are new.  ERR_INVALID with
 * complaints ("words", "key", "at"); then none is added.  ERR_LIMIT: too many lines. */
MUST_CHECK enum err observations_add(struct coach *coach, int64_t cycle_id, int64_t started_ms,
                                     const struct observation_line *lines, size_t n,
                                     struct complaints *complaints, size_t *n_new);

MUST_CHECK enum err observations_share(struct coach *coach, int64_t id, bool shared);
MUST_CHECK enum err observations_remove_line(struct coach *coach, int64_t id, struct str key);
MUST_CHECK enum err observations_remove(struct coach *coach, int64_t id);

#endif
