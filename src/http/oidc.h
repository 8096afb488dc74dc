/* Single sign-on: Duet as an OpenID Connect relying party (code flow with PKCE).
 *
 * Discovery, the address to send a person to, the exchange of a code for an ID token, and its
 * verification.  Blocks on the network (fetch.h): it runs in the service process that may reach
 * outside, never in a web worker.  Who the claims belong to is decided in coach/.
 *
 * Sources: OpenID Connect Core 1.0, sections 3.1 and 10.1.1 (key rotation); Discovery 1.0, section
 * 4; RFC 7636 (PKCE, S256 only); RFC 9207 (iss in the response); RFC 8725 (JWT best practice).
 *
 *     struct oidc *oidc = oidc_new(arena, &provider);
 *     err = oidc_authorize(oidc, now_s, &flow, &url);      // send the person there
 *     err = oidc_exchange(oidc, now_s, &flow, code, iss, &claims);
 */
#ifndef DUET_HTTP_OIDC_H
#define DUET_HTTP_OIDC_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct fetch_reply;
struct fetch_request;
struct oidc;

#define OIDC_MAX_TEXT 512    /* bytes of a setting, a secret of a flow, a claim */
#define OIDC_MAX_TOKEN 65536 /* bytes of an ID token */
#define OIDC_SECRET_TEXT 44  /* 256 random bits in base64url, and NUL */
#define OIDC_METADATA_S 3600 /* discovery and keys are asked again after this */
#define OIDC_KEYS_LEAST_S 30 /* an unknown key makes us ask for the keys, this often at most */
#define OIDC_LEEWAY_S 60     /* clocks may differ by this */
#define OIDC_REASON 256

/* What the administrator entered. */
struct oidc_provider {
    const char *issuer; /* https://..., as the provider spells it */
    const char *client_id;
    const char *client_secret; /* "" for a public client */
    const char *redirect_uri;  /* https://school.example/sign-in/oidc/back */
};

/* The secrets of one sign-in; kept (the state as a hash) between the redirect and the return. */
struct oidc_flow {
    char state[OIDC_SECRET_TEXT], nonce[OIDC_SECRET_TEXT], verifier[OIDC_SECRET_TEXT];
};

/* What the provider says of the person; texts live in the arena given to oidc_exchange. */
struct oidc_claims {
    struct str issuer, subject; /* together: who it is */
    struct str email;           /* "" when not told */
    bool email_verified;        /* the provider vouches for the address */
    struct str name, given_name, family_name;
};

/* How pages are fetched: fetch(), or a test's own. */
typedef enum err oidc_fetch_fn(struct arena *arena, const struct fetch_request *request,
                               struct fetch_reply *reply, char *reason);

/* Fresh random secrets (libsodium). */
void oidc_flow_new(struct oidc_flow *flow);

/* Copies the provider into `arena`, which also holds what is learnt of it.  ERR_INVALID: a setting
 * is empty, too long, or an address that fetch_allowed refuses. */
MUST_CHECK enum err oidc_new(struct arena *arena, const struct oidc_provider *provider,
                             oidc_fetch_fn *fetch, struct oidc **oidc);

/* Where to send the person, in `arena`.  ERR_IO: the provider cannot be reached; ERR_INVALID: what
 * it says of itself is not usable; oidc_reason() says why in one line, for the log. */
MUST_CHECK enum err oidc_authorize(struct oidc *oidc, struct arena *arena, int64_t now_s,
                                   const struct oidc_flow *flow, struct str *url);

/* Trades the code for an ID token and verifies it.  `iss` is the parameter of that name in the
 * response, "" when there was none.  ERR_REFUSED: the provider said no, or the token does not hold;
 * ERR_IO, ERR_INVALID as above. */
MUST_CHECK enum err oidc_exchange(struct oidc *oidc, struct arena *arena, int64_t now_s,
                                  const struct oidc_flow *flow, struct str code, struct str iss,
                                  struct oidc_claims *claims);

/* Why the last call failed, never NULL. */
const char *oidc_reason(const struct oidc *oidc);

#endif
