/* A framework's file, whatever kind it is: a sheet, a CASE package or observation guides, told
 * apart by what is in it. */
#ifndef DUET_COACH_FRAMEWORK_FILE_H
#define DUET_COACH_FRAMEWORK_FILE_H

#include "coach/framework.h"

struct arena;
struct roster_problems;

#define FRAMEWORK_FILE_MAX ((size_t)8 << 20) /* bytes */

enum framework_kind { FRAMEWORK_SHEET, FRAMEWORK_CASE, FRAMEWORK_GUIDES, FRAMEWORK_KIND__MAX };

/* By its first bytes: JSON, and which, or else a sheet. */
enum framework_kind framework_file_kind(struct str bytes);

/* Reads all frameworks of a file: one, or several guides.  A framework without a name gets that of
 * the file, without its ending.  ERR_INVALID: `problems` says why; ERR_NOMEM. */
MUST_CHECK enum err framework_file_read(struct arena *arena, struct str bytes, const char *file,
                                        struct roster_problems *problems,
                                        struct framework ***frameworks, int32_t *n);

#endif
