/* The verifier of pairs, and of stability.
 *
 * The blossom term of a pair is the range minimum of zgap[k], the sum of z over the intervals that
 * cover both positions k and k + 1 of the order: intervals nest or are disjoint, so those that
 * cover two positions are those that cover the weakest gap between them.  A sparse table (Bender &
 * Farach-Colton 2000, LATIN, "The LCA problem revisited") answers in constant time. */
#include "match/verify.h"

#include "base/arena.h"
#include "base/clones.h"
#include "base/crew.h"
#include "match/source.h"
#include "match/verify_report.h"

#define DUAL_MAX (MATCH_WEIGHT_MAX * MATCH_DUAL_SCALE * 2) /* no honest dual is larger */
#define LEVELS 32
#define TILE 64   /* people */
#define STRIPES 8 /* pieces of work between two looks at the progress */

/* The blossoms, prepared. */
struct nest {
    int32_t *place;         /* of people: position in the order, -1 when not listed */
    int64_t *least[LEVELS]; /* least[l][k]: minimum of zgap over k .. k + 2^l - 1 */
    int32_t *sorted;        /* blossoms, outer before inner */
    int32_t *outer;         /* of the k-th sorted blossom: its parent among the sorted, -1 */
};

/* What the steps of one check share. */
struct pairs_check {
    const struct match_pair_proof *proof;
    const struct match_check *check;
    struct match_verdict *verdict;
    struct arena *arena;
    struct nest nest;
};

static struct verify_name person(const struct pairs_check *c, int32_t u)
{
    return verify_name_of(c->check->people, "person", u);
}

static enum err mates_check(const struct pairs_check *c)
{
    const struct match_pair_proof *p = c->proof;
    for (int32_t u = 0; u < p->n; u++) {
        int32_t v = p->mate[u];
        if (v < -1 || v >= p->n || v == u) {
            return verify_refuse(c->verdict, "the partner of %s is not a person: %d",
                                 person(c, u).text, (int)v);
        }
        if (v >= 0 && p->mate[v] != u) {
            return verify_refuse(c->verdict, "%s is paired with %s, but not the other way round",
                                 person(c, u).text, person(c, v).text);
        }
    }
    return ERR_OK;
}

/* Sorts the blossoms by begin, then longer first: merge sort from below, no recursion. */
static enum err nest_sort(struct pairs_check *c)
{
    int32_t n = c->proof->n_blossoms;
    const struct match_blossom *b = c->proof->blossoms;
    int32_t *from = arena_alloc(c->arena, (size_t)n, sizeof *from);
    int32_t *to = arena_alloc(c->arena, (size_t)n, sizeof *to);
    if (!from || !to) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < n; k++) {
        from[k] = k;
    }
    for (int64_t run = 1; run < n; run *= 2) {
        for (int64_t low = 0; low < n; low += 2 * run) {
            int64_t mid = low + run < n ? low + run : n, high = mid + run < n ? mid + run : n;
            int64_t x = low, y = mid;
            for (int64_t k = low; k < high; k++) {
                bool right = x >= mid;
                if (x < mid && y < high) {
                    const struct match_blossom *l = &b[from[x]], *r = &b[from[y]];
                    right = r->begin < l->begin || (r->begin == l->begin && r->end > l->end);
                }
                to[k] = right ? from[y++] : from[x++];
            }
        }
        int32_t *swap = from;
        from = to;
        to = swap;
    }
    c->nest.sorted = from;
    return ERR_OK;
}

