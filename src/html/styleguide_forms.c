/* The style guide's forms, tables and ways through a page. */
#include "html/parts.h"
#include "html/styleguide_pages.h"

#define S(text) ((struct str){text, sizeof(text) - 1})

static void write_inputs(struct html *h)
{
    part_input(h, &(struct part_field){.id = S("sg-name"),
                                       .label = S("Your name"),
                                       .autocomplete = "off",
                                       .value = S("Amina Diallo")});
    part_input(h, &(struct part_field){.id = S("sg-mail"),
                                       .label = S("E-mail address"),
                                       .optional = S("(optional)"),
                                       .hint = S("Only for messages from Duet. Colleagues do not "
                                                 "see it."),
                                       .type = "email",
                                       .autocomplete = "off"});
    part_input(h, &(struct part_field){.id = S("sg-wrong"),
                                       .label = S("Date of the visit"),
                                       .hint = S("The day you saw the lesson."),
                                       .error = S("This date is in the future. Please choose "
                                                  "today or an earlier day."),
                                       .type = "date",
                                       .value = S("2031-01-01"),
                                       .width = PART_FIELD_SHORT});
    part_input(h, &(struct part_field){.id = S("sg-fixed"),
                                       .label = S("School"),
                                       .value = S("Riverside Primary"),
                                       .readonly = true,
                                       .width = PART_FIELD_HALF,
                                       .list = S("sg-schools")});
    const struct str schools[] = {S("Riverside Primary"), S("Hillside Academy")};
    part_suggestions(h, S("sg-schools"), schools, 2);
    part_textarea(h, &(struct part_field){.id = S("sg-note"),
                                          .label = S("What did you notice?"),
                                          .hint = S("Two or three sentences are enough."),
                                          .rows = 3});
}

static void write_choices(struct html *h)
{
    const struct part_option positions[] = {
        {.value = S("t"), .text = S("Teacher"), .group = S("In the classroom"), .chosen = true},
        {.value = S("a"), .text = S("Assistant"), .group = S("In the classroom")},
        {.value = S("c"), .text = S("Coach"), .group = S("Beside it")},
        {.value = S("p"), .text = S("Parent"), .group = S("Beside it")},
    };
    const struct part_option days[] = {
        {.value = S("1"), .text = S("Before school"), .chosen = true},
        {.value = S("2"), .text = S("At lunch")},
        {.value = S("3"), .text = S("After school"), .chosen = true},
        {.value = S("4"), .text = S("At night"), .disabled = true},
    };
    const struct part_option levels[] = {
        {.value = S("1"),
         .text = S("1 Beginning"),
         .hint = S("Most questions ask for a fact, and the same few pupils answer.")},
        {.value = S("2"),
         .text = S("2 Developing"),
         .hint = S("Some questions ask for reasons; most pupils get time to think."),
         .chosen = true},
        {.value = S("3"),
         .text = S("3 Secure"),
         .hint = S("Questions build on each other and on what pupils said.")},
        {.value = S("4"),
         .text = S("4 Leading"),
         .hint = S("Pupils ask each other such questions.")},
    };
    part_select(h,
                &(struct part_field){
                    .id = S("sg-position"), .label = S("Position"), .width = PART_FIELD_HALF},
                S("Please choose"), positions, 4);
    part_choose(h,
                &(struct part_field){.id = S("sg-time"),
                                     .label = S("When would you meet?"),
                                     .hint = S("As many as you like.")},
                PART_CHOICES_INLINE, true, days, 4);
    part_choose(h,
                &(struct part_field){.id = S("sg-level"),
                                     .label = S("Where do you see yourself, working alone?")},
                PART_CHOICES_LEVELS, false, levels, 4);
    part_choose(h,
                &(struct part_field){.id = S("sg-share"),
                                     .label = S("Who may see this?"),
                                     .error = S("Please choose one.")},
                PART_CHOICES_LIST, false,
                (const struct part_option[]){
                    {.value = S("me"), .text = S("Only me"), .hint = S("You can share it later.")},
                    {.value = S("partner"), .text = S("My partner and me")}},
                2);
    part_check(h,
               &(struct part_field){.id = S("sg-tell"),
                                    .label = S("Tell me by e-mail"),
                                    .hint = S("At most once a day, never at night.")},
               true);
    part_file(h,
              &(struct part_field){.id = S("sg-file"),
                                   .label = S("A spreadsheet"),
                                   .hint = S("CSV, at most 64 MB.")},
              ".csv,.zip", false);
}

static bool is_free(void *ctx, size_t row, size_t column)
{
    (void)ctx;
    return (row + 2 * column) % 5 == 1;
}

static void write_grid(struct html *h)
{
    const struct str days[] = {S("Mon"), S("Tue"), S("Wed"), S("Thu"), S("Fri")};
    const struct str periods[] = {S("Period 1"), S("Period 2"), S("Period 3")};
    part_grid(h, &(struct part_grid){.id = S("sg-free"),
                                     .legend = S("When are you free each week?"),
                                     .hint = S("Partners are easier to find with two or more."),
                                     .columns = days,
                                     .n_columns = 5,
                                     .rows = periods,
                                     .n_rows = 3,
                                     .on = is_free});
}

