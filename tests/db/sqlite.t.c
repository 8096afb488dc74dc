/* Tests of what is SQLite's own: the file and its settings, waiting for a lock, a full disk, and a
 * failure at every single call to the file system. */
#include "db/sqlite.h"
#include "db/faultvfs.h"
#include "db/thing.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>

/* The program is linked so that questions about file systems come here first. */
int __real_statfs64(const char *path, struct statfs *fs);
int __wrap_statfs64(const char *path, struct statfs *fs);
static long pretend_magic;

int __wrap_statfs64(const char *path, struct statfs *fs)
{
    int rc = __real_statfs64(path, fs);
    if (pretend_magic) {
        fs->f_type = pretend_magic;
    }
    return rc;
}

static const char *folder;

static const char *path_of(const char *name)
{
    static char path[1000];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int64_t pragma(struct db *db, const char *name)
{
    struct sqlite *own = db->handle;
    char sql[100];
    sqlite3_stmt *statement = NULL;
    snprintf(sql, sizeof sql, "PRAGMA %s", name);
    int64_t value = -1;
    if (sqlite3_prepare_v2(own->connection, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return value;
}

static void settings(void)
{
    static const struct {
        const char *name;
        int64_t value;
    } expected[] = {{"foreign_keys", 1},
                    {"synchronous", 2},
                    {"query_only", 1},
                    {"trusted_schema", 0},
                    {"temp_store", 2},
                    {"busy_timeout", DB_LOCK_MS},
                    {"journal_size_limit", 67108864}};
    struct db *db = thing_open(path_of("set.db"));
    struct stat st;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        tap_ok(pragma(db, expected[i].name) == expected[i].value, "%s is %d", expected[i].name,
               (int)expected[i].value);
    }
    tap_ok(stat(path_of("set.db"), &st) == 0 && (st.st_mode & 0777) == 0600, "mode 0600");
    tap_ok(stat(path_of("set.db-wal"), &st) == 0 && (st.st_mode & 0777) == 0600,
           "a write-ahead log, mode 0600");
    static const char *const refused[] = {
        "SELECT load_extension('x')",
        "CREATE TABLE t (a TEXT DEFAULT \"not a column\" || \"x\")",
        "INSERT INTO thing (name, n) VALUES (\"text\", 1)",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'x'",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        tap_ok(db_begin(db, DB_WRITE) == ERR_OK && db_script(db, refused[i]) == ERR_INVALID,
               "refuses: %s (%s)", refused[i], db_message(db));
        db_rollback(db);
    }
    db_close(db);
    dbtest_remove(path_of("set.db"));
}

/* Turning query_only on and off does not have statements compiled again. */
static void compiled_once(void)
{
    struct db *db = thing_open(path_of("once.db"));
    struct sqlite *own = db->handle;
    int again = 0;
    for (int i = 0; i < 20; i++) {
        char name[20];
        if (i == 2) { /* the schema was new to the connection until here */
            for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(own->connection, s)) != NULL;) {
                sqlite3_stmt_status(s, SQLITE_STMTSTATUS_REPREPARE, 1);
            }
        }
        snprintf(name, sizeof name, "%d", i);
        if (db_begin(db, DB_WRITE) != ERR_OK || thing_add(db, name, i, 0, NULL) != ERR_OK ||
            db_commit(db) != ERR_OK || thing_count_now(db) != i + 1) {
            again = 1000;
        }
    }
    for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(own->connection, s)) != NULL;) {
        again += sqlite3_stmt_status(s, SQLITE_STMTSTATUS_REPREPARE, 0);
    }
    tap_ok(again == 0, "statements are compiled once (%d times again)", again);
    db_close(db);
    dbtest_remove(path_of("once.db"));
}

static void odd_paths(void)
{
    static const char *const names[] = {"file:x?mode=memory", ":memory:", "a b%20\"'.db"};
    char here[1000], message[DB_MAX_MESSAGE];
    struct db *db;
    struct stat st;
    if (!getcwd(here, sizeof here) || chdir(folder) != 0) {
        tap_ok(0, "the folder can be entered");
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        db = thing_open(names[i]);
        tap_ok(stat(names[i], &st) == 0 && st.st_size > 0, "%s is a file like any other", names[i]);
        db_close(db);
        dbtest_remove(names[i]);
    }
    tap_ok(chdir(here) == 0, "back");
    tap_ok(db_open("", NULL, 0, &db, message, sizeof message) == ERR_IO && !db, "no name: %s",
           message);
    tap_ok(db_open(folder, NULL, 0, &db, message, sizeof message) == ERR_IO, "a folder: %s",
           message);
    tap_ok(db_open("/dev/null", NULL, 0, &db, message, sizeof message) == ERR_IO, "a device: %s",
           message);
}

static bool has_log(const char *path)
{
    char name[1100];
    struct stat st;
    snprintf(name, sizeof name, "%s-wal", path);
    return stat(name, &st) == 0;
}

