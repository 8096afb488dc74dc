/* evidence.csv: ratings, self-ratings and attempts at tasks. */
#include "coach/roster_evidence.h"
#include "base/arena.h"
#include "base/day.h"
#include "coach/roster_cell.h"
#include "coach/roster_pieces.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#define DIFFICULTY_MOST 10 /* logits either way */

enum {
    PERSON,
    SKILL,
    LEVEL,
    RATER,
    OCCASION,
    SEGMENT,
    SUPPORT,
    KIND,
    TASK,
    INDICATOR,
    DIFFICULTY,
    DATE,
    NAME, /* of the person, where there is no id */
};

static const struct roster_heading headings[] = {
    {"person", true, "name"},   {"skill", true, NULL},       {"level", true, NULL},
    {"rater", false, NULL},     {"occasion", false, NULL},   {"segment", false, NULL},
    {"support", false, NULL},   {"kind", false, NULL},       {"task", false, NULL},
    {"indicator", false, NULL}, {"difficulty", false, NULL}, {"date", false, NULL},
    {"name", false, NULL},      {NULL, false, NULL},
};

static const char *const kinds[] = {"observed", "self", "task", NULL};
static const enum zone_kind kind_of[] = {ZONE_OBSERVED, ZONE_SELF, ZONE_TASK};

static const char *const supports[] = {"independent", "prompted", "modelled",
                                       "joint",       "modeled",  NULL};
static const enum zone_support support_of[] = {ZONE_INDEPENDENT, ZONE_PROMPTED, ZONE_MODELLED,
                                               ZONE_JOINT, ZONE_MODELLED};

static void tally(struct roster_tally *tally, const struct roster_table *table)
{
    if (tally->count++ == 0) {
        tally->line = table->row.line;
    }
}

/* A new id in a table means a new element in the list beside it. */
static enum err evidence_limit(struct roster_evidence *evidence, int heading)
{
    evidence->table.broken = true;
    return roster_table_bad(&evidence->table, heading, "",
                            N_("there are more than %d different values in the column %s"),
                            INTERN_MAX, headings[heading].name);
}

static enum err evidence_rater(struct roster_evidence *evidence, int32_t *rater)
{
    struct roster_build *build = evidence->build;
    struct str cell = roster_table_cell(&evidence->table, RATER), id;
    *rater = ROSTER_NONE;
    if (cell.n == 0) {
        return ERR_OK;
    }
    if (roster_recent_is(&evidence->rater, cell)) {
        *rater = evidence->rater.id;
        return ERR_OK;
    }
    bool fresh;
    enum err err = roster_table_id(&evidence->table, RATER, &id);
    if (err || id.n == 0) {
        return err;
    }
    int32_t person = roster_build_who(build, id);
    if (person >= 0) {
        id = intern_text(build->people, person);
    }
    err = intern_add(evidence->raters, id, rater, &fresh);
    if (err == ERR_LIMIT) {
        return evidence_limit(evidence, RATER);
    }
    if (!err && fresh) {
        struct roster_rater who = {intern_text(evidence->raters, *rater),
                                   person < 0 ? ROSTER_NONE : person};
        err = list_add(&evidence->rater_list, &who) ? ERR_OK : ERR_NOMEM;
    }
    if (!err) {
        roster_recent_set(&evidence->rater, cell, *rater);
    }
    return err;
}

/* 'o' for occasions, 'd' for days, 't' and 'i' for items. */
struct key {
    char bytes[ROSTER_EVIDENCE_KEY_HEAD + ROSTER_MAX_ID];
    size_t n;
};

static void key_make(struct key *key, int32_t number, char letter, struct str text)
{
    assert(text.n <= ROSTER_MAX_ID);
    memcpy(key->bytes, &number, sizeof number);
    key->bytes[sizeof number] = letter;
    memcpy(key->bytes + ROSTER_EVIDENCE_KEY_HEAD, text.p, text.n);
    key->n = ROSTER_EVIDENCE_KEY_HEAD + text.n;
}

