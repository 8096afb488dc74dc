/* The PostgreSQL backend's own parts, shared by its files. */
#ifndef DUET_DB_POSTGRES_H
#define DUET_DB_POSTGRES_H

#include "db/backend.h"

#include <libpq-fe.h>

struct postgres {
    PGconn *connection;
    bool lost;       /* connect again before use */
    unsigned n_made; /* statements, for their names */
};

/* Types of the server that this program reads and writes; pg_type.dat gives their numbers. */
enum postgres_type {
    POSTGRES_BOOL = 16,
    POSTGRES_BYTEA = 17,
    POSTGRES_NAME = 19,
    POSTGRES_INT8 = 20,
    POSTGRES_INT2 = 21,
    POSTGRES_INT4 = 23,
    POSTGRES_TEXT = 25,
    POSTGRES_OID = 26,
    POSTGRES_FLOAT4 = 700,
    POSTGRES_FLOAT8 = 701,
    POSTGRES_VARCHAR = 1043,
    POSTGRES_NUMERIC = 1700,
    POSTGRES_VOID = 2278
};

/* The failure that `result` tells (NULL: the connection's own); the result is cleared. */
enum err postgres_fail(struct db *db, const struct db_query *query, PGresult *result);

/* Whether the result is there and no failure. */
bool postgres_ran(const PGresult *result);

/* One parameter as the server expects it: at most POSTGRES_SCRATCH bytes of `scratch` are used, or
 * the value's own bytes.  False: a value of this type is not taken by that one. */
#define POSTGRES_SCRATCH 32
struct postgres_parameter {
    const char *p;
    int n, format; /* 0 text, 1 binary */
    char scratch[POSTGRES_SCRATCH];
};
bool postgres_encode(const struct db_value *value, Oid type, struct postgres_parameter *parameter);

/* Whether columns of a type can be read, and reading one in binary form. */
bool postgres_can_decode(Oid type);
void postgres_decode(Oid type, const char *p, int n, struct db_value *value);

/* The statements, for db_postgres. */
enum err postgres_prepare(struct db_query *query);
enum err postgres_start(struct db_query *query);
enum err postgres_next(struct db_query *query);
void postgres_column(const struct db_query *query, int column, struct db_value *value);
void postgres_finish(struct db_query *query);
void postgres_drop(struct db_query *query);

#endif
