/* The verifier, with weights one by one and many at once: accepts what the solvers prove, refuses
 * every proof that was touched. */
#include "match/verify.h"

#include "base/crew.h"
#include "base/rng.h"
#include "match/stable.h"
#include "pairing_test.h"
#include "tap.h"
#include "verify_test.h"

#define MOST 40

/* A complete graph by table; some pairs may be forbidden. */
struct people {
    int32_t n;
    int64_t w[MOST][MOST];
    struct match_edge edge[MOST * MOST];
    struct pt_graph graph;
};

static int64_t weight(void *ctx, int32_t u, int32_t v)
{
    struct people *people = ctx;
    return people->w[u][v];
}

static void weights(void *ctx, int32_t v, int32_t first, int32_t end, int64_t *w)
{
    for (int32_t u = first; u < end; u++) {
        int64_t one = weight(ctx, u, v);
        w[u - first] = one == MATCH_NO_PAIR ? 0 : one;
    }
}

/* Few different weights and small odd clusters make blossoms, also nested ones. */
static void people_random(struct people *p, struct rng *rng, int32_t most)
{
    p->n = (int32_t)rng_below(rng, (uint32_t)most + 1);
    uint32_t kind = rng_below(rng, 3), top = kind ? 6 : 1000, size = 3 + 2 * rng_below(rng, 3);
    int64_t m = 0;
    for (int32_t u = 0; u < p->n; u++) {
        p->w[u][u] = MATCH_NO_PAIR;
        for (int32_t v = u + 1; v < p->n; v++) {
            bool near = (uint32_t)u / size == (uint32_t)v / size;
            int64_t w = (int64_t)rng_below(rng, top) + (kind == 2 && near ? 20 : 0);
            bool none = rng_below(rng, 8) == 0 || (kind == 2 && !near && rng_below(rng, 2));
            p->w[u][v] = p->w[v][u] = none ? MATCH_NO_PAIR : w;
            if (!none) {
                p->edge[m++] = (struct match_edge){u, v, w};
            }
        }
    }
    p->graph = (struct pt_graph){p->n, m, p->edge};
}

/* A copy of a proof that may be changed. */
struct copy {
    struct match_pair_proof proof;
    int32_t mate[MOST], order[MOST];
    int64_t y[MOST];
    struct match_blossom blossoms[MOST];
};

static void copy_take(struct copy *copy, const struct match_pair_proof *proof)
{
    copy->proof = *proof;
    for (int32_t u = 0; u < proof->n; u++) {
        copy->mate[u] = proof->mate[u];
        copy->y[u] = proof->y[u];
    }
    for (int32_t k = 0; k < proof->n_order; k++) {
        copy->order[k] = proof->order[k];
    }
    for (int32_t k = 0; k < proof->n_blossoms; k++) {
        copy->blossoms[k] = proof->blossoms[k];
    }
    copy->proof.mate = copy->mate;
    copy->proof.order = copy->order;
    copy->proof.y = copy->y;
    copy->proof.blossoms = copy->blossoms;
}

static int32_t other32(struct rng *rng, int32_t value)
{
    int32_t to = (int32_t)(uint32_t)(uint64_t)other(rng, value);
    return to == value ? (value > 0 ? value - 1 : value + 1) : to;
}

/* Changes one number; false when there is none of that sort. */
static bool mutate(struct copy *c, struct rng *rng, uint32_t what)
{
    struct match_pair_proof *p = &c->proof;
    if (p->n == 0 || (what >= 4 && what < 8 && p->n_blossoms == 0)) {
        return false;
    }
    uint32_t u = rng_below(rng, (uint32_t)p->n);
    uint32_t b = p->n_blossoms ? rng_below(rng, (uint32_t)p->n_blossoms) : 0;
    switch (what) {
    case 0:
        c->mate[u] = rng_below(rng, 2) ? other32(rng, c->mate[u]) : c->mate[u] < 0 ? 0 : -1;
        return true;
    case 1:
        c->y[u] = other(rng, c->y[u]);
        return true;
    case 2:
        p->total = other(rng, p->total);
        return true;
    case 3:
        p->bound = other(rng, p->bound);
        return true;
    case 4:
        c->blossoms[b].z = other(rng, c->blossoms[b].z);
        return true;
    case 5:
        c->blossoms[b].begin = other32(rng, c->blossoms[b].begin);
        return true;
    case 6:
        c->blossoms[b].end = other32(rng, c->blossoms[b].end);
        return true;
    case 7: {
        int32_t *at = &c->order[rng_below(rng, (uint32_t)p->n_order)];
        int32_t to = (int32_t)rng_below(rng, (uint32_t)p->n);
        *at = to == *at ? -1 : to;
        return true;
    }
    case 8:
        p->n_order += rng_below(rng, 2) || p->n_order == 0 ? 1 : -1;
        return p->n_order < MOST;
    default:
        p->n_blossoms += p->n_blossoms == 0 ? MOST : -1;
        return true;
    }
}

