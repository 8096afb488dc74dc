/* Running a round for a command: options, estimates, the arrangement. */
#include "cli/roundview.h"

#include "base/arena.h"
#include "base/crew.h"
#include "cli/args.h"
#include "cli/inputs.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "coach/assess.h"
#include "match/gain.h"
#include "match/source.h"

#include <inttypes.h>
#include <stdio.h>

static const struct option_spec strategy_options[] = {
    {.name = "strategy",
     .type = OPTION_CHOICE,
     .value = "NAME",
     .choices = "reciprocal|guide|trio|stable|random",
     .initial = "reciprocal",
     .help = "reciprocal: pairs in which both help where they can; guide: a helper for each need; "
             "trio: groups of "
             "three; stable: pairs nobody would leave; random: drawn by lot"},
};
const struct option_set roundview_strategy = {strategy_options, 1};

static const struct option_spec rule_options[] = {
    {.name = "within",
     .type = OPTION_TEXT,
     .value = "COLUMN",
     .help = "partners have the same value in this column of people"},
    {.name = "objective",
     .type = OPTION_CHOICE,
     .value = "NAME",
     .choices = "served|gain",
     .initial = "served",
     .help = "served: help as many people as possible, then the largest total gain; gain: the "
             "largest total gain"},
    {.name = "lift",
     .type = OPTION_FLAG,
     .help = "raise the smallest gain as far as possible before the total (reciprocal, guide)"},
    {.name = "max-helps",
     .type = OPTION_NUMBER,
     .value = "N",
     .min = 0,
     .max = ROSTER_MAX_PARTNERS,
     .initial = "2",
     .help = "how many needs a helper takes (guide) when the people file does not say"},
    {.name = "max-learns",
     .type = OPTION_NUMBER,
     .value = "N",
     .min = 0,
     .max = ROSTER_MAX_PARTNERS,
     .initial = "1",
     .help = "how many needs of a person are served (guide) when the people file does not say"},
    {.name = "min-reach",
     .type = OPTION_NUMBER,
     .value = "PERCENT",
     .min = 1,
     .max = 100,
     .initial = "40",
     .help = "a helper is useful from this share of what the learner is ready for"},
    {.name = "seed",
     .type = OPTION_NUMBER,
     .value = "N",
     .min = 0,
     .max = INT64_MAX,
     .initial = "1",
     .help = "the lot of the strategy random"},
};
const struct option_set roundview_rules = {rule_options, 7};

static enum status read_options(struct roundview *view)
{
    const struct args *args = view->cli->args;
    struct round_options *options = &view->options;
    *options = round_options_default();
    if (args_has(args, "strategy") && args_text(args, "strategy")) {
        options->strategy = (enum round_strategy)args_choice(args, "strategy");
    }
    options->objective = (enum round_objective)args_choice(args, "objective");
    options->lift = args_flag(args, "lift");
    options->max_helps = (int32_t)args_number(args, "max-helps");
    options->max_learns = (int32_t)args_number(args, "max-learns");
    options->min_reach = (int32_t)args_number(args, "min-reach") * 100;
    options->seed = (uint64_t)args_number(args, "seed");
    const char *within = args_text(args, "within");
    if (!within) {
        return STATUS_OK;
    }
    options->within = roster_find_column(view->roster, str_of(within));
    if (options->within != ROSTER_NONE) {
        return STATUS_OK;
    }
    fprintf(stderr,
            "duet: --within: people have no column \"%s\"; their further columns are:", within);
    for (int32_t c = 0; c < view->roster->n_columns; c++) {
        fprintf(stderr, "%s %.*s", c > 0 ? "," : "", (int)view->roster->columns[c].name.n,
                view->roster->columns[c].name.p);
    }
    fprintf(stderr, view->roster->n_columns > 0 ? "\n" : " none\n");
    return STATUS_USAGE;
}

enum status roundview_open(struct roundview *view, struct cli *cli)
{
    *view = (struct roundview){.cli = cli};
    enum status status = inputs_read(cli, &view->roster);
    if (status != STATUS_OK) {
        return status;
    }
    status = read_options(view);
    if (status != STATUS_OK) {
        return status;
    }
    struct progress progress = progress_begin(&cli->err, "Estimating");
    struct crew crew = crew_of_machine();
    enum err err =
        assess_run(cli->arena, view->roster, &crew, progress_step, &progress, &view->fit);
    progress_end(&progress);
    return err == ERR_OK ? STATUS_OK : report_error(err, "estimating");
}

/* What a refused call said, with the rule's line. */
static enum status explain(const struct roundview *view, enum err err, const char *doing)
{
    if (view->problem.text[0] == '\0') {
        return report_error(err, doing);
    }
    enum status status = err == ERR_CONFLICT  ? STATUS_INPUT
                         : err == ERR_INVALID ? STATUS_USAGE
                                              : command_status_of(err);
    if (view->problem.line > 0) {
        const char *file = inputs_path(view->cli, "rules");
        return report_failure(status, "%s:%" PRIu64 ": %s.", file ? file : "rules.csv",
                              view->problem.line, view->problem.text);
    }
    return report_failure(status, "%s.", view->problem.text);
}

enum status roundview_prepare(struct roundview *view)
{
    enum err err = round_prepare(view->cli->arena, view->roster, view->fit, &view->options,
                                 &view->round, &view->problem);
    return err == ERR_OK ? STATUS_OK : explain(view, err, "preparing the round");
}

enum status roundview_solve(struct roundview *view)
{
    struct progress progress = progress_begin(&view->cli->err, "Matching");
    enum err err = round_solve(view->cli->arena, view->round, progress_step, &progress,
                               &view->result, &view->problem);
    progress_end(&progress);
    return err == ERR_OK ? STATUS_OK : explain(view, err, "matching");
}

struct roundview_gain roundview_gain(int64_t gain)
{
    struct roundview_gain out;
    uint64_t size = gain < 0 ? (uint64_t)-gain : (uint64_t)gain;
    snprintf(out.text, sizeof out.text, "%s%" PRIu64 ".%04" PRIu64, gain < 0 ? "-" : "",
             size / MATCH_ONE, size % MATCH_ONE);
    return out;
}

struct roundview_share roundview_share(const struct round_result *result)
{
    struct roundview_share out;
    if (result->proved) {
        snprintf(out.text, sizeof out.text, "100 %% of the best possible: proved");
    } else if (result->bound <= 0) {
        snprintf(out.text, sizeof out.text, "no bound for this strategy");
    } else {
        int64_t share = MATCH_DUAL_SCALE * result->total_gain * 10000 / result->bound;
        snprintf(out.text, sizeof out.text,
                 "at least %" PRId64 ".%02" PRId64 " %% of the best possible: proved", share / 100,
                 share % 100);
    }
    return out;
}
