/* Every route, asked by everybody.  What must happen follows from the access that the route
 * declares and from whose things the address names; a route whose places are not known here fails
 * the test, so that a new one has to say whose things it is about. */
#include "coach/evidence.h"
#include "web/access_coaching.h"
#include "web/access_rows.h"
#include "web/routes.h"
#include "web/webtest.h"

enum whose {
    NOT_PERSONAL, /* of the organisation, or the address itself says nothing of a person */
    OF_OWNER,     /* only the owner may: everybody else is refused or finds nothing */
    OF_OWNER_TOO, /* the owner may, and an administrator */
};

/* What stands for the places of a pattern. */
static const struct {
    const char *begin; /* of the pattern; the first that fits counts */
    const char *path;  /* %p person, %k skill, %e evidence, %s session, %h share, %u unit,
                          %f framework, %g programme, %i invitation's key */
    enum whose whose;
} examples[] = {
    {"/skills/:skill/evidence/:id/withdraw", "/skills/%k/evidence/%e/withdraw", OF_OWNER},
    {"/skills/:skill/evidence/:id/delete", "/skills/%k/evidence/%e/delete", OF_OWNER},
    {"/skills/:id/self", "/skills/%k/self", NOT_PERSONAL},
    {"/skills/:id/task", "/skills/%k/task", NOT_PERSONAL},
    {"/skills/:id", "/skills/%k", NOT_PERSONAL},
    {"/needs/:id/add", "/needs/%k/add", NOT_PERSONAL},
    {"/needs/:id/drop", "/needs/%k/drop", NOT_PERSONAL},
    {"/offers/:id/add", "/offers/%k/add", NOT_PERSONAL},
    {"/offers/:id/drop", "/offers/%k/drop", NOT_PERSONAL},
    {"/people/:id/skills/:skill/observe", "/people/%p/skills/%k/observe", NOT_PERSONAL},
    {"/people/:id/skills/:skill", "/people/%p/skills/%k", NOT_PERSONAL},
    {"/people/:id/skills", "/people/%p/skills", NOT_PERSONAL},
    {"/people/:id", "/people/%p", NOT_PERSONAL},
    {"/written/:id/withdraw", "/written/%e/withdraw", OF_OWNER},
    {"/sharing/:id/take-back", "/sharing/%h/take-back", OF_OWNER},
    {"/programmes/:id/answer", "/programmes/%g/answer", OF_OWNER},
    {"/programmes/:id", "/programmes/%g", OF_OWNER},
    {"/devices/:id/end", "/devices/%s/end", OF_OWNER_TOO},
    {"/unsubscribe/*key", "/unsubscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NOT_PERSONAL},
    {"/welcome/*key", "/welcome/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NOT_PERSONAL},
};

static struct access_coaching coaching;

static int64_t number_for(const struct webtest *w, int64_t evidence, char place)
{
    switch (place) {
    case 'p':
        return w->people[WEBTEST_OWNER];
    case 'k':
        return w->skill;
    case 'e':
        return evidence;
    case 's':
        return w->sessions[WEBTEST_OWNER].id;
    case 'h':
        return w->share;
    case 'u':
        return w->school;
    case 'f':
        return w->framework;
    case 'g':
        return w->programme;
    case 'd':
        return w->domain;
    case 't':
        return w->task;
    case 'q':
        return coaching.partnership;
    case 'o':
        return coaching.focus;
    case 'c':
        return coaching.cycle;
    case 'n':
        return coaching.note;
    case 'v':
        return coaching.visit;
    default:
        return 0;
    }
}

/* An address of a route: from the examples; of what belongs to the organisation, of things that are
 * not there, so that asking changes nothing. */
static bool example(const struct webtest *w, const struct route *route, int64_t evidence,
                    char path[200], enum whose *whose)
{
    const char *pattern = route->pattern;
    size_t n = 0;
    bool known = !strpbrk(pattern, ":*");
    *whose = NOT_PERSONAL;
    for (size_t i = 0; !known && i < sizeof examples / sizeof *examples; i++) {
        if (strcmp(route->pattern, examples[i].begin) == 0) {
            known = true;
            pattern = examples[i].path;
            *whose = examples[i].whose;
        }
    }
    known = known || route->access == ROUTE_ADMINISTRATOR || route->access == ROUTE_COORDINATOR;
    for (const char *c = pattern; *c; c++) {
        if (*c == '%') {
            n += (size_t)snprintf(path + n, 200 - n, "%lld",
                                  (long long)number_for(w, evidence, *++c));
        } else if (*c == ':' || *c == '*') {
            n += (size_t)snprintf(path + n, 200 - n, "999999");
            c += strcspn(c, "/") - 1;
        } else {
            path[n++] = *c;
        }
    }
    path[n] = '\0';
    return known;
}

/* Whether this person gets past the door of a route. */
static bool enters(const struct route *route, enum webtest_who who)
{
    switch (route->access) {
    case ROUTE_PUBLIC:
        return true;
    case ROUTE_SHARED:
        return who == WEBTEST_FRIEND ||
               (who == WEBTEST_OWNER && !strstr(route->pattern, "observe"));
    case ROUTE_COORDINATOR:
        return who == WEBTEST_COORDINATOR || who == WEBTEST_ADMINISTRATOR;
    case ROUTE_ADMINISTRATOR:
        return who == WEBTEST_ADMINISTRATOR;
    default:
        return who != WEBTEST_NOBODY;
    }
}

static bool to_sign_in(struct webtest_answer answer)
{
    return answer.status == 303 && answer.location.n >= 8 &&
           memcmp(answer.location.p, "/sign-in", 8) == 0;
}

/* Something new of the owner's for each request, since the one before may have used it up. */
static int64_t renew(struct webtest *w, enum webtest_who who)
{
    struct evidence_new piece = {.person_id = w->people[WEBTEST_OWNER],
                                 .skill_id = w->skill,
                                 .kind = EVIDENCE_SELF,
                                 .level = 2,
                                 .day = EVIDENCE_DAY_UNKNOWN};
    int64_t id = 0;
    webtest_share(w);
    webtest_sign_in(w, WEBTEST_OWNER);
    if (who != WEBTEST_NOBODY && who != WEBTEST_OWNER) {
        webtest_sign_in(w, who);
    }
    coachtest_as(&w->c, w->people[WEBTEST_OWNER]);
    coachtest_do(&w->c, evidence_add(&w->c.coach, &piece, &w->c.complaints, &id));
    coaching = access_coaching(w);
    coachtest_as_system(&w->c);
    return id;
}

static struct webtest_answer ask(struct webtest *w, const struct route *route, enum webtest_who who,
                                 const char *path)
{
    return route->method == ROUTE_GET ? webtest_get(w, who, path, NULL)
                                      : webtest_post(w, who, path, NULL);
}

/* What the answer must be; NULL: it is that. */
static const char *wrong_with(const struct route *route, enum webtest_who who, enum whose whose,
                              struct webtest_answer answer)
{
    int status = answer.status;
    bool may_not = who != WEBTEST_OWNER &&
                   (whose == OF_OWNER || (whose == OF_OWNER_TOO && who != WEBTEST_ADMINISTRATOR));
    if (!enters(route, who)) {
        bool leads = who == WEBTEST_NOBODY && route->method == ROUTE_GET;
        return (leads ? to_sign_in(answer) : status == 403) ? NULL : "not turned away";
    }
    if (may_not || row->whose == OF_GUIDE) {
        return status == 403 || status == 404 ? NULL : "does something with the owner's";
    }
    if (strncmp(route->pattern, "/welcome", 8) == 0 ||
        strncmp(route->pattern, "/unsubscribe", 12) == 0) {
        return status == 404 ? NULL : "a key that nobody made";
    }
    if (strncmp(route->pattern, "/sign-in", 8) == 0) {
        return status < 400 || status == 404 || status == 422 ? NULL : "sign-in";
    }
    if (route->access == ROUTE_ADMINISTRATOR || route->access == ROUTE_COORDINATOR) {
        return status != 403 && status < 500 ? NULL : "not let in";
    }
    if (route->method == ROUTE_GET) {
        return status == 200 ? NULL : "not shown";
    }
    return status == 303 || status == 422 || status == 400 ? NULL : "not looked at";
}

static void one(struct webtest *w, const struct route *route)
{
    int wrong = 0;
    for (int i = 0; i < WEBTEST_WHO__MAX; i++) {
        char path[200];
        enum whose whose;
        enum webtest_who who = (enum webtest_who)i;
        int64_t evidence = renew(w, who);
        if (!example(w, route, evidence, path, &whose)) {
            tap_ok(false, "%s: whose is it?  add it to the examples", route->pattern);
            return;
        }
        struct webtest_answer answer = ask(w, route, who, path);
        const char *fault = wrong_with(route, who, whose, answer);
        if (fault) {
            printf("# %s asks for %s: %d, %s\n", webtest_names[who], path, answer.status, fault);
            wrong++;
        }
    }
    tap_ok(wrong == 0, "%s: %s %s, asked by everybody", w->c.name, route_method_word(route->method),
           route->pattern);
}

/* A form that is not from a page of this session changes nothing. */
static void forged(struct webtest *w, const struct route *route)
{
    char path[200];
    enum whose whose;
    struct webtest_request r;
    if (route->method != ROUTE_POST || route->keyed) {
        return;
    }
    int64_t evidence = renew(w, WEBTEST_ADMINISTRATOR);
    enum webtest_who who =
        route->access == ROUTE_ADMINISTRATOR ? WEBTEST_ADMINISTRATOR : WEBTEST_OWNER;
    if (!example(w, route, evidence, path, &whose)) {
        return;
    }
    int wrong = 0;
    for (int way = 0; way < 3; way++) {
        static const char *const ways[] = {"from another site", "without a token",
                                           "that says not where it comes from"};
        if (way == 1 && route->open) {
            continue;
        }
        webtest_fresh(w);
        webtest_prepare(w, &r, who, path, NULL);
        r.req.method = HTTP_POST;
        r.req.body_kind = HTTP_BODY_URLENCODED;
        webtest_pairs(&r.req.form, r.form, NULL);
        if (way != 1) {
            r.form[r.req.form.n++] = (struct http_pair){str_of(CSRF_FIELD), str_of(r.token)};
        }
        if (way == 0) {
            r.headers[0].value = str_of("cross-site");
        } else if (way == 2) {
            r.req.headers.n = 0;
        }
        struct webtest_answer answer = webtest_send(w, &r);
        if (answer.status != 403) {
            printf("# %s %s: %d\n", path, ways[way], answer.status);
            wrong++;
        }
    }
    tap_ok(wrong == 0, "%s: POST %s takes no forged form", w->c.name, route->pattern);
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    webtest_open(&w, t);
    for (size_t i = 0; route_at(routes_all, i, NULL); i++) {
        const struct route *route = route_at(routes_all, i, NULL);
        one(&w, route);
        forged(&w, route);
    }
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
