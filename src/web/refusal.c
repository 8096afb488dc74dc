/* The table of refusals: status, words, and the one thing to do next. */
#include "web/refusal.h"

#include "base/buf.h"
#include "web/page.h"
#include "web/web.h"

static const struct {
    int status;
    const char *title, *text, *action;
    const char
        *url; /* of the action; NULL: the page before, which only the person can go back to */
} refusals[REFUSAL__MAX] = {
    [REFUSAL_BAD_REQUEST] = {400, N_("This request was not understood"),
                             N_("The address or the form has something in it that does not belong "
                                "there. Go back and try again; if it came from a link, the link "
                                "may be cut off."),
                             N_("To the first page"), "/"},
    [REFUSAL_NOT_YOURS] = {403, N_("This is not open to you"),
                           N_("It belongs to somebody else, or to another role. People decide "
                              "themselves who sees their work: ask them to share it with you."),
                           N_("To the first page"), "/"},
    [REFUSAL_SIGNED_OUT] = {403, N_("You are signed out"),
                            N_("Nothing was saved, because your session had ended. Sign in, then "
                               "send the form again."),
                            N_("Sign in"), "/sign-in"},
    [REFUSAL_FORM_EXPIRED] = {403, N_("This form is out of date"),
                              N_("Nothing was saved. Go back, load the page again and send the "
                                 "form once more. This protects you against forms that other "
                                 "sites send in your name."),
                              N_("To the first page"), "/"},
    [REFUSAL_NOT_FOUND] = {404, N_("There is no such page"),
                           N_("It may have been removed, or the address has a typing mistake."),
                           N_("To the first page"), "/"},
    [REFUSAL_METHOD] = {405, N_("This address works in another way"),
                        N_("It cannot be opened like this. Go to the first page and take the way "
                           "from there."),
                        N_("To the first page"), "/"},
    [REFUSAL_TIMEOUT] = {408, N_("That took too long"),
                         N_("The request did not arrive in time. Check the connection and try "
                            "again."),
                         N_("To the first page"), "/"},
    [REFUSAL_CONFLICT] = {409, N_("That is not possible now"),
                          N_("Something else was changed at the same moment, or something still "
                             "depends on it. Go back, load the page again and look at it as it "
                             "is now."),
                          N_("To the first page"), "/"},
    [REFUSAL_TOO_LARGE] = {413, N_("This is too large"),
                           N_("Duet does not take that much at once. Send a smaller file or a "
                              "shorter text."),
                           N_("To the first page"), "/"},
    [REFUSAL_TOO_MANY] = {429, N_("Too many attempts"),
                          N_("To protect accounts, Duet waits a little after many attempts. "
                             "Nothing is lost."),
                          N_("To the first page"), "/"},
    [REFUSAL_FAILURE] = {500, N_("Something went wrong on our side"),
                         N_("Nothing was saved. It is not your mistake. Try again; if it happens "
                            "again, tell your administrator the number below."),
                         N_("To the first page"), "/"},
    [REFUSAL_BUSY] = {503, N_("Duet is busy"),
                      N_("Nothing was saved. Wait a moment and try again."),
                      N_("To the first page"), "/"},
};

enum refusal refusal_of(const struct page *page, enum err err)
{
    if (page->unserved) {
        return REFUSAL_BUSY;
    }
    switch (err) {
    case ERR_FORBIDDEN:
        return REFUSAL_NOT_YOURS;
    case ERR_NOT_FOUND:
        return REFUSAL_NOT_FOUND;
    case ERR_CONFLICT:
    case ERR_UNIQUE:
    case ERR_REFERENCE:
        return REFUSAL_CONFLICT;
    case ERR_LIMIT:
        return page->wait_ms > 0 ? REFUSAL_TOO_MANY : REFUSAL_TOO_LARGE;
    case ERR_RANGE:
        return REFUSAL_BAD_REQUEST;
    case ERR_REFUSED:
        return REFUSAL_METHOD;
    case ERR_BUSY:
        return REFUSAL_BUSY;
    default:
        return REFUSAL_FAILURE;
    }
}

enum refusal refusal_of_status(int status)
{
    for (int i = 0; i < REFUSAL__MAX; i++) {
        if (refusals[i].status == status) {
            return (enum refusal)i;
        }
    }
    if (status == 414 || status == 431) {
        return REFUSAL_TOO_LARGE;
    }
    return status >= 500 ? REFUSAL_FAILURE : REFUSAL_BAD_REQUEST;
}

/* "Wait 3 minutes": in minutes, upwards, since seconds would make people count. */
static void write_wait(struct page *page)
{
    struct buf buf;
    struct str seconds;
    int64_t wait_s = (page->wait_ms + 999) / 1000;
    int64_t minutes = (wait_s + 59) / 60;
    part_paragraph(&page->html,
                   FILL(page,
                        TN(page, "Try again in {n} minute.", "Try again in {n} minutes.", minutes),
                        CATALOG_INT("n", minutes)));
    buf_init(&buf, page->arena, 32);
    buf_add_int(&buf, wait_s);
    if (buf_end(&buf, &seconds) == ERR_OK) {
        response_header(page->res, "Retry-After", seconds);
    }
}

enum err refusal_write(struct page *page, enum refusal refusal)
{
    page->res->status = refusals[refusal].status;
    struct html *h = page_open(page, &(struct page_head){
                                         .title = T(page, refusals[refusal].title),
                                         .plain = !page->signed_in,
                                     });
    part_lead(h, T(page, refusals[refusal].text));
    if (page->wait_ms > 0) {
        write_wait(page);
    }
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_NONE, T(page, refusals[refusal].action),
                     str_of(refusals[refusal].url));
    part_buttons_close(h);
    if (refusal == REFUSAL_FAILURE || refusal == REFUSAL_BUSY) {
        part_quiet(h, FILL(page, T(page, "Number of this request: {id}"),
                           CATALOG_TEXT("id", str_of(page->req->id))));
    }
    return page_close(page);
}

static enum err not_found(struct page *page)
{
    return refusal_write(page, REFUSAL_NOT_FOUND);
}

static enum err other_method(struct page *page)
{
    return refusal_write(page, REFUSAL_METHOD);
}

const struct route *refusal_route(enum err err)
{
    static const struct route routes[] = {
        {ROUTE_GET, "(none)", ROUTE_PUBLIC, .handle = not_found, .about = "no such address"},
        {ROUTE_GET, "(method)", ROUTE_PUBLIC, .handle = other_method, .about = "another method"},
    };
    return &routes[err == ERR_REFUSED];
}
