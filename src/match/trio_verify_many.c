/* The check of a grouping of very many people and its prices, with weights asked for one by one.
 * Shares nothing with the search but the header.
 *
 * A group of three that is worth more than its prices contains a pair with 2 w > u_a + u_b: the
 * sum of 2 w - u_a - u_b over its three pairs is twice what it is worth beyond its prices.  So all
 * pairs are tried, and with each such pair every third person. */
#include "base/arena.h"
#include "base/crew.h"
#include "match/trio.h"

#include <stddef.h>

#define TILE 64    /* people a side: their profiles stay in the processor's cache */
#define STRIPES 16 /* rows of tiles between two looks at `pause` */

struct trio_check {
    const struct match_trio *trio;
    const struct match_trio_people *people;
};

struct stripe {
    const struct trio_check *check;
    int32_t first, who;
    int64_t n_checked;
    enum err err;
};

static int32_t weigh(const struct trio_check *c, int32_t u, int32_t v)
{
    return c->people->weight(c->people->weight_ctx, u < v ? u : v, u < v ? v : u);
}

/* Whether a and b with any third person are worth more than the three prices. */
static bool third_too_many(const struct trio_check *c, int32_t a, int32_t b, int64_t left)
{
    for (int32_t k = 0; k < c->people->n; k++) {
        int32_t one = k == a || k == b ? -1 : weigh(c, a, k);
        int32_t other = one < 0 ? -1 : weigh(c, b, k);
        if (other >= 0 && MATCH_DUAL_SCALE * ((int64_t)one + other) > left + c->trio->price[k]) {
            return true;
        }
    }
    return false;
}

/* Pairs of `a` with those of the tile that begins at `first`. */
static enum err row_check(const struct trio_check *c, int32_t a, int32_t first, int64_t *n_checked)
{
    const int64_t *p = c->trio->price;
    int32_t end = first + TILE < a ? first + TILE : a, weights[TILE];
    match_trio_weigh(c->people, a, first, end, weights);
    for (int32_t b = first; b < end; b++) {
        int32_t weight = weights[b - first];
        int64_t w = MATCH_DUAL_SCALE * (int64_t)weight;
        if (weight > MATCH_TRIO_WEIGHT_MAX) {
            return ERR_RANGE;
        }
        *n_checked += weight >= 0;
        if (weight < 0 || 2 * w <= p[a] + p[b]) {
            continue;
        }
        int64_t left = p[a] + p[b] - w;
        if (left < 0 || third_too_many(c, a, b, left)) {
            return ERR_REFUSED;
        }
    }
    return ERR_OK;
}

static void stripe_check(void *ctx, uint32_t piece)
{
    struct stripe *s = (struct stripe *)ctx + piece;
    int32_t end = s->first + TILE < s->check->people->n ? s->first + TILE : s->check->people->n;
    for (int32_t from = 0; from < end; from += TILE) {
        for (int32_t a = s->first; a < end && !s->err; a++) {
            s->who = a;
            s->err = row_check(s->check, a, from, &s->n_checked);
        }
    }
}

static enum err prices_check(const struct trio_check *c, int32_t *who, int64_t *n_checked)
{
    const struct match_trio_people *people = c->people;
    for (int32_t from = 0; from < people->n;) {
        struct stripe stripes[STRIPES];
        uint32_t n = 0;
        for (; n < STRIPES && from < people->n; from += TILE) {
            stripes[n++] = (struct stripe){.check = c, .first = from};
        }
        crew_run(people->crew, n, stripe_check, stripes);
        for (uint32_t k = 0; k < n; k++) {
            *who = stripes[k].who;
            if (stripes[k].err) {
                return stripes[k].err;
            }
            *n_checked += stripes[k].n_checked;
        }
        if (people->pause && people->pause(people->pause_ctx)) {
            return ERR_LIMIT;
        }
    }
    return ERR_OK;
}

/* Members of the groups, in `member` (3 for each); sizes, prices and their sum. */
static enum err members_check(const struct match_trio *trio, int32_t *size, int32_t *member,
                              int32_t *who)
{
    int64_t bound = 0;
    for (int32_t u = 0; u < trio->n; u++) {
        int32_t g = trio->group[u];
        *who = u;
        if (g < -1 || g >= trio->n_groups || g >= trio->n || (g >= 0 && size[g] == 3) ||
            trio->price[u] < 0 || trio->price[u] > INT64_MAX / 4 - bound) {
            return ERR_REFUSED;
        }
        bound += trio->price[u];
        if (g >= 0) {
            member[3 * (int64_t)g + size[g]++] = u;
        }
    }
    *who = -1;
    return bound == trio->bound ? ERR_OK : ERR_REFUSED;
}

/* Groups are allowed and add up to the total. */
static enum err groups_check(struct arena *work, const struct trio_check *c, int32_t *who)
{
    const struct match_trio *trio = c->trio;
    int32_t *size = arena_alloc(work, (size_t)trio->n + 1, sizeof *size);
    int32_t *member = arena_alloc(work, 3 * (size_t)trio->n + 3, sizeof *member);
    if (!size || !member) {
        return ERR_NOMEM;
    }
    enum err err = members_check(trio, size, member, who);
    int64_t total = 0;
    for (int32_t g = 0; g < trio->n_groups && g < trio->n && !err; g++) {
        const int32_t *of = member + 3 * (int64_t)g;
        for (int32_t i = 0; i < size[g] && !err; i++) {
            *who = of[i];
            err = size[g] < 2 ? ERR_REFUSED : ERR_OK;
            for (int32_t k = 0; k < i && !err; k++) {
                int32_t w = weigh(c, of[k], of[i]);
                err = w < 0 ? ERR_REFUSED : ERR_OK;
                total += w;
            }
        }
    }
    if (!err) {
        *who = -1;
        err = total == trio->total ? ERR_OK : ERR_REFUSED;
    }
    return err;
}

enum err match_trio_verify_many(struct arena *arena, const struct match_trio *trio,
                                const struct match_trio_people *people, int32_t *who,
                                int64_t *n_checked)
{
    struct arena *work = arena_child(arena);
    const struct trio_check check = {trio, people};
    *who = -1;
    *n_checked = 0;
    enum err err = !work ? ERR_NOMEM : trio->n != people->n ? ERR_INVALID : ERR_OK;
    err = err ? err : groups_check(work, &check, who);
    err = err ? err : prices_check(&check, who, n_checked);
    if (!err) {
        *who = -1;
    }
    arena_free(work);
    return err;
}
