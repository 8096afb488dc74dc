/* facets.h: recovers what was simulated, joint maximum likelihood solves its own equations, extreme
 * people, shuffled and failing input. */
#include "zone/facets.h"

#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"

enum { PEOPLE = 200, ITEMS = 4, RATERS = 6, STEPS = 3, N = PEOPLE * ITEMS * 2 };

static int32_t person[N], item[N], rater[N];
static uint8_t y[N];
static double severity[RATERS];

static struct facets_data simulate(void)
{
    struct rng rng = rng_seed(1);
    double mean = 0;
    for (int r = 0; r < RATERS; r++) {
        severity[r] = 0.6 * rng_normal(&rng);
        mean += severity[r] / RATERS;
    }
    size_t n = 0;
    for (int32_t p = 0; p < PEOPLE; p++) {
        double ability = 1.2 * rng_normal(&rng);
        for (int32_t k = 0; k < ITEMS * 2; k++, n++) {
            person[n] = p;
            item[n] = k % ITEMS;
            rater[n] = (p + k / ITEMS * (1 + p % 3)) % RATERS;
            double eta = ability - (item[n] - 1.5) * 0.4 - severity[rater[n]];
            double w[STEPS + 1] = {1}, sum = 1, u;
            for (int j = 0; j < STEPS; j++) {
                sum += w[j + 1] = w[j] * exp(eta - (j - 1) * 1.2);
            }
            u = rng_unit(&rng) * sum;
            y[n] = 0;
            while (y[n] < STEPS && (u -= w[y[n]]) > 0) {
                y[n]++;
            }
        }
    }
    for (int r = 0; r < RATERS; r++) {
        severity[r] -= mean;
    }
    return (struct facets_data){.n_ratings = N,
                                .n_people = PEOPLE,
                                .n_facets = 2,
                                .n_groups = 1,
                                .n_steps = STEPS,
                                .n_levels = {ITEMS, RATERS},
                                .person = person,
                                .level = {item, rater},
                                .y = y};
}

static void test_recovery(const struct facets_data *data)
{
    struct arena *arena = arena_new(0);
    struct facets_options options = {0};
    struct facets_result *r = NULL;
    bool ok = facets_fit(arena, data, &options, &r) == ERR_OK && r->converged;
    tap_ok(ok, "fits");
    double worst = 0, sum = 0;
    for (int k = 0; ok && k < RATERS; k++) {
        worst = fmax(worst, fabs(r->facet[1][k] - severity[k]) / r->facet_error[1][k]);
        sum += r->facet[1][k];
    }
    tap_ok(ok && worst < 3, "severities within three standard errors (%.2f)", worst);
    tap_near(sum, 0, 1e-9, "centred");
    tap_near(ok ? r->person_variance : NAN, 1.44, 0.4, "person variance");
    tap_near(ok ? r->threshold[0] + r->threshold[1] + r->threshold[2] : NAN, 0, 1e-9,
             "thresholds sum to zero");
    arena_free(arena);
}

/* In joint maximum likelihood every rater's observed score is the expected one. */
static void test_joint_ml(const struct facets_data *data)
{
    struct arena *arena = arena_new(0);
    struct facets_options options = {.joint_ml = true, .tolerance = 1e-8};
    struct facets_result *r = NULL;
    bool ok = facets_fit(arena, data, &options, &r) == ERR_OK && r->converged;
    tap_ok(ok, "joint maximum likelihood fits");
    double residual[RATERS] = {0}, score[PEOPLE] = {0}, expected[PEOPLE] = {0}, worst = 0, top = 0;
    for (size_t i = 0; i < N; i++) {
        score[person[i]] += y[i];
    }
    for (size_t i = 0; ok && i < N; i++) {
        double eta = r->measure[person[i]] - r->facet[0][item[i]] - r->facet[1][rater[i]];
        double w = 1, sum = 1, mean = 0;
        for (int j = 0; j < STEPS; j++) {
            w *= exp(eta - r->threshold[j]);
            sum += w;
            mean += (j + 1) * w;
        }
        expected[person[i]] += mean / sum;
        double s = score[person[i]];
        if (s > 0 && s < STEPS * ITEMS * 2) {
            residual[rater[i]] += y[i] - mean / sum;
        }
    }
    int n_extreme = 0;
    for (int k = 0; k < RATERS; k++) {
        worst = fmax(worst, fabs(residual[k]));
    }
    for (int p = 0; p < PEOPLE; p++) {
        double s = score[p], most = STEPS * ITEMS * 2;
        double target = s <= 0 ? 0.3 : s >= most ? most - 0.3 : s;
        n_extreme += s <= 0 || s >= most;
        top = fmax(top, fabs(expected[p] - target));
    }
    tap_near(worst, 0, 1e-3, "raters' scores are the expected ones");
    tap_ok(n_extreme > 0, "there are extreme people (%d)", n_extreme);
    tap_near(top, 0, 1e-3, "people's too, extreme ones moved by 0.3");
    arena_free(arena);
}

