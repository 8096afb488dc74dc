/* A plain spreadsheet of people: any CSV, with columns that somebody says or we guess.
 *
 * The first line names the columns.  Names in several languages are recognised; what is not
 * recognised is left out until somebody says what it is.  Every row is a person; identity is the
 * id, else the e-mail address, else the name.  A unit that is not known by its name becomes a
 * school.  Languages may be codes or names ("es", "Spanish", "Espa\u00f1ol"), free periods are
 * weekdays with a number ("Mon 3; jue 4").  What a cell does not say stays as it is.
 *
 * Pure.  docs/import.md is the manual. */
#ifndef DUET_COACH_PEOPLE_SHEET_H
#define DUET_COACH_PEOPLE_SHEET_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct import_set;
struct roster_problems;

enum people_sheet_field {
    PEOPLE_SHEET_NOTHING, /* the column is not used */
    PEOPLE_SHEET_ID,
    PEOPLE_SHEET_GIVEN_NAME,
    PEOPLE_SHEET_FAMILY_NAME,
    PEOPLE_SHEET_NAME, /* given name, then family name; or "family name, given name" */
    PEOPLE_SHEET_EMAIL,
    PEOPLE_SHEET_UNIT, /* one or more, separated by ; or | */
    PEOPLE_SHEET_POSITION,
    PEOPLE_SHEET_ROLE, /* participant, coordinator, or both */
    PEOPLE_SHEET_LANGUAGES,
    PEOPLE_SHEET_SUBJECTS,
    PEOPLE_SHEET_GRADES,
    PEOPLE_SHEET_FREE_PERIODS,
    PEOPLE_SHEET_MAX_HELPS,
    PEOPLE_SHEET_MAX_LEARNS,
    PEOPLE_SHEET_EVALUATOR, /* who evaluates the person: id, e-mail address or name */
    PEOPLE_SHEET_ACTIVE,    /* no: has left */
    PEOPLE_SHEET_FIELD__MAX
};

/* As in options and on the command line: "given_name"; and as shown, a msgid: "Given name". */
const char *people_sheet_field_word(enum people_sheet_field field);
const char *people_sheet_field_text(enum people_sheet_field field);
enum people_sheet_field people_sheet_field_of(struct str word); /* FIELD__MAX: none */

#define PEOPLE_SHEET_MAX_COLUMNS 100
#define PEOPLE_SHEET_SAMPLES 3

/* What each column is, from the left; n 0: guess. */
struct people_sheet_mapping {
    enum people_sheet_field fields[PEOPLE_SHEET_MAX_COLUMNS];
    int32_t n;
};

struct people_sheet_column {
    struct str heading;
    enum people_sheet_field field;            /* as said or guessed */
    struct str samples[PEOPLE_SHEET_SAMPLES]; /* the first different values; safe to show */
    int32_t n_samples;
};

struct people_sheet {
    struct people_sheet_column *columns;
    int32_t n_columns;
    struct import_set *set; /* NULL: the columns do not do, or the file is no table */
};

/* Reads a sheet, `bytes` being the whole file.  ERR_OK: sheet->set is there, and rows with problems
 * are counted in n_left_out. ERR_INVALID: problems says what is wrong with the file or its columns;
 * the columns are there as far as they could be read.  ERR_NOMEM. */
MUST_CHECK enum err people_sheet_read(struct arena *arena, struct str bytes, const char *file,
                                      const struct people_sheet_mapping *mapping,
                                      struct roster_problems *problems, struct people_sheet *sheet);

#endif
