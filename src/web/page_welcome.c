/* One-time keys: an invitation's link, a code from a printed sheet, a new password, the first
 * administrator, a demonstration.  Looking at a link changes nothing; using it is a POST. */
#include "coach/credentials.h"
#include "coach/invitations.h"
#include "coach/rates.h"
#include "http/hasher.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

enum { F_CODE, F_CODE__MAX };
static const struct field_spec code_fields[F_CODE__MAX] = {
    [F_CODE] = {.name = "code", .type = FIELD_TEXT, .max = 60, .required = true},
};

enum { F_KEY, F_EMAIL, F_PASSWORD, F_WELCOME__MAX };
static const struct field_spec welcome_fields[F_WELCOME__MAX] = {
    [F_KEY] = {.name = "key", .type = FIELD_TEXT, .max = 60, .required = true},
    [F_EMAIL] = {.name = "email", .type = FIELD_EMAIL},
    [F_PASSWORD] = {.name = "password", .type = FIELD_SECRET, .max = CREDENTIALS_MAX},
};

/* The key, whom it is for (who then asks: holding the key is the proof), and what they are. */
static enum err look_at(struct page *page, struct str key, struct invitation *invitation,
                        struct person *person)
{
    enum err err = invitations_peek(&page->coach, key, invitation);
    if (err == ERR_OK) {
        err = coach_act_as(&page->coach, invitation->person_id);
    }
    return err == ERR_OK ? people_get(&page->coach, invitation->person_id, person) : err;
}

/* -- The pages -----------------------------------------------------------------------------------
 */

static void write_demo(struct page *page, struct str key, const struct person *person)
{
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = FILL(page, T(page, "Try Duet as {name}"), CATALOG_TEXT("name", person->name)),
            .lead = T(page, "A demonstration: everybody in it is made up, and you may change "
                            "anything."),
            .plain = true});
    page_form_open(page, str_of("/welcome"));
    part_hidden(h, str_of("key"), key);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Begin"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static struct str lead_of(struct page *page, enum invitation_purpose purpose)
{
    if (purpose == INVITATION_RESET) {
        return T(page, "Choose a new password. You are then signed in, and other devices are "
                       "signed out.");
    }
    return T(page, "Duet brings colleagues together so that they can learn from each other. "
                   "Choose a password, and you are in.");
}

static void write_password_form(struct page *page, struct str key, const struct person *person)
{
    struct html *h = &page->html;
    bool has_address = person->email.n > 0;
    page_errors(page);
    page_form_open(page, str_of("/welcome"));
    part_hidden(h, str_of("key"), key);
    part_input(h, &(struct part_field){
                      .id = str_of("email"),
                      .label = T(page, "E-mail address"),
                      .hint = has_address ? T(page, "You sign in with this address.")
                                          : T(page, "You sign in with it. Nobody else sees it."),
                      .type = "email",
                      .autocomplete = "username",
                      .value = has_address ? person->email : page_value(page, F_EMAIL, str_of("")),
                      .error = page_error(page, "email"),
                      .readonly = has_address});
    part_input(h, &(struct part_field){
                      .id = str_of("password"),
                      .label = T(page, "New password"),
                      .hint = FILL(page,
                                   T(page, "At least {n} characters. Three or four words that do "
                                           "not belong together are good."),
                                   CATALOG_INT("n", CREDENTIALS_MIN)),
                      .type = "password",
                      .autocomplete = "new-password",
                      .error = page_error(page, "password")});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Set password and go on"),
                                         .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static enum err show_key(struct page *page, struct str key)
{
    struct invitation invitation;
    struct person person;
    enum err err = look_at(page, key, &invitation, &person);
    page->coach.actor = (struct actor){0};
    if (err != ERR_OK) {
        return err;
    }
    if (invitation.purpose == INVITATION_DEMO) {
        write_demo(page, key, &person);
        return page_close(page);
    }
    bool setup = invitation.purpose == INVITATION_SETUP;
    page_open(
        page,
        &(struct page_head){
            .title =
                setup ? T(page, "Set up Duet")
                      : FILL(page, T(page, "Welcome, {name}"), CATALOG_TEXT("name", person.name)),
            .lead = setup ? T(page, "You are the first administrator. Choose how you sign in; the "
                                    "rest comes step by step.")
                          : lead_of(page, invitation.purpose),
            .plain = true});
    write_password_form(page, key, &person);
    return page_close(page);
}

/* A key that is unknown, used or too old: one page for all, that says what to do. */
static enum err show_useless(struct page *page)
{
    page->res->status = 404;
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "This link does not work any more"),
            .lead =
                T(page, "Links and codes work once and for a limited time. If you have set your "
                        "password already, sign in with it. Otherwise ask the person who looks "
                        "after Duet at your school for a new one."),
            .plain = true});
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_NONE, T(page, "Sign in"), str_of("/sign-in"));
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_NONE, T(page, "Enter a code"),
                     str_of("/code"));
    part_buttons_close(h);
    return page_close(page);
}

static enum err open_link(struct page *page)
{
    struct str key = page_word(page, "key");
    if (key.n != INVITATIONS_TOKEN) { /* codes are counted, see use_code */
        return show_useless(page);
    }
    enum err err = show_key(page, key);
    return err == ERR_NOT_FOUND ? show_useless(page) : err;
}

