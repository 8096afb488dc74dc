/* duet demo: a made-up district to try everything on, as files or in a database. */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/csvout.h"
#include "cli/dbview.h"
#include "cli/demo.h"
#include "cli/demo_fill.h"
#include "cli/outfile.h"
#include "cli/report.h"
#include "coach/coach.h"
#include "db/db.h"
#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_ROOM 4096

static const struct option_spec options[] = {
    {.name = "people",
     .type = OPTION_NUMBER,
     .value = "N",
     .min = DEMO_MIN_PEOPLE,
     .max = DEMO_MAX_PEOPLE,
     .initial = "120",
     .help = "how many people"},
    {.name = "seed",
     .type = OPTION_NUMBER,
     .value = "S",
     .min = 0,
     .max = INT64_MAX,
     .initial = "1",
     .help = "another number makes another district, the same number the same one"},
    {.name = "force",
     .type = OPTION_FLAG,
     .help = "write into a folder that is not empty; files of the same names are replaced"},
    {.name = "db",
     .type = OPTION_TEXT,
     .value = "DATABASE",
     .help =
         "fill an empty database instead: the path of an SQLite file, or a postgresql:// address"},
    {.name = "url",
     .type = OPTION_TEXT,
     .value = "URL",
     .initial = "http://127.0.0.1:8080",
     .help = "where Duet is served, for the links to sign in with"},
    {.name = "refit",
     .type = OPTION_FLAG,
     .help = "with --db: fit the estimates of all people together now, half a minute for 2,000; "
             "without, the server does it in the background"},
};
static const struct option_set set = {options, 6};

/* Makes the folder, or checks that an existing one is empty. */
static enum status prepare(const char *folder, bool force)
{
    if (mkdir(folder, 0777) == 0) {
        return STATUS_OK;
    }
    if (errno != EEXIST) {
        return report_failure(STATUS_IO, "%s: the folder cannot be made: %s", folder,
                              strerror(errno));
    }
    DIR *dir = opendir(folder);
    if (!dir) {
        return report_failure(STATUS_IO, "%s: %s", folder, strerror(errno));
    }
    bool empty = true;
    for (const struct dirent *entry; empty && (entry = readdir(dir)) != NULL;) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    closedir(dir);
    if (!empty && !force) {
        return report_failure(STATUS_USAGE,
                              "%s is not empty; choose another folder, or say --force", folder);
    }
    return STATUS_OK;
}

static enum status write_file(struct cli *cli, struct demo *demo, const char *folder,
                              const char *name, void (*writer)(struct demo *, struct csvout *))
{
    char path[PATH_ROOM];
    struct outfile *file;
    struct csvout csv;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path) {
        return report_failure(STATUS_USAGE, "the name of the folder is too long");
    }
    enum err err = outfile_open(&file, path);
    if (err != ERR_OK) {
        return command_status_of(err);
    }
    csvout_begin(&csv, cli->arena, outfile_stream(file));
    writer(demo, &csv);
    err = csvout_end(&csv);
    if (err != ERR_OK) {
        outfile_discard(file);
        return report_error(err, path);
    }
    return command_status_of(outfile_commit(file));
}

static enum status make(struct cli *cli, struct demo *demo)
{
    enum err err = demo_make(cli->arena, (uint64_t)args_number(cli->args, "seed"),
                             (int32_t)args_number(cli->args, "people"), demo);
    return err == ERR_OK ? STATUS_OK : report_error(err, "making the district");
}

/* ---- a database ---- */

static enum status fill(struct cli *cli, struct coach *coach)
{
    struct demo demo;
    struct demo_filled filled;
    enum status status = make(cli, &demo);
    if (status != STATUS_OK) {
        return status;
    }
    enum err err = demo_fill(coach, &demo, args_text(cli->args, "url"),
                             args_flag(cli->args, "refit"), &filled);
    if (err != ERR_OK) {
        return dbview_failure(err,
                              "the database could not be filled (%s: %s); make a new one and try "
                              "again",
                              err_name(err), coach_message(coach));
    }
    report_paragraph(
        stdout, &cli->out, 0, "A made-up district of %s in %s is in %s, with %s.",
        report_many(demo.n_people, "person", "people").text,
        report_many(demo.n_schools, "school", "schools").text, args_text(cli->args, "db"),
        report_many((int32_t)filled.n_evidence, "piece of evidence", "pieces of evidence").text);
    return STATUS_OK;
}

