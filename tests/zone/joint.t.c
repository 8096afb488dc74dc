/* joint.h against a dense brute-force fit that shares no code with it, and against itself:
 * conjugate gradients and exact solution, order of the input, degenerate data, lack of memory. */
#include "zone/joint.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/rng.h"
#include "tap.h"

#include <stdlib.h>

enum { MAX_EFFECTS = 400, MAX_OBS = 4000, MAX_TERMS = 40000, MAX_FRONTS = 300, MAX_QUERIES = 300 };

/* A random coaching-like data set and everything a model points to. */
struct world {
    struct joint_family families[8];
    struct joint_effect effects[MAX_EFFECTS];
    int32_t front_parent[MAX_FRONTS];
    struct joint_observation observations[MAX_OBS];
    struct joint_term terms[MAX_TERMS];
    struct joint_query queries[MAX_QUERIES];
    struct joint_model model;
};

enum { F_PERSON, F_SKILL, F_VISIT, F_RATER, F_RATER_SKILL, F_THRESHOLD, F_SHAPE, F__MAX };

static int32_t add_effects(struct world *w, int family, int32_t front, int32_t group, int n)
{
    int32_t first = (int32_t)w->model.n_effects;
    for (int i = 0; i < n; i++) {
        w->effects[w->model.n_effects++] = (struct joint_effect){family, front, group};
    }
    return first;
}

static void add_term(struct world *w, int32_t effect, double coefficient)
{
    w->terms[w->model.n_terms++] = (struct joint_term){effect, (float)coefficient};
}

struct shape {
    int people, skills, raters, visits, steps, ratings;
    bool leaves, shapes, estimate;
};

