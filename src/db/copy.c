/* Copying a database, table by table. */
#include "db/copy.h"

#include "base/arena.h"
#include "db/checksum.h"
#include "db/migrate.h"
#include "db/postgres_bulk.h"
#include "db/schema.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

static enum err no_memory(struct db *db)
{
    return db_fail(db, NULL, ERR_NOMEM, "out of memory");
}

/* Room for a report on the tables of a schema. */
static enum err new_report(struct db *db, struct arena *arena, const struct schema *schema,
                           struct copy_report *report)
{
    report->n_tables = schema->n_tables;
    report->n_rows = 0;
    report->tables = arena_alloc(arena, (size_t)schema->n_tables, sizeof *report->tables);
    return report->tables ? ERR_OK : no_memory(db);
}

static void put_result(struct copy_report *report, int i, const char *name,
                       const struct checksum *checksum)
{
    report->tables[i].name = name;
    report->tables[i].n_rows = checksum->n_rows;
    report->n_rows += checksum->n_rows;
    checksum_hex(checksum, report->tables[i].checksum);
}

static enum err open_scan(struct db *db, struct arena *arena, const struct schema_table *table,
                          struct db_query **query)
{
    const char *sql = schema_select_sql(arena, table);
    return sql ? db_prepare_text(db, DB_SCAN, table->name, sql, query) : no_memory(db);
}

