/* Every allocation failing in turn, in what a pair does: each call says ERR_NOMEM or does its work,
 * and a call that failed leaves nothing behind.  The calendar's writer, which knows no database,
 * gives the whole text or none. */
#include "coach/calendar.h"
#include "coach/feeds.h"
#include "coach/meetings_calendar.h"
#include "coach/meetings_times.h"
#include "coach/messages.h"
#include "coach/notices_mail.h"
#include "coach/settings.h"
#include "partners_test.h"

#define S(text) ((struct str){(text), sizeof(text) - 1})
#define MOST 1000 /* allocations of one call */

struct world {
    struct school s;
    int64_t pair, focuses[2];
    int64_t cycle; /* Ann's, at its feedback */
    int64_t meeting, at_ms;
};

typedef enum err call_fn(struct world *w);

static enum err act(struct world *w, enum who who)
{
    return coach_act_as(&w->s.c.coach, w->s.people[who]);
}

/* ---- what is done ---- */

static enum err propose(struct world *w)
{
    struct partnership_new made = school_pair(&w->s);
    int64_t id;
    made.members[0] = made.focuses[0].learner_id = made.focuses[1].helper_id = w->s.people[CAT];
    made.members[1] = made.focuses[0].helper_id = made.focuses[1].learner_id = w->s.people[DAN];
    made.words = S("caf\xC3\xA9");
    coach_act_as_system(&w->s.c.coach);
    enum err err = partnerships_propose(&w->s.c.coach, &made, &id);
    err = err ? err : act(w, CAT);
    err = err ? err : partnerships_answer(&w->s.c.coach, id, true);
    err = err ? err : act(w, DAN);
    return err ? err : partnerships_answer(&w->s.c.coach, id, true);
}

static enum err ask(struct world *w)
{
    struct suggestions found;
    int64_t id;
    enum err err = act(w, CAT);
    err = err ? err : asks_suggest(&w->s.c.coach, w->s.skills[0], true, 0, &found);
    return err ? err : asks_guide(&w->s.c.coach, w->s.skills[0], &w->s.c.complaints, &id);
}

static enum err agree(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    enum err err = act(w, ANN);
    err = err ? err : partnerships_agree(coach, w->pair, 1, S("Mondays"), &w->s.c.complaints);
    err = err ? err : partnerships_sign(coach, w->pair, 2);
    err = err ? err : act(w, BOB);
    return err ? err : partnerships_sign(coach, w->pair, 2);
}

static enum err read_pair(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    struct partnership pair;
    struct partnerships list;
    struct partnership_event *events;
    struct cycle cycle;
    struct cycle_task *tasks;
    int32_t n_tasks;
    size_t n;
    enum err err = act(w, ANN);
    err = err ? err : partnerships_get(coach, w->pair, S("es-mx"), &pair);
    err = err ? err : partnerships_of_actor(coach, true, S("es-mx"), &list);
    err = err ? err : partnerships_story(coach, w->pair, S("es-mx"), &events, &n);
    err = err ? err : cycles_get(coach, w->cycle, S("es-mx"), &cycle);
    return err ? err : cycles_tasks(coach, w->cycle, S("es-mx"), &tasks, &n_tasks);
}

static enum err plan(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    const struct cycle_input in = {.goal = S("Wait three seconds."),
                                   .look_for = S("Who speaks."),
                                   .task = S("Count."),
                                   .strength = S(""),
                                   .step = S(""),
                                   .found = S(""),
                                   .support_planned = EVIDENCE_JOINT};
    int64_t id;
    enum err err = act(w, BOB);
    err = err ? err : cycles_begin(coach, w->focuses[1], &id);
    err = err ? err : cycles_write(coach, id, CYCLE_PLAN, &in, true, &w->s.c.complaints);
    err = err ? err : cycles_back(coach, id);
    return err ? err : cycles_stop(coach, id);
}

static enum err feedback(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    const struct cycle_input in = {.strength = S("Eleven hands."),
                                   .has_support_given = true,
                                   .support_given = EVIDENCE_PROMPTED};
    enum err err = act(w, BOB);
    err = err ? err : cycles_write(coach, w->cycle, CYCLE_FEEDBACK, &in, true, &w->s.c.complaints);
    return err ? err : cycles_evidence(coach, w->cycle, 3, S("Seen."), &w->s.c.complaints);
}

static enum err note(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    struct note_list list;
    int64_t id;
    enum err err = act(w, BOB);
    err = err ? err
              : notes_add(coach, w->cycle, CYCLE_FEEDBACK, NOTE_PRIVATE, S("caf\xC3\xA9"),
                          &w->s.c.complaints, &id);
    err = err ? err : notes_share(coach, id, true);
    err = err ? err : notes_of_cycle(coach, w->cycle, &list);
    return err ? err : notes_remove(coach, id);
}

