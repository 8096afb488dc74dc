/* Language and look.  Both forms work for whoever is not signed in too, so the choice lives in
 * cookies; of whoever is signed in, the language is kept with the person as well. */
#include "web/language.h"

#include "coach/profile.h"
#include "http/cookie.h"
#include "http/request.h"
#include "web/page.h"
#include "web/web.h"

enum { F_LANGUAGE, F_LANGUAGE_TO, F_LANGUAGE__MAX };
static const struct field_spec language_fields[F_LANGUAGE__MAX] = {
    [F_LANGUAGE] = {.name = "language", .type = FIELD_TOKEN, .max = 35, .required = true},
    [F_LANGUAGE_TO] = {.name = "to", .type = FIELD_PATH},
};

enum { F_LOOK, F_LOOK_TO, F_LOOK__MAX };
#define LOOKS "auto|light|dark" /* in the order of enum part_theme */
static const struct field_spec look_fields[F_LOOK__MAX] = {
    [F_LOOK] = {.name = "look", .type = FIELD_CHOICE, .choices = LOOKS, .required = true},
    [F_LOOK_TO] = {.name = "to", .type = FIELD_PATH},
};

static const char *const look_words[PART_THEME__MAX] = {"auto", "light", "dark"};

void language_choose(struct page *page)
{
    const struct web *web = page->web;
    const struct catalog *chosen = NULL;
    struct str look = cookie_find(page->req, WEB_LOOK_COOKIE);
    if (page->signed_in && page->me.locale.n) {
        chosen = catalogs_find(&web->catalogs, page->me.locale);
    }
    struct str cookie = cookie_find(page->req, WEB_LANGUAGE_COOKIE);
    if (!chosen && cookie.p) {
        chosen = catalogs_find(&web->catalogs, cookie);
    }
    if (!chosen) {
        struct str accept = request_header(page->req, "accept-language");
        const struct catalog *own = catalogs_find(&web->catalogs, web->site.locale);
        chosen = accept.p ? catalogs_match(&web->catalogs, accept, own) : own;
    }
    page->catalog = chosen ? chosen : catalog_english();
    page->coach.catalog = page->catalog;
    page->locale = catalog_tag(page->catalog);
    page->theme = PART_THEME_AUTO;
    for (int i = 0; look.p && i < PART_THEME__MAX; i++) {
        if (str_is(look, look_words[i])) {
            page->theme = (enum part_theme)i;
        }
    }
    page->today = page_day_of(page, page->req->now_ms);
}

static struct str back_to(const struct page *page, int field)
{
    return page_given(page, field) ? page_text(page, field) : str_of("/");
}

static enum err set_language(struct page *page)
{
    const struct catalog *chosen = catalogs_find(&page->web->catalogs, page_text(page, F_LANGUAGE));
    if (page->complaints.n || !chosen) {
        return ERR_RANGE;
    }
    cookie_set(page->res, WEB_LANGUAGE_COOKIE, catalog_tag(chosen), WEB_YEAR_S);
    if (page->signed_in) {
        struct profile profile;
        enum err err = profile_get(&page->coach, page->me.id, &profile);
        if (err == ERR_OK) {
            profile.locale = catalog_tag(chosen);
            err = profile_edit(&page->coach, &profile, &page->complaints);
        }
        if (err != ERR_OK) {
            return err;
        }
    }
    return page_go(page, FLASH_NONE, 0, back_to(page, F_LANGUAGE_TO));
}

static enum err set_look(struct page *page)
{
    if (page->complaints.n) {
        return ERR_RANGE;
    }
    int64_t look = page_number(page, F_LOOK);
    cookie_set(page->res, WEB_LOOK_COOKIE, str_of(look_words[look]), WEB_YEAR_S);
    return page_go(page, FLASH_NONE, 0, back_to(page, F_LOOK_TO));
}

/* Only pages that can be opened again: what was answered to a POST cannot. */
static void write_to(struct page *page)
{
    if (page->req->method != HTTP_POST) {
        part_hidden(&page->html, str_of("to"), page->req->path);
    }
}

/* The one that is chosen is no button: there is nothing to do. */
static void write_choice(struct page *page, const char *name, struct str value, struct str text,
                         bool chosen)
{
    struct html *h = &page->html;
    if (chosen) {
        html_element(h, EL_STRONG, NULL, text);
        return;
    }
    part_button(h,
                &(struct part_button){
                    .text = text, .kind = PART_BUTTON_QUIET, .name = str_of(name), .value = value});
}

static void write_languages(struct page *page)
{
    struct html *h = &page->html;
    const struct catalogs *catalogs = &page->web->catalogs;
    if (catalogs->n < 2) {
        return;
    }
    part_form_open(h, &(struct part_form){.action = str_of("/language"), .tokens = "choices-foot"});
    part_hidden_text(h, T(page, "Language"));
    write_to(page);
    for (size_t i = 0; i < catalogs->n; i++) {
        const struct catalog *one = catalogs->list[i];
        write_choice(page, "language", catalog_tag(one), catalog_name(one), one == page->catalog);
    }
    part_form_close(h);
}

void language_write_forms(struct page *page)
{
    static const char *const names[PART_THEME__MAX] = {N_("As the device"), N_("Light"),
                                                       N_("Dark")};
    struct html *h = &page->html;
    write_languages(page);
    part_form_open(h, &(struct part_form){.action = str_of("/look"), .tokens = "choices-foot"});
    part_hidden_text(h, T(page, "Colours"));
    write_to(page);
    for (int i = 0; i < PART_THEME__MAX; i++) {
        write_choice(page, "look", str_of(look_words[i]), T(page, names[i]), (int)page->theme == i);
    }
    part_form_close(h);
}

static const struct route routes[] = {
    {ROUTE_POST, "/language", ROUTE_PUBLIC, .handle = set_language, .fields = language_fields,
     .n_fields = F_LANGUAGE__MAX, .open = true, .about = "Chooses the language of the pages"},
    {ROUTE_POST, "/look", ROUTE_PUBLIC, .handle = set_look, .fields = look_fields,
     .n_fields = F_LOOK__MAX, .open = true, .about = "Chooses light or dark colours"},
};
const struct route_set language_routes = ROUTE_SET("Language and look", routes);
