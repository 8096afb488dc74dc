/* Answers: headers that cannot be split, redirects that stay, cookies, origins, proxies. */
#include "http/cookie.h"
#include "http/csrf.h"
#include "http/header.h"
#include "http/http_test.h"
#include "http/peer.h"
#include "http/response.h"
#include "tap.h"

#include <sodium.h>

static void test_headers(void)
{
    static const char *const bad[] = {"a\r\nb", "a\nb", "a\rb", "a\x01", "caf\xc3\xa9", "\x7f"};
    struct arena *arena = arena_new(0);
    struct http_response res;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        response_init(&res, arena);
        response_header(&res, "X", str_of(bad[i]));
        tap_ok(res.err == ERR_INVALID && res.n_headers == 0, "a value that is refused, %zu", i);
    }
    response_init(&res, arena);
    response_header(&res, "X", (struct str){"a\0b", 3});
    tap_ok(res.err == ERR_INVALID, "NUL in a value");
    response_init(&res, arena);
    response_header(&res, "X-A", str_of("1"));
    response_header(&res, "x-a", str_of("2"));
    response_add_header(&res, "X-B", str_of("3"));
    response_add_header(&res, "X-B", str_of("4"));
    tap_ok(res.err == ERR_OK && res.n_headers == 3, "replaced, and beside each other");
    for (int i = 0; i < 100; i++) {
        response_add_header(&res, "X-C", str_of(""));
    }
    tap_ok(res.err == ERR_LIMIT, "too many headers");
    arena_free(arena);
}

static void test_redirects(void)
{
    static const struct {
        const char *where;
        bool local, outside;
    } cases[] = {
        {"/", true, false},
        {"/people/7?a=b", true, false},
        {"//evil.example", false, false},
        {"/\\evil.example", false, false},
        {"https://evil.example", false, true},
        {"http://evil.example", false, false},
        {"http://127.0.0.1:9000/x", false, true},
        {"javascript:alert(1)", false, false},
        {"people", false, false},
        {"/a b", false, false},
        {"/a\r\nX: y", false, false},
        {"https://a\r\nX: y", false, false},
        {"", false, false},
    };
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_response here, there;
        response_init(&here, arena);
        response_init(&there, arena);
        response_redirect(&here, str_of(cases[i].where));
        response_redirect_outside(&there, str_of(cases[i].where));
        tap_ok((here.err == ERR_OK) == cases[i].local && (there.err == ERR_OK) == cases[i].outside,
               "redirect %zu", i);
    }
    arena_free(arena);
}

static void test_security(void)
{
    struct arena *arena = arena_new(0);
    struct http_response res;
    struct http_request *req = test_get(arena, "");
    response_init(&res, arena);
    response_header(&res, "Content-Security-Policy", str_of("mine"));
    header_secure(req, &res);
    tap_text(test_answer(&res, "Content-Security-Policy"), "mine", "a handler's own stays");
    tap_text(test_answer(&res, "X-Content-Type-Options"), "nosniff", "nosniff");
    tap_text(test_answer(&res, "Strict-Transport-Security"), "", "no HSTS without TLS");
    req->secure = true;
    response_init(&res, arena);
    header_secure(req, &res);
    const char *policy = test_answer(&res, "Content-Security-Policy");
    tap_ok(strstr(policy, "default-src 'none'") && strstr(policy, "frame-ancestors 'none'") &&
               strstr(policy, "base-uri 'none'") && strstr(policy, "form-action 'self'") &&
               !strstr(policy, "unsafe"),
           "a strict policy");
    tap_ok(test_answer(&res, "Strict-Transport-Security")[0] != '\0', "HSTS over TLS");
    static const char *const names[] = {"Referrer-Policy", "Permissions-Policy",
                                        "Cross-Origin-Opener-Policy",
                                        "Cross-Origin-Resource-Policy", "X-Frame-Options"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        tap_ok(test_answer(&res, names[i])[0] != '\0', "%s", names[i]);
    }
    arena_free(arena);
}

