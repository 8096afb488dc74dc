/* Cycles: plan, visit (observe or model), feedback, solve, check, reflect.
 *
 * A cycle is about one focus of an active partnership: one learner, one helper (or the guide), one
 * skill; one is open at a time for each focus.  The helper prepares beside the plan.  A stage is
 * completed by a member, then the next begins; as long as nothing was written in that one, one
 * stage back is possible.  What is the learner's to say (the goal, the step, how it went) only the
 * learner says; either says the strength that was seen and which support was given.  After
 * PAUSED or AGREEING a cycle goes on where it stood; when the partnership ends it stops.
 *
 * What the other of the two is told (notices.h): that there is a plan to make, a plan to prepare
 * for, a stage that they can do; that the day of the step has come; that the cycle is closed or
 * stopped.  What somebody else has to do next is not told.
 *
 * Support fades: the next cycle of a focus proposes the next lighter support than was given, or the
 * same where the step did not work out yet.
 *
 * All texts are content: for members who have accepted (allow.h, MEMBER).  Results live in
 * coach->arena.  ERR_CONFLICT: not in this state or stage, or the partnership is not active. */
#ifndef DUET_COACH_CYCLES_H
#define DUET_COACH_CYCLES_H

#include "base/err.h"
#include "base/str.h"
#include "coach/evidence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define CYCLES_TEXT 2000    /* characters of one text */
#define CYCLES_STEP_DAYS 14 /* a step is looked at again within so many days */

enum cycle_state { CYCLE_OPEN, CYCLE_DONE, CYCLE_STOPPED, CYCLE_STATE__MAX };
enum cycle_stage {
    CYCLE_PLAN,
    CYCLE_VISIT,
    CYCLE_FEEDBACK,
    CYCLE_SOLVE,
    CYCLE_CHECK,
    CYCLE_REFLECT,
    CYCLE_STAGE__MAX
};
enum cycle_way { CYCLE_OBSERVE, CYCLE_MODEL, CYCLE_WAY__MAX }; /* model: the learner watches */
enum cycle_outcome {
    CYCLE_OUTCOME_NONE,
    CYCLE_OUTCOME_DONE,
    CYCLE_OUTCOME_PARTLY,
    CYCLE_OUTCOME_NOT_YET,
    CYCLE_OUTCOME__MAX
};

const char *cycles_stage_word(enum cycle_stage stage); /* as in the database: "plan" ... */

struct cycle {
    int64_t id, partnership_id, focus_id;
    int32_t number; /* in the partnership, from 1 */
    enum cycle_state state;
    enum cycle_stage stage;
    bool runs;                     /* open, and the partnership is active */
    bool guide;                    /* the helper is the guide */
    int64_t learner_id, helper_id; /* helper 0: the guide */
    struct str learner, helper;
    int64_t skill_id;
    struct str skill; /* in the locale asked for */
    enum cycle_way way;
    struct str goal, look_for;
    int64_t task_id; /* 0: in own words, or none */
    struct str task; /* its name in the locale, or own words; empty: none */
    enum evidence_support support_planned;
    bool has_support_given;
    enum evidence_support support_given;
    int64_t prepared_ms; /* 0: not yet */
    struct str strength, step, found;
    int32_t step_day; /* 0: none */
    enum cycle_outcome outcome;
    bool can_go_back;
    bool first;        /* no cycle about the same was done before it */
    bool own_evidence; /* the actor has recorded a piece in this cycle, and it counts */
    int64_t created_ms, changed_ms, ended_ms;
};

struct cycle_list {
    struct cycle *items;
    size_t n;
};

/* Begins one on a focus that is worked on; by its learner or its helper.  ERR_CONFLICT: one is
 * open. */
MUST_CHECK enum err cycles_begin(struct coach *coach, int64_t focus_id, int64_t *id);

MUST_CHECK enum err cycles_get(struct coach *coach, int64_t id, struct str locale,
                               struct cycle *cycle);
/* Newest first. */
MUST_CHECK enum err cycles_of_partnership(struct coach *coach, int64_t partnership_id,
                                          struct str locale, struct cycle_list *list);

/* The texts and choices of a stage; what a stage does not have is not read.  `complete`: and the
 * stage is done, which needs what is marked *.  Fields of complaints are the members' names.
 *   plan      learner: goal*, look_for, task_id or task, way (with the guide: as support_planned
 *             says), support_planned
 *   visit     nobody has to write anything
 *   feedback  strength*, support_given*
 *   solve     learner: step*, step_day* (today .. CYCLES_STEP_DAYS days on)
 *   check     learner: outcome*, found
 *   reflect   either; notes say it
 * ERR_FORBIDDEN: it is for the learner to say. */
struct cycle_input {
    struct str goal, look_for, task, strength, step, found;
    int64_t task_id;
    enum cycle_way way;
    enum evidence_support support_planned, support_given;
    bool has_support_given;
    int32_t step_day;
    int32_t today; /* of the person, for step_day; days since 1970-01-01 */
    enum cycle_outcome outcome;
};
MUST_CHECK enum err cycles_write(struct coach *coach, int64_t id, enum cycle_stage stage,
                                 const struct cycle_input *input, bool complete,
                                 struct complaints *complaints);

/* One stage back, while nothing was written in the present one. */
MUST_CHECK enum err cycles_back(struct coach *coach, int64_t id);
/* The helper has prepared (again: no error). */
MUST_CHECK enum err cycles_prepared(struct coach *coach, int64_t id);
/* By any member; what was written stays. */
MUST_CHECK enum err cycles_stop(struct coach *coach, int64_t id);

/* Evidence from the feedback on, also after the end: one piece of each member for each cycle, about
 * the learner.  By the learner: the outcome of what was tried, `level` 0 not yet, 1 done.  By the
 * helper: the level that was seen, with a sentence.  The support is the one given in the cycle.
 * ERR_CONFLICT: there is one already, or no support was said yet. */
MUST_CHECK enum err cycles_evidence(struct coach *coach, int64_t id, int32_t level, struct str note,
                                    struct complaints *complaints);

/* The lighter support: joint, modelled, prompted, independent. */
enum evidence_support cycles_lighter(enum evidence_support support);

/* Tasks of the cycle's skill to choose from: those inside the learner's zone first.  Only the
 * learner and those they share the zone with are told which are in it. */
struct cycle_task {
    int64_t id;
    struct str name;
    bool in_zone;
};
MUST_CHECK enum err cycles_tasks(struct coach *coach, int64_t id, struct str locale,
                                 struct cycle_task **tasks, int32_t *n);

/* ---- for other modules of the room ---- */

/* Where a cycle stands, without texts, without asking who asks. */
struct cycle_place {
    int64_t id, partnership_id, focus_id, learner_id, helper_id, skill_id;
    enum cycle_state state;
    enum cycle_stage stage;
    bool runs;
    bool began, prepared;
};
MUST_CHECK enum err cycles_place(struct coach *coach, int64_t id, struct cycle_place *place);

/* For the server: the day of a step has come (in the organisation's time zone), and its learner and
 * helper are told, once; at most `limit` cycles.  *n: how many it were.  COACH_WRITE. */
MUST_CHECK enum err cycles_steps_due(struct coach *coach, int64_t limit, int64_t *n);

/* Something was written in the present stage. */
MUST_CHECK enum err cycles_touch(struct coach *coach, int64_t id);
/* Stops the open cycles of a partnership that ends. */
MUST_CHECK enum err cycles_stop_all(struct coach *coach, int64_t partnership_id);

#endif
