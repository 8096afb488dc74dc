/* School days against a calendar written out, and partnerships that stand still: when their members
 * are reminded and who arranges the programme is told, over weekends, days off and the change of
 * clocks; never twice for the same standstill. */
#include "coach/stalled.h"
#include "base/day.h"
#include "base/rng.h"
#include "coach/messages.h"
#include "coach/notices.h"
#include "coach/schooldays.h"
#include "coach/settings.h"
#include "partners_test.h"

#define HOUR COACH_HOUR_MS

static int32_t day_at(const char *date)
{
    int32_t day;
    if (day_parse(str_of(date), &day)) {
        printf("Bail out! %s\n", date);
        exit(1);
    }
    return day;
}

/* UTC. */
static int64_t moment(const char *date, int64_t hours_ms)
{
    return day_at(date) * COACH_DAY_MS + hours_ms;
}

/* ---- counting ---- */

/* The second computation: every day of twenty years, marked one by one. */
#define FIRST 19000
#define MARKED 7300

static void test_counting(void)
{
    static bool school[MARKED];
    struct day_off offs[40];
    struct schooldays days = {.items = offs};
    struct rng rng;
    int wrong = 0, wrong_next = 0;
    rng = rng_seed(7);
    for (int round = 0; round < 40; round++) {
        days.n = rng_below(&rng, 40);
        int32_t from = FIRST;
        for (int i = 0; i < MARKED; i++) {
            struct day_date d = day_date(FIRST + i);
            /* Zeller's congruence: 0 is a Saturday, 1 a Sunday */
            int m = d.month < 3 ? d.month + 12 : d.month, y = d.month < 3 ? d.year - 1 : d.year;
            int w = (d.day + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400) % 7;
            school[i] = w > 1;
        }
        for (size_t k = 0; k < days.n; k++) {
            from += (int32_t)rng_below(&rng, 200);
            offs[k] = (struct day_off){.from = from, .until = from + (int32_t)rng_below(&rng, 30)};
            for (int32_t d = offs[k].from; d <= offs[k].until && d < FIRST + MARKED; d++) {
                school[d - FIRST] = false;
            }
        }
        for (int i = 0; i < 200; i++) {
            int32_t a = (int32_t)rng_below(&rng, MARKED - 100), n = 0, next = a;
            int32_t b = a + (int32_t)rng_below(&rng, 100), most = (int32_t)rng_below(&rng, 30);
            for (int32_t d = a + 1; d <= b; d++) {
                n += school[d];
            }
            n = n < most ? n : most;
            wrong += schooldays_count(&days, FIRST + a, FIRST + b, most) != n;
            while (next < MARKED && !school[next]) {
                next++;
            }
            wrong_next +=
                next < MARKED && schooldays_next(&days, FIRST + a) != (int32_t)(FIRST + next);
        }
    }
    tap_ok(wrong == 0, "school days are counted as in a calendar written out (%d wrong)", wrong);
    tap_ok(wrong_next == 0, "and so is the next one (%d wrong)", wrong_next);
}

/* ---- days off ---- */

static enum err add(struct school *s, const char *name, const char *from, const char *until)
{
    coachtest_as(&s->c, s->people[ADMIN]);
    return coachtest_write(&s->c, schooldays_add(&s->c.coach, str_of(name), day_at(from),
                                                 day_at(until), &s->c.complaints));
}

static enum err add_lines(struct school *s, const char *lines, int32_t *n)
{
    coachtest_as(&s->c, s->people[ADMIN]);
    return coachtest_write(&s->c,
                           schooldays_add_lines(&s->c.coach, str_of(lines), &s->c.complaints, n));
}

