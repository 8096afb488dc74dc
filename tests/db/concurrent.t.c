/* Tests of several processes on one database: no update is lost, and what each of them checks
 * before it writes still holds when all have written. */
#include "db/thing.h"

#include <sys/wait.h>

#define PROCESSES 4
#define TIMES 25
#define ROOM 30

/* Reads n of the counter and writes n + 1, in two statements. */
static enum err count_up(struct db *db, void *ctx)
{
    struct db_query *q;
    int64_t n = 0;
    (void)ctx;
    enum err err = db_prepare_text(db, DB_READ, "get", "SELECT n FROM thing WHERE name = 'c'", &q);
    if (err == ERR_OK) {
        err = db_step(q);
        n = err == ERR_OK ? db_int(q, 0) : 0;
        db_drop(q);
    }
    if (err == ERR_OK) {
        err = db_prepare(db, THING_SET_N, &q);
    }
    if (err == ERR_OK) {
        db_bind_text(q, 1, str_of("c"));
        db_bind_int(q, 2, n + 1);
        err = db_run(q, NULL);
    }
    return err;
}

/* Takes a place when one of ROOM is left. */
static enum err take_place(struct db *db, void *ctx)
{
    int64_t n = thing_count(db);
    return n < 0 ? ERR_BUSY : n >= ROOM + 1 ? ERR_LIMIT : thing_add(db, ctx, 1, 0, NULL);
}

static int child(const char *where, int number)
{
    struct db *db = dbtest_open_at(where, thing_sql, THING__MAX);
    int wrong = 0;
    for (int i = 0; i < TIMES; i++) {
        char name[20];
        enum err err;
        do {
            err = db_transact(db, DB_WRITE, count_up, NULL);
        } while (err == ERR_BUSY);
        wrong += err != ERR_OK;
        snprintf(name, sizeof name, "%d-%d", number, i);
        do {
            err = db_transact(db, DB_WRITE, take_place, name);
        } while (err == ERR_BUSY);
        wrong += err != ERR_OK && err != ERR_LIMIT;
    }
    db_close(db);
    return wrong;
}

static void suite(const struct dbtest *t)
{
    int wrong = 0, status;
    struct db *db = thing_open(t->where);
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "c", 0, 0, NULL) == ERR_OK &&
               db_commit(db) == ERR_OK,
           "%s: a counter", t->name);
    db_close(db);
    for (int i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            _exit(child(t->where, i) ? 1 : 0);
        }
    }
    while (wait(&status) > 0) {
        wrong += status != 0;
    }
    db = thing_open(t->where);
    struct db_query *q;
    int64_t n = -1;
    if (db_begin(db, DB_READ) == ERR_OK &&
        db_prepare_text(db, DB_READ, "get", "SELECT n FROM thing WHERE name = 'c'", &q) == ERR_OK &&
        db_step(q) == ERR_OK) {
        n = db_int(q, 0);
    }
    tap_ok(wrong == 0 && n == PROCESSES * TIMES, "%s: %d processes counted to %d", t->name,
           PROCESSES, (int)n);
    tap_ok(thing_count(db) == ROOM + 1, "%s: and took %d places of %d", t->name,
           (int)thing_count(db) - 1, ROOM);
    db_close(db);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
