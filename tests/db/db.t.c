/* Tests of src/db: the same suite on both databases. */
#include "db/thing.h"

#include <float.h>
#include <sys/resource.h>

#define OK(t, cond, ...)                                                                           \
    do {                                                                                           \
        char said[200];                                                                            \
        snprintf(said, sizeof said, __VA_ARGS__);                                                  \
        tap_ok(cond, "%s: %s", (t)->name, said);                                                   \
    } while (0)

/* Begins, and does not go on without. */
static void begin(struct db *db, enum db_mode mode)
{
    if (db_begin(db, mode) != ERR_OK) {
        printf("Bail out! %s\n", db_message(db));
        exit(1);
    }
}

struct row {
    const char *name;
    int64_t big;
    double d;
    struct str b;
};

static void values(const struct dbtest *t, struct db *db)
{
    static const char all_bytes[] = "\0\1\2'\"\\\xff\xfe\x80 x";
    const struct row rows[] = {
        {"", 0, 0.0, {"", 0}},
        {"low", INT64_MIN, -DBL_MAX, {all_bytes, sizeof all_bytes}},
        {"high", INT64_MAX, DBL_MAX, {"x", 1}},
        {"small", -1, DBL_TRUE_MIN, {"\0", 1}},
        {"Zo\xc3\xab \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x8e\xbb", 1, 0.1, {"\xc3", 1}},
        {"?1 $1 'x' \"y\" -- \\ \n", 255, 1e-300, {"a", 1}},
    };
    struct db_query *q;
    begin(db, DB_WRITE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum err err = db_prepare(db, THING_ADD_ALL, &q);
        db_bind_text(q, 1, str_of(rows[i].name));
        db_bind_int(q, 2, rows[i].big);
        db_bind_double(q, 3, rows[i].d);
        db_bind_blob(q, 4, rows[i].b);
        err = err == ERR_OK ? db_run(q, NULL) : err;
        OK(t, err == ERR_OK, "row %zu goes in (%s)", i, db_message(db));
    }
    OK(t, db_commit(db) == ERR_OK, "commit");
    begin(db, DB_READ);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum err err = db_prepare(db, THING_GET, &q);
        db_bind_text(q, 1, str_of(rows[i].name));
        err = err == ERR_OK ? db_step(q) : err;
        double d = db_double(q, 1);
        OK(t,
           err == ERR_OK && db_int(q, 0) == rows[i].big && memcmp(&d, &rows[i].d, sizeof d) == 0 &&
               str_equal(db_blob(q, 2), rows[i].b) && !db_is_null(q, 2) && db_is_null(q, 3) &&
               db_int(q, 3) == 0 && db_text(q, 3).n == 0 && db_text(q, 3).p &&
               db_step(q) == ERR_NOT_FOUND && db_step(q) == ERR_NOT_FOUND,
           "row %zu comes out the same", i);
        db_finish(q);
    }
    OK(t, db_commit(db) == ERR_OK, "a read transaction commits");
    thing_clear(db);
}

static void minus_zero_and_null(const struct dbtest *t, struct db *db)
{
    struct db_query *q;
    begin(db, DB_WRITE);
    enum err err = db_prepare(db, THING_ADD_ALL, &q);
    db_bind_text(q, 1, str_of("z"));
    db_bind_null(q, 2);
    db_bind_double(q, 3, -0.0);
    db_bind_null(q, 4);
    OK(t, err == ERR_OK && db_run(q, NULL) == ERR_OK, "NULLs go in");
    err = db_prepare(db, THING_GET, &q);
    db_bind_text(q, 1, str_of("z"));
    OK(t, err == ERR_OK && db_step(q) == ERR_OK && !signbit(db_double(q, 1)),
       "-0.0 is kept as 0.0");
    OK(t, db_is_null(q, 0) && db_is_null(q, 2) && !db_is_null(q, 1) && db_blob(q, 2).n == 0,
       "NULLs come out");
    db_rollback(db);
    OK(t, thing_count_now(db) == 0, "rolled back");
}

