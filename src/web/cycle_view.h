/* Parts of the page of a cycle. */
#ifndef DUET_WEB_CYCLE_VIEW_H
#define DUET_WEB_CYCLE_VIEW_H

#include "coach/cycles.h"

#include <stdbool.h>

struct page;

/* The fields of the one form that all stages share (page_cycle.c). */
enum cycle_field {
    CYCLE_F_GOAL,
    CYCLE_F_LOOK_FOR,
    CYCLE_F_TASK,
    CYCLE_F_OWN_TASK,
    CYCLE_F_WAY,
    CYCLE_F_SUPPORT_PLANNED,
    CYCLE_F_STRENGTH,
    CYCLE_F_SUPPORT_GIVEN,
    CYCLE_F_STEP,
    CYCLE_F_STEP_DAY,
    CYCLE_F_OUTCOME,
    CYCLE_F_FOUND,
    CYCLE_F_COMPLETE,
    CYCLE_F__MAX
};

/* Where the cycle is: the six stages. */
void cycle_view_steps(struct page *page, const struct cycle *cycle);

/* Whether the reader has something to write in the present stage. */
bool cycle_view_writes(struct page *page, const struct cycle *cycle);

/* What the present stage goes on from, as terms: before how to do it. */
void cycle_view_at_hand(struct page *page, const struct cycle *cycle);

/* What else was said so far; without what stands in the form of the present stage. */
void cycle_view_said(struct page *page, const struct cycle *cycle);

/* What the stage is for, in the programme's words or in those that Duet brings. */
struct str cycle_view_purpose(struct page *page, const struct cycle *cycle);

/* Who helps whom, and who visits whom in the present stage. */
void cycle_view_who(struct page *page, const struct cycle *cycle);

/* The protocol of the stage: before, in the talk, how sentences may begin; from the guide. */
void cycle_view_protocol(struct page *page, const struct cycle *cycle);

/* A link to that form, for who comes back from a talk. */
void cycle_view_to_form(struct page *page, const struct cycle *cycle);

/* The form of the present stage, for whom it is to fill in; else a sentence who it is. */
MUST_CHECK enum err cycle_view_form(struct page *page, const struct cycle *cycle);

/* Evidence from it: a form, or that there is one. */
MUST_CHECK enum err cycle_view_evidence(struct page *page, const struct cycle *cycle);

/* Notes and visits that the reader may see, with forms. */
MUST_CHECK enum err cycle_view_notes(struct page *page, const struct cycle *cycle);
MUST_CHECK enum err cycle_view_visits(struct page *page, const struct cycle *cycle);

#endif
