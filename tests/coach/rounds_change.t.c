/* Changing a round by hand: what a change is said to cost is what it costs; what is locked stays;
 * what is worked out again around it is at least as good; nobody touches whom they evaluate. */
#include "rounds_test.h"

/* Counts of the list itself, to hold against those that are kept. */
static bool counts_are_right(struct coachtest *c, int64_t id)
{
    char sql[700];
    struct rounds_round round = rounds_now(c, id);
    const struct {
        const char *what;
        int64_t kept;
    } checks[] = {
        {"count(DISTINCT learner_id)", round.n_served},
        {"count(DISTINCT CAST(learner_id AS TEXT) || ' ' || CAST(skill_id AS TEXT))",
         round.n_covered},
        {"coalesce(min(gain), 0)", round.smallest_gain},
    };
    bool right = true;
    for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
        snprintf(sql, sizeof sql,
                 "SELECT %s FROM proposal WHERE round_id = %lld AND gain > 0 AND reach >= 4000",
                 checks[k].what, (long long)id);
        right = right && coachtest_number(c, sql) == checks[k].kept;
    }
    snprintf(sql, sizeof sql, "SELECT count(DISTINCT pair) FROM proposal WHERE round_id = %lld",
             (long long)id);
    right = right && coachtest_number(c, sql) == round.n_pairs;
    snprintf(sql, sizeof sql,
             "SELECT CAST(sum(gain) AS BIGINT) FROM proposal WHERE round_id = %lld", (long long)id);
    right = right && coachtest_number(c, sql) == round.total_gain;
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM round_person m WHERE m.round_id = %lld AND ("
             "m.n_learns <> (SELECT count(*) FROM proposal o WHERE o.round_id = m.round_id AND "
             "o.learner_id = m.person_id AND o.gain > 0 AND o.reach >= 4000) OR "
             "(m.state = 'served') <> (m.n_learns > 0) OR (m.state = 'only-helps') <> "
             "(m.n_learns = 0 AND EXISTS (SELECT 1 FROM proposal o WHERE o.round_id = m.round_id "
             "AND m.person_id IN (o.learner_id, o.helper_id))))",
             (long long)id);
    return right && coachtest_number(c, sql) == 0;
}

static struct rounds_alternatives others(struct coachtest *c, int64_t id, int64_t person)
{
    struct rounds_alternatives list = {0};
    coachtest_must(c,
                   coachtest_read(c, rounds_alternatives_of(&c->coach, id, person,
                                                            (struct str){"", 0}, &list)),
                   "alternatives");
    return list;
}

/* The pair that two people are in together; NULL: none. */
static const struct rounds_pair *pair_of(const struct rounds_pairs *pairs, int64_t one,
                                         int64_t other)
{
    for (size_t k = 0; k < pairs->n; k++) {
        for (size_t j = 0; j < pairs->items[k].n_rows; j++) {
            const struct rounds_row *row = &pairs->items[k].rows[j];
            if ((row->learner_id == one && row->helper_id == other) ||
                (row->learner_id == other && row->helper_id == one)) {
                return &pairs->items[k];
            }
        }
    }
    return NULL;
}

