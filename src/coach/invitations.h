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
 * `text` and is nowhere else.  INVITE and CODE: by administrators, and by coordinators for their
 * people who cannot sign in yet (whoever can would be locked out and spied on); the others by the
 * server only. The person sees in their audit that it was made.  ERR_CONFLICT: has left. */
MUST_CHECK enum err invitations_make(struct coach *coach, int64_t person_id,
                                     enum invitation_purpose purpose, char text[INVITATIONS_TEXT]);

/* "Forgotten password": queues a mail with a key to the address, when it is somebody's who is
 * active and passwords are in use; the answer is the same in any case.  Ungated, so ask rates.h
 * first. COACH_WRITE. */
MUST_CHECK enum err invitations_forgotten(struct coach *coach, struct str email);

/* Queues mails with a link for a person (INVITATION_INVITE); who may: as above.  ERR_NOT_FOUND: no
 * address. */
MUST_CHECK enum err invitations_mail(struct coach *coach, int64_t person_id);

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

/* For the server: removes keys that ran out or were used more than a day ago, at most `limit`. */
MUST_CHECK enum err invitations_clean(struct coach *coach, int64_t limit, int64_t *n);

#endif
