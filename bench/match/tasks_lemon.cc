// bench-tasks-lemon PEOPLE [ROOM [SEED]]: the same through LEMON's NetworkSimplex, as a
// circulation. Prints: CPU seconds (its run() only, the graph is built before), peak MB, total,
// tasks, arcs.
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <cstdio>
#include <cstdlib>

extern "C" {
#include "tasks_instance.h"
}

int main(int argc, char **argv)
{
    typedef lemon::SmartDigraph Graph;
    struct tasks_instance in;
    double room = argc > 2 ? strtod(argv[2], NULL) : 1;
    if (argc < 2 || tasks_instance_make((int32_t)strtol(argv[1], NULL, 10), room,
                                        argc > 3 ? strtoull(argv[3], NULL, 10) : 1, &in)) {
        fprintf(stderr, "usage: bench-tasks-lemon PEOPLE [ROOM [SEED]]\n");
        return 2;
    }
    Graph graph;
    int n = in.n_tasks + in.n_helpers;
    graph.reserveNode(n + 1);
    graph.reserveArc((int)in.n_arcs + n);
    for (int v = 0; v <= n; v++) {
        graph.addNode();
    }
    Graph::ArcMap<int> upper(graph);
    Graph::ArcMap<long long> cost(graph);
    for (int64_t k = 0; k < in.n_arcs; k++) {
        Graph::Arc arc = graph.addArc(graph.nodeFromId(in.arc[k].task),
                                      graph.nodeFromId(in.n_tasks + in.arc[k].helper));
        upper[arc] = 1;
        cost[arc] = -in.arc[k].w;
    }
    for (int t = 0; t < in.n_tasks; t++) {
        Graph::Arc arc = graph.addArc(graph.nodeFromId(n), graph.nodeFromId(t));
        upper[arc] = 1;
        cost[arc] = 0;
    }
    for (int j = 0; j < in.n_helpers; j++) {
        Graph::Arc arc = graph.addArc(graph.nodeFromId(in.n_tasks + j), graph.nodeFromId(n));
        upper[arc] = in.max_helps[j];
        cost[arc] = 0;
    }
    free(in.arc); // its graph is its own copy
    lemon::NetworkSimplex<Graph, int, long long> simplex(graph);
    double before = tasks_cpu_s();
    simplex.upperMap(upper).costMap(cost);
    if (simplex.run() != simplex.OPTIMAL) {
        return 1;
    }
    double seconds = tasks_cpu_s() - before;
    printf("%.4f %.0f %lld %d %lld\n", seconds, tasks_peak_mb(), -simplex.totalCost<long long>(),
           (int)in.n_tasks, (long long)in.n_arcs);
    free(in.max_helps);
    return 0;
}
