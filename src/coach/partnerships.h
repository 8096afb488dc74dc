/* Partnerships: who works together, what they agreed, how it ends.
 *
 *     proposed --all accept--> agreeing --all sign--> active <--> paused
 *         \--one declines--> ended      any of them --> ended
 *
 * When one of a trio declines, the proposal of three ends and the other two are proposed as a pair,
 * with what they help each other in; what they have said so far stands.  Only when they have
 * nothing to do with each other without the third is that the end of it.
 *
 * A pair or a trio of people, or one person with the guide that is built in (kind
 * PARTNERSHIP_GUIDE; it has nothing to sign and is active once the person accepts).  A proposal
 * comes from a round (partnerships_propose) or from the people themselves (asks.h).  While
 * it is active, the present version of the agreement is signed by every member, always: changing
 * the agreement takes all signatures back and the state to agreeing.
 *
 * Rules: an evaluator of a member is never a member, and when somebody becomes one the partnership
 * ends (partnerships_part, called by evaluators.c).  Declining and ending need no reason; who
 * declined or ended is told to nobody in the partnership.  Members who have accepted read and write
 * what belongs to it (the MEMBER grant of allow.h); coordinators and administrators see activity
 * only: they have no function here that gives them a text.
 *
 * Signing lets the other members see the signer's zone and evidence of the skills that the two work
 * on together (shares.h); those shares begin when all have signed and are taken back at the end.
 *
 * Results live in coach->arena.  ERR_CONFLICT: not in this state. */
#ifndef DUET_COACH_PARTNERSHIPS_H
#define DUET_COACH_PARTNERSHIPS_H

#include "base/err.h"
#include "base/str.h"
#include "coach/cycles.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define PARTNERSHIPS_MEMBERS 3
#define PARTNERSHIPS_FOCUSES 12     /* of one partnership, those no longer worked on included */
#define PARTNERSHIPS_AGREEMENT 4000 /* characters */
#define PARTNERSHIPS_STORY 500      /* newest events of a story */

enum partnership_kind {
    PARTNERSHIP_PAIR,
    PARTNERSHIP_TRIO,
    PARTNERSHIP_GUIDE,
    PARTNERSHIP_KIND__MAX
};

enum partnership_state {
    PARTNERSHIP_PROPOSED,
    PARTNERSHIP_AGREEING,
    PARTNERSHIP_ACTIVE,
    PARTNERSHIP_PAUSED,
    PARTNERSHIP_ENDED,
    PARTNERSHIP_STATE__MAX
};

enum partnership_ending {
    PARTNERSHIP_RUNS,
    PARTNERSHIP_DECLINED, /* did not come about */
    PARTNERSHIP_FINISHED, /* they had what they wanted */
    PARTNERSHIP_STOPPED,  /* without fault, before that */
    PARTNERSHIP_REMATCH,  /* somebody would like another partner */
    PARTNERSHIP_CLOSED,   /* the programme was closed */
    PARTNERSHIP_LEFT,     /* somebody left the organisation */
    PARTNERSHIP_PARTED,   /* somebody became another's evaluator */
    PARTNERSHIP_ENDING__MAX
};

enum partnership_event_kind {
    PARTNERSHIP_EVENT_PROPOSED,
    PARTNERSHIP_EVENT_ACCEPTED,
    PARTNERSHIP_EVENT_AGREEMENT, /* was changed */
    PARTNERSHIP_EVENT_SIGNED,
    PARTNERSHIP_EVENT_STARTED, /* all had signed */
    PARTNERSHIP_EVENT_PAUSED,
    PARTNERSHIP_EVENT_RESUMED,
    PARTNERSHIP_EVENT_FOCUS, /* a new one */
    PARTNERSHIP_EVENT_CYCLE, /* a cycle was begun */
    PARTNERSHIP_EVENT_PREPARED,
    PARTNERSHIP_EVENT_PLANNED, /* these stages were completed */
    PARTNERSHIP_EVENT_VISITED,
    PARTNERSHIP_EVENT_FEEDBACK,
    PARTNERSHIP_EVENT_SOLVED,
    PARTNERSHIP_EVENT_CHECKED,
    PARTNERSHIP_EVENT_REFLECTED, /* and with it the cycle */
    PARTNERSHIP_EVENT_STEPPED_BACK,
    PARTNERSHIP_EVENT_EVIDENCE,
    PARTNERSHIP_EVENT_SHARED, /* lines of a visit */
    PARTNERSHIP_EVENT_STOPPED_CYCLE,
    PARTNERSHIP_EVENT_ENDED,
    PARTNERSHIP_EVENT__MAX
};

