/* What a database must be able to do for db.h; only the files of this room include this.
 *
 * db.c keeps the rules that both databases share (who is in a transaction, what is bound, which
 * failure sticks); a backend executes.  A backend reports a failure through db_fail, which returns
 * the code it was given, and never checks what db.c has checked. */
#ifndef DUET_DB_BACKEND_H
#define DUET_DB_BACKEND_H

#include "db/db.h"

#include <stdarg.h>

/* A change of the schema runs with other rules: no time limit; on SQLite foreign keys are checked
 * at the end only, on PostgreSQL READ COMMITTED, so that what was committed while waiting for a
 * lock is seen. */
enum db_tx { DB_TX_NONE, DB_TX_READ, DB_TX_WRITE, DB_TX_SCHEMA, DB_TX__MAX };

enum db_type { DB_UNBOUND, DB_NULL, DB_INT, DB_DOUBLE, DB_TEXT, DB_BLOB, DB_TYPE__MAX };

struct db_value {
    enum db_type type;
    int64_t i;
    double d;
    struct str s; /* DB_TEXT and DB_BLOB; of a parameter, p is set by db.c when it is executed */
};

struct db_query {
    struct db *db;
    struct db_query *next; /* among those that stand outside the table */
    int id;                /* its number in the table, or one of its own for others */
    const char *name, *sql;
    char *own_text; /* of those outside the table */
    enum db_mode mode;
    bool in_use, started, done, has_row;
    int n_params, n_columns;
    int64_t n_rows, n_changed;
    struct db_value *values; /* n_params */
    char *bytes;             /* of the values */
    size_t n_bytes, capacity;
    void *handle; /* the backend's own, NULL until prepared */
};

struct db_backend {
    enum db_kind kind;
    MUST_CHECK enum err (*begin)(struct db *db, enum db_tx tx); /* opens a lost connection again */
    MUST_CHECK enum err (*commit)(struct db *db); /* a failure leaves it to be rolled back */
    void (*rollback)(struct db *db);
    MUST_CHECK enum err (*prepare)(struct db_query *query); /* once; sets n_columns */
    MUST_CHECK enum err (*start)(struct db_query *query);   /* executes with query->values */
    MUST_CHECK enum err (*next)(struct db_query *query);    /* ERR_OK: a row; ERR_NOT_FOUND */
    void (*column)(const struct db_query *query, int column, struct db_value *value);
    void (*finish)(struct db_query *query);                        /* ends what start began */
    void (*drop)(struct db_query *query);                          /* frees the handle */
    MUST_CHECK enum err (*script)(struct db *db, const char *sql); /* several statements */
    void (*close)(struct db *db);
};

extern const struct db_backend db_sqlite;
extern const struct db_backend db_postgres;

struct db {
    const struct db_backend *backend;
    void *handle; /* the backend's own */
    char *where;
    const struct db_sql *table;
    int n, n_others;
    struct db_query *queries; /* n, as in the table */
    struct db_query *others;
    enum db_tx tx;
    enum err failed; /* of this transaction */
    bool sealed;     /* an SQLite file that is only read and left exactly as it is */
    char message[DB_MAX_MESSAGE], warning[DB_MAX_MESSAGE], place[DB_MAX_MESSAGE];
};

/* The failure of a connection, or of a query when that is not NULL: keeps the message on one line
 * and the code for the rest of the transaction; there only the first one counts.  Returns `code`.
 */
__attribute__((format(printf, 4, 5))) enum err db_fail(struct db *db, const struct db_query *query,
                                                       enum err code, const char *fmt, ...);

int64_t db_monotonic_ms(void);

MUST_CHECK enum err db_begin_tx(struct db *db, enum db_tx tx);

/* A statement from outside the table, for the rooms' own work: the schema, copying.  The text is
 * copied.  ERR_INVALID: it does not parse.  db_drop finishes and frees it; NULL is a no-op. */
MUST_CHECK enum err db_prepare_text(struct db *db, enum db_mode mode, const char *name,
                                    const char *sql, struct db_query **query);
void db_drop(struct db_query *query);

/* Finishes a query and makes it ready for binding again. */
MUST_CHECK enum err db_prepare_again(struct db_query *query);

/* The connection is another: what was prepared is prepared again when it is needed. */
void db_forget_statements(struct db *db);

/* Several statements without parameters, in the transaction that is open. */
MUST_CHECK enum err db_script(struct db *db, const char *sql);

/* The value of a column with the type it has, and binding one. */
struct db_value db_value(const struct db_query *query, int column);
void db_bind_value(struct db_query *query, int index, struct db_value value);

/* Opens an SQLite file that must be there to read it, a backup for example. */
MUST_CHECK enum err db_open_sealed(const char *path, struct db **db, char *message, size_t size);

/* SQLite opens files, PostgreSQL a connection; *db has backend, where and message set. */
MUST_CHECK enum err db_sqlite_open(struct db *db);
MUST_CHECK enum err db_postgres_open(struct db *db);

#endif
