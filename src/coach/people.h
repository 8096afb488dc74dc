/* People: the directory, their accounts, joining and leaving.
 *
 * Everybody signed in sees of everybody active: names, position, units, what they offer, and the
 * parts of the profile that are meant for colleagues (profile.h); never a score, a need or an
 * e-mail address. Administrators (and coordinators, of their units) see and change accounts.
 * Whoever leaves is deactivated, never deleted: their sessions end, they are in no list, and they
 * can come back. */
#ifndef DUET_COACH_PEOPLE_H
#define DUET_COACH_PEOPLE_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define PEOPLE_NAME 100  /* characters of each name */
#define PEOPLE_EMAIL 254 /* bytes of an address */
#define PEOPLE_PAGE 50   /* people of one page of the directory */
#define PEOPLE_MAX_PAGE 500

/* The account: for the person, administrators and coordinators. */
struct person {
    int64_t id;
    struct str external_id;             /* empty: none */
    struct str given_name, family_name; /* one of them may be empty, not both */
    struct str name;                    /* as shown: given name, space, family name */
    struct str email;                   /* empty: none */
    struct str position;  /* "teacher", "coach", "parent" ... in the organisation's words */
    struct str source;    /* "entered", "sheet", or the roster: "oneroster:..." */
    struct str locale;    /* empty: the organisation's */
    struct str time_zone; /* empty: the organisation's */
    bool active;
    int64_t created_ms, changed_ms;
    int64_t left_ms; /* 0: has not left */
};

/* What a form or an import gives. */
struct person_input {
    struct str external_id, given_name, family_name, email, position;
    struct str source; /* empty: "entered" (adding), as it was (editing) */
};

/* One line of the directory. */
struct person_line {
    int64_t id;
    struct str name, position;
    struct str units;  /* names, joined by ", " */
    struct str offers; /* names of skills, joined by ", "; filled by people_list */
    int32_t n_offers;
};

struct person_lines {
    struct person_line *items;
    size_t n;
    struct str next; /* hand this back as `after`; empty: no more */
};

struct people_query {
    struct str
        words;       /* parts of names, any order, without regard to case and accents; empty: all */
    int64_t unit_id; /* in this unit or below it; 0: any */
    int64_t skill_id;  /* who offers this skill; 0: any */
    struct str after;  /* from an earlier answer */
    size_t limit;      /* 0: PEOPLE_PAGE */
    struct str locale; /* of the names of skills; empty: the framework's own */
};

/* The directory: active people by family name. */
MUST_CHECK enum err people_list(struct coach *coach, const struct people_query *query,
                                struct person_lines *lines);
/* One entry of the directory.  ERR_NOT_FOUND also for whoever has left. */
MUST_CHECK enum err people_line(struct coach *coach, int64_t id, struct str locale,
                                struct person_line *line);

struct person_account {
    struct person person;
    struct str units;
    bool has_password, has_identity; /* can sign in by themselves */
    int64_t invited_ms;              /* the newest invitation; 0: never */
    bool seen;                       /* has been here */
    int32_t seen_day;                /* when last: days since 1970-01-01 */
};

struct person_accounts {
    struct person_account *items;
    size_t n;
    struct str next;
};

enum people_state { PEOPLE_ACTIVE, PEOPLE_LEFT, PEOPLE_NEVER_SEEN, PEOPLE_STATE__MAX };

/* Accounts, for administrators and (of their units) coordinators; skill_id is not looked at. */
MUST_CHECK enum err people_accounts(struct coach *coach, const struct people_query *query,
                                    enum people_state state, struct person_accounts *accounts);

/* Accounts, one at a time, for the person, administrators, coordinators and the server. */
MUST_CHECK enum err people_get(struct coach *coach, int64_t id, struct person *person);
MUST_CHECK enum err people_by_external_id(struct coach *coach, struct str external_id,
                                          struct person *person);
MUST_CHECK enum err people_by_email(struct coach *coach, struct str email, struct person *person);

/* Calls `each` for every person of the organisation, the left ones too, by id; for imports
 * (administrators and the server).  Stops at the first error, which it returns.  The texts live
 * until `each` returns.  `each` must not use the database. */
typedef enum err people_each_fn(void *ctx, const struct person *person);
MUST_CHECK enum err people_each(struct coach *coach, people_each_fn *each, void *ctx);

/* ERR_INVALID with complaints ("given_name", "family_name", "email", "external_id", "position").  A
 * new person has no role: roles_add() makes them a member of a unit. */
MUST_CHECK enum err people_add(struct coach *coach, const struct person_input *input,
                               struct complaints *complaints, int64_t *id);
/* A new e-mail address ends invitations that went to the old one. */
MUST_CHECK enum err people_edit(struct coach *coach, int64_t id, const struct person_input *input,
                                struct complaints *complaints);

/* Leaving ends sessions and invitations and takes back what is shared with them.  ERR_CONFLICT: the
 * last administrator.  Leaving or coming back twice changes nothing. */
MUST_CHECK enum err people_leave(struct coach *coach, int64_t id);
MUST_CHECK enum err people_return(struct coach *coach, int64_t id);

/* Within the room: a person without asking who may. */
MUST_CHECK enum err people_find(struct coach *coach, int64_t id, struct person *person);

/* "jose" for "Jose" with an accent: folded, without accents, for search.  In the arena. */
MUST_CHECK enum err people_search_key(struct coach *coach, struct str text, struct str *key);
/* The key under which an address is looked up: folded.  ERR_INVALID: not an address. */
MUST_CHECK enum err people_email_key(struct coach *coach, struct str email, struct str *key);

#endif
