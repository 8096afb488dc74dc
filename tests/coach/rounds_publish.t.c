/* Publishing in parts: stopped or dead in between at any place, it goes on, and nobody is asked
 * twice; others write meanwhile; a small round is asked in the request. */
#include "rounds_test.h"

#include "coach/notices.h"

#define PART 3 /* pairs of one transaction */

struct watch {
    struct coachtest *c;
    struct coach other; /* with a connection of its own */
    int turns;          /* before it has to stop */
    int written, failed;
};

static int64_t partnerships(struct coachtest *c, int64_t round)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM partnership WHERE round_id = %lld",
             (long long)round);
    return coachtest_number(c, sql);
}

/* Those who were asked more or less than once, by partnership and by notice. */
static int64_t asked_wrongly(struct coachtest *c, int64_t round)
{
    char sql[1000];
    snprintf(
        sql, sizeof sql,
        "SELECT count(*) FROM (SELECT m.person_id, (SELECT count(DISTINCT o.pair) FROM "
        "proposal o WHERE o.round_id = m.round_id AND m.person_id IN (o.learner_id, "
        "o.helper_id)) AS pairs, (SELECT count(*) FROM partnership x JOIN partnership_member y "
        "ON y.partnership_id = x.id WHERE x.round_id = m.round_id AND y.person_id = "
        "m.person_id) AS asked, (SELECT count(*) FROM notice n JOIN partnership x ON x.id = "
        "n.partnership_id AND x.round_id = m.round_id WHERE n.person_id = m.person_id) AS "
        "told FROM round_person m WHERE m.round_id = %lld) t WHERE t.asked <> t.pairs OR "
        "t.told <> t.pairs",
        (long long)round);
    return coachtest_number(c, sql);
}

/* Asked before each transaction: nothing is open then, so another may write at once. */
static bool look(void *ctx)
{
    struct watch *w = ctx;
    enum err err = coach_begin(&w->other, COACH_WRITE);
    err = err ? err : sql_run(&w->other, SQL_RATE_CLEAN, SQL_ARGS(sql_int(1), sql_int(10)), NULL);
    err = err ? err : coach_commit(&w->other);
    if (err) {
        coach_rollback(&w->other);
    }
    w->written += err == ERR_OK;
    w->failed += err != ERR_OK;
    return --w->turns < 0;
}

static enum err work(struct watch *w, int64_t id, int turns)
{
    struct coachtest *c = w->c;
    struct actor actor = c->coach.actor;
    coachtest_as_system(c);
    w->turns = turns;
    enum err err = rounds_publish_work(&c->coach, id, PART, look, w);
    c->coach.actor = actor;
    return err;
}

/* A transaction that dies: the row of the round and the partnerships go back together. */
static bool dies(struct coachtest *c, int64_t id)
{
    int64_t before = partnerships(c, id), n;
    int32_t dealt = rounds_now(c, id).n_dealt;
    coachtest_begin(c, COACH_WRITE);
    enum err err = rounds_publish(&c->coach, id, 1, &n);
    coach_rollback(&c->coach);
    return err == ERR_CONFLICT && partnerships(c, id) == before &&
           rounds_now(c, id).n_dealt == dealt;
}

static bool is_refused(struct coachtest *c, int64_t programme, int64_t id)
{
    int64_t n;
    return coachtest_write(c, rounds_discard(&c->coach, id)) == ERR_CONFLICT &&
           coachtest_write(c, rounds_again(&c->coach, id)) == ERR_CONFLICT &&
           coachtest_write(c, rounds_lock(&c->coach, id, 1, true)) == ERR_CONFLICT &&
           coachtest_write(c, rounds_part(&c->coach, id, 1)) == ERR_CONFLICT &&
           coachtest_write(c, rounds_publish(&c->coach, id, PART, &n)) == ERR_CONFLICT &&
           coachtest_write(c, rounds_start(&c->coach, programme, &n)) == ERR_CONFLICT &&
           coachtest_write(c, programmes_close(&c->coach, programme)) == ERR_CONFLICT;
}

