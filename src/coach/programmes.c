/* Programmes: reading and writing them, and what they go through; see programmes.h. */
#include "coach/programmes.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/notices.h"
#include "coach/partnerships.h"
#include "coach/programmes_read.h"
#include "coach/sql.h"

static const char *const state_words[PROGRAMME_STATE__MAX] = {"draft", "open", "running", "closed"};
static const char *const strategy_words[PROGRAMME_STRATEGY__MAX] = {"reciprocal", "guide", "trio",
                                                                    "self", "random"};

const char *programmes_state_word(enum programme_state state)
{
    return state_words[state];
}

const char *programmes_strategy_word(enum programme_strategy strategy)
{
    return strategy_words[strategy];
}

bool programmes_strategy_of(struct str word, enum programme_strategy *strategy)
{
    for (int k = 0; k < PROGRAMME_STRATEGY__MAX; k++) {
        if (str_is(word, strategy_words[k])) {
            *strategy = (enum programme_strategy)k;
            return true;
        }
    }
    return false;
}

bool programmes_may_arrange(const struct coach *coach)
{
    return coach->actor.system || coach->actor.coordinator || coach->actor.administrator;
}

static enum programme_state state_of(struct str word)
{
    int k = 0;
    while (k < PROGRAMME_CLOSED && !str_is(word, state_words[k])) {
        k++;
    }
    return (enum programme_state)k;
}

enum err programmes_read(struct coach *coach, const struct db_query *q, struct programme *programme)
{
    enum err err = ERR_OK;
    struct programme p = {
        .id = db_int(q, 0),
        .name = sql_copy(coach, q, 1, &err),
        .about = sql_copy(coach, q, 2, &err),
        .framework_id = db_int(q, 3),
        .framework = sql_copy(coach, q, 4, &err),
        .starts_day = (int32_t)db_int(q, 5),
        .ends_day = (int32_t)db_int(q, 6),
        .state = state_of(db_text(q, 7)),
        .most_gain = str_is(db_text(q, 9), "gain"),
        .lift = db_int(q, 10) == 1,
        .same_unit = str_is(db_text(q, 11), "unit"),
        .same_language = db_int(q, 12) == 1,
        .same_period = db_int(q, 13) == 1,
        .keep_good = db_int(q, 14) == 1,
        .opt_in = db_int(q, 15) == 1,
        .max_helps = (int32_t)db_int(q, 16),
        .max_learns = (int32_t)db_int(q, 17),
        .template = sql_copy(coach, q, 18, &err),
        .created_by = db_int(q, 19),
        .created_ms = db_int(q, 20),
        .changed_ms = db_int(q, 21),
    };
    (void)programmes_strategy_of(db_text(q, 8), &p.strategy);
    *programme = p;
    return err;
}

/* From a column on. */
static void read_counts(const struct db_query *q, int from, struct programme *programme)
{
    programme->n_in = db_int(q, from);
    programme->n_invited = db_int(q, from + 1);
    programme->n_out = db_int(q, from + 2);
}

enum err programmes_find(struct coach *coach, int64_t id, struct programme *programme)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_PROGRAMME_BY_ID, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    err = programmes_read(coach, q, programme);
    db_finish(q);
    return err;
}

/* How many of its people are here: each of them is looked at. */
static enum err count_people(struct coach *coach, struct programme *programme)
{
    struct db_query *q;
    enum err err =
        sql_first(coach, SQL_PROGRAMME_COUNT_PEOPLE, SQL_ARGS(sql_int(programme->id)), &q);
    if (err) {
        return err;
    }
    read_counts(q, 0, programme);
    db_finish(q);
    return ERR_OK;
}

enum err programmes_may(struct coach *coach, enum allow_verb verb, int64_t id)
{
    int64_t there;
    enum err err = sql_number(coach, SQL_PROGRAMME_THERE, SQL_ARGS(sql_int(id)), &there);
    return err ? err : allowed(coach, verb, allow_on(ALLOW_ON_PROGRAMME, id));
}

