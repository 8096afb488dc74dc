/* One tree after another (blossom.h).  Events on the heap:
 *   a >= 0       the edge between outer people a and b gets tight: shrink
 *   EVENT_GROW   the best edge to person b gets tight
 *   EVENT_EXPAND the dual of inner blossom b falls to zero
 * The end of the search is not on the heap: `limit` is the earliest known time at which an outer
 * person's dual is zero or an edge to somebody unmatched is tight, and later events are never
 * pushed. */
#include "match/blossom_forest.h"

#include <assert.h>

enum { EVENT_GROW = -1, EVENT_EXPAND = -2 };

#define SEARCH_PATIENCE 64

static enum err search_push(struct match_forest *f, int64_t time, int32_t a, int32_t b)
{
    if (time >= f->limit) {
        return ERR_OK;
    }
    return match_heap_push(&f->heap, (struct match_event){time, a, b});
}

/* The arc from outer u (dual `yu` at time 0) to v; `w4` is the weight in dual units. */
static enum err search_look(struct match_forest *f, int32_t u, int64_t yu, int32_t v, int64_t w4)
{
    int32_t set = f->set[v], node = f->set_node[set];
    int64_t key = yu - w4, sum = key + f->y[v] + f->set_off[set];
    if (f->label[node] == FOREST_S) {
        assert((sum & 1) == 0);
        return search_push(f, sum / 2, u, v);
    }
    if (key >= f->key[v]) {
        return ERR_OK;
    }
    if (f->key[v] == FOREST_FAR) {
        f->seen[f->n_seen++] = v;
    }
    f->key[v] = key;
    f->key_from[v] = u;
    if (f->label[node] != FOREST_FREE || sum >= f->limit) {
        return ERR_OK;
    }
    if (f->mate[node] < 0) {
        f->limit = sum;
        f->end_person = u;
        f->end_target = v;
        return ERR_OK;
    }
    return search_push(f, sum, EVENT_GROW, v);
}

/* Looks at all arcs of a person that has just become outer. */
static enum err search_scan_person(struct match_forest *f, int32_t u)
{
    const struct match_graph *graph = f->graph;
    int32_t set = f->set[u], self = f->set_node[set];
    int64_t yu = f->y[u] + f->set_off[set];
    f->patience--;
    if (yu < f->limit) {
        f->limit = yu;
        f->end_person = u;
        f->end_target = -1;
    }
    enum err err = ERR_OK;
    int64_t end = match_graph_end(graph, u);
    for (int64_t k = match_graph_begin(graph, u); !err && k < end; k++) {
        int32_t v = match_graph_to(graph, u, k);
        int64_t w = match_graph_weight(graph, k);
        if (w > 0 && forest_find(f, v) != self) {
            err = search_look(f, u, yu, v, MATCH_DUAL_SCALE * w);
        }
    }
    return err;
}

static enum err search_scan(struct match_forest *f, int32_t node)
{
    enum err err = ERR_OK;
    for (int32_t v = forest_first_person(f, node); !err && v >= 0;
         v = forest_next_person(f, node, v)) {
        err = search_scan_person(f, v);
    }
    return err;
}

static enum err search_push_expand(struct match_forest *f, int32_t node)
{
    return forest_is_blossom(f, node) ? search_push(f, f->z[node - f->n] / 2, EVENT_EXPAND, node)
                                      : ERR_OK;
}

/* The best edge to v is tight: its node becomes inner, its node's partner outer. */
static enum err search_grow(struct match_forest *f, int32_t v)
{
    int32_t node = forest_find(f, v);
    if (f->label[node] != FOREST_FREE || f->key[v] + f->y[v] + f->set_off[f->set[v]] != f->clock) {
        return ERR_OK; /* reached before, or pushed when v's dual was smaller */
    }
    f->pred_in[node] = v;
    f->pred_out[node] = f->key_from[v];
    match_forest_label(f, node, FOREST_T);
    enum err err = search_push_expand(f, node);
    if (!err) {
        int32_t partner = forest_find(f, f->mate[node]);
        match_forest_label(f, partner, FOREST_S);
        err = search_scan(f, partner);
    }
    return err;
}

/* The outer node above an outer node in the tree, -1 at the root. */
static int32_t search_up(const struct match_forest *f, int32_t node)
{
    if (f->mate[node] < 0) {
        return -1;
    }
    return forest_find(f, f->pred_out[forest_find(f, f->mate[node])]);
}

