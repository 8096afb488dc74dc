/* The one place where it is decided who may do what.
 *
 *     err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, owner_id, skill_id));
 *
 * What the table in allow.c does not grant is refused.  Nobody who has left may do anything.
 * Whoever evaluates the owner is refused everything of the owner's coaching, also with a share,
 * also as a coordinator or an administrator.  Coordinators and administrators see activity, never
 * content.
 *
 * Grants: the owner; whoever the owner shares it with (and has not taken it back); the author (who
 * wrote it); a member of the partnership who has accepted and not left (what was written before
 * they joined is not theirs), or who is asked to be one; a coordinator of a unit that the owner is
 * in, or of one above; a coordinator of all units of a programme, or who made it while it has none;
 * an administrator; anybody signed in.  The server itself (jobs, command line) may do everything.
 *
 * What belongs to a partnership is refused to whoever evaluates one of its members, whatever else
 * they are: also to an author, of what they wrote in it.
 *
 * A refusal of something that has an owner is noted in the audit, and so is each time that somebody
 * but the owner opens needs, zones or evidence: allowed() itself writes that down, so that the
 * owner sees who opened what. */
#ifndef DUET_COACH_ALLOW_H
#define DUET_COACH_ALLOW_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;

enum allow_verb {
    ALLOW_VIEW,
    ALLOW_ADD,
    ALLOW_EDIT,
    ALLOW_REMOVE,
    ALLOW_SHARE,
    ALLOW_EXPORT,
    ALLOW_VERB__MAX
};

enum allow_kind {
    /* of the organisation; no owner */
    ALLOW_ON_SETTINGS,  /* name, language, mail, single sign-on, backups, the security check */
    ALLOW_ON_UNIT,      /* id: the unit */
    ALLOW_ON_FRAMEWORK, /* frameworks, skills, levels, tasks */
    ALLOW_ON_IMPORT,    /* uploaded files */
    ALLOW_ON_JOB,       /* work in the background */
    ALLOW_ON_AUDIT,     /* the log of the organisation: ids and verbs, no content */
    ALLOW_ON_TOTALS,    /* figures about groups of five or more */
    ALLOW_ON_PROGRAMME, /* id: the programme, 0: any; its rounds and rules too */

    /* of a person: administration */
    ALLOW_ON_PERSON,     /* the directory's entry: name, position, units, offers, profile */
    ALLOW_ON_ACCOUNT,    /* e-mail, whether and how they sign in, active or left */
    ALLOW_ON_ROLE,       /* id: the unit */
    ALLOW_ON_EVALUATOR,  /* who evaluates the owner */
    ALLOW_ON_INVITATION, /* links and codes to sign in with */
    ALLOW_ON_CREDENTIAL, /* the password */
    ALLOW_ON_SESSION,    /* where the owner is signed in */
    ALLOW_ON_ACTIVITY,   /* who, when, which stage; never what */
    ALLOW_ON_PART,       /* that the owner takes part in a programme; id: the programme */

    /* of a person: their coaching */
    ALLOW_ON_NEED,     /* what they want to grow in */
    ALLOW_ON_OFFER,    /* what they can help with; the directory shows it */
    ALLOW_ON_ZONES,    /* estimates; id: the skill, 0: all */
    ALLOW_ON_EVIDENCE, /* id: the skill, 0: all; author_id: who entered it */
    ALLOW_ON_SHARE,    /* what the owner shares */
    ALLOW_ON_ACCESS,   /* who opened what of the owner's */
    ALLOW_ON_NOTICE,   /* what the owner should know of, and what goes out by mail */
    ALLOW_ON_OWN_DATA, /* everything of the owner's in one file; its deletion */

    /* of a partnership; id: what it is */
    ALLOW_ON_PAIRING,      /* that it is there: who, when, which stage; never what */
    ALLOW_ON_PROPOSAL,     /* who is asked to work together on which skill */
    ALLOW_ON_PARTNERSHIP,  /* agreement, focuses, story, messages, meetings */
    ALLOW_ON_CYCLE,        /* goals, steps, stages */
    ALLOW_ON_PRIVATE_NOTE, /* the author's alone */
    ALLOW_ON_SHARED_NOTE,  /* the author writes, members read; also lines of a visit */
    ALLOW_ON_JOINT_NOTE,   /* members write */
    ALLOW_KIND__MAX
};

struct allow_object {
    enum allow_kind kind;
    int64_t owner_id;       /* the person whose it is; 0: the organisation's */
    int64_t id;             /* see the kinds */
    int64_t author_id;      /* who wrote it; 0: not said */
    int64_t partnership_id; /* to which it belongs; 0: to none */
    int64_t written_ms;     /* when; 0: now */
};

/* Something of the organisation's, something of a person's, something that somebody wrote. */
struct allow_object allow_on(enum allow_kind kind, int64_t id);
struct allow_object allow_of(enum allow_kind kind, int64_t owner_id, int64_t id);
struct allow_object allow_by(enum allow_kind kind, int64_t owner_id, int64_t id, int64_t author_id);

/* Something of a partnership's, and something that somebody wrote in one. */
struct allow_object allow_within(enum allow_kind kind, int64_t partnership_id, int64_t id);
struct allow_object allow_written(enum allow_kind kind, int64_t partnership_id, int64_t id,
                                  int64_t author_id, int64_t written_ms);

/* ERR_OK, ERR_FORBIDDEN, or an error of the database.  Needs a transaction. */
MUST_CHECK enum err allowed(struct coach *coach, enum allow_verb verb, struct allow_object object);

/* The same question without a note: whether to show a link. */
MUST_CHECK enum err allowed_quietly(struct coach *coach, enum allow_verb verb,
                                    struct allow_object object, bool *yes);

/* Words for the audit and for tests. */
const char *allow_verb_name(enum allow_verb verb);
const char *allow_kind_name(enum allow_kind kind);

#endif
