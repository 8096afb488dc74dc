/* Reading the rows of a sheet of people; see people_sheet.h. */
#include "coach/people_sheet.h"

#include "base/arena.h"
#include "base/intern.h"
#include "coach/import_cell.h"
#include "coach/people.h"
#include "coach/people_sheet_cell.h"
#include "coach/people_sheet_read.h"
#include "coach/people_sheet_words.h"

#include <inttypes.h>
#include <stdio.h>

#define POSITION_MOST 60 /* characters */

const struct roster_heading people_sheet_headings[PEOPLE_SHEET_FIELD__MAX + 1] = {
    {"nothing", false, NULL},      {"id", false, NULL},        {"given_name", false, NULL},
    {"family_name", false, NULL},  {"name", false, NULL},      {"email", false, NULL},
    {"unit", false, NULL},         {"position", false, NULL},  {"role", false, NULL},
    {"languages", false, NULL},    {"subjects", false, NULL},  {"grades", false, NULL},
    {"free_periods", false, NULL}, {"max_helps", false, NULL}, {"max_learns", false, NULL},
    {"evaluator", false, NULL},    {"active", false, NULL},    {NULL, false, NULL},
};

struct rows {
    struct import_set *set;
    struct roster_table *table;
    struct intern *emails, *names;       /* of rows without an id: who is who */
    struct list email_lines, name_lines; /* uint64_t beside them */
    int32_t person;                      /* of the row being read */
    enum profile_kind kind;              /* of the tag being read */
    bool no_memory;
};

/* Puts the table's headings where the columns are. */
static enum err place_columns(struct roster_table *table, const struct people_sheet *sheet)
{
    for (int k = 0; k < PEOPLE_SHEET_FIELD__MAX; k++) {
        table->at[k] = -1;
    }
    for (int32_t i = 0; i < sheet->n_columns; i++) {
        enum people_sheet_field field = sheet->columns[i].field;
        if (field == PEOPLE_SHEET_NOTHING) {
            continue;
        }
        if (table->at[field] >= 0) {
            table->broken = true;
            return roster_table_bad_field(table, i, N_("choose one of the two"),
                                          N_("columns %d and %d are both taken for \"%s\""),
                                          (int)table->at[field] + 1, (int)i + 1,
                                          people_sheet_field_word(field));
        }
        table->at[field] = i;
    }
    bool names = table->at[PEOPLE_SHEET_NAME] >= 0 || table->at[PEOPLE_SHEET_GIVEN_NAME] >= 0 ||
                 table->at[PEOPLE_SHEET_FAMILY_NAME] >= 0;
    if (names || table->broken) {
        return ERR_OK;
    }
    table->broken = true;
    return roster_problems_add(table->problems, table->file, table->header_line, 0, "", str_of(""),
                               N_("say which column it is; the first line must name the columns"),
                               N_("no column has the names of people"));
}

static enum err row_names(struct rows *rows, struct import_person *person)
{
    struct roster_table *table = rows->table;
    struct import_set *set = rows->set;
    struct str whole, given, family;
    enum err err =
        import_cell_name(set, table, PEOPLE_SHEET_GIVEN_NAME, PEOPLE_NAME, &person->given_name);
    err = err ? err
              : import_cell_name(set, table, PEOPLE_SHEET_FAMILY_NAME, PEOPLE_NAME,
                                 &person->family_name);
    err = err ? err : import_cell_name(set, table, PEOPLE_SHEET_NAME, PEOPLE_NAME, &whole);
    if (err || table->row_problems > 0) {
        return err;
    }
    if (person->given_name.n == 0 && person->family_name.n == 0 && whole.n > 0) {
        people_sheet_cell_name(whole, &given, &family);
        person->given_name = import_set_text(set, given);
        person->family_name = import_set_text(set, family);
        return person->given_name.p && person->family_name.p ? ERR_OK : ERR_NOMEM;
    }
    int heading = table->at[PEOPLE_SHEET_NAME] >= 0         ? PEOPLE_SHEET_NAME
                  : table->at[PEOPLE_SHEET_GIVEN_NAME] >= 0 ? PEOPLE_SHEET_GIVEN_NAME
                                                            : PEOPLE_SHEET_FAMILY_NAME;
    return person->given_name.n + person->family_name.n > 0
               ? ERR_OK
               : roster_table_bad(table, heading, "", N_("every person needs a name"));
}

