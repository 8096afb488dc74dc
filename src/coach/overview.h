/* Where the people of a programme stand, for who arranges it: who works with somebody, who stands
 * still, who wants a partner and has none, who helps most.  Activity only: who, with whom, at which
 * stage, since when; no skill, no goal, no word that was written.  Of who has no partner also why
 * not, as the last round has it.
 *
 * Partnerships count that belong to the programme, and those outside of programmes that work on one
 * of its skills; how many somebody helps and learns from counts all that run, as a round does.
 *
 * Whom the reader evaluates, and who works with one of these, is left out of all lists and figures;
 * another coordinator takes care of them.
 *
 * Results live in coach->arena.  O(people + partnerships that run), some dozen milliseconds for ten
 * thousand people. */
#ifndef DUET_COACH_OVERVIEW_H
#define DUET_COACH_OVERVIEW_H

#include "base/err.h"
#include "base/str.h"
#include "coach/cycles.h"
#include "coach/partnerships.h"
#include "coach/round.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

#define OVERVIEW_PAGE 50    /* people of one page */
#define OVERVIEW_PARTNERS 6 /* partnerships that are told of one person */

/* What can be said of a person; several at once. */
enum overview_trait {
    OVERVIEW_PAIRED,     /* in a partnership that all have accepted */
    OVERVIEW_ASKED,      /* in one that waits for answers */
    OVERVIEW_ACTIVE,     /* in one that is active */
    OVERVIEW_STALLED,    /* in one that stands still (stalled.h) */
    OVERVIEW_PAUSED,     /* in one that is paused */
    OVERVIEW_UNSERVED,   /* wants to learn something of the programme, and learns with nobody */
    OVERVIEW_GUIDED,     /* learns with the guide */
    OVERVIEW_HELPING,    /* helps somebody */
    OVERVIEW_OVERLOADED, /* helps in more partnerships than they wanted to */
    OVERVIEW_TRAIT__MAX
};
const char *overview_trait_word(enum overview_trait trait); /* "paired" */

struct overview_together {
    enum partnership_state state;
    int64_t still_ms; /* 0: it does not stand still */
    int64_t moved_ms;
    bool has_cycle; /* one is open, at ... */
    enum cycle_stage stage;
    struct str partners[2]; /* names */
    int32_t n_partners;
};

/* What the last published round of the programme knows of somebody who learns with nobody. */
enum overview_round {
    OVERVIEW_NO_ROUND, /* there is none, or they were not in it */
    OVERVIEW_WITHOUT,  /* stayed without help: why */
    OVERVIEW_HAD_ONE   /* had a partner then, which did not come about or has ended */
};

struct overview_person {
    int64_t person_id;
    struct str name, search;
    struct str unit; /* one of theirs; of a page and a whole list only */
    unsigned traits; /* bits: 1u << enum overview_trait */
    int32_t n_helps, max_helps, n_learns, max_learns;
    int64_t still_ms; /* the earliest; 0: none */

    /* of a page only */
    struct overview_together *together; /* at most OVERVIEW_PARTNERS */
    int32_t n_together;
    enum overview_round last; /* of the unserved */
    enum round_state why;     /* where they stayed without */
};

struct overview_query {
    int64_t unit_id; /* and those below; 0: all */
    int show;        /* an enum overview_trait; -1: all */
    int32_t page;    /* from 0 */
};

struct overview {
    int64_t n_people;               /* who take part */
    int64_t n[OVERVIEW_TRAIT__MAX]; /* of them */
    int64_t n_withheld;
    struct overview_person *items; /* by name; those that stand still: the longest first; those
                                      who help: who helps most first */
    size_t n_items;
    bool more;
};

/* For who arranges the programme.  ERR_NOT_FOUND, ERR_FORBIDDEN. */
MUST_CHECK enum err overview_page(struct coach *coach, int64_t programme_id,
                                  const struct overview_query *query, struct overview *overview);
/* All people, by name, without rounds and partners: for a file. */
MUST_CHECK enum err overview_all(struct coach *coach, int64_t programme_id,
                                 struct overview *overview);

#endif
