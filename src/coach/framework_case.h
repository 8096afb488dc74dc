/* Frameworks as CASE v1.1 packages (1EdTech Competencies and Academic Standards Exchange, JSON):
 * one CFDocument, its CFItems in a tree of isChildOf associations, and a rubric for the levels.
 *
 * Strict out: what is written keeps to the official schema.  Lenient in: unknown keys are passed
 * over, links may be by identifier or by URI, and the tree of others, however deep, becomes domains
 * of skills: an item without children is a skill, the item above it its domain, named with those
 * above ("Reading / Literature"); items below a skill whose CFItemType is "Practice task" are its
 * tasks.  The levels of a skill are those of the rubric's criterion that points to it.  What CASE
 * has no place for (difficulties, further languages, what is retired) stands in extensions, named
 * "duet:...". */
#ifndef DUET_COACH_FRAMEWORK_CASE_H
#define DUET_COACH_FRAMEWORK_CASE_H

#include "coach/framework.h"

struct arena;
struct buf;
struct roster_problems;

#define FRAMEWORK_CASE_MAX ((size_t)8 << 20)   /* bytes of a package */
#define FRAMEWORK_CASE_DEPTH 32                /* of the tree of items */
#define FRAMEWORK_CASE_ITEMS 30000             /* items; and associations */
#define FRAMEWORK_CASE_SIZE ((size_t)64 << 20) /* of a package that is written */

/* Reads a package.  Problems name the line and column for text that is no JSON, else the place
 * ("CFItems[12]"); notes tell what was left out.  ERR_INVALID: nothing is returned. */
MUST_CHECK enum err framework_case_read(struct arena *arena, struct str json, const char *file,
                                        struct roster_problems *problems,
                                        struct framework **framework);

/* Appends the package; `base_uri` ("https://duet.example.org", no slash at the end) is where the
 * URIs point.  Identifiers that are no UUIDs are made from the framework's identifier or name and
 * the codes, the same each time.  ERR_NOMEM; a buffer's failures stick to it. */
MUST_CHECK enum err framework_case_write(const struct framework *framework, struct str base_uri,
                                         struct buf *buf);

#endif
