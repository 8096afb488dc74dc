/* What an import changes, in words; see importview.h. */
#include "cli/importview.h"

#include "cli/inputs.h"
#include "cli/report.h"
#include "cli/table.h"
#include "coach/imports.h"

#include <stdio.h>
#include <string.h>

#define LINE_ROOM 1024 /* bytes of one line about a change */

void importview_problems(struct cli *cli, const struct imports_view *view)
{
    inputs_print_problems(&view->problems);
    inputs_print_notes(cli, &view->problems);
}

/* "e-mail address: old -> new" for each field, cut where there is no room. */
static void fields_text(const struct import_plan *plan, const struct import_step *step, char *text,
                        size_t size)
{
    const struct import_field_change *fields =
        (const struct import_field_change *)plan->fields.items + step->first_field;
    size_t n = 0;
    text[0] = '\0';
    for (uint32_t k = 0; k < step->n_fields && n < size; k++) {
        const char *before = fields[k].before.n > 0 ? fields[k].before.p : "nothing";
        int more = snprintf(text + n, size - n, "%s%s: %s -> %s", k > 0 ? "; " : "",
                            import_plan_field_text(fields[k].field), before, fields[k].after.p);
        n += more > 0 ? (size_t)more : 0;
    }
}

static void step_text(const struct import_plan *plan, const struct import_step *step, char *text,
                      size_t size)
{
    switch (step->what) {
    case IMPORT_UNIT_CHANGE:
    case IMPORT_PERSON_LINK:
    case IMPORT_PERSON_CHANGE:
        fields_text(plan, step, text, size);
        return;
    case IMPORT_MEMBER_ADD:
    case IMPORT_MEMBER_REMOVE:
        snprintf(text, size, "%s, %s", step->detail.p, roles_word(step->member));
        return;
    case IMPORT_TAG_FILL:
        snprintf(text, size, "%s: %s", profile_kind_word(step->kind), step->detail.p);
        return;
    case IMPORT_EVALUATOR_ADD:
        snprintf(text, size, "evaluated by %s", step->detail.p);
        return;
    case IMPORT_UNIT_ADD:
        snprintf(text, size, step->detail.n > 0 ? "below %s" : "%s",
                 step->detail.n > 0 ? step->detail.p : "at the top");
        return;
    case IMPORT_PERSON_LEAVE:
        snprintf(text, size, "%s", step->place.line > 0 ? "as the file says" : "not in the file");
        return;
    default:
        text[0] = '\0';
    }
}

static bool print_kind(struct cli *cli, const struct import_plan *plan, enum import_what what,
                       int limit)
{
    static const struct table_column columns[] = {{"name", TABLE_CUT}, {"", TABLE_WRAP}};
    int32_t n = 0;
    const struct import_step *steps = import_plan_steps(plan, what, &n);
    if (n == 0 || what == IMPORT_ROLE_ADD || what == IMPORT_ROLE_REMOVE) {
        return true;
    }
    char heading[100];
    snprintf(heading, sizeof heading, "%s: %s", import_plan_what_text(what), report_count(n).text);
    report_heading(stdout, &cli->out, heading);
    struct table *table = table_new(cli->arena, columns, 2);
    for (int32_t k = 0; table && k < n && (limit == 0 || k < limit); k++) {
        char text[LINE_ROOM];
        step_text(plan, &steps[k], text, sizeof text);
        const char *const cells[] = {steps[k].name.p, text};
        table = table_add(table, cells) == ERR_OK ? table : NULL;
    }
    if (!table) {
        return false;
    }
    table_print(table, stdout, &cli->out);
    if (limit > 0 && n > limit) {
        printf("... and %s more\n", report_count(n - limit).text);
    }
    return true;
}

static void print_evidence(struct cli *cli, const struct evidence_sheet *rows)
{
    report_heading(stdout, &cli->out, "Evidence");
    report_fact(stdout, &cli->out, "new", "%s of %s in %s",
                report_many((int64_t)rows->n_rows, "piece", "pieces").text,
                report_many(rows->n_people, "person", "people").text,
                report_many(rows->n_skills, "skill", "skills").text);
    report_fact(stdout, &cli->out, "here already", "%s", report_count((int64_t)rows->n_there).text);
    if (rows->n_raters > 0) {
        report_fact(stdout, &cli->out, "raters", "%s, %s of them nobody in Duet: kept by name",
                    report_count(rows->n_raters).text, report_count(rows->n_raters_unknown).text);
    }
    if (rows->first_day != EVIDENCE_DAY_UNKNOWN) {
        report_fact(stdout, &cli->out, "days", "%s to %s", report_date(rows->first_day).text,
                    report_date(rows->last_day).text);
    }
}

void importview_changes(struct cli *cli, const struct imports_view *view, int limit)
{
    bool printed = true;
    for (int what = 0; view->plan && what < IMPORT_WHAT__MAX && printed; what++) {
        printed = print_kind(cli, view->plan, (enum import_what)what, limit);
    }
    if (!printed) {
        (void)report_error(ERR_NOMEM, "printing");
    }
    if (view->rows) {
        print_evidence(cli, view->rows);
    }
}

void importview_columns(struct cli *cli, const struct imports_view *view)
{
    static const struct table_column columns[] = {
        {"column", TABLE_CUT}, {"taken for", TABLE_LEFT}, {"for example", TABLE_CUT}};
    struct table *table = view->sheet ? table_new(cli->arena, columns, 3) : NULL;
    if (!table) {
        return;
    }
    for (int32_t k = 0; k < view->sheet->n_columns; k++) {
        const struct people_sheet_column *column = &view->sheet->columns[k];
        const char *const cells[] = {column->heading.p, people_sheet_field_word(column->field),
                                     column->n_samples > 0 ? column->samples[0].p : ""};
        if (table_add(table, cells) != ERR_OK) {
            return;
        }
    }
    report_heading(stdout, &cli->out, "Columns");
    table_print(table, stdout, &cli->out);
}
