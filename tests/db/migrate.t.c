/* Tests of src/db/migrate.c: a fresh database, from every earlier version, what is refused, two at
 * once; and of the migrations themselves. */
#include "db/migrate.h"
#include "base/arena.h"
#include "db/copy.h"
#include "db/dbtest.h"
#include "db/fill.h"
#include "db/migrate_list.h"
#include "db/schema.h"

#include <dirent.h>
#include <sys/wait.h>

static const char two_texts[2][200] = {
    "CREATE TABLE a (id @id, n INTEGER) @strict;",
    "CREATE TABLE b (id @id, a_id BIGINT REFERENCES a (id)) @strict;",
};

static struct migration text(int number, const char *sql)
{
    return (struct migration){number, DB_KIND__MAX, number == 1 ? "0001-a" : "0002-b", sql,
                              sql + strlen(sql)};
}

static void fresh(const struct dbtest *t)
{
    struct db *db = dbtest_open(t, NULL, 0);
    int version = -1, from = -1, to = -1;
    tap_ok(migrate_version(db, &version) == ERR_OK && version == 0, "%s: empty is version 0",
           t->name);
    tap_ok(migrate_run(db, 0, &from, &to) == ERR_OK && from == 0 && to == migrate_latest(),
           "%s: from nothing to the latest (%s)", t->name, db_message(db));
    tap_ok(migrate_version(db, &version) == ERR_OK && version == to, "%s: and stands there",
           t->name);
    tap_ok(migrate_run(db, 0, &from, &to) == ERR_OK && from == to && to == migrate_latest(),
           "%s: a second time nothing happens", t->name);
    if (t->kind == DB_SQLITE) {
        int64_t n = -1;
        tap_ok(db_begin(db, DB_READ) == ERR_OK &&
                   schema_ask(db,
                              "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' "
                              "AND type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict",
                              &n) == ERR_OK &&
                   n == 0,
               "sqlite: every table ends in @strict");
        db_rollback(db);
    }
    db_close(db);
}

/* Everything is sound, and nothing points nowhere. */
static bool sound(struct db *db)
{
    int64_t n = 0;
    bool ok = db_begin(db, DB_READ) == ERR_OK;
    if (ok && db_kind(db) == DB_SQLITE) {
        ok = schema_ask(db,
                        "SELECT count(*) FROM pragma_integrity_check "
                        "WHERE integrity_check <> 'ok'",
                        &n) == ERR_OK &&
             n == 0 &&
             schema_ask(db, "SELECT count(*) FROM pragma_foreign_key_check", &n) == ERR_OK &&
             n == 0;
    } else if (ok) {
        ok = schema_ask(db,
                        "SELECT count(*) FROM pg_catalog.pg_constraint WHERE NOT convalidated "
                        "AND connamespace = current_schema()::regnamespace",
                        &n) == ERR_OK &&
             n == 0;
    }
    db_rollback(db);
    return ok;
}

static bool state(struct db *db, struct arena *arena, struct schema *schema,
                  struct copy_report *report)
{
    bool ok = db_begin(db, DB_READ) == ERR_OK && schema_read(db, arena, schema) == ERR_OK &&
              copy_checksums(db, arena, report) == ERR_OK;
    db_rollback(db);
    return ok;
}

/* A released migration keeps the rows: every table that was there has as many as before. */
static bool rows_kept(const struct copy_report *before, const struct copy_report *after)
{
    int kept = 0;
    for (int i = 0; i < before->n_tables; i++) {
        for (int j = 0; j < after->n_tables; j++) {
            kept += strcmp(before->tables[i].name, after->tables[j].name) == 0 &&
                    before->tables[i].n_rows == after->tables[j].n_rows &&
                    before->tables[i].n_rows > 0;
        }
    }
    return kept == before->n_tables;
}

enum { ROUNDS = 6, LOCKS_KEPT = 16 }; /* the versions with which those came */

