/* Questions and answers are texts, each ended by a NUL, in the order of the enums below. */
#include "http/openid_service.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "http/fetch.h"
#include "http/request.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum question {
    Q_TASK, /* "authorize" or "exchange" */
    Q_ISSUER,
    Q_CLIENT_ID,
    Q_CLIENT_SECRET,
    Q_REDIRECT_URI,
    Q_STATE,
    Q_NONCE,
    Q_VERIFIER,
    Q_CODE,
    Q_ISS,
    Q__MAX
};

enum answer {
    A_ISSUER,
    A_SUBJECT,
    A_EMAIL,
    A_VERIFIED, /* "1" or "" */
    A_NAME,
    A_GIVEN_NAME,
    A_FAMILY_NAME,
    A__MAX
};

#define STATE_MEMORY ((size_t)16 << 20)
#define FIRST_SETTING Q_ISSUER
#define LAST_SETTING Q_REDIRECT_URI

/* What the service keeps: a provider, and the settings it was made from. */
struct state {
    struct arena *arena; /* NULL: none yet */
    struct openid *openid;
    const char *settings[LAST_SETTING + 1];
};

static void pack(struct buf *buf, const struct str *texts, int n)
{
    for (int i = 0; i < n; i++) {
        buf_add(buf, texts[i]);
        buf_add_char(buf, '\0');
    }
}

/* Views into `all`; each is NUL-terminated there. */
static enum err unpack(struct str all, struct str *texts, int n)
{
    for (int i = 0; i < n; i++) {
        const char *end = all.n ? memchr(all.p, '\0', all.n) : NULL;
        if (!end) {
            return ERR_INVALID;
        }
        texts[i] = (struct str){all.p, (size_t)(end - all.p)};
        all.n -= texts[i].n + 1;
        all.p = end + 1;
    }
    return all.n ? ERR_INVALID : ERR_OK;
}

static enum err begin(void *ctx, void **state)
{
    (void)ctx;
    *state = calloc(1, sizeof(struct state));
    return *state ? ERR_OK : ERR_NOMEM;
}

static void end(void *ctx)
{
    struct state *state = ctx;
    arena_free(state->arena);
    free(state);
}

static bool is_same(const struct state *state, const struct str *q)
{
    bool same = state->arena != NULL;
    for (int i = FIRST_SETTING; same && i <= LAST_SETTING; i++) {
        same = str_is(q[i], state->settings[i]);
    }
    return same;
}

/* Makes the provider anew when the settings are others than last time. */
static enum err take_settings(struct state *state, const struct str *q)
{
    struct state fresh = {.arena = NULL};
    if (is_same(state, q)) {
        return ERR_OK;
    }
    fresh.arena = arena_new(STATE_MEMORY);
    if (!fresh.arena) {
        return ERR_NOMEM;
    }
    enum err err = ERR_OK;
    for (int i = FIRST_SETTING; !err && i <= LAST_SETTING; i++) {
        fresh.settings[i] = arena_text(fresh.arena, q[i].p, q[i].n);
        err = fresh.settings[i] ? ERR_OK : ERR_NOMEM;
    }
    if (!err) {
        struct openid_provider provider = {fresh.settings[Q_ISSUER], fresh.settings[Q_CLIENT_ID],
                                           fresh.settings[Q_CLIENT_SECRET],
                                           fresh.settings[Q_REDIRECT_URI]};
        err = openid_new(fresh.arena, &provider, fetch, &fresh.openid);
    }
    if (err) {
        arena_free(fresh.arena);
        return err;
    }
    arena_free(state->arena);
    *state = fresh;
    return ERR_OK;
}

static void pack_claims(struct buf *buf, const struct openid_claims *claims)
{
    const struct str texts[A__MAX] = {
        [A_ISSUER] = claims->issuer,
        [A_SUBJECT] = claims->subject,
        [A_EMAIL] = claims->email,
        [A_VERIFIED] = str_of(claims->email_verified ? "1" : ""),
        [A_NAME] = claims->name,
        [A_GIVEN_NAME] = claims->given_name,
        [A_FAMILY_NAME] = claims->family_name,
    };
    pack(buf, texts, A__MAX);
}