enum err programmes_arrange(struct coach *coach, enum allow_verb verb, int64_t id,
                            struct programme *programme)
{
    enum err err = programmes_may(coach, verb, id);
    return err ? err : programmes_find(coach, id, programme);
}

static enum err read_listed(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = programmes_read(coach, q, item);
    read_counts(q, PROGRAMMES_COLUMNS, item);
    return err;
}

static enum err read_named(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    *(struct programme *)item =
        (struct programme){.id = db_int(q, 0), .name = sql_copy(coach, q, 1, &err)};
    return err;
}

/* Programmes that the actor arranges, at most `most`. */
static enum err read_list(struct coach *coach, enum sql_id id, size_t most,
                          enum err (*read)(struct coach *coach, const struct db_query *q,
                                           void *item),
                          struct programme_list *list)
{
    const struct actor *actor = &coach->actor;
    int64_t who = actor->system || actor->administrator ? 0 : actor->person_id;
    struct list rows;
    *list = (struct programme_list){0};
    if (!programmes_may_arrange(coach)) {
        return ERR_OK;
    }
    list_init(&rows, coach->arena, sizeof(struct programme), most);
    enum err err = sql_list(coach, id, SQL_ARGS(sql_int(who), sql_int((int64_t)most)), read, &rows);
    *list = (struct programme_list){rows.items, rows.n};
    return err;
}

enum err programmes_list(struct coach *coach, struct programme_list *list)
{
    return read_list(coach, SQL_PROGRAMME_LIST, PROGRAMMES_MAX, read_listed, list);
}

enum err programmes_at_work(struct coach *coach, struct programme_list *list)
{
    return read_list(coach, SQL_PROGRAMME_AT_WORK, PROGRAMMES_AT_WORK, read_named, list);
}

enum err programmes_get(struct coach *coach, int64_t id, struct programme *programme)
{
    bool yes = false;
    int64_t self = coach->actor.person_id, one;
    enum err err = sql_number(coach, SQL_PROGRAMME_THERE, SQL_ARGS(sql_int(id)), &one);
    err = err ? err : allowed_quietly(coach, ALLOW_VIEW, allow_on(ALLOW_ON_PROGRAMME, id), &yes);
    if (!err && !yes && self) {
        err =
            sql_number(coach, SQL_PROGRAMME_IS_PERSON, SQL_ARGS(sql_int(id), sql_int(self)), &one);
        err = err == ERR_NOT_FOUND ? ERR_FORBIDDEN : err;
    } else if (!err && !yes) {
        err = ERR_FORBIDDEN;
    }
    err = err ? err : programmes_find(coach, id, programme);
    if (!err && !yes && programme->state == PROGRAMME_DRAFT) {
        err = ERR_FORBIDDEN;
    }
    return err || !yes ? err : count_people(coach, programme);
}

/* ---- writing ---- */

static void check_limit(struct complaints *complaints, const char *field, int32_t n)
{
    if (n < -1 || n > PROGRAMMES_PARTNERS) {
        complaint_add_int(complaints, field, N_("A number from 0 to {n}."), "n",
                          PROGRAMMES_PARTNERS);
    }
}

/* Complains about all that is wrong, and cleans the texts. */
static enum err check(struct coach *coach, struct programme *p, struct complaints *complaints)
{
    int64_t active = 0;
    (void)complaint_clean(complaints, "name", p->name, true, false, PROGRAMMES_NAME, &p->name);
    (void)complaint_clean(complaints, "about", p->about.p ? p->about : (struct str){"", 0}, false,
                          true, PROGRAMMES_ABOUT, &p->about);
    enum err err =
        sql_number(coach, SQL_PROGRAMME_FRAMEWORK, SQL_ARGS(sql_int(p->framework_id)), &active);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    if (active != 1) {
        complaint_add(complaints, "framework", N_("Choose a framework that is in use."));
    }
    if (p->ends_day < p->starts_day) {
        complaint_add(complaints, "ends", N_("It ends before it begins."));
    } else if (p->ends_day - p->starts_day > PROGRAMMES_DAYS) {
        complaint_add(complaints, "ends", N_("At most three years: a shorter one gets further."));
    }
    if (p->lift &&
        (p->most_gain || (p->strategy != PROGRAMME_RECIPROCAL && p->strategy != PROGRAMME_GUIDE))) {
        complaint_add(complaints, "lift",
                      N_("Lifting the least served goes with pairs or guides, and with as many "
                         "people served as possible."));
    }
    check_limit(complaints, "max_helps", p->max_helps);
    check_limit(complaints, "max_learns", p->max_learns);
    return complaint_result(complaints);
}

