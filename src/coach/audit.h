/* The audit: who did what, and who opened what of whom.  Append-only, chained by hashes.
 *
 * Entries have ids and constant words only: no name, no address, no content.  Each entry's hash
 * (BLAKE2b-256) covers the hash before it and all its own fields, so that changing, leaving out or
 * putting in an entry breaks the chain; the database refuses changes as well (migration 0004).
 *
 * audit_note() only remembers the entry in the coach.  A COACH_WRITE commit writes the entries in
 * the same transaction; after a COACH_READ they wait for coach_settle().  After a rollback only
 * refusals are left.  The chain cannot fork: on SQLite writers are alone, on PostgreSQL the
 * transaction that read an old end of the chain fails with ERR_BUSY and runs again, holding the
 * table's lock from its second run on. */
#ifndef DUET_COACH_AUDIT_H
#define DUET_COACH_AUDIT_H

#include "base/err.h"
#include "base/str.h"
#include "coach/allow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

#define AUDIT_MAX_PENDING                                                                          \
    2000000             /* entries of one transaction (a big import); ERR_LIMIT beyond             \
                         */
#define AUDIT_DETAIL 64 /* bytes of a detail */

/* Remembers that it was done. `detail` is a constant word such as "reset" or "". ERR_NOMEM,
 * ERR_LIMIT. */
MUST_CHECK enum err audit_note(struct coach *coach, enum allow_verb verb,
                               struct allow_object object, const char *detail);

/* The same of something that was refused. */
MUST_CHECK enum err audit_note_refused(struct coach *coach, enum allow_verb verb,
                                       struct allow_object object);

/* For verbs that are no question of permission: "sign-in", "sign-out", "sign-in-failed". */
MUST_CHECK enum err audit_note_word(struct coach *coach, const char *verb,
                                    struct allow_object object, bool refused, const char *detail);

struct audit_entry {
    int64_t id, at_ms;
    int64_t actor_id;      /* 0: nobody signed in, or the server itself */
    struct str actor_name; /* of today; empty when there is none */
    struct str verb, object;
    int64_t object_id, owner_id;
    bool refused;
    struct str detail;
};

struct audit_list {
    struct audit_entry *items;
    size_t n;
    int64_t before_id; /* hand this back for older entries; 0: there are none */
};

#define AUDIT_PAGE 50

/* Who opened or changed what of this person's, newest first, without what they did themselves; from
 * entries older than before_id (0: the newest).  For the person. */
MUST_CHECK enum err audit_of_person(struct coach *coach, int64_t person_id, int64_t before_id,
                                    struct audit_list *list);

/* All entries, newest first.  For administrators. */
MUST_CHECK enum err audit_all(struct coach *coach, int64_t before_id, struct audit_list *list);

struct audit_report {
    int64_t n_entries;
    int64_t broken_id;     /* the first entry that does not fit the chain; 0: none */
    unsigned char end[32]; /* hash of the last entry, to be kept elsewhere */
};

/* Reads the whole chain.  ERR_REFUSED when it is broken (the report says where).  O(entries), flat
 * memory.  For administrators. */
MUST_CHECK enum err audit_verify(struct coach *coach, struct audit_report *report);

/* Within the room, for coach.c: the beginning of a transaction; taking the table's lock as the
 * first thing in it (PostgreSQL); writing what is pending, inside it; that it was committed; after
 * a rollback, forgetting what was not done; before another attempt, all of the last one. */
void audit_mark(struct coach *coach);
MUST_CHECK enum err audit_lock(struct coach *coach);
MUST_CHECK enum err audit_write(struct coach *coach);
void audit_written(struct coach *coach);
void audit_forget_done(struct coach *coach);
void audit_forget_attempt(struct coach *coach);
bool audit_is_pending(const struct coach *coach);

#endif
