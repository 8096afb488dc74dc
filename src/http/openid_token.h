/* Verifying an ID token against the provider's keys; no network.
 *
 * Asymmetric signatures only (RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512):
 * "none" and HMAC are refused whatever the keys are.  The key is chosen by "kid"; without one, the
 * only suitable key.  Claims as OpenID Connect Core 1.0, section 3.1.3.7. */
#ifndef DUET_HTTP_OPENID_TOKEN_H
#define DUET_HTTP_OPENID_TOKEN_H

#include "base/err.h"
#include "base/str.h"
#include "http/openid.h"

#include <stdint.h>

struct arena;

struct openid_expected {
    const char *issuer, *client_id, *nonce;
    int64_t now_s;
};

/* `keys` is a JWK set as JSON.  ERR_NOT_FOUND: no key of the set is meant (ask for the keys again);
 * ERR_REFUSED: the token does not hold; ERR_INVALID: the key set is not one; ERR_NOMEM.  `reason`
 * says why. */
MUST_CHECK enum err openid_token_verify(struct arena *arena, struct str token, struct str keys,
                                        const struct openid_expected *expected,
                                        struct openid_claims *claims, char reason[OPENID_REASON]);

#endif
