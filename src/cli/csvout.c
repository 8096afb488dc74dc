/* Rows of a CSV file to a stream; see csvout.h. */
#include "cli/csvout.h"

#define FLUSH_FROM ((size_t)64 << 10)
#define ROWS_MAX ((size_t)256 << 20) /* without a stream */

void csvout_begin(struct csvout *csv, struct arena *arena, FILE *out)
{
    *csv = (struct csvout){.out = out};
    buf_init(&csv->rows, arena, out ? FLUSH_FROM + CSV_MAX_ROW : ROWS_MAX);
    csv->writer = (struct csv_writer){.buf = &csv->rows};
}

void csvout_text(struct csvout *csv, struct str text)
{
    csv_writer_text(&csv->writer, text);
}

/* A number is safe as it is. */
static void begin_number(struct csvout *csv)
{
    if (csv->writer.begun) {
        buf_add_char(&csv->rows, ',');
    }
    csv->writer.begun = true;
}

void csvout_int(struct csvout *csv, int64_t number)
{
    begin_number(csv);
    buf_add_int(&csv->rows, number);
}

void csvout_real(struct csvout *csv, double number, int decimals)
{
    begin_number(csv);
    buf_add_fixed(&csv->rows, number, decimals);
}

static void keep(struct csvout *csv, enum err err)
{
    csv->err = csv->err ? csv->err : err;
}

/* What failed is forgotten with the rows: the error stays. */
static void flush(struct csvout *csv)
{
    struct str text;
    enum err err = buf_end(&csv->rows, &text);
    if (err == ERR_OK) {
        fwrite(text.p, 1, text.n, csv->out);
    }
    keep(csv, err);
    buf_clear(&csv->rows);
}

void csvout_row(struct csvout *csv)
{
    csv_writer_end(&csv->writer);
    if (csv->rows.n - csv->row > CSV_MAX_ROW) {
        keep(csv, ERR_LIMIT);
    }
    if (csv->out && (csv->rows.err || csv->rows.n >= FLUSH_FROM)) {
        flush(csv);
    }
    csv->row = csv->rows.n;
}

void csvout_append(struct csvout *csv, struct csvout *other)
{
    struct str text;
    enum err err = buf_end(&other->rows, &text);
    flush(csv);
    if (err == ERR_OK) {
        fwrite(text.p, 1, text.n, csv->out);
    }
    keep(csv, other->err);
    keep(csv, err);
    buf_clear(&other->rows);
    csv->row = other->row = 0;
}

enum err csvout_end(struct csvout *csv)
{
    if (csv->out) {
        flush(csv);
    }
    return csv->err;
}
