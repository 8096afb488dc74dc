/* Tables with named columns on top of base/csv. */
#include "coach/roster_table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#define LIST_MAX 600     /* bytes of a list of column names in a message */
#define LIKE_MOST 2      /* changes between a name and what may have been meant */
#define MISSPELT_LEAST 5 /* bytes of a name that may be misspelt */

/* What a fault of the CSV reader is called, and what to do about it. */
static const struct {
    const char *message, *hint;
} faults[CSV_FAULT__MAX] = {
    [CSV_FAULT_QUOTES] =
        {N_("the quotation marks of this cell do not match"),
         N_("a cell that contains \" must stand in quotation marks, with each \" inside written "
            "twice; look for a \" too many or too few in this line")},
    [CSV_FAULT_LONG_CELL] = {N_("this cell is longer than 65,536 bytes"),
                             N_("most often a quotation mark that opens here is never closed")},
    [CSV_FAULT_MANY_CELLS] = {N_("this row has more than 1,024 cells"),
                              N_("delete the columns that are not needed")},
    [CSV_FAULT_LONG_ROW] = {N_("this row is longer than 1,048,576 bytes"),
                            N_("delete the columns that are not needed")},
    [CSV_FAULT_UTF16] = {N_("this file is UTF-16 (\"Unicode text\"), not UTF-8"),
                         N_("save it again as CSV UTF-8: in LibreOffice choose the character set "
                            "Unicode (UTF-8), in Excel the type CSV UTF-8")},
    [CSV_FAULT_SPREADSHEET] = {N_("this is a spreadsheet (.xlsx, .ods or .xls), not a CSV file"),
                               N_("open it in LibreOffice or Excel and save the sheet as CSV "
                                  "(character set UTF-8)")},
};

static enum err table_fault(struct roster_table *table)
{
    struct csv_fault fault = csv_reader_fault(table->reader);
    table->broken = true;
    const char *heading = "";
    char number[32];
    if (fault.column > 0) {
        snprintf(number, sizeof number, "column %d", (int)fault.column);
        bool known = fault.column <= table->n_names && table->names[fault.column - 1].n > 0;
        heading = known ? table->names[fault.column - 1].p : number;
    }
    return roster_problems_add(table->problems, table->file, fault.line, fault.column, heading,
                               str_of(""), faults[fault.kind].hint, "%s",
                               roster_problems_text(table->problems, faults[fault.kind].message));
}

/* One row from the CSV reader; failures of the file become problems and end it. */
static enum err table_pull(struct roster_table *table)
{
    if (table->broken) {
        return ERR_NOT_FOUND;
    }
    enum err err = csv_reader_next(table->reader, &table->row);
    if (err == ERR_INVALID) {
        err = table_fault(table);
        return err ? err : ERR_NOT_FOUND;
    }
    if (err == ERR_IO) {
        const struct csv_source *source = &table->source;
        const char *why = source->why ? source->why(source->ctx) : strerror(errno);
        table->broken = true;
        err = roster_problems_add(table->problems, table->file, 0, 0, "", str_of(""), "",
                                  N_("the file cannot be read: %s"),
                                  roster_problems_text(table->problems, why));
        return err ? err : ERR_IO;
    }
    return err;
}

struct str roster_table_fold(struct str name, char out[UTF8_MAX_FORM])
{
    struct str folded;
    if (utf8_fold(utf8_trim(name), out, &folded)) {
        return (struct str){out, 0};
    }
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++) {
        char c = out[i] == ' ' || out[i] == '-' ? '_' : out[i];
        if (c != '_' || n == 0 || out[n - 1] != '_') {
            out[n++] = c;
        }
    }
    out[n] = '\0';
    return (struct str){out, n};
}

struct str roster_table_field(const struct roster_table *table, int32_t field)
{
    if (field >= table->row.n) {
        return (struct str){"", 0};
    }
    struct str cell = table->row.cells[field];
    if (cell.n > 0 &&
        ((unsigned char)cell.p[0] <= ' ' || (unsigned char)cell.p[0] >= 0x7F || cell.p[0] == '\'' ||
         (unsigned char)cell.p[cell.n - 1] <= ' ' || (unsigned char)cell.p[cell.n - 1] >= 0x7F)) {
        cell = utf8_trim(csv_unguard(utf8_trim(cell)));
    }
    return cell;
}

