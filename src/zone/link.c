/* Connected subsets; see link.h. */
#include "zone/link.h"

#include "base/arena.h"

#include <stdbool.h>

struct work {
    int32_t n_people, n_raters;
    int32_t *root;  /* n_people + n_raters */
    int32_t *count; /* per root */
    int32_t *mark;  /* n_raters: last person counted for the rater, plus 1 */
    size_t *at;     /* n_people + 1 */
    int32_t *rater; /* raters by person */
};

static int32_t link_root(int32_t *root, int32_t i)
{
    while (root[i] != i) {
        root[i] = root[root[i]];
        i = root[i];
    }
    return i;
}

static bool link_known(const struct link_pair *pair)
{
    return pair->person >= 0 && pair->rater >= 0;
}

static enum err link_work(struct arena *arena, struct work *work, const struct link_pair *pairs,
                          size_t n_pairs)
{
    size_t n = (size_t)work->n_people + (size_t)work->n_raters;
    work->root = arena_alloc(arena, n, sizeof *work->root);
    work->count = arena_alloc(arena, n, sizeof *work->count);
    work->mark = arena_alloc(arena, (size_t)work->n_raters, sizeof *work->mark);
    work->at = arena_alloc(arena, (size_t)work->n_people + 2, sizeof *work->at);
    work->rater = arena_alloc(arena, n_pairs, sizeof *work->rater);
    if (!work->root || !work->count || !work->mark || !work->at || !work->rater) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        work->root[i] = (int32_t)i;
    }
    for (size_t k = 0; k < n_pairs; k++) {
        if (!link_known(&pairs[k])) {
            continue;
        }
        int32_t a = link_root(work->root, pairs[k].person);
        int32_t b = link_root(work->root, work->n_people + pairs[k].rater);
        /* The lower index is the root, so the order of the pairs does not matter. */
        work->root[a > b ? a : b] = a > b ? b : a;
        work->at[pairs[k].person + 2]++;
    }
    for (int32_t p = 0; p < work->n_people; p++) {
        work->at[p + 2] += work->at[p + 1];
    }
    for (size_t k = 0; k < n_pairs; k++) {
        if (link_known(&pairs[k])) {
            work->rater[work->at[pairs[k].person + 1]++] = pairs[k].rater;
        }
    }
    return ERR_OK;
}

static void link_degrees(const struct work *work, struct link *link)
{
    for (int32_t p = 0; p < work->n_people; p++) {
        for (size_t k = work->at[p]; k < work->at[p + 1]; k++) {
            int32_t rater = work->rater[k];
            if (work->mark[rater] != p + 1) {
                work->mark[rater] = p + 1;
                link->person_raters[p]++;
                link->rater_people[rater]++;
            }
        }
    }
    for (int32_t p = 0; p < work->n_people; p++) {
        link->n_thin_people += link->person_raters[p] > 0 && link->person_raters[p] < LINK_WANTED;
    }
    for (int32_t r = 0; r < work->n_raters; r++) {
        link->n_thin_raters += link->rater_people[r] > 0 && link->rater_people[r] < LINK_WANTED;
    }
}

/* Numbers the subsets; a subset's root is its lowest person, so people come in order. */
static void link_number(const struct work *work, struct link *link)
{
    for (int32_t p = 0; p < work->n_people; p++) {
        link->person_subset[p] = -1;
        if (link->person_raters[p] > 0) {
            int32_t root = link_root(work->root, p);
            if (root == p) {
                work->count[root] = link->n_subsets++;
            }
            link->person_subset[p] = work->count[root];
        }
    }
    for (int32_t r = 0; r < work->n_raters; r++) {
        link->rater_subset[r] =
            link->rater_people[r] ? work->count[link_root(work->root, work->n_people + r)] : -1;
    }
}

static enum err link_advise(struct arena *arena, const struct work *work, struct link *link)
{
    link->subset_people = arena_alloc(arena, (size_t)link->n_subsets, sizeof *link->subset_people);
    link->advice = arena_alloc(arena, (size_t)link->n_subsets, sizeof *link->advice);
    if (!link->subset_people || !link->advice) {
        return ERR_NOMEM;
    }
    int32_t largest = 0, person = -1;
    for (int32_t p = 0; p < work->n_people; p++) {
        if (link->person_subset[p] >= 0) {
            link->subset_people[link->person_subset[p]]++;
        }
    }
    for (int32_t s = 1; s < link->n_subsets; s++) {
        largest = link->subset_people[s] > link->subset_people[largest] ? s : largest;
    }
    for (int32_t p = 0; p < work->n_people; p++) {
        if (link->person_subset[p] == largest &&
            (person < 0 || link->person_raters[p] < link->person_raters[person])) {
            person = p;
        }
    }
    for (int32_t s = 0; s < link->n_subsets; s++) {
        link->advice[s] = (struct link_advice){-1, person, s};
    }
    for (int32_t r = 0; r < work->n_raters; r++) {
        if (link->rater_subset[r] >= 0) {
            struct link_advice *advice = &link->advice[link->rater_subset[r]];
            if (advice->rater < 0 || link->rater_people[r] > link->rater_people[advice->rater]) {
                advice->rater = r;
            }
        }
    }
    for (int32_t s = 0; s < link->n_subsets; s++) {
        if (s != largest) {
            link->advice[link->n_advice++] = link->advice[s];
        }
    }
    return ERR_OK;
}

enum err link_find(struct arena *arena, int32_t n_people, int32_t n_raters,
                   const struct link_pair *pairs, size_t n_pairs, struct link **out)
{
    for (size_t k = 0; k < n_pairs; k++) {
        if (pairs[k].person >= n_people || pairs[k].rater >= n_raters) {
            return ERR_INVALID;
        }
    }
    struct link *link = arena_alloc(arena, 1, sizeof *link);
    struct arena *scratch = arena_child(arena);
    struct work work = {.n_people = n_people, .n_raters = n_raters};
    enum err err = link && scratch ? link_work(scratch, &work, pairs, n_pairs) : ERR_NOMEM;
    if (err == ERR_OK) {
        link->person_subset = arena_alloc(arena, (size_t)n_people, sizeof(int32_t));
        link->rater_subset = arena_alloc(arena, (size_t)n_raters, sizeof(int32_t));
        link->person_raters = arena_alloc(arena, (size_t)n_people, sizeof(int32_t));
        link->rater_people = arena_alloc(arena, (size_t)n_raters, sizeof(int32_t));
        if (!link->person_subset || !link->rater_subset || !link->person_raters ||
            !link->rater_people) {
            err = ERR_NOMEM;
        } else {
            link_degrees(&work, link);
            link_number(&work, link);
            err = link_advise(arena, &work, link);
        }
    }
    arena_free(scratch);
    if (err == ERR_OK) {
        *out = link;
    }
    return err;
}