/* A provider that fails is told to whoever runs Duet; the reason holds no personal data. */
static void complain(const char *task, enum err err, const char *reason)
{
    struct log line;
    log_begin(&line, "sign-in");
    log_text(&line, "task", str_of(task));
    log_text(&line, "error", str_of(err_name(err)));
    log_text(&line, "reason", str_of(reason));
    log_end(&line);
}

static enum err answer(void *ctx, struct str question, struct arena *arena, struct buf *out)
{
    struct state *state = ctx;
    struct str q[Q__MAX], url;
    struct openid_claims claims;
    enum err err = unpack(question, q, Q__MAX);
    err = err ? err : take_settings(state, q);
    if (err) {
        complain("settings", err, "the settings of single sign-on cannot be used");
        return err;
    }
    struct openid_flow flow = {q[Q_STATE].p, q[Q_NONCE].p, q[Q_VERIFIER].p};
    int64_t now_s = (int64_t)time(NULL);
    if (str_is(q[Q_TASK], "authorize")) {
        err = openid_authorize(state->openid, arena, now_s, &flow, &url);
        if (!err) {
            pack(out, &url, 1);
        }
    } else {
        err = openid_exchange(state->openid, arena, now_s, &flow, q[Q_CODE], q[Q_ISS], &claims);
        if (!err) {
            pack_claims(out, &claims);
        }
    }
    if (err) {
        complain(q[Q_TASK].p, err, openid_reason(state->openid));
    }
    return err;
}

const struct service_spec openid_service = {
    .name = "outside",
    .n_processes = 1,
    .sandbox = {.read = {"/etc", "/usr/share/ca-certificates", "/usr/lib/ssl",
                         "/run/systemd/resolve"},
                .unix_sockets = true,
                .internet = true},
    .begin = begin,
    .end = end,
    .answer = answer,
};

static enum err ask(struct http_request *req, int service, const struct openid_provider *provider,
                    const struct openid_flow *flow, const char *task, struct str code,
                    struct str iss, struct str *reply)
{
    const struct str texts[Q__MAX] = {
        [Q_TASK] = str_of(task),
        [Q_ISSUER] = str_of(provider->issuer),
        [Q_CLIENT_ID] = str_of(provider->client_id),
        [Q_CLIENT_SECRET] = str_of(provider->client_secret),
        [Q_REDIRECT_URI] = str_of(provider->redirect_uri),
        [Q_STATE] = str_of(flow->state),
        [Q_NONCE] = str_of(flow->nonce),
        [Q_VERIFIER] = str_of(flow->verifier),
        [Q_CODE] = code,
        [Q_ISS] = iss,
    };
    struct buf buf;
    struct str question;
    buf_init(&buf, req->arena, SERVICE_MAX_MESSAGE);
    pack(&buf, texts, Q__MAX);
    enum err err = buf_end(&buf, &question);
    return err ? err : service_ask(req, service, question, OPENID_ASK_MS, reply);
}

enum err openid_ask_authorize(struct http_request *req, int service,
                              const struct openid_provider *provider,
                              const struct openid_flow *flow, struct str *url)
{
    struct str reply, none = {"", 0};
    enum err err = ask(req, service, provider, flow, "authorize", none, none, &reply);
    return err ? err : unpack(reply, url, 1);
}

enum err openid_ask_exchange(struct http_request *req, int service,
                             const struct openid_provider *provider, const struct openid_flow *flow,
                             struct str code, struct str iss, struct openid_claims *claims)
{
    struct str reply, a[A__MAX];
    enum err err = ask(req, service, provider, flow, "exchange", code, iss, &reply);
    err = err ? err : unpack(reply, a, A__MAX);
    if (!err) {
        *claims = (struct openid_claims){.issuer = a[A_ISSUER],
                                         .subject = a[A_SUBJECT],
                                         .email = a[A_EMAIL],
                                         .email_verified = a[A_VERIFIED].n > 0,
                                         .name = a[A_NAME],
                                         .given_name = a[A_GIVEN_NAME],
                                         .family_name = a[A_FAMILY_NAME]};
    }
    return err;
}
