/* Observation guides as JSON: [ { id, actions: [ { number, group, statement, indicators: [ {
 * statement, ratings: [ { value, label } ] } ] } ] } ], the shape in which the Instructional
 * Practice Guides are published with their coaching tool.
 *
 * A guide becomes a framework: its actions are domains, its indicators skills, its ratings levels,
 * lowest first ("No" below "Yes", numbers by size); a rating that says nothing was observed is no
 * level. */
#ifndef DUET_COACH_FRAMEWORK_GUIDE_H
#define DUET_COACH_FRAMEWORK_GUIDE_H

#include "coach/framework.h"

struct arena;
struct roster_problems;

#define FRAMEWORK_GUIDE_MAX 50 /* guides in one file */

/* Whether a JSON text looks like guides rather than a CASE package: by its first members only. */
bool framework_guide_is(struct str json);

/* Reads all guides of a file.  ERR_INVALID: problems says what is wrong and where
 * ("[0].actions[2].indicators[1]"). */
MUST_CHECK enum err framework_guide_read(struct arena *arena, struct str json, const char *file,
                                         struct roster_problems *problems,
                                         struct framework ***frameworks, int32_t *n);

#endif
