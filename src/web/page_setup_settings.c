/* Set-up: the organisation, how people sign in, and mail.  Three forms from one table. */
#include "base/clock.h"
#include "coach/allow.h"
#include "coach/mail.h"
#include "coach/settings.h"
#include "http/openid_service.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/page_sign_on.h"
#include "web/web.h"

#define LINE_MAX 2000 /* bytes; coach/settings.c says how many characters each may have */

/* One setting in a form.  A secret is never shown: an empty field leaves it as it is. */
struct row {
    enum setting setting;
    const char *label, *hint; /* the hint may be NULL */
    const char *type;         /* of the input; NULL: text; "check": a box */
    bool optional, secret;
};

struct panel {
    const char *path, *title, *lead;
    const struct row *rows;
    int n_rows;
    void (*before)(struct page *page), (*after)(struct page *page); /* may be NULL */
};

#define ROWS(rows) (rows), (int)(sizeof(rows) / sizeof((rows)[0]))

/* -- The three forms --------------------------------------------------------------------------- */

static const struct row organisation_rows[] = {
    {SETTING_ORGANISATION, N_("Name of the organisation"), NULL, NULL, false, false},
    {SETTING_LOCALE, N_("Language"), N_("A short code: en, es. Everybody can choose another."),
     NULL, false, false},
    {SETTING_TIME_ZONE, N_("Time zone"), N_("For example: Europe/Madrid. Empty: UTC."), NULL, true,
     false},
    {SETTING_TIMETABLE, N_("Times of the periods"),
     N_("In order: 08:30-09:20 09:25-10:15 and so on. Duet then proposes times to meet in which "
        "partners are free."),
     NULL, true, false},
    {SETTING_BASE_URL, N_("Address of these pages"),
     N_("As people type it, for links in mail: https://duet.example.org"), "url", true, false},
    {SETTING_SUPPORT_EMAIL, N_("Whom people ask for help"),
     N_("An e-mail address. It stands at the foot of every page."), "email", true, false},
};

static const struct row sign_in_rows[] = {
    {SETTING_PASSWORDS, N_("People can sign in with a password"),
     N_("Switch this off only when single sign-on works for everybody."), "check", true, false},
    {SETTING_OIDC_NAME, N_("Name on the button"),
     N_("What people call it: Riverside account, Microsoft, Google."), NULL, true, false},
    {SETTING_OIDC_ISSUER, N_("Issuer"),
     N_("The address by which the provider calls itself, exactly as it writes it."), "url", true,
     false},
    {SETTING_OIDC_CLIENT_ID, N_("Client ID"), NULL, NULL, true, false},
    {SETTING_OIDC_CLIENT_SECRET, N_("Client secret"),
     N_("It is never shown again. Leave this empty to keep the one that is stored."), "password",
     true, true},
};

static const struct row mail_rows[] = {
    {SETTING_SMTP_URL, N_("Mail server"), N_("For example: smtps://mail.example.org:465"), NULL,
     true, false},
    {SETTING_SMTP_USER, N_("User name"), NULL, NULL, true, false},
    {SETTING_SMTP_PASSWORD, N_("Password"),
     N_("It is never shown again. Leave this empty to keep the one that is stored."), "password",
     true, true},
    {SETTING_SMTP_FROM, N_("Sender"), N_("The e-mail address that mail from Duet comes from."),
     "email", true, false},
};

static void write_redirect_address(struct page *page)
{
    struct html *h = &page->html;
    struct str address;
    enum err err = page_sign_on_address(page, &address);
    if (err != ERR_OK) {
        h->err = h->err ? h->err : err;
        return;
    }
    part_notice_open(h, PART_TONE_PLAIN, T(page, "Single sign-on with OpenID Connect"));
    part_paragraph(h, T(page, "Register Duet with your provider as a web application. It asks for "
                              "the address to send people back to:"));
    part_code(h, address);
    part_paragraph(h, T(page, "People are found by the e-mail address that the provider vouches "
                              "for. Nobody new comes in that way."));
    part_notice_close(h);
}