static int32_t search_meet(struct match_forest *f, int32_t a, int32_t b)
{
    int32_t x = a, y = b, meet = -1;
    while (meet < 0) { /* alternate, so that the cost is that of the circle */
        if (x >= 0) {
            if (f->flags[x] & FOREST_MARK) {
                meet = x;
                break;
            }
            f->flags[x] |= FOREST_MARK;
            x = search_up(f, x);
        }
        int32_t swap = x;
        x = y;
        y = swap;
    }
    for (int32_t side = 0; side < 2; side++) {
        for (int32_t m = side ? b : a; m >= 0 && (f->flags[m] & FOREST_MARK); m = search_up(f, m)) {
            f->flags[m] &= (uint8_t)~FOREST_MARK;
        }
    }
    return meet;
}

/* The tree edge from a node of the tree upwards: its end in the node, and the other one. */
static void search_edge_up(const struct match_forest *f, int32_t node, int32_t *mine,
                           int32_t *other)
{
    if (f->label[node] == FOREST_S) {
        *mine = f->base[node];
        *other = f->mate[node];
    } else {
        *mine = f->pred_in[node];
        *other = f->pred_out[node];
    }
}

static enum err search_shrink(struct match_forest *f, int32_t u, int32_t v)
{
    int32_t a = forest_find(f, u), b = forest_find(f, v);
    if (a == b) {
        return ERR_OK;
    }
    /* The circle: from where the paths meet down to a, across to b, and up again. */
    int32_t meet = search_meet(f, a, b), mine, other;
    for (int32_t x = a; x != meet;) {
        search_edge_up(f, x, &mine, &other);
        int32_t up = forest_find(f, other);
        f->next[up] = x;
        f->out[up] = other;
        f->in[up] = mine;
        x = up;
    }
    f->next[a] = b;
    f->out[a] = u;
    f->in[a] = v;
    for (int32_t x = b; x != meet;) {
        search_edge_up(f, x, &mine, &other);
        f->next[x] = forest_find(f, other);
        f->out[x] = mine;
        f->in[x] = other;
        x = f->next[x];
    }
    for (int32_t x = f->next[meet]; x != meet; x = f->next[x]) {
        if (f->label[x] == FOREST_T) {
            match_forest_label(f, x, FOREST_S);
            f->flags[x] |= FOREST_MARK;
        }
    }
    match_forest_close(f, meet);
    enum err err = ERR_OK;
    for (int32_t x = f->next[meet]; x != meet; x = f->next[x]) {
        if (f->flags[x] & FOREST_MARK) {
            f->flags[x] &= (uint8_t)~FOREST_MARK;
            err = err ? err : search_scan(f, x);
        }
    }
    return err;
}

/* Children of an opened inner blossom are inner too, to begin with. */
static int32_t search_adopt(struct match_forest *f, int32_t root, int32_t entry)
{
    int32_t steps = 0, k = 0, c = root;
    do {
        f->label[c] = FOREST_T;
        if (forest_is_blossom(f, c)) {
            f->z[c - f->n] += 2 * f->clock;
        }
        match_forest_list(f, c);
        if (c == entry) {
            steps = k;
        }
        k++;
        c = f->next[c];
    } while (c != root);
    return steps;
}

/* Labels the children by the even way from the base to the entry: alternately inner and outer; the
 * others, matched among themselves, leave the tree. */
static void search_relabel(struct match_forest *f, int32_t root, int32_t entry, int32_t steps)
{
    int32_t c = root, before = -1, k = 0;
    do {
        bool forward = steps % 2 == 0;
        bool inside = forward ? k <= steps : k == 0 || k >= steps;
        int32_t turn = forward || k == 0 ? k : k - steps;
        if (!inside) {
            match_forest_label(f, c, FOREST_FREE);
        } else if (turn % 2) {
            match_forest_label(f, c, FOREST_S);
        } else if (c != entry && forward) {
            f->pred_in[c] = f->out[c];
            f->pred_out[c] = f->in[c];
        } else if (c != entry && k > 0) {
            f->pred_in[c] = f->in[before];
            f->pred_out[c] = f->out[before];
        }
        before = c;
        c = f->next[c];
        k++;
    } while (c != root);
    if (steps % 2) { /* the base hangs on the last child */
        f->pred_in[root] = f->in[before];
        f->pred_out[root] = f->out[before];
    }
}

