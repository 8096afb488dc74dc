/* Routes: which address is answered by which function, for whom, and what may come with it.
 *
 * A page family declares its routes beside its handlers, in one table:
 *
 *     enum { F_NAME, F__MAX };
 *     static const struct field_spec fields[F__MAX] = {
 *         [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = 200, .required = true}};
 *
 *     static const struct route routes[] = {
 *         {ROUTE_GET, "/units/:id", ROUTE_ADMINISTRATOR, .handle = show, .about = "One unit"},
 *         {ROUTE_POST, "/units/:id", ROUTE_ADMINISTRATOR, .handle = save, .fields = fields,
 *          .n_fields = F__MAX, .about = "Renames a unit"},
 *     };
 *     const struct route_set page_units_routes = ROUTE_SET("Units", routes);
 *
 * and routes.c lists the sets.  Dispatch, docs/routes.md and the test that asks every route as
 * everybody come from these tables.
 *
 * A pattern is '/' and segments: a word, ":name" for a number (1 .. 2^63 - 1) or "*name" for a word
 * of letters, digits, '-' and '_' (at most ROUTE_MAX_WORD); the first segment is a word.  Where a
 * word and a place both fit, the word is meant. */
#ifndef DUET_WEB_ROUTE_H
#define DUET_WEB_ROUTE_H

#include "base/err.h"
#include "base/str.h"
#include "http/csrf.h"
#include "http/field.h"
#include "http/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct page;

#define ROUTE_MAX_PLACES 3 /* of one pattern */
#define ROUTE_MAX_WORD 128 /* bytes of a "*name" */
#define ROUTE_MAX_PARTS 8  /* segments of a pattern */

enum route_method { ROUTE_GET, ROUTE_POST, ROUTE_METHOD__MAX };

/* Who a route is for.  Everybody else is turned away before the handler runs; the rules decide once
 * more about what it touches (coach/allow.h). */
enum route_access {
    ROUTE_PUBLIC,        /* anybody */
    ROUTE_OWN,           /* whoever is signed in, about what is theirs */
    ROUTE_EVERYBODY,     /* whoever is signed in, about what all may see */
    ROUTE_SHARED,        /* whoever the person `:id` shares it with, and that person */
    ROUTE_COORDINATOR,   /* coordinators and administrators */
    ROUTE_ADMINISTRATOR, /* administrators */
    ROUTE_ACCESS__MAX
};

/* What may come as a body (http/server.h has the limits). */
enum route_body { ROUTE_BODY_FORM, ROUTE_BODY_FILES, ROUTE_BODY_PART, ROUTE_BODY__MAX };

struct route {
    enum route_method method;
    const char *pattern;
    enum route_access access;

    /* Makes the page.  A GET runs in a read transaction, a POST in a write transaction; again from
     * its start when the database was busy or a service had to be asked (page.h says more). */
    enum err (*handle)(struct page *page);

    /* Asked before that (NULL: nothing); *gone: it has gone on to another page instead. */
    enum err (*enter)(struct page *page, bool *gone);

    const struct field_spec *fields; /* of the query (GET) or the form (POST) */
    int n_fields;
    enum route_body body;

    bool writes; /* a GET that must write: coming back from single sign-on */
    bool open;   /* a POST without a session (sign-in): no token, but from our own pages only */
    bool keyed;  /* a POST whose address holds a signed key, from anywhere: mail programs send it */
    const char *about; /* one line for docs/routes.md */
};

struct route_set {
    const char *title; /* heading in docs/routes.md */
    const struct route *routes;
    size_t n;
};

#define ROUTE_SET(title_, routes_)                                                                 \
    {                                                                                              \
        (title_), (routes_), sizeof(routes_) / sizeof((routes_)[0])                                \
    }

enum csrf_level route_csrf(const struct route *route);

/* The table made ready for matching. */
struct router;

/* In `arena`; NULL: no memory.  Wrong patterns and two routes for one address are mistakes of the
 * program: assertions. */
struct router *router_new(struct arena *arena, const struct route_set *const *sets);

struct route_match {
    const struct route *route;
    int n_places;
    struct {
        struct str name; /* without ':' or '*' */
        struct str text;
        int64_t number; /* of ":name" */
    } places[ROUTE_MAX_PLACES];
};

/* ERR_OK; ERR_NOT_FOUND: no such address; ERR_REFUSED: not with this method, and *allow lists those
 * it has ("GET, POST").  O(segments) for all but the routes that share their first word. */
MUST_CHECK enum err router_find(const struct router *router, enum http_method method,
                                struct str path, struct route_match *match, const char **allow);

/* The i-th route of all sets, in their order, or NULL after the last; *set may be NULL. */
const struct route *route_at(const struct route_set *const *sets, size_t i,
                             const struct route_set **set);

/* Words for docs and logs: "GET"; "administrators". */
const char *route_method_word(enum route_method method);
const char *route_access_words(enum route_access access);

#endif
