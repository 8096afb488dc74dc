/* Ranges and conditions of files; embedded assets. */
#include "http/file.h"
#include "http/assets.h"
#include "http/date.h"
#include "http/http_test.h"
#include "tap.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SIZE 1000
#define WHEN 1767225600 /* 2026-01-01 */
#define WHEN_TEXT "Thu, 01 Jan 2026 00:00:00 GMT"

/* A file of SIZE bytes that nothing else refers to. */
static int make_file(void)
{
    char name[] = "http-file.XXXXXX", bytes[SIZE];
    struct timespec times[2] = {{.tv_sec = WHEN}, {.tv_sec = WHEN}};
    int fd = mkstemp(name);
    memset(bytes, 'x', sizeof bytes);
    unlink(name);
    if (write(fd, bytes, sizeof bytes) != SIZE || futimens(fd, times) != 0) {
        printf("Bail out! no file\n");
    }
    return fd;
}

static const struct {
    const char *headers;
    int status;
    int64_t offset, length; /* -1: no body */
    const char *range;
} cases[] = {
    {"", 200, 0, 1000, ""},
    {"Range: bytes=0-0\r\n", 206, 0, 1, "bytes 0-0/1000"},
    {"Range: bytes=0-\r\n", 206, 0, 1000, "bytes 0-999/1000"},
    {"Range: bytes=500-599\r\n", 206, 500, 100, "bytes 500-599/1000"},
    {"Range: bytes=500-5000\r\n", 206, 500, 500, "bytes 500-999/1000"},
    {"Range: bytes=999-\r\n", 206, 999, 1, "bytes 999-999/1000"},
    {"Range: bytes=-100\r\n", 206, 900, 100, "bytes 900-999/1000"},
    {"Range: bytes=-5000\r\n", 206, 0, 1000, "bytes 0-999/1000"},
    {"Range: bytes=1000-\r\n", 416, -1, -1, "bytes */1000"},
    {"Range: bytes=-0\r\n", 416, -1, -1, "bytes */1000"},
    {"Range: bytes=5-4\r\n", 200, 0, 1000, ""},
    {"Range: bytes=-\r\n", 200, 0, 1000, ""},
    {"Range: bytes=a-b\r\n", 200, 0, 1000, ""},
    {"Range: bytes=0-1,5-6\r\n", 200, 0, 1000, ""},
    {"Range: lines=0-1\r\n", 200, 0, 1000, ""},
    {"Range: bytes=0-99999999999999999999\r\n", 200, 0, 1000, ""},
    {"If-Modified-Since: " WHEN_TEXT "\r\n", 304, -1, -1, ""},
    {"If-Modified-Since: Wed, 31 Dec 2025 23:59:59 GMT\r\n", 200, 0, 1000, ""},
    {"If-Modified-Since: yesterday\r\n", 200, 0, 1000, ""},
    {"If-None-Match: \"tag\"\r\n", 304, -1, -1, ""},
    {"If-None-Match: W/\"tag\"\r\n", 304, -1, -1, ""},
    {"If-None-Match: \"a\", \"tag\"\r\n", 304, -1, -1, ""},
    {"If-None-Match: *\r\n", 304, -1, -1, ""},
    {"If-None-Match: \"tags\"\r\n", 200, 0, 1000, ""},
    {"If-None-Match: \"other\"\r\nIf-Modified-Since: " WHEN_TEXT "\r\n", 200, 0, 1000, ""},
    {"Range: bytes=0-9\r\nIf-Range: \"tag\"\r\n", 206, 0, 10, "bytes 0-9/1000"},
    {"Range: bytes=0-9\r\nIf-Range: \"old\"\r\n", 200, 0, 1000, ""},
    {"Range: bytes=0-9\r\nIf-Range: W/\"tag\"\r\n", 200, 0, 1000, ""},
    {"Range: bytes=0-9\r\nIf-Range: " WHEN_TEXT "\r\n", 206, 0, 10, "bytes 0-9/1000"},
    {"Range: bytes=0-9\r\nIf-Range: Thu, 01 Jan 2026 00:00:01 GMT\r\n", 200, 0, 1000, ""},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(0);
        struct http_response res;
        struct http_request *req = test_get(arena, cases[i].headers);
        struct file_reply reply = {.fd = make_file(), .type = "text/plain", .etag = str_of("tag")};
        response_init(&res, arena);
        enum err err = file_serve(req, &reply, &res);
        bool body = cases[i].length >= 0;
        tap_ok(
            err == ERR_OK && res.status == cases[i].status && (res.fd >= 0) == body &&
                (!body || (res.fd_offset == cases[i].offset && res.fd_length == cases[i].length)) &&
                strcmp(test_answer(&res, "Content-Range"), cases[i].range) == 0,
            "%.40s%d", cases[i].headers, res.status);
        response_reset(&res);
        arena_free(arena);
    }
}