/* Checks the order and the intervals, and finds each blossom's parent. */
static enum err nest_check(struct pairs_check *c)
{
    const struct match_pair_proof *p = c->proof;
    struct nest *nest = &c->nest;
    if (p->n_order < 0 || p->n_order > p->n || p->n_blossoms < 0 || p->n_blossoms > p->n) {
        return verify_refuse(c->verdict, "the certificate lists too many people or blossoms");
    }
    nest->place = arena_alloc(c->arena, (size_t)p->n, sizeof *nest->place);
    nest->outer = arena_alloc(c->arena, (size_t)p->n_blossoms, sizeof *nest->outer);
    int32_t *open = arena_alloc(c->arena, (size_t)p->n_blossoms, sizeof *open), n_open = 0;
    enum err err = nest->place && nest->outer && open ? nest_sort(c) : ERR_NOMEM;
    if (err) {
        return err;
    }
    for (int32_t u = 0; u < p->n; u++) {
        nest->place[u] = -1;
    }
    for (int32_t k = 0; k < p->n_order; k++) {
        int32_t u = p->order[k];
        if (u < 0 || u >= p->n || nest->place[u] >= 0) {
            return verify_refuse(c->verdict, "the order of the blossoms' people is wrong at %d",
                                 (int)k);
        }
        nest->place[u] = k;
    }
    int32_t reached = 0; /* every listed person must be in some blossom */
    for (int32_t k = 0; k < p->n_blossoms; k++) {
        const struct match_blossom *b = &p->blossoms[nest->sorted[k]];
        if (b->begin < 0 || b->end > p->n_order || b->begin >= b->end ||
            (b->end - b->begin) % 2 == 0 || b->end - b->begin < 3) {
            return verify_refuse(c->verdict, "blossom %d is not an odd set of three or more people",
                                 (int)nest->sorted[k]);
        }
        if (b->z <= 0 || b->z > DUAL_MAX) {
            return verify_refuse(c->verdict, "blossom %d has an impossible value",
                                 (int)nest->sorted[k]);
        }
        while (n_open && p->blossoms[nest->sorted[open[n_open - 1]]].end <= b->begin) {
            n_open--;
        }
        nest->outer[k] = n_open ? open[n_open - 1] : -1;
        if (n_open) {
            const struct match_blossom *outer = &p->blossoms[nest->sorted[open[n_open - 1]]];
            if (outer->end < b->end || (outer->begin == b->begin && outer->end == b->end)) {
                return verify_refuse(c->verdict, "blossoms %d and %d overlap",
                                     (int)nest->sorted[open[n_open - 1]], (int)nest->sorted[k]);
            }
        } else if (b->begin != reached) {
            return verify_refuse(c->verdict, "a listed person is in no blossom");
        } else {
            reached = b->end;
        }
        open[n_open++] = k;
    }
    if (reached != p->n_order) {
        return verify_refuse(c->verdict, "a listed person is in no blossom");
    }
    return ERR_OK;
}

/* The sparse table over the gaps. */
static enum err nest_table(struct pairs_check *c)
{
    const struct match_pair_proof *p = c->proof;
    int64_t *gap = arena_alloc(c->arena, (size_t)p->n_order + 1, sizeof *gap);
    if (!gap) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < p->n_blossoms; k++) {
        const struct match_blossom *b = &p->blossoms[k];
        if (__builtin_add_overflow(gap[b->begin], b->z, &gap[b->begin]) ||
            __builtin_sub_overflow(gap[b->end - 1], b->z, &gap[b->end - 1])) {
            return verify_refuse(c->verdict, "the blossoms' values are too large");
        }
    }
    for (int32_t k = 1; k < p->n_order; k++) {
        if (__builtin_add_overflow(gap[k], gap[k - 1], &gap[k]) || gap[k] > INT64_MAX / 4) {
            return verify_refuse(c->verdict, "the blossoms' values are too large");
        }
    }
    c->nest.least[0] = gap;
    for (int l = 1; l < LEVELS && (INT64_C(1) << l) <= p->n_order; l++) {
        int64_t half = INT64_C(1) << (l - 1), last = p->n_order - 2 * half;
        int64_t *below = c->nest.least[l - 1];
        int64_t *row = arena_alloc(c->arena, (size_t)last + 1, sizeof *row);
        if (!row) {
            return ERR_NOMEM;
        }
        for (int64_t k = 0; k <= last; k++) {
            row[k] = below[k] < below[k + half] ? below[k] : below[k + half];
        }
        c->nest.least[l] = row;
    }
    return ERR_OK;
}

/* The sum of z over the blossoms that contain both, u and v different. */
static int64_t nest_shared(const struct nest *nest, int32_t u, int32_t v)
{
    int32_t a = nest->place[u], b = nest->place[v];
    if (a < 0 || b < 0) {
        return 0;
    }
    int32_t low = a < b ? a : b, high = a < b ? b : a;
    int level = 31 - __builtin_clz((unsigned)(high - low));
    int64_t x = nest->least[level][low], y = nest->least[level][high - (1 << level)];
    return x < y ? x : y;
}

