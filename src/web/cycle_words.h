/* The words of the stages of a cycle: what each is for, what to think of before, how the talk goes,
 * how sentences may begin, and what the guide that is built in says.
 *
 * Our own wording, after what coaching research agrees on: the learner decides, questions before
 * ideas, what was seen before what is thought of it, one step that is looked at again soon.  They
 * are shown before and after a talk, never as a form to fill in during it.  All are msgids: T(). */
#ifndef DUET_WEB_CYCLE_WORDS_H
#define DUET_WEB_CYCLE_WORDS_H

#include "coach/cycles.h"

#define CYCLE_WORDS_LINES 7

/* Lists end with NULL. */
struct cycle_words {
    const char *name; /* of the stage */
    const char *purpose;
    const char *alone; /* the same for who works with the guide; NULL: the same words */
    const char *before[CYCLE_WORDS_LINES]; /* to think of, each alone */
    bool learners;                         /* `before` is for the learner alone */
    const char *talk[CYCLE_WORDS_LINES];   /* in this order */
    const char *stems[CYCLE_WORDS_LINES];
    const char *guide[CYCLE_WORDS_LINES]; /* what the guide says instead of a partner */
};

/* Of the visit there are two: the helper observes, or models. */
const struct cycle_words *cycle_words(enum cycle_stage stage, enum cycle_way way);

/* How to help as little as is needed: in this order. */
extern const char *const cycle_words_least[];
/* What the helper thinks of some days before. */
extern const char *const cycle_words_prepare[];
/* What the guide says about how much help comes from it, by the support that is planned. */
extern const char *const cycle_words_support[EVIDENCE_SUPPORT__MAX];
/* The agreement that a pair begins with, in one text. */
extern const char cycle_words_agreement[];

#endif
