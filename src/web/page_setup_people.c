/* Set-up: accounts - finding, adding, changing; leaving and coming back.  What hangs on a person
 * (roles, evaluators, invitations) is page_setup_person.c. */
#include "base/arena.h"
#include "coach/people.h"
#include "coach/roles.h"
#include "coach/units.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/setup_person.h"

enum { F_WORDS, F_STATE, F_UNIT, F_AFTER, F_LIST__MAX };
static const struct field_spec list_fields[F_LIST__MAX] = {
    [F_WORDS] = {.name = "q", .type = FIELD_TEXT, .max = 100},
    [F_STATE] = {.name = "state", .type = FIELD_CHOICE, .choices = "active|left|never"},
    [F_UNIT] = {.name = "unit", .type = FIELD_ID},
    [F_AFTER] = {.name = "after", .type = FIELD_TEXT, .max = 1000},
};

enum { F_GIVEN, F_FAMILY, F_EMAIL, F_POSITION, F_EXTERNAL, F_HOME, F_PERSON__MAX };
static const struct field_spec person_fields[F_PERSON__MAX] = {
    [F_GIVEN] = {.name = "given_name", .type = FIELD_TEXT, .max = 4 * PEOPLE_NAME},
    [F_FAMILY] = {.name = "family_name", .type = FIELD_TEXT, .max = 4 * PEOPLE_NAME},
    [F_EMAIL] = {.name = "email", .type = FIELD_EMAIL},
    [F_POSITION] = {.name = "position", .type = FIELD_TEXT, .max = 4 * PEOPLE_NAME},
    [F_EXTERNAL] = {.name = "external_id", .type = FIELD_TEXT, .max = 1000},
    [F_HOME] = {.name = "unit", .type = FIELD_ID},
};

/* -- The list -----------------------------------------------------------------------------------
 */

static enum people_state state_of(const struct page *page)
{
    static const enum people_state states[] = {PEOPLE_ACTIVE, PEOPLE_LEFT, PEOPLE_NEVER_SEEN};
    return page_given(page, F_STATE) ? states[page_number(page, F_STATE)] : PEOPLE_ACTIVE;
}

static void write_tabs(struct page *page)
{
    enum people_state now = state_of(page);
    const struct part_link links[] = {
        {T(page, "Here"), str_of("/setup/people"), now == PEOPLE_ACTIVE},
        {T(page, "Never signed in"), str_of("/setup/people?state=never"), now == PEOPLE_NEVER_SEEN},
        {T(page, "Left"), str_of("/setup/people?state=left"), now == PEOPLE_LEFT},
    };
    part_tabs(&page->html, T(page, "Which people"), links, sizeof links / sizeof *links);
}

static void write_search(struct page *page)
{
    static const char *const states[] = {
        [PEOPLE_ACTIVE] = "active", [PEOPLE_LEFT] = "left", [PEOPLE_NEVER_SEEN] = "never"};
    struct html *h = &page->html;
    part_filters_open(h, str_of("/setup/people"), T(page, "Find people"));
    part_hidden(h, str_of("state"), str_of(states[state_of(page)]));
    part_input(h, &(struct part_field){.id = str_of("q"),
                                       .label = T(page, "Name"),
                                       .type = "search",
                                       .value = page_text(page, F_WORDS)});
    part_button(h, &(struct part_button){.text = T(page, "Show"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_SEARCH});
    part_filters_close(h);
}

static void write_account(struct page *page, struct part_table *table,
                          const struct person_account *account)
{
    struct html *h = &page->html;
    part_row_open(h, table);
    part_cell_open(h, table);
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF,
                  page_path(page,
                            page->coach.actor.administrator ? "/setup/people/{}" : "/people/{}",
                            html_int(account->person.id)));
    html_text(h, account->person.name);
    html_close(h, EL_A);
    part_cell_close(h, table);
    part_cell(h, table, account->person.position);
    part_cell(h, table, account->units);
    part_cell_open(h, table);
    if (account->seen) {
        page_write_day(page, account->seen_day);
    } else {
        html_text(h, account->invited_ms ? T(page, "invited") : T(page, "never"));
    }
    part_cell_close(h, table);
    part_row_close(h, table);
}

