/* What the pages of coaching share: who is with whom in what, in words; lists of lines. */
#ifndef DUET_WEB_COACHING_VIEW_H
#define DUET_WEB_COACHING_VIEW_H

#include "coach/cycles.h"
#include "coach/partnerships.h"
#include "html/part_text.h"
#include "web/flash.h"

struct page;

/* "With Ann Abel", "With Ann Abel and Bob Bell", "With the guide". */
struct str coaching_view_with(struct page *page, const struct partnership *p);

/* "Bob Bell helps you with Questioning", "You help Bob Bell with ...", and the guide's. */
struct str coaching_view_focus(struct page *page, const struct focus *focus);

/* A badge of the state; to whom it is. */
void coaching_view_state(struct page *page, const struct partnership *p);

/* The one next thing in a partnership: a heading, a sentence, a button's text and its address
 * (empty: nothing to do but wait).  False: there is nothing to say. */
struct coaching_next {
    struct str heading, text, action, url;
};
bool coaching_view_next(struct page *page, const struct partnership *p, struct coaching_next *next);

/* The first of all that there is something to do about: what asks for an answer before what is
 * under way, colleagues before the guide. */
bool coaching_view_first(struct page *page, const struct partnerships *list,
                         struct coaching_next *next);

/* That the guide is a program; on each page of a partnership with it. */
void coaching_view_guide(struct page *page);

/* Before what only those do who work together (route.h): a member who is asked, or waits for the
 * others' answers, is led to the proposal, with a sentence. */
MUST_CHECK enum err coaching_view_enter(struct page *page, bool *gone);
/* The same for what is done while it runs: whose partnership has ended is led to it. */
MUST_CHECK enum err coaching_view_enter_running(struct page *page, bool *gone);

/* A list of msgids that ends with NULL. */
void coaching_view_lines(struct page *page, const char *const *lines, bool numbered);

/* What a handler returns after something was done, or could not be (ERR_CONFLICT: it has changed
 * meanwhile): on to `path`. */
MUST_CHECK enum err coaching_view_go(struct page *page, enum err err, enum flash flash,
                                     struct str path);

#endif
