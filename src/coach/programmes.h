/* Programmes: who coaches whom in what for how long, and under which rules.
 *
 * A programme begins as a draft.  Opening it asks the people of its units (or counts them in, where
 * it does not ask first); a published round makes it run; closing it ends it.  Who takes part is
 * written down person by person when the programme opens and whenever it is brought up to date, so
 * that a new colleague is asked and nobody is asked twice.
 *
 * Who may: a coordinator of all its units (of whoever is added singly, too), or who made it as long
 * as it has no unit; an administrator.  Nobody else sees more of it than what it says about
 * themselves.  Taking part is each person's own: whoever is in may leave at any time, and only they
 * themselves can say yes where the programme asks first. */
#ifndef DUET_COACH_PROGRAMMES_H
#define DUET_COACH_PROGRAMMES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define PROGRAMMES_NAME 120       /* characters of a name */
#define PROGRAMMES_ABOUT 4000     /* characters */
#define PROGRAMMES_MAX 2000       /* programmes of an organisation */
#define PROGRAMMES_SKILLS 500     /* skills chosen for one */
#define PROGRAMMES_UNITS 500      /* units chosen for one */
#define PROGRAMMES_RULES 5000     /* rules of one */
#define PROGRAMMES_PEOPLE 100000  /* people of one */
#define PROGRAMMES_PAGE 50        /* people of one page */
#define PROGRAMMES_DAYS (3 * 366) /* the longest */
#define PROGRAMMES_PARTNERS 20    /* largest capacity in a form */

enum programme_state {
    PROGRAMME_DRAFT,   /* nobody has been asked */
    PROGRAMME_OPEN,    /* people are asked; rounds may run */
    PROGRAMME_RUNNING, /* a round was published */
    PROGRAMME_CLOSED,
    PROGRAMME_STATE__MAX
};
enum programme_strategy {
    PROGRAMME_RECIPROCAL, /* pairs who help each other */
    PROGRAMME_GUIDE,      /* helpers and learners */
    PROGRAMME_TRIO,
    PROGRAMME_SELF, /* people ask colleagues themselves */
    PROGRAMME_RANDOM,
    PROGRAMME_STRATEGY__MAX
};

/* As stored: "draft", "reciprocal". */
const char *programmes_state_word(enum programme_state state);
const char *programmes_strategy_word(enum programme_strategy strategy);
bool programmes_strategy_of(struct str word, enum programme_strategy *strategy);

struct programme {
    int64_t id;
    struct str name, about;
    int64_t framework_id;
    struct str framework; /* its name in its own language; read only */
    int32_t starts_day, ends_day;
    enum programme_state state; /* read only */
    enum programme_strategy strategy;
    bool most_gain;                /* the largest total gain rather than the most people served */
    bool lift;                     /* then the smallest gain as large as possible */
    bool same_unit;                /* partners belong to the same unit */
    bool same_language;            /* they share a language */
    bool same_period;              /* they share a free period */
    bool keep_good;                /* partners who ended well before go on */
    bool opt_in;                   /* people are asked first */
    int32_t max_helps, max_learns; /* -1: as in each person's profile */
    struct str template;           /* of the cycle, JSON; read only here (cycle_template.h) */
    int64_t created_by, created_ms, changed_ms; /* read only */
    int64_t n_in, n_invited, n_out;             /* people; read only */
};

struct programme_list {
    struct programme *items;
    size_t n;
};

/* Those that the actor may arrange: newest first, closed ones last.  Empty for everybody else. */
MUST_CHECK enum err programmes_list(struct coach *coach, struct programme_list *list);
#define PROGRAMMES_AT_WORK 5
/* The newest of those that are open or run, with id and name only; O(programmes). */
MUST_CHECK enum err programmes_at_work(struct coach *coach, struct programme_list *list);
/* One that the actor may arrange, or takes part in (or is invited to).  ERR_NOT_FOUND,
 * ERR_FORBIDDEN. */
MUST_CHECK enum err programmes_get(struct coach *coach, int64_t id, struct programme *programme);
/* Whether the actor may arrange programmes at all: coordinators and administrators. */
bool programmes_may_arrange(const struct coach *coach);

/* Complaint fields: "name", "about", "framework", "starts", "ends", "strategy", "max_helps",
 * "max_learns".  The framework of a programme that has people cannot be changed (ERR_CONFLICT). */
MUST_CHECK enum err programmes_add(struct coach *coach, const struct programme *programme,
                                   struct complaints *complaints, int64_t *id);
MUST_CHECK enum err programmes_edit(struct coach *coach, const struct programme *programme,
                                    struct complaints *complaints);
/* A draft, with all that belongs to it.  ERR_CONFLICT: it is none. */
MUST_CHECK enum err programmes_remove(struct coach *coach, int64_t id);

