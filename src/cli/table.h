/* A table for people: columns as wide as they need to be, the flexible ones giving way when the
 * terminal is narrow.
 *
 *     struct table *t = table_new(arena, columns, 3);
 *     const char *cells[] = {"Amina", "12", "Questioning"};
 *     if (!t || table_add(t, cells) != ERR_OK) ...
 *     table_print(t, stdout, &cli->out); */
#ifndef DUET_CLI_TABLE_H
#define DUET_CLI_TABLE_H

#include "base/err.h"
#include "cli/term.h"

#include <stdio.h>

struct arena;

#define TABLE_MAX_COLUMNS 12

enum table_kind {
    TABLE_LEFT,  /* never cut */
    TABLE_RIGHT, /* numbers; never cut */
    TABLE_CUT,   /* gives way: cut with an ellipsis, not below 8 columns */
    TABLE_WRAP,  /* gives way: goes on in the next line, not below 12 columns */
};

struct table_column {
    const char *title;
    enum table_kind kind;
};

struct table;

/* NULL: out of memory.  `columns` must outlive the table; n at most TABLE_MAX_COLUMNS. */
struct table *table_new(struct arena *arena, const struct table_column *columns, int n);

/* Adds a row; `cells` are copied, NULL stands for an empty cell.  ERR_NOMEM. */
MUST_CHECK enum err table_add(struct table *table, const char *const cells[]);

int table_rows(const struct table *table);

/* The title line and the rows, in the order they were added. */
void table_print(const struct table *table, FILE *out, const struct term *term);

#endif
