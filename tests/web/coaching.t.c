/* A partnership through its pages, by the two people it belongs to: asking, agreeing, a whole
 * cycle, notes, the pad, the end; forms that lack something are shown again. */
#include "base/day.h"
#include "web/webtest.h"

static int64_t last(struct webtest *w, const char *table)
{
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT max(id) FROM %s", table);
    return coachtest_number(&w->c, sql);
}

/* The pattern with the number in the place of '#'. */
static void path_of(char path[200], const char *pattern, int64_t id)
{
    size_t n = strcspn(pattern, "#");
    if (pattern[n] == '#') {
        snprintf(path, 200, "%.*s%lld%s", (int)n, pattern, (long long)id, pattern + n + 1);
    } else {
        snprintf(path, 200, "%s", pattern);
    }
}

/* Sends a form; the answer leads on. */
static bool sends(struct webtest *w, enum webtest_who who, const char *pattern, int64_t id,
                  const char *form)
{
    char path[200];
    path_of(path, pattern, id);
    struct webtest_answer a = webtest_post(w, who, path, form);
    if (a.status != 303) {
        printf("# %s: %d\n", path, a.status);
    }
    return a.status == 303;
}

static struct webtest_answer shows(struct webtest *w, enum webtest_who who, const char *pattern,
                                   int64_t id)
{
    char path[200];
    path_of(path, pattern, id);
    return webtest_get(w, who, path, NULL);
}

static int64_t test_asking(struct webtest *w)
{
    const char *name = w->c.name;
    char form[200], sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO offer (person_id, skill_id, created_ms) VALUES (%lld, %lld, 1)",
             (long long)w->people[WEBTEST_FRIEND], (long long)w->skill);
    coachtest_script(&w->c, sql);
    snprintf(form, sizeof form, "skill=%lld", (long long)w->skill);
    struct webtest_answer a = webtest_get(w, WEBTEST_OWNER, "/coaching/ask", form);
    tap_ok(a.status == 200 && webtest_says(a, "Fran Tester") && webtest_says(a, "Or begin with"),
           "%s: who could help is shown, and the guide", name);
    a = webtest_post(w, WEBTEST_OWNER, "/coaching/ask", form);
    tap_ok(a.status == 422, "%s: whom to ask is asked for", name);
    snprintf(form, sizeof form, "skill=%lld&to=%lld&words=Would you?", (long long)w->skill,
             (long long)w->people[WEBTEST_FRIEND]);
    tap_ok(sends(w, WEBTEST_OWNER, "/coaching/ask", 0, form), "%s: asked", name);
    int64_t id = last(w, "partnership");
    a = shows(w, WEBTEST_FRIEND, "/partnerships/#", id);
    tap_ok(webtest_says(a, "Would you?") && webtest_says(a, "Yes, gladly"),
           "%s: the other reads it and is asked", name);
    a = webtest_get(w, WEBTEST_FRIEND, "/", NULL);
    tap_ok(webtest_says(a, "A colleague asks you"), "%s: it is the next thing of the day", name);
    tap_ok(sends(w, WEBTEST_FRIEND, "/partnerships/#/answer", id, "answer=yes"), "%s: yes", name);
    return id;
}

/* Fifteen more offer it: two pages; a form that is shown again stays on its page. */
static void test_many_to_ask(struct webtest *w)
{
    const char *name = w->c.name;
    char form[200], sql[300];
    coachtest_script(&w->c,
                     "INSERT INTO person (given_name, family_name, search, max_helps, created_ms, "
                     "changed_ms) SELECT 'Many', name, 'many', 1, 1, 1 FROM skill ORDER BY id "
                     "LIMIT 15");
    snprintf(
        sql, sizeof sql,
        "INSERT INTO offer (person_id, skill_id, note, created_ms) SELECT id, %lld, '', 1 FROM "
        "person WHERE given_name = 'Many'",
        (long long)w->skill);
    coachtest_script(&w->c, sql);
    snprintf(form, sizeof form, "skill=%lld", (long long)w->skill);
    struct webtest_answer a = webtest_get(w, WEBTEST_OWNER, "/coaching/ask", form);
    tap_ok(webtest_says(a, "1 to 10 of 15") && webtest_says(a, "first=10"),
           "%s: ten of fifteen, and the way to more", name);
    snprintf(form, sizeof form, "skill=%lld&first=10", (long long)w->skill);
    a = webtest_get(w, WEBTEST_OWNER, "/coaching/ask", form);
    tap_ok(webtest_says(a, "11 to 15 of 15") && !webtest_says(a, "first=20"),
           "%s: the others, and no further", name);
    snprintf(form, sizeof form, "skill=%lld&first=10&words=Would you?", (long long)w->skill);
    a = webtest_post(w, WEBTEST_OWNER, "/coaching/ask", form);
    tap_ok(a.status == 422 && webtest_says(a, "11 to 15 of 15") && webtest_says(a, "Would you?"),
           "%s: when nobody was chosen the form is the same again", name);
    coachtest_script(&w->c, "DELETE FROM offer WHERE person_id IN (SELECT id FROM person WHERE "
                            "given_name = 'Many');"
                            "DELETE FROM person WHERE given_name = 'Many'");
}

