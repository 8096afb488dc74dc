/* The search for groups of three: thirds put back by assignment, and swaps; see trio.h. */
#include "base/arena.h"
#include "base/rng.h"
#include "base/sort.h"
#include "match/trio_field.h"

#include <stddef.h>
#include <string.h>

#define TRIO_BLOCK 160                     /* groups whose thirds are exchanged at once */
#define TRIO_ROUNDS 400                    /* rounds of exchange at most */
#define TRIO_PATIENCE 30                   /* rounds without a better total before it ends */
#define TRIO_RESTARTS 24                   /* searches of a small set at most */
#define TRIO_RESTART_PEOPLE 240            /* people in all of them together */
#define TRIO_NOTHING (-(INT64_C(1) << 40)) /* a place that the rules forbid */

int64_t trio_field_group_weight(const struct trio_field *field, const struct trio_group *group)
{
    int64_t sum = 0;
    for (int32_t a = 0; a < group->n; a++) {
        for (int32_t b = 0; b < a; b++) {
            sum += trio_field_weight(field, group->member[a], group->member[b]);
        }
    }
    return sum;
}

/* What u brings to the members other than `except` (a person, or -1); TRIO_NOTHING: not allowed. */
static int64_t trio_join(const struct trio_field *field, const struct trio_group *group, int32_t u,
                         int32_t except)
{
    int64_t sum = 0;
    for (int32_t a = 0; a < group->n; a++) {
        if (group->member[a] == except) {
            continue;
        }
        int32_t w = trio_field_weight(field, u, group->member[a]);
        if (w == TRIO_FORBIDDEN) {
            return TRIO_NOTHING;
        }
        sum += w;
    }
    return sum;
}

struct seat {
    int64_t weight;
    int32_t u, v;
};

static int trio_by_weight(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct seat *x = a, *y = b;
    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    return (x->u > y->u) - (x->u < y->u);
}

enum err trio_field_open(struct arena *work, struct trio_field *field, const int32_t *mate)
{
    struct seat *pairs = arena_alloc(work, (size_t)field->n, sizeof *pairs);
    if (!pairs) {
        return ERR_NOMEM;
    }
    size_t n_pairs = 0;
    for (int32_t u = 0; u < field->n; u++) {
        int32_t v = mate ? mate[u] : -1;
        if (v > u && trio_field_weight(field, u, v) != TRIO_FORBIDDEN) {
            pairs[n_pairs++] = (struct seat){trio_field_weight(field, u, v), u, v};
        }
        field->group[u] = -1;
    }
    sort_items(pairs, n_pairs, sizeof *pairs, trio_by_weight, NULL);
    int32_t wanted = (field->n + 2) / 3;
    field->n_groups = 0;
    for (size_t k = 0;
         k < n_pairs && (field->n_groups < wanted || pairs[k].weight >= MATCH_TRIO_TIE); k++) {
        field->group[pairs[k].u] = field->group[pairs[k].v] = field->n_groups;
        field->groups[field->n_groups++] = (struct trio_group){{pairs[k].u, pairs[k].v, -1}, 2};
    }
    for (int32_t u = 0; u < field->n && field->n_groups < wanted; u++) {
        int32_t best = -1;
        for (int32_t v = 0; v < field->n && field->group[u] < 0; v++) {
            if (v != u && field->group[v] < 0 && trio_field_weight(field, u, v) != TRIO_FORBIDDEN &&
                (best < 0 || trio_field_weight(field, u, v) > trio_field_weight(field, u, best))) {
                best = v;
            }
        }
        if (best >= 0) {
            field->group[u] = field->group[best] = field->n_groups;
            field->groups[field->n_groups++] = (struct trio_group){{u, best, -1}, 2};
        }
    }
    return ERR_OK;
}

