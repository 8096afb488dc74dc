/* Every statement of the program is one that both databases understand, in its own transaction
 * mode. */
#include "coach/sql.h"
#include "coachtest.h"

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    int n = 0;
    coachtest_open(&c, t);
    for (int id = 0; id < SQL__MAX; id++) {
        struct db_query *q;
        bool write = coach_sql[id].mode == DB_WRITE;
        enum err err = db_begin(c.db, write ? DB_WRITE : DB_READ);
        err = err ? err : db_prepare(c.db, id, &q);
        n += err == ERR_OK;
        if (err) {
            tap_ok(false, "%s: %s: %s", c.name, coach_sql[id].name, db_message(c.db));
        } else {
            db_finish(q);
        }
        db_rollback(c.db);
    }
    tap_ok(n == SQL__MAX, "%s: %d statements of %d are understood", c.name, n, SQL__MAX);
    int unnamed = 0;
    for (int id = 0; id < SQL__MAX; id++) {
        unnamed += !coach_sql[id].name || !coach_sql[id].sql;
        for (int other = 0; other < id; other++) {
            unnamed += strcmp(coach_sql[id].name, coach_sql[other].name) == 0;
        }
    }
    tap_ok(unnamed == 0, "%s: each has a name of its own", c.name);
    coachtest_close(&c);
}

/* Whether a statement writes to one of the tables that say who offers what in a unit; of people,
 * names and leaving count. */
static bool touches_helpers(const char *sql)
{
    static const char *const writes[] = {"INSERT INTO offer ",  "UPDATE offer ",
                                         "DELETE FROM offer ",  "INSERT INTO membership ",
                                         "UPDATE membership ",  "DELETE FROM membership ",
                                         "INSERT INTO person ", "DELETE FROM person "};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        if (strstr(sql, writes[i])) {
            return true;
        }
    }
    return strstr(sql, "UPDATE person ") &&
           (strstr(sql, "given_name") || strstr(sql, "family_name") || strstr(sql, "active = "));
}

static void test_helpers(void)
{
    int n = 0;
    for (int id = 0; id < SQL__MAX; id++) {
        bool touches = coach_sql[id].mode == DB_WRITE && touches_helpers(coach_sql[id].sql);
        if (touches != sql_changes_helpers((enum sql_id)id)) {
            tap_ok(false, "%s: %s", coach_sql[id].name, touches ? "changes helpers" : "does not");
        }
        n += touches;
    }
    tap_ok(n > 5, "%d statements change who helps, and say so", n);
}

int main(void)
{
    dbtest_both(suite);
    test_helpers();
    return tap_done();
}
