/* Cycles as their members read them; see cycles.h. */
#include "base/list.h"
#include "coach/cycles_store.h"
#include "coach/frameworks_store.h"

#define MANY 1000 /* cycles of one partnership */

static void read_texts(struct coach *coach, const struct db_query *q, struct cycle *c,
                       enum err *failed)
{
    c->learner = sql_copy_name(coach, q, 9, 10, failed);
    c->helper = sql_copy_name(coach, q, 12, 13, failed);
    c->skill = sql_copy(coach, q, 15, failed);
    c->goal = sql_copy(coach, q, 17, failed);
    c->look_for = sql_copy(coach, q, 18, failed);
    c->task = sql_copy(coach, q, 20, failed);
    c->strength = sql_copy(coach, q, 24, failed);
    c->step = sql_copy(coach, q, 25, failed);
    c->found = sql_copy(coach, q, 26, failed);
}

static struct cycle read_cycle(struct coach *coach, const struct db_query *q, enum err *failed)
{
    struct cycle c = {
        .id = db_int(q, 0),
        .partnership_id = db_int(q, 1),
        .focus_id = db_int(q, 2),
        .number = (int32_t)db_int(q, 3),
        .state = cycles_state_of(db_text(q, 4)),
        .stage = cycles_stage_of(db_text(q, 5)),
        .learner_id = db_int(q, 8),
        .helper_id = db_int(q, 11),
        .guide = db_is_null(q, 11),
        .skill_id = db_int(q, 14),
        .way = cycles_way_of(db_text(q, 16)),
        .task_id = db_int(q, 19),
        .support_planned = cycles_support_of(db_text(q, 21)),
        .has_support_given = !db_is_null(q, 22),
        .support_given = cycles_support_of(db_text(q, 22)),
        .prepared_ms = db_int(q, 23),
        .step_day = (int32_t)db_int(q, 27),
        .outcome = cycles_outcome_of(db_text(q, 28)),
        .created_ms = db_int(q, 29),
        .changed_ms = db_int(q, 30),
        .ended_ms = db_int(q, 31),
        .own_evidence = db_int(q, 32) > 0,
        .first = db_int(q, 33) == 0,
    };
    c.runs = c.state == CYCLE_OPEN && str_is(db_text(q, 7), "active");
    c.can_go_back = c.runs && c.stage != CYCLE_PLAN && db_int(q, 6) == 0;
    read_texts(coach, q, &c, failed);
    return c;
}

static enum err rows(struct coach *coach, enum sql_id which, int64_t id, struct str locale,
                     struct db_query **q)
{
    return sql_rows(coach, which,
                    SQL_ARGS(sql_int(id), sql_text(locale),
                             sql_text(frameworks_base_locale(locale)),
                             sql_int(coach->actor.person_id)),
                    q);
}

enum err cycles_get(struct coach *coach, int64_t id, struct str locale, struct cycle *cycle)
{
    struct cycle_place place;
    struct db_query *q;
    enum err failed = ERR_OK, err = cycles_place(coach, id, &place);
    err = err ? err
              : allowed(coach, ALLOW_VIEW, allow_within(ALLOW_ON_CYCLE, place.partnership_id, id));
    err = err ? err : rows(coach, SQL_CYCLE_GET, id, locale, &q);
    if (err) {
        return err;
    }
    err = db_step(q);
    if (!err) {
        *cycle = read_cycle(coach, q, &failed);
    }
    db_finish(q);
    return err ? err : failed;
}

enum err cycles_of_partnership(struct coach *coach, int64_t partnership_id, struct str locale,
                               struct cycle_list *list)
{
    struct db_query *q;
    struct list items;
    enum err failed = ERR_OK,
             err = allowed(coach, ALLOW_VIEW, allow_within(ALLOW_ON_CYCLE, partnership_id, 0));
    *list = (struct cycle_list){NULL, 0};
    err = err ? err : rows(coach, SQL_CYCLE_OF_PARTNERSHIP, partnership_id, locale, &q);
    if (err) {
        return err;
    }
    list_init(&items, coach->arena, sizeof(struct cycle), MANY);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct cycle c = read_cycle(coach, q, &failed);
        if (!failed && !list_add(&items, &c)) {
            failed = items.err;
        }
    }
    db_finish(q);
    *list = (struct cycle_list){items.items, items.n};
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err cycles_tasks(struct coach *coach, int64_t id, struct str locale, struct cycle_task **tasks,
                      int32_t *n)
{
    struct cycle_place place;
    struct db_query *q;
    struct list items;
    bool told = false;
    enum err failed = ERR_OK, err = cycles_place(coach, id, &place);
    *tasks = NULL;
    *n = 0;
    err = err ? err
              : allowed(coach, ALLOW_VIEW, allow_within(ALLOW_ON_CYCLE, place.partnership_id, id));
    err = err ? err
              : allowed_quietly(coach, ALLOW_VIEW,
                                allow_of(ALLOW_ON_ZONES, place.learner_id, place.skill_id), &told);
    /* whose zone is not theirs to see, gets the tasks in the framework's order */
    err = err ? err
              : sql_rows(coach, SQL_CYCLE_TASKS,
                         SQL_ARGS(sql_int(place.skill_id), sql_int(told ? place.learner_id : 0),
                                  sql_text(locale), sql_text(frameworks_base_locale(locale))),
                         &q);
    if (err) {
        return err;
    }
    list_init(&items, coach->arena, sizeof(struct cycle_task), FRAMEWORK_MAX_TASKS);
    while (!failed && items.n < FRAMEWORK_MAX_TASKS && (err = db_step(q)) == ERR_OK) {
        struct cycle_task t = {.id = db_int(q, 0),
                               .name = sql_copy(coach, q, 1, &failed),
                               .in_zone = db_int(q, 2) != 0};
        if (!failed && !list_add(&items, &t)) {
            failed = items.err;
        }
    }
    db_finish(q);
    *tasks = items.items;
    *n = (int32_t)items.n;
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}