static void order_and_sums(const struct dbtest *t, struct db *db)
{
    static const char *const names[] = {"a", "B", "\xc3\xa9", "Z", "_", "z", "10", "9"};
    static const char *const sorted[] = {"10", "9", "B", "Z", "_", "a", "z", "\xc3\xa9"};
    struct db_query *q = NULL;
    begin(db, DB_WRITE);
    enum err err = ERR_OK;
    for (int i = 0; i < 8 && err == ERR_OK; i++) {
        err = thing_add(db, names[i], i, 0, NULL);
    }
    OK(t, err == ERR_OK && db_prepare(db, THING_IDS, &q) == ERR_OK, "eight names");
    int n = 0;
    while (db_step(q) == ERR_OK) {
        n += n < 8 && str_is(db_text(q, 1), sorted[n]);
    }
    OK(t, n == 8, "sorted by bytes");
    db_finish(q);
    OK(t, db_prepare(db, THING_SUMS, &q) == ERR_OK && db_step(q) == ERR_OK, "sums");
    OK(t,
       db_int(q, 0) == 28 && db_double(q, 0) == 28.0 && db_double(q, 1) == 3.5 &&
           db_int(q, 1) == 3 && db_int(q, 2) == 8 && db_is_null(q, 3) && db_is_null(q, 4) &&
           db_int(q, 5) == 1,
       "sum, average, count, maximum and sum of nothing, a truth");
    db_rollback(db);
}

/* What fails, how, and that it fails the transaction for good. */
static void expect_failure(const struct dbtest *t, struct db *db, enum err got, enum err expected,
                           const char *what)
{
    OK(t, got == expected && db_message(db)[0], "%s: %s (%s)", what, err_name(got), db_message(db));
    struct db_query *q;
    OK(t, db_prepare(db, THING_COUNT, &q) == expected && db_commit(db) == expected,
       "%s: and the transaction is over", what);
    OK(t, !db_in_transaction(db), "%s: nothing is open", what);
}

static void constraints(const struct dbtest *t, struct db *db)
{
    int64_t id = 0, changed = -1;
    begin(db, DB_WRITE);
    OK(t, thing_add(db, "first", 1, 0, &id) == ERR_OK && id > 0, "an id is given out");
    OK(t, thing_add(db, "child", 1, id, NULL) == ERR_OK && db_commit(db) == ERR_OK, "a child");
    begin(db, DB_WRITE);
    expect_failure(t, db, thing_add(db, "first", 2, 0, NULL), ERR_UNIQUE, "unique");
    begin(db, DB_WRITE);
    expect_failure(t, db, thing_add(db, "x", 2, id + 1000, NULL), ERR_REFERENCE,
                   "insert reference");
    begin(db, DB_WRITE);
    expect_failure(t, db, thing_run(db, THING_DELETE, "first", NULL), ERR_REFERENCE,
                   "delete reference");
    begin(db, DB_WRITE);
    expect_failure(t, db, thing_add(db, "x", -666, 0, NULL), ERR_CHECK, "check");
    struct db_query *q;
    begin(db, DB_WRITE);
    enum err err = db_prepare(db, THING_SET_N, &q);
    db_bind_text(q, 1, str_of("first"));
    db_bind_null(q, 2);
    expect_failure(t, db, err == ERR_OK ? db_run(q, NULL) : err, ERR_CHECK, "not null");
    OK(t, thing_count_now(db) == 2, "nothing of it stays");

    begin(db, DB_WRITE);
    OK(t, thing_run(db, THING_DELETE, "nobody", &changed) == ERR_OK && changed == 0,
       "nothing deleted is no failure");
    OK(t, thing_run(db, THING_DELETE, "child", &changed) == ERR_OK && changed == 1, "one deleted");
    OK(t, thing_run(db, THING_CLEAR, NULL, &changed) == ERR_OK && changed == 1, "the other one");
    OK(t, db_commit(db) == ERR_OK, "commit");
}

