/* Asking a colleague directly: "would you help me with this?"
 *
 * The one who is asked sees who asks, what for and their words; accepting makes a partnership of
 * the two in which the asker has accepted already.  Declining needs no reason.  Nobody who
 * evaluates the other, in either direction, can ask or be asked.  Results live in coach->arena. */
#ifndef DUET_COACH_ASKS_H
#define DUET_COACH_ASKS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define ASKS_WORDS 600      /* characters */
#define ASKS_WAITING 5      /* asks of one person that wait at the same time */
#define ASKS_SUGGESTIONS 10 /* people */

enum ask_state { ASK_WAITING, ASK_ACCEPTED, ASK_DECLINED, ASK_TAKEN_BACK, ASK_STATE__MAX };

struct ask {
    int64_t id, from_id, to_id, skill_id;
    struct str from, to, skill, words;
    enum ask_state state;   /* the asker is told DECLINED as such, without more */
    int64_t partnership_id; /* 0: none */
    int64_t created_ms, answered_ms;
};

struct ask_list {
    struct ask *items;
    size_t n;
};

/* Complaint fields: "to", "skill", "words".  Two that wait for the same are one. */
MUST_CHECK enum err asks_send(struct coach *coach, int64_t to_id, int64_t skill_id,
                              struct str words, struct complaints *complaints, int64_t *id);

/* By the one who is asked; *partnership_id is 0 when declined.  ERR_CONFLICT: answered or taken
 * back already, or the two may no longer work together. */
MUST_CHECK enum err asks_answer(struct coach *coach, int64_t id, bool accept,
                                int64_t *partnership_id);
/* By the asker. */
MUST_CHECK enum err asks_take_back(struct coach *coach, int64_t id);

/* Asks to the actor that wait; the actor's own of the last 90 days, newest first. */
MUST_CHECK enum err asks_received(struct coach *coach, struct str locale, struct ask_list *list);
MUST_CHECK enum err asks_sent(struct coach *coach, struct str locale, struct ask_list *list);

/* Whom the actor could ask for help with a skill: active people who offer it, are not the actor's
 * evaluators nor evaluated by them, are not with the actor in a running partnership about it, and
 * have not reached the number of people they want to help.  The likeliest to help first, which is
 * said to nobody and shown by the order alone. */
struct suggestion {
    int64_t person_id;
    struct str name, position, unit, note; /* note: of the offer */
    bool same_unit;
    bool same_period; /* both are free in the same period of the week */
};
struct suggestions {
    struct suggestion *items;
    int32_t n;
};
MUST_CHECK enum err asks_suggest(struct coach *coach, int64_t skill_id,
                                 struct suggestions *suggestions);

#endif
