/* Addresses and urlencoded forms. */
#include "http/url.h"
#include "base/arena.h"
#include "http/limits.h"
#include "tap.h"

#include <stdlib.h>

static const struct {
    const char *target, *path; /* path NULL: refused */
    int n_query;
} targets[] = {
    {"/", "/", 0},
    {"/people/7", "/people/7", 0},
    {"/people/", "/people/", 0},
    {"/a%20b?c=d&e", "/a b", 2},
    {"/caf%C3%A9", "/caf\xc3\xa9", 0},
    {"/a+b", "/a+b", 0},
    {"/a?", "/a", 0},
    {"/a?&&x=1&", "/a", 1},
    {"/...", "/...", 0},
    {"/a/.b", "/a/.b", 0},
    {"", NULL, 0},
    {"a", NULL, 0},
    {"?a=b", NULL, 0},
    {"//", NULL, 0},
    {"//evil.example/", NULL, 0},
    {"/a//b", NULL, 0},
    {"/.", NULL, 0},
    {"/..", NULL, 0},
    {"/a/../b", NULL, 0},
    {"/a/./b", NULL, 0},
    {"/%2e%2e/b", NULL, 0},
    {"/a/%2E./b", NULL, 0},
    {"/a%2fb", NULL, 0},
    {"/a%5cb", NULL, 0},
    {"/a\\b", NULL, 0},
    {"/a%00b", NULL, 0},
    {"/a%0ab", NULL, 0},
    {"/a%7fb", NULL, 0},
    {"/%", NULL, 0},
    {"/%4", NULL, 0},
    {"/%zz", NULL, 0},
    {"/%ff", NULL, 0},
    {"/%c3", NULL, 0},
    {"/%c0%af", NULL, 0},
    {"/?a=%ff", NULL, 0},
    {"/?a=%00", NULL, 0},
    {"/?a=%4", NULL, 0},
};

static void test_targets(void)
{
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct arena *arena = arena_new(0);
        struct str path = {NULL, 0};
        struct http_pairs query = {NULL, 0};
        enum err err = url_parse(str_of(targets[i].target), arena, &path, &query);
        bool right = targets[i].path ? err == ERR_OK && str_is(path, targets[i].path) &&
                                           query.n == targets[i].n_query
                                     : err == ERR_INVALID && !path.p;
        tap_ok(right, "%s is %s", targets[i].target, targets[i].path ? targets[i].path : "refused");
        arena_free(arena);
    }
}

static void test_form(void)
{
    struct arena *arena = arena_new(0);
    struct http_pairs pairs;
    enum err err = url_form(str_of("a=1&b=x+y%2B%26%3D&a=2&c=d=e&%C3%A9=%E2%82%AC"), arena, &pairs);
    tap_ok(err == ERR_OK && pairs.n == 5, "five pairs");
    tap_ok(str_is(request_find(&pairs, "a"), "1"), "the first of two");
    tap_ok(str_is(request_find(&pairs, "b"), "x y+&="), "plus and escapes");
    tap_ok(str_is(request_find(&pairs, "c"), "d=e"), "only the first = counts");
    tap_ok(str_is(request_find(&pairs, "\xc3\xa9"), "\xe2\x82\xac"), "UTF-8 in name and value");
    tap_ok(!request_find(&pairs, "d").p, "what is not there");
    arena_free(arena);
}

static void test_limits(void)
{
    struct arena *arena = arena_new(0);
    struct http_pairs pairs;
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 1 << 20);
    for (int i = 0; i <= HTTP_MAX_PAIRS; i++) {
        buf_add_text(&buf, "a&");
    }
    tap_ok(buf_end(&buf, &text) == ERR_OK && url_form(text, arena, &pairs) == ERR_LIMIT,
           "too many fields");
    buf_clear(&buf);
    buf_add_repeat(&buf, 'a', HTTP_MAX_NAME + 1);
    tap_ok(buf_end(&buf, &text) == ERR_OK && url_form(text, arena, &pairs) == ERR_LIMIT,
           "too long a name");
    arena_free(arena);
}

/* What is written by url_add is read back as it was, whatever the bytes of a valid text. */
static void test_round_trip(void)
{
    struct arena *arena = arena_new(0);
    int wrong = 0;
    for (int code = 1; code < 0x80; code++) {
        char raw[4] = {'a', (char)code, 'z', '\0'};
        struct buf buf;
        struct str text;
        struct http_pairs pairs;
        buf_init(&buf, arena, 100);
        url_add(&buf, str_of(raw));
        buf_add_text(&buf, "=");
        url_add(&buf, str_of(raw));
        enum err err = buf_end(&buf, &text);
        err = err == ERR_OK ? url_form(text, arena, &pairs) : err;
        wrong += err != ERR_OK || pairs.n != 1 || !str_is(pairs.items[0].name, raw) ||
                 !str_is(pairs.items[0].value, raw);
    }
    tap_ok(wrong == 0, "every ASCII character survives");
    arena_free(arena);
}

static void test_segments(void)
{
    struct str path = str_of("/people/7/"), segment;
    tap_ok(url_segment(&path, &segment) && str_is(segment, "people"), "people");
    tap_ok(url_segment(&path, &segment) && str_is(segment, "7"), "7");
    tap_ok(url_segment(&path, &segment) && segment.n == 0, "and an empty one after the last slash");
    tap_ok(!url_segment(&path, &segment), "and no more");
}

int main(void)
{
    test_targets();
    test_form();
    test_limits();
    test_round_trip();
    test_segments();
    return tap_done();
}
