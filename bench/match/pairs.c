/* bench-pairs FAMILY PEOPLE [SEED]: one instance through the pair solver.
 * Prints: CPU seconds (from the list of edges to the proof), peak MB, total, edges. */
#include "instance.h"

#include "base/arena.h"
#include "match/pairing.h"

#include <stdio.h>
#include <stdlib.h>

static enum err price(void *ctx, const void *duals, match_slack_fn *slack,
                      struct match_edges *edges)
{
    const struct instance *g = ctx;
    (void)slack;
    for (int64_t k = 0; !duals && k < g->m; k++) {
        enum err err = match_edges_add(edges, g->edge[k].u, g->edge[k].v, g->edge[k].w);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct instance g;
    if (argc < 3 || instance_make(argv[1], (int32_t)strtol(argv[2], NULL, 10),
                                  argc > 3 ? strtoull(argv[3], NULL, 10) : 1, &g)) {
        fprintf(stderr, "usage: bench-pairs dense|local|online PEOPLE [SEED]\n");
        return 2;
    }
    struct match_source source = {.price = price, .ctx = &g};
    struct match_pair_proof proof;
    struct match_pairing_stats stats;
    struct arena *arena = arena_new(0);
    double before = instance_cpu_s();
    enum err err =
        arena ? match_pairing_solve(arena, g.n, &source, NULL, &proof, &stats) : ERR_NOMEM;
    double seconds = instance_cpu_s() - before;
    if (!err) {
        printf("%.4f %.0f %lld %lld\n", seconds, instance_peak_mb(), (long long)proof.total,
               (long long)g.m);
    }
    arena_free(arena);
    free(g.edge);
    return err ? 1 : 0;
}
