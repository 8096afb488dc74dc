/* duet db: bringing a database up to date, checking it, moving everything to another. */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/dbview.h"
#include "cli/report.h"
#include "db/backup.h"
#include "db/copy.h"
#include "db/db.h"
#include "db/migrate.h"

#include <string.h>
#include <unistd.h>

static const char *const actions[] = {"migrate", "check", "copy"};
enum action { MIGRATE, CHECK, COPY, ACTION__MAX };

static enum status db_migrate(struct cli *cli, const char *where)
{
    struct db *db;
    int from, to;
    enum status status = dbview_open(where, &db);
    if (status != STATUS_OK) {
        return status;
    }
    enum err err = migrate_run(db, 0, &from, &to);
    if (err != ERR_OK) {
        status = dbview_failure(err, "%s: %s", db_place(db), db_message(db));
    } else if (from == to) {
        printf("%s is up to date (migration %d).\n", db_place(db), to);
    } else if (from == 0) {
        printf("%s is ready (migration %d).\n", db_place(db), to);
    } else {
        printf("%s was brought from migration %d to %d.\n", db_place(db), from, to);
    }
    (void)cli;
    db_close(db);
    return status;
}

static enum status db_check(struct cli *cli, const char *where)
{
    struct copy_report report;
    char message[DB_MAX_MESSAGE];
    int version;
    if (db_is_address(where)) {
        return report_failure(
            STATUS_USAGE, "check reads SQLite files; a PostgreSQL server keeps watch over its own. "
                          "duet db copy reads all of it through, into a file that can be checked");
    }
    enum err err = backup_check(where, cli->arena, &report, &version, message, sizeof message);
    if (err != ERR_OK) {
        return dbview_failure(err, "%s", message);
    }
    dbview_report(cli, &report);
    printf("\n%s is sound (migration %d%s).\n", where, version,
           version < migrate_latest() ? "; duet db migrate brings it up to date" : "");
    return STATUS_OK;
}

static enum status db_copy(struct cli *cli, const char *from, const char *to)
{
    struct db *source, *target;
    struct copy_report report;
    char message[DB_MAX_MESSAGE];
    enum status status = dbview_open_existing(from, &source);
    if (status != STATUS_OK) {
        return status;
    }
    status = dbview_open(to, &target);
    if (status == STATUS_OK) {
        enum err err = copy_database(source, target, cli->arena, &report, message, sizeof message);
        if (err != ERR_OK) {
            status = dbview_failure(err, "nothing was copied: %s", message);
        } else {
            dbview_report(cli, &report);
            printf("\nEverything is in %s; counts and checksums agree.\n", db_place(target));
        }
        db_close(target);
    }
    db_close(source);
    return status;
}

static enum status db_run_command(struct cli *cli)
{
    const char *const *words = cli->args->operands;
    int action = 0;
    while (action < ACTION__MAX && strcmp(words[0], actions[action]) != 0) {
        action++;
    }
    if (action == ACTION__MAX) {
        return report_failure(STATUS_USAGE, "\"%s\" is none of migrate, check, copy", words[0]);
    }
    if (action == COPY && !words[2]) {
        return report_failure(STATUS_USAGE, "copy needs two databases: FROM and TO");
    }
    if (action != COPY && words[2]) {
        return report_failure(STATUS_USAGE, "%s takes one database", words[0]);
    }
    return action == MIGRATE ? db_migrate(cli, words[1])
           : action == CHECK ? db_check(cli, words[1])
                             : db_copy(cli, words[1], words[2]);
}

const struct command cmd_db = {
    .name = "db",
    .summary = "bring a database up to date, check it, or copy it to another",
    .description =
        "A database is the path of an SQLite file, or postgresql://USER@HOST/DATABASE.\n\n"
        "migrate brings a database to the tables of this program; a new one is made where there is "
        "none. Everything stays; there is no way back but a backup.\n\n"
        "check reads an SQLite file through, follows every reference and counts.\n\n"
        "copy moves everything from a database to an empty one of either kind and compares counts "
        "and checksums of every table before it says that it is done. Stop Duet first, or what is "
        "written meanwhile stays behind.\n\n"
        "A password belongs into the file ~/.pgpass or the variable PGPASSWORD, not into the "
        "address, where others on the machine can see it.",
    .examples = "duet db migrate duet.db\nduet db check duet.db\n"
                "duet db copy duet.db postgresql://duet@localhost/duet",
    .operands = {{.name = "ACTION", .required = true, .help = "migrate, check or copy"},
                 {.name = "DATABASE",
                  .required = true,
                  .help = "the database; for copy, the one to copy from"},
                 {.name = "TO", .help = "the database to copy to, which must be empty"}},
    .run = db_run_command,
};
