/* A small site of its own, for the tests of http/ and for bench/http: it knows no database and no
 * pages, only handlers that each show one thing.
 *
 *     site [--listen ADDRESS] [--workers N] [--data DIR] [--no-sandbox] [--trust ADDRESS]
 *          [--stop-ms N] [--worker-requests N] [--times MS] [--connections N]
 *
 * Prints "listening ADDRESS" for each socket on stdout once it can be asked. */
#include "base/arena.h"
#include "base/buf.h"
#include "http/assets.h"
#include "http/cookie.h"
#include "http/csrf.h"
#include "http/field.h"
#include "http/file.h"
#include "http/hasher.h"
#include "http/limits.h"
#include "http/metrics.h"
#include "http/server.h"
#include "http/service.h"
#include "http/upload.h"
#include "http/url.h"
#include "trouble.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SERVICE_HASHER, SERVICE_ECHO };
enum { COUNT_VISITS };

struct site {
    struct server_options options;
    const char *listen[8];
    const char *trusted[4];
    int n_listen, n_trusted;
};

/* What a worker knows. */
struct desk {
    struct site *site;
    struct server_worker *worker;
    int64_t ticks;
};

static const struct metrics_spec counters[] = {
    {"site_visits_total", "visits to the front page", NULL, METRICS_COUNTER}};

static const char style[] = "body { color: #222 }\n", style_gzip[] = "gzip bytes",
                  style_brotli[] = "brotli bytes";
static const struct asset asset_list[] = {
    {"plain.txt",
     "text/plain; charset=utf-8",
     "00000000000000aa",
     {"plain", 5},
     {NULL, 0},
     {NULL, 0}},
    {"style.css",
     "text/css; charset=utf-8",
     "00000000000000bb",
     {style, sizeof style - 1},
     {style_gzip, sizeof style_gzip - 1},
     {style_brotli, sizeof style_brotli - 1}},
};
static const struct asset_table assets = {asset_list, 2};

static void say(struct http_response *res, const char *text)
{
    response_type(res, "text/plain; charset=utf-8");
    buf_add_text(&res->body, text);
}

static enum err front(struct desk *desk, struct http_request *req, struct http_response *res)
{
    (void)req;
    metrics_add_app(server_metrics(desk->worker), COUNT_VISITS, 1);
    response_type(res, "text/html; charset=utf-8");
    buf_add_text(&res->body, "<!doctype html><title>Site</title><p>Hello</p>\n");
    return ERR_OK;
}

static void add_pairs(struct buf *buf, const char *kind, const struct http_pairs *pairs)
{
    for (int i = 0; i < pairs->n; i++) {
        buf_addf(buf, "%s ", kind);
        buf_add(buf, pairs->items[i].name);
        buf_add_text(buf, "=");
        buf_add(buf, pairs->items[i].value);
        buf_add_text(buf, "\n");
    }
}

/* Everything that was understood, one thing a line. */
static enum err echo(struct desk *desk, struct http_request *req, struct http_response *res)
{
    (void)desk;
    response_type(res, "text/plain; charset=utf-8");
    buf_addf(&res->body, "method %s\npath ", request_method_name(req->method));
    buf_add(&res->body, req->path);
    buf_addf(&res->body, "\naddress %s\nsecure %d\nloopback %d\npid %ld\n", req->address,
             req->secure, req->loopback, (long)getpid());
    add_pairs(&res->body, "query", &req->query);
    add_pairs(&res->body, "form", &req->form);
    add_pairs(&res->body, "cookie", &req->cookies);
    if (req->body.n > 0) {
        buf_add_text(&res->body, "body ");
        buf_add(&res->body, req->body);
        buf_add_text(&res->body, "\n");
    }
    return ERR_OK;
}

/* Adler-like sum, so that a test can see that every byte came through in order. */
static enum err sum_file(int fd, uint32_t *sum)
{
    unsigned char bytes[65536];
    uint32_t a = 1, b = 0;
    ssize_t n;
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            a = (a + bytes[i]) % 65521;
            b = (b + a) % 65521;
        }
    }
    *sum = b << 16 | a;
    return n == 0 ? ERR_OK : ERR_IO;
}

static enum err upload(struct desk *desk, struct http_request *req, struct http_response *res)
{
    (void)desk;
    response_type(res, "text/plain; charset=utf-8");
    add_pairs(&res->body, "form", &req->form);
    for (int i = 0; i < req->n_uploads; i++) {
        const struct http_upload *file = &req->uploads[i];
        uint32_t sum;
        enum err err = sum_file(file->fd, &sum);
        if (err != ERR_OK) {
            return err;
        }
        buf_add_text(&res->body, "file ");
        buf_add(&res->body, file->field);
        buf_add_text(&res->body, " ");
        buf_add(&res->body, file->filename);
        buf_addf(&res->body, " %" PRId64 " %08x\n", file->size, sum);
    }
    return ERR_OK;
}

