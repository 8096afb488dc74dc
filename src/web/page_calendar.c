/* My meetings in my own calendar: a private address, shown once, and the feed behind it. */
#include "base/buf.h"
#include "coach/feeds.h"
#include "coach/meetings.h"
#include "coach/meetings_calendar.h"
#include "http/file.h"
#include "web/meeting_view.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

#include <sodium.h>
#include <stdio.h>

#define COMING 10   /* meetings shown */
#define ETAG 16     /* bytes */
#define ADDRESS 500 /* bytes */

static enum err write_coming(struct page *page)
{
    struct html *h = &page->html;
    struct meeting_list list;
    enum err err = meetings_of_actor(&page->coach, page->coach.now_ms, COMING, &list);
    if (err != ERR_OK) {
        return err;
    }
    part_section_open(h, str_of("coming"), T(page, "My next meetings"));
    if (list.n == 0) {
        part_quiet(h, T(page, "None is settled."));
    } else {
        part_cards_open(h);
        for (size_t i = 0; i < list.n; i++) {
            part_cards_item(h);
            meeting_view_card(page, &list.items[i]);
        }
        part_cards_close(h);
    }
    part_section_close(h);
    return ERR_OK;
}

static void write_feed(struct page *page, int64_t since_ms)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("feed"), T(page, "In my own calendar"));
    part_paragraph(h, T(page, "Google, Outlook and Apple can follow your meetings by a private "
                              "address. Whoever knows it reads when you meet, with whom and "
                              "about what, so keep it to yourself."));
    if (since_ms) {
        part_quiet(h, FILL(page,
                           T(page, "There is an address since {day}. It is not shown again; "
                                   "a new one ends it."),
                           CATALOG_TEXT("day", page_day(page, page_day_of(page, since_ms)))));
    }
    part_buttons_open(h);
    page_button_form(page, str_of("/calendar/renew"),
                     &(struct part_button){.text = since_ms ? T(page, "Make a new address")
                                                            : T(page, "Make an address"),
                                           .kind = PART_BUTTON_MAIN});
    if (since_ms) {
        page_button_form(
            page, str_of("/calendar/revoke"),
            &(struct part_button){.text = T(page, "End the address"), .kind = PART_BUTTON_PLAIN});
    }
    part_buttons_close(h);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    int64_t since_ms;
    enum err err = feeds_since(&page->coach, &since_ms);
    if (err != ERR_OK) {
        return err;
    }
    page_open(page, &(struct page_head){.title = T(page, "My calendar"), .nav = PAGE_NAV_ME});
    err = write_coming(page);
    if (err != ERR_OK) {
        return err;
    }
    write_feed(page, since_ms);
    return page_close(page);
}

/* The address stands in this answer and nowhere else, so there is nothing to go on to. */
static enum err renew(struct page *page)
{
    char secret[FEEDS_TEXT];
    struct buf buf;
    struct str address, base = page->web->site.base_url;
    enum err err = feeds_renew(&page->coach, secret);
    if (err != ERR_OK) {
        return err;
    }
    buf_init(&buf, page->arena, ADDRESS);
    if (base.n) {
        buf_add(&buf, base);
    } else {
        buf_add_text(&buf, page->req->secure ? "https://" : "http://");
        buf_add(&buf, page->req->host);
    }
    buf_add_text(&buf, "/calendar/");
    buf_add_text(&buf, secret);
    buf_add_text(&buf, "/duet.ics");
    err = buf_end(&buf, &address);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "Your calendar's address"),
                                            .back = T(page, "My calendar"),
                                            .back_url = str_of("/calendar"),
                                            .nav = PAGE_NAV_ME});
    part_paragraph(h, T(page, "Copy it into your calendar now, under \"subscribe\" or \"from "
                              "URL\". It is not shown again."));
    part_code(h, address);
    return page_close(page);
}

static enum err revoke(struct page *page)
{
    enum err err = feeds_revoke(&page->coach);
    return err == ERR_OK ? page_go(page, FLASH_FEED_ENDED, 0, str_of("/calendar")) : err;
}

/* -- The feed ------------------------------------------------------------------------------------
 */

static enum err feed(struct page *page)
{
    struct meeting_list list;
    struct person person;
    struct str text;
    unsigned char hash[ETAG];
    char etag[2 * ETAG + 1];
    enum err err = feeds_open(&page->coach, page_word(page, "key"), &list);
    if (err == ERR_OK) {
        err = people_get(&page->coach, page->coach.actor.person_id, &person);
    }
    if (err == ERR_OK) {
        const struct catalog *own = catalogs_find(&page->web->catalogs, person.locale);
        page->catalog = own ? own : page->catalog;
        err = meetings_feed(page->arena, page->catalog, &list, page->web->site.base_url, &text);
    }
    if (err != ERR_OK) {
        return err;
    }
    if (crypto_generichash(hash, sizeof hash, (const unsigned char *)text.p, text.n, NULL, 0)) {
        return ERR_INVALID;
    }
    sodium_bin2hex(etag, sizeof etag, hash, sizeof hash);
    page->res->cache = HTTP_CACHE_PRIVATE;
    if (file_unchanged(page->req, str_of(etag), -1, page->res)) {
        return page->res->err;
    }
    response_type(page->res, "text/calendar; charset=utf-8");
    page->res->fixed = text;
    return page->res->err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/calendar", ROUTE_OWN, .handle = show,
     .about = "My next meetings, and the address of my feed"},
    {ROUTE_POST, "/calendar/renew", ROUTE_OWN, .handle = renew,
     .about = "Makes a new address, and shows it once"},
    {ROUTE_POST, "/calendar/revoke", ROUTE_OWN, .handle = revoke, .about = "Ends it"},
    {ROUTE_GET, "/calendar/*key/duet.ics", ROUTE_PUBLIC, .handle = feed,
     .about = "The feed, for whoever has its secret address"},
};
const struct route_set page_calendar_routes = ROUTE_SET("My calendar", routes);
