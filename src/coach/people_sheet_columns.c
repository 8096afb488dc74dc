/* Which column of a sheet of people is what: as said, or guessed from headings and samples. */
#include "base/arena.h"
#include "base/buf.h"
#include "coach/complaint.h"
#include "coach/people_sheet_read.h"
#include "coach/people_sheet_words.h"

#define SAMPLE_ROWS 50  /* rows that samples are taken from */
#define SAMPLE_WIDTH 40 /* columns of a sample as shown */

static const struct {
    const char *word, *text;
} fields[PEOPLE_SHEET_FIELD__MAX] = {
    [PEOPLE_SHEET_NOTHING] = {"nothing", N_("Not used")},
    [PEOPLE_SHEET_ID] = {"id", N_("Id")},
    [PEOPLE_SHEET_GIVEN_NAME] = {"given_name", N_("Given name")},
    [PEOPLE_SHEET_FAMILY_NAME] = {"family_name", N_("Family name")},
    [PEOPLE_SHEET_NAME] = {"name", N_("Full name")},
    [PEOPLE_SHEET_EMAIL] = {"email", N_("E-mail address")},
    [PEOPLE_SHEET_UNIT] = {"unit", N_("School or unit")},
    [PEOPLE_SHEET_POSITION] = {"position", N_("Position")},
    [PEOPLE_SHEET_ROLE] = {"role", N_("Role in Duet")},
    [PEOPLE_SHEET_LANGUAGES] = {"languages", N_("Languages")},
    [PEOPLE_SHEET_SUBJECTS] = {"subjects", N_("Subjects")},
    [PEOPLE_SHEET_GRADES] = {"grades", N_("Grades")},
    [PEOPLE_SHEET_FREE_PERIODS] = {"free_periods", N_("Free periods")},
    [PEOPLE_SHEET_MAX_HELPS] = {"max_helps", N_("May help at most")},
    [PEOPLE_SHEET_MAX_LEARNS] = {"max_learns", N_("May be helped by at most")},
    [PEOPLE_SHEET_EVALUATOR] = {"evaluator", N_("Evaluator")},
    [PEOPLE_SHEET_ACTIVE] = {"active", N_("Active")},
};

const char *people_sheet_field_word(enum people_sheet_field field)
{
    return fields[field].word;
}

const char *people_sheet_field_text(enum people_sheet_field field)
{
    return fields[field].text;
}

enum people_sheet_field people_sheet_field_of(struct str word)
{
    for (int k = 0; k < PEOPLE_SHEET_FIELD__MAX; k++) {
        if (str_is(word, fields[k].word)) {
            return (enum people_sheet_field)k;
        }
    }
    return PEOPLE_SHEET_FIELD__MAX;
}

static int32_t column_of(const struct people_sheet *sheet, enum people_sheet_field field)
{
    for (int32_t i = 0; i < sheet->n_columns; i++) {
        if (sheet->columns[i].field == field) {
            return i;
        }
    }
    return -1;
}

/* The unused column that is most likely the field, or -1. */
static int32_t likeliest(const struct people_sheet *sheet, enum people_sheet_field field)
{
    char folded[UTF8_MAX_FORM];
    int32_t best = -1;
    int least = -1;
    for (int32_t i = 0; i < sheet->n_columns; i++) {
        struct str heading = roster_table_fold(sheet->columns[i].heading, folded);
        int rank = people_sheet_words_rank(field, heading);
        if (sheet->columns[i].field == PEOPLE_SHEET_NOTHING && rank >= 0 &&
            (least < 0 || rank < least)) {
            least = rank;
            best = i;
        }
    }
    return best;
}

static void move_field(struct people_sheet *sheet, enum people_sheet_field from,
                       enum people_sheet_field to)
{
    int32_t column = column_of(sheet, from);
    if (column >= 0 && column_of(sheet, to) < 0) {
        sheet->columns[column].field = to;
    }
}

/* Whether the samples of a column are roles in Duet and not professions. */
static bool has_roles(const struct people_sheet_column *column)
{
    bool roles = column->n_samples > 0;
    for (int32_t k = 0; k < column->n_samples; k++) {
        struct roster_cell_list words = roster_cell_list(column->samples[k]);
        struct str word;
        char folded[UTF8_MAX_FORM];
        while (roster_cell_next_value(&words, &word)) {
            roles = roles && people_sheet_words_answer(
                                 roster_table_fold(word, folded), PEOPLE_SHEET_PARTICIPANT,
                                 PEOPLE_SHEET_ADMINISTRATOR) != PEOPLE_SHEET_ANSWER__MAX;
        }
    }
    return roles;
}

