/* A small schema for tests, with every type and kind of constraint, and statements on it. */
#ifndef DUET_TESTS_DB_THING_H
#define DUET_TESTS_DB_THING_H

#include "db/dbtest.h"
#include "db/migrate.h"
#include "db/migrate_list.h"

enum thing_sql {
    THING_ADD,
    THING_ADD_ALL,
    THING_GET,
    THING_IDS,
    THING_COUNT,
    THING_SET_N,
    THING_PUT,
    THING_BUMP,
    THING_DELETE,
    THING_CLEAR,
    THING_SUMS,
    THING_SERIES,
    THING_SERIES_SCAN,
    THING_DISGUISED,
    THING_WRONG,
    THING_TWO,
    THING_BARE,
    THING_OLD_STYLE,
    THING_QUOTED,
    THING__MAX
};

static const struct db_sql thing_sql[THING__MAX] = {
    [THING_ADD] = {"THING_ADD", DB_WRITE,
                   "INSERT INTO thing (name, n, parent) VALUES (?1, ?2, ?3) RETURNING id", NULL},
    [THING_ADD_ALL] = {"THING_ADD_ALL", DB_WRITE,
                       "INSERT INTO thing (name, n, big, d, b) VALUES (?1, 0, ?2, ?3, ?4)", NULL},
    [THING_GET] = {"THING_GET", DB_READ, "SELECT big, d, b, parent FROM thing WHERE name = ?1",
                   NULL},
    [THING_IDS] = {"THING_IDS", DB_SCAN, "SELECT id, name FROM thing ORDER BY name", NULL},
    [THING_COUNT] = {"THING_COUNT", DB_READ, "SELECT count(*) FROM thing", NULL},
    [THING_SET_N] = {"THING_SET_N", DB_WRITE, "UPDATE thing SET n = ?2 WHERE name = ?1", NULL},
    [THING_PUT] = {"THING_PUT", DB_WRITE,
                   "INSERT INTO thing (name, n) VALUES (?1, ?2) "
                   "ON CONFLICT (name) DO UPDATE SET n = thing.n + excluded.n RETURNING n",
                   NULL},
    [THING_BUMP] = {"THING_BUMP", DB_WRITE,
                    "UPDATE thing SET n = n + 1 WHERE n < ?1 RETURNING id, n", NULL},
    [THING_DELETE] = {"THING_DELETE", DB_WRITE, "DELETE FROM thing WHERE name = ?1", NULL},
    [THING_CLEAR] = {"THING_CLEAR", DB_WRITE, "DELETE FROM thing", NULL},
    [THING_SUMS] = {"THING_SUMS", DB_READ,
                    "SELECT sum(n), avg(n), count(*), max(d), sum(big), sum(n) > 1 FROM thing",
                    NULL},
    [THING_SERIES] = {"THING_SERIES", DB_READ,
                      "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t "
                      "WHERE i < ?1) SELECT i FROM t",
                      NULL},
    [THING_SERIES_SCAN] = {"THING_SERIES_SCAN", DB_SCAN,
                           "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t "
                           "WHERE i < ?1) SELECT i FROM t",
                           "SELECT i FROM generate_series(1, ?1) AS t(i)"},
    [THING_DISGUISED] = {"THING_DISGUISED", DB_READ, "DELETE FROM thing", NULL},
    [THING_WRONG] = {"THING_WRONG", DB_READ, "SELECT nothing FROM nowhere", NULL},
    [THING_TWO] = {"THING_TWO", DB_READ, "SELECT 1; SELECT 2", NULL},
    [THING_BARE] = {"THING_BARE", DB_READ, "SELECT n FROM thing WHERE n = ?", NULL},
    [THING_OLD_STYLE] = {"THING_OLD_STYLE", DB_READ, "SELECT n FROM thing WHERE n = $1", NULL},
    [THING_QUOTED] = {"THING_QUOTED", DB_READ,
                      "SELECT '?1', \"n\" /* ?2 */ FROM thing -- ?3\n WHERE name = ?1", NULL},
};

static const char thing_text[] = "CREATE TABLE thing (\n"
                                 "    id @id, -- @id and TEXT in a comment\n"
                                 "    name TEXT UNIQUE,\n"
                                 "    n INTEGER NOT NULL CHECK (n <> -666),\n"
                                 "    big BIGINT,\n"
                                 "    d DOUBLE PRECISION,\n"
                                 "    b BYTEA,\n"
                                 "    kind TEXT NOT NULL DEFAULT 'TEXT @id',\n"
                                 "    parent BIGINT REFERENCES thing (id)\n"
                                 ") @strict;\n";
static const struct migration thing_list[] = {
    {1, DB_KIND__MAX, "0001-thing", thing_text, thing_text + sizeof thing_text - 1},
};

/* An open connection to the schema, made where it is not there. */
static inline struct db *thing_open(const char *where)
{
    struct db *db = dbtest_open_at(where, thing_sql, THING__MAX);
    int from, to;
    if (migrate_run_list(db, thing_list, 1, 0, &from, &to) != ERR_OK) {
        printf("Bail out! %s\n", db_message(db));
        exit(1);
    }
    return db;
}

static inline enum err thing_add(struct db *db, const char *name, int64_t n, int64_t parent,
                                 int64_t *id)
{
    struct db_query *q;
    enum err err = db_prepare(db, THING_ADD, &q);
    if (err != ERR_OK) {
        return err;
    }
    db_bind_text(q, 1, str_of(name));
    db_bind_int(q, 2, n);
    if (parent) {
        db_bind_int(q, 3, parent);
    } else {
        db_bind_null(q, 3);
    }
    err = db_step(q);
    if (err == ERR_OK && id) {
        *id = db_int(q, 0);
    }
    db_finish(q);
    return err;
}

/* A statement with one text and no rows. */
static inline enum err thing_run(struct db *db, int id, const char *name, int64_t *changed)
{
    struct db_query *q;
    enum err err = db_prepare(db, id, &q);
    if (err != ERR_OK) {
        return err;
    }
    if (name) {
        db_bind_text(q, 1, str_of(name));
    }
    return db_run(q, changed);
}

/* How many rows there are, seen from inside a transaction, or -1. */
static inline int64_t thing_count(struct db *db)
{
    struct db_query *q;
    int64_t n = -1;
    if (db_prepare(db, THING_COUNT, &q) == ERR_OK) {
        if (db_step(q) == ERR_OK) {
            n = db_int(q, 0);
        }
        db_finish(q);
    }
    return n;
}

/* The same from a transaction of its own. */
static inline int64_t thing_count_now(struct db *db)
{
    int64_t n = db_begin(db, DB_READ) == ERR_OK ? thing_count(db) : -1;
    db_rollback(db);
    return n;
}

static inline void thing_clear(struct db *db)
{
    if (db_begin(db, DB_WRITE) != ERR_OK || thing_run(db, THING_CLEAR, NULL, NULL) != ERR_OK ||
        db_commit(db) != ERR_OK) {
        printf("Bail out! %s\n", db_message(db));
        exit(1);
    }
}

#endif