/* Two halves that never meet: nothing tells how they lie to each other, and the variances must not
 * run away along that direction.  The last item is of nobody. */
static bool halves_settle(uint64_t seed)
{
    enum { HALVES_PEOPLE = 300, HALVES_ITEMS = 5, HALVES_RATERS = 12, HALVES_N = 4000 };
    static int32_t of_person[HALVES_N], of_item[HALVES_N], of_rater[HALVES_N];
    static uint8_t level[HALVES_N];
    struct rng rng = rng_seed(seed);
    double ability[HALVES_PEOPLE], strictness[HALVES_RATERS];
    for (int p = 0; p < HALVES_PEOPLE; p++) {
        ability[p] = rng_normal(&rng);
    }
    for (int r = 0; r < HALVES_RATERS; r++) {
        strictness[r] = .2 * rng_normal(&rng);
    }
    for (size_t i = 0; i < HALVES_N; i++) {
        int32_t p = (int32_t)rng_below(&rng, HALVES_PEOPLE), half = p % 2;
        int32_t k = (int32_t)rng_below(&rng, HALVES_ITEMS - 2);
        of_person[i] = p;
        of_item[i] = half ? 0 : 1 + k;
        of_rater[i] = 2 * (int32_t)rng_below(&rng, HALVES_RATERS / 2) + half;
        double eta = 1.5 + ability[p] - strictness[of_rater[i]] + rng_normal(&rng);
        level[i] = (uint8_t)(eta < 0 ? 0 : eta > STEPS ? STEPS : eta);
    }
    struct facets_data data = {.n_ratings = HALVES_N,
                               .n_people = HALVES_PEOPLE,
                               .n_facets = 2,
                               .n_groups = 1,
                               .n_steps = STEPS,
                               .n_levels = {HALVES_ITEMS, HALVES_RATERS},
                               .person = of_person,
                               .level = {of_item, of_rater},
                               .y = level};
    struct arena *arena = arena_new(0);
    struct facets_options options = {0};
    struct facets_result *r = NULL;
    bool good = facets_fit(arena, &data, &options, &r) == ERR_OK && r->converged &&
                r->person_variance > 0.3 && r->person_variance < 5;
    arena_free(arena);
    return good;
}

static void test_halves(void)
{
    int n_good = 0;
    for (uint64_t seed = 1; seed <= 15; seed++) {
        n_good += halves_settle(seed);
    }
    tap_ok(n_good == 15, "two halves that never meet: %d of 15 fits settle", n_good);
}

int main(void)
{
    struct facets_data data = simulate();
    test_recovery(&data);
    test_joint_ml(&data);

    enum err err = ERR_NOMEM;
    int n = 0;
    for (; err == ERR_NOMEM && n < 500; n++) {
        struct arena *arena = arena_new(0);
        struct facets_options options = {.tolerance = 0.1};
        struct facets_result *r = NULL;
        arena_fail_after(arena, (uint64_t)n + 1);
        err = facets_fit(arena, &data, &options, &r);
        arena_free(arena);
    }
    tap_ok(err == ERR_OK && n > 30, "every one of %d allocations may fail", n - 1);

    struct arena *arena = arena_new(0);
    struct facets_options options = {0};
    struct facets_result *r = NULL;
    y[3] = STEPS + 1;
    tap_ok(facets_fit(arena, &data, &options, &r) == ERR_INVALID, "a level out of range");
    y[3] = 0;
    person[3] = PEOPLE;
    tap_ok(facets_fit(arena, &data, &options, &r) == ERR_INVALID, "a person out of range");
    arena_free(arena);
    test_halves();
    return tap_done();
}