static void returning(const struct dbtest *t, struct db *db)
{
    struct db_query *q;
    int64_t id = 0, again = 0;
    begin(db, DB_WRITE);
    for (int i = 0; i < 3; i++) {
        enum err err = db_prepare(db, THING_PUT, &q);
        db_bind_text(q, 1, str_of("put"));
        db_bind_int(q, 2, 5);
        OK(t, err == ERR_OK && db_step(q) == ERR_OK && db_int(q, 0) == 5 * (i + 1),
           "upsert %d gives the sum", i);
        db_finish(q);
    }
    OK(t, thing_add(db, "b", 1, 0, NULL) == ERR_OK && thing_add(db, "c", 2, 0, NULL) == ERR_OK,
       "two more");
    enum err err = db_prepare(db, THING_BUMP, &q);
    db_bind_int(q, 1, 100);
    int n = 0;
    int64_t sum = 0;
    while (err == ERR_OK && (err = db_step(q)) == ERR_OK) {
        n++;
        sum += db_int(q, 1);
    }
    OK(t, err == ERR_NOT_FOUND && n == 3 && sum == 16 + 2 + 3, "three rows changed and given");
    db_finish(q);
    err = db_prepare(db, THING_BUMP, &q);
    db_bind_int(q, 1, 100);
    OK(t, err == ERR_OK && db_step(q) == ERR_OK, "one row looked at, then left");
    db_finish(q);
    OK(t, db_commit(db) == ERR_OK, "commit");
    begin(db, DB_READ);
    OK(t, db_prepare(db, THING_SUMS, &q) == ERR_OK && db_step(q) == ERR_OK && db_int(q, 0) == 24,
       "all three were changed");
    db_rollback(db);

    begin(db, DB_WRITE);
    OK(t, thing_add(db, "last", 1, 0, &id) == ERR_OK, "an id");
    OK(t, thing_run(db, THING_DELETE, "last", NULL) == ERR_OK, "is deleted");
    OK(t, thing_add(db, "last", 1, 0, &again) == ERR_OK && again > id, "and not given out again");
    db_rollback(db);
    thing_clear(db);
}

static enum err prepared(struct db *db, int id)
{
    struct db_query *q;
    return db_prepare(db, id, &q);
}

static void mistakes(const struct dbtest *t, struct db *db)
{
    struct db_query *q, *q2;
    static const struct {
        int id;
        const char *what;
    } wrong[] = {
        {THING_DISGUISED, "a write declared as a read"},
        {THING_WRONG, "a table that is not there"},
        {THING_TWO, "two statements"},
        {THING_BARE, "a bare ?"},
        {THING_OLD_STYLE, "$1"},
        {THING__MAX, "a statement that is not there"},
        {-1, "a negative one"},
    };
    OK(t, prepared(db, THING_COUNT) == ERR_INVALID && !db_in_transaction(db),
       "a statement outside a transaction");
    OK(t, db_commit(db) == ERR_INVALID, "a commit outside a transaction");
    db_rollback(db);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        begin(db, DB_WRITE);
        enum err err = prepared(db, wrong[i].id);
        if (err == ERR_OK) {
            q = &db->queries[wrong[i].id]; /* what one database sees only now */
            err = db_step(q);
            err = err == ERR_OK || err == ERR_NOT_FOUND ? ERR_OK : err;
        }
        if (t->kind == DB_POSTGRES && wrong[i].id == THING_DISGUISED) {
            db_rollback(db);
            begin(db, DB_READ);
            err = db_prepare(db, THING_DISGUISED, &q);
            err = err == ERR_OK ? db_step(q) : err;
        }
        expect_failure(t, db, err, ERR_INVALID, wrong[i].what);
    }
    begin(db, DB_READ);
    expect_failure(t, db, prepared(db, THING_CLEAR), ERR_INVALID, "a write in a read transaction");
    begin(db, DB_READ);
    expect_failure(t, db, db_begin(db, DB_READ), ERR_INVALID, "a transaction in a transaction");
    begin(db, DB_READ);
    OK(t, db_prepare(db, THING_COUNT, &q) == ERR_OK, "in use");
    expect_failure(t, db, db_prepare(db, THING_COUNT, &q2), ERR_INVALID, "prepared while in use");
    begin(db, DB_READ);
    OK(t, db_prepare(db, THING_COUNT, &q) == ERR_OK && db_step(q) == ERR_OK, "free again");
    OK(t, db_int(q, 1) == 0 && db_step(q) == ERR_INVALID, "a column that is not there");
    db_rollback(db);
    begin(db, DB_READ);
    OK(t, db_prepare(db, THING_COUNT, &q) == ERR_OK && db_step(q) == ERR_OK, "free again");
    OK(t, db_text(q, 0).n == 0 && db_commit(db) == ERR_INVALID, "a number read as text");
    OK(t, db_begin(db, DB_SCAN) == ERR_INVALID && !db_in_transaction(db), "no such transaction");
}

