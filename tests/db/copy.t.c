/* Tests of src/db/copy.c and schema.c: every pair of databases, rows of every table and type. */
#include "db/copy.h"
#include "base/arena.h"
#include "db/dbtest.h"
#include "db/fill.h"
#include "db/migrate.h"
#include "db/schema.h"

static struct db *fresh(const char *where)
{
    struct db *db = dbtest_open_at(where, NULL, 0);
    int from, to;
    if (migrate_run(db, 0, &from, &to) != ERR_OK) {
        printf("Bail out! %s\n", db_message(db));
        exit(1);
    }
    return db;
}

static int64_t total(struct db *db)
{
    struct arena *arena = arena_new(0);
    struct copy_report report = {.n_rows = -1};
    if (db_begin(db, DB_READ) != ERR_OK || copy_checksums(db, arena, &report) != ERR_OK) {
        report.n_rows = -1;
    }
    db_rollback(db);
    arena_free(arena);
    return report.n_rows;
}

/* Ids go on behind the highest that was ever given out. */
static void ids_go_on(const char *name, struct db *from, struct db *to, struct arena *arena)
{
    struct schema schema;
    int wrong = 0, checked = 0;
    if (db_begin(from, DB_READ) != ERR_OK || db_begin(to, DB_READ) != ERR_OK ||
        schema_read(from, arena, &schema) != ERR_OK) {
        tap_ok(0, "%s: the schema can be read", name);
        return;
    }
    for (int i = 0; i < schema.n_tables; i++) {
        int64_t a = -1, b = -2;
        if (schema.tables[i].identity) {
            wrong += schema_last_id(from, &schema.tables[i], &a) != ERR_OK ||
                     schema_last_id(to, &schema.tables[i], &b) != ERR_OK || a != b || a < 3;
            checked++;
        }
    }
    db_rollback(from);
    db_rollback(to);
    tap_ok(wrong == 0 && checked > 8, "%s: %d tables go on counting where they were", name,
           checked);
}

static void copies(const char *name, struct db *from, const char *where_to)
{
    struct arena *arena = arena_new((size_t)64 << 20);
    struct db *to = dbtest_open_at(where_to, NULL, 0);
    struct copy_report report, source;
    char message[DB_MAX_MESSAGE] = "";
    const char *table = "";
    tap_ok(copy_database(from, to, arena, &report, message, sizeof message) == ERR_OK,
           "%s: copied (%s)", name, message);
    tap_ok(db_begin(from, DB_READ) == ERR_OK && copy_checksums(from, arena, &source) == ERR_OK,
           "%s: checksums of the source", name);
    db_rollback(from);
    tap_ok(report.n_rows == total(from) && report.n_rows == total(to) && report.n_rows > 60,
           "%s: %d rows", name, (int)report.n_rows);
    tap_ok(copy_same(&source, &report, &table), "%s: the same checksums %s", name, table);
    int empty = 0;
    for (int i = 0; i < report.n_tables; i++) {
        empty += report.tables[i].n_rows == 0;
    }
    tap_ok(empty == 0 && report.n_tables > 20, "%s: all %d tables had rows", name, report.n_tables);
    ids_go_on(name, from, to, arena);
    tap_ok(copy_database(from, to, arena, &report, message, sizeof message) == ERR_REFUSED &&
               strstr(message, "not empty"),
           "%s: a second time is refused (%s)", name, message);
    tap_ok(total(to) == total(from), "%s: and nothing came twice", name);
    /* references hold in the copy, and are checked at once again */
    tap_ok(db_begin(to, DB_WRITE) == ERR_OK &&
               db_script(to, "INSERT INTO need (person_id, skill_id, priority, created_ms) "
                             "VALUES (99999, 99999, 1, 1)") == ERR_REFERENCE,
           "%s: references are checked as before", name);
    db_rollback(to);
    db_close(to);
    arena_free(arena);
}