static enum err check_pairs(struct arena *arena, struct people *p,
                            const struct match_pair_proof *proof, struct match_verdict *verdict)
{
    struct match_check check = {.weight = weight, .weights = weights, .weight_ctx = p};
    struct match_verdict again;
    enum err err = match_verify_pairs(arena, proof, &check, &again);
    check.weights = NULL;
    enum err one_by_one = match_verify_pairs(arena, proof, &check, verdict);
    bool same = err == one_by_one &&
                (err || (again.total == verdict->total && again.n_checked == verdict->n_checked &&
                         again.n_served == verdict->n_served));
    return same ? err : ERR_BUSY;
}

static void test_pairs(struct arena *arena)
{
    struct rng rng = rng_seed(31);
    static struct people people;
    static struct copy copy;
    int refused = 0, held = 0, tried[10] = {0}, wrong = 0, nested = 0, silent = 0;
    for (int i = 0; i < 1500; i++) {
        struct arena *work = arena_child(arena);
        struct match_pair_proof proof;
        struct match_verdict verdict;
        people_random(&people, &rng, i % 4 ? 13 : MOST);
        if (pt_solve(work, &people.graph, NULL, &proof) ||
            check_pairs(work, &people, &proof, &verdict) || verdict.total != proof.total ||
            verdict.bound != proof.bound ||
            verdict.n_checked != (int64_t)people.n * (people.n - 1) / 2) {
            wrong++;
        }
        nested += proof.n_blossoms > 1;
        for (uint32_t what = 0; what < 10; what++) {
            copy_take(&copy, &proof);
            if (!mutate(&copy, &rng, what)) {
                continue;
            }
            tried[what]++;
            enum err err = check_pairs(work, &people, &copy.proof, &verdict);
            refused += err == ERR_REFUSED;
            held += err != ERR_REFUSED;
            silent += verdict.text[0] == '\0';
        }
        arena_free(work);
    }
    tap_ok(wrong == 0, "1500 proofs are accepted (%d not)", wrong);
    tap_ok(nested > 50, "%d of them with several blossoms", nested);
    tap_ok(held == 0 && silent == 0 && refused > 8000,
           "%d proofs with one changed number are refused with a reason (%d not, %d silent)",
           refused, held, silent);
    int least = tried[0];
    for (int k = 0; k < 10; k++) {
        least = tried[k] < least ? tried[k] : least;
    }
    tap_ok(least > 200, "each sort of change was tried, %d times at least", least);
}