static void bad_parameters(const struct dbtest *t, struct db *db)
{
    struct db_query *q;
    static const char *const what[] = {
        "NUL in a text",      "not UTF-8",       "not a number",
        "infinite",           "not bound",       "index 0",
        "index too high",     "blob for a text", "text for a blob",
        "words for a number",
    };
    for (int i = 0; i < (int)(sizeof what / sizeof *what); i++) {
        begin(db, DB_WRITE);
        enum err err = db_prepare(db, THING_ADD_ALL, &q);
        db_bind_text(q, 1, str_of("x"));
        db_bind_int(q, 2, 1);
        db_bind_double(q, 3, 1.0);
        db_bind_blob(q, 4, str_of("x"));
        if (i == 0) {
            db_bind_text(q, 1, (struct str){"a\0b", 3});
        } else if (i == 1) {
            db_bind_text(q, 1, str_of("\xc3("));
        } else if (i == 2) {
            db_bind_double(q, 3, (double)NAN);
        } else if (i == 3) {
            db_bind_double(q, 3, (double)INFINITY);
        } else if (i == 4) {
            db_finish(q);
            err = db_prepare(db, THING_ADD_ALL, &q);
            db_bind_text(q, 1, str_of("x"));
            db_bind_int(q, 2, 1);
            db_bind_double(q, 3, 1.0);
        } else if (i == 5) {
            db_bind_int(q, 0, 1);
        } else if (i == 6) {
            db_bind_int(q, 5, 1);
        } else if (i == 7) {
            db_bind_blob(q, 1, str_of("x"));
        } else if (i == 8) {
            db_bind_text(q, 4, str_of("x"));
        } else {
            db_bind_text(q, 2, str_of("many"));
        }
        expect_failure(t, db, err == ERR_OK ? db_run(q, NULL) : err, ERR_INVALID, what[i]);
    }
    OK(t, thing_count_now(db) == 0, "nothing of it went in");
}

/* The database itself refuses, whatever this layer lets through. */
static void read_only(const struct dbtest *t, struct db *db)
{
    static const char *const writes[] = {
        "INSERT INTO thing (name, n) VALUES ('x', 1)",
        "UPDATE thing SET n = 1",
        "CREATE TABLE other (id BIGINT)",
        "DROP TABLE thing",
    };
    for (int i = 0; i < 4; i++) {
        begin(db, DB_READ);
        OK(t, db_script(db, writes[i]) == ERR_INVALID, "read-only refuses \"%s\" (%s)", writes[i],
           db_message(db));
        db_rollback(db);
    }
    begin(db, DB_WRITE);
    OK(t, thing_add(db, "w", 1, 0, NULL) == ERR_OK && db_commit(db) == ERR_OK, "then a write");
    begin(db, DB_READ);
    OK(t, db_script(db, writes[0]) == ERR_INVALID, "read-only again after a commit");
    db_rollback(db);
    begin(db, DB_WRITE);
    db_rollback(db);
    begin(db, DB_READ);
    OK(t, db_script(db, writes[0]) == ERR_INVALID, "read-only again after a rollback");
    db_rollback(db);
    begin(db, DB_WRITE);
    OK(t, thing_add(db, "w", 1, 0, NULL) == ERR_UNIQUE && db_commit(db) == ERR_UNIQUE, "a failure");
    begin(db, DB_READ);
    OK(t, db_script(db, writes[0]) == ERR_INVALID, "read-only again after a failed commit");
    db_rollback(db);
    thing_clear(db);
}