/* Of every blossom exactly one member has a partner outside, or none. */
static enum err exits_check(const struct pairs_check *c)
{
    const struct match_pair_proof *p = c->proof;
    const struct nest *nest = &c->nest;
    int32_t *exits = arena_alloc(c->arena, (size_t)p->n_blossoms, sizeof *exits);
    if (!exits) {
        return ERR_NOMEM;
    }
    int32_t inner = -1, next = 0; /* the innermost blossom at position k, and the next to begin */
    for (int32_t k = 0; k < p->n_order; k++) {
        while (inner >= 0 && p->blossoms[nest->sorted[inner]].end <= k) {
            inner = nest->outer[inner];
        }
        while (next < p->n_blossoms && p->blossoms[nest->sorted[next]].begin == k) {
            inner = next++;
        }
        int32_t v = p->mate[p->order[k]], there = v < 0 ? -1 : nest->place[v];
        for (int32_t b = inner; b >= 0; b = nest->outer[b]) {
            const struct match_blossom *blossom = &p->blossoms[nest->sorted[b]];
            if (there >= blossom->begin && there < blossom->end) {
                break;
            }
            if (++exits[b] > 1) {
                return verify_refuse(c->verdict,
                                     "blossom %d has two members with partners elsewhere",
                                     (int)nest->sorted[b]);
            }
        }
    }
    return ERR_OK; /* an odd set of mutual pairs has one exit at least */
}

/* Adds up the duals; single people must be worth nothing. */
static enum err value_check(const struct pairs_check *c)
{
    const struct match_pair_proof *p = c->proof;
    int64_t sum = 0;
    bool over = false;
    for (int32_t u = 0; u < p->n; u++) {
        if (p->y[u] < 0 || p->y[u] > DUAL_MAX) {
            return verify_refuse(c->verdict, "%s has an impossible value", person(c, u).text);
        }
        if (!c->check->bound_only && p->mate[u] < 0 && p->y[u] > 0) {
            return verify_refuse(c->verdict, "%s has no partner, but the certificate counts on %s",
                                 person(c, u).text,
                                 verify_amount(p->y[u], MATCH_DUAL_SCALE, c->check).text);
        }
        over |= __builtin_add_overflow(sum, p->y[u], &sum);
    }
    for (int32_t k = 0; k < p->n_blossoms; k++) {
        const struct match_blossom *b = &p->blossoms[k];
        int64_t product;
        over |= __builtin_mul_overflow(b->z, (int64_t)(b->end - b->begin - 1) / 2, &product);
        over |= !over && __builtin_add_overflow(sum, product, &sum);
    }
    if (over) {
        return verify_refuse(c->verdict, "the certificate's values are too large");
    }
    if (sum != p->bound) {
        return verify_refuse(c->verdict, "the values add up to %s, the certificate says %s",
                             verify_amount(sum, MATCH_DUAL_SCALE, c->check).text,
                             verify_amount(p->bound, MATCH_DUAL_SCALE, c->check).text);
    }
    c->verdict->bound = sum;
    return ERR_OK;
}

/* Tries one pair. */
static enum err pair_check(const struct pairs_check *c, int32_t u, int32_t v, int64_t *total)
{
    const struct match_pair_proof *p = c->proof;
    int64_t w = c->check->weight(c->check->weight_ctx, u, v);
    bool paired = p->mate[u] == v;
    if (w == MATCH_NO_PAIR) {
        return paired ? verify_refuse(c->verdict, "%s and %s may not be paired", person(c, u).text,
                                      person(c, v).text)
                      : ERR_OK;
    }
    if (w > MATCH_WEIGHT_MAX || w < -MATCH_WEIGHT_MAX) {
        return ERR_RANGE;
    }
    int64_t slack = p->y[u] + p->y[v] - MATCH_DUAL_SCALE * w;
    if (slack < 0 || paired) {
        slack += nest_shared(&c->nest, u, v);
    }
    if (slack < 0) {
        return verify_refuse(c->verdict,
                             "pair %s - %s would gain %s more than the certificate allows",
                             person(c, u).text, person(c, v).text,
                             verify_amount(-slack, MATCH_DUAL_SCALE, c->check).text);
    }
    if (paired && slack > 0 && !c->check->bound_only) {
        return verify_refuse(c->verdict, "pair %s - %s brings %s less than the certificate says",
                             person(c, u).text, person(c, v).text,
                             verify_amount(slack, MATCH_DUAL_SCALE, c->check).text);
    }
    if (paired && __builtin_add_overflow(*total, w, total)) {
        return ERR_RANGE;
    }
    c->verdict->n_served += paired;
    return ERR_OK;
}

