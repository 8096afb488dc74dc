/* A programme of the demonstration that has run for ten weeks, with partnerships at every stage:
 * some that go well, some that stand still, one that is paused, one that waits for an answer; most
 * people have no partner yet. */
#include "cli/demo_world.h"
#include "coach/cycles.h"
#include "coach/partnerships.h"
#include "coach/programmes.h"
#include "coach/stalled.h"

#define PAIRS 10
#define STARTED 70 /* days ago */
#define LEFT 21    /* days until it ends */
#define NEAR 12    /* colleagues after the teacher who have enough to do (demo_partners.c) */

/* How far a pair has come, and how many days ago it last did something. */
enum come { ASKED, AGREEING, BEGUN, PLANNED, CYCLED, PAUSED, FINISHED };
static const struct {
    enum come come;
    int days;
} plays[PAIRS] = {{CYCLED, 2},  {PLANNED, 3}, {CYCLED, 27},  {BEGUN, 33}, {PLANNED, 29},
                  {PAUSED, 12}, {ASKED, 2},   {AGREEING, 3}, {CYCLED, 1}, {FINISHED, 9}};

struct term {
    struct demo_world *w;
    struct coach *coach;
    int64_t now_ms, programme;
};

static enum err as(struct term *t, int64_t person, int days, int hour)
{
    t->coach->now_ms = t->now_ms - days * COACH_DAY_MS + hour * COACH_HOUR_MS / 4;
    return coach_act_as(t->coach, person);
}

static int64_t skill_of(const struct demo_world *w, const struct demo_picked *picked, int other)
{
    return w->skills[picked->n ? picked->skills[0] : other];
}

static enum err begin(struct term *t, const int64_t people[2], int64_t id, int days)
{
    enum err err = ERR_OK;
    for (int k = 0; k < 2 && !err; k++) {
        err = as(t, people[k], days, k + 4);
        err = err ? err : partnerships_sign(t->coach, id, 1);
    }
    return err;
}

/* A whole cycle, or its plan, of the first of the two. */
static enum err cycle(struct term *t, const int64_t people[2], int64_t focus, int days, bool whole)
{
    struct str none = {"", 0};
    struct cycle_input in = {
        .goal = str_of("One thing in one lesson"),
        .look_for = none,
        .task = none,
        .strength = str_of("It was calm, and everybody had a turn."),
        .step = str_of("Again next week, with the other class."),
        .found = none,
        .way = CYCLE_OBSERVE,
        .support_planned = EVIDENCE_PROMPTED,
        .has_support_given = true,
        .support_given = EVIDENCE_PROMPTED,
        .outcome = CYCLE_OUTCOME_DONE,
    };
    int64_t id;
    enum err err = as(t, people[0], days + (whole ? 18 : 1), 0);
    err = err ? err : cycles_begin(t->coach, focus, &id);
    for (int s = CYCLE_PLAN; s <= (whole ? CYCLE_REFLECT : CYCLE_PLAN) && !err; s++) {
        err = as(t, people[0], days + (whole ? 3 * (CYCLE_REFLECT - s) : 0), 8 + s);
        in.today = (int32_t)(t->coach->now_ms / COACH_DAY_MS);
        in.step_day = in.today + 3;
        err = err ? err
                  : cycles_write(t->coach, id, (enum cycle_stage)s, &in, true, &t->w->complaints);
    }
    return err;
}

