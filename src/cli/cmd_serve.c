/* duet serve: the web pages, from one database. */
#include "base/arena.h"
#include "base/asset.h"
#include "base/buf.h"
#include "base/clock.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/serve_jobs.h"
#include "coach/coach.h"
#include "coach/founding.h"
#include "db/db.h"
#include "db/migrate.h"
#include "http/server.h"
#include "web/web.h"

#include <stdio.h>
#include <string.h>

static const struct option_spec options[] = {
    {.name = "db",
     .type = OPTION_TEXT,
     .value = "DATABASE",
     .initial = "duet.db",
     .help = "an SQLite file, which is made when it is not there, or a postgresql:// address"},
    {.name = "listen",
     .type = OPTION_TEXT,
     .value = "ADDRESS",
     .initial = "127.0.0.1:8080",
     .help = "where to listen: ADDRESS:PORT, *:PORT, unix:/PATH, or systemd"},
    {.name = "data",
     .type = OPTION_TEXT,
     .value = "FOLDER",
     .fallback = "duet-data beside the database",
     .help = "the folder for uploads and backups"},
    {.name = "workers",
     .type = OPTION_NUMBER,
     .value = "N",
     .min = 1,
     .max = SERVER_MAX_WORKERS,
     .fallback = "as many as processors",
     .help = "processes that answer requests"},
    {.name = "proxy",
     .type = OPTION_TEXT,
     .value = "ADDRESS",
     .fallback = "nobody",
     .help = "believe this address what it says about who asks and whether over TLS"},
    {.name = "demo",
     .type = OPTION_FLAG,
     .help = "say on the sign-in page that this is a demonstration"},
    {.name = "pseudo-languages",
     .type = OPTION_FLAG,
     .help = "offer the made-up language of the tests, long and from right to left"},
    {.name = "no-sandbox",
     .type = OPTION_FLAG,
     .help = "for debuggers and sanitizers: leave the system calls of workers alone"},
};
static const struct option_set set = {options, sizeof options / sizeof *options};

struct serve {
    struct cli *cli;
    const char *database;
    bool setup; /* a key for the first set-up was made */
    char key[INVITATIONS_TEXT];
};

/* -- Before anything listens ------------------------------------------------------------------- */

static enum err make_key(struct coach *coach, void *ctx)
{
    struct serve *serve = ctx;
    enum err err = coach_found(coach);
    if (err == ERR_OK) {
        err = founding_is_open(coach, &serve->setup);
    }
    if (err == ERR_OK && serve->setup) {
        err = founding_link(coach, serve->key);
    }
    return err;
}

/* Brings the database up to date; makes the key for the first set-up while that is open. */
static enum status prepare(struct serve *serve)
{
    struct db *db;
    struct coach coach;
    char message[DB_MAX_MESSAGE];
    int from, to;
    enum err err = coach_connect(serve->database, &db, message, sizeof message);
    if (err != ERR_OK) {
        return report_failure(command_status_of(err), "%s", message);
    }
    err = migrate_run(db, 0, &from, &to);
    coach_init(&coach, db, serve->cli->arena, coach_clock_ms());
    coach_act_as_system(&coach);
    if (err == ERR_OK) {
        err = coach_transact(&coach, COACH_WRITE, make_key, serve);
    }
    enum status status = STATUS_OK;
    if (err != ERR_OK) {
        status = report_failure(command_status_of(err), "%s: %s", serve->database, db_message(db));
    }
    coach_disconnect(db);
    return status;
}

/* -- When everything listens ------------------------------------------------------------------- */

static void ready(void *ctx, const char *const *addresses, int n)
{
    const struct web_options *web = ctx;
    const struct serve *serve = web->starter;
    for (int i = 0; i < n; i++) {
        printf("Duet is at %s\n", addresses[i]);
    }
    if (serve->setup && n) {
        printf("\nFor the first set-up open this link; it works once, for seven days:\n\n"
               "    %s/welcome/%s\n\n",
               addresses[0], serve->key);
    }
    printf("Stop it with Ctrl-C.\n");
    fflush(stdout);
}

/* -- Where files are --------------------------------------------------------------------------- */

/* The folder of an SQLite file, "." for a bare name; of PostgreSQL the current folder. */
static const char *folder_of(struct arena *arena, const char *database)
{
    const char *slash = db_is_address(database) ? NULL : strrchr(database, '/');
    if (!slash) {
        return ".";
    }
    return slash == database ? "/" : arena_text(arena, database, (size_t)(slash - database));
}

static const char *data_dir_of(struct arena *arena, const char *folder, const char *given)
{
    struct buf buf;
    struct str text;
    if (given) {
        return given;
    }
    buf_init(&buf, arena, 4096);
    buf_add_text(&buf, folder);
    buf_add_text(&buf, "/duet-data");
    return buf_end(&buf, &text) == ERR_OK ? text.p : NULL;
}

static enum status serve_run(struct cli *cli)
{
    const struct args *args = cli->args;
    const char *database = args_text(args, "db");
    const char *const listen[] = {args_text(args, "listen"), NULL};
    const char *const proxies[] = {args_text(args, "proxy"), NULL};
    const char *folder = folder_of(cli->arena, database);
    struct serve serve = {.cli = cli, .database = database};
    struct web_options web = {.database = database,
                              .assets = &asset_embedded,
                              .pseudo = args_given(args, "pseudo-languages"),
                              .demo = args_given(args, "demo"),
                              .starter = &serve};
    struct server_app app;
    struct server_process jobs[SERVE_JOBS];
    const struct server_process *const processes[] = {&jobs[0], &jobs[1], &jobs[2], NULL};
    if (!folder) {
        return report_error(ERR_NOMEM, "starting");
    }
    web.data_dir = data_dir_of(cli->arena, folder, args_text(args, "data"));
    if (!web.data_dir) {
        return report_error(ERR_NOMEM, "starting");
    }
    enum status status = prepare(&serve);
    if (status != STATUS_OK) {
        return status;
    }
    struct server_options server = {
        .listen = listen,
        .n_workers = args_given(args, "workers") ? (int)args_number(args, "workers") : 0,
        .data_dir = web.data_dir,
        .trusted_proxies = proxies,
        .sandbox = {.write = {folder},
                    .read = {CLOCK_FOLDER, "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
                             "/etc/ssl"},
                    .unix_sockets = true,
                    .internet = db_is_address(database)},
        .no_sandbox = args_given(args, "no-sandbox"),
    };
    serve_jobs_init(jobs, folder, database);
    web_app(&web, &app);
    app.ready = ready;
    app.processes = processes;
    return server_run(&server, &app) == 0 ? STATUS_OK : STATUS_IO;
}

const struct command cmd_serve = {
    .name = "serve",
    .summary = "serve the web pages of a school or district",
    .description =
        "Opens the database, brings it up to date and answers requests until it is told to stop. "
        "At the first start it makes the database and shows a link with which the first "
        "administrator sets everything up.\n\n"
        "It speaks HTTP. For anything but this machine put a proxy in front that speaks HTTPS "
        "(docs/administrators.md shows how) and name it with --proxy.\n\n"
        "SIGTERM stops it when what is in flight is answered; SIGHUP starts new workers and lets "
        "the old ones finish.",
    .examples = "duet serve\nduet serve --db school.db --listen 127.0.0.1:8080 --proxy 127.0.0.1\n"
                "duet serve --db postgresql://duet@localhost/duet --listen unix:/run/duet/http",
    .sets = {&set},
    .run = serve_run,
};