static struct sql_arg limit_arg(int32_t n)
{
    return n < 0 ? sql_null() : sql_int(n);
}

enum err programmes_add(struct coach *coach, const struct programme *programme,
                        struct complaints *complaints, int64_t *id)
{
    struct programme p = *programme;
    int64_t n = 0;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_PROGRAMME, 0));
    err = err ? err : sql_number(coach, SQL_PROGRAMME_COUNT, SQL_NONE, &n);
    err = err || n < PROGRAMMES_MAX ? err : ERR_LIMIT;
    err = err ? err : check(coach, &p, complaints);
    err =
        err ? err
            : sql_number(coach, SQL_PROGRAMME_ADD,
                         SQL_ARGS(sql_text(p.name), sql_text(p.about), sql_int(p.framework_id),
                                  sql_int(p.starts_day), sql_int(p.ends_day),
                                  sql_word(strategy_words[p.strategy]),
                                  sql_word(p.most_gain ? "gain" : "served"), sql_int(p.lift),
                                  sql_word(p.same_unit ? "unit" : "any"), sql_int(p.same_language),
                                  sql_int(p.same_period), sql_int(p.keep_good), sql_int(p.opt_in),
                                  limit_arg(p.max_helps), limit_arg(p.max_learns),
                                  sql_id_or_null(coach->actor.person_id), sql_int(coach->now_ms)),
                         id);
    return err ? err : audit_note(coach, ALLOW_ADD, allow_on(ALLOW_ON_PROGRAMME, *id), "");
}

enum err programmes_edit(struct coach *coach, const struct programme *programme,
                         struct complaints *complaints)
{
    struct programme p = *programme, old;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, p.id, &old);
    if (!err && old.state == PROGRAMME_CLOSED) {
        err = ERR_CONFLICT;
    }
    if (!err && p.framework_id != old.framework_id && old.state != PROGRAMME_DRAFT) {
        complaint_add(complaints, "framework",
                      N_("People have been asked already: the framework stays."));
    }
    err = err ? err : check(coach, &p, complaints);
    if (!err && p.framework_id != old.framework_id) {
        err = sql_run(coach, SQL_PROGRAMME_DROP_SKILLS, SQL_ARGS(sql_int(p.id)), NULL);
    }
    err = err ? err
              : sql_run(coach, SQL_PROGRAMME_EDIT,
                        SQL_ARGS(sql_int(p.id), sql_text(p.name), sql_text(p.about),
                                 sql_int(p.framework_id), sql_int(p.starts_day),
                                 sql_int(p.ends_day), sql_word(strategy_words[p.strategy]),
                                 sql_word(p.most_gain ? "gain" : "served"), sql_int(p.lift),
                                 sql_word(p.same_unit ? "unit" : "any"), sql_int(p.same_language),
                                 sql_int(p.same_period), sql_int(p.keep_good), sql_int(p.opt_in),
                                 limit_arg(p.max_helps), limit_arg(p.max_learns),
                                 sql_int(coach->now_ms)),
                        NULL);
    return err ? err : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, p.id), "");
}

