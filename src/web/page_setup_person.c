/* Set-up: roles in units, who evaluates a person, how they sign in, leaving and coming back. */
#include "base/arena.h"
#include "coach/evaluators.h"
#include "coach/invitations.h"
#include "coach/oidc.h"
#include "coach/people.h"
#include "coach/roles.h"
#include "coach/units.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/setup_person.h"
#include "web/web.h"

#define AT "/setup/people/:id"

enum { F_UNIT, F_ROLE, F_ROLE__MAX };
static const struct field_spec role_fields[F_ROLE__MAX] = {
    [F_UNIT] = {.name = "unit", .type = FIELD_ID, .required = true},
    [F_ROLE] = {.name = "role",
                .type = FIELD_CHOICE,
                .choices = "participant|coordinator|administrator",
                .required = true},
};

enum { F_EMAIL, F_OTHER, F_EVALUATOR__MAX };
static const struct field_spec evaluator_fields[F_EVALUATOR__MAX] = {
    [F_EMAIL] = {.name = "evaluator", .type = FIELD_EMAIL},
    [F_OTHER] = {.name = "other", .type = FIELD_ID},
};

static struct str person_url(struct page *page)
{
    return page_path(page, "/setup/people/{}", html_int(page_id(page, "id")));
}

static enum err done(struct page *page, enum err err, enum flash flash)
{
    if (err == ERR_CONFLICT) {
        return page_go(page, FLASH_LAST_ADMINISTRATOR, 0, person_url(page));
    }
    return err == ERR_OK ? page_go(page, flash, 0, person_url(page)) : err;
}

/* -- Roles --------------------------------------------------------------------------------------
 */

static struct str role_words(struct page *page, enum role role)
{
    static const char *const words[ROLE__MAX] = {
        [ROLE_PARTICIPANT] = N_("Participant"),
        [ROLE_COORDINATOR] = N_("Coordinator"),
        [ROLE_ADMINISTRATOR] = N_("Administrator"),
    };
    return T(page, words[role]);
}

static bool is_among(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

/* Leaves the units that the reader coordinates, and all below them.  A unit stands after its parent
 * in the list. */
static enum err keep_own_units(struct page *page, struct unit_list *units)
{
    struct membership_list roles;
    size_t n_ids = 0, n = 0;
    enum err err = roles_of_person(&page->coach, page->me.id, &roles);
    if (err != ERR_OK) {
        return err;
    }
    int64_t *ids = arena_alloc(page->arena, roles.n + units->n, sizeof *ids);
    for (size_t i = 0; ids && i < roles.n; i++) {
        if (roles.items[i].role == ROLE_COORDINATOR) {
            ids[n_ids++] = roles.items[i].unit_id;
        }
    }
    for (size_t i = 0; ids && i < units->n; i++) {
        const struct unit *unit = &units->items[i];
        if (is_among(ids, n_ids, unit->parent_id) || is_among(ids, n_ids, unit->id)) {
            ids[n_ids++] = unit->id;
            units->items[n++] = *unit;
        }
    }
    units->n = n;
    return ids ? ERR_OK : ERR_NOMEM;
}

enum err setup_person_write_units(struct page *page, int64_t chosen)
{
    struct unit_list units;
    enum err err = units_list(&page->coach, false, &units);
    if (err == ERR_OK && !page->coach.actor.administrator) {
        err = keep_own_units(page, &units);
    }
    if (err != ERR_OK) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, units.n, sizeof *options);
    for (size_t i = 0; options && i < units.n; i++) {
        options[i] = (struct part_option){.value = page_digits(page, units.items[i].id),
                                          .text = units.items[i].name,
                                          .chosen = units.items[i].id == chosen};
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("unit"),
                                     .label = T(page, "Unit"),
                                     .error = page_error(page, "unit"),
                                     .width = PART_FIELD_HALF},
                T(page, "Choose"), options, options ? units.n : 0);
    return options ? ERR_OK : ERR_NOMEM;
}

static void write_role(struct page *page, const struct membership *membership)
{
    struct html *h = &page->html;
    part_list_item(h);
    html_text(h, FILL(page, T(page, "{role} at {unit}"),
                      CATALOG_TEXT("role", role_words(page, membership->role)),
                      CATALOG_TEXT("unit", membership->unit_name)));
    page_form_open(page,
                   page_path(page, "/setup/people/{}/roles/end", html_int(membership->person_id)));
    part_hidden(h, str_of("unit"), page_digits(page, membership->unit_id));
    part_hidden(h, str_of("role"), str_of(roles_word(membership->role)));
    part_button(h, &(struct part_button){.text = T(page, "Take away"),
                                         .about = membership->unit_name,
                                         .kind = PART_BUTTON_QUIET,
                                         .icon = PART_ICON_REMOVE});
    page_form_close(page);
}

