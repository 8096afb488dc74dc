/* Who takes part in a programme: units whose people are asked, and the people one by one. */
#include "base/arena.h"
#include "coach/people.h"
#include "coach/programmes.h"
#include "coach/units.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

enum { F_UNITS, F_UNITS__MAX };
static const struct field_spec unit_fields[F_UNITS__MAX] = {
    [F_UNITS] = {.name = "unit", .type = FIELD_ID, .max_items = PROGRAMMES_UNITS},
};
enum { F_WHO, F_WHO__MAX };
static const struct field_spec who_fields[F_WHO__MAX] = {
    [F_WHO] = {.name = "who", .type = FIELD_TEXT, .max = 300, .required = true},
};
enum { F_WORDS, F_STATE, F_AFTER, F_LIST__MAX };
static const struct field_spec list_fields[F_LIST__MAX] = {
    [F_WORDS] = {.name = "q", .type = FIELD_TEXT, .max = 100},
    [F_STATE] = {.name = "state", .type = FIELD_CHOICE, .choices = "invited|in|out"},
    [F_AFTER] = {.name = "after", .type = FIELD_TEXT, .max = 1000},
};

static struct str people_path(struct page *page)
{
    return page_path(page, "/programmes/{}/people", html_int(page_id(page, "id")));
}

/* ---- units ---- */

static bool chosen(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t k = 0; k < n; k++) {
        if (ids[k] == id) {
            return true;
        }
    }
    return false;
}

static struct str indented(struct page *page, const struct unit *unit)
{
    return unit->depth == 0
               ? unit->name
               : FILL(page, T(page, "{unit} ({kind})"), CATALOG_TEXT("unit", unit->name),
                      CATALOG_TEXT("kind", unit->kind == UNIT_GROUP    ? T(page, "group")
                                           : unit->kind == UNIT_SCHOOL ? T(page, "school")
                                                                       : T(page, "district")));
}

/* The units that the reader coordinates; all for administrators. */
static bool offers_unit(const struct page *page, const struct unit_list *units, size_t k)
{
    const struct actor *actor = &page->coach.actor;
    int64_t id = units->items[k].id;
    if (actor->administrator) {
        return true;
    }
    for (int depth = 0; id && depth <= UNITS_DEPTH; depth++) {
        if (chosen(actor->coordinates, actor->n_coordinates, id)) {
            return true;
        }
        int64_t parent = 0;
        for (size_t j = 0; j < units->n; j++) {
            parent = units->items[j].id == id ? units->items[j].parent_id : parent;
        }
        id = parent;
    }
    return false;
}

