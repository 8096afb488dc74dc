/* Cycles: beginning, going back, preparing, stopping, evidence; see cycles.h. */
#include "coach/cycles.h"

#include "coach/complaint.h"
#include "coach/cycle_template.h"
#include "coach/cycles_store.h"
#include "coach/notices.h"
#include "coach/partnerships.h"
#include "coach/partnerships_store.h"
#include "coach/schooldays.h"

#define DUE_AT_ONCE 100

static const char *const stages[CYCLE_STAGE__MAX] = {"plan",  "visit", "feedback",
                                                     "solve", "check", "reflect"};
static const char *const states[CYCLE_STATE__MAX] = {"open", "done", "stopped"};
static const char *const ways[CYCLE_WAY__MAX] = {"observe", "model"};
static const char *const outcomes[CYCLE_OUTCOME__MAX] = {"", "done", "partly", "not_yet"};

const char *cycles_stage_word(enum cycle_stage stage)
{
    return stages[stage];
}

enum cycle_stage cycles_stage_of(struct str word)
{
    return (enum cycle_stage)partnerships_word_index(word, stages, CYCLE_STAGE__MAX);
}

enum cycle_state cycles_state_of(struct str word)
{
    return (enum cycle_state)partnerships_word_index(word, states, CYCLE_STATE__MAX);
}

enum cycle_way cycles_way_of(struct str word)
{
    return (enum cycle_way)partnerships_word_index(word, ways, CYCLE_WAY__MAX);
}

enum cycle_outcome cycles_outcome_of(struct str word)
{
    return (enum cycle_outcome)partnerships_word_index(word, outcomes, CYCLE_OUTCOME__MAX);
}

enum cycle_way cycles_way_of_support(enum evidence_support support)
{
    return support == EVIDENCE_JOINT || support == EVIDENCE_MODELLED ? CYCLE_MODEL : CYCLE_OBSERVE;
}

const char *cycles_way_word(enum cycle_way way)
{
    return ways[way];
}

const char *cycles_outcome_word(enum cycle_outcome outcome)
{
    return outcome == CYCLE_OUTCOME_NONE ? NULL : outcomes[outcome];
}

enum evidence_support cycles_support_of(struct str word)
{
    for (int s = 0; s < EVIDENCE_SUPPORT__MAX; s++) {
        if (str_is(word, evidence_support_word((enum evidence_support)s))) {
            return (enum evidence_support)s;
        }
    }
    return EVIDENCE_JOINT;
}

enum evidence_support cycles_lighter(enum evidence_support support)
{
    static const enum evidence_support lighter[EVIDENCE_SUPPORT__MAX] = {
        [EVIDENCE_JOINT] = EVIDENCE_MODELLED,
        [EVIDENCE_MODELLED] = EVIDENCE_PROMPTED,
        [EVIDENCE_PROMPTED] = EVIDENCE_INDEPENDENT,
        [EVIDENCE_INDEPENDENT] = EVIDENCE_INDEPENDENT,
    };
    return lighter[support];
}

/* ---- where it stands ---- */

enum err cycles_place(struct coach *coach, int64_t id, struct cycle_place *place)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_CYCLE_PLACE, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *place = (struct cycle_place){
        .id = id,
        .partnership_id = db_int(q, 0),
        .focus_id = db_int(q, 1),
        .learner_id = db_int(q, 2),
        .helper_id = db_int(q, 3),
        .skill_id = db_int(q, 4),
        .state = cycles_state_of(db_text(q, 5)),
        .stage = cycles_stage_of(db_text(q, 6)),
        .began = db_int(q, 7) != 0,
        .prepared = !db_is_null(q, 10),
    };
    place->runs = place->state == CYCLE_OPEN && str_is(db_text(q, 9), "active");
    db_finish(q);
    return ERR_OK;
}

