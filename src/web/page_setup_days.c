/* Set-up: the days off of the organisation, one by one or as a list that is pasted. */
#include "base/day.h"
#include "coach/schooldays.h"
#include "web/page.h"
#include "web/page_sets.h"

/* Both forms of the page, so that either can be shown again with what was typed. */
enum { F_NAME, F_FROM, F_UNTIL, F_LINES, F__MAX };
static const struct field_spec fields[F__MAX] = {
    [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = 4 * SCHOOLDAYS_NAME},
    [F_FROM] = {.name = "from", .type = FIELD_DATE},
    [F_UNTIL] = {.name = "until", .type = FIELD_DATE},
    [F_LINES] = {.name = "lines", .type = FIELD_LINES, .max = SCHOOLDAYS_LINES},
};

static void write_range(struct page *page, struct part_table *table, const struct day_off *off)
{
    struct html *h = &page->html;
    part_row_open(h, table);
    part_cell(h, table, off->name);
    part_cell_open(h, table);
    page_write_day(page, off->from);
    part_cell_close(h, table);
    part_cell_open(h, table);
    page_write_day(page, off->until);
    part_cell_close(h, table);
    part_cell_open(h, table);
    page_button_form(page, page_path(page, "/setup/days/{}/remove", html_int(off->id)),
                     &(struct part_button){
                         .text = T(page, "Remove"), .kind = PART_BUTTON_QUIET, .about = off->name});
    part_cell_close(h, table);
    part_row_close(h, table);
}

static void write_list(struct page *page, const struct schooldays *days)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Name")},
        {.heading = T(page, "First day")},
        {.heading = T(page, "Last day")},
        {.heading = T(page, "Change"), .align = PART_ALIGN_ACTIONS},
    };
    struct part_table table = {.caption = T(page, "Days off"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    if (days->n == 0) {
        part_paragraph(h, T(page, "There are none yet: every Monday to Friday is a school day."));
        return;
    }
    part_table_open(h, &table);
    for (size_t i = 0; i < days->n; i++) {
        write_range(page, &table, &days->items[i]);
    }
    part_table_close(h, &table);
}

static void date(struct page *page, int field, const char *id, struct str label)
{
    part_input(&page->html, &(struct part_field){.id = str_of(id),
                                                 .label = label,
                                                 .type = "date",
                                                 .width = PART_FIELD_HALF,
                                                 .error = page_error(page, id),
                                                 .value = page_value(page, field, str_of(""))});
}

static void write_add(struct page *page)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("add"), T(page, "Add days off"));
    page_form_open(page, str_of("/setup/days"));
    part_input(h, &(struct part_field){.id = str_of("name"),
                                       .label = T(page, "Name"),
                                       .hint = T(page, "For example: winter holidays."),
                                       .max_length = SCHOOLDAYS_NAME,
                                       .error = page_error(page, "name"),
                                       .value = page_value(page, F_NAME, str_of(""))});
    date(page, F_FROM, "from", T(page, "First day"));
    date(page, F_UNTIL, "until", T(page, "Last day"));
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Add"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static void write_paste(struct page *page)
{
    struct html *h = &page->html;
    struct str typed = page_value(page, F_LINES, str_of(""));
    part_details_open(h, T(page, "Paste a list"), typed.n > 0 || page_error(page, "lines").n > 0);
    page_form_open(page, str_of("/setup/days/lines"));
    part_textarea(
        h, &(struct part_field){.id = str_of("lines"),
                                .label = T(page, "Days off, one range a line"),
                                .hint = T(page, "First day, last day, name: 2026-12-21 2027-01-08 "
                                                "Winter holidays. One date alone is one day."),
                                .rows = 8,
                                .max_length = SCHOOLDAYS_LINES,
                                .error = page_error(page, "lines"),
                                .value = typed});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Add them"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_details_close(h);
}

static enum err show(struct page *page)
{
    struct schooldays days;
    enum err err = schooldays_load(&page->coach, &days);
    if (err != ERR_OK) {
        return err;
    }
    page_open(
        page,
        &(struct page_head){
            .title = T(page, "Days off"),
            .lead = T(page,
                      "Nobody is reminded and no meeting is proposed on these days. Like Saturdays "
                      "and Sundays, they do not count when a partnership stands still."),
            .back = T(page, "Set-up"),
            .back_url = str_of("/setup"),
            .nav = PAGE_NAV_SETUP});
    page_errors(page);
    write_list(page, &days);
    write_add(page);
    write_paste(page);
    return page_close(page);
}

static void need_date(struct page *page, int field, const char *name)
{
    if (!page_given(page, field) && !page_error(page, name).n) {
        complaint_add(&page->complaints, name, N_("Please choose a date."));
    }
}

static enum err add(struct page *page)
{
    need_date(page, F_FROM, "from");
    need_date(page, F_UNTIL, "until");
    if (page->complaints.n) {
        return page_again(page, show);
    }
    enum err err =
        schooldays_add(&page->coach, page_text(page, F_NAME), (int32_t)page_number(page, F_FROM),
                       (int32_t)page_number(page, F_UNTIL), &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show);
    }
    return err ? err : page_go(page, FLASH_SAVED, 0, str_of("/setup/days"));
}

static enum err add_lines(struct page *page)
{
    int32_t n = 0;
    if (page->complaints.n) {
        return page_again(page, show);
    }
    enum err err =
        schooldays_add_lines(&page->coach, page_text(page, F_LINES), &page->complaints, &n);
    if (err == ERR_INVALID) {
        return page_again(page, show);
    }
    return err ? err : page_go(page, FLASH_DAYS_ADDED, n, str_of("/setup/days"));
}

static enum err drop(struct page *page)
{
    enum err err = schooldays_remove(&page->coach, page_id(page, "id"));
    return err ? err : page_go(page, FLASH_SAVED, 0, str_of("/setup/days"));
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/days", ROUTE_ADMINISTRATOR, .handle = show,
     .about = "Days on which nobody works"},
    {ROUTE_POST, "/setup/days", ROUTE_ADMINISTRATOR, .handle = add, .fields = fields,
     .n_fields = F__MAX, .about = "Adds days off"},
    {ROUTE_POST, "/setup/days/lines", ROUTE_ADMINISTRATOR, .handle = add_lines, .fields = fields,
     .n_fields = F__MAX, .about = "Adds days off from a list"},
    {ROUTE_POST, "/setup/days/:id/remove", ROUTE_ADMINISTRATOR, .handle = drop,
     .about = "Removes days off"},
};
const struct route_set page_setup_days_routes = ROUTE_SET("Set-up: days off", routes);
