/* Within the room: the columns of a framework's sheet, and what is in its cells. */
#ifndef DUET_COACH_FRAMEWORK_SHEET_H
#define DUET_COACH_FRAMEWORK_SHEET_H

#include "coach/framework_build.h"
#include "coach/roster_table.h"

enum {
    SHEET_KIND,
    SHEET_DOMAIN,
    SHEET_CODE,
    SHEET_LEVEL,
    SHEET_NAME,
    SHEET_DESCRIPTION,
    SHEET_DIFFICULTY,
    SHEET_LEVELS,
    SHEET_RETIRED,
    SHEET_ID,
    SHEET_LANGUAGE,
    SHEET_PUBLISHER,
    SHEET_LICENCE,
    SHEET__MAX
};

/* Their names, in this order; the list ends with name NULL. */
extern const struct roster_heading framework_sheet_headings[SHEET__MAX + 1];

struct framework_sheet {
    struct roster_table table;
    struct framework_build build;
    struct list lines; /* uint64_t: of each skill */
    bool has_framework;
    int32_t domain, skill; /* that rows below belong to, or -1 */
    /* Columns of further languages: fields, or -1. */
    int32_t name_at[FRAMEWORK_MAX_LANGUAGES], description_at[FRAMEWORK_MAX_LANGUAGES];
    /* Columns of levels, where each row is a skill: fields, or -1, and the names of the levels. */
    int32_t level_at[FRAMEWORK_MAX_LEVELS];
    struct str level_names[FRAMEWORK_MAX_LEVELS];
};

/* Opens the sheet and understands its columns; problems may make sheet->table.broken. The tree is
 * built in `own`. */
MUST_CHECK enum err framework_sheet_open(struct framework_sheet *sheet, struct arena *own,
                                         struct arena *work, struct csv_source source,
                                         const char *file, struct roster_problems *problems);

/* The raw cell under a heading; "" where there is none. */
struct str framework_sheet_cell(const struct framework_sheet *sheet, int heading);

/* A problem with the cell under a heading, or with the row when the sheet has no such column. */
MUST_CHECK enum err framework_sheet_bad(struct framework_sheet *sheet, int heading,
                                        const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A clean copy of one field (-1: empty) or cell; a problem and an empty text when it is too long.
 */
MUST_CHECK enum err framework_sheet_field(struct framework_sheet *sheet, int32_t field, size_t max,
                                          bool lines, struct str *text);
MUST_CHECK enum err framework_sheet_text(struct framework_sheet *sheet, int heading, size_t max,
                                         struct str *text);

/* Name and description in all languages; a problem when the name is `required` and empty. */
MUST_CHECK enum err framework_sheet_words(struct framework_sheet *sheet, bool required,
                                          struct framework_words *words,
                                          struct framework_words **others);

/* The identifier of a domain, skill or task; a problem when another has it already. */
MUST_CHECK enum err framework_sheet_id(struct framework_sheet *sheet, struct str *case_id);

/* A whole number from..to; empty: *value stays as it is. */
MUST_CHECK enum err framework_sheet_number(struct framework_sheet *sheet, int heading, int64_t from,
                                           int64_t to, const char *hint, int64_t *value);

/* A language tag; empty: *language stays as it is. */
MUST_CHECK enum err framework_sheet_language(struct framework_sheet *sheet, struct str *language);

/* False when the cell under `retired` says yes. */
MUST_CHECK enum err framework_sheet_active(struct framework_sheet *sheet, bool *active);

/* Notes about columns that are not used. */
MUST_CHECK enum err framework_sheet_notes(struct framework_sheet *sheet);

#endif
