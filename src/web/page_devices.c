/* Where I am signed in, and my password. */
#include "coach/audit.h"
#include "coach/credentials.h"
#include "coach/rates.h"
#include "http/hasher.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

enum { F_OLD, F_NEW, F_PASSWORD__MAX };
static const struct field_spec password_fields[F_PASSWORD__MAX] = {
    [F_OLD] = {.name = "old", .type = FIELD_SECRET, .max = CREDENTIALS_MAX},
    [F_NEW] = {.name = "new", .type = FIELD_SECRET, .max = CREDENTIALS_MAX, .required = true},
};

/* -- Devices -------------------------------------------------------------------------------------
 */

static struct str how_of(struct page *page, const struct session *session)
{
    switch (session->how) {
    case SESSION_INVITATION:
        return T(page, "with a link or code");
    case SESSION_OIDC:
        return T(page, "with single sign-on");
    default:
        return T(page, "with the password");
    }
}

static void write_session(struct page *page, struct part_table *table,
                          const struct session *session)
{
    struct html *h = &page->html;
    bool here = session->id == page->session.id;
    struct str agent = session->agent.n ? session->agent : T(page, "A browser");
    part_row_open(h, table);
    part_cell_open(h, table);
    html_text(h, agent);
    if (here) {
        html_text(h, str_of(" "));
        part_badge(h, PART_TONE_GOOD, T(page, "this one"));
    }
    part_cell_close(h, table);
    part_cell_open(h, table);
    html_open(h, EL_SPAN);
    page_write_moment(page, session->created_ms);
    html_text(h, str_of(" "));
    html_text(h, how_of(page, session));
    html_close(h, EL_SPAN);
    part_cell_close(h, table);
    part_cell_open(h, table);
    page_write_moment(page, session->seen_ms);
    part_cell_close(h, table);
    part_cell_open(h, table);
    if (!here) {
        page_button_form(page, page_path(page, "/devices/{}/end", html_int(session->id)),
                         &(struct part_button){.text = T(page, "Sign out"),
                                               .kind = PART_BUTTON_PLAIN,
                                               .about = agent});
    }
    part_cell_close(h, table);
    part_row_close(h, table);
}

static void write_sessions(struct page *page, const struct session_list *list)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Device")},
        {.heading = T(page, "Signed in")},
        {.heading = T(page, "Last used")},
        {.heading = T(page, "Change"), .align = PART_ALIGN_ACTIONS}};
    struct part_table table = {.caption = T(page, "Where I am signed in"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = 4};
    part_section_open(h, str_of("devices"), T(page, "Where I am signed in"));
    part_table_open(h, &table);
    for (size_t i = 0; i < list->n; i++) {
        write_session(page, &table, &list->items[i]);
    }
    part_table_close(h, &table);
    if (list->n > 1) {
        page_button_form(page, str_of("/devices/end-others"),
                         &(struct part_button){.text = T(page, "Sign out all other devices"),
                                               .kind = PART_BUTTON_PLAIN});
    }
    part_section_close(h);
}

/* -- The password --------------------------------------------------------------------------------
 */

static enum err find_hash(struct page *page, struct str *hash)
{
    enum err err = credentials_get_hash(&page->coach, page->me.id, hash);
    if (err == ERR_NOT_FOUND) { /* signed in by a link or single sign-on until now */
        *hash = str_of("");
        return ERR_OK;
    }
    return err;
}

