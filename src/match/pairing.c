/* The loop of the pair solver (pairing.h). */
#include "match/pairing.h"

#include "base/arena.h"
#include "match/blossom.h"
#include "match/fractional.h"
#include "match/pairing_duals.h"

#include <assert.h>

#define PAIRING_MANY 32 /* rough duals are for rounds that bring more than one edge in so many */

struct pairing {
    int32_t n;
    const struct match_pairing_options *options;
    struct arena *scratch; /* lives as long as the call */
    struct match_edges edges;
    int64_t *price;   /* phase 1's, kept from round to round */
    int32_t *partner; /* likewise */
    bool warm;
    bool rough; /* this round */
    struct match_pairing_stats stats;
};

/* Everybody unmatched, duals half of the best offer. */
static void pairing_start_plain(const struct match_graph *graph, int32_t *mate, int64_t *y)
{
    for (int32_t v = 0; v < graph->n; v++) {
        int64_t best = 0, end = match_graph_end(graph, v);
        for (int64_t k = match_graph_begin(graph, v); k < end; k++) {
            int64_t w = match_graph_weight(graph, k);
            best = w > best ? w : best;
        }
        mate[v] = -1;
        y[v] = MATCH_DUAL_SCALE / 2 * best;
    }
}

static void pairing_join(const struct match_graph *graph, int32_t *mate, int32_t u, int32_t v)
{
    /* A matrix also has cells without an edge; both duals are zero there. */
    if (match_graph_find(graph, u, v) > 0) {
        mate[u] = v;
        mate[v] = u;
    } else {
        mate[u] = mate[v] = -1;
    }
}

/* Breaks the cycles of the fractional matching into pairs; an odd one leaves out the person with
 * the least dual, where the blossom phase ends at once if that is zero. */
static void pairing_break_cycles(const struct match_graph *graph, const int32_t *partner,
                                 const int64_t *y, int32_t *mate)
{
    enum { UNSEEN = -2 };
    for (int32_t v = 0; v < graph->n; v++) {
        mate[v] = UNSEEN;
    }
    for (int32_t v = 0; v < graph->n; v++) {
        if (mate[v] != UNSEEN) {
            continue;
        }
        int32_t length = 0, start = v, x = v;
        do {
            start = y[x] < y[start] ? x : start;
            length++;
            x = partner[x];
        } while (x != v);
        x = start;
        if (length % 2) {
            mate[x] = -1;
            x = partner[x];
        }
        for (; length >= 2; length -= 2) {
            int32_t next = partner[partner[x]];
            pairing_join(graph, mate, x, partner[x]);
            x = next;
        }
    }
}

static enum err pairing_phase_1(struct pairing *p, struct arena *round,
                                const struct match_graph *graph, int32_t *mate, int64_t *y)
{
    if (p->options->plain_start) {
        pairing_start_plain(graph, mate, y);
        return ERR_OK;
    }
    struct arena *scratch = arena_child(round);
    if (!scratch) {
        return ERR_NOMEM;
    }
    enum err err;
    p->rough = p->rough && graph->begin;
    if (graph->begin) {
        struct match_fractional_options options = {.patience = p->options->patience,
                                                   .rough = p->rough ? p->options->rough : 0,
                                                   .pause = p->options->pause,
                                                   .pause_ctx = p->options->pause_ctx};
        err = match_fractional_sparse(scratch, graph, p->warm, &options, p->price, p->partner, y);
        p->warm = true;
    } else {
        err = match_fractional_dense(scratch, graph, p->partner, y);
        p->warm = false;
    }
    if (!err && !p->rough) {
        pairing_break_cycles(graph, p->partner, y, mate);
    }
    arena_free(scratch);
    return err;
}

/* The duals of phase 1 and the pairs of its cycles, copied: they bound every pairing, and groups.
 */
static enum err pairing_read_fractional(struct arena *result, int32_t n, const int32_t *mate,
                                        const int64_t *y, struct match_pair_proof *proof)
{
    int32_t *mate_copy = arena_alloc(result, (size_t)n, sizeof *mate_copy);
    int64_t *y_copy = arena_alloc(result, (size_t)n, sizeof *y_copy);
    *proof = (struct match_pair_proof){.n = n, .mate = mate_copy, .y = y_copy};
    if (!mate_copy || !y_copy) {
        return ERR_NOMEM;
    }
    for (int32_t v = 0; v < n; v++) {
        mate_copy[v] = mate[v];
        y_copy[v] = y[v];
        proof->bound += y[v];
    }
    return ERR_OK;
}