static void write_try(struct page *page)
{
    if (page->web->site.oidc) {
        page_button_form(page, str_of("/setup/sign-in/try"),
                         &(struct part_button){.text = T(page, "Ask the provider now"),
                                               .kind = PART_BUTTON_PLAIN});
    }
}

/* A mail server alone is not enough. */
static void write_no_address(struct page *page)
{
    struct html *h = &page->html;
    if (!page->web->site.mail || page->web->site.base_url.n) {
        return;
    }
    part_notice_open(h, PART_TONE_CARE, T(page, "Most mails cannot be sent yet"));
    part_paragraph(h, T(page, "There are links in them, and Duet does not know the address of its "
                              "own pages."));
    page_link(page, T(page, "Enter the address of these pages"),
              str_of("/setup/organisation#base_url"));
    part_notice_close(h);
}

static void write_test_mail(struct page *page)
{
    struct html *h = &page->html;
    if (!page->web->site.mail) {
        part_quiet(h, T(page, "Without a mail server people are invited with codes on paper."));
    } else if (page->me.email.n) {
        page_button_form(page, str_of("/setup/mail/test"),
                         &(struct part_button){.text = T(page, "Send a test message to me"),
                                               .kind = PART_BUTTON_PLAIN});
    }
}

enum { PANEL_ORGANISATION, PANEL_SIGN_IN, PANEL_MAIL, PANEL__MAX };
static const struct panel panels[PANEL__MAX] = {
    [PANEL_ORGANISATION] = {"/setup/organisation", N_("The organisation"),
                            N_("What everybody sees, and what links in mail begin with."),
                            ROWS(organisation_rows), NULL, NULL},
    [PANEL_SIGN_IN] = {"/setup/sign-in", N_("How people sign in"),
                       N_("With a password, with the account that the organisation gives them, or "
                          "both."),
                       ROWS(sign_in_rows), write_redirect_address, write_try},
    [PANEL_MAIL] =
        {"/setup/mail", N_("Mail"),
         N_("Duet sends invitations, links to choose a new password, invitations to meetings, and "
            "what is new when people want that."),
         ROWS(mail_rows), write_no_address, write_test_mail},
};

/* -- Showing ------------------------------------------------------------------------------------
 */

/* What stands in a field: what was typed, else what is stored; nothing of a secret. */
static enum err value_of(struct page *page, const struct row *row, int field, struct str *value)
{
    struct str stored = {"", 0};
    enum err err = row->secret ? ERR_OK : settings_get(&page->coach, row->setting, &stored);
    *value = page->tried ? page_value(page, field, stored) : stored;
    return err;
}

static enum err write_row(struct page *page, const struct row *row, int field)
{
    const char *name = settings_name(row->setting);
    struct html *h = &page->html;
    struct str value;
    enum err err = value_of(page, row, field, &value);
    if (err != ERR_OK) {
        return err;
    }
    struct part_field control = {
        .id = str_of(name),
        .label = T(page, row->label),
        .hint = row->hint ? T(page, row->hint) : str_of(""),
        .error = page_error(page, name),
        .value = value,
        .type = row->type,
        .autocomplete = row->secret ? "off" : NULL,
    };
    if (row->type && str_is(str_of(row->type), "check")) {
        control.type = NULL;
        control.value = str_of("1");
        part_check(h, &control, page->tried ? page_number(page, field) != 0 : str_is(value, "1"));
        return ERR_OK;
    }
    control.optional = row->optional ? T(page, "optional") : str_of("");
    part_input(h, &control);
    return ERR_OK;
}

static enum err show_panel(struct page *page, const struct panel *panel)
{
    struct html *h = page_open(page, &(struct page_head){.title = T(page, panel->title),
                                                         .lead = T(page, panel->lead),
                                                         .back = T(page, "Set-up"),
                                                         .back_url = str_of("/setup"),
                                                         .nav = PAGE_NAV_SETUP});
    page_errors(page);
    if (panel->before) {
        panel->before(page);
    }
    page_form_open(page, str_of(panel->path));
    for (int i = 0; i < panel->n_rows; i++) {
        enum err err = write_row(page, &panel->rows[i], i);
        if (err != ERR_OK) {
            return err;
        }
    }
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    if (panel->after) {
        panel->after(page);
    }
    return page_close(page);
}