static enum err row_email(struct rows *rows, struct import_person *person)
{
    struct roster_table *table = rows->table;
    struct str cell = roster_table_cell(table, PEOPLE_SHEET_EMAIL);
    person->email = (struct str){"", 0};
    if (cell.n == 0) {
        return ERR_OK;
    }
    if (!import_cell_is_email(cell)) {
        return roster_table_bad(table, PEOPLE_SHEET_EMAIL, N_("leave it empty where there is none"),
                                N_("this is not an e-mail address"));
    }
    person->email = import_set_text(rows->set, cell);
    return person->email.p ? ERR_OK : ERR_NOMEM;
}

/* Whether the key was in an earlier row; then a problem with the cell says where. */
static enum err row_once(struct rows *rows, struct intern *keys, struct list *lines, struct str key,
                         int heading, const char *hint)
{
    char folded[UTF8_MAX_FORM];
    struct str form;
    int32_t at = 0;
    bool fresh;
    if (key.n == 0 || utf8_fold(key, folded, &form)) {
        return ERR_OK;
    }
    enum err err = intern_add(keys, form, &at, &fresh);
    if (err) {
        return err;
    }
    if (fresh) {
        return list_add(lines, &rows->table->row.line) ? ERR_OK : lines->err;
    }
    return roster_table_bad(rows->table, heading, hint, N_("the same stands in line %llu"),
                            (unsigned long long)((const uint64_t *)lines->items)[at]);
}

/* Makes the person of the row; the id, the address or the name may stand in one row only. */
static enum err row_identity(struct rows *rows, struct import_person *person)
{
    struct roster_table *table = rows->table;
    struct import_set *set = rows->set;
    bool fresh = true;
    enum err err = row_once(rows, rows->emails, &rows->email_lines, person->email,
                            PEOPLE_SHEET_EMAIL, N_("two people cannot have one address"));
    if (!err && person->id.n == 0 && person->email.n == 0) {
        char name[2 * ROSTER_MAX_ID];
        int n = snprintf(name, sizeof name, "%s %s", person->given_name.p, person->family_name.p);
        int heading = table->at[PEOPLE_SHEET_NAME] >= 0         ? PEOPLE_SHEET_NAME
                      : table->at[PEOPLE_SHEET_GIVEN_NAME] >= 0 ? PEOPLE_SHEET_GIVEN_NAME
                                                                : PEOPLE_SHEET_FAMILY_NAME;
        size_t length = n > 0 && (size_t)n < sizeof name ? (size_t)n : sizeof name - 1;
        err = row_once(rows, rows->names, &rows->name_lines, (struct str){name, length}, heading,
                       N_("tell the two apart by an id or an e-mail address"));
    }
    if (err || table->row_problems > 0) {
        return err;
    }
    if (person->id.n == 0) {
        err = import_set_nameless(set, &rows->person);
    } else {
        err = import_set_person(set, person->id, &rows->person, &fresh);
    }
    if (!err && !fresh) {
        return roster_table_bad(
            table, PEOPLE_SHEET_ID, N_("each person stands in one row"),
            N_("this id was already used in line %llu"),
            (unsigned long long)import_set_person_at(set, rows->person)->place.line);
    }
    return err;
}

/* The roles that a cell names: *participant and *coordinator. */
static enum err row_role(struct rows *rows, bool *participant, bool *coordinator)
{
    struct roster_table *table = rows->table;
    struct roster_cell_list words = roster_cell_list(roster_table_cell(table, PEOPLE_SHEET_ROLE));
    struct str word;
    char folded[UTF8_MAX_FORM];
    *participant = *coordinator = false;
    while (roster_cell_next_value(&words, &word)) {
        switch (people_sheet_words_answer(word.n > UTF8_MAX_TEXT ? str_of("")
                                                                 : roster_table_fold(word, folded),
                                          PEOPLE_SHEET_PARTICIPANT, PEOPLE_SHEET_ADMINISTRATOR)) {
        case PEOPLE_SHEET_PARTICIPANT:
            *participant = true;
            break;
        case PEOPLE_SHEET_COORDINATOR:
            *coordinator = true;
            break;
        case PEOPLE_SHEET_ADMINISTRATOR:
            return roster_table_bad(table, PEOPLE_SHEET_ROLE,
                                    N_("administrators are made in Duet, one by one"),
                                    N_("no file can make somebody an administrator"));
        default:
            return roster_table_bad(table, PEOPLE_SHEET_ROLE,
                                    N_("empty means participant; what somebody works as is the "
                                       "column position"),
                                    N_("role must be participant or coordinator"));
        }
    }
    *participant = *participant || !*coordinator;
    return ERR_OK;
}

