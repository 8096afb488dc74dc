/* Writing a framework as a sheet; see framework_csv.h. */
#include "base/buf.h"
#include "coach/framework_csv.h"
#include "coach/framework_sheet.h"
#include "coach/roster_cell.h"

#include <stdio.h>

struct sheet_out {
    struct csv_writer csv;
    const struct framework *framework;
};

/* One row; cells by heading, then name and description in every further language. */
struct sheet_line {
    struct str cells[SHEET__MAX];
    const struct framework_words *others;
};

static void write_line(struct sheet_out *out, const struct sheet_line *line)
{
    for (int k = 0; k < SHEET__MAX; k++) {
        bool plain = k == SHEET_DIFFICULTY || k == SHEET_LEVEL || k == SHEET_LEVELS;
        struct str cell = line->cells[k].p ? line->cells[k] : (struct str){"", 0};
        (plain ? csv_writer_plain : csv_writer_text)(&out->csv, cell);
    }
    for (int32_t k = 0; k < out->framework->n_languages; k++) {
        csv_writer_text(&out->csv, line->others ? line->others[k].name : (struct str){"", 0});
        csv_writer_text(&out->csv,
                        line->others ? line->others[k].description : (struct str){"", 0});
    }
    csv_writer_end(&out->csv);
}

static void write_header(struct sheet_out *out)
{
    for (int k = 0; k < SHEET__MAX; k++) {
        csv_writer_plain(&out->csv, str_of(framework_sheet_headings[k].name));
    }
    for (int32_t k = 0; k < out->framework->n_languages; k++) {
        char name[80];
        struct str language = out->framework->languages[k];
        snprintf(name, sizeof name, "name:%.60s", language.p);
        csv_writer_plain(&out->csv, str_of(name));
        snprintf(name, sizeof name, "description:%.60s", language.p);
        csv_writer_plain(&out->csv, str_of(name));
    }
    csv_writer_end(&out->csv);
}

static struct sheet_line line_of(const char *kind, struct framework_words words,
                                 const struct framework_words *others, struct str id, bool active)
{
    struct sheet_line line = {.others = others};
    line.cells[SHEET_KIND] = str_of(kind);
    line.cells[SHEET_NAME] = words.name;
    line.cells[SHEET_DESCRIPTION] = words.description;
    line.cells[SHEET_ID] = id;
    line.cells[SHEET_RETIRED] = str_of(active ? "" : "yes");
    return line;
}

/* The shortest decimal with up to nine places that a reader takes for the same number, in a text
 * without an exponent. */
static struct str number_text(struct buf *buf, double value)
{
    struct str text = {"", 0};
    for (int places = 0; places <= 9; places++) {
        buf_clear(buf);
        buf_add_fixed(buf, value, places);
        double back = 0;
        if (buf_end(buf, &text) || (roster_cell_decimal(text, &back), back == value)) {
            break;
        }
    }
    return text;
}

static void write_skill(struct sheet_out *out, const struct framework_skill *skill)
{
    char number[16];
    struct sheet_line line =
        line_of("skill", skill->words, skill->others, skill->case_id, skill->active);
    line.cells[SHEET_CODE] = skill->code;
    if (!skill->levels) {
        snprintf(number, sizeof number, "%d", (int)skill->n_levels);
        line.cells[SHEET_LEVELS] = str_of(number);
    }
    write_line(out, &line);
    for (int32_t k = 0; skill->levels && k < skill->n_levels; k++) {
        const struct framework_level *level = &skill->levels[k];
        line = line_of("level", level->words, level->others, (struct str){"", 0}, true);
        snprintf(number, sizeof number, "%d", (int)level->level);
        line.cells[SHEET_LEVEL] = str_of(number);
        write_line(out, &line);
    }
    for (int32_t k = 0; k < skill->n_tasks; k++) {
        const struct framework_task *task = &skill->tasks[k];
        struct buf text;
        buf_init(&text, out->csv.buf->parent, 64);
        line = line_of("task", task->words, task->others, task->case_id, task->active);
        if (task->has_difficulty) {
            line.cells[SHEET_DIFFICULTY] = number_text(&text, task->difficulty);
        }
        write_line(out, &line);
    }
}

void framework_csv_write(const struct framework *framework, struct buf *buf)
{
    struct sheet_out out = {.csv = {.buf = buf}, .framework = framework};
    write_header(&out);
    struct sheet_line line = line_of("framework", framework->words, framework->others,
                                     framework->case_id, framework->active);
    line.cells[SHEET_LANGUAGE] = framework->language;
    line.cells[SHEET_PUBLISHER] = framework->publisher;
    line.cells[SHEET_LICENCE] = framework->licence;
    write_line(&out, &line);
    for (int32_t d = 0; d < framework->n_domains; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        line = line_of("domain", domain->words, domain->others, domain->case_id, true);
        write_line(&out, &line);
        for (int32_t s = 0; s < domain->n_skills; s++) {
            write_skill(&out, &domain->skills[s]);
        }
    }
}