static void write_accounts(struct page *page, const struct person_accounts *accounts)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Name")},
        {.heading = T(page, "Position")},
        {.heading = T(page, "Works at")},
        {.heading = T(page, "Last here")},
    };
    struct part_table table = {.caption = T(page, "People"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    part_table_open(h, &table);
    for (size_t i = 0; i < accounts->n; i++) {
        write_account(page, &table, &accounts->items[i]);
    }
    part_table_close(h, &table);
    if (accounts->next.n) {
        struct str state = page_given(page, F_STATE) ? page_text(page, F_STATE) : str_of("active");
        part_pages(h, &(struct part_pages){
                          .label = T(page, "Pages"),
                          .next = T(page, "More people"),
                          .next_url = page_path(page, "/setup/people?q={}&state={}&after={}",
                                                html_part(page_text(page, F_WORDS)),
                                                html_part(state), html_part(accounts->next))});
    }
}

/* Coordinators invite; administrators add. */
static void write_ways(struct page *page)
{
    struct html *h = &page->html;
    part_buttons_open(h);
    if (page->coach.actor.administrator) {
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ADD, T(page, "Add a person"),
                         str_of("/setup/people/new"));
        part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_UPLOAD, T(page, "Bring people in"),
                         str_of("/setup/import"));
    } else {
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_MAIL, T(page, "Invitations"),
                         str_of("/setup/invitations"));
    }
    part_buttons_close(h);
}

static enum err show_list(struct page *page)
{
    struct person_accounts accounts;
    const struct people_query query = {.words = page_text(page, F_WORDS),
                                       .unit_id =
                                           page_given(page, F_UNIT) ? page_number(page, F_UNIT) : 0,
                                       .after = page_text(page, F_AFTER),
                                       .locale = page->locale};
    enum err err = people_accounts(&page->coach, &query, state_of(page), &accounts);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(page, &(struct page_head){.title = T(page, "People"),
                                                         .back = T(page, "Set-up"),
                                                         .back_url = str_of("/setup"),
                                                         .nav = PAGE_NAV_SETUP});
    write_ways(page);
    write_tabs(page);
    write_search(page);
    if (accounts.n) {
        write_accounts(page, &accounts);
    } else {
        part_paragraph(h, T(page, "There is nobody here."));
    }
    return page_close(page);
}

/* -- One person ---------------------------------------------------------------------------------
 */

static void write_line(struct page *page, int field, struct str label, struct str hint,
                       const char *type, struct str stored)
{
    const char *name = person_fields[field].name;
    part_input(&page->html, &(struct part_field){.id = str_of(name),
                                                 .label = label,
                                                 .hint = hint,
                                                 .type = type,
                                                 .value = page_value(page, field, stored),
                                                 .error = page_error(page, name),
                                                 .optional = T(page, "optional"),
                                                 .width = PART_FIELD_HALF});
}

static void write_lines(struct page *page, const struct person *person)
{
    write_line(page, F_GIVEN, T(page, "Given name"), str_of(""), NULL, person->given_name);
    write_line(page, F_FAMILY, T(page, "Family name"), str_of(""), NULL, person->family_name);
    write_line(page, F_EMAIL, T(page, "E-mail address"),
               T(page, "To sign in with. Without one the person gets a code on paper."), "email",
               person->email);
    write_line(page, F_POSITION, T(page, "Position"),
               T(page, "In your organisation's words: teacher, coach, parent."), NULL,
               person->position);
    write_line(page, F_EXTERNAL, T(page, "Number in other systems"),
               T(page, "By which files name the person."), NULL, person->external_id);
}

