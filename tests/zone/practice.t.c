/* The practice filter on simulated learners: better than knowing the items, honest, reproducible.
 */
#include "zone/practice.h"

#include "base/arena.h"
#include "base/num.h"
#include "base/rng.h"

#include "tap.h"

#include <stdlib.h>

#define LEARNERS 400
#define ITEMS 60
#define SKILLS 8
#define ANSWERS 50

struct world {
    struct practice_row row[LEARNERS * ANSWERS];
    double truth[LEARNERS * ANSWERS]; /* P(right) */
    int32_t skills[ITEMS * 2];
    uint8_t train[LEARNERS];
    struct practice_log log;
};

/* Item i needs skill i % SKILLS, every fifth also the next one. */
static struct world *world_make(uint64_t seed)
{
    struct world *w = calloc(1, sizeof *w);
    struct rng rng = rng_seed(seed);
    double b[ITEMS];
    for (int i = 0; i < ITEMS; i++) {
        b[i] = rng_normal(&rng);
        w->skills[2 * i] = i % SKILLS;
        w->skills[2 * i + 1] = (i + 1) % SKILLS;
    }
    size_t n = 0;
    for (int32_t u = 0; u < LEARNERS; u++) {
        double g = 0.5 + 0.9 * rng_normal(&rng), d[SKILLS], time = 0;
        w->train[u] = u % 5 != 4;
        for (int s = 0; s < SKILLS; s++) {
            d[s] = 0.6 * rng_normal(&rng);
        }
        for (int j = 0; j < ANSWERS; j++, n++) {
            int i = (int)rng_below(&rng, ITEMS), two = i % 5 == 0;
            double skill = two ? 0.5 * (d[i % SKILLS] + d[(i + 1) % SKILLS]) : d[i % SKILLS];
            w->truth[n] = num_logistic(g + skill - b[i]);
            w->row[n] = (struct practice_row){.learner = u,
                                              .item = i,
                                              .skill_at = (uint32_t)(2 * i),
                                              .n_skills = two ? 2 : 1,
                                              .outcome = rng_unit(&rng) < w->truth[n],
                                              .time = time};
            d[i % SKILLS] += 0.05;
            time += 1 + 60 * rng_unit(&rng);
        }
    }
    w->log = (struct practice_log){w->row, n, w->skills, 2 * ITEMS, LEARNERS, ITEMS, SKILLS};
    return w;
}

/* Log-loss of the test learners by the filter, by the truth, and by the items' share of right. */
static void world_score(const struct world *w, const struct practice_model *model,
                        struct arena *arena, double loss[3], double *bias)
{
    struct practice_learner *learner = practice_learner_new(arena, model);
    double right[ITEMS] = {0}, seen[ITEMS] = {0}, n = 0;
    loss[0] = loss[1] = loss[2] = *bias = 0;
    for (size_t j = 0; j < w->log.n_rows; j++) {
        if (w->train[w->row[j].learner]) {
            right[w->row[j].item] += w->row[j].outcome;
            seen[w->row[j].item] += 1;
        }
    }
    for (size_t j = 0; j < w->log.n_rows; j++) {
        const struct practice_row *row = &w->row[j];
        if (w->train[row->learner]) {
            continue;
        }
        if (j == 0 || w->row[j - 1].learner != row->learner) {
            practice_learner_reset(learner);
        }
        double p[3] = {practice_predict(learner, row, w->skills), w->truth[j],
                       (right[row->item] + 1) / (seen[row->item] + 2)};
        if (practice_observe(learner, row, w->skills) != p[0]) {
            *bias = 9;
        }
        for (int k = 0; k < 3; k++) {
            loss[k] -= log(row->outcome ? p[k] : 1 - p[k]);
        }
        *bias += p[0] - row->outcome;
        n += 1;
    }
    for (int k = 0; k < 3; k++) {
        loss[k] /= n;
    }
    *bias /= n;
}

static void test_fit(struct world *w, struct arena *arena)
{
    struct practice_model *model, *again;
    tap_ok(practice_fit(arena, &w->log, w->train, &model) == ERR_OK, "fits");
    double loss[3], bias;
    world_score(w, model, arena, loss, &bias);
    tap_ok(loss[0] < loss[1] + 0.55 * (loss[2] - loss[1]),
           "closes most of the gap between items (%.4f) and truth (%.4f): %.4f", loss[2], loss[1],
           loss[0]);
    tap_near(bias, 0, 0.02, "is right on average");
    tap_near(model->param[PRACTICE_SD_GENERAL], log(0.9), 0.35, "finds the spread of learners");
    tap_near(model->sd_item, 1, 0.3, "and of items");
    tap_ok(practice_fit(arena, &w->log, w->train, &again) == ERR_OK &&
               memcmp(model->param, again->param, sizeof model->param) == 0 &&
               memcmp(model->item, again->item, ITEMS * sizeof(double)) == 0,
           "the same log gives the same bits");
    for (size_t j = 0; j < w->log.n_rows; j++) {
        if (!w->train[w->row[j].learner]) {
            w->row[j].outcome = !w->row[j].outcome;
        }
    }
    tap_ok(practice_fit(arena, &w->log, w->train, &again) == ERR_OK &&
               memcmp(model->param, again->param, sizeof model->param) == 0,
           "test learners do not touch the fit");
}

static void test_edges(struct arena *arena)
{
    struct practice_model *model;
    int32_t skill = 0;
    struct practice_log none = {NULL, 0, &skill, 1, 1, 1, 1};
    tap_ok(practice_fit(arena, &none, NULL, &model) == ERR_OK && model->unit == 0, "an empty log");
    struct practice_row row[3] = {{.n_skills = 1, .outcome = PRACTICE_RIGHT},
                                  {.n_skills = 1, .outcome = PRACTICE_SHOWN, .time = 5},
                                  {.n_skills = 1, .outcome = PRACTICE_RIGHT, .time = 9}};
    struct practice_log one = {row, 3, &skill, 1, 1, 1, 1};
    tap_ok(practice_fit(arena, &one, NULL, &model) == ERR_OK && isfinite(model->log_loss) &&
               isfinite(model->item[0]),
           "one learner who is always right");
    struct practice_learner *learner = practice_learner_new(arena, model);
    double mean, var, before = practice_predict(learner, row, &skill);
    for (int j = 0; j < 10000; j++) {
        (void)practice_observe(learner, row, &skill);
    }
    practice_level(learner, 0, &mean, &var);
    tap_ok(isfinite(mean) && var > 0 && practice_predict(learner, row, &skill) > before,
           "ten thousand right answers leave everything finite");
    row[1].item = 1;
    tap_ok(practice_fit(arena, &one, NULL, &model) == ERR_INVALID, "an unknown item is refused");
    row[1].item = 0;
    row[1].n_skills = 2;
    tap_ok(practice_fit(arena, &one, NULL, &model) == ERR_INVALID, "skills beyond the end");
    row[1].n_skills = 1;
    int failures = 0;
    for (uint64_t n = 1;; n++) {
        arena_fail_after(arena, n);
        enum err err = practice_fit(arena, &one, NULL, &model);
        arena_fail_after(arena, 0);
        if (err == ERR_OK) {
            break;
        }
        failures += err == ERR_NOMEM ? 1 : 1000;
    }
    tap_ok(failures > 20 && failures < 1000, "every failed allocation is reported: %d", failures);
}

int main(void)
{
    struct world *w = world_make(11);
    struct arena *arena = arena_new(0);
    test_fit(w, arena);
    test_edges(arena);
    arena_free(arena);
    free(w);
    return tap_done();
}