/* The smallest changes change the checksum of their table, and of no other. */
static void checksums(const struct dbtest *t, struct db *db)
{
    static const struct {
        const char *before, *change, *table;
    } cases[] = {
        {"UPDATE person SET about = 'a'", "UPDATE person SET about = 'A' WHERE id = 1", "person"},
        {"UPDATE person SET about = 'a'", "UPDATE person SET about = '' WHERE id = 1", "person"},
        {"UPDATE person SET max_helps = 0", "UPDATE person SET max_helps = 1 WHERE id = 2",
         "person"},
        {"UPDATE person SET email = NULL", "UPDATE person SET email = '' WHERE id = 1", "person"},
        {"UPDATE person SET given_name = 'a', family_name = 'b'",
         "UPDATE person SET given_name = 'b', family_name = 'a' WHERE id = 3", "person"},
        {"UPDATE zone SET alone = 0.1", "UPDATE zone SET alone = 0.10000000000000002", "zone"},
        {"UPDATE zone SET alone = 0.1", "DELETE FROM setting", "setting"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(0);
        struct copy_report before, after;
        const char *table = "none";
        bool ok = db_begin(db, DB_WRITE) == ERR_OK && db_script(db, cases[i].before) == ERR_OK &&
                  copy_checksums(db, arena, &before) == ERR_OK &&
                  db_script(db, cases[i].change) == ERR_OK &&
                  copy_checksums(db, arena, &after) == ERR_OK;
        tap_ok(ok && !copy_same(&before, &after, &table) && strcmp(table, cases[i].table) == 0,
               "%s: the checksum sees: %s (%s %s)", t->name, cases[i].change, table,
               db_message(db));
        db_rollback(db);
        arena_free(arena);
    }
}

static void refused(struct db *from, struct db *to, const char *reason)
{
    struct arena *arena = arena_new(0);
    struct copy_report report;
    char message[DB_MAX_MESSAGE] = "";
    enum err err = copy_database(from, to, arena, &report, message, sizeof message);
    tap_ok(err == ERR_REFUSED && strstr(message, reason), "refused: %s", message);
    arena_free(arena);
}

static void refusals(const struct dbtest *t, struct db *db)
{
    char path[1000];
    int before, after;
    snprintf(path, sizeof path, "%s/other.db", t->folder);
    struct db *other = dbtest_open_at(path, NULL, 0);
    tap_ok(db_begin(other, DB_WRITE) == ERR_OK &&
               db_script(other, "CREATE TABLE recipe (name TEXT)") == ERR_OK &&
               db_commit(other) == ERR_OK,
           "a database of another program");
    refused(db, other, "not Duet's");
    refused(other, db, "not Duet's");
    db_close(other);
    unlink(path);
    other = dbtest_open_at(path, NULL, 0);
    tap_ok(migrate_run(other, 2, &before, &after) == ERR_OK, "an older database");
    refused(other, db, "migrate it first");
    refused(db, other, "not empty");
    db_close(other);
    unlink(path);
    other = dbtest_open(t, NULL, 0);
    refused(db, other, "not empty"); /* itself */
    db_close(other);
}

/* A value that cannot be copied: nothing is, and the target can be used. */
static void one_bad_value(const char *name, const char *where_from, const char *where_to)
{
    struct arena *arena = arena_new(0);
    struct db *from = dbtest_open_at(where_from, NULL, 0), *to = dbtest_open_at(where_to, NULL, 0);
    struct copy_report report;
    char message[DB_MAX_MESSAGE] = "";
    static const char bad[] = "UPDATE person SET about = CAST(x'41c328' AS TEXT) WHERE id = 3";
    tap_ok(db_begin(from, DB_WRITE) == ERR_OK && db_script(from, bad) == ERR_OK &&
               db_commit(from) == ERR_OK,
           "%s: a text that is not UTF-8", name);
    tap_ok(copy_database(from, to, arena, &report, message, sizeof message) == ERR_INVALID,
           "%s: is refused (%s)", name, message);
    tap_ok(total(to) == 0, "%s: and the target is empty", name);
    tap_ok(db_begin(from, DB_WRITE) == ERR_OK &&
               db_script(from, "UPDATE person SET about = 'A' WHERE id = 3") == ERR_OK &&
               db_commit(from) == ERR_OK &&
               copy_database(from, to, arena, &report, message, sizeof message) == ERR_OK,
           "%s: mended, it is copied", name);
    db_close(from);
    db_close(to);
    arena_free(arena);
}

/* The copy goes to a schema of its own. */
static void to_postgres(const struct dbtest *t, struct db *from)
{
    char where[sizeof t->where];
    if (dbtest_new_schema(where, sizeof where)) {
        copies(t->kind == DB_SQLITE ? "sqlite to postgres" : "postgres to postgres", from, where);
        dbtest_drop_schema(where);
    }
}

static void suite(const struct dbtest *t)
{
    struct db *db = fresh(t->where);
    char path[1000];
    fill_all(db);
    checksums(t, db);
    refusals(t, db);
    snprintf(path, sizeof path, "%s/copy.db", t->folder);
    copies(t->kind == DB_SQLITE ? "sqlite to sqlite" : "postgres to sqlite", db, path);
    unlink(path);
    to_postgres(t, db);
    db_close(db);
    if (t->kind == DB_SQLITE) {
        char where[sizeof t->where];
        one_bad_value("sqlite to sqlite", t->where, path);
        unlink(path);
        if (dbtest_new_schema(where, sizeof where)) {
            one_bad_value("sqlite to postgres", t->where, where);
            dbtest_drop_schema(where);
        }
    }
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
