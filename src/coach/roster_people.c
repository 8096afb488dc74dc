/* people.csv: who takes part. */
#include "base/arena.h"
#include "coach/roster_build.h"
#include "coach/roster_cell.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { ID, NAME, MAX_HELPS, MAX_LEARNS, LANGUAGES, FREE_PERIODS };

static const struct roster_heading headings[] = {
    {"id", true, "name"},        {"name", false, NULL},      {"max_helps", false, NULL},
    {"max_learns", false, NULL}, {"languages", false, NULL}, {"free_periods", false, NULL},
    {NULL, false, NULL},
};

/* The file being read. */
struct people {
    struct roster_build *build;
    struct roster_table table;
    struct list rows;           /* struct roster_person */
    struct list lines;          /* uint64_t: where each person stands */
    struct list values;         /* int32_t: further columns, person-major */
    struct list columns;        /* int32_t: the fields that are further columns */
    struct roster_names *names; /* one for each further column */
    struct roster_names languages, periods;
    uint64_t *too_long;           /* values too long to keep, by further column */
    uint64_t n_split, split_line; /* cells such as "Mon 3", and the first */
};

static enum err people_begin(struct people *people)
{
    struct roster_build *build = people->build;
    list_init(&people->rows, build->arena, sizeof(struct roster_person), ROSTER_MAX_PEOPLE);
    list_init(&people->lines, build->work, sizeof(uint64_t), ROSTER_MAX_PEOPLE);
    list_init(&people->values, build->arena, sizeof(int32_t), SIZE_MAX);
    list_init(&people->columns, build->work, sizeof(int32_t), CSV_MAX_CELLS);
    for (int32_t i = 0; i < people->table.n_names; i++) {
        if (!roster_table_is_further(&people->table, i)) {
            continue;
        }
        if (people->columns.n == ROSTER_MAX_COLUMNS) {
            people->table.broken = true;
            return roster_table_bad_field(
                &people->table, i, "delete the columns that are not needed",
                "there are more than %d further columns", ROSTER_MAX_COLUMNS);
        }
        if (!list_add(&people->columns, &i)) {
            return ERR_NOMEM;
        }
    }
    size_t n = people->columns.n;
    people->names = arena_alloc(build->work, n, sizeof *people->names);
    people->too_long = arena_alloc(build->work, n, sizeof *people->too_long);
    if (!people->names || !people->too_long) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < n; k++) {
        if (roster_names_init(&people->names[k], build->arena, ROSTER_MAX_PEOPLE)) {
            return ERR_NOMEM;
        }
    }
    enum err err = roster_names_init(&people->languages, build->arena, ROSTER_MAX_LANGUAGES);
    return err ? err : roster_names_init(&people->periods, build->arena, ROSTER_MAX_PERIODS);
}

/* A further column that looks like a misspelt one of ours. */
static enum err people_note_alike(struct people *people)
{
    struct roster_table *table = &people->table;
    const int32_t *fields = people->columns.items;
    enum err err = ERR_OK;
    for (size_t k = 0; k < people->columns.n && !err; k++) {
        struct str name = table->names[fields[k]];
        const char *like = roster_table_like(table, name);
        if (like) {
            err = roster_problems_note(table->problems, table->file, table->header_line, 1,
                                       "The column \"%s\" was kept as a further column; is \"%s\" "
                                       "meant?",
                                       name.p, like);
        }
    }
    return err;
}

