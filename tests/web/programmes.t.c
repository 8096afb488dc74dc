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
    test_place(&w);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
