/* Signing in with a password, signing out, and a forgotten password. */
#include "coach/audit.h"
#include "coach/credentials.h"
#include "coach/mail.h"
#include "coach/rates.h"
#include "http/cookie.h"
#include "http/hasher.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/page_sign_on.h"
#include "web/web.h"

enum { F_EMAIL, F_PASSWORD, F_STAY, F_TO, F_SIGN_IN__MAX };
static const struct field_spec sign_in_fields[F_SIGN_IN__MAX] = {
    [F_EMAIL] = {.name = "email", .type = FIELD_TEXT, .max = PEOPLE_EMAIL, .required = true},
    [F_PASSWORD] = {.name = "password",
                    .type = FIELD_SECRET,
                    .max = CREDENTIALS_MAX,
                    .required = true},
    [F_STAY] = {.name = "stay", .type = FIELD_BOOL},
    [F_TO] = {.name = "to", .type = FIELD_PATH},
};

enum { F_ASK_TO, F_ASK__MAX };
static const struct field_spec ask_fields[F_ASK__MAX] = {
    [F_ASK_TO] = {.name = "to", .type = FIELD_PATH},
};

enum { F_FORGOTTEN_EMAIL, F_FORGOTTEN__MAX };
static const struct field_spec forgotten_fields[F_FORGOTTEN__MAX] = {
    [F_FORGOTTEN_EMAIL] = {.name = "email", .type = FIELD_EMAIL, .required = true},
};

/* -- Signing in ---------------------------------------------------------------------------------
 */

static void write_password_form(struct page *page, struct str to)
{
    struct html *h = &page->html;
    page_form_open(page, str_of("/sign-in"));
    part_input(h, &(struct part_field){.id = str_of("email"),
                                       .label = T(page, "E-mail address"),
                                       .type = "email",
                                       .autocomplete = "username",
                                       .error = page_error(page, "email"),
                                       .value = page_value(page, F_EMAIL, str_of(""))});
    part_input(h, &(struct part_field){.id = str_of("password"),
                                       .label = T(page, "Password"),
                                       .type = "password",
                                       .autocomplete = "current-password",
                                       .error = page_error(page, "password")});
    part_check(h,
               &(struct part_field){.id = str_of("stay"),
                                    .label = T(page, "Stay signed in on this device"),
                                    .hint = T(page, "Only on a device that is yours.")},
               page_value_number(page, F_STAY, 0) != 0);
    if (to.n) {
        part_hidden(h, str_of("to"), to);
    }
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Sign in"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static enum err show_sign_in(struct page *page)
{
    const struct web_site *site = &page->web->site;
    struct str to = page_text(page, page->tried ? (int)F_TO : (int)F_ASK_TO);
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "Sign in"), .plain = true});
    page_errors(page);
    if (page->web->options->demo) {
        part_notice(h, PART_TONE_PLAIN, T(page, "This is a demonstration"),
                    T(page, "Everybody in it is made up. The program that started it shows links "
                            "to sign in with."));
    }
    if (site->oidc) {
        page_write_sign_on(page, to);
    }
    if (site->passwords) {
        write_password_form(page, to);
    }
    page_link(page, T(page, "I have a code on paper"), str_of("/code"));
    page_link(page, T(page, "I have forgotten my password"), str_of("/forgotten"));
    return page_close(page);
}

static enum err ask(struct page *page)
{
    return page->signed_in ? page_go(page, FLASH_NONE, 0, str_of("/")) : show_sign_in(page);
}

/* Wrong address and wrong password are told in the same words, after the same work. */
static enum err refuse(struct page *page, int64_t person_id)
{
    enum err err = audit_note_word(&page->coach, "sign-in-failed",
                                   allow_of(ALLOW_ON_SESSION, person_id, 0), true, "password");
    if (err != ERR_OK) {
        return err;
    }
    complaint_add(&page->complaints, "email",
                  N_("This e-mail address and password do not go together. Check both; if you "
                     "have forgotten the password, choose a new one below."));
    return page_again(page, show_sign_in);
}

static enum err take_rates(struct page *page)
{
    struct coach *coach = &page->coach;
    if (page->pass > 0) {
        return ERR_OK; /* taken before the hasher was asked */
    }
    enum err err =
        rates_take(coach, RATES_SIGN_IN_ADDRESS, str_of(page->req->address), &page->wait_ms);
    if (err == ERR_OK) {
        err = rates_take(coach, RATES_SIGN_IN_ACCOUNT, page_text(page, F_EMAIL), &page->wait_ms);
    }
    return err;
}

static enum err finish(struct page *page, int64_t person_id)
{
    struct coach *coach = &page->coach;
    enum err err = rates_forget(coach, RATES_SIGN_IN_ACCOUNT, page_text(page, F_EMAIL));
    if (err == ERR_OK) {
        err = page_sign_in(page, person_id, SESSION_PASSWORD, page_number(page, F_STAY) != 0);
    }
    if (err != ERR_OK) {
        return err;
    }
    return page_go(page, FLASH_NONE, 0,
                   page_given(page, F_TO) ? page_text(page, F_TO) : str_of("/"));
}