static enum err people_set(struct people *people, int heading, struct roster_names *names,
                           int32_t max, uint64_t *bits)
{
    struct str cell = roster_table_cell(&people->table, heading), value;
    struct roster_cell_list list = roster_cell_list(cell);
    if (roster_cell_splits_number(cell) && people->n_split++ == 0) {
        people->split_line = people->table.row.line;
    }
    while (roster_cell_next_value(&list, &value)) {
        int32_t bit = 0;
        enum err err = roster_names_add(names, people->build->arena, value, &bit);
        if (err == ERR_LIMIT || err == ERR_RANGE) {
            return err == ERR_RANGE
                       ? roster_table_bad(&people->table, heading, "",
                                          "a value may have at most %d bytes", ROSTER_MAX_ID)
                       : roster_table_bad(&people->table, heading,
                                          "several values in one cell are separated by ; or, where "
                                          "there is none, by "
                                          "spaces",
                                          "there are more than %d different values in this column",
                                          (int)max);
        }
        if (err) {
            return err;
        }
        bits[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
    return ERR_OK;
}

static enum err people_further(struct people *people)
{
    const int32_t *fields = people->columns.items;
    for (size_t k = 0; k < people->columns.n; k++) {
        struct str cell = roster_table_field(&people->table, fields[k]);
        int32_t value = ROSTER_NONE;
        if (cell.n > 0) {
            enum err err = roster_names_add(&people->names[k], people->build->arena, cell, &value);
            if (err == ERR_RANGE) {
                people->too_long[k]++;
            } else if (err) {
                return err;
            }
        }
        if (!list_add(&people->values, &value)) {
            return ERR_NOMEM;
        }
    }
    return ERR_OK;
}

/* The name as written, in NFC and the roster's memory; the id where there is none. */
static enum err people_name(struct people *people, struct roster_person *person)
{
    struct str name;
    enum err err = roster_table_id(&people->table, NAME, &name);
    if (err || name.n == 0) {
        person->name = person->id;
        return err;
    }
    person->name = (struct str){arena_text(people->build->arena, name.p, name.n), name.n};
    return person->name.p ? ERR_OK : ERR_NOMEM;
}

/* The person's id and place; *fresh false: a problem was added, the row is not kept. */
static enum err people_id(struct people *people, struct roster_person *person, bool *fresh)
{
    struct roster_table *table = &people->table;
    struct str id;
    int32_t k = 0;
    *fresh = false;
    enum err err = roster_table_id(table, ID, &id);
    if (err || id.n == 0) {
        table->n_skipped++;
        return err;
    }
    err = intern_add(people->build->people, id, &k, fresh);
    if (err == ERR_LIMIT) {
        table->broken = true;
        return roster_table_bad(table, ID, "", "there are more than %d people", ROSTER_MAX_PEOPLE);
    }
    if (err) {
        return err;
    }
    if (!*fresh) {
        const uint64_t *lines = people->lines.items;
        return roster_table_bad(table, ID, "each person stands in one row; delete or rename one",
                                "this id was already used in line %" PRIu64, lines[k]);
    }
    person->id = intern_text(people->build->people, k);
    return list_add(&people->lines, &table->row.line) ? ERR_OK : ERR_NOMEM;
}

static enum err people_row(struct people *people)
{
    struct roster_table *table = &people->table;
    struct roster_person person = {.max_helps = ROSTER_UNLIMITED, .max_learns = ROSTER_UNLIMITED};
    bool fresh;
    enum err err = people_id(people, &person, &fresh);
    if (err || !fresh) {
        return err;
    }
    int64_t helps = ROSTER_UNLIMITED, learns = ROSTER_UNLIMITED;
    const char *hint = "leave it empty where it is not limited";
    err = people_name(people, &person);
    err = err ? err : roster_build_number(table, MAX_HELPS, 0, ROSTER_MAX_PARTNERS, hint, &helps);
    err = err ? err : roster_build_number(table, MAX_LEARNS, 0, ROSTER_MAX_PARTNERS, hint, &learns);
    err = err ? err
              : people_set(people, LANGUAGES, &people->languages, ROSTER_MAX_LANGUAGES,
                           &person.languages);
    err = err ? err
              : people_set(people, FREE_PERIODS, &people->periods, ROSTER_MAX_PERIODS,
                           person.free_periods);
    err = err ? err : people_further(people);
    person.max_helps = (int32_t)helps;
    person.max_learns = (int32_t)learns;
    err =
        err ? err
            : roster_naming_add(&people->build->person_names, person.name, (int32_t)people->rows.n);
    if (!err && !list_add(&people->rows, &person)) {
        err = ERR_NOMEM;
    }
    return err;
}

/* "Mon 3" was perhaps one value and became two. */
static enum err people_note_split(struct people *people)
{
    if (people->n_split == 0) {
        return ERR_OK;
    }
    return roster_problems_note(
        people->table.problems, people->table.file, people->split_line, people->n_split,
        "%" PRIu64 " %s read as two values, \"Mon\" and \"3\". If one "
        "is meant, write Mon3, or put ; between the values.",
        people->n_split,
        people->n_split == 1 ? "cell such as \"Mon 3\" was" : "cells such as \"Mon 3\" were");
}

static enum err people_notes(struct people *people)
{
    struct roster_table *table = &people->table;
    const int32_t *fields = people->columns.items;
    enum err err = people_note_alike(people);
    for (size_t k = 0; k < people->columns.n && !err; k++) {
        if (people->too_long[k] > 0) {
            err =
                roster_problems_note(table->problems, table->file, 0, people->too_long[k],
                                     "%" PRIu64 " values of the column \"%s\" are longer than %d "
                                     "bytes and were taken as empty.",
                                     people->too_long[k], table->names[fields[k]].p, ROSTER_MAX_ID);
        }
    }
    return err ? err : people_note_split(people);
}

/* What people are called in tables: two of one name are told apart by their ids. */
static enum err people_labels(struct people *people)
{
    struct roster_person *rows = people->rows.items;
    for (size_t k = 0; k < people->rows.n; k++) {
        char label[2 * ROSTER_MAX_ID + 8];
        rows[k].label = rows[k].name;
        if (roster_naming_find(&people->build->person_names, rows[k].name) == ROSTER_SEVERAL) {
            int n = snprintf(label, sizeof label, "%s (%s)", rows[k].name.p, rows[k].id.p);
            rows[k].label =
                (struct str){arena_text(people->build->arena, label, (size_t)n), (size_t)n};
            if (!rows[k].label.p) {
                return ERR_NOMEM;
            }
        }
    }
    return ERR_OK;
}

static enum err people_end(struct people *people)
{
    struct roster_build *build = people->build;
    struct roster *roster = build->roster;
    size_t n = people->columns.n;
    const int32_t *fields = people->columns.items;
    roster->people = people->rows.items;
    roster->n_people = (int32_t)people->rows.n;
    roster->values = people->values.items;
    roster->columns = arena_alloc(build->arena, n, sizeof *roster->columns);
    if (!roster->columns) {
        return ERR_NOMEM;
    }
    roster->n_columns = (int32_t)n;
    for (size_t k = 0; k < n; k++) {
        struct str name = people->table.names[fields[k]];
        roster->columns[k] = (struct roster_column){
            .name = {arena_text(build->arena, name.p, name.n), name.n},
            .values = people->names[k].spellings.items,
            .n_values = (int32_t)people->names[k].spellings.n,
        };
        if (!roster->columns[k].name.p) {
            return ERR_NOMEM;
        }
    }
    roster->unit_column = roster_find_column(roster, str_of("unit"));
    roster->languages = people->languages.spellings.items;
    roster->n_languages = (int32_t)people->languages.spellings.n;
    roster->periods = people->periods.spellings.items;
    roster->n_periods = (int32_t)people->periods.spellings.n;
    build->people_incomplete = people->table.broken || people->table.n_skipped > 0;
    enum err err = roster_build_no_rows(&people->table);
    err = err ? err : people_labels(people);
    return err ? err : people_notes(people);
}

enum err roster_read_people(struct roster_build *build, struct csv_source source, const char *file)
{
    struct people *people = arena_alloc(build->work, 1, sizeof *people);
    if (!people) {
        return ERR_NOMEM;
    }
    people->build = build;
    struct roster_table *table = &people->table;
    enum err err = roster_table_open(table, build->work, source, file, headings, build->problems);
    if (!err && !table->broken) {
        err = people_begin(people);
    }
    if (!err && table->broken) {
        build->people_incomplete = true;
        goto out;
    }
    while (!err && !(err = roster_table_next(table))) {
        err = people_row(people);
    }
    if (err == ERR_NOT_FOUND) {
        err = people_end(people);
    }
out:
    roster_table_close(table);
    return err;
}
