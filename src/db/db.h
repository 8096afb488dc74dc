/* One thin layer over SQLite and PostgreSQL: connections, transactions, prepared statements.
 *
 * SQL is constant text that stands in one table of the caller (`struct db_sql`, indexed by the
 * caller's enum); nothing here takes SQL that was put together at run time.  Parameters are written
 * ?1, ?2 ... on both databases.  The same text serves both unless the row gives one of its own for
 * PostgreSQL.
 *
 *     struct db_query *q;
 *     err = db_begin(db, DB_READ);
 *     err = db_prepare(db, SQL_PERSON_BY_ID, &q);
 *     db_bind_int(q, 1, id);
 *     while ((err = db_step(q)) == ERR_OK) {
 *         name = arena_text(arena, db_text(q, 0).p, db_text(q, 0).n);
 *     }
 *     db_finish(q);                                  // err is ERR_NOT_FOUND: no more rows
 *     err = db_commit(db);
 *
 * Rules that both databases keep: a write transaction is BEGIN IMMEDIATE on SQLite and SERIALIZABLE
 * on PostgreSQL; a read transaction sees one state of the database and cannot write, enforced by
 * the database; statements that write are refused outside DB_WRITE, and all statements outside a
 * transaction.  A failed statement fails its transaction: every later call gives the same error
 * again, and all that is left is db_rollback().
 *
 * Values are NULL, 64-bit integers, finite doubles (-0.0 is kept as 0.0), text (valid UTF-8 without
 * NUL) and bytes; a text or blob has at most DB_MAX_BYTES.  A column has the type that its reader
 * asks for, or the statement is wrong: texts are not numbers.  Text is compared and sorted by its
 * bytes.  What a statement still reads is not changed by another one in between.
 *
 * Errors, beside ERR_NOMEM:
 *   ERR_BUSY     locked or running for too long, deadlock or serialisation failure: roll back, run
 *                the whole transaction again (db_transact does)
 *   ERR_UNIQUE, ERR_REFERENCE   a constraint of that kind
 *   ERR_CHECK    a CHECK or NOT NULL constraint, a trigger that refuses
 *   ERR_IO       the database cannot be reached, read or written; the connection opens again at the
 *                next db_begin.  Told by db_commit it leaves open whether the transaction took
 *                place
 *   ERR_LIMIT    more than DB_MAX_ROWS rows or DB_MAX_BYTES bytes
 *   ERR_INVALID  our mistake: wrong SQL, a parameter not bound, a write in a read transaction, a
 *                text that is not UTF-8
 * db_message() says more in the database's own words, for logs; it names no values but those of the
 * SQL text.  One connection belongs to one thread and to the process that opened it: open after
 * fork(). */
#ifndef DUET_DB_DB_H
#define DUET_DB_DB_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct db_query;

/* What a statement does; transactions are DB_READ or DB_WRITE.  DB_SCAN is a read that may give
 * more rows than memory should hold: it is fetched in pieces.  The others give DB_MAX_ROWS at most.
 */
enum db_mode { DB_READ, DB_WRITE, DB_SCAN, DB_MODE__MAX };
enum db_kind { DB_SQLITE, DB_POSTGRES, DB_KIND__MAX };

#define DB_MAX_ROWS 100000
#define DB_MAX_BYTES ((size_t)64 << 20)
#define DB_MAX_PARAMETERS 99
#define DB_MAX_MESSAGE 400 /* bytes of a message with its NUL */

/* How long, in milliseconds: a statement may run; a lock is waited for; a transaction of PostgreSQL
 * may stand idle; db_transact goes on trying. */
#define DB_STATEMENT_MS 30000
#define DB_LOCK_MS 5000
#define DB_IDLE_MS 60000
#define DB_PATIENCE_MS 10000

/* One statement. `postgres` is NULL where the same text serves both. */
struct db_sql {
    const char *name; /* for logs and metrics */
    enum db_mode mode;
    const char *sql;
    const char *postgres;
};

/* Whether `where` is the address of a PostgreSQL server, and not the path of an SQLite file. */
bool db_is_address(const char *where);

/* Opens a connection: "postgresql://..." or the path of an SQLite file, which is made (mode 0600)
 * when it is not there.  `table` has `n` statements and outlives the connection.  Migrations are
 * not run: see migrate.h.  On failure *db is NULL and `message`, of `size` bytes (DB_MAX_MESSAGE
 * is enough), holds the reason without any password. */
MUST_CHECK enum err db_open(const char *where, const struct db_sql *table, int n, struct db **db,
                            char *message, size_t size);
void db_close(struct db *db); /* NULL is a no-op; an open transaction is rolled back */

enum db_kind db_kind(const struct db *db);
const char *db_message(const struct db *db); /* of the last failure, never NULL, one line */

/* Where it is, for people to read: the path, or the address without a password. */
const char *db_place(const struct db *db);

/* What an administrator should know about where the database lies (a network file system), one
 * sentence; or NULL. */
const char *db_warning(const struct db *db);

/* DB_READ or DB_WRITE. */
MUST_CHECK enum err db_begin(struct db *db, enum db_mode mode);

/* Both end every query that is in use.  After a failed commit the transaction is rolled back. */
MUST_CHECK enum err db_commit(struct db *db);
void db_rollback(struct db *db); /* a no-op outside a transaction */
bool db_in_transaction(const struct db *db);

/* Runs `work` in a transaction of its own, again from the start when the database was busy, up to
 * DB_ATTEMPTS times and DB_PATIENCE_MS with growing, jittered pauses; commits when it returns
 * ERR_OK, else rolls back and returns what it returned. */
#define DB_ATTEMPTS 8
MUST_CHECK enum err db_transact(struct db *db, enum db_mode mode,
                                enum err (*work)(struct db *db, void *ctx), void *ctx);

/* The statement `id` of the table, ready for binding; every parameter must be bound (db_bind_null
 * for a NULL).  One use at a time: a statement in use is not prepared again before db_finish
 * (ERR_INVALID).  Different statements may be stepped side by side. */
MUST_CHECK enum err db_prepare(struct db *db, int id, struct db_query **query);

/* Index from 1.  Bytes are copied.  A failure sticks and is told by the next db_step. */
void db_bind_int(struct db_query *query, int index, int64_t value);
void db_bind_double(struct db_query *query, int index, double value);
void db_bind_text(struct db_query *query, int index, struct str text);
void db_bind_blob(struct db_query *query, int index, struct str bytes);
void db_bind_null(struct db_query *query, int index);

/* ERR_OK: there is a row.  ERR_NOT_FOUND: there are no more (or the statement gives none).  The
 * first step of a statement that writes does all its work, also when it has RETURNING. */
MUST_CHECK enum err db_step(struct db_query *query);

/* Columns of the row, from 0; texts and bytes are valid until the next step or finish.  NULL reads
 * as 0, 0.0 and an empty text.  db_int cuts a number with a fraction, db_double takes integers;
 * reading a number as text, a text as a number or a column that is not there fails the transaction
 * with ERR_INVALID and reads as NULL. */
int64_t db_int(const struct db_query *query, int column);
double db_double(const struct db_query *query, int column);
struct str db_text(const struct db_query *query, int column);
struct str db_blob(const struct db_query *query, int column);
bool db_is_null(const struct db_query *query, int column);

/* Ends the use of a query; NULL is a no-op. */
void db_finish(struct db_query *query);

/* For statements without rows: steps once and finishes.  ERR_OK when it ran.  *changed, if given,
 * is the number of rows concerned. */
MUST_CHECK enum err db_run(struct db_query *query, int64_t *changed);

#endif