__attribute__((format(printf, 4, 0))) static enum err table_vbad(struct roster_table *table,
                                                                 int32_t field, const char *hint,
                                                                 const char *fmt, va_list args)
{
    table->row_problems++;
    uint64_t line = field < table->row.n ? csv_row_line(&table->row, field) : table->row.line;
    const char *heading = field < table->n_names ? table->names[field].p : "(no heading)";
    return roster_problems_vadd(table->problems, table->file, line, field + 1, heading,
                                roster_table_field(table, field), hint, fmt, args);
}

enum err roster_table_bad_field(struct roster_table *table, int32_t field, const char *hint,
                                const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    enum err err = table_vbad(table, field, hint, fmt, args);
    va_end(args);
    return err;
}

enum err roster_table_bad(struct roster_table *table, int heading, const char *hint,
                          const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    assert(table->at[heading] >= 0);
    enum err err = table_vbad(table, table->at[heading], hint, fmt, args);
    va_end(args);
    return err;
}

/* A problem with a whole row, or with the file when `line` is 0; `value` may be empty. */
__attribute__((format(printf, 5, 6))) static enum err table_bad_row(struct roster_table *table,
                                                                    uint64_t line, struct str value,
                                                                    const char *hint,
                                                                    const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    enum err err =
        roster_problems_vadd(table->problems, table->file, line, 0, "", value, hint, fmt, args);
    va_end(args);
    return err;
}

const char *roster_table_like(const struct roster_table *table, struct str name)
{
    char folded[UTF8_MAX_FORM];
    struct str form = roster_table_fold(name, folded);
    const char *best = NULL;
    int least = LIKE_MOST + 1;
    for (int k = 0; k < table->n_headings && form.n >= 3; k++) {
        int distance = utf8_distance(form, str_of(table->headings[k].name), LIKE_MOST);
        if (distance < least) {
            least = distance;
            best = table->headings[k].name;
        }
    }
    return best;
}

bool roster_table_is_further(const struct roster_table *table, int32_t field)
{
    for (int k = 0; k < table->n_headings; k++) {
        if (table->at[k] == field) {
            return false;
        }
    }
    return table->names[field].n > 0 && !table->taken[field];
}

enum err roster_table_note_unused(struct roster_table *table)
{
    enum err err = ERR_OK;
    for (int32_t i = 0; i < table->n_names && !err; i++) {
        if (!roster_table_is_further(table, i)) {
            continue;
        }
        const char *like = roster_table_like(table, table->names[i]);
        err = roster_problems_note(table->problems, table->file, table->header_line, 1,
                                   like ? N_("The column \"%s\" is not used; is \"%s\" meant?")
                                        : N_("The column \"%s\" is not used."),
                                   table->names[i].p, like ? like : "");
    }
    return err;
}

/* Copies the names of the header; trailing columns without a name do not exist. */
static enum err table_take_names(struct roster_table *table, struct arena *arena)
{
    for (int32_t i = 0; i < table->row.n; i++) {
        struct str name = roster_table_field(table, i);
        if (name.n > ROSTER_MAX_ID) {
            table->broken = true;
            return roster_table_bad_field(
                table, i, "", N_("the name of a column may have at most %d bytes"), ROSTER_MAX_ID);
        }
        const char *copy = arena_text(arena, name.p, name.n);
        if (!copy) {
            return ERR_NOMEM;
        }
        table->names[i] = (struct str){copy, name.n};
        if (name.n > 0) {
            table->n_names = i + 1;
        }
    }
    table->n_unnamed = table->row.n - table->n_names;
    return ERR_OK;
}

/* Whether a name, in the form in which names are compared, is that of heading k. */
static bool table_is_heading(const struct roster_table *table, int k, struct str form)
{
    char folded[UTF8_MAX_FORM];
    return str_equal(form, roster_table_fold(str_of(table->headings[k].name), folded));
}

