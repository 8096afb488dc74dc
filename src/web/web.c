/* What a worker opens once, and the table of calls that the server makes. */
#include "web/web.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "coach/coach.h"
#include "coach/memory.h"
#include "coach/settings.h"
#include "http/assets.h"
#include "http/hasher.h"
#include "http/openid_service.h"
#include "web/dispatch.h"
#include "web/routes.h"

#include <string.h>

static const char *const scripts[] = {"duet.js", "pad.js"};

static enum err find_assets(struct web *web)
{
    const struct asset_table *assets = web->options->assets;
    enum err err = assets_address(assets, "duet.css", web->arena, &web->stylesheet);
    if (err == ERR_OK) {
        err = assets_address(assets, "duet.svg", web->arena, &web->icon);
    }
    for (size_t i = 0; err == ERR_OK && i < sizeof scripts / sizeof *scripts; i++) {
        err = assets_address(assets, scripts[i], web->arena, &web->scripts[web->n_scripts++]);
    }
    return err;
}

enum err web_open(const struct web_options *options, struct server_worker *worker, struct web **web)
{
    char message[256];
    struct arena *arena = arena_new(0);
    struct web *made = arena ? arena_alloc(arena, 1, sizeof *made) : NULL;
    if (!made) {
        arena_free(arena);
        return ERR_NOMEM;
    }
    *made = (struct web){.options = options, .worker = worker, .arena = arena};
    packages_read(&made->packages, coach_clock_ms());
    made->router = router_new(arena, routes_all);
    made->memory = memory_new();
    enum err err = made->router && made->memory ? ERR_OK : ERR_NOMEM;
    if (err == ERR_OK) {
        err =
            catalogs_open(arena, catalog_files, catalog_n_files, options->pseudo, &made->catalogs);
    }
    if (err == ERR_OK) {
        err = find_assets(made);
    }
    if (err == ERR_OK) {
        err = coach_connect(options->database, &made->db, message, sizeof message);
        if (err != ERR_OK) {
            log_event("database", message);
        }
    }
    if (err != ERR_OK) {
        memory_free(made->memory);
        arena_free(arena);
        return err;
    }
    *web = made;
    return ERR_OK;
}

void web_close(struct web *web)
{
    if (web) {
        coach_disconnect(web->db);
        memory_free(web->memory);
        arena_free(web->site.arena);
        arena_free(web->arena);
    }
}

/* -- Settings -----------------------------------------------------------------------------------
 */

static enum err read_texts(struct coach *coach, struct web_site *site)
{
    const struct {
        enum setting setting;
        struct str *to;
    } texts[] = {
        {SETTING_ORGANISATION, &site->organisation}, {SETTING_LOCALE, &site->locale},
        {SETTING_SUPPORT_EMAIL, &site->support},     {SETTING_OIDC_NAME, &site->oidc_name},
        {SETTING_TIME_ZONE, &site->zone_name},       {SETTING_BASE_URL, &site->base_url},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str value;
        enum err err = settings_get(coach, texts[i].setting, &value);
        if (err != ERR_OK) {
            return err;
        }
        char *copy = arena_text(site->arena, value.p, value.n);
        if (!copy) {
            return ERR_NOMEM;
        }
        *texts[i].to = (struct str){copy, value.n};
    }
    return ERR_OK;
}

static enum err read_flags(struct coach *coach, struct web_site *site)
{
    const struct {
        enum setting setting;
        bool *to;
    } flags[] = {
        {SETTING_SETUP_DONE, &site->set_up},
        {SETTING_OIDC_ISSUER, &site->oidc},
        {SETTING_SMTP_URL, &site->mail},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        enum err err = settings_is_set(coach, flags[i].setting, flags[i].to);
        if (err != ERR_OK) {
            return err;
        }
    }
    int64_t passwords;
    enum err err = settings_get_int(coach, SETTING_PASSWORDS, &passwords);
    site->passwords = err == ERR_OK && passwords != 0;
    return err;
}

enum err web_read_site(struct web *web, struct coach *coach)
{
    if (web->site.read_ms && coach->now_ms - web->site.read_ms < WEB_SITE_MS &&
        coach->now_ms >= web->site.read_ms) {
        return ERR_OK;
    }
    struct web_site site = {.arena = arena_new(1u << 20), .read_ms = coach->now_ms};
    if (!site.arena) {
        return ERR_NOMEM;
    }
    struct actor actor = coach->actor;
    coach_act_as_system(coach);
    enum err err = read_texts(coach, &site);
    if (err == ERR_OK) {
        err = read_flags(coach, &site);
    }
    coach->actor = actor;
    if (err != ERR_OK) {
        arena_free(site.arena);
        return err;
    }
    if (site.zone_name.n && clock_open(site.arena, site.zone_name, &site.zone) != ERR_OK) {
        site.zone = NULL; /* the security page says that the zone is not known */
    }
    arena_free(web->site.arena);
    web->site = site;
    return ERR_OK;
}

/* -- The server's calls ------------------------------------------------------------------------ */

static enum err begin(void *ctx, struct server_worker *worker, void **state)
{
    struct web *web;
    enum err err = web_open(ctx, worker, &web);
    if (err == ERR_OK) {
        *state = web;
    }
    return err;
}

static void end(void *state)
{
    web_close(state);
}

static enum err look(struct coach *coach, void *ctx)
{
    struct str name;
    (void)ctx;
    return settings_get(coach, SETTING_LOCALE, &name);
}

static enum err healthy(void *state)
{
    struct web *web = state;
    struct coach coach;
    struct arena *arena = arena_new(1u << 20);
    if (!arena) {
        return ERR_NOMEM;
    }
    coach_init(&coach, web->db, arena, coach_clock_ms());
    coach_act_as_system(&coach);
    enum err err = coach_transact(&coach, COACH_READ, look, NULL);
    arena_free(arena);
    return err;
}

void web_app(const struct web_options *options, struct server_app *app)
{
    static const struct service_spec *const services[WEB_SERVICE__MAX + 1] = {
        [WEB_SERVICE_HASHER] = &hasher_service,
        [WEB_SERVICE_OUTSIDE] = &openid_service,
    };
    *app = (struct server_app){
        .ctx = (void *)(uintptr_t)options,
        .worker_begin = begin,
        .worker_end = end,
        .admit = dispatch_admit,
        .handle = dispatch_handle,
        .failed = dispatch_failed,
        .after = dispatch_after,
        .healthy = healthy,
        .services = services,
    };
}
