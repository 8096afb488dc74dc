/* What a coordinator reads of a programme on its pages: who stays without help and why, also where
 * nobody does; and where in the site somebody who takes part is. */
#include "web/webtest.h"

static int64_t make(struct webtest *w)
{
    coachtest_script(
        &w->c,
        "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
        "changed_ms) SELECT 'Ours', min(id), 1, 2, 'running', 1, 1 FROM framework;"
        "INSERT INTO programme_unit (programme_id, unit_id) SELECT (SELECT max(id) FROM "
        "programme), id FROM unit WHERE parent_id IS NULL;"
        "INSERT INTO programme_person (programme_id, person_id, state, source, created_ms) "
        "SELECT (SELECT max(id) FROM programme), p.id, 'in', 'unit', 1 FROM person p;"
        "DELETE FROM need;"
        "INSERT INTO need (person_id, skill_id, priority, created_ms) "
        "SELECT p.id, (SELECT min(s.id) FROM skill s JOIN programme g ON g.framework_id = "
        "s.framework_id WHERE g.name = 'Ours'), 1, 1 FROM person p");
    return coachtest_number(&w->c, "SELECT max(id) FROM programme");
}

static struct webtest_answer page(struct webtest *w, enum webtest_who who, const char *rest)
{
    char path[100];
    int64_t id = coachtest_number(&w->c, "SELECT max(id) FROM programme");
    (void)snprintf(path, sizeof path, "/programmes/%lld%s", (long long)id, rest);
    return webtest_get(w, who, path, NULL);
}

/* The result of a comparison of which `why` is the last part: who stays without, by reason. */
static void compare(struct webtest *w, int64_t programme, const char *why)
{
    char sql[500];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO comparison (programme_id, state, result, created_ms, ready_ms) "
                   "VALUES (%lld, 'ready', 'reciprocal 0 0 8 8 8 8 8 800 100 1 4 0 1 %s\n', 1, 2)",
                   (long long)programme, why);
    coachtest_script(&w->c, sql);
}

static void test_compare(struct webtest *w, int64_t programme)
{
    compare(w, programme, "6 0 0 0 0 0 2");
    struct webtest_answer a = page(w, WEBTEST_ADMINISTRATOR, "/compare");
    tap_ok(a.status == 200 && webtest_says(a, "needed more elsewhere") &&
               webtest_says(a, "2 people") && !webtest_says(a, "Everybody receives help."),
           "%s: who stays without help, and why", w->c.name);
    compare(w, programme, "8 0 0 0 0 0 0");
    a = page(w, WEBTEST_ADMINISTRATOR, "/compare");
    tap_ok(webtest_says(a, "Who stays without help") && webtest_says(a, "Everybody receives help."),
           "%s: where nobody does, it says so", w->c.name);
}

/* The same with a row of self-choice; `by_sum`: as among many people. */
static void test_by_sum(struct webtest *w, int64_t programme)
{
    const char *about = "pairs that nobody would leave for what they gain alone";
    compare(w, programme, "8 0 0 0 0 0 0 0\nself 0 0 8 8 8 8 8 800 100 1 4 0 0 8 0 0 0 0 0 0 0");
    struct webtest_answer a = page(w, WEBTEST_ADMINISTRATOR, "/compare");
    bool few = webtest_says(a, about);
    compare(w, programme, "8 0 0 0 0 0 0 0\nself 0 0 8 8 8 8 8 800 100 1 4 0 0 8 0 0 0 0 0 0 1");
    a = page(w, WEBTEST_ADMINISTRATOR, "/compare");
    tap_ok(!few && webtest_says(a, about), "%s: what is not looked for among many is said",
           w->c.name);
}

static void round_says(struct webtest *w, const char *state, enum webtest_who who)
{
    char sql[300];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO round_person (round_id, person_id, state) "
                   "SELECT max(id), %lld, '%s' FROM round",
                   (long long)w->people[who], state);
    coachtest_script(&w->c, sql);
}

