/* duet explain: the reasons for one person's partner, and what another one would cost. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/sort.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/report.h"
#include "cli/roundview.h"
#include "coach/reason.h"

#include <inttypes.h>
#include <stdio.h>

#define ALTERNATIVES 5
#define NAMES_SHOWN 5
#define TEXT_MAX 8192
#define EXACT_PEOPLE 5000 /* beyond, each alternative would take too long to solve */

struct explain {
    struct roundview view;
    int32_t learner;
    struct round_result before; /* as proposed */
    struct buf buf;
};

static const struct term *out_term(const struct explain *x)
{
    return &x->view.cli->out;
}

static const char *name_of(const struct explain *x, int32_t person)
{
    return x->view.roster->people[person].label.p;
}

/* The text in the buffer, or what went wrong as an empty one. */
static const char *text_of(struct explain *x)
{
    struct str text;
    return buf_end(&x->buf, &text) == ERR_OK ? text.p : "";
}

static void print_needs(struct explain *x)
{
    int32_t n;
    const struct round_need *needs = round_needs_of(x->view.round, x->learner, &n);
    report_heading(stdout, out_term(x), name_of(x, x->learner));
    if (n == 0) {
        report_paragraph(stdout, out_term(x), 2, "No need is given, and none could be proposed.");
    }
    for (int32_t k = 0; k < n; k++) {
        buf_clear(&x->buf);
        buf_addf(&x->buf, "%s %s (", needs[k].proposed ? "may want to grow in" : "wants to grow in",
                 x->view.roster->skills[needs[k].skill].name.p);
        reason_write_evidence(&x->buf, x->view.round, x->learner, needs[k].skill);
        buf_add_text(&x->buf, ")");
        report_paragraph(stdout, out_term(x), 2, "%" PRId32 ". %s", k + 1, text_of(x));
    }
}

static void print_proposals(struct explain *x)
{
    bool any = false;
    report_heading(stdout, out_term(x), "Proposed");
    for (int32_t k = 0; k < x->before.n_proposals; k++) {
        const struct round_proposal *p = &x->before.proposals[k];
        if (p->learner != x->learner && p->helper != x->learner) {
            continue;
        }
        any = true;
        buf_clear(&x->buf);
        reason_write(&x->buf, x->view.round, p);
        report_paragraph(stdout, out_term(x), 2, "%s helps %s: %s Gain %s.", name_of(x, p->helper),
                         name_of(x, p->learner), text_of(x), roundview_gain(p->gain).text);
    }
    enum round_state state = x->before.state[x->learner];
    if (!any) {
        report_paragraph(stdout, out_term(x), 2, "No partner: %s. %s", reason_state_words(state),
                         reason_state_remedy(state));
    } else if (state == ROUND_ONLY_HELPS) {
        report_paragraph(stdout, out_term(x), 2, "%s %s. %s", name_of(x, x->learner),
                         reason_state_words(state), reason_state_remedy(state));
    }
}

static bool is_partner(const struct round_result *result, int32_t learner, int32_t helper)
{
    for (int32_t k = 0; k < result->n_proposals; k++) {
        if (result->proposals[k].learner == learner && result->proposals[k].helper == helper &&
            result->proposals[k].gain > 0) {
            return true;
        }
    }
    return false;
}

/* Whether somebody's proposals are the same in both results. */
static bool is_unchanged(const struct round_result *a, const struct round_result *b, int32_t person)
{
    int32_t i = 0, j = 0;
    for (;;) {
        while (i < a->n_proposals && a->proposals[i].learner != person &&
               a->proposals[i].helper != person) {
            i++;
        }
        while (j < b->n_proposals && b->proposals[j].learner != person &&
               b->proposals[j].helper != person) {
            j++;
        }
        if (i == a->n_proposals || j == b->n_proposals) {
            return i == a->n_proposals && j == b->n_proposals;
        }
        if (a->proposals[i].learner != b->proposals[j].learner ||
            a->proposals[i].helper != b->proposals[j].helper ||
            a->proposals[i].skill != b->proposals[j].skill) {
            return false;
        }
        i++;
        j++;
    }
}

