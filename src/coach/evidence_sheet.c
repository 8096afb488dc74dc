/* Evidence from a file into the database: the reader of `duet match` with the database's people and
 * skills in place of its files. */
#include "coach/evidence_sheet.h"

#include "base/arena.h"
#include "base/day.h"
#include "coach/allow.h"
#include "coach/coach.h"
#include "coach/framework.h"
#include "coach/frameworks.h"
#include "coach/people.h"
#include "coach/roster_build.h"
#include "coach/sql.h"
#include "coach/zones.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

#define ID_ROOM 32        /* bytes of an id made for somebody who has none */
#define KEY_ROOM 2048     /* bytes of what is hashed */
#define KEY_MARK "duet 1" /* changed when what is hashed changes */

/* Who and what the dense ids of the roster are in the database. */
struct reading {
    struct coach *coach;
    struct arena *work;
    struct roster_build build;
    struct roster_naming emails;
    struct list person_ids; /* int64_t */
    const struct framework *framework;
    struct list skills; /* const struct framework_skill * */
    struct roster_problems *problems;
    struct intern *seen; /* rows as they are hashed, for counting equal ones */
    struct list counts;  /* int32_t beside seen */
};

/* ---- people and skills ---- */

static enum err each_person(void *ctx, const struct person *person)
{
    struct reading *reading = ctx;
    char made[ID_ROOM], folded[UTF8_MAX_FORM];
    struct str id = person->external_id, form;
    int32_t at = 0;
    bool fresh;
    if (id.n == 0) {
        /* Nobody can write this in a file: ids have no control characters. */
        int n = snprintf(made, sizeof made, "\t%lld", (long long)person->id);
        id = (struct str){made, (size_t)n};
    }
    enum err err = intern_add(reading->build.people, id, &at, &fresh);
    if (!err && !list_add(&reading->person_ids, &person->id)) {
        err = ERR_NOMEM;
    }
    err = err ? err : roster_naming_add(&reading->build.person_names, person->name, at);
    if (!err && person->email.n > 0 && !utf8_fold(person->email, folded, &form)) {
        err = roster_naming_add(&reading->emails, form, at);
    }
    return err;
}

static enum err take_skill(struct reading *reading, const struct framework_skill *skill)
{
    struct roster *roster = reading->build.roster;
    int32_t at = 0;
    bool fresh;
    enum err err = intern_add(reading->build.skills, skill->code, &at, &fresh);
    if (err || !fresh) {
        return err;
    }
    roster->skills[at] = (struct roster_skill){
        .id = skill->code, .name = skill->words.name, .levels = skill->n_levels};
    err = roster_naming_add(&reading->build.skill_names, skill->words.name, at);
    return err || list_add(&reading->skills, &skill) ? err : ERR_NOMEM;
}

static enum err take_skills(struct reading *reading, int64_t framework_id)
{
    struct framework *framework = NULL;
    struct roster *roster = reading->build.roster;
    enum err err = frameworks_get(reading->coach, framework_id, str_of(""),
                                  FRAMEWORKS_TASKS | FRAMEWORKS_RETIRED, &framework);
    if (err) {
        return err;
    }
    reading->framework = framework;
    roster->skills = arena_alloc(reading->work, ROSTER_MAX_SKILLS, sizeof *roster->skills);
    for (int32_t d = 0; d < framework->n_domains && !err; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        for (int32_t k = 0; k < domain->n_skills && !err; k++) {
            err = roster->skills ? take_skill(reading, &domain->skills[k]) : ERR_NOMEM;
        }
    }
    return err;
}

static enum err begin(struct reading *reading, int64_t framework_id)
{
    struct roster_build *build = &reading->build;
    struct arena *work = reading->work;
    *build = (struct roster_build){.arena = work,
                                   .work = work,
                                   .problems = reading->problems,
                                   .person_emails = &reading->emails,
                                   .in_duet = true};
    build->roster = arena_alloc(work, 1, sizeof *build->roster);
    build->people = intern_new(work, INTERN_MAX);
    build->skills = intern_new(work, ROSTER_MAX_SKILLS);
    reading->seen = intern_new(work, INTERN_MAX);
    list_init(&reading->person_ids, work, sizeof(int64_t), INTERN_MAX);
    list_init(&reading->skills, work, sizeof(void *), ROSTER_MAX_SKILLS);
    list_init(&reading->counts, work, sizeof(int32_t), INTERN_MAX);
    if (!build->roster || !build->people || !build->skills || !reading->seen) {
        return ERR_NOMEM;
    }
    build->roster->first_day = build->roster->last_day = ZONE_DAY_UNKNOWN;
    build->roster->unit_column = ROSTER_NONE;
    enum err err = roster_naming_init(&build->person_names, work);
    err = err ? err : roster_naming_init(&build->skill_names, work);
    err = err ? err : roster_naming_init(&reading->emails, work);
    err = err ? err : people_each(reading->coach, each_person, reading);
    return err ? err : take_skills(reading, framework_id);
}

