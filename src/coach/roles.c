/* Memberships: who is what, where. */
#include "coach/roles.h"

#include "base/arena.h"
#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/sql.h"

#define MANY 100000 /* memberships of one unit, or of one person */

static const char *const words[ROLE__MAX] = {
    [ROLE_PARTICIPANT] = "participant",
    [ROLE_COORDINATOR] = "coordinator",
    [ROLE_ADMINISTRATOR] = "administrator",
};

const char *roles_word(enum role role)
{
    return words[role];
}

bool roles_of_word(struct str word, enum role *role)
{
    for (int i = 0; i < ROLE__MAX; i++) {
        if (str_is(word, words[i])) {
            *role = (enum role)i;
            return true;
        }
    }
    return false;
}

static enum err read_one(struct coach *coach, const struct db_query *q, void *item)
{
    struct membership *m = item;
    enum err err = ERR_OK;
    *m = (struct membership){
        .person_id = db_int(q, 0),
        .unit_id = db_int(q, 1),
        .source = sql_copy(coach, q, 3, &err),
        .unit_name = sql_copy(coach, q, 4, &err),
        .person_name = sql_copy_name(coach, q, 5, 6, &err),
    };
    return roles_of_word(db_text(q, 2), &m->role) ? err : ERR_INVALID;
}

static enum err read_list(struct coach *coach, enum sql_id id, int64_t of,
                          struct membership_list *list)
{
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct membership), MANY);
    enum err err = sql_list(coach, id, SQL_ARGS(sql_int(of)), read_one, &rows);
    if (err) {
        return err;
    }
    *list = (struct membership_list){rows.items, rows.n};
    return ERR_OK;
}

enum err roles_of_person(struct coach *coach, int64_t person_id, struct membership_list *list)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_ROLE, person_id, 0));
    return err ? err : read_list(coach, SQL_ROLE_OF_PERSON, person_id, list);
}

enum err roles_in_unit(struct coach *coach, int64_t unit_id, struct membership_list *list)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_ROLE, unit_id));
    return err ? err : read_list(coach, SQL_ROLE_IN_UNIT, unit_id, list);
}

enum err roles_each(struct coach *coach, roles_each_fn *each, void *ctx)
{
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_IMPORT, 0));
    err = err ? err : sql_rows(coach, SQL_ROLE_EACH, SQL_NONE, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct membership m = {
            .person_id = db_int(q, 0), .unit_id = db_int(q, 1), .source = db_text(q, 3)};
        err = roles_of_word(db_text(q, 2), &m.role) ? each(ctx, &m) : ERR_INVALID;
        if (err) {
            break;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Coordinators make and unmake participants of their units; the other roles are administrators' to
 * give. */
static enum err may(struct coach *coach, enum allow_verb verb, int64_t person_id, int64_t unit_id,
                    enum role role)
{
    return allowed(coach, role == ROLE_PARTICIPANT ? verb : ALLOW_EDIT,
                   allow_of(ALLOW_ON_ROLE, person_id, unit_id));
}

/* ERR_NOT_FOUND without the person, the unit or the role. */
static enum err there(struct coach *coach, int64_t person_id, int64_t unit_id, enum role role,
                      bool *has)
{
    int64_t one;
    enum err err =
        sql_number(coach, SQL_ROLE_HAS,
                   SQL_ARGS(sql_int(person_id), sql_int(unit_id), sql_word(words[role])), &one);
    *has = err == ERR_OK;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check_place(struct coach *coach, int64_t person_id, int64_t unit_id, enum role role)
{
    struct db_query *q;
    int64_t active;
    enum err err = sql_number(coach, SQL_ROLE_PERSON, SQL_ARGS(sql_int(person_id)), &active);
    if (err) {
        return err;
    }
    err = sql_first(coach, SQL_ROLE_UNIT, SQL_ARGS(sql_int(unit_id)), &q);
    if (err) {
        return err;
    }
    bool retired = db_int(q, 0) == 0, top = db_is_null(q, 1);
    db_finish(q);
    return retired || (role == ROLE_ADMINISTRATOR && !top) ? ERR_CONFLICT : ERR_OK;
}

enum err roles_add(struct coach *coach, int64_t person_id, int64_t unit_id, enum role role,
                   const char *source)
{
    bool has = false;
    enum err err = may(coach, ALLOW_ADD, person_id, unit_id, role);
    err = err ? err : there(coach, person_id, unit_id, role, &has);
    if (err || has) {
        return err;
    }
    err = check_place(coach, person_id, unit_id, role);
    if (err) {
        return err;
    }
    err = sql_run(coach, SQL_ROLE_ADD,
                  SQL_ARGS(sql_int(person_id), sql_int(unit_id), sql_word(words[role]),
                           sql_word(source ? source : "entered"), sql_int(coach->now_ms)),
                  NULL);
    if (!err && role != ROLE_PARTICIPANT) {
        err = sql_run(coach, SQL_ROLE_RENEW_SESSIONS, SQL_ARGS(sql_int(person_id)), NULL);
    }
    return err ? err
               : audit_note(coach, ALLOW_ADD, allow_of(ALLOW_ON_ROLE, person_id, unit_id),
                            words[role]);
}

enum err roles_is_last_administrator(struct coach *coach, int64_t person_id, int64_t unit_id,
                                     bool *yes)
{
    int64_t others = 0, elsewhere = 0;
    enum err err =
        sql_number(coach, SQL_ROLE_ADMINISTRATORS, SQL_ARGS(sql_int(person_id)), &others);
    if (!err && unit_id) {
        err = sql_number(coach, SQL_ROLE_ADMINISTRATOR_ELSEWHERE,
                         SQL_ARGS(sql_int(person_id), sql_int(unit_id)), &elsewhere);
    }
    if (!err) {
        *yes = others + elsewhere == 0;
    }
    return err;
}

enum err roles_remove(struct coach *coach, int64_t person_id, int64_t unit_id, enum role role)
{
    bool has = false, last = false;
    int64_t active = 0;
    enum err err = may(coach, ALLOW_REMOVE, person_id, unit_id, role);
    err = err ? err : there(coach, person_id, unit_id, role, &has);
    if (!err && !has) {
        return ERR_NOT_FOUND;
    }
    if (!err && role == ROLE_ADMINISTRATOR) {
        err = sql_number(coach, SQL_ROLE_PERSON, SQL_ARGS(sql_int(person_id)), &active);
    }
    if (!err && active) {
        err = roles_is_last_administrator(coach, person_id, unit_id, &last);
    }
    if (err || last) {
        return err ? err : ERR_CONFLICT;
    }
    err = sql_run(coach, SQL_ROLE_REMOVE,
                  SQL_ARGS(sql_int(person_id), sql_int(unit_id), sql_word(words[role])), NULL);
    if (!err && role != ROLE_PARTICIPANT) {
        err = sql_run(coach, SQL_ROLE_RENEW_SESSIONS, SQL_ARGS(sql_int(person_id)), NULL);
    }
    return err ? err
               : audit_note(coach, ALLOW_REMOVE, allow_of(ALLOW_ON_ROLE, person_id, unit_id),
                            words[role]);
}

enum err roles_count_administrators(struct coach *coach, int64_t *n)
{
    return sql_number(coach, SQL_ROLE_ADMINISTRATORS, SQL_ARGS(sql_int(0)), n);
}
