/* What two people write in a partnership reaches nobody else.  A marked word stands in every field
 * that they can fill in; then every page, feed and file of the site is asked for, with the numbers
 * of all that there is, by a coordinator, an administrator, an evaluator and a colleague: no mark
 * is in any answer.  The two find each of their marks, so that the test can fail. */
#include "coach/asks.h"
#include "coach/cycles.h"
#include "coach/meetings.h"
#include "coach/messages.h"
#include "coach/mydata.h"
#include "coach/notes.h"
#include "coach/observations.h"
#include "coach/partnerships.h"
#include "web/routes.h"
#include "web/webtest.h"

#define MARK "qzx"
#define NUMBERS 4 /* objects of each kind there are, and one more */

static const char *const marks[] = {
    "words",  "agreement", "goal", "lookfor",  "task", "strength", "step",    "found", "private",
    "shared", "joint",     "line", "evidence", "need", "message",  "subject", "place"};
#define MARKS (sizeof marks / sizeof *marks)

static struct str mark(const char *name)
{
    static char text[MARKS][40];
    for (size_t i = 0; i < MARKS; i++) {
        if (strcmp(marks[i], name) == 0) {
            snprintf(text[i], sizeof text[i], MARK "%s", name);
            return str_of(text[i]);
        }
    }
    return str_of("");
}

static void as(struct webtest *w, enum webtest_who who)
{
    w->c.coach.now_ms += 1000;
    coachtest_as(&w->c, w->people[who]);
}

static void complete(struct webtest *w, enum webtest_who who, int64_t cycle, enum cycle_stage stage)
{
    int32_t today = (int32_t)(w->now_ms / COACH_DAY_MS);
    struct cycle_input in = {.goal = mark("goal"),
                             .look_for = mark("lookfor"),
                             .task = mark("task"),
                             .strength = mark("strength"),
                             .step = mark("step"),
                             .found = mark("found"),
                             .support_planned = EVIDENCE_JOINT,
                             .has_support_given = true,
                             .support_given = EVIDENCE_PROMPTED,
                             .step_day = today + 3,
                             .today = today,
                             .outcome = CYCLE_OUTCOME_DONE};
    as(w, who);
    coachtest_do(&w->c, cycles_write(&w->c.coach, cycle, stage, &in, true, &w->c.complaints));
}

static int64_t write_cycle(struct webtest *w, int64_t focus)
{
    static const enum note_kind kinds[] = {NOTE_PRIVATE, NOTE_SHARED, NOTE_JOINT};
    static const char *const names[] = {"private", "shared", "joint"};
    struct coach *coach = &w->c.coach;
    struct complaints *why = &w->c.complaints;
    struct observation_line line = {str_of("k1"), 1000, mark("line")};
    struct observation *visits;
    int64_t cycle, note;
    size_t n;
    as(w, WEBTEST_OWNER);
    coachtest_do(&w->c, cycles_begin(coach, focus, &cycle));
    complete(w, WEBTEST_OWNER, cycle, CYCLE_PLAN);
    for (int i = 0; i < 3; i++) {
        as(w, WEBTEST_OWNER);
        coachtest_do(&w->c,
                     notes_add(coach, cycle, CYCLE_PLAN, kinds[i], mark(names[i]), why, &note));
    }
    as(w, WEBTEST_FRIEND);
    coachtest_do(&w->c, observations_add(coach, cycle, 0, &line, 1, why, &n));
    enum err err = coachtest_read(&w->c, observations_of_cycle(coach, cycle, &visits, &n));
    coachtest_must(&w->c, err, "visit");
    coachtest_do(&w->c, observations_share(coach, visits[0].id, true));
    complete(w, WEBTEST_FRIEND, cycle, CYCLE_VISIT);
    complete(w, WEBTEST_FRIEND, cycle, CYCLE_FEEDBACK);
    complete(w, WEBTEST_OWNER, cycle, CYCLE_SOLVE);
    complete(w, WEBTEST_OWNER, cycle, CYCLE_CHECK);
    as(w, WEBTEST_FRIEND);
    coachtest_do(&w->c, cycles_evidence(coach, cycle, 3, mark("evidence"), why));
    return cycle;
}

