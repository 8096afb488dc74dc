/* Reading a framework from a sheet; see framework_csv.h. */
#include "coach/framework_csv.h"

#include "base/arena.h"
#include "base/catalog.h"
#include "coach/framework_build.h"
#include "coach/framework_sheet.h"
#include "coach/roster_cell.h"

#include <inttypes.h>

static const char *const kinds[] = {
    "framework", "domain",  "skill",       "level", "task",  /* English */
    "marco",     "dominio", "competencia", "nivel", "tarea", /* Spanish */
    "marco",     "dominio", "habilidad",   "nivel", "tarea", NULL};
enum { KIND_FRAMEWORK, KIND_DOMAIN, KIND_SKILL, KIND_LEVEL, KIND_TASK, KIND__MAX };

/* A complaint that a limit was reached ends the reading: everything after would complain alike. */
static enum err sheet_full(struct framework_sheet *sheet, int heading, bool domains, int most)
{
    sheet->table.broken = true;
    return framework_sheet_bad(
        sheet, heading, "",
        domains ? N_("there are more than %d domains") : N_("there are more than %d skills"), most);
}

static enum err sheet_framework(struct framework_sheet *sheet)
{
    struct framework *f = sheet->build.framework;
    if (sheet->has_framework || sheet->build.domains.n > 0) {
        return framework_sheet_bad(sheet, SHEET_KIND, N_("delete all framework rows but the first"),
                                   N_("the framework stands in one row, above all others"));
    }
    sheet->has_framework = true;
    enum err err = framework_sheet_words(sheet, true, &f->words, &f->others);
    err = err ? err : framework_sheet_text(sheet, SHEET_ID, FRAMEWORK_MAX_CODE, &f->case_id);
    err =
        err ? err : framework_sheet_text(sheet, SHEET_PUBLISHER, FRAMEWORK_MAX_NAME, &f->publisher);
    err = err ? err : framework_sheet_text(sheet, SHEET_LICENCE, FRAMEWORK_MAX_NAME, &f->licence);
    err = err ? err : framework_sheet_language(sheet, &f->language);
    err = err ? err : framework_sheet_active(sheet, &f->active);
    return err;
}

/* The domain of that name, a new one if it is new. */
static enum err sheet_domain_named(struct framework_sheet *sheet, struct str name, int32_t *domain)
{
    for (size_t k = 0; k < sheet->build.domains.n; k++) {
        const struct framework_domain *d = framework_build_domain_at(&sheet->build, (int32_t)k);
        if (str_equal(d->words.name, name)) {
            *domain = (int32_t)k;
            return ERR_OK;
        }
    }
    enum err err = framework_build_domain(&sheet->build, domain);
    if (!err) {
        framework_build_domain_at(&sheet->build, *domain)->words.name = name;
    }
    return err;
}

static enum err sheet_domain(struct framework_sheet *sheet)
{
    int32_t at;
    enum err err = framework_build_domain(&sheet->build, &at);
    if (err == ERR_LIMIT) {
        return sheet_full(sheet, SHEET_KIND, true, FRAMEWORK_MAX_DOMAINS);
    }
    if (err) {
        return err;
    }
    struct framework_domain *domain = framework_build_domain_at(&sheet->build, at);
    sheet->domain = at;
    sheet->skill = -1;
    bool named = framework_sheet_cell(sheet, SHEET_DESCRIPTION).n > 0;
    err = framework_sheet_words(sheet, named, &domain->words, &domain->others);
    return err ? err : framework_sheet_id(sheet, &domain->case_id);
}

/* Where the row's skill belongs: the domain it names, else the one above, else one without name. */
static enum err sheet_place(struct framework_sheet *sheet)
{
    struct str name;
    enum err err = framework_sheet_text(sheet, SHEET_DOMAIN, FRAMEWORK_MAX_NAME, &name);
    if (!err && (name.n > 0 || sheet->domain < 0)) {
        err = sheet_domain_named(sheet, name, &sheet->domain);
    }
    return err == ERR_LIMIT ? sheet_full(sheet, SHEET_DOMAIN, true, FRAMEWORK_MAX_DOMAINS) : err;
}

static enum err sheet_code(struct framework_sheet *sheet, struct str name)
{
    struct str code;
    enum err err = framework_sheet_text(sheet, SHEET_CODE, FRAMEWORK_MAX_CODE, &code);
    err = err ? err : framework_build_code(&sheet->build, sheet->skill, code, name, code.n == 0);
    if (err == ERR_CONFLICT) {
        return framework_sheet_bad(sheet, SHEET_CODE, N_("each skill has a code of its own"),
                                   N_("this code was already used"));
    }
    if (err == ERR_RANGE) {
        return framework_sheet_bad(sheet, SHEET_CODE, "", N_("code may have at most %d bytes"),
                                   FRAMEWORK_MAX_CODE);
    }
    return err;
}

