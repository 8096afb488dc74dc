/* Who evaluates whom. */
#include "coach/evaluators.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/partnerships.h"
#include "coach/sql.h"

#define MANY 100000 /* people whom one person evaluates */

static enum err read_one(struct coach *coach, const struct db_query *q, void *item)
{
    struct evaluator *e = item;
    enum err err = ERR_OK;
    *e = (struct evaluator){.evaluator_id = db_int(q, 0), .person_id = db_int(q, 1)};
    e->name = sql_copy_name(coach, q, 2, 3, &err);
    return err;
}

static enum err read_list(struct coach *coach, enum sql_id id, int64_t of,
                          struct evaluator_list *list)
{
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct evaluator), MANY);
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_EVALUATOR, of, 0));
    err = err ? err : sql_list(coach, id, SQL_ARGS(sql_int(of)), read_one, &rows);
    if (err) {
        return err;
    }
    *list = (struct evaluator_list){rows.items, rows.n};
    return ERR_OK;
}

enum err evaluators_of_person(struct coach *coach, int64_t person_id, struct evaluator_list *list)
{
    return read_list(coach, SQL_EVALUATOR_OF_PERSON, person_id, list);
}

enum err evaluators_by_person(struct coach *coach, int64_t person_id, struct evaluator_list *list)
{
    return read_list(coach, SQL_EVALUATOR_BY_PERSON, person_id, list);
}

enum err evaluators_is(struct coach *coach, int64_t evaluator_id, int64_t person_id, bool *yes)
{
    int64_t one;
    enum err err = sql_number(coach, SQL_ALLOW_EVALUATES,
                              SQL_ARGS(sql_int(evaluator_id), sql_int(person_id)), &one);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    *yes = err == ERR_OK;
    return ERR_OK;
}

enum err evaluators_add(struct coach *coach, int64_t evaluator_id, int64_t person_id)
{
    struct allow_object object = allow_of(ALLOW_ON_EVALUATOR, person_id, evaluator_id);
    int64_t people = 0, changed = 0;
    enum err err = allowed(coach, ALLOW_ADD, object);
    if (!err && evaluator_id == person_id) {
        return ERR_CONFLICT;
    }
    err = err ? err
              : sql_number(coach, SQL_EVALUATOR_PEOPLE,
                           SQL_ARGS(sql_int(evaluator_id), sql_int(person_id)), &people);
    if (err || people != 2) {
        return err ? err : ERR_NOT_FOUND;
    }
    err = sql_run(coach, SQL_EVALUATOR_ADD,
                  SQL_ARGS(sql_int(evaluator_id), sql_int(person_id), sql_int(coach->now_ms)),
                  &changed);
    if (err || changed == 0) {
        return err;
    }
    err =
        sql_run(coach, SQL_EVALUATOR_END_SHARES,
                SQL_ARGS(sql_int(evaluator_id), sql_int(person_id), sql_int(coach->now_ms)), NULL);
    err = err ? err : partnerships_part(coach, evaluator_id, person_id);
    return err ? err : audit_note(coach, ALLOW_ADD, object, "");
}

enum err evaluators_remove(struct coach *coach, int64_t evaluator_id, int64_t person_id)
{
    struct allow_object object = allow_of(ALLOW_ON_EVALUATOR, person_id, evaluator_id);
    int64_t changed = 0;
    enum err err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err
              : sql_run(coach, SQL_EVALUATOR_REMOVE,
                        SQL_ARGS(sql_int(evaluator_id), sql_int(person_id)), &changed);
    if (err || changed == 0) {
        return err ? err : ERR_NOT_FOUND;
    }
    return audit_note(coach, ALLOW_REMOVE, object, "");
}
