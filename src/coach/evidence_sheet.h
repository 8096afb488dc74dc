/* A file of evidence, as `duet match` reads it (docs/files.md), brought into the database.
 *
 * People are found by id, e-mail address, or a name that only one person has; skills by code or by
 * a name that only one skill of the framework has; raters by the same means or else kept as names.
 * Every row has a key (a hash of what it says, and of how many equal rows stand before it), so that
 * the same file twice changes nothing, in whatever order its rows are.  Rows that cannot be read
 * are problems; nothing is guessed. */
#ifndef DUET_COACH_EVIDENCE_SHEET_H
#define DUET_COACH_EVIDENCE_SHEET_H

#include "base/csv.h"
#include "base/err.h"
#include "coach/evidence.h"

#include <stddef.h>
#include <stdint.h>

struct coach;
struct roster_problems;

struct evidence_sheet {
    int64_t framework_id;
    struct evidence_row *rows; /* to be added: not there yet */
    size_t n_rows;
    size_t n_there;                     /* rows that are there already */
    int32_t n_people, n_skills;         /* different ones in the rows to be added */
    int32_t n_raters, n_raters_unknown; /* different ones; unknown: kept by name */
    int32_t first_day, last_day;        /* or EVIDENCE_DAY_UNKNOWN */
};

/* Reads a file against the database, in the caller's transaction; results in coach->arena.
 * ERR_INVALID: problems says why. */
MUST_CHECK enum err evidence_sheet_read(struct coach *coach, int64_t framework_id,
                                        struct csv_source source, const char *file,
                                        struct roster_problems *problems,
                                        struct evidence_sheet *sheet);

/* Adds the rows and queues a refit; needs COACH_WRITE.  Nobody counts as having entered them. */
MUST_CHECK enum err evidence_sheet_apply(struct coach *coach, const struct evidence_sheet *sheet);

#endif
