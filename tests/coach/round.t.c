/* Rounds against all arrangements of a few people: pairs, guides, lifting, rules and limits. */
#include "match/source.h"
#include "round_test.h"

#include "tap.h"

#define MOST 8

/* Useful gains: gain[learner][helper], 0 where not useful or not allowed. */
struct table {
    int n;
    int32_t gain[MOST][MOST];
};

struct best {
    int served;
    int64_t total;
    int32_t smallest; /* the largest possible smallest gain among the best served */
    int64_t lifted;   /* the total that goes with it */
    int64_t gain;     /* the largest total, whoever is served */
};

static struct table make_table(const struct made *made, const struct round *round)
{
    struct table t = {.n = made->roster.n_people};
    for (int u = 0; u < t.n; u++) {
        for (int v = 0; v < t.n; v++) {
            int32_t n, column;
            const struct round_need *needs = round_needs_of(round, u, &n);
            bool may = round_bar_of(round, u, v, &column) == ROUND_MAY &&
                       round_max_helps(round, v) > 0 && round_max_learns(round, u) > 0;
            for (int32_t k = 0; k < n && may; k++) {
                struct round_help help = round_help_in(round, u, v, needs[k].skill);
                if (help.useful && help.gain > t.gain[u][v]) {
                    t.gain[u][v] = help.gain;
                }
            }
        }
    }
    return t;
}

/* Takes an arrangement's outcome into the best so far. */
static void judge(struct best *best, int served, int64_t total, int32_t smallest)
{
    best->gain = total > best->gain ? total : best->gain;
    if (served > best->served) {
        best->served = served;
        best->total = total;
        best->smallest = smallest;
        best->lifted = total;
    } else if (served == best->served) {
        best->total = total > best->total ? total : best->total;
        if (smallest > best->smallest || (smallest == best->smallest && total > best->lifted)) {
            best->smallest = smallest;
            best->lifted = total;
        }
    }
}

/* All matchings; depth at most MOST. */
static void try_pairs(const struct table *t, unsigned used, int served, int64_t total,
                      int32_t smallest, struct best *best)
{
    int u = 0;
    while (u < t->n && used >> u & 1) {
        u++;
    }
    if (u == t->n) {
        judge(best, served, total, served > 0 ? smallest : 0);
        return;
    }
    try_pairs(t, used | 1u << u, served, total, smallest, best);
    for (int v = u + 1; v < t->n; v++) {
        int32_t a = t->gain[u][v], b = t->gain[v][u];
        if (used >> v & 1 || (a == 0 && b == 0)) {
            continue;
        }
        int32_t least = a > 0 && a < smallest ? a : smallest;
        least = b > 0 && b < least ? b : least;
        try_pairs(t, used | 1u << u | 1u << v, served + (a > 0) + (b > 0), total + a + b, least,
                  best);
    }
}

static enum err solve(struct made *made, const struct round_options *options, struct round **round,
                      struct round_result *result, struct round_problem *problem)
{
    enum err err = round_prepare(made->arena, &made->roster, &made->fit, options, round, problem);
    return err == ERR_OK ? round_solve(made->arena, *round, NULL, NULL, result, problem) : err;
}

static bool verify(struct made *made, struct round *round, const struct round_result *result)
{
    struct round_verdict verdict;
    round_set_floor(round, result->floor);
    enum err err = round_verify(made->arena, round, result->proposals, result->n_proposals,
                                result->certificate, NULL, NULL, &verdict);
    if (err != ERR_OK) {
        printf("# %s\n", verdict.text);
    }
    return err == ERR_OK;
}

static struct made random_made(struct rng *rng, int n_people)
{
    struct made made = made_roster(n_people, 3, rng);
    if (rng_below(rng, 2)) {
        for (int u = 0; u < n_people; u++) {
            made_need(&made, u, (int)rng_below(rng, 3), 1 + (int)rng_below(rng, 3));
        }
    }
    if (rng_below(rng, 2)) {
        for (int u = 0; u < n_people; u++) {
            for (int s = 0; s < 3; s++) {
                if (rng_below(rng, 3)) {
                    made_offer(&made, u, s);
                }
            }
        }
    }
    if (rng_below(rng, 2) && n_people > 3) {
        made_rule(&made, ROSTER_NEVER, 0, 1, ROSTER_NONE);
        made_rule(&made, ROSTER_EVALUATOR, 2, 3, ROSTER_NONE);
    }
    if (rng_below(rng, 3) == 0) {
        made.roster.people[0].max_helps = 0;
        made.roster.people[n_people - 1].max_learns = 0;
    }
    return made;
}