static void one_state(const struct dbtest *t, struct db *db)
{
    struct db *other = thing_open(t->where);
    begin(db, DB_READ);
    OK(t, thing_count(db) == 0, "a reader sees nothing");
    begin(other, DB_WRITE);
    OK(t, thing_add(other, "new", 1, 0, NULL) == ERR_OK && thing_count(other) == 1,
       "a writer sees its own row");
    OK(t, thing_count(db) == 0, "the reader does not");
    OK(t, db_commit(other) == ERR_OK && thing_count(db) == 0, "nor after the commit");
    OK(t, db_commit(db) == ERR_OK && thing_count_now(db) == 1, "but in the next transaction");
    db_close(other);
    thing_clear(db);
}

static void large(const struct dbtest *t, struct db *db)
{
    struct db_query *q, *scan;
    struct rusage before, after;
    begin(db, DB_READ);
    enum err err = db_prepare(db, THING_SERIES, &q);
    db_bind_int(q, 1, DB_MAX_ROWS);
    int64_t n = 0;
    while (err == ERR_OK && (err = db_step(q)) == ERR_OK) {
        n++;
    }
    OK(t, err == ERR_NOT_FOUND && n == DB_MAX_ROWS, "%d rows", DB_MAX_ROWS);
    db_finish(q);
    err = db_prepare(db, THING_SERIES, &q);
    db_bind_int(q, 1, DB_MAX_ROWS + 1);
    while (err == ERR_OK) {
        err = db_step(q);
    }
    OK(t, err == ERR_LIMIT, "one more is too many (%s)", db_message(db));
    db_rollback(db);

    getrusage(RUSAGE_SELF, &before);
    begin(db, DB_READ);
    int64_t sum = 0;
    err = db_prepare(db, THING_SERIES_SCAN, &scan);
    db_bind_int(scan, 1, 400000);
    for (n = 0; err == ERR_OK && (err = db_step(scan)) == ERR_OK; n++) {
        sum += db_int(scan, 0);
        if (n % 50000 == 0) { /* another statement between */
            OK(t, thing_count(db) == 0, "a statement beside the scan at row %d", (int)n);
        }
    }
    OK(t, err == ERR_NOT_FOUND && n == 400000 && sum == INT64_C(400000) * 400001 / 2,
       "a scan of 400,000 rows");
    db_finish(scan);
    err = db_prepare(db, THING_SERIES_SCAN, &scan);
    db_bind_int(scan, 1, 400000);
    OK(t, err == ERR_OK && db_step(scan) == ERR_OK && db_int(scan, 0) == 1, "a scan left early");
    db_finish(scan);
    OK(t, thing_count(db) == 0 && db_commit(db) == ERR_OK, "leaves the transaction in order");
    getrusage(RUSAGE_SELF, &after);
    if (!getenv("DUET_SANITIZED")) {
        OK(t, after.ru_maxrss - before.ru_maxrss < 4096, "in flat memory (%ld KiB more)",
           after.ru_maxrss - before.ru_maxrss);
    }
}

