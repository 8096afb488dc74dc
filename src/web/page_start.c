/* The first set-up, step by step: the organisation, its schools, a framework of skills.  Every step
 * can be done again later under Set-up. */
#include "base/arena.h"
#include "base/clock.h"
#include "coach/frameworks.h"
#include "coach/profile.h"
#include "coach/roles.h"
#include "coach/settings.h"
#include "coach/units.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/setup_framework.h"
#include "web/web.h"

enum { F_GIVEN, F_FAMILY, F_NAME, F_LANGUAGE, F_ZONE, F_FIRST__MAX };
static const struct field_spec first_fields[F_FIRST__MAX] = {
    [F_GIVEN] = {.name = "given_name", .type = FIELD_TEXT, .max = 4 * PEOPLE_NAME},
    [F_FAMILY] = {.name = "family_name",
                  .type = FIELD_TEXT,
                  .max = 4 * PEOPLE_NAME,
                  .required = true},
    [F_NAME] = {.name = "organisation",
                .type = FIELD_TEXT,
                .max = 4 * UNITS_NAME,
                .required = true},
    [F_LANGUAGE] = {.name = "locale", .type = FIELD_TOKEN, .max = 35, .required = true},
    [F_ZONE] = {.name = "time_zone", .type = FIELD_TEXT, .max = 64},
};

enum { F_SCHOOLS, F_SCHOOLS__MAX };
static const struct field_spec school_fields[F_SCHOOLS__MAX] = {
    [F_SCHOOLS] = {.name = "schools", .type = FIELD_LINES, .max = 100000},
};

#define SHIPPED_MAX 16
enum { F_SHIPPED, F_FRAMEWORK__MAX };
static const struct field_spec framework_fields[F_FRAMEWORK__MAX] = {
    [F_SHIPPED] = {.name = "shipped",
                   .type = FIELD_INT,
                   .least = 0,
                   .most = SHIPPED_MAX - 1,
                   .max_items = SHIPPED_MAX},
};

static void write_steps(struct page *page, size_t at)
{
    const struct part_link steps[] = {
        {T(page, "Organisation"), str_of("/start"), at == 0},
        {T(page, "Schools"), str_of("/start/schools"), at == 1},
        {T(page, "Skills"), str_of("/start/skills"), at == 2},
        {T(page, "People"), str_of("/start/people"), at == 3},
    };
    part_steps(&page->html, &(struct part_steps){.label = T(page, "Steps"),
                                                 .done = T(page, "done"),
                                                 .current = T(page, "now"),
                                                 .steps = steps,
                                                 .n = 4,
                                                 .at = at});
}

static void write_go_on(struct page *page)
{
    struct html *h = &page->html;
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Go on"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

/* -- The organisation
 * ------------------------------------------------------------------------------ */

static void write_languages(struct page *page)
{
    const struct catalogs *catalogs = &page->web->catalogs;
    struct part_option *options = arena_alloc(page->arena, catalogs->n, sizeof *options);
    struct str now = page->tried ? page_text(page, F_LANGUAGE) : page->web->site.locale;
    if (!options) {
        page->html.err = ERR_NOMEM;
        return;
    }
    for (size_t i = 0; i < catalogs->n; i++) {
        struct str tag = catalog_tag(catalogs->list[i]);
        options[i] = (struct part_option){
            .value = tag, .text = catalog_name(catalogs->list[i]), .chosen = str_equal(tag, now)};
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("locale"),
                                     .label = T(page, "Language"),
                                     .hint = T(page, "Everybody can choose another for "
                                                     "themselves."),
                                     .error = page_error(page, "locale"),
                                     .width = PART_FIELD_HALF},
                str_of(""), options, catalogs->n);
}

static enum err show_first(struct page *page)
{
    struct html *h = page_open(
        page,
        &(struct page_head){.title = T(page, "Your organisation"),
                            .lead = T(page, "A district, a school, or whatever learns together."),
                            .nav = PAGE_NAV_SETUP});
    write_steps(page, 0);
    page_errors(page);
    page_form_open(page, str_of("/start"));
    part_input(h,
               &(struct part_field){.id = str_of("organisation"),
                                    .label = T(page, "Name of the organisation"),
                                    .value = page_value(page, F_NAME, page->web->site.organisation),
                                    .error = page_error(page, "organisation")});
    write_languages(page);
    part_input(h, &(struct part_field){.id = str_of("time_zone"),
                                       .label = T(page, "Time zone"),
                                       .hint = T(page, "For example: Europe/Madrid. Empty: UTC."),
                                       .optional = T(page, "optional"),
                                       .value = page_value(page, F_ZONE, page->web->site.zone_name),
                                       .error = page_error(page, "time_zone"),
                                       .width = PART_FIELD_HALF});
    part_fieldset_open(h, T(page, "Your own name"), str_of(""));
    part_input(h, &(struct part_field){.id = str_of("given_name"),
                                       .label = T(page, "Given name"),
                                       .autocomplete = "given-name",
                                       .value = page_value(page, F_GIVEN, page->me.given_name),
                                       .error = page_error(page, "given_name"),
                                       .width = PART_FIELD_HALF});
    part_input(h, &(struct part_field){.id = str_of("family_name"),
                                       .label = T(page, "Family name"),
                                       .autocomplete = "family-name",
                                       .value = page_value(page, F_FAMILY, page->me.family_name),
                                       .error = page_error(page, "family_name"),
                                       .width = PART_FIELD_HALF});
    part_fieldset_close(h);
    write_go_on(page);
    return page_close(page);
}