static void build(struct world *w, const struct shape *s, uint64_t seed)
{
    struct rng rng = rng_seed(seed);
    memset(w, 0, sizeof *w);
    static const double variance[F__MAX] = {1, .4, .3, .3, .5, 4, .2};
    for (int f = 0; f < F__MAX; f++) {
        w->families[f] = (struct joint_family){.rule = s->estimate ? JOINT_ESTIMATED : JOINT_FIXED,
                                               .variance = variance[f],
                                               .pseudo = 4,
                                               .mean = f == F_PERSON ? 0.3 : 0};
    }
    w->families[F_THRESHOLD].shared = true;
    w->families[F_THRESHOLD].rule = JOINT_FIXED;
    int32_t rater = 0, rater_skill = 0, threshold = 0, shape = 0;
    for (int o = 0; o < s->raters; o++) {
        int32_t e = add_effects(w, F_RATER, JOINT_NONE, o, 1);
        rater = o ? rater : e;
        add_effects(w, F_RATER_SKILL, JOINT_NONE, o, s->skills);
        if (s->shapes) {
            add_effects(w, F_SHAPE, JOINT_NONE, o, s->skills * (s->steps - 1));
        }
    }
    rater_skill = rater + 1;
    shape = rater_skill + s->skills;
    int stride = 1 + s->skills + (s->shapes ? s->skills * (s->steps - 1) : 0);
    threshold = add_effects(w, F_THRESHOLD, JOINT_NONE, 0, s->skills * s->steps);
    for (int p = 0; p < s->people; p++) {
        int32_t tree = (int32_t)w->model.n_fronts;
        w->front_parent[w->model.n_fronts++] = JOINT_NONE;
        int32_t person = add_effects(w, F_PERSON, tree, 0, 1);
        int32_t visit = add_effects(w, F_VISIT, tree, 0, s->visits);
        for (int k = 0; k < s->skills; k++) {
            int32_t front = tree;
            if (s->leaves && (k % 3 != 2 || s->skills < 3)) {
                front = (int32_t)w->model.n_fronts;
                w->front_parent[w->model.n_fronts++] = tree;
            } else if (s->leaves) {
                continue; /* these skills are rated without a front of their own, below */
            }
            int32_t own = front != tree ? add_effects(w, F_SKILL, front, 0, 1) : JOINT_NONE;
            for (int i = 0; i < s->ratings; i++) {
                int o = (int)rng_below(&rng, (uint32_t)s->raters);
                struct joint_observation *ob = &w->observations[w->model.n_observations++];
                *ob = (struct joint_observation){
                    .front = front,
                    .first_term = (int32_t)w->model.n_terms,
                    .thresholds = threshold + k * s->steps,
                    .shape = JOINT_NONE,
                    .weight = rng_below(&rng, 8) ? 1 : 0,
                    .offset = (float)(rng_below(&rng, 3) * .25),
                    .n_steps = (uint8_t)s->steps,
                    .level = (uint8_t)rng_below(&rng, (uint32_t)s->steps + 1)};
                add_term(w, person, 1);
                add_term(w, visit + (int32_t)rng_below(&rng, (uint32_t)s->visits), 1);
                if (own >= 0) {
                    add_term(w, own, rng_below(&rng, 2) ? 1 : 0.45);
                }
                add_term(w, rater + o * stride, -1);
                add_term(w, rater_skill + o * stride + k, -1);
                ob->n_terms = (uint8_t)((int32_t)w->model.n_terms - ob->first_term);
                if (s->shapes) {
                    ob->shape = shape + o * stride + k * (s->steps - 1);
                }
                if (i % 5 == 4) { /* a task: one step, no thresholds */
                    ob->n_steps = 1;
                    ob->level = ob->level > 1;
                    ob->thresholds = ob->shape = JOINT_NONE;
                }
            }
            struct joint_query *q = &w->queries[w->model.n_queries++];
            *q = (struct joint_query){.front = front,
                                      .first_term = (int32_t)w->model.n_terms,
                                      .n_a = own >= 0 ? 2 : 1,
                                      .n_b = 1};
            add_term(w, person, 1);
            if (own >= 0) {
                add_term(w, own, 1);
            }
            add_term(w, visit, 0.5);
        }
        for (int i = 0; s->leaves && s->skills >= 3 && i < 3; i++) {
            struct joint_observation *ob = &w->observations[w->model.n_observations++];
            *ob = (struct joint_observation){.front = tree,
                                             .first_term = (int32_t)w->model.n_terms,
                                             .thresholds = threshold + 2 * s->steps,
                                             .shape = JOINT_NONE,
                                             .weight = 2,
                                             .n_terms = 2,
                                             .n_steps = (uint8_t)s->steps,
                                             .level = (uint8_t)(i % (s->steps + 1))};
            add_term(w, person, 1);
            add_term(w, rater + (int32_t)rng_below(&rng, (uint32_t)s->raters) * stride, -1);
        }
    }
    w->model.families = w->families;
    w->model.effects = w->effects;
    w->model.front_parent = w->front_parent;
    w->model.observations = w->observations;
    w->model.terms = w->terms;
    w->model.queries = w->queries;
    w->model.n_families = F__MAX;
}

/* Dense brute force with the C library's functions; fixed variances. */
struct brute {
    size_t n;
    double mean[MAX_EFFECTS], cov[MAX_EFFECTS][MAX_EFFECTS], variance[MAX_OBS];
};

static void brute_design(const struct world *w, const struct joint_observation *o, int j, double *x)
{
    memset(x, 0, w->model.n_effects * sizeof *x);
    for (int t = 0; t < o->n_terms; t++) {
        x[w->terms[o->first_term + t].effect] += (double)w->terms[o->first_term + t].coefficient;
    }
    for (int l = 0; l < o->n_steps; l++) {
        if (o->thresholds != JOINT_NONE) {
            x[o->thresholds + l] -= j < 0 ? 1.0 / o->n_steps : l == j;
        }
    }
    if (o->shape != JOINT_NONE && j >= 0) {
        /* K = 3 or 2 only: the linear and the quadratic contrast. */
        static const double c3[2][3] = {
            {-0.70710678118654752, 0, 0.70710678118654752},
            {0.40824829046386302, -0.81649658092772603, 0.40824829046386302}};
        static const double c2[2] = {-0.70710678118654752, 0.70710678118654752};
        for (int a = 0; a + 1 < o->n_steps; a++) {
            x[o->shape + a] -= o->n_steps == 3 ? c3[a][j] : c2[j];
        }
    }
}