static void test_agreement(struct webtest *w, int64_t id)
{
    const char *name = w->c.name;
    struct webtest_answer a = shows(w, WEBTEST_OWNER, "/partnerships/#/agreement", id);
    tap_ok(webtest_says(a, "stays between us") && webtest_says(a, "sign it"),
           "%s: there is an agreement to begin with", name);
    a = webtest_post(w, WEBTEST_OWNER, "/partnerships/1/agreement", "version=1&agreement=");
    tap_ok(a.status == 422, "%s: an empty one is none", name);
    bool right =
        sends(w, WEBTEST_OWNER, "/partnerships/#/sign", id, "version=1") &&
        sends(w, WEBTEST_FRIEND, "/partnerships/#/agreement", id, "version=1&agreement=Ours.") &&
        sends(w, WEBTEST_FRIEND, "/partnerships/#/sign", id, "version=2") &&
        sends(w, WEBTEST_OWNER, "/partnerships/#/sign", id, "version=1");
    tap_ok(right && coachtest_number(&w->c, "SELECT count(*) FROM partnership WHERE state = "
                                            "'active'") == 0,
           "%s: what was changed is signed again", name);
    sends(w, WEBTEST_OWNER, "/partnerships/#/sign", id, "version=2");
    tap_ok(coachtest_number(&w->c, "SELECT count(*) FROM partnership WHERE state = 'active'") == 1,
           "%s: both have signed", name);
}

static void test_stage(struct webtest *w, enum webtest_who who, int64_t cycle, const char *stage,
                       const char *form, const char *next)
{
    char pattern[100];
    snprintf(pattern, sizeof pattern, "/cycles/#/stages/%s", stage);
    bool sent = sends(w, who, pattern, cycle, form);
    struct webtest_answer a = shows(w, WEBTEST_OWNER, "/cycles/#", cycle);
    tap_ok(sent && webtest_says(a, next), "%s: %s, then: %s", w->c.name, stage, next);
}

