/* Notices by mail: weeks are played in which things happen at random, and no mail comes at a time
 * or as often as it should not; who gets one; the link that ends them. */
#include "coach/notices_mail.h"
#include "base/clock.h"
#include "base/rng.h"
#include "coach/mail.h"
#include "coach/queue.h"
#include "coach/settings.h"
#include "coachtest.h"

#define STEP (5 * COACH_MINUTE_MS) /* as often as the job comes */

/* ---- when, without a database ---- */

struct played {
    int n_mails, n_notices;
    int quiet, often, late; /* what must not be */
};

static bool weekend(int32_t day)
{
    return (day + 3) % 7 >= 5;
}

static bool quiet_at(const struct notice_settings *s, int32_t day, int32_t minute)
{
    bool night = false;
    for (int32_t m = s->quiet_from; m != s->quiet_until; m = (m + 1) % 1440) {
        night |= m == minute;
    }
    return night || (s->quiet_weekend && weekend(day));
}

/* Eight weeks from a Wednesday in March: the clocks go forward in them. */
static struct played play(const struct notice_settings *s, const struct clock_zone *zone,
                          struct rng *rng)
{
    struct played p = {0};
    int64_t oldest = 0, start = INT64_C(1772582400000); /* 2026-03-04 */
    int32_t last_day = -1000;
    /* The longest one may have to wait for a mail: the night, a weekend, the rest of the week. */
    int64_t most = s->mail == NOTICE_MAIL_WEEKLY ? 8 * COACH_DAY_MS
                   : s->mail == NOTICE_MAIL_NOW  ? COACH_DAY_MS
                                                 : 2 * COACH_DAY_MS;
    most += s->quiet_weekend ? 2 * COACH_DAY_MS : 0;
    for (int64_t now = start; now < start + 56 * COACH_DAY_MS; now += STEP) {
        int32_t day, minute;
        clock_read(zone, now, &day, &minute);
        if (rng_below(rng, 150) == 0) {
            p.n_notices++;
            oldest = oldest ? oldest : now;
        }
        p.late += oldest && now - oldest > most;
        if (!oldest || !notices_is_due(s, zone, now, oldest)) {
            continue;
        }
        p.n_mails++;
        p.quiet += quiet_at(s, day, minute);
        p.often += s->mail == NOTICE_MAIL_DAILY && day == last_day;
        p.often += s->mail == NOTICE_MAIL_WEEKLY && (day + 3) / 7 == (last_day + 3) / 7;
        last_day = day;
        oldest = 0;
    }
    return p;
}

static void test_when(void)
{
    static const char *const zones[] = {"Europe/Madrid", "America/New_York", "Asia/Kolkata"};
    struct arena *arena = arena_new(0);
    struct rng rng = rng_seed(12);
    struct played all = {0};
    int silent = 0;
    for (int i = 0; i < 60; i++) {
        struct clock_zone *zone = NULL;
        struct notice_settings s = {
            .mail = (enum notice_mail)(i % 3),
            .quiet_from = (int32_t)rng_below(&rng, 1440),
            .quiet_until = (int32_t)rng_below(&rng, 1440),
            .quiet_weekend = rng_below(&rng, 2) == 0,
        };
        if (i % 10 == 0) {
            s.quiet_until = s.quiet_from;
        } else if (i % 2) {
            s.quiet_from = 18 * 60;
            s.quiet_until = 7 * 60;
        }
        if (clock_open(arena, str_of(zones[i % 3]), &zone)) {
            zone = NULL; /* no zone files: UTC serves as well */
        }
        struct played p = play(&s, zone, &rng);
        silent += p.n_mails == 0;
        all.n_mails += p.n_mails;
        all.n_notices += p.n_notices;
        all.quiet += p.quiet;
        all.often += p.often;
        all.late += p.late;
    }
    tap_ok(all.quiet == 0, "no mail comes in quiet hours (of %d)", all.n_mails);
    tap_ok(all.often == 0, "collected mail comes once a day, or once a week");
    tap_ok(all.late == 0 && silent == 0, "nothing waits longer than it must (of %d notices)",
           all.n_notices);
    struct notice_settings never = {.mail = NOTICE_MAIL_NEVER};
    tap_ok(!notices_is_due(&never, NULL, 40 * COACH_DAY_MS, 0), "never is never");
    arena_free(arena);
}

