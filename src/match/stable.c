/* Stable pairs: Irving's two phases on sorted lists with lazy deletion; see stable.h.
 *
 * Every wish is two arcs, u -> v in the list of u and its twin v -> u in the list of v.  A deleted
 * arc stays in place with its `dead` mark; `head` and `tail` of a list only move inwards, so all
 * deletions and scans together cost O(m). */
#include "match/stable.h"

#include "base/arena.h"
#include "base/sort.h"

#include <stdbool.h>
#include <stddef.h>

struct arc {
    int64_t own, joint;
    int32_t from, to;
    int64_t wish;
};

struct lists {
    int32_t n;
    const struct arc *arc;
    int64_t *begin; /* n + 1 */
    int64_t *head, *tail;
    int64_t *second; /* a position behind which the second living arc stands */
    int64_t *twin;
    bool *dead;
};

static int stable_by_wish(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct arc *x = a, *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->own != y->own) {
        return x->own > y->own ? -1 : 1;
    }
    if (x->joint != y->joint) {
        return x->joint > y->joint ? -1 : 1;
    }
    return (x->to > y->to) - (x->to < y->to);
}

static enum err stable_check(struct arena *work, int32_t n, const struct match_wish *wishes,
                             int64_t n_wishes)
{
    int32_t *seen = arena_alloc(work, (size_t)n, sizeof *seen);
    int64_t *begin = arena_alloc(work, (size_t)n + 2, sizeof *begin);
    int32_t *to = arena_alloc(work, (size_t)n_wishes, sizeof *to);
    if (!seen || !begin || !to) {
        return ERR_NOMEM;
    }
    for (int64_t k = 0; k < n_wishes; k++) {
        const struct match_wish *w = &wishes[k];
        if (w->u < 0 || w->v < 0 || w->u >= n || w->v >= n || w->u == w->v || w->gain_u < 0 ||
            w->gain_v < 0) {
            return ERR_INVALID;
        }
        begin[(w->u < w->v ? w->u : w->v) + 2]++;
    }
    for (int32_t u = 0; u < n; u++) {
        begin[u + 2] += begin[u + 1];
    }
    for (int64_t k = 0; k < n_wishes; k++) {
        const struct match_wish *w = &wishes[k];
        bool forward = w->u < w->v;
        to[begin[(forward ? w->u : w->v) + 1]++] = forward ? w->v : w->u;
    }
    for (int32_t u = 0; u < n; u++) {
        for (int64_t k = begin[u]; k < begin[u + 1]; k++) {
            if (seen[to[k]] == u + 1) {
                return ERR_INVALID;
            }
            seen[to[k]] = u + 1;
        }
    }
    return ERR_OK;
}

static enum err stable_build(struct arena *work, int32_t n, const struct match_wish *wishes,
                             int64_t n_wishes, struct lists *lists)
{
    size_t n_arcs = 2 * (size_t)n_wishes;
    struct arc *arc = arena_alloc(work, n_arcs, sizeof *arc);
    int64_t *place = arena_alloc(work, n_arcs, sizeof *place);
    *lists = (struct lists){
        .n = n,
        .arc = arc,
        .begin = arena_alloc(work, (size_t)n + 1, sizeof *lists->begin),
        .head = arena_alloc(work, (size_t)n, sizeof *lists->head),
        .tail = arena_alloc(work, (size_t)n, sizeof *lists->tail),
        .second = arena_alloc(work, (size_t)n, sizeof *lists->second),
        .twin = arena_alloc(work, n_arcs, sizeof *lists->twin),
        .dead = arena_alloc(work, n_arcs, sizeof *lists->dead),
    };
    if (!arc || !place || !lists->begin || !lists->head || !lists->tail || !lists->second ||
        !lists->twin || !lists->dead) {
        return ERR_NOMEM;
    }
    for (int64_t k = 0; k < n_wishes; k++) {
        const struct match_wish *w = &wishes[k];
        int64_t joint = w->gain_u + w->gain_v;
        arc[2 * k] = (struct arc){w->gain_u, joint, w->u, w->v, k};
        arc[2 * k + 1] = (struct arc){w->gain_v, joint, w->v, w->u, k};
        lists->begin[w->u + 1]++;
        lists->begin[w->v + 1]++;
    }
    sort_items(arc, n_arcs, sizeof *arc, stable_by_wish, NULL);
    for (size_t k = 0; k < n_arcs; k++) {
        place[k] = -1;
    }
    for (size_t k = 0; k < n_arcs; k++) {
        int64_t *first = &place[arc[k].wish];
        if (*first < 0) {
            *first = (int64_t)k;
        } else {
            lists->twin[k] = *first;
            lists->twin[*first] = (int64_t)k;
        }
    }
    for (int32_t u = 0; u < n; u++) {
        lists->begin[u + 1] += lists->begin[u];
        lists->head[u] = lists->second[u] = lists->begin[u];
        lists->tail[u] = lists->begin[u + 1];
    }
    return ERR_OK;
}

