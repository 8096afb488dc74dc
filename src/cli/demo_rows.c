/* What raters, the people themselves and tasks show of the demonstration district, row by row; see
 * demo.h. */
#include "base/num.h"
#include "cli/demo.h"

#define VISITS 3      /* a colleague's visits to each person */
#define SKILLS_SEEN 7 /* rated on one visit */

static const double thresholds[] = {-1.9, 0.0, 1.9};  /* of the four levels */
static const double helps[] = {0.0, 0.45, 0.75, 1.0}; /* share of the gain at each support */

/* A level 1 .. 4 drawn from the partial-credit model at `eta`. */
static int draw_level(struct rng *rng, double eta)
{
    double weight[4] = {1, 0, 0, 0}, total = 1;
    for (int k = 1; k < 4; k++) {
        weight[k] = weight[k - 1] * num_exp(eta - thresholds[k - 1]);
        total += weight[k];
    }
    double at = rng_unit(rng) * total;
    for (int k = 0; k < 3; k++) {
        if (at < weight[k]) {
            return k + 1;
        }
        at -= weight[k];
    }
    return 4;
}

/* Somebody else of the same school; now and then of another, so that all raters are linked. */
static int32_t draw_visitor(struct demo *demo, int32_t person)
{
    int32_t school = demo->people[person].school;
    if (rng_below(&demo->rng, 8) == 0) {
        school = (int32_t)rng_below(&demo->rng, (uint32_t)demo->n_schools);
    }
    int32_t first = demo->first[school], n = demo->first[school + 1] - first;
    int32_t visitor = first + (int32_t)rng_below(&demo->rng, (uint32_t)n);
    return visitor != person ? visitor : visitor > 0 ? visitor - 1 : visitor + 1;
}

static int32_t draw_day(struct rng *rng)
{
    int32_t week = (int32_t)rng_below(rng, DEMO_WEEKS);
    return DEMO_FIRST_DAY + 7 * week + (int32_t)rng_below(rng, 5);
}

/* One visit: a few skills of one or two domains, seen in one lesson. */
static enum err visit(struct demo *demo, demo_row_fn *each, void *ctx, int32_t person,
                      int32_t visitor, int nth)
{
    struct rng *rng = &demo->rng;
    const struct demo_person *seen = &demo->people[person];
    enum err err = ERR_OK;
    double lesson = 0.3 * rng_normal(rng);
    int skill = (int)rng_below(rng, DEMO_SKILLS);
    int32_t day = draw_day(rng);
    for (int k = 0; k < SKILLS_SEEN && !err; k++) {
        /* How this rater uses this skill's rubric is a lasting habit: drawn from its own seed. */
        struct rng habit = rng_seed((uint64_t)visitor * 1009 + (uint64_t)skill);
        double eta = seen->ability[skill] + lesson + 0.4 * rng_normal(rng) -
                     demo->people[visitor].severity - 0.6 * rng_normal(&habit) -
                     demo_skills[skill].difficulty;
        err = each(ctx, &(struct demo_row){.kind = DEMO_OBSERVED,
                                           .person = person,
                                           .rater = visitor,
                                           .visit = nth + 1,
                                           .day = day,
                                           .skill = skill,
                                           .level = draw_level(rng, eta)});
        skill = (skill + 1) % DEMO_SKILLS;
    }
    return err;
}

static enum err own_view(struct demo *demo, demo_row_fn *each, void *ctx, int32_t person)
{
    const struct demo_person *self = &demo->people[person];
    enum err err = ERR_OK;
    for (int s = 0; s < DEMO_SKILLS && !err; s++) {
        double eta = 0.3 * self->ability[s] + self->self_bias + 0.7 * rng_normal(&demo->rng) -
                     demo_skills[s].difficulty;
        err = each(ctx, &(struct demo_row){.kind = DEMO_SELF,
                                           .person = person,
                                           .rater = -1,
                                           .day = DEMO_FIRST_DAY + person % 5,
                                           .skill = s,
                                           .level = draw_level(&demo->rng, eta)});
    }
    return err;
}

/* One practice task, tried with more and more help until it is done. */
static enum err task(struct demo *demo, demo_row_fn *each, void *ctx, int32_t person)
{
    struct rng *rng = &demo->rng;
    const struct demo_person *who = &demo->people[person];
    enum err err = ERR_OK;
    int skill = (int)rng_below(rng, DEMO_SKILLS), which = (int)rng_below(rng, DEMO_TASKS);
    int32_t day = draw_day(rng);
    double difficulty = demo_skills[skill].difficulty + 1.2 * (which - 1);
    for (int h = 0, done = 0; h < 4 && !done && !err; h++) {
        double odds = who->ability[skill] + who->gain * helps[h] - difficulty;
        done = rng_unit(rng) < num_logistic(odds);
        err = each(ctx, &(struct demo_row){.kind = DEMO_TASK,
                                           .person = person,
                                           .rater = -1,
                                           .day = day,
                                           .skill = skill,
                                           .support = h,
                                           .task = which,
                                           .level = done});
    }
    return err;
}

enum err demo_evidence(struct demo *demo, demo_row_fn *each, void *ctx)
{
    enum err err = ERR_OK;
    for (int32_t p = 0; p < demo->n_people && !err; p++) {
        /* Some have started late: one visit, or none yet. */
        uint32_t luck = rng_below(&demo->rng, 20);
        int visits = luck == 0 ? 0 : luck < 3 ? 1 : VISITS + (luck > 15);
        for (int v = 0; v < visits && !err; v++) {
            err = visit(demo, each, ctx, p, draw_visitor(demo, p), v);
        }
        if (!err && rng_below(&demo->rng, 10) < 8) {
            err = own_view(demo, each, ctx, p);
        }
        uint32_t tasks = err ? 0 : rng_below(&demo->rng, 6);
        for (; tasks > 0 && !err; tasks--) {
            err = task(demo, each, ctx, p);
        }
    }
    return err;
}

/* Up to DEMO_PICKED different skills, the extreme ones of what the person can do, seen through
 * doubt.
 */
static void pick_skills(struct demo *demo, const struct demo_person *person, double sign,
                        struct demo_picked *picked)
{
    double felt[DEMO_SKILLS];
    for (int s = 0; s < DEMO_SKILLS; s++) {
        felt[s] = sign * person->ability[s] + 0.5 * rng_normal(&demo->rng);
    }
    for (int k = 0; k < picked->n; k++) {
        int best = 0;
        for (int s = 1; s < DEMO_SKILLS; s++) {
            best = felt[s] > felt[best] ? s : best;
        }
        picked->skills[k] = best;
        felt[best] = -1e9;
    }
}

void demo_needs(struct demo *demo, int32_t person, struct demo_picked *picked)
{
    picked->n = 0;
    if (rng_below(&demo->rng, 20) < 3 || demo->people[person].position == DEMO_HEAD) {
        return;
    }
    picked->n = 1 + (int)rng_below(&demo->rng, 3);
    pick_skills(demo, &demo->people[person], -1, picked);
}

void demo_offers(struct demo *demo, int32_t person, struct demo_picked *picked)
{
    picked->n = 0;
    if (rng_below(&demo->rng, 20) < 2) {
        return;
    }
    picked->n = 3 + (int)rng_below(&demo->rng, DEMO_PICKED - 2);
    pick_skills(demo, &demo->people[person], 1, picked);
}
