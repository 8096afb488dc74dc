/* Bodies as they are taken in: every kind, every failing allocation, a disk that is full. */
#include "http/body.h"
#include "base/arena.h"
#include "http/http_test.h"
#include "http/upload.h"
#include "tap.h"

#include <dirent.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define MULTI "Content-Type: multipart/form-data; boundary=XX\r\n"
#define PART(head, data) "--XX\r\nContent-Disposition: form-data; " head "\r\n\r\n" data "\r\n"

static int count(const char *dir)
{
    char path[512];
    int n = 0;
    struct dirent *entry;
    snprintf(path, sizeof path, "%s/incoming", dir);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        n += entry->d_name[0] != '.';
    }
    if (folder) {
        closedir(folder);
    }
    return n;
}

/* Takes `text` in, in pieces of `piece` bytes; 0 or the status it was refused with. */
static int take(const char *dir, struct http_request *req, struct server_admission admission,
                struct str text, size_t piece)
{
    struct body *body;
    int status = body_begin(&body, req, &admission, (int64_t)text.n, dir);
    for (size_t at = 0; at < text.n && status == 0; at += piece) {
        size_t n = text.n - at < piece ? text.n - at : piece;
        status = body_feed(body, (struct str){text.p + at, n});
    }
    return status ? status : body_end(body);
}

static void test_kinds(const char *dir)
{
    static const struct {
        const char *name, *headers, *text;
        struct server_admission admission;
        int status;
        enum http_body_kind kind;
        int fields, files;
    } cases[] = {
        {"a form", FORM, "a=b&c=d", {.body = SERVER_BODY_FORM}, 0, HTTP_BODY_URLENCODED, 2, 0},
        {"a form with a charset",
         "Content-Type: application/x-www-form-urlencoded;charset=utf-8\r\n",
         "a=b",
         {.body = SERVER_BODY_FILES},
         0,
         HTTP_BODY_URLENCODED,
         1,
         0},
        {"a multipart form",
         MULTI,
         PART("name=a", "b") "--XX--",
         {.body = SERVER_BODY_FORM},
         0,
         HTTP_BODY_MULTIPART,
         1,
         0},
        {"a file",
         MULTI,
         PART("name=a", "b") PART("name=f; filename=x", "data") "--XX--",
         {.body = SERVER_BODY_FILES},
         0,
         HTTP_BODY_MULTIPART,
         1,
         1},
        {"a file where there may be none",
         MULTI,
         PART("name=f; filename=x", "data") "--XX--",
         {.body = SERVER_BODY_FORM},
         413,
         HTTP_BODY_NONE,
         0,
         0},
        {"contents without a name",
         MULTI,
         PART("name=f; filename=\"\"", "data") "--XX--",
         {.body = SERVER_BODY_FILES},
         400,
         HTTP_BODY_NONE,
         0,
         0},
        {"JSON where a form is taken",
         "Content-Type: application/json\r\n",
         "{}",
         {.body = SERVER_BODY_FORM},
         415,
         HTTP_BODY_NONE,
         0,
         0},
        {"no type", "", "a=b", {.body = SERVER_BODY_FORM}, 415, HTTP_BODY_NONE, 0, 0},
        {"a type that begins the same",
         "Content-Type: application/x-www-form-urlencodedx\r\n",
         "a=b",
         {.body = SERVER_BODY_FORM},
         415,
         HTTP_BODY_NONE,
         0,
         0},
        {"anything", "", "{}", {.body = SERVER_BODY_RAW}, 0, HTTP_BODY_RAW, 0, 0},
        {"anything to disk", "", "{}", {.body = SERVER_BODY_FILE}, 0, HTTP_BODY_FILE, 0, 1},
        {"too much",
         "",
         "0123456789",
         {.body = SERVER_BODY_RAW, .max = 9},
         413,
         HTTP_BODY_NONE,
         0,
         0},
        {"just enough",
         "",
         "0123456789",
         {.body = SERVER_BODY_RAW, .max = 10},
         0,
         HTTP_BODY_RAW,
         0,
         0},
        {"a broken form", FORM, "a=%", {.body = SERVER_BODY_FORM}, 400, HTTP_BODY_URLENCODED, 0, 0},
        {"a broken multipart",
         MULTI,
         "--YY",
         {.body = SERVER_BODY_FORM},
         400,
         HTTP_BODY_NONE,
         0,
         0},
        {"half a multipart",
         MULTI,
         PART("name=a", "b"),
         {.body = SERVER_BODY_FORM},
         400,
         HTTP_BODY_MULTIPART,
         1,
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(0);
        struct http_request *req = test_get(arena, cases[i].headers);
        int status = take(dir, req, cases[i].admission, str_of(cases[i].text), 3);
        tap_ok(status == cases[i].status && req->body_kind == cases[i].kind &&
                   (status || (req->form.n == cases[i].fields && req->n_uploads == cases[i].files)),
               "%s: %d", cases[i].name, status);
        body_drop(req);
        arena_free(arena);
    }
    tap_ok(count(dir) == 0, "nothing is left behind");
}

/* The file holds what was sent, at its start, whatever the pieces. */
static void test_contents(const char *dir)
{
    int wrong = 0;
    char data[100000], back[100001];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (char)(i * 7 % 251 == 13 ? '\r' : i * 7 % 251);
    }
    for (size_t piece = 1; piece < sizeof data; piece = piece * 3 + 1) {
        struct arena *arena = arena_new(0);
        struct http_request *req = test_get(arena, MULTI);
        struct buf buf;
        struct str text = {"", 0};
        buf_init(&buf, arena, 1u << 20);
        buf_add_text(&buf, "--XX\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n");
        buf_add(&buf, (struct str){data, sizeof data});
        buf_add_text(&buf, "\r\n--XX--\r\n");
        enum err err = buf_end(&buf, &text);
        wrong +=
            err != ERR_OK ||
            take(dir, req, (struct server_admission){.body = SERVER_BODY_FILES}, text, piece) ||
            req->n_uploads != 1 || req->uploads[0].size != sizeof data ||
            read(req->uploads[0].fd, back, sizeof back) != sizeof data ||
            memcmp(back, data, sizeof data) != 0;
        body_drop(req);
        arena_free(arena);
    }
    tap_ok(wrong == 0, "every byte, in whatever pieces it comes");
}

