/* Counts first, names behind a line that opens: a roster may have thousands. */
#include "web/import_view.h"

#include "base/buf.h"
#include "coach/import_plan.h"
#include "web/page.h"
#include "web/problem_view.h"

#define NAMES_SHOWN 50
#define SAMPLES_MAX 200

struct str import_view_kind(struct page *page, enum imports_kind kind)
{
    static const char *const words[IMPORTS_KIND__MAX] = {
        [IMPORTS_ONEROSTER] = N_("The school's roster (OneRoster)"),
        [IMPORTS_PEOPLE] = N_("A sheet of people"),
        [IMPORTS_EVIDENCE] = N_("Ratings of people"),
    };
    return T(page, words[kind]);
}

struct str import_view_kind_hint(struct page *page, enum imports_kind kind)
{
    static const char *const hints[IMPORTS_KIND__MAX] = {
        [IMPORTS_ONEROSTER] = N_("A zip as the student information system writes it. Students and "
                                 "parents in it are passed over unread."),
        [IMPORTS_PEOPLE] = N_("CSV from any spreadsheet program: one person a row, with a name or "
                              "an e-mail address, and what else you have."),
        [IMPORTS_EVIDENCE] = N_("CSV with the columns person, skill and level, and perhaps rater "
                                "and date."),
    };
    return T(page, hints[kind]);
}

struct str import_view_state(struct page *page, enum imports_state state)
{
    static const char *const words[IMPORTS_STATE__MAX] = {
        [IMPORTS_WAITING] = N_("Waits for your decision"),
        [IMPORTS_APPLIED] = N_("Brought in"),
        [IMPORTS_DISCARDED] = N_("Thrown away"),
    };
    return T(page, words[state]);
}

struct str import_view_samples(struct page *page, const struct people_sheet_column *column)
{
    struct buf buf;
    struct str text;
    if (!column->n_samples) {
        return str_of("");
    }
    buf_init(&buf, page->arena, SAMPLES_MAX * PEOPLE_SHEET_SAMPLES);
    for (int32_t i = 0; i < column->n_samples; i++) {
        buf_add_text(&buf, i ? ", " : "");
        buf_add(&buf, column->samples[i]);
    }
    if (buf_end(&buf, &text) != ERR_OK) {
        return str_of("");
    }
    return FILL(page, T(page, "For example: {values}"), CATALOG_TEXT("values", text));
}

static void write_steps(struct page *page, const struct import_plan *plan, enum import_what what)
{
    int32_t n;
    struct html *h = &page->html;
    const struct import_step *steps = import_plan_steps(plan, what, &n);
    struct str heading =
        FILL(page, T(page, "{what}: {n}"),
             CATALOG_TEXT("what", T(page, import_plan_what_text(what))), CATALOG_INT("n", n));
    part_details_open(h, heading, false);
    part_list_open(h, false);
    for (int32_t i = 0; i < n && i < NAMES_SHOWN; i++) {
        part_list_item(h);
        html_text(h, steps[i].name);
        if (steps[i].detail.n) {
            html_text(h, str_of(" "));
            html_element(h, EL_SPAN, "quiet", steps[i].detail);
        }
    }
    part_list_close(h);
    if (n > NAMES_SHOWN) {
        int64_t more = n - NAMES_SHOWN;
        part_quiet(h, FILL(page, TN(page, "And {n} more.", "And {n} more.", more),
                           CATALOG_INT("n", more)));
    }
    part_details_close(h);
}

static void write_plan(struct page *page, const struct import_plan *plan)
{
    struct html *h = &page->html;
    if (import_plan_is_empty(plan)) {
        part_paragraph(h, T(page, "Everything in the file is in Duet already."));
        return;
    }
    for (int what = 0; what < IMPORT_WHAT__MAX; what++) {
        bool shown = what != IMPORT_ROLE_ADD && what != IMPORT_ROLE_REMOVE;
        if (shown && plan->n[what]) {
            write_steps(page, plan, (enum import_what)what);
        }
    }
}

static void write_rows(struct page *page, const struct evidence_sheet *rows)
{
    struct html *h = &page->html;
    part_terms_open(h);
    part_term(h, T(page, "New pieces of evidence"), page_digits(page, (int64_t)rows->n_rows));
    part_term(h, T(page, "There already"), page_digits(page, (int64_t)rows->n_there));
    part_term(h, T(page, "People"), page_digits(page, rows->n_people));
    part_term(h, T(page, "Skills"), page_digits(page, rows->n_skills));
    part_term(h, T(page, "Raters"), page_digits(page, rows->n_raters));
    part_terms_close(h);
}

void import_view_write(struct page *page, const struct imports_view *view)
{
    if (view->plan || view->rows) {
        part_section_open(&page->html, str_of("changes"), T(page, "What would change"));
        if (view->plan) {
            write_plan(page, view->plan);
        }
        if (view->rows) {
            write_rows(page, view->rows);
        }
        part_section_close(&page->html);
    }
    problem_view_write(page, &view->problems);
}

void import_view_summary(struct page *page, struct str summary)
{
    const char *heading;
    struct str number;
    part_terms_open(&page->html);
    while (imports_summary_next(&summary, &heading, &number)) {
        part_term(&page->html, T(page, heading), number);
    }
    part_terms_close(&page->html);
}
