/* OneRoster CSV, versions 1.1 and 1.2 (1EdTech), and Microsoft's look-alike "SDS v2.1".
 *
 * Read are orgs, users, roles, and of classes, courses and enrollments what they say of a teacher's
 * subjects and grades.  Rows of students, parents, guardians and relatives are dropped before
 * anything but their id and role is looked at, and only counted; demographics.csv,
 * academicSessions, userProfiles and the rest are not opened.  Nothing is kept of them.
 *
 * The manifest says of each file whether it holds everything (bulk) or changes (delta).  Without a
 * manifest everything is read and nobody is taken to have left, unless options say so.  Exporters'
 * habits (misspelt column names, other letter case in file names, trailing commas, dates written
 * d/m/y, blank states) are read and noted; what cannot be understood is a problem with its line.
 * docs/import.md is the administrator's manual of the same decisions.
 *
 *     err = oneroster_begin(arena, archive, &options, problems, &oneroster);   // the manifest
 *     known = ids of the people of oneroster_source(oneroster) in the database
 *     err = oneroster_read(oneroster, known, &set);
 *
 * Pure but for the archive.  Cost: one pass over the files, memory for staff only. */
#ifndef DUET_COACH_ONEROSTER_H
#define DUET_COACH_ONEROSTER_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct archive;
struct arena;
struct import_set;
struct intern;
struct oneroster;
struct roster_problems;

#define ONEROSTER_MAX_SOURCE 100 /* bytes of the name of the system behind it */

struct oneroster_options {
    struct str system; /* the name of the system behind it; "": what the manifest says */
    bool complete;     /* without a manifest: the files hold everything */
    int32_t today;     /* days since 1970-01-01 */
};

/* Finds the files and reads the manifest.  Problems may be added; then oneroster_read adds those of
 * the other files and gives no set.  `archive` stays the caller's and open. ERR_NOMEM. */
MUST_CHECK enum err oneroster_begin(struct arena *arena, struct archive *archive,
                                    const struct oneroster_options *options,
                                    struct roster_problems *problems, struct oneroster **oneroster);

/* "oneroster:" and the name of the system, or "oneroster". */
struct str oneroster_source(const struct oneroster *oneroster);

/* Reads the files.  `known` has the ids of all people that this source has brought in before; NULL:
 * none.  ERR_OK: *set is there; rows with problems are counted in set->n_left_out.  ERR_INVALID: a
 * file could not be read at all, problems says why.  ERR_NOMEM. */
MUST_CHECK enum err oneroster_read(struct oneroster *oneroster, const struct intern *known,
                                   struct import_set **set);

#endif