/* Where several machines could be at it there is no write-ahead log, and a word of warning. */
static void shared_file_systems(void)
{
    static const long magics[] = {NFS_SUPER_MAGIC, V9FS_MAGIC, 0x65735546, 0xff534d42};
    char path[1000];
    snprintf(path, sizeof path, "%s", path_of("net.db"));
    struct db *db = thing_open(path);
    tap_ok(!db_warning(db) && has_log(path), "on a disk: a write-ahead log");
    db_close(db);
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        pretend_magic = magics[i];
        db = thing_open(path);
        struct db *other = thing_open(path);
        tap_ok(db_warning(db) && strstr(db_warning(db), "shared file system") && !has_log(path),
               "%s", db_warning(db) ? db_warning(db) : "no warning");
        tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "x", 1, 0, NULL) == ERR_OK &&
                   db_commit(db) == ERR_OK && thing_count_now(other) == 1 && !has_log(path),
               "it works");
        thing_clear(other);
        db_close(other);
        db_close(db);
    }
    pretend_magic = 0;
    db = thing_open(path);
    tap_ok(!db_warning(db) && has_log(path), "on a disk again: a write-ahead log");
    db_close(db);
    dbtest_remove(path);
}

/* A child holds the write lock for a while. */
static void waiting(void)
{
    struct db *db = thing_open(path_of("wait.db"));
    int64_t begin;
    int ready[2], go[2];
    if (pipe(ready) != 0 || pipe(go) != 0) {
        tap_ok(0, "pipe");
        return;
    }
    db_close(db);
    pid_t child = fork();
    if (child == 0) {
        struct db *other = thing_open(path_of("wait.db"));
        char word;
        bool ok = db_begin(other, DB_WRITE) == ERR_OK && write(ready[1], "x", 1) == 1 &&
                  read(go[0], &word, 1) == 1;
        nanosleep(&(struct timespec){0, 100000000}, NULL);
        ok = ok && thing_add(other, "child", 1, 0, NULL) == ERR_OK && db_commit(other) == ERR_OK;
        db_close(other);
        _exit(ok ? 0 : 1);
    }
    char c;
    int status = 1;
    tap_ok(read(ready[0], &c, 1) == 1, "the other one writes");
    db = dbtest_open_at(path_of("wait.db"), thing_sql, THING__MAX);
    struct sqlite *own = db->handle;
    sqlite3_busy_timeout(own->connection, 20);
    tap_ok(db_begin(db, DB_WRITE) == ERR_BUSY && !db_in_transaction(db), "busy: %s",
           db_message(db));
    tap_ok(thing_count_now(db) == 0, "reading goes on");
    sqlite3_busy_timeout(own->connection, DB_LOCK_MS);
    begin = db_monotonic_ms();
    tap_ok(write(go[1], "x", 1) == 1 && db_begin(db, DB_WRITE) == ERR_OK && thing_count(db) == 1 &&
               db_monotonic_ms() - begin < DB_LOCK_MS,
           "waits until the other one is done");
    db_rollback(db);
    tap_ok(waitpid(child, &status, 0) == child && status == 0, "which it was");
    db_close(db);
    close(ready[0]);
    close(ready[1]);
    close(go[0]);
    close(go[1]);
    dbtest_remove(path_of("wait.db"));
}

static void too_long(void)
{
    struct db *db = thing_open(path_of("long.db"));
    struct sqlite *own = db->handle;
    struct db_query *q;
    bool ok = db_begin(db, DB_READ) == ERR_OK && db_prepare(db, THING_SERIES_SCAN, &q) == ERR_OK;
    if (ok) {
        db_bind_int(q, 1, 100000000);
        ok = db_step(q) == ERR_OK;
    }
    own->deadline_ms = db_monotonic_ms() - 1;
    int rc = ok ? sqlite3_exec(own->connection,
                               "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t "
                               "WHERE i < 100000000) SELECT count(*) FROM t",
                               NULL, NULL, NULL)
                : -1;
    tap_ok(rc == SQLITE_INTERRUPT && sqlite_fail(db, NULL, rc) == ERR_BUSY,
           "a statement beyond its time ends: %s", db_message(db));
    db_rollback(db);
    tap_ok(thing_count_now(db) == 0, "and the connection goes on");
    db_close(db);
    dbtest_remove(path_of("long.db"));
}

/* What was committed is there, in order and without gaps; what was not is absent or, where the
 * commit itself failed, may be there. */
static bool sound(const char *path, int64_t acknowledged, bool unsure)
{
    struct db *db = thing_open(path);
    int64_t n = thing_count_now(db);
    bool ok = n == acknowledged || (unsure && n == acknowledged + 1);
    ok = ok && pragma(db, "integrity_check") == 0 && pragma(db, "quick_check") == 0;
    struct sqlite *own = db->handle;
    sqlite3_stmt *statement = NULL;
    ok = ok &&
         sqlite3_prepare_v2(own->connection, "PRAGMA integrity_check", -1, &statement, NULL) ==
             SQLITE_OK &&
         sqlite3_step(statement) == SQLITE_ROW &&
         strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    db_close(db);
    return ok;
}