static void write_password(struct page *page, bool has)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("password"), T(page, "My password"));
    page_form_open(page, str_of("/devices/password"));
    if (page->me.email.n) { /* so that password managers know whose it is */
        part_input(h, &(struct part_field){.id = str_of("username"),
                                           .label = T(page, "I sign in with"),
                                           .type = "email",
                                           .autocomplete = "username",
                                           .value = page->me.email,
                                           .readonly = true});
    }
    if (has) {
        part_input(h, &(struct part_field){.id = str_of("old"),
                                           .label = T(page, "Password until now"),
                                           .type = "password",
                                           .autocomplete = "current-password",
                                           .error = page_error(page, "old")});
    }
    part_input(h, &(struct part_field){
                      .id = str_of("new"),
                      .label = T(page, "New password"),
                      .hint = FILL(page,
                                   T(page, "At least {n} characters. Three or four words that do "
                                           "not belong together are good."),
                                   CATALOG_INT("n", CREDENTIALS_MIN)),
                      .type = "password",
                      .autocomplete = "new-password",
                      .error = page_error(page, "new")});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = has ? T(page, "Change the password")
                                                     : T(page, "Set a password"),
                                         .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    struct session_list list;
    struct str hash;
    enum err err = sessions_list(&page->coach, page->me.id, &list);
    if (err == ERR_OK) {
        err = find_hash(page, &hash);
    }
    if (err != ERR_OK) {
        return err;
    }
    page_open(page, &(struct page_head){.title = T(page, "Password and devices"),
                                        .lead = T(page, "If something here is not you, sign it "
                                                        "out and change the password."),
                                        .nav = PAGE_NAV_ME});
    page_errors(page);
    write_sessions(page, &list);
    if (page->web->site.passwords) {
        write_password(page, hash.n > 0);
    }
    return page_close(page);
}

static enum err end_one(struct page *page)
{
    enum err err = sessions_end(&page->coach, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_SESSION_ENDED, 0, str_of("/devices")) : err;
}

static enum err end_others(struct page *page)
{
    int64_t n;
    enum err err = sessions_end_all(&page->coach, page->me.id, page->session.id, &n);
    return err == ERR_OK ? page_go(page, FLASH_SESSIONS_ENDED, n, str_of("/devices")) : err;
}

/* Asks for the old password, where there is one: whoever finds an open browser has not got it. */
static enum err confirm(struct page *page)
{
    struct str hash, password;
    enum err err = find_hash(page, &hash);
    if (err != ERR_OK || !hash.n) {
        return err;
    }
    if (page->pass == 0) {
        err = rates_take(&page->coach, RATES_SIGN_IN_ACCOUNT, page->me.email, &page->wait_ms);
    }
    if (err == ERR_OK) {
        err = credentials_normal(&page->coach, page_text(page, F_OLD), &password);
    }
    if (err == ERR_INVALID) {
        password = str_of("");
        err = ERR_OK;
    }
    if (err == ERR_OK) {
        err = page_served(page, hasher_verify(page->req, WEB_SERVICE_HASHER, hash, password, NULL));
    }
    if (err == ERR_REFUSED) {
        complaint_add(&page->complaints, "old", N_("This is not the password until now."));
        return ERR_INVALID;
    }
    return err;
}

static enum err change_password(struct page *page)
{
    struct str password, hash;
    struct credential_owner owner = {page->me.given_name, page->me.family_name, page->me.email,
                                     page->web->site.organisation};
    if (!page->web->site.passwords) {
        return ERR_FORBIDDEN;
    }
    enum err err =
        credentials_check(&page->complaints, "new", page_text(page, F_NEW), &owner, &password);
    if (err == ERR_OK) {
        err = confirm(page);
    }
    if (err == ERR_OK) {
        err = page_served(page, hasher_hash(page->req, WEB_SERVICE_HASHER, password, &hash));
    }
    if (err == ERR_OK) {
        err = credentials_set_hash(&page->coach, page->me.id, hash);
    }
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    return err == ERR_OK ? page_go(page, FLASH_PASSWORD_CHANGED, 0, str_of("/devices")) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/devices", ROUTE_OWN, .handle = show, .about = "My devices and my password"},
    {ROUTE_POST, "/devices/:id/end", ROUTE_OWN, .handle = end_one, .about = "Signs a device out"},
    {ROUTE_POST, "/devices/end-others", ROUTE_OWN, .handle = end_others,
     .about = "Signs all other devices out"},
    {ROUTE_POST, "/devices/password", ROUTE_OWN, .handle = change_password,
     .fields = password_fields, .n_fields = F_PASSWORD__MAX, .about = "Changes the password"},
};
const struct route_set page_devices_routes = ROUTE_SET("Password and devices", routes);
