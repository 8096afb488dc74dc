/* The audit: what is kept on commit and rollback, a chain that shows every change, writers side by
 * side. */
#include "coach/audit.h"
#include "base/rng.h"
#include "coachtest.h"

#include <sys/wait.h>

static struct allow_object about(int64_t owner, int64_t id)
{
    return allow_of(ALLOW_ON_ACCOUNT, owner, id);
}

static int64_t count(struct coachtest *c)
{
    return coachtest_number(c, "SELECT count(*) FROM audit");
}

static enum err two_then(struct coachtest *c, int64_t owner, enum err result)
{
    coachtest_must(c, audit_note(&c->coach, ALLOW_EDIT, about(owner, 1), ""), "note");
    coachtest_must(c, audit_note_refused(&c->coach, ALLOW_VIEW, about(owner, 2)), "note");
    return result;
}

static void test_transactions(struct coachtest *c)
{
    int64_t ann = coachtest_person(c, "Ann", "Abel"), before = count(c);
    tap_ok(coachtest_write(c, two_then(c, ann, ERR_OK)) == ERR_OK && count(c) == before + 2,
           "%s: a commit writes both entries", c->name);
    tap_ok(coachtest_write(c, two_then(c, ann, ERR_CONFLICT)) == ERR_CONFLICT &&
               count(c) == before + 2,
           "%s: a rollback writes none", c->name);
    tap_ok(coach_settle(&c->coach) == ERR_OK && count(c) == before + 3,
           "%s: what was refused is written afterwards, what was not done is not", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM audit WHERE result = 'refused'") == 2,
           "%s: as a refusal", c->name);
    tap_ok(coach_settle(&c->coach) == ERR_OK && count(c) == before + 3,
           "%s: settling twice writes nothing twice", c->name);
    tap_ok(coachtest_read(c, two_then(c, ann, ERR_OK)) == ERR_OK && count(c) == before + 3 &&
               coach_settle(&c->coach) == ERR_OK && count(c) == before + 5,
           "%s: a read leaves both to be settled", c->name);
    coachtest_begin(c, COACH_WRITE);
    int noted = 0;
    for (int i = 0; i < 3000; i++) {
        noted += audit_note(&c->coach, ALLOW_ADD, about(ann, 100 + i), "import") == ERR_OK;
    }
    tap_ok(noted == 3000 && coachtest_end(c, ERR_OK) == ERR_OK && count(c) == before + 3005,
           "%s: thousands of entries in one transaction", c->name);
}

struct attempts {
    int n;
    int busy; /* runs that are told to be busy */
};

static enum err refuse_while_busy(struct coach *coach, void *ctx)
{
    struct attempts *a = ctx;
    enum err err = audit_note_refused(coach, ALLOW_VIEW, about(1, 7));
    a->n++;
    return err ? err : a->n <= a->busy ? ERR_BUSY : ERR_FORBIDDEN;
}

static void test_retries(struct coachtest *c)
{
    struct attempts a = {.busy = 3};
    int64_t before = count(c);
    enum err err = coach_transact(&c->coach, COACH_WRITE, refuse_while_busy, &a);
    tap_ok(err == ERR_FORBIDDEN && a.n == 4, "%s: a busy database is tried again", c->name);
    tap_ok(coach_settle(&c->coach) == ERR_OK && count(c) == before + 1,
           "%s: and what was refused is written once", c->name);
    a = (struct attempts){.busy = 1000};
    err = coach_transact(&c->coach, COACH_WRITE, refuse_while_busy, &a);
    tap_ok(err == ERR_BUSY && a.n == DB_ATTEMPTS, "%s: not for ever", c->name);
    coachtest_must(c, coach_settle(&c->coach), "settle");
}

/* ---- the chain ---- */

static void allow_changes(struct coachtest *c)
{
    coachtest_script(c, c->t->kind == DB_SQLITE
                            ? "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;"
                            : "DROP TRIGGER audit_no_update ON audit;");
}

static enum err verify(struct coachtest *c, struct audit_report *report)
{
    coachtest_as_system(c);
    return coachtest_read(c, audit_verify(&c->coach, report));
}

