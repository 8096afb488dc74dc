/* Finding one's own partner: asking a colleague directly, or the guide that is built in.
 *
 * An ask is a proposed partnership of the two in which the asker has accepted already
 * (partnerships.h): the other sees who asks, what for and their words, and accepts or declines with
 * partnerships_answer; the asker takes it back by declining.  Nobody who evaluates the other, in
 * either direction, can ask or be asked.  Results live in coach->arena. */
#ifndef DUET_COACH_ASKS_H
#define DUET_COACH_ASKS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;
struct complaints;

#define ASKS_WORDS 600      /* characters */
#define ASKS_WAITING 5      /* of one person, that wait at the same time */
#define ASKS_SUGGESTIONS 10 /* people, of one page */

/* The actor asks for help with a skill.  Complaint fields: "to", "skill", "words". */
MUST_CHECK enum err asks_send(struct coach *coach, int64_t to_id, int64_t skill_id,
                              struct str words, struct complaints *complaints,
                              int64_t *partnership_id);

/* The actor works with the guide, from now on: a program, which says so.  Field: "skill".  When
 * there is one about the skill that runs, it is that one. */
MUST_CHECK enum err asks_guide(struct coach *coach, int64_t skill_id, struct complaints *complaints,
                               int64_t *partnership_id);

/* Whom the actor could ask: active people who offer the skill, are not the actor's evaluators nor
 * evaluated by them, are not in a running partnership with the actor about it, and do not already
 * help as many people as they want to.  All of them are put in order: with whom the actor came to a
 * good end first; then those who could help most, as far as estimates say (that is told to nobody);
 * where nothing is known, those of the actor's own units, and each actor's list begins behind the
 * actor's own place.  Of these the ASKS_SUGGESTIONS from `first` on, a multiple of it; behind the
 * end: the last ones.  Whose last partnership with the actor was declined or ended is left out and
 * counted, so that nobody is sent back to them; with `earlier` up to ASKS_SUGGESTIONS of them come
 * behind the others, for who looks for them.
 *
 * Cost: two queries and sorting what they found, then one query for each that is shown. */
struct suggestion {
    int64_t person_id;
    struct str name, unit, note; /* unit: one of theirs, a shared one first; note: of the offer */
    bool same_unit;
    bool same_period;    /* both are free in the same period of the week */
    bool earlier;        /* their last partnership with the actor was declined or ended */
    int64_t together_ms; /* until when they last worked together and came to a good end; 0: not */
};
struct suggestions {
    struct suggestion *items;
    int32_t n;
    int32_t first, n_all; /* place of the first item; how many could be asked, on all pages */
    int32_t n_earlier;    /* left out */
};
MUST_CHECK enum err asks_suggest(struct coach *coach, int64_t skill_id, bool earlier, int32_t first,
                                 struct suggestions *suggestions);

#endif