/* Several changes that keep the sums: two checkers that share nothing must agree. */
static void test_second_opinion(struct arena *arena)
{
    struct rng rng = rng_seed(32);
    static struct people people;
    static struct copy copy;
    int differ = 0, accepted = 0, refused = 0;
    for (int i = 0; i < 4000; i++) {
        struct arena *work = arena_child(arena);
        struct match_pair_proof proof;
        struct match_verdict verdict;
        people_random(&people, &rng, 12);
        if (pt_solve(work, &people.graph, NULL, &proof) || people.n < 2) {
            arena_free(work);
            continue;
        }
        copy_take(&copy, &proof);
        uint32_t n = (uint32_t)people.n;
        int32_t u = (int32_t)rng_below(&rng, n), v = (int32_t)rng_below(&rng, n);
        int64_t delta = 1 + rng_below(&rng, 4);
        copy.y[u] += delta;
        copy.y[v] -= delta;
        if (proof.n_blossoms && rng_below(&rng, 2)) {
            /* A blossom's value moved to its members' values, or the other way. */
            struct match_blossom *b = &copy.blossoms[rng_below(&rng, (uint32_t)proof.n_blossoms)];
            copy_take(&copy, &proof);
            int64_t z = rng_below(&rng, 2) ? 2 : -2;
            b->z += z * (b->end - b->begin);
            for (int32_t k = b->begin; k < b->end; k++) {
                copy.y[copy.order[k]] -= z * ((b->end - b->begin - 1) / 2);
            }
        }
        bool holds = check_pairs(work, &people, &copy.proof, &verdict) == ERR_OK;
        differ += holds != (pt_check(&people.graph, &copy.proof) == NULL);
        accepted += holds;
        refused += !holds;
        arena_free(work);
    }
    tap_ok(differ == 0 && accepted > 50 && refused > 500,
           "a second checker agrees (%d differ; %d accepted, %d refused)", differ, accepted,
           refused);
}

static void test_messages(struct arena *arena)
{
    static struct people people = {.n = 4};
    static const struct str names[] = {{"ANA", 3}, {"BEN", 3}, {"CAT", 3}, {"DAN", 3}};
    for (int u = 0; u < 4; u++) {
        for (int v = 0; v < 4; v++) {
            people.w[u][v] = u == v ? MATCH_NO_PAIR : 100;
        }
    }
    people.w[2][3] = people.w[3][2] = MATCH_NO_PAIR;
    int32_t mate[] = {2, 3, 0, 1}, again[] = {1, 0, 3, 2};
    int64_t y[] = {200, 200, 200, 200};
    struct match_pair_proof proof = {.n = 4, .mate = mate, .y = y, .total = 200, .bound = 800};
    struct match_check check = {
        .weight = weight, .weight_ctx = &people, .one = 1000, .people = names};
    struct match_verdict verdict;
    tap_ok(match_verify_pairs(arena, &proof, &check, &verdict) == ERR_OK &&
               verdict.text[0] == '\0' && verdict.n_served == 2 && verdict.n_checked == 6,
           "a small proof holds");
    people.w[0][1] = people.w[1][0] = 112;
    tap_ok(match_verify_pairs(arena, &proof, &check, &verdict) == ERR_REFUSED, "more is possible");
    tap_text(verdict.text, "pair ANA - BEN would gain 0.0120 more than the certificate allows",
             "and who is named");
    check.bound_only = true;
    tap_ok(match_verify_pairs(arena, &proof, &check, &verdict) == ERR_REFUSED, "no bound either");
    y[0] = 248;
    proof.bound = 848;
    tap_ok(match_verify_pairs(arena, &proof, &check, &verdict) == ERR_OK && verdict.total == 200 &&
               verdict.bound == 848,
           "a bound holds without being reached");
    check.bound_only = false;
    tap_ok(match_verify_pairs(arena, &proof, &check, &verdict) == ERR_REFUSED,
           "but proves no best");
    tap_text(verdict.text, "pair ANA - CAT brings 0.0120 less than the certificate says", "why");
    proof.mate = again;
    tap_ok(match_verify_pairs(arena, &proof, &check, &verdict) == ERR_REFUSED, "forbidden pair");
    tap_text(verdict.text, "CAT and DAN may not be paired", "who may not");
    again[0] = 2;
    (void)!match_verify_pairs(arena, &proof, &check, &verdict);
    tap_text(verdict.text, "ANA is paired with CAT, but not the other way round", "one-sided");
    check.people = NULL;
    again[0] = 4;
    (void)!match_verify_pairs(arena, &proof, &check, &verdict);
    tap_text(verdict.text, "the partner of person 0 is not a person: 4", "numbers without names");
    static const char longest[] = "A name of more than forty-seven bytes ends in a char\xC3\xA9";
    struct str odd[] = {{longest, 53}, {longest, 52}, {longest, 51}, {longest, 50}};
    check.people = odd;
    (void)!match_verify_pairs(arena, &proof, &check, &verdict);
    tap_ok(strlen(verdict.text) < MATCH_VERDICT_TEXT, "long names are cut: %s", verdict.text);
}