static void test_chain(struct coachtest *c)
{
    static const struct {
        const char *what, *change, *back;
    } cases[] = {
        {"another time", "UPDATE audit SET at_ms = at_ms + 1 WHERE id = 5",
         "UPDATE audit SET at_ms = at_ms - 1 WHERE id = 5"},
        {"another person", "UPDATE audit SET actor_id = 999 WHERE id = 5",
         "UPDATE audit SET actor_id = NULL WHERE id = 5"},
        {"another owner", "UPDATE audit SET owner_id = owner_id + 1 WHERE id = 5",
         "UPDATE audit SET owner_id = owner_id - 1 WHERE id = 5"},
        {"another object", "UPDATE audit SET object_id = object_id + 1 WHERE id = 5",
         "UPDATE audit SET object_id = object_id - 1 WHERE id = 5"},
        {"another verb", "UPDATE audit SET verb = 'x' || verb WHERE id = 5",
         "UPDATE audit SET verb = substr(verb, 2) WHERE id = 5"},
        {"another detail", "UPDATE audit SET detail = 'x' || detail WHERE id = 5",
         "UPDATE audit SET detail = substr(detail, 2) WHERE id = 5"},
        {"a letter moved from one field to the next",
         "UPDATE audit SET verb = verb || substr(object, 1, 1), object = substr(object, 2) "
         "WHERE id = 5",
         "UPDATE audit SET object = substr(verb, length(verb)) || object, "
         "verb = substr(verb, 1, length(verb) - 1) WHERE id = 5"},
        {"an entry too many",
         "INSERT INTO audit (id, at_ms, verb, object, object_id, result, hash) "
         "SELECT 100000, at_ms, verb, object, object_id, result, CAST('x' AS BYTEA) FROM audit "
         "WHERE id = 5",
         "DELETE FROM audit WHERE id = 100000"},
    };
    struct audit_report report = {0};
    enum err err = verify(c, &report);
    tap_ok(err == ERR_OK && report.n_entries == count(c) && report.broken_id == 0,
           "%s: the chain holds", c->name);
    allow_changes(c);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char change[400];
        snprintf(change, sizeof change, "%s", cases[i].change);
        char *bytea = strstr(change, "BYTEA");
        if (bytea && c->t->kind == DB_SQLITE) {
            memcpy(bytea, "BLOB ", 5);
        }
        coachtest_script(c, change);
        err = verify(c, &report);
        tap_ok(err == ERR_REFUSED && report.broken_id == (bytea ? 100000 : 5), "%s: %s is seen",
               c->name, cases[i].what);
        coachtest_script(c, cases[i].back);
        err = verify(c, &report);
        tap_ok(err == ERR_OK, "%s: and that it is put right", c->name);
    }
    coachtest_script(c, "DELETE FROM audit WHERE id = 6");
    tap_ok(verify(c, &report) == ERR_REFUSED && report.broken_id == 7,
           "%s: an entry that is missing is seen", c->name);
}

static void test_database_refuses(struct coachtest *c)
{
    static const struct db_sql table[] = {
        {"CHANGE", DB_WRITE, "UPDATE audit SET at_ms = 0 WHERE id = 1", NULL},
        {"DELETE", DB_WRITE, "DELETE FROM audit WHERE id = 1", NULL}};
    struct db *db = dbtest_open(c->t, table, 2);
    for (int i = 0; i < 2; i++) {
        struct db_query *q;
        coachtest_must(c, db_begin(db, DB_WRITE), "begin");
        coachtest_must(c, db_prepare(db, i, &q), "prepare");
        tap_ok(db_run(q, NULL) == ERR_CHECK, "%s: the database refuses to %s an entry", c->name,
               i ? "delete" : "change");
        db_rollback(db);
    }
    db_close(db);
}

/* ---- reading ---- */

