/* Frameworks as a sheet: one row for each domain, skill, level and task; docs/frameworks.md is the
 * user's manual.  Reads what framework_csv_write writes, byte order marks, semicolons and tabs
 * included (base/csv.h). */
#ifndef DUET_COACH_FRAMEWORK_CSV_H
#define DUET_COACH_FRAMEWORK_CSV_H

#include "base/csv.h"
#include "coach/framework.h"

struct arena;
struct buf;
struct roster_problems;

#define FRAMEWORK_CSV_MAX ((size_t)16 << 20) /* bytes of a sheet */

/* Reads a whole sheet.  `file` names it in messages.  ERR_INVALID: `problems` says with line and
 * column what is wrong (coach/roster.h); nothing is returned then. */
MUST_CHECK enum err framework_csv_read(struct arena *arena, struct csv_source source,
                                       const char *file, struct roster_problems *problems,
                                       struct framework **framework);

/* Appends the sheet, CRLF, guarded against formulas. */
MUST_CHECK enum err framework_csv_write(const struct framework *framework, struct buf *buf);

#endif
