/* Gains by quadrature.
 *
 * The trapezoid rule is exponentially accurate on the whole line for functions analytic in a strip:
 * the logistic function's nearest poles lie pi away, so steps of half a logit err by less than
 * e^-30 (Trefethen & Weideman 2014, SIAM Review 56:385, theorem 5.1).  The same rule averages over
 * the normal distributions: a step of h standard deviations errs by e^(-2 pi^2 / h^2) for the
 * density and by e^(-2 pi^2 / (h sd)) for the logistic. */
#include "match/gain.h"

#include "base/clones.h"
#include "base/num.h"

#include <math.h>
#include <stdbool.h>

#define GAIN_MARGIN 10.0    /* logits beyond the outermost ability: the tails hold e^-10 */
#define GAIN_TAIL 4.0       /* standard errors counted as part of an ability's range */
#define GAIN_NODE_STEP 1.25 /* see above: both errors stay below 4e-6 */
#define GAIN_NODE_REACH 3.75
#define GAIN_NODES_MAX 37 /* at MATCH_SD_MAX */
#define GAIN_SHARE_BITS 15
#define GAIN_CLOSE_BITS 14
#define GAIN_SIZE_BITS 6 /* size counts 1 / 2^6 of a unit of gain */

/* Nodes and weights that stand for a normal distribution. */
struct nodes {
    int n;
    double at[GAIN_NODES_MAX], weight[GAIN_NODES_MAX];
};

struct match_closeness match_closeness_default(void)
{
    return (struct match_closeness){.strength = 0.15, .near = 1.0, .width = 2.0};
}

enum err match_gain_model_make(const struct match_closeness *closeness,
                               struct match_gain_model *model)
{
    if (!(closeness->strength >= 0 && closeness->strength <= 1) ||
        !(closeness->near >= 0 && closeness->near <= MATCH_ABILITY_MAX) ||
        !(closeness->width > 0 && closeness->width <= 1e6)) {
        return ERR_RANGE;
    }
    for (int k = 0; k < MATCH_CLOSE_STEPS; k++) {
        double beyond = ((double)k / MATCH_CLOSE_UNIT - closeness->near) / closeness->width;
        double lost = beyond > 0 ? 1 - num_exp(-0.5 * beyond * beyond) : 0;
        double factor = 1 - closeness->strength * lost;
        model->close[k] = (int16_t)floor(factor * (1 << GAIN_CLOSE_BITS) + 0.5);
    }
    return ERR_OK;
}

static double clamp(double x, double limit)
{
    return x > limit ? limit : x < -limit ? -limit : x;
}

/* Checks the numbers and brings them into range; helpers need only `alone`. */
static enum err ability_take(const struct match_ability *from, bool helped,
                             struct match_ability *to)
{
    if (!isfinite(from->alone) || !isfinite(from->alone_sd) || from->alone_sd < 0) {
        return ERR_RANGE;
    }
    *to = (struct match_ability){.alone = clamp(from->alone, MATCH_ABILITY_MAX),
                                 .alone_sd = clamp(from->alone_sd, MATCH_SD_MAX)};
    if (!helped) {
        return ERR_OK;
    }
    if (!isfinite(from->helped) || !isfinite(from->helped_sd) || from->helped_sd < 0 ||
        !isfinite(from->cov)) {
        return ERR_RANGE;
    }
    to->helped = clamp(from->helped, MATCH_ABILITY_MAX);
    to->helped_sd = clamp(from->helped_sd, MATCH_SD_MAX);
    to->cov = clamp(from->cov, to->alone_sd * to->helped_sd);
    return ERR_OK;
}

enum err match_grid_cover(const struct match_ability *people, size_t n, size_t stride,
                          struct match_grid *grid)
{
    double lo = 0, hi = 0;
    for (size_t i = 0; i < n; i++) {
        struct match_ability a;
        enum err err = ability_take(&people[i * stride], true, &a);
        if (err) {
            return err;
        }
        double lowest = fmin(a.alone - GAIN_TAIL * a.alone_sd, a.helped - GAIN_TAIL * a.helped_sd);
        double highest = fmax(a.alone + GAIN_TAIL * a.alone_sd, a.helped + GAIN_TAIL * a.helped_sd);
        lo = i ? fmin(lo, lowest) : lowest;
        hi = i ? fmax(hi, highest) : highest;
    }
    lo -= GAIN_MARGIN;
    hi += GAIN_MARGIN;
    grid->lo = lo;
    grid->step = (hi - lo) / (MATCH_GRID_POINTS - 1);
    return ERR_OK;
}

