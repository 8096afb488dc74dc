/* Meetings: proposing, choosing, moving, cancelling; who may; what calendars are told; times that
 * suit everybody; then long random histories against a model. */
#include "coach/meetings.h"
#include "base/rng.h"
#include "coach/meetings_times.h"
#include "coach/notices_mail.h"
#include "coach/queue.h"
#include "coach/settings.h"
#include "coach/timetable.h"
#include "partners_test.h"

#define HOUR COACH_HOUR_MS
#define S(text) ((struct str){(text), sizeof(text) - 1})

static int64_t propose(struct school *s, enum who who, int64_t partnership, int64_t first)
{
    struct meeting_new made = {.partnership_id = partnership,
                               .times = {first, first + HOUR, first + 2 * HOUR},
                               .n_times = 3,
                               .minutes = 30,
                               .subject = S("Talk about questions"),
                               .place = S("Room 12")};
    int64_t id = 0;
    as(s, who);
    coachtest_do(&s->c, meetings_propose(&s->c.coach, &made, &s->c.complaints, &id));
    return id;
}

static struct meeting get(struct school *s, enum who who, int64_t id)
{
    struct meeting meeting = {0};
    as(s, who);
    coachtest_must(&s->c, coachtest_read(&s->c, meetings_get(&s->c.coach, id, &meeting)), "get");
    return meeting;
}

static enum err choose(struct school *s, enum who who, int64_t id, int64_t at)
{
    as(s, who);
    return coachtest_write(&s->c, meetings_confirm(&s->c.coach, id, at));
}

/* Notices of a person that are new, of one kind. */
static int64_t news(struct school *s, enum who who, const char *kind)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM notice WHERE person_id = %lld AND kind = '%s' AND done_ms IS "
             "NULL",
             (long long)s->people[who], kind);
    return coachtest_number(&s->c, sql);
}

static int64_t mails(struct school *s)
{
    return coachtest_number(&s->c, "SELECT count(*) FROM job WHERE payload LIKE 'meeting %'");
}

static void test_life(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    int64_t first = c->coach.now_ms + 24 * HOUR;
    int64_t id = propose(s, ANN, partnership, first);
    struct meeting m = get(s, BOB, id);
    tap_ok(m.state == MEETING_PROPOSED && m.n_times == 3 && m.times[1] == first + HOUR && !m.mine &&
               str_is(m.others, "Ann Person") && str_is(m.proposer, "Ann Person") &&
               str_is(m.place, "Room 12") && m.starts_ms == 0 && m.uid.n == 32,
           "%s: three times are proposed", c->name);
    tap_ok(news(s, BOB, "meeting-proposed") == 1 && news(s, ANN, "meeting-proposed") == 0 &&
               mails(s) == 0,
           "%s: the other is asked; calendars know nothing of it yet", c->name);
    tap_ok(choose(s, ANN, id, first) == ERR_CONFLICT, "%s: whoever proposes does not choose",
           c->name);
    tap_ok(choose(s, BOB, id, first + 1) == ERR_CONFLICT, "%s: nor another time", c->name);
    tap_ok(choose(s, BOB, id, first + HOUR) == ERR_OK, "%s: the other does", c->name);
    m = get(s, ANN, id);
    tap_ok(m.state == MEETING_CONFIRMED && m.starts_ms == first + HOUR && m.n_times == 0 &&
               m.sequence == 0 && news(s, BOB, "meeting-proposed") == 0 &&
               news(s, ANN, "meeting-confirmed") == 1 && mails(s) == 2,
           "%s: it is settled, and both get an invitation", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM notice WHERE kind = 'meeting-confirmed' AND "
                               "mailed_ms IS NULL") == 0,
           "%s: and no second mail about it", c->name);
    as(s, BOB);
    const int64_t other = first + 48 * HOUR;
    coachtest_do(c, meetings_repropose(&c->coach, id, &other, 1, &c->complaints));
    m = get(s, ANN, id);
    tap_ok(m.state == MEETING_CONFIRMED && m.starts_ms == first + HOUR && m.n_times == 1 &&
               mails(s) == 2 && news(s, ANN, "meeting-proposed") == 1,
           "%s: another time is proposed; until it is chosen the old one stands", c->name);
    tap_ok(choose(s, ANN, id, other) == ERR_OK && get(s, ANN, id).sequence == 1 &&
               get(s, ANN, id).starts_ms == other && mails(s) == 4,
           "%s: moved, with a higher sequence", c->name);
    as(s, ANN);
    coachtest_do(c, meetings_edit(&c->coach, id, S("Talk"), S("Library"), &c->complaints));
    as(s, ANN);
    coachtest_do(c, meetings_edit(&c->coach, id, S("Talk"), S("Library"), &c->complaints));
    tap_ok(get(s, BOB, id).sequence == 2 && mails(s) == 6, "%s: another place, told once", c->name);
    as(s, ANN);
    tap_ok(coachtest_write(c, meetings_tell(&c->coach, id, true)) == ERR_CONFLICT,
           "%s: it has not taken place before it has begun", c->name);
    as(s, ANN);
    coachtest_do(c, meetings_cancel(&c->coach, id));
    m = get(s, BOB, id);
    tap_ok(m.state == MEETING_CANCELLED && m.sequence == 3 && mails(s) == 8 &&
               news(s, BOB, "meeting-cancelled") == 1,
           "%s: cancelled", c->name);
    tap_ok(choose(s, BOB, id, other) == ERR_CONFLICT, "%s: for good", c->name);
    tap_ok(coachtest_number(c, "SELECT count(DISTINCT unique_key) FROM job WHERE payload LIKE "
                               "'meeting %'") == 8,
           "%s: one mail of each sequence to each", c->name);
}