static void test_why(struct webtest *w)
{
    struct webtest_answer a = page(w, WEBTEST_ADMINISTRATOR, "/overview");
    tap_ok(webtest_says(a, "wants a partner, has none") && !webtest_says(a, "Last round:"),
           "%s: before any round nothing is known of it", w->c.name);
    coachtest_script(&w->c,
                     "INSERT INTO round (programme_id, state, strategy, objective, created_ms) "
                     "SELECT max(id), 'published', 'reciprocal', 'served', 1 FROM programme");
    round_says(w, "all-taken", WEBTEST_OWNER);
    round_says(w, "served", WEBTEST_FRIEND);
    a = page(w, WEBTEST_ADMINISTRATOR, "/overview");
    tap_ok(webtest_says(a, "Last round: Everybody who could help is needed more elsewhere."),
           "%s: why somebody has no partner, as the last round knows", w->c.name);
    tap_ok(webtest_says(a, "Last round: a partner was found; that did not come about"),
           "%s: or that they had one", w->c.name);
    coachtest_script(&w->c,
                     "INSERT INTO round (programme_id, state, strategy, objective, created_ms) "
                     "SELECT max(id), 'discarded', 'reciprocal', 'served', 1 FROM programme");
    round_says(w, "ruled-out", WEBTEST_OWNER);
    a = page(w, WEBTEST_ADMINISTRATOR, "/overview");
    tap_ok(webtest_says(a, "needed more elsewhere") && !webtest_says(a, "rules leave out"),
           "%s: a round that was discarded says nothing", w->c.name);
}

static struct webtest_answer round_page(struct webtest *w, const char *rest)
{
    char path[100];
    int64_t id = coachtest_number(&w->c, "SELECT max(id) FROM round");
    (void)snprintf(path, sizeof path, "/rounds/%lld%s", (long long)id, rest);
    return webtest_get(w, WEBTEST_ADMINISTRATOR, path, NULL);
}

/* How many for which reason, and what would change that; a colleague without a goal is told apart.
 */
static void test_left(struct webtest *w)
{
    const char *name = w->c.name;
    round_says(w, "only-helps", WEBTEST_FRIEND);
    round_says(w, "only-helps", WEBTEST_COLLEAGUE);
    struct webtest_answer a = round_page(w, "/left");
    tap_ok(a.status == 200 && webtest_says(a, "The rules leave out everybody who could help") &&
               webtest_says(a, "A wider choice of partners or fewer rules") &&
               webtest_says(a, "Helps a colleague, and receives no help in turn") &&
               webtest_says(a, "More offers in the skills they need"),
           "%s: the reasons of a round, and what would change them", name);
    tap_ok(!webtest_says(a, "and has not said what they want to grow in"),
           "%s: all of them have said what they want", name);
    char sql[200];
    (void)snprintf(sql, sizeof sql, "DELETE FROM need WHERE person_id = %lld",
                   (long long)w->people[WEBTEST_FRIEND]);
    coachtest_script(&w->c, sql);
    a = round_page(w, "/left");
    tap_ok(webtest_says(a, "Helps a colleague, and has not said what they want to grow in") &&
               webtest_says(a, "One goal in a skill of this programme is enough") &&
               webtest_says(a, "Helps a colleague, and receives no help in turn"),
           "%s: who wants nothing is told apart", name);
}

/* The page about the proof: of a round of this version, and of one of which it is not known what
 * was locked. */
static void test_proof(struct webtest *w)
{
    coachtest_script(&w->c,
                     "INSERT INTO round (programme_id, state, strategy, objective, created_ms, "
                     "ready_ms, proved, certificate) SELECT max(id), 'ready', 'reciprocal', "
                     "'served', 1, 2, 1, 'duet certificate 1' FROM programme");
    struct webtest_answer a = round_page(w, "/proof");
    tap_ok(webtest_says(a, "That is proved, not just believed") &&
               webtest_says(a, "duet verify --db WHERE --round") &&
               !webtest_says(a, "earlier version"),
           "%s: what the proof means, and how it is checked again", w->c.name);
    coachtest_script(&w->c, "UPDATE round SET locks_kept = 0 WHERE state = 'ready'");
    a = round_page(w, "/proof");
    tap_ok(webtest_says(a, "Worked out by an earlier version") &&
               webtest_says(a, "this round cannot be checked again"),
           "%s: of an earlier version it says what cannot be", w->c.name);
    coachtest_script(&w->c, "UPDATE round SET state = 'discarded' WHERE state = 'ready'");
}

/* Publishing a large round, with its job held: going on, after a try that failed, given up, begun
 * once more, done. */
