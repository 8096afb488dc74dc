/* Notices: who gets one, when it is new, what ends it, who may read it; settings; cleaning. */
#include "coach/notices.h"
#include "coachtest.h"

static int64_t count(struct coachtest *c, int64_t person)
{
    int64_t n = -1;
    coachtest_as(c, person);
    coachtest_must(c, coachtest_read(c, notices_count(&c->coach, &n)), "count");
    return n;
}

static struct notice_list list(struct coachtest *c, int64_t person)
{
    struct notice_list list = {0};
    coachtest_as(c, person);
    coachtest_must(c, coachtest_read(c, notices_list(&c->coach, &list)), "list");
    return list;
}

static void test_kinds(struct coachtest *c)
{
    const struct notice notice = {
        .kind = NOTICE_MEETING_PROPOSED, .partnership_id = 7, .object_id = 12};
    const struct notice message = {.kind = NOTICE_MESSAGE, .partnership_id = 7, .object_id = 12};
    int wrong = 0;
    for (int i = 0; i < NOTICE_KIND__MAX; i++) {
        const struct notice each = {
            .kind = (enum notice_kind)i, .partnership_id = 3, .object_id = 4};
        struct str path = notices_path(c->coach.arena, &each);
        wrong += path.n < 2 || path.p[0] != '/' || strchr(path.p, '{') || strchr(path.p, '}');
        wrong += strlen(notices_text((enum notice_kind)i)) < 10;
    }
    tap_ok(wrong == 0, "%s: every kind has words and a page", c->name);
    tap_ok(str_is(notices_path(c->coach.arena, &notice), "/meetings/12") &&
               str_is(notices_path(c->coach.arena, &message), "/partnerships/7/messages"),
           "%s: paths are filled with what the notice is about", c->name);
    tap_ok(notices_asks(NOTICE_ASKED) && !notices_asks(NOTICE_MESSAGE), "%s: some ask", c->name);
}

static void test_life(struct coachtest *c, int64_t ann, int64_t bob)
{
    coachtest_as(c, ann);
    coachtest_do(c, notices_add(&c->coach, bob, NOTICE_ASKED, 7, 0));
    coachtest_do(c, notices_add(&c->coach, ann, NOTICE_ASKED, 7, 0));
    tap_ok(count(c, bob) == 1 && count(c, ann) == 0,
           "%s: the other gets a notice, not whoever did it", c->name);
    struct notice_list l = list(c, bob);
    tap_ok(l.n == 1 && l.items[0].kind == NOTICE_ASKED && str_is(l.items[0].name, "Ann Abel") &&
               l.items[0].partnership_id == 7 && !l.items[0].seen && !l.items[0].done,
           "%s: it says who and what", c->name);
    c->coach.now_ms += 1000;
    coachtest_as(c, ann);
    coachtest_do(c, notices_add(&c->coach, bob, NOTICE_ASKED, 7, 0));
    l = list(c, bob);
    tap_ok(l.n == 1 && l.items[0].created_ms == COACHTEST_NOW,
           "%s: twice the same while it is new is once", c->name);
    coachtest_as(c, bob);
    coachtest_do(c, notices_seen(&c->coach, COACHTEST_NOW - 1));
    tap_ok(count(c, bob) == 1, "%s: what came later is not seen yet", c->name);
    coachtest_do(c, notices_seen(&c->coach, COACHTEST_NOW));
    tap_ok(count(c, bob) == 0, "%s: seen", c->name);
    coachtest_as(c, ann);
    coachtest_do(c, notices_add(&c->coach, bob, NOTICE_ASKED, 7, 0));
    l = list(c, bob);
    tap_ok(count(c, bob) == 1 && l.n == 1 && l.items[0].created_ms == COACHTEST_NOW + 1000,
           "%s: the same again after it was seen is new again", c->name);
    coachtest_as(c, ann);
    coachtest_do(c, notices_done(&c->coach, bob, NOTICE_ASKED, 8, 0));
    tap_ok(count(c, bob) == 1, "%s: something else being done ends nothing", c->name);
    coachtest_do(c, notices_done(&c->coach, 0, NOTICE_ASKED, 7, 0));
    l = list(c, bob);
    tap_ok(count(c, bob) == 0 && l.items[0].done, "%s: done is not new any more", c->name);
}

