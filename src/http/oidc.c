/* Discovery, addresses and the exchange of a code; oidc_token.c verifies what comes back. */
#include "http/oidc.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/fetch.h"
#include "http/oidc_token.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define DISCOVERY "/.well-known/openid-configuration"
#define URL_MAX 8192
#define FORM_MAX 16384

/* What the provider says of itself, in an arena that is replaced as a whole. */
struct metadata {
    struct arena *arena;
    const char *authorize, *token, *jwks_uri; /* addresses */
    bool basic;                               /* takes the secret as HTTP Basic */
    int64_t at_s;
};

struct oidc {
    struct arena *arena;
    struct oidc_provider provider;
    oidc_fetch_fn *fetch;
    struct metadata meta; /* arena NULL: not asked yet */
    struct arena *keys_arena;
    struct str keys; /* n is 0: not asked yet */
    int64_t keys_at_s;
    char reason[OIDC_REASON];
};

static enum err fail(struct oidc *oidc, enum err err, const char *why)
{
    snprintf(oidc->reason, sizeof oidc->reason, "%s", why);
    return err;
}

const char *oidc_reason(const struct oidc *oidc)
{
    return oidc->reason;
}

static void random_text(char text[OIDC_SECRET_TEXT])
{
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, OIDC_SECRET_TEXT, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void oidc_flow_new(struct oidc_flow *flow)
{
    random_text(flow->state);
    random_text(flow->nonce);
    random_text(flow->verifier);
}

static const char *copy(struct arena *arena, const char *text)
{
    return arena_text(arena, text, strlen(text));
}

static bool is_setting(const char *text)
{
    return *text && strlen(text) <= OIDC_MAX_TEXT;
}

enum err oidc_new(struct arena *arena, const struct oidc_provider *p, oidc_fetch_fn *fetch_fn,
                  struct oidc **out)
{
    if (!is_setting(p->issuer) || !is_setting(p->client_id) || !is_setting(p->redirect_uri) ||
        strlen(p->client_secret) > OIDC_MAX_TEXT || !fetch_allowed(p->issuer) ||
        !fetch_allowed(p->redirect_uri)) {
        return ERR_INVALID;
    }
    struct oidc *oidc = arena_alloc(arena, 1, sizeof *oidc);
    if (!oidc) {
        return ERR_NOMEM;
    }
    oidc->arena = arena;
    oidc->fetch = fetch_fn;
    oidc->provider.issuer = copy(arena, p->issuer);
    oidc->provider.client_id = copy(arena, p->client_id);
    oidc->provider.client_secret = copy(arena, p->client_secret);
    oidc->provider.redirect_uri = copy(arena, p->redirect_uri);
    if (!oidc->provider.issuer || !oidc->provider.client_id || !oidc->provider.client_secret ||
        !oidc->provider.redirect_uri) {
        return ERR_NOMEM;
    }
    *out = oidc;
    return ERR_OK;
}

/* Gets a page that must be there. */
static enum err get(struct oidc *oidc, struct arena *arena, const char *url, struct str *body)
{
    struct fetch_request request = {.url = url};
    struct fetch_reply reply;
    enum err err = oidc->fetch(arena, &request, &reply, oidc->reason);
    if (err) {
        return err;
    }
    if (reply.status != 200) {
        snprintf(oidc->reason, sizeof oidc->reason, "the provider answers %ld", reply.status);
        return ERR_IO;
    }
    *body = reply.body;
    return ERR_OK;
}

/* An address of the metadata, copied; NULL when it is not one that may be asked. */
static const char *address(struct arena *arena, const json_t *json, const char *name)
{
    const char *url = json_string_value(json_object_get(json, name));
    return url && fetch_allowed(url) ? copy(arena, url) : NULL;
}

static bool lists(const json_t *array, const char *word)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *one = json_string_value(json_array_get(array, i));
        found = found || (one && strcmp(one, word) == 0);
    }
    return found;
}

static enum err read_metadata(struct oidc *oidc, const json_t *json, struct metadata *meta)
{
    const char *issuer = json_string_value(json_object_get(json, "issuer"));
    const json_t *methods = json_object_get(json, "token_endpoint_auth_methods_supported");
    if (!issuer || strcmp(issuer, oidc->provider.issuer) != 0) {
        return fail(oidc, ERR_INVALID, "the provider calls itself by another issuer name");
    }
    meta->authorize = address(meta->arena, json, "authorization_endpoint");
    meta->token = address(meta->arena, json, "token_endpoint");
    meta->jwks_uri = address(meta->arena, json, "jwks_uri");
    /* Without the list the default is HTTP Basic (Discovery 1.0, section 3). */
    meta->basic = !json_is_array(methods) || lists(methods, "client_secret_basic");
    if (!meta->authorize || !meta->token || !meta->jwks_uri) {
        return fail(oidc, ERR_INVALID,
                    "the provider's description lacks an address, or has one "
                    "that is not https");
    }
    return ERR_OK;
}