enum err cycles_open(struct coach *coach, int64_t id, struct cycle_place *place)
{
    enum err err = cycles_place(coach, id, place);
    err = err ? err
              : allowed(coach, ALLOW_EDIT, allow_within(ALLOW_ON_CYCLE, place->partnership_id, id));
    return err || place->runs ? err : ERR_CONFLICT;
}

enum err cycles_touch(struct coach *coach, int64_t id)
{
    return sql_run(coach, SQL_CYCLE_TOUCH, SQL_ARGS(sql_int(id), sql_int(coach->now_ms)), NULL);
}

static enum err happened(struct coach *coach, const struct cycle_place *place,
                         enum partnership_event_kind kind)
{
    return partnerships_happened(coach, place->partnership_id, kind, coach->actor.person_id,
                                 place->id);
}

/* ---- beginning ---- */

/* What the last cycle of the focus says of the next: lighter, unless it did not work out yet. */
static enum err next_support(struct coach *coach, int64_t focus_id, enum evidence_support *support)
{
    struct db_query *q;
    *support = EVIDENCE_JOINT;
    enum err err = sql_first(coach, SQL_CYCLE_LAST_DONE, SQL_ARGS(sql_int(focus_id)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    if (!db_is_null(q, 0)) {
        enum evidence_support given = cycles_support_of(db_text(q, 0));
        bool worked = cycles_outcome_of(db_text(q, 1)) != CYCLE_OUTCOME_NOT_YET;
        *support = worked ? cycles_lighter(given) : given;
    }
    db_finish(q);
    return ERR_OK;
}

struct focus_place {
    int64_t partnership_id, learner_id, helper_id;
    bool active, busy;
};

static enum err read_focus(struct coach *coach, int64_t focus_id, struct focus_place *focus)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_FOCUS_ROW, SQL_ARGS(sql_int(focus_id)), &q);
    if (err) {
        return err;
    }
    *focus = (struct focus_place){.partnership_id = db_int(q, 0),
                                  .learner_id = db_int(q, 1),
                                  .helper_id = db_int(q, 2),
                                  .active = db_int(q, 4) != 0,
                                  .busy = db_int(q, 5) > 0};
    db_finish(q);
    return ERR_OK;
}

enum err cycles_begin(struct coach *coach, int64_t focus_id, int64_t *id)
{
    struct focus_place focus;
    struct partnership_row row;
    struct cycle_template template;
    int64_t number = 1, self = coach->actor.person_id;
    enum evidence_support support;
    enum err err = read_focus(coach, focus_id, &focus);
    err = err ? err
              : allowed(coach, ALLOW_ADD, allow_within(ALLOW_ON_CYCLE, focus.partnership_id, 0));
    err = err ? err : partnerships_row(coach, focus.partnership_id, &row);
    if (err) {
        return err;
    }
    if (self != focus.learner_id && self != focus.helper_id) {
        return ERR_FORBIDDEN;
    }
    if (row.state != PARTNERSHIP_ACTIVE || !focus.active || focus.busy) {
        return ERR_CONFLICT;
    }
    err = next_support(coach, focus_id, &support);
    err = err ? err
              : sql_number(coach, SQL_CYCLE_NEXT_NUMBER, SQL_ARGS(sql_int(focus.partnership_id)),
                           &number);
    err = err ? err : cycle_template_of(coach, focus.partnership_id, &template);
    if (err) {
        return err;
    }
    enum cycle_way way = template.model ? cycles_way_of_support(support) : CYCLE_OBSERVE;
    err =
        err ? err
            : sql_number(coach, SQL_CYCLE_ADD,
                         SQL_ARGS(sql_int(focus.partnership_id), sql_int(focus_id), sql_int(number),
                                  sql_word(ways[way]), sql_word(evidence_support_word(support)),
                                  sql_int(coach->now_ms)),
                         id);
    /* who learns plans; a helper hears of it when there is a plan to prepare for */
    err = err || self == focus.learner_id
              ? err
              : notices_add(coach, focus.learner_id, NOTICE_PLAN, focus.partnership_id, *id);
    return err ? err
               : partnerships_happened(coach, focus.partnership_id, PARTNERSHIP_EVENT_CYCLE, self,
                                       *id);
}