static enum err sign_in(struct page *page)
{
    struct credential credential;
    struct str password;
    if (page->complaints.n || !page->web->site.passwords) {
        return page_again(page, show_sign_in);
    }
    enum err err = take_rates(page);
    if (err == ERR_OK) {
        err = credentials_find(&page->coach, page_text(page, F_EMAIL), &credential);
    }
    if (err != ERR_OK) {
        return err;
    }
    err = credentials_normal(&page->coach, page_text(page, F_PASSWORD), &password);
    if (err == ERR_INVALID) {
        password = str_of(""); /* fits no hash; costs the same */
    } else if (err != ERR_OK) {
        return err;
    }
    err = page_served(
        page, hasher_verify(page->req, WEB_SERVICE_HASHER, credential.hash, password, NULL));
    if (err == ERR_REFUSED || (err == ERR_OK && !credential.person_id)) {
        return refuse(page, credential.person_id);
    }
    return err == ERR_OK ? finish(page, credential.person_id) : err;
}

static enum err sign_out(struct page *page)
{
    enum err err = sessions_end(&page->coach, page->session.id);
    if (err != ERR_OK && err != ERR_NOT_FOUND) {
        return err;
    }
    cookie_clear(page->res, WEB_SESSION_COOKIE);
    return page_go(page, FLASH_SIGNED_OUT, 0, str_of("/sign-in"));
}

/* -- A forgotten password -----------------------------------------------------------------------
 */

static enum err show_forgotten(struct page *page)
{
    struct page_head head = {.title = T(page, "A new password"),
                             .back = T(page, "Sign in"),
                             .back_url = str_of("/sign-in"),
                             .plain = true};
    if (!page->web->site.mail) {
        head.lead = T(page, "Ask the person who looks after Duet at your school. They can print a "
                            "code for you; with it you choose a new password.");
        struct html *h = page_open(page, &head);
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_KEY, T(page, "I have a code"),
                         str_of("/code"));
        part_buttons_close(h);
        return page_close(page);
    }
    head.lead = T(page, "Duet sends a link to your address. It works for one hour and once.");
    struct html *h = page_open(page, &head);
    page_errors(page);
    page_form_open(page, str_of("/forgotten"));
    part_input(h, &(struct part_field){.id = str_of("email"),
                                       .label = T(page, "E-mail address"),
                                       .type = "email",
                                       .autocomplete = "username",
                                       .error = page_error(page, "email"),
                                       .value = page_value(page, F_FORGOTTEN_EMAIL, str_of(""))});
    part_buttons_open(h);
    part_button(h,
                &(struct part_button){.text = T(page, "Send the link"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

/* The same page whether the address is known or not. */
static enum err show_sent(struct page *page)
{
    page_open(page, &(struct page_head){
                        .title = T(page, "Look into your mail"),
                        .lead = T(page, "If this address belongs to an account, a link is on its "
                                        "way. It works for one hour. If nothing comes, look among "
                                        "the unwanted mail, or ask the person who looks after "
                                        "Duet at your school."),
                        .back = T(page, "Sign in"),
                        .back_url = str_of("/sign-in"),
                        .plain = true});
    return page_close(page);
}

static enum err forgotten(struct page *page)
{
    struct coach *coach = &page->coach;
    struct str email = page_text(page, F_FORGOTTEN_EMAIL);
    struct person person;
    if (page->complaints.n || !page->web->site.mail) {
        return page_again(page, show_forgotten);
    }
    enum err err =
        rates_take(coach, RATES_RESET_ADDRESS, str_of(page->req->address), &page->wait_ms);
    if (err == ERR_OK) {
        err = rates_take(coach, RATES_RESET_ACCOUNT, email, &page->wait_ms);
    }
    if (err != ERR_OK) {
        return err;
    }
    coach_act_as_system(coach);
    err = people_by_email(coach, email, &person);
    if (err == ERR_OK && person.active) {
        err = mail_queue(coach, MAIL_RESET, person.id, str_of(""));
    }
    coach->actor = (struct actor){0};
    return err == ERR_OK || err == ERR_NOT_FOUND ? show_sent(page) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/sign-in", ROUTE_PUBLIC, .handle = ask, .fields = ask_fields,
     .n_fields = F_ASK__MAX, .about = "Signing in with a password"},
    {ROUTE_POST, "/sign-in", ROUTE_PUBLIC, .handle = sign_in, .fields = sign_in_fields,
     .n_fields = F_SIGN_IN__MAX, .open = true, .about = "Signs in"},
    {ROUTE_POST, "/sign-out", ROUTE_OWN, .handle = sign_out, .about = "Signs out"},
    {ROUTE_GET, "/forgotten", ROUTE_PUBLIC, .handle = show_forgotten,
     .about = "Asking for a link to choose a new password"},
    {ROUTE_POST, "/forgotten", ROUTE_PUBLIC, .handle = forgotten, .fields = forgotten_fields,
     .n_fields = F_FORGOTTEN__MAX, .open = true, .about = "Sends the link"},
};
const struct route_set page_sign_in_routes = ROUTE_SET("Signing in", routes);
