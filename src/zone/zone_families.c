/* Priors of the families of effects: notes on the zone model, 4b (sds in logits, measured). */
#include "zone/zone_families.h"

#include <math.h>

const double zone_support_share[ZONE_SUPPORT__MAX] = {0, 0.45, 0.75, 1};

struct prior {
    enum zone_family family;
    double sd, mean, pseudo; /* pseudo 0: fixed */
    bool centred, shared;
};

#define PSEUDO 4.0

static const struct prior priors[] = {
    {ZONE_F_GENERAL, 0.8, 0, PSEUDO, false, false},
    {ZONE_F_DOMAIN, 0.5, 0, PSEUDO, false, false},
    {ZONE_F_SKILL, 0.6, 0, PSEUDO, false, false},
    {ZONE_F_DRIFT, 0.03, 0, 20, false, false},
    {ZONE_F_GAIN_MEAN, 0.3, ZONE_GAIN_MEAN, 0, false, true},
    {ZONE_F_GAIN, 0.5, 0, 20, false, false},
    {ZONE_F_GAIN_SKILL, 0.5, 0, 400, false, false},
    {ZONE_F_VISIT, 0.3, 0, PSEUDO, false, false},
    {ZONE_F_HALO, 0.45, 0, PSEUDO, false, false},
    {ZONE_F_LONE, 0.54, 0, PSEUDO, false, false},
    {ZONE_F_VISIT_SKILL, 0.6, 0, PSEUDO, false, false},
    {ZONE_F_SELF, 0.6, 0, PSEUDO, false, false},
    {ZONE_F_SELF_SKILL, 0.7, 0, PSEUDO, false, false},
    {ZONE_F_RATER, 0.35, 0, PSEUDO, true, false},
    {ZONE_F_RATER_SKILL, 0.75, 0, PSEUDO, false, false},
    {ZONE_F_SHAPE, 0.4, 0, PSEUDO, false, false},
    {ZONE_F_ITEM, 0.6, 0, PSEUDO, false, true},
    {ZONE_F_TASK, 1.0, 0, PSEUDO, false, true},
    {ZONE_F_LEVEL, 1.0, 0, 0, false, true},
    {ZONE_F_LEVEL_SKILL, 0.5, 0, PSEUDO, false, true},
    {ZONE_F_GROW_ALONE, 0.1, 0.05, 0, false, true},
    {ZONE_F_GROW_HELPED, 0.1, 0.1, 0, false, true},
};

#define STEP_SD 1.7      /* of a threshold around its place: D_i 1.0, F about 1.4 */
#define STEP_SPACING 1.3 /* between thresholds before any evidence */

int32_t zone_families_step(int n_steps, int step)
{
    return ZONE_F_STEP + n_steps * (n_steps - 1) / 2 + step;
}

void zone_families_fill(struct joint_family families[ZONE_F__MAX])
{
    for (size_t k = 0; k < sizeof priors / sizeof *priors; k++) {
        const struct prior *p = &priors[k];
        families[p->family] = (struct joint_family){
            .rule = p->pseudo > 0 ? JOINT_ESTIMATED : JOINT_FIXED,
            .variance = p->sd * p->sd,
            .pseudo = p->pseudo,
            .mean = p->mean,
            .centred = p->centred,
            .shared = p->shared,
        };
    }
    for (int n_steps = 1; n_steps < ZONE_MAX_LEVELS; n_steps++) {
        for (int step = 0; step < n_steps; step++) {
            families[zone_families_step(n_steps, step)] = (struct joint_family){
                .rule = JOINT_FIXED,
                .variance = STEP_SD * STEP_SD,
                .mean = STEP_SPACING * (step - 0.5 * (n_steps - 1)),
                .shared = true,
            };
        }
    }
}