static enum err set_one(struct page *page, enum setting setting, struct str value)
{
    enum err err = settings_set(&page->coach, setting, value, &page->complaints);
    return err == ERR_INVALID && page->complaints.n ? ERR_OK : err; /* all complaints at once */
}

/* The unit at the top has the organisation's name. */
static enum err name_top(struct page *page, struct str name)
{
    struct unit_list units;
    enum err err = units_list(&page->coach, false, &units);
    for (size_t i = 0; err == ERR_OK && i < units.n; i++) {
        const struct unit *unit = &units.items[i];
        if (unit->kind == UNIT_ORGANISATION && !unit->parent_id && !str_equal(unit->name, name)) {
            struct unit_input input = {
                .kind = unit->kind, .name = name, .external_id = unit->external_id};
            err = units_edit(&page->coach, unit->id, &input, &page->complaints);
        }
    }
    return err;
}

static enum err save_first(struct page *page)
{
    struct person_input me = {.external_id = page->me.external_id,
                              .given_name = page_text(page, F_GIVEN),
                              .family_name = page_text(page, F_FAMILY),
                              .email = page->me.email,
                              .position = page->me.position};
    if (page->complaints.n) {
        return page_again(page, show_first);
    }
    enum err err = set_one(page, SETTING_ORGANISATION, page_text(page, F_NAME));
    if (err == ERR_OK) {
        err = set_one(page, SETTING_LOCALE, page_text(page, F_LANGUAGE));
    }
    if (err == ERR_OK) {
        err = set_one(page, SETTING_TIME_ZONE, page_text(page, F_ZONE));
    }
    if (err == ERR_OK) {
        err = name_top(page, page_text(page, F_NAME));
    }
    if (err == ERR_OK) {
        err = people_edit(&page->coach, page->me.id, &me, &page->complaints);
    }
    if (page->complaints.n && (err == ERR_OK || err == ERR_INVALID)) {
        return page_again(page, show_first);
    }
    page->web->site.read_ms = 0;
    return err == ERR_OK ? page_go(page, FLASH_NONE, 0, str_of("/start/schools")) : err;
}

/* -- Schools -------------------------------------------------------------------------------------
 */

static enum err show_schools(struct page *page)
{
    struct unit_list units;
    enum err err = units_list(&page->coach, false, &units);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "Your schools"),
            .lead =
                T(page, "People work in units: schools, or departments of one school. An import "
                        "from a roster brings its own; then leave this empty."),
            .nav = PAGE_NAV_SETUP});
    write_steps(page, 1);
    if (units.n > 1) {
        part_heading(h, 2, str_of(""), T(page, "Already there"));
        part_list_open(h, false);
        for (size_t i = 1; i < units.n; i++) {
            part_list_item(h);
            html_text(h, units.items[i].name);
        }
        part_list_close(h);
    }
    page_errors(page);
    page_form_open(page, str_of("/start/schools"));
    part_textarea(h, &(struct part_field){.id = str_of("schools"),
                                          .label = T(page, "Names of schools, one a line"),
                                          .optional = T(page, "optional"),
                                          .value = page_value(page, F_SCHOOLS, str_of("")),
                                          .error = page_error(page, "schools"),
                                          .rows = 6});
    write_go_on(page);
    return page_close(page);
}

static enum err find_top(struct page *page, int64_t *id)
{
    struct unit_list units;
    enum err err = units_list(&page->coach, false, &units);
    for (size_t i = 0; err == ERR_OK && i < units.n; i++) {
        if (!units.items[i].parent_id) {
            *id = units.items[i].id;
            return ERR_OK;
        }
    }
    return err == ERR_OK ? ERR_NOT_FOUND : err;
}

static enum err save_schools(struct page *page)
{
    struct complaints wrong;
    struct str rest = page_text(page, F_SCHOOLS);
    int64_t top, id;
    enum err err = find_top(page, &top);
    complaint_init(&wrong, page->arena);
    while (err == ERR_OK && rest.n) {
        const char *end = memchr(rest.p, '\n', rest.n);
        struct str line = {rest.p, end ? (size_t)(end - rest.p) : rest.n};
        size_t used = line.n + (end != NULL);
        rest = (struct str){rest.p + used, rest.n - used};
        if (line.n) {
            struct unit_input input = {.parent_id = top, .kind = UNIT_SCHOOL, .name = line};
            err = units_add(&page->coach, &input, &wrong, &id);
        }
    }
    for (size_t i = 0; i < wrong.n; i++) { /* about a name: about the one field there is */
        struct complaint complaint = wrong.items[i];
        complaint_add_text(&page->complaints, "schools", complaint.msgid,
                           complaint.name ? complaint.name : "", complaint.text);
    }
    if (page->complaints.n && (err == ERR_OK || err == ERR_INVALID)) {
        return page_again(page, show_schools);
    }
    return err == ERR_OK ? page_go(page, FLASH_NONE, 0, str_of("/start/skills")) : err;
}

