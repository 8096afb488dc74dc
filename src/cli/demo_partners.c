/* Partnerships of the demonstration's teacher, one in every state, with what a term leaves behind:
 * a cycle done and one under way, notes, a visit, meetings, messages, a question that waits, work
 * with the guide. */
#include "cli/demo_world.h"
#include "coach/asks.h"
#include "coach/cycles.h"
#include "coach/meetings.h"
#include "coach/messages.h"
#include "coach/notes.h"
#include "coach/notices.h"
#include "coach/observations.h"
#include "coach/partnerships.h"

#define COLLEAGUES 5

struct play {
    struct demo_world *w;
    struct coach *coach;
    int64_t now_ms, me, colleagues[COLLEAGUES];
    int32_t people[COLLEAGUES]; /* index of each in the district */
};

/* So many days and hours ago this one acts. */
static enum err as(struct play *p, int64_t person, int days, int hour)
{
    p->coach->now_ms = p->now_ms - days * COACH_DAY_MS + hour * COACH_HOUR_MS / 4;
    return coach_act_as(p->coach, person);
}

static int64_t first_need(const struct demo_world *w, int32_t person)
{
    const struct demo_picked *picked = &w->needs[person];
    return w->skills[picked->n ? picked->skills[0] : 0];
}

static int64_t first_offer(const struct demo_world *w, int32_t person)
{
    const struct demo_picked *picked = &w->offers[person];
    return w->skills[picked->n ? picked->skills[0] : 1];
}

/* Both have accepted and, when they begin, signed. */
static enum err pair(struct play *p, int colleague, int days, bool begins, int64_t *id)
{
    int64_t other = p->colleagues[colleague];
    int32_t me = p->w->personas[DEMO_ROLE_TEACHER];
    struct partnership_new made = {
        .kind = PARTNERSHIP_PAIR,
        .members = {p->me, other},
        .n_members = 2,
        .focuses = {{.learner_id = p->me,
                     .helper_id = other,
                     .skill_id = first_offer(p->w, p->people[colleague])},
                    {.learner_id = other, .helper_id = p->me, .skill_id = first_offer(p->w, me)}},
        .n_focuses = 2,
        .words = {"", 0},
    };
    p->coach->now_ms = p->now_ms - days * COACH_DAY_MS;
    coach_act_as_system(p->coach);
    enum err err = partnerships_propose(p->coach, &made, id);
    err = err ? err : as(p, p->me, days, 1);
    err = err ? err : partnerships_answer(p->coach, *id, true);
    err = err ? err : as(p, other, days, 2);
    err = err ? err : partnerships_answer(p->coach, *id, true);
    if (!err && begins) {
        err = partnerships_sign(p->coach, *id, 1);
        err = err ? err : as(p, p->me, days, 3);
        err = err ? err : partnerships_sign(p->coach, *id, 1);
    }
    return err;
}

static struct cycle_input plan(const char *goal, const char *look_for)
{
    struct str none = {"", 0};
    return (struct cycle_input){.goal = str_of(goal),
                                .look_for = str_of(look_for),
                                .task = none,
                                .strength = none,
                                .step = none,
                                .found = none,
                                .way = CYCLE_OBSERVE,
                                .support_planned = EVIDENCE_MODELLED};
}

static enum err complete(struct play *p, int64_t who, int days, int64_t id, enum cycle_stage stage,
                         const struct cycle_input *in)
{
    enum err err = as(p, who, days, (int)stage);
    return err ? err : cycles_write(p->coach, id, stage, in, true, &p->w->complaints);
}

static enum err visit(struct play *p, int64_t who, int days, int64_t cycle)
{
    const struct observation_line lines[] = {
        {str_of("demo-1"), 65000, str_of("Teacher: What do you notice? Waits, about two seconds")},
        {str_of("demo-2"), 71000, str_of("Three hands up, front row; calls on Mia")},
        {str_of("demo-3"), 190000, str_of("Teacher: Talk to your neighbour first. One minute")},
        {str_of("demo-4"), 255000, str_of("Eleven hands up; pupils answer each other twice")},
    };
    struct observation *list;
    size_t n;
    enum err err = as(p, who, days, 1);
    err = err ? err : observations_add(p->coach, cycle, 0, lines, 4, &p->w->complaints, &n);
    err = err ? err : observations_of_cycle(p->coach, cycle, &list, &n);
    return err ? err : observations_share(p->coach, list[0].id, true);
}

