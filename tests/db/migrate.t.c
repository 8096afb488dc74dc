/* Tests of src/db/migrate.c: a fresh database, twice, what is refused, and from every version. */
#include "db/migrate.h"
#include "db/dbtest.h"
#include "db/migrate_list.h"

static void fresh(const struct dbtest *t)
{
    struct db *db = dbtest_open(t, NULL, 0);
    int version = -1, from = -1, to = -1;
    tap_ok(migrate_version(db, &version) == ERR_OK && version == 0, "%s: empty is version 0",
           t->name);
    tap_ok(migrate_run(db, 0, &from, &to) == ERR_OK && from == 0 && to == migrate_latest(),
           "%s: from nothing to the latest (%s)", t->name, db_message(db));
    tap_ok(migrate_version(db, &version) == ERR_OK && version == to, "%s: and stands there",
           t->name);
    tap_ok(migrate_run(db, 0, &from, &to) == ERR_OK && from == to && to == migrate_latest(),
           "%s: a second time nothing happens", t->name);
    db_close(db);
}

int main(void)
{
    dbtest_both(fresh);
    return tap_done();
}
