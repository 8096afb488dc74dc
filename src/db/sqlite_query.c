/* SQLite's statements.  A statement that writes and has RETURNING runs to its end at the first
 * step, its rows kept aside, so that a constraint speaks up then and not after the rows. */
#include "db/sqlite.h"

#include <stdlib.h>

struct sqlite_query {
    sqlite3_stmt *statement;
    sqlite3_value **kept; /* n_kept rows of n_columns each */
    int64_t n_kept, capacity, at;
};

enum err sqlite_prepare(struct db_query *query)
{
    struct db *db = query->db;
    struct sqlite *own = db->handle;
    struct sqlite_query *new = calloc(1, sizeof *new);
    if (!new) {
        return db_fail(db, query, ERR_NOMEM, "out of memory");
    }
    const char *tail = "";
    enum err err = ERR_OK;
    int rc = sqlite3_prepare_v3(own->connection, query->sql, -1, SQLITE_PREPARE_PERSISTENT,
                                &new->statement, &tail);
    if (rc != SQLITE_OK) {
        err = sqlite_fail(db, query, rc);
    } else if (!new->statement || tail[strspn(tail, " \n\t;")] != '\0') {
        err = db_fail(db, query, ERR_INVALID, "is not one statement");
    } else if (query->mode != DB_WRITE && !sqlite3_stmt_readonly(new->statement)) {
        err = db_fail(db, query, ERR_INVALID, "writes, but is declared to read");
    }
    if (err != ERR_OK) {
        sqlite3_finalize(new->statement);
        free(new);
        return err;
    }
    query->handle = new;
    query->n_columns = sqlite3_column_count(new->statement);
    return ERR_OK;
}

static int bind(sqlite3_stmt *statement, int index, const struct db_value *value)
{
    switch (value->type) {
    case DB_INT:
        return sqlite3_bind_int64(statement, index, value->i);
    case DB_DOUBLE:
        return sqlite3_bind_double(statement, index, value->d);
    case DB_TEXT:
        return sqlite3_bind_text64(statement, index, value->s.p, value->s.n, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(statement, index, value->s.p, value->s.n, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(statement, index);
    }
}

/* Keeps a copy of the current row. */
static int keep_row(struct db_query *query)
{
    struct sqlite_query *own = query->handle;
    int n = query->n_columns;
    if (own->n_kept >= DB_MAX_ROWS) {
        return SQLITE_TOOBIG;
    }
    if (own->n_kept == own->capacity) {
        int64_t capacity = 2 * own->capacity + 4;
        sqlite3_value **kept = realloc(own->kept, (size_t)capacity * (size_t)n * sizeof *kept);
        if (!kept) {
            return SQLITE_NOMEM;
        }
        own->kept = kept;
        own->capacity = capacity;
    }
    sqlite3_value **row = own->kept + own->n_kept * n;
    for (int i = 0; i < n; i++) {
        row[i] = sqlite3_value_dup(sqlite3_column_value(own->statement, i));
        if (!row[i]) {
            while (i > 0) {
                sqlite3_value_free(row[--i]);
            }
            return SQLITE_NOMEM;
        }
    }
    own->n_kept++;
    return SQLITE_OK;
}

/* One step within the time a statement may take. */
static int step(struct db_query *query)
{
    struct sqlite *connection = query->db->handle;
    struct sqlite_query *own = query->handle;
    bool hurry = query->db->tx != DB_TX_SCHEMA && !query->db->sealed;
    connection->deadline_ms = hurry ? db_monotonic_ms() + DB_STATEMENT_MS : 0;
    return sqlite3_step(own->statement);
}

/* Runs a writing statement to its end. */
static enum err run_through(struct db_query *query)
{
    struct sqlite *connection = query->db->handle;
    int rc;
    while ((rc = step(query)) == SQLITE_ROW) {
        rc = keep_row(query);
        if (rc != SQLITE_OK) {
            return sqlite_fail(query->db, query, rc);
        }
    }
    if (rc != SQLITE_DONE) {
        return sqlite_fail(query->db, query, rc);
    }
    query->n_changed = sqlite3_changes64(connection->connection);
    return ERR_OK;
}

enum err sqlite_start(struct db_query *query)
{
    struct sqlite_query *own = query->handle;
    for (int i = 0; i < query->n_params; i++) {
        int rc = bind(own->statement, i + 1, &query->values[i]);
        if (rc != SQLITE_OK) {
            return sqlite_fail(query->db, query, rc);
        }
    }
    own->at = -1;
    return query->mode == DB_WRITE ? run_through(query) : ERR_OK;
}

enum err sqlite_next(struct db_query *query)
{
    struct sqlite_query *own = query->handle;
    if (query->mode == DB_WRITE) {
        return ++own->at < own->n_kept ? ERR_OK : ERR_NOT_FOUND;
    }
    int rc = step(query);
    return rc == SQLITE_ROW    ? ERR_OK
           : rc == SQLITE_DONE ? ERR_NOT_FOUND
                               : sqlite_fail(query->db, query, rc);
}

static enum db_type type_of(int type)
{
    static const enum db_type types[] = {
        [SQLITE_INTEGER] = DB_INT, [SQLITE_FLOAT] = DB_DOUBLE, [SQLITE_TEXT] = DB_TEXT,
        [SQLITE_BLOB] = DB_BLOB,   [SQLITE_NULL] = DB_NULL,
    };
    return types[type];
}

/* Views are never NULL, also of no bytes. */
static struct str view(const void *p, int n)
{
    return n > 0 && p ? (struct str){p, (size_t)n} : str_of("");
}

/* Reads a value without asking the statement for each part of it again: a connection is used by one
 * thread at a time. */
void sqlite_column(const struct db_query *query, int column, struct db_value *value)
{
    struct sqlite_query *own = query->handle;
    sqlite3_value *from = query->mode == DB_WRITE ? own->kept[own->at * query->n_columns + column]
                                                  : sqlite3_column_value(own->statement, column);
    value->type = type_of(sqlite3_value_type(from));
    if (value->type == DB_INT) {
        value->i = sqlite3_value_int64(from);
    } else if (value->type == DB_DOUBLE) {
        value->d = sqlite3_value_double(from);
    } else if (value->type == DB_TEXT) {
        const void *p = sqlite3_value_text(from);
        value->s = view(p, sqlite3_value_bytes(from));
    } else if (value->type == DB_BLOB) {
        const void *p = sqlite3_value_blob(from);
        value->s = view(p, sqlite3_value_bytes(from));
    }
}

void sqlite_finish(struct db_query *query)
{
    struct sqlite_query *own = query->handle;
    sqlite3_reset(own->statement);
    sqlite3_clear_bindings(own->statement);
    for (int64_t i = 0; i < own->n_kept * query->n_columns; i++) {
        sqlite3_value_free(own->kept[i]);
    }
    free(own->kept);
    own->kept = NULL;
    own->n_kept = own->capacity = 0;
}

void sqlite_drop(struct db_query *query)
{
    struct sqlite_query *own = query->handle;
    if (own) {
        sqlite3_finalize(own->statement);
        free(own);
        query->handle = NULL;
    }
}
