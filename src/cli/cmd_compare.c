/* duet compare: all strategies side by side on one roster. */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/report.h"
#include "cli/roundview.h"
#include "cli/table.h"
#include "match/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

/* One strategy's outcome. */
struct outcome {
    bool done;
    struct round_result result;
    int64_t bound;      /* on the total gain of this kind of arrangement, scaled; -1: none */
    int64_t n_blocking; /* -1: does not apply */
    int32_t busiest;
    double seconds;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum status run_one(struct roundview *view, struct round_gains *gains,
                           enum round_strategy strategy, enum round_objective objective,
                           struct outcome *out)
{
    double begin = now();
    bool lift = view->options.lift;
    *out = (struct outcome){.bound = -1, .n_blocking = -1};
    view->options.strategy = strategy;
    view->options.objective = objective;
    view->options.lift = lift && objective == ROUND_SERVED &&
                         (strategy == ROUND_RECIPROCAL || strategy == ROUND_GUIDE);
    enum status status = roundview_prepare(view);
    if (status == STATUS_OK) {
        round_share_gains(view->round, gains);
        status = roundview_solve(view);
    }
    view->options.lift = lift;
    if (status != STATUS_OK) {
        return status;
    }
    out->seconds = now() - begin;
    out->done = true;
    out->result = view->result;
    out->bound = view->result.bound;
    for (int32_t u = 0; u < view->result.n_people; u++) {
        int32_t helps = view->result.n_helps[u];
        out->busiest = helps > out->busiest ? helps : out->busiest;
    }
    if (strategy != ROUND_GUIDE && strategy != ROUND_TRIO) {
        enum err err =
            round_count_blocking(view->cli->arena, view->round, &view->result, &out->n_blocking);
        out->n_blocking = err == ERR_OK ? out->n_blocking : -1;
    }
    return STATUS_OK;
}

static enum err add_row(struct table *table, const char *name, const struct outcome *out)
{
    char share[32] = "-", leave[64] = "-", seconds[32], busiest[32];
    const struct round_result *r = &out->result;
    if (out->bound > 0) {
        int64_t tenths = MATCH_DUAL_SCALE * r->total_gain * 1000 / out->bound;
        snprintf(share, sizeof share, "%" PRId64 ".%" PRId64 " %%", tenths / 10, tenths % 10);
    }
    if (out->n_blocking >= 0) {
        snprintf(leave, sizeof leave, "%s", report_count(out->n_blocking).text);
    }
    snprintf(busiest, sizeof busiest, "%" PRId32, out->busiest);
    snprintf(seconds, sizeof seconds, "%.2f s", out->seconds);
    struct report_text served = report_count(r->n_served), covered = report_count(r->n_covered);
    struct roundview_gain total = roundview_gain(r->total_gain);
    struct roundview_gain smallest = roundview_gain(r->smallest_gain);
    const char *cells[] = {name,          served.text, covered.text, total.text, share,
                           smallest.text, busiest,     leave,        seconds};
    return table_add(table, cells);
}

static enum status compare_all(struct roundview *view, struct outcome outcomes[ROUND_STRATEGY__MAX])
{
    enum round_objective objective = view->options.objective;
    struct outcome best[2]; /* the largest total gain of pairs, and of tasks */
    enum status status = STATUS_OK;
    struct round_gains *gains = round_gains_new(view->cli->arena); /* computed once for all */
    if (!gains) {
        return report_error(ERR_NOMEM, "comparing");
    }
    for (int s = 0; s < ROUND_STRATEGY__MAX; s++) {
        status = run_one(view, gains, (enum round_strategy)s, objective, &outcomes[s]);
        if (status != STATUS_OK && status != STATUS_LIMIT) {
            return status; /* a limit was explained; the other strategies go on */
        }
    }
    for (int k = 0; k < 2; k++) {
        status =
            run_one(view, gains, k == 0 ? ROUND_RECIPROCAL : ROUND_GUIDE, ROUND_GAIN, &best[k]);
        if (status != STATUS_OK) {
            return status;
        }
    }
    outcomes[ROUND_RECIPROCAL].bound = outcomes[ROUND_STABLE].bound = outcomes[ROUND_RANDOM].bound =
        best[0].bound;
    outcomes[ROUND_GUIDE].bound = best[1].bound;
    return STATUS_OK;
}

static enum status compare_run(struct cli *cli)
{
    static const struct table_column columns[] = {
        {"Strategy", TABLE_LEFT}, {"Served", TABLE_RIGHT},   {"Needs", TABLE_RIGHT},
        {"Gain", TABLE_RIGHT},    {"Of bound", TABLE_RIGHT}, {"Smallest", TABLE_RIGHT},
        {"Busiest", TABLE_RIGHT}, {"Leave", TABLE_RIGHT},    {"Time", TABLE_RIGHT},
    };
    struct roundview view;
    struct outcome outcomes[ROUND_STRATEGY__MAX];
    enum status status = roundview_open(&view, cli);
    if (status == STATUS_OK) {
        status = compare_all(&view, outcomes);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct table *table = table_new(cli->arena, columns, 9);
    enum err err = table ? ERR_OK : ERR_NOMEM;
    for (int s = 0; s < ROUND_STRATEGY__MAX && err == ERR_OK; s++) {
        if (outcomes[s].done) {
            err = add_row(table, round_strategy_name((enum round_strategy)s), &outcomes[s]);
        }
    }
    if (err != ERR_OK) {
        return report_error(err, "comparing");
    }
    const struct round_result *r = &outcomes[ROUND_RECIPROCAL].result;
    report_paragraph(stdout, &cli->out, 0, "%s with %s; %s in all.",
                     report_many(r->n_learners, "person", "people").text,
                     report_many(r->n_needs, "need", "needs").text,
                     report_many(r->n_people, "person", "people").text);
    printf("\n");
    table_print(table, stdout, &cli->out);
    printf("\n");
    report_paragraph(
        stdout, &cli->out, 0, "%s",
        "Served: people who receive useful help. Gain: the total. Of bound: total gain against the "
        "most that any "
        "arrangement of that kind can reach (pairs; one helper a need; groups of three). Smallest: "
        "the least gain of anybody served. Busiest: colleagues helped by one person. Leave: "
        "pairs who would both gain more with each other.");
    return STATUS_OK;
}

const struct command cmd_compare = {
    .name = "compare",
    .summary = "show what each strategy would achieve on this roster",
    .description =
        "Runs every strategy on the same people, needs and rules and puts the outcomes side by "
        "side: people served, needs covered, total gain and its share of the proven bound, the "
        "smallest gain, the busiest helper, and how many pairs would rather leave for each other. "
        "The strategy random is the floor: what chance would do.",
    .examples = "duet compare --from district --within unit",
    .sets = {&inputs_ratings, &inputs_wishes, &roundview_rules},
    .run = compare_run,
};
