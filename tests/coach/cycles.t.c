/* Cycles: a whole one, who may say what, support that fades, evidence, notes, the pad. */
#include "partners_test.h"

static enum err write_stage(struct school *s, enum who who, int64_t id, enum cycle_stage stage,
                            struct cycle_input in, bool complete)
{
    struct coach *coach = as(s, who);
    return coachtest_write(&s->c, cycles_write(coach, id, stage, &in, complete, &s->c.complaints));
}

static struct cycle_input empty(void)
{
    struct str none = {"", 0};
    return (struct cycle_input){.goal = none,
                                .look_for = none,
                                .task = none,
                                .strength = none,
                                .step = none,
                                .found = none,
                                .today = 19675};
}

static int64_t test_whole(struct school *s, int64_t focus, enum cycle_outcome outcome,
                          enum evidence_support given)
{
    struct coachtest *c = &s->c;
    int64_t id = 0;
    struct cycle_input in = empty();
    struct coach *coach = as(s, BOB);
    coachtest_do(c, cycles_begin(coach, focus, &id));
    tap_ok(write_stage(s, ANN, id, CYCLE_PLAN, in, true) == ERR_INVALID, "%s: a plan has a goal",
           c->name);
    in.goal = str_of("Wait three seconds");
    in.task_id = 2;
    in.way = CYCLE_MODEL;
    tap_ok(write_stage(s, BOB, id, CYCLE_PLAN, in, true) == ERR_FORBIDDEN &&
               write_stage(s, CAT, id, CYCLE_PLAN, in, true) == ERR_FORBIDDEN &&
               write_stage(s, ANN, id, CYCLE_SOLVE, in, true) == ERR_CONFLICT,
           "%s: the learner's goal, in its stage", c->name);
    tap_ok(write_stage(s, ANN, id, CYCLE_PLAN, in, true) == ERR_OK &&
               school_cycle(s, BOB, id).stage == CYCLE_VISIT &&
               str_is(school_cycle(s, BOB, id).task, "Near"),
           "%s: planned, with a task", c->name);
    coach = as(s, BOB);
    coachtest_do(c, cycles_prepared(coach, id));
    coach = as(s, ANN);
    tap_ok(coachtest_write(c, cycles_prepared(coach, id)) == ERR_FORBIDDEN,
           "%s: the helper prepares", c->name);
    coachtest_do(c, cycles_back(coach, id));
    tap_ok(coachtest_write(c, cycles_back(coach, id)) == ERR_CONFLICT &&
               school_cycle(s, ANN, id).stage == CYCLE_PLAN,
           "%s: one stage back, not two", c->name);
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_PLAN, in, true), "plan");
    coachtest_must(c, write_stage(s, BOB, id, CYCLE_VISIT, in, false), "visit");
    coach = as(s, ANN);
    tap_ok(coachtest_write(c, cycles_back(coach, id)) == ERR_CONFLICT,
           "%s: not back once something was written", c->name);
    coachtest_must(c, write_stage(s, BOB, id, CYCLE_VISIT, in, true), "visit");
    tap_ok(coachtest_write(c, cycles_evidence(as(s, ANN), id, 1, str_of(""), &c->complaints)) ==
               ERR_CONFLICT,
           "%s: no evidence before it is said how much help there was", c->name);
    in.strength = str_of("Everybody was asked");
    tap_ok(write_stage(s, BOB, id, CYCLE_FEEDBACK, in, true) == ERR_INVALID,
           "%s: how much help is said", c->name);
    in.has_support_given = true;
    in.support_given = given;
    coachtest_must(c, write_stage(s, BOB, id, CYCLE_FEEDBACK, in, true), "feedback");
    in.step = str_of("Count to three");
    in.step_day = 19675 + 15;
    tap_ok(write_stage(s, ANN, id, CYCLE_SOLVE, in, true) == ERR_INVALID,
           "%s: a step is looked at within two weeks", c->name);
    in.step_day = 19675 + 14;
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_SOLVE, in, true), "solve");
    tap_ok(write_stage(s, ANN, id, CYCLE_CHECK, in, true) == ERR_INVALID,
           "%s: a check has an outcome", c->name);
    in.outcome = outcome;
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_CHECK, in, true), "check");
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_REFLECT, in, true), "reflect");
    struct cycle cycle = school_cycle(s, BOB, id);
    tap_ok(cycle.state == CYCLE_DONE && str_is(cycle.step, "Count to three") &&
               cycle.step_day == 19689,
           "%s: done", c->name);
    tap_ok(write_stage(s, ANN, id, CYCLE_REFLECT, in, true) == ERR_CONFLICT, "%s: and over",
           c->name);
    return id;
}

