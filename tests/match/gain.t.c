/* The gain against closed forms, fine integration, Monte Carlo and its own invariants. */
#include "match/gain.h"

#include "base/rng.h"

#include "tap.h"

#include <stdlib.h>
#include <time.h>

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static struct match_ability ability(double alone, double alone_sd, double helped, double helped_sd,
                                    double r)
{
    return (struct match_ability){alone, alone_sd, helped, helped_sd, r * alone_sd * helped_sd};
}

static double whole_zone(void)
{
    return MATCH_ZONE_GAIN / (1 - exp(-MATCH_ZONE_GAIN));
}

/* Everything for one pair, on a grid that covers both. */
struct pair {
    struct match_ability people[2]; /* learner, helper */
    struct match_grid grid;
    struct match_learner learner;
    struct match_helper helper;
    struct match_gain_model model;
};

static int pair_make(struct pair *pair, struct match_ability learner, struct match_ability helper,
                     double priority, double strength)
{
    struct match_closeness closeness = match_closeness_default();
    closeness.strength = strength;
    pair->people[0] = learner;
    pair->people[1] = helper;
    return match_gain_model_make(&closeness, &pair->model) == ERR_OK &&
           match_grid_cover(pair->people, 2, 1, &pair->grid) == ERR_OK &&
           match_learner_make(&pair->grid, &learner, priority, &pair->learner) == ERR_OK &&
           match_helper_make(&pair->grid, &helper, &pair->helper) == ERR_OK;
}

static int32_t gain_of(struct match_ability learner, struct match_ability helper, double priority,
                       double strength)
{
    struct pair pair;
    return pair_make(&pair, learner, helper, priority, strength)
               ? match_gain(&pair.model, &pair.learner, &pair.helper)
               : -1;
}

/* The integral of (1 - P(A - b)) P(H - b) P(B - b) by partial fractions in e^b. */
static double closed_form(double a, double h, double b)
{
    double r[3] = {exp(a), exp(h), exp(b)}, sum = 0;
    for (int i = 0; i < 3; i++) {
        double d = 1;
        for (int j = 0; j < 3; j++) {
            d *= j == i ? 1 : r[j] - r[i];
        }
        sum -= log(r[i]) / d;
    }
    return sum * r[1] * r[2];
}

static void test_known(void)
{
    int bad = 0, bad_reach = 0;
    struct rng rng = rng_seed(1);
    for (int i = 0; i < 2000; i++) {
        double a = 6 * rng_unit(&rng) - 3, h = a + 0.05 + 4 * rng_unit(&rng);
        double b = a + 8 * rng_unit(&rng) - 3.97;
        struct pair pair;
        bad += !pair_make(&pair, ability(a, 0, h, 0, 0), ability(b, 0, b + 1, 0, 0), 1, 0);
        double exact = closed_form(a, h, b), zone = (h - a) / (1 - exp(a - h));
        double gain = match_gain(&pair.model, &pair.learner, &pair.helper);
        bad += fabs(gain - MATCH_ONE * exact / whole_zone()) > 1e-3 * gain + 2;
        double reach = match_gain_reach(&pair.learner, &pair.helper);
        bad_reach += fabs(reach - MATCH_ONE * exact / zone) > 1e-3 * reach + 2;
    }
    tap_ok(bad == 0, "known abilities: closed form (%d of 2000 differ)", bad);
    tap_ok(bad_reach == 0, "known abilities: reach (%d of 2000 differ)", bad_reach);
}

/* The same integral on a much finer grid, over 8 standard errors each way. */
static double fine(const struct match_ability *l, const struct match_ability *j, double *zone)
{
    enum { N = 61 };
    double slope = l->alone_sd > 0 ? l->cov / (l->alone_sd * l->alone_sd) : 0, x[N], w[N], sum = 0;
    double rest = sqrt(fmax(0, l->helped_sd * l->helped_sd - slope * l->cov)), total = 0;
    for (int k = 0; k < N; k++) {
        x[k] = (k - N / 2) * 6.0 / (N / 2);
        w[k] = exp(-x[k] * x[k] / 2);
        sum += w[k];
    }
    *zone = 0;
    const double step = 0.1;
    for (double b = l->alone - 45; b < l->alone + 45; b += step) {
        double u = 0, v = 0;
        for (int k = 0; k < N; k++) {
            double inner = 0;
            for (int m = 0; m < N; m++) {
                double h = l->helped + slope * l->alone_sd * x[k] + rest * x[m];
                inner += w[m] / sum * logistic(h - b);
            }
            u += w[k] / sum * (1 - logistic(l->alone + l->alone_sd * x[k] - b)) * inner;
            v += w[k] / sum * logistic(j->alone + j->alone_sd * x[k] - b);
        }
        *zone += u * step;
        total += u * v * step;
    }
    return total;
}

