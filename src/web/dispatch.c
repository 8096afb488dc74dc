/* One request: see dispatch.h for the order of things. */
#include "web/dispatch.h"

#include "base/arena.h"
#include "base/log.h"
#include "coach/notices.h"
#include "http/assets.h"
#include "http/cookie.h"
#include "web/language.h"
#include "web/page.h"
#include "web/refusal.h"
#include "web/web.h"

#include <string.h>

/* What is found again when the handler runs once more, and after the answer (req->memo). */
struct memo {
    struct page page;
    bool renewed; /* the session got a new id during this request */
    char token[SESSIONS_TOKEN + 1];
    enum err outcome; /* of the handler */
};

static struct memo *memo_of(struct web *web, struct http_request *req, struct http_response *res)
{
    struct memo *memo = req->memo;
    if (!memo) {
        memo = arena_alloc(req->arena, 1, sizeof *memo);
        if (!memo) {
            return NULL;
        }
        req->memo = memo;
        coach_init(&memo->page.coach, web->db, req->arena, req->now_ms);
        memo->page.coach.memory = web->memory;
    }
    memo->page.web = web;
    memo->page.req = req;
    memo->page.res = res;
    memo->page.arena = req->arena;
    return memo;
}

/* -- Who asks ---------------------------------------------------------------------------------- */

static struct str session_token(const struct memo *memo)
{
    return memo->renewed ? str_of(memo->token) : cookie_find(memo->page.req, WEB_SESSION_COOKIE);
}

static enum err open_session(struct memo *memo)
{
    struct page *page = &memo->page;
    struct str token = session_token(memo);
    page->coach.actor = (struct actor){0};
    page->signed_in = false;
    if (!token.p) {
        return ERR_OK;
    }
    enum err err = sessions_open(&page->coach, token, &page->session);
    if (err == ERR_NOT_FOUND) {
        return ERR_OK;
    }
    if (err == ERR_OK) {
        err = people_get(&page->coach, page->session.person_id, &page->me);
    }
    if (err == ERR_OK) {
        err = notices_count(&page->coach, &page->n_news);
    }
    page->signed_in = err == ERR_OK;
    return err;
}

static bool may_enter(const struct page *page)
{
    const struct actor *actor = &page->coach.actor;
    switch (page->match.route->access) {
    case ROUTE_PUBLIC:
        return true;
    case ROUTE_COORDINATOR:
        return actor->coordinator || actor->administrator;
    case ROUTE_ADMINISTRATOR:
        return actor->administrator;
    default:
        return page->signed_in;
    }
}

/* Where to sign in, and from there back to the page that was asked for. */
static enum err to_sign_in(struct page *page)
{
    struct buf to;
    struct str path;
    buf_init(&to, page->arena, HTML_PATH_MAX / 2);
    buf_add(&to, page->req->path);
    if (buf_end(&to, &path) != ERR_OK || str_is(path, "/")) {
        return page_go(page, FLASH_NONE, 0, str_of("/sign-in"));
    }
    return page_go(page, FLASH_NONE, 0, page_path(page, "/sign-in?to={}", html_part(path)));
}

/* -- The handler --------------------------------------------------------------------------------
 */

static enum err read_fields(struct page *page)
{
    const struct route *route = page->match.route;
    bool form = route->method == ROUTE_POST;
    page->tried = form && route->n_fields > 0;
    complaint_init(&page->complaints, page->arena);
    enum err err =
        field_read(route->fields, route->n_fields, form ? &page->req->form : &page->req->query,
                   page->arena, &page->fields);
    for (int i = 0; err == ERR_OK && form && i < page->fields.n_complaints; i++) {
        const struct field_complaint *wrong = &page->fields.complaints[i];
        struct str text = FILL(page, T(page, wrong->message), CATALOG_INT("least", wrong->least),
                               CATALOG_INT("most", wrong->most));
        /* in the page's language already, which no catalogue changes again */
        complaint_add(&page->complaints, wrong->name, text.p);
    }
    return err == ERR_OK ? page->complaints.err : err;
}

