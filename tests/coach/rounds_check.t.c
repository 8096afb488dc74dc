/* Holding stored rounds against the database again: what holds, what was tampered with, and what
 * can no longer be said. */
#include "rounds_test.h"

#include <string.h>

static struct rounds_check checked(struct coachtest *c, int64_t id)
{
    struct actor actor = c->coach.actor;
    struct rounds_check check;
    coachtest_as_system(c);
    coachtest_must(c, rounds_check(&c->coach, id, NULL, NULL, &check), "check");
    c->coach.actor = actor;
    return check;
}

static bool holds(struct coachtest *c, int64_t id)
{
    struct rounds_check check = checked(c, id);
    return check.what == ROUNDS_HOLDS && strstr(check.proved, "under these rules");
}

/* Changes a digit in the middle of the certificate, somewhere behind its inputs. */
static void tamper(struct coachtest *c, int64_t id, bool inputs)
{
    struct str text;
    coachtest_as_system(c);
    coachtest_do(c, rounds_certificate(&c->coach, id, &text));
    const char *from = strstr(text.p, "inputs ");
    size_t at = (size_t)(from - text.p) + (inputs ? 10 : 90);
    while (text.p[at] < '0' || text.p[at] > '9') {
        at++;
    }
    rounds_sql(c,
               "UPDATE round SET certificate = substr(certificate, 1, %d) || '%c' || "
               "substr(certificate, %d) WHERE id = %lld",
               (int)at, text.p[at] == '9' ? '8' : text.p[at] + 1, (int)at + 2, (long long)id);
}

static int64_t fresh(struct rounds_world *r, int64_t *programme)
{
    struct coachtest *c = &r->w.c;
    coachtest_script(c,
                     "UPDATE partnership SET state = 'ended', ending = 'finished', ended_ms = 1");
    coachtest_as(c, r->w.people[COORD]);
    return rounds_first(r, programme);
}

static void test_holds(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    int64_t programme, id = fresh(r, &programme), n;
    tap_ok(holds(c, id), "%s: a ready round holds", c->name);
    coachtest_do(c, rounds_lock(&c->coach, id, 3, true));
    coachtest_do(c, rounds_lock(&c->coach, id, 1, true));
    tap_ok(holds(c, id), "%s: also when something was locked since", c->name);
    coachtest_do(c, rounds_again(&c->coach, id));
    tap_ok(checked(c, id).what == ROUNDS_NOT_READY, "%s: not while it is worked out", c->name);
    rounds_do(c, id, false);
    tap_ok(holds(c, id), "%s: and around what was locked", c->name);
    coachtest_do(c, rounds_lock(&c->coach, id, 1, false));
    tap_ok(holds(c, id), "%s: which may be unlocked again", c->name);
    coachtest_do(c, rounds_publish(&c->coach, id, 2, &n));
    tap_ok(holds(c, id), "%s: while it is published", c->name);
    coachtest_as_system(c);
    coachtest_must(c, rounds_publish_work(&c->coach, id, 7, NULL, NULL), "publish");
    tap_ok(holds(c, id), "%s: and afterwards, its own partnerships aside", c->name);
}

static void test_not(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    int64_t programme, id = fresh(r, &programme);
    long long person = (long long)r->w.people[7];
    rounds_sql(c, "UPDATE proposal SET gain = gain + 1 WHERE round_id = %lld AND pair = 2",
               (long long)id);
    struct rounds_check check = checked(c, id);
    tap_ok(check.what == ROUNDS_WRONG && check.pair == 2, "%s: a gain that is wrong is found",
           c->name);
    rounds_sql(c, "UPDATE proposal SET gain = gain - 1 WHERE round_id = %lld AND pair = 2",
               (long long)id);
    rounds_sql(c, "UPDATE proposal SET learner_id = %lld WHERE round_id = %lld AND pair = 2",
               person, (long long)id);
    tap_ok(checked(c, id).what == ROUNDS_WRONG, "%s: somebody else in a pair too", c->name);
    id = fresh(r, &programme);
    tamper(c, id, false);
    check = checked(c, id);
    tap_ok(check.what == ROUNDS_WRONG && check.pair == 0,
           "%s: a certificate that was tampered with is refused", c->name);
    id = fresh(r, &programme);
    tamper(c, id, true);
    tap_ok(checked(c, id).what != ROUNDS_HOLDS, "%s: one of other inputs too", c->name);
    rounds_sql(c, "UPDATE round SET certificate = 'nonsense' WHERE id = %lld", (long long)id);
    tap_ok(checked(c, id).what == ROUNDS_WRONG, "%s: and one that is none", c->name);
}

