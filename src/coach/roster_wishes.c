/* needs.csv and offers.csv: who wants to learn what, who would help with what. */
#include "base/arena.h"
#include "coach/roster_build.h"

#include <inttypes.h>

enum { PERSON, SKILL, PRIORITY };

static const struct roster_heading headings[] = {
    {"person", true, NULL},
    {"skill", true, NULL},
    {"priority", false, NULL},
    {NULL, false, NULL},
};

struct wishes {
    struct roster_build *build;
    struct roster_table table;
    struct list rows;     /* struct roster_wish */
    struct list lines;    /* uint64_t */
    struct intern *pairs; /* person and skill, beside rows */
    struct roster_recent person, skill;
    uint64_t copies, copy_line;
};

/* One wish for each person and skill; the same again is left out, another priority is a problem. */
static enum err wishes_keep(struct wishes *wishes, const struct roster_wish *wish)
{
    struct roster_table *table = &wishes->table;
    int32_t key[2] = {wish->person, wish->skill}, id = 0;
    bool fresh;
    enum err err =
        intern_add(wishes->pairs, (struct str){(const char *)key, sizeof key}, &id, &fresh);
    if (err == ERR_LIMIT) {
        table->broken = true;
        return roster_problems_add(table->problems, table->file, table->row.line, 0, "", str_of(""),
                                   "", "there are more than %d rows", ROSTER_MAX_WISHES);
    }
    if (err) {
        return err;
    }
    if (fresh) {
        return list_add(&wishes->rows, wish) && list_add(&wishes->lines, &table->row.line)
                   ? ERR_OK
                   : ERR_NOMEM;
    }
    const struct roster_wish *first = (const struct roster_wish *)wishes->rows.items + id;
    if (first->priority != wish->priority) {
        return roster_table_bad(table, SKILL, "delete one of the two rows",
                                "line %" PRIu64
                                " names the same person and skill with another priority",
                                ((const uint64_t *)wishes->lines.items)[id]);
    }
    wishes->copy_line = wishes->copies++ ? wishes->copy_line : table->row.line;
    return ERR_OK;
}

static enum err wishes_row(struct wishes *wishes)
{
    struct roster_table *table = &wishes->table;
    struct roster_wish wish = {.priority = 1};
    int64_t priority = 1;
    enum err err = roster_build_person(wishes->build, table, PERSON, &wishes->person, &wish.person);
    err = err ? err : roster_build_skill(wishes->build, table, SKILL, &wishes->skill, &wish.skill);
    err = err ? err
              : roster_build_number(table, PRIORITY, 1, ROSTER_MAX_PRIORITY,
                                    "1 comes first; empty means 1", &priority);
    wish.priority = (int32_t)priority;
    if (err || wish.person == ROSTER_NONE || wish.skill == ROSTER_NONE) {
        return err;
    }
    return wishes_keep(wishes, &wish);
}

static enum err wishes_notes(struct wishes *wishes)
{
    struct roster_table *table = &wishes->table;
    enum err err = roster_table_note_unused(table);
    if (!err && !table->broken && table->n_rows == 0) {
        err = roster_problems_note(table->problems, table->file, 0, 0, "The file has no rows.");
    }
    if (!err && wishes->copies > 0) {
        err = roster_problems_note(table->problems, table->file, wishes->copy_line, wishes->copies,
                                   "%" PRIu64 " %s left out.", wishes->copies,
                                   wishes->copies == 1 ? "row that repeats an earlier one was"
                                                       : "rows that repeat an earlier one were");
    }
    return err;
}

static enum err wishes_read(struct roster_build *build, struct csv_source source, const char *file,
                            struct roster_wish **rows, size_t *n)
{
    struct wishes *wishes = arena_alloc(build->work, 1, sizeof *wishes);
    if (!wishes) {
        return ERR_NOMEM;
    }
    wishes->build = build;
    list_init(&wishes->rows, build->arena, sizeof(struct roster_wish), ROSTER_MAX_WISHES);
    list_init(&wishes->lines, build->work, sizeof(uint64_t), ROSTER_MAX_WISHES);
    struct roster_table *table = &wishes->table;
    enum err err = roster_table_open(table, build->work, source, file, headings, build->problems);
    if (!err) {
        wishes->pairs = intern_new(build->work, ROSTER_MAX_WISHES);
        err = wishes->pairs ? ERR_OK : ERR_NOMEM;
    }
    while (!err && !(err = roster_table_next(table))) {
        err = wishes_row(wishes);
    }
    if (err == ERR_NOT_FOUND) {
        *rows = wishes->rows.items;
        *n = wishes->rows.n;
        err = wishes_notes(wishes);
    }
    roster_table_close(table);
    return err;
}

enum err roster_read_needs(struct roster_build *build, struct csv_source source, const char *file)
{
    struct roster *roster = build->roster;
    roster->has_needs = true;
    return wishes_read(build, source, file, &roster->needs, &roster->n_needs);
}

enum err roster_read_offers(struct roster_build *build, struct csv_source source, const char *file)
{
    struct roster *roster = build->roster;
    roster->has_offers = true;
    return wishes_read(build, source, file, &roster->offers, &roster->n_offers);
}