/* Words of the database: "pair", "active", "ended" (PARTNERSHIP_STOPPED) ...; "" for RUNS. */
const char *partnerships_kind_word(enum partnership_kind kind);
const char *partnerships_state_word(enum partnership_state state);
const char *partnerships_ending_word(enum partnership_ending ending);
const char *partnerships_event_word(enum partnership_event_kind kind);

/* ---- making one ---- */

struct focus_new {
    int64_t learner_id, helper_id; /* helper 0: the guide */
    int64_t skill_id;
    bool has_gain;
    int32_t gain, reach; /* as the round has them (round.h); nobody is shown them as numbers */
};

struct partnership_new {
    int64_t programme_id, round_id; /* 0: none */
    enum partnership_kind kind;
    int64_t members[PARTNERSHIPS_MEMBERS];
    int32_t n_members; /* 1 with the guide, 2, or 3 */
    struct focus_new focuses[PARTNERSHIPS_FOCUSES];
    int64_t asked_by;  /* a member who has accepted already and asks the others; 0: nobody */
    struct str words;  /* theirs, to the others */
    int32_t n_focuses; /* 0: they will say what themselves; learners and helpers are members */
};

/* A proposal to people, by a coordinator, an administrator or the server: nothing begins before all
 * have accepted.  The caller has decided that the actor may do so for these people.  ERR_INVALID:
 * numbers or members that make no sense (also a retired skill); ERR_CONFLICT: a member has left, or
 * one is another's evaluator. */
MUST_CHECK enum err partnerships_propose(struct coach *coach, const struct partnership_new *made,
                                         int64_t *id);

/* ---- reading ---- */

struct partnership_member {
    int64_t person_id;
    struct str name;       /* as shown */
    struct str given_name; /* for short sentences; the whole name where there is none */
    bool accepted;         /* of a proposal: the actor, and who asks; the others once all have */
    bool signed_now;       /* the present agreement */
    bool left;             /* the organisation */
};

struct focus {
    int64_t id;
    int64_t learner_id, helper_id; /* helper 0: the guide */
    struct str learner, helper;    /* names; helper empty: the guide */
    int64_t skill_id;
    struct str skill; /* in the locale asked for */
    bool active;
    int64_t open_cycle_id;       /* 0: none */
    enum cycle_stage open_stage; /* of that cycle */
    int32_t n_done;              /* cycles done */
    bool peers; /* as both let each other see: what the learner does alone is, in all likelihood,
                   where the helper is; only told to the two, after a cycle */
};

struct partnership {
    int64_t id;
    enum partnership_kind kind;
    enum partnership_state state;
    enum partnership_ending ending;     /* DECLINED and REMATCH are told to members as STOPPED */
    int64_t programme_id, round_id;     /* 0: none */
    int64_t asked_by;                   /* a member who asks the others; 0: a round, or the guide */
    struct str words;                   /* theirs */
    struct partnership_member *members; /* the actor first, where they are one */
    int32_t n_members;
    struct focus *focuses;
    int32_t n_focuses;
    struct str agreement; /* empty for those who have not accepted */
    int32_t agreement_version;
    bool accepted, signed_now;                          /* by the actor */
    int64_t created_ms, started_ms, moved_ms, ended_ms; /* 0: not yet */
};

/* For members, those asked included (they see who and what, not the agreement). */
MUST_CHECK enum err partnerships_get(struct coach *coach, int64_t id, struct str locale,
                                     struct partnership *partnership);

/* How it stands for the actor, without asking for more; ERR_NOT_FOUND: they are no member.
 * `together`: all have said yes, the actor too, so that what belongs to members is theirs. */
