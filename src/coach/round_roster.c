/* People, wishes and rules of a programme as the engine of rounds takes them; round_roster.h. */
#include "coach/round_roster.h"

#include "base/arena.h"
#include "base/intern.h"
#include "base/list.h"
#include "base/sort.h"
#include "coach/profile.h"
#include "coach/rounds.h"
#include "coach/sql.h"

#include <string.h>

struct reading {
    struct coach *coach;
    const struct programme *programme;
    int64_t round_id; /* whose own partnerships are not there yet; 0: none */
    struct round_roster *out;
    struct list people, person_ids, unit_of; /* unit_of: int64_t, beside people */
    struct list full;
};

typedef enum err row_fn(struct reading *r, const struct db_query *q);

static enum err rows_of(struct reading *r, enum sql_id sql, struct db_query **q)
{
    const struct sql_arg args[] = {sql_int(r->programme->id), sql_int(r->round_id)};
    bool before = sql == SQL_ROUND_PEOPLE || sql == SQL_ROUND_TOGETHER;
    return sql_rows(r->coach, sql, args, before ? 2 : 1, q);
}

/* Calls `row` for every row of a statement about the programme. */
static enum err each(struct reading *r, enum sql_id sql, row_fn *row)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = rows_of(r, sql, &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = row(r, q);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- ids ---- */

static int by_id(const void *a, const void *b, void *ctx)
{
    const int64_t *ids = ctx;
    int64_t x = ids[*(const int32_t *)a], y = ids[*(const int32_t *)b];
    return (x > y) - (x < y);
}

static enum err sort_ids(struct coach *coach, int64_t *ids, int32_t n, int32_t **order)
{
    int32_t *at = arena_alloc(coach->arena, (size_t)n + 1, sizeof *at);
    if (!at) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < n; k++) {
        at[k] = k;
    }
    sort_items(at, (size_t)n, sizeof *at, by_id, ids);
    *order = at;
    return ERR_OK;
}

