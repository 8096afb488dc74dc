/* What the pages of a framework's parts share: finding the part that the address names, the buttons
 * they all have, and going on after a form. */
#ifndef DUET_WEB_SETUP_FRAMEWORK_H
#define DUET_WEB_SETUP_FRAMEWORK_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct framework;
struct framework_domain;
struct framework_skill;
struct framework_words;
struct page;

#define SETUP_FRAMEWORK "/setup/frameworks/:id"

/* The framework ":id" with everything in it, its domain ":domain", its skill ":skill".
 * ERR_NOT_FOUND: the part is not one of this framework. */
MUST_CHECK enum err setup_framework_load(struct page *page, struct framework **framework);
MUST_CHECK enum err setup_framework_domain(struct page *page, struct framework **framework,
                                           struct framework_domain **domain);
MUST_CHECK enum err setup_framework_skill(struct page *page, struct framework **framework,
                                          struct framework_skill **skill);

/* The addresses of the framework ":id" and of its skill ":skill". */
struct str setup_framework_url(struct page *page);
struct str setup_framework_skill_url(struct page *page);

/* Name and description of one that ships with Duet, in the reader's language where it has it. */
struct framework_words setup_framework_words(const struct page *page,
                                             const struct framework *framework);

/* After a form: shows it again with what is wrong, or goes to `to`, or fails with `err`. */
MUST_CHECK enum err setup_framework_go(struct page *page, enum err err,
                                       enum err (*again)(struct page *page), struct str to);

void setup_framework_write_save(struct page *page);
/* "Move up" and "move down" of a "domain", "skill" or "task". */
void setup_framework_write_moves(struct page *page, const char *kind, int64_t id, struct str about);

/* The practice steps of a skill, each in a form of its own. */
void setup_framework_write_tasks(struct page *page, const struct framework *framework,
                                 const struct framework_skill *skill);
/* The page of the skill ":skill" (page_setup_skills.c), which the steps are shown on. */
MUST_CHECK enum err setup_framework_show_skill(struct page *page);

#endif