/* Takes the best alternatives of many people, one after the other. */
static void test_moves(struct rounds_world *r, enum programme_strategy strategy, const char *what)
{
    struct coachtest *c = &r->w.c;
    const struct programme plain = {.strategy = strategy, .max_helps = 2, .max_learns = 1};
    int64_t programme = rounds_programme(r, &plain), id = rounds_made(c, programme);
    int moves = 0, wrong = 0, costs = 0, swaps = 0, apart = 0;
    for (int p = 3; p < PEOPLE; p += 2) {
        struct rounds_round before = rounds_now(c, id);
        struct rounds_alternatives list = others(c, id, r->w.people[p]);
        if (list.n == 0) {
            continue;
        }
        const struct rounds_alternative *a = &list.items[(size_t)p % list.n];
        enum err err =
            coachtest_write(c, rounds_move(&c->coach, id, r->w.people[p], a->other_id, a->swapped));
        struct rounds_round after = rounds_now(c, id);
        struct rounds_pairs pairs = rounds_all(c, id, (struct str){"", 0});
        const struct rounds_pair *now = pair_of(&pairs, r->w.people[p], a->other_id);
        moves++;
        wrong += err != ERR_OK || !now || !now->locked || after.n_changed != before.n_changed + 1;
        costs += after.total_gain - before.total_gain != a->gain ||
                 after.n_served - before.n_served != a->served;
        swaps += a->swapped;
        for (int k = 0; strategy != PROGRAMME_GUIDE && k < 2; k++) {
            bool alone = a->left_id[k] && !a->swapped;
            for (size_t j = 0; alone && j < pairs.n; j++) {
                apart += pair_of(&pairs, a->left_id[k], r->w.people[p]) != NULL;
            }
        }
    }
    tap_ok(moves >= 6 && wrong == 0 && apart == 0 && (swaps > 0 || strategy == PROGRAMME_GUIDE),
           "%s: %s: %d moves (%d swaps) do what they say", c->name, what, moves, swaps);
    tap_ok(costs == 0 && counts_are_right(c, id), "%s: %s: and cost what they are said to", c->name,
           what);
    struct rounds_round changed = rounds_now(c, id);
    struct rounds_pairs locked = rounds_all(c, id, (struct str){"", 0});
    coachtest_do(c, rounds_again(&c->coach, id));
    rounds_do(c, id, false);
    struct rounds_round again = rounds_now(c, id);
    struct rounds_pairs pairs = rounds_all(c, id, (struct str){"", 0});
    int lost = 0, kept = 0;
    for (size_t k = 0; k < locked.n; k++) {
        for (size_t j = 0; locked.items[k].locked && j < locked.items[k].n_rows; j++) {
            const struct rounds_row *row = &locked.items[k].rows[j];
            const struct rounds_pair *now = pair_of(&pairs, row->learner_id, row->helper_id);
            lost += !now || !now->locked || !now->rows[0].by_hand;
            kept++;
        }
    }
    tap_ok(again.state == ROUNDS_READY && kept > 4 && lost == 0,
           "%s: %s: what is locked stays when it is worked out again", c->name, what);
    tap_ok(again.n_served >= changed.n_served &&
               (again.n_served > changed.n_served || again.total_gain >= changed.total_gain) &&
               again.n_changed == 0 && counts_are_right(c, id),
           "%s: %s: and the rest is at least as good (%d of %d, then %d)", c->name, what,
           (int)changed.n_served, (int)changed.n_learners, (int)again.n_served);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static void test_locks(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    int64_t programme = rounds_programme(r, &plain), id = rounds_made(c, programme);
    struct rounds_pairs pairs = rounds_all(c, id, (struct str){"", 0});
    const struct rounds_row *row = &pairs.items[1].rows[0];
    int32_t pair = pairs.items[1].pair;
    coachtest_do(c, rounds_lock(&c->coach, id, pair, true));
    tap_ok(rounds_now(c, id).n_locked == 1 &&
               coachtest_write(c, rounds_part(&c->coach, id, pair)) == ERR_CONFLICT,
           "%s: what is locked is not taken apart", c->name);
    bool offered = false;
    for (int p = 3; p < 20; p++) {
        if (r->w.people[p] == row->learner_id || r->w.people[p] == row->helper_id) {
            continue;
        }
        struct rounds_alternatives list = others(c, id, r->w.people[p]);
        for (size_t k = 0; k < list.n; k++) {
            offered = offered || list.items[k].other_id == row->learner_id ||
                      list.items[k].other_id == row->helper_id;
        }
    }
    tap_ok(!offered, "%s: nor offered to others", c->name);
    coachtest_do(c, rounds_lock(&c->coach, id, pair, false));
    coachtest_do(c, rounds_part(&c->coach, id, pair));
    pairs = rounds_all(c, id, (struct str){"", 0});
    tap_ok(!pair_of(&pairs, row->learner_id, row->helper_id) && counts_are_right(c, id),
           "%s: unlocked, it is", c->name);
    tap_ok(coachtest_write(c, rounds_part(&c->coach, id, pair)) == ERR_NOT_FOUND &&
               coachtest_write(c, rounds_lock(&c->coach, id, 9999, true)) == ERR_NOT_FOUND,
           "%s: a pair that is not there", c->name);
    struct programme_rule never = {.person_id = row->learner_id, .other_id = row->helper_id};
    coachtest_do(c, programmes_add_rule(&c->coach, programme, &never, &c->complaints));
    tap_ok(coachtest_write(c, rounds_move(&c->coach, id, row->learner_id, row->helper_id, false)) ==
               ERR_CONFLICT,
           "%s: a rule keeps two apart by hand too", c->name);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static void test_evaluator(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    int64_t programme = rounds_programme(r, &plain), id = rounds_made(c, programme);
    struct rounds_alternatives list;
    coachtest_as(c, r->w.people[HEAD]);
    tap_ok(coachtest_read(c, rounds_alternatives_of(&c->coach, id, r->w.people[2],
                                                    (struct str){"", 0}, &list)) == ERR_FORBIDDEN,
           "%s: no alternatives for whom one evaluates", c->name);
    int offered = 0, tried = 0;
    for (int p = 3; p < PEOPLE; p++) {
        list = others(c, id, r->w.people[p]);
        for (size_t k = 0; k < list.n; k++) {
            offered += list.items[k].other_id == r->w.people[2] ||
                       list.items[k].left_id[0] == r->w.people[2] ||
                       list.items[k].left_id[1] == r->w.people[2];
        }
        enum err err =
            coachtest_write(c, rounds_move(&c->coach, id, r->w.people[p], r->w.people[2], false));
        tried += err != ERR_FORBIDDEN && err != ERR_CONFLICT;
    }
    tap_ok(offered == 0 && tried == 0, "%s: nor are they moved about", c->name);
    coachtest_as(c, r->w.people[COORD]);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static void suite(const struct dbtest *t)
{
    struct rounds_world r;
    rounds_world(&r, t);
    test_moves(&r, PROGRAMME_RECIPROCAL, "pairs");
    test_moves(&r, PROGRAMME_GUIDE, "guides");
    test_moves(&r, PROGRAMME_TRIO, "threes");
    test_locks(&r);
    test_evaluator(&r);
    coachtest_close(&r.w.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