/* Nodes for a normal distribution around `mean`. */
static void nodes_make(double mean, double sd, struct nodes *nodes)
{
    if (sd < 0.01) {
        *nodes = (struct nodes){.n = 1, .at = {mean}, .weight = {1}};
        return;
    }
    double step = GAIN_NODE_STEP * fmin(1, 1 / sd), sum = 0;
    int half = (int)ceil(GAIN_NODE_REACH / step - 1e-9);
    nodes->n = 2 * half + 1;
    for (int k = 0; k < nodes->n; k++) {
        double x = (k - half) * step;
        nodes->at[k] = mean + sd * x;
        nodes->weight[k] = num_exp(-0.5 * x * x);
        sum += nodes->weight[k];
    }
    for (int k = 0; k < nodes->n; k++) {
        nodes->weight[k] /= sum;
    }
}

/* e^b at every point of the grid. */
static enum err grid_exp(const struct match_grid *grid, double odds[MATCH_GRID_POINTS])
{
    if (!isfinite(grid->lo) || fabs(grid->lo) > 256 || !(grid->step > 0 && grid->step <= 8)) {
        return ERR_RANGE;
    }
    odds[0] = num_exp(grid->lo);
    double ratio = num_exp(grid->step);
    for (int k = 1; k < MATCH_GRID_POINTS; k++) {
        odds[k] = odds[k - 1] * ratio;
    }
    return ERR_OK;
}

/* success[k] = E of P(B - b_k) over the nodes of B. */
VECTOR_CLONES
static void success_average(const struct nodes *nodes, const double odds[MATCH_GRID_POINTS],
                            double success[MATCH_GRID_POINTS])
{
    for (int k = 0; k < MATCH_GRID_POINTS; k++) {
        success[k] = 0;
    }
    for (int j = 0; j < nodes->n; j++) {
        double e = num_exp(nodes->at[j]), top = nodes->weight[j] * e;
        for (int k = 0; k < MATCH_GRID_POINTS; k++) {
            success[k] += top / (e + odds[k]);
        }
    }
}

/* zone[k] = E of [1 - P(A - b_k)] P(H - b_k). */
VECTOR_CLONES
static void zone_average(const struct match_ability *a, const double odds[MATCH_GRID_POINTS],
                         double zone[MATCH_GRID_POINTS])
{
    bool sure = a->alone_sd < 0.01;
    double slope = sure ? 0 : a->cov / (a->alone_sd * a->alone_sd);
    double rest = sure ? a->helped_sd : sqrt(fmax(0, a->helped_sd * a->helped_sd - slope * a->cov));
    struct nodes alone, helped;
    nodes_make(a->alone, a->alone_sd, &alone);
    double success[MATCH_GRID_POINTS];
    for (int k = 0; k < MATCH_GRID_POINTS; k++) {
        zone[k] = 0;
    }
    for (int j = 0; j < alone.n; j++) {
        nodes_make(a->helped + slope * (alone.at[j] - a->alone), rest, &helped);
        success_average(&helped, odds, success);
        double e = num_exp(alone.at[j]), weight = alone.weight[j];
        for (int k = 0; k < MATCH_GRID_POINTS; k++) {
            zone[k] += weight * odds[k] / (e + odds[k]) * success[k];
        }
    }
}

static int32_t close_unit(double logits)
{
    return (int32_t)floor(logits * MATCH_CLOSE_UNIT + 0.5);
}

enum err match_learner_make(const struct match_grid *grid, const struct match_ability *ability,
                            double priority, struct match_learner *learner)
{
    struct match_ability a;
    double odds[MATCH_GRID_POINTS], zone[MATCH_GRID_POINTS];
    enum err err = ability_take(ability, true, &a);
    if (!err) {
        err = grid_exp(grid, odds);
    }
    if (err) {
        return err;
    }
    if (!(priority >= 0 && priority <= MATCH_PRIORITY_MAX)) {
        return ERR_RANGE;
    }
    zone_average(&a, odds, zone);
    double sum = 0;
    for (int k = 0; k < MATCH_GRID_POINTS; k++) {
        sum += zone[k];
    }
    if (!(sum > 0)) {
        return ERR_RANGE;
    }
    /* Rounding the running sum keeps every share within one unit and their total exact. */
    double before = 0;
    int32_t rounded = 0;
    for (int k = 0; k < MATCH_GRID_POINTS; k++) {
        before += zone[k];
        double up_to = k + 1 < MATCH_GRID_POINTS ? before / sum : 1;
        int32_t next = (int32_t)floor(up_to * (1 << GAIN_SHARE_BITS) + 0.5);
        int32_t share = next - rounded;
        learner->zone[k] = (int16_t)(share > INT16_MAX ? INT16_MAX : share);
        rounded = next;
    }
    double whole = MATCH_ZONE_GAIN / (1 - num_exp(-MATCH_ZONE_GAIN));
    double size = priority * sum * grid->step / whole * MATCH_ONE * (1 << GAIN_SIZE_BITS);
    learner->size = (int32_t)floor(fmin(size, INT32_MAX / 4) + 0.5);
    learner->top = close_unit(a.helped);
    return ERR_OK;
}

