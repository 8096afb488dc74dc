/* ID tokens: signed here with libcjose under every accepted algorithm; each way in which a token
 * can be false is refused. */
#include "http/openid_token.h"

#include "base/arena.h"
#include "tap.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <stdlib.h>

#define NOW 1800000000
#define ISSUER "https://id.school.example"
#define CLIENT "duet"
#define NONCE "n-0S6_WzA2Mj"

struct keys {
    cjose_jwk_t *rsa, *other_rsa, *ec, *oct;
    char set[16384]; /* the public ones of rsa and ec */
};

static cjose_jwk_t *with_id(cjose_jwk_t *key, const char *kid)
{
    cjose_err err;
    if (!key || !cjose_jwk_set_kid(key, kid, strlen(kid), &err)) {
        abort();
    }
    return key;
}

static cjose_jwk_t *new_rsa(const char *kid)
{
    cjose_err err;
    return with_id(cjose_jwk_create_RSA_random(2048, NULL, 0, &err), kid);
}

static void keys_make(struct keys *keys)
{
    cjose_err err;
    keys->rsa = new_rsa("r1");
    keys->other_rsa = new_rsa("r1");
    keys->ec = with_id(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &err), "e1");
    keys->oct = with_id(cjose_jwk_create_oct_random(256, &err), "o1");
    char *rsa = cjose_jwk_to_json(keys->rsa, false, &err);
    char *ec = cjose_jwk_to_json(keys->ec, false, &err);
    char *oct = cjose_jwk_to_json(keys->oct, true, &err);
    int n = snprintf(keys->set, sizeof keys->set, "{\"keys\":[%s,%s,%s]}", rsa, ec, oct);
    if (n < 0 || (size_t)n >= sizeof keys->set) {
        abort();
    }
    free(rsa);
    free(ec);
    free(oct);
}

/* The token of `claims` under a key, in malloc'ed memory. */
static char *sign(cjose_jwk_t *key, const char *alg, const char *kid, const char *claims)
{
    cjose_err err;
    const char *text;
    cjose_header_t *header = cjose_header_new(&err);
    bool ok = header && cjose_header_set(header, CJOSE_HDR_ALG, alg, &err) &&
              (!kid || cjose_header_set(header, CJOSE_HDR_KID, kid, &err));
    cjose_jws_t *jws =
        ok ? cjose_jws_sign(key, header, (const uint8_t *)claims, strlen(claims), &err) : NULL;
    if (!jws || !cjose_jws_export(jws, &text, &err)) {
        abort();
    }
    char *copy = strdup(text);
    cjose_jws_release(jws);
    cjose_header_release(header);
    return copy;
}

static enum err verify(const char *token, const char *set, struct openid_claims *claims,
                       char *reason)
{
    static const struct openid_expected expected = {ISSUER, CLIENT, NONCE, NOW};
    struct arena *arena = arena_new(1u << 20);
    enum err err =
        openid_token_verify(arena, str_of(token), str_of(set), &expected, claims, reason);
    if (!err) {
        tap_ok(str_is(claims->subject, "t-17") && str_is(claims->issuer, ISSUER),
               "names who it is");
    }
    arena_free(arena);
    return err;
}

static char *claims_text(const char *iss, const char *aud, long exp, long iat, const char *nonce,
                         const char *sub)
{
    char *text = malloc(1024);
    snprintf(text, 1024,
             "{\"iss\":\"%s\",\"aud\":%s,\"exp\":%ld,\"iat\":%ld,\"nonce\":\"%s\",\"sub\":%s,"
             "\"email\":\"ana@school.example\",\"email_verified\":true}",
             iss, aud, exp, iat, nonce, sub);
    return text;
}

static void check(const struct keys *keys, cjose_jwk_t *key, const char *alg, const char *kid,
                  char *claims, enum err expected, const char *what)
{
    char reason[OPENID_REASON] = "";
    struct openid_claims got;
    char *token = sign(key, alg, kid, claims);
    enum err err = verify(token, keys->set, &got, reason);
    tap_ok(err == expected, "%s: %s (%s)", what, err_name(err), reason);
    free(token);
    free(claims);
}

static char *good(void)
{
    return claims_text(ISSUER, "\"" CLIENT "\"", NOW + 300, NOW - 5, NONCE, "\"t-17\"");
}

static void test_signatures(const struct keys *k)
{
    static const char *const rsa[] = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"};
    for (size_t i = 0; i < sizeof rsa / sizeof *rsa; i++) {
        check(k, k->rsa, rsa[i], "r1", good(), ERR_OK, rsa[i]);
    }
    check(k, k->ec, "ES256", "e1", good(), ERR_OK, "ES256");
    check(k, k->rsa, "RS256", NULL, good(), ERR_OK, "without a key id, the only key of its kind");
    check(k, k->other_rsa, "RS256", "r1", good(), ERR_REFUSED, "another key of the same name");
    check(k, k->rsa, "RS256", "r2", good(), ERR_NOT_FOUND, "an unknown key id");
    check(k, k->rsa, "RS256", "e1", good(), ERR_NOT_FOUND, "the id of a key of another kind");
    check(k, k->oct, "HS256", "o1", good(), ERR_REFUSED, "HMAC, even with a key of the set");
}

