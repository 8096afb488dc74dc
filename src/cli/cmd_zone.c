/* duet zone: what each person can do, alone and with help. */
#include "base/crew.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/outfile.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/zoneview.h"
#include "coach/assess.h"

static const struct option_spec options[] = {
    {.name = "person",
     .type = OPTION_TEXT,
     .value = "ID",
     .help = "show one person (id or name), skill by skill, with the evidence behind each"},
    {.name = "raters", .type = OPTION_FLAG, .help = "add a hint for the training of each rater"},
    {.name = "out",
     .type = OPTION_OUTPUT,
     .value = "FILE",
     .help = "write a row for each person and skill"},
    {.name = "raters-out",
     .type = OPTION_OUTPUT,
     .value = "FILE",
     .help = "write a row for each rater: severity and fit, for linking raters and training them"},
    {.name = "json", .type = OPTION_FLAG, .help = "print JSON instead of text"},
};
static const struct option_set set = {options, 5};

static enum status write_file(const struct zoneview *view, const char *path,
                              enum err (*writer)(const struct zoneview *, FILE *))
{
    struct outfile *file;
    if (!path) {
        return STATUS_OK;
    }
    enum err err = outfile_open(&file, path);
    if (err != ERR_OK) {
        return command_status_of(err);
    }
    err = writer(view, outfile_stream(file));
    if (err != ERR_OK) {
        outfile_discard(file);
        return report_error(err, path);
    }
    return command_status_of(outfile_commit(file));
}

static enum err show(const struct cli *cli, const struct zoneview *view, int32_t person)
{
    enum err err;
    if (args_flag(cli->args, "json")) {
        return zoneview_write_json(view, person, stdout);
    }
    if (person != ROSTER_NONE) {
        err = zoneview_print_person(view, person);
    } else {
        zoneview_print_summary(view);
        err = zoneview_print_skills(view);
    }
    if (err == ERR_OK && args_flag(cli->args, "raters")) {
        err = zoneview_print_raters(view);
    }
    return err;
}

static enum status zone_run(struct cli *cli)
{
    struct roster *roster;
    struct zone_fit *fit;
    int32_t person = ROSTER_NONE;
    enum status status = inputs_read(cli, &roster);
    if (status != STATUS_OK) {
        return status;
    }
    struct crew crew = crew_of_machine();
    struct zoneview view = {.roster = roster, .out = &cli->out, .arena = cli->arena, .crew = &crew};
    if (args_text(cli->args, "person")) {
        status = inputs_find_person(roster, args_text(cli->args, "person"), &person);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct progress progress = progress_begin(&cli->err, "Estimating");
    enum err err = assess_run(cli->arena, roster, &crew, progress_step, &progress, &fit);
    progress_end(&progress);
    if (err != ERR_OK) {
        return report_error(err, "estimating");
    }
    view.fit = fit;
    status = write_file(&view, args_text(cli->args, "out"), zoneview_write_zones);
    if (status == STATUS_OK) {
        status = write_file(&view, args_text(cli->args, "raters-out"), zoneview_write_raters);
    }
    if (status != STATUS_OK) {
        return status;
    }
    err = show(cli, &view, person);
    return err == ERR_OK ? STATUS_OK : report_error(err, "printing");
}

const struct command cmd_zone = {
    .name = "zone",
    .summary = "estimate what each person can do, alone and with help",
    .description =
        "Reads who rated whom, in which skill, and estimates for every person and skill the level "
        "they work at alone and with help, allowing for how severe each rater is, for self-ratings "
        "being kind, and for chance. Where there is too little to go by it says so.\n\n"
        "People, skills and raters appear in the order of their files; nobody is ranked. A new "
        "file of estimates can be read only by its owner.",
    .examples = "duet zone --people people.csv --skills skills.csv --evidence evidence.csv\n"
                "duet zone --from district --person p010\n"
                "duet zone --from district --out zones.csv",
    .sets = {&inputs_ratings, &set},
    .run = zone_run,
};