/* Every unit that a cell names, with every role. */
static enum err row_units(struct rows *rows, bool participant, bool coordinator)
{
    struct roster_table *table = rows->table;
    struct str rest = roster_table_cell(table, PEOPLE_SHEET_UNIT);
    while (rest.n > 0) {
        size_t n = 0;
        while (n < rest.n && !strchr(";|\n\r", rest.p[n])) {
            n++;
        }
        struct str name = utf8_trim((struct str){rest.p, n}), form;
        rest = n < rest.n ? (struct str){rest.p + n + 1, rest.n - n - 1} : (struct str){"", 0};
        if (name.n == 0) {
            continue;
        }
        struct import_member member = {.person = rows->person};
        bool fresh;
        if (name.n > ROSTER_MAX_ID || utf8_nfc(name, table->scratch, &form)) {
            return roster_table_bad(table, PEOPLE_SHEET_UNIT, "",
                                    N_("the name of a unit may have at most %d bytes"),
                                    ROSTER_MAX_ID);
        }
        enum err err = import_set_unit_named(rows->set, form, &member.unit, &fresh);
        if (!err && fresh) {
            import_set_unit_at(rows->set, member.unit)->place =
                (struct import_place){table->file, table->row.line};
        }
        for (int role = 0; role < 2 && !err; role++) {
            member.coordinator = role == 1;
            if ((role == 0 ? participant : coordinator) &&
                !list_add(&rows->set->members, &member)) {
                err = rows->set->members.err;
            }
        }
        if (err) {
            return err;
        }
        if (rows->person != IMPORT_NONE) {
            import_set_person_at(rows->set, rows->person)->complete = true;
        }
    }
    return ERR_OK;
}

static enum err add_tag(struct rows *rows, enum profile_kind kind, struct str value)
{
    struct import_tag tag = {rows->person, kind, import_set_text(rows->set, value)};
    return tag.value.p && list_add(&rows->set->tags, &tag) ? ERR_OK : ERR_NOMEM;
}

static enum err row_words(struct rows *rows, enum people_sheet_field field, enum profile_kind kind)
{
    struct roster_table *table = rows->table;
    struct roster_cell_list values = {roster_table_cell(table, (int)field), false};
    struct str value, form;
    enum err err = ERR_OK;
    while (!err && roster_cell_next_value(&values, &value)) {
        bool fits = value.n <= UTF8_MAX_TEXT && !utf8_nfc(value, table->scratch, &form) &&
                    import_cell_characters(form) <= PROFILE_TAG;
        err =
            fits ? add_tag(rows, kind, form)
                 : roster_table_bad(table, (int)field, N_("several values are separated by ; or ,"),
                                    N_("a value may have at most %d characters"), PROFILE_TAG);
    }
    return err;
}

static enum err bad_language(struct rows *rows)
{
    return roster_table_bad(
        rows->table, PEOPLE_SHEET_LANGUAGES,
        N_("write its code, for example es for Spanish; several are separated by "
           "; or ,"),
        N_("this language is not known by its name"));
}

/* A value that is no language may be several, with blanks between them. */
static enum err several_languages(struct rows *rows, struct str value)
{
    struct roster_cell_list words = roster_cell_list(value);
    struct str word;
    char code[PEOPLE_SHEET_CODE];
    enum err err = ERR_OK;
    while (!err && roster_cell_next_value(&words, &word)) {
        if (!people_sheet_cell_language(word, code)) {
            return bad_language(rows);
        }
        err = add_tag(rows, PROFILE_LANGUAGE, str_of(code));
    }
    return err;
}

static enum err row_languages(struct rows *rows)
{
    struct roster_cell_list values = {roster_table_cell(rows->table, PEOPLE_SHEET_LANGUAGES),
                                      false};
    struct str value;
    char code[PEOPLE_SHEET_CODE];
    enum err err = ERR_OK;
    while (!err && roster_cell_next_value(&values, &value)) {
        err = people_sheet_cell_language(value, code)
                  ? add_tag(rows, PROFILE_LANGUAGE, str_of(code))
                  : several_languages(rows, value);
    }
    return err;
}

static bool take_period(void *ctx, const char *period)
{
    struct rows *rows = ctx;
    rows->no_memory = rows->no_memory || add_tag(rows, PROFILE_PERIOD, str_of(period));
    return !rows->no_memory;
}

static bool cell_periods(struct rows *rows, struct roster_cell_list values)
{
    struct people_sheet_periods periods = {-1};
    struct str value;
    bool good = true;
    while (good && roster_cell_next_value(&values, &value)) {
        good = people_sheet_cell_periods(&periods, value, take_period, rows);
    }
    return good;
}

