/* The owner's work with the guide, of which nobody else is a member; for access.t.c. */
#ifndef DUET_TESTS_WEB_ACCESS_COACHING_H
#define DUET_TESTS_WEB_ACCESS_COACHING_H

#include "coach/cycles.h"
#include "coach/notes.h"
#include "coach/observations.h"
#include "coach/partnerships.h"
#include "web/webtest.h"

struct access_coaching {
    int64_t partnership, focus, cycle, note, visit;
};

/* New ones; the owner asks. */
static inline struct access_coaching access_coaching(struct webtest *w)
{
    struct coach *coach = &w->c.coach;
    struct access_coaching made = {0};
    struct observation_line line = {str_of("k"), 0, str_of("seen")};
    struct observation *visits;
    struct partnership p;
    size_t n;
    struct partnership_new guide = {
        .kind = PARTNERSHIP_GUIDE,
        .members = {w->people[WEBTEST_OWNER]},
        .n_members = 1,
        .focuses = {{.learner_id = w->people[WEBTEST_OWNER], .skill_id = w->skill}},
        .n_focuses = 1,
        .words = {"", 0}};
    coachtest_do(&w->c, partnerships_make(coach, &guide, &made.partnership));
    coachtest_do(&w->c, partnerships_answer(coach, made.partnership, true));
    enum err err =
        coachtest_read(&w->c, partnerships_get(coach, made.partnership, str_of("en"), &p));
    coachtest_must(&w->c, err, "partnership");
    made.focus = p.focuses[0].id;
    coachtest_do(&w->c, cycles_begin(coach, made.focus, &made.cycle));
    coachtest_do(&w->c, notes_add(coach, made.cycle, CYCLE_PLAN, NOTE_PRIVATE, str_of("mine"),
                                  &w->c.complaints, &made.note));
    coachtest_do(&w->c, observations_add(coach, made.cycle, 0, &line, 1, &w->c.complaints, &n));
    err = coachtest_read(&w->c, observations_of_cycle(coach, made.cycle, &visits, &n));
    coachtest_must(&w->c, err, "visit");
    made.visit = visits[0].id;
    return made;
}

#endif
