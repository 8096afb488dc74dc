/* The cycle of a programme: which of its optional parts are used, how soon a step is looked at
 * again, and the words of each stage where they differ from those that Duet brings
 * (web/cycle_words.h).
 *
 * Kept as JSON in the programme; empty: all as Duet brings it.  A cycle that runs goes on when this
 * changes: a visit that was planned as a model stays one, a day that was agreed on stays.
 *
 * The words are the organisation's, not content of anybody's; texts are cleaned and bounded here,
 * and escaped where they are shown.  They are written in one language, and may be written in
 * further ones; whoever reads in a language that has none gets the first. */
#ifndef DUET_COACH_CYCLE_TEMPLATE_H
#define DUET_COACH_CYCLE_TEMPLATE_H

#include "base/err.h"
#include "base/str.h"
#include "coach/cycles.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;
struct complaints;

#define CYCLE_TEMPLATE_LINES 7     /* of one list */
#define CYCLE_TEMPLATE_LINE 300    /* characters */
#define CYCLE_TEMPLATE_PURPOSE 500 /* characters */
#define CYCLE_TEMPLATE_FURTHER 12  /* languages beside the first */
#define CYCLE_TEMPLATE_LANGUAGE 20 /* bytes of a tag */
#define CYCLE_TEMPLATE_TEXT                                                                        \
    (CYCLE_TEMPLATE_LINES * (CYCLE_TEMPLATE_LINE + 2)) /* of a list, typed */

/* Stages; of the visit there are two. */
enum cycle_part {
    CYCLE_PART_PLAN,
    CYCLE_PART_OBSERVE,
    CYCLE_PART_MODEL,
    CYCLE_PART_FEEDBACK,
    CYCLE_PART_SOLVE,
    CYCLE_PART_CHECK,
    CYCLE_PART_REFLECT,
    CYCLE_PART__MAX
};
const char *cycle_template_word(enum cycle_part part); /* "observe": in addresses and in the JSON */
bool cycle_template_part_of(struct str word, enum cycle_part *part);
enum cycle_part cycle_template_part(enum cycle_stage stage, enum cycle_way way);
enum cycle_stage cycle_template_stage(enum cycle_part part);

struct cycle_lines {
    struct str items[CYCLE_TEMPLATE_LINES];
    int32_t n;
};

struct cycle_own_words {
    bool own;            /* else those that Duet brings, and the rest is empty */
    struct str language; /* "es"; empty: not known */
    struct str purpose;
    struct cycle_lines before, talk, stems;
    struct cycle_own_words *further; /* the same in further languages; of the first only */
    int32_t n_further;
};

struct cycle_template {
    bool prepare;      /* the helper prepares some days before */
    bool model;        /* the learner may watch the helper first */
    int32_t step_days; /* a step is looked at again within so many days, 1 .. CYCLES_STEP_DAYS */
    struct cycle_own_words parts[CYCLE_PART__MAX];
};

/* Pure: for who reads in `language`. */
const struct cycle_own_words *cycle_template_words(const struct cycle_template *t,
                                                   enum cycle_part part, struct str language);

/* For who arranges the programme.  ERR_NOT_FOUND, ERR_FORBIDDEN. */
MUST_CHECK enum err cycle_template_get(struct coach *coach, int64_t programme_id,
                                       struct cycle_template *t);
/* Fields: "step_days". */
MUST_CHECK enum err cycle_template_use(struct coach *coach, int64_t programme_id, bool prepare,
                                       bool model, int32_t step_days,
                                       struct complaints *complaints);
/* Own words of a part: a purpose, and lists with one entry a line (blank lines are left out).
 * Fields: "purpose" (needed), "before", "talk" (needed), "stems". */
struct cycle_words_typed {
    struct str purpose, before, talk, stems;
    struct str language; /* in which they are written */
    bool further;        /* beside the first, which are there; ERR_CONFLICT: they are not */
};
MUST_CHECK enum err cycle_template_say(struct coach *coach, int64_t programme_id,
                                       enum cycle_part part, const struct cycle_words_typed *typed,
                                       struct complaints *complaints);
/* Back to what Duet brings; `language` not empty: to the first language, for who reads in it. */
MUST_CHECK enum err cycle_template_forget(struct coach *coach, int64_t programme_id,
                                          enum cycle_part part, struct str language);

/* Ungated, for the rules and pages of cycles: of the programme of a partnership; as Duet brings it
 * where there is none. */
MUST_CHECK enum err cycle_template_of(struct coach *coach, int64_t partnership_id,
                                      struct cycle_template *t);

/* Pure: reads what is stored.  ERR_INVALID: not made by this program. */
MUST_CHECK enum err cycle_template_read(struct coach *coach, struct str json,
                                        struct cycle_template *t);

#endif
