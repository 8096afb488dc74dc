/* Programmes and rounds in words, for the pages about them. */
#ifndef DUET_WEB_PROGRAMME_VIEW_H
#define DUET_WEB_PROGRAMME_VIEW_H

#include "coach/programmes.h"
#include "coach/rounds.h"

struct page;

struct str programme_view_state(struct page *page, enum programme_state state);
struct str programme_view_strategy(struct page *page, enum programme_strategy strategy);
/* One or two sentences: what it is, for whom it is good. */
struct str programme_view_strategy_about(struct page *page, enum programme_strategy strategy);
/* "1 October 2026 to 20 December 2026" */
struct str programme_view_dates(struct page *page, const struct programme *programme);
struct str programme_view_part(struct page *page, enum taking_part part);

/* Why a round or a comparison could not be worked out, with the names of the rule at fault; and
 * what to do. */
MUST_CHECK enum err programme_view_problem(struct page *page, int64_t programme_id,
                                           enum rounds_problem problem, int64_t rule_id,
                                           struct str *text);

/* Why somebody stays without help, and what would change it. */
struct str programme_view_why(struct page *page, enum round_state state);
struct str programme_view_remedy(struct page *page, enum round_state state);

/* The way to the page with other partners for somebody. */
void programme_view_others(struct page *page, int64_t round_id, int64_t person_id, struct str name);

/* Goes back to a round with which something cannot be done, and says why. */
MUST_CHECK enum err programme_view_refused(struct page *page, int64_t round_id);

/* One direction of help: who helps whom in what, and the reasons, as paragraphs. */
void programme_view_row(struct page *page, const struct rounds_row *row);

/* "2.4" for 24000 ten thousandths of a zone. */
struct str programme_view_gain(struct page *page, int64_t gain);

/* Parts of arranging a programme, as tabs; `at` is one of these. */
enum programme_tab {
    PROGRAMME_TAB_PLAN,
    PROGRAMME_TAB_PEOPLE,
    PROGRAMME_TAB_SKILLS,
    PROGRAMME_TAB_MATCHING,
    PROGRAMME_TAB_EXCEPTIONS,
    PROGRAMME_TAB_COMPARE,
    PROGRAMME_TAB_ACTIVITY,
    PROGRAMME_TAB_FIGURES,
    PROGRAMME_TAB_CYCLE,
    PROGRAMME_TAB__MAX
};
void programme_view_tabs(struct page *page, int64_t id, enum programme_tab at);

/* Opens a page about a programme: title, way back, tabs. */
struct html *programme_view_open(struct page *page, const struct programme *programme,
                                 enum programme_tab at);

#endif