static void write_all(struct webtest *w)
{
    struct coach *coach = &w->c.coach;
    struct complaints *why = &w->c.complaints;
    struct partnership p;
    char sql[200];
    int64_t id;
    snprintf(sql, sizeof sql,
             "INSERT INTO need (person_id, skill_id, priority, note, created_ms) "
             "VALUES (%lld, %lld, 1, '" MARK "need', 1)",
             (long long)w->people[WEBTEST_OWNER], (long long)w->skill);
    coachtest_script(&w->c, sql);
    as(w, WEBTEST_OWNER);
    coachtest_do(&w->c,
                 asks_send(coach, w->people[WEBTEST_FRIEND], w->skill, mark("words"), why, &id));
    as(w, WEBTEST_FRIEND);
    coachtest_do(&w->c, partnerships_answer(coach, id, true));
    coachtest_do(&w->c, partnerships_agree(coach, id, 1, mark("agreement"), why));
    coachtest_do(&w->c, partnerships_sign(coach, id, 2));
    as(w, WEBTEST_OWNER);
    coachtest_do(&w->c, partnerships_sign(coach, id, 2));
    enum err err = coachtest_read(&w->c, partnerships_get(coach, id, str_of("en"), &p));
    coachtest_must(&w->c, err, "partnership");
    write_cycle(w, p.focuses[0].id);
    struct meeting_new meeting = {.partnership_id = id,
                                  .times = {w->now_ms + 2 * COACH_DAY_MS},
                                  .n_times = 1,
                                  .minutes = 30,
                                  .subject = mark("subject"),
                                  .place = mark("place")};
    int64_t other;
    as(w, WEBTEST_OWNER);
    coachtest_do(&w->c, messages_send(coach, id, mark("message"), why, &other));
    coachtest_do(&w->c, meetings_propose(coach, &meeting, why, &other));
    /* a second question that waits: its words are still to be read */
    as(w, WEBTEST_FRIEND);
    coachtest_do(&w->c,
                 asks_send(coach, w->people[WEBTEST_OWNER], w->skill, mark("words"), why, &id));
    coachtest_as_system(&w->c);
}

/* ---- asking for everything ---- */

static bool has(struct str text, const char *what)
{
    size_t n = strlen(what), at = 0;
    while (at + n <= text.n) {
        const char *next = memchr(text.p + at, *what, text.n - n + 1 - at);
        if (!next || memcmp(next, what, n) == 0) {
            return next != NULL;
        }
        at = (size_t)(next - text.p) + 1;
    }
    return false;
}

/* Every mark begins alike: most answers have none. */
static bool marked(struct webtest_answer a)
{
    return has(a.body, MARK) || (a.res && has(a.res->fixed, MARK));
}

struct walk {
    int n_asked, n_leaks;
    bool found[MARKS];
};

static void look(struct webtest *w, enum webtest_who who, const char *path, struct walk *walk)
{
    struct webtest_answer a = webtest_get(w, who, path, NULL);
    bool leak = false;
    size_t n = marked(a) ? MARKS : 0;
    walk->n_asked++;
    for (size_t i = 0; i < n; i++) {
        struct str word = mark(marks[i]);
        bool there = has(a.body, word.p) || (a.res && has(a.res->fixed, word.p));
        walk->found[i] |= there;
        leak |= there;
    }
    walk->n_leaks += leak;
    if (leak && who != WEBTEST_OWNER && who != WEBTEST_FRIEND) {
        printf("# %s reads it in %s\n", webtest_names[who], path);
    }
}

