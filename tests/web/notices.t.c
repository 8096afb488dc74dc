/* What is new on the page: the bell counts it, looking at it makes it old, settings, and a mail
 * program that ends the mails. */
#include "coach/notices.h"
#include "coach/notices_mail.h"
#include "web/webtest.h"

static void add(struct webtest *w, enum webtest_who to, enum webtest_who from,
                enum notice_kind kind, int64_t partnership)
{
    coachtest_as(&w->c, w->people[from]);
    coachtest_do(&w->c, notices_add(&w->c.coach, w->people[to], kind, partnership, 0));
    coachtest_as_system(&w->c);
}

static void test_bell(struct webtest *w)
{
    const char *name = w->c.name;
    struct webtest_answer a = webtest_get(w, WEBTEST_OWNER, "/", NULL);
    tap_ok(webtest_says(a, "class=\"bell\"") && !webtest_says(a, "bell-count"),
           "%s: at first nothing is new", name);
    a = webtest_get(w, WEBTEST_OWNER, "/notices", NULL);
    tap_ok(webtest_says(a, "Nothing new"), "%s: and the page says so", name);
    add(w, WEBTEST_OWNER, WEBTEST_FRIEND, NOTICE_ASKED, 7);
    add(w, WEBTEST_OWNER, WEBTEST_FRIEND, NOTICE_MESSAGE, 7);
    a = webtest_get(w, WEBTEST_OWNER, "/skills", NULL);
    tap_ok(webtest_says(a, "2 new notices"), "%s: the bell counts on every page", name);
    a = webtest_get(w, WEBTEST_COLLEAGUE, "/skills", NULL);
    tap_ok(!webtest_says(a, "new notice"), "%s: for the person alone", name);
    a = webtest_get(w, WEBTEST_OWNER, "/notices", NULL);
    tap_ok(webtest_says(a, "Waiting for you") &&
               webtest_says(a, "Fran Tester asks whether you would like to work together.") &&
               webtest_says(a, "href=\"/partnerships/7/messages\"") && webtest_says(a, ">new<"),
           "%s: what waits, what has happened, and where", name);
    a = webtest_get(w, WEBTEST_OWNER, "/notices", NULL);
    tap_ok(!webtest_says(a, ">new<") && !webtest_says(a, "bell-count") &&
               webtest_says(a, "Waiting for you"),
           "%s: once looked at it is not new, and still waits", name);
}

static void test_settings(struct webtest *w)
{
    const char *name = w->c.name;
    struct webtest_answer a = webtest_get(w, WEBTEST_OWNER, "/notices/settings", NULL);
    tap_ok(webtest_says(a, "value=\"18:00\"") && webtest_says(a, "value=\"07:00\""),
           "%s: quiet hours at first", name);
    a = webtest_post(w, WEBTEST_OWNER, "/notices/settings",
                     "mail=weekly&quiet_from=20:30&quiet_until=06:15");
    tap_ok(a.status == 303, "%s: saved", name);
    a = webtest_get(w, WEBTEST_OWNER, "/notices/settings", NULL);
    tap_ok(webtest_says(a, "value=\"20:30\"") && webtest_says(a, "value=\"06:15\""),
           "%s: and shown", name);
    static const char *const bad[] = {"mail=weekly&quiet_from=24:00&quiet_until=06:15",
                                      "mail=weekly&quiet_from=7&quiet_until=06:15",
                                      "mail=weekly&quiet_from=7:60&quiet_until=06:15",
                                      "mail=weekly&quiet_from=7:5&quiet_until=6:15",
                                      "mail=hourly&quiet_from=07:00&quiet_until=06:15",
                                      "mail=weekly&quiet_from=-1:00&quiet_until=6"};
    int wrong = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wrong += webtest_post(w, WEBTEST_OWNER, "/notices/settings", bad[i]).status != 422;
    }
    tap_ok(wrong == 0, "%s: what is no time is not saved", name);
}

/* As Gmail and others do it: no cookie, no origin, one field. */
static void test_one_click(struct webtest *w)
{
    char key[NOTICES_KEY_TEXT], path[80];
    struct webtest_request r;
    struct notice_settings s = {0};
    const char *name = w->c.name;
    coachtest_must(
        &w->c,
        coachtest_read(&w->c, notices_leave_key(&w->c.coach, w->people[WEBTEST_FRIEND], key)),
        "key");
    snprintf(path, sizeof path, "/unsubscribe/%s", key);
    struct webtest_answer a = webtest_get(w, WEBTEST_NOBODY, path, NULL);
    tap_ok(a.status == 200 && webtest_says(a, "Stop these mails"),
           "%s: looking at the link changes nothing", name);
    coachtest_must(
        &w->c, coachtest_read(&w->c, notices_settings(&w->c.coach, w->people[WEBTEST_FRIEND], &s)),
        "settings");
    tap_ok(s.mail == NOTICE_MAIL_DAILY, "%s: really", name);
    webtest_fresh(w);
    webtest_prepare(w, &r, WEBTEST_NOBODY, path, NULL);
    r.req.headers.n = 0;
    r.req.method = HTTP_POST;
    r.req.body_kind = HTTP_BODY_URLENCODED;
    webtest_pairs(&r.req.form, r.form, "List-Unsubscribe=One-Click");
    a = webtest_send(w, &r);
    tap_ok(a.status == 200 && a.location.n == 0, "%s: one POST, answered at once", name);
    coachtest_must(
        &w->c, coachtest_read(&w->c, notices_settings(&w->c.coach, w->people[WEBTEST_FRIEND], &s)),
        "settings");
    tap_ok(s.mail == NOTICE_MAIL_NEVER && s.invites, "%s: ends the mails", name);
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    webtest_open(&w, t);
    test_bell(&w);
    test_settings(&w);
    test_one_click(&w);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
