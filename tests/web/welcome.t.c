/* A one-time key as it comes in a link: it opens its page, signs in once, and the audit says so
 * once.
 */
#include "coach/audit.h"
#include "coach/invitations.h"
#include "web/webtest.h"

/* Entries of the audit about somebody's signing in. */
static int sign_ins(struct webtest *w, int64_t person_id)
{
    struct audit_list list;
    int n = 0;
    int64_t before = 0;
    coachtest_as(&w->c, w->people[WEBTEST_ADMINISTRATOR]);
    do {
        coachtest_must(&w->c, coachtest_read(&w->c, audit_all(&w->c.coach, before, &list)),
                       "audit");
        for (size_t i = 0; i < list.n; i++) {
            const struct audit_entry *e = &list.items[i];
            n += str_is(e->verb, "sign-in") && e->owner_id == person_id && !e->refused;
        }
        before = list.before_id;
    } while (before);
    coachtest_as_system(&w->c);
    return n;
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    char key[INVITATIONS_TEXT], path[INVITATIONS_TEXT + 16], form[INVITATIONS_TEXT + 16];
    webtest_open(&w, t);
    int64_t friend_id = w.people[WEBTEST_FRIEND];
    coachtest_as_system(&w.c);
    coachtest_do(&w.c, invitations_make(&w.c.coach, friend_id, INVITATION_DEMO, key));
    snprintf(path, sizeof path, "/welcome/%s", key);
    snprintf(form, sizeof form, "key=%s", key);
    int before = sign_ins(&w, friend_id);

    struct webtest_answer answer = webtest_get(&w, WEBTEST_NOBODY, path, NULL);
    tap_ok(answer.status == 200 && webtest_says(answer, "Fran") &&
               sign_ins(&w, friend_id) == before,
           "%s: opening the link signs nobody in", w.c.name);
    for (int time = 1; time <= 2; time++) {
        answer = webtest_post(&w, WEBTEST_NOBODY, "/welcome", form);
        tap_ok(answer.status == 303 && str_is(answer.location, "/"), "%s: the key signs in",
               w.c.name);
        tap_ok(sign_ins(&w, friend_id) == before + time, "%s: and the audit says so once",
               w.c.name);
    }
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
