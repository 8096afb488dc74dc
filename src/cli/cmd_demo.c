/* duet demo: a made-up district to try everything on. */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/csvout.h"
#include "cli/demo.h"
#include "cli/outfile.h"
#include "cli/report.h"

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
};
static const struct option_set set = {options, 3};

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

static enum status demo_run(struct cli *cli)
{
    static const struct {
        const char *name;
        void (*writer)(struct demo *, struct csvout *);
    } files[] = {
        {"people.csv", demo_write_people},     {"skills.csv", demo_write_skills},
        {"evidence.csv", demo_write_evidence}, {"needs.csv", demo_write_needs},
        {"offers.csv", demo_write_offers},     {"rules.csv", demo_write_rules},
    };
    const char *folder = cli->args->operands[0];
    struct demo demo;
    enum status status = prepare(folder, args_flag(cli->args, "force"));
    if (status != STATUS_OK) {
        return status;
    }
    enum err err = demo_make(cli->arena, (uint64_t)args_number(cli->args, "seed"),
                             (int32_t)args_number(cli->args, "people"), &demo);
    if (err != ERR_OK) {
        return report_error(err, "making the district");
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

const struct command cmd_demo = {
    .name = "demo",
    .summary = "make up a district to try everything on",
    .description =
        "Writes people.csv, skills.csv, evidence.csv, needs.csv, offers.csv and rules.csv into the "
        "folder DIR, which is made when it is not there. All names and ratings are made up; the "
        "same seed gives the same district everywhere.\n\n"
        "The files are also a pattern for your own: same names, same columns.",
    .examples = "duet demo district\nduet demo big --people 5000 --seed 7",
    .operands = {{.name = "DIR", .required = true, .help = "the folder to write to"}},
    .sets = {&set},
    .run = demo_run,
};