static enum err play(struct term *t, const int64_t people[2], const int32_t index[2], int which)
{
    const struct demo_world *w = t->w;
    struct partnership_new made = {
        .kind = PARTNERSHIP_PAIR,
        .programme_id = t->programme,
        .members = {people[0], people[1]},
        .n_members = 2,
        .focuses = {{people[0], people[1], skill_of(w, &w->needs[index[0]], 0), false, 0, 0},
                    {people[1], people[0], skill_of(w, &w->needs[index[1]], 1), false, 0, 0}},
        .n_focuses = 2,
        .words = {"", 0},
    };
    struct partnership found;
    enum come come = plays[which].come;
    int days = plays[which].days;
    int first = come <= AGREEING ? days : come == BEGUN ? days : STARTED - 10 + which % 3;
    int64_t id;
    t->coach->now_ms = t->now_ms - first * COACH_DAY_MS;
    coach_act_as_system(t->coach);
    enum err err = partnerships_propose(t->coach, &made, &id);
    for (int k = 0; k < (come == ASKED ? 1 : 2) && !err; k++) {
        err = as(t, people[k], first, k + 1);
        err = err ? err : partnerships_answer(t->coach, id, true);
    }
    err = err || come < BEGUN ? err : begin(t, people, id, first);
    err = err || come < BEGUN ? err : partnerships_get(t->coach, id, str_of("en"), &found);
    if (!err && come >= PLANNED) {
        err = cycle(t, people, found.focuses[0].id, days, come != PLANNED);
    }
    if (!err && come == PAUSED) {
        err = partnerships_pause(t->coach, id);
    } else if (!err && come == FINISHED) {
        err = partnerships_end(t->coach, id, PARTNERSHIP_FINISHED);
    }
    return err;
}

/* Pairs of the teacher's school, and of those after it, who are no persona and no close colleague
 * of the teacher. */
static enum err play_all(struct term *t)
{
    const struct demo_world *w = t->w;
    int32_t me = w->personas[DEMO_ROLE_TEACHER], school = w->demo->people[me].school;
    int32_t at = w->demo->first[school] + 1, end = w->demo->first[school + 1];
    int32_t index[2];
    int64_t people[2];
    enum err err = ERR_OK;
    for (int which = 0, n = 0; at < end && which < PAIRS && !err; at++) {
        int32_t behind = (at - me + end) % end;
        bool taken = at == me || (at > me && behind <= NEAR);
        for (int role = 0; role < DEMO_ROLE__MAX; role++) {
            taken |= w->personas[role] == at;
        }
        if (taken) {
            continue;
        }
        index[n] = at;
        people[n++] = w->ids[at];
        if (n == 2) {
            err = play(t, people, index, which++);
            n = 0;
        }
    }
    return err;
}

/* The daily look as it was eight days ago and is today, or on the school days before these. */
static enum err look_back(struct term *t)
{
    enum err err = ERR_OK;
    coach_act_as_system(t->coach);
    for (int days = 12; days >= 0 && !err; days--) {
        struct stalled_look look = {0};
        t->coach->now_ms = t->now_ms - days * COACH_DAY_MS;
        err = stalled_look(t->coach, &look);
    }
    return err;
}

enum err demo_world_running(struct coach *coach, void *ctx)
{
    struct demo_world *w = ctx;
    struct term t = {.w = w, .coach = coach, .now_ms = coach->now_ms};
    int32_t today = (int32_t)(coach->now_ms / COACH_DAY_MS);
    int32_t school = w->demo->people[w->personas[DEMO_ROLE_TEACHER]].school;
    const struct programme programme = {
        .name = str_of("Visits among colleagues"),
        .about = str_of("Two colleagues visit each other, talk about one thing, and try one step. "
                        "It has run since the beginning of the term."),
        .framework_id = w->framework,
        .starts_day = today - STARTED,
        .ends_day = today + LEFT,
        .strategy = PROGRAMME_RECIPROCAL,
        .max_helps = -1,
        .max_learns = -1};
    complaint_init(&w->complaints, coach->arena);
    t.coach->now_ms = t.now_ms - STARTED * COACH_DAY_MS;
    enum err err = coach_act_as(coach, w->ids[w->personas[DEMO_ROLE_COORDINATOR]]);
    err = err ? err : programmes_add(coach, &programme, &w->complaints, &t.programme);
    err = err ? err
              : programmes_set_units(coach, t.programme, &w->schools[school], 1, &w->complaints);
    err = err ? err : programmes_open(coach, t.programme, &w->complaints);
    coach_act_as_system(coach);
    err = err ? err : programmes_run(coach, t.programme);
    err = err ? err : play_all(&t);
    err = err ? err : look_back(&t);
    coach->now_ms = t.now_ms;
    coach_act_as_system(coach);
    return err;
}
