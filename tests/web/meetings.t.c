/* Meetings, messages and the calendar's feed as pages: two partners use them, everybody else is
 * turned away from each. */
#include "coach/meetings.h"
#include "coach/messages.h"
#include "web/webtest.h"

#define ME WEBTEST_OWNER
#define PARTNER WEBTEST_COLLEAGUE

/* The address with the number in place of "{}". */
static const char *path_of(const char *pattern, int64_t id)
{
    static char paths[32][120];
    static int at;
    int before = (int)strcspn(pattern, "{");
    at = (at + 1) % 32;
    snprintf(paths[at], sizeof paths[at], "%.*s%lld%s", before, pattern, (long long)id,
             pattern + before + 2);
    return paths[at];
}

static int64_t newest(struct webtest *w, bool meeting)
{
    return coachtest_number(&w->c, meeting ? "SELECT max(id) FROM meeting"
                                           : "SELECT max(id) FROM message");
}

static void test_meeting(struct webtest *w, int64_t pair)
{
    const char *name = w->c.name, *list = path_of("/partnerships/{}/meetings", pair);
    char form[200];
    struct webtest_answer a = webtest_get(w, ME, list, NULL);
    tap_ok(a.status == 200 && webtest_says(a, "No meeting yet"), "%s: at first there is none",
           name);
    const char *new = path_of("/partnerships/{}/meetings/new", pair);
    a = webtest_get(w, ME, new, NULL);
    tap_ok(a.status == 200 && webtest_says(a, "name=\"day1\""), "%s: times by hand", name);
    a = webtest_post(w, ME, new, "minutes=30");
    tap_ok(a.status == 422 && webtest_says(a, "Please choose one to 3 times."),
           "%s: a proposal has a time", name);
    a = webtest_post(w, ME, new, "day1=2001-01-01&at1=10:00&minutes=30");
    tap_ok(a.status == 422 && webtest_says(a, "over already"), "%s: to come", name);
    a = webtest_post(w, ME, new, "day1=2001-01-01&minutes=30");
    tap_ok(a.status == 422 && webtest_says(a, "a day and a time"), "%s: with both parts", name);
    int64_t at = (w->now_ms / 60000 + 3000) * 60000;
    snprintf(form, sizeof form, "time=%lld&time=%lld&minutes=30&subject=Confer&place=Room7",
             (long long)at, (long long)(at + 3600000));
    a = webtest_post(w, ME, new, form);
    int64_t id = newest(w, true);
    const char *one = path_of("/meetings/{}", id);
    tap_ok(a.status == 303 && str_is(a.location, one), "%s: proposed", name);
    a = webtest_get(w, ME, one, NULL);
    tap_ok(a.status == 200 && webtest_says(a, "You proposed") && !webtest_says(a, "Choose this"),
           "%s: whoever proposed waits", name);
    a = webtest_get(w, PARTNER, one, NULL);
    tap_ok(a.status == 200 && webtest_says(a, "Owen Tester proposes") &&
               webtest_says(a, "Choose this time") && webtest_says(a, "Room7"),
           "%s: the other chooses", name);
    snprintf(form, sizeof form, "time=%lld", (long long)at);
    a = webtest_post(w, PARTNER, path_of("/meetings/{}/choose", id), form);
    tap_ok(a.status == 303, "%s: chosen", name);
    a = webtest_get(w, ME, path_of("/meetings/{}/calendar", id), NULL);
    tap_ok(a.status == 200 && a.res->fixed.n && strstr(a.res->fixed.p, "SUMMARY:Confer"),
           "%s: as a file", name);
    a = webtest_get(w, ME, path_of("/meetings/{}/times", id), NULL);
    tap_ok(a.status == 200 && webtest_says(a, "until another time is chosen"), "%s: moving", name);
    a = webtest_post(w, ME, path_of("/meetings/{}/edit", id), "subject=Other&place=Hall");
    tap_ok(a.status == 303, "%s: changing", name);
    a = webtest_post(w, ME, path_of("/meetings/{}/held", id), NULL);
    a = webtest_get(w, ME, one, NULL);
    tap_ok(webtest_says(a, "settled") && webtest_says(a, "Hall"),
           "%s: what cannot be told yet changes nothing", name);
    a = webtest_get(w, ME, list, NULL);
    tap_ok(webtest_says(a, "To come") && webtest_says(a, "Other"), "%s: it stands in the list",
           name);
}

static void test_messages(struct webtest *w, int64_t pair)
{
    const char *name = w->c.name, *path = path_of("/partnerships/{}/messages", pair);
    struct webtest_answer a = webtest_get(w, ME, path, NULL);
    tap_ok(a.status == 200 && webtest_says(a, "No messages yet"), "%s: at first there is none",
           name);
    a = webtest_post(w, ME, path, "words=");
    tap_ok(a.status == 422, "%s: nothing is no message", name);
    a = webtest_post(w, ME, path, "words=Tuesday then <b>");
    tap_ok(a.status == 303, "%s: sent", name);
    a = webtest_get(w, PARTNER, path, NULL);
    tap_ok(webtest_says(a, "Tuesday then &lt;b&gt;") && webtest_says(a, ">new<"),
           "%s: the other reads it, marked as new", name);
    a = webtest_get(w, PARTNER, path, NULL);
    tap_ok(!webtest_says(a, ">new<"), "%s: once", name);
    int64_t id = newest(w, false);
    a = webtest_post(w, PARTNER, path_of("/messages/{}/retract", id), NULL);
    tap_ok(a.status == 403, "%s: nobody takes another's back", name);
    a = webtest_post(w, ME, path_of("/messages/{}/retract", id), NULL);
    a = webtest_get(w, PARTNER, path, NULL);
    tap_ok(webtest_says(a, "taken back") && !webtest_says(a, "Tuesday"), "%s: one's own is gone",
           name);
}