static void test_memory(const char *dir)
{
    static const char text[] = PART("name=a", "b") PART("name=f; filename=x", "data") "--XX--";
    int status = 500, steps = 0;
    for (uint64_t nth = 1; status == 500 && nth < 200; nth++, steps++) {
        struct arena *arena = arena_new(0);
        struct http_request *req = test_get(arena, MULTI);
        arena_fail_after(arena, nth);
        status =
            take(dir, req, (struct server_admission){.body = SERVER_BODY_FILES}, str_of(text), 7);
        body_drop(req);
        arena_free(arena);
    }
    tap_ok(status == 0 && steps > 8 && count(dir) == 0,
           "every allocation that fails is a 500 and leaves nothing (%d)", steps);
}

/* No folder, and files that may not grow: as on a disk that is full. */
static void test_disk(const char *dir)
{
    struct rlimit before, small;
    struct arena *arena = arena_new(0);
    struct server_admission admission = {.body = SERVER_BODY_FILE};
    char *data = calloc(1, 200000);
    struct http_request *req = test_get(arena, "");
    tap_ok(take("not-there", req, admission, str_of("x"), 1) == 500, "no folder");
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    for (rlim_t most = 0; most <= 150000; most += 50000) {
        small.rlim_cur = most;
        req = test_get(arena, "");
        setrlimit(RLIMIT_FSIZE, &small);
        int status = take(dir, req, admission, (struct str){data, 200000}, 10000);
        setrlimit(RLIMIT_FSIZE, &before);
        tap_ok(status == 500, "a disk that is full after %d bytes", (int)most);
        body_drop(req);
    }
    tap_ok(count(dir) == 0, "leaves nothing");
    free(data);
    arena_free(arena);
}

int main(void)
{
    char dir[] = "http-body.XXXXXX", path[64];
    if (sodium_init() < 0 || !mkdtemp(dir) || upload_prepare(dir) != ERR_OK) {
        return 1;
    }
    test_kinds(dir);
    test_contents(dir);
    test_memory(dir);
    test_disk(dir);
    snprintf(path, sizeof path, "%s/incoming", dir);
    rmdir(path);
    rmdir(dir);
    return tap_done();
}
