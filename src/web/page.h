/* What a handler is given, and what pages are made with.
 *
 *     static enum err show(struct page *page)
 *     {
 *         struct unit unit;
 *         enum err err = units_get(&page->coach, page_id(page, "id"), &unit);
 *         if (err != ERR_OK) {
 *             return err;                                // 403, 404 ... are made by dispatch.c
 *         }
 *         struct html *h = page_open(page, &(struct page_head){.title = unit.name});
 *         part_paragraph(h, T(page, "People who work here."));
 *         return page_close(page);
 *     }
 *
 * A handler reads typed values only (page_number ...), asks coach/, and either writes a page or
 * goes on to another address (page_go): after a POST that did something, always the latter.
 *
 * What it returns
 *   ERR_OK         the answer is complete; the transaction is committed
 *   ERR_INVALID    from page_again: the form is shown once more with what is wrong; nothing that
 *                  was written stays
 *   ERR_PENDING    a service was asked (hasher.h): what was written so far is committed, and the
 *                  handler runs again from its start with page->pass one higher
 *   ERR_BUSY       the transaction runs again, on a fresh answer
 *   others         a page that says so in words: 403, 404, 409, 429, 500 ...
 * So it must bear running again: no state but in the database and in the page. */
#ifndef DUET_WEB_PAGE_H
#define DUET_WEB_PAGE_H

#include "base/catalog.h"
#include "base/err.h"
#include "base/str.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/people.h"
#include "coach/sessions.h"
#include "html/html.h"
#include "html/parts.h"
#include "http/field.h"
#include "http/request.h"
#include "http/response.h"
#include "web/flash.h"
#include "web/route.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct web;

/* The part of the site that a page belongs to. */
enum page_nav {
    PAGE_NAV_NONE,
    PAGE_NAV_TODAY,
    PAGE_NAV_SKILLS,
    PAGE_NAV_COACHING,
    PAGE_NAV_PEOPLE,
    PAGE_NAV_PROGRAMMES, /* for those who arrange them */
    PAGE_NAV_SETUP,
    PAGE_NAV_ME, /* the menu of the person */
    PAGE_NAV__MAX
};

struct page {
    struct web *web;
    struct http_request *req;
    struct http_response *res;
    struct arena *arena; /* lives until the answer has been sent */
    struct coach coach;

    struct route_match match;
    struct field_set fields;
    bool tried;                   /* a form was sent: show what was typed */
    struct complaints complaints; /* about it: first those of the fields, then coach's */

    const struct catalog *catalog; /* the language of the page ... */
    struct str locale;             /* ... and its tag, for coach/ */
    enum part_theme theme;
    int32_t today; /* in the organisation's time zone, days since 1970-01-01 */

    bool signed_in; /* session and me are set */
    struct session session;
    struct person me;
    int64_t n_news; /* notices that the person has not seen */
    int again_s;    /* the page looks again by itself after so many seconds; 0: it does not */

    /* What a GET leaves to be written down once the answer is sent ("they have seen this"): runs in
     * a write transaction of its own, as the same person; NULL: nothing. */
    enum err (*after)(struct coach *coach, const int64_t values[2]);
    int64_t after_values[2];

    int pass;      /* how often a service was waited for already */
    void *kept;    /* the handler's own, NULL at first, for when it runs again; in `arena` */
    bool pending;  /* it is waiting now */
    bool shown;    /* page_again has written the answer */
    bool unserved; /* see page_served */
    enum page_nav nav;
    int64_t wait_ms; /* with ERR_LIMIT: when it may be tried again; 0: not known */
    struct html html;
};

/* -- Words ------------------------------------------------------------------------------------ */

/* The text in the page's language.  FILL(page, T(page, "Hello {name}"), CATALOG_TEXT("name", x)) */
#define T(page, id) catalog_text((page)->catalog, (id))
#define TN(page, one, many, n) catalog_plural((page)->catalog, (one), (many), (n))
#define TX(page, context, id) catalog_context((page)->catalog, (context), (id))
#define FILL(page, text, ...) catalog_fill((page)->arena, (text), __VA_ARGS__)

/* "12 March 2027", "yesterday": of a day, and of a moment in the organisation's time zone. */
struct str page_day(struct page *page, int32_t day);
struct str page_day_from_today(struct page *page, int32_t day);
int32_t page_day_of(const struct page *page, int64_t at_ms);
struct str page_moment(struct page *page, int64_t at_ms); /* "yesterday, 14:05" */
/* The same in <time>. */
void page_write_day(struct page *page, int32_t day);
void page_write_moment(struct page *page, int64_t at_ms);

/* -- What came with the request --------------------------------------------------------------- */