static void test_reading(struct coachtest *c)
{
    int64_t unit = coachtest_unit(c, 0, UNIT_ORGANISATION, "All");
    int64_t owner = coachtest_person(c, "Olga", "Owner"), other = coachtest_person(c, "Otto", "");
    int64_t admin = coachtest_person(c, "Ada", "Admin");
    struct audit_list list = {0};
    coachtest_role(c, admin, unit, ROLE_ADMINISTRATOR);
    for (int i = 0; i < 120; i++) {
        coachtest_as(c, i % 2 ? other : owner);
        coachtest_begin(c, COACH_WRITE);
        enum err err =
            audit_note(&c->coach, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, owner, 1000 + i), "");
        coachtest_must(c, coachtest_end(c, err), "note");
    }
    coachtest_as(c, owner);
    int n = 0, wrong = 0, pages = 0;
    int64_t before = 0;
    do {
        coachtest_must(c, coachtest_read(c, audit_of_person(&c->coach, owner, before, &list)),
                       "read");
        for (size_t i = 0; i < list.n; i++) {
            if (str_is(list.items[i].verb, "view")) {
                n++;
                wrong +=
                    list.items[i].actor_id != other || !str_is(list.items[i].actor_name, "Otto");
            }
        }
        before = list.before_id;
        pages++;
    } while (before && pages < 20);
    tap_ok(n == 60 && wrong == 0 && pages == 2,
           "%s: the owner reads what others opened, not what they did themselves (%d)", c->name, n);
    coachtest_as(c, other);
    tap_ok(coachtest_read(c, audit_of_person(&c->coach, owner, 0, &list)) == ERR_FORBIDDEN,
           "%s: nobody else does", c->name);
    tap_ok(coachtest_read(c, audit_all(&c->coach, 0, &list)) == ERR_FORBIDDEN,
           "%s: the log is not for everybody", c->name);
    coachtest_as(c, admin);
    tap_ok(coachtest_read(c, audit_all(&c->coach, 0, &list)) == ERR_OK && list.n == AUDIT_PAGE &&
               list.before_id,
           "%s: administrators read it page by page", c->name);
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO evaluator (evaluator_id, person_id, created_ms) VALUES (%lld, %lld, 1)",
             (long long)admin, (long long)owner);
    coachtest_script(c, sql);
    coachtest_must(c, coachtest_read(c, audit_all(&c->coach, 0, &list)), "read");
    wrong = 0;
    for (size_t i = 0; i < list.n; i++) {
        wrong += str_is(list.items[i].object, "zones");
    }
    tap_ok(wrong == 0, "%s: but nothing of the coaching of people whom they evaluate", c->name);
    coachtest_as_system(c);
}

/* ---- writers side by side ---- */

#define WRITERS 4
#define EACH 25

static enum err note_one(struct coach *coach, void *ctx)
{
    int64_t *n = ctx;
    return audit_note(coach, ALLOW_EDIT, about(1, *n), "side by side");
}

static int writer(const struct dbtest *t, int w)
{
    struct coachtest c = {.t = t, .name = t->name};
    c.db = coachtest_connect(&c);
    int failed = 0;
    for (int64_t i = 0; i < EACH; i++) {
        int64_t id = 1000000 * (w + 1) + i;
        coach_init(&c.coach, c.db, arena_new(0), COACHTEST_NOW);
        coach_act_as_system(&c.coach);
        enum err err = coach_transact(&c.coach, COACH_WRITE, note_one, &id);
        if (i % 3 == 0 && !err) { /* and one by way of a read */
            err = coachtest_read(&c, audit_note(&c.coach, ALLOW_VIEW, about(1, id), "read"));
            err = err ? err : coach_settle(&c.coach);
        }
        failed += err != ERR_OK;
        arena_free(c.coach.arena);
    }
    coach_disconnect(c.db);
    return failed;
}

static void test_side_by_side(struct coachtest *c)
{
    pid_t pids[WRITERS];
    int failed = 0;
    fflush(stdout);
    for (int w = 0; w < WRITERS; w++) {
        pids[w] = fork();
        if (pids[w] == 0) {
            _exit(writer(c->t, w));
        }
    }
    for (int w = 0; w < WRITERS; w++) {
        int status = 0;
        waitpid(pids[w], &status, 0);
        failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    struct audit_report report = {0};
    tap_ok(failed == 0, "%s: no writer had to give up", c->name);
    tap_ok(verify(c, &report) == ERR_OK, "%s: %d writers make one chain", c->name, WRITERS);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM audit WHERE detail = 'side by side'") ==
                   WRITERS * EACH &&
               coachtest_number(c, "SELECT count(*) FROM audit WHERE detail = 'read'") ==
                   WRITERS * ((EACH + 2) / 3),
           "%s: with all entries, each once", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    test_transactions(&c);
    test_retries(&c);
    test_database_refuses(&c);
    test_reading(&c);
    test_side_by_side(&c);
    test_chain(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
