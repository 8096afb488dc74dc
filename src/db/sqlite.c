/* SQLite: opening a file so that it defends itself, and transactions.
 *
 * A connection is read-only (query_only) but for the time of a write transaction.  That pragma
 * takes effect when it is compiled; it is not stepped, because stepping it would have every
 * prepared statement compiled again. */
#include "db/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PROGRESS_STEPS 4000 /* of the virtual machine between two looks at the clock */

static enum err code_of(int rc)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_UNIQUE;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ERR_REFERENCE;
    case SQLITE_CONSTRAINT_DATATYPE:
        return ERR_INVALID;
    default:
        break;
    }
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        return ERR_CHECK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL:
        return ERR_BUSY;
    case SQLITE_NOMEM:
        return ERR_NOMEM;
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_PERM:
        return ERR_IO;
    case SQLITE_READONLY:
        /* without more detail it is query_only; else the file */
        return rc == SQLITE_READONLY ? ERR_INVALID : ERR_IO;
    default:
        return ERR_INVALID;
    }
}

enum err sqlite_fail(struct db *db, const struct db_query *query, int rc)
{
    struct sqlite *own = db->handle;
    enum err err = code_of(rc);
    if (err == ERR_IO && (rc & 0xff) != SQLITE_FULL) {
        own->lost = true;
    }
    const char *reason = (rc & 0xff) == SQLITE_NOMEM       ? "out of memory"
                         : (rc & 0xff) == SQLITE_INTERRUPT ? "took too long"
                                                           : sqlite3_errmsg(own->connection);
    return db_fail(db, query, err, "%s", reason);
}

static int on_progress(void *ctx)
{
    const struct sqlite *own = ctx;
    return own->deadline_ms != 0 && db_monotonic_ms() > own->deadline_ms;
}

static void disconnect(struct sqlite *own)
{
    sqlite3_finalize(own->begin);
    sqlite3_finalize(own->begin_immediate);
    sqlite3_finalize(own->commit);
    sqlite3_finalize(own->rollback);
    own->begin = own->begin_immediate = own->commit = own->rollback = NULL;
    sqlite3_close_v2(own->connection);
    own->connection = NULL;
}

/* Compiles a pragma, which sets it, without running it: see the top of the file. */
static enum err compile_only(struct db *db, const char *sql)
{
    struct sqlite *own = db->handle;
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(own->connection, sql, -1, &statement, NULL);
    sqlite3_finalize(statement);
    return rc == SQLITE_OK ? ERR_OK : sqlite_fail(db, NULL, rc);
}

static enum err execute(struct db *db, const char *sql)
{
    struct sqlite *own = db->handle;
    int rc = sqlite3_exec(own->connection, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? ERR_OK : sqlite_fail(db, NULL, rc);
}

/* The first column of the first row, or "". */
static enum err ask(struct db *db, const char *sql, char *answer, size_t size)
{
    struct sqlite *own = db->handle;
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(own->connection, sql, -1, &statement, NULL);
    answer[0] = '\0';
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(statement);
    }
    if (rc == SQLITE_ROW) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        snprintf(answer, size, "%s", text ? (const char *)text : "");
    }
    sqlite3_finalize(statement);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? ERR_OK : sqlite_fail(db, NULL, rc);
}

/* The journal: a write-ahead log where that works.  Going over to it needs the file alone, and
 * SQLite does not wait for that by itself. */
static enum err set_journal(struct db *db)
{
    struct sqlite *own = db->handle;
    int64_t until = db_monotonic_ms() + DB_LOCK_MS;
    char mode[16];
    for (;;) {
        enum err err = ask(db, "PRAGMA journal_mode", mode, sizeof mode);
        bool is_wal = strcmp(mode, "wal") == 0;
        if (err == ERR_OK && is_wal != own->wal) {
            err = ask(db, own->wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = TRUNCATE",
                      mode, sizeof mode);
            is_wal = strcmp(mode, "wal") == 0;
        }
        if (err == ERR_OK && is_wal != own->wal) {
            return db_fail(db, NULL, ERR_IO, "%s: the journal could not be set", db->where);
        }
        if (err != ERR_BUSY || db_monotonic_ms() > until) {
            return err;
        }
        nanosleep(&(struct timespec){0, 20000000}, NULL);
    }
}

static enum err configure(struct db *db)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
    };
    struct sqlite *own = db->handle;
    sqlite3_extended_result_codes(own->connection, 1);
    sqlite3_busy_timeout(own->connection, DB_LOCK_MS);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        int now = -1;
        int rc = sqlite3_db_config(own->connection, options[i].option, options[i].value, &now);
        if (rc != SQLITE_OK || now != options[i].value) {
            return db_fail(db, NULL, ERR_IO, "SQLite refuses setting %d", options[i].option);
        }
    }
    sqlite3_limit(own->connection, SQLITE_LIMIT_LENGTH, (int)DB_MAX_BYTES + 4096);
    sqlite3_progress_handler(own->connection, PROGRESS_STEPS, on_progress, own);
    enum err err = db->sealed ? ERR_OK : set_journal(db);
    if (err == ERR_OK) {
        err = execute(db, "PRAGMA synchronous = FULL;"
                          "PRAGMA journal_size_limit = 67108864;"
                          "PRAGMA temp_store = MEMORY;"
                          "PRAGMA cache_size = -16384;" /* KiB: lists of 10,000 people stay */
                          "PRAGMA query_only = ON;");
    }
    return err;
}

