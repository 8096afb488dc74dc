/* Strategies side by side on a programme's own people: a chart, a table, what to look at; made to
 * be printed and taken along. */
#include "coach/frameworks.h"
#include "coach/programmes.h"
#include "coach/rounds.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

#define BAR_WIDTH 100.0 /* the chart's own units, percent */
#define REFRESH_S 2     /* seconds between two looks while it is worked out */

static struct str path_of(struct page *page)
{
    return page_path(page, "/programmes/{}/compare", html_int(page_id(page, "id")));
}

/* ---- the chart ---- */

/* One bar: the share of those who could receive help. */
static void write_bar(struct page *page, const struct comparison_row *row)
{
    struct html *h = &page->html;
    double share = row->n_learners > 0 ? BAR_WIDTH * row->n_served / row->n_learners : 0;
    html_open_class(h, EL_SVG, "chart-bar");
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    html_attr_bool(h, AT_FOCUSABLE, false);
    html_open_class(h, EL_SVG_RECT, "chart-ground");
    html_attr_number(h, AT_WIDTH, BAR_WIDTH, "%");
    html_attr_number(h, AT_HEIGHT, BAR_WIDTH, "%");
    html_open_class(h, EL_SVG_RECT, "chart-fill");
    html_attr_number(h, AT_WIDTH, share, "%");
    html_attr_number(h, AT_HEIGHT, BAR_WIDTH, "%");
    html_close(h, EL_SVG);
}

static void write_chart(struct page *page, const struct comparison *c)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("chart"), T(page, "Who receives help"));
    html_open_class(h, EL_UL, "chart");
    for (size_t k = 0; k < c->n_rows; k++) {
        const struct comparison_row *row = &c->rows[k];
        if (row->problem != ROUNDS_FINE) {
            continue;
        }
        html_open(h, EL_LI);
        html_element(h, EL_SPAN, "chart-name", programme_view_strategy(page, row->strategy));
        html_element(h, EL_SPAN, "chart-value",
                     FILL(page, T(page, "{n} of {all}"), CATALOG_INT("n", row->n_served),
                          CATALOG_INT("all", row->n_learners)));
        write_bar(page, row);
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
    part_quiet(h, T(page, "Of all who have said what they want to grow in. The table has the same "
                          "figures."));
    part_section_close(h);
}

/* ---- the table ---- */

static enum err write_row(struct page *page, struct part_table *table, int64_t id,
                          const struct comparison_row *row)
{
    struct html *h = &page->html;
    struct str problem;
    enum err err = programme_view_problem(page, id, row->problem, row->problem_rule_id, &problem);
    part_row_open(h, table);
    part_cell(h, table, programme_view_strategy(page, row->strategy));
    if (row->problem != ROUNDS_FINE) {
        part_cell(h, table, T(page, "not possible"));
        for (int k = 0; k < 6; k++) {
            part_cell(h, table, str_of(""));
        }
    } else {
        part_cell(h, table, page_digits(page, row->n_served));
        part_cell(h, table,
                  FILL(page, T(page, "{n} of {all}"), CATALOG_INT("n", row->n_covered),
                       CATALOG_INT("all", row->n_needs)));
        part_cell(h, table, programme_view_gain(page, row->total_gain));
        part_cell(h, table, programme_view_gain(page, row->smallest_gain));
        part_cell(h, table, page_digits(page, row->busiest));
        part_cell(h, table, page_digits(page, row->n_across));
        part_cell(h, table, page_digits(page, row->n_people - row->n_served));
    }
    part_row_close(h, table);
    return err;
}

static enum err write_table(struct page *page, const struct comparison *c)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Strategy")},
        {.heading = T(page, "Receive help"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Goals covered"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Benefit in all"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Smallest benefit"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Most helped by one"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Across schools"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Without help"), .align = PART_ALIGN_NUMBER},
    };
    struct part_table table = {.caption = T(page, "Figures of each strategy"),
                               .hide_caption = true,
                               .dense = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    enum err err = ERR_OK;
    part_section_open(h, str_of("table"), T(page, "Strategies side by side"));
    part_table_open(h, &table);
    for (size_t k = 0; k < c->n_rows && !err; k++) {
        err = write_row(page, &table, c->programme_id, &c->rows[k]);
    }
    part_table_close(h, &table);
    part_quiet(h,
               T(page, "Benefit: 1 is a helper who can do alone all that a learner is ready for, "
                       "for a first goal. It averages over what is not known, and says nothing "
                       "about a single person."));
    part_section_close(h);
    return err;
}

