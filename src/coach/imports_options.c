/* Options of an import as text; see imports_options.h. */
#include "coach/imports_options.h"

#include "base/buf.h"
#include "coach/oneroster.h"
#include "coach/roster_cell.h"

#define OPTIONS_MAX 8192 /* bytes */

static void write_columns(struct buf *buf, const struct people_sheet_mapping *columns)
{
    for (int32_t k = 0; k < columns->n; k++) {
        buf_add_text(buf, k == 0 ? "columns=" : ",");
        buf_add_text(buf, people_sheet_field_word(columns->fields[k]));
    }
    buf_add_text(buf, columns->n > 0 ? "\n" : "");
}

enum err imports_options_write(struct arena *arena, const struct imports_options *options,
                               struct str *text)
{
    struct buf buf;
    struct str system = options->system;
    buf_init(&buf, arena, OPTIONS_MAX);
    buf_add_text(&buf, options->skip_bad ? "skip_bad=1\n" : "");
    buf_add_text(&buf, options->accept_leavers ? "accept_leavers=1\n" : "");
    buf_add_text(&buf, options->complete ? "complete=1\n" : "");
    if (system.n > 0 && system.n <= ONEROSTER_MAX_SOURCE && !memchr(system.p, '\n', system.n)) {
        buf_add_text(&buf, "system=");
        buf_add(&buf, system);
        buf_add_char(&buf, '\n');
    }
    if (options->framework_id > 0) {
        buf_add_text(&buf, "framework=");
        buf_add_int(&buf, options->framework_id);
        buf_add_char(&buf, '\n');
    }
    write_columns(&buf, &options->columns);
    return buf_end(&buf, text);
}

static void read_columns(struct str value, struct people_sheet_mapping *columns)
{
    struct roster_cell_list words = {value, false};
    struct str word;
    columns->n = 0;
    while (columns->n < PEOPLE_SHEET_MAX_COLUMNS && roster_cell_next_value(&words, &word)) {
        enum people_sheet_field field = people_sheet_field_of(word);
        columns->fields[columns->n++] =
            field == PEOPLE_SHEET_FIELD__MAX ? PEOPLE_SHEET_NOTHING : field;
    }
}

static void read_line(struct str name, struct str value, struct imports_options *options)
{
    bool yes = str_is(value, "1");
    int64_t number = 0;
    if (str_is(name, "skip_bad")) {
        options->skip_bad = yes;
    } else if (str_is(name, "accept_leavers")) {
        options->accept_leavers = yes;
    } else if (str_is(name, "complete")) {
        options->complete = yes;
    } else if (str_is(name, "system")) {
        options->system = value;
    } else if (str_is(name, "framework") && !roster_cell_whole(value, &number)) {
        options->framework_id = number;
    } else if (str_is(name, "columns")) {
        read_columns(value, &options->columns);
    }
}

void imports_options_read(struct str text, struct imports_options *options)
{
    *options = (struct imports_options){.system = {"", 0}};
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        const char *sign = memchr(text.p, '=', n);
        if (sign) {
            size_t at = (size_t)(sign - text.p);
            read_line((struct str){text.p, at}, (struct str){sign + 1, n - at - 1}, options);
        }
        n += end != NULL;
        text = (struct str){text.p + n, text.n - n};
    }
}
