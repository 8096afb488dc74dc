/* Tests of what is PostgreSQL's own: lost connections, waiting, old plans, numerics, what it may be
 * connected to.  A second connection through libpq plays the rest of the world. */
#include "db/postgres.h"
#include "base/rng.h"
#include "db/thing.h"

#include <inttypes.h>

static PGconn *world;

static void do_sql(const char *sql)
{
    PGresult *result = PQexec(world, sql);
    if (!postgres_ran(result)) {
        printf("Bail out! %s: %s\n", sql, PQerrorMessage(world));
        exit(1);
    }
    PQclear(result);
}

/* Ends the server's process of a connection and waits until it is gone. */
static void terminate(struct db *db)
{
    struct postgres *own = db->handle;
    char sql[100];
    int pid = PQbackendPID(own->connection);
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d, 5000)", pid);
    do_sql(sql);
}

static void lost_connections(const struct dbtest *t)
{
    struct db *db = thing_open(t->where);
    tap_ok(thing_count_now(db) == 0, "a connection");
    terminate(db);
    tap_ok(thing_count_now(db) == 0, "ended while idle: not even noticed%s", db_message(db));
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "x", 1, 0, NULL) == ERR_OK,
           "in a transaction");
    terminate(db);
    tap_ok(thing_add(db, "y", 1, 0, NULL) == ERR_IO && db_commit(db) == ERR_IO &&
               !db_in_transaction(db),
           "ended: %s", db_message(db));
    tap_ok(thing_count_now(db) == 0, "the next transaction has a new connection");
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "x", 1, 0, NULL) == ERR_OK,
           "again in a transaction");
    terminate(db);
    tap_ok(db_commit(db) == ERR_IO && thing_count_now(db) == 0, "ended at the commit: %s",
           db_message(db));
    struct db_query *q = NULL;
    tap_ok(db_begin(db, DB_READ) == ERR_OK && db_prepare(db, THING_SERIES_SCAN, &q) == ERR_OK,
           "a scan");
    db_bind_int(q, 1, 100000);
    tap_ok(db_step(q) == ERR_OK, "begins");
    terminate(db);
    enum err err = ERR_OK;
    while (err == ERR_OK) {
        err = db_step(q);
    }
    tap_ok(err == ERR_IO, "and breaks off, but does not end as if it were whole");
    db_finish(q);
    db_rollback(db);
    tap_ok(thing_count_now(db) == 0, "the connection is back");
    terminate(db);
    db_close(db);
}

/* Fails with ERR_BUSY, and is over. */
static void busy(struct db *db, enum err err, const char *what)
{
    tap_ok(err == ERR_BUSY, "%s: %s (%s)", what, err_name(err), db_message(db));
    db_rollback(db);
}

static void waiting(const struct dbtest *t)
{
    struct db *a = thing_open(t->where), *b = thing_open(t->where);
    tap_ok(db_begin(a, DB_WRITE) == ERR_OK && thing_add(a, "a", 1, 0, NULL) == ERR_OK &&
               thing_add(a, "b", 1, 0, NULL) == ERR_OK && db_commit(a) == ERR_OK,
           "two rows");
    tap_ok(db_begin(a, DB_WRITE) == ERR_OK &&
               db_script(a, "SET LOCAL statement_timeout = 50") == ERR_OK,
           "a short time limit");
    busy(a, db_script(a, "SELECT pg_sleep(5)"), "a statement beyond its time");

    tap_ok(db_begin(a, DB_WRITE) == ERR_OK && db_begin(b, DB_WRITE) == ERR_OK &&
               db_script(a, "UPDATE thing SET n = 2 WHERE name = 'a'") == ERR_OK &&
               db_script(b, "SET LOCAL lock_timeout = 50") == ERR_OK,
           "one holds a lock");
    busy(b, db_script(b, "UPDATE thing SET n = 3 WHERE name = 'a'"), "the other waits too long");
    db_rollback(a);

    tap_ok(db_begin(a, DB_WRITE) == ERR_OK && thing_count(a) == 2 &&
               db_begin(b, DB_WRITE) == ERR_OK && thing_count(b) == 2 &&
               thing_add(a, "c", 1, 0, NULL) == ERR_OK && thing_add(b, "d", 1, 0, NULL) == ERR_OK &&
               db_commit(a) == ERR_OK,
           "both read what the other writes");
    busy(b, db_commit(b), "one of them must run again");
    tap_ok(thing_count_now(a) == 3, "one row came");

    do_sql("SET idle_in_transaction_session_timeout = 0");
    tap_ok(db_begin(a, DB_READ) == ERR_OK &&
               db_script(a, "SET LOCAL idle_in_transaction_session_timeout = 50") == ERR_OK,
           "a transaction");
    int64_t n = 0;
    for (int i = 0; i < 20 && n >= 0; i++) { /* the server may be slow to notice */
        nanosleep(&(struct timespec){0, 200000000}, NULL);
        n = thing_count(a);
    }
    tap_ok(n == -1 && db_commit(a) == ERR_IO, "that stands idle is ended: %s", db_message(a));
    tap_ok(thing_count_now(a) == 3, "and the next one works");
    thing_clear(a);
    db_close(a);
    db_close(b);
}