enum err match_helper_make(const struct match_grid *grid, const struct match_ability *ability,
                           struct match_helper *helper)
{
    struct match_ability a;
    struct nodes nodes;
    double odds[MATCH_GRID_POINTS], success[MATCH_GRID_POINTS];
    enum err err = ability_take(ability, false, &a);
    if (!err) {
        err = grid_exp(grid, odds);
    }
    if (err) {
        return err;
    }
    nodes_make(a.alone, a.alone_sd, &nodes);
    success_average(&nodes, odds, success);
    for (int k = 0; k < MATCH_GRID_POINTS; k++) {
        int32_t can = (int32_t)floor(success[k] * (1 << GAIN_SHARE_BITS) + 0.5);
        helper->can[k] = (int16_t)(can > INT16_MAX ? INT16_MAX : can);
    }
    helper->at = close_unit(a.alone);
    return ERR_OK;
}

/* The part of the zone within reach, in 1 / 2^30; at most 2^30 since the shares add up to 2^15. */
static int32_t profile_dot(const int16_t *restrict zone, const int16_t *restrict can)
{
    int32_t sum = 0;
    for (int k = 0; k < MATCH_GRID_POINTS; k++) {
        sum += zone[k] * can[k];
    }
    return sum;
}

/* The gain when this part of the zone is within reach. */
static int32_t gain_of_part(const struct match_gain_model *model,
                            const struct match_learner *learner, const struct match_helper *helper,
                            int64_t part)
{
    int32_t beyond = helper->at - learner->top;
    beyond = beyond < 0 ? 0 : beyond >= MATCH_CLOSE_STEPS ? MATCH_CLOSE_STEPS - 1 : beyond;
    part = (part * model->close[beyond] + (1 << (GAIN_CLOSE_BITS - 1))) >> GAIN_CLOSE_BITS;
    const int shift = 2 * GAIN_SHARE_BITS + GAIN_SIZE_BITS;
    int64_t gain = (part * learner->size + (INT64_C(1) << (shift - 1))) >> shift;
    return (int32_t)(gain > MATCH_GAIN_MAX ? MATCH_GAIN_MAX : gain);
}

static int32_t reach_of_part(int64_t part)
{
    const int shift = 2 * GAIN_SHARE_BITS;
    return (int32_t)((part * MATCH_ONE + (INT64_C(1) << (shift - 1))) >> shift);
}

int32_t match_gain(const struct match_gain_model *model, const struct match_learner *learner,
                   const struct match_helper *helper)
{
    return gain_of_part(model, learner, helper, profile_dot(learner->zone, helper->can));
}

int32_t match_gain_useful(const struct match_gain_model *model, const struct match_learner *learner,
                          const struct match_helper *helper, int32_t min_reach)
{
    int64_t part = profile_dot(learner->zone, helper->can);
    return reach_of_part(part) < min_reach ? 0 : gain_of_part(model, learner, helper, part);
}

/* No branch on what is useful: it would be guessed wrong every other time. */
VECTOR_CLONES
void match_gain_useful_each(const struct match_gain_model *model,
                            const struct match_learner *const learner[], int32_t n,
                            const struct match_helper *helper, int32_t min_reach, int32_t gain[])
{
    for (int32_t k = 0; k < n; k++) {
        int64_t part = profile_dot(learner[k]->zone, helper->can);
        int32_t useful = reach_of_part(part) >= min_reach;
        gain[k] = gain_of_part(model, learner[k], helper, part) & -useful;
    }
}

int32_t match_gain_reach(const struct match_learner *learner, const struct match_helper *helper)
{
    return reach_of_part(profile_dot(learner->zone, helper->can));
}