static enum err write_units(struct page *page)
{
    struct html *h = &page->html;
    struct unit_list units;
    int64_t *ids = NULL;
    size_t n = 0, n_options = 0;
    enum err err = programmes_units(&page->coach, page_id(page, "id"), &ids, &n);
    err = err ? err : units_list(&page->coach, false, &units);
    if (err) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, units.n + 1, sizeof *options);
    for (size_t k = 0; options && k < units.n; k++) {
        if (offers_unit(page, &units, k)) {
            options[n_options++] =
                (struct part_option){.value = page_digits(page, units.items[k].id),
                                     .text = indented(page, &units.items[k]),
                                     .chosen = chosen(ids, n, units.items[k].id)};
        }
    }
    part_section_open(h, str_of("units"), T(page, "Units"));
    page_form_open(page, page_path(page, "/programmes/{}/units", html_int(page_id(page, "id"))));
    part_choose(h,
                &(struct part_field){.id = str_of("unit"),
                                     .label = T(page, "Everybody of these, with what is below "
                                                      "them, is asked"),
                                     .error = page_error(page, "unit")},
                PART_CHOICES_LIST, true, options, n_options);
    part_buttons_open(h);
    part_button(h,
                &(struct part_button){.text = T(page, "Save the units"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
    return options ? ERR_OK : ERR_NOMEM;
}

/* ---- people ---- */

static struct str takes(struct page *page, const struct programme_person *person)
{
    return FILL(page, T(page, "helps up to {helps}, learns with up to {learns}"),
                CATALOG_INT("helps", person->max_helps), CATALOG_INT("learns", person->max_learns));
}

static void write_person(struct page *page, struct part_table *table,
                         const struct programme_person *person, bool closed)
{
    struct html *h = &page->html;
    part_row_open(h, table);
    part_cell_open(h, table);
    page_person(page, person->person_id, person->name, person->units);
    part_cell_close(h, table);
    part_cell_open(h, table);
    if (person->withheld) {
        part_quiet(h, T(page, "You evaluate this person: another coordinator takes care of them."));
    } else {
        part_badge(h, person->state == PART_IN ? PART_TONE_GOOD : PART_TONE_PLAIN,
                   programme_view_part(page, person->state));
    }
    part_cell_close(h, table);
    part_cell(h, table, person->withheld ? str_of("") : page_digits(page, person->n_needs));
    part_cell(h, table, person->withheld ? str_of("") : page_digits(page, person->n_offers));
    part_cell(h, table, person->withheld ? str_of("") : takes(page, person));
    part_cell_open(h, table);
    if (!closed) {
        page_button_form(page,
                         page_path(page, "/programmes/{}/people/{}/drop",
                                   html_int(page_id(page, "id")), html_int(person->person_id)),
                         &(struct part_button){.text = T(page, "Take out"),
                                               .kind = PART_BUTTON_QUIET,
                                               .about = person->name});
    }
    part_cell_close(h, table);
    part_row_close(h, table);
}

static void write_filters(struct page *page)
{
    struct html *h = &page->html;
    struct part_option options[PART__MAX];
    static const char *const words[PART__MAX] = {"invited", "in", "out"};
    bool filtered = page->match.route->fields == list_fields;
    for (int k = 0; k < PART__MAX; k++) {
        options[k] = (struct part_option){.value = str_of(words[k]),
                                          .text = programme_view_part(page, (enum taking_part)k),
                                          .chosen = filtered && page_given(page, F_STATE) &&
                                                    page_number(page, F_STATE) == k};
    }
    part_filters_open(
        h, page_path(page, "/programmes/{}/people#people", html_int(page_id(page, "id"))),
        T(page, "Find people"));
    part_input(h, &(struct part_field){.id = str_of("q"),
                                       .label = T(page, "Name"),
                                       .type = "search",
                                       .value = filtered ? page_text(page, F_WORDS) : str_of("")});
    part_select(h, &(struct part_field){.id = str_of("state"), .label = T(page, "Answer")},
                T(page, "any"), options, PART__MAX);
    part_button(h, &(struct part_button){.text = T(page, "Show"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_SEARCH});
    part_filters_close(h);
}

static void write_list(struct page *page, const struct programme *programme,
                       const struct programme_people *people)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Person")},
        {.heading = T(page, "Answer")},
        {.heading = T(page, "Goals"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Offers"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Takes on")},
        {.heading = T(page, "Change"), .align = PART_ALIGN_ACTIONS},
    };
    struct part_table table = {.caption = T(page, "People"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    if (!people->n) {
        part_quiet(h, programme->state == PROGRAMME_DRAFT
                          ? T(page, "Nobody is written down before the programme is opened, but "
                                    "those whom you add one by one.")
                          : T(page, "Nobody fits."));
        return;
    }
    part_table_open(h, &table);
    for (size_t k = 0; k < people->n; k++) {
        write_person(page, &table, &people->items[k], programme->state == PROGRAMME_CLOSED);
    }
    part_table_close(h, &table);
    bool filtered = page->match.route->fields == list_fields;
    struct str words = filtered ? page_text(page, F_WORDS) : str_of("");
    struct str state = filtered ? page_text(page, F_STATE) : str_of("");
    page_turns(page, filtered && page_given(page, F_AFTER) ? people_path(page) : str_of(""),
               people->next.n
                   ? page_path(page, "/programmes/{}/people?q={}&state={}&after={}#people",
                               html_int(programme->id), html_part(words), html_part(state),
                               html_part(people->next))
                   : str_of(""));
}

static void write_add(struct page *page)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("add"), T(page, "Add somebody"));
    page_form_open(page, people_path(page));
    part_input(h, &(struct part_field){.id = str_of("who"),
                                       .label = T(page, "Name or e-mail address"),
                                       .error = page_error(page, "who"),
                                       .width = PART_FIELD_HALF});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Add"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    struct programme programme;
    struct programme_people people;
    int64_t id = page_id(page, "id");
    bool filtered = page->match.route->fields == list_fields;
    bool by_state = filtered && page_given(page, F_STATE);
    enum taking_part state = by_state ? (enum taking_part)page_number(page, F_STATE) : PART__MAX;
    enum err err =
        programmes_people(&page->coach, id, filtered ? page_text(page, F_WORDS) : str_of(""), state,
                          filtered ? page_text(page, F_AFTER) : str_of(""), &people);
    err = err ? err : programmes_get(&page->coach, id, &programme);
    if (err) {
        return err;
    }
    struct html *h = programme_view_open(page, &programme, PROGRAMME_TAB_PEOPLE);
    page_errors(page);
    err = programme.state == PROGRAMME_CLOSED ? ERR_OK : write_units(page);
    part_section_open(h, str_of("people"), T(page, "People"));
    write_filters(page);
    write_list(page, &programme, &people);
    part_section_close(h);
    if (programme.state != PROGRAMME_CLOSED) {
        write_add(page);
    }
    return err ? err : page_close(page);
}

static enum err save_units(struct page *page)
{
    size_t n;
    int64_t *ids = page_ids(page, F_UNITS, &n);
    if (!ids) {
        return ERR_NOMEM;
    }
    enum err err = page->complaints.n ? ERR_INVALID
                                      : programmes_set_units(&page->coach, page_id(page, "id"), ids,
                                                             n, &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show);
    }
    return err ? err : page_go(page, FLASH_SAVED, 0, people_path(page));
}

