/* PostgreSQL's statements: prepared once on a connection under a name, executed with binary values.
 * A DB_SCAN goes through a cursor in pieces of FETCH_ROWS; others come whole. */
#include "db/postgres.h"
#include "db/sqltext.h"

#include <stdio.h>
#include <stdlib.h>

#define FETCH_ROWS "1000"
#define MAX_NAME 24
#define MAX_FETCH (MAX_NAME + 32)

struct postgres_query {
    char name[MAX_NAME];
    char *declare;    /* of a scan: DECLARE ... CURSOR FOR the text */
    Oid *types;       /* of the parameters, then of the columns */
    PGresult *result; /* the rows at hand */
    int row, n_rows;
    bool open; /* the cursor */
};

static void free_own(struct postgres_query *own)
{
    if (own) {
        free(own->types);
        free(own->declare);
        free(own);
    }
}

/* Takes the types of parameters and columns from the server's description. */
static enum err describe(struct db_query *query, struct postgres_query *own)
{
    struct postgres *postgres = query->db->handle;
    PGresult *result = PQdescribePrepared(postgres->connection, own->name);
    if (!postgres_ran(result)) {
        return postgres_fail(query->db, query, result);
    }
    int n_params = PQnparams(result), n_columns = PQnfields(result);
    enum err err = ERR_OK;
    own->types = calloc((size_t)query->n_params + (size_t)n_columns + 1, sizeof *own->types);
    if (!own->types) {
        err = db_fail(query->db, query, ERR_NOMEM, "out of memory");
    } else if (n_params > query->n_params) {
        err = db_fail(query->db, query, ERR_INVALID, "parameters are ?1, ?2 ...");
    }
    for (int i = 0; err == ERR_OK && i < n_params; i++) {
        own->types[i] = PQparamtype(result, i);
    }
    for (int i = 0; err == ERR_OK && i < n_columns; i++) {
        Oid type = PQftype(result, i);
        own->types[query->n_params + i] = type;
        if (!postgres_can_decode(type)) {
            err = db_fail(query->db, query, ERR_INVALID,
                          "column %d has a type (%u) that is not read", i, type);
        }
    }
    query->n_columns = n_columns;
    PQclear(result);
    return err;
}

static enum err declaration(struct db_query *query, struct postgres_query *own, const char *sql)
{
    size_t size = strlen(sql) + MAX_NAME + 40;
    own->declare = malloc(size);
    if (!own->declare) {
        return db_fail(query->db, query, ERR_NOMEM, "out of memory");
    }
    snprintf(own->declare, size, "DECLARE %s NO SCROLL CURSOR FOR %s", own->name, sql);
    return ERR_OK;
}

enum err postgres_prepare(struct db_query *query)
{
    struct db *db = query->db;
    struct postgres *postgres = db->handle;
    struct postgres_query *own = calloc(1, sizeof *own);
    char *sql = sqltext_for_postgres(query->sql);
    enum err err = own && sql ? ERR_OK : db_fail(db, query, ERR_NOMEM, "out of memory");
    if (err == ERR_OK) {
        snprintf(own->name, sizeof own->name, "duet_%u", postgres->n_made++);
        PGresult *result = PQprepare(postgres->connection, own->name, sql, 0, NULL);
        if (postgres_ran(result)) {
            PQclear(result);
        } else {
            err = postgres_fail(db, query, result);
        }
    }
    if (err == ERR_OK) {
        err = describe(query, own);
    }
    if (err == ERR_OK && query->mode == DB_SCAN) {
        err = declaration(query, own, sql);
    }
    free(sql);
    if (err != ERR_OK) {
        free_own(own);
        return err;
    }
    query->handle = own;
    return ERR_OK;
}

