/* The agreement of a partnership: reading it, changing it, signing it; and beginning a cycle. */
#include "web/coaching_view.h"
#include "web/cycle_words.h"
#include "web/page.h"
#include "web/page_sets.h"

enum { F_VERSION, F_AGREEMENT, F__MAX };
static const struct field_spec fields[F__MAX] = {
    [F_VERSION] =
        {.name = "version", .type = FIELD_INT, .least = 1, .most = 1000000, .required = true},
    [F_AGREEMENT] = {.name = "agreement", .type = FIELD_LINES, .max = PARTNERSHIPS_AGREEMENT},
};

static struct str path_of(struct page *page, const char *pattern)
{
    return page_path_of(page, pattern, (const struct html_arg[]){html_int(page_id(page, "id"))}, 1);
}

static void write_signatures(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    part_list_open(h, false);
    for (int32_t k = 0; k < p->n_members; k++) {
        part_list_item(h);
        html_text(h, p->members[k].name);
        html_text(h, str_of(" "));
        part_badge(h, p->members[k].signed_now ? PART_TONE_GOOD : PART_TONE_PLAIN,
                   p->members[k].signed_now ? T(page, "signed") : T(page, "not signed yet"));
    }
    part_list_close(h);
}

static void write_sign(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    if (p->state == PARTNERSHIP_AGREEING && !p->signed_now) {
        page_form_open(page, path_of(page, "/partnerships/{}/sign"));
        part_hidden(h, str_of("version"), page_digits(page, p->agreement_version));
        part_buttons_open(h);
        part_button(h, &(struct part_button){.text = T(page, "I agree: sign it"),
                                             .kind = PART_BUTTON_MAIN,
                                             .icon = PART_ICON_CHECK});
        part_buttons_close(h);
        page_form_close(page);
    }
}

static void write_edit(struct page *page, const struct partnership *p, struct str text)
{
    struct html *h = &page->html;
    if (p->state != PARTNERSHIP_AGREEING && p->state != PARTNERSHIP_ACTIVE) {
        return;
    }
    part_details_open(h, T(page, "Change it"), page->tried);
    part_paragraph(h, T(page, "In your own words. A change takes all signatures back: everybody "
                              "reads it again and signs what is right for them."));
    page_form_open(page, path_of(page, "/partnerships/{}/agreement"));
    part_hidden(h, str_of("version"), page_digits(page, p->agreement_version));
    part_textarea(h, &(struct part_field){.id = str_of("agreement"),
                                          .label = T(page, "Agreement"),
                                          .error = page_error(page, "agreement"),
                                          .value = page_value(page, F_AGREEMENT, text),
                                          .max_length = PARTNERSHIPS_AGREEMENT,
                                          .rows = 14});
    part_buttons_open(h);
    part_button(
        h, &(struct part_button){.text = T(page, "Save the change"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_details_close(h);
}

static enum err show(struct page *page)
{
    struct partnership p;
    enum err err = partnerships_get(&page->coach, page_id(page, "id"), page->locale, &p);
    if (err) {
        return err;
    }
    struct str text = p.agreement.n ? p.agreement : T(page, cycle_words_agreement);
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "Our agreement"),
                                            .lead = T(page, "It is yours: only you read it."),
                                            .back = coaching_view_with(page, &p),
                                            .back_url = path_of(page, "/partnerships/{}"),
                                            .nav = PAGE_NAV_COACHING});
    page_errors(page);
    if (p.kind == PARTNERSHIP_GUIDE) {
        coaching_view_guide(page);
        part_paragraph(h, T(page, "With the guide there is nothing to agree on."));
        return page_close(page);
    }
    part_written(h, text);
    write_signatures(page, &p);
    write_sign(page, &p);
    write_edit(page, &p, text);
    return page_close(page);
}

static enum err change(struct page *page)
{
    struct str words = page_text(page, F_AGREEMENT);
    enum err err = page->complaints.n ? ERR_INVALID
                                      : partnerships_agree(&page->coach, page_id(page, "id"),
                                                           (int32_t)page_number(page, F_VERSION),
                                                           words, &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    return coaching_view_go(page, err, FLASH_AGREEMENT_CHANGED,
                            path_of(page, "/partnerships/{}/agreement"));
}

static enum err sign(struct page *page)
{
    int32_t version = page_given(page, F_VERSION) ? (int32_t)page_number(page, F_VERSION) : 0;
    enum err err = partnerships_sign(&page->coach, page_id(page, "id"), version);
    return coaching_view_go(page, err, FLASH_SIGNED, path_of(page, "/partnerships/{}"));
}

/* -- Focuses -------------------------------------------------------------------------------------
 */

static enum err begin(struct page *page)
{
    int64_t id = 0;
    enum err err = cycles_begin(&page->coach, page_id(page, "id"), &id);
    return coaching_view_go(page, err, FLASH_NONE,
                            id ? page_path(page, "/cycles/{}", html_int(id)) : str_of("/coaching"));
}

static enum err drop(struct page *page)
{
    enum err err = partnerships_drop_focus(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_SAVED, str_of("/coaching"));
}

static const struct route routes[] = {
    {ROUTE_GET, "/partnerships/:id/agreement", ROUTE_OWN, .enter = coaching_view_enter,
     .handle = show, .about = "The agreement of its members"},
    {ROUTE_POST, "/partnerships/:id/agreement", ROUTE_OWN, .enter = coaching_view_enter,
     .handle = change, .fields = fields, .n_fields = F__MAX,
     .about = "Changes it, for all to sign again"},
    {ROUTE_POST, "/partnerships/:id/sign", ROUTE_OWN, .enter = coaching_view_enter, .handle = sign,
     .fields = fields, .n_fields = F__MAX, .about = "Signs it"},
    {ROUTE_POST, "/focuses/:id/cycle", ROUTE_OWN, .handle = begin,
     .about = "Begins a cycle about it"},
    {ROUTE_POST, "/focuses/:id/drop", ROUTE_OWN, .handle = drop, .about = "No longer works on it"},
};
const struct route_set page_agreement_routes = ROUTE_SET("Agreements", routes);