/* Asks the provider to describe itself, at most once in OIDC_METADATA_S. */
static enum err learn(struct oidc *oidc, int64_t now_s)
{
    struct metadata meta = {.at_s = now_s};
    struct str body = {"", 0}, url;
    struct buf buf;
    if (oidc->meta.arena && now_s - oidc->meta.at_s < OIDC_METADATA_S) {
        return ERR_OK;
    }
    meta.arena = arena_child(oidc->arena);
    if (!meta.arena) {
        return fail(oidc, ERR_NOMEM, "out of memory");
    }
    size_t n = strlen(oidc->provider.issuer);
    buf_init(&buf, meta.arena, URL_MAX);
    buf_add(&buf, (struct str){oidc->provider.issuer, n - (oidc->provider.issuer[n - 1] == '/')});
    buf_add_text(&buf, DISCOVERY);
    enum err err = buf_end(&buf, &url);
    err = err ? err : get(oidc, meta.arena, url.p, &body);
    if (!err) {
        json_t *json = json_loadb(body.p, body.n, 0, NULL);
        err = json ? read_metadata(oidc, json, &meta)
                   : fail(oidc, ERR_INVALID, "the provider's description is not JSON");
        json_decref(json);
    }
    if (err) {
        arena_free(meta.arena);
        return err;
    }
    arena_free(oidc->meta.arena);
    oidc->meta = meta;
    return ERR_OK;
}

/* The provider's keys: asked anew when they are older than `at_most`. */
static enum err learn_keys(struct oidc *oidc, int64_t now_s, int64_t at_most)
{
    struct str keys;
    if (oidc->keys.n && now_s - oidc->keys_at_s < at_most) {
        return ERR_OK;
    }
    struct arena *arena = arena_child(oidc->arena);
    if (!arena) {
        return fail(oidc, ERR_NOMEM, "out of memory");
    }
    enum err err = get(oidc, arena, oidc->meta.jwks_uri, &keys);
    if (err) {
        arena_free(arena);
        return err;
    }
    arena_free(oidc->keys_arena);
    oidc->keys_arena = arena;
    oidc->keys = keys;
    oidc->keys_at_s = now_s;
    return ERR_OK;
}

/* name=value, percent-encoded as in application/x-www-form-urlencoded. */
static void add_pair(struct buf *buf, const char *name, const char *value)
{
    static const char hex[] = "0123456789ABCDEF";
    buf_add_text(buf, name);
    buf_add_char(buf, '=');
    for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("-._~", *p);
        if (plain) {
            buf_add_char(buf, (char)*p);
        } else {
            char triple[] = {'%', hex[*p >> 4], hex[*p & 15]};
            buf_add(buf, (struct str){triple, sizeof triple});
        }
    }
}

enum err oidc_authorize(struct oidc *oidc, struct arena *arena, int64_t now_s,
                        const struct oidc_flow *flow, struct str *url)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char challenge[OIDC_SECRET_TEXT];
    struct buf buf;
    enum err err = learn(oidc, now_s);
    if (err) {
        return err;
    }
    crypto_hash_sha256(hash, (const unsigned char *)flow->verifier, strlen(flow->verifier));
    sodium_bin2base64(challenge, sizeof challenge, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    const struct {
        const char *name, *value;
    } pairs[] = {
        {"response_type", "code"},
        {"client_id", oidc->provider.client_id},
        {"redirect_uri", oidc->provider.redirect_uri},
        {"scope", "openid email profile"},
        {"state", flow->state},
        {"nonce", flow->nonce},
        {"code_challenge", challenge},
        {"code_challenge_method", "S256"},
    };
    buf_init(&buf, arena, URL_MAX);
    buf_add_text(&buf, oidc->meta.authorize);
    char before = strchr(oidc->meta.authorize, '?') ? '&' : '?';
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++, before = '&') {
        buf_add_char(&buf, before);
        add_pair(&buf, pairs[i].name, pairs[i].value);
    }
    err = buf_end(&buf, url);
    return err ? fail(oidc, err, "the address is too long") : ERR_OK;
}

