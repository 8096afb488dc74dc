/* Reading the schema from the catalogues of SQLite and PostgreSQL. */
#include "db/schema.h"

#include "base/arena.h"
#include "base/buf.h"

#define MAX_SQL ((size_t)64 << 10)

/* Rows: table, column, type, whether the column is an identity. */
static const char *const columns_sql[DB_KIND__MAX] = {
    [DB_SQLITE] = "SELECT t.name, c.name, c.type, "
                  "c.pk > 0 AND t.sql LIKE '%AUTOINCREMENT%' AND c.type = 'INTEGER' "
                  "FROM sqlite_schema AS t, pragma_table_info(t.name) AS c "
                  "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'migration' "
                  "ORDER BY t.name, c.cid",
    [DB_POSTGRES] = "SELECT t.relname, a.attname, pg_catalog.format_type(a.atttypid, NULL), "
                    "a.attidentity <> '' "
                    "FROM pg_catalog.pg_class AS t "
                    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid "
                    "WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' "
                    "AND t.relname <> 'migration' AND a.attnum > 0 AND NOT a.attisdropped "
                    "ORDER BY t.relname COLLATE \"C\", a.attnum",
};

static enum db_type type_of(struct str name)
{
    static const struct {
        const char *name;
        enum db_type type;
    } types[] = {
        {"INTEGER", DB_INT}, {"REAL", DB_DOUBLE}, {"TEXT", DB_TEXT},
        {"BLOB", DB_BLOB},   {"bigint", DB_INT},  {"double precision", DB_DOUBLE},
        {"text", DB_TEXT},   {"bytea", DB_BLOB},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_is(name, types[i].name)) {
            return types[i].type;
        }
    }
    return DB_NULL;
}

/* The table of this name, which is the last one or a new one; NULL: out of memory or too many. */
static struct schema_table *table_named(struct arena *arena, struct schema *schema, struct str name)
{
    struct schema_table *last = schema->n_tables ? &schema->tables[schema->n_tables - 1] : NULL;
    if (last && str_is(name, last->name)) {
        return last;
    }
    if (schema->n_tables == SCHEMA_MAX_TABLES) {
        return NULL;
    }
    struct schema_table *table = &schema->tables[schema->n_tables++];
    table->name = arena_text(arena, name.p, name.n);
    return table->name ? table : NULL;
}

static enum err add_column(struct arena *arena, struct schema *schema, const struct db_query *query)
{
    struct schema_table *table = table_named(arena, schema, db_text(query, 0));
    struct str name = db_text(query, 1);
    struct schema_column column = {.name = arena_text(arena, name.p, name.n),
                                   .type = type_of(db_text(query, 2))};
    if (!table || !column.name) {
        return db_fail(query->db, query, ERR_NOMEM, "out of memory");
    }
    if (column.type == DB_NULL || table->n_columns == DB_MAX_PARAMETERS) {
        return db_fail(query->db, query, ERR_INVALID, "%s.%s is no column of ours", table->name,
                       column.name);
    }
    if (!table->columns) {
        table->columns = arena_alloc(arena, DB_MAX_PARAMETERS, sizeof *table->columns);
        if (!table->columns) {
            return db_fail(query->db, query, ERR_NOMEM, "out of memory");
        }
    }
    table->columns[table->n_columns++] = column;
    if (db_int(query, 3)) {
        table->identity = column.name;
    }
    return ERR_OK;
}

