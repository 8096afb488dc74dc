/* rules.csv: who may not, who must, and what partners must have in common. */
#include "base/arena.h"
#include "coach/roster_build.h"
#include "coach/roster_cell.h"

#include <inttypes.h>
#include <stdio.h>

enum { RULE, PERSON, OTHER, SKILL, COLUMN };

static const struct roster_heading headings[] = {
    {"rule", true, NULL},   {"person", false, NULL}, {"other", false, NULL},
    {"skill", false, NULL}, {"column", false, NULL}, {NULL, false, NULL},
};

/* Which cells a rule uses: 1 must be there, 0 may be, -1 must be empty. */
static const struct {
    const char *word;
    int8_t person, other, skill, column;
} kinds[ROSTER_RULE__MAX] = {
    [ROSTER_NEVER] = {"never", 1, 1, -1, -1},         [ROSTER_MUST] = {"must", 1, 1, 0, -1},
    [ROSTER_EVALUATOR] = {"evaluator", 1, 1, -1, -1}, [ROSTER_KEEP] = {"keep", 1, 1, 0, -1},
    [ROSTER_SAME] = {"same", -1, -1, -1, 1},          [ROSTER_SHARED] = {"shared", -1, -1, -1, 1},
};

static const char *const shared[] = {"languages", "free_periods", NULL};

/* What has been said of two people. */
struct pair {
    uint64_t apart, together; /* lines; 0: not said */
};

struct rules {
    struct roster_build *build;
    struct roster_table table;
    struct list rows;     /* struct roster_rule */
    struct intern *known; /* rules, to find copies */
    struct intern *couples;
    struct list pairs; /* struct pair, beside couples */
    struct roster_recent person, other, skill;
    uint64_t copies, copy_line;
};

static enum err rules_kind(struct rules *rules, enum roster_rule_kind *kind)
{
    struct str cell = roster_table_cell(&rules->table, RULE);
    for (int k = 0; k < ROSTER_RULE__MAX; k++) {
        const char *const word[] = {kinds[k].word, NULL};
        if (roster_cell_word(cell, word) == 0) {
            *kind = (enum roster_rule_kind)k;
            return ERR_OK;
        }
    }
    *kind = ROSTER_RULE__MAX;
    return roster_table_bad(&rules->table, RULE, "",
                            "rule must be never, must, evaluator, keep, same or shared");
}

/* Checks that the cells the rule uses are there and the others empty. */
static enum err rules_cells(struct rules *rules, enum roster_rule_kind kind)
{
    struct roster_table *table = &rules->table;
    const int8_t use[] = {[PERSON] = kinds[kind].person,
                          [OTHER] = kinds[kind].other,
                          [SKILL] = kinds[kind].skill,
                          [COLUMN] = kinds[kind].column};
    enum err err = ERR_OK;
    for (int heading = PERSON; heading <= COLUMN && !err; heading++) {
        bool filled = roster_table_cell(table, heading).n > 0;
        if (use[heading] > 0 && !filled) {
            int place = roster_table_has(table, heading) ? heading : RULE;
            err = roster_table_bad(table, place, "", "the rule \"%s\" needs %s%s", kinds[kind].word,
                                   heading == COLUMN ? "a " : "", headings[heading].name);
        } else if (use[heading] < 0 && filled) {
            err = roster_table_bad(table, heading, "leave this cell empty",
                                   "the rule \"%s\" does not use %s", kinds[kind].word,
                                   headings[heading].name);
        }
    }
    return err;
}

/* The names of the columns that people have, for a hint. */
static void rules_list_columns(const struct roster *roster, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "the people file has");
    if (roster->n_columns == 0) {
        snprintf(out + n, size - n, " no further columns");
    }
    for (int32_t k = 0; k < roster->n_columns && n < size / 2; k++) {
        n += (size_t)snprintf(out + n, size - n, "%s %.60s", k ? "," : "",
                              roster->columns[k].name.p);
    }
}

static enum err rules_column(struct rules *rules, struct roster_rule *rule)
{
    struct roster_table *table = &rules->table;
    const struct roster *roster = rules->build->roster;
    struct str cell = roster_table_cell(table, COLUMN);
    char folded[UTF8_MAX_FORM], hint[512];
    int word = roster_cell_word(roster_table_fold(cell, folded), shared);
    if (rule->kind == ROSTER_SHARED) {
        rule->column = word;
        return word >= 0 ? ERR_OK
                         : roster_table_bad(table, COLUMN, "for other columns use the rule same",
                                            "column must be languages or free_periods");
    }
    if (word >= 0) {
        return roster_table_bad(table, COLUMN, "use the rule shared",
                                "a person can have several %s, so they are not the same but shared",
                                word == 0 ? "languages" : "free periods");
    }
    rule->column = roster_find_column(roster, cell);
    if (rule->column != ROSTER_NONE || rules->build->people_incomplete) {
        return ERR_OK;
    }
    rules_list_columns(roster, hint, sizeof hint);
    return roster_table_bad(table, COLUMN, hint, "there is no such column in the people file");
}

/* Two people cannot be kept apart and be partners. */
static enum err rules_conflict(struct rules *rules, const struct roster_rule *rule)
{
    int32_t low = rule->person < rule->other ? rule->person : rule->other;
    int32_t key[2] = {low, rule->person ^ rule->other ^ low}, id = 0;
    bool fresh;
    enum err err =
        intern_add(rules->couples, (struct str){(const char *)key, sizeof key}, &id, &fresh);
    if (!err && fresh && !list_push(&rules->pairs)) {
        err = ERR_NOMEM;
    }
    if (err) {
        return err;
    }
    struct pair *pair = (struct pair *)rules->pairs.items + id;
    bool apart = rule->kind == ROSTER_NEVER || rule->kind == ROSTER_EVALUATOR;
    uint64_t against = apart ? pair->together : pair->apart;
    if (apart) {
        pair->apart = pair->apart ? pair->apart : rule->line;
    } else {
        pair->together = pair->together ? pair->together : rule->line;
    }
    if (against == 0) {
        return ERR_OK;
    }
    return roster_table_bad(&rules->table, RULE, "delete one of the two",
                            "this contradicts line %" PRIu64 ", which says that the two %s",
                            against, apart ? "are partners" : "never work together");
}

