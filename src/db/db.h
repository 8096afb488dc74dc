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
 * the database; statements that write are refused outside DB_WRITE.  A failed statement fails its
 * transaction: all that is left is db_rollback().
 *
 * Errors, beside ERR_NOMEM:
 *   ERR_BUSY     locked for too long, deadlock or serialisation failure: roll back, run the whole
 *                transaction again (db_transact does)
 *   ERR_UNIQUE, ERR_REFERENCE, ERR_CHECK   a constraint of that kind
 *   ERR_IO       the database cannot be reached, read or written; the connection opens again at the
 *                next db_begin
 *   ERR_INVALID  our mistake: wrong SQL, a missing parameter, a write in a read transaction
 * db_message() says more in the database's own words, for logs.  One connection belongs to one
 * thread. */
#ifndef DUET_DB_DB_H
#define DUET_DB_DB_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct db_query;

enum db_mode { DB_READ, DB_WRITE, DB_MODE__MAX };
enum db_kind { DB_SQLITE, DB_POSTGRES, DB_KIND__MAX };

/* One statement. `postgres` is NULL where the same text serves both. */
struct db_sql {
    const char *name; /* for logs and metrics */
    enum db_mode mode;
    const char *sql;
    const char *postgres;
};

/* Opens a connection: "postgresql://..." or the path of an SQLite file, which is made (mode 0600)
 * when it is not there.  `table` has `n` statements and outlives the connection.  Migrations are
 * not run: see migrate.h.  ERR_IO: *message (constant or in malloc'ed memory of the connection)
 * says why; *db is then NULL and `message`, of `size` bytes, holds the reason. */
MUST_CHECK enum err db_open(const char *where, const struct db_sql *table, int n, struct db **db,
                            char *message, size_t size);
void db_close(struct db *db); /* NULL is a no-op; an open transaction is rolled back */

enum db_kind db_kind(const struct db *db);
const char *db_message(const struct db *db); /* of the last failure, never NULL, one line */

MUST_CHECK enum err db_begin(struct db *db, enum db_mode mode);
MUST_CHECK enum err db_commit(struct db *db);
void db_rollback(struct db *db); /* a no-op outside a transaction */
bool db_in_transaction(const struct db *db);

/* Runs `work` in a transaction of its own, again from the start when the database was busy, up to
 * DB_ATTEMPTS times with growing, jittered pauses; commits when it returns ERR_OK, else rolls back
 * and returns what it returned. */
#define DB_ATTEMPTS 8
MUST_CHECK enum err db_transact(struct db *db, enum db_mode mode,
                                enum err (*work)(struct db *db, void *ctx), void *ctx);

/* The statement `id` of the table, ready for binding; parameters are NULL until bound.  One use at
 * a time: a statement in use is not prepared again before db_finish (ERR_INVALID).  Different
 * statements may be stepped side by side. */
MUST_CHECK enum err db_prepare(struct db *db, int id, struct db_query **query);

/* Index from 1.  Bytes are copied.  A failure sticks and is told by the next db_step. */
void db_bind_int(struct db_query *query, int index, int64_t value);
void db_bind_double(struct db_query *query, int index, double value);
void db_bind_text(struct db_query *query, int index, struct str text);
void db_bind_blob(struct db_query *query, int index, struct str bytes);
void db_bind_null(struct db_query *query, int index);

/* ERR_OK: there is a row.  ERR_NOT_FOUND: there are no more (or the statement gives none). */
MUST_CHECK enum err db_step(struct db_query *query);

/* Columns of the row, from 0; texts and bytes are valid until the next step or finish.  NULL reads
 * as 0, 0.0 and an empty text. */
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