static enum err pad(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    const struct observation_line lines[] = {{.key = S("a"), .at_ms = 5, .words = S("Asks.")},
                                             {.key = S("b"), .at_ms = 9, .words = S("Waits.")}};
    struct observation *list;
    size_t n, n_new;
    enum err err = act(w, BOB);
    err = err ? err : observations_add(coach, w->cycle, 0, lines, 2, &w->s.c.complaints, &n_new);
    err = err ? err : observations_of_cycle(coach, w->cycle, &list, &n);
    return err ? err : observations_share(coach, list[0].id, true);
}

static enum err write_message(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    struct message_list list;
    int64_t id, n;
    enum err err = act(w, ANN);
    err = err ? err : messages_send(coach, w->pair, S("Friday?"), &w->s.c.complaints, &id);
    err = err ? err : act(w, BOB);
    err = err ? err : messages_list(coach, w->pair, 0, &list);
    err = err ? err : messages_count_new(coach, w->pair, &n);
    return err ? err : messages_seen(coach, w->pair, id);
}

static enum err meet(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    const struct meeting_new made = {.partnership_id = w->pair,
                                     .times = {w->at_ms + COACH_DAY_MS},
                                     .n_times = 1,
                                     .minutes = 45,
                                     .subject = S("8b"),
                                     .place = S("Room 12")};
    struct meeting_times times;
    struct meeting_list list;
    int64_t id;
    enum err err = act(w, ANN);
    err = err ? err : meetings_suggest(coach, w->pair, &times);
    err = err ? err : meetings_propose(coach, &made, &w->s.c.complaints, &id);
    err = err ? err : act(w, BOB);
    err = err ? err : meetings_confirm(coach, id, made.times[0]);
    err = err ? err : meetings_edit(coach, id, S("8c"), S("Room 14"), &w->s.c.complaints);
    err = err ? err : meetings_of(coach, w->pair, &list);
    return err ? err : meetings_cancel(coach, id);
}

static enum err follow(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    struct meeting_list list;
    struct str text;
    char secret[FEEDS_TEXT];
    enum err err = act(w, ANN);
    err = err ? err : feeds_renew(coach, secret);
    err = err ? err : feeds_open(coach, str_of(secret), &list);
    return err ? err
               : meetings_feed(coach->arena, catalog_english(), &list, S("https://x.org"), &text);
}

static enum err tell(struct world *w)
{
    struct coach *coach = &w->s.c.coach;
    struct notice_list list;
    char key[NOTICES_KEY_TEXT];
    int64_t person = w->s.people[ANN], after = 0, n = 0;
    coach_act_as_system(coach);
    enum err err = notices_add(coach, person, NOTICE_STALLED, w->pair, 0);
    err = err ? err : notices_queue(coach, &after, &n);
    err = err ? err : notices_of_mail(coach, person, coach->now_ms, &list);
    err = err ? err : notices_leave_key(coach, person, key);
    err = err ? err : act(w, ANN);
    err = err ? err : notices_list(coach, &list);
    for (size_t i = 0; !err && i < list.n; i++) {
        err = notices_path(coach->arena, &list.items[i]).n ? ERR_OK : ERR_NOMEM;
    }
    return err ? err : notices_leave(coach, str_of(key));
}

static enum err end(struct world *w)
{
    enum err err = act(w, BOB);
    return err ? err : partnerships_end(&w->s.c.coach, w->pair, PARTNERSHIP_REMATCH);
}

static const struct {
    const char *name;
    call_fn *call;
} calls[] = {
    {"a proposal, yes and yes", propose},
    {"asking, and the guide", ask},
    {"an agreement", agree},
    {"reading it all", read_pair},
    {"a plan", plan},
    {"feedback, and evidence from it", feedback},
    {"a note", note},
    {"lines of a visit", pad},
    {"a message", write_message},
    {"a meeting", meet},
    {"a calendar to follow", follow},
    {"notices", tell},
    {"the end", end},
};

/* ---- with memory that ends ---- */

static int64_t rows(struct coachtest *c)
{
    return coachtest_number(
        c, "SELECT (SELECT count(*) FROM partnership) + (SELECT count(*) FROM partnership_event) + "
           "(SELECT count(*) FROM cycle) + (SELECT count(*) FROM note) + "
           "(SELECT count(*) FROM observation) + (SELECT count(*) FROM observation_line) + "
           "(SELECT count(*) FROM message) + (SELECT count(*) FROM meeting) + "
           "(SELECT count(*) FROM notice) + (SELECT count(*) FROM job) + "
           "(SELECT count(*) FROM share) + (SELECT count(*) FROM evidence) + "
           "(SELECT count(*) FROM audit) + (SELECT sum(agreement_version) FROM partnership) + "
           "(SELECT count(*) FROM partnership WHERE state = 'ended')");
}

