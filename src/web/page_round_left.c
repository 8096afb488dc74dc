/* Who stays without help in a round: how many for which reason and what would change that, then
 * each of them, page by page. */
#include "coach/rounds.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

enum { F_AFTER, F_SHOW__MAX };
static const struct field_spec show_fields[F_SHOW__MAX] = {
    [F_AFTER] = {.name = "after", .type = FIELD_TEXT, .max = 1000},
};

static struct str why_of(struct page *page, enum round_state why, bool no_goal)
{
    return no_goal && why == ROUND_ONLY_HELPS
               ? T(page, "Helps a colleague, and has not said what they want to grow in")
               : programme_view_why(page, why);
}

static struct str remedy_of(struct page *page, enum round_state why, bool no_goal)
{
    return why != ROUND_ONLY_HELPS ? programme_view_remedy(page, why)
           : no_goal               ? programme_view_remedy(page, ROUND_NO_NEED)
                     : T(page, "More offers in the skills they need, or a wider choice "
                               "of partners.");
}

/* How many for which reason, and what would change that: once, not for each of them. */
static void write_reasons(struct page *page, const struct rounds_lefts *lefts)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Why")},
        {.heading = T(page, "People"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "What would change that")},
    };
    struct part_table table = {.caption = T(page, "Reasons"),
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    part_table_open(h, &table);
    for (int k = 0; k < 2 * ROUND_STATE__MAX; k++) {
        enum round_state why = (enum round_state)(k / 2);
        bool no_goal = k % 2 != 0;
        int64_t n_no_goal = why == ROUND_ONLY_HELPS ? lefts->n_no_goal : 0;
        int64_t n = no_goal ? n_no_goal : lefts->counts[why] - n_no_goal;
        if (n > 0 && why != ROUND_IS_SERVED) {
            part_row_open(h, &table);
            part_cell(h, &table, why_of(page, why, no_goal));
            part_cell(h, &table, page_digits(page, n));
            part_cell(h, &table, remedy_of(page, why, no_goal));
            part_row_close(h, &table);
        }
    }
    part_table_close(h, &table);
}

static void write_left(struct page *page, struct part_table *table,
                       const struct rounds_round *round, const struct rounds_left *left)
{
    struct html *h = &page->html;
    bool others = round->state == ROUNDS_READY && !left->withheld && left->why != ROUND_NO_NEED &&
                  left->why != ROUND_NO_WISH;
    part_row_open(h, table);
    part_cell_open(h, table);
    page_person(page, left->person_id, left->name, left->units);
    part_cell_close(h, table);
    part_cell_open(h, table);
    if (left->withheld) {
        part_quiet(h, T(page, "You evaluate this person: another coordinator takes care of them."));
    } else {
        part_paragraph(h, why_of(page, left->why, left->no_goal));
    }
    part_cell_close(h, table);
    part_cell_open(h, table);
    if (others) {
        programme_view_others(page, round->id, left->person_id, left->name);
    }
    part_cell_close(h, table);
    part_row_close(h, table);
}

static enum err show(struct page *page)
{
    struct rounds_round round;
    struct rounds_lefts lefts;
    int64_t id = page_id(page, "id");
    enum err err = rounds_get(&page->coach, id, &round);
    err = err ? err : rounds_left_out(&page->coach, id, page_text(page, F_AFTER), &lefts);
    if (err) {
        return err;
    }
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "Who stays without help, and why"),
                                            .eyebrow = round.programme,
                                            .back = T(page, "The round"),
                                            .back_url = page_path(page, "/rounds/{}", html_int(id)),
                                            .nav = PAGE_NAV_PROGRAMMES,
                                            .width = PART_WIDTH_WIDE});
    const struct part_column columns[] = {
        {.heading = T(page, "Person")},
        {.heading = T(page, "Why")},
        {.heading = T(page, "Change"), .align = PART_ALIGN_ACTIONS},
    };
    struct part_table table = {.caption = T(page, "People"),
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    if (lefts.n_partnered) {
        part_paragraph(h, FILL(page,
                               TN(page,
                                  "{n} person is not listed: a partnership runs, and leaves no "
                                  "room for another.",
                                  "{n} people are not listed: their partnerships run, and leave "
                                  "no room for another.",
                                  lefts.n_partnered),
                               CATALOG_INT("n", lefts.n_partnered)));
    }
    if (!lefts.n) {
        part_paragraph(h, T(page, "Everybody receives help."));
        return page_close(page);
    }
    part_paragraph(h, T(page, "Nobody is left without a partner silently: whoever has no human "
                              "partner for a skill can work with the built-in guide, which says "
                              "that it is a program."));
    write_reasons(page, &lefts);
    part_table_open(h, &table);
    for (size_t k = 0; k < lefts.n; k++) {
        write_left(page, &table, &round, &lefts.items[k]);
    }
    part_table_close(h, &table);
    page_turns(
        page,
        page_given(page, F_AFTER) ? page_path(page, "/rounds/{}/left", html_int(id)) : str_of(""),
        lefts.next.n
            ? page_path(page, "/rounds/{}/left?after={}", html_int(id), html_part(lefts.next))
            : str_of(""));
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/rounds/:id/left", ROUTE_COORDINATOR, .handle = show, .fields = show_fields,
     .n_fields = F_SHOW__MAX, .about = "Who stays without help, and why"},
};
const struct route_set page_round_left_routes = ROUTE_SET("Rounds: who stays without", routes);