static enum err rules_people(struct rules *rules, struct roster_rule *rule)
{
    struct roster_table *table = &rules->table;
    enum err err = roster_build_person(rules->build, table, PERSON, &rules->person, &rule->person);
    err = err ? err : roster_build_person(rules->build, table, OTHER, &rules->other, &rule->other);
    err = err ? err : roster_build_skill(rules->build, table, SKILL, &rules->skill, &rule->skill);
    if (err || rule->person == ROSTER_NONE || rule->other == ROSTER_NONE) {
        return err;
    }
    if (rule->person == rule->other) {
        return roster_table_bad(table, OTHER, "", "person and other are the same person");
    }
    return rules_conflict(rules, rule);
}

static enum err rules_keep(struct rules *rules, const struct roster_rule *rule)
{
    struct roster_table *table = &rules->table;
    int32_t key[5] = {(int32_t)rule->kind, rule->person, rule->other, rule->skill, rule->column};
    int32_t id;
    bool fresh;
    enum err err =
        intern_add(rules->known, (struct str){(const char *)key, sizeof key}, &id, &fresh);
    if (err == ERR_LIMIT) {
        table->broken = true;
        return roster_problems_add(table->problems, table->file, table->row.line, 0, "", str_of(""),
                                   "", "there are more than %d rules", ROSTER_MAX_RULES);
    }
    if (err) {
        return err;
    }
    if (!fresh) {
        rules->copy_line = rules->copies++ ? rules->copy_line : rule->line;
        return ERR_OK;
    }
    return list_add(&rules->rows, rule) ? ERR_OK : ERR_NOMEM;
}

static enum err rules_row(struct rules *rules)
{
    struct roster_rule rule = {.person = ROSTER_NONE,
                               .other = ROSTER_NONE,
                               .skill = ROSTER_NONE,
                               .column = ROSTER_NONE,
                               .line = rules->table.row.line};
    enum err err = rules_kind(rules, &rule.kind);
    if (err || rule.kind == ROSTER_RULE__MAX) {
        return err;
    }
    err = rules_cells(rules, rule.kind);
    if (err || rules->table.row_problems > 0) {
        return err;
    }
    err = kinds[rule.kind].column > 0 ? rules_column(rules, &rule) : rules_people(rules, &rule);
    if (err || rules->table.row_problems > 0) {
        return err;
    }
    return rules_keep(rules, &rule);
}

static enum err rules_notes(struct rules *rules)
{
    struct roster_table *table = &rules->table;
    enum err err = roster_table_note_unused(table);
    if (!err && !table->broken && table->n_rows == 0) {
        err = roster_problems_note(table->problems, table->file, 0, 0, "The file has no rows.");
    }
    if (!err && rules->copies > 0) {
        err = roster_problems_note(table->problems, table->file, rules->copy_line, rules->copies,
                                   "%" PRIu64 " %s left out.", rules->copies,
                                   rules->copies == 1 ? "row that repeats an earlier one was"
                                                      : "rows that repeat an earlier one were");
    }
    const struct roster_rule *rows = rules->rows.items;
    const struct roster *roster = rules->build->roster;
    for (size_t k = 0; k < rules->rows.n && !err; k++) {
        uint64_t without = 0;
        for (int32_t i = 0; rows[k].kind == ROSTER_SAME && i < roster->n_people; i++) {
            size_t at = (size_t)i * (size_t)roster->n_columns + (size_t)rows[k].column;
            without += roster->values[at] == ROSTER_NONE;
        }
        if (without > 0) {
            err = roster_problems_note(table->problems, table->file, rows[k].line, without,
                                       "%" PRIu64 " %s no value in the column \"%s\" and can have "
                                       "no partner under the rule \"same\".",
                                       without, without == 1 ? "person has" : "people have",
                                       roster->columns[rows[k].column].name.p);
        }
    }
    return err;
}

static enum err rules_end(struct rules *rules)
{
    rules->build->roster->rules = rules->rows.items;
    rules->build->roster->n_rules = rules->rows.n;
    /* Notes of an incomplete roster would mislead. */
    return rules->build->problems->total > 0 ? ERR_OK : rules_notes(rules);
}

enum err roster_read_rules(struct roster_build *build, struct csv_source source, const char *file)
{
    struct rules *rules = arena_alloc(build->work, 1, sizeof *rules);
    if (!rules) {
        return ERR_NOMEM;
    }
    rules->build = build;
    list_init(&rules->rows, build->arena, sizeof(struct roster_rule), ROSTER_MAX_RULES);
    list_init(&rules->pairs, build->work, sizeof(struct pair), INTERN_MAX);
    struct roster_table *table = &rules->table;
    enum err err = roster_table_open(table, build->work, source, file, headings, build->problems);
    if (!err) {
        rules->known = intern_new(build->work, ROSTER_MAX_RULES);
        rules->couples = intern_new(build->work, INTERN_MAX);
        err = rules->known && rules->couples ? ERR_OK : ERR_NOMEM;
    }
    while (!err && !(err = roster_table_next(table))) {
        err = rules_row(rules);
    }
    if (err == ERR_NOT_FOUND) {
        err = rules_end(rules);
    }
    roster_table_close(table);
    return err;
}