static void test_fading(struct school *s, int64_t focus, enum evidence_support expected)
{
    struct coachtest *c = &s->c;
    int64_t id = 0;
    coachtest_do(c, cycles_begin(as(s, ANN), focus, &id));
    struct cycle cycle = school_cycle(s, ANN, id);
    tap_ok(cycle.support_planned == expected, "%s: the next is proposed with \"%s\" help", c->name,
           evidence_support_word(expected));
    coachtest_do(c, cycles_stop(as(s, BOB), id));
}

static void test_evidence(struct school *s, int64_t id)
{
    struct coachtest *c = &s->c;
    struct complaints *why = &c->complaints;
    coachtest_do(c, cycles_evidence(as(s, ANN), id, 1, str_of(""), why));
    coachtest_do(c, cycles_evidence(as(s, BOB), id, 3, str_of("Three waits of three"), why));
    tap_ok(coachtest_write(c, cycles_evidence(as(s, BOB), id, 3, str_of(""), why)) ==
                   ERR_CONFLICT &&
               coachtest_write(c, cycles_evidence(as(s, CAT), id, 3, str_of(""), why)) ==
                   ERR_FORBIDDEN,
           "%s: one piece of each of the two", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM evidence e JOIN person p ON p.id = "
                               "e.person_id WHERE p.given_name = 'Ann' AND e.skill_id = 1 AND "
                               "((e.kind = 'task' AND e.task_id = 2 AND e.level = 1) OR "
                               "(e.kind = 'observed' AND e.level = 3)) "
                               "AND e.support = 'prompted'") == 2,
           "%s: about the learner, with the help there was", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM zone WHERE skill_id = 1") == 1,
           "%s: and the zone has moved", c->name);
    tap_ok(school_cycle(s, ANN, id).own_evidence, "%s: said to whom it is", c->name);
}

static size_t n_notes(struct school *s, enum who who, int64_t cycle)
{
    struct note_list list;
    enum err err = coachtest_read(&s->c, notes_of_cycle(as(s, who), cycle, &list));
    return err ? 1000 + (size_t)err : list.n;
}

static void test_notes(struct school *s, int64_t cycle)
{
    struct coachtest *c = &s->c;
    struct complaints *why = &c->complaints;
    struct note_list list;
    int64_t mine, shared, joint;
    coachtest_do(
        c, notes_add(as(s, ANN), cycle, CYCLE_PLAN, NOTE_PRIVATE, str_of("Mine"), why, &mine));
    coachtest_do(c, notes_add(as(s, ANN), cycle, CYCLE_PLAN, NOTE_SHARED, str_of("Yours too"), why,
                              &shared));
    coachtest_do(c,
                 notes_add(as(s, BOB), cycle, CYCLE_PLAN, NOTE_JOINT, str_of("Ours"), why, &joint));
    tap_ok(n_notes(s, ANN, cycle) == 3 && n_notes(s, BOB, cycle) == 2,
           "%s: a private note is its author's alone", c->name);
    tap_ok(n_notes(s, COORDINATOR, cycle) >= 1000 && n_notes(s, ADMIN, cycle) >= 1000,
           "%s: nobody outside reads any", c->name);
    tap_ok(coachtest_write(c, notes_edit(as(s, BOB), shared, 0, str_of("x"), why)) ==
                   ERR_FORBIDDEN &&
               coachtest_write(c, notes_remove(as(s, BOB), shared)) == ERR_FORBIDDEN &&
               coachtest_write(c, notes_edit(as(s, BOB), mine, 0, str_of("x"), why)) ==
                   ERR_FORBIDDEN &&
               coachtest_write(c, notes_share(as(s, BOB), mine, true)) == ERR_FORBIDDEN,
           "%s: nor is it another's to change or share", c->name);
    coachtest_must(c, coachtest_read(c, notes_of_cycle(as(s, ANN), cycle, &list)), "notes");
    int64_t read = list.items[2].changed_ms;
    coachtest_do(c, notes_edit(as(s, ANN), joint, read, str_of("Ours, changed"), why));
    tap_ok(coachtest_write(c, notes_edit(as(s, BOB), joint, read, str_of("Over it"), why)) ==
               ERR_CONFLICT,
           "%s: a joint note is nobody's to overwrite unread", c->name);
    coachtest_do(c, notes_share(as(s, ANN), mine, true));
    tap_ok(n_notes(s, BOB, cycle) == 3, "%s: shared", c->name);
    coachtest_do(c, notes_share(as(s, ANN), mine, false));
    tap_ok(n_notes(s, BOB, cycle) == 2, "%s: and taken back", c->name);
    coachtest_do(c, notes_remove(as(s, ANN), mine));
    tap_ok(coachtest_number(c, "SELECT count(*) FROM note WHERE words LIKE '%Mine%'") == 0,
           "%s: removed is gone", c->name);
}