static void test_cookies(void)
{
    struct arena *arena = arena_new(0);
    struct http_response res;
    struct http_request *req = test_get(arena, "Cookie: __Host-s=abc; s=planted; __Host-t=1\r\n"
                                               "Cookie: __Host-t=2\r\n");
    tap_ok(str_is(cookie_find(req, "s"), "abc"), "the name with the prefix");
    tap_ok(!cookie_find(req, "t").p, "a name that comes twice is nobody's");
    tap_ok(!cookie_find(req, "u").p, "one that is not there");
    response_init(&res, arena);
    cookie_set(&res, "s", str_of("abc-_.9"), 60);
    tap_text(test_answer(&res, "Set-Cookie"),
             "__Host-s=abc-_.9; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60", "set");
    response_init(&res, arena);
    cookie_set(&res, "s", str_of("a"), 0);
    tap_text(test_answer(&res, "Set-Cookie"), "__Host-s=a; Path=/; Secure; HttpOnly; SameSite=Lax",
             "until the browser is closed");
    response_init(&res, arena);
    cookie_clear(&res, "s");
    tap_ok(strstr(test_answer(&res, "Set-Cookie"), "__Host-s=; ") &&
               strstr(test_answer(&res, "Set-Cookie"), "Max-Age=0"),
           "cleared");
    cookie_set(&res, "s", str_of("a; Domain=evil"), 0);
    tap_ok(res.err == ERR_INVALID, "a value cannot bring attributes");
    arena_free(arena);
}

/* A POST with these headers, to http://duet.example or, `secure`, https. */
static struct http_request *post(struct arena *arena, const char *headers, bool secure)
{
    char text[1024];
    snprintf(text, sizeof text, "POST /x HTTP/1.1\r\nHost: duet.example\r\n%s\r\n", headers);
    struct http_request *req = test_request(arena, text);
    req->secure = secure;
    return req;
}

static void test_origin(void)
{
    static const struct {
        const char *headers;
        bool secure, same;
    } cases[] = {
        {"", true, false},
        {"Sec-Fetch-Site: same-origin\r\n", true, true},
        {"Sec-Fetch-Site: same-site\r\n", true, false},
        {"Sec-Fetch-Site: cross-site\r\n", true, false},
        {"Sec-Fetch-Site: none\r\n", true, false},
        {"Origin: https://duet.example\r\n", true, true},
        {"Origin: https://DUET.example\r\n", true, true},
        {"Origin: http://duet.example\r\n", true, false},
        {"Origin: http://duet.example\r\n", false, true},
        {"Origin: https://duet.example.evil.example\r\n", true, false},
        {"Origin: https://duet.example:444\r\n", true, false},
        {"Origin: https://evil.example\r\n", true, false},
        {"Origin: null\r\n", true, false},
        {"Origin: https://evil.example\r\nSec-Fetch-Site: same-origin\r\n", true, false},
        {"Origin: https://duet.example\r\nSec-Fetch-Site: cross-site\r\n", true, false},
        {"Referer: https://duet.example/page\r\n", true, true},
        {"Referer: https://evil.example/https://duet.example/\r\n", true, false},
        {"Referer: https://duet.example@evil.example/\r\n", true, false},
    };
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct http_request *req = post(arena, cases[i].headers, cases[i].secure);
        tap_ok(csrf_same_origin(req) == cases[i].same, "%s is %s", cases[i].headers,
               cases[i].same ? "ours" : "not ours");
    }
    arena_free(arena);
}

