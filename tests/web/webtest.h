/* The frame of tests of pages: a small district in a database, and requests without a network.
 *
 *     static void suite(const struct dbtest *t)
 *     {
 *         struct webtest w;
 *         webtest_open(&w, t);
 *         struct webtest_answer a = webtest_get(&w, WEBTEST_OWNER, "/skills");
 *         tap_ok(a.status == 200, "...");
 *         webtest_close(&w);
 *     }
 */
#ifndef DUET_TESTS_WEB_WEBTEST_H
#define DUET_TESTS_WEB_WEBTEST_H

#include "base/asset.h"
#include "coach/coachtest.h"
#include "coach/evaluators.h"
#include "coach/frameworks.h"
#include "coach/partnerships.h"
#include "coach/sessions.h"
#include "coach/shares.h"
#include "http/csrf.h"
#include "web/dispatch.h"
#include "web/page.h"
#include "web/web.h"

/* Who asks. */
enum webtest_who {
    WEBTEST_NOBODY,
    WEBTEST_OWNER,         /* a participant whose things the addresses name */
    WEBTEST_FRIEND,        /* the owner shares all skills with them */
    WEBTEST_COLLEAGUE,     /* a participant of the same school */
    WEBTEST_EVALUATOR,     /* of the owner */
    WEBTEST_COORDINATOR,   /* of the owner's school */
    WEBTEST_ADMINISTRATOR, /* of the organisation */
    WEBTEST_WHO__MAX
};

static const char *const webtest_names[WEBTEST_WHO__MAX] = {
    "nobody",       "the owner",     "a friend",        "a colleague",
    "an evaluator", "a coordinator", "an administrator"};

struct webtest {
    struct coachtest c;
    struct web_options options;
    struct web *web;
    int64_t people[WEBTEST_WHO__MAX];
    char tokens[WEBTEST_WHO__MAX][SESSIONS_TOKEN + 1];
    struct session sessions[WEBTEST_WHO__MAX];
    int64_t organisation, school, framework, domain, skill, task, share;
    int64_t programme;   /* that the owner alone was asked to take part in */
    struct arena *arena; /* of the last answer */
    int64_t now_ms;
};

struct webtest_answer {
    int status;
    struct str body, location; /* valid until the next request */
    struct http_response *res;
};

static inline void webtest_sign_in(struct webtest *w, enum webtest_who who)
{
    coachtest_as_system(&w->c);
    coachtest_do(&w->c, sessions_start(&w->c.coach, w->people[who], SESSION_PASSWORD,
                                       str_of("test"), w->tokens[who], &w->sessions[who]));
}

static inline void webtest_share(struct webtest *w)
{
    coachtest_as(&w->c, w->people[WEBTEST_OWNER]);
    coachtest_do(&w->c,
                 shares_give(&w->c.coach, w->people[WEBTEST_FRIEND], SHARE_ZONES, 0, &w->share));
    coachtest_as_system(&w->c);
}

static inline void webtest_people(struct webtest *w)
{
    static const char *const given[WEBTEST_WHO__MAX] = {"",    "Owen", "Fran", "Cole",
                                                        "Eve", "Cora", "Ada"};
    struct coachtest *c = &w->c;
    w->organisation = coachtest_unit(c, 0, UNIT_ORGANISATION, "Riverside");
    w->school = coachtest_unit(c, w->organisation, UNIT_SCHOOL, "Hill School");
    for (int i = WEBTEST_OWNER; i < WEBTEST_WHO__MAX; i++) {
        w->people[i] = coachtest_person(c, given[i], "Tester");
        coachtest_role(c, w->people[i], w->school, ROLE_PARTICIPANT);
    }
    coachtest_role(c, w->people[WEBTEST_COORDINATOR], w->school, ROLE_COORDINATOR);
    coachtest_role(c, w->people[WEBTEST_ADMINISTRATOR], w->organisation, ROLE_ADMINISTRATOR);
    coachtest_do(c,
                 evaluators_add(&c->coach, w->people[WEBTEST_EVALUATOR], w->people[WEBTEST_OWNER]));
}