/* The one person of that name, or of that address. */
static enum err find(struct page *page, struct str who, int64_t *id, enum flash *flash)
{
    struct person_lines lines;
    struct person person;
    struct people_query query = {.words = who, .after = {"", 0}, .limit = 2, .locale = {"", 0}};
    if (memchr(who.p, '@', who.n)) {
        enum err err = people_by_email(&page->coach, who, &person);
        *id = err ? 0 : person.id;
        *flash = FLASH_PROGRAMME_NOBODY;
        bool nobody = err == ERR_NOT_FOUND || err == ERR_INVALID || err == ERR_FORBIDDEN;
        return nobody ? ERR_OK : err;
    }
    enum err err = people_list(&page->coach, &query, &lines);
    if (!err) {
        *id = lines.n == 1 ? lines.items[0].id : 0;
        *flash = lines.n ? FLASH_PROGRAMME_SEVERAL : FLASH_PROGRAMME_NOBODY;
    }
    return err;
}

static enum err add(struct page *page)
{
    int64_t person = 0;
    enum flash flash = FLASH_NONE;
    if (page->complaints.n) {
        return page_again(page, show);
    }
    enum err err = find(page, page_text(page, F_WHO), &person, &flash);
    if (!err && person) {
        flash = FLASH_SAVED;
        err = programmes_add_person(&page->coach, page_id(page, "id"), person);
    }
    return err ? err : page_go(page, flash, 0, people_path(page));
}

static enum err drop(struct page *page)
{
    enum err err =
        programmes_drop_person(&page->coach, page_id(page, "id"), page_id(page, "person"));
    return err ? err : page_go(page, FLASH_SAVED, 0, people_path(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/:id/people", ROUTE_COORDINATOR, .handle = show, .fields = list_fields,
     .n_fields = F_LIST__MAX, .about = "Units and people of a programme"},
    {ROUTE_POST, "/programmes/:id/people", ROUTE_COORDINATOR, .handle = add, .fields = who_fields,
     .n_fields = F_WHO__MAX, .about = "Adds somebody"},
    {ROUTE_POST, "/programmes/:id/units", ROUTE_COORDINATOR, .handle = save_units,
     .fields = unit_fields, .n_fields = F_UNITS__MAX, .about = "Says whose people are asked"},
    {ROUTE_POST, "/programmes/:id/people/:person/drop", ROUTE_COORDINATOR, .handle = drop,
     .about = "Takes somebody out"},
};
const struct route_set page_programme_people_routes = ROUTE_SET("Programmes: people", routes);