/* The session is known, the person may enter: the rest. */
static enum err run_handler(struct page *page)
{
    const struct route *route = page->match.route;
    enum err err = csrf_check(page->req, route_csrf(route), page->session.csrf_key);
    if (err != ERR_OK) {
        return err == ERR_FORBIDDEN ? refusal_write(page, REFUSAL_FORM_EXPIRED) : err;
    }
    bool gone = false;
    err = read_fields(page);
    if (err == ERR_OK && route->enter) {
        err = route->enter(page, &gone);
    }
    if (err == ERR_OK && !gone) {
        err = route->handle(page);
    }
    if (err == ERR_PENDING) {
        page->pending = true;
        return ERR_OK; /* so that what was written is committed */
    }
    return err;
}

/* One run in one transaction. */
static enum err attempt(struct coach *coach, void *ctx)
{
    struct memo *memo = ctx;
    struct page *page = &memo->page;
    response_reset(page->res);
    page->pending = page->shown = page->signed_in = page->unserved = false;
    page->wait_ms = page->n_news = 0;
    page->after = NULL;
    enum err err = web_read_site(page->web, coach);
    if (err == ERR_OK) {
        err = open_session(memo);
    }
    if (err != ERR_OK) {
        return err;
    }
    if (page->signed_in && page->session.renew && !coach->writes) {
        return ERR_CONFLICT; /* dispatch_handle renews it and comes back */
    }
    if (memo->renewed) {
        cookie_set(page->res, WEB_SESSION_COOKIE, str_of(memo->token), 0);
    }
    language_choose(page);
    if (!page->signed_in && page->match.route->access != ROUTE_PUBLIC) {
        return page->match.route->method == ROUTE_GET ? to_sign_in(page)
                                                      : refusal_write(page, REFUSAL_SIGNED_OUT);
    }
    return may_enter(page) ? run_handler(page) : refusal_write(page, REFUSAL_NOT_YOURS);
}

static enum err renew(struct coach *coach, void *ctx)
{
    struct memo *memo = ctx;
    struct session session;
    struct str token = cookie_find(memo->page.req, WEB_SESSION_COOKIE);
    enum err err = sessions_open(coach, token, &session);
    if (err == ERR_OK && session.renew) {
        err = sessions_renew(coach, &session, memo->token);
    }
    return err;
}

static enum err run(struct memo *memo)
{
    struct page *page = &memo->page;
    const struct route *route = page->match.route;
    enum coach_mode mode = route->method == ROUTE_GET && !route->writes ? COACH_READ : COACH_WRITE;
    enum err err = coach_transact(&page->coach, mode, attempt, memo);
    if (err == ERR_CONFLICT && mode == COACH_READ && page->signed_in && page->session.renew &&
        !memo->renewed) {
        err = coach_transact(&page->coach, COACH_WRITE, renew, memo);
        if (err == ERR_OK) {
            memo->renewed = true;
            err = coach_transact(&page->coach, mode, attempt, memo);
        }
    }
    return err;
}

/* -- The server's calls ------------------------------------------------------------------------ */

static bool is_asset(struct str path)
{
    return path.n > 3 && memcmp(path.p, "/a/", 3) == 0;
}

/* Writes what is wrong to the log: a page tells people what to do, not what happened. */
static void log_failure(const struct page *page, enum err err)
{
    struct log line;
    log_begin(&line, "failure");
    log_text(&line, "id", str_of(page->req->id));
    log_text(&line, "route", str_of(page->match.route->pattern));
    log_text(&line, "error", str_of(err_name(err)));
    if (err == ERR_IO || err == ERR_INVALID || err == ERR_CHECK || err == ERR_UNIQUE ||
        err == ERR_REFERENCE) {
        log_text(&line, "database", str_of(coach_message(&page->coach)));
    }
    log_end(&line);
}

static enum err refuse(struct memo *memo, enum refusal refusal)
{
    response_reset(memo->page.res);
    if (memo->renewed) {
        cookie_set(memo->page.res, WEB_SESSION_COOKIE, str_of(memo->token), 0);
    }
    return refusal_write(&memo->page, refusal);
}