/* The occasion that the row names; an observed rating without one takes its date for it. */
static enum err evidence_occasion(struct roster_evidence *evidence, struct zone_evidence *row)
{
    struct str cell = roster_table_cell(&evidence->table, OCCASION), id;
    char day[DAY_TEXT_SIZE], letter = 'o';
    if (cell.n > 0 && row->person == evidence->occasion_of && row->person != ROSTER_NONE &&
        roster_recent_is(&evidence->occasion, cell)) {
        row->occasion = evidence->occasion.id;
        return ERR_OK;
    }
    enum err err = roster_table_id(&evidence->table, OCCASION, &id);
    if (err || row->person == ROSTER_NONE) {
        return err;
    }
    if (id.n == 0) {
        if (row->kind != ZONE_OBSERVED || row->day == ZONE_DAY_UNKNOWN) {
            return ERR_OK;
        }
        day_write(row->day, day);
        id = str_of(day);
        letter = 'd';
    }
    struct key key;
    bool fresh;
    key_make(&key, row->person, letter, id);
    err = intern_add(evidence->occasions, (struct str){key.bytes, key.n}, &row->occasion, &fresh);
    if (err == ERR_LIMIT) {
        return evidence_limit(evidence, OCCASION);
    }
    if (!err && fresh) {
        struct roster_occasion what = {
            row->person, roster_evidence_key_text(evidence->occasions, row->occasion)};
        err = list_add(&evidence->occasion_list, &what) ? ERR_OK : ERR_NOMEM;
    }
    if (!err && cell.n > 0) {
        evidence->occasion_of = row->person;
        roster_recent_set(&evidence->occasion, cell, row->occasion);
    }
    return err;
}

/* The difficulty of a task, the same in every row that says it. */
static enum err evidence_difficulty(struct roster_evidence *evidence, struct zone_evidence *row)
{
    struct roster_table *table = &evidence->table;
    struct str cell = roster_table_cell(table, DIFFICULTY);
    double value = 0;
    row->difficulty = NAN;
    if (cell.n == 0) {
        return ERR_OK;
    }
    if (roster_cell_decimal(cell, &value) == ROSTER_NUMBER_BAD || fabs(value) > DIFFICULTY_MOST) {
        return roster_table_bad(table, DIFFICULTY, N_("leave it empty where it is not known"),
                                N_("difficulty must be a number from -%d to %d, in logits"),
                                DIFFICULTY_MOST, DIFFICULTY_MOST);
    }
    if (row->kind != ZONE_TASK) {
        return roster_table_bad(table, DIFFICULTY,
                                N_("write task in kind, or leave this cell empty"),
                                N_("only a task has a difficulty"));
    }
    row->difficulty = (float)value;
    if (row->item == ROSTER_NONE) {
        return ERR_OK;
    }
    struct roster_item *item = (struct roster_item *)evidence->item_list.items + row->item;
    uint64_t *line = (uint64_t *)evidence->item_lines.items + row->item;
    if (*line == 0) {
        item->difficulty = row->difficulty;
        *line = table->row.line;
    } else if (item->difficulty < row->difficulty || item->difficulty > row->difficulty) {
        return roster_table_bad(table, DIFFICULTY, N_("a task has one difficulty"),
                                N_("line %llu gives this task another difficulty"),
                                (unsigned long long)*line);
    }
    return ERR_OK;
}

/* The task, or the indicator of the rubric; an indicator is finer than a task that was observed. */
static enum err evidence_item(struct roster_evidence *evidence, struct zone_evidence *row)
{
    struct roster_table *table = &evidence->table;
    struct str task = roster_table_cell(table, TASK),
               indicator = roster_table_cell(table, INDICATOR);
    bool is_task = row->kind == ZONE_TASK;
    bool by_task = task.n > 0 && (is_task || indicator.n == 0);
    struct str id;
    if (task.n > 0 && indicator.n > 0) {
        tally(&evidence->both_items, table);
    }
    enum err err = roster_table_id(table, by_task ? TASK : INDICATOR, &id);
    if (err || id.n == 0 || row->skill == ROSTER_NONE) {
        return err;
    }
    struct key key;
    bool fresh;
    key_make(&key, row->skill, is_task ? 't' : 'i', id);
    err = intern_add(evidence->items, (struct str){key.bytes, key.n}, &row->item, &fresh);
    if (err == ERR_LIMIT) {
        return evidence_limit(evidence, by_task ? TASK : INDICATOR);
    }
    if (!err && fresh) {
        struct roster_item item = {row->skill, is_task, NAN,
                                   roster_evidence_key_text(evidence->items, row->item)};
        const uint64_t unknown = 0;
        err = list_add(&evidence->item_list, &item) && list_add(&evidence->item_lines, &unknown)
                  ? ERR_OK
                  : ERR_NOMEM;
    }
    return err;
}