static void guess(struct people_sheet *sheet)
{
    for (int k = PEOPLE_SHEET_ID; k < PEOPLE_SHEET_FIELD__MAX; k++) {
        int32_t column = likeliest(sheet, (enum people_sheet_field)k);
        if (column >= 0) {
            sheet->columns[column].field = (enum people_sheet_field)k;
        }
    }
    /* "Nombre, Apellidos" and "Name, Vorname": what is left is the other part of the name. */
    if (column_of(sheet, PEOPLE_SHEET_FAMILY_NAME) >= 0) {
        move_field(sheet, PEOPLE_SHEET_NAME, PEOPLE_SHEET_GIVEN_NAME);
    } else if (column_of(sheet, PEOPLE_SHEET_GIVEN_NAME) >= 0) {
        move_field(sheet, PEOPLE_SHEET_NAME, PEOPLE_SHEET_FAMILY_NAME);
    }
    int32_t role = column_of(sheet, PEOPLE_SHEET_ROLE);
    if (role >= 0 && !has_roles(&sheet->columns[role])) {
        sheet->columns[role].field = PEOPLE_SHEET_NOTHING;
        if (column_of(sheet, PEOPLE_SHEET_POSITION) < 0) {
            sheet->columns[role].field = PEOPLE_SHEET_POSITION;
        }
    }
}

/* A value as a sample, if it is new and there is room. */
static enum err take_sample(struct people_sheet_column *column, struct arena *arena,
                            struct str value)
{
    struct buf buf;
    struct str shown;
    if (value.n == 0 || column->n_samples == PEOPLE_SHEET_SAMPLES) {
        return ERR_OK;
    }
    buf_init(&buf, arena, 16 * SAMPLE_WIDTH);
    utf8_add_shown(&buf, value, SAMPLE_WIDTH);
    if (buf_end(&buf, &shown)) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < column->n_samples; k++) {
        if (str_equal(column->samples[k], shown)) {
            return ERR_OK;
        }
    }
    column->samples[column->n_samples++] = shown;
    return ERR_OK;
}

static enum err take_headings(struct people_sheet *sheet, struct arena *arena,
                              const struct roster_table *table)
{
    sheet->n_columns =
        table->n_names < PEOPLE_SHEET_MAX_COLUMNS ? table->n_names : PEOPLE_SHEET_MAX_COLUMNS;
    sheet->columns = arena_alloc(arena, (size_t)sheet->n_columns, sizeof *sheet->columns);
    for (int32_t i = 0; i < sheet->n_columns; i++) {
        struct str name = table->names[i];
        if (!sheet->columns) {
            return ERR_NOMEM;
        }
        sheet->columns[i].heading = (struct str){arena_text(arena, name.p, name.n), name.n};
        if (!sheet->columns[i].heading.p) {
            return ERR_NOMEM;
        }
    }
    return sheet->columns ? ERR_OK : ERR_NOMEM;
}

/* Reads headings and samples; what is wrong is told when the rows are read. */
static enum err look(struct people_sheet *sheet, struct arena *arena, struct arena *work,
                     struct str bytes)
{
    struct roster_problems ignored;
    struct roster_table *table = arena_alloc(work, 1, sizeof *table);
    enum err err = table ? roster_problems_init(&ignored, work, 1) : ERR_NOMEM;
    if (err) {
        return err;
    }
    err = roster_table_begin(table, work, csv_source_memory(&bytes), "", people_sheet_headings,
                             &ignored);
    err = err ? err : take_headings(sheet, arena, table);
    for (int row = 0; row < SAMPLE_ROWS && !err; row++) {
        err = roster_table_next(table);
        for (int32_t i = 0; i < sheet->n_columns && !err; i++) {
            err = take_sample(&sheet->columns[i], arena, roster_table_field(table, i));
        }
    }
    roster_table_close(table);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err people_sheet_find_columns(struct people_sheet *sheet, struct arena *arena,
                                   struct arena *work, struct str bytes,
                                   const struct people_sheet_mapping *mapping)
{
    enum err err = look(sheet, arena, work, bytes);
    if (err) {
        return err;
    }
    if (!mapping || mapping->n == 0) {
        guess(sheet);
        return ERR_OK;
    }
    for (int32_t i = 0; i < sheet->n_columns && i < mapping->n; i++) {
        bool known = (unsigned)mapping->fields[i] < PEOPLE_SHEET_FIELD__MAX;
        sheet->columns[i].field = known ? mapping->fields[i] : PEOPLE_SHEET_NOTHING;
    }
    return ERR_OK;
}