static enum err row_periods(struct rows *rows)
{
    struct str cell = roster_table_cell(rows->table, PEOPLE_SHEET_FREE_PERIODS);
    size_t n_tags = rows->set->tags.n;
    /* "Mon 3; Tue 4" and "Mon 3" first, then "Mon3 Tue4". */
    if (cell_periods(rows, (struct roster_cell_list){cell, false})) {
        return ERR_OK;
    }
    rows->set->tags.n = n_tags;
    if (!rows->no_memory && cell_periods(rows, roster_cell_list(cell))) {
        return ERR_OK;
    }
    rows->set->tags.n = n_tags;
    return rows->no_memory
               ? ERR_NOMEM
               : roster_table_bad(
                     rows->table, PEOPLE_SHEET_FREE_PERIODS, N_("for example Mon 3; Tue 2-4"),
                     N_("free periods are weekdays with a number from 1 to %d"), PROFILE_PERIODS);
}

static enum err row_number(struct rows *rows, enum people_sheet_field field, int32_t *number)
{
    struct roster_table *table = rows->table;
    struct str cell = roster_table_cell(table, (int)field);
    int64_t value = IMPORT_UNSAID;
    if (cell.n > 0 && (roster_cell_whole(cell, &value) || value < 0 || value > PROFILE_PARTNERS)) {
        return roster_table_bad(table, (int)field, N_("leave it empty where it is not known"),
                                N_("%s must be a whole number from 0 to %d"),
                                people_sheet_field_word(field), PROFILE_PARTNERS);
    }
    *number = (int32_t)value;
    return ERR_OK;
}

static enum err row_active(struct rows *rows, struct import_person *person)
{
    struct roster_table *table = rows->table;
    char folded[UTF8_MAX_FORM];
    struct str cell = roster_table_cell(table, PEOPLE_SHEET_ACTIVE);
    if (cell.n == 0) {
        return ERR_OK;
    }
    enum people_sheet_answer answer = people_sheet_words_answer(
        cell.n > UTF8_MAX_TEXT ? str_of("") : roster_table_fold(cell, folded), PEOPLE_SHEET_YES,
        PEOPLE_SHEET_NO);
    person->gone = answer == PEOPLE_SHEET_NO;
    person->back = answer == PEOPLE_SHEET_YES;
    return answer != PEOPLE_SHEET_ANSWER__MAX
               ? ERR_OK
               : roster_table_bad(table, PEOPLE_SHEET_ACTIVE, N_("empty means yes"),
                                  N_("active must be yes or no"));
}

static enum err row_evaluators(struct rows *rows)
{
    struct roster_table *table = rows->table;
    struct import_set *set = rows->set;
    int32_t field = table->at[PEOPLE_SHEET_EVALUATOR];
    struct str rest = roster_table_cell(table, PEOPLE_SHEET_EVALUATOR);
    while (rest.n > 0) {
        size_t n = 0;
        while (n < rest.n && !strchr(";|\n\r", rest.p[n])) {
            n++;
        }
        struct str who = utf8_trim((struct str){rest.p, n}), form;
        rest = n < rest.n ? (struct str){rest.p + n + 1, rest.n - n - 1} : (struct str){"", 0};
        if (who.n == 0) {
            continue;
        }
        if (who.n > ROSTER_MAX_ID || utf8_nfc(who, table->scratch, &form)) {
            return roster_table_bad(table, PEOPLE_SHEET_EVALUATOR, "",
                                    N_("evaluator may have at most %d bytes"), ROSTER_MAX_ID);
        }
        struct import_evaluator evaluator = {
            .place = {table->file, table->row.line},
            .column = field + 1,
            .heading = import_set_text(set, table->names[field]).p,
            .person = rows->person,
            .who = import_set_text(set, form),
        };
        if (!evaluator.who.p || !evaluator.heading || !list_add(&set->evaluators, &evaluator)) {
            return ERR_NOMEM;
        }
    }
    return ERR_OK;
}

/* What the row says beside who it is of. */
static enum err row_details(struct rows *rows, bool participant, bool coordinator)
{
    enum err err = row_units(rows, participant, coordinator);
    err = err ? err : row_words(rows, PEOPLE_SHEET_SUBJECTS, PROFILE_SUBJECT);
    err = err ? err : row_words(rows, PEOPLE_SHEET_GRADES, PROFILE_GRADE);
    err = err ? err : row_languages(rows);
    err = err ? err : row_periods(rows);
    return err ? err : row_evaluators(rows);
}

/* Takes back what a row with problems has put into the set. */
static void row_undo(struct import_set *set, const struct import_set *before, int32_t person)
{
    set->members.n = before->members.n;
    set->tags.n = before->tags.n;
    set->evaluators.n = before->evaluators.n;
    if (person != IMPORT_NONE) {
        import_set_person_at(set, person)->mentioned = true;
    }
}