static enum err pairing_round(struct pairing *p, struct arena *round, struct arena *result,
                              struct match_graph *graph, struct match_pair_proof *proof)
{
    struct match_forest *forest = NULL;
    enum err err = match_graph_build(round, p->n, &p->edges, p->options->shape, graph);
    if (err) {
        return err;
    }
    int32_t *mate = arena_alloc(round, (size_t)p->n, sizeof *mate);
    int64_t *y = arena_alloc(round, (size_t)p->n, sizeof *y);
    if (!mate || !y) {
        return ERR_NOMEM;
    }
    err = pairing_phase_1(p, round, graph, mate, y);
    if (err) {
        return err;
    }
    p->stats.n_searches = 0;
    if (p->options->fractional || p->rough) {
        return pairing_read_fractional(result, p->n, mate, y, proof);
    }
    for (int32_t v = 0; v < p->n; v++) {
        p->stats.n_searches += mate[v] < 0 && y[v] > 0;
    }
    err = match_blossom_new(round, graph, mate, y, &forest);
    err = err ? err : match_blossom_run(forest, p->options->patience);
    err = err ? err : match_blossom_read(forest, result, proof);
    if (err) {
        return err;
    }
    int64_t total = 0;
    for (int32_t v = 0; v < p->n; v++) {
        if (proof->mate[v] > v) {
            total += match_graph_find(graph, v, proof->mate[v]);
        }
    }
    proof->total = total;
    assert(proof->bound == MATCH_DUAL_SCALE * total);
    return ERR_OK;
}

/* Of the edges from `first` on, drops those that the graph has already. */
static void pairing_drop_known(struct match_edges *edges, int64_t first,
                               const struct match_graph *graph)
{
    int64_t n = first;
    for (int64_t k = first; k < edges->n; k++) {
        const struct match_edge *e = &edges->edge[k];
        if (match_graph_find(graph, e->u, e->v) < e->w) {
            edges->edge[n++] = *e;
        }
    }
    edges->n = n;
}

/* Adds what violates the duals.  *more: another round is needed. */
static enum err pairing_price(struct pairing *p, const struct match_source *source,
                              const struct match_graph *graph, const struct match_pair_proof *proof,
                              bool *more)
{
    struct arena *scratch = arena_child(p->scratch);
    if (!scratch) {
        return ERR_NOMEM;
    }
    struct match_pairing_duals duals;
    int64_t before = p->edges.n;
    enum err err = match_pairing_duals_make(scratch, proof, &duals);
    err = err ? err : source->price(source->ctx, &duals, match_pairing_duals_slack, &p->edges);
    if (p->rough && !err) {
        /* Duals that are a little too low bring edges again that are known. */
        pairing_drop_known(&p->edges, before, graph);
    }
    *more = p->rough || p->edges.n > before;
    p->rough = p->rough && p->edges.n - before > before / PAIRING_MANY;
    arena_free(scratch);
    return err;
}

/* Solves on the known edges, and asks for more; the previous answer is dropped. */
static enum err pairing_solve_once(struct pairing *p, const struct match_source *source,
                                   struct arena *arena, struct arena **result,
                                   struct match_pair_proof *proof, bool *more)
{
    struct match_graph graph;
    arena_free(*result);
    *result = arena_child(arena);
    struct arena *round = arena_child(p->scratch);
    enum err err = *result && round ? pairing_round(p, round, *result, &graph, proof) : ERR_NOMEM;
    err = err ? err : pairing_price(p, source, &graph, proof, more);
    arena_free(round);
    return err;
}

enum err match_pairing_solve(struct arena *arena, int32_t n, const struct match_source *source,
                             const struct match_pairing_options *options,
                             struct match_pair_proof *proof, struct match_pairing_stats *stats)
{
    static const struct match_pairing_options usual;
    struct match_pair_proof found;
    struct arena *result = NULL;
    if (n < 0) {
        return ERR_RANGE;
    }
    struct pairing p = {.n = n, .options = options ? options : &usual};
    p.rough = p.options->rough > 0 && !p.options->plain_start;
    p.scratch = arena_child(arena);
    if (!p.scratch) {
        return ERR_NOMEM;
    }
    p.edges.arena = p.scratch;
    p.price = arena_alloc(p.scratch, (size_t)n, sizeof *p.price);
    p.partner = arena_alloc(p.scratch, (size_t)n, sizeof *p.partner);
    enum err err = p.price && p.partner ? ERR_OK : ERR_NOMEM;
    err = err ? err : source->price(source->ctx, NULL, NULL, &p.edges);
    for (bool more = true; !err && more;) {
        p.stats.rounds++;
        err = pairing_solve_once(&p, source, arena, &result, &found, &more);
    }
    if (!err) {
        p.stats.n_edges = p.edges.n;
        *proof = found;
        if (stats) {
            *stats = p.stats;
        }
    } else {
        arena_free(result);
    }
    arena_free(p.scratch);
    return err;
}

int64_t match_pairing_constant(int32_t n, int64_t w_min, int64_t w_max)
{
    /* k pairs of w_min must beat k - 1 pairs of w_max, for every k up to n / 2; and one pair must
     * be worth something.  The condition is linear in k, so the ends decide. */
    int64_t k = n / 2, one = -w_min, most = (k - 1) * w_max - k * w_min;
    return (k > 0 && most > one ? most : one) + 1;
}
