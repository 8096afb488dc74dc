/* Prices that prove how good any grouping into threes could be; see trio.h.
 *
 * For prices p let r_v be the largest of (w(T) - p(T)) / |T| over the allowed groups T that contain
 * v, at least 0.  Then p + r covers every group, so f(p) = sum p + sum r bounds every grouping; f
 * is convex, and a subgradient is 1 less the share of each member in the groups that define r. */
#include "base/arena.h"
#include "match/trio_field.h"

#include <stddef.h>

#define TRIO_STEPS 400
#define TRIO_LOWER_PEOPLE 1200 /* lowering prices one by one is cubic */
#define SIX 6                  /* r is counted in sixths, so that halves and thirds are whole */

struct best {
    int64_t r; /* in sixths */
    int32_t a, b, c;
};

struct prices {
    const struct trio_field *field;
    double *at;     /* where the steps are */
    int64_t *whole; /* rounded */
    int64_t *kept;  /* the best so far, with r added */
    int64_t kept_sum;
    struct best *best;
    double *slope;
    int64_t work;
};

static void trio_note(struct best *best, int64_t r, int32_t a, int32_t b, int32_t c)
{
    if (r > best->r) {
        *best = (struct best){r, a, b, c};
    }
}

/* r of everybody under the rounded prices. */
static void trio_price_all(struct prices *prices)
{
    const struct trio_field *field = prices->field;
    const int64_t *p = prices->whole;
    int32_t n = field->n;
    for (int32_t v = 0; v < n; v++) {
        prices->best[v] = (struct best){0, -1, -1, -1};
    }
    for (int32_t a = 0; a < n; a++) {
        const int32_t *wa = field->weight + (int64_t)a * n;
        for (int32_t b = 0; b < a; b++) {
            int64_t w = MATCH_DUAL_SCALE * (int64_t)wa[b];
            if (w < 0 || 2 * w <= p[a] + p[b]) {
                continue;
            }
            int64_t base = w - p[a] - p[b], most = INT64_MIN;
            trio_note(&prices->best[a], 3 * base, a, b, -1);
            trio_note(&prices->best[b], 3 * base, a, b, -1);
            const int32_t *wb = field->weight + (int64_t)b * n;
            int32_t third = -1;
            for (int32_t c = 0; c < n; c++) {
                int64_t rc = base + MATCH_DUAL_SCALE * ((int64_t)wa[c] + wb[c]) - p[c];
                if ((wa[c] | wb[c]) < 0) {
                    continue;
                }
                trio_note(&prices->best[c], 2 * rc, a, b, c);
                third = rc > most ? c : third;
                most = rc > most ? rc : most;
            }
            if (third >= 0) {
                trio_note(&prices->best[a], 2 * most, a, b, third);
                trio_note(&prices->best[b], 2 * most, a, b, third);
            }
            prices->work += n;
        }
        prices->work += a;
    }
}

/* Sum of the rounded prices with r added; keeps them when they are the best so far. */
static int64_t trio_value(struct prices *prices, bool *better)
{
    int64_t sum = 0, n = prices->field->n;
    for (int64_t v = 0; v < n; v++) {
        sum += prices->whole[v] + (prices->best[v].r + SIX - 1) / SIX;
    }
    *better = prices->kept_sum < 0 || sum < prices->kept_sum;
    for (int64_t v = 0; v < n && *better; v++) {
        prices->kept[v] = prices->whole[v] + (prices->best[v].r + SIX - 1) / SIX;
    }
    prices->kept_sum = *better ? sum : prices->kept_sum;
    return sum;
}

