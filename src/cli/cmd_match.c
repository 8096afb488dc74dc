/* duet match: who should work with whom, on what, and why. */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/report.h"
#include "cli/roundview.h"

static const struct option_spec options[] = {
    {.name = "out",
     .type = OPTION_OUTPUT,
     .value = "FILE",
     .help = "write the partners here: pair, learner, helper, skill, gain, reason"},
    {.name = "certificate",
     .type = OPTION_OUTPUT,
     .value = "FILE",
     .help = "write the proof here, for duet verify"},
    {.name = "json", .type = OPTION_FLAG, .help = "print JSON instead of text"},
};
static const struct option_set set = {options, 3};

static enum status show(const struct roundview *view)
{
    enum err err;
    if (args_flag(view->cli->args, "json")) {
        err = roundview_print_json(view);
    } else {
        err = roundview_print_pairs(view);
        err = err == ERR_OK ? roundview_print_summary(view) : err;
    }
    return err == ERR_OK ? STATUS_OK : report_error(err, "printing");
}

static enum status match_run(struct cli *cli)
{
    struct roundview view;
    const char *out = args_text(cli->args, "out");
    const char *certificate = args_text(cli->args, "certificate");
    enum status status = roundview_open(&view, cli);
    if (status == STATUS_OK) {
        status = roundview_prepare(&view);
    }
    if (status == STATUS_OK) {
        status = roundview_solve(&view);
    }
    if (status == STATUS_OK && certificate) {
        status = roundview_write_certificate(&view, certificate);
    }
    if (status == STATUS_OK && out) {
        status = roundview_write_partners(&view, out);
    }
    return status == STATUS_OK ? show(&view) : status;
}

const struct command cmd_match = {
    .name = "match",
    .summary = "propose who should work with whom, on what, and why",
    .description =
        "Estimates what everybody can do alone and with help, finds for each need the colleagues "
        "who can already do alone what the learner is ready for, and chooses the arrangement that "
        "helps the most people, then with the largest total gain. A gain of 1 is a perfect helper "
        "for a zone of usual size.\n\n"
        "Without a needs file each person's lowest skills, relative to everybody in that skill, "
        "are proposed as needs; without an offers file everybody in the upper half of a skill may "
        "help in it. Pairs, guide assignments and their proof are exact; groups of three come with "
        "a proven bound. Proposals are for a coordinator to review and for people to accept or "
        "decline.",
    .examples = "duet match --from district\n"
                "duet match --from district --strategy guide --within unit --out partners.csv "
                "--certificate proof.txt\n"
                "duet match --from district --strategy trio --within unit",
    .sets = {&inputs_ratings, &inputs_wishes, &roundview_strategy, &roundview_rules, &set},
    .run = match_run,
};