static void test_all(struct coachtest *c, int64_t ann, int64_t bob)
{
    coachtest_as_system(c);
    coachtest_do(c, notices_add(&c->coach, ann, NOTICE_PROPOSED, 9, 0));
    coachtest_do(c, notices_add(&c->coach, bob, NOTICE_PROPOSED, 9, 0));
    coachtest_do(c, notices_add(&c->coach, bob, NOTICE_SIGN, 9, 0));
    tap_ok(list(c, ann).items[0].name.n == 0, "%s: the program has no name", c->name);
    coachtest_as_system(c);
    coachtest_do(c, notices_done(&c->coach, ann, NOTICE_PROPOSED, 9, 0));
    tap_ok(count(c, ann) == 0 && count(c, bob) == 2, "%s: one person's can be done", c->name);
    coachtest_as_system(c);
    coachtest_do(c, notices_done_all(&c->coach, 9));
    tap_ok(count(c, bob) == 0, "%s: all of a partnership's can", c->name);
}

static void test_left(struct coachtest *c, int64_t cay)
{
    struct notice_list l;
    int64_t n;
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, cay));
    coachtest_do(c, notices_add(&c->coach, cay, NOTICE_PROPOSED, 9, 0));
    tap_ok(coachtest_number(c, "SELECT count(*) FROM notice WHERE person_id = 3") == 0,
           "%s: whoever has left gets none", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_read(c, notices_list(&c->coach, &l)) == ERR_FORBIDDEN &&
               coachtest_read(c, notices_count(&c->coach, &n)) == ERR_FORBIDDEN &&
               coachtest_write(c, notices_seen(&c->coach, 0)) == ERR_FORBIDDEN,
           "%s: nobody signed in has none", c->name);
}

static void test_settings(struct coachtest *c, int64_t ann, int64_t bob)
{
    struct notice_settings s = {0}, wrong;
    coachtest_as(c, ann);
    coachtest_must(c, coachtest_read(c, notices_settings(&c->coach, ann, &s)), "settings");
    tap_ok(s.mail == NOTICE_MAIL_DAILY && s.invites && s.quiet_from == 1080 &&
               s.quiet_until == 420 && s.quiet_weekend,
           "%s: a quiet beginning", c->name);
    s = (struct notice_settings){NOTICE_MAIL_WEEKLY, false, 60, 120, false};
    coachtest_do(c, notices_settings_save(&c->coach, ann, &s, &c->complaints));
    s = (struct notice_settings){0};
    coachtest_must(c, coachtest_read(c, notices_settings(&c->coach, ann, &s)), "settings");
    tap_ok(s.mail == NOTICE_MAIL_WEEKLY && !s.invites && s.quiet_from == 60 &&
               s.quiet_until == 120 && !s.quiet_weekend,
           "%s: what was chosen is kept", c->name);
    wrong = (struct notice_settings){.quiet_from = -1, .quiet_until = 1440};
    tap_ok(coachtest_write(c, notices_settings_save(&c->coach, ann, &wrong, &c->complaints)) ==
                   ERR_INVALID &&
               c->complaints.n == 2,
           "%s: times are times of a day", c->name);
    coachtest_as(c, bob);
    tap_ok(coachtest_read(c, notices_settings(&c->coach, ann, &s)) == ERR_FORBIDDEN &&
               coachtest_write(c, notices_settings_save(&c->coach, ann, &s, &c->complaints)) ==
                   ERR_FORBIDDEN,
           "%s: nobody changes another's", c->name);
}

static void test_clean(struct coachtest *c)
{
    int64_t n = -1;
    coachtest_as_system(c);
    coachtest_do(c, notices_clean(&c->coach, 100, &n));
    tap_ok(n == 0, "%s: young notices stay", c->name);
    c->coach.now_ms += (NOTICES_KEEP_DAYS + 1) * COACH_DAY_MS;
    coachtest_do(c, notices_clean(&c->coach, 2, &n));
    tap_ok(n == 2 && coachtest_number(c, "SELECT count(*) FROM notice") > 0,
           "%s: old ones go, some at a time", c->name);
    coachtest_do(c, notices_clean(&c->coach, 100, &n));
    tap_ok(coachtest_number(c, "SELECT count(*) FROM notice") == 0, "%s: all of them", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    int64_t ann = coachtest_person(&c, "Ann", "Abel"), bob = coachtest_person(&c, "Bob", "Bell"),
            cay = coachtest_person(&c, "Cay", "Cole");
    test_kinds(&c);
    test_life(&c, ann, bob);
    test_all(&c, ann, bob);
    test_left(&c, cay);
    test_settings(&c, ann, bob);
    test_clean(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