static size_t n_lines(struct school *s, enum who who, int64_t cycle, int64_t *id)
{
    struct observation *list;
    size_t n = 0;
    enum err err = coachtest_read(&s->c, observations_of_cycle(as(s, who), cycle, &list, &n));
    if (!err && n && id) {
        *id = list[0].id;
    }
    return err ? 1000 : n ? list[0].n : 0;
}

static void test_pad(struct school *s, int64_t cycle)
{
    struct coachtest *c = &s->c;
    size_t n_new = 0;
    int64_t id = 0;
    struct observation_line lines[] = {{str_of("k1"), 4000, str_of("Teacher asks")},
                                       {str_of("k2"), 1000, str_of("Bell")}};
    coachtest_do(c, observations_add(as(s, BOB), cycle, 0, lines, 2, &c->complaints, &n_new));
    tap_ok(n_new == 2, "%s: lines are kept", c->name);
    lines[1].key = str_of("k3");
    coachtest_do(c, observations_add(as(s, BOB), cycle, 0, lines, 2, &c->complaints, &n_new));
    tap_ok(n_new == 1 && n_lines(s, BOB, cycle, &id) == 3, "%s: sent twice is one line", c->name);
    tap_ok(n_lines(s, ANN, cycle, NULL) == 0, "%s: they are the author's", c->name);
    tap_ok(coachtest_write(c, observations_share(as(s, ANN), id, true)) == ERR_FORBIDDEN,
           "%s: who alone can share them", c->name);
    coachtest_do(c, observations_share(as(s, BOB), id, true));
    tap_ok(n_lines(s, ANN, cycle, NULL) == 3 && n_lines(s, CAT, cycle, NULL) == 1000 &&
               n_lines(s, COORDINATOR, cycle, NULL) == 1000,
           "%s: with the partner", c->name);
    lines[0].key = str_of("not a key");
    tap_ok(coachtest_write(c, observations_add(as(s, BOB), cycle, 0, lines, 2, &c->complaints,
                                               &n_new)) == ERR_INVALID,
           "%s: keys are letters and digits", c->name);
    coachtest_do(c, observations_remove_line(as(s, BOB), id, str_of("k1")));
    tap_ok(n_lines(s, BOB, cycle, NULL) == 2, "%s: a line removed", c->name);
    coachtest_do(c, observations_remove(as(s, BOB), id));
    tap_ok(coachtest_number(c, "SELECT count(*) FROM observation_line") == 0, "%s: and all of it",
           c->name);
}

static void test_peers(struct school *s, int64_t partnership, int64_t focus)
{
    struct coachtest *c = &s->c;
    struct partnership p = school_get(s, ANN, partnership);
    tap_ok(p.focuses[0].id == focus && !p.focuses[0].peers, "%s: not yet peers", c->name);
    coachtest_script(c, "DELETE FROM zone");
    coachtest_script(
        c,
        "INSERT INTO zone SELECT id, 1, CASE WHEN given_name = 'Ann' THEN 1.5 ELSE 0.2 END, 0.4, "
        "2, 1, 1, 1, 0, 2, 3, 1, 2, 2, 3, 5, 1, 1, NULL, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 "
        "FROM person WHERE given_name IN ('Ann', 'Bob')");
    tap_ok(school_get(s, ANN, partnership).focuses[0].peers &&
               school_get(s, BOB, partnership).focuses[0].peers,
           "%s: the distance has closed: peers", c->name);
    coachtest_script(c, "UPDATE share SET revoked_ms = 1 WHERE owner_id = (SELECT id FROM person "
                        "WHERE given_name = 'Bob')");
    tap_ok(!school_get(s, ANN, partnership).focuses[0].peers,
           "%s: not said where one no longer lets it be seen", c->name);
}

/* Notices of a kind, about this cycle or (0) none, that wait for somebody. */
static int64_t told(struct school *s, enum who who, const char *kind, int64_t cycle)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM notice WHERE kind = '%s' AND done_ms IS NULL AND "
                   "person_id = %lld AND object_id = %lld",
                   kind, (long long)s->people[who], (long long)cycle);
    return coachtest_number(&s->c, sql);
}

static int64_t ask_about_steps(struct school *s)
{
    int64_t n = -1;
    coachtest_as_system(&s->c);
    coachtest_do(&s->c, cycles_steps_due(&s->c.coach, 100, &n));
    return n;
}

