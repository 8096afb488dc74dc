/* What every function of the rules is given: the database, memory, the time, and who is asking.
 *
 *     struct coach coach;
 *     coach_init(&coach, db, arena, now_ms);
 *     err = coach_begin(&coach, COACH_READ);
 *     err = sessions_open(&coach, token, &session);        // sets coach.actor
 *     err = people_get(&coach, person_id, &person);        // decides by itself whether that is
 * allowed err = coach_commit(&coach); err = coach_settle(&coach);                          // what
 * a read leaves to be written down
 *
 * Conventions of the room: every function takes the coach first, runs inside the transaction of the
 * caller, asks allowed() (allow.h), and writes down what the rules want written down (audit.h).
 * Results live in coach->arena; texts are NUL-terminated views.  Errors: ERR_FORBIDDEN (the rules
 * say no; the refusal is noted), ERR_NOT_FOUND, ERR_CONFLICT, ERR_INVALID with complaints where a
 * form is concerned (complaint.h), and those of the database: ERR_BUSY means roll back and run
 * everything again, which coach_transact() does. */
#ifndef DUET_COACH_COACH_H
#define DUET_COACH_COACH_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct audit_pending;
struct catalog;
struct db;
struct memory;

#define COACH_MINUTE_MS INT64_C(60000)
#define COACH_HOUR_MS INT64_C(3600000)
#define COACH_DAY_MS INT64_C(86400000)

enum coach_mode { COACH_READ, COACH_WRITE, COACH_MODE__MAX };

/* Who is asking.  All zero: nobody is signed in. */
struct actor {
    int64_t person_id;  /* 0: nobody, or the server itself */
    int64_t session_id; /* 0: none */
    bool system;        /* the server itself: jobs, and the command line beside the database */
    bool administrator; /* of the organisation */
    bool coordinator;   /* of some unit; which ones: coordinates, and all units below them */
    bool participant;
    int64_t *coordinates; /* ids of units */
    size_t n_coordinates;
};

struct coach {
    struct db *db;
    struct arena *arena; /* results live here */
    int64_t now_ms;      /* UTC; one moment for the whole request */
    struct actor actor;
    const struct catalog *catalog; /* of problems in files (roster.h); NULL: English */

    struct memory *memory; /* memory.h; NULL: nothing is remembered between requests */

    struct audit_pending *pending; /* audit.h: not written yet */
    bool writes;                   /* the open transaction is COACH_WRITE */
    bool helpers_changed;          /* in it: what memory_unit keeps (memory.h) */
    int attempt;                   /* runs of this transaction that ended in ERR_BUSY */
};

/* Opens a connection with the statements of this room: "postgresql://..." or the path of an SQLite
 * file.  Migrations are not run.  On failure *db is NULL and `message`, of `size` bytes, says why.
 */
MUST_CHECK enum err coach_connect(const char *where, struct db **db, char *message, size_t size);
void coach_disconnect(struct db *db); /* NULL is a no-op */

/* Makes what every organisation needs once: the secret keys (settings.h).  Needs COACH_WRITE; doing
 * it again changes nothing. */
MUST_CHECK enum err coach_found(struct coach *coach);

/* Nobody is signed in; nothing is open. */
void coach_init(struct coach *coach, struct db *db, struct arena *arena, int64_t now_ms);

/* From now on the server itself asks. */
void coach_act_as_system(struct coach *coach);

/* From now on this person asks; reads their roles.  ERR_NOT_FOUND: there is none, or they have
 * left; then nobody asks.  Needs a transaction. */
MUST_CHECK enum err coach_act_as(struct coach *coach, int64_t person_id);

/* Milliseconds since 1970, UTC, from the system's clock. */
int64_t coach_clock_ms(void);

/* A read transaction sees one state of the database and cannot write.  A commit of COACH_WRITE
 * writes the audit entries first, in the same transaction.  A rollback forgets the entries of what
 * was not done and keeps those of what was refused. */
MUST_CHECK enum err coach_begin(struct coach *coach, enum coach_mode mode);
MUST_CHECK enum err coach_commit(struct coach *coach);
void coach_rollback(struct coach *coach);

/* Runs `work` in a transaction of its own; again from the start, after a short pause, while the
 * database is busy.  Commits when it returns ERR_OK, else rolls back and returns what it returned.
 * `work` must forget what an earlier run left in `ctx`. */
typedef enum err coach_work_fn(struct coach *coach, void *ctx);
MUST_CHECK enum err coach_transact(struct coach *coach, enum coach_mode mode, coach_work_fn *work,
                                   void *ctx);

/* Between two transactions of long work: a pause in which whoever waits to write comes in.  (Those
 * who wait for SQLite look every 50 ms at first, so nobody waits for longer than one more turn.) */
#define COACH_PAUSE_MS 60
void coach_give_way(void);

/* Writes down what is still pending (who opened what, what was refused) in a short transaction of
 * its own.  Nothing pending: nothing happens.  Call it after the transaction of each request. */
MUST_CHECK enum err coach_settle(struct coach *coach);

/* The database's own words about the last failure, for logs. */
const char *coach_message(const struct coach *coach);

/* A copy in the arena, NUL-terminated; false when there is no memory. */
bool coach_copy(struct coach *coach, struct str text, struct str *copy);

#endif