static void write_save(struct page *page)
{
    part_buttons_open(&page->html);
    part_button(&page->html,
                &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(&page->html);
    page_form_close(page);
}

static enum err show_new(struct page *page)
{
    const struct str none = {"", 0};
    const struct person empty = {.given_name = none,
                                 .family_name = none,
                                 .email = none,
                                 .position = none,
                                 .external_id = none};
    page_open(page, &(struct page_head){.title = T(page, "A new person"),
                                        .back = T(page, "People"),
                                        .back_url = str_of("/setup/people"),
                                        .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, str_of("/setup/people/new"));
    write_lines(page, &empty);
    enum err err = setup_person_write_units(page, page_value_number(page, F_HOME, 0));
    write_save(page);
    return err == ERR_OK ? page_close(page) : err;
}

enum err setup_person_show(struct page *page)
{
    struct person person;
    int64_t id = page_id(page, "id");
    enum err err = people_get(&page->coach, id, &person);
    if (err != ERR_OK) {
        return err;
    }
    page_open(page, &(struct page_head){
                        .title = person.name,
                        .lead = person.active ? str_of("")
                                              : T(page, "This person has left. What they did is "
                                                        "kept; they cannot sign in."),
                        .back = T(page, "People"),
                        .back_url = str_of("/setup/people"),
                        .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, page_path(page, "/setup/people/{}", html_int(id)));
    write_lines(page, &person);
    write_save(page);
    err = setup_person_write(page, &person);
    return err == ERR_OK ? page_close(page) : err;
}

/* -- Saving -------------------------------------------------------------------------------------
 */

static struct person_input input_of(const struct page *page)
{
    return (struct person_input){.external_id = page_text(page, F_EXTERNAL),
                                 .given_name = page_text(page, F_GIVEN),
                                 .family_name = page_text(page, F_FAMILY),
                                 .email = page_text(page, F_EMAIL),
                                 .position = page_text(page, F_POSITION),
                                 .source = {"", 0}};
}

static enum err add(struct page *page)
{
    struct coach *coach = &page->coach;
    struct person_input input = input_of(page);
    int64_t id = 0;
    enum err err =
        page->complaints.n ? ERR_INVALID : people_add(coach, &input, &page->complaints, &id);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_new);
    }
    if (err == ERR_OK && page_given(page, F_HOME)) {
        err = roles_add(coach, id, page_number(page, F_HOME), ROLE_PARTICIPANT, NULL);
    }
    return err == ERR_OK
               ? page_go(page, FLASH_SAVED, 0, page_path(page, "/setup/people/{}", html_int(id)))
               : err;
}

static enum err save(struct page *page)
{
    struct person_input input = input_of(page);
    int64_t id = page_id(page, "id");
    enum err err =
        page->complaints.n ? ERR_INVALID : people_edit(&page->coach, id, &input, &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, setup_person_show);
    }
    return err == ERR_OK
               ? page_go(page, FLASH_SAVED, 0, page_path(page, "/setup/people/{}", html_int(id)))
               : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/people", ROUTE_COORDINATOR, .handle = show_list, .fields = list_fields,
     .n_fields = F_LIST__MAX, .about = "Accounts"},
    {ROUTE_GET, "/setup/people/new", ROUTE_ADMINISTRATOR, .handle = show_new,
     .about = "Form for a new person"},
    {ROUTE_POST, "/setup/people/new", ROUTE_ADMINISTRATOR, .handle = add, .fields = person_fields,
     .n_fields = F_PERSON__MAX, .about = "Adds them"},
    {ROUTE_GET, "/setup/people/:id", ROUTE_ADMINISTRATOR, .handle = setup_person_show,
     .about = "One account"},
    {ROUTE_POST, "/setup/people/:id", ROUTE_ADMINISTRATOR, .handle = save, .fields = person_fields,
     .n_fields = F_PERSON__MAX, .about = "Saves it"},
};
const struct route_set page_setup_people_routes = ROUTE_SET("Set-up: people", routes);
