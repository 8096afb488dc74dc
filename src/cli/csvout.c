/* Rows of a CSV file to a stream; see csvout.h. */
#include "cli/csvout.h"

#define CELL_MAX 400 /* a number, however large, with its decimals */

void csvout_begin(struct csvout *csv, struct arena *arena, FILE *out)
{
    csv->out = out;
    csv->err = ERR_OK;
    buf_init(&csv->row, arena, CSV_MAX_ROW);
    buf_init(&csv->cell, arena, CELL_MAX);
    csv->writer = (struct csv_writer){.buf = &csv->row};
}

void csvout_text(struct csvout *csv, struct str text)
{
    csv_writer_text(&csv->writer, text);
}

/* The number that stands in `cell` becomes a cell of the row. */
static void add_number(struct csvout *csv)
{
    struct str text;
    enum err err = buf_end(&csv->cell, &text);
    if (err == ERR_OK) {
        csv_writer_plain(&csv->writer, text);
    } else if (csv->err == ERR_OK) {
        csv->err = err;
    }
    buf_clear(&csv->cell);
}

void csvout_int(struct csvout *csv, int64_t number)
{
    buf_add_int(&csv->cell, number);
    add_number(csv);
}

void csvout_real(struct csvout *csv, double number, int decimals)
{
    buf_add_fixed(&csv->cell, number, decimals);
    add_number(csv);
}

void csvout_row(struct csvout *csv)
{
    struct str text;
    csv_writer_end(&csv->writer);
    enum err err = buf_end(&csv->row, &text);
    if (err == ERR_OK) {
        fwrite(text.p, 1, text.n, csv->out);
    } else if (csv->err == ERR_OK) {
        csv->err = err;
    }
    buf_clear(&csv->row);
}

enum err csvout_end(const struct csvout *csv)
{
    return csv->err;
}