static int32_t find(const int64_t *ids, const int32_t *order, int32_t n, int64_t id)
{
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (ids[order[middle]] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < n && ids[order[low]] == id ? order[low] : ROSTER_NONE;
}

int32_t round_roster_person(const struct round_roster *roster, int64_t person_id)
{
    return find(roster->person_ids, roster->by_person, roster->roster.n_people, person_id);
}

int32_t round_roster_skill(const struct round_roster *roster, int64_t skill_id)
{
    return find(roster->skill_ids, roster->by_skill, roster->roster.n_skills, skill_id);
}

/* ---- people ---- */

static enum err read_person(struct reading *r, const struct db_query *q)
{
    enum err err = ERR_OK;
    int64_t id = db_int(q, 0), unit = db_int(q, 5);
    int32_t helps = (int32_t)(db_int(q, 3) - db_int(q, 6));
    int32_t learns = (int32_t)(db_int(q, 4) - db_int(q, 7));
    bool runs = db_int(q, 6) + db_int(q, 7) > 0;
    bool paired = db_int(q, 8) == 1 && r->programme->strategy != PROGRAMME_GUIDE;
    if (paired || (runs && helps <= 0 && learns <= 0)) {
        return list_add(&r->full, &id) ? ERR_OK : r->full.err;
    }
    struct roster_person *person = list_push(&r->people);
    if (!person) {
        return r->people.err;
    }
    person->name = person->id = person->label = sql_copy_name(r->coach, q, 1, 2, &err);
    person->max_helps = helps > 0 ? helps : 0;
    person->max_learns = learns > 0 ? learns : 0;
    if (!err && !list_add(&r->person_ids, &id)) {
        err = r->person_ids.err;
    }
    if (!err && !list_add(&r->unit_of, &unit)) {
        err = r->unit_of.err;
    }
    return err;
}

static enum err read_people(struct reading *r)
{
    struct round_roster *out = r->out;
    list_init(&r->people, r->coach->arena, sizeof(struct roster_person), ROUNDS_MAX_PEOPLE);
    list_init(&r->person_ids, r->coach->arena, sizeof(int64_t), ROUNDS_MAX_PEOPLE);
    list_init(&r->unit_of, r->coach->arena, sizeof(int64_t), ROUNDS_MAX_PEOPLE);
    list_init(&r->full, r->coach->arena, sizeof(int64_t), ROUNDS_MAX_PEOPLE);
    enum err err = each(r, SQL_ROUND_PEOPLE, read_person);
    if (err) {
        return err;
    }
    out->roster.people = r->people.items;
    out->roster.n_people = (int32_t)r->people.n;
    out->person_ids = r->person_ids.items;
    out->full_ids = r->full.items;
    out->n_full = (int32_t)r->full.n;
    return sort_ids(r->coach, out->person_ids, out->roster.n_people, &out->by_person);
}

/* ---- units ---- */

struct unit_row {
    int64_t id, parent_id;
    bool school;
    struct str name;
};

static const struct unit_row *unit_find(const struct list *units, int64_t id)
{
    const struct unit_row *row = units->items;
    size_t low = 0, high = units->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < units->n && row[low].id == id ? &row[low] : NULL;
}

/* The school at or above a unit, else the unit. */
static const struct unit_row *school_of(const struct list *units, int64_t id)
{
    const struct unit_row *own = unit_find(units, id), *up = own;
    for (int depth = 0; up && !up->school && depth < 16; depth++) {
        up = unit_find(units, up->parent_id);
    }
    return up && up->school ? up : own;
}

static enum err read_units(struct coach *coach, struct list *units)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(coach, SQL_ROUND_UNITS, SQL_NONE, &q);
    if (err) {
        return err;
    }
    list_init(units, coach->arena, sizeof(struct unit_row), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct unit_row row = {.id = db_int(q, 0),
                               .parent_id = db_int(q, 1),
                               .school = str_is(db_text(q, 2), "school"),
                               .name = sql_copy(coach, q, 3, &failed)};
        failed = failed || list_add(units, &row) ? failed : units->err;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The one further column: unit. */
static enum err make_units(struct reading *r)
{
    struct roster *roster = &r->out->roster;
    struct arena *arena = r->coach->arena;
    struct list units, names, ids;
    struct intern *seen = intern_new(arena, INTERN_MAX);
    roster->values = arena_alloc(arena, (size_t)roster->n_people + 1, sizeof *roster->values);
    roster->columns = arena_alloc(arena, 1, sizeof *roster->columns);
    if (!seen || !roster->values || !roster->columns) {
        return ERR_NOMEM;
    }
    list_init(&names, arena, sizeof(struct str), SIZE_MAX);
    list_init(&ids, arena, sizeof(int64_t), SIZE_MAX);
    enum err err = read_units(r->coach, &units);
    for (int32_t k = 0; k < roster->n_people && !err; k++) {
        const struct unit_row *unit = school_of(&units, ((int64_t *)r->unit_of.items)[k]);
        bool fresh = false;
        roster->values[k] = ROSTER_NONE;
        if (unit) {
            struct str key = {(const char *)&unit->id, sizeof unit->id};
            err = intern_add(seen, key, &roster->values[k], &fresh);
        }
        if (fresh && !err && (!list_add(&names, &unit->name) || !list_add(&ids, &unit->id))) {
            err = ERR_NOMEM;
        }
    }
    roster->columns[0] = (struct roster_column){
        .name = str_of("unit"), .values = names.items, .n_values = (int32_t)names.n};
    roster->n_columns = 1;
    roster->unit_column = 0;
    r->out->unit_ids = ids.items;
    return err;
}

/* ---- languages and free periods ---- */

static enum err read_language(struct reading *r, const struct db_query *q)
{
    struct roster *roster = &r->out->roster;
    int32_t person = round_roster_person(r->out, db_int(q, 0)), k = 0;
    struct str text = db_text(q, 1), copy;
    const char *dash = memchr(text.p, '-', text.n);
    text.n = dash ? (size_t)(dash - text.p) : text.n;
    while (k < roster->n_languages && !str_equal(roster->languages[k], text)) {
        k++;
    }
    if (person == ROSTER_NONE || k == ROSTER_MAX_LANGUAGES) {
        return ERR_OK; /* a sixty-fifth language brings nobody together */
    }
    if (k == roster->n_languages) {
        if (!coach_copy(r->coach, text, &copy)) {
            return ERR_NOMEM;
        }
        roster->languages[roster->n_languages++] = copy;
    }
    roster->people[person].languages |= UINT64_C(1) << k;
    return ERR_OK;
}

#define DAYS "montuewedthufrisatsun"
#define PERIOD_ROOM 8

static enum err read_period(struct reading *r, const struct db_query *q)
{
    int32_t person = round_roster_person(r->out, db_int(q, 0));
    struct str text = db_text(q, 1);
    int day = 0, period = 0;
    if (person == ROSTER_NONE || text.n < 5 || text.n > 6) {
        return ERR_OK;
    }
    while (day < PROFILE_DAYS && memcmp(text.p, &DAYS[3 * day], 3) != 0) {
        day++;
    }
    for (size_t i = 4; i < text.n; i++) {
        period = 10 * period + (text.p[i] - '0');
    }
    if (day < PROFILE_DAYS && period >= 1 && period <= PROFILE_PERIODS) {
        int bit = day * PROFILE_PERIODS + period - 1;
        r->out->roster.people[person].free_periods[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
    return ERR_OK;
}

/* "mon-1" .. "sun-12", in the order of their bits. */
static enum err name_periods(struct coach *coach, struct roster *roster)
{
    roster->n_periods = PROFILE_DAYS * PROFILE_PERIODS;
    roster->periods = arena_alloc(coach->arena, (size_t)roster->n_periods, sizeof *roster->periods);
    char *room = arena_alloc(coach->arena, (size_t)roster->n_periods, PERIOD_ROOM);
    if (!roster->periods || !room) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < roster->n_periods; k++) {
        char *at = room + (size_t)k * PERIOD_ROOM;
        int day = k / PROFILE_PERIODS, period = k % PROFILE_PERIODS + 1;
        size_t n = 4;
        memcpy(at, &DAYS[3 * day], 3);
        at[3] = '-';
        if (period >= 10) {
            at[n++] = '1';
        }
        at[n++] = (char)('0' + period % 10);
        roster->periods[k] = (struct str){at, n};
    }
    return ERR_OK;
}

static enum err read_tags(struct reading *r)
{
    struct roster *roster = &r->out->roster;
    roster->languages =
        arena_alloc(r->coach->arena, ROSTER_MAX_LANGUAGES, sizeof *roster->languages);
    enum err err = roster->languages ? name_periods(r->coach, roster) : ERR_NOMEM;
    err = err ? err : each(r, SQL_ROUND_LANGUAGES, read_language);
    return err ? err : each(r, SQL_ROUND_PERIODS, read_period);
}

/* ---- skills and wishes ---- */

static enum err read_skills(struct reading *r)
{
    struct roster *roster = &r->out->roster;
    struct list skills, ids;
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(r->coach, SQL_ROUND_SKILLS, SQL_ARGS(sql_int(r->programme->id)), &q);
    if (err) {
        return err;
    }
    list_init(&skills, r->coach->arena, sizeof(struct roster_skill), ROSTER_MAX_SKILLS);
    list_init(&ids, r->coach->arena, sizeof(int64_t), ROSTER_MAX_SKILLS);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        int64_t id = db_int(q, 0);
        struct roster_skill skill = {.levels = (int32_t)db_int(q, 1)};
        skill.name = skill.id = sql_copy(r->coach, q, 2, &failed);
        failed = failed || (list_add(&skills, &skill) && list_add(&ids, &id)) ? failed : ERR_NOMEM;
    }
    db_finish(q);
    roster->skills = skills.items;
    roster->n_skills = (int32_t)skills.n;
    roster->n_domains = 1;
    roster->domains = arena_alloc(r->coach->arena, 1, sizeof *roster->domains);
    r->out->skill_ids = ids.items;
    if (failed || err != ERR_NOT_FOUND || !roster->domains) {
        return failed ? failed : err != ERR_NOT_FOUND ? err : ERR_NOMEM;
    }
    return sort_ids(r->coach, r->out->skill_ids, roster->n_skills, &r->out->by_skill);
}

static enum err read_wishes(struct reading *r, enum sql_id sql, struct roster_wish **wishes,
                            size_t *n)
{
    struct list list;
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(r->coach, sql, SQL_ARGS(sql_int(r->programme->id)), &q);
    if (err) {
        return err;
    }
    list_init(&list, r->coach->arena, sizeof(struct roster_wish), ROSTER_MAX_WISHES);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct roster_wish wish = {.person = round_roster_person(r->out, db_int(q, 0)),
                                   .skill = round_roster_skill(r->out, db_int(q, 1)),
                                   .priority = (int32_t)db_int(q, 2)};
        if (wish.person != ROSTER_NONE && wish.skill != ROSTER_NONE && !list_add(&list, &wish)) {
            failed = list.err;
        }
    }
    db_finish(q);
    *wishes = list.items;
    *n = list.n;
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- rules ---- */

struct rules {
    struct reading *r;
    struct list rules, ids;
};

/* Two people of the programme and a rule about them; others are left out. */
static enum err add_rule(struct rules *rules, struct roster_rule rule, int64_t person,
                         int64_t other)
{
    rule.person = round_roster_person(rules->r->out, person);
    rule.other = round_roster_person(rules->r->out, other);
    bool both = rule.person != ROSTER_NONE && rule.other != ROSTER_NONE;
    return !both || list_add(&rules->rules, &rule) ? ERR_OK : rules->rules.err;
}

/* Columns: kind, person, other, skill, id. */
static enum err read_rules(struct rules *rules, enum sql_id sql)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = rows_of(rules->r, sql, &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct str kind = db_text(q, 0);
        int64_t id = db_int(q, 4);
        struct roster_rule rule = {.kind = str_is(kind, "must")    ? ROSTER_MUST
                                           : str_is(kind, "keep")  ? ROSTER_KEEP
                                           : str_is(kind, "never") ? ROSTER_NEVER
                                                                   : ROSTER_EVALUATOR,
                                   .skill = round_roster_skill(rules->r->out, db_int(q, 3)),
                                   .column = ROSTER_NONE};
        failed = id && !list_add(&rules->ids, &id) ? rules->ids.err : ERR_OK;
        rule.line = id ? rules->ids.n : 0;
        failed = failed ? failed : add_rule(rules, rule, db_int(q, 1), db_int(q, 2));
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err add_shared(struct rules *rules, enum roster_shared what)
{
    const struct roster_rule rule = {.kind = ROSTER_SHARED,
                                     .person = ROSTER_NONE,
                                     .other = ROSTER_NONE,
                                     .skill = ROSTER_NONE,
                                     .column = (int32_t)what};
    return list_add(&rules->rules, &rule) ? ERR_OK : rules->rules.err;
}

static enum err make_rules(struct reading *r, const struct round_lock *locks, size_t n)
{
    struct rules rules = {.r = r};
    list_init(&rules.rules, r->coach->arena, sizeof(struct roster_rule), ROSTER_MAX_RULES);
    list_init(&rules.ids, r->coach->arena, sizeof(int64_t), ROSTER_MAX_RULES);
    enum err err =
        r->programme->same_language ? add_shared(&rules, ROSTER_SHARED_LANGUAGES) : ERR_OK;
    if (!err && r->programme->same_period) {
        err = add_shared(&rules, ROSTER_SHARED_PERIODS);
    }
    err = err ? err : read_rules(&rules, SQL_ROUND_EVALUATORS);
    for (size_t k = 0; k < n && !err; k++) {
        struct roster_rule rule = {.kind = ROSTER_MUST,
                                   .skill = round_roster_skill(r->out, locks[k].skill_id),
                                   .column = ROSTER_NONE};
        err = add_rule(&rules, rule, locks[k].learner_id, locks[k].helper_id);
    }
    err = err ? err : read_rules(&rules, SQL_ROUND_TOGETHER);
    err = err ? err : read_rules(&rules, SQL_ROUND_RULES);
    if (!err && r->programme->keep_good) {
        err = read_rules(&rules, SQL_ROUND_KEEP);
    }
    r->out->roster.rules = rules.rules.items;
    r->out->roster.n_rules = rules.rules.n;
    r->out->rule_ids = rules.ids.items;
    return err;
}

/* ---- all of it ---- */

static enum err read_all(struct reading *r, const struct round_lock *locks, size_t n_locks,
                         bool links)
{
    struct round_roster *out = r->out;
    *out = (struct round_roster){.roster = {.has_needs = true,
                                            .has_offers = true,
                                            .unit_column = ROSTER_NONE,
                                            .last_day = ZONE_DAY_UNKNOWN}};
    struct roster *roster = &out->roster;
    enum err err = read_people(r);
    err = err ? err : make_units(r);
    err = err ? err : read_tags(r);
    err = err ? err : read_skills(r);
    err = err ? err : read_wishes(r, SQL_ROUND_NEEDS, &roster->needs, &roster->n_needs);
    err = err ? err : read_wishes(r, SQL_ROUND_OFFERS, &roster->offers, &roster->n_offers);
    err = err ? err : make_rules(r, locks, n_locks);
    return err ? err : round_roster_zones(r->coach, r->programme, links, out);
}

enum err round_roster_read(struct coach *coach, const struct programme *programme,
                           const struct round_lock *locks, size_t n_locks, bool links,
                           struct round_roster *out)
{
    struct reading r = {.coach = coach, .programme = programme, .out = out};
    return read_all(&r, locks, n_locks, links);
}

enum err round_roster_read_before(struct coach *coach, const struct programme *programme,
                                  int64_t round_id, const struct round_lock *locks, size_t n_locks,
                                  struct round_roster *out)
{
    struct reading r = {.coach = coach, .programme = programme, .round_id = round_id, .out = out};
    return read_all(&r, locks, n_locks, false);
}

struct round_options round_roster_options(const struct programme *programme,
                                          enum programme_strategy strategy)
{
    static const enum round_strategy strategies[PROGRAMME_STRATEGY__MAX] = {
        [PROGRAMME_RECIPROCAL] = ROUND_RECIPROCAL,
        [PROGRAMME_GUIDE] = ROUND_GUIDE,
        [PROGRAMME_TRIO] = ROUND_TRIO,
        [PROGRAMME_SELF] = ROUND_STABLE,
        [PROGRAMME_RANDOM] = ROUND_RANDOM,
    };
    struct round_options options = round_options_default();
    options.objective = programme->most_gain ? ROUND_GAIN : ROUND_SERVED;
    options.within = programme->same_unit ? 0 : ROSTER_NONE; /* the column unit */
    options.strategy = strategies[strategy];
    bool lifts = strategy == PROGRAMME_RECIPROCAL || strategy == PROGRAMME_GUIDE;
    options.lift = programme->lift && lifts && options.objective == ROUND_SERVED;
    return options;
}