static void test_call(struct world *w, size_t i)
{
    struct coachtest *c = &w->s.c;
    struct arena *all = c->coach.arena;
    int64_t before = rows(c);
    uint64_t n = 0;
    enum err err = ERR_NOMEM;
    int wrong = 0;
    while (err != ERR_OK && n < MOST) {
        struct actor actor = c->coach.actor;
        c->coach.arena = arena_new(0);
        c->coach.pending = NULL;
        coachtest_begin(c, COACH_WRITE);
        arena_fail_after(c->coach.arena, ++n);
        err = calls[i].call(w);
        arena_fail_after(c->coach.arena, 0);
        wrong += err != ERR_OK && err != ERR_NOMEM;
        coach_rollback(&c->coach);
        wrong += rows(c) != before;
        arena_free(c->coach.arena);
        c->coach.actor = actor;
        c->coach.pending = NULL;
    }
    c->coach.arena = all;
    tap_ok(err == ERR_OK && wrong == 0 && n > 5, "%s, with each of %d allocations failing (%s)",
           calls[i].name, (int)n - 1, err_name(err));
}

static void make_world(struct world *w, const struct dbtest *t)
{
    struct coachtest *c = &w->s.c;
    const struct cycle_input in = {.goal = S("Every voice once."), .task = S("Pairs.")};
    struct partnership pair;
    school_make(&w->s, t);
    coachtest_as_system(c);
    coachtest_do(c, settings_set(&c->coach, SETTING_SMTP_URL, S("smtp://x.org"), &c->complaints));
    coachtest_do(c, settings_set(&c->coach, SETTING_TIMETABLE, S("08:30-09:20 09:25-10:15"),
                                 &c->complaints));
    w->pair = school_active(&w->s);
    pair = school_get(&w->s, ANN, w->pair);
    for (int32_t k = 0; k < 2; k++) {
        w->focuses[pair.focuses[k].learner_id == w->s.people[ANN] ? 0 : 1] = pair.focuses[k].id;
    }
    coachtest_script(c, "INSERT INTO person_tag (person_id, kind, value) "
                        "SELECT id, 'period', 'mon-1' FROM person");
    as(&w->s, ANN);
    coachtest_do(c, cycles_begin(&c->coach, w->focuses[0], &w->cycle));
    coachtest_do(c, cycles_write(&c->coach, w->cycle, CYCLE_PLAN, &in, true, &c->complaints));
    as(&w->s, BOB);
    coachtest_do(c, cycles_write(&c->coach, w->cycle, CYCLE_VISIT, &in, true, &c->complaints));
    w->at_ms = c->coach.now_ms + COACH_DAY_MS;
    const struct meeting_new made = {.partnership_id = w->pair,
                                     .times = {w->at_ms},
                                     .n_times = 1,
                                     .minutes = 30,
                                     .subject = S("Plans"),
                                     .place = S("Room 1")};
    coachtest_do(c, meetings_propose(&c->coach, &made, &c->complaints, &w->meeting));
    as(&w->s, ANN);
    coachtest_do(c, meetings_confirm(&c->coach, w->meeting, w->at_ms));
}

static void suite(const struct dbtest *t)
{
    struct world w = {0};
    make_world(&w, t);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        test_call(&w, i);
    }
    coachtest_close(&w.s.c);
}

/* ---- without a database ---- */

static enum err write_invitation(struct arena *arena, struct str *text)
{
    const struct meeting meeting = {.uid = S("0123456789abcdef"),
                                    .state = MEETING_CONFIRMED,
                                    .sequence = 3,
                                    .subject = S("Quite a long subject, \xC3\xA0 la carte; longer "
                                                 "than one line of a calendar may be"),
                                    .place = S("Room 12"),
                                    .others = S("Bob"),
                                    .minutes = 45,
                                    .starts_ms = INT64_C(1700000000000)};
    const struct calendar_person from = {.name = S("School"), .email = S("duet@example.org")};
    const struct calendar_person reader = {.name = S("Ann"), .email = S("ann@example.org")};
    enum calendar_method method;
    return meetings_invitation(arena, catalog_english(), &meeting, S("https://x.org"), &from,
                               &reader, 1, &method, text);
}

static void test_calendar(void)
{
    struct arena *whole = arena_new(0);
    struct str meant, text = {0};
    tap_ok(write_invitation(whole, &meant) == ERR_OK && meant.n > 500, "an invitation");
    enum err err = ERR_NOMEM;
    uint64_t n = 0;
    int wrong = 0;
    while (err != ERR_OK && n < MOST) {
        struct arena *arena = arena_new(0);
        arena_fail_after(arena, ++n);
        text = (struct str){0};
        err = write_invitation(arena, &text);
        wrong += err ? err != ERR_NOMEM || text.p != NULL : !str_equal(text, meant);
        arena_free(arena);
    }
    tap_ok(err == ERR_OK && wrong == 0 && n > 3,
           "as a calendar: all of it or nothing, with each of %d allocations failing", (int)n - 1);
    arena_free(whole);
}

int main(void)
{
    dbtest_sqlite(suite); /* the memory is ours, whichever database */
    test_calendar();
    return tap_done();
}