static void write_buttons(struct html *h)
{
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = S("Save")});
    part_button(h, &(struct part_button){
                       .text = S("Add another"), .kind = PART_BUTTON_PLAIN, .icon = PART_ICON_ADD});
    part_button(h, &(struct part_button){.text = S("Remove"),
                                         .kind = PART_BUTTON_DANGER,
                                         .icon = PART_ICON_REMOVE,
                                         .about = S("the visit of 12 March")});
    part_button(h, &(struct part_button){.text = S("Not now"), .kind = PART_BUTTON_QUIET});
    part_button(h, &(struct part_button){.text = S("Waiting"), .disabled = true});
    part_buttons_close(h);
}

void styleguide_forms(struct html *h)
{
    const struct part_error errors[] = {
        {S("sg-wrong"), S("This date is in the future. Please choose today or an earlier day.")},
        {S("sg-share"), S("Please choose who may see this.")},
        {S(""), S("Somebody else changed this form meanwhile.")},
    };
    part_section_open(h, S("forms"), S("Forms"));
    part_errors(h, S("Please look at three things"), errors, 3);
    part_form_open(h, &(struct part_form){.action = S("#forms"), .get = true});
    write_inputs(h);
    write_choices(h);
    part_fieldset_open(h, S("Time"), S("What belongs together stands together."));
    write_grid(h);
    part_fieldset_close(h);
    write_buttons(h);
    part_form_close(h);
    part_section_close(h);
}

static void write_row(struct html *h, struct part_table *table, struct str name, struct str unit,
                      struct str number)
{
    part_row_open(h, table);
    part_cell(h, table, name);
    part_cell(h, table, unit);
    part_cell(h, table, number);
    part_cell_open(h, table);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_NONE, S("Open"), S("#tables"));
    part_cell_close(h, table);
    part_row_close(h, table);
}

void styleguide_tables(struct html *h)
{
    const struct part_column columns[] = {
        {.heading = S("Name"), .sort_url = S("#tables"), .sort = PART_SORT_UP},
        {.heading = S("School"), .sort_url = S("#tables")},
        {.heading = S("Evidence"), .align = PART_ALIGN_NUMBER},
        {.heading = S("What to do"), .align = PART_ALIGN_ACTIONS},
    };
    struct part_table people = {
        .caption = S("People, as cards on a phone"), .columns = columns, .n_columns = 4};
    struct part_table figures = {.caption = S("Figures to compare keep their columns"),
                                 .dense = true,
                                 .columns = columns,
                                 .n_columns = 3};
    part_section_open(h, S("tables"), S("Tables"));
    part_table_open(h, &people);
    write_row(h, &people, S("Amina Diallo"), S("Riverside Primary"), S("14"));
    write_row(h, &people, S("\xC3\x89lodie Nguy\xE1\xBB\x85n-Okafor"), S("Hillside Academy"),
              S("108"));
    part_table_close(h, &people);
    part_table_open(h, &figures);
    for (int i = 0; i < 3; i++) {
        part_row_open(h, &figures);
        part_cell(h, &figures, i == 0 ? S("Pairs") : i == 1 ? S("Guides") : S("Trios"));
        part_cell(h, &figures, S("Across schools"));
        part_cell(h, &figures, i == 0 ? S("96") : i == 1 ? S("104") : S("88"));
        part_row_close(h, &figures);
    }
    part_table_close(h, &figures);
    part_section_close(h);
}

void styleguide_ways(struct html *h)
{
    const struct part_link tabs[] = {
        {.text = S("Overview"), .url = S("#ways"), .current = true},
        {.text = S("Evidence"), .url = S("#ways")},
        {.text = S("Sharing"), .url = S("#ways")},
    };
    const struct part_link steps[] = {
        {.text = S("Upload"), .url = S("#ways")},
        {.text = S("Columns"), .url = S("#ways")},
        {.text = S("Preview")},
        {.text = S("Done")},
    };
    const struct part_option units[] = {{.value = S("1"), .text = S("Riverside Primary")}};
    part_section_open(h, S("ways"), S("Finding the way"));
    part_tabs(h, S("Parts"), tabs, 3);
    part_steps(h, &(struct part_steps){.label = S("Steps"),
                                       .done = S("(done)"),
                                       .current = S("(now)"),
                                       .steps = steps,
                                       .n = 4,
                                       .at = 2});
    part_filters_open(h, S("#ways"), S("People"));
    part_input(h, &(struct part_field){
                      .id = S("sg-search"), .label = S("Name or skill"), .type = "search"});
    part_select(h, &(struct part_field){.id = S("sg-unit"), .label = S("School")}, S("All schools"),
                units, 1);
    part_button(h, &(struct part_button){
                       .text = S("Search"), .kind = PART_BUTTON_PLAIN, .icon = PART_ICON_SEARCH});
    part_filters_close(h);
    part_pages(h, &(struct part_pages){.label = S("Pages"),
                                       .previous = S("Earlier"),
                                       .previous_url = S("#ways"),
                                       .next = S("Later"),
                                       .next_url = S("#ways"),
                                       .position = S("21 to 40 of 118")});
    part_section_close(h);
}
