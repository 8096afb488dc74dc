/* duet verify: does a partners file, or a round in a database, hold, and does its certificate prove
 * what it claims? */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/dbview.h"
#include "cli/inputs.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/roundview.h"
#include "coach/coach.h"
#include "coach/rounds.h"
#include "db/db.h"
#include "db/migrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const struct option_spec options[] = {
    {.name = "partners",
     .type = OPTION_INPUT,
     .value = "FILE",
     .help = "the partners that duet match wrote"},
    {.name = "certificate",
     .type = OPTION_INPUT,
     .value = "FILE",
     .fallback = "only rules and gains are checked, and stability with --strategy stable",
     .help = "the proof that duet match wrote"},
    {.name = "db",
     .type = OPTION_TEXT,
     .value = "WHERE",
     .help = "instead of files: the database that has the round"},
    {.name = "round",
     .type = OPTION_NUMBER,
     .value = "ID",
     .min = 1,
     .max = INT64_MAX,
     .help = "its number, as its page says"},
};
static const struct option_set set = {options, sizeof options / sizeof *options};

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

static enum status verify_files(struct cli *cli)
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

/* ---- a round in a database ---- */

static enum status tell(struct cli *cli, const struct rounds_check *check)
{
    switch (check->what) {
    case ROUNDS_HOLDS:
        report_heading(stdout, &cli->out, "Verified");
        report_paragraph(stdout, &cli->out, 2, "%s",
                         "The list keeps to the rules and limits, and every gain is what the "
                         "database says.");
        report_paragraph(stdout, &cli->out, 2, "%s", check->proved);
        return STATUS_OK;
    case ROUNDS_CHANGED:
        return report_failure(STATUS_REFUSED,
                              "the round was made from data that has changed since (people, "
                              "wishes, evidence, rules or partnerships; or Duet was updated): "
                              "nothing can be said of it now. A round can be checked from when it "
                              "is ready until something changes; before people saw it, it was.");
    case ROUNDS_EARLIER:
        return report_failure(
            STATUS_REFUSED, "the round was worked out by an earlier version, which did not keep "
                            "what was locked then. Whether its data has changed since cannot be "
                            "told: nothing can be said of it now. A round that is worked out again "
                            "can be checked.");
    case ROUNDS_BY_HAND:
        return report_failure(STATUS_REFUSED, "the list was changed by hand; the certificate is "
                                              "about the one before.");
    case ROUNDS_UNCERTIFIED:
        return report_failure(STATUS_REFUSED, "this way of matching does not look for the best "
                                              "arrangement: there is no certificate.");
    case ROUNDS_NOT_READY:
        return report_failure(STATUS_REFUSED, "the round has no list: it is not worked out yet, or "
                                              "could not be, or was discarded.");
    default:
        return check->pair
                   ? report_failure(STATUS_REFUSED, "pair %" PRId32 " of the list does not hold.",
                                    check->pair)
                   : report_failure(STATUS_REFUSED, "the certificate does not hold.");
    }
}

static enum status check_round(struct cli *cli, struct db *db)
{
    struct coach coach;
    struct rounds_check check;
    int version;
    struct progress progress = progress_begin(&cli->err, "Checking every pair");
    enum err err = migrate_version(db, &version);
    if (!err && version != migrate_latest()) {
        return report_failure(STATUS_INPUT, "%s is not up to date; run duet db migrate first.",
                              db_place(db));
    }
    coach_init(&coach, db, cli->arena, coach_clock_ms());
    coach_act_as_system(&coach);
    err = err ? err
              : rounds_check(&coach, args_number(cli->args, "round"), progress_step, &progress,
                             &check);
    progress_end(&progress);
    if (err == ERR_NOT_FOUND) {
        return report_failure(STATUS_INPUT, "there is no round of this number.");
    }
    return err ? dbview_failure(err, "%s: %s", db_place(db), db_message(db)) : tell(cli, &check);
}

static enum status verify_round(struct cli *cli)
{
    struct db *db;
    char message[DB_MAX_MESSAGE];
    const char *where = args_text(cli->args, "db");
    if (!where || !args_given(cli->args, "round") || args_given(cli->args, "partners") ||
        args_given(cli->args, "certificate")) {
        return report_failure(STATUS_USAGE, "--db WHERE and --round ID go together, and take the "
                                            "place of the files.");
    }
    if (!db_is_address(where) && access(where, F_OK) != 0) {
        return report_failure(STATUS_INPUT, "there is no database %s.", where);
    }
    enum err err = coach_connect(where, &db, message, sizeof message);
    if (err != ERR_OK) {
        return dbview_failure(err, "%s", message);
    }
    enum status status = check_round(cli, db);
    coach_disconnect(db);
    return status;
}

static enum status verify_run(struct cli *cli)
{
    if (args_given(cli->args, "db") || args_given(cli->args, "round")) {
        return verify_round(cli);
    }
    if (!args_text(cli->args, "partners")) {
        return report_failure(STATUS_USAGE, "--partners FILE is missing; or --db WHERE and "
                                            "--round ID, for a round in a database.");
    }
    return verify_files(cli);
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
        "would leave is checked directly.\n\n"
        "With --db and --round it makes the problem of a round from the database again, and holds "
        "the list and the certificate as they are stored there against it; only reading, also "
        "while the server runs. What it prints names nobody. Where evidence, wishes, people or "
        "rules have changed since the round was made, nothing can be said of it: it says so, with "
        "status 3.",
    .examples = "duet verify --db /var/lib/duet/duet.db --round 12\n"
                "duet verify --from district --partners partners.csv --certificate proof.txt\n"
                "duet verify --from district --strategy stable --partners partners.csv",
    .sets = {&inputs_ratings, &inputs_wishes, &roundview_strategy, &roundview_rules, &set},
    .run = verify_run,
};