MUST_CHECK enum err partnerships_mine(struct coach *coach, int64_t id,
                                      enum partnership_state *state, bool *together);

/* The actor's, those that run first, newest first; `ended` too, or only those that run.  Without
 * agreements and peers. */
struct partnerships {
    struct partnership *items;
    size_t n;
};
MUST_CHECK enum err partnerships_of_actor(struct coach *coach, bool ended, struct str locale,
                                          struct partnerships *list);

struct partnership_event {
    int64_t id, at_ms;
    int64_t person_id; /* 0: not told */
    struct str name;
    enum partnership_event_kind kind;
    int64_t cycle_id; /* 0: none */
    int32_t cycle_number;
    struct str skill; /* of the cycle */
};

/* The story, oldest first (the newest PARTNERSHIPS_STORY of it).  For members who have accepted. */
MUST_CHECK enum err partnerships_story(struct coach *coach, int64_t id, struct str locale,
                                       struct partnership_event **events, size_t *n);

/* ---- what a member does ---- */

/* Accept, or decline without a reason; who accepted may still decline until all have. */
MUST_CHECK enum err partnerships_answer(struct coach *coach, int64_t id, bool accept);

/* Changes the agreement while agreeing or active; all signatures are taken back.  `version` is the
 * one that was changed: ERR_CONFLICT when there is a newer one.  Field: "agreement". */
MUST_CHECK enum err partnerships_agree(struct coach *coach, int64_t id, int32_t version,
                                       struct str agreement, struct complaints *complaints);

/* Signs that version; ERR_CONFLICT when there is a newer one.  The last signature starts it. */
MUST_CHECK enum err partnerships_sign(struct coach *coach, int64_t id, int32_t version);

MUST_CHECK enum err partnerships_pause(struct coach *coach, int64_t id);
MUST_CHECK enum err partnerships_resume(struct coach *coach, int64_t id);

/* Ends what is agreeing, active or paused; open cycles stop.  `how`: FINISHED, STOPPED, REMATCH. */
MUST_CHECK enum err partnerships_end(struct coach *coach, int64_t id, enum partnership_ending how);

/* The actor would like to learn `skill_id` from another member (or, helper 0, from the guide of a
 * partnership with it): a role swap when the other was the learner so far.  No error when it is
 * there.  Complaint fields: "skill", "helper". */
MUST_CHECK enum err partnerships_add_focus(struct coach *coach, int64_t id, int64_t helper_id,
                                           int64_t skill_id, struct complaints *complaints,
                                           int64_t *focus_id);
/* The learner no longer wants it; ERR_CONFLICT while a cycle of it is open, or it is the last. */
MUST_CHECK enum err partnerships_drop_focus(struct coach *coach, int64_t focus_id);

/* ---- for other modules of the room ---- */

/* The same as partnerships_propose without asking who asks. */
MUST_CHECK enum err partnerships_make(struct coach *coach, const struct partnership_new *made,
                                      int64_t *id);

/* Ends every running partnership in which both are (they are now evaluator and evaluated); of a
 * person who has left; of a programme that is closed. */
MUST_CHECK enum err partnerships_part(struct coach *coach, int64_t a, int64_t b);
MUST_CHECK enum err partnerships_person_left(struct coach *coach, int64_t person_id);
MUST_CHECK enum err partnerships_programme_closed(struct coach *coach, int64_t programme_id);

/* Who must be told: the members who have accepted or are asked and have not left, without the
 * actor; at most PARTNERSHIPS_MEMBERS. */
MUST_CHECK enum err partnerships_others(struct coach *coach, int64_t id,
                                        int64_t people[PARTNERSHIPS_MEMBERS], int32_t *n);

/* Something was done in it just now: moved_ms; it no longer stands still (stalled.h). */
MUST_CHECK enum err partnerships_moved(struct coach *coach, int64_t id);

/* Writes the event down, and that it has moved.  `person_id` 0: nobody is told who. */
MUST_CHECK enum err partnerships_happened(struct coach *coach, int64_t id,
                                          enum partnership_event_kind kind, int64_t person_id,
                                          int64_t cycle_id);

#endif
