// The pair solver against LEMON's MaxWeightedMatching, an independent code and method, on 100,000
// random graphs.  Built only where liblemon-dev is installed; DUET_ORACLE_GRAPHS sets the number.
#include <lemon/matching.h>
#include <lemon/smart_graph.h>

#include <cstdlib>
#include <vector>

extern "C" {
#include "base/arena.h"
#include "base/rng.h"
#include "match/pairing.h"
}

#include <malloc.h>

#include "tap.h"

namespace
{

typedef lemon::SmartGraph Graph;
typedef Graph::EdgeMap<long long> Weights;

struct Instance {
    int32_t n;
    std::vector<match_edge> edges;
};

enum err price(void *ctx, const void *duals, match_slack_fn *, match_edges *edges)
{
    if (duals) {
        return ERR_OK;
    }
    for (const match_edge &e : static_cast<Instance *>(ctx)->edges) {
        enum err err = match_edges_add(edges, e.u, e.v, e.w);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

long long solve_lemon(const Instance &instance)
{
    Graph graph;
    Weights weight(graph);
    for (int32_t v = 0; v < instance.n; v++) {
        graph.addNode();
    }
    for (const match_edge &e : instance.edges) {
        weight[graph.addEdge(graph.nodeFromId(e.u), graph.nodeFromId(e.v))] = e.w;
    }
    lemon::MaxWeightedMatching<Graph, Weights> matching(graph, weight);
    matching.run();
    return matching.matchingWeight();
}

// 2 to 40 people, any density, few or many different weights, some negative, some with a big
// constant so that most people come first.
Instance random_instance(struct rng *rng)
{
    static const uint32_t ranges[] = {1, 2, 3, 5, 10, 100, 20000, 1000000};
    Instance instance;
    instance.n = 2 + static_cast<int32_t>(rng_below(rng, 39));
    uint32_t density = 1 + rng_below(rng, 100), range = ranges[rng_below(rng, 8)];
    int64_t low = 1, kind = rng_below(rng, 6);
    if (kind == 0) {
        low = -static_cast<int64_t>(range) / 2;
    } else if (kind == 1) {
        low = INT64_C(1) << (20 + rng_below(rng, 22));
    }
    for (int32_t u = 0; u < instance.n; u++) {
        for (int32_t v = u + 1; v < instance.n; v++) {
            if (rng_below(rng, 100) < density) {
                instance.edges.push_back({u, v, low + static_cast<int64_t>(rng_below(rng, range))});
            }
        }
    }
    return instance;
}

int agrees(Instance &instance, long long expected, bool plain, enum match_shape shape,
           int32_t patience)
{
    match_pairing_options options = {};
    options.shape = shape;
    options.plain_start = plain;
    options.patience = patience;
    options.rough = patience > 0 ? INT64_C(1) << patience : 0;
    match_source source = {price, &instance};
    struct arena *arena = arena_new(0);
    match_pair_proof proof;
    enum err err = match_pairing_solve(arena, instance.n, &source, &options, &proof, NULL);
    int right = err == ERR_OK && proof.total == expected && proof.bound == 4 * expected;
    int64_t total = 0;
    for (const match_edge &e : instance.edges) { // no parallel edges here
        right = right && (proof.mate[e.u] == e.v) == (proof.mate[e.v] == e.u);
        total += proof.mate[e.u] == e.v ? e.w : 0;
    }
    arena_free(arena);
    return right && total == expected;
}

} // namespace

int main()
{
    const char *wanted = getenv("DUET_ORACLE_GRAPHS");
    long graphs = wanted ? strtol(wanted, NULL, 10) : 100000;
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
    int right = 1;
    for (long k = 0; k < graphs && right; k++) {
        struct rng rng = rng_seed(UINT64_C(1000003) * static_cast<uint64_t>(k + 1));
        Instance instance = random_instance(&rng);
        long long expected = solve_lemon(instance);
        int32_t patience = static_cast<int32_t>(k % 5); // 0: the usual one
        right = agrees(instance, expected, false, k % 2 ? MATCH_SHAPE_DENSE : MATCH_SHAPE_SPARSE,
                       patience) &&
                agrees(instance, expected, true, k % 4 < 2 ? MATCH_SHAPE_DENSE : MATCH_SHAPE_SPARSE,
                       patience);
        if (!right) {
            printf("# graph %ld of %d people\n", k, (int)instance.n);
        }
    }
    tap_ok(right, "%ld random graphs, two ways each: the totals are LEMON's", graphs);
    return tap_done();
}