/* One round that was ready long ago, the others not yet. */
static bool make_rounds(struct db *db, int version)
{
    return version < ROUNDS ||
           (db_begin(db, DB_WRITE) == ERR_OK &&
            db_script(db, "UPDATE round SET ready_ms = NULL;"
                          "UPDATE round SET ready_ms = 1 WHERE id = (SELECT max(id) FROM round)") ==
                ERR_OK &&
            db_commit(db) == ERR_OK);
}

/* Of those that were ready it is not known what was locked. */
static bool locks_marked(struct db *db)
{
    int64_t marked = 0, others = 0;
    bool ok = db_begin(db, DB_READ) == ERR_OK &&
              schema_ask(db, "SELECT count(*) FROM round WHERE ready_ms = 1 AND locks_kept = 0",
                         &marked) == ERR_OK &&
              schema_ask(db, "SELECT count(*) FROM round WHERE ready_ms IS NULL AND locks_kept = 0",
                         &others) == ERR_OK;
    db_rollback(db);
    return ok && marked == 1 && others == 0;
}

static void upgrade(const char *name, const char *where, int version, const struct schema *latest)
{
    struct arena *arena = arena_new(0);
    struct db *db = dbtest_open_at(where, NULL, 0);
    struct schema schema;
    struct copy_report before, after;
    const char *table = "";
    int from, to;
    bool filled = migrate_run(db, version, &from, &to) == ERR_OK && to == version &&
                  fill_version(db, version) && make_rounds(db, version) &&
                  state(db, arena, &schema, &before);
    tap_ok(filled, "%s: version %d with rows in all %d tables", name, version,
           filled ? before.n_tables : 0);
    tap_ok(migrate_run(db, 0, &from, &to) == ERR_OK && from == version && to == migrate_latest(),
           "%s: from version %d to the latest (%s)", name, version, db_message(db));
    tap_ok(state(db, arena, &schema, &after) && schema_same(&schema, latest, &table),
           "%s: the schema is that of a new one %s", name, table);
    tap_ok(rows_kept(&before, &after) && sound(db), "%s: nothing was lost", name);
    if (version >= ROUNDS && version < LOCKS_KEPT) {
        tap_ok(locks_marked(db), "%s: rounds of before are told apart", name);
    }
    db_close(db);
    arena_free(arena);
}

static void upgrades(const struct dbtest *t)
{
    struct arena *arena = arena_new(0);
    struct db *db = dbtest_open(t, NULL, 0);
    struct schema latest;
    struct copy_report report;
    tap_ok(state(db, arena, &latest, &report) && latest.n_tables > 20, "%s: the latest schema",
           t->name);
    db_close(db);
    /* What PostgreSQL makes of the statements does not depend on the build. */
    int step = t->kind == DB_POSTGRES && getenv("DUET_SANITIZED") ? 5 : 1;
    for (int version = 1; version <= migrate_latest(); version += step) {
        char where[sizeof t->where];
        if (t->kind == DB_SQLITE) {
            snprintf(where, sizeof where, "%s/upgrade.db", t->folder);
            upgrade(t->name, where, version, &latest);
            dbtest_remove(where);
        } else if (dbtest_new_schema(where, sizeof where)) {
            upgrade(t->name, where, version, &latest);
            dbtest_drop_schema(where);
        }
    }
    arena_free(arena);
}

static void refused(struct db *db, const struct migration *list, int n, enum err expected,
                    const char *reason)
{
    int from = -1, to = -1;
    enum err err = migrate_run_list(db, list, n, 0, &from, &to);
    tap_ok(err == expected && strstr(db_message(db), reason) && !db_in_transaction(db),
           "refused: %s (%s)", db_message(db), err_name(err));
}

static int64_t count(struct db *db, const char *sql)
{
    int64_t n = -1;
    if (db_begin(db, DB_READ) != ERR_OK || schema_ask(db, sql, &n) != ERR_OK) {
        n = -1;
    }
    db_rollback(db);
    return n;
}

