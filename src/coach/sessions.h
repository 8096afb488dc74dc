/* Being signed in.
 *
 * The browser holds a random id of 256 bits; the database its hash only.  A session ends by itself
 * after a time without a request (idle) and after a time from its beginning (absolute), sooner for
 * administrators; by signing out; when the person revokes it, changes the password or leaves.  It
 * gets a new id when it begins and when the person's roles have changed (`renew`). */
#ifndef DUET_COACH_SESSIONS_H
#define DUET_COACH_SESSIONS_H

#include "base/err.h"
#include "base/str.h"
#include "coach/coach.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSIONS_TOKEN 43 /* characters of the id in the cookie: base64url of 32 bytes */
#define SESSIONS_KEY 32   /* bytes of the key for tokens against forged requests */

#define SESSIONS_IDLE_MS (12 * COACH_HOUR_MS)
#define SESSIONS_ABSOLUTE_MS (14 * COACH_DAY_MS)
#define SESSIONS_ADMIN_IDLE_MS (2 * COACH_HOUR_MS)
#define SESSIONS_ADMIN_ABSOLUTE_MS (12 * COACH_HOUR_MS)
#define SESSIONS_TOUCH_MS COACH_MINUTE_MS /* seen_ms is written at most this often */
#define SESSIONS_MAX 20                   /* of one person; the oldest gives way */

enum session_how { SESSION_PASSWORD, SESSION_INVITATION, SESSION_OIDC, SESSION_HOW__MAX };

struct session {
    int64_t id, person_id;
    enum session_how how;
    struct str agent; /* as given to sessions_start */
    int64_t created_ms, seen_ms;
    int64_t ends_ms; /* idle or absolute, whichever comes first */
    unsigned char csrf_key[SESSIONS_KEY];
    bool renew; /* call sessions_renew and set the cookie anew */
    bool touch; /* call sessions_touch */
};

struct session_list {
    struct session *items;
    size_t n;
};

/* Signs a person in whose proof the caller has checked: ends nothing, makes a new session, sets the
 * actor.  `agent`: a few plain words ("Firefox on Windows"), at most 80 characters are kept.  The
 * id goes to `token`, NUL-terminated; it is nowhere else.  ERR_FORBIDDEN: has left.  COACH_WRITE.
 */
MUST_CHECK enum err sessions_start(struct coach *coach, int64_t person_id, enum session_how how,
                                   struct str agent, char token[SESSIONS_TOKEN + 1],
                                   struct session *session);

/* The session of a cookie; sets the actor.  ERR_NOT_FOUND: none, ended, or the person has left;
 * then nobody is signed in.  COACH_READ suffices. */
MUST_CHECK enum err sessions_open(struct coach *coach, struct str token, struct session *session);

/* Writes that the session was seen, when session->touch, and the day on which the person was last
 * here. COACH_WRITE. */
MUST_CHECK enum err sessions_touch(struct coach *coach, const struct session *session);

/* Gives the actor's own session a new id and a new key.  COACH_WRITE. */
MUST_CHECK enum err sessions_renew(struct coach *coach, struct session *session,
                                   char token[SESSIONS_TOKEN + 1]);

/* Sessions of a person that have not ended, the one seen last first, without keys. */
MUST_CHECK enum err sessions_list(struct coach *coach, int64_t person_id,
                                  struct session_list *list);

/* Ends one (signing out, revoking); all but `keep_id` (0: all). */
MUST_CHECK enum err sessions_end(struct coach *coach, int64_t session_id);
MUST_CHECK enum err sessions_end_all(struct coach *coach, int64_t person_id, int64_t keep_id,
                                     int64_t *n_ended);

/* For the server: removes what has ended, at most `limit`. */
MUST_CHECK enum err sessions_clean(struct coach *coach, int64_t limit, int64_t *n);

#endif