static void test_told(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    int64_t first = c->coach.now_ms + 24 * HOUR, n = 0;
    int64_t id = propose(s, BOB, partnership, first);
    coachtest_must(c, choose(s, ANN, id, first), "choose");
    c->coach.now_ms = first + HOUR;
    coachtest_as_system(c);
    coachtest_do(c, meetings_ask(&c->coach, 100, &n));
    tap_ok(n == 1 && news(s, ANN, "meeting-past") == 1 && news(s, BOB, "meeting-past") == 1,
           "%s: when it is over, both are asked how it went", c->name);
    coachtest_do(c, meetings_ask(&c->coach, 100, &n));
    tap_ok(n == 0, "%s: once", c->name);
    as(s, ANN);
    coachtest_do(c, meetings_tell(&c->coach, id, false));
    tap_ok(get(s, BOB, id).state == MEETING_MISSED && news(s, BOB, "meeting-past") == 0,
           "%s: one tells for both", c->name);
    as(s, BOB);
    coachtest_do(c, meetings_tell(&c->coach, id, true));
    tap_ok(get(s, BOB, id).state == MEETING_HELD, "%s: and it can be corrected", c->name);
    as(s, BOB);
    tap_ok(coachtest_write(c, meetings_cancel(&c->coach, id)) == ERR_CONFLICT,
           "%s: what has been is not cancelled", c->name);
}

static void test_who(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    int64_t first = c->coach.now_ms + 24 * HOUR, id = propose(s, ANN, partnership, first), made;
    static const enum who strangers[] = {CAT, EVE, COORDINATOR, ADMIN};
    struct meeting_new new = {
        .partnership_id = partnership, .times = {first}, .n_times = 1, .minutes = 30};
    struct meeting_list list;
    struct meeting_times times;
    struct meeting m;
    int wrong = 0;
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        struct coach *coach = as(s, strangers[i]);
        wrong += coachtest_read(c, meetings_get(coach, id, &m)) != ERR_FORBIDDEN;
        wrong += coachtest_read(c, meetings_of(coach, partnership, &list)) != ERR_FORBIDDEN;
        wrong += coachtest_read(c, meetings_suggest(coach, partnership, &times)) != ERR_FORBIDDEN;
        wrong += coachtest_read(c, meetings_for(coach, id, s->people[ANN], &m)) != ERR_FORBIDDEN;
        wrong += coachtest_write(c, meetings_propose(coach, &new, &c->complaints, &made)) !=
                 ERR_FORBIDDEN;
        wrong += coachtest_write(c, meetings_confirm(coach, id, first)) != ERR_FORBIDDEN;
        wrong += coachtest_write(c, meetings_cancel(coach, id)) != ERR_FORBIDDEN;
        wrong += coachtest_write(c, meetings_tell(coach, id, true)) != ERR_FORBIDDEN;
        wrong += coachtest_read(c, meetings_of_actor(coach, 0, 10, &list)) != ERR_OK || list.n != 0;
    }
    tap_ok(wrong == 0, "%s: nobody but the members sees or changes anything", c->name);
    as(s, ANN);
    coachtest_do(c, meetings_cancel(&c->coach, id));
    tap_ok(mails(s) == 10, "%s: what was only proposed is cancelled without mail", c->name);
}