static enum err whole_cycle(struct play *p, int64_t helper, int64_t focus)
{
    int64_t id, note;
    struct cycle_input in = plan("All pupils have time to think before anybody answers",
                                 "How long I wait, and who answers");
    in.strength = str_of("After the minute with a neighbour, pupils who are often quiet spoke.");
    in.has_support_given = true;
    in.support_given = EVIDENCE_MODELLED;
    in.step = str_of("On Thursday, Year 8: before each whole-class question, half a minute with a "
                     "neighbour.");
    enum err err = as(p, p->me, 40, 0);
    err = err ? err : cycles_begin(p->coach, focus, &id);
    in.today = (int32_t)(p->coach->now_ms / COACH_DAY_MS) + 6;
    in.step_day = in.today + 7;
    in.outcome = CYCLE_OUTCOME_DONE;
    in.found = str_of("It worked in two of three lessons. The third was the last one on Friday.");
    err = err ? err : complete(p, p->me, 39, id, CYCLE_PLAN, &in);
    err = err ? err : as(p, helper, 37, 0);
    err = err ? err : cycles_prepared(p->coach, id);
    err = err ? err : visit(p, helper, 35, id);
    err = err ? err : complete(p, helper, 35, id, CYCLE_VISIT, &in);
    err = err ? err : complete(p, helper, 34, id, CYCLE_FEEDBACK, &in);
    err = err ? err : complete(p, p->me, 34, id, CYCLE_SOLVE, &in);
    err = err ? err : complete(p, p->me, 27, id, CYCLE_CHECK, &in);
    err = err ? err
              : notes_add(p->coach, id, CYCLE_REFLECT, NOTE_SHARED,
                          str_of("I used to fill the silence. Now I count."), &p->w->complaints,
                          &note);
    err = err ? err : cycles_evidence(p->coach, id, 1, str_of(""), &p->w->complaints);
    return err ? err : complete(p, p->me, 26, id, CYCLE_REFLECT, &in);
}

static enum err open_cycle(struct play *p, int64_t helper, int64_t focus)
{
    int64_t id, note;
    struct cycle_input in = plan("Pupils ask each other, not only me", "Who speaks to whom");
    in.support_planned = EVIDENCE_PROMPTED;
    enum err err = as(p, p->me, 6, 0);
    err = err ? err : cycles_begin(p->coach, focus, &id);
    err = err ? err : complete(p, p->me, 5, id, CYCLE_PLAN, &in);
    err = err ? err
              : notes_add(p->coach, id, CYCLE_PLAN, NOTE_PRIVATE,
                          str_of("I am a little nervous about the last row."), &p->w->complaints,
                          &note);
    err = err ? err : as(p, helper, 3, 0);
    return err ? err
               : notes_add(p->coach, id, CYCLE_PLAN, NOTE_JOINT,
                           str_of("Tuesday, period 3, room 12."), &p->w->complaints, &note);
}

/* What they wrote to each other, and when they meet: once in the past, once to come, and times that
 * wait for the teacher's answer. */
static enum err together(struct play *p, int64_t id)
{
    static const struct {
        int days, hour;
        bool mine;
        const char *words;
    } said[] = {
        {6, 0, true, "Thank you for today. I had not noticed that the same four always answer."},
        {6, 5, false, "They do know it. Shall we look at the wait time next?"},
        {1, 2, false, "I have put three times in for next week."},
    };
    int64_t other = p->colleagues[0], made, today = p->now_ms / COACH_DAY_MS * COACH_DAY_MS;
    int64_t past = today - 6 * COACH_DAY_MS + 10 * COACH_HOUR_MS;
    int64_t next = today + 5 * COACH_DAY_MS + 9 * COACH_HOUR_MS;
    struct complaints *complaints = &p->w->complaints;
    struct meeting_new meeting = {.partnership_id = id,
                                  .times = {past},
                                  .n_times = 1,
                                  .minutes = 30,
                                  .subject = str_of("Talk after the visit"),
                                  .place = str_of("Staff room")};
    enum err err = as(p, other, 9, 0);
    err = err ? err : meetings_propose(p->coach, &meeting, complaints, &made);
    err = err ? err : as(p, p->me, 8, 0);
    err = err ? err : meetings_confirm(p->coach, made, past);
    err = err ? err : as(p, p->me, 5, 0);
    err = err ? err : meetings_tell(p->coach, made, true);
    meeting.times[0] = next;
    meeting.subject = str_of("Plan the next visit");
    err = err ? err : as(p, other, 2, 0);
    err = err ? err : meetings_propose(p->coach, &meeting, complaints, &made);
    err = err ? err : as(p, p->me, 2, 2);
    err = err ? err : meetings_confirm(p->coach, made, next);
    meeting.n_times = MEETINGS_TIMES;
    for (int i = 0; i < MEETINGS_TIMES; i++) {
        meeting.times[i] = next + (i + 1) * COACH_DAY_MS;
    }
    meeting.subject = str_of("");
    err = err ? err : as(p, other, 1, 1);
    err = err ? err : meetings_propose(p->coach, &meeting, complaints, &made);
    for (size_t i = 0; i < sizeof said / sizeof *said && !err; i++) {
        err = as(p, said[i].mine ? p->me : other, said[i].days, said[i].hour);
        err = err ? err : messages_send(p->coach, id, str_of(said[i].words), complaints, &made);
    }
    return err;
}

