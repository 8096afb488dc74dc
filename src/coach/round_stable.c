/* Everybody asks the best of their candidates who does not have a better suitor already; whoever
 * loses their place asks on (Manne & Halappanavar 2014, "New effective multithreaded matching
 * algorithms", IPDPS: the suitor method).  With a strict order of pairs the answer is the greedy
 * one.  Candidates come from the table some at a time. */
#include "coach/round_stable.h"

#include "base/arena.h"
#include "coach/round_table.h"

#define LOOK_EVERY 256 /* people between two looks at the progress */

/* A pair as one of the two sees it. */
struct candidate {
    int32_t joint, other;
};

struct asker {
    struct candidate best[ROUND_STABLE_KEPT]; /* best first */
    int32_t n, at;                            /* at: the next to ask */
    struct candidate last;                    /* all up to this one were candidates */
};

struct asking {
    const struct round *round;
    const int32_t *mate;
    struct asker *askers;
    int32_t *suitor, *weight; /* of everybody: who asks, and for how much; -1: nobody */
    int32_t *place;           /* in the pool */
};

/* Whether u would rather have a than b: the heavier pair, then the one that comes first. */
static bool is_before(int32_t u, struct candidate a, struct candidate b)
{
    if (a.joint != b.joint) {
        return a.joint > b.joint;
    }
    int32_t low_a = u < a.other ? u : a.other, low_b = u < b.other ? u : b.other;
    return low_a != low_b ? low_a < low_b : a.other < b.other;
}

static void keep(struct asker *asker, int32_t u, struct candidate c)
{
    if (asker->n == ROUND_STABLE_KEPT && !is_before(u, c, asker->best[ROUND_STABLE_KEPT - 1])) {
        return;
    }
    int32_t at = asker->n < ROUND_STABLE_KEPT ? asker->n++ : ROUND_STABLE_KEPT - 1;
    for (; at > 0 && is_before(u, c, asker->best[at - 1]); at--) {
        asker->best[at] = asker->best[at - 1];
    }
    asker->best[at] = c;
}

/* The first candidates of everybody, in one pass over the table. */
static enum err look_at_all(const struct asking *a, struct round_steps *steps)
{
    const struct round *round = a->round;
    for (int32_t p = 0; p < round->n_pools; p++) {
        const int32_t *people = round->pool_people + round->pool_begin[p];
        for (int32_t i = 1; i < round->pool_begin[p + 1] - round->pool_begin[p]; i++) {
            const struct round_cell *row = round_table_row(round->table, p, i);
            int32_t u = people[i];
            for (int32_t k = 0; k < i && a->mate[u] < 0; k++) {
                int32_t joint = row[k].higher + row[k].lower, v = people[k];
                if (joint > 0 && a->mate[v] < 0) {
                    keep(&a->askers[u], u, (struct candidate){joint, v});
                    keep(&a->askers[v], v, (struct candidate){joint, u});
                }
            }
            if (i % LOOK_EVERY == 0 && round_step(steps, (double)u / round->n)) {
                return ERR_LIMIT;
            }
        }
    }
    return ERR_OK;
}

/* Whether u is better for whom it would ask than who asks there now.  Once not, never: suitors only
 * become better. */
static bool is_welcome(const struct asking *a, int32_t u, struct candidate c)
{
    struct candidate theirs = {a->weight[c.other], a->suitor[c.other]};
    return theirs.other < 0 || is_before(c.other, (struct candidate){c.joint, u}, theirs);
}

/* The next candidates of one person, behind all those that were: only where they are welcome, so
 * that a list lasts. */
static void look_again(const struct asking *a, int32_t u)
{
    const struct round *round = a->round;
    struct asker *asker = &a->askers[u];
    int32_t p = round->pool[u], i = a->place[u];
    const int32_t *people = round->pool_people + round->pool_begin[p];
    asker->n = asker->at = 0;
    for (int32_t k = 0; k < round->pool_begin[p + 1] - round->pool_begin[p]; k++) {
        if (k == i || a->mate[people[k]] >= 0) {
            continue;
        }
        struct round_cell cell =
            k < i ? round_table_row(round->table, p, i)[k] : round_table_row(round->table, p, k)[i];
        struct candidate c = {cell.higher + cell.lower, people[k]};
        if (c.joint > 0 && is_welcome(a, u, c) && is_before(u, asker->last, c)) {
            keep(asker, u, c);
        }
    }
}

/* The next whom u asks: somebody who has no better suitor.  false: nobody is left. */
static bool ask(const struct asking *a, int32_t u, struct candidate *found)
{
    struct asker *asker = &a->askers[u];
    for (;;) {
        for (; asker->at < asker->n; asker->at++) {
            struct candidate c = asker->best[asker->at];
            asker->last = c;
            if (is_welcome(a, u, c)) {
                asker->at++;
                *found = c;
                return true;
            }
        }
        if (asker->n < ROUND_STABLE_KEPT) {
            return false; /* the table had no more */
        }
        look_again(a, u);
    }
}

static enum err ask_all(const struct asking *a, struct round_steps *steps)
{
    int32_t n = a->round->n;
    for (int32_t first = 0; first < n; first++) {
        struct candidate c;
        for (int32_t u = first; u >= 0 && a->mate[first] < 0 && ask(a, u, &c);) {
            int32_t robbed = a->suitor[c.other];
            a->suitor[c.other] = u;
            a->weight[c.other] = c.joint;
            u = robbed;
        }
        if (first % LOOK_EVERY == 0 && round_step(steps, (double)first / n)) {
            return ERR_LIMIT;
        }
    }
    return ERR_OK;
}

enum err round_stable_joint(struct arena *arena, const struct round *round,
                            struct round_steps *steps, int32_t *mate)
{
    struct arena *work = arena_child(arena);
    size_t n = (size_t)round->n + 1;
    struct asking a = {.round = round, .mate = mate};
    if (work) {
        a.askers = arena_alloc(work, n, sizeof *a.askers);
        a.suitor = arena_alloc(work, n, sizeof *a.suitor);
        a.weight = arena_alloc(work, n, sizeof *a.weight);
        a.place = arena_alloc(work, n, sizeof *a.place);
    }
    enum err err = a.askers && a.suitor && a.weight && a.place ? ERR_OK : ERR_NOMEM;
    for (int32_t u = 0; u < round->n && !err; u++) {
        a.suitor[u] = -1;
    }
    for (int32_t p = 0; p < round->n_pools && !err; p++) {
        for (int32_t k = round->pool_begin[p]; k < round->pool_begin[p + 1]; k++) {
            a.place[round->pool_people[k]] = k - round->pool_begin[p];
        }
    }
    round_steps_pass(steps);
    err = err ? err : look_at_all(&a, steps);
    round_steps_pass(steps);
    err = err ? err : ask_all(&a, steps);
    for (int32_t u = 0; u < round->n && !err; u++) {
        int32_t v = a.suitor[u];
        if (v > u && a.suitor[v] == u) {
            mate[u] = v;
            mate[v] = u;
        }
    }
    arena_free(work);
    return err;
}
