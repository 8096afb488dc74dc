/* The guard, on whole heads and on their bytes as they come. */
#include "http/head.h"
#include "base/arena.h"
#include "http/limits.h"
#include "tap.h"

#include <stdlib.h>

#define HOST "Host: a\r\n"

/* What is answered to a head: 0, a status, or -1 when it never ends. */
static int judge(const char *bytes, size_t n)
{
    struct arena *arena = arena_new(0);
    struct head head;
    bool bad;
    size_t end = head_end((struct str){bytes, n}, 0, &bad);
    int status = bad ? 400 : end == 0 ? -1 : head_parse((struct str){bytes, end}, arena, &head);
    arena_free(arena);
    return status;
}

static const struct {
    const char *name, *text;
    size_t n; /* 0: strlen */
    int status;
} cases[] = {
    {"a plain request", "GET / HTTP/1.1\r\n" HOST "\r\n", 0, 0},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 0, 0},
    {"a port", "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", 0, 0},
    {"an IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0, 0},
    {"two cookies", "GET / HTTP/1.1\r\n" HOST "Cookie: a=b; c=d\r\n\r\n", 0, 0},
    {"bytes beyond ASCII in a value", "GET / HTTP/1.1\r\n" HOST "X: \xc3\xa9\r\n\r\n", 0, 0},
    {"an empty value", "GET / HTTP/1.1\r\n" HOST "X:\r\n\r\n", 0, 0},
    {"two different Content-Length",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 0, 400},
    {"twice the same Content-Length",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 0, 400},
    {"Content-Length in a list", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\n", 0, 400},
    {"Content-Length and chunked",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 400},
    {"gzip, chunked and Content-Length",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\nContent-Length: 5\r\n\r\n", 0,
     400},
    {"chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 0, 411},
    {"chunked twice",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
     0, 400},
    {"Content-Length: +5", "POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\n", 0, 400},
    {"Content-Length: -5", "POST / HTTP/1.1\r\n" HOST "Content-Length: -5\r\n\r\n", 0, 400},
    {"Content-Length: 0x5", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\n", 0, 400},
    {"an empty Content-Length", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 0, 400},
    {"a Content-Length beyond all bounds",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 9999999999999999999999\r\n\r\n", 0, 413},
    {"a blank before the colon", "GET / HTTP/1.1\r\n" HOST "X-A : b\r\n\r\n", 0, 400},
    {"a tab before the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", 0, 400},
    {"two Host", "GET / HTTP/1.1\r\n" HOST "Host: b\r\n\r\n", 0, 400},
    {"no Host", "GET / HTTP/1.1\r\nX: b\r\n\r\n", 0, 400},
    {"a Host that is a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 0, 400},
    {"a Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 0, 400},
    {"a Host with a long port", "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", 0, 400},
    {"a Host with an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", 0, 400},
    {"an IPv6 Host with a letter", "GET / HTTP/1.1\r\nHost: [::g]\r\n\r\n", 0, 400},
    {"an IPv6 Host without end", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 0, 400},
    {"an IPv6 Host with more", "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n", 0, 400},
    {"a Host with a port of letters", "GET / HTTP/1.1\r\nHost: a:8a\r\n\r\n", 0, 400},
    {"HTTP/1.1 over UDP", "GET / HTTPU/1.1\r\n" HOST "\r\n", 0, 400},
    {"an empty target", "GET  HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"no method", " / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 0, 400},
    {"a folded header", "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 0, 400},
    {"a folded first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 0, 400},
    {"NUL in a value", "GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n", 36, 400},
    {"NUL in a name", "GET / HTTP/1.1\r\n" HOST "X\0: a\r\n\r\n", 35, 400},
    {"a bare CR", "GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n", 0, 400},
    {"a bare LF", "GET / HTTP/1.1\n" HOST "\n", 0, 400},
    {"a bare LF at the end", "GET / HTTP/1.1\r\n" HOST "\n", 0, 400},
    {"a control character", "GET / HTTP/1.1\r\n" HOST "X: \x01\r\n\r\n", 0, 400},
    {"DEL", "GET / HTTP/1.1\r\n" HOST "X: \x7f\r\n\r\n", 0, 400},
    {"no colon", "GET / HTTP/1.1\r\n" HOST "X\r\n\r\n", 0, 400},
    {"no name", "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n", 0, 400},
    {"an empty line first", "\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"a blank first", " GET / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"TLS on the wrong port", "\x16\x03\x01\x02\x00\x01", 6, 400},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 0, 505},
    {"HTTP/0.9", "GET /\r\n\r\n", 0, 400},
    {"HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 0, 505},
    {"lower case http", "GET / http/1.1\r\n" HOST "\r\n", 0, 400},
    {"two blanks", "GET  / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"a blank at the end", "GET / HTTP/1.1 \r\n" HOST "\r\n", 0, 400},
    {"a method nobody uses", "TRACE / HTTP/1.1\r\n" HOST "\r\n", 0, 405},
    {"CONNECT", "CONNECT a:80 HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"lower case method", "get / HTTP/1.1\r\n" HOST "\r\n", 0, 405},
    {"a method that is no word", "G(T / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"an absolute target", "GET http://a/ HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"a target beyond ASCII", "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"a fragment", "GET /#a HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"what is expected",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
     "Expect: 100-continue\r\n\r\n",
     0, 0},
    {"what is not expected", "POST / HTTP/1.1\r\n" HOST "Expect: 200-ok\r\n\r\n", 0, 417},
    {"not the end", "GET / HTTP/1.1\r\n" HOST, 0, -1},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = cases[i].n ? cases[i].n : strlen(cases[i].text);
        int status = judge(cases[i].text, n);
        tap_ok(status == cases[i].status, "%s: %d", cases[i].name, status);
    }
}

static void test_limits(void)
{
    char *text = malloc(HTTP_MAX_HEAD + 4096);
    size_t n = (size_t)snprintf(text, 64, "GET /");
    memset(text + n, '/', HTTP_MAX_TARGET);
    n += HTTP_MAX_TARGET;
    n += (size_t)snprintf(text + n, 64, " HTTP/1.1\r\n" HOST "\r\n");
    tap_ok(judge(text, n) == 414, "a target that is too long is 414");
    n = (size_t)snprintf(text, 64, "GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; i < HTTP_MAX_HEADERS; i++) {
        n += (size_t)snprintf(text + n, 32, "X-%d: a\r\n", i);
    }
    n += (size_t)snprintf(text + n, 32, "\r\n");
    tap_ok(judge(text, n) == 431, "too many headers are 431");
    n = (size_t)snprintf(text, 64, "GET / HTTP/1.1\r\n" HOST "X: ");
    memset(text + n, 'a', HTTP_MAX_HEAD);
    n += HTTP_MAX_HEAD;
    n += (size_t)snprintf(text + n, 32, "\r\n\r\n");
    tap_ok(judge(text, n) == 431, "a head that is too long is 431");
    n = (size_t)snprintf(text, 64, "GET / HTTP/1.1\r\n" HOST "Cookie: ");
    for (int i = 0; i <= HTTP_MAX_COOKIES; i++) {
        n += (size_t)snprintf(text + n, 32, "a=b; ");
    }
    n += (size_t)snprintf(text + n, 32, "\r\n\r\n");
    tap_ok(judge(text, n) == 400, "too many cookies are 400");
    n = (size_t)snprintf(text, 64, "GET / HTTP/1.1\r\n" HOST "Cookie: a=");
    memset(text + n, 'a', HTTP_MAX_COOKIE + 1);
    n += HTTP_MAX_COOKIE + 1;
    n += (size_t)snprintf(text + n, 32, "\r\n\r\n");
    tap_ok(judge(text, n) == 400, "too long a cookie is 400");
    free(text);
}

/* Whether the connection goes on after these heads. */
static void test_keeping(void)
{
    static const struct {
        const char *text;
        bool keeps;
    } heads[] = {
        {"GET / HTTP/1.1\r\n" HOST "\r\n", true},
        {"GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\n" HOST "Connection: x , Close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\n" HOST "Connection: closed\r\n\r\n", true},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
    };
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct head head;
        tap_ok(head_parse(str_of(heads[i].text), arena, &head) == 0 &&
                   head.keep_alive == heads[i].keeps,
               "keeps the connection or not, %zu", i);
    }
    struct head head;
    tap_ok(head_parse(str_of("GET / HTTP/1.1\r\n" HOST), arena, &head) == 400,
           "half a head is none");
    arena_free(arena);
}

static void test_parts(void)
{
    static const char text[] =
        "POST /a%20b?c=d HTTP/1.1\r\nHOST: h:1\r\nX-Two: a\r\n"
        "Content-Length: 12\r\nCookie: a=1\r\nx-two:  b \t\r\n"
        "Cookie: b = 2; junk; c=3=4\r\nConnection: Keep-Alive, CLOSE\r\n\r\n";
    struct arena *arena = arena_new(0);
    struct head head;
    struct http_request req = {0};
    tap_ok(head_parse(str_of(text), arena, &head) == 0, "parsed");
    req.headers = head.headers;
    tap_ok(head.method == HTTP_POST && head.length == 12 && !head.keep_alive,
           "method, length, connection");
    tap_ok(str_is(head.target, "/a%20b?c=d") && str_is(head.host, "h:1"), "target and host");
    tap_ok(str_is(request_header(&req, "x-two"), "a, b"), "the same header twice is joined");
    tap_ok(head.cookies.n == 3 && str_is(request_find(&head.cookies, "b"), "2") &&
               str_is(request_find(&head.cookies, "c"), "3=4"),
           "cookies of two headers, without what is no pair");
    arena_free(arena);
}

/* In whatever pieces the bytes come, the end is found at the same place. */
static void test_pieces(void)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = cases[i].n ? cases[i].n : strlen(cases[i].text), seen = 0, end = 0;
        bool bad = false, bad_at_once;
        size_t at_once = head_end((struct str){cases[i].text, n}, 0, &bad_at_once);
        for (size_t have = 1; have <= n && end == 0 && !bad; have++) {
            end = head_end((struct str){cases[i].text, have}, seen, &bad);
            seen = have;
        }
        wrong += bad != bad_at_once || end != at_once;
    }
    tap_ok(wrong == 0, "byte by byte gives the same as at once");
}

static void test_memory(void)
{
    static const char text[] = "GET / HTTP/1.1\r\n" HOST "Cookie: a=b\r\nX: y\r\nX: z\r\n\r\n";
    int status = 500, steps = 0;
    for (uint64_t nth = 1; status == 500 && nth < 100; nth++, steps++) {
        struct arena *arena = arena_new(0);
        struct head head;
        arena_fail_after(arena, nth);
        status = head_parse(str_of(text), arena, &head);
        arena_free(arena);
    }
    tap_ok(status == 0 && steps > 4, "every allocation that fails is a 500 (%d)", steps);
}

int main(void)
{
    test_cases();
    test_limits();
    test_keeping();
    test_parts();
    test_pieces();
    test_memory();
    return tap_done();
}