static void test_days_off(const struct dbtest *t)
{
    struct school s;
    struct schooldays days;
    int32_t n = 0;
    school_make(&s, t);
    struct coachtest *c = &s.c;
    tap_ok(add(&s, "Winter", "2026-12-21", "2027-01-08") == ERR_OK, "%s: days off", t->name);
    tap_ok(add(&s, "", "2026-12-21", "2026-12-20") == ERR_INVALID && c->complaints.n == 2,
           "%s: all that is wrong with a range is said", t->name);
    tap_ok(add_lines(&s,
                     "2026-10-12 National day\r\n\n2026-12-21 2027-01-08 Winter\n"
                     "  2027-03-29, 2027-04-02, Easter week",
                     &n) == ERR_OK &&
               n == 2,
           "%s: a list is read; what is there already stays", t->name);
    tap_ok(add_lines(&s, "2027-05-01 May\n12/10/2026 Day\n2027-06-01\n2027-06-09 2027-06-01 Back",
                     &n) == ERR_INVALID &&
               c->complaints.n == 3 && c->complaints.items[0].number == 2 &&
               c->complaints.items[1].number == 3 && c->complaints.items[2].number == 4,
           "%s: each line that is wrong is named", t->name);
    coachtest_do(c, schooldays_load(&c->coach, &days));
    tap_ok(days.n == 3 && str_is(days.items[0].name, "National day") &&
               str_is(days.items[2].name, "Easter week") &&
               days.items[2].until == day_at("2027-04-02"),
           "%s: they are kept in order, and of a list with a wrong line nothing", t->name);
    coachtest_as(c, s.people[COORDINATOR]);
    tap_ok(coachtest_write(c, schooldays_remove(&c->coach, days.items[0].id)) == ERR_FORBIDDEN,
           "%s: for administrators only", t->name);
    coachtest_as(c, s.people[ADMIN]);
    int64_t first = days.items[0].id;
    coachtest_do(c, schooldays_remove(&c->coach, first));
    tap_ok(coachtest_write(c, schooldays_remove(&c->coach, first)) == ERR_NOT_FOUND,
           "%s: once removed it is gone", t->name);
    coachtest_close(c);
}

/* ---- standing still ---- */

static struct stalled_look look_at(struct school *s, int64_t now_ms)
{
    struct stalled_look look = {0};
    coachtest_as_system(&s->c);
    s->c.coach.now_ms = now_ms;
    coachtest_do(&s->c, stalled_look(&s->c.coach, &look));
    return look;
}

/* Whether exactly so many were nudged and told on that day. */
static void is_look(struct school *s, const char *date, int64_t hours_ms, int nudged, int told,
                    const char *what)
{
    struct stalled_look look = look_at(s, moment(date, hours_ms));
    tap_ok(look.n_nudged == nudged && look.n_told == told, "%s: %s, %s: %d nudged, %d told",
           s->c.name, date, what, (int)look.n_nudged, (int)look.n_told);
}

static int64_t open_notices(struct school *s, const char *kind)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM notice WHERE kind = '%s' AND done_ms IS NULL",
             kind);
    return coachtest_number(&s->c, sql);
}

static void zone(struct school *s, const char *name)
{
    coachtest_as(&s->c, s->people[ADMIN]);
    coachtest_do(&s->c,
                 settings_set(&s->c.coach, SETTING_TIME_ZONE, str_of(name), &s->c.complaints));
}

static void programme_of(struct school *s, int64_t partnership)
{
    char sql[900];
    snprintf(sql, sizeof sql,
             "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
             "changed_ms) VALUES ('P', 1, 1, 2, 'running', 1, 1);"
             "INSERT INTO programme_unit (programme_id, unit_id) VALUES (1, %d);"
             "UPDATE partnership SET programme_id = 1 WHERE id = %d",
             (int)s->unit, (int)partnership);
    coachtest_script(&s->c, sql);
}

