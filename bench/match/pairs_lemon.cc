// bench-pairs-lemon FAMILY PEOPLE [SEED]: the same instance through LEMON's MaxWeightedMatching.
// Prints: CPU seconds (its run() only, the graph is built before), peak MB, total, edges.
#include <lemon/matching.h>
#include <lemon/smart_graph.h>

#include <cstdio>
#include <cstdlib>

extern "C" {
#include "instance.h"
}

int main(int argc, char **argv)
{
    struct instance g;
    if (argc < 3 || instance_make(argv[1], (int32_t)strtol(argv[2], NULL, 10),
                                  argc > 3 ? strtoull(argv[3], NULL, 10) : 1, &g)) {
        fprintf(stderr, "usage: bench-pairs-lemon dense|local|online PEOPLE [SEED]\n");
        return 2;
    }
    lemon::SmartGraph graph;
    graph.reserveNode(g.n);
    graph.reserveEdge((int)g.m);
    lemon::SmartGraph::EdgeMap<long long> weight(graph);
    for (int32_t v = 0; v < g.n; v++) {
        graph.addNode();
    }
    for (int64_t k = 0; k < g.m; k++) {
        struct instance_edge e = g.edge[k];
        weight[graph.addEdge(graph.nodeFromId(e.u), graph.nodeFromId(e.v))] = e.w;
    }
    long long edges = g.m;
    free(g.edge); // its graph is its own copy
    lemon::MaxWeightedMatching<lemon::SmartGraph, lemon::SmartGraph::EdgeMap<long long>> matching(
        graph, weight);
    double before = instance_cpu_s();
    matching.run();
    double seconds = instance_cpu_s() - before;
    printf("%.4f %.0f %lld %lld\n", seconds, instance_peak_mb(), matching.matchingWeight(), edges);
    return 0;
}
