/* duet import: people, rosters and evidence from files into a database. */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/dbview.h"
#include "cli/importview.h"
#include "cli/report.h"
#include "coach/coach.h"
#include "coach/frameworks.h"
#include "coach/imports.h"
#include "coach/oneroster.h"
#include "coach/roster_cell.h"
#include "db/db.h"
#include "db/migrate.h"

#include <string.h>
#include <unistd.h>

#define SHOWN 10 /* changes of one kind that are shown */

static const struct option_spec options[] = {
    {.name = "db",
     .type = OPTION_TEXT,
     .required = true,
     .value = "DATABASE",
     .help = "the database: the path of an SQLite file, or a postgresql:// address"},
    {.name = "apply",
     .type = OPTION_FLAG,
     .help = "do it; without this the command only shows what would change"},
    {.name = "skip-bad-rows",
     .type = OPTION_FLAG,
     .help = "leave out rows with problems; then nobody is taken to have left"},
    {.name = "accept-leavers",
     .type = OPTION_FLAG,
     .help = "deactivate many people at once (10 and more, over a quarter of the roster's)"},
    {.name = "all", .type = OPTION_FLAG, .help = "show every change, not the first of each kind"},
    {.name = "complete",
     .type = OPTION_FLAG,
     .help = "oneroster without a manifest: the files hold everybody"},
    {.name = "system",
     .type = OPTION_TEXT,
     .value = "NAME",
     .fallback = "what the manifest says",
     .help = "oneroster: the name of the system that it comes from; people of another one are left "
             "alone"},
    {.name = "columns",
     .type = OPTION_TEXT,
     .value = "LIST",
     .fallback = "guessed from the first line",
     .help = "people: what each column is, from the left, separated by commas: id, given_name, "
             "family_name, name, email, unit, position, role, languages, subjects, grades, "
             "free_periods, max_helps, max_learns, evaluator, active, nothing"},
    {.name = "framework",
     .type = OPTION_TEXT,
     .value = "NAME",
     .fallback = "the only one in use",
     .help = "evidence: the framework that it belongs to, by its name"},
};
static const struct option_set set = {options, 9};

/* One run of the command. */
struct running {
    struct cli *cli;
    struct coach coach;
    enum imports_kind kind;
    const char *path;
    struct imports_options options;
    struct imports_view view;
};

static enum status read_columns(struct running *running, const char *list)
{
    struct roster_cell_list words = {str_of(list), false};
    struct people_sheet_mapping *columns = &running->options.columns;
    struct str word;
    while (roster_cell_next_value(&words, &word)) {
        enum people_sheet_field field = people_sheet_field_of(word);
        if (field == PEOPLE_SHEET_FIELD__MAX) {
            return report_failure(STATUS_USAGE, "--columns: \"%.*s\" is no column; see --help",
                                  (int)word.n, word.p);
        }
        if (columns->n == PEOPLE_SHEET_MAX_COLUMNS) {
            return report_failure(STATUS_USAGE, "--columns: at most %d columns",
                                  PEOPLE_SHEET_MAX_COLUMNS);
        }
        columns->fields[columns->n++] = field;
    }
    return STATUS_OK;
}

static enum status read_options(struct running *running)
{
    const struct args *args = running->cli->args;
    const char *system = args_text(args, "system"), *columns = args_text(args, "columns");
    running->options = (struct imports_options){
        .skip_bad = args_flag(args, "skip-bad-rows"),
        .accept_leavers = args_flag(args, "accept-leavers"),
        .complete = args_flag(args, "complete"),
        .system = str_of(system ? system : ""),
    };
    if (running->options.system.n > ONEROSTER_MAX_SOURCE) {
        return report_failure(STATUS_USAGE, "--system: at most %d bytes", ONEROSTER_MAX_SOURCE);
    }
    if (!imports_kind_of(str_of(args->operands[0]), &running->kind)) {
        return report_failure(STATUS_USAGE, "\"%s\" is none of people, oneroster, evidence",
                              args->operands[0]);
    }
    running->path = args->operands[1];
    return columns ? read_columns(running, columns) : STATUS_OK;
}

/* The framework of this name, or the only one in use; evidence belongs to one. */
static enum err find_framework(struct coach *coach, void *ctx)
{
    struct running *running = ctx;
    const char *name = args_text(running->cli->args, "framework");
    struct frameworks_item *items;
    int32_t n = 0, found = 0;
    enum err err = frameworks_list(coach, str_of(""), &items, &n);
    running->options.framework_id = 0;
    for (int32_t k = 0; k < n && !err; k++) {
        bool meant = name ? str_is(items[k].words.name, name) : items[k].active;
        if (meant) {
            running->options.framework_id = items[k].id;
            found++;
        }
    }
    if (err || found == 1) {
        return err;
    }
    (void)report_failure(STATUS_USAGE,
                         found > 1 ? "say which framework with --framework NAME; there are:"
                         : name    ? "there is no framework \"%s\"; there are:"
                                   : "there is no framework in this database%s",
                         name ? name : "");
    for (int32_t k = 0; k < n; k++) {
        fprintf(stderr, "  %s\n", items[k].words.name.p);
    }
    return ERR_NOT_FOUND;
}