/* Solves again with the pair forced and says what becomes different. */
static enum status print_cost(struct explain *x, int32_t helper, int32_t skill)
{
    struct roundview *view = &x->view;
    if (view->result.n_people > EXACT_PEOPLE) {
        report_paragraph(stdout, out_term(x), 6,
                         "What it would cost is worked out for up to %d people.", EXACT_PEOPLE);
        return STATUS_OK;
    }
    enum err err = round_force(view->round, x->learner, helper, skill, &view->problem);
    if (err == ERR_CONFLICT) {
        report_paragraph(stdout, out_term(x), 6, "Not possible: %s.", view->problem.text);
        return STATUS_OK;
    }
    enum status status = roundview_solve(view);
    struct round_problem ignored;
    err = round_force(view->round, ROSTER_NONE, ROSTER_NONE, ROSTER_NONE, &ignored);
    if (status != STATUS_OK || err != ERR_OK) {
        return status;
    }
    int32_t changed = 0;
    buf_clear(&x->buf);
    for (int32_t u = 0; u < view->result.n_people; u++) {
        if (u != x->learner && u != helper && !is_unchanged(&x->before, &view->result, u)) {
            if (changed++ < NAMES_SHOWN) {
                buf_addf(&x->buf, "%s%s", changed > 1 ? ", " : "", name_of(x, u));
            }
        }
    }
    int32_t served = view->result.n_served - x->before.n_served;
    int64_t gain = view->result.total_gain - x->before.total_gain;
    const char *who = text_of(x);
    char fewer[96] = "as many people served";
    if (served != 0) {
        snprintf(fewer, sizeof fewer, "%s %s served",
                 report_many(served > 0 ? served : -served, "person", "people").text,
                 served > 0 ? "more" : "fewer");
    }
    report_paragraph(
        stdout, out_term(x), 6, "All together: total gain %s%s, %s. %s%s%s%s", gain > 0 ? "+" : "",
        roundview_gain(gain).text, fewer,
        changed == 0 ? "Nobody else changes."
                     : report_many(changed, "other person changes: ", "other people change: ").text,
        who, changed > NAMES_SHOWN ? " and more" : "", changed > 0 ? "." : "");
    return STATUS_OK;
}

struct option {
    int32_t helper;
    struct round_help help;
};

static int by_help(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct option *x = a, *y = b;
    if (x->help.gain != y->help.gain) {
        return x->help.gain > y->help.gain ? -1 : 1;
    }
    return (x->helper > y->helper) - (x->helper < y->helper);
}

/* "can do alone most of what Ben is ready for in Questioning; seen on ..." */
static void add_help(struct explain *x, int32_t helper, struct round_help help)
{
    buf_addf(&x->buf, "%s of what %s is ready for in %s; ", reason_reach_words(help.reach),
             name_of(x, x->learner), x->view.roster->skills[help.skill].name.p);
    reason_write_evidence(&x->buf, x->view.round, helper, help.skill);
}

