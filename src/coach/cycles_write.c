/* What is written in the stages of a cycle, and completing them; see cycles.h. */
#include "coach/complaint.h"
#include "coach/cycle_template.h"
#include "coach/cycles_store.h"
#include "coach/notices.h"
#include "coach/partnerships.h"

static bool text(struct complaints *complaints, const char *field, struct str given, bool required,
                 struct str *clean)
{
    return complaint_clean(complaints, field, given, required, true, CYCLES_TEXT, clean);
}

static enum err write_plan(struct coach *coach, const struct cycle_place *place,
                           const struct cycle_input *in, bool complete,
                           struct complaints *complaints)
{
    struct str goal, look_for, task;
    struct cycle_template template;
    int64_t one;
    enum err err = cycle_template_of(coach, place->partnership_id, &template);
    if (err) {
        return err;
    }
    enum cycle_way way = !template.model    ? CYCLE_OBSERVE
                         : place->helper_id ? in->way
                                            : cycles_way_of_support(in->support_planned);
    text(complaints, "goal", in->goal, complete, &goal);
    text(complaints, "look_for", in->look_for, false, &look_for);
    complaint_clean(complaints, "task", in->task, false, false, 300, &task);
    if (in->task_id) {
        err = sql_number(coach, SQL_CYCLE_TASK_IS_OF,
                         SQL_ARGS(sql_int(in->task_id), sql_int(place->skill_id)), &one);
        if (err == ERR_NOT_FOUND) {
            complaint_add(complaints, "task", N_("Choose a task from the list."));
            err = ERR_OK;
        }
    }
    err = err ? err : complaint_result(complaints);
    return err ? err
               : sql_run(coach, SQL_CYCLE_PLAN,
                         SQL_ARGS(sql_int(place->id), sql_text(goal), sql_text(look_for),
                                  sql_id_or_null(in->task_id),
                                  sql_text(in->task_id ? (struct str){"", 0} : task),
                                  sql_word(cycles_way_word(way)),
                                  sql_word(evidence_support_word(in->support_planned)),
                                  sql_int(coach->now_ms)),
                         NULL);
}

static enum err write_feedback(struct coach *coach, const struct cycle_place *place,
                               const struct cycle_input *in, bool complete,
                               struct complaints *complaints)
{
    struct str strength;
    text(complaints, "strength", in->strength, complete, &strength);
    if (complete && !in->has_support_given) {
        complaint_add(complaints, "support_given", N_("Say how much help there was."));
    }
    enum err err = complaint_result(complaints);
    return err ? err
               : sql_run(coach, SQL_CYCLE_FEEDBACK,
                         SQL_ARGS(sql_int(place->id), sql_text(strength),
                                  in->has_support_given
                                      ? sql_word(evidence_support_word(in->support_given))
                                      : sql_null(),
                                  sql_int(coach->now_ms)),
                         NULL);
}

static enum err write_solve(struct coach *coach, const struct cycle_place *place,
                            const struct cycle_input *in, bool complete,
                            struct complaints *complaints)
{
    struct str step;
    struct cycle_template template;
    enum err err = cycle_template_of(coach, place->partnership_id, &template);
    if (err) {
        return err;
    }
    text(complaints, "step", in->step, complete, &step);
    bool has_day = in->step_day != 0;
    bool near = in->step_day >= in->today && in->step_day <= in->today + template.step_days;
    if (complete && !has_day) {
        complaint_add(complaints, "step_day", N_("Choose the day on which you look at it again."));
    } else if (has_day && !near) {
        complaint_add_int(complaints, "step_day",
                          N_("Choose a day from today on, within {n} days: what is checked soon is "
                             "done."),
                          "n", template.step_days);
    }
    err = complaint_result(complaints);
    return err ? err
               : sql_run(coach, SQL_CYCLE_SOLVE,
                         SQL_ARGS(sql_int(place->id), sql_text(step),
                                  has_day ? sql_int(in->step_day) : sql_null(),
                                  sql_int(coach->now_ms)),
                         NULL);
}

static enum err write_check(struct coach *coach, const struct cycle_place *place,
                            const struct cycle_input *in, bool complete,
                            struct complaints *complaints)
{
    struct str found;
    const char *outcome = cycles_outcome_word(in->outcome);
    text(complaints, "found", in->found, false, &found);
    if (complete && !outcome) {
        complaint_add(complaints, "outcome", N_("Say how far it went."));
    }
    enum err err = complaint_result(complaints);
    return err ? err
               : sql_run(coach, SQL_CYCLE_CHECK,
                         SQL_ARGS(sql_int(place->id), outcome ? sql_word(outcome) : sql_null(),
                                  sql_text(found), sql_int(coach->now_ms)),
                         NULL);
}