static enum err evidence_day(struct roster_evidence *evidence, struct zone_evidence *row)
{
    struct roster_table *table = &evidence->table;
    struct str cell = roster_table_cell(table, DATE);
    row->day = ZONE_DAY_UNKNOWN;
    if (cell.n == 0) {
        return ERR_OK;
    }
    if (roster_recent_is(&evidence->date, cell)) {
        row->day = evidence->date.id;
        return ERR_OK;
    }
    switch (roster_cell_date(cell, &row->day)) {
    case ROSTER_DATE_OK:
        roster_recent_set(&evidence->date, cell, row->day);
        return ERR_OK;
    case ROSTER_DATE_FORM:
        return roster_table_bad(table, DATE,
                                N_("03/04/2026 is two different days in two countries; in your "
                                   "spreadsheet select the column and give it the date format "
                                   "YYYY-MM-DD, then save again"),
                                N_("date must be written YYYY-MM-DD (2026-11-24) or D.M.YYYY "
                                   "(24.11.2026)"));
    case ROSTER_DATE_WRONG:
        break;
    }
    return roster_table_bad(table, DATE, "", N_("there is no such day between 1900 and 2199"));
}

/* Observed, self or task.  Who rates themselves makes a self-rating. */
static enum err evidence_kind(struct roster_evidence *evidence, struct zone_evidence *row)
{
    struct roster_table *table = &evidence->table;
    struct str cell = roster_table_cell(table, KIND);
    int word = cell.n > 0 ? roster_cell_word(cell, kinds) : 0;
    if (word < 0) {
        return roster_table_bad(table, KIND, N_("empty means observed"),
                                N_("kind must be observed, self or task"));
    }
    row->kind = (uint8_t)kind_of[word];
    const struct roster_rater *raters = evidence->rater_list.items;
    bool by_self = row->rater != ROSTER_NONE && row->person != ROSTER_NONE &&
                   raters[row->rater].person == row->person;
    if (row->kind == ZONE_OBSERVED && by_self) {
        row->kind = ZONE_SELF;
        tally(&evidence->by_self, table);
    }
    if (row->kind == ZONE_SELF && row->rater != ROSTER_NONE && !by_self &&
        row->person != ROSTER_NONE) {
        return roster_table_bad(table, RATER, N_("leave rater empty, or write observed in kind"),
                                N_("in a self-rating the rater can only be the person"));
    }
    if (row->kind != ZONE_OBSERVED) {
        row->rater = ROSTER_NONE;
    }
    return ERR_OK;
}

static enum err evidence_support(struct roster_evidence *evidence, struct zone_evidence *row)
{
    struct roster_table *table = &evidence->table;
    struct str cell = roster_table_cell(table, SUPPORT);
    int word = cell.n > 0 ? roster_cell_word(cell, supports) : 0;
    if (word < 0) {
        return roster_table_bad(table, SUPPORT, N_("empty means independent"),
                                N_("support must be independent, prompted, modelled or joint"));
    }
    row->support = (uint8_t)support_of[word];
    return ERR_OK;
}

static enum err evidence_level(struct roster_evidence *evidence, struct zone_evidence *row)
{
    struct roster_table *table = &evidence->table;
    struct str cell = roster_table_cell(table, LEVEL);
    bool task = row->kind == ZONE_TASK;
    int64_t level = 0, first = task ? 0 : 1, last = task ? 1 : ZONE_MAX_LEVELS;
    if (!task && row->skill != ROSTER_NONE) {
        last = evidence->build->roster->skills[row->skill].levels;
    }
    switch (roster_cell_whole(cell, &level)) {
    case ROSTER_NUMBER_FRACTION:
        return roster_table_bad(
            table, LEVEL,
            N_("half levels are not used: write the level that was fully reached, "
               "or one row for each of two ratings"),
            N_("level must be a whole number"));
    case ROSTER_NUMBER_BAD:
        return roster_table_bad(table, LEVEL, N_("leave the cell empty where nothing was rated"),
                                N_("level must be a whole number"));
    case ROSTER_NUMBER_OK:
        break;
    }
    if (level < first || level > last) {
        const char *hint =
            N_("levels count from 1; for an attempt at a task, which may be 0, write "
               "task in kind");
        if (level != 0) {
            hint = evidence->build->in_duet ? N_("the framework says how many levels there are")
                                            : N_("the number of levels stands in the skills file");
        }
        return task ? roster_table_bad(table, LEVEL, "",
                                       N_("for a task the level is 0 (not yet) or 1 (done)"))
                    : roster_table_bad(table, LEVEL, hint,
                                       N_("level must be from 1 to %d, the levels of this skill"),
                                       (int)last);
    }
    row->level = (uint8_t)(level - first);
    return ERR_OK;
}