static void test_pairs(void)
{
    struct rng rng = rng_seed(21);
    int failed = 0, served = 0, total = 0, gain = 0, lifted = 0, unproved = 0, refused = 0;
    for (int k = 0; k < 600; k++) {
        struct made made = random_made(&rng, 2 + (int)rng_below(&rng, MOST - 1));
        struct round_options options = round_options_default();
        options.within = rng_below(&rng, 2) ? 0 : ROSTER_NONE;
        struct round *round;
        struct round_result result;
        struct round_problem problem;
        struct best best = {.served = -1};
        for (int mode = 0; mode < 3; mode++) {
            options.objective = mode == 1 ? ROUND_GAIN : ROUND_SERVED;
            options.lift = mode == 2;
            if (solve(&made, &options, &round, &result, &problem) != ERR_OK) {
                failed++;
                continue;
            }
            struct table t = make_table(&made, round);
            best = (struct best){.served = -1};
            try_pairs(&t, 0, 0, 0, INT32_MAX, &best);
            served += mode != 1 && result.n_served != best.served;
            total += mode == 0 && result.total_gain != best.total;
            gain += mode == 1 && result.total_gain != best.gain;
            lifted += mode == 2 &&
                      (result.smallest_gain != best.smallest || result.total_gain != best.lifted);
            unproved += !result.proved;
            refused += !verify(&made, round, &result);
        }
        arena_free(made.arena);
    }
    tap_ok(failed == 0, "all rounds of pairs are solved");
    tap_ok(served == 0, "nobody could serve more people");
    tap_ok(total == 0, "or as many with a larger total gain");
    tap_ok(gain == 0, "the objective gain has the largest total of all");
    tap_ok(lifted == 0, "lifting gives the largest smallest gain, then the largest total");
    tap_ok(unproved == 0 && refused == 0, "every round is proved and verified");
}

/* All ways to give each need a helper or none; depth at most 9. */
static void try_tasks(const struct made *made, const struct round *round, int task, int n_tasks,
                      const struct round_need *const *needs, int *helps, int *learns, int served,
                      int64_t total, int32_t smallest, struct best *best)
{
    if (task == n_tasks) {
        judge(best, served, total, served > 0 ? smallest : 0);
        return;
    }
    try_tasks(made, round, task + 1, n_tasks, needs, helps, learns, served, total, smallest, best);
    int u = needs[task]->person;
    for (int v = 0; v < made->roster.n_people && learns[u] < round_max_learns(round, u); v++) {
        int32_t column;
        struct round_help help = round_help_in(round, u, v, needs[task]->skill);
        if (!help.useful || helps[v] >= round_max_helps(round, v) ||
            round_bar_of(round, u, v, &column) != ROUND_MAY) {
            continue;
        }
        helps[v]++;
        learns[u]++;
        try_tasks(made, round, task + 1, n_tasks, needs, helps, learns, served + 1,
                  total + help.gain, help.gain < smallest ? help.gain : smallest, best);
        helps[v]--;
        learns[u]--;
    }
}

static void test_guide(void)
{
    struct rng rng = rng_seed(33);
    int failed = 0, wrong = 0, lifted = 0, refused = 0;
    for (int k = 0; k < 300; k++) {
        struct made made = random_made(&rng, 2 + (int)rng_below(&rng, 3));
        struct round_options options = round_options_default();
        options.strategy = ROUND_GUIDE;
        options.max_helps = 1 + (int32_t)rng_below(&rng, 2);
        options.max_learns = 1 + (int32_t)rng_below(&rng, 2);
        for (int mode = 0; mode < 3; mode++) {
            struct round *round;
            struct round_result result;
            struct round_problem problem;
            options.objective = mode == 1 ? ROUND_GAIN : ROUND_SERVED;
            options.lift = mode == 2;
            if (solve(&made, &options, &round, &result, &problem) != ERR_OK) {
                failed++;
                continue;
            }
            const struct round_need *needs[16];
            int n_tasks = 0, helps[MOST] = {0}, learns[MOST] = {0};
            for (int u = 0; u < made.roster.n_people; u++) {
                int32_t n;
                const struct round_need *mine = round_needs_of(round, u, &n);
                for (int32_t i = 0; i < n; i++) {
                    needs[n_tasks++] = &mine[i];
                }
            }
            struct best best = {.served = -1};
            try_tasks(&made, round, 0, n_tasks, needs, helps, learns, 0, 0, INT32_MAX, &best);
            wrong += mode != 1 && result.n_covered != best.served;
            wrong += mode == 0 && result.total_gain != best.total;
            wrong += mode == 1 && result.total_gain != best.gain;
            lifted += mode == 2 &&
                      (result.smallest_gain != best.smallest || result.total_gain != best.lifted);
            refused += !result.proved || !verify(&made, round, &result);
        }
        arena_free(made.arena);
    }
    tap_ok(failed == 0 && wrong == 0, "guides cover the most needs with the largest total gain");
    tap_ok(lifted == 0, "and lift the smallest gain");
    tap_ok(refused == 0, "every assignment is proved and verified");
}

