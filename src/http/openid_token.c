/* Signature and claims of an ID token; libcjose does the cryptography. */
#include "http/openid_token.h"

#include "base/arena.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define KEYS_MOST 64 /* keys of a set that are looked at */

struct algorithm {
    const char *name, *kty, *curve; /* "curve" is NULL for RSA */
};

static const struct algorithm algorithms[] = {
    {"RS256", "RSA", NULL},   {"RS384", "RSA", NULL},   {"RS512", "RSA", NULL},
    {"PS256", "RSA", NULL},   {"PS384", "RSA", NULL},   {"PS512", "RSA", NULL},
    {"ES256", "EC", "P-256"}, {"ES384", "EC", "P-384"}, {"ES512", "EC", "P-521"},
};

static enum err refuse(char reason[OPENID_REASON], const char *why)
{
    snprintf(reason, OPENID_REASON, "%s", why);
    return ERR_REFUSED;
}

static const struct algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; name && i < sizeof algorithms / sizeof *algorithms; i++) {
        if (strcmp(algorithms[i].name, name) == 0) {
            return &algorithms[i];
        }
    }
    return NULL;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Whether a key may check signatures of this algorithm. */
static bool suits(const json_t *key, const struct algorithm *algorithm)
{
    const char *kty = text_of(key, "kty"), *use = text_of(key, "use"), *alg = text_of(key, "alg");
    const char *curve = text_of(key, "crv");
    return kty && strcmp(kty, algorithm->kty) == 0 && (!use || strcmp(use, "sig") == 0) &&
           (!alg || strcmp(alg, algorithm->name) == 0) &&
           (!algorithm->curve || (curve && strcmp(curve, algorithm->curve) == 0));
}

/* The key meant by `kid`, or the only one that suits; borrowed from the set. */
static json_t *find_key(const json_t *set, const struct algorithm *algorithm, const char *kid)
{
    const json_t *keys = json_object_get(set, "keys");
    json_t *found = NULL;
    size_t n = json_array_size(keys), n_found = 0;
    for (size_t i = 0; i < n && i < KEYS_MOST; i++) {
        json_t *key = json_array_get(keys, i);
        const char *id = text_of(key, "kid");
        if (suits(key, algorithm) && (!kid || (id && strcmp(id, kid) == 0))) {
            found = key;
            n_found++;
        }
    }
    return n_found == 1 ? found : NULL;
}

static enum err check_signature(cjose_jws_t *jws, const json_t *set, char reason[OPENID_REASON])
{
    cjose_err why;
    cjose_header_t *header = cjose_jws_get_protected(jws);
    const struct algorithm *algorithm =
        find_algorithm(header ? cjose_header_get(header, CJOSE_HDR_ALG, &why) : NULL);
    if (!algorithm) {
        return refuse(reason, "the token is signed in a way that is not accepted");
    }
    /* "crit" names extensions that must be understood (RFC 7515, 4.1.11): none is. */
    if (json_object_get((json_t *)header, "crit")) {
        return refuse(reason, "the token asks for an extension");
    }
    json_t *json = find_key(set, algorithm, cjose_header_get(header, CJOSE_HDR_KID, &why));
    if (!json) {
        snprintf(reason, OPENID_REASON, "the provider shows no key that the token names");
        return ERR_NOT_FOUND;
    }
    cjose_jwk_t *key = cjose_jwk_import_json((cjose_header_t *)json, &why);
    bool ok = key && cjose_jws_verify(jws, key, &why);
    cjose_jwk_release(key);
    return ok ? ERR_OK : refuse(reason, "the signature does not hold");
}

/* "aud" is the client or a list with it; with others in the list "azp" names the client. */
static bool is_audience(const json_t *claims, const char *client)
{
    const json_t *aud = json_object_get(claims, "aud");
    const char *azp = text_of(claims, "azp");
    bool found = json_is_string(aud) && strcmp(json_string_value(aud), client) == 0;
    for (size_t i = 0; i < json_array_size(aud); i++) {
        const char *one = json_string_value(json_array_get(aud, i));
        found = found || (one && strcmp(one, client) == 0);
    }
    return found && (azp ? strcmp(azp, client) == 0 : json_array_size(aud) < 2);
}