/* The first living arc of u, or -1. */
static int64_t stable_first(struct lists *lists, int32_t u)
{
    while (lists->head[u] < lists->tail[u] && lists->dead[lists->head[u]]) {
        lists->head[u]++;
    }
    return lists->head[u] < lists->tail[u] ? lists->head[u] : -1;
}

static int64_t stable_second(struct lists *lists, int32_t u)
{
    int64_t first = stable_first(lists, u);
    if (first < 0) {
        return -1;
    }
    if (lists->second[u] <= first) {
        lists->second[u] = first + 1;
    }
    while (lists->second[u] < lists->tail[u] && lists->dead[lists->second[u]]) {
        lists->second[u]++;
    }
    return lists->second[u] < lists->tail[u] ? lists->second[u] : -1;
}

static int64_t stable_last(struct lists *lists, int32_t u)
{
    while (lists->tail[u] > lists->head[u] && lists->dead[lists->tail[u] - 1]) {
        lists->tail[u]--;
    }
    return lists->tail[u] > lists->head[u] ? lists->tail[u] - 1 : -1;
}

/* v holds the arc `kept` of its own list: everything behind it goes, on both sides. */
static void stable_cut_behind(struct lists *lists, int32_t v, int64_t kept)
{
    for (int64_t k = stable_last(lists, v); k > kept; k = stable_last(lists, v)) {
        lists->dead[k] = lists->dead[lists->twin[k]] = true;
    }
}

/* Phase 1: everybody proposes down their list until somebody holds them.  A proposal to v deletes
 * all that v likes less, so whoever v held before finds their arc dead and proposes again. */
static enum err stable_propose(struct arena *work, struct lists *lists)
{
    int32_t *todo = arena_alloc(work, (size_t)lists->n, sizeof *todo);
    int32_t *holds = arena_alloc(work, (size_t)lists->n, sizeof *holds);
    if (!todo || !holds) {
        return ERR_NOMEM;
    }
    int32_t n_todo = 0;
    for (int32_t u = lists->n; u-- > 0;) {
        todo[n_todo++] = u;
        holds[u] = -1;
    }
    while (n_todo > 0) {
        int32_t u = todo[n_todo - 1];
        int64_t k = stable_first(lists, u);
        if (k < 0) {
            n_todo--;
            continue;
        }
        int32_t v = lists->arc[k].to;
        int32_t before = holds[v];
        holds[v] = u;
        stable_cut_behind(lists, v, lists->twin[k]);
        if (before >= 0 && before != u) {
            todo[n_todo - 1] = before;
        } else {
            n_todo--;
        }
    }
    return ERR_OK;
}

/* Phase 2: walks x -> last(second(x)) until a person returns, then removes the rotation found.
 * The walk's tail before the cycle stays valid for the next search.  `empty` receives a person
 * whose list ran empty, or -1. */
static enum err stable_rotate(struct arena *work, struct lists *lists, int32_t *empty)
{
    int32_t *walk = arena_alloc(work, (size_t)lists->n + 1, sizeof *walk);
    int32_t *at = arena_alloc(work, (size_t)lists->n, sizeof *at);
    if (!walk || !at) {
        return ERR_NOMEM;
    }
    *empty = -1;
    int32_t n_walk = 0;
    for (int32_t start = 0; start < lists->n;) {
        if (n_walk == 0) {
            if (stable_second(lists, start) < 0) {
                start++;
                continue;
            }
            walk[n_walk++] = start;
            at[start] = n_walk;
        }
        int32_t x = walk[n_walk - 1];
        int32_t y = lists->arc[stable_second(lists, x)].to;
        int32_t next = lists->arc[stable_last(lists, y)].to;
        if (at[next] == 0) {
            walk[n_walk++] = next;
            at[next] = n_walk;
            continue;
        }
        /* Members walk[from ..]: each moves to its second choice, who drops all it likes less. */
        int32_t from = at[next] - 1;
        for (int32_t k = from; k < n_walk; k++) {
            int64_t second = stable_second(lists, walk[k]);
            int64_t first = stable_first(lists, walk[k]);
            lists->dead[first] = lists->dead[lists->twin[first]] = true;
            at[walk[k]] = -(int32_t)lists->arc[second].to - 1;
        }
        for (int32_t k = from; k < n_walk; k++) {
            int64_t first = stable_first(lists, walk[k]);
            int32_t y_k = -at[walk[k]] - 1;
            at[walk[k]] = 0;
            if (first < 0 || lists->arc[first].to != y_k) {
                *empty = walk[k];
                return ERR_OK;
            }
            stable_cut_behind(lists, y_k, lists->twin[first]);
        }
        n_walk = from;
        /* The cut may have emptied a list of someone outside the rotation, or shortened the walk.
         */
        while (n_walk > 0 && stable_second(lists, walk[n_walk - 1]) < 0) {
            at[walk[--n_walk]] = 0;
        }
    }
    return ERR_OK;
}

