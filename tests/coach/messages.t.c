/* Messages inside a partnership, and private calendar feeds: who reads, what is new, taking back;
 * secrets that open only what they should. */
#include "coach/messages.h"
#include "coach/feeds.h"
#include "coach/meetings.h"
#include "coach/meetings_calendar.h"
#include "coach/notices.h"
#include "partners_test.h"

#define S(text) ((struct str){(text), sizeof(text) - 1})

static int64_t write_one(struct school *s, enum who who, int64_t partnership, const char *words)
{
    int64_t id = 0;
    as(s, who);
    coachtest_do(&s->c,
                 messages_send(&s->c.coach, partnership, str_of(words), &s->c.complaints, &id));
    return id;
}

static struct message_list list(struct school *s, enum who who, int64_t partnership, int64_t before)
{
    struct message_list list = {0};
    as(s, who);
    coachtest_must(&s->c,
                   coachtest_read(&s->c, messages_list(&s->c.coach, partnership, before, &list)),
                   "list");
    return list;
}

static int64_t fresh(struct school *s, enum who who, int64_t partnership)
{
    int64_t n = -1;
    as(s, who);
    coachtest_must(&s->c, coachtest_read(&s->c, messages_count_new(&s->c.coach, partnership, &n)),
                   "count");
    return n;
}

static int64_t notices(struct school *s, enum who who)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM notice WHERE person_id = %lld AND kind = 'message' AND done_ms "
             "IS NULL",
             (long long)s->people[who]);
    return coachtest_number(&s->c, sql);
}

static void test_talk(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    int64_t one = write_one(s, ANN, partnership, "  Shall we?\n\nOn Tuesday.  ");
    write_one(s, BOB, partnership, "Yes");
    int64_t three = write_one(s, BOB, partnership, "At nine");
    struct message_list l = list(s, ANN, partnership, 0);
    tap_ok(l.n == 3 && str_is(l.items[0].words, "Shall we?\n\nOn Tuesday.") && l.items[0].mine &&
               !l.items[0].fresh && l.items[1].fresh && str_is(l.items[2].name, "Bob Person") &&
               l.open && l.before_id == 0,
           "%s: in order, with who, and what is new", c->name);
    tap_ok(fresh(s, ANN, partnership) == 2 && fresh(s, BOB, partnership) == 1 &&
               notices(s, ANN) == 1,
           "%s: two new messages, one notice", c->name);
    as(s, ANN);
    coachtest_do(c, messages_seen(&c->coach, partnership, three));
    as(s, ANN);
    coachtest_do(c, messages_seen(&c->coach, partnership, one));
    tap_ok(fresh(s, ANN, partnership) == 0 && notices(s, ANN) == 0 &&
               !list(s, ANN, partnership, 0).items[2].fresh,
           "%s: read, and not unread by an older page", c->name);
    int64_t of = 0;
    as(s, ANN);
    tap_ok(coachtest_write(c, messages_retract(&c->coach, three, &of)) == ERR_FORBIDDEN,
           "%s: nobody takes another's back", c->name);
    as(s, BOB);
    coachtest_do(c, messages_retract(&c->coach, three, &of));
    l = list(s, ANN, partnership, 0);
    tap_ok(of == partnership && l.items[2].retracted && l.items[2].words.n == 0 &&
               coachtest_number(c, "SELECT count(*) FROM message WHERE words LIKE '%nine%'") == 0,
           "%s: one's own is deleted; that there was one stays", c->name);
}

static void test_pages(struct school *s, int64_t partnership)
{
    for (int i = 0; i < MESSAGES_PAGE + 20; i++) {
        write_one(s, i % 2 ? ANN : BOB, partnership, i == 0 ? "first" : "more");
    }
    struct message_list l = list(s, ANN, partnership, 0);
    struct message_list older = list(s, ANN, partnership, l.before_id);
    tap_ok(l.n == MESSAGES_PAGE && l.before_id && older.n == 23 && older.before_id == 0 &&
               older.items[older.n - 1].id + 1 == l.items[0].id,
           "%s: pages of %d that fit together", s->c.name, MESSAGES_PAGE);
}

static void test_who(struct school *s, int64_t partnership, int64_t id)
{
    struct coachtest *c = &s->c;
    static const enum who strangers[] = {CAT, EVE, COORDINATOR, ADMIN};
    struct message_list l;
    int64_t n, made;
    int wrong = 0;
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        struct coach *coach = as(s, strangers[i]);
        wrong += coachtest_read(c, messages_list(coach, partnership, 0, &l)) != ERR_FORBIDDEN;
        wrong += coachtest_read(c, messages_count_new(coach, partnership, &n)) != ERR_FORBIDDEN;
        wrong += coachtest_write(c, messages_seen(coach, partnership, id)) != ERR_FORBIDDEN;
        wrong += coachtest_write(c, messages_retract(coach, id, &n)) != ERR_FORBIDDEN;
        wrong += coachtest_write(c, messages_send(coach, partnership, S("x"), &c->complaints,
                                                  &made)) != ERR_FORBIDDEN;
    }
    tap_ok(wrong == 0, "%s: nobody but the members reads or writes", c->name);
    char longer[MESSAGES_WORDS + 2];
    memset(longer, 'x', sizeof longer);
    as(s, ANN);
    tap_ok(coachtest_write(c, messages_send(&c->coach, partnership, S("  \n "), &c->complaints,
                                            &made)) == ERR_INVALID &&
               coachtest_write(c, messages_send(&c->coach, partnership,
                                                (struct str){longer, MESSAGES_WORDS + 1},
                                                &c->complaints, &made)) == ERR_INVALID &&
               coachtest_write(c, messages_send(&c->coach, partnership,
                                                (struct str){longer, MESSAGES_WORDS},
                                                &c->complaints, &made)) == ERR_OK,
           "%s: something, and not a book", c->name);
}