static enum err search_reach_again(struct match_forest *f, int32_t node)
{
    enum err err = ERR_OK;
    int64_t off = f->set_off[f->set[f->base[node]]];
    for (int32_t v = forest_first_person(f, node); !err && v >= 0;
         v = forest_next_person(f, node, v)) {
        if (f->key[v] != FOREST_FAR) {
            err = search_push(f, f->key[v] + f->y[v] + off, EVENT_GROW, v);
        }
    }
    return err;
}

static enum err search_expand(struct match_forest *f, int32_t node)
{
    if (f->label[node] != FOREST_T || f->z[node - f->n] != 2 * f->clock) {
        return ERR_OK; /* it became outer, or was opened and the number used again */
    }
    int32_t pred_in = f->pred_in[node], pred_out = f->pred_out[node];
    int32_t root = match_forest_open(f, node), entry = forest_find(f, pred_in);
    int32_t steps = search_adopt(f, root, entry);
    f->pred_in[entry] = pred_in;
    f->pred_out[entry] = pred_out;
    search_relabel(f, root, entry, steps);
    enum err err = ERR_OK;
    int32_t c = root;
    do {
        if (f->label[c] == FOREST_S) {
            err = search_scan(f, c);
        } else if (f->label[c] == FOREST_T) {
            err = search_push_expand(f, c);
        } else {
            err = search_reach_again(f, c);
        }
        c = f->next[c];
    } while (!err && c != root);
    return err;
}

/* Turns the path from the root to outer person u around; u is then matched to `partner` or alone.
 */
static void search_flip(struct match_forest *f, int32_t u, int32_t partner)
{
    int32_t node = forest_find(f, u), old = f->mate[node];
    f->base[node] = u;
    f->mate[node] = partner;
    while (old >= 0) {
        int32_t inner = forest_find(f, old);
        int32_t mine = f->pred_in[inner], above = f->pred_out[inner];
        f->base[inner] = mine;
        f->mate[inner] = above;
        node = forest_find(f, above);
        old = f->mate[node];
        f->base[node] = above;
        f->mate[node] = mine;
    }
}

/* The earliest possible end has come. */
static void search_finish(struct match_forest *f)
{
    f->clock = f->limit;
    search_flip(f, f->end_person, f->end_target);
    if (f->end_target >= 0) {
        int32_t node = forest_find(f, f->end_target);
        f->base[node] = f->end_target;
        f->mate[node] = f->end_person;
    }
}

/* Searches until the end is reached or about `patience` people have become outer.  In the latter
 * case the duals keep what the clock has done to them, which is as feasible as before, and the root
 * stays unmatched with a smaller dual. */
static enum err search_run(struct match_forest *f, int32_t root, int64_t patience)
{
    f->patience = patience;
    f->clock = 0;
    f->limit = FOREST_FAR;
    f->heap.n = 0;
    f->n_seen = f->n_listed = 0;
    match_forest_label(f, root, FOREST_S);
    enum err err = search_scan(f, root);
    while (!err && f->patience > 0 && f->heap.n > 0 && f->heap.event[0].key < f->limit) {
        struct match_event event = match_heap_pop(&f->heap);
        assert(event.key >= f->clock);
        f->clock = event.key;
        if (event.a >= 0) {
            err = search_shrink(f, event.a, event.b);
        } else if (event.a == EVENT_GROW) {
            err = search_grow(f, event.b);
        } else {
            err = search_expand(f, event.b);
        }
    }
    if (err) {
        return err;
    }
    if (f->heap.n == 0 || f->heap.event[0].key >= f->limit) {
        search_finish(f);
    }
    for (int32_t k = 0; k < f->n_listed; k++) {
        int32_t node = f->listed[k];
        if (f->label[node] != FOREST_FREE) {
            match_forest_label(f, node, FOREST_FREE);
        }
        f->flags[node] = 0;
    }
    for (int32_t k = 0; k < f->n_seen; k++) {
        f->key[f->seen[k]] = FOREST_FAR;
    }
    return ERR_OK;
}

enum err match_blossom_run(struct match_forest *f, int64_t patience)
{
    /* Short searches first: where many are unmatched, they meet halfway instead of each exploring
     * the same neighbourhood. */
    enum err err = ERR_OK;
    patience = patience > 0 ? patience : SEARCH_PATIENCE;
    for (int32_t left = 1; !err && left > 0; patience *= 4) {
        left = 0;
        for (int32_t v = 0; !err && v < f->n; v++) {
            int32_t node = forest_find(f, v);
            if (f->mate[node] < 0 && f->base[node] == v && f->y[v] + f->set_off[f->set[v]] > 0) {
                err = search_run(f, node, patience);
                left++;
            }
        }
    }
    return err;
}
