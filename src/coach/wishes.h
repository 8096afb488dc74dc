/* Needs and offers: what a person wants to grow in, and what they can help with.
 *
 * Both are asked of everybody, in one short form; estimates only advise, these decide.  A person
 * writes their own.  Offers are seen by everybody signed in (never with a score); needs by the
 * person and those they share their zones with.  Results live in coach->arena; errors as in
 * frameworks.h. */
#ifndef DUET_COACH_WISHES_H
#define DUET_COACH_WISHES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;
struct complaints;

#define WISHES_MAX_NEEDS 3    /* of one person in one framework: few and dated is what works */
#define WISHES_MAX_OFFERS 500 /* all skills, if they like */
#define WISHES_MAX_NOTE 600   /* bytes */

struct wish {
    int64_t skill_id, framework_id;
    struct str skill, domain; /* names in the locale asked for */
    int32_t priority;         /* needs: 1 first .. 3; offers: 0 */
    struct str note;          /* "in Year 9, with fractions" */
    int64_t created_ms;
    bool retired; /* the skill is no longer part of the framework */
};

struct wishes {
    struct wish *needs, *offers; /* needs by priority, offers in the framework's order */
    int32_t n_needs, n_offers;
};

/* What a person has said, in all active frameworks or in one (framework_id 0: all). Of somebody
 * else, needs are left empty where the actor may not see them (no error). */
MUST_CHECK enum err wishes_of(struct coach *coach, int64_t person_id, int64_t framework_id,
                              struct str locale, struct wishes *wishes);

/* The short form: replaces the person's needs and offers in one framework by these (skill_id,
 * priority and note are read).  Complaint fields: "need", "offer". */
MUST_CHECK enum err wishes_save(struct coach *coach, int64_t person_id, int64_t framework_id,
                                const struct wishes *wishes, struct complaints *complaints);

/* One click on the first page: "yes, I can help with this" and "I would like to grow in this"
 * (added behind the others; ERR_LIMIT when there are WISHES_MAX_NEEDS already). No error when it is
 * there or gone already. */
MUST_CHECK enum err wishes_add_offer(struct coach *coach, int64_t person_id, int64_t skill_id);
MUST_CHECK enum err wishes_drop_offer(struct coach *coach, int64_t person_id, int64_t skill_id);
MUST_CHECK enum err wishes_add_need(struct coach *coach, int64_t person_id, int64_t skill_id);
MUST_CHECK enum err wishes_drop_need(struct coach *coach, int64_t person_id, int64_t skill_id);

/* For each of `n` skills the active people who offer it, not the actor, not the actor's evaluators
 * nor those the actor evaluates, nor those whose last partnership with the actor was declined or
 * ended before they had what they wanted; those of the actor's own units first, then others; at
 * most `limit`.  Each actor's list begins behind the
 * actor's own place and goes round, so that not everybody is sent to the same few.  Cheap: for the
 * first page. */
struct wishes_helper {
    int64_t person_id;
    struct str name, unit; /* as shown; one of theirs, a shared one first */
    bool same_unit;
};
struct wishes_help {
    struct wishes_helper *helpers;
    int32_t n;
    bool more; /* there are more than these */
};
MUST_CHECK enum err wishes_helpers(struct coach *coach, const int64_t *skill_ids, int32_t n,
                                   int32_t limit, struct wishes_help *helps);

/* For each offer of the actor (`own`, as wishes_of gave it), in the same order: how many active
 * colleagues need that skill, as of the last minute (memory.h).  Fewer than WISHES_FEWEST are not
 * counted out (rule: no figure with fewer than 5 people behind it). */
#define WISHES_FEWEST 5
struct wishes_wanted {
    int64_t skill_id;
    int32_t n_people; /* 0, or WISHES_FEWEST and more */
    bool some;        /* somebody does, fewer than WISHES_FEWEST */
};
MUST_CHECK enum err wishes_wanted(struct coach *coach, const struct wishes *own,
                                  struct wishes_wanted **wanted);

#endif