static enum err look(struct coach *coach, void *ctx)
{
    struct running *running = ctx;
    return imports_look_at(coach, running->kind, running->path, &running->options, &running->view);
}

static enum err apply(struct coach *coach, void *ctx)
{
    struct running *running = ctx;
    return imports_apply_from(coach, running->kind, running->path, &running->options,
                              &running->view);
}

/* What stands in the way, in the words of this command. */
static enum status stopped(const struct running *running)
{
    switch (running->view.stop) {
    case IMPORTS_STOP_ROWS:
        return report_failure(STATUS_INPUT, "nothing was changed; correct the file, or leave these "
                                            "rows out with --skip-bad-rows");
    case IMPORTS_STOP_LEAVERS:
        return report_failure(
            STATUS_INPUT,
            "nothing was changed: %s would be deactivated at once; if that is "
            "right, say --accept-leavers",
            report_many(running->view.plan->n[IMPORT_PERSON_LEAVE], "person", "people").text);
    case IMPORTS_STOP_FILE:
    case IMPORTS_STOP_WHOLE:
        return STATUS_INPUT;
    default:
        printf("Everything in this file is here already; nothing was changed.\n");
        return STATUS_OK;
    }
}

static enum status show(struct running *running, bool applied)
{
    struct cli *cli = running->cli;
    const struct imports_view *view = &running->view;
    int limit = args_flag(cli->args, "all") ? 0 : SHOWN;
    importview_problems(cli, view);
    if (!applied) {
        importview_columns(cli, view);
    }
    importview_changes(cli, view, limit);
    if (applied && view->stop == IMPORTS_GO) {
        printf("\nDone: everything above is in the database.\n");
        return STATUS_OK;
    }
    if (applied || view->stop != IMPORTS_GO) {
        return stopped(running);
    }
    printf("\nThis was only a look. Say --apply to do it.\n");
    return STATUS_OK;
}

static enum status import_into(struct running *running)
{
    struct coach *coach = &running->coach;
    bool applies = args_flag(running->cli->args, "apply");
    enum err err = ERR_OK;
    if (running->kind == IMPORTS_EVIDENCE) {
        err = coach_transact(coach, COACH_READ, find_framework, running);
        if (err == ERR_NOT_FOUND) {
            return STATUS_USAGE;
        }
    }
    if (!err) {
        err = coach_transact(coach, applies ? COACH_WRITE : COACH_READ, applies ? apply : look,
                             running);
    }
    if (err && err != ERR_REFUSED) {
        return err == ERR_NOMEM || err == ERR_LIMIT
                   ? report_error(err, "reading the file")
                   : dbview_failure(err, "nothing was changed (%s: %s)", err_name(err),
                                    coach_message(coach));
    }
    return show(running, applies);
}

static enum status import_run(struct cli *cli)
{
    struct running running = {.cli = cli};
    const char *where = args_text(cli->args, "db");
    char message[DB_MAX_MESSAGE];
    struct db *db;
    int version = 0;
    enum status status = read_options(&running);
    if (status != STATUS_OK) {
        return status;
    }
    if (!strstr(where, "://") && access(where, F_OK) != 0) {
        return report_failure(STATUS_INPUT, "there is no database %s; duet db migrate makes one",
                              where);
    }
    enum err err = coach_connect(where, &db, message, sizeof message);
    if (err != ERR_OK) {
        return dbview_failure(err, "%s", message);
    }
    err = migrate_version(db, &version);
    if (err != ERR_OK) {
        status = dbview_failure(err, "%s: %s", where, db_message(db));
    } else if (version != migrate_latest()) {
        status = report_failure(STATUS_INPUT, "%s is not up to date; run duet db migrate %s first",
                                where, where);
    } else {
        coach_init(&running.coach, db, cli->arena, coach_clock_ms());
        coach_act_as_system(&running.coach);
        status = import_into(&running);
    }
    coach_disconnect(db);
    return status;
}

const struct command cmd_import = {
    .name = "import",
    .summary = "bring people, rosters or evidence from files into a database",
    .description =
        "people reads a spreadsheet saved as CSV: a person in each row. Columns are recognised by "
        "their names in several languages, or said with --columns.\n\n"
        "oneroster reads a OneRoster export, version 1.1 or 1.2, as a zip or a folder. Rows of "
        "students, parents and guardians are dropped unread. People of this roster who are not in "
        "it any more are deactivated, never deleted; people from elsewhere are left alone.\n\n"
        "evidence reads the evidence file of duet match; people and skills must be in the "
        "database.\n\n"
        "Without --apply the command shows what would change and what is wrong with which line. "
        "With it all of that is done, or nothing. The same file twice changes nothing, so that a "
        "nightly run does no harm.",
    .examples = "duet import people staff.csv --db duet.db\n"
                "duet import oneroster export.zip --db duet.db --apply\n"
                "duet import evidence evidence.csv --db duet.db --apply",
    .operands = {{.name = "KIND", .required = true, .help = "people, oneroster or evidence"},
                 {.name = "FILE", .required = true, .help = "a CSV file; a zip or a folder"}},
    .sets = {&set},
    .run = import_run,
};