/* Numbers in the places of a pattern: all that there are, of people beyond as well. */
static void fill(struct webtest *w, enum webtest_who who, const char *pattern, struct walk *walk)
{
    int n_places = 0;
    for (const char *c = pattern; *c; c++) {
        n_places += *c == ':' || *c == '*';
    }
    int numbers = n_places == 0 ? 1 : n_places == 1 ? 3 * NUMBERS : NUMBERS;
    int rounds = n_places < 2 ? 1 : NUMBERS;
    for (int a = 1; a <= numbers; a++) {
        for (int b = 1; b <= rounds; b++) {
            char path[300];
            size_t n = 0;
            int place = 0;
            for (const char *c = pattern; *c;) {
                if (*c == ':' || *c == '*') {
                    n += (size_t)snprintf(path + n, sizeof path - n, "%d", place++ ? b : a);
                    c += strcspn(c, "/");
                } else {
                    path[n++] = *c++;
                }
            }
            path[n] = '\0';
            look(w, who, path, walk);
        }
    }
}

static struct walk walk_as(struct webtest *w, enum webtest_who who)
{
    struct walk walk = {0};
    for (size_t i = 0; route_at(routes_all, i, NULL); i++) {
        const struct route *route = route_at(routes_all, i, NULL);
        if (route->method == ROUTE_GET) {
            fill(w, who, route->pattern, &walk);
        }
    }
    return walk;
}

/* The same of their own file, which may be compressed when it comes as an answer. */
static bool file_leaks(struct webtest *w, enum webtest_who who)
{
    struct str json = {"", 0};
    as(w, who);
    coachtest_must(&w->c, coachtest_read(&w->c, mydata_export(&w->c.coach, &json)), "export");
    coachtest_as_system(&w->c);
    return has(json, MARK);
}

/* A programme of the school to which the pair belongs, which the coordinator arranges: they see
 * that the two work together, and the walk goes over its pages and files. */
static void arrange(struct webtest *w)
{
    char sql[900], path[100];
    int school = (int)w->school;
    snprintf(sql, sizeof sql,
             "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
             "changed_ms) SELECT 'Ours', min(id), 1, 2, 'running', 1, 1 FROM framework;"
             "INSERT INTO programme_unit (programme_id, unit_id) SELECT max(id), %d FROM programme;"
             "INSERT INTO programme_person (programme_id, person_id, state, source, created_ms) "
             "SELECT (SELECT max(id) FROM programme), p.id, 'in', 'unit', 1 FROM person p;"
             "UPDATE partnership SET programme_id = (SELECT max(id) FROM programme), still_ms = 1 "
             "WHERE state = 'active'",
             school);
    coachtest_script(&w->c, sql);
    snprintf(path, sizeof path, "/programmes/%d/overview",
             (int)coachtest_number(&w->c, "SELECT max(id) FROM programme"));
    struct webtest_answer a = webtest_get(w, WEBTEST_COORDINATOR, path, NULL);
    tap_ok(has(a.body, "Standing still since") && has(a.body, "Stage: "),
           "%s: the coordinator sees that two stand still, since when, and at which stage",
           w->c.name);
}

static void suite(const struct dbtest *t)
{
    static const enum webtest_who others[] = {WEBTEST_COORDINATOR, WEBTEST_ADMINISTRATOR,
                                              WEBTEST_EVALUATOR, WEBTEST_COLLEAGUE};
    struct webtest w;
    webtest_open(&w, t);
    write_all(&w);
    arrange(&w);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct walk walk = walk_as(&w, others[i]);
        tap_ok(walk.n_leaks == 0 && walk.n_asked > 300,
               "%s: %s asks for %d addresses and reads nothing of it", t->name,
               webtest_names[others[i]], walk.n_asked);
        tap_ok(!file_leaks(&w, others[i]), "%s: nor in their own file", t->name);
    }
    struct walk owner = walk_as(&w, WEBTEST_OWNER), friend = walk_as(&w, WEBTEST_FRIEND);
    int missing = 0, private = 0;
    for (size_t i = 0; i < MARKS; i++) {
        missing += !owner.found[i];
        private += strcmp(marks[i], "private") == 0 && friend.found[i];
        if (!owner.found[i]) {
            printf("# the owner does not find %s\n", marks[i]);
        }
    }
    tap_ok(missing == 0, "%s: the owner finds every mark", t->name);
    tap_ok(private == 0 && friend.found[1], "%s: the partner all but what is private", t->name);
    tap_ok(file_leaks(&w, WEBTEST_OWNER), "%s: and the owner's file has them", t->name);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
