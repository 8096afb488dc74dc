/* The list of frameworks: what comes with Duet is offered until it is there. */
#include "web/webtest.h"

static int count(struct webtest_answer answer, const char *text)
{
    size_t n = strlen(text);
    int found = 0;
    for (size_t i = 0; i + n <= answer.body.n; i++) {
        found += memcmp(answer.body.p + i, text, n) == 0;
    }
    return found;
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    char use[100];
    webtest_open(&w, t);
    struct webtest_answer a = webtest_get(&w, WEBTEST_ADMINISTRATOR, "/setup/frameworks", NULL);
    int offered = count(a, "Bring it in"), in_use = count(a, "It is in use: <a");
    tap_ok(a.status == 200 && offered == frameworks_n_shipped() - 1 && in_use == 1,
           "%s: one is in use, %d can be brought in", w.c.name, offered);

    a = webtest_post(&w, WEBTEST_ADMINISTRATOR, "/setup/frameworks/ship", "shipped=1");
    tap_ok(a.status == 303, "%s: another is brought in", w.c.name);
    snprintf(use, sizeof use, "%.*s/use", (int)a.location.n, a.location.p);
    a = webtest_get(&w, WEBTEST_ADMINISTRATOR, "/setup/frameworks", NULL);
    tap_ok(count(a, "Bring it in") == offered - 1 && count(a, "It is in use: <a") == 2,
           "%s: and not offered again", w.c.name);

    a = webtest_post(&w, WEBTEST_ADMINISTRATOR, use, "active=0");
    tap_ok(a.status == 303, "%s: its use ends", w.c.name);
    a = webtest_get(&w, WEBTEST_ADMINISTRATOR, "/setup/frameworks", NULL);
    tap_ok(count(a, "Bring it in") == offered - 1 && count(a, "It is in use: <a") == 1 &&
               count(a, "not in use: <a") == 1,
           "%s: and it is said to be here, not in use", w.c.name);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
