/* Discovery, addresses and the exchange of a code; openid_token.c verifies what comes back. */
#include "http/openid.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/fetch.h"
#include "http/openid_token.h"

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

struct openid {
    struct arena *arena;
    struct openid_provider provider;
    openid_fetch_fn *fetch;
    struct metadata meta; /* arena NULL: not asked yet */
    struct arena *keys_arena;
    struct str keys; /* n is 0: not asked yet */
    int64_t keys_at_s;
    char reason[OPENID_REASON];
};

static enum err fail(struct openid *openid, enum err err, const char *why)
{
    snprintf(openid->reason, sizeof openid->reason, "%s", why);
    return err;
}

const char *openid_reason(const struct openid *openid)
{
    return openid->reason;
}

static const char *copy(struct arena *arena, const char *text)
{
    return arena_text(arena, text, strlen(text));
}

static bool is_setting(const char *text)
{
    return *text && strlen(text) <= OPENID_MAX_TEXT;
}

enum err openid_new(struct arena *arena, const struct openid_provider *p, openid_fetch_fn *fetch_fn,
                    struct openid **out)
{
    if (!is_setting(p->issuer) || !is_setting(p->client_id) || !is_setting(p->redirect_uri) ||
        strlen(p->client_secret) > OPENID_MAX_TEXT || !fetch_allowed(p->issuer) ||
        !fetch_allowed(p->redirect_uri)) {
        return ERR_INVALID;
    }
    struct openid *openid = arena_alloc(arena, 1, sizeof *openid);
    if (!openid) {
        return ERR_NOMEM;
    }
    openid->arena = arena;
    openid->fetch = fetch_fn;
    openid->provider.issuer = copy(arena, p->issuer);
    openid->provider.client_id = copy(arena, p->client_id);
    openid->provider.client_secret = copy(arena, p->client_secret);
    openid->provider.redirect_uri = copy(arena, p->redirect_uri);
    if (!openid->provider.issuer || !openid->provider.client_id ||
        !openid->provider.client_secret || !openid->provider.redirect_uri) {
        return ERR_NOMEM;
    }
    *out = openid;
    return ERR_OK;
}

/* Gets a page that must be there. */
static enum err get(struct openid *openid, struct arena *arena, const char *url, struct str *body)
{
    struct fetch_request request = {.url = url};
    struct fetch_reply reply;
    enum err err = openid->fetch(arena, &request, &reply, openid->reason);
    if (err) {
        return err;
    }
    if (reply.status != 200) {
        snprintf(openid->reason, sizeof openid->reason, "the provider answers %ld", reply.status);
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

static enum err read_metadata(struct openid *openid, const json_t *json, struct metadata *meta)
{
    const char *issuer = json_string_value(json_object_get(json, "issuer"));
    const json_t *methods = json_object_get(json, "token_endpoint_auth_methods_supported");
    if (!issuer || strcmp(issuer, openid->provider.issuer) != 0) {
        return fail(openid, ERR_INVALID, "the provider calls itself by another issuer name");
    }
    meta->authorize = address(meta->arena, json, "authorization_endpoint");
    meta->token = address(meta->arena, json, "token_endpoint");
    meta->jwks_uri = address(meta->arena, json, "jwks_uri");
    /* Without the list the default is HTTP Basic (Discovery 1.0, section 3). */
    meta->basic = !json_is_array(methods) || lists(methods, "client_secret_basic");
    if (!meta->authorize || !meta->token || !meta->jwks_uri) {
        return fail(openid, ERR_INVALID,
                    "the provider's description lacks an address, or has one "
                    "that is not https");
    }
    return ERR_OK;
}

/* Asks the provider to describe itself, at most once in OPENID_METADATA_S. */
static enum err learn(struct openid *openid, int64_t now_s)
{
    struct metadata meta = {.at_s = now_s};
    struct str body = {"", 0}, url;
    struct buf buf;
    if (openid->meta.arena && now_s - openid->meta.at_s < OPENID_METADATA_S) {
        return ERR_OK;
    }
    meta.arena = arena_child(openid->arena);
    if (!meta.arena) {
        return fail(openid, ERR_NOMEM, "out of memory");
    }
    size_t n = strlen(openid->provider.issuer);
    buf_init(&buf, meta.arena, URL_MAX);
    buf_add(&buf,
            (struct str){openid->provider.issuer, n - (openid->provider.issuer[n - 1] == '/')});
    buf_add_text(&buf, DISCOVERY);
    enum err err = buf_end(&buf, &url);
    err = err ? err : get(openid, meta.arena, url.p, &body);
    if (!err) {
        json_t *json = json_loadb(body.p, body.n, 0, NULL);
        err = json ? read_metadata(openid, json, &meta)
                   : fail(openid, ERR_INVALID, "the provider's description is not JSON");
        json_decref(json);
    }
    if (err) {
        arena_free(meta.arena);
        return err;
    }
    arena_free(openid->meta.arena);
    openid->meta = meta;
    return ERR_OK;
}

/* The provider's keys: asked anew when they are older than `at_most`. */
static enum err learn_keys(struct openid *openid, int64_t now_s, int64_t at_most)
{
    struct str keys;
    if (openid->keys.n && now_s - openid->keys_at_s < at_most) {
        return ERR_OK;
    }
    struct arena *arena = arena_child(openid->arena);
    if (!arena) {
        return fail(openid, ERR_NOMEM, "out of memory");
    }
    enum err err = get(openid, arena, openid->meta.jwks_uri, &keys);
    if (err) {
        arena_free(arena);
        return err;
    }
    arena_free(openid->keys_arena);
    openid->keys_arena = arena;
    openid->keys = keys;
    openid->keys_at_s = now_s;
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

enum err openid_authorize(struct openid *openid, struct arena *arena, int64_t now_s,
                          const struct openid_flow *flow, struct str *url)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char challenge[44]; /* 32 bytes in base64url */
    struct buf buf;
    enum err err = learn(openid, now_s);
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
        {"client_id", openid->provider.client_id},
        {"redirect_uri", openid->provider.redirect_uri},
        {"scope", "openid email profile"},
        {"state", flow->state},
        {"nonce", flow->nonce},
        {"code_challenge", challenge},
        {"code_challenge_method", "S256"},
    };
    buf_init(&buf, arena, URL_MAX);
    buf_add_text(&buf, openid->meta.authorize);
    char before = strchr(openid->meta.authorize, '?') ? '&' : '?';
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++, before = '&') {
        buf_add_char(&buf, before);
        add_pair(&buf, pairs[i].name, pairs[i].value);
    }
    err = buf_end(&buf, url);
    return err ? fail(openid, err, "the address is too long") : ERR_OK;
}