static void test_end(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    int64_t made;
    as(s, ANN);
    coachtest_do(c, partnerships_end(&c->coach, partnership, PARTNERSHIP_STOPPED));
    as(s, ANN);
    tap_ok(coachtest_write(c, messages_send(&c->coach, partnership, S("x"), &c->complaints,
                                            &made)) == ERR_CONFLICT &&
               !list(s, BOB, partnership, 0).open && list(s, BOB, partnership, 0).n > 10,
           "%s: after the end it is read, not written", c->name);
}

/* ---- feeds ---- */

static enum err open_feed(struct school *s, const char *secret, struct str *text)
{
    struct coachtest *c = &s->c;
    struct meeting_list list = {0};
    coachtest_as(c, 0);
    enum err err = coachtest_read(c, feeds_open(&c->coach, str_of(secret), &list));
    return err ? err
               : meetings_feed(c->coach.arena, catalog_english(), &list,
                               str_of("https://duet.example.org"), text);
}

static void settle(struct school *s, int64_t partnership, int64_t at, const char *subject)
{
    struct meeting_new made = {.partnership_id = partnership,
                               .times = {at},
                               .n_times = 1,
                               .minutes = 30,
                               .subject = str_of(subject)};
    int64_t id = 0;
    as(s, ANN);
    coachtest_do(&s->c, meetings_propose(&s->c.coach, &made, &s->c.complaints, &id));
    as(s, BOB);
    coachtest_do(&s->c, meetings_confirm(&s->c.coach, id, at));
}

static void test_feed(struct school *s, int64_t partnership)
{
    struct coachtest *c = &s->c;
    char ann[FEEDS_TEXT] = "", bob[FEEDS_TEXT] = "", second[FEEDS_TEXT] = "";
    struct str text = {"", 0};
    int64_t since = -1;
    settle(s, partnership, c->coach.now_ms + COACH_DAY_MS, "Plan, together");
    as(s, ANN);
    coachtest_must(c, coachtest_read(c, feeds_since(&c->coach, &since)), "since");
    tap_ok(since == 0, "%s: there is no feed at first", c->name);
    coachtest_do(c, feeds_renew(&c->coach, ann));
    as(s, CAT);
    coachtest_do(c, feeds_renew(&c->coach, bob));
    tap_ok(open_feed(s, ann, &text) == ERR_OK && strstr(text.p, "SUMMARY:Plan\\, together") &&
               strstr(text.p, "DESCRIPTION:Meeting with Bob Person") &&
               strstr(text.p, "URL:https://duet.example.org/meetings/") &&
               !strstr(text.p, "ATTENDEE"),
           "%s: a feed has one's meetings, and no addresses", c->name);
    tap_ok(open_feed(s, bob, &text) == ERR_OK && !strstr(text.p, "VEVENT"),
           "%s: somebody else's has none of them", c->name);
    tap_ok(coachtest_number(
               c, "SELECT count(*) FROM calendar_feed WHERE length(secret_hash) = 32") == 2,
           "%s: the database has hashes", c->name);
    ann[5] = ann[5] == 'A' ? 'B' : 'A';
    tap_ok(open_feed(s, ann, &text) == ERR_NOT_FOUND && open_feed(s, "", &text) == ERR_NOT_FOUND,
           "%s: another secret opens nothing", c->name);
    as(s, ANN);
    coachtest_do(c, feeds_renew(&c->coach, ann));
    as(s, ANN);
    coachtest_do(c, feeds_renew(&c->coach, second));
    tap_ok(open_feed(s, ann, &text) == ERR_NOT_FOUND && open_feed(s, second, &text) == ERR_OK,
           "%s: a new secret ends the old one", c->name);
    as(s, ANN);
    coachtest_do(c, feeds_revoke(&c->coach));
    as(s, ANN);
    coachtest_do(c, feeds_revoke(&c->coach));
    tap_ok(open_feed(s, second, &text) == ERR_NOT_FOUND, "%s: and it can be ended", c->name);
    as(s, ANN);
    coachtest_do(c, feeds_renew(&c->coach, ann));
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, s->people[ANN]));
    tap_ok(open_feed(s, ann, &text) == ERR_NOT_FOUND, "%s: whoever has left has none", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_write(c, feeds_renew(&c->coach, ann)) == ERR_FORBIDDEN &&
               coachtest_write(c, feeds_revoke(&c->coach)) == ERR_FORBIDDEN,
           "%s: nobody signed in has none", c->name);
}

static void suite(const struct dbtest *t)
{
    struct school s = {0};
    school_make(&s, t);
    int64_t partnership = school_active(&s);
    test_talk(&s, partnership);
    test_pages(&s, partnership);
    test_who(&s, partnership, write_one(&s, ANN, partnership, "hers"));
    test_end(&s, partnership);
    test_feed(&s, school_active(&s));
    coachtest_close(&s.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