static struct webtest_answer ask_feed(struct webtest *w, const char *path, struct str etag)
{
    struct webtest_request r;
    webtest_fresh(w);
    webtest_prepare(w, &r, WEBTEST_NOBODY, path, NULL);
    r.req.method = HTTP_GET;
    r.headers[0] = (struct http_pair){str_of("if-none-match"), etag};
    r.req.headers.n = etag.n ? 1 : 0;
    return webtest_send(w, &r);
}

static void test_feed(struct webtest *w)
{
    const char *name = w->c.name;
    char path[100] = "", etag[80] = "";
    struct webtest_answer a = webtest_get(w, ME, "/calendar", NULL);
    tap_ok(a.status == 200 && webtest_says(a, "Make an address") && webtest_says(a, "Other"),
           "%s: my next meetings", name);
    a = webtest_post(w, ME, "/calendar/renew", NULL);
    for (size_t i = 0; i + 70 < a.body.n; i++) {
        if (memcmp(a.body.p + i, "/calendar/", 10) == 0 &&
            memcmp(a.body.p + i + 53, "/duet.ics", 9) == 0) {
            memcpy(path, a.body.p + i, 62);
        }
    }
    tap_ok(a.status == 200 && strlen(path) == 62, "%s: the address is shown once", name);
    a = webtest_get(w, ME, "/calendar", NULL);
    tap_ok(!webtest_says(a, "/duet.ics"), "%s: and not again", name);
    a = ask_feed(w, path, str_of(""));
    for (int i = 0; i < a.res->n_headers; i++) {
        if (strcmp(a.res->headers[i].name, "ETag") == 0) {
            snprintf(etag, sizeof etag, "%.*s", (int)a.res->headers[i].value.n,
                     a.res->headers[i].value.p);
        }
    }
    tap_ok(a.status == 200 && a.res->fixed.n && strstr(a.res->fixed.p, "SUMMARY:Other") &&
               etag[0] == '"',
           "%s: a calendar program reads it without signing in", name);
    a = ask_feed(w, path, str_of(etag));
    tap_ok(a.status == 304, "%s: and is told when nothing has changed", name);
    coachtest_script(&w->c, "UPDATE meeting SET place = 'Roof', changed_ms = changed_ms + 1000");
    a = ask_feed(w, path, str_of(etag));
    tap_ok(a.status == 200 && strstr(a.res->fixed.p, "LOCATION:Roof"), "%s: and what has", name);
    path[20] = path[20] == 'A' ? 'B' : 'A';
    a = ask_feed(w, path, str_of(""));
    tap_ok(a.status == 404, "%s: another address opens nothing", name);
}

static void test_others(struct webtest *w, int64_t pair)
{
    static const struct {
        bool post;
        const char *pattern, *form;
        char of; /* pair, meeting, message */
    } all[] = {
        {false, "/partnerships/{}/meetings", NULL, 'p'},
        {false, "/partnerships/{}/meetings/new", NULL, 'p'},
        {true, "/partnerships/{}/meetings/new", "time=9999999999999&minutes=30", 'p'},
        {false, "/meetings/{}", NULL, 'm'},
        {true, "/meetings/{}/choose", "time=5", 'm'},
        {false, "/meetings/{}/edit", NULL, 'm'},
        {true, "/meetings/{}/edit", "subject=x", 'm'},
        {true, "/meetings/{}/cancel", NULL, 'm'},
        {true, "/meetings/{}/held", NULL, 'm'},
        {true, "/meetings/{}/missed", NULL, 'm'},
        {false, "/meetings/{}/calendar", NULL, 'm'},
        {false, "/meetings/{}/times", NULL, 'm'},
        {true, "/meetings/{}/times", "time=9999999999999", 'm'},
        {false, "/partnerships/{}/messages", NULL, 'p'},
        {true, "/partnerships/{}/messages", "words=x", 'p'},
        {true, "/messages/{}/retract", NULL, 't'},
    };
    static const enum webtest_who others[] = {WEBTEST_FRIEND, WEBTEST_EVALUATOR,
                                              WEBTEST_COORDINATOR, WEBTEST_ADMINISTRATOR};
    int wrong = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int64_t id = all[i].of == 'p'   ? pair
                     : all[i].of == 'm' ? newest(w, true)
                                        : newest(w, false);
        const char *path = path_of(all[i].pattern, id);
        for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
            struct webtest_answer a = all[i].post ? webtest_post(w, others[k], path, all[i].form)
                                                  : webtest_get(w, others[k], path, NULL);
            if ((a.status != 403 && a.status != 422) || webtest_says(a, "Other") ||
                webtest_says(a, "Roof")) {
                printf("# %s asks for %s: %d\n", webtest_names[others[k]], path, a.status);
                wrong++;
            }
        }
    }
    tap_ok(wrong == 0, "%s: nobody else opens, changes or reads a word of it", w->c.name);
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    webtest_open(&w, t);
    int64_t pair = webtest_pair(&w);
    test_meeting(&w, pair);
    test_messages(&w, pair);
    test_feed(&w);
    test_others(&w, pair);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