static void brute_invert(size_t n, double (*a)[MAX_EFFECTS])
{
    for (size_t k = 0; k < n; k++) { /* Gauss-Jordan in place: positive definite, no pivoting */
        double d = a[k][k];
        a[k][k] = 1;
        for (size_t j = 0; j < n; j++) {
            a[k][j] /= d;
        }
        for (size_t i = 0; i < n; i++) {
            double f = a[i][k];
            if (i != k && f != 0) {
                a[i][k] = 0;
                for (size_t j = 0; j < n; j++) {
                    a[i][j] -= f * a[k][j];
                }
            }
        }
    }
}

static void brute_fit(const struct world *w, struct brute *b, int rounds)
{
    static double h[MAX_EFFECTS][MAX_EFFECTS], g[MAX_EFFECTS], x[12][MAX_EFFECTS];
    size_t n = b->n = w->model.n_effects;
    memset(b->mean, 0, sizeof b->mean);
    for (size_t i = 0; i < w->model.n_observations; i++) {
        b->variance[i] = 0.3;
    }
    for (int round = 0; round < rounds; round++) {
        memset(h, 0, sizeof h);
        for (size_t e = 0; e < n; e++) {
            const struct joint_family *f = &w->families[w->effects[e].family];
            h[e][e] = 1 / f->variance;
            g[e] = -(b->mean[e] - f->mean) / f->variance;
        }
        for (size_t i = 0; i < w->model.n_observations; i++) {
            const struct joint_observation *o = &w->observations[i];
            int k = o->n_steps;
            double z[12], t[12] = {0}, ww[12][12] = {{0}};
            for (int j = 0; j < k; j++) {
                brute_design(w, o, j, x[j]);
                z[j] = (double)o->offset;
                for (size_t e = 0; e < n; e++) {
                    z[j] += x[j][e] * b->mean[e];
                }
            }
            for (int node = -1; node <= 1; node++) {
                double weight = node ? 1 / 6.0 : 2 / 3.0, p[12], sum = 0, s = 0, up = 0;
                for (int y = 0; y <= k; y++) {
                    p[y] = exp(s);
                    sum += p[y];
                    s += y < k ? z[y] + node * sqrt(3 * b->variance[i]) : 0;
                }
                double reach[12];
                for (int y = k; y > 0; y--) {
                    up += p[y] / sum;
                    reach[y - 1] = up;
                    t[y - 1] += weight * up;
                }
                for (int j = 0; j < k; j++) {
                    for (int l = 0; l < k; l++) {
                        ww[j][l] += weight * (reach[j > l ? j : l] - reach[j] * reach[l]);
                    }
                }
            }
            for (int j = 0; j < k; j++) {
                double r = (double)o->weight * ((o->level > j) - t[j]);
                for (size_t e = 0; e < n; e++) {
                    if (x[j][e] != 0) {
                        g[e] += x[j][e] * r;
                        for (int l = 0; l < k; l++) {
                            double c = (double)o->weight * ww[j][l] * x[j][e];
                            for (size_t d = 0; d < n; d++) {
                                h[e][d] += c * x[l][d];
                            }
                        }
                    }
                }
            }
        }
        memcpy(b->cov, h, sizeof h);
        brute_invert(n, b->cov);
        for (size_t e = 0; e < n; e++) {
            for (size_t d = 0; d < n; d++) {
                b->mean[e] += b->cov[e][d] * g[d];
            }
        }
        for (size_t i = 0; i < w->model.n_observations; i++) {
            double v = 0;
            brute_design(w, &w->observations[i], -1, x[0]);
            for (size_t e = 0; e < n; e++) {
                for (size_t d = 0; x[0][e] != 0 && d < n; d++) {
                    v += x[0][e] * b->cov[e][d] * x[0][d];
                }
            }
            b->variance[i] = v;
        }
    }
}

static struct joint_result *fit(struct arena *arena, const struct world *w, double tolerance,
                                size_t exact_limit)
{
    struct joint_result *r = NULL;
    struct joint_options options = {.tolerance = tolerance, .exact_limit = exact_limit};
    enum err err = joint_fit(arena, &w->model, &options, &r);
    return err ? NULL : r;
}