/* The skills it is about, in the framework's order; none: all of them.  Complaint field "skill". */
MUST_CHECK enum err programmes_skills(struct coach *coach, int64_t id, int64_t **ids, size_t *n);
MUST_CHECK enum err programmes_set_skills(struct coach *coach, int64_t id, const int64_t *ids,
                                          size_t n, struct complaints *complaints);

/* The units whose people are asked, with all units below them. Complaint field "unit": a
 * coordinator chooses among their own. */
MUST_CHECK enum err programmes_units(struct coach *coach, int64_t id, int64_t **ids, size_t *n);
MUST_CHECK enum err programmes_set_units(struct coach *coach, int64_t id, const int64_t *ids,
                                         size_t n, struct complaints *complaints);

/* How many active people its units have today, and how many of them have not been written down. */
struct programme_reach {
    int64_t n_people, n_new;
    int64_t n_with_need, n_with_offer; /* of those who are in or invited, or would be */
};
MUST_CHECK enum err programmes_reach(struct coach *coach, int64_t id,
                                     struct programme_reach *reach);

/* draft -> open: writes down everybody of the units and asks (or counts in) them; complaint field
 * "unit" when nobody would be asked. */
MUST_CHECK enum err programmes_open(struct coach *coach, int64_t id, struct complaints *complaints);
/* The same for people who have come since; *n: how many. Not of a draft or a closed one. */
MUST_CHECK enum err programmes_refresh(struct coach *coach, int64_t id, int64_t *n);
/* open or running -> closed.  What waits in rounds is discarded, its partnerships end. */
MUST_CHECK enum err programmes_close(struct coach *coach, int64_t id);
/* Within the room: open -> running, when a round is published. */
MUST_CHECK enum err programmes_run(struct coach *coach, int64_t id);

/* ---- people ---- */

enum taking_part { PART_INVITED, PART_IN, PART_OUT, PART__MAX };

struct programme_person {
    int64_t person_id;
    struct str name, units;
    enum taking_part state;
    bool added;                    /* singly, not through a unit */
    int32_t max_helps, max_learns; /* in force: own, the programme's, or the profile's */
    bool own_limits;
    int32_t n_needs, n_offers; /* in the skills of the programme */
    int64_t answered_ms;       /* 0: not yet */
    bool withheld;             /* the actor evaluates them: nothing but the name is told */
};
struct programme_people {
    struct programme_person *items;
    size_t n;
    struct str next; /* hand this back as `after`; empty: no more */
};
/* By family name; `words` are parts of names, `state` PART__MAX: all. */
MUST_CHECK enum err programmes_people(struct coach *coach, int64_t id, struct str words,
                                      enum taking_part state, struct str after,
                                      struct programme_people *people);
/* Singly: someone the actor coordinates; asked, or counted in, as everybody.  No error when they
 * are there; ERR_CONFLICT in a closed one.  In a draft they wait for its opening. */
MUST_CHECK enum err programmes_add_person(struct coach *coach, int64_t id, int64_t person_id);
/* Takes somebody out again.  They can be added again. */
MUST_CHECK enum err programmes_drop_person(struct coach *coach, int64_t id, int64_t person_id);

/* ---- taking part, for the person ---- */

struct programme_part {
    struct programme programme; /* n_in, n_invited and n_out are 0 */
    enum taking_part state;
    int32_t max_helps, max_learns; /* in force */
    int32_t n_needs, n_offers;     /* the person's, in its skills */
};
struct programme_parts {
    struct programme_part *items;
    size_t n;
};
/* The actor's own, newest first: programmes that are open or run, and those closed that they were
 * in. */
MUST_CHECK enum err programmes_mine(struct coach *coach, struct programme_parts *parts);
MUST_CHECK enum err programmes_my_part(struct coach *coach, int64_t id,
                                       struct programme_part *part);
/* Yes or no, and (yes) how many the actor helps and learns from at most; -1: as the programme or
 * the profile says.  ERR_CONFLICT: it is closed. Complaint fields "max_helps", "max_learns". */
MUST_CHECK enum err programmes_answer(struct coach *coach, int64_t id, bool yes, int32_t max_helps,
                                      int32_t max_learns, struct complaints *complaints);

/* ---- rules ---- */

struct programme_rule {
    int64_t id;
    bool must;                             /* else never */
    int64_t person_id, other_id, skill_id; /* must: other helps person; skill 0: any */
    struct str person, other, skill;
    bool withheld; /* the actor evaluates one of them: the skill is not told */
};
struct programme_rules {
    struct programme_rule *items;
    size_t n;
};
MUST_CHECK enum err programmes_rules(struct coach *coach, int64_t id,
                                     struct programme_rules *rules);
/* Complaint fields "person", "other", "skill": not in the programme, the same two already, one of
 * them evaluates the other (a must). */
MUST_CHECK enum err programmes_add_rule(struct coach *coach, int64_t id,
                                        const struct programme_rule *rule,
                                        struct complaints *complaints);
MUST_CHECK enum err programmes_drop_rule(struct coach *coach, int64_t id, int64_t rule_id);

#endif