/* A trio gives one member up for the sake of somebody alone. */
static void trio_split_for(struct trio_field *field, int32_t u)
{
    for (int32_t v = 0; v < field->n && field->group[u] < 0; v++) {
        struct trio_group *g = field->group[v] < 0 ? NULL : &field->groups[field->group[v]];
        bool stays = field->held[v];
        if (v != u && g && g->n == 3 && !stays &&
            trio_field_weight(field, u, v) != TRIO_FORBIDDEN) {
            int32_t k = g->member[0] == v ? 0 : g->member[1] == v ? 1 : 2;
            g->member[k] = g->member[2];
            g->member[2] = -1;
            g->n = 2;
            field->group[u] = field->group[v] = field->n_groups;
            field->groups[field->n_groups++] = (struct trio_group){{u, v, -1}, 2};
        }
    }
}

void trio_field_gather(struct trio_field *field)
{
    for (int32_t u = 0; u < field->n; u++) {
        for (int32_t v = 0; v < field->n && field->group[u] < 0; v++) {
            if (v == u || trio_field_weight(field, u, v) == TRIO_FORBIDDEN) {
                continue;
            }
            if (field->group[v] < 0) {
                field->group[u] = field->group[v] = field->n_groups;
                field->groups[field->n_groups++] = (struct trio_group){{u, v, -1}, 2};
            }
        }
        if (field->group[u] < 0) {
            trio_split_for(field, u);
        }
    }
}

static void trio_remove(struct trio_field *field, int32_t u)
{
    struct trio_group *g = &field->groups[field->group[u]];
    int32_t k = g->member[0] == u ? 0 : g->member[1] == u ? 1 : 2;
    g->member[k] = g->member[g->n - 1];
    g->member[--g->n] = -1;
    field->group[u] = -1;
}

static void trio_insert(struct trio_field *field, int32_t u, int32_t at)
{
    struct trio_group *g = &field->groups[at];
    g->member[g->n++] = u;
    field->group[u] = at;
}

void trio_field_hold(struct trio_field *field, bool *held)
{
    for (int32_t u = 0; u < field->n; u++) {
        for (int32_t v = 0; v < field->n && !held[u]; v++) {
            held[u] = trio_field_weight(field, u, v) >= MATCH_TRIO_TIE;
        }
        int32_t best = -1;
        int64_t most = TRIO_NOTHING;
        for (int32_t g = 0; g < field->n_groups && held[u] && field->group[u] < 0; g++) {
            const struct trio_group *group = &field->groups[g];
            int64_t sum = group->n == 2 ? trio_join(field, group, u, -1) : TRIO_NOTHING;
            best = sum > most ? g : best;
            most = sum > most ? sum : most;
        }
        if (best >= 0) {
            trio_insert(field, u, best);
        }
    }
    field->held = held;
}

bool trio_field_swap(struct trio_field *field)
{
    bool better = false;
    for (int32_t u = 0; u < field->n; u++) {
        for (int32_t v = 0; v < u; v++) {
            int32_t gu = field->group[u], gv = field->group[v];
            if (gu < 0 || gv < 0 || gu == gv) {
                continue;
            }
            struct trio_group *a = &field->groups[gu], *b = &field->groups[gv];
            int64_t now = trio_join(field, a, u, u) + trio_join(field, b, v, v);
            if (trio_join(field, b, u, v) + trio_join(field, a, v, u) > now) {
                trio_remove(field, u);
                trio_remove(field, v);
                trio_insert(field, u, gv);
                trio_insert(field, v, gu);
                better = true;
            } else if (a->n == 3 && b->n == 2 &&
                       trio_join(field, b, u, -1) > trio_join(field, a, u, u)) {
                trio_remove(field, u);
                trio_insert(field, u, gv);
                better = true;
            }
        }
    }
    return better;
}

/* The third members of these groups (and up to as many people who are alone) leave and are put
 * back in the best way. */