static void test_others(void)
{
    struct rng rng = rng_seed(5);
    int wrong = 0, refused = 0, above = 0;
    for (int k = 0; k < 100; k++) {
        struct made made = random_made(&rng, 4 + (int)rng_below(&rng, 30));
        struct round_options options = round_options_default();
        options.within = k % 2 ? 0 : ROSTER_NONE;
        int64_t totals[ROUND_STRATEGY__MAX];
        for (int s = 0; s < ROUND_STRATEGY__MAX; s++) {
            struct round *round;
            struct round_result result;
            struct round_problem problem;
            options.strategy = (enum round_strategy)s;
            options.objective = ROUND_GAIN;
            if (solve(&made, &options, &round, &result, &problem) != ERR_OK) {
                wrong++;
                continue;
            }
            totals[s] = result.total_gain;
            refused += !verify(&made, round, &result);
            above += s == ROUND_TRIO && result.bound < MATCH_DUAL_SCALE * result.total_gain;
            int64_t n_blocking = -1;
            wrong += s == ROUND_STABLE &&
                     (round_count_blocking(made.arena, round, &result, &n_blocking) != ERR_OK ||
                      n_blocking != 0);
        }
        above += totals[ROUND_STABLE] > totals[ROUND_RECIPROCAL];
        above += totals[ROUND_RANDOM] > totals[ROUND_RECIPROCAL];
        arena_free(made.arena);
    }
    tap_ok(wrong == 0, "all strategies run; nobody would leave stable pairs");
    tap_ok(refused == 0, "every arrangement is verified");
    tap_ok(above == 0, "no pairs gain more than the best ones");
}

/* Somebody of whom nothing is known, as a new school's people all are. */
static struct zone_estimate unknown(void)
{
    return (struct zone_estimate){.alone_sd = 1.12,
                                  .helped = 1.0,
                                  .helped_sd = 1.36,
                                  .gain = 1.0,
                                  .gain_sd = 0.77,
                                  .last_day = ZONE_DAY_UNKNOWN};
}

static struct round_help help_of(struct made *made, int learner, int helper)
{
    struct round_options options = round_options_default();
    struct round *round;
    struct round_problem problem;
    struct round_help help = {0};
    if (round_prepare(made->arena, &made->roster, &made->fit, &options, &round, &problem) ==
        ERR_OK) {
        help = round_help_in(round, learner, helper, 0);
    }
    return help;
}

/* Four people with crossed wishes and not a single rating; then with some. */
static void test_offers_decide(void)
{
    struct rng rng = rng_seed(3);
    struct made made = made_roster(4, 2, &rng);
    for (int u = 0; u < 4; u++) {
        made_need(&made, u, u % 2, 1);
        made_offer(&made, u, (u + 1) % 2);
        made.fit.estimates[u * 2] = made.fit.estimates[u * 2 + 1] = unknown();
    }
    for (int s = 0; s <= ROUND_TRIO; s++) {
        struct round_options options = round_options_default();
        struct round *round;
        struct round_result result = {0};
        struct round_problem problem;
        options.strategy = (enum round_strategy)s;
        bool good = solve(&made, &options, &round, &result, &problem) == ERR_OK &&
                    result.n_served == 4 && verify(&made, round, &result);
        tap_ok(good, "%s: where nothing is known, offers decide: %d of 4 receive help",
               round_strategy_name((enum round_strategy)s), result.n_served);
    }
    struct round_help blind = help_of(&made, 0, 1);
    struct zone_estimate *helper = &made.fit.estimates[1 * 2];
    *helper = made_estimate(-1.5, 0.3);
    struct round_help weak = help_of(&made, 0, 1);
    *helper = made_estimate(1.0, 0.3);
    struct round_help good = help_of(&made, 0, 1);
    *helper = made_estimate(3.0, 0.3);
    struct round_help strong = help_of(&made, 0, 1);
    tap_ok(!weak.useful && weak.reach < blind.reach && blind.reach < good.reach,
           "evidence outweighs the offer: %d, %d, %d", weak.reach, blind.reach, good.reach);
    made.roster.n_offers = 0;
    made.roster.has_offers = false; /* those assessed: the helper, who stands highest */
    tap_ok(help_of(&made, 0, 1).reach == strong.reach, "an offer lowers nobody");
    arena_free(made.arena);
}

int main(void)
{
    test_offers_decide();
    test_pairs();
    test_guide();
    test_others();
    return tap_done();
}
