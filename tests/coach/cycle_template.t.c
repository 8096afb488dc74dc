/* The cycle of a programme: what a coordinator may say of it, what is refused, and what it means
 * for cycles, also for one that runs. */
#include "coach/cycle_template.h"
#include "base/rng.h"
#include "coach/programmes.h"
#include "partners_test.h"

#define LONG 301

static struct cycle_template get(struct school *s)
{
    struct cycle_template t;
    coachtest_as(&s->c, s->people[COORDINATOR]);
    coachtest_must(&s->c, coachtest_read(&s->c, cycle_template_get(&s->c.coach, 1, &t)), "get");
    return t;
}

static enum err say(struct school *s, enum cycle_part part, const char *purpose, const char *before,
                    const char *talk, const char *stems)
{
    const struct cycle_words_typed typed = {.purpose = str_of(purpose),
                                            .before = str_of(before),
                                            .talk = str_of(talk),
                                            .stems = str_of(stems),
                                            .language = str_of("en")};
    coachtest_as(&s->c, s->people[COORDINATOR]);
    return coachtest_write(&s->c,
                           cycle_template_say(&s->c.coach, 1, part, &typed, &s->c.complaints));
}

static enum err use(struct school *s, bool prepare, bool model, int32_t days)
{
    coachtest_as(&s->c, s->people[COORDINATOR]);
    return coachtest_write(
        &s->c, cycle_template_use(&s->c.coach, 1, prepare, model, days, &s->c.complaints));
}

static void add_programme(struct school *s)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
             "changed_ms) VALUES ('P', 1, 1, 2, 'running', 1, 1);"
             "INSERT INTO programme_unit (programme_id, unit_id) VALUES (1, %d)",
             (int)s->unit);
    coachtest_script(&s->c, sql);
}

/* In Spanish, in Catalan: each reads theirs, everybody else the first. */
static void test_languages(struct school *s)
{
    struct coachtest *c = &s->c;
    struct cycle_words_typed typed = {.purpose = str_of("Catal\303\240"),
                                      .before = {"", 0},
                                      .talk = str_of("Parla"),
                                      .stems = {"", 0},
                                      .language = str_of("ca"),
                                      .further = true};
    enum cycle_part part = CYCLE_PART_CHECK;
    coachtest_as(c, s->people[COORDINATOR]);
    tap_ok(coachtest_write(c, cycle_template_say(&c->coach, 1, part, &typed, &c->complaints)) ==
               ERR_CONFLICT,
           "%s: a further language comes after the first", c->name);
    tap_ok(say(s, part, "First", "", "Talk", "") == ERR_OK, "%s: the first", c->name);
    coachtest_do(c, cycle_template_say(&c->coach, 1, part, &typed, &c->complaints));
    typed.language = str_of("es");
    typed.purpose = str_of("Espa\303\261ol");
    coachtest_do(c, cycle_template_say(&c->coach, 1, part, &typed, &c->complaints));
    typed.purpose = str_of("Otra vez");
    coachtest_do(c, cycle_template_say(&c->coach, 1, part, &typed, &c->complaints));
    struct cycle_template t = get(s);
    tap_ok(str_is(cycle_template_words(&t, part, str_of("ca"))->purpose, "Catal\303\240") &&
               str_is(cycle_template_words(&t, part, str_of("es"))->purpose, "Otra vez") &&
               str_is(cycle_template_words(&t, part, str_of("de"))->purpose, "First") &&
               str_is(cycle_template_words(&t, part, str_of("en"))->talk.items[0], "Talk"),
           "%s: each reads theirs, everybody else the first", c->name);
    tap_ok(say(s, part, "First again", "", "Talk", "") == ERR_OK &&
               get(s).parts[part].n_further == 2,
           "%s: which may change without the others", c->name);
    coachtest_as(c, s->people[COORDINATOR]);
    coachtest_do(c, cycle_template_forget(&c->coach, 1, part, str_of("ca")));
    t = get(s);
    tap_ok(str_is(cycle_template_words(&t, part, str_of("ca"))->purpose, "First again") &&
               str_is(cycle_template_words(&t, part, str_of("es"))->purpose, "Otra vez"),
           "%s: one is given up", c->name);
    typed.language = str_of("e/s");
    coachtest_as(c, s->people[COORDINATOR]);
    tap_ok(coachtest_write(c, cycle_template_say(&c->coach, 1, part, &typed, &c->complaints)) ==
               ERR_INVALID,
           "%s: what is no language is none", c->name);
    coachtest_do(c, cycle_template_forget(&c->coach, 1, part, str_of("")));
    t = get(s);
    tap_ok(!t.parts[part].own && !cycle_template_words(&t, part, str_of("es"))->own,
           "%s: and with the first all are", c->name);
    tap_ok(cycle_template_read(&c->coach,
                               str_of("{\"days\": 3, \"parts\": {\"plan\": {\"purpose\": \"Old\", "
                                      "\"before\": [], \"talk\": [\"T\"], \"stems\": []}}}"),
                               &t) == ERR_OK &&
               str_is(cycle_template_words(&t, CYCLE_PART_PLAN, str_of("es"))->purpose, "Old"),
           "%s: what was kept before there were languages is read", c->name);
}

