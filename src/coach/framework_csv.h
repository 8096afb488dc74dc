/* Frameworks as a sheet; docs/frameworks.md is the user's manual of the same decisions.
 *
 * With a column `kind`, each row is a framework, a domain, a skill, a level or a task, and belongs
 * to the nearest one above it unless `domain` or `code` say otherwise.  Without that column each
 * row is a skill, and columns named "level 1", "level 2: Developing" ... hold the texts of its
 * levels, as rubrics are mostly kept.  Further languages stand in columns "name:es",
 * "description:es".  Byte order marks, semicolons and tabs are read (base/csv.h); Spanish names of
 * columns too. */
#ifndef DUET_COACH_FRAMEWORK_CSV_H
#define DUET_COACH_FRAMEWORK_CSV_H

#include "base/csv.h"
#include "coach/framework.h"

struct arena;
struct buf;
struct roster_problems;

#define FRAMEWORK_CSV_ROWS 60000 /* rows of a sheet */

/* Reads a whole sheet.  `file` names it in messages.  A sheet without a framework row gives a
 * framework without a name.  ERR_INVALID: `problems` says with line and column what is wrong
 * (coach/roster.h); nothing is returned then.  ERR_IO as the source said, ERR_NOMEM. */
MUST_CHECK enum err framework_csv_read(struct arena *arena, struct csv_source source,
                                       const char *file, struct roster_problems *problems,
                                       struct framework **framework);

/* Appends the sheet with a column `kind`, guarded against formulas.  Reading it gives the same
 * framework (framework_same).  Failures stick to `buf`. */
void framework_csv_write(const struct framework *framework, struct buf *buf);

#endif