static void test_forms(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    int64_t id, now = c->coach.now_ms + 10000;
    char longer[300];
    memset(longer, 'x', sizeof longer);
    struct meeting_new bad[] = {
        {.partnership_id = partnership, .n_times = 0, .minutes = 30},
        {.partnership_id = partnership, .times = {now - 20000}, .n_times = 1, .minutes = 30},
        {.partnership_id = partnership,
         .times = {now + HOUR, now + HOUR},
         .n_times = 2,
         .minutes = 30},
        {.partnership_id = partnership,
         .times = {now + 400 * COACH_DAY_MS},
         .n_times = 1,
         .minutes = 30},
        {.partnership_id = partnership, .times = {now + HOUR}, .n_times = 1, .minutes = 4},
        {.partnership_id = partnership,
         .times = {now + HOUR},
         .n_times = 1,
         .minutes = 30,
         .subject = {longer, sizeof longer}},
        {.partnership_id = partnership,
         .times = {now + HOUR},
         .n_times = 1,
         .minutes = 30,
         .place = {"a\nb", 3}},
    };
    int wrong = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        as(s, ANN);
        wrong += coachtest_write(c, meetings_propose(&c->coach, &bad[i], &c->complaints, &id)) !=
                     ERR_INVALID ||
                 c->complaints.n != 1;
    }
    tap_ok(wrong == 0, "%s: what cannot be is said", c->name);
    struct meeting_new good = {
        .partnership_id = partnership, .times = {now + 50 * HOUR}, .n_times = 1, .minutes = 30};
    enum err err = ERR_OK;
    int n = 0;
    for (; n < MEETINGS_OPEN + 5 && !err; n++) {
        as(s, ANN);
        err = coachtest_write(c, meetings_propose(&c->coach, &good, &c->complaints, &id));
    }
    tap_ok(err == ERR_CONFLICT && n == MEETINGS_OPEN + 1, "%s: not more than %d at a time", c->name,
           MEETINGS_OPEN);
    coachtest_script(c, "DELETE FROM meeting WHERE state = 'proposed'");
}

/* ---- times ---- */

static void test_timetable(void)
{
    struct timetable t;
    tap_ok(timetable_read(S("8:30-9:20, 09:25-10:15; 10:45-11:30"), &t) && t.n == 3 &&
               t.periods[0].from == 510 && t.periods[2].until == 690,
           "a timetable is read");
    tap_ok(timetable_read(S(""), &t) && t.n == 0, "there may be none");
    static const char *const bad[] = {
        "8:30",       "8:30-",        "8:30-8:30",   "9:00-8:00", "8:00-9:00,8:50-9:30",
        "8:00-24:00", "08:00-09:00x", "8:00 - 9:00", "800-900",   "8:00-9:00-10:00",
        "8:5-9:00"};
    int wrong = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wrong += timetable_read(str_of(bad[i]), &t);
    }
    tap_ok(wrong == 0, "what is none is refused");
}

static struct meeting_times suggest(struct school *s, int64_t partnership)
{
    struct meeting_times times = {0};
    as(s, ANN);
    coachtest_must(&s->c, coachtest_read(&s->c, meetings_suggest(&s->c.coach, partnership, &times)),
                   "suggest");
    return times;
}