/* Looks for the columns that the kind of file knows, and for names given twice. */
static enum err table_match_names(struct roster_table *table, struct arena *arena)
{
    char folded[UTF8_MAX_FORM];
    struct str forms[CSV_MAX_CELLS];
    enum err err = ERR_OK;
    for (int32_t i = 0; i < table->n_names && !err; i++) {
        struct str form = roster_table_fold(table->names[i], folded);
        forms[i] = (struct str){arena_text(arena, form.p, form.n), form.n};
        if (!forms[i].p) {
            return ERR_NOMEM;
        }
        for (int32_t j = 0; j < i && form.n > 0 && !err; j++) {
            if (str_equal(forms[i], forms[j])) {
                table->broken = true;
                err = roster_table_bad_field(table, i, N_("rename or delete one of the two"),
                                             N_("columns %d and %d have the same name"), (int)j + 1,
                                             (int)i + 1);
                break;
            }
        }
        for (int k = 0; k < table->n_headings; k++) {
            if (table->at[k] < 0 && table_is_heading(table, k, forms[i])) {
                table->at[k] = i;
            }
        }
    }
    for (int k = 0; k < table->n_headings; k++) {
        for (int j = 0; j < table->n_headings && table->at[k] < 0; j++) {
            const char *stand_in = table->headings[k].stand_in;
            table->at[k] =
                stand_in && strcmp(stand_in, table->headings[j].name) == 0 ? table->at[j] : -1;
        }
    }
    return err;
}

/* The only missing heading that a name is nearly, or -1. */
static int table_misspelt(const struct roster_table *table, struct str name)
{
    int best = -1, least = LIKE_MOST + 1;
    for (int k = 0; k < table->n_headings && name.n >= MISSPELT_LEAST; k++) {
        int distance = utf8_distance(name, str_of(table->headings[k].name), LIKE_MOST);
        if (distance < least) {
            least = distance;
            best = table->at[k] < 0 ? k : -1;
        } else if (distance == least && distance <= LIKE_MOST) {
            best = -1;
        }
    }
    return best;
}

enum err roster_table_take_misspelt(struct roster_table *table)
{
    enum err err = ERR_OK;
    for (int32_t i = 0; i < table->n_names && !table->broken && !err; i++) {
        int k = roster_table_is_further(table, i) ? table_misspelt(table, table->names[i]) : -1;
        if (k >= 0) {
            table->at[k] = i;
            err = roster_problems_note(table->problems, table->file, table->header_line, 1,
                                       N_("The column \"%s\" was read as \"%s\"."),
                                       table->names[i].p, table->headings[k].name);
        }
    }
    return err;
}

/* Whether a required column behind heading k is missing too. */
static bool table_misses_after(const struct roster_table *table, int k)
{
    bool misses = false;
    for (int j = k + 1; j < table->n_headings; j++) {
        misses = misses || (table->headings[j].required && table->at[j] < 0);
    }
    return misses;
}

/* One problem for all required columns that are missing. */
enum err roster_table_check_missing(struct roster_table *table)
{
    char missing[LIST_MAX] = "", found[LIST_MAX] = "", hint[LIST_MAX] = "";
    size_t n = 0, n_found = 0, n_missing = 0;
    const char *meant = NULL, *written = NULL;
    for (int k = 0; k < table->n_headings; k++) {
        if (!table->headings[k].required || table->at[k] >= 0) {
            continue;
        }
        const char *last = roster_problems_text(table->problems, N_(" and "));
        const char *separator = n == 0 ? "" : table_misses_after(table, k) ? ", " : last;
        n += (size_t)snprintf(missing + n, sizeof missing - n, "%s\"%s\"", separator,
                              table->headings[k].name);
        n_missing++;
        for (int32_t i = 0; i < table->n_names && !meant; i++) {
            const char *like = roster_table_is_further(table, i)
                                   ? roster_table_like(table, table->names[i])
                                   : NULL;
            if (like && strcmp(like, table->headings[k].name) == 0) {
                meant = like;
                written = table->names[i].p;
            }
        }
    }
    if (n_missing == 0 || table->broken) {
        return ERR_OK;
    }
    for (int32_t i = 0; i < table->n_names && n_found < sizeof found / 2; i++) {
        n_found += (size_t)snprintf(found + n_found, sizeof found - n_found, "%s%.80s",
                                    n_found ? ", " : "", table->names[i].p);
    }
    const char *name_them = N_("the first line of the file must name the columns");
    if (meant) {
        snprintf(hint, sizeof hint,
                 roster_problems_text(table->problems,
                                      N_("rename \"%.100s\" to \"%s\"; the first line of the file "
                                         "must name the columns")),
                 written, meant);
    }
    table->broken = true;
    return table_bad_row(table, table->row.line, str_of(found), meant ? hint : name_them,
                         n_missing > 1 ? N_("the columns %s are missing; these were found: %s")
                                       : N_("the column %s is missing; these were found: %s"),
                         missing, found);
}

