/* Every route, asked by everybody, held against the table of access_rows.h: who may enter, and
 * whose things the address names.  A route without a row fails, and a row without a route. */
#include "coach/evidence.h"
#include "coach/meetings.h"
#include "coach/messages.h"
#include "web/access_coaching.h"
#include "web/access_rows.h"
#include "web/routes.h"
#include "web/webtest.h"

#define N_ROWS (sizeof access_rows / sizeof *access_rows)
#define NOTHING "999999"

static struct access_coaching coaching;

/* What the owner and their partner have together. */
static struct {
    int64_t pair, meeting, message;
} work;

static void make_work(struct webtest *w)
{
    struct coachtest *c = &w->c;
    int64_t at = w->now_ms + 100 * COACH_DAY_MS;
    work.pair = webtest_pair(w);
    const struct meeting_new made = {.partnership_id = work.pair,
                                     .times = {at},
                                     .n_times = 1,
                                     .minutes = 30,
                                     .subject = {"", 0},
                                     .place = {"", 0}};
    coachtest_as(c, w->people[WEBTEST_OWNER]);
    coachtest_do(c, meetings_propose(&c->coach, &made, &c->complaints, &work.meeting));
    coachtest_do(
        c, messages_send(&c->coach, work.pair, str_of("words"), &c->complaints, &work.message));
    coachtest_as(c, w->people[WEBTEST_COLLEAGUE]);
    coachtest_do(c, meetings_confirm(&c->coach, work.meeting, at));
    coachtest_as_system(c);
}

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
    case 'd':
        return w->domain;
    case 't':
        return w->task;
    case 'g':
        return w->programme;
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
    case 'w':
        return work.pair;
    case 'm':
        return work.meeting;
    case 'x':
        return work.message;
    default:
        return 0;
    }
}

static const struct access_row *row_of(const struct route *route)
{
    char name[200];
    snprintf(name, sizeof name, "%s %s", route_method_word(route->method), route->pattern);
    for (size_t i = 0; i < N_ROWS; i++) {
        if (strcmp(access_rows[i].route, name) == 0) {
            return &access_rows[i];
        }
    }
    return NULL;
}

/* Whether this person gets past the door of a route. */
static bool enters(const struct access_row *row, enum webtest_who who)
{
    switch (row->whom) {
    case ANYBODY:
        return true;
    case SHARED:
        return who == WEBTEST_FRIEND || who == WEBTEST_OWNER;
    case SHARERS:
        return who == WEBTEST_FRIEND;
    case COORDINATORS:
        return who == WEBTEST_COORDINATOR || who == WEBTEST_ADMINISTRATOR;
    case ADMINISTRATORS:
        return who == WEBTEST_ADMINISTRATOR;
    case SIGNED_IN:
    case WHOM__MAX:
        break;
    }
    return who != WEBTEST_NOBODY;
}

/* The address: of things that are there; but where somebody is let in and may change what belongs
 * to the organisation, of things that are not, so that asking changes nothing. */