static enum status print_links(struct cli *cli, struct coach *coach)
{
    struct demo_persona personas[DEMO_ROLE__MAX];
    enum err err = demo_personas(coach, personas);
    if (err != ERR_OK) {
        return dbview_failure(err, "the links could not be made: %s", coach_message(coach));
    }
    report_heading(stdout, &cli->out, "Sign in as");
    for (int role = 0; role < DEMO_ROLE__MAX; role++) {
        printf("  %-13s  %s\n                 %s/welcome/%s\n",
               demo_role_word((enum demo_role)role), personas[role].name.p,
               args_text(cli->args, "url"), personas[role].key.p);
    }
    return STATUS_OK;
}

static enum status into_database(struct cli *cli, struct coach *coach)
{
    enum demo_state state;
    enum err err = demo_look(coach, &state);
    if (err != ERR_OK) {
        return dbview_failure(err, "the database could not be read: %s", coach_message(coach));
    }
    if (state == DEMO_STATE_OTHER) {
        return report_failure(STATUS_INPUT,
                              "%s is not empty; name a new database for the demonstration",
                              args_text(cli->args, "db"));
    }
    enum status status = state == DEMO_STATE_EMPTY ? fill(cli, coach) : STATUS_OK;
    return status != STATUS_OK ? status : print_links(cli, coach);
}

static enum status demo_database(struct cli *cli, const char *where)
{
    struct coach coach;
    struct db *db;
    char message[DB_MAX_MESSAGE];
    int from, to;
    enum err err = coach_connect(where, &db, message, sizeof message);
    if (err != ERR_OK) {
        return dbview_failure(err, "%s", message);
    }
    enum status status;
    err = migrate_run(db, 0, &from, &to);
    if (err != ERR_OK) {
        status = dbview_failure(err, "%s: %s", where, db_message(db));
    } else {
        coach_init(&coach, db, cli->arena, coach_clock_ms());
        coach_act_as_system(&coach);
        status = into_database(cli, &coach);
    }
    coach_disconnect(db);
    return status;
}

/* ---- files ---- */

static enum status demo_files(struct cli *cli, const char *folder)
{
    static const struct {
        const char *name;
        void (*writer)(struct demo *, struct csvout *);
    } files[] = {
        {"people.csv", demo_write_people},     {"skills.csv", demo_write_skills},
        {"evidence.csv", demo_write_evidence}, {"needs.csv", demo_write_needs},
        {"offers.csv", demo_write_offers},     {"rules.csv", demo_write_rules},
    };
    struct demo demo;
    enum status status = prepare(folder, args_flag(cli->args, "force"));
    status = status == STATUS_OK ? make(cli, &demo) : status;
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        status = write_file(cli, &demo, folder, files[i].name, files[i].writer);
        if (status != STATUS_OK) {
            return status;
        }
    }
    report_paragraph(stdout, &cli->out, 0,
                     "A made-up district of %s in %s is in %s: people.csv, skills.csv, "
                     "evidence.csv, needs.csv, offers.csv and rules.csv. Any spreadsheet program "
                     "opens them.",
                     report_many(demo.n_people, "person", "people").text,
                     report_many(demo.n_schools, "school", "schools").text, folder);
    report_heading(stdout, &cli->out, "Next");
    printf("  duet zone --from %s                what each person can do\n"
           "  duet zone --from %s --person p010  one person\n"
           "  duet match --from %s               who should work with whom\n",
           folder, folder, folder);
    return STATUS_OK;
}

static enum status demo_run(struct cli *cli)
{
    const char *folder = cli->args->operands[0], *where = args_text(cli->args, "db");
    if (!folder == !where) {
        return report_failure(STATUS_USAGE, "demo needs a folder to write to, or --db DATABASE");
    }
    return folder ? demo_files(cli, folder) : demo_database(cli, where);
}

const struct command cmd_demo = {
    .name = "demo",
    .summary = "make up a district to try everything on",
    .description =
        "Writes people.csv, skills.csv, evidence.csv, needs.csv, offers.csv and rules.csv into the "
        "folder DIR, which is made when it is not there. All names and ratings are made up; the "
        "same seed gives the same district everywhere.\n\n"
        "The files are also a pattern for your own: same names, same columns.\n\n"
        "With --db, the district goes into an empty database instead: schools, people with roles "
        "and profiles, two frameworks of skills, evidence of the last twelve weeks, needs and "
        "offers; and links are printed to sign in as a teacher, a coordinator and an "
        "administrator. A database that has the demonstration already gets new links only; any "
        "other that is not empty is refused.",
    .examples = "duet demo district\nduet demo big --people 5000 --seed 7\n"
                "duet demo --db duet.db",
    .operands = {{.name = "DIR", .help = "the folder to write to"}},
    .sets = {&set},
    .run = demo_run,
};