/* Opens, reads, writes, closes; counts what was acknowledged. */
static enum err work(const char *path, int64_t *acknowledged, bool *unsure)
{
    char message[DB_MAX_MESSAGE], name[20];
    struct db *db;
    enum err err = db_open(path, thing_sql, THING__MAX, &db, message, sizeof message);
    if (err != ERR_OK) {
        return err;
    }
    for (int i = 0; i < 3 && err == ERR_OK; i++) {
        snprintf(name, sizeof name, "w%d", i);
        err = db_begin(db, DB_WRITE);
        err = err == ERR_OK ? thing_add(db, name, i, 0, NULL) : err;
        if (err == ERR_OK) {
            err = db_commit(db);
            *acknowledged += err == ERR_OK;
            *unsure = err != ERR_OK;
        }
        db_rollback(db);
    }
    if (err == ERR_OK) {
        struct db_query *q;
        err = db_begin(db, DB_READ);
        err = err == ERR_OK ? db_prepare(db, THING_IDS, &q) : err;
        while (err == ERR_OK) {
            err = db_step(q);
        }
        db_rollback(db);
    }
    if (err != ERR_NOT_FOUND) { /* the same connection, once the trouble is over */
        faultvfs_fail_at(0, false);
        int64_t n = thing_count_now(db);
        if (n != *acknowledged && !(*unsure && n == *acknowledged + 1)) {
            printf("# the connection sees %d rows\n", (int)n);
            err = ERR__MAX;
        }
    }
    db_close(db);
    return err;
}

/* Every call fails in turn, and all after it. */
static void every_failure(bool full)
{
    char path[1000];
    snprintf(path, sizeof path, "%s", path_of("fault.db"));
    long n;
    int wrong = 0, failed = 0;
    bool done = false;
    for (n = 1; !done && n < 5000; n++) {
        db_close(thing_open(path));
        int64_t acknowledged = 0;
        bool unsure = false;
        faultvfs_fail_at(n, full);
        enum err err = work(path, &acknowledged, &unsure);
        bool reached = faultvfs.fail_at == 0 || faultvfs.calls >= n;
        done = !reached;
        faultvfs_fail_at(0, false);
        bool expected = err == ERR_NOT_FOUND || err == ERR_IO || err == ERR_BUSY;
        failed += err != ERR_NOT_FOUND;
        if (!expected || !sound(path, acknowledged, unsure)) {
            printf("# call %ld: %s, %d acknowledged\n", n, err_name(err), (int)acknowledged);
            wrong++;
        }
        dbtest_remove(path);
    }
    tap_ok(wrong == 0 && done && failed > 30,
           "%s at each of %ld calls: nothing acknowledged is lost, nothing is damaged",
           full ? "a full disk" : "an error", n - 2);
}

/* The database itself may not grow any more. */
static void full_database(void)
{
    struct db *db = thing_open(path_of("full.db"));
    char sql[60];
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", (int)pragma(db, "page_count") + 2);
    struct sqlite *own = db->handle;
    tap_ok(sqlite3_exec(own->connection, sql, NULL, NULL, NULL) == SQLITE_OK, "no room");
    struct db_query *q;
    char *big = calloc(1, 100000);
    enum err err = db_begin(db, DB_WRITE);
    err = err == ERR_OK ? db_prepare(db, THING_ADD_ALL, &q) : err;
    if (err == ERR_OK) {
        db_bind_text(q, 1, str_of("big"));
        db_bind_null(q, 2);
        db_bind_null(q, 3);
        db_bind_blob(q, 4, (struct str){big, 100000});
        err = db_run(q, NULL);
    }
    tap_ok(err == ERR_IO && db_commit(db) == ERR_IO, "full: %s", db_message(db));
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "small", 1, 0, NULL) == ERR_OK &&
               db_commit(db) == ERR_OK && thing_count_now(db) == 1,
           "what fits still goes in");
    free(big);
    db_close(db);
    dbtest_remove(path_of("full.db"));
}

/* A connection that saw an error opens the file again at the next transaction. */
static void opened_again(void)
{
    struct db *db = thing_open(path_of("again.db"));
    tap_ok(thing_count_now(db) == 0, "before");
    faultvfs_fail_at(1, false);
    tap_ok(db_begin(db, DB_WRITE) == ERR_IO || thing_add(db, "x", 1, 0, NULL) == ERR_IO,
           "an error");
    tap_ok(((struct sqlite *)db->handle)->lost, "the connection is given up");
    db_rollback(db);
    tap_ok(db_begin(db, DB_READ) == ERR_IO && !db_in_transaction(db), "still no file: %s",
           db_message(db));
    faultvfs_fail_at(0, false);
    tap_ok(thing_count_now(db) == 0, "then all is well");
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "x", 1, 0, NULL) == ERR_OK &&
               db_commit(db) == ERR_OK && thing_count_now(db) == 1,
           "also for writing");
    db_close(db);
    dbtest_remove(path_of("again.db"));
}

static void suite(const struct dbtest *t)
{
    folder = t->folder;
    settings();
    compiled_once();
    odd_paths();
    shared_file_systems();
    waiting();
    too_long();
    faultvfs_install();
    every_failure(false);
    every_failure(true);
    full_database();
    opened_again();
}

int main(void)
{
    dbtest_sqlite(suite);
    return tap_done();
}