static int64_t test_cycle(struct webtest *w)
{
    const char *name = w->c.name;
    char form[200], day[DAY_TEXT_SIZE];
    sends(w, WEBTEST_OWNER, "/focuses/#/cycle", last(w, "focus"), NULL);
    int64_t id = last(w, "cycle");
    struct webtest_answer a = shows(w, WEBTEST_FRIEND, "/cycles/#", id);
    tap_ok(webtest_says(a, "I have prepared") &&
               webtest_says(a, "Before you meet, Owen Tester thinks of this") &&
               webtest_says(a, "Owen Tester writes down the plan after your talk"),
           "%s: the helper prepares, and leaves the goal to the learner", name);
    tap_ok(sends(w, WEBTEST_FRIEND, "/cycles/#/prepared", id, NULL), "%s: prepared", name);
    a = webtest_post(w, WEBTEST_OWNER, "/cycles/1/stages/plan", "complete=1&goal=");
    tap_ok(a.status == 422 && webtest_says(a, "href=\"#goal\""), "%s: a goal is asked for", name);
    test_stage(w, WEBTEST_OWNER, id, "plan",
               "complete=1&goal=Wait longer&way=observe&support_planned=prompted",
               "The visit has taken place");
    tap_ok(webtest_says(shows(w, WEBTEST_FRIEND, "/cycles/#", id), "/cycles/1/pad") &&
               !webtest_says(shows(w, WEBTEST_OWNER, "/cycles/#", id), "/cycles/1/pad"),
           "%s: the pad is for whoever visits", name);
    test_stage(w, WEBTEST_FRIEND, id, "visit", "complete=1", "A strength that was seen");
    test_stage(w, WEBTEST_FRIEND, id, "feedback", "complete=1&strength=Calm&support_given=prompted",
               "My next step");
    day_write((int32_t)(w->now_ms / COACH_DAY_MS) + 3, day);
    snprintf(form, sizeof form, "complete=1&step=Count to three&step_day=%s", day);
    test_stage(w, WEBTEST_OWNER, id, "solve", form, "How far did it go?");
    a = shows(w, WEBTEST_FRIEND, "/cycles/#", id);
    size_t step = webtest_place(a, "Count to three"), how = webtest_place(a, "How to do it");
    a.body = (struct str){a.body.p + how, a.body.n - how};
    tap_ok(step < how && !webtest_says(a, "Count to three"),
           "%s: the step that is looked at stands first, and once", name);
    a = shows(w, WEBTEST_FRIEND, "/cycles/#", id);
    tap_ok(webtest_says(a, "Owen Tester writes down what came of the step") &&
               webtest_says(a, "To be looked at again"),
           "%s: who helps is told what happens next", name);
    test_stage(w, WEBTEST_OWNER, id, "check", "complete=1&outcome=done", "Close the cycle");
    tap_ok(sends(w, WEBTEST_OWNER, "/cycles/#/evidence", id, "level=1") &&
               sends(w, WEBTEST_FRIEND, "/cycles/#/evidence", id, "level=3&note=Seen"),
           "%s: evidence of both", name);
    test_stage(w, WEBTEST_OWNER, id, "reflect", "complete=1", "This cycle is done");
    tap_ok(coachtest_number(&w->c, "SELECT count(*) FROM cycle_evidence") == 2, "%s: and it counts",
           name);
    return id;
}

static void test_notes(struct webtest *w, int64_t cycle)
{
    const char *name = w->c.name;
    bool right = sends(w, WEBTEST_OWNER, "/cycles/#/notes", cycle,
                       "stage=reflect&kind=private&words=Only mine");
    int64_t note = last(w, "note");
    tap_ok(right && webtest_says(shows(w, WEBTEST_OWNER, "/cycles/#", cycle), "Only mine") &&
               !webtest_says(shows(w, WEBTEST_FRIEND, "/cycles/#", cycle), "Only mine"),
           "%s: a private note", name);
    sends(w, WEBTEST_OWNER, "/notes/#/share", note, NULL);
    tap_ok(webtest_says(shows(w, WEBTEST_FRIEND, "/cycles/#", cycle), "Only mine"), "%s: shared",
           name);
    sends(w, WEBTEST_OWNER, "/notes/#/remove", note, NULL);
    tap_ok(!webtest_says(shows(w, WEBTEST_OWNER, "/cycles/#", cycle), "Only mine"), "%s: removed",
           name);
    right = sends(w, WEBTEST_FRIEND, "/cycles/#/pad", cycle, "key=a1&words=Bell rings") &&
            sends(w, WEBTEST_FRIEND, "/cycles/#/pad", cycle, "key=a1&words=Bell rings");
    tap_ok(right && coachtest_number(&w->c, "SELECT count(*) FROM observation_line") == 1,
           "%s: a line sent twice is one", name);
    sends(w, WEBTEST_FRIEND, "/visits/#/share", last(w, "observation"), NULL);
    tap_ok(webtest_says(shows(w, WEBTEST_OWNER, "/cycles/#", cycle), "Bell rings"),
           "%s: the visit is shared", name);
}

static void test_end(struct webtest *w, int64_t id)
{
    const char *name = w->c.name;
    char form[100];
    snprintf(form, sizeof form, "skill=%lld&helper=%lld", (long long)w->skill,
             (long long)w->people[WEBTEST_OWNER]);
    tap_ok(sends(w, WEBTEST_FRIEND, "/partnerships/#/focus", id, form) &&
               webtest_says(shows(w, WEBTEST_OWNER, "/partnerships/#", id),
                            "You help Fran Tester with"),
           "%s: roles are swapped", name);
    tap_ok(sends(w, WEBTEST_FRIEND, "/partnerships/#/pause", id, NULL) &&
               webtest_says(shows(w, WEBTEST_OWNER, "/partnerships/#", id), "This is paused") &&
               sends(w, WEBTEST_OWNER, "/partnerships/#/resume", id, NULL),
           "%s: paused and taken up again", name);
    struct webtest_answer a = webtest_post(w, WEBTEST_OWNER, "/partnerships/1/end", NULL);
    tap_ok(a.status == 422, "%s: how it ends is asked for", name);
    tap_ok(sends(w, WEBTEST_OWNER, "/partnerships/#/end", id, "how=rematch"), "%s: ended", name);
    a = shows(w, WEBTEST_FRIEND, "/partnerships/#", id);
    tap_ok(webtest_says(a, "nobody&#39;s fault") || webtest_says(a, "nobody's fault"),
           "%s: without fault, and without who", name);
    tap_ok(webtest_says(a, "Said yes") && webtest_says(a, "The partnership ended"),
           "%s: its story stays", name);
}

