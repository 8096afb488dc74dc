/* Figures about the people of a programme that tell of nobody: per skill how many want to grow in
 * it, offer help with it, and are served; and, for a board, what was done.
 *
 * Every figure has FIGURES_LEAST people or more behind it; a smaller one is told as "fewer than 5".
 * What is shown together must not tell a smaller one either:
 *  - A part of a whole that is told (the served of those who want) is shown only when the rest has
 *    FIGURES_LEAST people too; a smaller rest is told as "all but fewer than 5", and nothing at all
 *    is said of a part of a whole of less than twice FIGURES_LEAST.
 *  - A total of people (each counted once, however many skills they want) is shown only when, after
 *    all that is told, each hidden figure may still be anything within its words.  With T the
 *    total, S the sum of the figures shown, min_h and max_h what the words of hidden figure h
 * allow, and at most c skills a person: T <= S + sum(max) - (max_j - min_j) and T >= max_j for each
 *    hidden j, and c T >= S + sum(max).  Then with all other hidden figures at their largest,
 *    figure j may be anything; so nothing is learned of it.
 * figures_protect() is that rule; a test attacks it with all worlds that fit.
 *
 * Guides do not count as partners here.  Results live in coach->arena. */
#ifndef DUET_COACH_FIGURES_H
#define DUET_COACH_FIGURES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

#define FIGURES_LEAST 5

enum figure_told {
    FIGURE_SHOWN,
    FIGURE_FEW,    /* fewer than FIGURES_LEAST, perhaps none */
    FIGURE_MOST,   /* all of the whole but fewer than FIGURES_LEAST, perhaps all */
    FIGURE_HIDDEN, /* nothing is told */
};

struct figure {
    int32_t n; /* 0 unless it is shown, once protected */
    enum figure_told told;
};

struct figures_skill {
    int64_t skill_id;
    struct figure want, offer; /* parts of all people */
    struct figure served;      /* part of those who want */
};

struct figures_map {
    struct figures_skill *skills; /* in the framework's order */
    size_t n;
    struct figure people;              /* who take part */
    struct figure want, offer, served; /* people who want, offer, are served in anything */
};

/* What was done; each person counts once in figures of people. */
struct figures_board {
    struct figure people;   /* who take part */
    struct figure partners; /* part of these: who have worked with a partner */
    struct figure cycled;   /* part of these: in a cycle that was completed */
    struct figure partnerships, cycles, meetings; /* begun, completed, held */
};

/* For who arranges the programme; protected.  Time grows with its people, what they offer and what
 * runs. */
MUST_CHECK enum err figures_map(struct coach *coach, int64_t programme_id, struct figures_map *map);
/* Both, in one go. */
MUST_CHECK enum err figures_board(struct coach *coach, int64_t programme_id,
                                  struct figures_map *map, struct figures_board *board);

/* ---- pure ---- */

/* Every n is true and every `told` is FIGURE_SHOWN; afterwards only what may be told is left.  At
 * most `needs_each` skills are wanted by one person. */
void figures_protect(struct figures_map *map, int32_t needs_each);
void figures_protect_board(struct figures_board *board);

#endif