/* The value of ":name" and "*name" in the address; asking for another name is our mistake. */
int64_t page_id(const struct page *page, const char *name);
struct str page_word(const struct page *page, const char *name);

/* A field by its index in the route's table. */
bool page_given(const struct page *page, int field);
struct str page_text(const struct page *page, int field);
int64_t page_number(const struct page *page, int field);
/* The ids of a list; NULL: no memory. */
int64_t *page_ids(const struct page *page, int field, size_t *n);
/* What was typed, whether it is right or not. */
struct str page_typed(const struct page *page, int field);
/* For showing a form: what was typed if it was sent, else what is stored. */
struct str page_value(const struct page *page, int field, struct str stored);
/* The same of a choice or id, and of a box to tick. */
int64_t page_value_number(const struct page *page, int field, int64_t stored);
/* Whether `value` is among those sent of a list; `stored` when nothing was sent. */
bool page_value_has(const struct page *page, int field, int64_t value, bool stored);

/* A whole number in digits, for values of forms. */
struct str page_digits(struct page *page, int64_t number);

/* -- Writing a page --------------------------------------------------------------------------- */

struct page_head {
    struct str title;
    struct str lead, eyebrow;  /* may be empty */
    struct str back, back_url; /* where one came from; may be empty */
    enum page_nav nav;         /* 0: as the route's set says nothing, none */
    enum part_width width;
    bool plain;               /* one thing to do: no navigation (sign-in, errors) */
    struct str browser_title; /* empty: the title */
};

/* Document, masthead, flash message, title; the page's main is open when it returns. */
struct html *page_open(struct page *page, const struct page_head *head);
/* Footer and end; ERR_OK when everything written was right. */
MUST_CHECK enum err page_close(struct page *page);

/* A paragraph that is one link. */
void page_link(struct page *page, struct str text, struct str url);

/* Somebody, with the link to their page; units, or what else tells them apart. */
void page_person(struct page *page, int64_t id, struct str name, struct str detail);

/* Below a list of which a part is shown, each empty where it leads nowhere: to its beginning, and
 * on. */
void page_turns(struct page *page, struct str first_url, struct str next_url);

/* How far some work in the background has come (part_progress).  page->again_s, set before
 * page_open, says how often the page looks again by itself, until the work is done. */
void page_progress(struct page *page, struct str label, int64_t done, int64_t of);

/* -- Forms ------------------------------------------------------------------------------------ */

/* A form that POSTs to `action`, with the token of the session. */
void page_form_open(struct page *page, struct str action);
void page_upload_open(struct page *page, struct str action);
void page_form_close(struct page *page);

/* A form that is one button. */
void page_button_form(struct page *page, struct str action, const struct part_button *button);
/* The same; the browser asks "..." first, where scripts run. */
void page_button_ask(struct page *page, struct str action, const struct part_button *button,
                     struct str question);

/* The summary of all complaints; nothing when there are none. */
void page_errors(struct page *page);
/* What is wrong with one field, translated; empty: nothing. */
struct str page_error(struct page *page, const char *field);
/* One complaint in words. */
struct str page_complaint(struct page *page, const struct complaint *complaint);

/* Shows the form again after complaints: writes it with `show`, answers 422; returns ERR_INVALID,
 * or what `show` failed with. */
MUST_CHECK enum err page_again(struct page *page, enum err (*show)(struct page *page));

/* -- Going on --------------------------------------------------------------------------------- */

/* 303 to an address of ours, which shows the message once.  `n` is for messages that count. */
MUST_CHECK enum err page_go(struct page *page, enum flash flash, int64_t n, struct str path);

/* An address made of parts, as html_path: page_path(page, "/people/{}", html_int(id)). */
#define page_path(page, pattern, ...)                                                              \
    page_path_of((page), (pattern), (const struct html_arg[]){__VA_ARGS__},                        \
                 sizeof((const struct html_arg[]){__VA_ARGS__}) / sizeof(struct html_arg))
struct str page_path_of(struct page *page, const char *pattern, const struct html_arg *args,
                        size_t n);

/* A file for the person to save: `name` is constant. */
MUST_CHECK enum err page_download(struct page *page, const char *type, const char *name,
                                  struct str bytes);

/* Hands on what a question to a service came to (hasher_verify ...).  When its process ended or has
 * too much to do, the page will say that Duet is busy and that nothing was saved. */
MUST_CHECK enum err page_served(struct page *page, enum err err);

/* Begins a session: cookie and all; the person is signed in from the next request on.  `stay`: the
 * browser keeps the cookie when it is closed. */
MUST_CHECK enum err page_sign_in(struct page *page, int64_t person_id, enum session_how how,
                                 bool stay);

#endif
