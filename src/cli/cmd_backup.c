/* duet backup and duet restore. */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/dbview.h"
#include "cli/report.h"
#include "db/backup.h"
#include "db/db.h"

#include <stdio.h>

static const struct option_spec backup_options[] = {
    {.name = "db",
     .type = OPTION_TEXT,
     .required = true,
     .value = "WHERE",
     .help = "the database: the path of an SQLite file, or postgresql://USER@HOST/DATABASE"},
    {.name = "out",
     .type = OPTION_TEXT,
     .required = true,
     .value = "FILE",
     .help = "the file to write, an SQLite file whatever the database is"},
    {.name = "force", .type = OPTION_FLAG, .help = "replace a file that is there"},
};
static const struct option_set backup_set = {backup_options, 3};

static enum status backup_run(struct cli *cli)
{
    struct copy_report report;
    char message[DB_MAX_MESSAGE];
    const char *file = args_text(cli->args, "out");
    enum err err = backup_write(args_text(cli->args, "db"), file, args_flag(cli->args, "force"),
                                cli->arena, &report, message, sizeof message);
    if (err != ERR_OK) {
        return dbview_failure(err, "no backup was written: %s", message);
    }
    printf("%s: %s in %s, read again and found sound.\n", file,
           report_many(report.n_rows, "row", "rows").text,
           report_many(report.n_tables, "table", "tables").text);
    return STATUS_OK;
}

const struct command cmd_backup = {
    .name = "backup",
    .summary = "write everything in a database to one file while Duet runs",
    .description =
        "Takes the database as it stands at one moment; people go on working meanwhile. The file "
        "gets its name only after it was opened again, its pages and references were checked, and "
        "the number of rows and a checksum of every table agreed with the database. It can be read "
        "by its owner only: it holds what people said and can do. Keep it on another machine, and "
        "encrypted.",
    .examples = "duet backup --db duet.db --out duet-$(date +%F).db",
    .sets = {&backup_set},
    .run = backup_run,
};

static const struct option_spec restore_options[] = {
    {.name = "db",
     .type = OPTION_TEXT,
     .required = true,
     .value = "WHERE",
     .help = "where to put it: a path, or an empty PostgreSQL database"},
    {.name = "force",
     .type = OPTION_FLAG,
     .help = "replace the SQLite database that is there; Duet must be stopped"},
};
static const struct option_set restore_set = {restore_options, 2};

static enum status restore_run(struct cli *cli)
{
    struct copy_report report;
    char message[DB_MAX_MESSAGE];
    const char *where = args_text(cli->args, "db");
    enum err err = backup_restore(cli->args->operands[0], where, args_flag(cli->args, "force"),
                                  cli->arena, &report, message, sizeof message);
    if (err != ERR_OK) {
        return dbview_failure(err, "nothing was restored: %s", message);
    }
    dbview_report(cli, &report);
    printf("\n%s is restored.\n", cli->args->operands[0]);
    return STATUS_OK;
}

const struct command cmd_restore = {
    .name = "restore",
    .summary = "put a backup in place as the database",
    .description =
        "The backup is checked first, then written beside its place and checked again, and only "
        "then takes the place of what was there, all at once. Without --force nothing that is "
        "there "
        "is touched. A backup of an older Duet is brought up to date when Duet starts.",
    .examples = "duet restore duet-2026-11-24.db --db duet.db",
    .operands = {{.name = "FILE", .required = true, .help = "the backup"}},
    .sets = {&restore_set},
    .run = restore_run,
};
