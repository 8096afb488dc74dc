/* The frame that all pages share: document, masthead with navigation and the person's menu, flash
 * message, title, footer. */
#include "web/language.h"
#include "web/page.h"
#include "web/web.h"

#include "base/arena.h"
#include "base/buf.h"

static struct str site_name(const struct page *page)
{
    struct str name = page->web->site.organisation;
    return name.n ? name : str_of("Duet");
}

static void open_document(struct page *page, const struct page_head *head)
{
    const struct web *web = page->web;
    struct str title = head->browser_title.n ? head->browser_title : head->title;
    struct part_document document = {
        .lang = catalog_tag(page->catalog),
        .rtl = catalog_is_rtl(page->catalog),
        .theme = page->theme,
        .title = FILL(page, T(page, "{page} - Duet"), CATALOG_TEXT("page", title)),
        .stylesheet = web->stylesheet,
        .icon = web->icon,
        .scripts = web->scripts,
        .n_scripts = web->n_scripts,
        .plain = head->plain,
        .again_s = page->again_s,
    };
    part_document_open(&page->html, &document);
}

/* How much is new; page->n_news was counted by the dispatcher. */
static void write_bell(struct page *page)
{
    int64_t n = page->n_news;
    struct str label =
        n ? FILL(page, TN(page, "{n} new notice", "{n} new notices", n), CATALOG_INT("n", n))
          : T(page, "Notices");
    struct str count = n > 9 ? str_of("9+") : n ? page_digits(page, n) : str_of("");
    part_bell(&page->html, label, count, str_of("/notices"), str_is(page->req->path, "/notices"));
}

/* The menu behind the person's name: what is theirs alone. */
static void write_menu(struct page *page)
{
    static const struct {
        const char *text, *url;
    } entries[] = {
        {N_("My profile"), "/profile"},
        {N_("Mail and quiet hours"), "/notices/settings"},
        {N_("My calendar"), "/calendar"},
        {N_("Who sees what"), "/sharing"},
        {N_("Who opened what of mine"), "/opened"},
        {N_("Password and devices"), "/devices"},
        {N_("My data"), "/my-data"},
    };
    struct html *h = &page->html;
    part_menu_open(h, page->me.name, part_initials(h, page->me.name));
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct str url = str_of(entries[i].url);
        part_menu_link(h, T(page, entries[i].text), url, str_equal(page->req->path, url));
    }
    part_menu_item_open(h);
    page_button_form(page, str_of("/sign-out"),
                     &(struct part_button){.text = T(page, "Sign out"), .kind = PART_BUTTON_QUIET});
    part_menu_item_close(h);
    part_menu_close(h);
}

static void write_masthead(struct page *page, enum page_nav nav)
{
    const struct actor *actor = &page->coach.actor;
    struct part_link links[PAGE_NAV__MAX];
    size_t n = 0;
    struct part_masthead masthead = {
        .skip = T(page, "Skip to the content"),
        .brand = site_name(page),
        .home = str_of("/"),
        .nav_label = T(page, "Main"),
        .links = links,
    };
    bool arranges = actor->administrator || actor->coordinator;
    if (nav == PAGE_NAV_PROGRAMMES && !arranges) {
        nav = PAGE_NAV_COACHING; /* from where those who take part come to it */
    }
    if (page->signed_in) {
        links[n++] = (struct part_link){T(page, "Today"), str_of("/"), nav == PAGE_NAV_TODAY};
        links[n++] =
            (struct part_link){T(page, "My skills"), str_of("/skills"), nav == PAGE_NAV_SKILLS};
        links[n++] =
            (struct part_link){T(page, "Coaching"), str_of("/coaching"), nav == PAGE_NAV_COACHING};
        links[n++] =
            (struct part_link){T(page, "People"), str_of("/people"), nav == PAGE_NAV_PEOPLE};
        if (arranges) {
            links[n++] = (struct part_link){T(page, "Programmes"), str_of("/programmes"),
                                            nav == PAGE_NAV_PROGRAMMES};
            links[n++] =
                (struct part_link){T(page, "Set-up"), str_of("/setup"), nav == PAGE_NAV_SETUP};
        }
    }
    masthead.n_links = n;
    part_masthead_open(&page->html, &masthead);
    if (page->signed_in) {
        write_bell(page);
        write_menu(page);
    }
    part_masthead_close(&page->html);
}

struct html *page_open(struct page *page, const struct page_head *head)
{
    enum part_tone tone;
    struct html *h = &page->html;
    response_type(page->res, "text/html; charset=utf-8");
    buf_clear(&page->res->body);
    html_init(h, &page->res->body, page->arena);
    struct str said = flash_take(page, &tone);
    open_document(page, head);
    write_masthead(page, head->nav);
    part_main_open(h, head->width);
    part_status(h, tone, said);
    part_title(h, &(struct part_title){.back = head->back,
                                       .back_url = head->back_url,
                                       .eyebrow = head->eyebrow,
                                       .title = head->title,
                                       .lead = head->lead});
    return h;
}

void page_link(struct page *page, struct str text, struct str url)
{
    struct html *h = &page->html;
    html_open(h, EL_P);
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF, url);
    html_text(h, text);
    html_close(h, EL_A);
    html_close(h, EL_P);
}

void page_person(struct page *page, int64_t id, struct str name, struct str detail)
{
    part_person(&page->html,
                &(struct part_person){.name = name,
                                      .url = page_path(page, "/people/{}", html_int(id)),
                                      .detail = detail});
}

void page_turns(struct page *page, struct str first_url, struct str next_url)
{
    part_pages(&page->html, &(struct part_pages){.label = T(page, "Pages"),
                                                 .previous = T(page, "From the beginning"),
                                                 .previous_url = first_url,
                                                 .next = T(page, "More"),
                                                 .next_url = next_url});
}

void page_progress(struct page *page, struct str label, int64_t done, int64_t of)
{
    part_progress(&page->html, label, done, of, page->again_s);
}

static void write_footer(struct page *page)
{
    struct html *h = &page->html;
    struct str support = page->web->site.support;
    part_footer_open(h);
    language_write_forms(page);
    page_link(page, T(page, "What Duet does with your data"), str_of("/privacy"));
    if (support.n) {
        struct buf buf;
        struct str address;
        buf_init(&buf, page->arena, HTML_PATH_MAX);
        buf_add_text(&buf, "mailto:");
        buf_add(&buf, support);
        if (buf_end(&buf, &address) == ERR_OK) {
            page_link(page, T(page, "Ask for help"), address);
        }
    }
    part_footer_close(h);
}

enum err page_close(struct page *page)
{
    part_main_close(&page->html);
    write_footer(page);
    part_document_close(&page->html);
    enum err err = html_end(&page->html);
    return err == ERR_OK ? page->res->err : err;
}