static enum err trio_exchange(struct arena *work, struct trio_field *field, const int32_t *blocks,
                              int32_t n_blocks, struct rng *rng, const int32_t *alone,
                              int32_t n_alone)
{
    int32_t out[2 * TRIO_BLOCK], back[2 * TRIO_BLOCK], n_out = 0;
    for (int32_t k = 0; k < n_blocks; k++) {
        struct trio_group *g = &field->groups[blocks[k]];
        if (g->n == 3) {
            uint32_t who = rng_below(rng, 3);
            for (int turn = 0; turn < 2 && field->held[g->member[who]]; turn++) {
                who = (who + 1) % 3;
            }
            if (field->held[g->member[who]]) {
                continue; /* all three stay */
            }
            out[n_out] = g->member[who];
            trio_remove(field, out[n_out++]);
        }
    }
    for (int32_t k = 0; k < n_alone && n_out < n_blocks; k++) {
        out[n_out++] = alone[k];
    }
    struct arena *scratch = arena_child(work);
    int64_t *value =
        scratch ? arena_alloc(scratch, (size_t)n_out * (size_t)n_blocks, sizeof *value) : NULL;
    enum err err = value ? ERR_OK : ERR_NOMEM;
    for (int32_t r = 0; r < n_out && value; r++) {
        for (int32_t k = 0; k < n_blocks; k++) {
            const struct trio_group *g = &field->groups[blocks[k]];
            value[(int64_t)r * n_blocks + k] =
                g->n == 3 ? TRIO_NOTHING : trio_join(field, g, out[r], -1);
        }
    }
    if (err == ERR_OK && n_out > 0) {
        err = trio_assign(scratch, n_out, n_blocks, value, back);
    }
    for (int32_t r = 0; r < n_out && err == ERR_OK; r++) {
        if (value[(int64_t)r * n_blocks + back[r]] >= 0) {
            trio_insert(field, out[r], blocks[back[r]]);
        }
    }
    arena_free(scratch);
    return err;
}

static int64_t trio_total(const struct trio_field *field)
{
    int64_t sum = 0;
    for (int32_t g = 0; g < field->n_groups; g++) {
        sum += trio_field_group_weight(field, &field->groups[g]);
    }
    return sum;
}

/* One exchange over all groups, in random blocks. */
static enum err trio_round(struct arena *work, struct trio_field *field, int32_t *order,
                           int32_t *alone, struct rng *rng)
{
    for (int32_t g = 0; g < field->n_groups; g++) {
        int32_t other = (int32_t)rng_below(rng, (uint32_t)g + 1);
        order[g] = order[other];
        order[other] = g;
    }
    int32_t step = field->n_groups, parts = (step + TRIO_BLOCK - 1) / TRIO_BLOCK;
    for (int32_t p = 0; p < parts; p++) {
        int32_t n_alone = 0;
        for (int32_t u = 0; u < field->n; u++) {
            if (field->group[u] < 0) {
                alone[n_alone++] = u;
            }
        }
        int32_t begin = (int32_t)((int64_t)step * p / parts);
        int32_t end = (int32_t)((int64_t)step * (p + 1) / parts);
        enum err err = trio_exchange(work, field, order + begin, end - begin, rng, alone, n_alone);
        if (err != ERR_OK) {
            return err;
        }
    }
    return ERR_OK;
}

static enum err trio_improve(struct arena *work, struct trio_field *field, uint64_t seed)
{
    int32_t *order = arena_alloc(work, (size_t)field->n, sizeof *order);
    int32_t *alone = arena_alloc(work, (size_t)field->n, sizeof *alone);
    if (!order || !alone) {
        return ERR_NOMEM;
    }
    struct rng rng = rng_seed(seed);
    int64_t best = -1, n = field->n, groups = field->n_groups, spent = 0;
    int64_t each = groups * groups * (groups < TRIO_BLOCK ? groups : TRIO_BLOCK) / 4 + 10 * n;
    for (int quiet = 0, round = 0; round < TRIO_ROUNDS && quiet < TRIO_PATIENCE; round++) {
        enum err err = trio_round(work, field, order, alone, &rng);
        err = err || round % 4 ? err : trio_field_pause(field);
        if (err != ERR_OK) {
            return err;
        }
        if (round % 4 == 0) {
            trio_field_gather(field);
            for (int pass = 0; pass < 8 && trio_field_swap(field); pass++) {
                spent += 5 * n * n;
            }
        }
        int64_t total = trio_total(field);
        quiet = total > best ? 0 : quiet + 1;
        best = total > best ? total : best;
        spent += each;
        if (spent > MATCH_TRIO_WORK && round % 4 == 0) {
            break;
        }
    }
    trio_field_gather(field);
    while (trio_field_swap(field)) {}
    return ERR_OK;
}