static void test_publishing(struct webtest *w)
{
    const char *name = w->c.name;
    char path[100];
    struct coachtest *c = &w->c;
    coachtest_script(c,
                     "INSERT INTO round (programme_id, state, strategy, objective, created_ms, "
                     "n_pairs, n_dealt, publish_pair) SELECT max(id), 'published', 'reciprocal', "
                     "'served', 1, 640, 200, 200 FROM programme;"
                     "INSERT INTO job (kind, payload, state, run_at_ms, created_ms) "
                     "SELECT 'publish', CAST(max(id) AS TEXT), 'ready', 1, 1 FROM round");
    struct webtest_answer a = round_page(w, "");
    tap_ok(a.status == 200 && webtest_says(a, "Being published: 200 of 640 pairs or groups") &&
               webtest_says(a, "nobody is asked twice") && !webtest_says(a, "did not work") &&
               !webtest_says(a, "Go on"),
           "%s: a round that is being published says how far that is", name);
    tap_ok(webtest_says(a, "data-again=\"1\"") && webtest_says(a, "http-equiv=\"refresh\""),
           "%s: and looks again by itself, with script or without", name);
    a = page(w, WEBTEST_ADMINISTRATOR, "/plan");
    tap_ok(webtest_says(a, "Being published"), "%s: so does the list of rounds", name);
    coachtest_script(c,
                     "UPDATE job SET attempts = 2, last_error = 'busy', run_at_ms = 4000000000000 "
                     "WHERE kind = 'publish'");
    a = round_page(w, "");
    tap_ok(webtest_says(a, "The last try did not work") &&
               webtest_says(a, "It goes on by itself") && webtest_says(a, "data-again"),
           "%s: after a try that failed it says when the next is", name);
    coachtest_script(c, "UPDATE job SET state = 'dead' WHERE kind = 'publish'");
    a = round_page(w, "");
    tap_ok(webtest_says(a, "Publishing has stopped") && webtest_says(a, "200 of 640 pairs") &&
               webtest_says(a, "Go on") && !webtest_says(a, "data-again") &&
               !webtest_says(a, "http-equiv"),
           "%s: given up, it says so, and does not look again", name);
    (void)snprintf(path, sizeof path, "/rounds/%lld/publish",
                   (long long)coachtest_number(c, "SELECT max(id) FROM round"));
    a = webtest_post(w, WEBTEST_ADMINISTRATOR, path, NULL);
    int64_t n = coachtest_number(c, "SELECT count(*) FROM job WHERE kind = 'publish' AND "
                                    "state = 'ready'");
    tap_ok(a.status == 303 && n == 1 && webtest_says(round_page(w, ""), "Being published: 200"),
           "%s: one press, and it goes on from there", name);
    a = webtest_post(w, WEBTEST_ADMINISTRATOR, path, NULL);
    n = coachtest_number(c, "SELECT count(*) FROM job WHERE kind = 'publish' AND state = 'ready'");
    tap_ok(a.status == 303 && n == 1, "%s: a second press adds nothing", name);
    coachtest_script(c, "UPDATE round SET publish_pair = NULL, n_dealt = 640, published_ms = 2 "
                        "WHERE publish_pair = 200");
    a = round_page(w, "");
    tap_ok(webtest_says(a, "Published: ") && !webtest_says(a, "Being published") &&
               !webtest_says(a, "data-again"),
           "%s: done, it says when", name);
}

static void test_place(struct webtest *w)
{
    struct webtest_answer a = webtest_get(w, WEBTEST_FRIEND, "/programmes", NULL);
    tap_ok(webtest_says(a, "href=\"/coaching\" aria-current=\"page\""),
           "%s: who takes part is in Coaching", w->c.name);
    a = webtest_get(w, WEBTEST_COORDINATOR, "/programmes", NULL);
    tap_ok(webtest_says(a, "href=\"/programmes\" aria-current=\"page\"") &&
               !webtest_says(a, "href=\"/coaching\" aria-current"),
           "%s: who arranges them in Programmes", w->c.name);
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    webtest_open(&w, t);
    int64_t programme = make(&w);
    test_compare(&w, programme);
    test_by_sum(&w, programme);
    test_why(&w);
    test_left(&w);
    test_proof(&w);
    test_publishing(&w);
    test_place(&w);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