static enum err show_organisation(struct page *page)
{
    return show_panel(page, &panels[PANEL_ORGANISATION]);
}

static enum err show_sign_in(struct page *page)
{
    return show_panel(page, &panels[PANEL_SIGN_IN]);
}

static enum err show_mail(struct page *page)
{
    return show_panel(page, &panels[PANEL_MAIL]);
}

/* -- Saving -------------------------------------------------------------------------------------
 */

/* All complaints at once: a value that is not accepted does not hide the next. */
static enum err save_rows(struct page *page, const struct panel *panel)
{
    enum err err = ERR_OK;
    for (int i = 0; err == ERR_OK && i < panel->n_rows; i++) {
        const struct row *row = &panel->rows[i];
        struct str value = page_text(page, i);
        if (row->type && str_is(str_of(row->type), "check")) {
            value = str_of(page_number(page, i) ? "1" : "0");
        } else if (row->secret && !value.n) {
            continue;
        }
        err = settings_set(&page->coach, row->setting, value, &page->complaints);
        err = err == ERR_INVALID && page->complaints.n ? ERR_OK : err;
    }
    return err;
}

/* Nobody may lock everybody out: passwords go only when single sign-on is set up. */
static void refuse_lock_out(struct page *page, const struct panel *panel)
{
    bool passwords = false, provider = false;
    for (int i = 0; i < panel->n_rows; i++) {
        passwords |= panel->rows[i].setting == SETTING_PASSWORDS && page_number(page, i) != 0;
        provider |= panel->rows[i].setting == SETTING_OIDC_ISSUER && page_given(page, i);
    }
    if (panel == &panels[PANEL_SIGN_IN] && !passwords && !provider) {
        complaint_add(&page->complaints, "passwords",
                      N_("Without single sign-on nobody could sign in. Leave passwords on, or fill "
                         "in the provider below."));
    }
}

/* A time zone that the system does not know would leave every page in UTC, unsaid. */
static enum err refuse_unknown_zone(struct page *page, const struct panel *panel)
{
    struct clock_zone *zone;
    enum err err = ERR_OK;
    for (int i = 0; err == ERR_OK && i < panel->n_rows; i++) {
        struct str name = page_text(page, i);
        if (panel->rows[i].setting != SETTING_TIME_ZONE || !name.n) {
            continue;
        }
        err = clock_is_name(name) ? clock_open(page->arena, name, &zone) : ERR_NOT_FOUND;
        if (err == ERR_NOT_FOUND || err == ERR_INVALID) {
            complaint_add(&page->complaints, "time_zone",
                          N_("This machine knows no such time zone. They are called like "
                             "Europe/Madrid or America/New_York."));
            err = ERR_OK;
        }
    }
    return err;
}

static enum err save_panel(struct page *page, const struct panel *panel,
                           enum err (*show)(struct page *page))
{
    refuse_lock_out(page, panel);
    enum err err = refuse_unknown_zone(page, panel);
    if (err == ERR_OK && page->complaints.n) {
        return page_again(page, show);
    }
    err = err ? err : save_rows(page, panel);
    if (err == ERR_OK && page->complaints.n) {
        return page_again(page, show);
    }
    page->web->site.read_ms = 0;
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, str_of(panel->path)) : err;
}

static enum err save_organisation(struct page *page)
{
    return save_panel(page, &panels[PANEL_ORGANISATION], show_organisation);
}

static enum err save_sign_in(struct page *page)
{
    return save_panel(page, &panels[PANEL_SIGN_IN], show_sign_in);
}

static enum err save_mail(struct page *page)
{
    return save_panel(page, &panels[PANEL_MAIL], show_mail);
}

/* -- Trying -------------------------------------------------------------------------------------
 */