static enum err read_all(struct db *db, void *ctx)
{
    struct db_query *q;
    enum err err = db_prepare(db, THING_IDS, &q);
    ++*(int *)ctx;
    if (err == ERR_OK) {
        err = db_step(q);
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
        db_finish(q);
    }
    return err;
}

static enum err add_one(struct db *db, void *ctx)
{
    ++*(int *)ctx;
    return thing_add(db, "one", 1, 0, NULL);
}

/* The schema changes below a connection that has everything prepared. */
static void old_plans(const struct dbtest *t)
{
    struct db *db = thing_open(t->where);
    const char *schema = strstr(t->where, "%3D") + 3;
    char sql[200];
    int calls = 0;
    tap_ok(db_transact(db, DB_READ, read_all, &calls) == ERR_OK && calls == 1, "prepared");
    tap_ok(db_transact(db, DB_WRITE, add_one, &calls) == ERR_OK, "prepared to write");
    snprintf(sql, sizeof sql, "ALTER TABLE %s.thing ALTER COLUMN id TYPE integer", schema);
    do_sql(sql);
    calls = 0;
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "two", 1, 0, NULL) == ERR_BUSY,
           "a plan of before: %s", db_message(db));
    db_rollback(db);
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "two", 1, 0, NULL) == ERR_OK &&
               db_commit(db) == ERR_OK,
           "a second time it is a new one");
    tap_ok(db_transact(db, DB_READ, read_all, &calls) == ERR_OK, "the scan too");
    snprintf(sql, sizeof sql, "ALTER TABLE %s.thing ALTER COLUMN id TYPE bigint", schema);
    do_sql(sql);
    tap_ok(db_begin(db, DB_READ) == ERR_OK && db_script(db, "DEALLOCATE ALL") == ERR_OK &&
               db_commit(db) == ERR_OK,
           "somebody takes the statements away");
    calls = 0;
    thing_clear(db);
    tap_ok(db_transact(db, DB_WRITE, add_one, &calls) == ERR_OK && calls == 2,
           "they are missed, and prepared again");
    tap_ok(db_transact(db, DB_READ, read_all, &calls) == ERR_OK, "the scan too");
    thing_clear(db);
    db_close(db);
}

static void session(const struct dbtest *t)
{
    struct db *db = thing_open(t->where);
    struct postgres *own = db->handle;
    PGresult *before = PQexec(own->connection, "SHOW ALL");
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK && thing_add(db, "x", 1, 0, NULL) == ERR_OK &&
               db_commit(db) == ERR_OK && thing_count_now(db) == 1,
           "a write and a read");
    PGresult *after = PQexec(own->connection, "SHOW ALL");
    int differ = PQntuples(before) != PQntuples(after);
    for (int i = 0; !differ && i < PQntuples(before); i++) {
        differ += strcmp(PQgetvalue(before, i, 1), PQgetvalue(after, i, 1)) != 0;
    }
    tap_ok(differ == 0 && PQntuples(before) > 300, "leave all %d settings of the session alone",
           PQntuples(before));
    PQclear(before);
    PQclear(after);
    thing_clear(db);
    tap_ok(strstr(db_place(db), "postgresql://duet@") == db_place(db), "it lies at %s",
           db_place(db));
    db_close(db);
}

