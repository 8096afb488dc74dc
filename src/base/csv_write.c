/* Writing CSV cells. */
#include "base/buf.h"
#include "base/csv.h"

/* A spreadsheet would take it for a formula, or it looks like a guarded one: apostrophes, then =,
 * +,
 * -, @, tab or carriage return. */
static bool csv_is_formula(struct str text)
{
    size_t i = 0;
    while (i < text.n && text.p[i] == '\'') {
        i++;
    }
    return i < text.n && text.p[i] != '\0' && strchr("=+-@\t\r", text.p[i]);
}

static bool csv_is_special(char c)
{
    switch (c) {
    case ',':
    case ';':
    case '"':
    case '\t':
    case '\r':
    case '\n':
        return true;
    default:
        return false;
    }
}

static void csv_write_cell(struct csv_writer *writer, struct str text, bool guard)
{
    if (writer->begun) {
        buf_add_char(writer->buf, ',');
    }
    writer->begun = true;
    bool quote = text.n > 0 && (text.p[0] == ' ' || text.p[text.n - 1] == ' ');
    for (size_t i = 0; i < text.n && !quote; i++) {
        quote = csv_is_special(text.p[i]);
    }
    if (quote) {
        buf_add_char(writer->buf, '"');
    }
    if (guard) {
        buf_add_char(writer->buf, '\'');
    }
    for (size_t from = 0; from < text.n;) {
        const char *mark = memchr(text.p + from, '"', text.n - from);
        size_t to = mark ? (size_t)(mark - text.p) + 1 : text.n;
        buf_add(writer->buf, (struct str){text.p + from, to - from});
        if (mark) {
            buf_add_char(writer->buf, '"');
        }
        from = to;
    }
    if (quote) {
        buf_add_char(writer->buf, '"');
    }
}

void csv_writer_text(struct csv_writer *writer, struct str text)
{
    csv_write_cell(writer, text, csv_is_formula(text));
}

void csv_writer_plain(struct csv_writer *writer, struct str text)
{
    csv_write_cell(writer, text, false);
}

void csv_writer_end(struct csv_writer *writer)
{
    buf_add_char(writer->buf, '\n');
    writer->begun = false;
}

struct str csv_unguard(struct str cell)
{
    if (cell.n >= 2 && cell.p[0] == '\'' && csv_is_formula((struct str){cell.p + 1, cell.n - 1})) {
        return (struct str){cell.p + 1, cell.n - 1};
    }
    return cell;
}
