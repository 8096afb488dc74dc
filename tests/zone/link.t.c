/* Connected subsets against a slow flood fill on random graphs. */
#include "zone/link.h"

#include "base/arena.h"
#include "base/rng.h"

#include "tap.h"

#define P 12
#define R 8

/* Whether two nodes are connected: repeated relaxation over the pairs. */
static void flood(const struct link_pair *pairs, size_t n, int label[P + R])
{
    for (int i = 0; i < P + R; i++) {
        label[i] = i;
    }
    for (int round = 0; round < P + R; round++) {
        for (size_t k = 0; k < n; k++) {
            if (pairs[k].person >= 0 && pairs[k].rater >= 0) {
                int *a = &label[pairs[k].person], *b = &label[P + pairs[k].rater];
                *a = *b = *a < *b ? *a : *b;
            }
        }
    }
}

static int agrees(const struct link *link, const struct link_pair *pairs, size_t n)
{
    int label[P + R], seen[P + R] = {0}, people[P] = {0}, wrong = 0, edges[P][R] = {{0}};
    flood(pairs, n, label);
    for (size_t k = 0; k < n; k++) {
        if (pairs[k].person >= 0 && pairs[k].rater >= 0) {
            edges[pairs[k].person][pairs[k].rater] = 1;
            seen[pairs[k].person] = seen[P + pairs[k].rater] = 1;
        }
    }
    for (int i = 0; i < P + R; i++) {
        int si = i < P ? link->person_subset[i] : link->rater_subset[i - P];
        wrong += (si >= 0) != seen[i];
        for (int j = 0; j < i; j++) {
            int sj = j < P ? link->person_subset[j] : link->rater_subset[j - P];
            wrong += seen[i] && seen[j] && (si == sj) != (label[i] == label[j]);
        }
    }
    for (int p = 0; p < P; p++) {
        int raters = 0;
        for (int r = 0; r < R; r++) {
            raters += edges[p][r];
        }
        wrong += raters != link->person_raters[p];
        people[p] = raters;
    }
    for (int32_t k = 0; k < link->n_advice; k++) {
        const struct link_advice *a = &link->advice[k];
        wrong += link->rater_subset[a->rater] != a->subset;
        wrong += link->person_subset[a->person] == a->subset || people[a->person] == 0;
    }
    return wrong == 0 && link->n_advice == (link->n_subsets ? link->n_subsets - 1 : 0);
}

int main(void)
{
    struct rng rng = rng_seed(4);
    int good = 0, same = 0, most = 0;
    for (int trial = 0; trial < 2000; trial++) {
        struct arena *arena = arena_new(0);
        struct link_pair pairs[24], turned[24];
        size_t n = rng_below(&rng, 24);
        for (size_t k = 0; k < n; k++) {
            pairs[k] = (struct link_pair){(int32_t)rng_below(&rng, P), (int32_t)rng_below(&rng, R)};
            if (rng_below(&rng, 10) == 0) {
                pairs[k].rater = -1;
            }
        }
        for (size_t k = 0; k < n; k++) {
            turned[k] = pairs[n - 1 - k];
        }
        struct link *a, *b;
        if (link_find(arena, P, R, pairs, n, &a) == ERR_OK &&
            link_find(arena, P, R, turned, n, &b) == ERR_OK) {
            good += agrees(a, pairs, n);
            same += memcmp(a->person_subset, b->person_subset, P * sizeof(int32_t)) == 0 &&
                    memcmp(a->rater_subset, b->rater_subset, R * sizeof(int32_t)) == 0;
            most = a->n_subsets > most ? a->n_subsets : most;
        }
        arena_free(arena);
    }
    tap_ok(good == 2000, "subsets, degrees and advice agree with a flood fill: %d of 2000", good);
    tap_ok(same == 2000, "the order of the ratings does not matter");
    tap_ok(most >= 4, "some graphs fell apart into %d", most);

    struct arena *arena = arena_new(0);
    struct link_pair bad = {P, 0}, one = {3, 2};
    struct link *link = NULL;
    tap_ok(link_find(arena, P, R, &bad, 1, &link) == ERR_INVALID, "an unknown person is refused");
    tap_ok(link_find(arena, P, R, NULL, 0, &link) == ERR_OK && link->n_subsets == 0, "nothing");
    int failures = 0;
    for (uint64_t n = 1;; n++) {
        arena_fail_after(arena, n);
        enum err err = link_find(arena, P, R, &one, 1, &link);
        arena_fail_after(arena, 0);
        if (err == ERR_OK) {
            break;
        }
        failures += err == ERR_NOMEM ? 1 : 1000;
    }
    tap_ok(failures > 5 && failures < 1000, "every failed allocation is reported: %d", failures);
    arena_free(arena);
    return tap_done();
}