static void test_uncertain(void)
{
    static const struct match_ability cases[][2] = {
        {{0, .5, 1.5, .7, .3}, {1, .4, 0, 0, 0}},       {{-1, 1, .2, 1.2, 1.1}, {2, 1, 0, 0, 0}},
        {{0, 2, 1, 2.5, 4.5}, {0, 1.5, 0, 0, 0}},       {{0, 4, 3, 4, 10}, {-1, 3, 0, 0, 0}},
        {{1, .02, 1.1, 2, 0}, {1.5, .005, 0, 0, 0}},    {{0, 1, 1.5, 1, -1}, {3, .2, 0, 0, 0}},
        {{0, 1, 1.5, .0, 0}, {-3, .2, 0, 0, 0}},        {{0, 6, 1.5, 6, 36}, {1, 6, 0, 0, 0}},
        {{-.3, .45, 1.2, .55, .19}, {.4, .5, 0, 0, 0}}, {{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct pair pair;
        int made = pair_make(&pair, cases[c][0], cases[c][1], 1, 0);
        double zone, exact = fine(&cases[c][0], &cases[c][1], &zone);
        double gain = match_gain(&pair.model, &pair.learner, &pair.helper);
        double want = MATCH_ONE * exact / whole_zone();
        tap_ok(made && fabs(gain - want) <= 1e-3 * want + 1, "fine integration %zu: %.0f, %.2f", c,
               gain, want);
        tap_near(match_gain_reach(&pair.learner, &pair.helper), MATCH_ONE * exact / zone, 2,
                 "fine integration %zu: reach", c);
    }
    /* A wide roster shares one grid of 64 points: still exact. */
    struct match_ability wide[] = {ability(-20, 1, -19, 1, 0), ability(20, 3, 22, 3, .5),
                                   cases[0][0], cases[0][1]};
    struct pair pair;
    int made = pair_make(&pair, cases[0][0], cases[0][1], 1, 0);
    int32_t alone = match_gain(&pair.model, &pair.learner, &pair.helper);
    made = made && match_grid_cover(wide, 4, 1, &pair.grid) == ERR_OK &&
           match_learner_make(&pair.grid, &wide[2], 1, &pair.learner) == ERR_OK &&
           match_helper_make(&pair.grid, &wide[3], &pair.helper) == ERR_OK;
    tap_ok(made, "a wide grid is made, step %.2f", pair.grid.step);
    tap_near(match_gain(&pair.model, &pair.learner, &pair.helper), alone, 1e-3 * alone,
             "the grid does not matter");
}

/* Draws abilities; the exact integral of each draw comes from the closed form. */
static void test_monte_carlo(void)
{
    struct match_ability l = ability(-.2, .8, 1.4, 1.1, .8), j = ability(.6, .7, 2, 1, 0);
    struct rng rng = rng_seed(7);
    double sum = 0, square = 0;
    enum { DRAWS = 200000 };
    for (int i = 0; i < DRAWS; i++) {
        double x = rng_normal(&rng), z = rng_normal(&rng), y = rng_normal(&rng);
        double a = l.alone + l.alone_sd * x;
        double h = l.helped + l.helped_sd * (.8 * x + .6 * z), b = j.alone + j.alone_sd * y;
        /* keeps the partial fractions away from their removable singularities */
        h += fabs(h - a) < 1e-3 ? 2e-3 : 0;
        b += fabs(b - a) < 1e-3 || fabs(b - h) < 1e-3 ? 5e-3 : 0;
        double value = closed_form(a, h, b);
        sum += value;
        square += value * value;
    }
    double mean = sum / DRAWS, se = sqrt((square / DRAWS - mean * mean) / DRAWS);
    tap_near(gain_of(l, j, 1, 0), MATCH_ONE * mean / whole_zone(),
             5 * MATCH_ONE * se / whole_zone() + 2, "the average over 200,000 draws");
    int32_t certain = gain_of(ability(-.2, 0, 1.4, 0, 0), ability(.6, 0, 2, 0, 0), 1, 0);
    tap_ok(abs(gain_of(l, j, 1, 0) - certain) > 20, "which is not the gain at the means, %d",
           certain);
}

static void test_invariants(void)
{
    struct match_ability l = ability(0, .5, 1.5, .6, .5);
    tap_ok(gain_of(l, ability(-15, .3, 0, .3, 0), 1, 0) == 0, "who knows nothing brings nothing");
    int32_t best = gain_of(l, ability(25, .3, 26, .3, 0), 1, 0);
    tap_near(best, MATCH_ONE, 300, "a perfect helper brings about a whole zone");
    int falls = 0, rises = 0;
    int32_t last = -1;
    for (double b = -12; b < 12; b += 0.25) {
        int32_t g = gain_of(l, ability(b, .4, b + 1, .4, 0), 1, 0);
        falls += g < last;
        rises += g > last;
        last = g;
    }
    tap_ok(falls == 0 && rises > 50, "a better helper brings more");
    falls = 0;
    last = MATCH_GAIN_MAX;
    for (double a = -6; a < 12; a += 0.25) {
        int32_t g = gain_of(ability(a, .4, a + 1.5, .4, .5), ability(1, .4, 2, .4, 0), 1, 0);
        falls += g > last;
        last = g;
    }
    tap_ok(falls == 0 && last <= 1, "who can do everything already gains nothing: %d", last);
    int32_t g0 = gain_of(l, ability(1, .4, 2, .4, 0), 1, .15), worst = 0;
    for (double shift = -20; shift <= 20; shift += 1.7) {
        int32_t g = gain_of(ability(shift, .5, shift + 1.5, .6, .5),
                            ability(shift + 1, .4, shift + 2, .4, 0), 1, .15);
        worst = abs(g - g0) > worst ? abs(g - g0) : worst;
    }
    tap_ok(worst <= 3, "shifting both changes nothing: %d of %d", worst, g0);
    for (int p = 0; p <= 10; p++) {
        tap_near(gain_of(l, ability(1, .4, 2, .4, 0), p, .15), p * g0, p + 1, "priority %d", p);
    }
}

static void test_closeness(void)
{
    struct match_ability l = ability(0, .5, 1.5, .6, .5);
    double peak = -1;
    int32_t highest = 0, far = 0;
    for (double b = 0; b < 20; b += 0.25) {
        far = gain_of(l, ability(b, .4, b + 1, .4, 0), 1, match_closeness_default().strength);
        if (far > highest) {
            highest = far;
            peak = b;
        }
    }
    tap_ok(peak > 2.5 && peak < 6, "the default prefers who is a little further along: %.2f", peak);
    tap_ok(far < highest && far > .8 * highest, "mildly: %d against %d", far, highest);
    struct match_ability near = ability(2, .4, 3, .4, 0);
    tap_ok(gain_of(l, near, 1, .15) == gain_of(l, near, 1, 0), "near helpers lose nothing");
    tap_ok(gain_of(l, ability(25, .1, 26, .1, 0), 1, 1) <
               gain_of(l, ability(25, .1, 26, .1, 0), 1, 0) / 100,
           "full strength leaves nothing to the far");
}

static void test_errors(void)
{
    struct match_ability good = ability(0, .5, 1.5, .6, .5);
    struct match_grid grid;
    struct match_learner learner;
    struct match_helper helper;
    tap_ok(match_grid_cover(&good, 0, 1, &grid) == ERR_OK && grid.step > 0, "nobody has a grid");
    tap_ok(match_learner_make(&grid, &good, 1, &learner) == ERR_OK, "and it can be used");
    int32_t sum = 0;
    for (int k = 0; k < MATCH_GRID_POINTS; k++) {
        sum += learner.zone[k];
    }
    tap_ok(sum == 1 << 15, "the shares add up");
    static const double priorities[] = {-1e-9, 10.001, NAN, INFINITY};
    for (int k = 0; k < 4; k++) {
        tap_ok(match_learner_make(&grid, &good, priorities[k], &learner) == ERR_RANGE,
               "priority %g is refused", priorities[k]);
    }
    for (int k = 0; k < 10; k++) {
        struct match_ability bad = good;
        double *field[] = {&bad.alone, &bad.alone_sd, &bad.helped, &bad.helped_sd, &bad.cov};
        *field[k / 2] = k % 2 ? NAN : k / 2 == 1 || k / 2 == 3 ? -0.1 : INFINITY;
        tap_ok(match_grid_cover(&bad, 1, 1, &grid) == ERR_RANGE &&
                   match_learner_make(&grid, &bad, 1, &learner) == ERR_RANGE,
               "bad number %d is refused", k);
        if (k < 4) {
            tap_ok(match_helper_make(&grid, &bad, &helper) == ERR_RANGE, "for helpers too");
        }
    }
    struct match_ability far = {1e300, 1e300, -1e300, 1e300, 1e300};
    struct match_ability people[] = {far, good, ability(-1e9, 0, 1e9, 0, 0)};
    tap_ok(match_grid_cover(people, 3, 1, &grid) == ERR_OK &&
               match_learner_make(&grid, &far, 10, &learner) == ERR_OK &&
               match_learner_make(&grid, &people[2], 10, &learner) == ERR_OK &&
               match_helper_make(&grid, &far, &helper) == ERR_OK,
           "absurd abilities are cut, not refused");
    struct match_gain_model model;
    struct match_closeness off = {0, 0, 1};
    tap_ok(match_gain_model_make(&off, &model) == ERR_OK, "closeness off");
    int32_t cut = match_gain(&model, &learner, &helper);
    tap_ok(cut >= 0 && cut <= MATCH_GAIN_MAX, "and gains stay in range");
    static const struct match_closeness bad[] = {{-.1, 1, 2}, {1.1, 1, 2},  {.1, -1, 2}, {.1, 1, 0},
                                                 {NAN, 1, 2}, {.1, NAN, 2}, {.1, 1, NAN}};
    for (int k = 0; k < 7; k++) {
        tap_ok(match_gain_model_make(&bad[k], &model) == ERR_RANGE, "closeness %d is refused", k);
    }
    tap_ok(match_grid_cover(people, 2, 2, &grid) == ERR_OK, "a stride is followed");
}

/* The bits of many gains: the same on every machine and compiler. */
static void test_reproducible(void)
{
    struct rng rng = rng_seed(3);
    uint64_t hash = 0;
    for (int i = 0; i < 500; i++) {
        double x[7];
        for (int k = 0; k < 7; k++) {
            x[k] = k < 3 ? 3 * rng_normal(&rng) : 2 * rng_unit(&rng);
        }
        struct match_ability l = ability(x[0], x[3], x[1], x[4], x[6] - 1);
        struct match_ability j = ability(x[2], x[5], 0, 0, 0);
        hash = hash * UINT64_C(1099511628211) + (uint64_t)gain_of(l, j, 1 + x[6], .15);
    }
    tap_ok(hash == UINT64_C(12115185560380047438), "500 gains have known bits: %llu",
           (unsigned long long)hash);
}

static void test_speed(void)
{
    enum { N = 545 };
    struct match_learner *learners = malloc(N * sizeof *learners);
    struct match_helper *helpers = malloc(N * sizeof *helpers);
    struct match_ability *people = malloc(N * sizeof *people);
    struct match_gain_model model;
    struct match_closeness closeness = match_closeness_default();
    struct match_grid grid;
    struct rng rng = rng_seed(5);
    int ok = learners && helpers && people && !match_gain_model_make(&closeness, &model);
    for (int i = 0; ok && i < N; i++) {
        double a = rng_normal(&rng);
        people[i] = ability(a, .3 + .5 * rng_unit(&rng), a + 1.5, .3 + .5 * rng_unit(&rng), .5);
    }
    ok = ok && !match_grid_cover(people, N, 1, &grid);
    clock_t start = clock();
    for (int i = 0; ok && i < N; i++) {
        ok = !match_learner_make(&grid, &people[i], 1, &learners[i]) &&
             !match_helper_make(&grid, &people[i], &helpers[i]);
    }
    clock_t made = clock();
    int64_t sum = 0;
    for (int i = 0; ok && i < N; i++) {
        for (int j = 0; j < N; j++) {
            sum += match_gain(&model, &learners[i], &helpers[j]);
        }
    }
    double per = (double)(clock() - made) / CLOCKS_PER_SEC / (N * N) * 1e9;
    printf("# profiles %.2f us per person, gains %.1f ns each\n",
           (double)(made - start) / CLOCKS_PER_SEC / N * 1e6, per);
    tap_ok(ok && sum > 0 && per < 2000, "all pairs of 545 people");
    free(learners);
    free(helpers);
    free(people);
}

int main(void)
{
    test_known();
    test_uncertain();
    test_monte_carlo();
    test_invariants();
    test_closeness();
    test_errors();
    test_reproducible();
    test_speed();
    return tap_done();
}