/* The programme's own words of a stage, written by who arranges it: as text, whatever they hold. */
static void test_own_words(struct webtest *w)
{
    const char *name = w->c.name;
    char sql[200];
    snprintf(sql, sizeof sql,
             "UPDATE partnership SET programme_id = %lld WHERE programme_id IS NULL",
             (long long)w->programme);
    coachtest_script(&w->c, sql);
    tap_ok(sends(w, WEBTEST_ADMINISTRATOR, "/programmes/#/cycle/plan", w->programme,
                 "purpose=Our <b>purpose</b>&talk=First <i>\nSecond&before=&stems=Say ..."),
           "%s: own words of a stage", name);
    snprintf(sql, sizeof sql, "/programmes/%lld/cycle/plan", (long long)w->programme);
    tap_ok(webtest_post(w, WEBTEST_ADMINISTRATOR, sql, "purpose=&talk=").status == 422,
           "%s: what lacks something is shown again", name);
    tap_ok(sends(w, WEBTEST_OWNER, "/focuses/#/cycle", last(w, "focus"), NULL),
           "%s: another cycle begins", name);
    struct webtest_answer a = shows(w, WEBTEST_OWNER, "/cycles/#", last(w, "cycle"));
    tap_ok(a.status == 200 && webtest_says(a, "Our &lt;b") && !webtest_says(a, "<b>purpose") &&
               webtest_says(a, "First &lt;i") && webtest_says(a, "<li>Second") &&
               !webtest_says(a, "Before you meet") && webtest_says(a, "Say ..."),
           "%s: the cycle shows them, as text", name);
    tap_ok(sends(w, WEBTEST_ADMINISTRATOR, "/programmes/#/cycle/plan", w->programme,
                 "language=es&purpose=Lo nuestro&talk=Primero"),
           "%s: in a further language", name);
    a = webtest_get(w, WEBTEST_ADMINISTRATOR, sql, "language=es");
    bool own = webtest_says(a, "Lo nuestro") && !webtest_says(a, "Our &lt;b");
    a = webtest_get(w, WEBTEST_ADMINISTRATOR, sql, NULL);
    tap_ok(own && webtest_says(a, "Our &lt;b") &&
               webtest_says(a, "plan?language=es\" lang=\"es\"") && !webtest_says(a, "language=en"),
           "%s: each has its page", name);
    a = shows(w, WEBTEST_OWNER, "/cycles/#", last(w, "cycle"));
    own = webtest_says(a, "Our &lt;b");
    coachtest_script(&w->c, "UPDATE person SET locale = 'es'");
    tap_ok(own &&
               webtest_says(shows(w, WEBTEST_OWNER, "/cycles/#", last(w, "cycle")), "Lo nuestro"),
           "%s: who reads in it sees it, everybody else the first", name);
    coachtest_script(&w->c, "UPDATE person SET locale = 'en'");
    tap_ok(
        sends(w, WEBTEST_ADMINISTRATOR, "/programmes/#/cycle/plan/default", w->programme, NULL) &&
            webtest_says(shows(w, WEBTEST_OWNER, "/cycles/#", last(w, "cycle")), "Before you meet"),
        "%s: and those that Duet brings once they are given back", name);
    tap_ok(sends(w, WEBTEST_ADMINISTRATOR, "/programmes/#/cycle", w->programme, "step_days=3") &&
               webtest_post(w, WEBTEST_OWNER, sql, "purpose=A&talk=B").status == 403,
           "%s: days and parts; for who arranges the programme", name);
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    webtest_open(&w, t);
    test_many_to_ask(&w);
    int64_t id = test_asking(&w);
    test_agreement(&w, id);
    int64_t cycle = test_cycle(&w);
    test_notes(&w, cycle);
    test_own_words(&w);
    test_end(&w, id);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
