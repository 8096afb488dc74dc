/* Single sign-on: what is kept while somebody is at the provider, and whom the provider means.
 * The protocol itself is elsewhere. */
#ifndef DUET_COACH_OIDC_H
#define DUET_COACH_OIDC_H

#include "base/err.h"
#include "base/str.h"
#include "coach/coach.h"

#include <stdbool.h>
#include <stdint.h>

#define OIDC_SECRET 43                      /* characters of state, nonce and verifier */
#define OIDC_FLOW_MS (10 * COACH_MINUTE_MS) /* time to come back */

struct oidc_flow {
    char state[OIDC_SECRET + 1];     /* in the redirect, and in a cookie of the browser */
    char nonce[OIDC_SECRET + 1];     /* must come back in the ID token */
    char verifier[OIDC_SECRET + 1];  /* PKCE, RFC 7636 */
    char challenge[OIDC_SECRET + 1]; /* its S256; in the redirect (not set by oidc_finish) */
    struct str return_to;            /* a path of ours */
};

/* Makes and keeps a flow.  COACH_WRITE. */
MUST_CHECK enum err oidc_begin(struct coach *coach, struct str return_to, struct oidc_flow *flow);
/* Keeps it once more: the transaction in which it was made runs again.  Keeping what is kept
 * changes nothing.  COACH_WRITE. */
MUST_CHECK enum err oidc_keep(struct coach *coach, const struct oidc_flow *flow);
/* Gives it back once.  ERR_NOT_FOUND: unknown, used or too late.  COACH_WRITE. */
MUST_CHECK enum err oidc_finish(struct coach *coach, struct str state, struct oidc_flow *flow);

/* The challenge of a verifier: base64url of its SHA-256 (RFC 7636, S256). */
void oidc_challenge(const char *verifier, char challenge[OIDC_SECRET + 1]);

/* What a valid ID token says. */
struct oidc_claims {
    struct str issuer, subject;
    struct str email;
    bool email_verified;
};

/* The person: linked before by issuer and subject; else, when the address is verified and belongs
 * to somebody active who has no identity of this issuer yet, linked now.  ERR_NOT_FOUND: nobody.
 * COACH_WRITE. */
MUST_CHECK enum err oidc_find_person(struct coach *coach, const struct oidc_claims *claims,
                                     int64_t *person_id);

/* Undoes all links of a person.  For administrators. */
MUST_CHECK enum err oidc_unlink(struct coach *coach, int64_t person_id);

/* For the server: removes flows that are too old, at most `limit`. */
MUST_CHECK enum err oidc_clean(struct coach *coach, int64_t limit, int64_t *n);

#endif