static enum err sheet_skill(struct framework_sheet *sheet)
{
    int64_t levels = 0;
    enum err err = sheet_place(sheet);
    if (err || sheet->table.broken) {
        return err;
    }
    err = framework_build_skill(&sheet->build, sheet->domain, &sheet->skill);
    if (err == ERR_LIMIT) {
        return sheet_full(sheet, SHEET_NAME, false, FRAMEWORK_MAX_SKILLS);
    }
    if (err || !list_add(&sheet->lines, &sheet->table.row.line)) {
        return err ? err : ERR_NOMEM;
    }
    struct framework_skill *skill = framework_build_skill_at(&sheet->build, sheet->skill);
    err = framework_sheet_words(sheet, true, &skill->words, &skill->others);
    err = err ? err : sheet_code(sheet, skill->words.name);
    err = err ? err : framework_sheet_id(sheet, &skill->case_id);
    err = err ? err : framework_sheet_active(sheet, &skill->active);
    err = err ? err
              : framework_sheet_number(
                    sheet, SHEET_LEVELS, 2, FRAMEWORK_MAX_LEVELS,
                    N_("levels is how many levels the rubric has; empty means 4"), &levels);
    skill->n_levels = (int32_t)levels;
    return err;
}

/* The skill that a level or task belongs to: the one with its code, else the one above. */
static enum err sheet_owner(struct framework_sheet *sheet, bool *found)
{
    struct str code = framework_sheet_cell(sheet, SHEET_CODE), clean;
    *found = sheet->skill >= 0;
    if (code.n == 0) {
        return *found ? ERR_OK
                      : framework_sheet_bad(sheet, SHEET_KIND,
                                            N_("put the row below its skill, or name its code"),
                                            N_("there is no skill above this row"));
    }
    enum err err = framework_sheet_text(sheet, SHEET_CODE, FRAMEWORK_MAX_CODE, &clean);
    int32_t k = err ? -1 : intern_find(sheet->build.codes, clean);
    *found = k >= 0;
    if (err || !*found) {
        return err ? err
                   : framework_sheet_bad(sheet, SHEET_CODE, N_("skills stand above their levels"),
                                         N_("there is no skill of this code above"));
    }
    for (size_t s = 0; s < sheet->build.skills.n; s++) {
        if (str_equal(framework_build_skill_at(&sheet->build, (int32_t)s)->code, clean)) {
            sheet->skill = (int32_t)s;
        }
    }
    return ERR_OK;
}

static enum err sheet_level(struct framework_sheet *sheet)
{
    struct framework_level *level;
    bool found;
    enum err err = sheet_owner(sheet, &found);
    if (err || !found) {
        return err;
    }
    err = framework_build_level(&sheet->build, sheet->skill, &level);
    if (err == ERR_LIMIT) {
        return framework_sheet_bad(sheet, SHEET_KIND, "", N_("a skill has at most %d levels"),
                                   FRAMEWORK_MAX_LEVELS);
    }
    if (err) {
        return err;
    }
    int64_t number = level->level;
    err = framework_sheet_number(sheet, SHEET_LEVEL, 1, FRAMEWORK_MAX_LEVELS,
                                 N_("the lowest level is 1"), &number);
    level->level = (int32_t)number;
    return err ? err : framework_sheet_words(sheet, false, &level->words, &level->others);
}

static enum err sheet_task(struct framework_sheet *sheet)
{
    struct framework_task *task;
    bool found;
    enum err err = sheet_owner(sheet, &found);
    if (err || !found) {
        return err;
    }
    err = framework_build_task(&sheet->build, sheet->skill, &task);
    if (err == ERR_LIMIT) {
        return framework_sheet_bad(sheet, SHEET_KIND, "", N_("a skill has at most %d tasks"),
                                   FRAMEWORK_MAX_TASKS);
    }
    err = err ? err : framework_sheet_words(sheet, true, &task->words, &task->others);
    err = err ? err : framework_sheet_id(sheet, &task->case_id);
    err = err ? err : framework_sheet_active(sheet, &task->active);
    struct str cell = framework_sheet_cell(sheet, SHEET_DIFFICULTY);
    if (err || cell.n == 0) {
        return err;
    }
    task->has_difficulty = true;
    if (roster_cell_decimal(cell, &task->difficulty) == ROSTER_NUMBER_BAD ||
        task->difficulty > FRAMEWORK_MAX_DIFFICULTY ||
        task->difficulty < -FRAMEWORK_MAX_DIFFICULTY) {
        return framework_sheet_bad(
            sheet, SHEET_DIFFICULTY,
            N_("0 is as hard as the middle of an average skill's levels, 1 harder, -1 easier"),
            N_("difficulty must be a number from -10 to 10"));
    }
    task->difficulty = framework_build_difficulty(task->difficulty);
    return ERR_OK;
}

