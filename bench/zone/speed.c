/* Time and memory of the joint fit on simulated districts, and whether it is right there too. */
#include "rows.h"
#include "synthetic.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>

static void run(struct bench *ctx, const struct synthetic_plan *plan, double most_seconds,
                double most_mb, const char *peer)
{
    struct synthetic s;
    synthetic_make(plan, &s);
    struct arena *arena = arena_new(0);
    struct joint_options options = {0};
    struct joint_result *r;
    double start = bench_cpu_seconds();
    if (joint_fit(arena, &s.model, &options, &r)) {
        bench_report(ctx, "fit failed", NAN, 0, 0, "");
        return;
    }
    double seconds = bench_cpu_seconds() - start, inside = 0, n = 0, square = 0;
    for (int i = 0; i < plan->n_people * plan->n_skills; i++) {
        if (s.query_of[i] != JOINT_NONE) {
            const struct joint_answer *a = &r->answers[s.query_of[i]];
            double d = a->mean_a - s.truth[i];
            inside += fabs(d) < 1.6449 * sqrt(a->variance_a);
            square += d * d;
            n++;
        }
    }
    bench_note(ctx, "%zu ratings, %d people, %zu effects, %d iterations, %s, %s",
               s.model.n_observations, plan->n_people, s.model.n_effects, r->n_iterations,
               r->converged ? "converged" : "not converged", r->exact ? "exact" : "approximate");
    for (size_t f = 0; ctx->verbose && f < s.model.n_families; f++) {
        bench_note(ctx, "family %zu: sd %.3f", f, sqrt(r->family_variance[f]));
    }
    bench_report(ctx, "CPU seconds of the fit", seconds, -INFINITY, most_seconds, peer);
    bench_report(ctx, "memory of the fit, MB", (double)arena_peak(arena) / 1048576, -INFINITY,
                 most_mb, "");
    bench_report(ctx, "90 % interval of ability covers", inside / n, .86, .94, "");
    bench_note(ctx, "root mean square error %.3f", sqrt(square / n));
    arena_free(arena);
    synthetic_free(&s);
}

void row_school(struct bench *ctx)
{
    run(ctx,
        &(struct synthetic_plan){.n_people = 300,
                                 .n_raters = 300,
                                 .n_skills = 20,
                                 .n_domains = 5,
                                 .n_visits = 10,
                                 .skills_per_visit = 20,
                                 .seed = 5},
        20, 1000, "must 20 s, good 3 s");
}

/* To the default tolerance, which `duet zone` does not need; nothing is promised of its time. */
void row_joint(struct bench *ctx)
{
    run(ctx,
        &(struct synthetic_plan){.n_people = 50000,
                                 .n_raters = 2500,
                                 .n_skills = 20,
                                 .n_domains = 5,
                                 .n_visits = 2,
                                 .skills_per_visit = 10,
                                 .seed = 6},
        INFINITY, INFINITY, "no promise: see million");
}