/* ---- rows ---- */

static const struct framework_skill *skill_of(const struct reading *reading, int32_t skill)
{
    return ((const struct framework_skill *const *)reading->skills.items)[skill];
}

/* The skill's task of this name, or 0. */
static int64_t task_of(const struct framework_skill *skill, struct str name)
{
    char one[UTF8_MAX_FORM], other[UTF8_MAX_FORM];
    struct str wanted, found;
    for (int32_t k = 0; k < skill->n_tasks && !utf8_fold(name, one, &wanted); k++) {
        if (!utf8_fold(skill->tasks[k].words.name, other, &found) && str_equal(wanted, found)) {
            return skill->tasks[k].id;
        }
    }
    return 0;
}

/* A text of at most `most` bytes, whole characters, in the coach's memory. */
static bool take_text(struct reading *reading, struct str text, size_t most, struct str *copy)
{
    size_t n = text.n < most ? text.n : most;
    while (n < text.n && n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80) {
        n--;
    }
    return coach_copy(reading->coach, (struct str){text.p, n}, copy);
}

static enum err row_texts(struct reading *reading, const struct zone_evidence *from,
                          struct evidence_row *row)
{
    const struct roster *roster = reading->build.roster;
    const struct roster_item *item = from->item < 0 ? NULL : &roster->items[from->item];
    char day[DAY_TEXT_SIZE];
    bool copied = true;
    if (from->occasion >= 0) {
        /* The day stands for the occasion where the file has none: it is kept once. */
        struct str occasion = roster->occasions[from->occasion].id;
        day_write(from->day, day);
        if (from->day == ZONE_DAY_UNKNOWN || !str_is(occasion, day)) {
            copied = take_text(reading, occasion, EVIDENCE_MAX_OCCASION, &row->piece.occasion);
        }
    }
    if (item && item->task) {
        row->piece.task_id = task_of(skill_of(reading, from->skill), item->id);
        copied = copied && take_text(reading, item->id, ROSTER_MAX_ID, &row->piece.task_name);
    } else if (item) {
        copied = copied && take_text(reading, item->id, ROSTER_MAX_ID, &row->segment);
    }
    if (from->rater >= 0 && roster->raters[from->rater].person >= 0) {
        row->rater_person_id =
            ((const int64_t *)reading->person_ids.items)[roster->raters[from->rater].person];
    } else if (from->rater >= 0) {
        copied = copied && take_text(reading, roster->raters[from->rater].id, ROSTER_MAX_ID,
                                     &row->rater_name);
    }
    return copied ? ERR_OK : ERR_NOMEM;
}

static enum err make_row(struct reading *reading, const struct zone_evidence *from,
                         struct evidence_row *row)
{
    const struct str none = {"", 0};
    *row = (struct evidence_row){
        .piece = {.person_id = ((const int64_t *)reading->person_ids.items)[from->person],
                  .skill_id = skill_of(reading, from->skill)->id,
                  .kind = (enum evidence_kind)from->kind,
                  .support = (enum evidence_support)from->support,
                  .level = from->level + (from->kind == ZONE_TASK ? 0 : 1),
                  .task_name = none,
                  .occasion = none,
                  .day = from->day == ZONE_DAY_UNKNOWN ? EVIDENCE_DAY_UNKNOWN : from->day,
                  .note = none},
        .rater_name = none,
        .has_difficulty = from->kind == ZONE_TASK && from->difficulty == from->difficulty,
        .segment = none,
        .source = "file",
    };
    row->difficulty = row->has_difficulty ? (double)from->difficulty : 0;
    return row_texts(reading, from, row);
}

static size_t put(char *to, size_t at, const void *bytes, size_t n)
{
    assert(at + n <= KEY_ROOM);
    memcpy(to + at, bytes, n);
    return at + n;
}

static size_t put_text(char *to, size_t at, struct str text)
{
    uint32_t n = (uint32_t)text.n;
    at = put(to, at, &n, sizeof n);
    return put(to, at, text.p, text.n);
}