/* ---- who stays without, and what to look at ---- */

static void write_without(struct page *page, const struct comparison *c,
                          enum programme_strategy chosen)
{
    struct html *h = &page->html;
    const struct comparison_row *row = NULL;
    for (size_t k = 0; k < c->n_rows; k++) {
        row =
            c->rows[k].strategy == chosen && c->rows[k].problem == ROUNDS_FINE ? &c->rows[k] : row;
    }
    if (!row) {
        return;
    }
    int32_t n = 0;
    for (int s = ROUND_ONLY_HELPS; s < ROUND_STATE__MAX; s++) {
        n += row->why[s];
    }
    part_section_open(h, str_of("without"), T(page, "Who stays without help, and why"));
    part_paragraph(h, FILL(page, T(page, "With the strategy of this programme: {strategy}."),
                           CATALOG_TEXT("strategy", programme_view_strategy(page, chosen))));
    if (n == 0) {
        part_paragraph(h, T(page, "Everybody receives help."));
        part_section_close(h);
        return;
    }
    part_terms_open(h);
    for (int s = ROUND_ONLY_HELPS; s < ROUND_STATE__MAX; s++) {
        if (row->why[s] == 0) {
            continue;
        }
        part_term_open(h, programme_view_why(page, (enum round_state)s));
        part_paragraph(h, FILL(page, TN(page, "{n} person", "{n} people", row->why[s]),
                               CATALOG_INT("n", row->why[s])));
        part_quiet(h, programme_view_remedy(page, (enum round_state)s));
        part_term_close(h);
    }
    part_terms_close(h);
    part_section_close(h);
}

static void warn(struct page *page, int32_t n, struct str text)
{
    if (n > 0) {
        part_list_item(&page->html);
        html_text(&page->html, FILL(page, text, CATALOG_INT("n", n)));
    }
}

static enum err write_unhelped(struct page *page, const struct comparison *c, int64_t framework_id)
{
    struct framework *framework;
    enum err err = frameworks_get(&page->coach, framework_id, page->locale, 0, &framework);
    for (size_t k = 0; !err && k < c->n_unhelped; k++) {
        const struct framework_skill *skill = framework_find_skill(framework, c->unhelped[k]);
        if (skill) {
            part_list_item(&page->html);
            html_text(&page->html,
                      FILL(page,
                           T(page, "Somebody wants to grow in {skill}, and nobody offers it."),
                           CATALOG_TEXT("skill", skill->words.name)));
        }
    }
    return err;
}

static enum err write_warnings(struct page *page, const struct comparison *c,
                               const struct programme *p)
{
    struct html *h = &page->html;
    if (!(c->n_small_pool || c->n_unlinked || c->n_stale || c->n_unsure || c->n_unhelped)) {
        return ERR_OK;
    }
    part_notice_open(h, PART_TONE_CARE, T(page, "Look at this before you decide"));
    part_list_open(h, false);
    warn(page, c->n_small_pool,
         TN(page,
            "{n} person has fewer than eight others to choose from: the pool is too small. "
            "Widen it to other schools, allow groups of three, or leave some for later.",
            "{n} people have fewer than eight others to choose from: the pool is too small. "
            "Widen it to other schools, allow groups of three, or leave some for later.",
            c->n_small_pool));
    warn(page, c->n_unlinked,
         TN(page,
            "{n} person was seen only by colleagues who saw nobody else of the others: what "
            "is known of them can hardly be compared.",
            "{n} people were seen only by colleagues who saw nobody of the others: what is known "
            "of them can hardly be compared.",
            c->n_unlinked));
    warn(page, c->n_stale,
         TN(page,
            "For {n} person the newest observation is more than a year older than the newest "
            "of all.",
            "For {n} people the newest observation is more than a year older than the newest of "
            "all.",
            c->n_stale));
    warn(page, c->n_unsure,
         TN(page,
            "For {n} goal too little is known of the person who has it: the match rests on "
            "what they say.",
            "For {n} goals too little is known of the people who have them: the match rests on "
            "what they say.",
            c->n_unsure));
    enum err err = write_unhelped(page, c, p->framework_id);
    part_list_close(h);
    part_notice_close(h);
    return err;
}

