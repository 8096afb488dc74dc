/* Set-up: the tree of units - schools, departments, groups. */
#include "base/arena.h"
#include "coach/units.h"
#include "web/page.h"
#include "web/page_sets.h"

enum { F_NAME, F_KIND, F_PARENT, F_UNIT__MAX };
static const struct field_spec fields[F_UNIT__MAX] = {
    [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = 4 * UNITS_NAME, .required = true},
    [F_KIND] = {.name = "kind",
                .type = FIELD_CHOICE,
                .choices = "organisation|district|school|group",
                .required = true},
    [F_PARENT] = {.name = "parent", .type = FIELD_ID},
};

enum { F_ACTIVE, F_CLOSE__MAX };
static const struct field_spec close_fields[F_CLOSE__MAX] = {
    [F_ACTIVE] = {.name = "active", .type = FIELD_BOOL},
};

static struct str kind_words(struct page *page, enum unit_kind kind)
{
    static const char *const words[UNIT_KIND__MAX] = {
        [UNIT_ORGANISATION] = N_("Organisation"),
        [UNIT_DISTRICT] = N_("District"),
        [UNIT_SCHOOL] = N_("School"),
        [UNIT_GROUP] = N_("Group or department"),
    };
    return T(page, words[kind]);
}

static void write_unit(struct page *page, struct part_table *table, const struct unit *unit)
{
    struct html *h = &page->html;
    part_row_open(h, table);
    part_cell_open(h, table);
    for (int i = 0; i < unit->depth; i++) {
        html_text(h, str_of("\xE2\x80\x93 ")); /* a dash for each level */
    }
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF, page_path(page, "/setup/units/{}", html_int(unit->id)));
    html_text(h, unit->name);
    html_close(h, EL_A);
    part_cell_close(h, table);
    part_cell(h, table, kind_words(page, unit->kind));
    part_cell(h, table, page_digits(page, unit->n_people));
    part_cell_open(h, table);
    if (!unit->active) {
        part_badge(h, PART_TONE_PLAIN, T(page, "Closed"));
    }
    part_cell_close(h, table);
    part_row_close(h, table);
}

static enum err show_list(struct page *page)
{
    struct unit_list units;
    enum err err = units_list(&page->coach, true, &units);
    err = err ? err : units_count(&page->coach, &units);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Units"),
                                  .lead = T(page, "Where people work: districts, schools, "
                                                  "departments, groups, one below the other."),
                                  .back = T(page, "Set-up"),
                                  .back_url = str_of("/setup"),
                                  .nav = PAGE_NAV_SETUP});
    const struct part_column columns[] = {
        {.heading = T(page, "Name")},
        {.heading = T(page, "Kind")},
        {.heading = T(page, "People"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "State")},
    };
    struct part_table table = {.caption = T(page, "Units"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ADD, T(page, "Add a unit"),
                     str_of("/setup/units/new"));
    part_buttons_close(h);
    part_table_open(h, &table);
    for (size_t i = 0; i < units.n; i++) {
        write_unit(page, &table, &units.items[i]);
    }
    part_table_close(h, &table);
    return page_close(page);
}

/* -- One unit -----------------------------------------------------------------------------------
 */

static void write_kinds(struct page *page, enum unit_kind stored)
{
    struct part_option options[UNIT_KIND__MAX];
    int64_t chosen = page_value_number(page, F_KIND, (int64_t)stored);
    for (int i = 0; i < UNIT_KIND__MAX; i++) {
        enum unit_kind kind = (enum unit_kind)i;
        options[i] = (struct part_option){.value = str_of(units_kind_word(kind)),
                                          .text = kind_words(page, kind),
                                          .chosen = chosen == i};
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("kind"),
                                     .label = T(page, "Kind"),
                                     .error = page_error(page, "kind"),
                                     .width = PART_FIELD_HALF},
                str_of(""), options, UNIT_KIND__MAX);
}

static enum err write_parents(struct page *page, const struct unit *unit)
{
    struct unit_list units;
    int64_t chosen = page_value_number(page, F_PARENT, unit->parent_id);
    enum err err = units_list(&page->coach, false, &units);
    if (err != ERR_OK) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, units.n, sizeof *options);
    size_t n = 0;
    for (size_t i = 0; options && i < units.n; i++) {
        if (units.items[i].id != unit->id) {
            options[n++] = (struct part_option){.value = page_digits(page, units.items[i].id),
                                                .text = units.items[i].name,
                                                .chosen = units.items[i].id == chosen};
        }
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("parent"),
                                     .label = T(page, "Below"),
                                     .error = page_error(page, "parent"),
                                     .width = PART_FIELD_HALF},
                T(page, "nothing: at the top"), options, n);
    return options ? ERR_OK : ERR_NOMEM;
}