static bool told_to_stop(const struct match_check *check, int64_t done, int64_t all)
{
    return check->progress && check->progress(check->progress_ctx, (double)done / (double)all);
}

/* Whether `own` and the values of n people are at least what each pair is worth. */
VECTOR_CLONES
static bool row_is_covered(const int64_t *restrict w, const int64_t *restrict y, int32_t n,
                           int64_t own)
{
    int64_t wrong = 0;
    for (int32_t k = 0; k < n; k++) {
        int64_t of = w[k] < MATCH_WEIGHT_MAX ? w[k] : MATCH_WEIGHT_MAX;
        wrong |= (int64_t)(w[k] > of) | (int64_t)(own + y[k] - MATCH_DUAL_SCALE * of < 0);
    }
    return wrong == 0;
}

/* Tries v with first .. end - 1, all less than v and at most TILE. */
static enum err row_check(const struct pairs_check *c, int32_t v, int32_t first, int32_t end,
                          int64_t *total)
{
    const struct match_pair_proof *p = c->proof;
    int32_t mate = p->mate[v];
    int64_t w[TILE];
    c->check->weights(c->check->weight_ctx, v, first, end, w);
    bool covered =
        (mate < first || mate >= end) && row_is_covered(w, p->y + first, end - first, p->y[v]);
    for (int32_t u = first; u < end && !covered; u++) {
        enum err err = pair_check(c, u, v, total);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

/* Tries the pairs of TILE people from u on with TILE people from v on: what the weights of a tile
 * are made of stays in the processor's cache. */
static enum err tile_check(const struct pairs_check *c, int32_t u, int32_t v, int64_t *total)
{
    int32_t n = c->proof->n, end_u = n - u < TILE ? n : u + TILE;
    int32_t end_v = n - v < TILE ? n : v + TILE;
    for (int32_t b = v; c->check->weights && b < end_v; b++) {
        int32_t end = end_u < b ? end_u : b;
        enum err err = row_check(c, b, u, end, total);
        if (err) {
            return err;
        }
        c->verdict->n_checked += end - u;
    }
    for (int32_t a = u; a < end_u && !c->check->weights; a++) {
        int32_t first = a < v ? v : a + 1;
        for (int32_t b = first; b < end_v; b++) {
            enum err err = pair_check(c, a, b, total);
            if (err) {
                return err;
            }
        }
        c->verdict->n_checked += first < end_v ? end_v - first : 0;
    }
    return ERR_OK;
}

/* TILE people against all behind them: a piece of work. */
struct stripe {
    struct verify_share share; /* first: verify_gather() */
    struct pairs_check check;
    int32_t first;
};

static void stripe_check(void *ctx, uint32_t piece)
{
    struct stripe *s = (struct stripe *)ctx + piece;
    s->check.verdict = &s->share.verdict;
    for (int32_t v = s->first; v < s->check.proof->n && !s->share.err; v += TILE) {
        s->share.err = tile_check(&s->check, s->first, v, &s->share.total);
    }
}

/* STRIPES of them at a time; what the first of them says is said. */
static enum err stripes_check(const struct pairs_check *c, int32_t first, int64_t *total)
{
    struct stripe stripes[STRIPES];
    uint32_t n = 0;
    for (int32_t u = first; u < c->proof->n && n < STRIPES; u += TILE) {
        stripes[n++] = (struct stripe){.check = *c, .first = u};
    }
    crew_run(c->check->crew, n, stripe_check, stripes);
    return verify_gather(c->verdict, stripes, sizeof *stripes, n, total);
}

/* Tries all pairs, then compares the totals. */
static enum err all_check(const struct pairs_check *c)
{
    const struct match_pair_proof *p = c->proof;
    int64_t total = 0;
    for (int32_t u = 0; u < p->n; u += STRIPES * TILE) {
        enum err err = told_to_stop(c->check, u, p->n) ? ERR_LIMIT : stripes_check(c, u, &total);
        if (err) {
            return err;
        }
    }
    c->verdict->total = total;
    if (total != p->total) {
        return verify_refuse(c->verdict, "the pairs add up to %s, the certificate says %s",
                             verify_amount(total, 1, c->check).text,
                             verify_amount(p->total, 1, c->check).text);
    }
    int64_t scaled;
    if (!c->check->bound_only &&
        (__builtin_mul_overflow(total, MATCH_DUAL_SCALE, &scaled) || scaled != p->bound)) {
        return verify_refuse(c->verdict, "the pairs add up to %s, the bound is %s",
                             verify_amount(total, 1, c->check).text,
                             verify_amount(p->bound, MATCH_DUAL_SCALE, c->check).text);
    }
    return ERR_OK;
}

enum err match_verify_pairs(struct arena *arena, const struct match_pair_proof *proof,
                            const struct match_check *check, struct match_verdict *verdict)
{
    *verdict = (struct match_verdict){0};
    struct arena *work = arena_child(arena);
    if (!work) {
        return ERR_NOMEM;
    }
    struct pairs_check c = {.proof = proof, .check = check, .verdict = verdict, .arena = work};
    enum err err = mates_check(&c);
    err = err ? err : nest_check(&c);
    err = err || check->bound_only ? err : exits_check(&c);
    err = err ? err : value_check(&c);
    err = err ? err : nest_table(&c);
    err = err ? err : all_check(&c);
    arena_free(work);
    return err;
}

/* What u has from `mate`: its benefit, or less than anything that may be offered. */
static int64_t has(const struct match_check *check, const int32_t *mate, int32_t u)
{
    return mate[u] < 0 ? -1 : check->weight(check->weight_ctx, u, mate[u]);
}

static enum err stable_pairs_check(int32_t n, const int64_t *have, const struct match_check *check,
                                   struct match_verdict *verdict)
{
    for (int32_t u = 0; u < n; u++) {
        if (u % 64 == 0 && told_to_stop(check, u, n)) {
            return ERR_LIMIT;
        }
        for (int32_t v = u + 1; v < n; v++) {
            int64_t for_u = check->weight(check->weight_ctx, u, v);
            if (for_u <= have[u]) {
                continue;
            }
            int64_t for_v = check->weight(check->weight_ctx, v, u);
            if (for_v > have[v]) {
                return verify_refuse(verdict, "%s and %s would rather have each other",
                                     verify_name_of(check->people, "person", u).text,
                                     verify_name_of(check->people, "person", v).text);
            }
        }
        verdict->n_checked += n - u - 1;
    }
    return ERR_OK;
}

enum err match_verify_stable(struct arena *arena, int32_t n, const int32_t *mate,
                             const struct match_check *check, struct match_verdict *verdict)
{
    *verdict = (struct match_verdict){0};
    struct match_pair_proof pairs = {.n = n, .mate = mate};
    struct pairs_check c = {.proof = &pairs, .check = check, .verdict = verdict};
    enum err err = mates_check(&c);
    if (err) {
        return err;
    }
    struct arena *work = arena_child(arena);
    int64_t *have = work ? arena_alloc(work, (size_t)n, sizeof *have) : NULL;
    err = have ? ERR_OK : ERR_NOMEM;
    for (int32_t u = 0; u < n && !err; u++) {
        have[u] = has(check, mate, u);
        verdict->n_served += mate[u] > u;
        if (mate[u] >= 0 && have[u] == MATCH_NO_PAIR) {
            err = verify_refuse(verdict, "%s and %s may not be paired", person(&c, u).text,
                                person(&c, mate[u]).text);
        } else if (mate[u] >= 0 && have[u] < 0) {
            err = verify_refuse(verdict, "%s would rather stay alone than with %s",
                                person(&c, u).text, person(&c, mate[u]).text);
        }
    }
    err = err ? err : stable_pairs_check(n, have, check, verdict);
    arena_free(work);
    return err;
}