static void test_headers(void)
{
    struct arena *arena = arena_new(0);
    struct http_response res;
    struct file_reply reply = {.fd = make_file(),
                               .type = "application/pdf",
                               .download = str_of("my \"caf\xc3\xa9\".pdf"),
                               .foreign = true,
                               .cache = HTTP_CACHE_PRIVATE};
    response_init(&res, arena);
    tap_ok(file_serve(test_get(arena, ""), &reply, &res) == ERR_OK, "served");
    tap_text(test_answer(&res, "Last-Modified"), WHEN_TEXT, "the file's time");
    tap_text(test_answer(&res, "Content-Disposition"),
             "attachment; filename=\"my _caf___.pdf\"; "
             "filename*=UTF-8''my%20%22caf%C3%A9%22.pdf",
             "the name to save it under");
    tap_ok(strstr(test_answer(&res, "Content-Security-Policy"), "sandbox") != NULL,
           "foreign content in a sandbox");
    tap_text(test_answer(&res, "Accept-Ranges"), "bytes", "says that it has ranges");
    const char *etag = test_answer(&res, "ETag");
    char again[200];
    snprintf(again, sizeof again, "If-None-Match: %s\r\n", etag);
    response_reset(&res);
    reply.fd = make_file();
    tap_ok(file_serve(test_get(arena, again), &reply, &res) == ERR_OK && res.status == 304,
           "its own ETag is unchanged");
    response_reset(&res);
    reply.fd = open(".", O_RDONLY);
    tap_ok(file_serve(test_get(arena, ""), &reply, &res) == ERR_IO, "a folder is no file");
    arena_free(arena);
}

static void test_empty(void)
{
    struct arena *arena = arena_new(0);
    struct http_response res;
    struct file_reply reply = {.fd = make_file(), .type = "text/plain"};
    response_init(&res, arena);
    tap_ok(ftruncate(reply.fd, 0) == 0 &&
               file_serve(test_get(arena, "Range: bytes=0-\r\n"), &reply, &res) == ERR_OK &&
               res.status == 416,
           "an empty file has no range");
    arena_free(arena);
}

static const struct asset list[] = {
    {"a.css", "text/css", "00112233445566aa", {"raw", 3}, {"gz", 2}, {"b", 1}},
    {"icons/b.svg", "image/svg+xml", "00112233445566bb", {"svg", 3}, {NULL, 0}, {NULL, 0}},
};
static const struct asset_table table = {list, 2};

static void serve_asset(struct arena *arena, const char *target, const char *headers,
                        struct http_response *res, enum err *err)
{
    char text[512];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n", target, headers);
    response_init(res, arena);
    *err = assets_serve(&table, test_request(arena, text), res);
}

static void test_assets(void)
{
    static const struct {
        const char *accept, *form, *coding;
    } forms[] = {
        {"", "raw", ""},
        {"Accept-Encoding: gzip, deflate, br\r\n", "b", "br"},
        {"Accept-Encoding: gzip\r\n", "gz", "gzip"},
        {"Accept-Encoding: br;q=0, gzip;q=0.5\r\n", "gz", "gzip"},
        {"Accept-Encoding: br;q=0.0,gzip; q=0\r\n", "raw", ""},
        {"Accept-Encoding: brr, xbr\r\n", "raw", ""},
    };
    struct arena *arena = arena_new(0);
    struct http_response res;
    enum err err;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        serve_asset(arena, "/a/00112233445566aa/a.css", forms[i].accept, &res, &err);
        tap_ok(err == ERR_OK && str_is(res.fixed, forms[i].form) &&
                   strcmp(test_answer(&res, "Content-Encoding"), forms[i].coding) == 0 &&
                   res.cache == HTTP_CACHE_IMMUTABLE,
               "%s gives %s", forms[i].accept, forms[i].form);
    }
    tap_text(test_answer(&res, "Vary"), "Accept-Encoding", "says what it depends on");
    serve_asset(arena, "/a/0000000000000000/icons/b.svg", "", &res, &err);
    tap_ok(err == ERR_OK && res.status == 303, "an old hash leads to the new one");
    tap_text(test_answer(&res, "Location"), "/a/00112233445566bb/icons/b.svg", "namely here");
    serve_asset(arena, "/a/00112233445566bb/icons/c.svg", "", &res, &err);
    tap_ok(err == ERR_NOT_FOUND, "no such asset");
    serve_asset(arena, "/a/00112233445566bb", "", &res, &err);
    tap_ok(err == ERR_NOT_FOUND, "no name");
    serve_asset(arena, "/a/00112233445566bb/icons/b.svg", "If-None-Match: \"00112233445566bb\"\r\n",
                &res, &err);
    tap_ok(err == ERR_OK && res.status == 304 && !res.fixed.p, "unchanged");
    arena_free(arena);
}

/* date_write and date_parse against the C library, over many years. */
static void test_dates(void)
{
    int wrong = 0;
    for (int64_t second = -3000000000; second < 20000000000; second += 86399 * 97 + 1) {
        char text[DATE_TEXT + 1], theirs[64];
        time_t time = (time_t)second;
        struct tm tm;
        int64_t back = 0;
        date_write(second * 1000, text);
        strftime(theirs, sizeof theirs, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&time, &tm));
        wrong += strcmp(text, theirs) != 0 || date_parse(str_of(text), &back) != ERR_OK ||
                 back != second * 1000;
    }
    tap_ok(wrong == 0, "dates as the C library writes them, and back");
    int64_t ms;
    tap_ok(date_parse(str_of("Sun, 29 Feb 2026 00:00:00 GMT"), &ms) == ERR_INVALID &&
               date_parse(str_of("Sun, 06 Nov 1994 24:49:37 GMT"), &ms) == ERR_INVALID &&
               date_parse(str_of("Sunday, 06-Nov-94 08:49:37 GMT"), &ms) == ERR_INVALID &&
               date_parse(str_of("Sun, 06 Nov 1994 08:49:37 CET"), &ms) == ERR_INVALID,
           "what is no such date");
}

int main(void)
{
    test_cases();
    test_headers();
    test_empty();
    test_assets();
    test_dates();
    return tap_done();
}