enum err programmes_remove(struct coach *coach, int64_t id)
{
    struct programme old;
    enum err err = programmes_arrange(coach, ALLOW_REMOVE, id, &old);
    if (!err && old.state != PROGRAMME_DRAFT) {
        err = ERR_CONFLICT;
    }
    err = err ? err : sql_run(coach, SQL_PROGRAMME_REMOVE, SQL_ARGS(sql_int(id)), NULL);
    return err ? err : audit_note(coach, ALLOW_REMOVE, allow_on(ALLOW_ON_PROGRAMME, id), "");
}

/* ---- skills and units ---- */

static enum err read_ids(struct coach *coach, enum sql_id sql, int64_t id, int64_t **ids, size_t *n)
{
    struct list list;
    struct programme programme;
    list_init(&list, coach->arena, sizeof(int64_t), DB_MAX_ROWS);
    enum err err = programmes_get(coach, id, &programme);
    err = err ? err : sql_list(coach, sql, SQL_ARGS(sql_int(id)), sql_read_id, &list);
    *ids = list.items;
    *n = list.n;
    return err;
}

enum err programmes_skills(struct coach *coach, int64_t id, int64_t **ids, size_t *n)
{
    return read_ids(coach, SQL_PROGRAMME_SKILLS, id, ids, n);
}

enum err programmes_units(struct coach *coach, int64_t id, int64_t **ids, size_t *n)
{
    return read_ids(coach, SQL_PROGRAMME_UNITS, id, ids, n);
}

/* Replaces one list by another; `bad` counts those that are none. */
static enum err write_ids(struct coach *coach, enum sql_id drop, enum sql_id add, int64_t id,
                          const int64_t *ids, size_t n, size_t *bad)
{
    enum err err = sql_run(coach, drop, SQL_ARGS(sql_int(id)), NULL);
    for (size_t k = 0; k < n && !err; k++) {
        int64_t changed = 0;
        bool twice = false;
        for (size_t j = 0; j < k; j++) {
            twice = twice || ids[j] == ids[k];
        }
        err = sql_run(coach, add, SQL_ARGS(sql_int(id), sql_int(ids[k])), &changed);
        *bad += changed == 0 && !twice;
    }
    return err;
}

static enum err may_change(struct coach *coach, int64_t id, struct programme *programme)
{
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, programme);
    return err || programme->state != PROGRAMME_CLOSED ? err : ERR_CONFLICT;
}

enum err programmes_set_skills(struct coach *coach, int64_t id, const int64_t *ids, size_t n,
                               struct complaints *complaints)
{
    struct programme programme;
    size_t bad = 0;
    enum err err = may_change(coach, id, &programme);
    err = err || n <= PROGRAMMES_SKILLS ? err : ERR_LIMIT;
    err = err ? err
              : write_ids(coach, SQL_PROGRAMME_DROP_SKILLS, SQL_PROGRAMME_ADD_SKILL, id, ids, n,
                          &bad);
    if (!err && bad) {
        complaint_add(complaints, "skill", N_("This skill is not part of the framework."));
    }
    err = err ? err : complaint_result(complaints);
    return err ? err : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, id), "skills");
}

enum err programmes_set_units(struct coach *coach, int64_t id, const int64_t *ids, size_t n,
                              struct complaints *complaints)
{
    struct programme programme;
    size_t bad = 0;
    bool yes = true, all = coach->actor.system || coach->actor.administrator;
    enum err err = may_change(coach, id, &programme);
    err = err || n <= PROGRAMMES_UNITS ? err : ERR_LIMIT;
    for (size_t k = 0; k < n && !err && yes && !all; k++) {
        /* Who may give roles in a unit is who coordinates it. */
        err = allowed_quietly(coach, ALLOW_ADD, allow_on(ALLOW_ON_ROLE, ids[k]), &yes);
    }
    if (!err && !yes) {
        complaint_add(complaints, "unit", N_("Choose among the units that you coordinate."));
        return complaint_result(complaints);
    }
    err =
        err ? err
            : write_ids(coach, SQL_PROGRAMME_DROP_UNITS, SQL_PROGRAMME_ADD_UNIT, id, ids, n, &bad);
    if (!err && bad) {
        complaint_add(complaints, "unit", N_("One of these units is no longer there."));
    }
    err = err ? err : complaint_result(complaints);
    return err ? err : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, id), "units");
}

