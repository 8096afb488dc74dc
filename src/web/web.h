/* The web application: what `duet serve` hands to the server (http/server.h).
 *
 *     const struct web_options options = {.database = "duet.db", .assets = &table};
 *     struct server_app app;
 *     web_app(&options, &app);
 *     status = server_run(&server_options, &app);
 *
 * Each worker has a struct web of its own: its connection to the database, the routes, the
 * catalogues, and what it remembers of the organisation's settings for a second. */
#ifndef DUET_WEB_WEB_H
#define DUET_WEB_WEB_H

#include "base/asset.h"
#include "base/catalog.h"
#include "base/err.h"
#include "base/str.h"
#include "http/request.h"
#include "http/response.h"
#include "http/server.h"
#include "web/packages.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct coach;
struct db;
struct memory;
struct router;
struct clock_zone;

#define WEB_SESSION_COOKIE "duet"
#define WEB_LANGUAGE_COOKIE "language"
#define WEB_LOOK_COOKIE "look"
#define WEB_FLOW_COOKIE "flow" /* of a sign-on under way: its state */
#define WEB_SITE_MS 1000       /* how long settings may be remembered */
#define WEB_YEAR_S 31536000    /* of cookies that hold a taste */
#define WEB_MAX_SCRIPTS 8

/* Index of each service in server_app.services. */
enum web_service { WEB_SERVICE_HASHER, WEB_SERVICE_OUTSIDE, WEB_SERVICE__MAX };

struct web_options {
    const char *database; /* for coach_connect */
    const char *data_dir; /* files: uploads, backups */
    const struct asset_table *assets;
    bool pseudo;   /* the made-up languages for tests may be chosen */
    bool demo;     /* a demonstration: said on the sign-in page */
    void *starter; /* whoever starts the server; for app.ready */
};

/* Settings that pages need, as of at most WEB_SITE_MS ago. */
struct web_site {
    struct arena *arena;
    int64_t read_ms; /* 0: never */
    struct str organisation, locale, support, oidc_name, base_url;
    struct clock_zone *zone; /* NULL: UTC */
    struct str zone_name;
    bool set_up, passwords, oidc, mail;
};

struct web {
    const struct web_options *options;
    struct server_worker *worker; /* NULL in tests that need none */
    struct arena *arena;          /* as long as the worker */
    struct db *db;
    struct memory *memory;
    const struct router *router;
    struct catalogs catalogs;
    struct str stylesheet, icon, scripts[WEB_MAX_SCRIPTS];
    size_t n_scripts;
    struct web_site site;
    struct packages packages; /* as of the start */
};

void web_app(const struct web_options *options, struct server_app *app);

/* The state of one worker; `worker` may be NULL in tests.  Says on stderr what is wrong. */
MUST_CHECK enum err web_open(const struct web_options *options, struct server_worker *worker,
                             struct web **web);
void web_close(struct web *web);

/* Reads the settings anew when they are old.  Needs a transaction; leaves the actor as it was. */
MUST_CHECK enum err web_read_site(struct web *web, struct coach *coach);

#endif