static enum err show_code_form(struct page *page)
{
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "Enter your code"),
            .lead = T(page, "It stands on the sheet that you were given: twelve letters in three "
                            "groups."),
            .back = T(page, "Sign in"),
            .back_url = str_of("/sign-in"),
            .plain = true});
    page_errors(page);
    page_form_open(page, str_of("/code"));
    part_input(h, &(struct part_field){.id = str_of("code"),
                                       .label = T(page, "Code"),
                                       .hint = T(page, "Capital or small letters, with or "
                                                       "without hyphens."),
                                       .autocomplete = "one-time-code",
                                       .value = page_value(page, F_CODE, str_of("")),
                                       .error = page_error(page, "code"),
                                       .width = PART_FIELD_HALF});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Go on"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

/* -- Using a key ----------------------------------------------------------------------------------
 */

static enum err take_rate(struct page *page)
{
    if (page->pass > 0) {
        return ERR_OK;
    }
    return rates_take(&page->coach, RATES_KEY_ADDRESS, str_of(page->req->address), &page->wait_ms);
}

static enum err use_code(struct page *page)
{
    if (page->complaints.n) {
        return page_again(page, show_code_form);
    }
    struct str code = page_text(page, F_CODE);
    enum err err = take_rate(page);
    if (err != ERR_OK) {
        return err;
    }
    page->tried = false; /* what comes is another form */
    err = show_key(page, code);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    page->tried = true;
    page->res->status = 422;
    complaint_add(&page->complaints, "code",
                  N_("There is no such code. Look at it again; if it was used or is older than a "
                     "month, ask for a new one."));
    return show_code_form(page); /* the attempt stays counted */
}

static enum err show_again(struct page *page)
{
    return show_key(page, page_text(page, F_KEY));
}

/* Whoever has no address yet has given one, which becomes theirs. */
static enum err keep_address(struct page *page, const struct person *person)
{
    if (person->email.n) {
        return ERR_OK;
    }
    struct person_input input = {.external_id = person->external_id,
                                 .given_name = person->given_name,
                                 .family_name = person->family_name,
                                 .email = page_text(page, F_EMAIL),
                                 .position = person->position};
    struct actor actor = page->coach.actor;
    coach_act_as_system(&page->coach);
    enum err err = people_edit(&page->coach, person->id, &input, &page->complaints);
    page->coach.actor = actor;
    return err;
}

static enum err use(struct page *page)
{
    struct invitation used;
    return invitations_use(&page->coach, page_text(page, F_KEY), &used);
}

static enum err enter(struct page *page, const struct invitation *invitation, enum flash flash)
{
    enum err err = page_sign_in(page, invitation->person_id, SESSION_INVITATION, false);
    if (err != ERR_OK) {
        return err;
    }
    return page_go(page, flash, 0,
                   str_of(invitation->purpose == INVITATION_SETUP ? "/start" : "/"));
}

static enum err check_form(struct page *page, const struct person *person, struct str *password)
{
    struct credential_owner owner = {person->given_name, person->family_name,
                                     person->email.n ? person->email : page_text(page, F_EMAIL),
                                     page->web->site.organisation};
    if (!person->email.n && !page_given(page, F_EMAIL) && !page->complaints.n) {
        complaint_add(&page->complaints, "email", N_("Enter your e-mail address."));
    }
    enum err err = credentials_check(&page->complaints, "password", page_text(page, F_PASSWORD),
                                     &owner, password);
    return err == ERR_INVALID || err == ERR_OK ? complaint_result(&page->complaints) : err;
}

static enum err set_password(struct page *page, const struct invitation *invitation,
                             const struct person *person)
{
    struct str password, hash;
    enum err err = check_form(page, person, &password);
    if (err == ERR_OK) {
        err = page_served(page, hasher_hash(page->req, WEB_SERVICE_HASHER, password, &hash));
    }
    if (err == ERR_OK) {
        err = use(page); /* first: a new address ends the keys of the old one */
    }
    if (err == ERR_OK) {
        err = keep_address(page, person);
    }
    if (err == ERR_OK) {
        err = credentials_set_hash(&page->coach, person->id, hash);
    }
    if (err == ERR_INVALID) {
        return page_again(page, show_again);
    }
    if (err != ERR_OK) {
        return err;
    }
    bool reset = invitation->purpose == INVITATION_RESET;
    return enter(page, invitation, reset ? FLASH_PASSWORD_SET : FLASH_WELCOME);
}

static enum err use_key(struct page *page)
{
    struct invitation invitation;
    struct person person;
    if (!page_given(page, F_KEY)) {
        return show_useless(page);
    }
    enum err err = take_rate(page);
    if (err == ERR_OK) {
        err = look_at(page, page_text(page, F_KEY), &invitation, &person);
    }
    if (err == ERR_NOT_FOUND) {
        return show_useless(page);
    }
    if (err != ERR_OK) {
        return err;
    }
    if (invitation.purpose != INVITATION_DEMO) {
        return set_password(page, &invitation, &person);
    }
    err = use(page);
    return err == ERR_OK ? enter(page, &invitation, FLASH_NONE) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/welcome/*key", ROUTE_PUBLIC, .handle = open_link,
     .about = "The page behind an invitation's link"},
    {ROUTE_POST, "/welcome", ROUTE_PUBLIC, .handle = use_key, .fields = welcome_fields,
     .n_fields = F_WELCOME__MAX, .open = true,
     .about = "Uses a one-time key: sets the password and signs in"},
    {ROUTE_GET, "/code", ROUTE_PUBLIC, .handle = show_code_form,
     .about = "Entering a code from a printed sheet"},
    {ROUTE_POST, "/code", ROUTE_PUBLIC, .handle = use_code, .fields = code_fields,
     .n_fields = F_CODE__MAX, .open = true, .about = "Goes on with a code"},
};
const struct route_set page_welcome_routes = ROUTE_SET("Invitations", routes);