static inline void webtest_skills(struct webtest *w)
{
    struct framework *tree;
    struct frameworks_summary summary;
    struct coachtest *c = &w->c;
    coachtest_must(c, frameworks_read_shipped(c->coach.arena, 0, &tree), "framework");
    coachtest_do(c, frameworks_bring(&c->coach, tree, 0, &summary));
    w->framework = summary.id;
    coachtest_must(c,
                   coachtest_read(c, frameworks_get(&c->coach, summary.id, str_of("en"),
                                                    FRAMEWORKS_TASKS, &tree)),
                   "framework");
    w->domain = tree->domains[0].id;
    w->skill = tree->domains[0].skills[0].id;
    w->task = tree->domains[0].skills[0].tasks[0].id;
}

static inline void webtest_programme(struct webtest *w)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
             "changed_ms) VALUES ('Pairs', %lld, 20000, 20090, 'open', 1, 1)",
             (long long)w->framework);
    coachtest_script(&w->c, sql);
    w->programme = coachtest_number(&w->c, "SELECT max(id) FROM programme");
    snprintf(sql, sizeof sql,
             "INSERT INTO programme_person (programme_id, person_id, state, source, created_ms) "
             "VALUES (%lld, %lld, 'invited', 'added', 1)",
             (long long)w->programme, (long long)w->people[WEBTEST_OWNER]);
    coachtest_script(&w->c, sql);
}

/* The owner and a colleague work together: the partnership, active. */
static inline int64_t webtest_pair(struct webtest *w)
{
    static const enum webtest_who both[] = {WEBTEST_OWNER, WEBTEST_COLLEAGUE};
    struct coachtest *c = &w->c;
    struct partnership p = {0};
    int64_t id = 0;
    const struct partnership_new made = {
        .kind = PARTNERSHIP_PAIR,
        .members = {w->people[WEBTEST_OWNER], w->people[WEBTEST_COLLEAGUE]},
        .n_members = 2,
        .n_focuses = 0, /* so that nothing is shared */
        .words = {"", 0},
    };
    coachtest_as_system(c);
    coachtest_do(c, partnerships_propose(&c->coach, &made, &id));
    for (int i = 0; i < 2; i++) {
        coachtest_as(c, w->people[both[i]]);
        coachtest_do(c, partnerships_answer(&c->coach, id, true));
    }
    for (int i = 0; i < 2; i++) {
        coachtest_as(c, w->people[both[i]]);
        coachtest_must(c, coachtest_read(c, partnerships_get(&c->coach, id, str_of("en"), &p)),
                       "partnership");
        coachtest_do(c, partnerships_sign(&c->coach, id, p.agreement_version));
    }
    coachtest_as_system(c);
    return id;
}

static inline void webtest_open(struct webtest *w, const struct dbtest *t)
{
    *w = (struct webtest){.now_ms = coach_clock_ms()};
    coachtest_open(&w->c, t);
    w->c.coach.now_ms = w->now_ms;
    webtest_people(w);
    webtest_skills(w);
    webtest_programme(w);
    webtest_share(w);
    for (int i = WEBTEST_OWNER; i < WEBTEST_WHO__MAX; i++) {
        webtest_sign_in(w, (enum webtest_who)i);
    }
    w->options = (struct web_options){
        .database = t->where, .data_dir = t->folder, .assets = &asset_embedded};
    if (web_open(&w->options, NULL, &w->web) != ERR_OK) {
        printf("Bail out! the pages cannot be opened\n");
        exit(1);
    }
}

static inline void webtest_close(struct webtest *w)
{
    arena_free(w->arena);
    web_close(w->web);
    coachtest_close(&w->c);
}

/* -- Requests -------------------------------------------------------------------------------------
 */

#define WEBTEST_PAIRS 40

struct webtest_request {
    struct http_request req;
    struct http_pair cookies[1], headers[2], form[WEBTEST_PAIRS], query[WEBTEST_PAIRS];
    char token[CSRF_TEXT + 1];
};