/* The row's key: what it says, and how many equal rows stand before it. */
static enum err make_key(struct reading *reading, struct evidence_row *row)
{
    char bytes[KEY_ROOM];
    const struct evidence_new *piece = &row->piece;
    const int64_t numbers[] = {piece->person_id,        piece->skill_id, (int64_t)piece->kind,
                               (int64_t)piece->support, piece->level,    piece->day,
                               row->rater_person_id};
    int32_t at = 0, one = 1;
    bool fresh;
    size_t n = put_text(bytes, 0, str_of(KEY_MARK));
    n = put(bytes, n, numbers, sizeof numbers);
    n = put_text(bytes, n, row->rater_name);
    n = put_text(bytes, n, piece->occasion);
    n = put_text(bytes, n, piece->task_name);
    n = put_text(bytes, n, row->segment);
    enum err err = intern_add(reading->seen, (struct str){bytes, n}, &at, &fresh);
    if (err || (fresh && !list_add(&reading->counts, &one))) {
        return err ? err : ERR_NOMEM;
    }
    int32_t *count = (int32_t *)reading->counts.items + at;
    *count += !fresh;
    n = put(bytes, n, count, sizeof *count);
    unsigned char *key = arena_alloc(reading->coach->arena, EVIDENCE_KEY_SIZE, 1);
    if (!key) {
        return ERR_NOMEM;
    }
    crypto_generichash(key, EVIDENCE_KEY_SIZE, (const unsigned char *)bytes, n, NULL, 0);
    row->key = key;
    return ERR_OK;
}

static enum err is_there(struct coach *coach, const unsigned char *key, bool *there)
{
    int64_t one;
    enum err err = sql_number(coach, SQL_IMPORT_EVIDENCE_KEY,
                              SQL_ARGS(sql_blob(key, EVIDENCE_KEY_SIZE)), &one);
    *there = err == ERR_OK;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- counting ---- */

struct counting {
    bool *people, *skills, *raters; /* beside the roster's lists */
};

static void count_row(struct evidence_sheet *sheet, struct counting *counting,
                      const struct roster *roster, const struct zone_evidence *row)
{
    sheet->n_people += !counting->people[row->person];
    sheet->n_skills += !counting->skills[row->skill];
    counting->people[row->person] = counting->skills[row->skill] = true;
    if (row->rater >= 0 && !counting->raters[row->rater]) {
        counting->raters[row->rater] = true;
        sheet->n_raters++;
        sheet->n_raters_unknown += roster->raters[row->rater].person < 0;
    }
    if (row->day != ZONE_DAY_UNKNOWN) {
        bool first = sheet->first_day == EVIDENCE_DAY_UNKNOWN;
        sheet->first_day = first || row->day < sheet->first_day ? row->day : sheet->first_day;
        sheet->last_day = first || row->day > sheet->last_day ? row->day : sheet->last_day;
    }
}

static enum err take_rows(struct reading *reading, struct evidence_sheet *sheet)
{
    const struct roster *roster = reading->build.roster;
    struct counting counting = {
        .people = arena_alloc(reading->work, reading->person_ids.n, sizeof(bool)),
        .skills = arena_alloc(reading->work, reading->skills.n, sizeof(bool)),
        .raters = arena_alloc(reading->work, (size_t)roster->n_raters, sizeof(bool)),
    };
    sheet->rows = arena_alloc(reading->coach->arena, roster->n_evidence, sizeof *sheet->rows);
    bool made = counting.people && counting.skills && counting.raters && sheet->rows;
    enum err err = made ? ERR_OK : ERR_NOMEM;
    for (size_t k = 0; k < roster->n_evidence && !err; k++) {
        struct evidence_row *row = &sheet->rows[sheet->n_rows];
        bool there = false;
        err = make_row(reading, &roster->evidence[k], row);
        err = err ? err : make_key(reading, row);
        err = err ? err : is_there(reading->coach, row->key, &there);
        sheet->n_there += there;
        if (!err && !there) {
            sheet->n_rows++;
            count_row(sheet, &counting, roster, &roster->evidence[k]);
        }
    }
    return err;
}

enum err evidence_sheet_read(struct coach *coach, int64_t framework_id, struct csv_source source,
                             const char *file, struct roster_problems *problems,
                             struct evidence_sheet *sheet)
{
    struct reading reading = {.coach = coach, .problems = problems};
    *sheet = (struct evidence_sheet){.framework_id = framework_id,
                                     .first_day = EVIDENCE_DAY_UNKNOWN,
                                     .last_day = EVIDENCE_DAY_UNKNOWN};
    reading.work = arena_child(coach->arena);
    enum err err = reading.work ? begin(&reading, framework_id) : ERR_NOMEM;
    err = err ? err : roster_read_evidence(&reading.build, source, file);
    if (!err && problems->total > 0) {
        err = ERR_INVALID;
    }
    err = err ? err : take_rows(&reading, sheet);
    arena_free(reading.work);
    return err;
}

enum err evidence_sheet_apply(struct coach *coach, const struct evidence_sheet *sheet)
{
    const struct actor actor = coach->actor;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_IMPORT, 0));
    bool fresh;
    /* Nobody has written what came from a file: whoever brings it in gets no right to it. */
    coach_act_as_system(coach);
    for (size_t k = 0; k < sheet->n_rows && !err; k++) {
        err = evidence_add_row(coach, &sheet->rows[k], &fresh);
    }
    err = err || sheet->n_rows == 0 ? err : zones_touch(coach, sheet->framework_id);
    coach->actor = actor;
    return err;
}
