/* A small school for tests of partnerships: three colleagues, an outsider, somebody who may become
 * an evaluator, a coordinator and an administrator; two skills with tasks. */
#ifndef DUET_TESTS_COACH_PARTNERS_TEST_H
#define DUET_TESTS_COACH_PARTNERS_TEST_H

#include "coach/asks.h"
#include "coach/cycles.h"
#include "coach/evaluators.h"
#include "coach/notes.h"
#include "coach/observations.h"
#include "coach/partnerships.h"
#include "coachtest.h"

enum who { ANN, BOB, CAT, DAN, EVE, COORDINATOR, ADMIN, WHO__MAX };

struct school {
    struct coachtest c;
    int64_t unit, people[WHO__MAX], skills[2];
};

static inline void school_make(struct school *s, const struct dbtest *t)
{
    static const char *const names[WHO__MAX] = {"Ann", "Bob",   "Cat",  "Dan",
                                                "Eve", "Coord", "Admin"};
    struct coachtest *c = &s->c;
    coachtest_open(c, t);
    coachtest_script(
        c, "INSERT INTO framework (name, created_ms, changed_ms) VALUES ('F', 1, 1);"
           "INSERT INTO domain (framework_id, position, name) VALUES (1, 1, 'D');"
           "INSERT INTO skill (framework_id, domain_id, code, position, name, levels) "
           "VALUES (1, 1, 'A', 1, 'Asking', 4), (1, 1, 'B', 2, 'Briefing', 4);"
           "INSERT INTO task (skill_id, position, name, difficulty) VALUES (1, 1, 'Far', 3.0), "
           "(1, 2, 'Near', 0.5)");
    s->skills[0] = 1;
    s->skills[1] = 2;
    s->unit = coachtest_unit(c, 0, UNIT_ORGANISATION, "School");
    for (int who = 0; who < WHO__MAX; who++) {
        s->people[who] = coachtest_person(c, names[who], "Person");
        coachtest_role(c, s->people[who], s->unit,
                       who == COORDINATOR ? ROLE_COORDINATOR
                       : who == ADMIN     ? ROLE_ADMINISTRATOR
                                          : ROLE_PARTICIPANT);
    }
}

/* From now on this one asks, a second later; also inside a transaction. */
static inline struct coach *as(struct school *s, enum who who)
{
    s->c.coach.now_ms += 1000;
    if (db_in_transaction(s->c.db)) {
        coachtest_must(&s->c, coach_act_as(&s->c.coach, s->people[who]), "act as");
    } else {
        coachtest_as(&s->c, s->people[who]);
    }
    return &s->c.coach;
}

/* Ann learns Asking from Bob and Bob Briefing from Ann. */
static inline struct partnership_new school_pair(const struct school *s)
{
    return (struct partnership_new){
        .kind = PARTNERSHIP_PAIR,
        .members = {s->people[ANN], s->people[BOB]},
        .n_members = 2,
        .focuses = {{.learner_id = s->people[ANN],
                     .helper_id = s->people[BOB],
                     .skill_id = s->skills[0],
                     .has_gain = true,
                     .gain = 800,
                     .reach = 900},
                    {.learner_id = s->people[BOB],
                     .helper_id = s->people[ANN],
                     .skill_id = s->skills[1]}},
        .n_focuses = 2,
        .words = {"", 0},
    };
}

static inline int64_t school_propose(struct school *s, const struct partnership_new *made)
{
    int64_t id = 0;
    coachtest_as_system(&s->c);
    coachtest_do(&s->c, partnerships_propose(&s->c.coach, made, &id));
    return id;
}

static inline void school_answer(struct school *s, enum who who, int64_t id, bool yes)
{
    struct coach *coach = as(s, who);
    coachtest_do(&s->c, partnerships_answer(coach, id, yes));
}

static inline void school_sign(struct school *s, enum who who, int64_t id, int32_t version)
{
    struct coach *coach = as(s, who);
    coachtest_do(&s->c, partnerships_sign(coach, id, version));
}

/* An active pair of Ann and Bob. */
static inline int64_t school_active(struct school *s)
{
    struct partnership_new made = school_pair(s);
    int64_t id = school_propose(s, &made);
    school_answer(s, ANN, id, true);
    school_answer(s, BOB, id, true);
    school_sign(s, ANN, id, 1);
    school_sign(s, BOB, id, 1);
    return id;
}

static inline struct partnership school_get(struct school *s, enum who who, int64_t id)
{
    struct partnership p = {0};
    struct coach *coach = as(s, who);
    coachtest_must(&s->c, coachtest_read(&s->c, partnerships_get(coach, id, str_of("en"), &p)),
                   "get");
    return p;
}

static inline struct cycle school_cycle(struct school *s, enum who who, int64_t id)
{
    struct cycle cycle = {0};
    struct coach *coach = as(s, who);
    coachtest_must(&s->c, coachtest_read(&s->c, cycles_get(coach, id, str_of("en"), &cycle)),
                   "cycle");
    return cycle;
}

#endif