/* "a=1&b=2", without escapes. */
static inline void webtest_pairs(struct http_pairs *pairs, struct http_pair *items,
                                 const char *text)
{
    pairs->items = items;
    while (text && *text && pairs->n < WEBTEST_PAIRS - 1) {
        size_t n = strcspn(text, "&"), name = strcspn(text, "=");
        items[pairs->n++] =
            (struct http_pair){{text, name}, {text + name + 1, n > name ? n - name - 1 : 0}};
        text += n + (text[n] == '&');
    }
}

static inline void webtest_prepare(struct webtest *w, struct webtest_request *r,
                                   enum webtest_who who, const char *path, const char *query)
{
    *r = (struct webtest_request){0};
    r->req.path = str_of(path);
    r->req.host = str_of("duet.test");
    r->req.secure = true;
    r->req.now_ms = w->now_ms;
    r->req.arena = w->arena;
    snprintf(r->req.id, sizeof r->req.id, "test");
    snprintf(r->req.address, sizeof r->req.address, "192.0.2.1");
    r->headers[0] = (struct http_pair){str_of("sec-fetch-site"), str_of("same-origin")};
    r->req.headers = (struct http_pairs){r->headers, 1};
    if (who != WEBTEST_NOBODY) {
        r->cookies[0] =
            (struct http_pair){str_of("__Host-" WEB_SESSION_COOKIE), str_of(w->tokens[who])};
        r->req.cookies = (struct http_pairs){r->cookies, 1};
        csrf_token(w->sessions[who].csrf_key, r->token);
    }
    webtest_pairs(&r->req.query, r->query, query);
}

static inline struct webtest_answer webtest_send(struct webtest *w, struct webtest_request *r)
{
    struct http_response *res = arena_alloc(w->arena, 1, sizeof *res);
    struct webtest_answer answer = {0};
    response_init(res, w->arena);
    enum err err = dispatch_handle(w->web, &r->req, res);
    if (err != ERR_OK) {
        printf("# dispatch: %s\n", err_name(err));
        answer.status = 500;
        return answer;
    }
    dispatch_after(w->web, &r->req, res);
    answer.res = res;
    answer.status = res->status;
    answer.body = (struct str){res->body.p ? res->body.p : "", res->body.n};
    answer.location = str_of("");
    for (int i = 0; i < res->n_headers; i++) {
        if (strcmp(res->headers[i].name, "Location") == 0) {
            answer.location = res->headers[i].value;
        }
    }
    return answer;
}

static inline void webtest_fresh(struct webtest *w)
{
    arena_free(w->arena);
    w->arena = arena_new(0);
}

static inline struct webtest_answer webtest_get(struct webtest *w, enum webtest_who who,
                                                const char *path, const char *query)
{
    struct webtest_request r;
    webtest_fresh(w);
    webtest_prepare(w, &r, who, path, query);
    r.req.method = HTTP_GET;
    return webtest_send(w, &r);
}

static inline struct webtest_answer webtest_post(struct webtest *w, enum webtest_who who,
                                                 const char *path, const char *form)
{
    struct webtest_request r;
    webtest_fresh(w);
    webtest_prepare(w, &r, who, path, NULL);
    r.req.method = HTTP_POST;
    r.req.body_kind = HTTP_BODY_URLENCODED;
    webtest_pairs(&r.req.form, r.form, form);
    r.form[r.req.form.n++] = (struct http_pair){str_of(CSRF_FIELD), str_of(r.token)};
    return webtest_send(w, &r);
}

/* Where the answer says it first; its length, where it does not. */
static inline size_t webtest_place(struct webtest_answer answer, const char *text)
{
    size_t n = strlen(text), at = 0;
    while (at + n <= answer.body.n && memcmp(answer.body.p + at, text, n) != 0) {
        at++;
    }
    return at + n <= answer.body.n ? at : answer.body.n;
}

static inline bool webtest_says(struct webtest_answer answer, const char *text)
{
    return webtest_place(answer, text) < answer.body.n;
}

#endif