/* Friday 2 October 2026 is the last step; Monday 12 October is a day off. */
static void test_standstill(const struct dbtest *t)
{
    struct school s;
    school_make(&s, t);
    struct coachtest *c = &s.c;
    c->coach.now_ms = moment("2026-10-02", 10 * HOUR);
    int64_t id = school_active(&s);
    programme_of(&s, id);
    tap_ok(add(&s, "Day", "2026-10-12", "2026-10-12") == ERR_OK, "%s: a day off", t->name);
    is_look(&s, "2026-10-16", 10 * HOUR, 0, 0, "nine school days later");
    is_look(&s, "2026-10-17", 10 * HOUR, 0, 0, "a Saturday");
    is_look(&s, "2026-10-19", 10 * HOUR, 1, 0, "ten school days later");
    tap_ok(open_notices(&s, "stalled") == 2, "%s: both are reminded", t->name);
    is_look(&s, "2026-10-19", 11 * HOUR, 0, 0, "the same day again");
    is_look(&s, "2026-10-23", 10 * HOUR, 0, 0, "four school days after the reminder");
    tap_ok(open_notices(&s, "stalled-pair") == 0, "%s: nobody else knows yet", t->name);
    is_look(&s, "2026-10-26", 10 * HOUR, 0, 1, "five school days after the reminder");
    tap_ok(open_notices(&s, "stalled-pair") == 1 &&
               coachtest_number(c, "SELECT object_id FROM notice WHERE kind = 'stalled-pair' AND "
                                   "partnership_id = 0") == 1,
           "%s: the coordinator learns that there is one", t->name);
    is_look(&s, "2026-11-30", 10 * HOUR, 0, 0, "a month later: not twice");
    c->coach.now_ms = moment("2026-12-01", 9 * HOUR);
    int64_t cycle;
    struct coach *coach = as(&s, ANN);
    coachtest_do(c, cycles_begin(coach, 1, &cycle));
    tap_ok(open_notices(&s, "stalled") == 0 &&
               coachtest_number(c, "SELECT count(*) FROM partnership WHERE still_ms IS NOT NULL") ==
                   0,
           "%s: a step ends it", t->name);
    is_look(&s, "2026-12-14", 10 * HOUR, 0, 0, "nine school days after the step");
    is_look(&s, "2026-12-15", 10 * HOUR, 1, 0, "another standstill is another reminder");
    coach = as(&s, BOB);
    coachtest_do(c, partnerships_pause(coach, id));
    is_look(&s, "2027-02-01", 10 * HOUR, 0, 0, "paused: it rests");
    coachtest_close(c);
}

static void test_signs_of_life(const struct dbtest *t)
{
    struct school s;
    struct complaints *complaints = &s.c.complaints;
    school_make(&s, t);
    struct coachtest *c = &s.c;
    c->coach.now_ms = moment("2026-10-05", 10 * HOUR);
    int64_t id = school_active(&s), message;
    is_look(&s, "2026-10-19", 10 * HOUR, 1, 0, "ten school days");
    struct coach *coach = as(&s, ANN);
    coachtest_do(c, messages_send(coach, id, str_of("Shall we?"), complaints, &message));
    tap_ok(open_notices(&s, "stalled") == 0, "%s: a message ends it", t->name);
    is_look(&s, "2026-11-02", 8 * HOUR, 1, 0, "ten school days after the message");
    coachtest_script(c, "INSERT INTO meeting (partnership_id, state, uid, minutes, starts_ms, "
                        "created_ms, changed_ms) VALUES (1, 'confirmed', 'u', 30, 1794305600000, "
                        "1793606000000, 1793606000000)"); /* on 10 November */
    is_look(&s, "2026-11-09", 10 * HOUR, 0, 0, "they meet tomorrow: nobody is told");
    is_look(&s, "2026-11-23", 10 * HOUR, 0, 0, "nine school days after the meeting");
    is_look(&s, "2026-11-24", 10 * HOUR, 1, 0, "ten school days after the meeting");
    coachtest_script(c, "INSERT INTO cycle (partnership_id, focus_id, number, state, stage, goal, "
                        "step_day, created_ms, changed_ms) VALUES (1, 1, 1, 'open', 'check', 'G', "
                        "20790, 1, 1); UPDATE partnership SET still_ms = NULL, nudged_ms = NULL");
    is_look(&s, "2026-12-15", 10 * HOUR, 0, 0, "a step is looked at on 3 December: not yet");
    is_look(&s, "2026-12-17", 10 * HOUR, 1, 0, "ten school days after that day");
    coachtest_script(c,
                     "UPDATE cycle SET changed_ms = 1797588000000, step_day = NULL"); /* 18 Dec */
    struct stalled_look look = look_at(&s, moment("2026-12-21", 10 * HOUR));
    tap_ok(look.n_ended == 1 && open_notices(&s, "stalled") == 0,
           "%s: something written in a cycle ends it at the next look", t->name);
    is_look(&s, "2027-01-01", 10 * HOUR, 1, 0, "ten school days after that");
    is_look(&s, "2027-01-08", 10 * HOUR, 0, 1, "outside of programmes: nobody to tell");
    tap_ok(open_notices(&s, "stalled-pair") == 0, "%s: and nobody is told", t->name);
    coachtest_close(c);
}

