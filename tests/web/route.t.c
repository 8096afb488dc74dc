/* The matcher, held against one that tries every route in turn. */
#include "web/route.h"
#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"
#include "web/routes.h"

#include <stdlib.h>

static enum err nothing(struct page *page)
{
    (void)page;
    return ERR_OK;
}

static const struct route some[] = {
    {ROUTE_GET, "/", ROUTE_OWN, .handle = nothing, .about = "a"},
    {ROUTE_GET, "/people", ROUTE_OWN, .handle = nothing, .about = "b"},
    {ROUTE_GET, "/people/:id", ROUTE_OWN, .handle = nothing, .about = "c"},
    {ROUTE_POST, "/people/:id", ROUTE_OWN, .handle = nothing, .about = "d"},
    {ROUTE_GET, "/people/new", ROUTE_OWN, .handle = nothing, .about = "e"},
    {ROUTE_GET, "/people/:id/skills/:skill", ROUTE_OWN, .handle = nothing, .about = "f"},
    {ROUTE_POST, "/people/:id/end", ROUTE_OWN, .handle = nothing, .about = "g"},
    {ROUTE_GET, "/welcome/*key", ROUTE_PUBLIC, .handle = nothing, .about = "h"},
    {ROUTE_POST, "/sign-in", ROUTE_PUBLIC, .handle = nothing, .open = true, .about = "i"},
    {ROUTE_GET, "/zebra", ROUTE_PUBLIC, .handle = nothing, .about = "j"},
};
static const struct route_set set = ROUTE_SET("Some", some);
static const struct route_set *const sets[] = {&set, NULL};

/* What a path finds: the letter of `about`, '-' for nothing, '!' for another method. */
static char find(const struct router *router, enum http_method method, const char *path,
                 struct route_match *match, const char **allow)
{
    enum err err = router_find(router, method, str_of(path), match, allow);
    return err == ERR_OK ? match->route->about[0] : err == ERR_REFUSED ? '!' : '-';
}

static void cases(const struct router *router)
{
    static const struct {
        enum http_method method;
        const char *path;
        char expected;
    } table[] = {
        {HTTP_GET, "/", 'a'},
        {HTTP_HEAD, "/", 'a'},
        {HTTP_POST, "/", '!'},
        {HTTP_GET, "/people", 'b'},
        {HTTP_GET, "/peopl", '-'},
        {HTTP_GET, "/peoples", '-'},
        {HTTP_GET, "/people/7", 'c'},
        {HTTP_POST, "/people/7", 'd'},
        {HTTP_PUT, "/people/7", '!'},
        {HTTP_GET, "/people/new", 'e'},
        {HTTP_POST, "/people/new", '!'},
        {HTTP_GET, "/people/0", '-'},
        {HTTP_GET, "/people/07", '-'},
        {HTTP_GET, "/people/-1", '-'},
        {HTTP_GET, "/people/9223372036854775807", 'c'},
        {HTTP_GET, "/people/9223372036854775808", '-'},
        {HTTP_GET, "/people/99999999999999999999", '-'},
        {HTTP_GET, "/people/7/skills/8", 'f'},
        {HTTP_GET, "/people/7/skills", '-'},
        {HTTP_POST, "/people/7/end", 'g'},
        {HTTP_GET, "/welcome/aB-9_z", 'h'},
        {HTTP_GET, "/welcome/a.b", '-'},
        {HTTP_GET, "/sign-in", '!'},
        {HTTP_GET, "/zebra", 'j'},
        {HTTP_GET, "/1/2/3/4/5/6/7/8/9", '-'},
    };
    struct route_match match;
    const char *allow;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char got = find(router, table[i].method, table[i].path, &match, &allow);
        tap_ok(got == table[i].expected, "%s %s: %c", request_method_name(table[i].method),
               table[i].path, table[i].expected);
    }
    find(router, HTTP_GET, "/people/12/skills/34", &match, &allow);
    tap_ok(match.n_places == 2 && match.places[0].number == 12 && match.places[1].number == 34 &&
               str_is(match.places[1].name, "skill"),
           "places are numbers with names");
    find(router, HTTP_GET, "/welcome/Key-1", &match, &allow);
    tap_ok(str_is(match.places[0].text, "Key-1"), "a place may be a word");
    find(router, HTTP_POST, "/", &match, &allow);
    tap_text(allow, "GET, HEAD", "what the address allows");
    find(router, HTTP_DELETE, "/people/7", &match, &allow);
    tap_text(allow, "GET, HEAD, POST", "both methods are allowed");
}

static bool fits_part(const char *pattern, size_t n, const char *path, size_t m)
{
    char *end;
    if (*pattern == ':') {
        return m > 0 && m < 19 && *path >= '1' && *path <= '9' &&
               (strtoll(path, &end, 10), end == path + m);
    }
    if (*pattern == '*') {
        return m > 0 && m <= strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789-_");
    }
    return n == m && memcmp(pattern, path, n) == 0;
}

/* Whether a path fits a pattern, a segment at a time: the slow way. */
static bool fits(const char *pattern, const char *path)
{
    while (*pattern == '/' && *path == '/') {
        size_t n = strcspn(++pattern, "/"), m = strcspn(++path, "/");
        if (!fits_part(pattern, n, path, m)) {
            return false;
        }
        pattern += n;
        path += m;
    }
    return !*pattern && !*path;
}

/* The routes of the site: random paths find what the slow way finds. */
static void whole_site(struct arena *arena)
{
    static const char *const parts[] = {"people",  "skills",  "7", "self", "new",   "evidence",
                                        "welcome", "observe", "x", "12",   "setup", "delete"};
    const struct router *router = router_new(arena, routes_all);
    struct rng rng = rng_seed(7);
    int wrong = 0, found = 0;
    for (int round = 0; round < 20000; round++) {
        char path[200] = "";
        size_t n = 0;
        for (uint32_t k = 1 + rng_below(&rng, 5); k > 0; k--) {
            n += (size_t)snprintf(path + n, sizeof path - n, "/%s", parts[rng_below(&rng, 12)]);
        }
        struct route_match match;
        const char *allow;
        bool slow = false;
        for (size_t i = 0; route_at(routes_all, i, NULL); i++) {
            const struct route *route = route_at(routes_all, i, NULL);
            slow = slow || (route->method == ROUTE_GET && fits(route->pattern, path));
        }
        enum err err = router_find(router, HTTP_GET, str_of(path), &match, &allow);
        found += slow;
        wrong += slow != (err == ERR_OK) || (slow && !fits(match.route->pattern, path));
    }
    tap_ok(wrong == 0 && found > 300, "random paths find what the slow way finds (%d of them)",
           found);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    const struct router *router = router_new(arena, sets);
    cases(router);
    whole_site(arena);
    arena_free(arena);
    return tap_done();
}