static enum status print_alternatives(struct explain *x)
{
    int32_t n = 0;
    struct option *options =
        arena_alloc(x->view.cli->arena, (size_t)x->view.roster->n_people + 1, sizeof *options);
    if (!options) {
        return report_error(ERR_NOMEM, "looking for alternatives");
    }
    for (int32_t u = 0; u < x->view.roster->n_people; u++) {
        int32_t column;
        struct round_help help = round_help_of(x->view.round, x->learner, u);
        if (help.useful && !is_partner(&x->before, x->learner, u) &&
            round_max_helps(x->view.round, u) > 0 &&
            round_bar_of(x->view.round, x->learner, u, &column) == ROUND_MAY) {
            options[n++] = (struct option){u, help};
        }
    }
    sort_items(options, (size_t)n, sizeof *options, by_help, NULL);
    report_heading(stdout, out_term(x),
                   n > 0 ? "Other colleagues who could help" : "Nobody else could help usefully");
    for (int32_t k = 0; k < n && k < ALTERNATIVES; k++) {
        buf_clear(&x->buf);
        add_help(x, options[k].helper, options[k].help);
        report_paragraph(stdout, out_term(x), 2, "%s can do alone %s. Gain %s.",
                         name_of(x, options[k].helper), text_of(x),
                         roundview_gain(options[k].help.gain).text);
        enum status status = print_cost(x, options[k].helper, options[k].help.skill);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (n > ALTERNATIVES) {
        report_paragraph(stdout, out_term(x), 2, "... and %s.",
                         report_many(n - ALTERNATIVES, "other", "others").text);
    }
    return STATUS_OK;
}

/* Why this helper, or why not. */
static enum status print_helper(struct explain *x, int32_t helper)
{
    int32_t n, column;
    const struct round_need *needs = round_needs_of(x->view.round, x->learner, &n);
    char title[2 * ROSTER_MAX_ID + 32];
    snprintf(title, sizeof title, "%s as a helper of %s", name_of(x, helper),
             name_of(x, x->learner));
    report_heading(stdout, out_term(x), title);
    if (round_bar_of(x->view.round, x->learner, helper, &column) != ROUND_MAY) {
        buf_clear(&x->buf);
        reason_write_bar(&x->buf, x->view.round, x->learner, helper);
        report_paragraph(stdout, out_term(x), 2, "Not possible: %s.", text_of(x));
        return STATUS_OK;
    }
    for (int32_t k = 0; k < n; k++) {
        struct round_help help = round_help_in(x->view.round, x->learner, helper, needs[k].skill);
        buf_clear(&x->buf);
        if (help.skill == ROSTER_NONE) {
            report_paragraph(stdout, out_term(x), 2, "%s: offers no help in it.",
                             x->view.roster->skills[needs[k].skill].name.p);
            continue;
        }
        reason_write_evidence(&x->buf, x->view.round, helper, help.skill);
        report_paragraph(stdout, out_term(x), 2,
                         "%s: can do alone %s of it (%" PRId32 " %%), %s; %s. "
                         "Gain %s.",
                         x->view.roster->skills[help.skill].name.p, reason_reach_words(help.reach),
                         help.reach / 100,
                         help.useful ? "which is useful" : "which is not enough to be useful",
                         text_of(x), roundview_gain(help.gain).text);
    }
    buf_clear(&x->buf);
    if (reason_write_common(&x->buf, x->view.round, x->learner, helper)) {
        report_paragraph(stdout, out_term(x), 2, "In common: %s.", text_of(x));
    }
    if (is_partner(&x->before, x->learner, helper)) {
        report_paragraph(stdout, out_term(x), 2, "This is what is proposed.");
        return STATUS_OK;
    }
    report_paragraph(stdout, out_term(x), 2, "If the two were put together:");
    return print_cost(x, helper, round_help_of(x->view.round, x->learner, helper).skill);
}

static enum status explain_run(struct cli *cli)
{
    struct explain x;
    int32_t helper = ROSTER_NONE;
    enum status status = roundview_open(&x.view, cli);
    if (status == STATUS_OK) {
        status = inputs_find_person(x.view.roster, cli->args->operands[0], &x.learner);
    }
    if (status == STATUS_OK && cli->args->operands[1]) {
        status = inputs_find_person(x.view.roster, cli->args->operands[1], &helper);
    }
    if (status == STATUS_OK) {
        status = roundview_prepare(&x.view);
    }
    if (status == STATUS_OK) {
        status = roundview_solve(&x.view);
    }
    if (status != STATUS_OK) {
        return status;
    }
    x.before = x.view.result;
    buf_init(&x.buf, cli->arena, TEXT_MAX);
    print_needs(&x);
    print_proposals(&x);
    return helper == ROSTER_NONE ? print_alternatives(&x) : print_helper(&x, helper);
}

const struct command cmd_explain = {
    .name = "explain",
    .summary = "say in words why a partner is proposed, and what another would cost",
    .description =
        "Shows one person's needs, the proposal with its reasons and the evidence behind it, and "
        "the best other helpers. For each of them the whole arrangement is solved again with that "
        "pair put together, so what is said about the cost is exact: how the total gain and the "
        "number of people served would change, and who else would get another partner.\n\n"
        "With a HELPER it says why this colleague is the one, or why not.",
    .examples = "duet explain --from district p010\n"
                "duet explain --from district --strategy guide p010 p022",
    .operands = {{"LEARNER", true, "id or name of the person who learns"},
                 {"HELPER", false, "id or name of a colleague: why, or why not"}},
    .sets = {&inputs_ratings, &inputs_wishes, &roundview_strategy, &roundview_rules},
    .run = explain_run,
};