static enum err at_work(struct play *p)
{
    struct partnership made;
    int64_t id;
    enum err err = pair(p, 0, 45, true, &id);
    err = err ? err : partnerships_get(p->coach, id, str_of("en"), &made);
    err = err ? err : whole_cycle(p, p->colleagues[0], made.focuses[0].id);
    err = err ? err : open_cycle(p, p->colleagues[0], made.focuses[0].id);
    return err ? err : together(p, id);
}

static enum err others(struct play *p)
{
    int64_t id;
    enum err err = pair(p, 1, 4, false, &id); /* an agreement to sign */
    err = err ? err : pair(p, 2, 90, true, &id);
    err = err ? err : as(p, p->me, 50, 0);
    err = err ? err : partnerships_end(p->coach, id, PARTNERSHIP_FINISHED);
    err = err ? err : pair(p, 3, 30, true, &id);
    err = err ? err : as(p, p->me, 10, 0);
    err = err ? err : partnerships_pause(p->coach, id);
    err = err ? err : as(p, p->colleagues[4], 1, 0);
    err = err ? err
              : asks_send(p->coach, p->me, first_offer(p->w, p->w->personas[DEMO_ROLE_TEACHER]),
                          str_of("I saw that you help with this. Would you look at one of my "
                                 "lessons?"),
                          &p->w->complaints, &id);
    return err;
}

static enum err with_guide(struct play *p)
{
    struct partnership made;
    int64_t id, cycle;
    enum err err = as(p, p->me, 8, 0);
    err = err ? err
              : asks_guide(p->coach, first_need(p->w, p->w->personas[DEMO_ROLE_TEACHER]),
                           &p->w->complaints, &id);
    err = err ? err : partnerships_get(p->coach, id, str_of("en"), &made);
    return err ? err : cycles_begin(p->coach, made.focuses[0].id, &cycle);
}

/* Colleagues of the teacher's school; never the head, who evaluates them. */
static int choose(struct play *p)
{
    struct demo_world *w = p->w;
    int32_t me = w->personas[DEMO_ROLE_TEACHER], school = w->demo->people[me].school;
    int32_t first = w->demo->first[school] + 1, n = w->demo->first[school + 1] - first;
    int found = 0;
    for (int32_t k = 1; k < n && found < COLLEAGUES; k++) {
        int32_t other = first + (me - first + k) % n;
        bool persona = false;
        for (int role = 0; role < DEMO_ROLE__MAX; role++) {
            persona |= w->personas[role] == other;
        }
        if (!persona) {
            p->people[found] = other;
            p->colleagues[found++] = w->ids[other];
        }
    }
    return found;
}

enum err demo_world_partnerships(struct coach *coach, void *ctx)
{
    struct demo_world *w = ctx;
    struct play p = {.w = w,
                     .coach = coach,
                     .now_ms = coach->now_ms,
                     .me = w->ids[w->personas[DEMO_ROLE_TEACHER]]};
    enum err err = ERR_OK;
    complaint_init(&w->complaints, coach->arena);
    if (choose(&p) == COLLEAGUES) { /* else the school is too small for all that */
        err = at_work(&p);
        err = err ? err : others(&p);
        err = err ? err : with_guide(&p);
        /* they have looked in lately: only the last days are new */
        err = err ? err : as(&p, p.me, 3, 0);
        err = err ? err : notices_seen(coach, coach->now_ms);
    }
    coach->now_ms = p.now_ms;
    coach_act_as_system(coach);
    return err;
}
