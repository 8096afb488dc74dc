/* Tests of src/db/backup.c that need a program at work: a backup while others write is one moment
 * of the database; a database in use is not replaced. */
#include "db/backup.h"
#include "base/arena.h"
#include "db/fill.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

/* Adds a person and a membership in one transaction, again and again, and tells each commit. */
static void write_for_ever(const char *where, int out)
{
    struct db *db = dbtest_open_at(where, NULL, 0);
    for (;;) {
        if (db_begin(db, DB_WRITE) == ERR_OK &&
            db_script(db, "INSERT INTO person (given_name, family_name, search, created_ms, "
                          "changed_ms) VALUES ('a', 'b', 'a b', 1, 1);"
                          "INSERT INTO membership (person_id, unit_id, role, created_ms) "
                          "SELECT max(id), 1, 'participant', 1 FROM person") == ERR_OK &&
            db_commit(db) == ERR_OK && write(out, "x", 1) == 1) {
            continue;
        }
        db_rollback(db);
    }
}

/* Waits until the writer has committed something new. */
static bool commits(int in)
{
    char told[4096];
    struct pollfd poll_in = {.fd = in, .events = POLLIN};
    while (poll(&poll_in, 1, 0) == 1 && read(in, told, sizeof told) > 0) {}
    return read(in, told, 1) == 1;
}

static int64_t ask(const char *file, const char *sql)
{
    char message[DB_MAX_MESSAGE];
    struct db *db;
    int64_t n = -1;
    if (db_open_sealed(file, &db, message, sizeof message) == ERR_OK) {
        if (db_begin(db, DB_READ) != ERR_OK || schema_ask(db, sql, &n) != ERR_OK) {
            n = -1;
        }
        db_close(db);
    }
    return n;
}

static void suite(const struct dbtest *t)
{
    struct arena *arena = arena_new(0);
    struct copy_report report;
    char message[DB_MAX_MESSAGE] = "", file[1000];
    struct db *db = dbtest_open(t, NULL, 0);
    int from, to;
    tap_ok(migrate_run(db, 0, &from, &to) == ERR_OK && fill_version(db, to), "%s: a database",
           t->name);
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && db_script(db, "DELETE FROM membership") == ERR_OK &&
               db_commit(db) == ERR_OK,
           "%s: without memberships", t->name);
    db_close(db);
    snprintf(file, sizeof file, "%s/backup", t->folder);
    int ends[2];
    if (pipe(ends) != 0) {
        tap_ok(0, "pipe");
        return;
    }
    fflush(stdout);
    pid_t writer = fork();
    if (writer == 0) {
        close(ends[0]);
        write_for_ever(t->where, ends[1]);
    }
    close(ends[1]);
    int64_t last = 0;
    for (int i = 0; i < 5; i++) {
        tap_ok(commits(ends[0]), "%s: something new is written", t->name);
        enum err err = backup_write(t->where, file, i > 0, arena, &report, message, sizeof message);
        int64_t people = ask(file, "SELECT count(*) FROM person");
        int64_t members = ask(file, "SELECT count(*) FROM membership");
        tap_ok(err == ERR_OK && people == members + FILL_ROWS && members > last,
               "%s: backup %d is one moment: %d people, %d memberships (%s)", t->name, i,
               (int)people, (int)members, message);
        last = members;
    }
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
    close(ends[0]);
    if (t->kind == DB_SQLITE) {
        db = dbtest_open(t, NULL, 0);
        tap_ok(backup_restore(file, t->where, true, arena, &report, message, sizeof message) ==
                       ERR_BUSY &&
                   strstr(message, "stop Duet first"),
               "a database in use is not replaced (%s)", message);
        db_close(db);
        tap_ok(backup_restore(file, t->where, true, arena, &report, message, sizeof message) ==
                       ERR_OK &&
                   ask(t->where, "SELECT count(*) FROM membership") == last,
               "but afterwards (%s)", message);
    }
    dbtest_remove(file);
    arena_free(arena);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