enum err dispatch_handle(void *state, struct http_request *req, struct http_response *res)
{
    struct web *web = state;
    if (is_asset(req->path)) {
        req->route = "/a/*";
        enum err err = assets_serve(web->options->assets, req, res);
        if (err != ERR_NOT_FOUND) {
            return err;
        }
        response_text(res, 404, "There is no such file.\n");
        return ERR_OK;
    }
    struct memo *memo = memo_of(web, req, res);
    if (!memo) {
        return ERR_NOMEM;
    }
    struct page *page = &memo->page;
    const char *allow = "";
    enum err err = router_find(web->router, req->method, req->path, &page->match, &allow);
    if (err != ERR_OK) {
        page->match = (struct route_match){.route = refusal_route(err)};
        req->route = page->match.route->pattern;
        err = run(memo);
        response_header(res, "Allow", str_of(allow));
        return err == ERR_OK ? ERR_OK : refuse(memo, refusal_of(page, err));
    }
    req->route = page->match.route->pattern;
    err = memo->outcome = run(memo);
    if (err == ERR_OK && page->pending) {
        page->pass++;
        return ERR_PENDING;
    }
    if (err == ERR_OK || (err == ERR_INVALID && page->shown) || err == ERR_NOMEM) {
        return err == ERR_INVALID ? ERR_OK : err;
    }
    enum refusal refusal = refusal_of(page, err);
    if (refusal == REFUSAL_FAILURE || refusal == REFUSAL_BUSY) {
        log_failure(page, err);
    }
    return refuse(memo, refusal);
}

static enum err see(struct coach *coach, void *ctx)
{
    return sessions_touch(coach, ctx);
}

static enum err write_down(struct coach *coach, void *ctx)
{
    const struct page *page = ctx;
    return page->after(coach, page->after_values);
}

void dispatch_after(void *state, const struct http_request *req, const struct http_response *res)
{
    (void)state;
    (void)res;
    struct memo *memo = req->memo;
    if (!memo) {
        return;
    }
    struct page *page = &memo->page;
    enum err err = coach_settle(&page->coach);
    if (err == ERR_OK && page->signed_in && page->session.touch) {
        err = coach_transact(&page->coach, COACH_WRITE, see, &page->session);
    }
    if ((err == ERR_OK || err == ERR_NOT_FOUND) && page->signed_in && page->after) {
        err = coach_transact(&page->coach, COACH_WRITE, write_down, page);
    }
    if (err != ERR_OK && err != ERR_NOT_FOUND) {
        log_failure(page, err);
    }
}

static enum err look_who(struct coach *coach, void *ctx)
{
    (void)coach;
    return open_session(ctx);
}

/* Files are taken only from whoever may send them, before a byte of them is read. */
void dispatch_admit(void *state, struct http_request *req, struct server_admission *admission)
{
    struct web *web = state;
    struct memo memo = {0};
    struct page *page = &memo.page;
    const char *allow = NULL;
    admission->body = SERVER_BODY_FORM;
    enum err err = router_find(web->router, req->method, req->path, &page->match, &allow);
    if (err != ERR_OK) {
        admission->refuse = err == ERR_REFUSED ? 405 : 404;
        admission->allow = allow;
        return;
    }
    const struct route *route = page->match.route;
    req->route = route->pattern;
    if (route->body == ROUTE_BODY_FORM) {
        return;
    }
    page->req = req;
    coach_init(&page->coach, web->db, req->arena, req->now_ms);
    err = coach_transact(&page->coach, COACH_READ, look_who, &memo);
    if (err != ERR_OK || !may_enter(page)) {
        admission->refuse = err == ERR_OK ? 403 : 503;
        return;
    }
    if (route->body == ROUTE_BODY_FILES) {
        admission->body = SERVER_BODY_FILES;
    } else {
        admission->body = SERVER_BODY_FILE;
    }
}

void dispatch_failed(void *state, const struct http_request *req, int status,
                     struct http_response *res)
{
    struct page page = {0};
    struct http_request copy = *req;
    page.web = state;
    page.req = &copy;
    page.res = res;
    page.arena = res->arena;
    copy.arena = res->arena;
    coach_init(&page.coach, page.web->db, res->arena, req->now_ms);
    language_choose(&page);
    if (refusal_write(&page, refusal_of_status(status)) != ERR_OK) {
        response_reset(res);
        response_text(res, status, "Something is wrong with this request.\n");
    }
    res->status = status;
}