static enum err sum_table(struct db *db, struct arena *arena, const struct schema_table *table,
                          struct checksum *checksum)
{
    struct db_query *rows;
    enum err err = open_scan(db, arena, table, &rows);
    if (err != ERR_OK) {
        return err;
    }
    while ((err = db_step(rows)) == ERR_OK) {
        checksum_add_row(checksum, rows);
    }
    db_drop(rows);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err sum_tables(struct db *db, struct arena *arena, const struct schema *schema,
                           struct copy_report *report)
{
    if (sodium_init() < 0) {
        return db_fail(db, NULL, ERR_IO, "libsodium does not start");
    }
    enum err err = new_report(db, arena, schema, report);
    for (int i = 0; err == ERR_OK && i < schema->n_tables; i++) {
        struct checksum checksum = {.n_rows = 0};
        err = sum_table(db, arena, &schema->tables[i], &checksum);
        put_result(report, i, schema->tables[i].name, &checksum);
    }
    return err;
}

enum err copy_checksums(struct db *db, struct arena *arena, struct copy_report *report)
{
    struct schema schema;
    enum err err = schema_read(db, arena, &schema);
    return err == ERR_OK ? sum_tables(db, arena, &schema, report) : err;
}

bool copy_same(const struct copy_report *a, const struct copy_report *b, const char **table)
{
    for (int i = 0; i < a->n_tables || i < b->n_tables; i++) {
        if (i >= a->n_tables || i >= b->n_tables ||
            strcmp(a->tables[i].name, b->tables[i].name) != 0 ||
            a->tables[i].n_rows != b->tables[i].n_rows ||
            strcmp(a->tables[i].checksum, b->tables[i].checksum) != 0) {
            *table = i < a->n_tables ? a->tables[i].name : b->tables[i].name;
            return false;
        }
    }
    return true;
}

static enum err send_row(const struct db_query *row, struct db_query *insert)
{
    enum err err = db_prepare_again(insert);
    for (int i = 0; err == ERR_OK && i < row->n_columns; i++) {
        db_bind_value(insert, i + 1, db_value(row, i));
    }
    return err == ERR_OK ? db_run(insert, NULL) : err;
}

static enum err send_rows(struct db_query *rows, struct db_query *insert, struct checksum *checksum)
{
    enum err err;
    while ((err = db_step(rows)) == ERR_OK && (err = send_row(rows, insert)) == ERR_OK) {
        checksum_add_row(checksum, rows);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err insert_rows(struct db_query *rows, struct db *to, struct arena *arena,
                            const struct schema_table *table, struct checksum *checksum)
{
    struct db_query *insert;
    const char *sql = schema_insert_sql(arena, table);
    enum err err = sql ? db_prepare_text(to, DB_WRITE, table->name, sql, &insert) : no_memory(to);
    if (err == ERR_OK) {
        err = send_rows(rows, insert, checksum);
        db_drop(insert);
    }
    return err;
}

static enum err stream_rows(struct db_query *rows, struct db *to, struct arena *arena,
                            const struct schema_table *table, struct checksum *checksum)
{
    struct postgres_bulk *bulk;
    enum err err = postgres_bulk_begin(to, arena, table, &bulk);
    if (err != ERR_OK) {
        return err;
    }
    while ((err = db_step(rows)) == ERR_OK && (err = postgres_bulk_row(bulk, rows)) == ERR_OK) {
        checksum_add_row(checksum, rows);
    }
    return postgres_bulk_end(bulk, err == ERR_NOT_FOUND ? ERR_OK : err);
}

static enum err copy_table(struct db *from, struct db *to, struct arena *arena,
                           const struct schema_table *table, struct checksum *checksum)
{
    struct db_query *rows;
    int64_t last = 0;
    enum err err = open_scan(from, arena, table, &rows);
    if (err != ERR_OK) {
        return err;
    }
    err = db_kind(to) == DB_POSTGRES ? stream_rows(rows, to, arena, table, checksum)
                                     : insert_rows(rows, to, arena, table, checksum);
    db_drop(rows);
    if (err == ERR_OK && table->identity) {
        err = schema_last_id(from, table, &last);
    }
    if (err == ERR_OK && table->identity) {
        err = schema_set_last_id(to, table, last);
    }
    return err;
}

/* Rows arrive in any order: references are looked at when all are there.  SQLite does so by itself
 * in a change of the schema. */
static enum err defer_references(struct db *to, bool deferred)
{
    static const char sql[] =
        "SELECT format(CASE WHEN c.condeferrable "
        "THEN 'ALTER TABLE %I ALTER CONSTRAINT %I NOT DEFERRABLE' "
        "ELSE 'ALTER TABLE %I ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED' END, "
        "t.relname, c.conname) FROM pg_catalog.pg_constraint AS c "
        "JOIN pg_catalog.pg_class AS t ON t.oid = c.conrelid "
        "WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace";
    struct db_query *query;
    if (db_kind(to) != DB_POSTGRES) {
        return ERR_OK;
    }
    enum err err = deferred ? ERR_OK : db_script(to, "SET CONSTRAINTS ALL IMMEDIATE");
    if (err == ERR_OK) {
        err = db_prepare_text(to, DB_READ, "copy", sql, &query);
    }
    if (err != ERR_OK) {
        return err;
    }
    while ((err = db_step(query)) == ERR_OK &&
           (err = db_script(to, db_text(query, 0).p)) == ERR_OK) {}
    db_drop(query);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check_empty(struct db *to, struct arena *arena, const struct schema *schema)
{
    for (int i = 0; i < schema->n_tables; i++) {
        int64_t n = 0;
        const char *sql = schema_count_sql(arena, &schema->tables[i]);
        enum err err = sql ? schema_ask(to, sql, &n) : no_memory(to);
        if (err != ERR_OK) {
            return err;
        }
        if (n > 0) {
            return db_fail(to, NULL, ERR_REFUSED,
                           "the target is not empty: its table %s has %" PRId64 " rows",
                           schema->tables[i].name, n);
        }
    }
    return ERR_OK;
}

/* Both sides at the latest migration; an empty target is brought there. */
static enum err check_versions(struct db *from, struct db *to)
{
    int version, before, after;
    enum err err = migrate_version(from, &version);
    if (err == ERR_OK && version != migrate_latest()) {
        err = db_fail(from, NULL, ERR_REFUSED,
                      "the source stands at migration %d, this program at %d; migrate it first",
                      version, migrate_latest());
    }
    if (err == ERR_OK) {
        err = migrate_version(to, &version);
    }
    if (err == ERR_OK && version == 0) {
        return migrate_run(to, 0, &before, &after);
    }
    if (err == ERR_OK && version != migrate_latest()) {
        err = db_fail(to, NULL, ERR_REFUSED,
                      "the target is not empty: it stands at migration %d, this program at %d",
                      version, migrate_latest());
    }
    return err;
}

static enum err copy_tables(struct db *from, struct db *to, struct arena *arena,
                            const struct schema *schema, struct copy_report *sent)
{
    enum err err = new_report(from, arena, schema, sent);
    if (err == ERR_OK) {
        err = defer_references(to, true);
    }
    for (int i = 0; err == ERR_OK && i < schema->n_tables; i++) {
        struct checksum checksum = {.n_rows = 0};
        err = copy_table(from, to, arena, &schema->tables[i], &checksum);
        put_result(sent, i, schema->tables[i].name, &checksum);
    }
    return err == ERR_OK ? defer_references(to, false) : err;
}

/* Inside both transactions: all rows, then what arrived. */
static enum err copy_and_compare(struct db *from, struct db *to, struct arena *arena,
                                 struct copy_report *report)
{
    struct schema source, target;
    struct copy_report sent;
    const char *table = "";
    enum err err = schema_read(from, arena, &source);
    if (err == ERR_OK) {
        err = schema_read(to, arena, &target);
    }
    if (err == ERR_OK && !schema_same(&source, &target, &table)) {
        err = db_fail(to, NULL, ERR_REFUSED, "table %s is not the same in both databases", table);
    }
    if (err == ERR_OK) {
        err = check_empty(to, arena, &target);
    }
    if (err == ERR_OK) {
        err = copy_tables(from, to, arena, &source, &sent);
    }
    if (err == ERR_OK) {
        db_rollback(from); /* it only read, and need not wait */
        err = sum_tables(to, arena, &target, report);
    }
    if (err == ERR_OK && !copy_same(&sent, report, &table)) {
        err = db_fail(to, NULL, ERR_IO, "what arrived in table %s is not what was sent", table);
    }
    return err;
}

enum err copy_database(struct db *from, struct db *to, struct arena *arena,
                       struct copy_report *report, char *message, size_t size)
{
    enum err err =
        sodium_init() < 0 ? db_fail(from, NULL, ERR_IO, "libsodium does not start") : ERR_OK;
    if (err == ERR_OK) {
        err = check_versions(from, to);
    }
    if (err == ERR_OK) {
        err = db_begin(from, DB_READ);
    }
    if (err == ERR_OK) {
        err = db_begin_tx(to, DB_TX_SCHEMA);
    }
    if (err == ERR_OK) {
        err = copy_and_compare(from, to, arena, report);
        err = err == ERR_OK ? db_commit(to) : err;
    }
    if (err != ERR_OK) {
        const char *reason = db_message(from)[0] ? db_message(from) : db_message(to);
        snprintf(message, size, "%s", reason);
    }
    db_rollback(from);
    db_rollback(to);
    return err;
}
