/* What tables a database has, asked from itself: the same answer from both databases when they were
 * made by the same migrations. */
#ifndef DUET_DB_SCHEMA_H
#define DUET_DB_SCHEMA_H

#include "db/backend.h"

struct arena;

struct schema_column {
    const char *name;
    enum db_type type; /* DB_INT, DB_DOUBLE, DB_TEXT or DB_BLOB */
};

struct schema_table {
    const char *name;
    int n_columns;
    struct schema_column *columns; /* in the order of their making */
    const char *identity;          /* the column whose values the database gives out, or NULL */
};

struct schema {
    int n_tables;
    struct schema_table *tables; /* by name; without `migration` */
};

#define SCHEMA_MAX_TABLES 500

/* Reads the schema inside a transaction; memory from `arena`.  ERR_INVALID: a column of a type that
 * is none of ours. */
MUST_CHECK enum err schema_read(struct db *db, struct arena *arena, struct schema *schema);

/* Whether both have the same tables with the same columns; if not, *table names one that differs.
 */
bool schema_same(const struct schema *a, const struct schema *b, const char **table);

/* The last value that the database gave out for a table with an identity (0: none yet), and setting
 * it. */
MUST_CHECK enum err schema_last_id(struct db *db, const struct schema_table *table, int64_t *last);
MUST_CHECK enum err schema_set_last_id(struct db *db, const struct schema_table *table,
                                       int64_t last);

/* SELECT of all columns of a table, INSERT with a parameter for each, SELECT count(*), PostgreSQL's
 * COPY in binary form, in `arena`; NULL: out of memory. */
const char *schema_select_sql(struct arena *arena, const struct schema_table *table);
const char *schema_insert_sql(struct arena *arena, const struct schema_table *table);
const char *schema_count_sql(struct arena *arena, const struct schema_table *table);
const char *schema_copy_sql(struct arena *arena, const struct schema_table *table);

/* A statement outside the table of statements that gives one integer. */
MUST_CHECK enum err schema_ask(struct db *db, const char *sql, int64_t *answer);

#endif
