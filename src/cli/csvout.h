/* Rows of a CSV file, cell by cell, to a stream: quoting and the guard against formulas are those
 * of base/csv.h.
 *
 *     struct csvout csv;
 *     csvout_begin(&csv, arena, stream);
 *     csvout_text(&csv, person->id);
 *     csvout_real(&csv, 0.5, 4);
 *     csvout_row(&csv);                       // ends the row
 *     err = csvout_end(&csv);                 // the first failure, if any
 *
 * Rows reach the stream some at a time, the last ones when it ends.  What goes wrong with the
 * stream itself is left to who closes it. */
#ifndef DUET_CLI_CSVOUT_H
#define DUET_CLI_CSVOUT_H

#include "base/buf.h"
#include "base/csv.h"

#include <stdio.h>

struct arena;

struct csvout {
    FILE *out;
    struct buf rows;
    size_t row; /* where the row at hand begins */
    struct csv_writer writer;
    enum err err;
};

/* Without a stream, rows stay in `rows`. */
void csvout_begin(struct csvout *csv, struct arena *arena, FILE *out);
void csvout_text(struct csvout *csv, struct str text);
void csvout_int(struct csvout *csv, int64_t number);
void csvout_real(struct csvout *csv, double number, int decimals);
void csvout_row(struct csvout *csv);

/* Hands the rows of another one, which has no stream, to the stream, and empties it. */
void csvout_append(struct csvout *csv, struct csvout *other);

/* The first failure: ERR_NOMEM, or ERR_LIMIT for a row beyond CSV_MAX_ROW. */
MUST_CHECK enum err csvout_end(struct csvout *csv);

#endif