static double worst_mean(const struct joint_result *a, const double *mean, size_t n)
{
    double worst = 0;
    for (size_t e = 0; e < n; e++) {
        worst = fmax(worst, fabs(a->mean[e] - mean[e]));
    }
    return worst;
}

static struct world world;
static struct brute brute;

static void test_brute_force(const struct shape *s, uint64_t seed)
{
    build(&world, s, seed);
    brute_fit(&world, &brute, 40);
    struct arena *arena = arena_new(0);
    struct joint_result *r = fit(arena, &world, 1e-11, 0);
    if (!tap_ok(r && r->exact && r->converged, "fits exactly (seed %d)", (int)seed)) {
        arena_free(arena);
        return;
    }
    size_t n = world.model.n_effects;
    tap_near(worst_mean(r, brute.mean, n), 0, 1e-9, "means equal brute force, %d effects", (int)n);
    double worst = 0, worst_predictor = 0, worst_answer = 0;
    for (size_t e = 0; e < n; e++) {
        worst = fmax(worst, fabs(r->variance[e] - brute.cov[e][e]));
    }
    for (size_t i = 0; i < world.model.n_observations; i++) {
        worst_predictor = fmax(worst_predictor, fabs(r->predictor_variance[i] - brute.variance[i]));
    }
    for (size_t q = 0; q < world.model.n_queries; q++) {
        const struct joint_query *query = &world.queries[q];
        const struct joint_term *t = &world.terms[query->first_term];
        double mean = 0, v = 0, c = 0;
        for (int a = 0; a < query->n_a; a++) {
            mean += (double)t[a].coefficient * brute.mean[t[a].effect];
            for (int b = 0; b < query->n_a; b++) {
                v += (double)t[a].coefficient * (double)t[b].coefficient *
                     brute.cov[t[a].effect][t[b].effect];
            }
            c += (double)t[a].coefficient * (double)t[query->n_a].coefficient *
                 brute.cov[t[a].effect][t[query->n_a].effect];
        }
        worst_answer = fmax(worst_answer, fabs(r->answers[q].mean_a - mean));
        worst_answer = fmax(worst_answer, fabs(r->answers[q].variance_a - v));
        worst_answer = fmax(worst_answer, fabs(r->answers[q].covariance - c));
    }
    tap_near(worst, 0, 1e-9, "variances equal the full inverse");
    tap_near(worst_predictor, 0, 1e-9, "predictor variances too");
    tap_near(worst_answer, 0, 1e-9, "answers too");
    arena_free(arena);
}

/* Small limits force groups, free shapes and conjugate gradients; at the mode, where covariances do
 * not act on the means, the answer must be the same. */
static void test_gradients(uint64_t seed)
{
    build(&world, &(struct shape){20, 4, 9, 2, 3, 6, true, true, false}, seed);
    struct arena *arena = arena_new(0);
    struct joint_options exact = {.tolerance = 1e-9, .mode = true};
    struct joint_options grouped = {.tolerance = 1e-9, .mode = true, .exact_limit = 13};
    struct joint_result *a, *b;
    bool ok = joint_fit(arena, &world.model, &exact, &a) == ERR_OK &&
              joint_fit(arena, &world.model, &grouped, &b) == ERR_OK;
    if (tap_ok(ok && a->exact && !b->exact && b->converged, "both ways converge")) {
        tap_near(worst_mean(a, b->mean, world.model.n_effects), 0, 1e-6,
                 "conjugate gradients give the exact means");
    }
    struct joint_options options = {.exact_limit = 13};
    ok = joint_fit(arena, &world.model, &(struct joint_options){0}, &a) == ERR_OK &&
         joint_fit(arena, &world.model, &options, &b) == ERR_OK;
    if (tap_ok(ok && !b->exact && b->converged, "and with expectations")) {
        tap_near(worst_mean(a, b->mean, world.model.n_effects), 0, 0.1,
                 "dropped covariances move the means a little");
    }
    arena_free(arena);
}

