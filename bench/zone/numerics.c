/* The same result from any order, and no nonsense from degenerate data. */
#include "rows.h"

#include "base/arena.h"
#include "base/rng.h"
#include "zone/facets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 4000, PEOPLE = 300, ITEMS = 5, RATERS = 12, STEPS = 3 };

struct ratings {
    int32_t person[N], item[N], rater[N];
    uint8_t y[N];
    size_t n;
};

static void draw(struct ratings *to, uint64_t seed)
{
    struct rng rng = rng_seed(seed);
    double ability[PEOPLE], severity[RATERS];
    for (int p = 0; p < PEOPLE; p++) {
        ability[p] = rng_normal(&rng);
    }
    for (int r = 0; r < RATERS; r++) {
        severity[r] = .5 * rng_normal(&rng);
    }
    to->n = N;
    for (size_t i = 0; i < N; i++) {
        to->person[i] = (int32_t)rng_below(&rng, PEOPLE);
        to->item[i] = (int32_t)rng_below(&rng, ITEMS);
        to->rater[i] = (int32_t)rng_below(&rng, RATERS);
        double level = 1.5 + ability[to->person[i]] - severity[to->rater[i]] + rng_normal(&rng);
        to->y[i] = (uint8_t)(level < 0 ? 0 : level > STEPS ? STEPS : level);
    }
}

static struct facets_data view(const struct ratings *r)
{
    return (struct facets_data){.n_ratings = r->n,
                                .n_people = PEOPLE,
                                .n_facets = 2,
                                .n_groups = 1,
                                .n_steps = STEPS,
                                .n_levels = {ITEMS, RATERS},
                                .person = r->person,
                                .level = {r->item, r->rater},
                                .y = r->y};
}

static void shuffle(struct ratings *r, uint64_t seed)
{
    struct rng rng = rng_seed(seed);
    for (size_t i = r->n; i > 1; i--) {
        size_t j = rng_below(&rng, (uint32_t)i);
        int32_t *columns[] = {r->person, r->item, r->rater};
        for (int c = 0; c < 3; c++) {
            int32_t swap = columns[c][i - 1];
            columns[c][i - 1] = columns[c][j];
            columns[c][j] = swap;
        }
        uint8_t swap = r->y[i - 1];
        r->y[i - 1] = r->y[j];
        r->y[j] = swap;
    }
}

/* All numbers of the result are finite. */
static bool sound(const struct facets_result *r)
{
    double sum = r->log_likelihood + r->person_variance + r->centre;
    for (int p = 0; p < PEOPLE; p++) {
        sum += r->measure[p] + r->error[p];
    }
    for (int k = 0; k < RATERS; k++) {
        sum += r->facet[1][k] + r->facet_error[1][k];
    }
    for (int k = 0; k < STEPS; k++) {
        sum += r->threshold[k];
    }
    return isfinite(sum) && r->converged;
}

static void check(struct bench *ctx, const char *what, const struct ratings *ratings)
{
    struct arena *arena = arena_new(0);
    struct facets_data data = view(ratings);
    struct facets_options options = {0};
    struct facets_result *r;
    bool ok = facets_fit(arena, &data, &options, &r) == ERR_OK && sound(r);
    bench_report(ctx, what, ok, 1, 1, "");
    arena_free(arena);
}

void row_numerics(struct bench *ctx)
{
    static struct ratings a, b;
    draw(&a, 1);
    struct arena *arena = arena_new(0);
    struct facets_options options = {0};
    struct facets_result *first, *other;
    struct facets_data data = view(&a);
    double worst = facets_fit(arena, &data, &options, &first) ? NAN : 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        b = a;
        shuffle(&b, seed);
        data = view(&b);
        if (facets_fit(arena, &data, &options, &other)) {
            worst = NAN;
            break;
        }
        for (int p = 0; p < PEOPLE; p++) {
            double d = fabs(first->measure[p] - other->measure[p]) +
                       fabs(first->error[p] - other->error[p]);
            worst = !(d <= worst) ? d : worst;
        }
    }
    bench_report(ctx, "shuffled ratings, largest difference", worst, 0, 1e-6, "");
    arena_free(arena);

    memset(&b, 0, sizeof b);
    check(ctx, "no ratings: finite", &b);
    b.n = 1;
    b.y[0] = 2;
    check(ctx, "one rating: finite", &b);
    b = a;
    memset(b.y, STEPS, sizeof b.y);
    check(ctx, "everything at the top: finite", &b);
    b = a;
    for (size_t i = 0; i < N; i++) { /* halves that never meet */
        b.rater[i] = b.rater[i] / 2 * 2 + b.person[i] % 2;
        b.item[i] = b.person[i] % 2 ? 0 : 1 + b.item[i] / 2;
    }
    check(ctx, "disconnected: finite", &b);
    b = a;
    memset(b.rater, 0, sizeof b.rater);
    check(ctx, "one rater: finite", &b);
}