/* Opens groups from random pairs instead of a pairing; whom ties hold stay with their mates. */
static enum err trio_open_random(struct arena *work, struct trio_field *field,
                                 const int32_t *before, struct rng *rng)
{
    int32_t *mate = arena_alloc(work, (size_t)field->n, sizeof *mate);
    int32_t *order = arena_alloc(work, (size_t)field->n, sizeof *order);
    if (!mate || !order) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < field->n; u++) {
        int32_t other = (int32_t)rng_below(rng, (uint32_t)u + 1);
        order[u] = order[other];
        order[other] = u;
        mate[u] = -1;
    }
    for (int32_t u = 0; u < field->n && before; u++) {
        if (field->held[u] && before[u] >= 0) {
            mate[u] = before[u];
            mate[before[u]] = u;
        }
    }
    for (int32_t k = 0; k < field->n; k++) {
        int32_t u = order[k], from = (int32_t)rng_below(rng, (uint32_t)field->n);
        for (int32_t m = 0; m < field->n && mate[u] < 0; m++) {
            int32_t v = order[(from + m) % field->n];
            if (v != u && mate[v] < 0 && trio_field_weight(field, u, v) != TRIO_FORBIDDEN) {
                mate[u] = v;
                mate[v] = u;
            }
        }
    }
    return trio_field_open(work, field, mate);
}

static int32_t trio_count_grouped(const struct trio_field *field)
{
    int32_t count = 0;
    for (int32_t u = 0; u < field->n; u++) {
        count += field->group[u] >= 0;
    }
    return count;
}

/* One search; small sets are searched again from random starts and the best is kept. */
static enum err trio_attempts(struct arena *work, struct trio_field *field, const int32_t *mate)
{
    size_t n = (size_t)field->n;
    struct trio_group *groups = arena_alloc(work, n, sizeof *groups);
    int32_t *group = arena_alloc(work, n, sizeof *group);
    bool *held = arena_alloc(work, n, sizeof *held);
    if (!groups || !group || !held) {
        return ERR_NOMEM;
    }
    field->held = held;
    int attempts = TRIO_RESTART_PEOPLE / field->n;
    attempts = attempts < 1 ? 1 : attempts > TRIO_RESTARTS ? TRIO_RESTARTS : attempts;
    struct rng rng = rng_seed(UINT64_C(0x3105) + (uint64_t)field->n);
    int32_t best_grouped = -1, best_n = 0;
    int64_t best_total = -1;
    for (int k = 0; k < attempts; k++) {
        struct arena *scratch = arena_child(work);
        enum err err = !scratch ? ERR_NOMEM
                       : k == 0 ? trio_field_open(scratch, field, mate)
                                : trio_open_random(scratch, field, mate, &rng);
        if (err == ERR_OK) {
            trio_field_hold(field, held);
        }
        if (err == ERR_OK && field->n_groups > 0) {
            err = trio_improve(scratch, field, rng_next(&rng));
        }
        arena_free(scratch);
        if (err != ERR_OK) {
            return err;
        }
        int32_t grouped = trio_count_grouped(field);
        int64_t total = trio_total(field);
        if (grouped > best_grouped || (grouped == best_grouped && total > best_total)) {
            best_grouped = grouped;
            best_total = total;
            best_n = field->n_groups;
            memcpy(groups, field->groups, n * sizeof *groups);
            memcpy(group, field->group, n * sizeof *group);
        }
    }
    field->n_groups = best_n;
    field->held = NULL; /* it ends with `work` */
    memcpy(field->groups, groups, n * sizeof *groups);
    memcpy(field->group, group, n * sizeof *group);
    return ERR_OK;
}

enum err trio_field_search(struct arena *arena, struct trio_field *field, const int32_t *mate)
{
    struct arena *work = arena_child(arena);
    if (!work) {
        return ERR_NOMEM;
    }
    enum err err = trio_attempts(work, field, mate);
    arena_free(work);
    return err;
}
