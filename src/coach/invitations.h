/* One-time keys to sign in with: links by mail, codes on a printed sheet, a forgotten password, the
 * first administrator, the demonstration.
 *
 * A key names a person, serves one purpose, runs out, and works once ('demo': until it runs out).
 * The database holds its keyed hash only.  What is wrong with a key is not told apart:
 * ERR_NOT_FOUND. Looking (peek) changes nothing, so that a mail filter that follows links does no
 * harm; using needs a POST.  Callers ask rates.h first. */
#ifndef DUET_COACH_INVITATIONS_H
#define DUET_COACH_INVITATIONS_H

#include "base/err.h"
#include "base/str.h"
#include "coach/coach.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INVITATIONS_TOKEN 43 /* characters of a link's key: base64url of 32 bytes */
#define INVITATIONS_CODE 14  /* "ABCD-EFGH-JKMN": 12 of 22 letters, 53 bits */
#define INVITATIONS_TEXT (INVITATIONS_TOKEN + 1)

enum invitation_purpose {
    INVITATION_INVITE, /* link by mail: choose a password */
    INVITATION_CODE,   /* on paper: the same */
    INVITATION_RESET,  /* link by mail after "forgotten password" */
    INVITATION_SETUP,  /* the first administrator */
    INVITATION_DEMO,   /* signs in straight away; works until it runs out */
    INVITATION_PURPOSE__MAX
};

struct invitation {
    int64_t id, person_id;
    enum invitation_purpose purpose;
    struct str person_name;
    int64_t created_ms, expires_ms;
    int64_t used_ms; /* 0: not used */
};

struct invitation_list {
    struct invitation *items;
    size_t n;
};

/* Milliseconds that a key of this purpose works: 14 days, 30 days, 1 hour, 7 days, 30 days. */
int64_t invitations_lifetime(enum invitation_purpose purpose);

/* Makes a key; earlier unused ones of the same person and purpose end.  The key itself goes to
 * `text` and is nowhere else.  INVITATION_RESET may be made by anybody (it goes to the person's
 * address only); the others by administrators, coordinators (of their people) and the server.
 * ERR_CONFLICT: has left. */
MUST_CHECK enum err invitations_make(struct coach *coach, int64_t person_id,
                                     enum invitation_purpose purpose, char text[INVITATIONS_TEXT]);

/* What a key is for.  Codes are read in any case, with or without hyphens and spaces. */
MUST_CHECK enum err invitations_peek(struct coach *coach, struct str text,
                                     struct invitation *invitation);
/* The same, and the key is used up.  COACH_WRITE. */
MUST_CHECK enum err invitations_use(struct coach *coach, struct str text,
                                    struct invitation *invitation);

/* Unused keys of a person, newest first. */
MUST_CHECK enum err invitations_list(struct coach *coach, int64_t person_id,
                                     struct invitation_list *list);
/* Ends all unused keys of a person. */
MUST_CHECK enum err invitations_end_all(struct coach *coach, int64_t person_id);

/* Ungated: live keys of the purpose 'demo' or 'setup', for the security check. */
MUST_CHECK enum err invitations_count_live(struct coach *coach, enum invitation_purpose purpose,
                                           int64_t *n);

#endif
