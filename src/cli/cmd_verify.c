/* duet verify: does a partners file hold, and does its certificate prove what it claims? */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/roundview.h"

#include <inttypes.h>
#include <stdio.h>

static const struct option_spec options[] = {
    {.name = "partners",
     .type = OPTION_INPUT,
     .required = true,
     .value = "FILE",
     .help = "the partners that duet match wrote"},
    {.name = "certificate",
     .type = OPTION_INPUT,
     .value = "FILE",
     .fallback = "only rules and gains are checked, and stability with --strategy stable",
     .help = "the proof that duet match wrote"},
};
static const struct option_set set = {options, 2};

/* Takes strategy, objective and floor from the certificate; options that were typed must agree. */
static enum status read_certificate(struct roundview *view, struct match_certificate **certificate,
                                    int32_t *floor)
{
    const struct args *args = view->cli->args;
    const char *path = args_text(args, "certificate");
    struct round_options asked = view->options;
    enum status status = roundview_read_certificate(view, path, certificate);
    if (status != STATUS_OK) {
        return status;
    }
    if (round_read_words(*certificate, &view->options, floor) != ERR_OK) {
        return report_failure(STATUS_REFUSED,
                              "%s: the strategy \"%.*s\" and objective \"%.*s\" do not belong to a "
                              "certificate of this kind.",
                              path, (int)(*certificate)->strategy.n, (*certificate)->strategy.p,
                              (int)(*certificate)->objective.n, (*certificate)->objective.p);
    }
    bool differs = (args_given(args, "strategy") && asked.strategy != view->options.strategy) ||
                   (args_given(args, "objective") && asked.objective != view->options.objective);
    return differs
               ? report_failure(STATUS_REFUSED,
                                "%s is about the strategy %.*s with the objective %.*s, not "
                                "what was asked for.",
                                path, (int)(*certificate)->strategy.n, (*certificate)->strategy.p,
                                (int)(*certificate)->objective.n, (*certificate)->objective.p)
               : STATUS_OK;
}

static enum status judge(struct roundview *view, const struct round_proposal *rows, int32_t n,
                         const struct match_certificate *certificate)
{
    struct round_verdict verdict;
    const char *path = args_text(view->cli->args, "partners");
    struct progress progress = progress_begin(&view->cli->err, "Checking every pair");
    enum err err = round_verify(view->cli->arena, view->round, rows, n, certificate, progress_step,
                                &progress, &verdict);
    progress_end(&progress);
    if (err == ERR_REFUSED) {
        if (verdict.row >= 0) {
            return report_failure(STATUS_REFUSED, "%s, row %" PRId32 ": %s.", path, verdict.row + 1,
                                  verdict.text);
        }
        return report_failure(STATUS_REFUSED, "%s.", verdict.text);
    }
    if (err != ERR_OK) {
        return report_error(err, "verifying");
    }
    report_heading(stdout, &view->cli->out, "Verified");
    report_paragraph(stdout, &view->cli->out, 2, "%s",
                     "The partners keep to the rules and limits, and every gain is what the inputs "
                     "say.");
    report_paragraph(stdout, &view->cli->out, 2, "%s", verdict.text);
    return STATUS_OK;
}

static enum status verify_run(struct cli *cli)
{
    struct roundview view;
    struct round_proposal *rows;
    struct match_certificate *certificate = NULL;
    int32_t n, floor = 0;
    enum status status = roundview_open(&view, cli);
    if (status != STATUS_OK) {
        return status;
    }
    if (args_text(cli->args, "certificate")) {
        status = read_certificate(&view, &certificate, &floor);
    } else if (view.options.strategy != ROUND_STABLE && view.options.strategy != ROUND_RANDOM) {
        status = report_failure(STATUS_USAGE,
                                "--certificate FILE is missing; without one only the strategies "
                                "stable and random can be checked (--strategy).");
    }
    if (status == STATUS_OK) {
        status = roundview_prepare(&view);
    }
    if (status == STATUS_OK) {
        round_set_floor(view.round, floor);
        status = roundview_read_partners(&view, args_text(cli->args, "partners"), &rows, &n);
    }
    return status == STATUS_OK ? judge(&view, rows, n, certificate) : status;
}

const struct command cmd_verify = {
    .name = "verify",
    .summary = "check partners against the inputs and the proof that nothing better exists",
    .description =
        "Recomputes every gain from the inputs, checks the partners against rules and limits, and "
        "holds the certificate against every possible pair, with code that shares nothing with the "
        "solver. Give the same files and the same --within, --max-helps, --max-learns and "
        "--min-reach as to duet match; strategy and objective are in the certificate.\n\n"
        "What was proved is said in words. Partners or a certificate that do not hold are refused "
        "with exit status 3 and the first thing that is wrong. Of groups of three the bound is "
        "proved, not that nothing better exists; stable pairs need no certificate: that nobody "
        "would leave is checked directly.",
    .examples = "duet verify --from district --partners partners.csv --certificate proof.txt\n"
                "duet verify --from district --strategy stable --partners partners.csv",
    .sets = {&inputs_ratings, &inputs_wishes, &roundview_strategy, &roundview_rules, &set},
    .run = verify_run,
};