static void set(struct school *s, enum setting setting, struct str value)
{
    coachtest_as_system(&s->c);
    coachtest_do(&s->c, settings_set(&s->c.coach, setting, value, &s->c.complaints));
}

static void test_times(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    c->coach.now_ms = COACHTEST_NOW; /* Tuesday 14 November 2023, 23:13 in Madrid */
    struct meeting_times t = suggest(s, partnership);
    tap_ok(!t.timetable && !t.common && t.n == 0, "%s: at first nothing is known", c->name);
    set(s, SETTING_TIME_ZONE, S("Europe/Madrid"));
    set(s, SETTING_TIMETABLE, S("08:30-09:20 09:25-10:15 10:45-11:35"));
    coachtest_script(c, "INSERT INTO person_tag (person_id, kind, value) VALUES "
                        "(1, 'period', 'wed-2'), (1, 'period', 'thu-1'), (1, 'period', 'fri-3'), "
                        "(2, 'period', 'wed-2'), (2, 'period', 'fri-3'), (2, 'period', 'mon-1'), "
                        "(1, 'period', 'sat-9'), (2, 'period', 'sat-9')");
    t = suggest(s, partnership);
    int64_t wednesday = INT64_C(1700006400000) + 505 * COACH_MINUTE_MS; /* 9:25 there: 8:25 UTC */
    tap_ok(t.timetable && t.common && t.n == 6 && t.items[0].starts_ms == wednesday &&
               t.items[0].minutes == 50 && t.items[0].period == 2 && t.items[1].period == 3 &&
               t.items[2].starts_ms == wednesday + 7 * COACH_DAY_MS,
           "%s: periods in which both are free, in local time", c->name);
    int64_t id = propose(s, ANN, partnership, wednesday + 40 * COACH_MINUTE_MS);
    coachtest_must(c, choose(s, BOB, id, wednesday + 40 * COACH_MINUTE_MS), "choose");
    t = suggest(s, partnership);
    tap_ok(t.n == 5 && t.items[0].period == 3, "%s: but not while one of them meets already",
           c->name);
}

/* ---- histories ---- */

#define MODELS 40
struct model {
    int64_t id, starts, times[MEETINGS_TIMES];
    int n_times;
    enum who proposer;
    enum meeting_state state;
    int64_t sequence;
};

struct history {
    struct school *s;
    int64_t partnership;
    bool runs;
    struct model m[MODELS];
    int n;
    struct rng rng;
    int wrong, done;
};

static bool member(enum who who)
{
    return who == ANN || who == BOB;
}

static void check(struct history *h, const char *what, enum err err, bool should)
{
    h->done += err == ERR_OK;
    if ((err == ERR_OK) != should || (err && err != ERR_FORBIDDEN && err != ERR_CONFLICT)) {
        printf("# %s: %s, should %d\n", what, err_name(err), should);
        h->wrong++;
    }
}

static void act_propose(struct history *h, enum who who)
{
    struct coachtest *c = &h->s->c;
    struct coach *coach = as(h->s, who);
    int64_t first = coach->now_ms + HOUR * (1 + (int64_t)rng_below(&h->rng, 50)), id = 0;
    struct meeting_new made = {.partnership_id = h->partnership,
                               .times = {first, first + HOUR},
                               .n_times = 2,
                               .minutes = 30};
    if (h->n == MODELS) {
        return;
    }
    int open = 0;
    for (int i = 0; i < h->n; i++) {
        open += h->m[i].state <= MEETING_CONFIRMED &&
                (h->m[i].starts == 0 || h->m[i].starts > coach->now_ms);
    }
    enum err err = coachtest_write(c, meetings_propose(coach, &made, &c->complaints, &id));
    check(h, "propose", err, member(who) && h->runs && open < MEETINGS_OPEN);
    if (err == ERR_OK) {
        h->m[h->n++] =
            (struct model){.id = id, .times = {first, first + HOUR}, .n_times = 2, .proposer = who};
    }
}