static void test_changed(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    int64_t programme, id = fresh(r, &programme);
    rounds_sql(c, "UPDATE zone SET alone = alone + 0.3 WHERE person_id = %lld",
               (long long)r->w.people[9]);
    bool evidence = checked(c, id).what == ROUNDS_CHANGED;
    rounds_sql(c, "UPDATE zone SET alone = alone - 0.3 WHERE person_id = %lld",
               (long long)r->w.people[9]);
    id = fresh(r, &programme);
    rounds_sql(c, "DELETE FROM need WHERE person_id = %lld", (long long)r->w.people[9]);
    bool wishes = checked(c, id).what == ROUNDS_CHANGED;
    id = fresh(r, &programme);
    rounds_sql(
        c,
        "UPDATE programme_person SET state = 'out' WHERE programme_id = %lld AND person_id = "
        "%lld",
        (long long)programme, (long long)r->w.people[11]);
    bool people = checked(c, id).what == ROUNDS_CHANGED;
    tap_ok(evidence && wishes && people, "%s: what has changed since is told apart (%d %d %d)",
           c->name, evidence, wishes, people);
    id = fresh(r, &programme);
    coachtest_do(c, rounds_part(&c->coach, id, 1));
    tap_ok(checked(c, id).what == ROUNDS_BY_HAND, "%s: changes by hand too", c->name);
    rounds_sql(c, "UPDATE round SET certificate = '', n_changed = 0 WHERE id = %lld",
               (long long)id);
    tap_ok(checked(c, id).what == ROUNDS_UNCERTIFIED, "%s: and no certificate", c->name);
    struct rounds_check check;
    coachtest_as(c, r->w.people[7]);
    tap_ok(rounds_check(&c->coach, id, NULL, NULL, &check) == ERR_FORBIDDEN,
           "%s: for who arranges it", c->name);
}

/* Rounds from before it was kept what was locked: what holds, holds; nothing else can be said. */
static void test_earlier(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    int64_t programme, id = fresh(r, &programme);
    coachtest_do(c, rounds_lock(&c->coach, id, 1, true));
    coachtest_do(c, rounds_again(&c->coach, id));
    rounds_do(c, id, false);
    rounds_sql(c, "UPDATE round SET locks_kept = 0 WHERE id = %lld", (long long)id);
    tap_ok(holds(c, id), "%s: of an earlier version, with its locks by luck: it holds", c->name);
    rounds_sql(c, "UPDATE proposal SET was_locked = 0 WHERE round_id = %lld", (long long)id);
    tap_ok(checked(c, id).what == ROUNDS_EARLIER,
           "%s: without them it is not said that something has changed", c->name);
    rounds_sql(c, "UPDATE round SET locks_kept = 1 WHERE id = %lld", (long long)id);
    tap_ok(checked(c, id).what == ROUNDS_CHANGED, "%s: of this version it is", c->name);
    rounds_sql(c, "UPDATE round SET locks_kept = 0 WHERE id = %lld", (long long)id);
    coachtest_do(c, rounds_again(&c->coach, id));
    rounds_do(c, id, false);
    tap_ok(rounds_now(c, id).locks_kept && holds(c, id),
           "%s: worked out again it is like any other", c->name);
}

static void suite(const struct dbtest *t)
{
    rounds_suite(t,
                 (rounds_test_fn *const[]){test_holds, test_not, test_earlier, test_changed, NULL});
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