/* In Madrid clocks went forward on 29 March 2026: the tenth school day after Friday the 27th begins
 * at 22:00 UTC of Thursday 9 April; the last step was on Friday at half past eleven at night. */
static void test_clocks(const struct dbtest *t)
{
    struct school s;
    school_make(&s, t);
    zone(&s, "Europe/Madrid");
    s.c.coach.now_ms = moment("2026-03-27", 22 * HOUR + HOUR / 2);
    (void)school_active(&s);
    is_look(&s, "2026-04-09", 21 * HOUR + HOUR / 2, 0, 0, "half past eleven at night there");
    is_look(&s, "2026-04-09", 22 * HOUR + HOUR / 2, 1, 0, "half past midnight there");
    coachtest_close(&s.c);
}

/* Who arranges it, and who does not learn of it. */
static void test_whom(const struct dbtest *t)
{
    struct school s;
    school_make(&s, t);
    struct coachtest *c = &s.c;
    int64_t below = coachtest_unit(c, s.unit, UNIT_SCHOOL, "Below");
    int64_t other = coachtest_person(c, "Other", "Coordinator");
    coachtest_role(c, other, below, ROLE_COORDINATOR);
    c->coach.now_ms = moment("2026-10-02", 10 * HOUR);
    int64_t id = school_active(&s);
    programme_of(&s, id);
    is_look(&s, "2026-10-16", 10 * HOUR, 1, 0, "reminded");
    is_look(&s, "2026-10-23", 10 * HOUR, 0, 1, "told");
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM notice WHERE kind = 'stalled-pair' AND person_id = %d",
             (int)s.people[COORDINATOR]);
    tap_ok(coachtest_number(c, sql) == 1 && open_notices(&s, "stalled-pair") == 1,
           "%s: who coordinates all of it; not who coordinates a part", t->name);
    coachtest_as(c, s.people[COORDINATOR]);
    struct stalled_look look = {0};
    tap_ok(coachtest_write(c, stalled_look(&c->coach, &look)) == ERR_FORBIDDEN,
           "%s: only the server looks", t->name);
    coachtest_close(c);
}

static void test_evaluator(const struct dbtest *t)
{
    struct school s;
    school_make(&s, t);
    struct coachtest *c = &s.c;
    c->coach.now_ms = moment("2026-10-02", 10 * HOUR);
    int64_t id = school_active(&s);
    programme_of(&s, id);
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, s.people[COORDINATOR], s.people[ANN]));
    is_look(&s, "2026-10-16", 10 * HOUR, 1, 0, "reminded");
    is_look(&s, "2026-10-23", 10 * HOUR, 0, 1, "told");
    tap_ok(open_notices(&s, "stalled-pair") == 0, "%s: who evaluates a member is not told",
           t->name);
    coachtest_close(c);
}

int main(void)
{
    test_counting();
    dbtest_both(test_days_off);
    dbtest_both(test_standstill);
    dbtest_both(test_signs_of_life);
    dbtest_both(test_clocks);
    dbtest_both(test_whom);
    dbtest_both(test_evaluator);
    return tap_done();
}