/* Two equal attempts are two attempts, and two ratings that do not say when and by whom may be of
 * two visits; but one rater rates one visit once. */
static bool evidence_can_be_copy(const struct zone_evidence *row)
{
    bool when = row->occasion != ROSTER_NONE || row->day != ZONE_DAY_UNKNOWN;
    return when &&
           (row->kind == ZONE_SELF || (row->kind == ZONE_OBSERVED && row->rater != ROSTER_NONE));
}

/* Skills take turns: each has a place of its own, mostly. */
static struct roster_recent *skill_recent(struct roster_evidence *evidence)
{
    struct str cell = roster_table_cell(&evidence->table, SKILL);
    unsigned place = 0;
    for (size_t i = 0; i < 2 && i < cell.n; i++) {
        place = place * 3 + (unsigned char)cell.p[cell.n - 1 - i];
    }
    return &evidence->skill[place % ROSTER_RECENT_SKILLS];
}

/* One rating; `skill` is ROSTER_NONE where a cell names it. */
static enum err evidence_rating(struct roster_evidence *evidence, int32_t skill)
{
    struct roster_table *table = &evidence->table;
    struct zone_evidence row = {
        .skill = skill, .occasion = ROSTER_NONE, .item = ROSTER_NONE, .difficulty = NAN};
    struct str segment;
    if (roster_table_cell(table, LEVEL).n == 0) {
        tally(&evidence->unrated, table);
        return ERR_OK;
    }
    enum err err =
        roster_build_person(evidence->build, table, PERSON, &evidence->person, &row.person);
    if (!err && skill == ROSTER_NONE) {
        err = roster_build_skill(evidence->build, table, SKILL, skill_recent(evidence), &row.skill);
    }
    err = err ? err : evidence_rater(evidence, &row.rater);
    err = err ? err : evidence_kind(evidence, &row);
    err = err ? err : evidence_day(evidence, &row);
    err = err ? err : evidence_occasion(evidence, &row);
    err = err ? err : roster_table_id(table, SEGMENT, &segment);
    err = err ? err : evidence_support(evidence, &row);
    err = err ? err : evidence_item(evidence, &row);
    err = err ? err : evidence_difficulty(evidence, &row);
    err = err ? err : evidence_level(evidence, &row);
    if (err || table->problems->total > 0) {
        return err; /* only problems count now */
    }
    err =
        roster_seen_add(&evidence->seen, &table->row, table->at[LEVEL], evidence_can_be_copy(&row));
    if (!err && !list_add(&evidence->rows, &row)) {
        err = evidence->rows.err;
    }
    if (err == ERR_LIMIT) {
        table->broken = true;
        err = roster_problems_add(table->problems, table->file, table->row.line, 0, "", str_of(""),
                                  "", N_("there are more than %d rows of evidence"),
                                  ROSTER_MAX_EVIDENCE);
    }
    return err;
}

enum err roster_evidence_row(struct roster_evidence *evidence)
{
    struct roster_table *table = &evidence->table;
    const struct roster_wide *wide = &evidence->wide;
    if (wide->n == 0) {
        return evidence_rating(evidence, ROSTER_NONE);
    }
    enum err err = ERR_OK;
    for (int32_t k = 0; k < wide->n && !err && !table->broken; k++) {
        if (roster_table_field(table, wide->fields[k]).n > 0) {
            table->at[LEVEL] = wide->fields[k];
            err = evidence_rating(evidence, wide->skills[k]);
            /* Nobody is complained about once for each skill. */
            if (!roster_recent_is(&evidence->person, roster_table_cell(table, PERSON))) {
                break;
            }
        }
    }
    return err;
}

static enum err evidence_note(struct roster_evidence *evidence, const struct roster_tally *tally,
                              const char *one, const char *many)
{
    if (tally->count == 0) {
        return ERR_OK;
    }
    return roster_problems_note(
        evidence->table.problems, evidence->table.file, tally->line, tally->count, "%" PRIu64 " %s",
        tally->count,
        roster_problems_text(evidence->table.problems, tally->count == 1 ? one : many));
}