/* ---- back, prepared, stopped ---- */

enum err cycles_back(struct coach *coach, int64_t id)
{
    struct cycle_place place;
    enum err err = cycles_open(coach, id, &place);
    if (err) {
        return err;
    }
    if (place.stage == CYCLE_PLAN || place.began) {
        return ERR_CONFLICT;
    }
    /* there something was written, as far as one knows: no further back */
    err = sql_run(coach, SQL_CYCLE_TO_STAGE,
                  SQL_ARGS(sql_int(id), sql_word(stages[place.stage - 1]), sql_int(1),
                           sql_int(coach->now_ms)),
                  NULL);
    return err ? err : happened(coach, &place, PARTNERSHIP_EVENT_STEPPED_BACK);
}

enum err cycles_prepared(struct coach *coach, int64_t id)
{
    struct cycle_place place;
    enum err err = cycles_open(coach, id, &place);
    if (err) {
        return err;
    }
    if (coach->actor.person_id != place.helper_id) {
        return ERR_FORBIDDEN;
    }
    if (place.prepared) {
        return ERR_OK;
    }
    err = sql_run(coach, SQL_CYCLE_PREPARED, SQL_ARGS(sql_int(id), sql_int(coach->now_ms)), NULL);
    err =
        err ? err
            : notices_done(coach, coach->actor.person_id, NOTICE_PREPARE, place.partnership_id, id);
    return err ? err : happened(coach, &place, PARTNERSHIP_EVENT_PREPARED);
}

static enum err end_cycle(struct coach *coach, int64_t id, enum cycle_state state)
{
    return sql_run(coach, SQL_CYCLE_END,
                   SQL_ARGS(sql_int(id), sql_word(states[state]), sql_int(coach->now_ms)), NULL);
}

enum err cycles_stop(struct coach *coach, int64_t id)
{
    struct cycle_place place;
    enum err err = cycles_place(coach, id, &place);
    err = err ? err
              : allowed(coach, ALLOW_EDIT, allow_within(ALLOW_ON_CYCLE, place.partnership_id, id));
    if (err || place.state != CYCLE_OPEN) {
        return err ? err : ERR_CONFLICT;
    }
    err = end_cycle(coach, id, CYCLE_STOPPED);
    err = err ? err : cycles_notices_done(coach, &place);
    err = err ? err : cycles_tell(coach, &place, NOTICE_CYCLE_STOPPED);
    return err ? err : happened(coach, &place, PARTNERSHIP_EVENT_STOPPED_CYCLE);
}

enum err cycles_notices_done(struct coach *coach, const struct cycle_place *place)
{
    static const enum notice_kind asking[] = {NOTICE_PLAN, NOTICE_PREPARE, NOTICE_STAGE,
                                              NOTICE_STEP_DUE};
    enum err err = ERR_OK;
    for (size_t k = 0; k < sizeof asking / sizeof *asking && !err; k++) {
        err = notices_done(coach, 0, asking[k], place->partnership_id, place->id);
    }
    return err;
}

enum err cycles_tell(struct coach *coach, const struct cycle_place *place, enum notice_kind kind)
{
    enum err err = notices_add(coach, place->learner_id, kind, place->partnership_id, place->id);
    return err || !place->helper_id
               ? err
               : notices_add(coach, place->helper_id, kind, place->partnership_id, place->id);
}

