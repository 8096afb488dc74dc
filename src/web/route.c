/* The matcher: patterns taken apart once, routes sorted by their first segment, so that a request
 * is held against the few that share it. */
#include "web/route.h"

#include "base/arena.h"
#include "base/sort.h"

#include <assert.h>
#include <string.h>

struct part {
    struct str text; /* a word, or the name of a place */
    char place;      /* 0, ':' or '*' */
};

struct compiled {
    const struct route *route;
    struct part parts[ROUTE_MAX_PARTS];
    int n_parts;
    size_t order; /* of declaration */
};

struct router {
    struct compiled *rows;
    size_t n;
};

enum csrf_level route_csrf(const struct route *route)
{
    if (route->method == ROUTE_GET || route->keyed) {
        return CSRF_NONE;
    }
    return route->open ? CSRF_ORIGIN : CSRF_TOKEN;
}

const struct route *route_at(const struct route_set *const *sets, size_t i,
                             const struct route_set **set)
{
    for (; *sets; sets++) {
        if (i < (*sets)->n) {
            if (set) {
                *set = *sets;
            }
            return &(*sets)->routes[i];
        }
        i -= (*sets)->n;
    }
    return NULL;
}

const char *route_method_word(enum route_method method)
{
    return method == ROUTE_GET ? "GET" : "POST";
}

const char *route_access_words(enum route_access access)
{
    static const char *const words[ROUTE_ACCESS__MAX] = {
        [ROUTE_PUBLIC] = "anybody",
        [ROUTE_OWN] = "everybody signed in, about what is theirs",
        [ROUTE_EVERYBODY] = "everybody signed in",
        [ROUTE_SHARED] = "the person, and whom they share it with",
        [ROUTE_COORDINATOR] = "coordinators and administrators",
        [ROUTE_ADMINISTRATOR] = "administrators",
    };
    return words[access];
}

/* The next segment of a path that begins with '/', and what is left. */
static struct str next_segment(struct str *path)
{
    struct str segment = {path->p + 1, 0};
    while (segment.n + 1 < path->n && segment.p[segment.n] != '/') {
        segment.n++;
    }
    path->p += segment.n + 1;
    path->n -= segment.n + 1;
    return segment;
}

static void compile(const struct route *route, size_t order, struct compiled *row)
{
    struct str rest = str_of(route->pattern);
    assert(rest.n >= 1 && rest.p[0] == '/' && route->handle && route->about);
    assert(!route->open || (route->method == ROUTE_POST && route->access == ROUTE_PUBLIC));
    *row = (struct compiled){.route = route, .order = order};
    int n_places = 0;
    while (rest.n > 1) {
        struct str segment = next_segment(&rest);
        assert(segment.n >= 1 && row->n_parts < ROUTE_MAX_PARTS);
        struct part *part = &row->parts[row->n_parts++];
        part->text = segment;
        if (segment.p[0] == ':' || segment.p[0] == '*') {
            part->place = segment.p[0];
            part->text = (struct str){segment.p + 1, segment.n - 1};
            n_places++;
        }
    }
    assert(n_places <= ROUTE_MAX_PLACES && (row->n_parts == 0 || !row->parts[0].place));
    (void)n_places;
}

