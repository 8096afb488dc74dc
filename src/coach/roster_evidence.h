/* Within the room: what the reader of evidence keeps, for it and for those who read pieces of a
 * large file (roster_pieces.h). */
#ifndef DUET_COACH_ROSTER_EVIDENCE_H
#define DUET_COACH_ROSTER_EVIDENCE_H

#include "coach/roster_build.h"
#include "coach/roster_seen.h"
#include "coach/roster_wide.h"

#define ROSTER_RECENT_SKILLS 32

/* Something that is counted while reading and said at the end. */
struct roster_tally {
    uint64_t count, line; /* line of the first */
};

struct roster_evidence {
    struct roster_build *build;
    struct roster_table table;
    struct roster_wide wide;
    struct list rows; /* struct zone_evidence */
    struct intern *raters, *occasions, *items;
    struct list rater_list, occasion_list, item_list; /* what they are */
    struct list item_lines;                           /* uint64_t: where the difficulty stands */
    struct roster_seen seen;                          /* beside rows */
    struct roster_recent person, skill[ROSTER_RECENT_SKILLS], rater, date;
    struct roster_recent occasion;
    int32_t occasion_of; /* the person whose recent occasion it is */
    struct roster_tally by_self, copies, unrated, both_items;
};

/* Occasions and items are interned by a number, a letter and a text. */
#define ROSTER_EVIDENCE_KEY_HEAD (sizeof(int32_t) + 1)

static inline struct str roster_evidence_key_text(const struct intern *keys, int32_t id)
{
    struct str key = intern_text(keys, id);
    return (struct str){key.p + ROSTER_EVIDENCE_KEY_HEAD, key.n - ROSTER_EVIDENCE_KEY_HEAD};
}

/* Starts with no rows; the table is the caller's.  ERR_NOMEM. */
MUST_CHECK enum err roster_evidence_begin(struct roster_evidence *evidence,
                                          struct roster_build *build);

/* Takes the row at which the table stands. */
MUST_CHECK enum err roster_evidence_row(struct roster_evidence *evidence);

#endif