/* -- Skills --------------------------------------------------------------------------------------
 */

static enum err show_skills(struct page *page)
{
    struct part_option options[SHIPPED_MAX];
    int n = frameworks_n_shipped() < SHIPPED_MAX ? frameworks_n_shipped() : SHIPPED_MAX;
    for (int i = 0; i < n; i++) {
        struct framework *framework;
        enum err err = frameworks_read_shipped(page->arena, i, &framework);
        if (err != ERR_OK) {
            return err;
        }
        struct framework_words words = setup_framework_words(page, framework);
        options[i] = (struct part_option){.value = page_digits(page, i),
                                          .text = words.name,
                                          .hint = words.description,
                                          .chosen = true};
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "Skills to grow in"),
            .lead =
                T(page, "Peer coaching is about one skill at a time. Begin with what comes with "
                        "Duet; your own framework can be added later, as a sheet or in the CASE "
                        "format."),
            .nav = PAGE_NAV_SETUP});
    write_steps(page, 2);
    page_form_open(page, str_of("/start/skills"));
    part_choose(h, &(struct part_field){.id = str_of("shipped"), .label = T(page, "Frameworks")},
                PART_CHOICES_LIST, true, options, (size_t)n);
    write_go_on(page);
    return page_close(page);
}

static enum err save_skills(struct page *page)
{
    const struct field_value *list = &page->fields.values[F_SHIPPED];
    for (int i = 0; i < list->n_items; i++) {
        struct framework *framework;
        struct frameworks_summary summary;
        int which = (int)list->items[i].number;
        if (which >= frameworks_n_shipped()) {
            return ERR_RANGE;
        }
        enum err err = frameworks_read_shipped(page->arena, which, &framework);
        if (err == ERR_OK) {
            err = frameworks_bring(&page->coach, framework, 0, &summary);
        }
        if (err != ERR_OK) {
            return err;
        }
    }
    return page_go(page, FLASH_NONE, 0, str_of("/start/people"));
}

/* -- People --------------------------------------------------------------------------------------
 */

static enum err show_people(struct page *page)
{
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Your people"),
                                  .lead = T(page, "The last step, and you need not do it today."),
                                  .nav = PAGE_NAV_SETUP});
    write_steps(page, 3);
    part_cards_open(h);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = T(page, "From a file"),
                                          .url = str_of("/setup/import"),
                                          .level = 2});
    part_paragraph(h, T(page, "A roster in OneRoster form, or a spreadsheet. You see everything "
                              "before it is applied."));
    part_card_close(h);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = T(page, "One by one"),
                                          .url = str_of("/setup/people/new"),
                                          .level = 2});
    part_paragraph(h, T(page, "Good for a small team, or to try Duet with two or three "
                              "colleagues."));
    part_card_close(h);
    part_cards_close(h);
    page_button_form(
        page, str_of("/start/people"),
        &(struct part_button){.text = T(page, "Finish the set-up"), .kind = PART_BUTTON_MAIN});
    return page_close(page);
}

static enum err finish(struct page *page)
{
    enum err err = set_one(page, SETTING_SETUP_DONE, str_of("1"));
    page->web->site.read_ms = 0;
    return err == ERR_OK ? page_go(page, FLASH_NONE, 0, str_of("/")) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/start", ROUTE_ADMINISTRATOR, .handle = show_first,
     .about = "First set-up: the organisation"},
    {ROUTE_POST, "/start", ROUTE_ADMINISTRATOR, .handle = save_first, .fields = first_fields,
     .n_fields = F_FIRST__MAX, .about = "Saves name, language and time zone"},
    {ROUTE_GET, "/start/schools", ROUTE_ADMINISTRATOR, .handle = show_schools,
     .about = "First set-up: schools"},
    {ROUTE_POST, "/start/schools", ROUTE_ADMINISTRATOR, .handle = save_schools,
     .fields = school_fields, .n_fields = F_SCHOOLS__MAX, .about = "Adds schools"},
    {ROUTE_GET, "/start/skills", ROUTE_ADMINISTRATOR, .handle = show_skills,
     .about = "First set-up: frameworks"},
    {ROUTE_POST, "/start/skills", ROUTE_ADMINISTRATOR, .handle = save_skills,
     .fields = framework_fields, .n_fields = F_FRAMEWORK__MAX,
     .about = "Brings in frameworks that come with Duet"},
    {ROUTE_GET, "/start/people", ROUTE_ADMINISTRATOR, .handle = show_people,
     .about = "First set-up: people"},
    {ROUTE_POST, "/start/people", ROUTE_ADMINISTRATOR, .handle = finish,
     .about = "Finishes the first set-up"},
};
const struct route_set page_start_routes = ROUTE_SET("First set-up", routes);
