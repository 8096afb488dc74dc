/* Who takes part in a programme: for those who arrange it, and for each person; programmes.h. */
#include "base/arena.h"
#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/notices.h"
#include "coach/people_read.h"
#include "coach/programmes_read.h"
#include "coach/sql.h"

static const char *const part_words[PART__MAX] = {"invited", "in", "out"};

static enum taking_part part_of(struct str word)
{
    return str_is(word, "in") ? PART_IN : str_is(word, "out") ? PART_OUT : PART_INVITED;
}

enum err programmes_reach(struct coach *coach, int64_t id, struct programme_reach *reach)
{
    struct db_query *q;
    enum err err = programmes_may(coach, ALLOW_VIEW, id);
    err = err ? err : sql_first(coach, SQL_PROGRAMME_REACH, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *reach = (struct programme_reach){db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3)};
    db_finish(q);
    return ERR_OK;
}

static enum err read_person(struct coach *coach, const struct db_query *q,
                            struct programme_person *person)
{
    enum err err = ERR_OK;
    *person = (struct programme_person){
        .person_id = db_int(q, 0),
        .name = sql_copy_name(coach, q, 1, 2, &err),
        .units = {"", 0},
        .withheld = db_int(q, 12) == 1,
        .added = str_is(db_text(q, 5), "added"),
    };
    if (!person->withheld) {
        person->state = part_of(db_text(q, 4));
        person->max_helps = (int32_t)db_int(q, 6);
        person->max_learns = (int32_t)db_int(q, 7);
        person->own_limits = db_int(q, 8) == 1;
        person->n_needs = (int32_t)db_int(q, 9);
        person->n_offers = (int32_t)db_int(q, 10);
        person->answered_ms = db_int(q, 11);
    }
    return err;
}

static enum err fill_units(struct coach *coach, struct programme_people *people)
{
    int64_t ids[PROGRAMMES_PAGE];
    struct str units[PROGRAMMES_PAGE];
    for (size_t k = 0; k < people->n; k++) {
        ids[k] = people->items[k].person_id;
    }
    enum err err = people_units_of(coach, ids, people->n, units);
    for (size_t k = 0; k < people->n && !err; k++) {
        people->items[k].units = units[k];
    }
    return err;
}

enum err programmes_people(struct coach *coach, int64_t id, struct str words,
                           enum taking_part state, struct str after,
                           struct programme_people *people)
{
    struct people_query query = {.words = words, .after = after, .limit = PROGRAMMES_PAGE};
    struct people_asked asked = {0};
    struct programme_people found = {.next = {"", 0}};
    struct str last = {"", 0};
    struct db_query *q;
    enum err err = programmes_may(coach, ALLOW_VIEW, id);
    err = err ? err : people_ask(coach, &query, &asked);
    found.items = err ? NULL : arena_alloc(coach->arena, PROGRAMMES_PAGE, sizeof *found.items);
    if (!found.items) {
        return err ? err : ERR_NOMEM;
    }
    err = sql_rows(coach, SQL_PROGRAMME_PEOPLE,
                   SQL_ARGS(sql_int(id), sql_text(asked.search), sql_int(asked.id),
                            sql_int(PROGRAMMES_PAGE + 1), sql_text(asked.patterns[0]),
                            sql_text(asked.patterns[1]), sql_text(asked.patterns[2]),
                            sql_text(asked.patterns[3]),
                            sql_word(state < PART__MAX ? part_words[state] : ""),
                            sql_int(coach->actor.person_id)),
                   &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK && found.n < PROGRAMMES_PAGE) {
        err = read_person(coach, q, &found.items[found.n++]);
        last = sql_copy(coach, q, 3, &err);
        if (err) {
            break;
        }
    }
    bool more = err == ERR_OK;
    db_finish(q);
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    if (!err && more && found.n) {
        err = people_write_after(coach, found.items[found.n - 1].person_id, last, &found.next);
    }
    err = err ? err : fill_units(coach, &found);
    if (!err) {
        *people = found;
    }
    return err;
}

enum err programmes_add_person(struct coach *coach, int64_t id, int64_t person_id)
{
    struct programme programme;
    int64_t one, changed = 0;
    struct allow_object part = allow_of(ALLOW_ON_PART, person_id, id);
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, &programme);
    err = err ? err : allowed(coach, ALLOW_ADD, part);
    err = err || programme.state != PROGRAMME_CLOSED ? err : ERR_CONFLICT;
    err = err ? err
              : sql_number(coach, SQL_PROGRAMME_ACTIVE_PERSON, SQL_ARGS(sql_int(person_id)), &one);
    bool ask = !err && (programme.opt_in || programme.state == PROGRAMME_DRAFT);
    err = err ? err
              : sql_run(coach, SQL_PROGRAMME_ADD_PERSON,
                        SQL_ARGS(sql_int(id), sql_int(person_id), sql_word(ask ? "invited" : "in"),
                                 sql_int(coach->now_ms)),
                        &changed);
    if (!err && changed && programme.opt_in && programme.state != PROGRAMME_DRAFT) {
        err = notices_add(coach, person_id, NOTICE_PROGRAMME, 0, id);
    }
    return err || !changed ? err : audit_note(coach, ALLOW_ADD, part, "");
}