/* The body of the token request (RFC 6749, 4.1.3). */
static enum err token_form(const struct openid *openid, struct arena *arena, const char *code,
                           const struct openid_flow *flow, bool basic, struct str *form)
{
    struct buf buf;
    buf_init(&buf, arena, FORM_MAX);
    add_pair(&buf, "grant_type", "authorization_code");
    buf_add_char(&buf, '&');
    add_pair(&buf, "code", code);
    buf_add_char(&buf, '&');
    add_pair(&buf, "redirect_uri", openid->provider.redirect_uri);
    buf_add_char(&buf, '&');
    add_pair(&buf, "code_verifier", flow->verifier);
    if (!basic) {
        buf_add_char(&buf, '&');
        add_pair(&buf, "client_id", openid->provider.client_id);
    }
    if (!basic && *openid->provider.client_secret) {
        buf_add_char(&buf, '&');
        add_pair(&buf, "client_secret", openid->provider.client_secret);
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
static enum err redeem(struct openid *openid, struct arena *arena, const char *code,
                       const struct openid_flow *flow, struct str *body)
{
    bool basic = openid->meta.basic && *openid->provider.client_secret;
    struct fetch_request request = {.url = openid->meta.token};
    struct fetch_reply reply;
    struct str form;
    enum err err = token_form(openid, arena, code, flow, basic, &form);
    if (!err && basic) {
        err = encode(arena, openid->provider.client_id, &request.user);
        err = err ? err : encode(arena, openid->provider.client_secret, &request.password);
    }
    if (err) {
        return fail(openid, err, "the request is too long");
    }
    request.form = form.p;
    err = openid->fetch(arena, &request, &reply, openid->reason);
    if (err) {
        return err;
    }
    if (reply.status != 200) {
        snprintf(openid->reason, sizeof openid->reason, "the provider does not take the code (%ld)",
                 reply.status);
        return reply.status >= 500 ? ERR_IO : ERR_REFUSED;
    }
    *body = reply.body;
    return ERR_OK;
}

static enum err verify(struct openid *openid, struct arena *arena, int64_t now_s,
                       const struct openid_flow *flow, struct str token,
                       struct openid_claims *claims)
{
    struct openid_expected expected = {openid->provider.issuer, openid->provider.client_id,
                                       flow->nonce, now_s};
    enum err err = learn_keys(openid, now_s, OPENID_METADATA_S);
    err = err ? err
              : openid_token_verify(arena, token, openid->keys, &expected, claims, openid->reason);
    if (err == ERR_NOT_FOUND && now_s - openid->keys_at_s >= OPENID_KEYS_LEAST_S) {
        err = learn_keys(openid, now_s, OPENID_KEYS_LEAST_S);
        err = err ? err
                  : openid_token_verify(arena, token, openid->keys, &expected, claims,
                                        openid->reason);
    }
    return err == ERR_NOT_FOUND ? ERR_REFUSED : err;
}

enum err openid_exchange(struct openid *openid, struct arena *arena, int64_t now_s,
                         const struct openid_flow *flow, struct str code, struct str iss,
                         struct openid_claims *claims)
{
    struct str body;
    if (code.n == 0 || code.n > OPENID_MAX_TEXT * 4 || memchr(code.p, 0, code.n)) {
        return fail(openid, ERR_REFUSED, "the provider sent no code");
    }
    if (iss.n && !str_is(iss, openid->provider.issuer)) {
        return fail(openid, ERR_REFUSED, "the answer is of another issuer");
    }
    const char *text = arena_text(arena, code.p, code.n);
    enum err err = text ? learn(openid, now_s) : fail(openid, ERR_NOMEM, "out of memory");
    err = err ? err : redeem(openid, arena, text, flow, &body);
    if (err) {
        return err;
    }
    json_t *json = json_loadb(body.p, body.n, 0, NULL);
    const char *token = json_string_value(json_object_get(json, "id_token"));
    err = token ? verify(openid, arena, now_s, flow, str_of(token), claims)
                : fail(openid, ERR_REFUSED, "the provider sent no ID token");
    json_decref(json);
    return err;
}
