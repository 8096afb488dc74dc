/* Single sign-on: Duet as an OpenID Connect relying party (code flow with PKCE).
 *
 * Discovery, the address to send a person to, the exchange of a code for an ID token, and its
 * verification.  Blocks on the network (fetch.h): it runs in the service process that may reach
 * outside, never in a web worker.  Who the claims belong to is decided in coach/.
 *
 * Sources: OpenID Connect Core 1.0, sections 3.1 and 10.1.1 (key rotation); Discovery 1.0, section
 * 4; RFC 7636 (PKCE, S256 only); RFC 9207 (iss in the response); RFC 8725 (JWT best practice).
 *
 *     struct openid *openid = openid_new(arena, &provider);
 *     err = openid_authorize(openid, now_s, &flow, &url);      // send the person there
 *     err = openid_exchange(openid, now_s, &flow, code, iss, &claims);
 */
#ifndef DUET_HTTP_OPENID_H
#define DUET_HTTP_OPENID_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct fetch_reply;
struct fetch_request;
struct openid;

#define OPENID_MAX_TEXT 512    /* bytes of a setting, a secret of a flow, a claim */
#define OPENID_MAX_TOKEN 65536 /* bytes of an ID token */
#define OPENID_METADATA_S 3600 /* discovery and keys are asked again after this */
#define OPENID_KEYS_LEAST_S 30 /* an unknown key makes us ask for the keys, this often at most */
#define OPENID_LEEWAY_S 60     /* clocks may differ by this */
#define OPENID_REASON 256

/* What the administrator entered. */
struct openid_provider {
    const char *issuer; /* https://..., as the provider spells it */
    const char *client_id;
    const char *client_secret; /* "" for a public client */
    const char *redirect_uri;  /* https://school.example/sign-in/oidc/back */
};

/* The secrets of one sign-in, 256 random bits each in base64url; the caller keeps them between the
 * redirect and the return.  `verifier` never leaves for the browser. */
struct openid_flow {
    const char *state, *nonce, *verifier;
};

/* What the provider says of the person; texts live in the arena given to openid_exchange. */
struct openid_claims {
    struct str issuer, subject; /* together: who it is */
    struct str email;           /* "" when not told */
    bool email_verified;        /* the provider vouches for the address */
    struct str name, given_name, family_name;
};

/* How pages are fetched: fetch(), or a test's own. */
typedef enum err openid_fetch_fn(struct arena *arena, const struct fetch_request *request,
                                 struct fetch_reply *reply, char *reason);

/* Copies the provider into `arena`, which also holds what is learnt of it.  ERR_INVALID: a setting
 * is empty, too long, or an address that fetch_allowed refuses. */
MUST_CHECK enum err openid_new(struct arena *arena, const struct openid_provider *provider,
                               openid_fetch_fn *fetch, struct openid **openid);

/* Where to send the person, in `arena`.  ERR_IO: the provider cannot be reached; ERR_REFUSED: its
 * certificate does not hold; ERR_INVALID: what it says of itself is not usable; openid_reason()
 * says why in one line, for the log. */
MUST_CHECK enum err openid_authorize(struct openid *openid, struct arena *arena, int64_t now_s,
                                     const struct openid_flow *flow, struct str *url);

/* Trades the code for an ID token and verifies it.  `iss` is the parameter of that name in the
 * response, "" when there was none.  ERR_REFUSED: the provider said no, or the token does not hold;
 * ERR_IO, ERR_INVALID as above. */
MUST_CHECK enum err openid_exchange(struct openid *openid, struct arena *arena, int64_t now_s,
                                    const struct openid_flow *flow, struct str code, struct str iss,
                                    struct openid_claims *claims);

/* Why the last call failed, never NULL. */
const char *openid_reason(const struct openid *openid);

#endif