/* Whether the provider answers and describes itself as is needed; nobody is sent there. */
static enum err try_sign_on(struct page *page)
{
    static const struct openid_flow flow = {"trial", "trial", "trial"};
    struct openid_provider provider;
    struct str url;
    enum err err = allowed(&page->coach, ALLOW_EDIT, allow_on(ALLOW_ON_SETTINGS, 0));
    err = err ? err : page_sign_on_provider(page, &provider);
    err = err ? err : openid_ask_authorize(page->req, WEB_SERVICE_OUTSIDE, &provider, &flow, &url);
    switch (err) {
    case ERR_OK:
        return page_go(page, FLASH_PROVIDER_FINE, 0, str_of("/setup/sign-in"));
    case ERR_IO:
    case ERR_LIMIT:
        return page_go(page, FLASH_PROVIDER_SILENT, 0, str_of("/setup/sign-in"));
    case ERR_REFUSED:
        return page_go(page, FLASH_PROVIDER_UNTRUSTED, 0, str_of("/setup/sign-in"));
    case ERR_INVALID:
        return page_go(page, FLASH_PROVIDER_WRONG, 0, str_of("/setup/sign-in"));
    default:
        return err;
    }
}

static enum err test_mail(struct page *page)
{
    struct coach *coach = &page->coach;
    enum err err = allowed(coach, ALLOW_EDIT, allow_on(ALLOW_ON_SETTINGS, 0));
    err = err ? err : mail_queue(coach, MAIL_TEST, page->me.id, str_of(""));
    return err == ERR_OK ? page_go(page, FLASH_TEST_MAIL, 0, str_of("/setup/mail")) : err;
}

#define LINE(setting_name)                                                                         \
    {                                                                                              \
        .name = setting_name, .type = FIELD_TEXT, .max = LINE_MAX                                  \
    }
#define SECRET(setting_name)                                                                       \
    {                                                                                              \
        .name = setting_name, .type = FIELD_SECRET, .max = LINE_MAX                                \
    }
/* In the order of the rows above. */
static const struct field_spec organisation_fields[] = {
    LINE("organisation"), LINE("locale"),   LINE("time_zone"),
    LINE("timetable"),    LINE("base_url"), LINE("support_email")};
static const struct field_spec sign_in_fields[] = {{.name = "passwords", .type = FIELD_BOOL},
                                                   LINE("oidc_name"),
                                                   LINE("oidc_issuer"),
                                                   LINE("oidc_client_id"),
                                                   SECRET("oidc_client_secret")};
static const struct field_spec mail_fields[] = {LINE("smtp_url"), LINE("smtp_user"),
                                                SECRET("smtp_password"), LINE("smtp_from")};
#define FIELDS(specs) .fields = (specs), .n_fields = (int)(sizeof(specs) / sizeof((specs)[0]))

static const struct route routes[] = {
    {ROUTE_GET, "/setup/organisation", ROUTE_ADMINISTRATOR, .handle = show_organisation,
     .about = "Name, language, address of the organisation"},
    {ROUTE_POST, "/setup/organisation", ROUTE_ADMINISTRATOR, .handle = save_organisation,
     FIELDS(organisation_fields), .about = "Saves them"},
    {ROUTE_GET, "/setup/sign-in", ROUTE_ADMINISTRATOR, .handle = show_sign_in,
     .about = "Passwords and single sign-on"},
    {ROUTE_POST, "/setup/sign-in", ROUTE_ADMINISTRATOR, .handle = save_sign_in,
     FIELDS(sign_in_fields), .about = "Saves them"},
    {ROUTE_POST, "/setup/sign-in/try", ROUTE_ADMINISTRATOR, .handle = try_sign_on,
     .about = "Asks the single sign-on provider whether it answers"},
    {ROUTE_GET, "/setup/mail", ROUTE_ADMINISTRATOR, .handle = show_mail,
     .about = "The mail server"},
    {ROUTE_POST, "/setup/mail", ROUTE_ADMINISTRATOR, .handle = save_mail, FIELDS(mail_fields),
     .about = "Saves it"},
    {ROUTE_POST, "/setup/mail/test", ROUTE_ADMINISTRATOR, .handle = test_mail,
     .about = "Sends a test message to whoever asks"},
};
const struct route_set page_setup_settings_routes = ROUTE_SET("Set-up: settings", routes);