static enum err write_nothing(struct coach *coach, const struct cycle_place *place,
                              const struct cycle_input *in, bool complete,
                              struct complaints *complaints)
{
    (void)in;
    (void)complete;
    (void)complaints;
    return cycles_touch(coach, place->id);
}

/* ---- stages ---- */

static const struct {
    enum err (*write)(struct coach *coach, const struct cycle_place *place,
                      const struct cycle_input *in, bool complete, struct complaints *complaints);
    bool learner; /* only the learner says this */
    enum partnership_event_kind event;
} stages[CYCLE_STAGE__MAX] = {
    [CYCLE_PLAN] = {write_plan, true, PARTNERSHIP_EVENT_PLANNED},
    [CYCLE_VISIT] = {write_nothing, false, PARTNERSHIP_EVENT_VISITED},
    [CYCLE_FEEDBACK] = {write_feedback, false, PARTNERSHIP_EVENT_FEEDBACK},
    [CYCLE_SOLVE] = {write_solve, true, PARTNERSHIP_EVENT_SOLVED},
    [CYCLE_CHECK] = {write_check, true, PARTNERSHIP_EVENT_CHECKED},
    [CYCLE_REFLECT] = {write_nothing, false, PARTNERSHIP_EVENT_REFLECTED},
};

/* The other of the two is told where the next stage is theirs too; after the plan the helper is
 * asked to prepare, where one does. */
static enum err tell(struct coach *coach, const struct cycle_place *place)
{
    struct cycle_template template;
    enum err err = cycle_template_of(coach, place->partnership_id, &template);
    if (err) {
        return err;
    }
    int64_t self = coach->actor.person_id;
    int64_t other = self == place->learner_id ? place->helper_id : place->learner_id;
    enum notice_kind kind =
        place->stage == CYCLE_PLAN && template.prepare ? NOTICE_PREPARE : NOTICE_STAGE;
    bool theirs = other == place->learner_id || !stages[place->stage + 1].learner;
    if (!theirs || (place->stage == CYCLE_PLAN && place->prepared)) {
        return ERR_OK;
    }
    return other ? notices_add(coach, other, kind, place->partnership_id, place->id) : ERR_OK;
}

static enum err complete_stage(struct coach *coach, const struct cycle_place *place)
{
    int64_t self = coach->actor.person_id;
    bool last = place->stage == CYCLE_REFLECT;
    enum err err = notices_done(coach, self, NOTICE_STAGE, place->partnership_id, place->id);
    if (!err && place->stage == CYCLE_PLAN) {
        err = notices_done(coach, 0, NOTICE_PLAN, place->partnership_id, place->id);
    }
    if (!err && place->stage == CYCLE_CHECK) {
        err = notices_done(coach, 0, NOTICE_STEP_DUE, place->partnership_id, place->id);
    }
    if (!err && last) {
        err = cycles_finish(coach, place->id);
        err = err ? err : cycles_notices_done(coach, place);
        err = err ? err : cycles_tell(coach, place, NOTICE_CYCLE_DONE);
    } else if (!err) {
        err = sql_run(coach, SQL_CYCLE_TO_STAGE,
                      SQL_ARGS(sql_int(place->id),
                               sql_word(cycles_stage_word((enum cycle_stage)(place->stage + 1))),
                               sql_int(0), sql_int(coach->now_ms)),
                      NULL);
        err = err ? err : tell(coach, place);
    }
    return err ? err
               : partnerships_happened(coach, place->partnership_id, stages[place->stage].event,
                                       self, place->id);
}

enum err cycles_write(struct coach *coach, int64_t id, enum cycle_stage stage,
                      const struct cycle_input *input, bool complete, struct complaints *complaints)
{
    struct cycle_place place;
    int64_t self = coach->actor.person_id;
    enum err err = cycles_open(coach, id, &place);
    if (err) {
        return err;
    }
    if (place.stage != stage) {
        return ERR_CONFLICT;
    }
    bool learner = self == place.learner_id;
    if (!learner && (stages[stage].learner || self != place.helper_id)) {
        return ERR_FORBIDDEN;
    }
    err = stages[stage].write(coach, &place, input, complete, complaints);
    return err || !complete ? err : complete_stage(coach, &place);
}