static void long_texts(const struct dbtest *t, struct db *db)
{
    size_t n = (size_t)3 << 20;
    char *text = malloc(n + 1);
    memset(text, 'x', n);
    text[n] = '\0';
    struct db_query *q;
    begin(db, DB_WRITE);
    enum err err = db_prepare(db, THING_ADD_ALL, &q);
    db_bind_text(q, 1, str_of("long"));
    db_bind_int(q, 2, 1);
    db_bind_double(q, 3, 1);
    db_bind_blob(q, 4, (struct str){text, n});
    OK(t, err == ERR_OK && db_run(q, NULL) == ERR_OK, "3 MiB go in");
    err = db_prepare(db, THING_GET, &q);
    db_bind_text(q, 1, str_of("long"));
    OK(t, err == ERR_OK && db_step(q) == ERR_OK && str_equal(db_blob(q, 2), (struct str){text, n}),
       "and come out");
    db_finish(q);
    err = db_prepare(db, THING_GET, &q);
    db_bind_text(q, 1, (struct str){text, n});
    OK(t, err == ERR_OK && db_step(q) == ERR_NOT_FOUND, "a long parameter");
    err = db_prepare(db, THING_ADD_ALL, &q);
    db_bind_blob(q, 4, (struct str){text, DB_MAX_BYTES + 1}); /* refused by its length alone */
    expect_failure(t, db, err == ERR_OK ? db_step(q) : err, ERR_LIMIT, "more than fits");
    free(text);
}

static void quoted(const struct dbtest *t, struct db *db)
{
    struct db_query *q;
    begin(db, DB_WRITE);
    OK(t, thing_add(db, "q", 7, 0, NULL) == ERR_OK, "a row");
    enum err err = db_prepare(db, THING_QUOTED, &q);
    db_bind_text(q, 1, str_of("q"));
    OK(t, err == ERR_OK && db_step(q) == ERR_OK && str_is(db_text(q, 0), "?1") && db_int(q, 1) == 7,
       "what is quoted is no parameter");
    db_rollback(db);
}

static enum err busy_at_first(struct db *db, void *ctx)
{
    int *calls = ctx;
    enum err err = thing_add(db, "again", ++*calls, 0, NULL);
    return err == ERR_OK && *calls < 3 ? ERR_BUSY : err;
}

static enum err refuse(struct db *db, void *ctx)
{
    ++*(int *)ctx;
    enum err err = thing_add(db, "refused", 1, 0, NULL);
    return err == ERR_OK ? ERR_FORBIDDEN : err;
}

static enum err always_busy(struct db *db, void *ctx)
{
    (void)db;
    ++*(int *)ctx;
    return ERR_BUSY;
}

static void transact(const struct dbtest *t, struct db *db)
{
    int calls = 0;
    OK(t, db_transact(db, DB_WRITE, busy_at_first, &calls) == ERR_OK && calls == 3,
       "busy twice, then done");
    OK(t, thing_count_now(db) == 1, "once");
    calls = 0;
    OK(t, db_transact(db, DB_WRITE, refuse, &calls) == ERR_FORBIDDEN && calls == 1,
       "another failure is told at once");
    OK(t, thing_count_now(db) == 1, "and rolled back");
    calls = 0;
    OK(t, db_transact(db, DB_READ, always_busy, &calls) == ERR_BUSY && calls == DB_ATTEMPTS,
       "%d attempts", DB_ATTEMPTS);
    thing_clear(db);
}

static void suite(const struct dbtest *t)
{
    struct db *db = thing_open(t->where);
    OK(t, db_kind(db) == t->kind && !db_warning(db) && !db_in_transaction(db), "open");
    values(t, db);
    minus_zero_and_null(t, db);
    order_and_sums(t, db);
    constraints(t, db);
    returning(t, db);
    mistakes(t, db);
    bad_parameters(t, db);
    read_only(t, db);
    one_state(t, db);
    large(t, db);
    long_texts(t, db);
    quoted(t, db);
    transact(t, db);
    begin(db, DB_WRITE);
    OK(t, thing_add(db, "open", 1, 0, NULL) == ERR_OK, "closed with a transaction open");
    db_close(db);
    db = thing_open(t->where);
    OK(t, thing_count_now(db) == 0, "it was rolled back");
    db_close(db);
    db_close(NULL);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