static enum err sheet_row(struct rows *rows)
{
    struct roster_table *table = rows->table;
    struct import_set *set = rows->set;
    const struct import_set before = *set;
    struct import_person person = {.place = {table->file, table->row.line}, .id = {"", 0}};
    bool participant, coordinator;
    rows->person = IMPORT_NONE;
    enum err err = import_cell_id(set, table, PEOPLE_SHEET_ID, &person.id);
    err = err ? err : row_names(rows, &person);
    err = err ? err : row_email(rows, &person);
    err =
        err ? err
            : import_cell_name(set, table, PEOPLE_SHEET_POSITION, POSITION_MOST, &person.position);
    err = err ? err : row_number(rows, PEOPLE_SHEET_MAX_HELPS, &person.max_helps);
    err = err ? err : row_number(rows, PEOPLE_SHEET_MAX_LEARNS, &person.max_learns);
    err = err ? err : row_active(rows, &person);
    err = err ? err : row_role(rows, &participant, &coordinator);
    err = err ? err : row_identity(rows, &person);
    if (!err && rows->person != IMPORT_NONE && table->row_problems == 0) {
        *import_set_person_at(set, rows->person) = person;
    }
    /* Also when it is not known whose they are: all that is wrong is told at once. */
    err = err ? err : row_details(rows, participant, coordinator);
    if (!err && table->row_problems > 0) {
        table->n_skipped++;
        row_undo(set, &before, rows->person);
    }
    return err;
}

static enum err note_unused(const struct people_sheet *sheet, struct roster_table *table)
{
    enum err err = ERR_OK;
    for (int32_t i = 0; i < sheet->n_columns && !err; i++) {
        if (sheet->columns[i].field == PEOPLE_SHEET_NOTHING && sheet->columns[i].heading.n > 0) {
            err = roster_problems_note(table->problems, table->file, table->header_line, 1,
                                       N_("The column \"%s\" is not used."),
                                       sheet->columns[i].heading.p);
        }
    }
    return err;
}

static enum err sheet_rows(struct people_sheet *sheet, struct import_set *set,
                           struct roster_table *table, struct arena *work)
{
    struct rows rows = {.set = set, .table = table, .person = IMPORT_NONE};
    rows.emails = intern_new(work, IMPORT_MAX_PEOPLE);
    rows.names = intern_new(work, IMPORT_MAX_PEOPLE);
    list_init(&rows.email_lines, work, sizeof(uint64_t), IMPORT_MAX_PEOPLE);
    list_init(&rows.name_lines, work, sizeof(uint64_t), IMPORT_MAX_PEOPLE);
    enum err err = rows.emails && rows.names ? ERR_OK : ERR_NOMEM;
    while (!err && !(err = roster_table_next(table))) {
        err = sheet_row(&rows);
    }
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    set->n_left_out = table->n_skipped;
    if (!table->broken && table->n_rows == 0 && table->n_skipped == 0) {
        table->broken = true;
        return roster_problems_add(table->problems, table->file, 0, 0, "", str_of(""), "",
                                   N_("the file names its columns but has no rows"));
    }
    err = import_cell_tidy_tags(set);
    return err ? err : note_unused(sheet, table);
}

enum err people_sheet_read(struct arena *arena, struct str bytes, const char *file,
                           const struct people_sheet_mapping *mapping,
                           struct roster_problems *problems, struct people_sheet *sheet)
{
    *sheet = (struct people_sheet){0};
    struct arena *work = arena_child(arena);
    struct roster_table *table = work ? arena_alloc(work, 1, sizeof *table) : NULL;
    struct import_set *set = arena_alloc(arena, 1, sizeof *set);
    enum err err = table && set ? import_set_init(set, arena) : ERR_NOMEM;
    if (err) {
        goto out;
    }
    set->source = str_of("sheet");
    err = people_sheet_find_columns(sheet, arena, work, bytes, mapping);
    if (err) {
        goto out;
    }
    err = roster_table_begin(table, work, csv_source_memory(&bytes), file, people_sheet_headings,
                             problems);
    if (!err && !table->broken) {
        err = place_columns(table, sheet);
    }
    err = err ? err : sheet_rows(sheet, set, table, work);
    bool broken = table->broken;
    roster_table_close(table);
    if (!err && !broken) {
        sheet->set = set;
    } else {
        err = err ? err : ERR_INVALID;
    }
out:
    arena_free(work);
    return err;
}
