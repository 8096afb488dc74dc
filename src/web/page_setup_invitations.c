/* Set-up: inviting everybody of a unit who cannot sign in yet - by mail, or with a sheet of codes
 * to print and cut.  Codes are shown once: the database holds their hashes only. */
#include "base/arena.h"
#include "coach/invitations.h"
#include "coach/people.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/setup_person.h"
#include "web/web.h"

#define SHEET_MOST 500 /* people of one sheet */

enum { F_UNIT, F_HOW, F_INVITE__MAX };
static const struct field_spec fields[F_INVITE__MAX] = {
    [F_UNIT] = {.name = "unit", .type = FIELD_ID, .required = true},
    [F_HOW] = {.name = "how", .type = FIELD_CHOICE, .choices = "mail|paper", .required = true},
};

static enum err show(struct page *page)
{
    struct html *h = page_open(
        page, &(struct page_head){
                  .title = T(page, "Invitations"),
                  .lead = T(page, "Everybody of a unit who has never signed in gets a link "
                                  "by mail, or a code on paper, and chooses a password."),
                  .back = T(page, "Set-up"),
                  .back_url = str_of("/setup"),
                  .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, str_of("/setup/invitations"));
    enum err err = setup_person_write_units(page, page_value_number(page, F_UNIT, 0));
    const struct part_option how[] = {
        {.value = str_of("mail"),
         .text = T(page, "By mail"),
         .hint = page->web->site.mail ? str_of("") : T(page, "No mail server is set up yet."),
         .disabled = !page->web->site.mail,
         .chosen = page->web->site.mail},
        {.value = str_of("paper"),
         .text = T(page, "Codes on paper"),
         .hint = T(page, "A sheet to print and cut. It is shown once."),
         .chosen = !page->web->site.mail},
    };
    part_choose(h,
                &(struct part_field){.id = str_of("how"),
                                     .label = T(page, "How?"),
                                     .error = page_error(page, "how")},
                PART_CHOICES_LIST, false, how, 2);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Invite"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return err == ERR_OK ? page_close(page) : err;
}

/* -- The sheet ----------------------------------------------------------------------------------
 */

static struct str address_of(struct page *page)
{
    struct str origin = page->web->site.base_url;
    if (!origin.n && request_origin(page->req, &origin) != ERR_OK) {
        return str_of("/code");
    }
    origin.n -= origin.n && origin.p[origin.n - 1] == '/';
    struct buf buf;
    struct str address;
    buf_init(&buf, page->arena, HTML_PATH_MAX);
    buf_add(&buf, origin);
    buf_add_text(&buf, "/code");
    return buf_end(&buf, &address) == ERR_OK ? address : str_of("/code");
}

/* What tells somebody from another of the same name. */
static struct str told_by(struct page *page, const struct person *person)
{
    if (person->email.n || person->external_id.n) {
        return person->email.n ? person->email : person->external_id;
    }
    return FILL(page, T(page, "Number {n} in Duet"), CATALOG_INT("n", person->id));
}

/* Whose strip it is; `told`: by which they are told from others of their name, may be empty. */
struct strip {
    const struct person *person;
    struct str units, told;
};

static enum err write_strip(struct page *page, const struct strip *strip, struct str where,
                            struct str until)
{
    char code[INVITATIONS_TEXT];
    struct html *h = &page->html;
    enum err err = invitations_make(&page->coach, strip->person->id, INVITATION_CODE, code);
    if (err == ERR_FORBIDDEN || err == ERR_CONFLICT) {
        return ERR_OK; /* can sign in already: no strip */
    }
    if (err != ERR_OK) {
        return err;
    }
    part_cards_item(h);
    part_card_open(h, &(struct part_card){
                          .heading = strip->person->name, .level = 2, .eyebrow = strip->units});
    if (strip->told.n) {
        part_quiet(h, strip->told);
    }
    part_paragraph(h, FILL(page, T(page, "Open {address} and type this code:"),
                           CATALOG_TEXT("address", where)));
    part_code(h, str_of(code));
    part_quiet(h, FILL(page, T(page, "It works once, until {day}."), CATALOG_TEXT("day", until)));
    part_card_close(h);
    return ERR_OK;
}

static void open_sheet(struct page *page)
{
    page_open(page,
              &(struct page_head){
                  .title = T(page, "Codes to sign in with"),
                  .lead = T(page, "Print this page now and cut it. The codes are not kept and "
                                  "cannot be shown again; new ones can be made at any time."),
                  .back = T(page, "Invitations"),
                  .back_url = str_of("/setup/invitations"),
                  .nav = PAGE_NAV_SETUP});
}

static struct str until_of(struct page *page)
{
    int64_t end = page->coach.now_ms + invitations_lifetime(INVITATION_CODE);
    return page_day(page, page_day_of(page, end));
}

static bool has_namesake(const struct person_accounts *accounts, size_t at)
{
    struct str name = accounts->items[at].person.name;
    for (size_t i = 0; i < accounts->n; i++) {
        if (i != at && str_equal(accounts->items[i].person.name, name)) {
            return true;
        }
    }
    return false;
}

static enum err write_sheet(struct page *page, const struct person_accounts *accounts)
{
    struct html *h = &page->html;
    struct str where = address_of(page), until = until_of(page);
    enum err err = ERR_OK;
    open_sheet(page);
    if (!accounts->n) {
        part_paragraph(h, T(page, "Everybody of this unit has signed in already."));
    }
    part_cards_open(h);
    for (size_t i = 0; err == ERR_OK && i < accounts->n; i++) {
        const struct person_account *account = &accounts->items[i];
        struct strip strip = {&account->person, account->units, {"", 0}};
        if (has_namesake(accounts, i)) {
            strip.told = told_by(page, &account->person);
        }
        err = write_strip(page, &strip, where, until);
    }
    part_cards_close(h);
    return err == ERR_OK ? page_close(page) : err;
}

static enum err make_one(struct page *page)
{
    struct person person;
    struct person_line line;
    int64_t id = page_id(page, "id");
    enum err err = people_get(&page->coach, id, &person);
    err = err ? err : people_line(&page->coach, id, page->locale, &line);
    if (err != ERR_OK) {
        return err;
    }
    open_sheet(page);
    part_cards_open(&page->html);
    err = write_strip(page, &(struct strip){&person, line.units, told_by(page, &person)},
                      address_of(page), until_of(page));
    part_cards_close(&page->html);
    return err == ERR_OK ? page_close(page) : err;
}

static enum err mail_all(struct page *page, const struct person_accounts *accounts)
{
    int64_t n = 0;
    for (size_t i = 0; i < accounts->n; i++) {
        if (!accounts->items[i].person.email.n) {
            continue;
        }
        enum err err = invitations_mail(&page->coach, accounts->items[i].person.id);
        if (err != ERR_OK && err != ERR_NOT_FOUND && err != ERR_FORBIDDEN) {
            return err;
        }
        n += err == ERR_OK;
    }
    return page_go(page, FLASH_INVITED_MANY, n, str_of("/setup/invitations"));
}

static enum err invite(struct page *page)
{
    struct person_accounts accounts;
    if (page->complaints.n) {
        return page_again(page, show);
    }
    const struct people_query query = {.words = {"", 0},
                                       .after = {"", 0},
                                       .unit_id = page_number(page, F_UNIT),
                                       .limit = SHEET_MOST};
    enum err err = people_accounts(&page->coach, &query, PEOPLE_NEVER_SEEN, &accounts);
    if (err != ERR_OK) {
        return err;
    }
    return page_number(page, F_HOW) ? write_sheet(page, &accounts) : mail_all(page, &accounts);
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/invitations", ROUTE_COORDINATOR, .handle = show,
     .about = "Inviting the people of a unit"},
    {ROUTE_POST, "/setup/invitations", ROUTE_COORDINATOR, .handle = invite, .fields = fields,
     .n_fields = F_INVITE__MAX, .about = "Sends links, or shows a sheet of codes to print"},
    {ROUTE_POST, "/setup/people/:id/code", ROUTE_ADMINISTRATOR, .handle = make_one,
     .about = "A code on paper for one person"},
};
const struct route_set page_setup_invitations_routes = ROUTE_SET("Set-up: invitations", routes);