static double as_double(struct db *db, const char *number, bool *whole)
{
    struct db_query *q;
    double d = (double)NAN;
    if (db_prepare_text(db, DB_READ, "numeric", "SELECT CAST(?1 AS numeric)", &q) == ERR_OK) {
        db_bind_text(q, 1, str_of(number));
        if (db_step(q) == ERR_OK) {
            d = db_double(q, 0);
            *whole = db_value(q, 0).type == DB_INT;
        }
        db_drop(q);
    }
    return d;
}

static void numerics(const struct dbtest *t)
{
    static const char *const some[] = {
        "0",
        "1",
        "-1",
        "9999",
        "10000",
        "-10000",
        "100000000",
        "0.5",
        "0.0001",
        "3.14",
        "1e-20",
        "1e20",
        "-1e25",
        "12345678901234567890123456789.5",
        "0.000000000000000000000000000012345",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "99999999999999999999",
        "1e300",
        "123456789012345678",
    };
    struct db *db = thing_open(t->where);
    struct rng rng = rng_seed(5);
    int wrong = 0;
    bool whole = false;
    tap_ok(db_begin(db, DB_READ) == ERR_OK, "begin");
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        double expected = strtod(some[i], NULL), got = as_double(db, some[i], &whole);
        tap_ok(got == expected, "%s", some[i]);
    }
    for (int i = 0; i < 500; i++) {
        char number[80];
        int decimals = (int)rng_below(&rng, 18);
        int64_t digits = (int64_t)(rng_next(&rng) >> (1 + rng_below(&rng, 62)));
        wrong +=
            snprintf(number, sizeof number, "%s%" PRId64 ".%0*d", rng_below(&rng, 2) ? "-" : "",
                     digits >> 10, decimals + 1, (int)(rng_next(&rng) >> 40)) >= (int)sizeof number;
        wrong += as_double(db, number, &whole) != strtod(number, NULL);
        snprintf(number, sizeof number, "%" PRId64, digits);
        wrong += as_double(db, number, &whole) != (double)digits || !whole;
    }
    tap_ok(wrong == 0, "1,000 numbers read as strtod reads them");
    db_rollback(db);
    db_close(db);
}

/* One column of a statement with one integer, or a text where that is not NULL. */
static struct db_value one_value(struct db *db, const char *sql, int64_t number, const char *text)
{
    struct db_query *q;
    struct db_value value = {.type = DB_UNBOUND};
    if (db_prepare_text(db, DB_READ, "type", sql, &q) == ERR_OK) {
        if (q->n_params && text) {
            db_bind_text(q, 1, str_of(text));
        } else if (q->n_params) {
            db_bind_int(q, 1, number);
        }
        if (db_step(q) == ERR_OK) {
            value = db_value(q, 0);
            value.s = str_of(""); /* it does not outlive the query */
        }
        db_drop(q);
    }
    return value;
}

