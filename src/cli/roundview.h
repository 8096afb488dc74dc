/* What `duet match`, `compare`, `verify` and `explain` share: the options of a round, running one,
 * and its views.  Nobody is ranked: people appear in the order of their file. */
#ifndef DUET_CLI_ROUNDVIEW_H
#define DUET_CLI_ROUNDVIEW_H

#include "cli/command.h"
#include "coach/roster.h"
#include "coach/round.h"

#include <stdio.h>

struct zone_fit;

/* --strategy, and the options that shape a round. */
extern const struct option_set roundview_strategy;
extern const struct option_set roundview_rules;

struct roundview {
    struct cli *cli;
    struct roster *roster;
    struct zone_fit *fit;
    struct round_options options;
    struct round *round;        /* after roundview_prepare */
    struct round_result result; /* after roundview_solve */
    struct round_problem problem;
};

/* Reads the files and estimates; fills `options` from the command line. */
enum status roundview_open(struct roundview *view, struct cli *cli);

/* Makes the round, and finds the arrangement, explaining failures on stderr. */
enum status roundview_prepare(struct roundview *view);
enum status roundview_solve(struct roundview *view);

/* "0.7312" from 7312. */
struct roundview_gain {
    char text[32];
};
struct roundview_gain roundview_gain(int64_t gain);

/* "100 % of the best possible: proved", "at least 98.1 % of the best possible". */
struct roundview_share {
    char text[96];
};
struct roundview_share roundview_share(const struct round_result *result);

/* On the terminal. */
MUST_CHECK enum err roundview_print_pairs(const struct roundview *view);
MUST_CHECK enum err roundview_print_summary(const struct roundview *view);

/* JSON on stdout.  ERR_NOMEM. */
MUST_CHECK enum err roundview_print_json(const struct roundview *view);

/* partners.csv: pair,learner,helper,skill,gain,reason. */
enum status roundview_write_partners(const struct roundview *view, const char *path);
/* Reads one back; problems are explained on stderr. */
enum status roundview_read_partners(struct roundview *view, const char *path,
                                    struct round_proposal **rows, int32_t *n);

/* The certificate as a file, and back. */
enum status roundview_write_certificate(const struct roundview *view, const char *path);
enum status roundview_read_certificate(struct roundview *view, const char *path,
                                       struct match_certificate **certificate);

#endif