static enum err write_roles(struct page *page, const struct person *person)
{
    struct membership_list list;
    struct html *h = &page->html;
    struct part_option roles[ROLE__MAX];
    enum err err = roles_of_person(&page->coach, person->id, &list);
    if (err != ERR_OK) {
        return err;
    }
    part_section_open(h, str_of("roles"), T(page, "Units and roles"));
    part_list_open(h, false);
    for (size_t i = 0; i < list.n; i++) {
        write_role(page, &list.items[i]);
    }
    part_list_close(h);
    part_details_open(h, T(page, "Add a role"), list.n == 0);
    page_form_open(page, page_path(page, "/setup/people/{}/roles", html_int(person->id)));
    err = setup_person_write_units(page, 0);
    for (int i = 0; i < ROLE__MAX; i++) {
        roles[i] = (struct part_option){.value = str_of(roles_word((enum role)i)),
                                        .text = role_words(page, (enum role)i)};
    }
    part_select(h,
                &(struct part_field){
                    .id = str_of("role"), .label = T(page, "Role"), .width = PART_FIELD_HALF},
                str_of(""), roles, ROLE__MAX);
    part_button(h, &(struct part_button){.text = T(page, "Add"), .kind = PART_BUTTON_PLAIN});
    page_form_close(page);
    part_details_close(h);
    part_section_close(h);
    return err;
}

static enum err add_role(struct page *page)
{
    if (page->complaints.n) {
        return page_go(page, FLASH_CHOOSE_UNIT, 0, person_url(page));
    }
    enum err err = roles_add(&page->coach, page_id(page, "id"), page_number(page, F_UNIT),
                             (enum role)page_number(page, F_ROLE), NULL);
    if (err == ERR_CONFLICT) {
        return page_go(page, FLASH_ADMINISTRATOR_AT_TOP, 0, person_url(page));
    }
    return done(page, err, FLASH_SAVED);
}

static enum err end_role(struct page *page)
{
    enum err err = page->complaints.n
                       ? ERR_NOT_FOUND
                       : roles_remove(&page->coach, page_id(page, "id"), page_number(page, F_UNIT),
                                      (enum role)page_number(page, F_ROLE));
    return done(page, err, FLASH_SAVED);
}

/* -- Evaluators ---------------------------------------------------------------------------------
 */

static enum err write_evaluators(struct page *page, const struct person *person)
{
    struct evaluator_list list;
    struct html *h = &page->html;
    enum err err = evaluators_of_person(&page->coach, person->id, &list);
    if (err != ERR_OK) {
        return err;
    }
    part_section_open(h, str_of("evaluators"), T(page, "Who evaluates this person"));
    part_paragraph(h,
                   T(page, "Whoever evaluates somebody is never matched with them and never sees "
                           "anything of their coaching, whatever else they are."));
    part_list_open(h, false);
    for (size_t i = 0; i < list.n; i++) {
        part_list_item(h);
        html_text(h, list.items[i].name);
        page_form_open(page,
                       page_path(page, "/setup/people/{}/evaluators/end", html_int(person->id)));
        part_hidden(h, str_of("other"), page_digits(page, list.items[i].evaluator_id));
        part_button(h, &(struct part_button){.text = T(page, "Take away"),
                                             .about = list.items[i].name,
                                             .kind = PART_BUTTON_QUIET,
                                             .icon = PART_ICON_REMOVE});
        page_form_close(page);
    }
    part_list_close(h);
    page_form_open(page, page_path(page, "/setup/people/{}/evaluators", html_int(person->id)));
    struct str error = page_error(page, "evaluator");
    part_input(h, &(struct part_field){.id = str_of("evaluator"),
                                       .label = T(page, "E-mail address of an evaluator"),
                                       .type = "email",
                                       .value = error.n ? page_typed(page, F_EMAIL) : str_of(""),
                                       .error = error,
                                       .width = PART_FIELD_HALF});
    part_button(h, &(struct part_button){.text = T(page, "Add"), .kind = PART_BUTTON_PLAIN});
    page_form_close(page);
    part_section_close(h);
    return ERR_OK;
}

static enum err add_evaluator(struct page *page)
{
    struct person other;
    enum err err = page->complaints.n || !page_given(page, F_EMAIL)
                       ? ERR_NOT_FOUND
                       : people_by_email(&page->coach, page_text(page, F_EMAIL), &other);
    err = err ? err : evaluators_add(&page->coach, other.id, page_id(page, "id"));
    if (err != ERR_NOT_FOUND && err != ERR_CONFLICT) {
        return done(page, err, FLASH_SAVED);
    }
    if (!page->complaints.n) {
        complaint_add(&page->complaints, "evaluator",
                      N_("Nobody else here has this e-mail address."));
    }
    page->tried = false; /* the fields of the account's own form were not sent */
    return page_again(page, setup_person_show);
}

static enum err end_evaluator(struct page *page)
{
    enum err err = evaluators_remove(&page->coach, page_number(page, F_OTHER), page_id(page, "id"));
    return done(page, err, FLASH_SAVED);
}

/* -- Signing in, leaving ------------------------------------------------------------------------
 */

