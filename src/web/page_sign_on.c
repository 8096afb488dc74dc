/* Single sign-on: to the organisation's provider and back.
 *
 * The state of a flow stands in the redirect, as a hash in the database, and in a cookie of the
 * browser that began it, so that nobody can be signed in with somebody else's answer (RFC 6819,
 * 4.4.1.8).  A provider that says no leads back to the sign-in page with a sentence. */
#include "web/page_sign_on.h"

#include "base/arena.h"
#include "base/buf.h"
#include "coach/oidc.h"
#include "coach/rates.h"
#include "coach/settings.h"
#include "http/cookie.h"
#include "http/openid_service.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

#include <sodium.h>

#define BACK "/sign-in/oidc/back"

enum { F_TO, F_GO__MAX };
static const struct field_spec go_fields[F_GO__MAX] = {
    [F_TO] = {.name = "to", .type = FIELD_PATH},
};

enum { F_CODE, F_STATE, F_ISS, F_ERROR, F_BACK__MAX };
static const struct field_spec back_fields[F_BACK__MAX] = {
    [F_CODE] = {.name = "code", .type = FIELD_TEXT, .max = 2000},
    [F_STATE] = {.name = "state", .type = FIELD_TOKEN, .max = OIDC_SECRET},
    [F_ISS] = {.name = "iss", .type = FIELD_TEXT, .max = OPENID_MAX_TEXT},
    [F_ERROR] = {.name = "error", .type = FIELD_TEXT, .max = 200},
};

void page_write_sign_on(struct page *page, struct str to)
{
    const struct web_site *site = &page->web->site;
    struct html *h = &page->html;
    struct str url =
        to.n ? page_path(page, "/sign-in/oidc?to={}", html_part(to)) : str_of("/sign-in/oidc");
    struct str text = site->oidc_name.n ? FILL(page, T(page, "Sign in with {name}"),
                                               CATALOG_TEXT("name", site->oidc_name))
                                        : T(page, "Sign in with my school account");
    part_buttons_open(h);
    part_button_link(h, site->passwords ? PART_BUTTON_PLAIN : PART_BUTTON_MAIN, PART_ICON_NONE,
                     text, url);
    part_buttons_close(h);
}

enum err page_sign_on_address(struct page *page, struct str *address)
{
    struct str base;
    struct buf buf;
    enum err err = settings_get(&page->coach, SETTING_BASE_URL, &base);
    if (err == ERR_OK && !base.n) {
        err = request_origin(page->req, &base);
    }
    if (err != ERR_OK) {
        return err;
    }
    base.n -= base.n && base.p[base.n - 1] == '/';
    buf_init(&buf, page->arena, HTML_PATH_MAX);
    buf_add(&buf, base);
    buf_add_text(&buf, BACK);
    return buf_end(&buf, address);
}

enum err page_sign_on_provider(struct page *page, struct openid_provider *provider)
{
    struct coach *coach = &page->coach;
    struct actor actor = coach->actor;
    struct str issuer, client, secret, address;
    coach_act_as_system(coach);
    enum err err = settings_get(coach, SETTING_OIDC_ISSUER, &issuer);
    err = err ? err : settings_get(coach, SETTING_OIDC_CLIENT_ID, &client);
    err = err ? err : settings_get(coach, SETTING_OIDC_CLIENT_SECRET, &secret);
    err = err ? err : page_sign_on_address(page, &address);
    coach->actor = actor;
    if (err == ERR_OK && !issuer.n) {
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_OK) {
        *provider = (struct openid_provider){issuer.p, client.p, secret.p, address.p};
    }
    return err;
}

static enum err to_sign_in(struct page *page, enum flash flash)
{
    cookie_clear(page->res, WEB_FLOW_COOKIE);
    return page_go(page, flash, 0, str_of("/sign-in"));
}

/* What came of asking the provider, where it is not what was hoped for. */
static enum err give_up(struct page *page, enum err err)
{
    switch (err) {
    case ERR_REFUSED:
        return to_sign_in(page, FLASH_SIGN_ON_REFUSED);
    case ERR_IO:
    case ERR_LIMIT:
    case ERR_INVALID:
        return to_sign_in(page, FLASH_SIGN_ON_UNREACHABLE);
    default:
        return err;
    }
}

/* -- There ------------------------------------------------------------------------------------- */

/* Makes the flow in the first run; a first run that runs again keeps the same one, for the service
 * may have been asked already. */
