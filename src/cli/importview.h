/* What `duet import` shows: problems, notes, and what would change or has changed. */
#ifndef DUET_CLI_IMPORTVIEW_H
#define DUET_CLI_IMPORTVIEW_H

#include "cli/command.h"

struct imports_view;

/* Problems and notes on stderr. */
void importview_problems(struct cli *cli, const struct imports_view *view);

/* What changes on stdout, at most `limit` of each kind (0: all). */
void importview_changes(struct cli *cli, const struct imports_view *view, int limit);

/* The columns of a sheet, and what they are taken for. */
void importview_columns(struct cli *cli, const struct imports_view *view);

#endif