static void test_words(struct school *s)
{
    struct coachtest *c = &s->c;
    char line[LONG + 1];
    struct cycle_template t = get(s);
    tap_ok(t.prepare && t.model && t.step_days == CYCLES_STEP_DAYS && !t.parts[0].own,
           "%s: at first all is as Duet brings it", c->name);
    tap_ok(say(s, CYCLE_PART_MODEL, "  Look \"first\" <b>", "One\n\n  Two \nThree", "Talk",
               "I saw \\ ...") == ERR_OK,
           "%s: own words", c->name);
    t = get(s);
    const struct cycle_own_words *own = &t.parts[CYCLE_PART_MODEL];
    tap_ok(own->own && str_is(own->purpose, "Look \"first\" <b>") && own->before.n == 3 &&
               str_is(own->before.items[1], "Two") && str_is(own->stems.items[0], "I saw \\ ...") &&
               !t.parts[CYCLE_PART_OBSERVE].own,
           "%s: come back as they were written, clean, and for that stage only", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM audit WHERE object = 'programme' AND "
                               "detail = 'cycle'") == 1,
           "%s: and it is noted who changed the cycle", c->name);
    memset(line, 'x', LONG);
    line[LONG] = '\0';
    tap_ok(say(s, CYCLE_PART_PLAN, "", "1\n2\n3\n4\n5\n6\n7\n8", "\n \n", line) == ERR_INVALID &&
               c->complaints.n == 4,
           "%s: all that is wrong is said: empty, too many, too long", c->name);
    tap_ok(say(s, CYCLE_PART_PLAN, "A\x01", "B", "C", "D") == ERR_INVALID && !get(s).parts[0].own,
           "%s: control characters are refused, and nothing is kept", c->name);
    coachtest_as(c, s->people[COORDINATOR]);
    coachtest_do(c, cycle_template_forget(&c->coach, 1, CYCLE_PART_MODEL, str_of("")));
    tap_ok(!get(s).parts[CYCLE_PART_MODEL].own, "%s: back to the default", c->name);
    tap_ok(use(s, true, true, 0) == ERR_INVALID && use(s, true, true, 15) == ERR_INVALID,
           "%s: a step is looked at within two weeks", c->name);
    coachtest_as(c, s->people[ANN]);
    tap_ok(coachtest_write(c, cycle_template_forget(&c->coach, 1, CYCLE_PART_PLAN, str_of(""))) ==
                   ERR_FORBIDDEN &&
               coachtest_read(c, cycle_template_get(&c->coach, 1, &t)) == ERR_FORBIDDEN,
           "%s: for who arranges the programme", c->name);
    tap_ok(cycle_template_read(&c->coach, str_of("{\"days\": 30}"), &t) == ERR_INVALID &&
               cycle_template_read(&c->coach, str_of("[1"), &t) == ERR_INVALID,
           "%s: what this program did not write is not believed", c->name);
}

/* Random words come back as they were. */
static void test_random(struct school *s)
{
    static const char *const pieces[] = {
        "a", "\"", "\\", "<", "&", "{n}", "\xC3\xA9", " x", "\xF0\x9F\x8C\xB1", "'", "/", "%s"};
    struct rng rng = rng_seed(3);
    int wrong = 0;
    for (int i = 0; i < 40; i++) {
        char text[200] = "b";
        enum cycle_part part = (enum cycle_part)rng_below(&rng, CYCLE_PART__MAX);
        for (int k = 0; k < 12; k++) {
            const char *piece = pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)];
            memcpy(text + strlen(text), piece, strlen(piece) + 1);
        }
        wrong += say(s, part, text, text, text, "") != ERR_OK;
        struct cycle_template t = get(s);
        wrong += !str_is(t.parts[part].purpose, text) || t.parts[part].talk.n != 1 ||
                 !str_is(t.parts[part].before.items[0], text) || t.parts[part].stems.n != 0;
    }
    tap_ok(wrong == 0, "%s: whatever is written comes back (%d wrong)", s->c.name, wrong);
}

