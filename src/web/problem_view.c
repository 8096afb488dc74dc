/* The table of problems: on a phone each becomes a card. */
#include "web/problem_view.h"

#include "coach/roster.h"
#include "web/page.h"

static struct str place_of(struct page *page, const struct roster_problem *problem)
{
    if (!problem->line) {
        return T(page, "whole file");
    }
    if (!problem->column) {
        return FILL(page, T(page, "line {line}"), CATALOG_INT("line", (int64_t)problem->line));
    }
    return FILL(page, T(page, "line {line}, column {column}"),
                CATALOG_INT("line", (int64_t)problem->line),
                CATALOG_INT("column", problem->column));
}

/* A roster has several files: the name of the one in question stands before the line. */
static void write_where(struct page *page, struct part_table *table,
                        const struct roster_problem *problem)
{
    struct html *h = &page->html;
    part_cell_open(h, table);
    if (*problem->file) {
        html_element(h, EL_SPAN, "quiet", str_of(problem->file));
        html_text(h, str_of(" "));
    }
    html_text(h, place_of(page, problem));
    part_cell_close(h, table);
}

static void write_what(struct page *page, struct part_table *table,
                       const struct roster_problem *problem)
{
    struct html *h = &page->html;
    part_cell_open(h, table);
    html_element(h, EL_SPAN, "", str_of(problem->message));
    if (*problem->hint) {
        html_element(h, EL_SPAN, "quiet", str_of(" "));
        html_element(h, EL_SPAN, "quiet", str_of(problem->hint));
    }
    if (problem->n_like) {
        struct str more = TN(page, "{n} more cell like this.", "{n} more cells like this.",
                             (int64_t)problem->n_like);
        html_element(h, EL_SPAN, "quiet", str_of(" "));
        html_element(h, EL_SPAN, "quiet",
                     FILL(page, more, CATALOG_INT("n", (int64_t)problem->n_like)));
    }
    part_cell_close(h, table);
}

static void write_table(struct page *page, const struct roster_problems *problems)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Where")},
        {.heading = T(page, "What stands there")},
        {.heading = T(page, "What is wrong, and what to do")},
    };
    struct part_table table = {.caption = T(page, "What is wrong"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    part_table_open(h, &table);
    for (size_t i = 0; i < problems->n; i++) {
        const struct roster_problem *problem = &problems->items[i];
        part_row_open(h, &table);
        write_where(page, &table, problem);
        part_cell(h, &table, str_of(problem->value));
        write_what(page, &table, problem);
        part_row_close(h, &table);
    }
    part_table_close(h, &table);
}

static void write_notes(struct page *page, const struct roster_problems *problems)
{
    struct html *h = &page->html;
    part_details_open(h, T(page, "What Duet noticed and decided"), problems->total == 0);
    part_list_open(h, false);
    for (size_t i = 0; i < problems->n_notes; i++) {
        part_list_item(h);
        if (*problems->notes[i].file) {
            html_element(h, EL_SPAN, "quiet", str_of(problems->notes[i].file));
            html_text(h, str_of(" "));
        }
        html_text(h, str_of(problems->notes[i].text));
    }
    part_list_close(h);
    part_details_close(h);
}

void problem_view_write(struct page *page, const struct roster_problems *problems)
{
    struct html *h = &page->html;
    if (problems->total) {
        int64_t total = (int64_t)problems->total;
        struct str heading =
            TN(page, "{n} thing in the file is wrong", "{n} things in the file are wrong", total);
        part_section_open(h, str_of("problems"), FILL(page, heading, CATALOG_INT("n", total)));
        write_table(page, problems);
        if (problems->total > problems->n + problems->alike) {
            int64_t more = total - (int64_t)(problems->n + problems->alike);
            part_quiet(h, FILL(page, TN(page, "And {n} more.", "And {n} more.", more),
                               CATALOG_INT("n", more)));
        }
        part_section_close(h);
    }
    if (problems->n_notes) {
        write_notes(page, problems);
    }
}
