/* PostgreSQL: connections and transactions.
 *
 * Nothing is kept in the session but prepared statements, so that a pool of connections may stand
 * between: time limits are set anew in every transaction, in the round trip that begins it. */
#include "db/postgres.h"

#include <stdio.h>
#include <stdlib.h>

#define OLDEST_SERVER 150000

#define STRING(x) #x
#define TEXT_OF(x) STRING(x)
#define LIMITS                                                                                     \
    "; SET LOCAL statement_timeout = " TEXT_OF(                                                    \
        DB_STATEMENT_MS) "; SET LOCAL lock_timeout = " TEXT_OF(DB_LOCK_MS) "; SET LOCAL "          \
                                                                           "idle_in_transaction_"  \
                                                                           "session_timeout "      \
                                                                           "= " TEXT_OF(           \
                                                                               DB_IDLE_MS)

static const char *const begin_sql[DB_TX__MAX] = {
    [DB_TX_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" LIMITS,
    [DB_TX_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE" LIMITS,
    [DB_TX_SCHEMA] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                     "; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"
                     "; SET LOCAL idle_in_transaction_session_timeout = 0",
};

static const struct {
    const char *state; /* the beginning of an SQLSTATE */
    enum err err;
    bool lost; /* the connection is no good any more */
} states[] = {
    {"23505", ERR_UNIQUE, false}, {"23P01", ERR_UNIQUE, false}, {"23503", ERR_REFERENCE, false},
    {"23", ERR_CHECK, false},     {"P0001", ERR_CHECK, false},  {"40", ERR_BUSY, false},
    {"55P03", ERR_BUSY, false},   {"57014", ERR_BUSY, false},   {"25P03", ERR_IO, true},
    {"26000", ERR_BUSY, true},    {"53200", ERR_NOMEM, false},  {"53", ERR_IO, false},
    {"54", ERR_LIMIT, false},     {"08", ERR_IO, true},         {"57", ERR_IO, true},
    {"58", ERR_IO, false},        {"F0", ERR_IO, false},        {"XX", ERR_IO, false},
};

/* A plan made before the schema was changed: everything is prepared again on a new connection. */
static bool is_outdated(const char *state, const char *reason)
{
    return strcmp(state, "0A000") == 0 && strstr(reason, "cached plan");
}

enum err postgres_fail(struct db *db, const struct db_query *query, PGresult *result)
{
    struct postgres *own = db->handle;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *reason = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    enum err err = ERR_INVALID;
    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++) {
        if (strncmp(state, states[i].state, strlen(states[i].state)) == 0) {
            err = states[i].err;
            own->lost = own->lost || states[i].lost;
            break;
        }
    }
    reason = reason ? reason : PQerrorMessage(own->connection);
    if (state && is_outdated(state, reason)) {
        own->lost = true;
        err = ERR_BUSY;
    }
    if (PQstatus(own->connection) != CONNECTION_OK) {
        own->lost = true;
        err = ERR_IO;
    } else if (!state) {
        err = ERR_NOMEM; /* libpq itself failed on a sound connection */
    }
    if (state && strncmp(state, "22", 2) == 0) { /* these reasons quote the value */
        db_fail(db, query, err, "a value does not fit (SQLSTATE %s)", state);
    } else {
        db_fail(db, query, err, "%s", reason);
    }
    PQclear(result);
    return err;
}

bool postgres_ran(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

static enum err execute(struct db *db, const char *sql)
{
    struct postgres *own = db->handle;
    PGresult *result = PQexec(own->connection, sql);
    if (!postgres_ran(result)) {
        return postgres_fail(db, NULL, result);
    }
    PQclear(result);
    return ERR_OK;
}

/* What the server says by the way is not for the terminal. */
static void ignore_notice(void *ctx, const char *message)
{
    (void)ctx;
    (void)message;
}

/* The address is checked first, because libpq's complaint about it would show a password. */
static enum err check_address(struct db *db)
{
    char *reason = NULL;
    PQconninfoOption *options = PQconninfoParse(db->where, &reason);
    PQfreemem(reason);
    PQconninfoFree(options);
    return options ? ERR_OK
                   : db_fail(db, NULL, ERR_IO,
                             "the address of the database is not of the form "
                             "postgresql://user@host/database");
}

static enum err check_server(struct db *db)
{
    struct postgres *own = db->handle;
    const char *encoding = PQparameterStatus(own->connection, "server_encoding");
    const char *strings = PQparameterStatus(own->connection, "standard_conforming_strings");
    int version = PQserverVersion(own->connection);
    if (version < OLDEST_SERVER) {
        return db_fail(db, NULL, ERR_IO, "the server is PostgreSQL %d; %d or later is needed",
                       version / 10000, OLDEST_SERVER / 10000);
    }
    if (!encoding || strcmp(encoding, "UTF8") != 0) {
        return db_fail(db, NULL, ERR_IO,
                       "the database keeps text as %s; make it with ENCODING 'UTF8'",
                       encoding ? encoding : "(unknown)");
    }
    if (!strings || strcmp(strings, "on") != 0) {
        return db_fail(db, NULL, ERR_IO, "standard_conforming_strings is off");
    }
    return ERR_OK;
}

static void disconnect(struct db *db)
{
    struct postgres *own = db->handle;
    PQfinish(own->connection);
    own->connection = NULL;
    db_forget_statements(db);
}

static enum err connect_server(struct db *db)
{
    /* what stands before dbname can be set otherwise in the address */
    const char *const keywords[] = {"connect_timeout",           "tcp_user_timeout",
                                    "fallback_application_name", "dbname",
                                    "client_encoding",           NULL};
    const char *const values[] = {"10", "30000", "duet", db->where, "UTF8", NULL};
    struct postgres *own = db->handle;
    disconnect(db);
    own->connection = PQconnectdbParams(keywords, values, 1);
    if (!own->connection) {
        return db_fail(db, NULL, ERR_NOMEM, "out of memory");
    }
    if (PQstatus(own->connection) != CONNECTION_OK) {
        own->lost = true;
        return db_fail(db, NULL, ERR_IO, "%s", PQerrorMessage(own->connection));
    }
    snprintf(db->place, sizeof db->place, "postgresql://%s@%s:%s/%s", PQuser(own->connection),
             PQhost(own->connection), PQport(own->connection), PQdb(own->connection));
    PQsetNoticeProcessor(own->connection, ignore_notice, NULL);
    enum err err = check_server(db);
    own->lost = err != ERR_OK;
    return err;
}

enum err db_postgres_open(struct db *db)
{
    db->handle = calloc(1, sizeof(struct postgres));
    if (!db->handle) {
        return db_fail(db, NULL, ERR_NOMEM, "out of memory");
    }
    enum err err = check_address(db);
    return err == ERR_OK ? connect_server(db) : err;
}

static void close_connection(struct db *db)
{
    if (db->handle) {
        disconnect(db);
        free(db->handle);
    }
}

/* A connection that went away while it was not used is opened again, once. */
static enum err begin(struct db *db, enum db_tx tx)
{
    struct postgres *own = db->handle;
    bool fresh = false;
    for (;;) {
        if (own->lost || !own->connection || PQstatus(own->connection) != CONNECTION_OK) {
            enum err err = connect_server(db);
            if (err != ERR_OK) {
                return err;
            }
            fresh = true;
        }
        enum err err = execute(db, begin_sql[tx]);
        if (err == ERR_OK) {
            return ERR_OK;
        }
        if (!own->lost || fresh) {
            own->lost = true;
            return err;
        }
    }
}

static enum err commit(struct db *db)
{
    struct postgres *own = db->handle;
    PGresult *result = PQexec(own->connection, "COMMIT");
    if (!postgres_ran(result)) {
        return postgres_fail(db, NULL, result);
    }
    bool done = strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    return done ? ERR_OK : db_fail(db, NULL, ERR_INVALID, "the transaction had failed");
}

static void rollback(struct db *db)
{
    struct postgres *own = db->handle;
    if (PQstatus(own->connection) != CONNECTION_OK) {
        own->lost = true;
        return;
    }
    if (PQtransactionStatus(own->connection) != PQTRANS_IDLE) {
        PGresult *result = PQexec(own->connection, "ROLLBACK");
        own->lost = own->lost || !postgres_ran(result);
        PQclear(result);
    }
}

const struct db_backend db_postgres = {
    .kind = DB_POSTGRES,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .prepare = postgres_prepare,
    .start = postgres_start,
    .next = postgres_next,
    .column = postgres_column,
    .finish = postgres_finish,
    .drop = postgres_drop,
    .script = execute,
    .close = close_connection,
};