/* ---- the page ---- */

static void write_start(struct page *page, const struct programme *p, bool again)
{
    bool open = p->state == PROGRAMME_OPEN || p->state == PROGRAMME_RUNNING;
    if (!open) {
        part_quiet(&page->html, T(page, "Strategies can be compared once the programme is open and "
                                        "people take part."));
        return;
    }
    page_button_form(
        page, path_of(page),
        &(struct part_button){.text = again ? T(page, "Compare again") : T(page, "Compare now"),
                              .kind = again ? PART_BUTTON_PLAIN : PART_BUTTON_MAIN});
}

/* What was not looked for, among so many. */
static void write_by_sum(struct page *page, const struct comparison *c)
{
    for (size_t k = 0; k < c->n_rows; k++) {
        if (c->rows[k].by_sum && c->rows[k].problem == ROUNDS_FINE) {
            part_quiet(&page->html,
                       T(page, "People choose themselves: among so many people, pairs that nobody "
                               "would leave for what they gain alone are not looked for. In the "
                               "pairs counted here no two people would gain more together, both of "
                               "them added."));
        }
    }
}

static enum err write_result(struct page *page, const struct programme *p,
                             const struct comparison *c)
{
    struct html *h = &page->html;
    part_quiet(h, FILL(page, T(page, "Worked out on the people who take part: {when}"),
                       CATALOG_TEXT("when", page_moment(page, c->ready_ms))));
    enum err err = write_warnings(page, c, p);
    write_chart(page, c);
    err = err ? err : write_table(page, c);
    write_by_sum(page, c);
    write_without(page, c, p->strategy);
    part_details_open(h, T(page, "What the strategies are"), false);
    part_terms_open(h);
    for (int k = 0; k < PROGRAMME_STRATEGY__MAX; k++) {
        part_term(h, programme_view_strategy(page, (enum programme_strategy)k),
                  programme_view_strategy_about(page, (enum programme_strategy)k));
    }
    part_terms_close(h);
    part_details_close(h);
    return err;
}

static enum err write_comparison(struct page *page, const struct programme *p,
                                 const struct comparison *c)
{
    struct html *h = &page->html;
    struct str problem;
    switch (c->state) {
    case ROUNDS_WAITING:
    case ROUNDS_RUNNING:
        page_progress(page,
                      T(page, "The strategies are being compared. This page looks again by "
                              "itself."),
                      c->progress, 1000);
        return ERR_OK;
    case ROUNDS_READY:
        write_start(page, p, true);
        return write_result(page, p, c);
    default: {
        enum err err = programme_view_problem(page, p->id, c->problem, 0, &problem);
        part_notice(h, PART_TONE_CARE, T(page, "It could not be worked out"), problem);
        write_start(page, p, true);
        return err;
    }
    }
}

static enum err show(struct page *page)
{
    struct programme p;
    struct comparison c;
    int64_t id = page_id(page, "id");
    enum err last = comparisons_last(&page->coach, id, &c);
    enum err err = last && last != ERR_NOT_FOUND ? last : programmes_get(&page->coach, id, &p);
    if (err) {
        return err;
    }
    bool works = last == ERR_OK && (c.state == ROUNDS_WAITING || c.state == ROUNDS_RUNNING);
    page->again_s = works ? REFRESH_S : 0;
    struct html *h = programme_view_open(page, &p, PROGRAMME_TAB_COMPARE);
    if (last == ERR_OK) {
        err = write_comparison(page, &p, &c);
    } else {
        part_paragraph(h,
                       T(page, "Try every strategy on your own people before you choose one: who "
                               "would receive help, who would stay without, and why. Nobody is "
                               "told, and nothing is arranged by it."));
        write_start(page, &p, false);
    }
    return err ? err : page_close(page);
}

static enum err start(struct page *page)
{
    int64_t id;
    enum err err = comparisons_start(&page->coach, page_id(page, "id"), &id);
    return err ? err : page_go(page, FLASH_NONE, 0, path_of(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/:id/compare", ROUTE_COORDINATOR, .handle = show,
     .about = "Strategies side by side, made to be printed"},
    {ROUTE_POST, "/programmes/:id/compare", ROUTE_COORDINATOR, .handle = start,
     .about = "Compares them in the background"},
};
const struct route_set page_compare_routes = ROUTE_SET("Programmes: comparing strategies", routes);