static void write_sign_in(struct page *page, const struct person *person)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("sign-in"), T(page, "Signing in"));
    part_buttons_open(h);
    if (page->web->site.mail && person->email.n) {
        page_button_form(page, page_path(page, "/setup/people/{}/invite", html_int(person->id)),
                         &(struct part_button){.text = T(page, "Send an invitation"),
                                               .kind = PART_BUTTON_PLAIN,
                                               .icon = PART_ICON_MAIL});
    }
    page_button_form(page, page_path(page, "/setup/people/{}/code", html_int(person->id)),
                     &(struct part_button){.text = T(page, "Make a code on paper"),
                                           .kind = PART_BUTTON_PLAIN,
                                           .icon = PART_ICON_PRINT});
    page_button_form(
        page, page_path(page, "/setup/people/{}/keys/end", html_int(person->id)),
        &(struct part_button){.text = T(page, "End open invitations"), .kind = PART_BUTTON_QUIET});
    if (page->web->site.oidc) {
        page_button_form(page, page_path(page, "/setup/people/{}/unlink", html_int(person->id)),
                         &(struct part_button){.text = T(page, "Undo the link to single sign-on"),
                                               .kind = PART_BUTTON_QUIET});
    }
    part_buttons_close(h);
    part_section_close(h);
}

static void write_leave(struct page *page, const struct person *person)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("leave"), T(page, "Leaving"));
    if (person->active) {
        part_paragraph(h, T(page, "Whoever leaves is signed out everywhere and disappears from all "
                                  "lists. Nothing is deleted, and they can come back."));
        page_button_ask(page, page_path(page, "/setup/people/{}/leave", html_int(person->id)),
                        &(struct part_button){.text = T(page, "This person has left"),
                                              .kind = PART_BUTTON_DANGER},
                        T(page, "Has this person left?"));
    } else {
        page_button_form(page, page_path(page, "/setup/people/{}/return", html_int(person->id)),
                         &(struct part_button){.text = T(page, "This person is back"),
                                               .kind = PART_BUTTON_PLAIN});
    }
    part_section_close(h);
}

enum err setup_person_write(struct page *page, const struct person *person)
{
    enum err err = write_roles(page, person);
    err = err ? err : write_evaluators(page, person);
    if (err == ERR_OK && person->active) {
        write_sign_in(page, person);
    }
    write_leave(page, person);
    return err;
}

static enum err leave(struct page *page)
{
    return done(page, people_leave(&page->coach, page_id(page, "id")), FLASH_SAVED);
}

static enum err come_back(struct page *page)
{
    return done(page, people_return(&page->coach, page_id(page, "id")), FLASH_SAVED);
}

static enum err invite(struct page *page)
{
    enum err err = invitations_mail(&page->coach, page_id(page, "id"));
    return done(page, err, FLASH_INVITED);
}

static enum err end_keys(struct page *page)
{
    return done(page, invitations_end_all(&page->coach, page_id(page, "id")), FLASH_SAVED);
}

static enum err unlink_sign_on(struct page *page)
{
    return done(page, oidc_unlink(&page->coach, page_id(page, "id")), FLASH_SAVED);
}

static const struct route routes[] = {
    {ROUTE_POST, AT "/roles", ROUTE_ADMINISTRATOR, .handle = add_role, .fields = role_fields,
     .n_fields = F_ROLE__MAX, .about = "Gives a role in a unit"},
    {ROUTE_POST, AT "/roles/end", ROUTE_ADMINISTRATOR, .handle = end_role, .fields = role_fields,
     .n_fields = F_ROLE__MAX, .about = "Takes it away"},
    {ROUTE_POST, AT "/evaluators", ROUTE_ADMINISTRATOR, .handle = add_evaluator,
     .fields = evaluator_fields, .n_fields = F_EVALUATOR__MAX, .about = "Says who evaluates them"},
    {ROUTE_POST, AT "/evaluators/end", ROUTE_ADMINISTRATOR, .handle = end_evaluator,
     .fields = evaluator_fields, .n_fields = F_EVALUATOR__MAX, .about = "Ends that"},
    {ROUTE_POST, AT "/leave", ROUTE_ADMINISTRATOR, .handle = leave, .about = "They have left"},
    {ROUTE_POST, AT "/return", ROUTE_ADMINISTRATOR, .handle = come_back, .about = "They are back"},
    {ROUTE_POST, AT "/invite", ROUTE_ADMINISTRATOR, .handle = invite,
     .about = "Sends an invitation"},
    {ROUTE_POST, AT "/keys/end", ROUTE_ADMINISTRATOR, .handle = end_keys,
     .about = "Ends open invitations and codes"},
    {ROUTE_POST, AT "/unlink", ROUTE_ADMINISTRATOR, .handle = unlink_sign_on,
     .about = "Undoes the link to single sign-on"},
};
const struct route_set page_setup_person_routes = ROUTE_SET("Set-up: one person", routes);