/* Executes the prepared statement, or declares the cursor. */
static PGresult *execute(struct db_query *query, struct postgres_parameter *parameters)
{
    struct postgres *postgres = query->db->handle;
    struct postgres_query *own = query->handle;
    const char *values[DB_MAX_PARAMETERS];
    int lengths[DB_MAX_PARAMETERS], formats[DB_MAX_PARAMETERS];
    for (int i = 0; i < query->n_params; i++) {
        values[i] = parameters[i].p;
        lengths[i] = parameters[i].n;
        formats[i] = parameters[i].format;
    }
    if (own->declare) {
        return PQexecParams(postgres->connection, own->declare, query->n_params, own->types, values,
                            lengths, formats, 1);
    }
    return PQexecPrepared(postgres->connection, own->name, query->n_params, values, lengths,
                          formats, 1);
}

enum err postgres_start(struct db_query *query)
{
    struct postgres_query *own = query->handle;
    struct postgres_parameter parameters[DB_MAX_PARAMETERS];
    for (int i = 0; i < query->n_params; i++) {
        if (!postgres_encode(&query->values[i], own->types[i], &parameters[i])) {
            return db_fail(query->db, query, ERR_INVALID, "?%d has another type than the column",
                           i + 1);
        }
    }
    PGresult *result = execute(query, parameters);
    if (!postgres_ran(result)) {
        return postgres_fail(query->db, query, result);
    }
    query->n_changed = strtoll(PQcmdTuples(result), NULL, 10);
    own->row = -1;
    own->n_rows = PQntuples(result);
    own->result = result;
    own->open = own->declare != NULL;
    if (own->n_rows > DB_MAX_ROWS) {
        return db_fail(query->db, query, ERR_LIMIT, "more than %d rows; declare it DB_SCAN",
                       DB_MAX_ROWS);
    }
    return ERR_OK;
}

/* The next piece of a scan. */
static enum err fetch(struct db_query *query)
{
    struct postgres *postgres = query->db->handle;
    struct postgres_query *own = query->handle;
    char sql[MAX_FETCH];
    snprintf(sql, sizeof sql, "FETCH " FETCH_ROWS " FROM %s", own->name);
    PQclear(own->result);
    own->result = NULL;
    PGresult *result = PQexecParams(postgres->connection, sql, 0, NULL, NULL, NULL, NULL, 1);
    if (!postgres_ran(result)) {
        return postgres_fail(query->db, query, result);
    }
    own->result = result;
    own->n_rows = PQntuples(result);
    own->row = 0;
    return own->n_rows > 0 ? ERR_OK : ERR_NOT_FOUND;
}

enum err postgres_next(struct db_query *query)
{
    struct postgres_query *own = query->handle;
    if (++own->row < own->n_rows) {
        return ERR_OK;
    }
    return own->open ? fetch(query) : ERR_NOT_FOUND;
}

void postgres_column(const struct db_query *query, int column, struct db_value *value)
{
    struct postgres_query *own = query->handle;
    if (PQgetisnull(own->result, own->row, column)) {
        value->type = DB_NULL;
        return;
    }
    postgres_decode(own->types[query->n_params + column], PQgetvalue(own->result, own->row, column),
                    PQgetlength(own->result, own->row, column), value);
}

/* Runs a statement of no consequence on a connection that may have failed. */
static void tidy(struct db *db, const char *verb, const char *name)
{
    struct postgres *postgres = db->handle;
    char sql[MAX_FETCH];
    PGTransactionStatusType status = PQtransactionStatus(postgres->connection);
    if (postgres->lost || !postgres->connection ||
        (status != PQTRANS_INTRANS && status != PQTRANS_IDLE)) {
        return;
    }
    snprintf(sql, sizeof sql, "%s %s", verb, name);
    PGresult *result = PQexec(postgres->connection, sql);
    postgres->lost = !postgres_ran(result);
    PQclear(result);
}

void postgres_finish(struct db_query *query)
{
    struct postgres_query *own = query->handle;
    PQclear(own->result);
    own->result = NULL;
    own->n_rows = 0;
    if (own->open) {
        own->open = false;
        tidy(query->db, "CLOSE", own->name);
    }
}

void postgres_drop(struct db_query *query)
{
    struct postgres_query *own = query->handle;
    if (own) {
        tidy(query->db, "DEALLOCATE", own->name);
        free_own(own);
        query->handle = NULL;
    }
}
