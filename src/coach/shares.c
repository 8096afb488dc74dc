/* Sharing what is one's own, and taking it back. */
#include "coach/shares.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/evaluators.h"
#include "coach/sql.h"

#define MANY 100000 /* shares of one person */

static const char *const words[SHARE_KIND__MAX] = {[SHARE_ZONES] = "zones"};

/* ERR_NOT_FOUND, ERR_CONFLICT: it cannot be shared with them. */
static enum err check(struct coach *coach, int64_t owner, int64_t person_id, int64_t object_id)
{
    int64_t one;
    bool evaluates = false;
    if (person_id == owner) {
        return ERR_CONFLICT;
    }
    enum err err =
        object_id ? sql_number(coach, SQL_SHARE_SKILL, SQL_ARGS(sql_int(object_id)), &one) : ERR_OK;
    if (err) {
        return err;
    }
    err = sql_number(coach, SQL_SHARE_ACTIVE_PERSON, SQL_ARGS(sql_int(person_id)), &one);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
    }
    err = evaluators_is(coach, person_id, owner, &evaluates);
    return err || !evaluates ? err : ERR_CONFLICT;
}

enum err shares_give(struct coach *coach, int64_t person_id, enum share_kind kind,
                     int64_t object_id, int64_t *id)
{
    int64_t owner = coach->actor.person_id, made;
    enum err err =
        owner ? allowed(coach, ALLOW_SHARE, allow_of(ALLOW_ON_SHARE, owner, 0)) : ERR_FORBIDDEN;
    err = err ? err : check(coach, owner, person_id, object_id);
    if (err) {
        return err;
    }
    err = sql_number(
        coach, SQL_SHARE_FIND,
        SQL_ARGS(sql_int(owner), sql_int(person_id), sql_word(words[kind]), sql_int(object_id)),
        id);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = sql_number(coach, SQL_SHARE_ADD,
                     SQL_ARGS(sql_int(owner), sql_int(person_id), sql_word(words[kind]),
                              sql_int(object_id), sql_int(coach->now_ms)),
                     &made);
    if (err) {
        return err;
    }
    *id = made;
    return audit_note(coach, ALLOW_SHARE, allow_of(ALLOW_ON_SHARE, owner, made), words[kind]);
}

enum err shares_take_back(struct coach *coach, int64_t id)
{
    int64_t owner, changed = 0;
    enum err err = sql_number(coach, SQL_SHARE_OWNER, SQL_ARGS(sql_int(id)), &owner);
    if (err) {
        return err;
    }
    struct allow_object object = allow_of(ALLOW_ON_SHARE, owner, id);
    err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err
              : sql_run(coach, SQL_SHARE_TAKE_BACK, SQL_ARGS(sql_int(id), sql_int(coach->now_ms)),
                        &changed);
    return err || changed == 0 ? err : audit_note(coach, ALLOW_REMOVE, object, "");
}

static enum err read_one(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    *(struct share *)item = (struct share){
        .id = db_int(q, 0),
        .owner_id = db_int(q, 1),
        .person_id = db_int(q, 2),
        .kind = SHARE_ZONES,
        .object_id = db_int(q, 4),
        .created_ms = db_int(q, 5),
        .name = sql_copy_name(coach, q, 6, 7, &err),
        .object_name = sql_copy(coach, q, 8, &err),
    };
    return err;
}

static enum err read_list(struct coach *coach, enum sql_id id, struct share_list *list)
{
    int64_t self = coach->actor.person_id;
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct share), MANY);
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_SHARE, self, 0));
    err = err ? err : sql_list(coach, id, SQL_ARGS(sql_int(self)), read_one, &rows);
    if (err) {
        return err;
    }
    *list = (struct share_list){rows.items, rows.n};
    return ERR_OK;
}

enum err shares_given(struct coach *coach, struct share_list *list)
{
    return read_list(coach, SQL_SHARE_GIVEN, list);
}

enum err shares_received(struct coach *coach, struct share_list *list)
{
    return read_list(coach, SQL_SHARE_RECEIVED, list);
}
