/* The sheet of codes: each strip says whose it is, also where two have the same name. */
#include "web/webtest.h"

static int64_t add(struct webtest *w, const char *email, const char *external_id)
{
    struct person_input input = {.external_id = str_of(external_id),
                                 .given_name = str_of("Sam"),
                                 .family_name = str_of("Sameness"),
                                 .email = str_of(email),
                                 .position = {"", 0},
                                 .source = {"", 0}};
    int64_t id = 0;
    coachtest_as_system(&w->c);
    coachtest_do(&w->c, people_add(&w->c.coach, &input, &w->c.complaints, &id));
    coachtest_role(&w->c, id, w->school, ROLE_PARTICIPANT);
    return id;
}

static void suite(const struct dbtest *t)
{
    struct webtest w;
    char form[100], number[100], path[100];
    webtest_open(&w, t);
    coachtest_as_system(&w.c);
    int64_t only = coachtest_person(&w.c, "Una", "Unlike"); /* p7@example.org */
    coachtest_role(&w.c, only, w.school, ROLE_PARTICIPANT);
    add(&w, "sam.a@example.org", "");
    add(&w, "", "staff-77");
    int64_t plain = add(&w, "", "");

    snprintf(form, sizeof form, "unit=%lld&how=paper", (long long)w.school);
    snprintf(number, sizeof number, "Number %lld in Duet", (long long)plain);
    struct webtest_answer a = webtest_post(&w, WEBTEST_COORDINATOR, "/setup/invitations", form);
    tap_ok(a.status == 200 && webtest_says(a, "Una Unlike") && webtest_says(a, "Hill School"),
           "%s: a sheet of codes, with names and units", w.c.name);
    tap_ok(webtest_says(a, "sam.a@example.org") && webtest_says(a, "staff-77") &&
               webtest_says(a, number),
           "%s: people of the same name are told apart", w.c.name);
    tap_ok(!webtest_says(a, "p7@example.org"), "%s: nobody else's address is printed", w.c.name);

    snprintf(path, sizeof path, "/setup/people/%lld/code", (long long)only);
    a = webtest_post(&w, WEBTEST_ADMINISTRATOR, path, NULL);
    tap_ok(a.status == 200 && webtest_says(a, "p7@example.org") && webtest_says(a, "Hill School"),
           "%s: one code says whose it is", w.c.name);
    webtest_close(&w);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