static enum err begin(struct page *page, struct oidc_flow **flow)
{
    struct coach *coach = &page->coach;
    *flow = page->kept;
    if (page->pass > 0) {
        return ERR_OK;
    }
    enum err err = rates_take(coach, RATES_KEY_ADDRESS, str_of(page->req->address), &page->wait_ms);
    if (err != ERR_OK) {
        return err;
    }
    if (*flow) {
        return oidc_keep(coach, *flow);
    }
    *flow = arena_alloc(page->arena, 1, sizeof **flow);
    err = *flow ? oidc_begin(coach, page_text(page, F_TO), *flow) : ERR_NOMEM;
    if (err == ERR_OK) {
        page->kept = *flow;
    }
    return err;
}

static enum err go(struct page *page)
{
    struct openid_provider provider;
    struct oidc_flow *flow;
    struct str url;
    if (page->signed_in) {
        return page_go(page, FLASH_NONE, 0, str_of("/"));
    }
    enum err err = page_sign_on_provider(page, &provider);
    err = err ? err : begin(page, &flow);
    if (err != ERR_OK) {
        return err;
    }
    struct openid_flow secrets = {flow->state, flow->nonce, flow->verifier};
    err = openid_ask_authorize(page->req, WEB_SERVICE_OUTSIDE, &provider, &secrets, &url);
    if (err != ERR_OK) {
        return give_up(page, err);
    }
    cookie_set(page->res, WEB_FLOW_COOKIE, str_of(flow->state), OIDC_FLOW_MS / 1000);
    response_redirect_outside(page->res, url);
    return page->res->err;
}

/* -- And back ---------------------------------------------------------------------------------- */

/* Takes the flow out of the database, once; later runs have it already. */
static enum err take_flow(struct page *page, struct oidc_flow **flow)
{
    *flow = page->kept;
    if (page->pass > 0 && *flow) {
        return ERR_OK;
    }
    *flow = arena_alloc(page->arena, 1, sizeof **flow);
    enum err err = *flow ? oidc_finish(&page->coach, page_text(page, F_STATE), *flow) : ERR_NOMEM;
    if (err == ERR_OK) {
        page->kept = *flow;
    }
    return err;
}

/* Whether this browser began the flow. */
static bool is_ours(const struct page *page)
{
    struct str cookie = cookie_find(page->req, WEB_FLOW_COOKIE);
    struct str state = page_text(page, F_STATE);
    return cookie.p && state.n == OIDC_SECRET && cookie.n == state.n &&
           sodium_memcmp(cookie.p, state.p, state.n) == 0;
}

static enum err enter(struct page *page, const struct openid_claims *said, struct str to)
{
    struct coach *coach = &page->coach;
    struct oidc_claims claims = {said->issuer, said->subject, said->email, said->email_verified};
    int64_t person_id;
    enum err err = oidc_find_person(coach, &claims, &person_id);
    if (err == ERR_NOT_FOUND) {
        return to_sign_in(page, FLASH_SIGN_ON_NOBODY);
    }
    err = err ? err : page_sign_in(page, person_id, SESSION_OIDC, false);
    if (err != ERR_OK) {
        return err;
    }
    cookie_clear(page->res, WEB_FLOW_COOKIE);
    return page_go(page, FLASH_NONE, 0, to);
}

static enum err back(struct page *page)
{
    struct openid_provider provider;
    struct openid_claims claims;
    struct oidc_flow *flow;
    if (!is_ours(page)) {
        return to_sign_in(page, FLASH_SIGN_ON_LATE);
    }
    enum err err = page_sign_on_provider(page, &provider);
    err = err ? err : take_flow(page, &flow);
    if (err != ERR_OK) {
        return err == ERR_NOT_FOUND ? to_sign_in(page, FLASH_SIGN_ON_LATE) : err;
    }
    if (page_given(page, F_ERROR)) {
        bool cancelled = str_is(page_text(page, F_ERROR), "access_denied");
        return to_sign_in(page, cancelled ? FLASH_SIGN_ON_CANCELLED : FLASH_SIGN_ON_REFUSED);
    }
    struct openid_flow secrets = {flow->state, flow->nonce, flow->verifier};
    err = openid_ask_exchange(page->req, WEB_SERVICE_OUTSIDE, &provider, &secrets,
                              page_text(page, F_CODE), page_text(page, F_ISS), &claims);
    return err == ERR_OK ? enter(page, &claims, flow->return_to) : give_up(page, err);
}

static const struct route routes[] = {
    {ROUTE_GET, "/sign-in/oidc", ROUTE_PUBLIC, .handle = go, .fields = go_fields,
     .n_fields = F_GO__MAX, .writes = true, .about = "Goes to the organisation's single sign-on"},
    {ROUTE_GET, "/sign-in/oidc/back", ROUTE_PUBLIC, .handle = back, .fields = back_fields,
     .n_fields = F_BACK__MAX, .writes = true, .about = "Comes back from it, signed in"},
};
const struct route_set page_sign_on_routes = ROUTE_SET("Single sign-on", routes);
