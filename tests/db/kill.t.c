/* kill -9 at random moments while two processes write: every commit that was acknowledged is there,
 * no transaction is there by half, and the database is sound.
 *
 *     kill.t [ROUNDS]     two kills a round and database; 52 rounds without a number */
#include "base/rng.h"
#include "db/schema.h"
#include "db/sqlite.h"
#include "db/thing.h"

#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>

#define WRITERS 2
#define ROUNDS 52
#define ROUNDS_SANITIZED 10
#define CHECKPOINT_PAGES 12 /* often, so that kills meet one at work */

static const char add_pair[] = "INSERT INTO thing (name, n, big) VALUES (?1, ?2, ?3)";
static const char last_of[] = "SELECT count(*), coalesce(max(n), -1) FROM thing WHERE big = ?1";

/* How many rows a writer has, and its last number. */
static bool look(struct db *db, int writer, int64_t *n_rows, int64_t *last)
{
    struct db_query *q;
    bool ok = db_begin(db, DB_READ) == ERR_OK &&
              db_prepare_text(db, DB_READ, "last", last_of, &q) == ERR_OK;
    if (ok) {
        db_bind_int(q, 1, writer);
        ok = db_step(q) == ERR_OK;
        *n_rows = db_int(q, 0);
        *last = db_int(q, 1);
        db_drop(q);
    }
    db_rollback(db);
    return ok;
}

struct pair {
    int writer;
    int64_t number;
};

/* Two rows that belong together. */
static enum err write_pair(struct db *db, void *ctx)
{
    const struct pair *pair = ctx;
    struct db_query *q;
    enum err err = db_prepare_text(db, DB_WRITE, "pair", add_pair, &q);
    for (int half = 0; err == ERR_OK && half < 2; half++) {
        char name[60];
        snprintf(name, sizeof name, "%d %" PRId64 " %d", pair->writer, pair->number, half);
        err = half ? db_prepare_again(q) : ERR_OK;
        if (err == ERR_OK) {
            db_bind_text(q, 1, str_of(name));
            db_bind_int(q, 2, pair->number);
            db_bind_int(q, 3, pair->writer);
            err = db_run(q, NULL);
        }
    }
    if (db->others) {
        db_drop(db->others);
    }
    return err;
}

/* Writes until it is killed, and tells each number when its commit has returned. */
static void write_for_ever(const char *where, int writer, int out)
{
    struct db *db = dbtest_open_at(where, thing_sql, THING__MAX);
    int64_t n_rows, last;
    if (db_kind(db) == DB_SQLITE) {
        sqlite3_wal_autocheckpoint(((struct sqlite *)db->handle)->connection, CHECKPOINT_PAGES);
    }
    while (!look(db, writer, &n_rows, &last)) {}
    struct pair pair = {.writer = writer, .number = last};
    for (;;) {
        pair.number++;
        enum err err;
        do {
            err = db_transact(db, DB_WRITE, write_pair, &pair);
        } while (err == ERR_BUSY);
        if (err != ERR_OK ||
            write(out, &pair.number, sizeof pair.number) != (ssize_t)sizeof pair.number) {
            printf("# writer: %s %s\n", err_name(err), db_message(db));
            fflush(stdout);
            _exit(1);
        }
    }
}

struct writer {
    pid_t pid;
    int in;
    int64_t acknowledged; /* the last number told */
};

static bool start(struct writer *writer, const char *where, int number)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    fflush(stdout);
    writer->pid = fork();
    if (writer->pid == 0) {
        close(ends[0]);
        write_for_ever(where, number, ends[1]);
    }
    close(ends[1]);
    writer->in = ends[0];
    return writer->pid > 0;
}

/* Waits until it has told its first number. */
static bool is_at_work(struct writer *writer)
{
    return read(writer->in, &writer->acknowledged, sizeof writer->acknowledged) ==
           (ssize_t)sizeof writer->acknowledged;
}

/* Kills, and reads what was told until then; false when it had ended by itself. */
static bool stop(struct writer *writer)
{
    int status = 0;
    int64_t number;
    kill(writer->pid, SIGKILL);
    while (read(writer->in, &number, sizeof number) == (ssize_t)sizeof number) {
        writer->acknowledged = number;
    }
    close(writer->in);
    return waitpid(writer->pid, &status, 0) == writer->pid && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGKILL;
}

static void pause_for(uint32_t microseconds)
{
    nanosleep(&(struct timespec){0, (long)microseconds * 1000}, NULL);
}

static bool is_sound(struct db *db)
{
    int64_t n = 0;
    bool ok = db_begin(db, DB_READ) == ERR_OK;
    if (ok && db_kind(db) == DB_SQLITE) {
        ok = schema_ask(db,
                        "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
                        &n) == ERR_OK &&
             n == 0;
    }
    db_rollback(db);
    return ok;
}

/* After a kill: what was told is there, whole, and at most one number more. */
static bool all_there(struct db *db, const struct writer *writer, int number)
{
    int64_t n_rows = -1, last = -1;
    bool ok = look(db, number, &n_rows, &last) && last >= writer->acknowledged &&
              last <= writer->acknowledged + 1 && n_rows == 2 * (last + 1);
    if (!ok) {
        printf("# writer %d told %" PRId64 "; the last is %" PRId64 ", rows %" PRId64 "\n", number,
               writer->acknowledged, last, n_rows);
    }
    return ok;
}

static int rounds_wanted;

static void suite(const struct dbtest *t)
{
    struct writer writers[WRITERS] = {{.acknowledged = -1}, {.acknowledged = -1}};
    struct rng rng = rng_seed((uint64_t)getpid());
    int wrong = 0, kills = 0, unsound = 0;
    db_close(thing_open(t->where));
    for (int round = 0; round < rounds_wanted; round++) {
        for (int i = 0; i < WRITERS; i++) {
            wrong += !start(&writers[i], t->where, i);
        }
        /* some die before they have begun; one goes on without the other */
        for (int i = 0; i < WRITERS && round % 4 != 0; i++) {
            wrong += !is_at_work(&writers[i]);
        }
        pause_for(rng_below(&rng, 12000));
        int first = (int)rng_below(&rng, WRITERS);
        wrong += !stop(&writers[first]);
        pause_for(rng_below(&rng, 6000));
        wrong += !stop(&writers[!first]);
        kills += WRITERS;
        struct db *db = dbtest_open(t, thing_sql, THING__MAX);
        for (int i = 0; i < WRITERS; i++) {
            wrong += !all_there(db, &writers[i], i);
        }
        unsound += round % 8 == 0 && !is_sound(db);
        db_close(db);
    }
    struct db *db = dbtest_open(t, thing_sql, THING__MAX);
    unsound += !is_sound(db);
    db_close(db);
    int64_t told = writers[0].acknowledged + writers[1].acknowledged + 2;
    tap_ok(wrong == 0 && told > kills / 2,
           "%s: %d kills, %" PRId64 " acknowledged commits, all there", t->name, kills, told);
    tap_ok(unsound == 0, "%s: the database is sound", t->name);
}

int main(int argc, char *argv[])
{
    bool sanitized = getenv("DUET_SANITIZED") != NULL;
    rounds_wanted = argc > 1    ? (int)strtol(argv[1], NULL, 10)
                    : sanitized ? ROUNDS_SANITIZED
                                : ROUNDS;
    dbtest_both(suite);
    return tap_done();
}