static void test_token(void)
{
    static const uint8_t key[CSRF_KEY] = {7}, other[CSRF_KEY] = {8};
    struct arena *arena = arena_new(0);
    char text[CSRF_TEXT + 1], wrong[CSRF_TEXT + 1];
    struct http_request *req = post(arena, "Origin: http://duet.example\r\n", false);
    csrf_token(key, text);
    csrf_token(other, wrong);
    struct http_pair pair = {str_of(CSRF_FIELD), str_of(text)};
    tap_ok(strlen(text) == CSRF_TEXT && strcmp(text, wrong) != 0, "a token per key");
    tap_ok(csrf_check(req, CSRF_NONE, NULL) == ERR_OK, "reading needs nothing");
    tap_ok(csrf_check(req, CSRF_ORIGIN, NULL) == ERR_OK, "the origin is enough for some");
    tap_ok(csrf_check(req, CSRF_TOKEN, key) == ERR_FORBIDDEN, "but not without the token");
    req->form = (struct http_pairs){&pair, 1};
    tap_ok(csrf_check(req, CSRF_TOKEN, key) == ERR_OK, "with the token");
    tap_ok(csrf_check(req, CSRF_TOKEN, NULL) == ERR_FORBIDDEN, "no session, no token");
    pair.value = str_of(wrong);
    tap_ok(csrf_check(req, CSRF_TOKEN, key) == ERR_FORBIDDEN, "somebody else's token");
    pair.value = (struct str){text, CSRF_TEXT - 1};
    tap_ok(csrf_check(req, CSRF_TOKEN, key) == ERR_FORBIDDEN, "a part of the token");
    pair.value = str_of(text);
    req->method = HTTP_GET;
    tap_ok(csrf_check(req, CSRF_TOKEN, key) == ERR_FORBIDDEN, "GET changes nothing");
    req = post(arena, "Origin: http://evil.example\r\n", false);
    req->form = (struct http_pairs){&pair, 1};
    tap_ok(csrf_check(req, CSRF_TOKEN, key) == ERR_FORBIDDEN, "the token from elsewhere");
    arena_free(arena);
}

static void test_proxies(void)
{
    static const char *const trusted[] = {"127.0.0.1", "192.0.2.7", NULL};
    static const struct {
        const char *peer, *headers, *address;
        bool loopback_peer, secure, loopback;
    } cases[] = {
        {"127.0.0.1", "", "127.0.0.1", true, false, true},
        {"198.51.100.4", "", "198.51.100.4", false, false, false},
        {"198.51.100.4", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n",
         "198.51.100.4", false, false, false},
        {"127.0.0.1", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n", "203.0.113.9",
         true, true, false},
        {"127.0.0.1", "X-Forwarded-For: 192.0.2.1, 203.0.113.9\r\n", "203.0.113.9", true, false,
         false},
        {"127.0.0.1", "X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\n", "203.0.113.9", true, false,
         false},
        {"127.0.0.1", "X-Forwarded-For: 2001:DB8::0:1\r\n", "2001:db8::1", true, false, false},
        {"127.0.0.1", "X-Forwarded-For: nonsense\r\n", "127.0.0.1", true, false, false},
        {"127.0.0.1", "X-Forwarded-For: 203.0.113.9, nonsense\r\n", "127.0.0.1", true, false,
         false},
        {"127.0.0.1", "X-Forwarded-Proto: https, http\r\n", "127.0.0.1", true, false, false},
        {"127.0.0.1", "Via: 1.1 x\r\n", "127.0.0.1", true, false, false},
    };
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_request *req = test_get(arena, cases[i].headers);
        struct peer peer = {.loopback = cases[i].loopback_peer};
        snprintf(peer.address, sizeof peer.address, "%s", cases[i].peer);
        peer_apply(&peer, trusted, req);
        tap_ok(strcmp(req->address, cases[i].address) == 0 && req->secure == cases[i].secure &&
                   req->loopback == cases[i].loopback,
               "%s with %.40s is %s", cases[i].peer, cases[i].headers, req->address);
    }
    arena_free(arena);
}

static void test_accepts(void)
{
    struct arena *arena = arena_new(0);
    struct http_request *req = test_get(arena, "Accept: text/html, application/json;q=0.9\r\n");
    tap_ok(request_accepts(req, "application/json") && request_accepts(req, "text/html"),
           "accepted by name");
    tap_ok(!request_accepts(req, "application/js") && !request_accepts(req, "html"),
           "a part of a name is none");
    struct str origin;
    tap_ok(request_origin(req, &origin) == ERR_OK && str_is(origin, "http://duet.example"),
           "the origin");
    arena_free(arena);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    test_headers();
    test_redirects();
    test_security();
    test_cookies();
    test_origin();
    test_token();
    test_proxies();
    test_accepts();
    return tap_done();
}