static void act_repropose(struct history *h, enum who who, struct model *m)
{
    struct coachtest *c = &h->s->c;
    struct coach *coach = as(h->s, who);
    int64_t at = coach->now_ms + HOUR * (1 + (int64_t)rng_below(&h->rng, 90));
    bool begun = m->starts && m->starts <= coach->now_ms;
    enum err err = coachtest_write(c, meetings_repropose(coach, m->id, &at, 1, &c->complaints));
    check(h, "repropose", err, member(who) && h->runs && m->state <= MEETING_CONFIRMED && !begun);
    if (err == ERR_OK) {
        m->times[0] = at;
        m->n_times = 1;
        m->proposer = who;
    }
}

static void act_confirm(struct history *h, enum who who, struct model *m)
{
    struct coachtest *c = &h->s->c;
    struct coach *coach = as(h->s, who);
    int64_t at = m->n_times ? m->times[rng_below(&h->rng, (uint32_t)m->n_times)] : 5;
    bool begun = m->starts && m->starts <= coach->now_ms;
    enum err err = coachtest_write(c, meetings_confirm(coach, m->id, at));
    check(h, "confirm", err,
          member(who) && h->runs && m->state <= MEETING_CONFIRMED && m->n_times && !begun &&
              who != m->proposer && at > coach->now_ms);
    if (err == ERR_OK) {
        m->sequence += m->state == MEETING_CONFIRMED;
        m->state = MEETING_CONFIRMED;
        m->starts = at;
        m->n_times = 0;
    }
}

static void act_cancel(struct history *h, enum who who, struct model *m)
{
    struct coachtest *c = &h->s->c;
    struct coach *coach = as(h->s, who);
    enum err err = coachtest_write(c, meetings_cancel(coach, m->id));
    check(h, "cancel", err, member(who) && m->state <= MEETING_CONFIRMED);
    if (err == ERR_OK) {
        m->sequence += m->state == MEETING_CONFIRMED;
        m->state = MEETING_CANCELLED;
        m->n_times = 0;
    }
}

static void act_tell(struct history *h, enum who who, struct model *m)
{
    struct coachtest *c = &h->s->c;
    struct coach *coach = as(h->s, who);
    bool held = rng_below(&h->rng, 2) == 0;
    bool begun = m->starts && m->starts <= coach->now_ms && m->state != MEETING_CANCELLED;
    enum err err = coachtest_write(c, meetings_tell(coach, m->id, held));
    check(h, "tell", err, member(who) && begun);
    if (err == ERR_OK) {
        m->state = held ? MEETING_HELD : MEETING_MISSED;
        m->n_times = 0;
    }
}

/* Pausing, resuming, and at last the end. */
static void act_partnership(struct history *h, enum who who, int step, int steps)
{
    struct coachtest *c = &h->s->c;
    struct coach *coach = as(h->s, who);
    if (step == steps - 30) {
        coachtest_as(c, h->s->people[ANN]);
        coachtest_do(c, partnerships_end(coach, h->partnership, PARTNERSHIP_STOPPED));
        h->runs = false;
        for (int i = 0; i < h->n; i++) {
            struct model *m = &h->m[i];
            if (m->state == MEETING_PROPOSED ||
                (m->state == MEETING_CONFIRMED && m->starts > coach->now_ms)) {
                m->sequence += m->state == MEETING_CONFIRMED;
                m->state = MEETING_CANCELLED;
                m->n_times = 0;
            }
        }
    } else if (h->runs && step < steps - 30 && rng_below(&h->rng, 60) == 0) {
        coachtest_as(c, h->s->people[BOB]);
        coachtest_do(c, partnerships_pause(coach, h->partnership));
        h->runs = false;
        act_propose(h, ANN);
        h->runs = true;
        coachtest_as(c, h->s->people[BOB]);
        coachtest_do(c, partnerships_resume(coach, h->partnership));
    }
}