static void test_stable(struct arena *arena)
{
    struct rng rng = rng_seed(34);
    static struct people people;
    static struct match_wish wishes[MOST * MOST];
    int wrong = 0, own = 0, blocked = 0;
    for (int i = 0; i < 3000; i++) {
        struct arena *work = arena_child(arena);
        people_random(&people, &rng, 12);
        int64_t n = 0;
        for (int32_t u = 0; u < people.n; u++) {
            for (int32_t v = u + 1; v < people.n; v++) {
                if (people.w[u][v] != MATCH_NO_PAIR) {
                    people.w[u][v] = (int64_t)rng_below(&rng, 50);
                    wishes[n++] = (struct match_wish){u, v, people.w[u][v], people.w[v][u]};
                }
            }
        }
        struct match_stable stable;
        struct match_check check = {.weight = weight, .weight_ctx = &people};
        struct match_verdict verdict;
        wrong += match_stable_pairs(work, people.n, wishes, n, &stable) != ERR_OK;
        if (stable.kind == MATCH_STABLE_OWN) {
            own++;
            wrong += match_verify_stable(work, people.n, stable.mate, &check, &verdict) != ERR_OK;
        }
        for (int32_t u = 0; u + 1 < people.n && people.n > 1; u += 2) { /* any other pairs */
            bool may = people.w[u][u + 1] != MATCH_NO_PAIR;
            stable.mate[u] = may ? u + 1 : -1;
            stable.mate[u + 1] = may ? u : -1;
        }
        if (people.n % 2) {
            stable.mate[people.n - 1] = -1;
        }
        int64_t blocking = 0;
        wrong += match_stable_count_blocking(work, people.n, wishes, n, stable.mate,
                                             MATCH_STABLE_OWN, &blocking) != ERR_OK;
        enum err err = match_verify_stable(work, people.n, stable.mate, &check, &verdict);
        wrong += err != (blocking ? ERR_REFUSED : ERR_OK);
        blocked += blocking > 0;
        arena_free(work);
    }
    tap_ok(wrong == 0 && own > 1000 && blocked > 1000, "stability: %d stable, %d blocked, %d wrong",
           own, blocked, wrong);
}

static bool stop_at_once(void *ctx, double done)
{
    (void)ctx;
    return done >= 0;
}

static void test_failures(void)
{
    struct rng rng = rng_seed(35);
    static struct people people;
    struct arena *keep = arena_new(0);
    struct match_pair_proof proof = {0};
    while (proof.n_blossoms < 2) {
        people_random(&people, &rng, MOST);
        (void)!pt_solve(keep, &people.graph, NULL, &proof);
    }
    for (int what = 0; what < 2; what++) {
        enum err err = ERR_NOMEM;
        int n = 0, wrong = 0;
        for (; err == ERR_NOMEM && n < 100; n++) {
            struct arena *arena = arena_new(0);
            struct match_check check = {.weight = weight, .weight_ctx = &people};
            struct match_verdict verdict;
            static const int32_t nobody[MOST] = {-1};
            arena_fail_after(arena, (uint64_t)n + 1);
            err = what == 0 ? match_verify_pairs(arena, &proof, &check, &verdict)
                            : match_verify_stable(arena, 1, nobody, &check, &verdict);
            wrong += arena_bytes(arena) != 0;
            check.progress = stop_at_once;
            arena_fail_after(arena, 0);
            enum err stopped = what == 0 ? match_verify_pairs(arena, &proof, &check, &verdict)
                                         : match_verify_stable(arena, 1, nobody, &check, &verdict);
            wrong += stopped != ERR_LIMIT;
            arena_free(arena);
        }
        tap_ok(err == ERR_OK && n > 2 && wrong == 0, "check %d: %d failures are reported", what,
               n - 1);
    }
    arena_free(keep);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    pt_keep_memory();
    test_pairs(arena);
    test_second_opinion(arena);
    test_messages(arena);
    test_stable(arena);
    test_failures();
    arena_free(arena);
    return tap_done();
}