static enum err keep(struct desk *desk, struct http_request *req, struct http_response *res)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/kept", desk->site->options.data_dir);
    enum err err = req->n_uploads == 1 ? upload_keep(&req->uploads[0], path) : ERR_INVALID;
    say(res, "kept\n");
    return err;
}

static enum err parts_begin(struct desk *desk, struct http_request *req, struct http_response *res)
{
    static const struct field_spec spec = {.name = "total", .type = FIELD_INT, .required = true};
    struct field_set set;
    struct upload_id id;
    enum err err = field_read(&spec, 1, &req->query, req->arena, &set);
    if (err == ERR_OK) {
        err = upload_begin(desk->site->options.data_dir, 7, set.values[0].number, &id);
    }
    if (err == ERR_OK) {
        say(res, id.text);
    }
    return err;
}

static enum err parts_add(struct desk *desk, struct http_request *req, struct http_response *res)
{
    static const struct field_spec spec = {.name = "offset", .type = FIELD_INT};
    struct field_set set;
    int64_t size = 0;
    struct str id = request_find(&req->query, "id");
    enum err err = field_read(&spec, 1, &req->query, req->arena, &set);
    if (err != ERR_OK || !id.p || req->n_uploads != 1) {
        return ERR_INVALID;
    }
    err = upload_append(desk->site->options.data_dir, 7, id, set.values[0].number, &req->uploads[0],
                        &size);
    if (err == ERR_OK || err == ERR_CONFLICT) {
        res->status = err == ERR_OK ? 200 : 409;
        response_type(res, "text/plain");
        buf_add_int(&res->body, size);
        return ERR_OK;
    }
    response_text(res, err == ERR_NOT_FOUND ? 404 : err == ERR_LIMIT ? 413 : 500, err_name(err));
    return ERR_OK;
}

static enum err parts_end(struct desk *desk, struct http_request *req, struct http_response *res)
{
    char path[4096];
    struct str id = request_find(&req->query, "id");
    snprintf(path, sizeof path, "%s/whole", desk->site->options.data_dir);
    enum err err = upload_finish(desk->site->options.data_dir, 7, id, path);
    response_text(res, err == ERR_OK ? 200 : 409, err_name(err));
    return ERR_OK;
}

static enum err file(struct desk *desk, struct http_request *req, struct http_response *res)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/file", desk->site->options.data_dir);
    struct file_reply reply = {.fd = open(path, O_RDONLY | O_CLOEXEC),
                               .type = "video/mp4",
                               .cache = HTTP_CACHE_PRIVATE,
                               .download = request_find(&req->query, "as"),
                               .foreign = true};
    if (reply.fd < 0) {
        response_text(res, 404, "no file\n");
        return ERR_OK;
    }
    return file_serve(req, &reply, res);
}

static enum err hash(struct desk *desk, struct http_request *req, struct http_response *res)
{
    struct str hashed;
    bool stale = true;
    (void)desk;
    enum err err = hasher_hash(req, SERVICE_HASHER, request_find(&req->query, "password"), &hashed);
    if (err == ERR_OK) {
        err =
            hasher_verify(req, SERVICE_HASHER, hashed, request_find(&req->query, "again"), &stale);
    }
    if (err == ERR_OK || err == ERR_REFUSED) {
        say(res, err == ERR_OK && !stale ? "right\n" : "wrong\n");
        return ERR_OK;
    }
    return err;
}

/* Asks the echo service: what it is asked to do is in the query. */
static enum err ask(struct desk *desk, struct http_request *req, struct http_response *res)
{
    struct str answer = {"", 0};
    (void)desk;
    enum err err = service_ask(req, SERVICE_ECHO, request_find(&req->query, "say"), 1500, &answer);
    if (err == ERR_PENDING) {
        return err;
    }
    response_type(res, "text/plain; charset=utf-8");
    buf_addf(&res->body, "%s: ", err_name(err));
    buf_add(&res->body, answer);
    return ERR_OK;
}

static enum err escape(struct desk *desk, struct http_request *req, struct http_response *res)
{
    (void)desk;
    return trouble_escape(req, res);
}

static enum err fail(struct desk *desk, struct http_request *req, struct http_response *res)
{
    (void)desk;
    return trouble_fail(req, res);
}

static enum err cookie(struct desk *desk, struct http_request *req, struct http_response *res)
{
    struct str old = cookie_find(req, "site");
    (void)desk;
    cookie_set(res, "site", str_of("new-value"), 3600);
    response_type(res, "text/plain");
    buf_add_text(&res->body, "had ");
    buf_add(&res->body, old.p ? old : str_of("none"));
    return ERR_OK;
}