static void types(const struct dbtest *t)
{
    static const struct {
        const char *sql, *text;
        int64_t number;
        enum db_type type;
        double expected;
    } cases[] = {
        {"SELECT CAST(-2 AS int2)", NULL, 0, DB_INT, -2},
        {"SELECT CAST(-2 AS int4)", NULL, 0, DB_INT, -2},
        {"SELECT CAST(4000000000 AS oid)", NULL, 0, DB_INT, 4e9},
        {"SELECT CAST(1.5 AS float4)", NULL, 0, DB_DOUBLE, 1.5},
        {"SELECT TRUE", NULL, 0, DB_INT, 1},
        {"SELECT CAST('x' AS name)", NULL, 0, DB_TEXT, 0},
        {"SELECT CAST('x' AS varchar)", NULL, 0, DB_TEXT, 0},
        {"SELECT pg_advisory_xact_lock_shared(1)", NULL, 0, DB_NULL, 0},
        {"SELECT CAST('NaN' AS numeric)", NULL, 0, DB_NULL, 0},
        {"SELECT CAST(?1 AS boolean)", NULL, 1, DB_INT, 1},
        {"SELECT CAST(?1 AS int4)", NULL, -7, DB_INT, -7},
        {"SELECT CAST(?1 AS int2)", NULL, -7, DB_INT, -7},
        {"SELECT CAST(?1 AS float8)", NULL, 3, DB_DOUBLE, 3},
        {"SELECT CAST(?1 AS numeric)", NULL, 3, DB_INT, 3},
        {"SELECT CAST(?1 AS text)", NULL, 3, DB_TEXT, 0},
        {"SELECT CAST(?1 AS int8)", "12", 0, DB_INT, 12},
    };
    struct db *db = thing_open(t->where);
    tap_ok(db_begin(db, DB_READ) == ERR_OK, "begin");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct db_value v = one_value(db, cases[i].sql, cases[i].number, cases[i].text);
        double got = v.type == DB_INT ? (double)v.i : v.type == DB_DOUBLE ? v.d : 0;
        tap_ok(v.type == cases[i].type && got == cases[i].expected, "%s %s", cases[i].sql,
               db_message(db));
    }
    struct db_query *q;
    tap_ok(db_prepare_text(db, DB_READ, "type", "SELECT now()", &q) == ERR_INVALID &&
               strstr(db_message(db), "is not read"),
           "other types are refused: %s", db_message(db));
    db_rollback(db);
    tap_ok(db_begin(db, DB_READ) == ERR_OK &&
               one_value(db, "SELECT CAST(?1 AS int4)", INT64_C(5000000000), NULL).type ==
                   DB_UNBOUND &&
               db_commit(db) == ERR_INVALID && !strstr(db_message(db), "5000"),
           "five thousand million is no int4: %s", db_message(db));
    db_close(db);
}

static void refused_server(const char *server)
{
    char name[60], sql[200], where[900], message[DB_MAX_MESSAGE];
    struct db *db = NULL;
    snprintf(name, sizeof name, "latin_%d", (int)getpid());
    snprintf(sql, sizeof sql,
             "CREATE DATABASE %s ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0", name);
    do_sql(sql);
    const char *slash = strstr(server, "/postgres?");
    if (slash) {
        snprintf(where, sizeof where, "%.*s/%s%s", (int)(slash - server), server, name,
                 strchr(slash, '?'));
        tap_ok(db_open(where, NULL, 0, &db, message, sizeof message) == ERR_IO && !db &&
                   strstr(message, "UTF8"),
               "not UTF-8: %s", message);
    } else {
        tap_skip("the address names no database postgres");
    }
    snprintf(sql, sizeof sql, "DROP DATABASE %s", name);
    do_sql(sql);
    tap_ok(db_open("postgresql://u:secret@/x?host=/nonexistent", NULL, 0, &db, message,
                   sizeof message) == ERR_IO &&
               !strstr(message, "secret"),
           "no server: %s", message);
    tap_ok(db_open("postgresql://u:secret@[::1/x", NULL, 0, &db, message, sizeof message) ==
                   ERR_IO &&
               !strstr(message, "secret"),
           "no address: %s", message);
}

static void suite(const struct dbtest *t)
{
    const char *server = getenv("DUET_TEST_POSTGRES");
    world = PQconnectdb(server);
    lost_connections(t);
    waiting(t);
    old_plans(t);
    session(t);
    numerics(t);
    types(t);
    refused_server(server);
    PQfinish(world);
}

int main(void)
{
    dbtest_postgres(suite);
    return tap_done();
}