/* A cycle that the helper begins: each is told what is theirs to do next, and nothing else. */
static void test_told(struct school *s, int64_t focus)
{
    struct coachtest *c = &s->c;
    struct cycle_input in = empty();
    int64_t id = 0, next = 0;
    in.goal = in.strength = in.step = str_of("Wait");
    in.has_support_given = true;
    in.step_day = 19675 + 7;
    in.outcome = CYCLE_OUTCOME_DONE;
    coachtest_do(c, cycles_begin(as(s, BOB), focus, &id));
    tap_ok(told(s, ANN, "plan", id) == 1 && told(s, BOB, "plan", id) == 0,
           "%s: the helper has begun a cycle: who learns is asked for the plan", c->name);
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_PLAN, in, true), "plan");
    tap_ok(told(s, ANN, "plan", id) == 0 && told(s, BOB, "prepare", id) == 1,
           "%s: there it is, and the helper is asked to prepare", c->name);
    coachtest_must(c, write_stage(s, BOB, id, CYCLE_VISIT, in, true), "visit");
    tap_ok(told(s, ANN, "stage", id) == 1, "%s: the next stage is the other's, too", c->name);
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_FEEDBACK, in, true), "feedback");
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_SOLVE, in, true), "solve");
    tap_ok(told(s, ANN, "stage", id) == 0 && told(s, BOB, "stage", id) == 0,
           "%s: who cannot do the next stage is not told that it is theirs", c->name);
    tap_ok(ask_about_steps(s) == 0, "%s: a step has its day", c->name);
    c->coach.now_ms += 7 * COACH_DAY_MS;
    tap_ok(ask_about_steps(s) == 1 && ask_about_steps(s) == 0 &&
               told(s, ANN, "step-due", id) == 1 && told(s, BOB, "step-due", id) == 1,
           "%s: when it has come both are told, once", c->name);
    coachtest_must(c, write_stage(s, ANN, id, CYCLE_CHECK, in, true), "check");
    tap_ok(told(s, ANN, "step-due", id) == 0 && told(s, BOB, "step-due", id) == 0,
           "%s: one has looked", c->name);
    coachtest_must(c, write_stage(s, BOB, id, CYCLE_REFLECT, in, true), "reflect");
    tap_ok(told(s, ANN, "cycle-done", id) == 1 && told(s, BOB, "cycle-done", id) == 0 &&
               told(s, BOB, "stage", id) == 0,
           "%s: closed: the other is told", c->name);
    coachtest_do(c, cycles_begin(as(s, ANN), focus, &next));
    tap_ok(told(s, BOB, "plan", next) == 0, "%s: a helper hears of a plan, not of its beginning",
           c->name);
    coachtest_do(c, cycles_stop(as(s, BOB), next));
    tap_ok(told(s, ANN, "cycle-stopped", next) == 1 && told(s, BOB, "cycle-stopped", next) == 0,
           "%s: stopped: the other is told", c->name);
    tap_ok(coachtest_write(c, cycles_steps_due(as(s, ADMIN), 100, &next)) == ERR_FORBIDDEN,
           "%s: the clock is the server's", c->name);
}

/* With the guide nobody chooses who visits whom: much help begins with a model, little with one's
 * own lesson. */
static void test_guide(struct school *s)
{
    static const enum cycle_way ways[EVIDENCE_SUPPORT__MAX] = {
        [EVIDENCE_JOINT] = CYCLE_MODEL, [EVIDENCE_MODELLED] = CYCLE_MODEL};
    struct coachtest *c = &s->c;
    struct cycle_input in = empty();
    int64_t partnership, id = 0;
    int wrong = 0;
    coachtest_do(c, asks_guide(as(s, CAT), s->skills[0], &c->complaints, &partnership));
    int64_t focus = school_get(s, CAT, partnership).focuses[0].id;
    coachtest_do(c, cycles_begin(as(s, CAT), focus, &id));
    in.goal = str_of("Wait");
    for (int support = 0; support < EVIDENCE_SUPPORT__MAX; support++) {
        in.support_planned = (enum evidence_support)support;
        coachtest_must(c, write_stage(s, CAT, id, CYCLE_PLAN, in, false), "plan");
        wrong += school_cycle(s, CAT, id).way != ways[support];
    }
    tap_ok(wrong == 0, "%s: with the guide the help that is planned says how it is watched",
           c->name);
}

static void suite(const struct dbtest *t)
{
    struct school s;
    school_make(&s, t);
    int64_t partnership = school_active(&s);
    int64_t focus = school_get(&s, ANN, partnership).focuses[0].id;
    int64_t cycle = test_whole(&s, focus, CYCLE_OUTCOME_DONE, EVIDENCE_PROMPTED);
    test_fading(&s, focus, EVIDENCE_INDEPENDENT);
    test_evidence(&s, cycle);
    test_whole(&s, focus, CYCLE_OUTCOME_NOT_YET, EVIDENCE_MODELLED);
    test_fading(&s, focus, EVIDENCE_MODELLED);
    test_notes(&s, cycle);
    test_pad(&s, cycle);
    test_peers(&s, partnership, focus);
    test_told(&s, focus);
    test_guide(&s);
    coachtest_close(&s.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