static enum err change(struct desk *desk, struct http_request *req, struct http_response *res)
{
    static const uint8_t key[CSRF_KEY] = {1, 2, 3};
    char token[CSRF_TEXT + 1];
    (void)desk;
    if (req->method == HTTP_GET) {
        csrf_token(key, token);
        say(res, token);
        return ERR_OK;
    }
    bool right = csrf_check(req, CSRF_TOKEN, key) == ERR_OK;
    response_text(res, right ? 200 : 403, right ? "changed\n" : "not from here\n");
    return ERR_OK;
}

/* Forms for a browser. */
static enum err forms(struct desk *desk, struct http_request *req, struct http_response *res)
{
    static const uint8_t key[CSRF_KEY] = {1, 2, 3};
    char token[CSRF_TEXT + 1];
    (void)desk;
    (void)req;
    csrf_token(key, token);
    response_type(res, "text/html; charset=utf-8");
    buf_add_text(&res->body, "<!doctype html><title>Forms</title>\n");
    buf_addf(&res->body,
             "<form method=post action=/change id=change><input type=hidden name=%s value=%s>"
             "<button>Change</button></form>\n",
             CSRF_FIELD, token);
    buf_add_text(&res->body,
                 "<form method=post action=/upload enctype=multipart/form-data id=upload>"
                 "<input name=note value='caf\xc3\xa9 \"x\"'><input type=file name=f multiple>"
                 "<button>Send</button></form>\n");
    return ERR_OK;
}

/* 10 kB of page, built line by line; what bench/http serves. */
static enum err table(struct desk *desk, struct http_request *req, struct http_response *res)
{
    (void)desk;
    (void)req;
    response_type(res, "text/html; charset=utf-8");
    buf_add_text(&res->body, "<!doctype html><title>Table</title><table>\n");
    for (int i = 0; i < 150; i++) {
        buf_addf(&res->body, "<tr><td>%d</td><td class=\"name\">Row number %d</td></tr>\n", i, i);
    }
    buf_add_text(&res->body, "</table>\n");
    return ERR_OK;
}

static enum err memory(struct desk *desk, struct http_request *req, struct http_response *res)
{
    struct rusage use;
    (void)desk;
    (void)req;
    getrusage(RUSAGE_SELF, &use);
    response_type(res, "text/plain");
    buf_addf(&res->body, "%ld\n", use.ru_maxrss);
    return ERR_OK;
}

static enum err sandbox(struct desk *desk, struct http_request *req, struct http_response *res)
{
    struct sandbox_state state = server_sandbox(desk->worker);
    (void)req;
    response_type(res, "text/plain");
    buf_addf(&res->body, "seccomp %d landlock %d ticks %" PRId64 "\n", state.seccomp,
             state.landlock, desk->ticks);
    return ERR_OK;
}

/* Holds the worker for as long as asked: a long request. */
static enum err slow(struct desk *desk, struct http_request *req, struct http_response *res)
{
    struct timespec wait = {.tv_nsec = 500000000};
    (void)desk;
    (void)req;
    nanosleep(&wait, NULL);
    say(res, "slow\n");
    return ERR_OK;
}

static const struct {
    const char *path;
    enum err (*handle)(struct desk *desk, struct http_request *req, struct http_response *res);
} routes[] = {
    {"/", front},
    {"/ask", ask},
    {"/change", change},
    {"/cookie", cookie},
    {"/echo", echo},
    {"/escape", escape},
    {"/fail", fail},
    {"/file", file},
    {"/forms", forms},
    {"/hash", hash},
    {"/keep", keep},
    {"/memory", memory},
    {"/parts", parts_add},
    {"/parts/begin", parts_begin},
    {"/parts/end", parts_end},
    {"/raw", echo},
    {"/sandbox", sandbox},
    {"/slow", slow},
    {"/table", table},
    {"/upload", upload},
    {"/big", upload},
};

static enum err handle(void *state, struct http_request *req, struct http_response *res)
{
    if (req->path.n > 3 && memcmp(req->path.p, "/a/", 3) == 0) {
        enum err err = assets_serve(&assets, req, res);
        req->route = "/a/:hash/:name";
        if (err != ERR_NOT_FOUND) {
            return err;
        }
    }
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (str_is(req->path, routes[i].path)) {
            req->route = routes[i].path;
            return routes[i].handle(state, req, res);
        }
    }
    response_text(res, 404, "Nothing here.\n");
    return ERR_OK;
}

static void admit(void *state, struct http_request *req, struct server_admission *admission)
{
    (void)state;
    if (str_is(req->path, "/upload")) {
        admission->body = SERVER_BODY_FILES;
    } else if (str_is(req->path, "/raw")) {
        admission->body = SERVER_BODY_RAW;
    } else if (str_is(req->path, "/parts") || str_is(req->path, "/keep")) {
        admission->body = SERVER_BODY_FILE;
    } else if (str_is(req->path, "/big")) {
        admission->body = SERVER_BODY_FILE;
        admission->max = 1LL << 30;
    } else if (str_is(req->path, "/closed")) {
        admission->refuse = 403;
    }
}

