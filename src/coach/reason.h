/* Why a helper is proposed for a learner, in plain and kind words.
 *
 * A reason speaks of what the helper can bring and what stands behind that, and of what the two
 * have in common.  It never names a level, a rank or a weakness of a person. */
#ifndef DUET_COACH_REASON_H
#define DUET_COACH_REASON_H

#include "coach/round.h"

struct buf;

/* Full sentences, as in partners.csv: "Amina can do alone most of what Ben is ready for in
 * Questioning; seen on 3 visits by 2 colleagues. Both are in Hill School." */
void reason_write(struct buf *buf, const struct round *round, const struct round_proposal *p);

/* A few words for a table, under a title that asks what the helper can do alone: "most (3
 * visits by 2)", that is by 2 colleagues.  `space` stands between the words of the visits: one at
 * which no line ends, where there is one. */
void reason_write_short(struct buf *buf, const struct round *round, const struct round_proposal *p,
                        const char *space);

/* How much of the zone: "nearly all", "most", "a good part", "some", "little". */
const char *reason_reach_words(int32_t reach);

/* What stands behind the helper's (or anybody's) estimate: "seen on 3 visits by 2 colleagues". */
void reason_write_evidence(struct buf *buf, const struct round *round, int32_t person,
                           int32_t skill);

/* What two people share: "both are in Hill School, share Spanish and are free on Mon 3"; returns
 * whether there was anything. */
bool reason_write_common(struct buf *buf, const struct round *round, int32_t u, int32_t v);

/* Why two people may not work together, a sentence without the period. */
void reason_write_bar(struct buf *buf, const struct round *round, int32_t u, int32_t v);

/* Why somebody has no partner, and what would change it; sentences. */
const char *reason_state_words(enum round_state state);
const char *reason_state_remedy(enum round_state state);

#endif