/* ---- to whom ---- */

static int64_t queued(struct coachtest *c)
{
    int64_t after = 0, n = 0, all = 0;
    coachtest_as_system(c);
    do {
        coachtest_do(c, notices_queue(&c->coach, &after, &n));
        all += n;
    } while (after);
    return all;
}

static void add(struct coachtest *c, int64_t person, enum notice_kind kind, int64_t partnership)
{
    coachtest_as_system(c);
    coachtest_do(c, notices_add(&c->coach, person, kind, partnership, 0));
}

static void set_mail(struct coachtest *c, int64_t person, enum notice_mail mail)
{
    struct notice_settings s = {.mail = mail, .invites = true};
    coachtest_as(c, person);
    coachtest_do(c, notices_settings_save(&c->coach, person, &s, &c->complaints));
}

static size_t in_mail(struct coachtest *c, int64_t person)
{
    struct notice_list list = {0};
    coachtest_as_system(c);
    coachtest_must(c, coachtest_read(c, notices_of_mail(&c->coach, person, c->coach.now_ms, &list)),
                   "mail");
    return list.n;
}

static void test_who(struct coachtest *c, int64_t ann, int64_t bob, int64_t cay)
{
    struct job_list jobs = {0};
    struct mail mail = {0};
    set_mail(c, ann, NOTICE_MAIL_NOW);
    set_mail(c, bob, NOTICE_MAIL_NOW);
    set_mail(c, cay, NOTICE_MAIL_NEVER);
    add(c, ann, NOTICE_PROPOSED, 1);
    add(c, ann, NOTICE_MESSAGE, 2);
    add(c, bob, NOTICE_PROPOSED, 1);
    add(c, cay, NOTICE_PROPOSED, 1);
    tap_ok(queued(c) == 0 && coachtest_number(c, "SELECT count(mailed_ms) FROM notice") == 0,
           "%s: without a mail server nothing is queued, and nothing counts as mailed", c->name);
    coachtest_do(
        c, settings_set(&c->coach, SETTING_SMTP_URL, str_of("smtp://127.0.0.1:1"), &c->complaints));
    coachtest_as(c, bob);
    coachtest_do(c, notices_seen(&c->coach, c->coach.now_ms));
    tap_ok(queued(c) == 1, "%s: only to those who have not seen it, and who want mail", c->name);
    coachtest_must(c, coachtest_read(c, queue_list(&c->coach, QUEUE_READY, &jobs)), "jobs");
    tap_ok(jobs.n == 1 && mail_read(jobs.items[0].payload, &mail) == ERR_OK &&
               mail.kind == MAIL_DIGEST && mail.person_id == ann && mail.object == c->coach.now_ms,
           "%s: one mail, of ids", c->name);
    tap_ok(in_mail(c, ann) == 2, "%s: with both things", c->name);
    tap_ok(queued(c) == 0, "%s: once", c->name);
    coachtest_as(c, ann);
    coachtest_do(c, notices_done(&c->coach, 0, NOTICE_PROPOSED, 1, 0));
    tap_ok(in_mail(c, ann) == 1, "%s: what was done before it is sent is left out", c->name);
    add(c, ann, NOTICE_SIGN, 3);
    coachtest_as_system(c);
    coachtest_do(c, notices_mailed(&c->coach, ann, NOTICE_SIGN, 3, 0));
    tap_ok(queued(c) == 0, "%s: what another mail has told is not told again", c->name);
    coachtest_as(c, ann);
    int64_t after = 0, n;
    struct notice_list list;
    tap_ok(coachtest_write(c, notices_queue(&c->coach, &after, &n)) == ERR_FORBIDDEN &&
               coachtest_read(c, notices_of_mail(&c->coach, ann, 1, &list)) == ERR_FORBIDDEN,
           "%s: for the server only", c->name);
}