/* One step against the subgradient, as long as Polyak's rule says for reaching `target`. */
static bool trio_step(struct prices *prices, double value, double target, double scale)
{
    int32_t n = prices->field->n;
    for (int32_t v = 0; v < n; v++) {
        prices->slope[v] = 1;
    }
    for (int32_t v = 0; v < n; v++) {
        const struct best *best = &prices->best[v];
        if (best->r > 0) {
            double share = best->c < 0 ? 1.0 / 2 : 1.0 / 3;
            prices->slope[best->a] -= share;
            prices->slope[best->b] -= share;
            if (best->c >= 0) {
                prices->slope[best->c] -= share;
            }
        }
    }
    double norm = 0;
    for (int32_t v = 0; v < n; v++) {
        norm += prices->slope[v] * prices->slope[v];
    }
    if (norm < 1e-9 || value <= target) {
        return false;
    }
    double step = scale * (value - target) / norm;
    for (int32_t v = 0; v < n; v++) {
        double p = prices->at[v] - step * prices->slope[v];
        prices->at[v] = p > 0 ? p : 0;
        prices->whole[v] = (int64_t)(prices->at[v] + 0.5);
    }
    return true;
}

/* Lowers each price in turn as far as every group allows. */
static void trio_lower(const struct trio_field *field, int64_t *p)
{
    int32_t n = field->n;
    for (int32_t v = 0; v < n; v++) {
        const int32_t *wv = field->weight + (int64_t)v * n;
        int64_t need = 0;
        for (int32_t b = 0; b < n && need < p[v]; b++) {
            if (wv[b] < 0 || b == v) {
                continue;
            }
            const int32_t *wb = field->weight + (int64_t)b * n;
            int64_t base = MATCH_DUAL_SCALE * (int64_t)wv[b] - p[b];
            need = base > need ? base : need;
            for (int32_t c = 0; c < b; c++) {
                int64_t all = base + MATCH_DUAL_SCALE * ((int64_t)wv[c] + wb[c]) - p[c];
                need = (wv[c] | wb[c]) >= 0 && all > need ? all : need;
            }
        }
        p[v] = need < p[v] ? need : p[v];
    }
}

static enum err trio_descend(struct prices *prices, int64_t total)
{
    int32_t n = prices->field->n;
    double scale = 1, target = (double)(MATCH_DUAL_SCALE * total);
    int quiet = 0;
    for (int step = 0; step < TRIO_STEPS && prices->work < MATCH_TRIO_WORK; step++) {
        enum err err = trio_field_pause(prices->field);
        if (err) {
            return err;
        }
        trio_price_all(prices);
        bool better;
        int64_t value = trio_value(prices, &better);
        quiet = better ? 0 : quiet + 1;
        if (quiet == 8) {
            quiet = 0;
            scale /= 2;
        }
        if (!trio_step(prices, (double)value, target, scale)) {
            break;
        }
    }
    if (n <= TRIO_LOWER_PEOPLE) {
        trio_lower(prices->field, prices->kept);
    }
    return ERR_OK;
}

enum err trio_field_bound(struct arena *arena, const struct trio_field *field, int64_t *price)
{
    struct arena *work = arena_child(arena);
    if (!work) {
        return ERR_NOMEM;
    }
    size_t n = (size_t)field->n;
    struct prices prices = {
        .field = field,
        .at = arena_alloc(work, n, sizeof *prices.at),
        .whole = arena_alloc(work, n, sizeof *prices.whole),
        .kept = price,
        .kept_sum = -1,
        .best = arena_alloc(work, n, sizeof *prices.best),
        .slope = arena_alloc(work, n, sizeof *prices.slope),
    };
    if (!prices.at || !prices.whole || !prices.best || !prices.slope) {
        arena_free(work);
        return ERR_NOMEM;
    }
    int64_t total = 0;
    for (int32_t g = 0; g < field->n_groups; g++) {
        const struct trio_group *group = &field->groups[g];
        int64_t weight = trio_field_group_weight(field, group);
        total += weight;
        for (int32_t k = 0; k < group->n; k++) {
            int32_t v = group->member[k];
            prices.at[v] = (double)(MATCH_DUAL_SCALE * weight) / group->n;
            prices.whole[v] = (int64_t)(prices.at[v] + 0.5);
        }
    }
    enum err err = trio_descend(&prices, total);
    arena_free(work);
    return err;
}