static enum err evidence_notes(struct roster_evidence *evidence)
{
    enum err err = roster_wide_note(&evidence->wide, &evidence->table);
    err = err ? err : roster_table_note_unused(&evidence->table);
    err = err ? err
              : evidence_note(evidence, &evidence->by_self,
                              N_("rating of a person by themselves was read as a self-rating."),
                              N_("ratings of people by themselves were read as self-ratings."));
    err = err ? err
              : evidence_note(evidence, &evidence->copies,
                              N_("row that repeats an earlier one in every cell was left out."),
                              N_("rows that repeat an earlier one in every cell were left out."));
    err = err ? err
              : evidence_note(evidence, &evidence->unrated, N_("row without a level was left out."),
                              N_("rows without a level were left out."));
    return err ? err
               : evidence_note(evidence, &evidence->both_items,
                               N_("row names a task and an indicator; a rating counts for the "
                                  "indicator, an attempt for the task."),
                               N_("rows name a task and an indicator; ratings count for the "
                                  "indicator, attempts for the task."));
}

static enum err evidence_end(struct roster_evidence *evidence)
{
    struct roster *roster = evidence->build->roster;
    struct roster_tally *copies = &evidence->copies;
    enum err err = roster_seen_drop(&evidence->seen, evidence->build->work, &evidence->rows,
                                    &copies->count, &copies->line);
    if (err) {
        return err;
    }
    struct zone_evidence *rows = evidence->rows.items;
    roster->evidence = rows;
    roster->n_evidence = evidence->rows.n;
    roster->raters = evidence->rater_list.items;
    roster->n_raters = (int32_t)evidence->rater_list.n;
    roster->occasions = evidence->occasion_list.items;
    roster->n_occasions = (int32_t)evidence->occasion_list.n;
    roster->items = evidence->item_list.items;
    roster->n_items = (int32_t)evidence->item_list.n;
    for (size_t k = 0; k < evidence->rows.n; k++) {
        int32_t day = rows[k].day;
        if (day != ZONE_DAY_UNKNOWN) {
            bool first = roster->first_day == ZONE_DAY_UNKNOWN;
            roster->first_day = first || day < roster->first_day ? day : roster->first_day;
            roster->last_day = first || day > roster->last_day ? day : roster->last_day;
        }
        /* What one row says of a task holds for all its attempts. */
        if (rows[k].kind == ZONE_TASK && rows[k].item != ROSTER_NONE) {
            rows[k].difficulty = roster->items[rows[k].item].difficulty;
        }
    }
    err = roster_build_no_rows(&evidence->table);
    return err ? err : evidence_notes(evidence);
}

/* Looks for the columns: skill and level, or one for each skill. */
static enum err evidence_columns(struct roster_evidence *evidence)
{
    struct roster_table *table = &evidence->table;
    if (table->at[SKILL] < 0 && table->at[LEVEL] < 0 && !table->broken) {
        roster_wide_find(&evidence->wide, evidence->build, table);
        if (evidence->wide.n > 0) {
            table->at[SKILL] = table->at[LEVEL] = evidence->wide.fields[0];
        }
    }
    return roster_table_check_missing(table);
}

enum err roster_evidence_begin(struct roster_evidence *evidence, struct roster_build *build)
{
    evidence->build = build;
    list_init(&evidence->rows, build->arena, sizeof(struct zone_evidence), ROSTER_MAX_EVIDENCE);
    list_init(&evidence->rater_list, build->arena, sizeof(struct roster_rater), INTERN_MAX);
    list_init(&evidence->occasion_list, build->arena, sizeof(struct roster_occasion), INTERN_MAX);
    list_init(&evidence->item_list, build->arena, sizeof(struct roster_item), INTERN_MAX);
    list_init(&evidence->item_lines, build->work, sizeof(uint64_t), INTERN_MAX);
    roster_seen_init(&evidence->seen, build->work);
    evidence->raters = intern_new(build->arena, INTERN_MAX);
    evidence->occasions = intern_new(build->arena, INTERN_MAX);
    evidence->items = intern_new(build->arena, INTERN_MAX);
    return evidence->raters && evidence->occasions && evidence->items ? ERR_OK : ERR_NOMEM;
}

enum err roster_read_evidence(struct roster_build *build, struct csv_source source,
                              const char *file)
{
    struct roster_evidence *evidence = arena_alloc(build->work, 1, sizeof *evidence);
    if (!evidence) {
        return ERR_NOMEM;
    }
    evidence->build = build;
    struct roster_table *table = &evidence->table;
    enum err err = roster_table_begin(table, build->work, source, file, headings, build->problems);
    err = err ? err : evidence_columns(evidence);
    err = err ? err : roster_evidence_begin(evidence, build);
    err = err ? err : roster_pieces_read(evidence);
    while (!err && !(err = roster_table_next(table))) {
        err = roster_evidence_row(evidence);
    }
    if (err == ERR_NOT_FOUND) {
        err = evidence_end(evidence);
    }
    roster_table_close(table);
    return err;
}
