/* Within the room: one CSV file with named columns, and complaints that know their place.
 *
 * The first row names the columns, in any order; names match without regard to case, and spaces,
 * hyphens and underscores are the same.  A problem that makes the rest of the file unreadable ends
 * it; a problem with one row or cell does not. */
#ifndef DUET_COACH_ROSTER_TABLE_H
#define DUET_COACH_ROSTER_TABLE_H

#include "base/csv.h"
#include "base/utf8.h"
#include "coach/roster_problems.h"

#define ROSTER_TABLE_HEADINGS 40 /* most columns a kind of file knows */

/* A column that a kind of file knows; the list ends with name NULL. */
struct roster_heading {
    const char *name;
    bool required;
    const char *stand_in; /* the heading whose column serves when this one is missing, or NULL */
};

struct roster_table {
    struct roster_problems *problems;
    const char *file; /* as shown */
    const struct roster_heading *headings;
    int n_headings;
    struct csv_source source;
    struct csv_reader *reader;
    struct csv_row row;
    struct str names[CSV_MAX_CELLS]; /* the header as written, trimmed */
    int32_t n_names;
    int32_t n_unnamed; /* columns at the end of the header without a name */
    uint64_t header_line;
    int32_t at[ROSTER_TABLE_HEADINGS]; /* the field of each heading, or -1 */
    bool taken[CSV_MAX_CELLS];         /* fields that the reader found a use for by itself */
    uint64_t n_rows;                   /* rows given */
    uint64_t n_skipped;                /* rows that could not be given */
    uint64_t row_problems;             /* problems of the row being read */
    bool broken;                       /* reading ended before the end of the file */
    char scratch[UTF8_MAX_FORM];

    /* Set after the opening, for rows that are not to be read: asked before anything in the row is
     * looked at; true drops it. */
    bool (*drop)(const struct roster_table *table, void *ctx);
    void *drop_ctx;
};

/* Opens a table in `arena` and reads its header; problems may make it broken at once, then no rows
 * follow.  Missing columns are not looked for yet.  Close it whatever the result. */
MUST_CHECK enum err roster_table_begin(struct roster_table *table, struct arena *arena,
                                       struct csv_source source, const char *file,
                                       const struct roster_heading *headings,
                                       struct roster_problems *problems);

/* Takes columns whose names are nearly those of headings that are still missing, with a note for
 * each; for files of programs, which misspell names and cannot be corrected by hand. */
MUST_CHECK enum err roster_table_take_misspelt(struct roster_table *table);

/* Adds a problem and breaks the table when required columns are missing. */
MUST_CHECK enum err roster_table_check_missing(struct roster_table *table);

/* Both. */
MUST_CHECK enum err roster_table_open(struct roster_table *table, struct arena *arena,
                                      struct csv_source source, const char *file,
                                      const struct roster_heading *headings,
                                      struct roster_problems *problems);
void roster_table_close(struct roster_table *table);

/* The next row that has something in it and can be read; ERR_NOT_FOUND: no more. */
MUST_CHECK enum err roster_table_next(struct roster_table *table);

/* Whether the header has the column. */
static inline bool roster_table_has(const struct roster_table *table, int heading)
{
    return table->at[heading] >= 0;
}

/* A field of the row, trimmed and without a guard against formulas; "" where the row or the file
 * has none.  Valid until the next row. */
struct str roster_table_field(const struct roster_table *table, int32_t field);

static inline struct str roster_table_cell(const struct roster_table *table, int heading)
{
    int32_t field = table->at[heading];
    return field < 0 ? (struct str){"", 0} : roster_table_field(table, field);
}

/* Whether a field of the header is none of the headings, nor taken. */
bool roster_table_is_further(const struct roster_table *table, int32_t field);

/* Adds a problem with the cell under a heading of the current row. */
MUST_CHECK enum err roster_table_bad(struct roster_table *table, int heading, const char *hint,
                                     const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same for any field. */
MUST_CHECK enum err roster_table_bad_field(struct roster_table *table, int32_t field,
                                           const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The cell as an id: NFC, 1 .. ROSTER_MAX_ID bytes, no control characters.  Adds a problem and
 * gives an empty text when it is none; an empty cell is a problem only if the heading is required.
 * The id is valid until the next call. */
MUST_CHECK enum err roster_table_id(struct roster_table *table, int heading, struct str *id);

/* A note about a column that is not used, with what may have been meant; for every such column. */
MUST_CHECK enum err roster_table_note_unused(struct roster_table *table);

/* The name of a heading that `name` resembles, or NULL. */
const char *roster_table_like(const struct roster_table *table, struct str name);

/* A column name in the form in which names are compared, in `out`; "" when it is too long. */
struct str roster_table_fold(struct str name, char out[UTF8_MAX_FORM]);

#endif