enum err schema_read(struct db *db, struct arena *arena, struct schema *schema)
{
    struct db_query *query;
    *schema = (struct schema){
        .tables = arena_alloc(arena, SCHEMA_MAX_TABLES, sizeof *schema->tables),
    };
    if (!schema->tables) {
        return db_fail(db, NULL, ERR_NOMEM, "out of memory");
    }
    enum err err = db_prepare_text(db, DB_READ, "schema", columns_sql[db_kind(db)], &query);
    if (err != ERR_OK) {
        return err;
    }
    while ((err = db_step(query)) == ERR_OK && (err = add_column(arena, schema, query)) == ERR_OK) {
    }
    db_drop(query);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static bool same_table(const struct schema_table *a, const struct schema_table *b)
{
    bool same = strcmp(a->name, b->name) == 0 && a->n_columns == b->n_columns &&
                !a->identity == !b->identity;
    for (int i = 0; same && i < a->n_columns; i++) {
        same = strcmp(a->columns[i].name, b->columns[i].name) == 0 &&
               a->columns[i].type == b->columns[i].type;
    }
    return same;
}

bool schema_same(const struct schema *a, const struct schema *b, const char **table)
{
    for (int i = 0; i < a->n_tables || i < b->n_tables; i++) {
        if (i >= a->n_tables || i >= b->n_tables || !same_table(&a->tables[i], &b->tables[i])) {
            *table = i < a->n_tables ? a->tables[i].name : b->tables[i].name;
            return false;
        }
    }
    return true;
}

enum err schema_ask(struct db *db, const char *sql, int64_t *answer)
{
    struct db_query *query;
    enum err err = db_prepare_text(db, DB_READ, "schema", sql, &query);
    if (err == ERR_OK) {
        err = db_step(query);
        if (err == ERR_OK) {
            *answer = db_int(query, 0);
        }
        db_drop(query);
    }
    return err;
}

/* Binds what the statement has of: ?1 the table, ?2 its identity, ?3 a number; gives one step. */
static enum err about_identity(struct db *db, const char *sql, const struct schema_table *table,
                               int64_t number, int64_t *answer)
{
    struct db_query *query;
    enum err err = db_prepare_text(db, answer ? DB_READ : DB_WRITE, "schema", sql, &query);
    if (err != ERR_OK) {
        return err;
    }
    db_bind_text(query, 1, str_of(table->name));
    if (query->n_params >= 2) {
        db_bind_text(query, 2, str_of(table->identity));
    }
    if (query->n_params >= 3) {
        db_bind_int(query, 3, number);
    }
    err = db_step(query);
    if (err == ERR_OK && answer) {
        *answer = db_int(query, 0);
    }
    db_drop(query);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* pg_get_serial_sequence reads its first argument as SQL, its second as a name. */
#define SEQUENCE "pg_catalog.pg_get_serial_sequence(quote_ident(?1), ?2)::regclass"

enum err schema_last_id(struct db *db, const struct schema_table *table, int64_t *last)
{
    static const char *const sql[DB_KIND__MAX] = {
        [DB_SQLITE] = "SELECT seq FROM sqlite_sequence WHERE name = ?1",
        [DB_POSTGRES] = "SELECT pg_catalog.pg_sequence_last_value(" SEQUENCE ")",
    };
    *last = 0;
    return about_identity(db, sql[db_kind(db)], table, 0, last);
}

enum err schema_set_last_id(struct db *db, const struct schema_table *table, int64_t last)
{
    if (last == 0) {
        return ERR_OK;
    }
    if (db_kind(db) == DB_POSTGRES) {
        return about_identity(db, "SELECT pg_catalog.setval(" SEQUENCE ", ?3)", table, last, NULL);
    }
    enum err err =
        about_identity(db, "DELETE FROM sqlite_sequence WHERE name = ?1", table, 0, NULL);
    if (err == ERR_OK) {
        err = about_identity(db,
                             "INSERT INTO sqlite_sequence (name, seq) "
                             "SELECT ?1, ?3 WHERE ?2 <> ''",
                             table, last, NULL);
    }
    return err;
}

/* The names of our own migrations, which need no care but quotes. */
static void add_columns(struct buf *buf, const struct schema_table *table)
{
    for (int i = 0; i < table->n_columns; i++) {
        buf_addf(buf, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
    }
}

static const char *ended(const struct buf *buf)
{
    struct str text;
    return buf_end(buf, &text) == ERR_OK ? text.p : NULL;
}

const char *schema_select_sql(struct arena *arena, const struct schema_table *table)
{
    struct buf buf;
    buf_init(&buf, arena, MAX_SQL);
    buf_add_text(&buf, "SELECT ");
    add_columns(&buf, table);
    buf_addf(&buf, " FROM \"%s\"", table->name);
    return ended(&buf);
}

const char *schema_insert_sql(struct arena *arena, const struct schema_table *table)
{
    struct buf buf;
    buf_init(&buf, arena, MAX_SQL);
    buf_addf(&buf, "INSERT INTO \"%s\" (", table->name);
    add_columns(&buf, table);
    buf_add_text(&buf, ") VALUES (");
    for (int i = 0; i < table->n_columns; i++) {
        buf_addf(&buf, "%s?%d", i ? ", " : "", i + 1);
    }
    buf_add_text(&buf, ")");
    return ended(&buf);
}

const char *schema_count_sql(struct arena *arena, const struct schema_table *table)
{
    struct buf buf;
    buf_init(&buf, arena, MAX_SQL);
    buf_addf(&buf, "SELECT count(*) FROM \"%s\"", table->name);
    return ended(&buf);
}

const char *schema_copy_sql(struct arena *arena, const struct schema_table *table)
{
    struct buf buf;
    buf_init(&buf, arena, MAX_SQL);
    buf_addf(&buf, "COPY \"%s\" (", table->name);
    add_columns(&buf, table);
    buf_add_text(&buf, ") FROM STDIN (FORMAT binary)");
    return ended(&buf);
}