static void refusals(const struct dbtest *t)
{
    const struct migration two[] = {text(1, two_texts[0]), text(2, two_texts[1])};
    const struct migration changed[] = {text(1, "CREATE TABLE a (id @id);"), two[1]};
    const struct migration broken[] = {
        two[0], text(2, "CREATE TABLE b (id @id); INSERT INTO nowhere VALUES (1);")};
    const struct migration dangling[] = {
        two[0], text(2, "CREATE TABLE b (id @id, a_id BIGINT REFERENCES a (id)) @strict;"
                        "INSERT INTO b (a_id) VALUES (7);")};
    struct db *db = dbtest_open(t, NULL, 0);
    int from, to;
    refused(db, broken, 2, ERR_INVALID, "nowhere");
    tap_ok(count(db, "SELECT count(*) FROM migration") == 1 &&
               count(db, "SELECT count(*) FROM a") == 0 && count(db, "SELECT count(*) FROM b") < 0,
           "%s: the first stays, the broken one leaves nothing", t->name);
    refused(db, dangling, 2, ERR_REFERENCE, "");
    tap_ok(count(db, "SELECT count(*) FROM migration") == 1 &&
               count(db, "SELECT count(*) FROM b") < 0,
           "%s: references hold after a change of the schema", t->name);
    tap_ok(migrate_run_list(db, two, 2, 0, &from, &to) == ERR_OK && from == 1 && to == 2,
           "%s: then the right one", t->name);
    refused(db, changed, 2, ERR_REFUSED, "another text of migration 0001-a");
    refused(db, two, 1, ERR_REFUSED, "newer than this program");
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK &&
               db_script(db, "DELETE FROM migration WHERE number = 1") == ERR_OK &&
               db_commit(db) == ERR_OK,
           "%s: one is missing", t->name);
    refused(db, two, 2, ERR_REFUSED, "lacks migration 1");
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && db_script(db, "DROP TABLE migration") == ERR_OK &&
               db_commit(db) == ERR_OK,
           "%s: the memory is missing", t->name);
    refused(db, two, 2, ERR_REFUSED, "not Duet's");
    db_close(db);
}

/* Several programs start at once on an empty database. */
static void at_once(const struct dbtest *t)
{
    int wrong = 0;
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            struct db *db = dbtest_open(t, NULL, 0);
            int from, to;
            enum err err = migrate_run(db, 0, &from, &to);
            db_close(db);
            _exit(err == ERR_OK && to == migrate_latest() ? 0 : 1);
        }
    }
    for (int status; wait(&status) > 0;) {
        wrong += status != 0;
    }
    struct db *db = dbtest_open(t, NULL, 0);
    int version = -1;
    tap_ok(wrong == 0 && migrate_version(db, &version) == ERR_OK && version == migrate_latest(),
           "%s: four at once", t->name);
    db_close(db);
}

/* What is in the folder is in the program, and numbers have no gaps. */
static void list_is_complete(void)
{
    DIR *folder = opendir("src/db/migrations");
    int files = 0, gaps = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        files += strstr(entry->d_name, ".sql") != NULL;
    }
    if (folder) {
        closedir(folder);
    }
    tap_ok(files == migrate_n_list, "all %d files of src/db/migrations are in meson.build", files);
    for (int i = 0; i < migrate_n_list; i++) {
        int step = migrate_list[i].number - (i ? migrate_list[i - 1].number : 0);
        gaps += step != 1 && !(step == 0 && migrate_list[i].kind != DB_KIND__MAX);
        gaps += (int)strtol(migrate_list[i].name, NULL, 10) != migrate_list[i].number;
    }
    tap_ok(gaps == 0, "numbered 1 .. %d", migrate_latest());
}

static void suite(const struct dbtest *t)
{
    fresh(t);
    upgrades(t);
}

int main(void)
{
    list_is_complete();
    dbtest_both(suite);
    dbtest_both(refusals);
    dbtest_both(at_once);
    return tap_done();
}