/* Texts of levels in columns of their own; the last one that is filled says how many there are. */
static enum err sheet_wide_levels(struct framework_sheet *sheet)
{
    int last = 0;
    for (int k = 0; k < FRAMEWORK_MAX_LEVELS; k++) {
        int32_t field = sheet->level_at[k];
        last = field >= 0 && roster_table_field(&sheet->table, field).n > 0 ? k + 1 : last;
    }
    enum err err = ERR_OK;
    for (int k = 0; k < last && !err; k++) {
        struct framework_level *level;
        err = framework_build_level(&sheet->build, sheet->skill, &level);
        if (!err) {
            level->words.name = sheet->level_names[k];
            err = framework_sheet_field(sheet, sheet->level_at[k], FRAMEWORK_MAX_TEXT, true,
                                        &level->words.description);
        }
    }
    return err;
}

static enum err sheet_row(struct framework_sheet *sheet)
{
    static enum err (*const readers[KIND__MAX])(struct framework_sheet * sheet) = {
        [KIND_FRAMEWORK] = sheet_framework, [KIND_DOMAIN] = sheet_domain,
        [KIND_SKILL] = sheet_skill,         [KIND_LEVEL] = sheet_level,
        [KIND_TASK] = sheet_task,
    };
    if (sheet->table.n_rows > FRAMEWORK_CSV_ROWS) {
        sheet->table.broken = true;
        return roster_problems_add(sheet->table.problems, sheet->table.file, sheet->table.row.line,
                                   0, "", str_of(""), "", N_("there are more than %d rows"),
                                   FRAMEWORK_CSV_ROWS);
    }
    if (!roster_table_has(&sheet->table, SHEET_KIND)) {
        enum err err = sheet_skill(sheet);
        return err || sheet->skill < 0 ? err : sheet_wide_levels(sheet);
    }
    int kind = roster_cell_word(roster_table_cell(&sheet->table, SHEET_KIND), kinds);
    if (kind < 0) {
        return framework_sheet_bad(sheet, SHEET_KIND, "",
                                   N_("kind must be framework, domain, skill, level or task"));
    }
    return readers[kind % KIND__MAX](sheet);
}

static enum err sheet_end(struct framework_sheet *sheet)
{
    int32_t skill = -1;
    enum err err = framework_sheet_notes(sheet);
    if (!err && !sheet->table.broken && sheet->build.skills.n == 0) {
        return roster_problems_add(sheet->table.problems, sheet->table.file, 0, 0, "", str_of(""),
                                   "", N_("there is no skill in this file"));
    }
    if (err || sheet->table.problems->total > 0) {
        return err;
    }
    err = framework_build_end(&sheet->build, &skill);
    if (err != ERR_CONFLICT) {
        return err;
    }
    const struct framework_skill *owner = framework_build_skill_at(&sheet->build, skill);
    return roster_problems_add(
        sheet->table.problems, sheet->table.file, ((const uint64_t *)sheet->lines.items)[skill], 0,
        "", owner->code, N_("number them 1, 2, 3 without a gap; there are at least 2"),
        N_("the levels of the skill \"%.80s\" are not complete"), owner->code.p);
}

enum err framework_csv_read(struct arena *arena, struct csv_source source, const char *file,
                            struct roster_problems *problems, struct framework **framework)
{
    struct arena *own = arena_child(arena), *work = arena_child(arena);
    struct framework_sheet *sheet = work ? arena_alloc(work, 1, sizeof *sheet) : NULL;
    uint64_t before = problems->total;
    enum err err = ERR_NOMEM;
    if (!own || !sheet) {
        goto out;
    }
    err = framework_sheet_open(sheet, own, work, source, file, problems);
    while (!err && !sheet->table.broken && !(err = roster_table_next(&sheet->table))) {
        err = sheet_row(sheet);
    }
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    err = err ? err : sheet_end(sheet);
    roster_table_close(&sheet->table);
    if (!err && problems->total > before) {
        err = ERR_INVALID;
    }
    if (!err) {
        *framework = sheet->build.framework;
    }
out:
    arena_free(work);
    if (err) {
        arena_free(own);
    }
    return err;
}