static enum err table_bad_bytes(struct roster_table *table)
{
    int32_t field = table->row.bad_cell;
    table->n_skipped++;
    if (table->row.bad_byte == 0) {
        return roster_table_bad_field(table, field,
                                      N_("the file is damaged or not a text file; export it again"),
                                      N_("the cell contains a NUL byte"));
    }
    return roster_table_bad_field(table, field,
                                  N_("save the file as CSV UTF-8: in LibreOffice choose the "
                                     "character set Unicode (UTF-8), in "
                                     "Excel the type CSV UTF-8"),
                                  N_("the text is not UTF-8"));
}

enum err roster_table_begin(struct roster_table *table, struct arena *arena,
                            struct csv_source source, const char *file,
                            const struct roster_heading *headings, struct roster_problems *problems)
{
    *table = (struct roster_table){
        .problems = problems, .file = file, .headings = headings, .source = source};
    while (headings[table->n_headings].name) {
        table->at[table->n_headings++] = -1;
        assert(table->n_headings < ROSTER_TABLE_HEADINGS);
    }
    table->reader = csv_reader_open(arena, source);
    if (!table->reader) {
        return ERR_NOMEM;
    }
    enum err err = table_pull(table);
    if (err == ERR_NOT_FOUND) {
        if (table->broken) {
            return ERR_OK;
        }
        table->broken = true;
        return table_bad_row(table, 0, str_of(""), N_("the first line must name the columns"),
                             N_("the file is empty"));
    }
    if (!err && table->row.bad_cell >= 0) {
        table->broken = true;
        return table_bad_bytes(table);
    }
    table->header_line = table->row.line;
    err = err ? err : table_take_names(table, arena);
    if (!err && !table->broken) {
        err = table_match_names(table, arena);
    }
    return err;
}

enum err roster_table_open(struct roster_table *table, struct arena *arena,
                           struct csv_source source, const char *file,
                           const struct roster_heading *headings, struct roster_problems *problems)
{
    enum err err = roster_table_begin(table, arena, source, file, headings, problems);
    return err ? err : roster_table_check_missing(table);
}

void roster_table_close(struct roster_table *table)
{
    csv_reader_close(table->reader);
    table->reader = NULL;
}

/* Whether all cells of the row are empty, as spreadsheets write below the data. */
static bool table_row_is_empty(const struct roster_table *table)
{
    for (int32_t i = 0; i < table->row.n; i++) {
        if (roster_table_field(table, i).n > 0) {
            return false;
        }
    }
    return true;
}

enum err roster_table_next(struct roster_table *table)
{
    enum err err;
    while (!(err = table_pull(table))) {
        table->row_problems = 0;
        if (table->drop && table->drop(table, table->drop_ctx)) {
            continue;
        }
        if (table->row.bad_cell >= 0) {
            err = table_bad_bytes(table);
            if (err) {
                return err;
            }
            continue;
        }
        int32_t extra = -1;
        for (int32_t i = table->n_names; i < table->row.n && extra < 0; i++) {
            extra = roster_table_field(table, i).n > 0 ? i : -1;
        }
        if (extra >= 0) {
            table->n_skipped++;
            err = roster_table_bad_field(
                table, extra,
                N_("a cell that contains the separator must stand in quotation marks"),
                N_("the row has more cells than the first line has columns (%d)"),
                (int)table->n_names);
            if (err) {
                return err;
            }
        } else if (!table_row_is_empty(table)) {
            table->n_rows++;
            return ERR_OK;
        }
    }
    return err;
}

enum err roster_table_id(struct roster_table *table, int heading, struct str *id)
{
    *id = (struct str){"", 0};
    struct str cell = roster_table_cell(table, heading), form;
    const char *name = table->headings[heading].name;
    if (cell.n == 0) {
        return table->headings[heading].required
                   ? roster_table_bad(table, heading, "", N_("%s may not be empty"), name)
                   : ERR_OK;
    }
    if (utf8_nfc(cell, table->scratch, &form) || form.n > ROSTER_MAX_ID) {
        return roster_table_bad(table, heading, "", N_("%s may have at most %d bytes"), name,
                                ROSTER_MAX_ID);
    }
    for (size_t i = 0; i < form.n; i++) {
        if ((unsigned char)form.p[i] < 0x20 || form.p[i] == 0x7F) {
            return roster_table_bad(
                table, heading, N_("a quotation mark too many can join two lines into one cell"),
                N_("%s may not contain line ends or control characters"), name);
        }
    }
    *id = form;
    return ERR_OK;
}
