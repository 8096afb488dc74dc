/* The SQLite backend's own parts, shared by its files. */
#ifndef DUET_DB_SQLITE_H
#define DUET_DB_SQLITE_H

#include "db/backend.h"

#include <sqlite3.h>

struct sqlite {
    sqlite3 *connection;
    sqlite3_stmt *begin, *begin_immediate, *commit, *rollback;
    int64_t deadline_ms; /* on the monotonic clock; 0: none */
    bool lost;           /* the file could not be read or written: open again before use */
    bool wal;            /* a place that can keep a write-ahead log */
};

/* The failure of the last call on the connection, by its extended code. */
enum err sqlite_fail(struct db *db, const struct db_query *query, int rc);

/* Prepares a place for the file: makes it, with mode 0600, when it is not there, and looks at the
 * file system.  *wal: whether a write-ahead log works here; if not, db->warning says why. */
MUST_CHECK enum err sqlite_place(struct db *db, bool *wal);

/* Brings the folder of a file to the disk, without which a new name may be gone after a power cut;
 * 0 or -1 with errno. */
int sqlite_sync_folder(const char *path);

/* The statements, for db_sqlite. */
enum err sqlite_prepare(struct db_query *query);
enum err sqlite_start(struct db_query *query);
enum err sqlite_next(struct db_query *query);
void sqlite_column(const struct db_query *query, int column, struct db_value *value);
void sqlite_finish(struct db_query *query);
void sqlite_drop(struct db_query *query);

#endif