/* The body of the token request (RFC 6749, 4.1.3). */
static enum err token_form(const struct oidc *oidc, struct arena *arena, const char *code,
                           const struct oidc_flow *flow, bool basic, struct str *form)
{
    struct buf buf;
    buf_init(&buf, arena, FORM_MAX);
    add_pair(&buf, "grant_type", "authorization_code");
    buf_add_char(&buf, '&');
    add_pair(&buf, "code", code);
    buf_add_char(&buf, '&');
    add_pair(&buf, "redirect_uri", oidc->provider.redirect_uri);
    buf_add_char(&buf, '&');
    add_pair(&buf, "code_verifier", flow->verifier);
    if (!basic) {
        buf_add_char(&buf, '&');
        add_pair(&buf, "client_id", oidc->provider.client_id);
    }
    if (!basic && *oidc->provider.client_secret) {
        buf_add_char(&buf, '&');
        add_pair(&buf, "client_secret", oidc->provider.client_secret);
    }
    return buf_end(&buf, form);
}

/* User and password of HTTP Basic are form-encoded first (RFC 6749, 2.3.1). */
static enum err encode(struct arena *arena, const char *text, const char **encoded)
{
    struct buf buf;
    struct str all;
    buf_init(&buf, arena, FORM_MAX);
    add_pair(&buf, "", text);
    enum err err = buf_end(&buf, &all);
    *encoded = err ? NULL : all.p + 1; /* without the "=" of the empty name */
    return err;
}

/* Trades the code for the provider's answer. */
static enum err redeem(struct oidc *oidc, struct arena *arena, const char *code,
                       const struct oidc_flow *flow, struct str *body)
{
    bool basic = oidc->meta.basic && *oidc->provider.client_secret;
    struct fetch_request request = {.url = oidc->meta.token};
    struct fetch_reply reply;
    struct str form;
    enum err err = token_form(oidc, arena, code, flow, basic, &form);
    if (!err && basic) {
        err = encode(arena, oidc->provider.client_id, &request.user);
        err = err ? err : encode(arena, oidc->provider.client_secret, &request.password);
    }
    if (err) {
        return fail(oidc, err, "the request is too long");
    }
    request.form = form.p;
    err = oidc->fetch(arena, &request, &reply, oidc->reason);
    if (err) {
        return err;
    }
    if (reply.status != 200) {
        snprintf(oidc->reason, sizeof oidc->reason, "the provider does not take the code (%ld)",
                 reply.status);
        return reply.status >= 500 ? ERR_IO : ERR_REFUSED;
    }
    *body = reply.body;
    return ERR_OK;
}

static enum err verify(struct oidc *oidc, struct arena *arena, int64_t now_s,
                       const struct oidc_flow *flow, struct str token, struct oidc_claims *claims)
{
    struct oidc_expected expected = {oidc->provider.issuer, oidc->provider.client_id, flow->nonce,
                                     now_s};
    enum err err = learn_keys(oidc, now_s, OIDC_METADATA_S);
    err = err ? err : oidc_token_verify(arena, token, oidc->keys, &expected, claims, oidc->reason);
    if (err == ERR_NOT_FOUND && now_s - oidc->keys_at_s >= OIDC_KEYS_LEAST_S) {
        err = learn_keys(oidc, now_s, OIDC_KEYS_LEAST_S);
        err = err ? err
                  : oidc_token_verify(arena, token, oidc->keys, &expected, claims, oidc->reason);
    }
    return err == ERR_NOT_FOUND ? ERR_REFUSED : err;
}

enum err oidc_exchange(struct oidc *oidc, struct arena *arena, int64_t now_s,
                       const struct oidc_flow *flow, struct str code, struct str iss,
                       struct oidc_claims *claims)
{
    struct str body;
    if (code.n == 0 || code.n > OIDC_MAX_TEXT * 4 || memchr(code.p, 0, code.n)) {
        return fail(oidc, ERR_REFUSED, "the provider sent no code");
    }
    if (iss.n && !str_is(iss, oidc->provider.issuer)) {
        return fail(oidc, ERR_REFUSED, "the answer is of another issuer");
    }
    const char *text = arena_text(arena, code.p, code.n);
    enum err err = text ? learn(oidc, now_s) : fail(oidc, ERR_NOMEM, "out of memory");
    err = err ? err : redeem(oidc, arena, text, flow, &body);
    if (err) {
        return err;
    }
    json_t *json = json_loadb(body.p, body.n, 0, NULL);
    const char *token = json_string_value(json_object_get(json, "id_token"));
    err = token ? verify(oidc, arena, now_s, flow, str_of(token), claims)
                : fail(oidc, ERR_REFUSED, "the provider sent no ID token");
    json_decref(json);
    return err;
}