static enum err write_form(struct page *page, const struct unit *unit, struct str action,
                           struct str title)
{
    struct html *h = page_open(page, &(struct page_head){.title = title,
                                                         .back = T(page, "Units"),
                                                         .back_url = str_of("/setup/units"),
                                                         .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, action);
    part_input(h, &(struct part_field){.id = str_of("name"),
                                       .label = T(page, "Name"),
                                       .value = page_value(page, F_NAME, unit->name),
                                       .error = page_error(page, "name")});
    write_kinds(page, unit->kind);
    enum err err = write_parents(page, unit);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return err;
}

static enum err show_new(struct page *page)
{
    struct unit empty = {.kind = UNIT_SCHOOL, .name = {"", 0}};
    struct unit_list units;
    enum err err = units_list(&page->coach, false, &units);
    if (err == ERR_OK && units.n) {
        empty.parent_id = units.items[0].id;
    }
    err = err ? err : write_form(page, &empty, str_of("/setup/units/new"), T(page, "A new unit"));
    return err == ERR_OK ? page_close(page) : err;
}

static enum err show_one(struct page *page)
{
    struct unit unit;
    struct html *h = &page->html;
    int64_t id = page_id(page, "id");
    enum err err = units_get(&page->coach, id, &unit);
    err =
        err ? err
            : write_form(page, &unit, page_path(page, "/setup/units/{}", html_int(id)), unit.name);
    if (err != ERR_OK) {
        return err;
    }
    part_section_open(h, str_of("close"), T(page, "End of this unit"));
    part_paragraph(h, unit.active ? T(page, "A unit with nobody in it and nothing below it can be "
                                            "closed. It is kept for the records.")
                                  : T(page, "This unit is closed."));
    page_form_open(page, page_path(page, "/setup/units/{}/state", html_int(id)));
    part_hidden(h, str_of("active"), str_of(unit.active ? "0" : "1"));
    part_button(h, &(struct part_button){.text = unit.active ? T(page, "Close this unit")
                                                             : T(page, "Open it again"),
                                         .kind = PART_BUTTON_PLAIN});
    page_form_close(page);
    part_section_close(h);
    return page_close(page);
}

static struct unit_input input_of(const struct page *page)
{
    return (struct unit_input){.parent_id =
                                   page_given(page, F_PARENT) ? page_number(page, F_PARENT) : 0,
                               .kind = (enum unit_kind)page_number(page, F_KIND),
                               .name = page_text(page, F_NAME),
                               .external_id = {"", 0},
                               .source = {"", 0}};
}

static enum err gone_on(struct page *page, enum err err, enum err (*again)(struct page *page))
{
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, again);
    }
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, str_of("/setup/units")) : err;
}

static enum err add(struct page *page)
{
    struct unit_input input = input_of(page);
    int64_t id;
    enum err err =
        page->complaints.n ? ERR_INVALID : units_add(&page->coach, &input, &page->complaints, &id);
    return gone_on(page, err, show_new);
}

static enum err save(struct page *page)
{
    struct unit unit;
    int64_t id = page_id(page, "id");
    struct unit_input input = input_of(page);
    enum err err = units_get(&page->coach, id, &unit);
    if (err != ERR_OK) {
        return err;
    }
    input.external_id = unit.external_id;
    err =
        page->complaints.n ? ERR_INVALID : units_edit(&page->coach, id, &input, &page->complaints);
    return gone_on(page, err, show_one);
}

static enum err set_state(struct page *page)
{
    int64_t id = page_id(page, "id");
    enum err err = units_set_active(&page->coach, id, page_number(page, F_ACTIVE) != 0);
    if (err == ERR_CONFLICT) {
        return page_go(page, FLASH_UNIT_IN_USE, 0,
                       page_path(page, "/setup/units/{}", html_int(id)));
    }
    return gone_on(page, err, show_one);
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/units", ROUTE_ADMINISTRATOR, .handle = show_list, .about = "All units"},
    {ROUTE_GET, "/setup/units/new", ROUTE_ADMINISTRATOR, .handle = show_new,
     .about = "Form for a new unit"},
    {ROUTE_POST, "/setup/units/new", ROUTE_ADMINISTRATOR, .handle = add, .fields = fields,
     .n_fields = F_UNIT__MAX, .about = "Adds it"},
    {ROUTE_GET, "/setup/units/:id", ROUTE_ADMINISTRATOR, .handle = show_one,
     .about = "Form for a unit"},
    {ROUTE_POST, "/setup/units/:id", ROUTE_ADMINISTRATOR, .handle = save, .fields = fields,
     .n_fields = F_UNIT__MAX, .about = "Saves it"},
    {ROUTE_POST, "/setup/units/:id/state", ROUTE_ADMINISTRATOR, .handle = set_state,
     .fields = close_fields, .n_fields = F_CLOSE__MAX, .about = "Closes or opens a unit"},
};
const struct route_set page_setup_units_routes = ROUTE_SET("Set-up: units", routes);