enum err programmes_drop_person(struct coach *coach, int64_t id, int64_t person_id)
{
    struct programme programme;
    int64_t changed = 0;
    struct allow_object part = allow_of(ALLOW_ON_PART, person_id, id);
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, &programme);
    err = err ? err : allowed(coach, ALLOW_REMOVE, part);
    err = err || programme.state != PROGRAMME_CLOSED ? err : ERR_CONFLICT;
    err = err ? err
              : sql_run(coach, SQL_PROGRAMME_DROP_PERSON_RULES,
                        SQL_ARGS(sql_int(id), sql_int(person_id)), NULL);
    err = err ? err
              : sql_run(coach, SQL_PROGRAMME_DROP_PERSON, SQL_ARGS(sql_int(id), sql_int(person_id)),
                        &changed);
    err = err ? err : notices_done(coach, person_id, NOTICE_PROGRAMME, 0, id);
    return err || !changed ? err : audit_note(coach, ALLOW_REMOVE, part, "");
}

/* ---- taking part ---- */

static enum err read_part(struct coach *coach, const struct db_query *q, void *item)
{
    struct programme_part *part = item;
    *part = (struct programme_part){
        .state = part_of(db_text(q, PROGRAMMES_COLUMNS)),
        .max_helps = (int32_t)db_int(q, PROGRAMMES_COLUMNS + 1),
        .max_learns = (int32_t)db_int(q, PROGRAMMES_COLUMNS + 2),
        .n_needs = (int32_t)db_int(q, PROGRAMMES_COLUMNS + 3),
        .n_offers = (int32_t)db_int(q, PROGRAMMES_COLUMNS + 4),
    };
    return programmes_read(coach, q, &part->programme);
}

enum err programmes_mine(struct coach *coach, struct programme_parts *parts)
{
    int64_t self = coach->actor.person_id;
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct programme_part), PROGRAMMES_MAX);
    enum err err =
        self ? allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_PART, self, 0)) : ERR_FORBIDDEN;
    err =
        err ? err : sql_list(coach, SQL_PROGRAMME_PARTS, SQL_ARGS(sql_int(self)), read_part, &rows);
    *parts = (struct programme_parts){rows.items, rows.n};
    return err;
}

enum err programmes_my_part(struct coach *coach, int64_t id, struct programme_part *part)
{
    int64_t self = coach->actor.person_id;
    struct db_query *q;
    enum err err =
        self ? allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_PART, self, id)) : ERR_FORBIDDEN;
    err = err ? err
              : sql_first(coach, SQL_PROGRAMME_MY_PART, SQL_ARGS(sql_int(self), sql_int(id)), &q);
    if (err) {
        return err;
    }
    err = read_part(coach, q, part);
    db_finish(q);
    return err;
}

static struct sql_arg limit_arg(int32_t n)
{
    return n < 0 ? sql_null() : sql_int(n);
}

static void check_limit(struct complaints *complaints, const char *field, int32_t n)
{
    if (n < -1 || n > PROGRAMMES_PARTNERS) {
        complaint_add_int(complaints, field, N_("A number from 0 to {n}."), "n",
                          PROGRAMMES_PARTNERS);
    }
}

enum err programmes_answer(struct coach *coach, int64_t id, bool yes, int32_t max_helps,
                           int32_t max_learns, struct complaints *complaints)
{
    int64_t self = coach->actor.person_id;
    struct allow_object object = allow_of(ALLOW_ON_PART, self, id);
    struct programme_part part;
    enum err err = self ? allowed(coach, ALLOW_EDIT, object) : ERR_FORBIDDEN;
    err = err ? err : programmes_my_part(coach, id, &part);
    err = err || part.programme.state != PROGRAMME_CLOSED ? err : ERR_CONFLICT;
    if (!err && yes) {
        check_limit(complaints, "max_helps", max_helps);
        check_limit(complaints, "max_learns", max_learns);
        err = complaint_result(complaints);
    }
    err = err ? err
              : sql_run(coach, SQL_PROGRAMME_ANSWER,
                        SQL_ARGS(sql_int(id), sql_int(self),
                                 sql_word(part_words[yes ? PART_IN : PART_OUT]),
                                 limit_arg(yes ? max_helps : -1), limit_arg(yes ? max_learns : -1),
                                 sql_int(coach->now_ms)),
                        NULL);
    err = err ? err : notices_done(coach, self, NOTICE_PROGRAMME, 0, id);
    return err ? err : audit_note(coach, ALLOW_EDIT, object, yes ? "in" : "out");
}
