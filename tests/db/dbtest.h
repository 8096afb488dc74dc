/* The frame of tests that run on both databases.
 *
 *     static void suite(const struct dbtest *t) { struct db *db = dbtest_open(t, table, n); ... }
 *     int main(void) { dbtest_both(suite); return tap_done(); }
 *
 * The suite runs on a fresh SQLite file, then in a fresh schema of the PostgreSQL server that
 * DUET_TEST_POSTGRES names (tools/postgres starts one; ./check does); without that it says that it
 * skips. */
#ifndef DUET_TESTS_DB_DBTEST_H
#define DUET_TESTS_DB_DBTEST_H

#include "db/backend.h"
#include "tap.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct dbtest {
    enum db_kind kind;
    const char *name; /* for the names of checks */
    char folder[200]; /* for files; goes away afterwards */
    char where[900];
};

static inline struct db *dbtest_open_at(const char *where, const struct db_sql *table, int n)
{
    struct db *db;
    char message[DB_MAX_MESSAGE];
    if (db_open(where, table, n, &db, message, sizeof message) != ERR_OK) {
        printf("Bail out! %s\n", message);
        exit(1);
    }
    return db;
}

static inline struct db *dbtest_open(const struct dbtest *t, const struct db_sql *table, int n)
{
    return dbtest_open_at(t->where, table, n);
}

static inline void dbtest_script(struct db *db, const char *sql)
{
    if (db_begin(db, DB_WRITE) != ERR_OK || db_script(db, sql) != ERR_OK ||
        db_commit(db) != ERR_OK) {
        printf("Bail out! %s: %s\n", sql, db_message(db));
        exit(1);
    }
}

static inline void dbtest_script_at(const char *where, const char *sql)
{
    struct db *db = dbtest_open_at(where, NULL, 0);
    dbtest_script(db, sql);
    db_close(db);
}

/* A new schema of the server, as a place to connect to; false when there is no server. */
static inline bool dbtest_new_schema(char *where, size_t size)
{
    const char *server = getenv("DUET_TEST_POSTGRES");
    char schema[60], sql[100];
    struct timespec now;
    if (!server) {
        return false;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(schema, sizeof schema, "test_%d_%ld", (int)getpid(), now.tv_nsec);
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", schema);
    dbtest_script_at(server, sql);
    snprintf(where, size, "%s%coptions=-csearch_path%%3D%s", server,
             strchr(server, '?') ? '&' : '?', schema);
    return true;
}

static inline void dbtest_drop_schema(const char *where)
{
    char sql[100];
    snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", strstr(where, "%3D") + 3);
    dbtest_script_at(getenv("DUET_TEST_POSTGRES"), sql);
}

static inline void dbtest_new_folder(struct dbtest *t)
{
    /* memory is quicker than a disk that must keep what it is told */
    const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    const char *tmp = getenv("TMPDIR");
    snprintf(t->folder, sizeof t->folder, "%s/dbtest.XXXXXX", tmp ? tmp : memory);
    if (!mkdtemp(t->folder)) {
        printf("Bail out! %s\n", t->folder);
        exit(1);
    }
}

static inline void dbtest_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char name[1000];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static inline void dbtest_sqlite(void (*suite)(const struct dbtest *t))
{
    struct dbtest t = {.kind = DB_SQLITE, .name = "sqlite"};
    dbtest_new_folder(&t);
    snprintf(t.where, sizeof t.where, "%s/test.db", t.folder);
    suite(&t);
    dbtest_remove(t.where);
    tap_ok(rmdir(t.folder) == 0, "sqlite: nothing but the database's files was left");
}

static inline void dbtest_postgres(void (*suite)(const struct dbtest *t))
{
    struct dbtest t = {.kind = DB_POSTGRES, .name = "postgres"};
    if (!dbtest_new_schema(t.where, sizeof t.where)) {
        tap_skip("PostgreSQL: DUET_TEST_POSTGRES does not name a server");
        return;
    }
    dbtest_new_folder(&t);
    suite(&t);
    dbtest_drop_schema(t.where);
    tap_ok(rmdir(t.folder) == 0, "postgres: no file was left");
}

static inline void dbtest_both(void (*suite)(const struct dbtest *t))
{
    dbtest_sqlite(suite);
    dbtest_postgres(suite);
}

#endif
