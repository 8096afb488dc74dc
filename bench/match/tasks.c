/* bench-tasks PEOPLE [ROOM [SEED]]: tasks and helpers through the assignment solver.
 * Prints: CPU seconds (from the list of arcs to the proof), peak MB, total, tasks, arcs. */
#include "tasks_instance.h"

#include "base/arena.h"
#include "match/assign.h"

#include <stdio.h>
#include <stdlib.h>

static enum err price(void *ctx, const void *duals, match_slack_fn *slack,
                      struct match_edges *edges)
{
    const struct tasks_instance *in = ctx;
    (void)slack;
    for (int64_t k = 0; !duals && k < in->n_arcs; k++) {
        enum err err = match_edges_add(edges, in->arc[k].task, in->arc[k].helper, in->arc[k].w);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct tasks_instance in;
    double room = argc > 2 ? strtod(argv[2], NULL) : 1;
    if (argc < 2 || tasks_instance_make((int32_t)strtol(argv[1], NULL, 10), room,
                                        argc > 3 ? strtoull(argv[3], NULL, 10) : 1, &in)) {
        fprintf(stderr, "usage: bench-tasks PEOPLE [ROOM [SEED]]\n");
        return 2;
    }
    /* As for the peer: every task a learner of its own. */
    int32_t *own = calloc((size_t)in.n_tasks + 1, sizeof *own);
    int32_t *one = calloc((size_t)in.n_tasks + 1, sizeof *one);
    struct arena *arena = arena_new(0);
    enum err err = own && one && arena ? ERR_OK : ERR_NOMEM;
    for (int32_t t = 0; t < in.n_tasks && !err; t++) {
        own[t] = t;
        one[t] = 1;
    }
    struct match_assign_problem problem = {in.n_tasks, in.n_tasks,   in.n_helpers, own,
                                           one,        in.max_helps, NULL};
    struct match_source source = {.price = price, .ctx = &in};
    struct match_assign_proof proof;
    double before = tasks_cpu_s();
    if (!err) {
        err = match_assign_solve(arena, &problem, &source, NULL, NULL, &proof);
    }
    double seconds = tasks_cpu_s() - before;
    if (!err) {
        printf("%.4f %.0f %lld %d %lld\n", seconds, tasks_peak_mb(), (long long)proof.total,
               (int)in.n_tasks, (long long)in.n_arcs);
    }
    arena_free(arena);
    free(own);
    free(one);
    free(in.arc);
    free(in.max_helps);
    return err ? 1 : 0;
}