enum err cycles_steps_due(struct coach *coach, int64_t limit, int64_t *n)
{
    int64_t ids[DUE_AT_ONCE];
    struct schooldays days;
    limit = limit < DUE_AT_ONCE ? limit : DUE_AT_ONCE;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    enum err err = schooldays_load(coach, &days);
    err = err ? err
              : sql_ids(coach, SQL_CYCLE_STEPS_DUE,
                        SQL_ARGS(sql_int(schooldays_day(&days, coach->now_ms)), sql_int(limit)),
                        ids, limit, n);
    for (int64_t k = 0; k < *n && !err; k++) {
        struct cycle_place place;
        err = cycles_place(coach, ids[k], &place);
        err = err ? err : cycles_tell(coach, &place, NOTICE_STEP_DUE);
    }
    return err;
}

enum err cycles_stop_all(struct coach *coach, int64_t partnership_id)
{
    int64_t id;
    enum err err;
    while ((err = sql_number(coach, SQL_CYCLE_OPEN_OF, SQL_ARGS(sql_int(partnership_id)), &id)) ==
           ERR_OK) {
        err = end_cycle(coach, id, CYCLE_STOPPED);
        if (err) {
            return err;
        }
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err cycles_finish(struct coach *coach, int64_t id)
{
    return end_cycle(coach, id, CYCLE_DONE);
}

/* ---- evidence ---- */

struct tried {
    bool has_support;
    enum evidence_support support;
    int64_t task_id;
    struct str task;
};

static enum err read_tried(struct coach *coach, int64_t id, struct tried *tried)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_first(coach, SQL_CYCLE_TEXTS, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    tried->has_support = !db_is_null(q, 0);
    tried->support = cycles_support_of(db_text(q, 0));
    tried->task_id = db_int(q, 1);
    tried->task = sql_copy(coach, q, 2, &failed);
    if (tried->task_id == 0 && tried->task.n == 0) {
        tried->task = sql_copy(coach, q, 3, &failed); /* no task: the goal was what was tried */
    }
    db_finish(q);
    return failed;
}

enum err cycles_evidence(struct coach *coach, int64_t id, int32_t level, struct str note,
                         struct complaints *complaints)
{
    struct cycle_place place;
    struct tried tried;
    int64_t self = coach->actor.person_id, one, piece;
    enum err err = cycles_place(coach, id, &place);
    err = err ? err
              : allowed(coach, ALLOW_EDIT, allow_within(ALLOW_ON_CYCLE, place.partnership_id, id));
    err = err ? err : read_tried(coach, id, &tried);
    if (err) {
        return err;
    }
    if (self != place.learner_id && self != place.helper_id) {
        return ERR_FORBIDDEN;
    }
    err = sql_run(coach, SQL_CYCLE_EVIDENCE_OLD, SQL_ARGS(sql_int(id), sql_int(self)), NULL);
    err =
        err ? err
            : sql_number(coach, SQL_CYCLE_EVIDENCE_IS, SQL_ARGS(sql_int(id), sql_int(self)), &one);
    if (err != ERR_NOT_FOUND || !tried.has_support || place.state == CYCLE_STOPPED) {
        return err && err != ERR_NOT_FOUND ? err : ERR_CONFLICT;
    }
    bool learner = self == place.learner_id;
    struct evidence_new made = {
        .person_id = place.learner_id,
        .skill_id = place.skill_id,
        .kind = learner ? EVIDENCE_TASK : EVIDENCE_OBSERVED,
        .support = tried.support,
        .level = level,
        .task_id = learner ? tried.task_id : 0,
        .task_name = learner ? tried.task : (struct str){"", 0},
        .occasion = {"", 0},
        .day = EVIDENCE_DAY_UNKNOWN,
        .note = note,
    };
    err = evidence_add(coach, &made, complaints, &piece);
    err = err ? err
              : sql_run(coach, SQL_CYCLE_EVIDENCE_ADD,
                        SQL_ARGS(sql_int(id), sql_int(self), sql_int(piece)), NULL);
    return err ? err : happened(coach, &place, PARTNERSHIP_EVENT_EVIDENCE);
}
