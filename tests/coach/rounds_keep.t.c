/* Partners who ended well go on together in the next programme, where one can still help the other
 * and the rules allow it; those who ended otherwise do not; and whoever closes a programme ends its
 * partnerships. */
#include "rounds_test.h"

static const struct programme plain = {.max_helps = 1, .max_learns = 1};

/* Two people as one number, whoever helps. */
static int64_t key(int64_t a, int64_t b)
{
    return a < b ? a * 100000 + b : b * 100000 + a;
}

static int64_t running(struct coachtest *c, int64_t programme)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM partnership WHERE programme_id = %lld AND state <> 'ended'",
             (long long)programme);
    return coachtest_number(c, sql);
}

/* How a pair came into a list: ROUND_ORIGIN__MAX: it is not there. */
static enum round_origin origin_of(const struct rounds_pairs *pairs, int64_t two)
{
    for (size_t k = 0; k < pairs->n; k++) {
        const struct rounds_row *row = &pairs->items[k].rows[0];
        if (key(row->learner_id, row->helper_id) == two) {
            return row->origin;
        }
    }
    return ROUND_ORIGIN__MAX;
}

static struct rounds_pairs next_list(struct rounds_world *r, bool keep, int64_t *programme)
{
    struct coachtest *c = &r->w.c;
    struct programme options = plain;
    options.keep_good = keep;
    *programme = rounds_programme(r, &options);
    int64_t round = rounds_made(c, *programme);
    struct rounds_round now = rounds_now(c, round);
    tap_ok(now.state == ROUNDS_READY && now.proved, "%s: %s, a round is worked out and proved",
           c->name, keep ? "keeping what was good" : "keeping nothing");
    return rounds_all(c, round, (struct str){"", 0});
}

/* Three pairs of the first programme: ended well, given up, and ended well with nothing left that
 * one can help with. */
struct past {
    int64_t good, given_up, spent;
};

static struct past end_first(struct rounds_world *r, int64_t programme)
{
    struct coachtest *c = &r->w.c;
    int64_t round = rounds_made(c, programme), n = 0, two[3];
    struct rounds_pairs pairs = rounds_all(c, round, (struct str){"", 0});
    coachtest_do(c, rounds_publish(&c->coach, round, ROUNDS_AT_ONCE, &n));
    tap_ok(n > 5 && running(c, programme) == n, "%s: %d partnerships begin", c->name, (int)n);
    int kept = 0;
    for (size_t k = 0; k < pairs.n && kept < 3; k++) {
        const struct rounds_row *row = &pairs.items[k].rows[0];
        if (!row->skill_id) {
            continue;
        }
        two[kept] = key(row->learner_id, row->helper_id);
        rounds_sql(
            c,
            "UPDATE partnership SET state = 'ended', ending = '%s', ended_ms = 5 WHERE id IN "
            "(SELECT partnership_id FROM focus WHERE learner_id = %lld AND helper_id = "
            "%lld)",
            kept == 1 ? "ended" : "finished", (long long)row->learner_id,
            (long long)row->helper_id);
        if (kept == 2) {
            rounds_sql(c, "DELETE FROM offer WHERE person_id IN (%lld, %lld)",
                       (long long)row->learner_id, (long long)row->helper_id);
        }
        kept++;
    }
    coachtest_do(c, programmes_close(&c->coach, programme));
    tap_ok(running(c, programme) == 0, "%s: none of them runs once the programme is closed",
           c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM partnership WHERE ending = 'closed'") == n - 3,
           "%s: and it is said why", c->name);
    return (struct past){two[0], two[1], two[2]};
}

static void suite(const struct dbtest *t)
{
    struct rounds_world r;
    struct coachtest *c = &r.w.c;
    int64_t second, third, fourth;
    rounds_world(&r, t);
    int64_t first = rounds_programme(&r, &plain);
    struct past past = end_first(&r, first);
    struct rounds_pairs list = next_list(&r, true, &second);
    tap_ok(origin_of(&list, past.good) == ROUND_KEPT, "%s: who ended well goes on", c->name);
    tap_ok(origin_of(&list, past.given_up) != ROUND_KEPT, "%s: who gave up does not", c->name);
    tap_ok(origin_of(&list, past.spent) != ROUND_KEPT,
           "%s: nor do those who cannot help each other any more", c->name);
    coachtest_do(c, programmes_close(&c->coach, second));
    list = next_list(&r, false, &third);
    tap_ok(origin_of(&list, past.good) != ROUND_KEPT, "%s: unless the programme keeps nothing",
           c->name);
    coachtest_do(c, programmes_close(&c->coach, third));
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, past.good / 100000, past.good % 100000));
    coachtest_as(c, r.w.people[COORD]);
    list = next_list(&r, true, &fourth);
    tap_ok(origin_of(&list, past.good) == ROUND_ORIGIN__MAX,
           "%s: an evaluator is nobody's partner, however good it was", c->name);
    coachtest_close(c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