static void test_order(void)
{
    static struct joint_observation shuffled[MAX_OBS];
    build(&world, &(struct shape){12, 3, 5, 2, 3, 9, true, true, true}, 7);
    struct rng rng = rng_seed(8);
    struct arena *arena = arena_new(0);
    struct joint_result *a = fit(arena, &world, 0, 0);
    struct joint_model model = world.model;
    memcpy(shuffled, world.observations, sizeof shuffled);
    for (size_t first = 0, end; first < model.n_observations; first = end) {
        for (end = first;
             end < model.n_observations && shuffled[end].front == shuffled[first].front;) {
            end++;
        }
        for (size_t i = end - first; i > 1; i--) {
            size_t j = rng_below(&rng, (uint32_t)i);
            struct joint_observation swap = shuffled[first + i - 1];
            shuffled[first + i - 1] = shuffled[first + j];
            shuffled[first + j] = swap;
        }
    }
    model.observations = shuffled;
    struct joint_result *b = NULL;
    bool ok = a && joint_fit(arena, &model, &(struct joint_options){0}, &b) == ERR_OK;
    if (tap_ok(ok, "shuffled ratings fit")) {
        tap_near(worst_mean(a, b->mean, model.n_effects), 0, 1e-9, "to the same means");
        tap_near(b->log_likelihood, a->log_likelihood, 1e-9, "and likelihood");
    }
    arena_free(arena);
}

/* At the solution every estimated variance reproduces itself. */
static void test_variances(void)
{
    build(&world, &(struct shape){25, 3, 5, 2, 3, 6, true, false, true}, 9);
    struct arena *arena = arena_new(0);
    struct joint_result *r = fit(arena, &world, 1e-7, 0);
    double worst = 0;
    for (int f = 0; r && f < F__MAX; f++) {
        const struct joint_family *family = &world.families[f];
        double n = family->pseudo, sum = family->pseudo * family->variance;
        for (size_t e = 0; e < world.model.n_effects; e++) {
            if (world.effects[e].family == f) {
                sum += (r->mean[e] - family->mean) * (r->mean[e] - family->mean) + r->variance[e];
                n++;
            }
        }
        if (family->rule == JOINT_ESTIMATED && n > family->pseudo) {
            worst = fmax(worst, fabs(sum / n / r->family_variance[f] - 1));
        }
    }
    tap_ok(r && r->converged, "variances converge in %d iterations", r ? r->n_iterations : -1);
    tap_near(worst, 0, 1e-5, "to the fixed point of EM");
    arena_free(arena);
}

static void test_memory(const struct shape *s)
{
    build(&world, s, 10);
    for (size_t limit = 0; limit <= 8; limit += 8) { /* exact, then gradients */
        enum err err = ERR_NOMEM;
        int n = 0;
        bool clean = true;
        while (err == ERR_NOMEM && n < 1000) {
            struct arena *arena = arena_new(0);
            struct joint_result *r = NULL;
            arena_fail_after(arena, (uint64_t)++n);
            struct joint_options options = {.exact_limit = limit};
            err = joint_fit(arena, &world.model, &options, &r);
            clean = clean && (err == ERR_OK ? r != NULL : r == NULL);
            arena_free(arena);
        }
        tap_ok(err == ERR_OK && n > 30 && clean, "every one of %d allocations may fail", n - 1);
    }
}

/* Many people are shared out: the same bits with any number of threads, and with every family. */
static void test_crews(const struct shape *s, size_t limit)
{
    static const int sizes[] = {1, 2, 3, 8};
    build(&world, s, 13);
    const struct joint_model *m = &world.model;
    struct arena *arena = arena_new(0);
    struct joint_result *alone = fit(arena, &world, 0, limit);
    tap_ok(alone && alone->exact == (limit == 0), "%d people, one thread", s->people);
    for (size_t k = 0; alone && k < sizeof sizes / sizeof *sizes; k++) {
        struct crew crew = {sizes[k]};
        struct joint_options options = {.exact_limit = limit, .crew = &crew};
        struct joint_result *r = NULL;
        bool same = joint_fit(arena, m, &options, &r) == ERR_OK &&
                    !memcmp(r->mean, alone->mean, m->n_effects * sizeof *r->mean) &&
                    !memcmp(r->variance, alone->variance, m->n_effects * sizeof *r->variance) &&
                    !memcmp(r->predictor_variance, alone->predictor_variance,
                            m->n_observations * sizeof *r->predictor_variance) &&
                    !memcmp(r->answers, alone->answers, m->n_queries * sizeof *r->answers) &&
                    r->log_likelihood == alone->log_likelihood;
        tap_ok(same, "the same bits with a crew of %d", sizes[k]);
    }
    arena_free(arena);
}

