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

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