/* ---- what it goes through ---- */

static enum err set_state(struct coach *coach, int64_t id, enum programme_state state)
{
    enum err err =
        sql_run(coach, SQL_PROGRAMME_SET_STATE,
                SQL_ARGS(sql_int(id), sql_word(state_words[state]), sql_int(coach->now_ms)), NULL);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, id),
                            state_words[state]);
}

/* A notice for everybody who is asked and has not been told. */
static enum err tell_invited(struct coach *coach, int64_t id)
{
    struct list people;
    list_init(&people, coach->arena, sizeof(int64_t), PROGRAMMES_PEOPLE);
    enum err err =
        sql_list(coach, SQL_PROGRAMME_UNTOLD, SQL_ARGS(sql_int(id)), sql_read_id, &people);
    for (size_t k = 0; k < people.n && !err; k++) {
        err = notices_add(coach, ((int64_t *)people.items)[k], NOTICE_PROGRAMME, 0, id);
    }
    return err;
}

static enum err invite(struct coach *coach, const struct programme *programme, int64_t *n)
{
    *n = 0;
    enum err err =
        sql_run(coach, SQL_PROGRAMME_INVITE,
                SQL_ARGS(sql_int(programme->id), sql_word(programme->opt_in ? "invited" : "in"),
                         sql_int(coach->now_ms)),
                n);
    return err || !programme->opt_in ? err : tell_invited(coach, programme->id);
}

enum err programmes_open(struct coach *coach, int64_t id, struct complaints *complaints)
{
    struct programme programme;
    struct programme_reach reach = {0};
    int64_t n;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, &programme);
    err = err || programme.state == PROGRAMME_DRAFT ? err : ERR_CONFLICT;
    err = err ? err : invite(coach, &programme, &n);
    if (!err && !programme.opt_in) {
        err = sql_run(coach, SQL_PROGRAMME_COUNT_IN, SQL_ARGS(sql_int(id)), NULL);
    }
    err = err ? err : programmes_reach(coach, id, &reach);
    if (!err && reach.n_people < 2) {
        complaint_add(
            complaints, "unit",
            N_("Nobody could work with anybody yet: choose units with two people or more, "
               "or add people."));
        return complaint_result(complaints);
    }
    return err ? err : set_state(coach, id, PROGRAMME_OPEN);
}

enum err programmes_refresh(struct coach *coach, int64_t id, int64_t *n)
{
    struct programme programme;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, &programme);
    bool runs = !err && (programme.state == PROGRAMME_OPEN || programme.state == PROGRAMME_RUNNING);
    err = err || runs ? err : ERR_CONFLICT;
    err = err ? err : invite(coach, &programme, n);
    return err ? err : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, id), "refresh");
}

enum err programmes_close(struct coach *coach, int64_t id)
{
    struct programme programme;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, &programme);
    bool runs = !err && (programme.state == PROGRAMME_OPEN || programme.state == PROGRAMME_RUNNING);
    int64_t publishing = 0;
    err =
        err ? err : sql_number(coach, SQL_PROGRAMME_PUBLISHING, SQL_ARGS(sql_int(id)), &publishing);
    err = err || (runs && !publishing) ? err : ERR_CONFLICT;
    err = err ? err : sql_run(coach, SQL_PROGRAMME_DISCARD_ROUNDS, SQL_ARGS(sql_int(id)), NULL);
    err = err ? err : notices_done(coach, 0, NOTICE_PROGRAMME, 0, id);
    err = err ? err : partnerships_programme_closed(coach, id);
    return err ? err : set_state(coach, id, PROGRAMME_CLOSED);
}

enum err programmes_run(struct coach *coach, int64_t id)
{
    struct programme programme;
    enum err err = programmes_find(coach, id, &programme);
    return err || programme.state != PROGRAMME_OPEN ? err : set_state(coach, id, PROGRAMME_RUNNING);
}