static void test_parts(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    struct watch w = {.c = c};
    struct db *db = coachtest_connect(c);
    coach_init(&w.other, db, c->coach.arena, c->coach.now_ms);
    coach_act_as_system(&w.other);
    int64_t programme, id = rounds_first(r, &programme), n = 0, wrong = 0, stops = 0;
    int32_t pairs = rounds_now(c, id).n_pairs, dealt = 0;
    coachtest_do(c, rounds_publish(&c->coach, id, PART, &n));
    tap_ok(n == ROUNDS_LATER && rounds_now(c, id).state == ROUNDS_PUBLISHING &&
               partnerships(c, id) == 0 &&
               coachtest_number(c, "SELECT count(*) FROM job WHERE kind = 'publish'") == 1,
           "%s: a large round is published in the background", c->name);
    tap_ok(is_refused(c, programme, id) && dies(c, id),
           "%s: nothing can be done to it meanwhile, nor published twice", c->name);
    while (rounds_now(c, id).state == ROUNDS_PUBLISHING && stops < 100) {
        enum err err = work(&w, id, 1 + (int)(stops++ % 2));
        struct rounds_round now = rounds_now(c, id);
        bool done = now.state == ROUNDS_PUBLISHED;
        wrong += err != (done ? ERR_OK : ERR_LIMIT);
        wrong += !done && (now.n_dealt <= dealt || now.n_dealt % PART != 0);
        wrong += !done && partnerships(c, id) != now.n_dealt;
        dealt = now.n_dealt;
    }
    tap_ok(wrong == 0 && stops > 2 && dealt == pairs && partnerships(c, id) == pairs &&
               rounds_now(c, id).published_ms > 0,
           "%s: stopped %d times, it goes on where it was (%d of %d pairs)", c->name, (int)stops,
           (int)dealt, (int)pairs);
    tap_ok(asked_wrongly(c, id) == 0, "%s: each person is asked once, and told once", c->name);
    tap_ok(w.failed == 0 && w.written > (int)stops,
           "%s: others write between its transactions (%d times)", c->name, w.written);
    enum err err = work(&w, id, 100);
    tap_ok(err == ERR_OK && partnerships(c, id) == pairs && asked_wrongly(c, id) == 0,
           "%s: the job done once more changes nothing", c->name);
    coach_disconnect(db);
}

/* Somebody leaves, and somebody becomes the other's evaluator, between two parts. */
static void test_meanwhile(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    struct watch w = {.c = c};
    struct db *db = coachtest_connect(c);
    coachtest_script(c,
                     "UPDATE partnership SET state = 'ended', ending = 'finished', ended_ms = 1");
    coach_init(&w.other, db, c->coach.arena, c->coach.now_ms);
    coach_act_as_system(&w.other);
    int64_t programme, id = rounds_first(r, &programme), n = 0;
    int32_t pairs = rounds_now(c, id).n_pairs;
    coachtest_do(c, rounds_publish(&c->coach, id, PART, &n));
    (void)work(&w, id, 1);
    rounds_sql(c,
               "UPDATE programme_person SET state = 'out' WHERE programme_id = %lld AND person_id "
               "IN (SELECT learner_id FROM proposal WHERE round_id = %lld AND pair = %d)",
               (long long)programme, (long long)id, PART + 1);
    rounds_sql(c,
               "INSERT INTO evaluator (person_id, evaluator_id, created_ms) SELECT learner_id, "
               "helper_id, 1 FROM proposal WHERE round_id = %lld AND pair = %d LIMIT 1",
               (long long)id, PART + 2);
    enum err err = work(&w, id, 100);
    tap_ok(err == ERR_OK && rounds_now(c, id).state == ROUNDS_PUBLISHED &&
               rounds_now(c, id).n_dealt == pairs && partnerships(c, id) == pairs - 2,
           "%s: who has left meanwhile, or evaluates the other, is not asked", c->name);
    coach_disconnect(db);
}

static void test_small(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    coachtest_script(c,
                     "UPDATE partnership SET state = 'ended', ending = 'finished', ended_ms = 1");
    int64_t programme, id = rounds_first(r, &programme), n = 0;
    int32_t pairs = rounds_now(c, id).n_pairs;
    coachtest_do(c, rounds_publish(&c->coach, id, pairs, &n));
    tap_ok(n > 0 && n == partnerships(c, id) && rounds_now(c, id).state == ROUNDS_PUBLISHED &&
               rounds_now(c, id).n_dealt == pairs,
           "%s: a small one within the request", c->name);
}

static void suite(const struct dbtest *t)
{
    rounds_suite(t, (rounds_test_fn *const[]){test_parts, test_meanwhile, test_small, NULL});
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