static void test_many(struct coachtest *c)
{
    coachtest_script(c, "DELETE FROM notice; DELETE FROM job");
    static char sql[200000];
    size_t n = 0;
    for (int i = 0; i < 450; i++) {
        n += (size_t)snprintf(sql + n, sizeof sql - n,
                              "INSERT INTO person (id, given_name, family_name, search, email, "
                              "email_key, created_ms, changed_ms) VALUES (%d, 'P', 'Q', 'p', "
                              "'q%d@x.org', 'q%d@x.org', 1, 1);"
                              "INSERT INTO notice (person_id, kind, created_ms) VALUES (%d, "
                              "'ended', 1);",
                              1000 + i, i, i, 1000 + i);
    }
    coachtest_script(c, sql);
    c->coach.now_ms += 12 * COACH_HOUR_MS; /* in the morning */
    tap_ok(queued(c) == 450, "%s: everybody, some hundreds in a transaction", c->name);
}

/* ---- leaving ---- */

static enum notice_mail mail_of(struct coachtest *c, int64_t person)
{
    struct notice_settings s = {0};
    coachtest_as(c, person);
    coachtest_must(c, coachtest_read(c, notices_settings(&c->coach, person, &s)), "settings");
    return s.mail;
}

static void test_leave(struct coachtest *c, int64_t ann, int64_t bob)
{
    char key[NOTICES_KEY_TEXT] = "", other[NOTICES_KEY_TEXT] = "";
    int64_t person = 0, wrong = 0;
    coachtest_as_system(c);
    coachtest_must(c, coachtest_read(c, notices_leave_key(&c->coach, ann, key)), "key");
    coachtest_must(c, coachtest_read(c, notices_leave_key(&c->coach, bob, other)), "key");
    coachtest_as(c, bob);
    tap_ok(coachtest_read(c, notices_leave_key(&c->coach, ann, other)) == ERR_FORBIDDEN,
           "%s: nobody makes a key for somebody else", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_read(c, notices_leave_check(&c->coach, str_of(key), &person)) == ERR_OK &&
               person == ann,
           "%s: a key names its person", c->name);
    for (size_t i = 0; i < strlen(key); i++) { /* each of its bits counts */
        char bad[NOTICES_KEY_TEXT];
        memcpy(bad, key, sizeof bad);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        wrong += coachtest_write(c, notices_leave(&c->coach, str_of(bad))) != ERR_NOT_FOUND;
    }
    wrong += coachtest_write(c, notices_leave(&c->coach, str_of(""))) != ERR_NOT_FOUND;
    tap_ok(wrong == 0 && mail_of(c, ann) == NOTICE_MAIL_NOW, "%s: a changed one does nothing",
           c->name);
    coachtest_as(c, 0);
    coachtest_do(c, notices_leave(&c->coach, str_of(key)));
    coachtest_do(c, notices_leave(&c->coach, str_of(key)));
    tap_ok(mail_of(c, ann) == NOTICE_MAIL_NEVER && mail_of(c, bob) == NOTICE_MAIL_NOW,
           "%s: one click ends the mails, of one person", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM audit WHERE object = 'notice' AND detail = "
                               "'never' AND actor_id IS NULL AND owner_id = 1") == 1,
           "%s: and the person sees that it happened", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    int64_t ann = coachtest_person(&c, "Ann", "Abel"), bob = coachtest_person(&c, "Bob", "Bell"),
            cay = coachtest_person(&c, "Cay", "Cole");
    test_who(&c, ann, bob, cay);
    test_leave(&c, ann, bob);
    test_many(&c);
    coachtest_close(&c);
}

int main(void)
{
    test_when();
    dbtest_both(suite);
    return tap_done();
}