static struct cycle_input plan(const struct school *s)
{
    return (struct cycle_input){.goal = str_of("Goal"),
                                .look_for = {"", 0},
                                .task = {"", 0},
                                .strength = str_of("S"),
                                .step = str_of("Step"),
                                .found = {"", 0},
                                .way = CYCLE_MODEL,
                                .support_planned = EVIDENCE_JOINT,
                                .has_support_given = true,
                                .support_given = EVIDENCE_JOINT,
                                .today = (int32_t)(s->c.coach.now_ms / COACH_DAY_MS)};
}

static enum err complete(struct school *s, enum who who, int64_t cycle, enum cycle_stage stage,
                         const struct cycle_input *in)
{
    struct coach *coach = as(s, who);
    return coachtest_write(&s->c, cycles_write(coach, cycle, stage, in, true, &s->c.complaints));
}

static void test_cycles(struct school *s)
{
    struct coachtest *c = &s->c;
    int64_t id = school_active(s), cycle;
    char sql[100];
    snprintf(sql, sizeof sql, "UPDATE partnership SET programme_id = 1 WHERE id = %d", (int)id);
    coachtest_script(c, sql);
    tap_ok(use(s, false, true, 3) == ERR_OK, "%s: nobody prepares; three days", c->name);
    struct coach *coach = as(s, ANN);
    coachtest_do(c, cycles_begin(coach, 1, &cycle));
    struct cycle_input in = plan(s);
    tap_ok(complete(s, ANN, cycle, CYCLE_PLAN, &in) == ERR_OK &&
               school_cycle(s, ANN, cycle).way == CYCLE_MODEL &&
               coachtest_number(c, "SELECT count(*) FROM notice WHERE kind = 'prepare'") == 0 &&
               coachtest_number(c, "SELECT count(*) FROM notice WHERE kind = 'stage'") == 1,
           "%s: nobody is asked to prepare", c->name);
    tap_ok(use(s, false, false, 3) == ERR_OK &&
               complete(s, BOB, cycle, CYCLE_VISIT, &in) == ERR_OK &&
               school_cycle(s, ANN, cycle).way == CYCLE_MODEL,
           "%s: a cycle that runs goes on as it was planned", c->name);
    tap_ok(complete(s, BOB, cycle, CYCLE_FEEDBACK, &in) == ERR_OK, "%s: feedback", c->name);
    in.step_day = in.today + 4;
    tap_ok(complete(s, ANN, cycle, CYCLE_SOLVE, &in) == ERR_INVALID &&
               c->complaints.items[0].number == 3,
           "%s: later than the programme says is too late", c->name);
    in.step_day = in.today + 3;
    in.outcome = CYCLE_OUTCOME_DONE;
    tap_ok(complete(s, ANN, cycle, CYCLE_SOLVE, &in) == ERR_OK &&
               use(s, false, false, 1) == ERR_OK &&
               complete(s, ANN, cycle, CYCLE_CHECK, &in) == ERR_OK &&
               complete(s, ANN, cycle, CYCLE_REFLECT, &in) == ERR_OK,
           "%s: a day that was agreed on stays", c->name);
    coach = as(s, ANN);
    coachtest_do(c, cycles_begin(coach, 1, &cycle));
    bool observes = school_cycle(s, ANN, cycle).way == CYCLE_OBSERVE;
    tap_ok(observes && complete(s, ANN, cycle, CYCLE_PLAN, &in) == ERR_OK &&
               school_cycle(s, ANN, cycle).way == CYCLE_OBSERVE,
           "%s: where no models are used, the next cycle observes", c->name);
}

static void suite(const struct dbtest *t)
{
    struct school s;
    school_make(&s, t);
    add_programme(&s);
    test_words(&s);
    test_languages(&s);
    test_random(&s);
    test_cycles(&s);
    coachtest_close(&s.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
