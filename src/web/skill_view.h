/* A person's skill in plain words: the band, what stands behind it, what would move it.  The same
 * on every page that shows one. */
#ifndef DUET_WEB_SKILL_VIEW_H
#define DUET_WEB_SKILL_VIEW_H

#include "base/err.h"
#include "base/str.h"
#include "coach/evidence.h"
#include "coach/frameworks.h"
#include "coach/zones.h"
#include "html/zoneband.h"

#include <stdbool.h>
#include <stdint.h>

struct page;

/* The band of a skill; `person` is empty for the reader's own. */
void skill_view_band(struct page *page, const struct zones_skill *skill, enum zoneband_size size,
                     struct str person);

/* "3 visits", "2 colleagues", "own view: Developing" ... as one quiet line; says so when there is
 * nothing yet. */
void skill_view_behind(struct page *page, const struct zones_skill *skill);

/* What would tell more about this skill: a sentence. */
struct str skill_view_move(struct page *page, const struct zones_skill *skill);

/* Badges: "I want to grow in this", "I can help with this". */
void skill_view_wishes(struct page *page, const struct zones_skill *skill);

/* The pieces of evidence as a list, newest first; with the buttons to withdraw and delete where
 * the reader may. */
void skill_view_evidence(struct page *page, const struct evidence_piece *pieces, int32_t n,
                         bool own);

/* "Observed: Proficient, without help": what a piece says. */
struct str skill_view_said(struct page *page, const struct evidence_piece *piece);

/* How much help there was, in words for a form: heading and explanation. */
struct str skill_view_support(struct page *page, enum evidence_support support);
struct str skill_view_support_hint(struct page *page, enum evidence_support support);

/* The frameworks that are in use, and which one a page is about: the one asked for, else the first.
 * ERR_NOT_FOUND: the one asked for is not in use.  *id is 0 when there is none at all. */
struct skill_frameworks {
    struct frameworks_item *items; /* in use only */
    int32_t n;
    int64_t id; /* the chosen one */
};
MUST_CHECK enum err skill_view_frameworks(struct page *page, int64_t asked,
                                          struct skill_frameworks *frameworks);

/* Tabs to change between frameworks, when there are several; `pattern` has one {} for the id. */
void skill_view_tabs(struct page *page, const struct skill_frameworks *frameworks,
                     const char *pattern);

/* A page for when there is no framework yet. */
MUST_CHECK enum err skill_view_none(struct page *page, struct str title);

#endif
