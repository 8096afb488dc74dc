/* Frameworks as CASE v1.1 packages (1EdTech Competencies and Academic Standards Exchange, JSON):
 * one CFDocument, its CFItems in a tree of isChildOf associations, and rubrics for the levels.
 *
 * Strict out: what is written keeps to the official schema.  Lenient in: unknown keys are passed
 * over, links may be by identifier or URI, the depth of others' trees is flattened: an item with
 * children is a domain (a skill's domain is its nearest such ancestor, named with those above it),
 * an item without is a skill.  Tasks are items below a skill whose CFItemType is "Practice task".
 * What CASE has no place for (difficulties, licences of tasks) goes into extensions of v1.1. */
#ifndef DUET_COACH_FRAMEWORK_CASE_H
#define DUET_COACH_FRAMEWORK_CASE_H

#include "coach/framework.h"

struct arena;
struct buf;
struct roster_problems;

#define FRAMEWORK_CASE_MAX ((size_t)32 << 20) /* bytes of a package */
#define FRAMEWORK_CASE_DEPTH 32               /* of the tree of items, and of the JSON itself */
#define FRAMEWORK_CASE_ITEMS 50000            /* items, associations, criteria, levels each */

/* Reads a package.  Problems name the line and column for JSON that cannot be read, else the place
 * in it ("CFItems[12].fullStatement").  ERR_INVALID: nothing is returned. */
MUST_CHECK enum err framework_case_read(struct arena *arena, struct str json, const char *file,
                                        struct roster_problems *problems,
                                        struct framework **framework);

/* Appends the package; `base_uri` ("https://duet.example.org") is where the URIs point. Identifiers
 * that are no UUIDs, or absent, are made from the framework's content, the same each time. */
MUST_CHECK enum err framework_case_write(struct arena *arena, const struct framework *framework,
                                         struct str base_uri, struct buf *buf);

#endif