static int stable_by_weight(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct arc *x = a, *y = b;
    if (x->joint != y->joint) {
        return x->joint > y->joint ? -1 : 1;
    }
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    return (x->to > y->to) - (x->to < y->to);
}

static enum err stable_joint(struct arena *work, const struct match_wish *wishes, int64_t n_wishes,
                             int32_t *mate)
{
    struct arc *pair = arena_alloc(work, (size_t)n_wishes, sizeof *pair);
    if (!pair) {
        return ERR_NOMEM;
    }
    for (int64_t k = 0; k < n_wishes; k++) {
        const struct match_wish *w = &wishes[k];
        bool forward = w->u < w->v;
        pair[k] =
            (struct arc){0, w->gain_u + w->gain_v, forward ? w->u : w->v, forward ? w->v : w->u, k};
    }
    sort_items(pair, (size_t)n_wishes, sizeof *pair, stable_by_weight, NULL);
    for (int64_t k = 0; k < n_wishes; k++) {
        if (mate[pair[k].from] < 0 && mate[pair[k].to] < 0) {
            mate[pair[k].from] = pair[k].to;
            mate[pair[k].to] = pair[k].from;
        }
    }
    return ERR_OK;
}

static enum err stable_solve(struct arena *work, int32_t n, const struct match_wish *wishes,
                             int64_t n_wishes, struct match_stable *out)
{
    struct lists lists;
    enum err err = stable_check(work, n, wishes, n_wishes);
    if (err != ERR_OK) {
        return err;
    }
    err = stable_build(work, n, wishes, n_wishes, &lists);
    if (err != ERR_OK) {
        return err;
    }
    err = stable_propose(work, &lists);
    if (err != ERR_OK) {
        return err;
    }
    bool *listed = arena_alloc(work, (size_t)n, sizeof *listed);
    if (!listed) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < n; u++) {
        listed[u] = stable_first(&lists, u) >= 0;
        out->mate[u] = -1;
    }
    err = stable_rotate(work, &lists, &out->odd_person);
    if (err != ERR_OK) {
        return err;
    }
    for (int32_t u = 0; u < n && out->odd_person < 0; u++) {
        if (listed[u] && stable_first(&lists, u) < 0) {
            out->odd_person = u; /* whoever phase 1 left with a list is in every stable pairing */
        }
    }
    out->kind = out->odd_person < 0 ? MATCH_STABLE_OWN : MATCH_STABLE_JOINT;
    if (out->kind == MATCH_STABLE_JOINT) {
        return stable_joint(work, wishes, n_wishes, out->mate);
    }
    for (int32_t u = 0; u < n; u++) {
        int64_t k = stable_first(&lists, u);
        out->mate[u] = k < 0 ? -1 : lists.arc[k].to;
    }
    return ERR_OK;
}

enum err match_stable_pairs(struct arena *arena, int32_t n, const struct match_wish *wishes,
                            int64_t n_wishes, struct match_stable *out)
{
    struct match_stable result = {.mate = arena_alloc(arena, (size_t)n, sizeof *result.mate)};
    struct arena *work = arena_child(arena);
    enum err err = ERR_NOMEM;
    if (result.mate && work) {
        err = stable_solve(work, n, wishes, n_wishes, &result);
    }
    arena_free(work);
    if (err == ERR_OK) {
        *out = result;
    }
    return err;
}

enum err match_stable_count_blocking(struct arena *arena, int32_t n,
                                     const struct match_wish *wishes, int64_t n_wishes,
                                     const int32_t *mate, enum match_stable_kind kind,
                                     int64_t *n_blocking)
{
    /* What each has now; -1: nobody, so that any offered partner is better. */
    struct arena *work = arena_child(arena);
    int64_t *have = work ? arena_alloc(work, (size_t)n, sizeof *have) : NULL;
    if (!have) {
        arena_free(work);
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < n; u++) {
        have[u] = mate[u] < 0 ? -1 : 0;
    }
    bool joint = kind != MATCH_STABLE_OWN;
    for (int64_t k = 0; k < n_wishes; k++) {
        const struct match_wish *w = &wishes[k];
        if (mate[w->u] == w->v) {
            have[w->u] = joint ? w->gain_u + w->gain_v : w->gain_u;
            have[w->v] = joint ? w->gain_u + w->gain_v : w->gain_v;
        }
    }
    int64_t count = 0;
    for (int64_t k = 0; k < n_wishes; k++) {
        const struct match_wish *w = &wishes[k];
        int64_t sum = w->gain_u + w->gain_v;
        count += mate[w->u] != w->v && (joint ? sum : w->gain_u) > have[w->u] &&
                 (joint ? sum : w->gain_v) > have[w->v];
    }
    *n_blocking = count;
    arena_free(work);
    return ERR_OK;
}