static void address_of(const struct webtest *w, const struct access_row *row, enum webtest_who who,
                       int64_t evidence, char path[200])
{
    bool changes = row->route[0] == 'P' && row->whom >= COORDINATORS && enters(row, who);
    const char *from = row->path ? row->path : strchr(row->route, ' ') + 1;
    size_t n = 0;
    for (const char *c = from; *c; c++) {
        if (*c == '%' && changes) {
            n += (size_t)snprintf(path + n, 200 - n, NOTHING);
            c++;
        } else if (*c == '%') {
            n += (size_t)snprintf(path + n, 200 - n, "%lld",
                                  (long long)number_for(w, evidence, *++c));
        } else {
            path[n++] = *c;
        }
    }
    path[n] = '\0';
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

/* What is left of what was made last.  Only a form that was let in can have used something up: one
 * that is turned away leaves what the next one asks for. */
struct used {
    int64_t evidence;
    bool things, session[WEBTEST_WHO__MAX];
};

static struct webtest_answer ask(struct webtest *w, const struct route *route, enum webtest_who who,
                                 const char *path)
{
    return route->method == ROUTE_GET ? webtest_get(w, who, path, NULL)
                                      : webtest_post(w, who, path, NULL);
}

/* What the answer must be to somebody who gets past the door; NULL: it is that. */
static const char *wrong_inside(const struct route *route, const struct access_row *row,
                                const char *path, int status)
{
    bool get = route->method == ROUTE_GET, nothing = strstr(path, NOTHING) != NULL;
    if (strncmp(path, "/welcome", 8) == 0 || strncmp(path, "/unsubscribe", 12) == 0 ||
        strncmp(path, "/calendar/A", 11) == 0) {
        return status == 404 ? NULL : "a key that nobody made";
    }
    if (strncmp(path, "/sign-in", 8) == 0) {
        return status < 400 || status == 404 || status == 422 ? NULL : "sign-in";
    }
    if (get) {
        return nothing         ? status == 404 ? NULL : "shows what is not there"
               : status == 200 ? NULL
               : row->whom == ADMINISTRATORS && status == 303 ? NULL
                                                              : "not shown";
    }
    if (row->whom >= COORDINATORS) {
        return status != 403 && status < 500 ? NULL : "not let in";
    }
    if (strcmp(path, "/calendar/renew") == 0) {
        return status == 200 ? NULL : "a secret is shown where it is made, once";
    }
    return status == 303 || status == 422 || status == 400 ? NULL : "not looked at";
}

static const char *wrong_with(const struct route *route, const struct access_row *row,
                              enum webtest_who who, const char *path, struct webtest_answer answer)
{
    int status = answer.status;
    bool may_not = who != WEBTEST_OWNER &&
                   (row->whose == OF_OWNER || (row->whose == OF_PAIR && who != WEBTEST_COLLEAGUE) ||
                    (row->whose == OF_OWNER_TOO && who != WEBTEST_ADMINISTRATOR));
    if (!enters(row, who)) {
        bool leads = who == WEBTEST_NOBODY && route->method == ROUTE_GET;
        return (leads ? to_sign_in(answer) : status == 403) ? NULL : "not turned away";
    }
    if (may_not || row->whose == OF_GUIDE) {
        return status == 403 || status == 404 ? NULL : "does something with the owner's";
    }
    return wrong_inside(route, row, path, status);
}

static int64_t renew_for(struct webtest *w, enum webtest_who who, struct used *used)
{
    if (used->things || used->session[who]) {
        used->evidence = renew(w, who);
        used->things = used->session[who] = used->session[WEBTEST_OWNER] = false;
    }
    return used->evidence;
}

static void one(struct webtest *w, const struct route *route, const struct access_row *row,
                struct used *used)
{
    int wrong = 0;
    for (int i = 0; i < WEBTEST_WHO__MAX; i++) {
        char path[200];
        enum webtest_who who = (enum webtest_who)i;
        address_of(w, row, who, renew_for(w, who, used), path);
        struct webtest_answer answer = ask(w, route, who, path);
        const char *fault = wrong_with(route, row, who, path, answer);
        if (fault) {
            printf("# %s asks for %s: %d, %s\n", webtest_names[who], path, answer.status, fault);
            wrong++;
        }
        if (route->method == ROUTE_POST && answer.status != 403 && answer.status != 404) {
            used->things = used->session[who] = true;
        }
    }
    tap_ok(wrong == 0, "%s: %s, asked by everybody", w->c.name, row->route);
}

/* A form that is not from a page of this session changes nothing. */
static void forged(struct webtest *w, const struct route *route, const struct access_row *row,
                   struct used *used)
{
    static const char *const ways[] = {"from another site", "without a token",
                                       "that says not where it comes from"};
    char path[200];
    struct webtest_request r;
    int wrong = 0;
    if (route->method != ROUTE_POST || route->keyed) {
        return;
    }
    enum webtest_who who = row->whom == ADMINISTRATORS ? WEBTEST_ADMINISTRATOR : WEBTEST_OWNER;
    address_of(w, row, who, renew_for(w, who, used), path);
    for (int way = 0; way < 3; way++) {
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
    tap_ok(wrong == 0, "%s: %s takes no forged form", w->c.name, row->route);
}

/* What somebody may see and do of a partnership that is only proposed: the proposal itself, and
 * answering it.  From every other page they are led to it. */
static void proposed(struct webtest *w, enum webtest_who who, int64_t id, const char *how)
{
    char home[100], path[200];
    int wrong = 0, n = 0;
    (void)snprintf(home, sizeof home, "/partnerships/%lld", (long long)id);
    for (size_t i = 0; route_at(routes_all, i, NULL); i++) {
        const struct route *route = route_at(routes_all, i, NULL);
        const char *rest = route->pattern + strlen("/partnerships/:id");
        if (strncmp(route->pattern, "/partnerships/:id", strlen("/partnerships/:id")) != 0) {
            continue;
        }
        (void)snprintf(path, sizeof path, "%s%s", home, rest);
        struct webtest_answer answer = ask(w, route, who, path);
        bool led = answer.status == 303 && str_is(answer.location, home);
        n++;
        if (*rest ? !led : answer.status != 200) {
            printf("# %s %s: %d\n", route_method_word(route->method), path, answer.status);
            wrong++;
        }
    }
    tap_ok(wrong == 0 && n > 10, "%s: %s sees the proposal, nothing behind it", w->c.name, how);
}

static void test_proposed(struct webtest *w)
{
    struct coachtest *c = &w->c;
    int64_t id = 0;
    const struct partnership_new made = {
        .kind = PARTNERSHIP_PAIR,
        .members = {w->people[WEBTEST_OWNER], w->people[WEBTEST_COLLEAGUE]},
        .n_members = 2,
        .focuses = {{.learner_id = w->people[WEBTEST_OWNER],
                     .helper_id = w->people[WEBTEST_COLLEAGUE],
                     .skill_id = w->skill}},
        .n_focuses = 1,
        .words = {"", 0}};
    coachtest_as_system(c);
    coachtest_do(c, partnerships_propose(&c->coach, &made, &id));
    proposed(w, WEBTEST_COLLEAGUE, id, "who is asked");
    coachtest_as(c, w->people[WEBTEST_COLLEAGUE]);
    coachtest_do(c, partnerships_answer(&c->coach, id, true));
    proposed(w, WEBTEST_COLLEAGUE, id, "who has said yes and waits");
    proposed(w, WEBTEST_OWNER, id, "who has not");
    coachtest_as(c, w->people[WEBTEST_OWNER]);
    coachtest_do(c, partnerships_answer(&c->coach, id, false));
    coachtest_as_system(c);
    proposed(w, WEBTEST_COLLEAGUE, id, "when it did not come about, whoever said yes");
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    bool used[N_ROWS] = {false};
    webtest_open(&w, t);
    make_work(&w);
    test_proposed(&w);
    struct used last = {.evidence = renew(&w, WEBTEST_NOBODY)};
    for (size_t i = 0; route_at(routes_all, i, NULL); i++) {
        const struct route *route = route_at(routes_all, i, NULL);
        const struct access_row *row = row_of(route);
        if (!row) {
            tap_ok(false, "%s %s has a row in access_rows.h", route_method_word(route->method),
                   route->pattern);
            continue;
        }
        used[row - access_rows] = true;
        one(&w, route, row, &last);
        forged(&w, route, row, &last);
    }
    for (size_t i = 0; i < N_ROWS; i++) {
        if (!used[i]) {
            tap_ok(false, "%s is a route", access_rows[i].route);
        }
    }
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