static void failed(void *state, const struct http_request *req, int status,
                   struct http_response *res)
{
    (void)state;
    response_type(res, "text/html; charset=utf-8");
    buf_addf(&res->body, "<!doctype html><title>%d</title><p>%s %s\n", status,
             response_reason(status), req->id);
}

static void tick(void *state, int64_t now_ms)
{
    struct desk *desk = state;
    (void)now_ms;
    desk->ticks++;
}

static enum err begin(void *ctx, struct server_worker *worker, void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk) {
        return ERR_NOMEM;
    }
    desk->site = ctx;
    desk->worker = worker;
    *state = desk;
    return ERR_OK;
}

/* "die" ends the service, "slow" takes longer than anybody waits, anything else comes back. */
static enum err service_answer(void *state, struct str question, struct arena *arena,
                               struct buf *answer)
{
    struct timespec wait = {.tv_sec = 2};
    (void)state;
    (void)arena;
    if (str_is(question, "die")) {
        _exit(3);
    }
    if (str_is(question, "slow")) {
        nanosleep(&wait, NULL);
    }
    if (str_is(question, "no")) {
        return ERR_FORBIDDEN;
    }
    buf_add(answer, question);
    return ERR_OK;
}

static const struct service_spec echo_service = {.name = "echo", .answer = service_answer};
static const struct service_spec *const services[] = {&hasher_service, &echo_service, NULL};

/* Writes a number to a file until it is told to stop: that it runs, and ends, can be seen. */
static void clock_run(void *ctx, struct server_child *child)
{
    struct site *site = ctx;
    char path[4096];
    snprintf(path, sizeof path, "%s/clock", site->options.data_dir);
    if (server_child_enclose(child) != ERR_OK) {
        return;
    }
    for (int i = 1; !server_child_wait(child, -1, 50); i++) {
        FILE *out = fopen(path, "w");
        if (!out) {
            return;
        }
        fprintf(out, "%d\n", i);
        fclose(out);
    }
    unlink(path);
}

static const struct server_process clock_process = {.name = "clock", .run = clock_run};
static const struct server_process *const processes[] = {&clock_process, NULL};

static void ready(void *ctx, const char *const *addresses, int n)
{
    (void)ctx;
    for (int i = 0; i < n; i++) {
        printf("listening %s\n", addresses[i]);
    }
    fflush(stdout);
}

static int usage(void)
{
    fprintf(stderr, "usage: site [--listen ADDRESS] [--workers N] [--data DIR] ...\n");
    return 2;
}

int main(int argc, char *argv[])
{
    struct site site = {.options = {.data_dir = "."}};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(word, "--no-sandbox") == 0) {
            site.options.no_sandbox = true;
            continue;
        }
        if (!value) {
            return usage();
        }
        i++;
        if (strcmp(word, "--listen") == 0 && site.n_listen < 7) {
            site.listen[site.n_listen++] = value;
        } else if (strcmp(word, "--trust") == 0 && site.n_trusted < 3) {
            site.trusted[site.n_trusted++] = value;
        } else if (strcmp(word, "--workers") == 0) {
            site.options.n_workers = (int)strtol(value, NULL, 10);
        } else if (strcmp(word, "--data") == 0) {
            site.options.data_dir = value;
        } else if (strcmp(word, "--stop-ms") == 0) {
            site.options.stop_ms = strtol(value, NULL, 10);
        } else if (strcmp(word, "--connections") == 0) {
            site.options.worker_connections = (int)strtol(value, NULL, 10);
        } else if (strcmp(word, "--times") == 0) {
            site.options.head_ms = site.options.body_ms = strtol(value, NULL, 10);
            site.options.idle_ms = 2 * site.options.head_ms;
        } else if (strcmp(word, "--worker-requests") == 0) {
            site.options.worker_requests = strtol(value, NULL, 10);
        } else {
            return usage();
        }
    }
    if (site.n_listen == 0) {
        site.listen[0] = "127.0.0.1:0";
    }
    site.options.listen = site.listen;
    site.options.trusted_proxies = site.trusted;
    const struct server_app app = {.ctx = &site,
                                   .worker_begin = begin,
                                   .worker_end = free,
                                   .admit = admit,
                                   .handle = handle,
                                   .failed = failed,
                                   .tick = tick,
                                   .services = services,
                                   .processes = processes,
                                   .metrics = counters,
                                   .n_metrics = 1,
                                   .ready = ready};
    return server_run(&site.options, &app);
}