static bool stop(void *ctx, double done)
{
    (void)ctx;
    return done > 0;
}

static void test_refusals(void)
{
    struct arena *arena = arena_new(0);
    struct joint_options options = {0};
    struct joint_result *r = NULL;
    struct joint_model empty = {0};
    tap_ok(joint_fit(arena, &empty, &options, &r) == ERR_OK && r && r->log_likelihood == 0,
           "an empty model fits");
    static const struct shape small = {3, 3, 3, 1, 3, 2, true, false, false};
    build(&world, &small, 11);
    world.observations[0].level = 4;
    tap_ok(joint_fit(arena, &world.model, &options, &r) == ERR_INVALID, "level out of range");
    build(&world, &small, 11);
    world.terms[0].effect = (int32_t)world.model.n_effects;
    tap_ok(joint_fit(arena, &world.model, &options, &r) == ERR_INVALID, "effect out of range");
    build(&world, &small, 11);
    size_t last = world.model.n_observations - 1;
    world.terms[0].effect = world.terms[world.observations[last].first_term].effect;
    tap_ok(joint_fit(arena, &world.model, &options, &r) == ERR_INVALID, "another person's effect");
    build(&world, &small, 11);
    world.families[F_PERSON].variance = 0;
    tap_ok(joint_fit(arena, &world.model, &options, &r) == ERR_INVALID, "no variance");
    build(&world, &small, 11);
    struct joint_observation swap = world.observations[0];
    world.observations[0] = world.observations[last];
    world.observations[last] = swap;
    tap_ok(joint_fit(arena, &world.model, &options, &r) == ERR_INVALID, "a front in two places");
    build(&world, &small, 11);
    struct joint_options stopping = {.progress = stop};
    tap_ok(joint_fit(arena, &world.model, &stopping, &r) == ERR_LIMIT, "progress may stop it");
    arena_free(arena);
}

static void test_predictions(void)
{
    build(&world, &(struct shape){10, 2, 4, 1, 3, 8, true, true, false}, 12);
    struct arena *arena = arena_new(0);
    struct joint_result *r = fit(arena, &world, 0, 0);
    double sum = 0, n = 0, worst = 0;
    for (size_t i = 0; r && i < world.model.n_observations; i++) {
        const struct joint_observation *o = &world.observations[i];
        double p[JOINT_MAX_STEPS + 1], total = 0;
        joint_predict(&world.model, r, i, p);
        for (int y = 0; y <= o->n_steps; y++) {
            total += p[y];
        }
        worst = fmax(worst, fabs(total - 1));
        sum += (double)o->weight * log(p[o->level]);
        n += (double)o->weight;
    }
    tap_near(worst, 0, 1e-9, "predictions are distributions");
    tap_near(r ? r->log_likelihood : NAN, sum / n, 1e-9, "the likelihood is their mean logarithm");
    arena_free(arena);
}

int main(void)
{
    test_brute_force(&(struct shape){4, 3, 3, 2, 3, 4, true, false, false}, 1);
    test_brute_force(&(struct shape){6, 1, 4, 1, 3, 5, false, false, false}, 2);
    test_brute_force(&(struct shape){5, 4, 3, 2, 3, 6, true, true, false}, 3);
    test_brute_force(&(struct shape){9, 3, 12, 2, 2, 3, true, true, false}, 4);
    test_brute_force(&(struct shape){160, 1, 5, 1, 2, 3, false, false, false}, 14);
    test_gradients(5);
    test_gradients(6);
    test_order();
    test_variances();
    test_memory(&(struct shape){4, 3, 4, 2, 3, 3, true, true, true});
    test_memory(&(struct shape){120, 1, 4, 1, 3, 3, true, false, false});
    test_crews(&(struct shape){120, 1, 4, 1, 3, 3, true, false, true}, 0);
    test_crews(&(struct shape){150, 1, 9, 1, 3, 3, false, true, true}, 8);
    test_refusals();
    test_predictions();
    return tap_done();
}