static int compare_text(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Words before places, so that the first row that fits is the one that is meant. */
static int compare_parts(const struct part *a, const struct part *b)
{
    if (!a->place != !b->place) {
        return a->place ? 1 : -1;
    }
    return a->place ? 0 : compare_text(a->text, b->text);
}

static int compare_rows(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct compiled *x = a, *y = b;
    for (int i = 0; i < x->n_parts && i < y->n_parts; i++) {
        int order = compare_parts(&x->parts[i], &y->parts[i]);
        if (order) {
            return order;
        }
    }
    if (x->n_parts != y->n_parts) {
        return x->n_parts < y->n_parts ? -1 : 1;
    }
    return (x->route->method > y->route->method) - (x->route->method < y->route->method);
}

struct router *router_new(struct arena *arena, const struct route_set *const *sets)
{
    struct router *router = arena_alloc(arena, 1, sizeof *router);
    if (!router) {
        return NULL;
    }
    while (route_at(sets, router->n, NULL)) {
        router->n++;
    }
    router->rows = arena_alloc(arena, router->n, sizeof *router->rows);
    const struct compiled **order = arena_alloc(arena, router->n, sizeof(struct compiled *));
    struct compiled *sorted = arena_alloc(arena, router->n, sizeof *sorted);
    if (!router->rows || !order || !sorted) {
        return NULL;
    }
    for (size_t i = 0; i < router->n; i++) {
        compile(route_at(sets, i, NULL), i, &router->rows[i]);
    }
    /* few rows, larger than what sort_items takes: an insertion sort */
    for (size_t i = 0; i < router->n; i++) {
        size_t at = i;
        for (; at > 0 && compare_rows(&router->rows[i], order[at - 1], NULL) < 0; at--) {
            order[at] = order[at - 1];
        }
        assert(at == 0 || compare_rows(&router->rows[i], order[at - 1], NULL) != 0);
        order[at] = &router->rows[i];
    }
    for (size_t i = 0; i < router->n; i++) {
        sorted[i] = *order[i];
    }
    router->rows = sorted;
    return router;
}

static bool is_number(struct str text, int64_t *number)
{
    if (text.n < 1 || text.n > 19 || text.p[0] == '0') {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text.p[i] - '0');
    }
    *number = (int64_t)value;
    return value <= INT64_MAX;
}

static bool is_word(struct str text)
{
    if (text.n < 1 || text.n > ROUTE_MAX_WORD) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_';
        if (!fits) {
            return false;
        }
    }
    return true;
}

static bool fits(const struct compiled *row, const struct str *segments, int n,
                 struct route_match *match)
{
    if (row->n_parts != n) {
        return false;
    }
    *match = (struct route_match){.route = row->route};
    for (int i = 0; i < n; i++) {
        const struct part *part = &row->parts[i];
        int64_t number = 0;
        if (!part->place) {
            if (!str_equal(part->text, segments[i])) {
                return false;
            }
            continue;
        }
        if (part->place == ':' ? !is_number(segments[i], &number) : !is_word(segments[i])) {
            return false;
        }
        match->places[match->n_places].name = part->text;
        match->places[match->n_places].text = segments[i];
        match->places[match->n_places++].number = number;
    }
    return true;
}

/* The first row whose first part is not below this word; every pattern begins with a word. */
static size_t first_not_below(const struct router *router, struct str word)
{
    size_t lo = 0, hi = router->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct compiled *row = &router->rows[mid];
        bool below = row->n_parts == 0 || compare_text(row->parts[0].text, word) < 0;
        if (below) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

enum err router_find(const struct router *router, enum http_method method, struct str path,
                     struct route_match *match, const char **allow)
{
    static const char *const methods[] = {NULL, "GET, HEAD", "POST", "GET, HEAD, POST"};
    struct str segments[ROUTE_MAX_PARTS];
    int n = 0;
    while (path.n > 1) {
        if (n == ROUTE_MAX_PARTS) {
            return ERR_NOT_FOUND;
        }
        segments[n++] = next_segment(&path);
    }
    enum route_method wanted = method == HTTP_GET || method == HTTP_HEAD ? ROUTE_GET : ROUTE_POST;
    bool known = wanted == ROUTE_GET || method == HTTP_POST;
    unsigned has = 0;
    for (size_t i = n ? first_not_below(router, segments[0]) : 0; i < router->n; i++) {
        const struct compiled *row = &router->rows[i];
        if (n == 0 ? row->n_parts > 0 : !str_equal(row->parts[0].text, segments[0])) {
            break;
        }
        struct route_match found;
        if (!fits(row, segments, n, &found)) {
            continue;
        }
        if (known && row->route->method == wanted) {
            *match = found;
            return ERR_OK;
        }
        has |= 1u << row->route->method;
    }
    if (!has) {
        return ERR_NOT_FOUND;
    }
    *allow = methods[has];
    return ERR_REFUSED;
}