static void compare(struct history *h)
{
    for (int i = 0; i < h->n; i++) {
        struct meeting m = get(h->s, ANN, h->m[i].id);
        bool same = m.state == h->m[i].state && m.starts_ms == h->m[i].starts &&
                    m.n_times == h->m[i].n_times && m.sequence == h->m[i].sequence;
        for (int k = 0; k < m.n_times; k++) {
            same &= m.times[k] == h->m[i].times[k];
        }
        h->wrong += !same;
    }
}

static void test_histories(struct school *s, int64_t partnership, uint64_t seed)
{
    struct history h = {.s = s, .partnership = partnership, .runs = true, .rng = rng_seed(seed)};
    const int steps = 400;
    for (int i = 0; i < steps; i++) {
        enum who who = rng_below(&h.rng, 3) ? (enum who)rng_below(&h.rng, 2)
                                            : (enum who)rng_below(&h.rng, WHO__MAX);
        struct model *m = h.n ? &h.m[rng_below(&h.rng, (uint32_t)h.n)] : NULL;
        uint32_t what = rng_below(&h.rng, 10);
        s->c.coach.now_ms += COACH_MINUTE_MS * (int64_t)rng_below(&h.rng, 120);
        if (what == 0 || !m) {
            act_propose(&h, who);
        } else if (what < 3) {
            act_repropose(&h, who, m);
        } else if (what < 6) {
            act_confirm(&h, who, m);
        } else if (what == 6) {
            act_cancel(&h, who, m);
        } else if (what < 9) {
            act_tell(&h, who, m);
        }
        act_partnership(&h, who, i, steps);
        if (i % 20 == 0) {
            compare(&h);
        }
    }
    compare(&h);
    tap_ok(h.wrong == 0 && h.done > 60, "%s: a random history goes as the model says (%d of %d)",
           s->c.name, h.done, steps);
    tap_ok(coachtest_number(&s->c, "SELECT count(*) FROM meeting WHERE state = 'proposed'") == 0,
           "%s: nothing is open in what has ended", s->c.name);
}

/* An evaluator is shut out at once, and learns only that it is off. */
static void test_evaluator(struct school *s)
{
    struct coachtest *c = &s->c;
    int64_t partnership = school_active(s), first = c->coach.now_ms + 24 * HOUR;
    int64_t id = propose(s, ANN, partnership, first);
    struct meeting m;
    struct meeting_list list = {0};
    coachtest_must(c, choose(s, BOB, id, first), "choose");
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, s->people[BOB], s->people[ANN]));
    as(s, BOB);
    tap_ok(coachtest_read(c, meetings_get(&c->coach, id, &m)) == ERR_FORBIDDEN &&
               coachtest_read(c, meetings_of_actor(&c->coach, 0, 10, &list)) == ERR_OK &&
               list.n == 0,
           "%s: who has become an evaluator sees no meeting any more", c->name);
    coachtest_as_system(c);
    tap_ok(coachtest_read(c, meetings_for(&c->coach, id, s->people[BOB], &m)) == ERR_OK &&
               m.state == MEETING_CANCELLED && m.subject.n == 0 && m.place.n == 0,
           "%s: and is told that it is off, not what it was about", c->name);
    tap_ok(coachtest_read(c, meetings_for(&c->coach, id, s->people[ANN], &m)) == ERR_OK &&
               str_is(m.place, "Room 12"),
           "%s: the other is told all", c->name);
}

static void suite(const struct dbtest *t)
{
    struct school s = {0};
    school_make(&s, t);
    set(&s, SETTING_SMTP_URL, S("smtp://127.0.0.1:1"));
    int64_t partnership = school_active(&s);
    test_life(&s, partnership);
    test_told(&s, partnership);
    test_who(&s, partnership);
    test_forms(&s, partnership);
    test_times(&s, partnership);
    coachtest_script(&s.c, "DELETE FROM meeting");
    test_histories(&s, partnership, 5);
    test_histories(&s, school_active(&s), 6);
    test_evaluator(&s);
    coachtest_close(&s.c);
}

int main(void)
{
    test_timetable();
    dbtest_both(suite);
    return tap_done();
}