static enum err prepare_own(struct db *db, const char *sql, sqlite3_stmt **statement)
{
    struct sqlite *own = db->handle;
    int rc =
        sqlite3_prepare_v3(own->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    return rc == SQLITE_OK ? ERR_OK : sqlite_fail(db, NULL, rc);
}

static enum err connect_file(struct db *db)
{
    struct sqlite *own = db->handle;
    char path[4096];
    snprintf(db->place, sizeof db->place, "%s", db->where);
    enum err err = db->sealed ? ERR_OK : sqlite_place(db, &own->wal);
    if (err != ERR_OK) {
        return err;
    }
    /* "file:..." and ":memory:" mean something else to SQLite */
    int n = snprintf(path, sizeof path, "%s%s", db->where[0] == '/' ? "" : "./", db->where);
    if (n < 0 || (size_t)n >= sizeof path) {
        return db_fail(db, NULL, ERR_LIMIT, "the path of the database is too long");
    }
    int flags = SQLITE_OPEN_NOMUTEX | (db->sealed ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    int rc = sqlite3_open_v2(path, &own->connection, flags, NULL);
    if (rc != SQLITE_OK) {
        const char *reason = own->connection ? sqlite3_errmsg(own->connection) : "out of memory";
        err =
            db_fail(db, NULL, rc == SQLITE_NOMEM ? ERR_NOMEM : ERR_IO, "%s: %s", db->where, reason);
    } else {
        err = configure(db);
    }
    static const char *const sql[] = {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"};
    sqlite3_stmt **to[] = {&own->begin, &own->begin_immediate, &own->commit, &own->rollback};
    for (int i = 0; err == ERR_OK && i < 4; i++) {
        err = prepare_own(db, sql[i], to[i]);
    }
    if (err == ERR_OK) {
        own->lost = false;
    } else {
        disconnect(own);
    }
    return err;
}

enum err db_sqlite_open(struct db *db)
{
    /* Counting memory costs two locks for every piece of it; too late once SQLite runs. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    db->handle = calloc(1, sizeof(struct sqlite));
    if (!db->handle) {
        return db_fail(db, NULL, ERR_NOMEM, "out of memory");
    }
    return connect_file(db);
}

static void close_file(struct db *db)
{
    if (db->handle) {
        db_forget_statements(db);
        disconnect(db->handle);
        free(db->handle);
    }
}

/* All statements go with the connection that compiled them. */
static enum err connect_again(struct db *db)
{
    db_forget_statements(db);
    disconnect(db->handle);
    return connect_file(db);
}

static int run_own(sqlite3_stmt *statement)
{
    int rc = sqlite3_step(statement);
    sqlite3_reset(statement);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void stop_writing(struct db *db)
{
    if (db->tx != DB_TX_READ && compile_only(db, "PRAGMA query_only = ON") != ERR_OK) {
        ((struct sqlite *)db->handle)->lost = true; /* a new connection begins read-only */
    }
}

static enum err begin(struct db *db, enum db_tx tx)
{
    struct sqlite *own = db->handle;
    enum err err = ERR_OK;
    if (own->lost || !own->connection) {
        err = connect_again(db);
    }
    own->deadline_ms = 0;
    if (err == ERR_OK && tx == DB_TX_SCHEMA) {
        err = execute(db, "PRAGMA foreign_keys = OFF");
    }
    if (err == ERR_OK && tx != DB_TX_READ) {
        err = compile_only(db, "PRAGMA query_only = OFF");
    }
    if (err == ERR_OK) {
        int rc = run_own(tx == DB_TX_READ ? own->begin : own->begin_immediate);
        err = rc == SQLITE_OK ? ERR_OK : sqlite_fail(db, NULL, rc);
    }
    if (err != ERR_OK && own->connection && tx != DB_TX_READ) {
        stop_writing(db);
    }
    if (err != ERR_OK && own->connection && tx == DB_TX_SCHEMA) {
        own->lost = true;
    }
    return err;
}

/* A change of the schema ran without foreign keys: they must hold now. */
static enum err check_references(struct db *db)
{
    char table[64];
    enum err err = ask(db, "PRAGMA foreign_key_check", table, sizeof table);
    if (err == ERR_OK && table[0]) {
        err = db_fail(db, NULL, ERR_REFERENCE, "a reference of table %s leads nowhere", table);
    }
    return err;
}

static void end(struct db *db)
{
    struct sqlite *own = db->handle;
    stop_writing(db);
    if (db->tx == DB_TX_SCHEMA && execute(db, "PRAGMA foreign_keys = ON") != ERR_OK) {
        own->lost = true;
    }
}

static enum err commit(struct db *db)
{
    struct sqlite *own = db->handle;
    own->deadline_ms = 0;
    enum err err = db->tx == DB_TX_SCHEMA ? check_references(db) : ERR_OK;
    if (err == ERR_OK) {
        int rc = run_own(own->commit);
        err = rc == SQLITE_OK ? ERR_OK : sqlite_fail(db, NULL, rc);
    }
    if (err == ERR_OK) {
        end(db);
    }
    return err;
}

static void rollback(struct db *db)
{
    struct sqlite *own = db->handle;
    own->deadline_ms = 0;
    if (!sqlite3_get_autocommit(own->connection) && run_own(own->rollback) != SQLITE_OK &&
        !sqlite3_get_autocommit(own->connection)) {
        own->lost = true;
    }
    end(db);
}

const struct db_backend db_sqlite = {
    .kind = DB_SQLITE,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .prepare = sqlite_prepare,
    .start = sqlite_start,
    .next = sqlite_next,
    .column = sqlite_column,
    .finish = sqlite_finish,
    .drop = sqlite_drop,
    .script = execute,
    .close = close_file,
};