static void test_claims(const struct keys *k)
{
    const struct {
        char *claims;
        enum err err;
        const char *what;
    } cases[] = {
        {claims_text("https://evil.example", "\"duet\"", NOW + 300, NOW, NONCE, "\"t-17\""),
         ERR_REFUSED, "another issuer"},
        {claims_text(ISSUER "/", "\"duet\"", NOW + 300, NOW, NONCE, "\"t-17\""), ERR_REFUSED,
         "an issuer with a slash more"},
        {claims_text(ISSUER, "\"other\"", NOW + 300, NOW, NONCE, "\"t-17\""), ERR_REFUSED,
         "another audience"},
        {claims_text(ISSUER, "[\"duet\"]", NOW + 300, NOW, NONCE, "\"t-17\""), ERR_OK,
         "an audience as a list"},
        {claims_text(ISSUER, "[\"duet\",\"other\"]", NOW + 300, NOW, NONCE, "\"t-17\""),
         ERR_REFUSED, "two audiences without azp"},
        {claims_text(ISSUER, "[\"duet\",\"other\"],\"azp\":\"duet\"", NOW + 300, NOW, NONCE,
                     "\"t-17\""),
         ERR_OK, "two audiences, azp is us"},
        {claims_text(ISSUER, "\"duet\",\"azp\":\"other\"", NOW + 300, NOW, NONCE, "\"t-17\""),
         ERR_REFUSED, "azp is somebody else"},
        {claims_text(ISSUER, "\"duet\"", NOW - 61, NOW - 400, NONCE, "\"t-17\""), ERR_REFUSED,
         "expired beyond the leeway"},
        {claims_text(ISSUER, "\"duet\"", NOW - 59, NOW - 400, NONCE, "\"t-17\""), ERR_OK,
         "expired within the leeway"},
        {claims_text(ISSUER, "\"duet\"", NOW + 300, NOW + 61, NONCE, "\"t-17\""), ERR_REFUSED,
         "issued in the future"},
        {claims_text(ISSUER, "\"duet\"", NOW + 300, NOW, "other", "\"t-17\""), ERR_REFUSED,
         "another nonce"},
        {claims_text(ISSUER, "\"duet\"", NOW + 300, NOW, NONCE, "\"\""), ERR_REFUSED,
         "an empty subject"},
        {claims_text(ISSUER, "\"duet\"", NOW + 300, NOW, NONCE, "17"), ERR_REFUSED,
         "a subject that is no text"},
        {strdup("{\"iss\":\"" ISSUER "\",\"aud\":\"duet\"}"), ERR_REFUSED, "no times at all"},
        {strdup("[1,2]"), ERR_REFUSED, "a list instead of claims"},
        {strdup("not json"), ERR_REFUSED, "no JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(k, k->rsa, "RS256", "r1", cases[i].claims, cases[i].err, cases[i].what);
    }
}

/* "none", truncated tokens and every byte changed: never accepted, never read out of bounds. */
static void test_forged(const struct keys *k)
{
    static const char none[] = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0LTE3In0.";
    static const struct openid_expected expected = {ISSUER, CLIENT, NONCE, NOW};
    char reason[OPENID_REASON] = "";
    struct openid_claims got;
    tap_ok(verify(none, k->set, &got, reason) == ERR_REFUSED, "alg none is refused");
    tap_ok(verify("", k->set, &got, reason) == ERR_REFUSED, "an empty token is refused");
    char *claims = good(), *token = sign(k->rsa, "RS256", "r1", claims);
    size_t n = strlen(token), accepted = 0;
    for (size_t i = 0; i + 1 < n; i += 3) {
        struct arena *arena = arena_new(1u << 20);
        char was = token[i];
        token[i] = was == 'A' ? 'B' : 'A';
        accepted += openid_token_verify(arena, str_of(token), str_of(k->set), &expected, &got,
                                        reason) == ERR_OK;
        token[i] = was;
        accepted += openid_token_verify(arena, (struct str){token, i}, str_of(k->set), &expected,
                                        &got, reason) == ERR_OK;
        arena_free(arena);
    }
    tap_ok(accepted == 0, "no changed or shortened token of %zu bytes is accepted", n);
    tap_ok(verify(token, "{\"keys\":[]}", &got, reason) == ERR_NOT_FOUND, "no keys");
    tap_ok(verify(token, "{}", &got, reason) == ERR_INVALID, "no key set");
    tap_ok(verify(token, "{\"keys\":[1,{\"kty\":\"RSA\"}]}", &got, reason) != ERR_OK,
           "keys that are none");
    free(token);
    free(claims);
}

int main(void)
{
    struct keys keys;
    keys_make(&keys);
    test_signatures(&keys);
    test_claims(&keys);
    test_forged(&keys);
    cjose_jwk_release(keys.rsa);
    cjose_jwk_release(keys.other_rsa);
    cjose_jwk_release(keys.ec);
    cjose_jwk_release(keys.oct);
    return tap_done();
}