static enum err check_claims(const json_t *claims, const struct openid_expected *expected,
                             char reason[OPENID_REASON])
{
    const char *iss = text_of(claims, "iss"), *nonce = text_of(claims, "nonce");
    const json_t *exp = json_object_get(claims, "exp"), *iat = json_object_get(claims, "iat");
    const json_t *sub = json_object_get(claims, "sub");
    double now = (double)expected->now_s;
    if (!iss || strcmp(iss, expected->issuer) != 0) {
        return refuse(reason, "the token is of another issuer");
    }
    if (!is_audience(claims, expected->client_id)) {
        return refuse(reason, "the token is for another client");
    }
    if (!json_is_number(exp) || !(json_number_value(exp) + OPENID_LEEWAY_S > now)) {
        return refuse(reason, "the token has expired");
    }
    if (!json_is_number(iat) || !(json_number_value(iat) - OPENID_LEEWAY_S <= now)) {
        return refuse(reason, "the token is from the future; is the clock right?");
    }
    if (!nonce || strcmp(nonce, expected->nonce) != 0) {
        return refuse(reason, "the token answers another sign-in");
    }
    if (!json_is_string(sub) || !json_string_length(sub) || json_string_length(sub) > 255) {
        return refuse(reason, "the token names nobody");
    }
    return ERR_OK;
}

/* A text claim, "" when it is absent, too long or holds a NUL. */
static enum err take_text(struct arena *arena, const json_t *claims, const char *name,
                          struct str *text)
{
    const json_t *value = json_object_get(claims, name);
    const char *p = json_string_value(value);
    size_t n = json_string_length(value);
    *text = (struct str){"", 0};
    if (p && n <= OPENID_MAX_TEXT && strlen(p) == n) {
        const char *copy = arena_text(arena, p, n);
        if (!copy) {
            return ERR_NOMEM;
        }
        *text = (struct str){copy, n};
    }
    return ERR_OK;
}

static enum err take_claims(struct arena *arena, const json_t *json, struct openid_claims *claims)
{
    const json_t *verified = json_object_get(json, "email_verified");
    const struct {
        const char *name;
        struct str *to;
    } texts[] = {
        {"iss", &claims->issuer},
        {"sub", &claims->subject},
        {"email", &claims->email},
        {"name", &claims->name},
        {"given_name", &claims->given_name},
        {"family_name", &claims->family_name},
    };
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < sizeof texts / sizeof *texts; i++) {
        err = take_text(arena, json, texts[i].name, texts[i].to);
    }
    /* Some providers write the boolean as a text. */
    const char *word = json_string_value(verified);
    claims->email_verified = json_is_true(verified) || (word && strcmp(word, "true") == 0);
    return err;
}

static enum err verify(struct arena *arena, cjose_jws_t *jws, const json_t *set,
                       const struct openid_expected *expected, struct openid_claims *claims,
                       char reason[OPENID_REASON])
{
    uint8_t *text;
    size_t n;
    cjose_err why;
    enum err err = check_signature(jws, set, reason);
    if (err) {
        return err;
    }
    if (!cjose_jws_get_plaintext(jws, &text, &n, &why)) {
        return refuse(reason, "the token has no content");
    }
    json_t *json = json_loadb((const char *)text, n, JSON_REJECT_DUPLICATES, NULL);
    err = json_is_object(json) ? check_claims(json, expected, reason)
                               : refuse(reason, "the token's content is not JSON");
    err = err ? err : take_claims(arena, json, claims);
    json_decref(json);
    return err;
}

enum err openid_token_verify(struct arena *arena, struct str token, struct str keys,
                             const struct openid_expected *expected, struct openid_claims *claims,
                             char reason[OPENID_REASON])
{
    cjose_err why;
    if (token.n == 0 || token.n > OPENID_MAX_TOKEN) {
        return refuse(reason, "the token is too long");
    }
    json_t *set = json_loadb(keys.p, keys.n, 0, NULL);
    if (!json_is_array(json_object_get(set, "keys"))) {
        json_decref(set);
        snprintf(reason, OPENID_REASON, "the provider's keys are not a key set");
        return ERR_INVALID;
    }
    cjose_jws_t *jws = cjose_jws_import(token.p, token.n, &why);
    enum err err = jws ? verify(arena, jws, set, expected, claims, reason)
                       : refuse(reason, "the token is not a signed token");
    cjose_jws_release(jws);
    json_decref(set);
    return err;
}
