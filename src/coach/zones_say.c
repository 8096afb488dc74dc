/* From an estimate to what is said of it; see zones_say.h. */
#include "coach/zones_say.h"

#include "base/num.h"
#include "coach/complaint.h"
#include "zone/band.h"

#include <math.h>

#define TENTH 1.2815515655446004 /* the 90th percentile of the standard normal */
#define OLD_DAYS 365             /* evidence older than that asks for something new */
#define LITTLE_PERCENT 5         /* narrower by less is no reason for a visit */

const char *zones_word_text(enum zones_word word)
{
    static const char *const texts[ZONES_WORD__MAX] = {
        [ZONES_UNKNOWN] = N_("not known yet"),
        [ZONES_WITH_HELP] = N_("with help"),
        [ZONES_ALONE] = N_("alone"),
    };
    return texts[word];
}

void zones_say_levels(struct zones_skill *skill, const struct zone_estimate *e,
                      const double *threshold)
{
    int n_steps = skill->n_levels - 1;
    skill->enough = true;
    skill->alone_level = e->alone_level;
    skill->alone_level_lo = e->alone_level_lo;
    skill->alone_level_hi = e->alone_level_hi;
    skill->helped_level = e->helped_level;
    skill->has_zone = e->zone_lo < e->zone_hi;
    double level[4] = {e->helped - TENTH * e->helped_sd, e->helped + TENTH * e->helped_sd,
                       e->zone_lo, e->zone_hi};
    band_levels(level, threshold, n_steps, level);
    skill->helped_level_lo = level[0];
    skill->helped_level_hi = level[1];
    if (skill->has_zone) {
        skill->zone_level_lo = level[2];
        skill->zone_level_hi = level[3];
    }
}

void zones_say_words(struct zones_skill *skill, const struct zone_estimate *e,
                     const double *threshold)
{
    struct band_known known = {e->alone, e->alone_sd, e->gain, e->gain_sd, e->alone_gain_cov};
    int n_steps = skill->n_levels - 1;
    /* A higher level is never more certain than a lower one. */
    enum zones_word most = ZONES_ALONE;
    skill->words[0] = ZONES_ALONE;
    for (int k = 0; k < n_steps; k++) {
        enum band_word word = band_say(&known, 1, threshold[k]);
        enum zones_word own = word == BAND_ALONE       ? ZONES_ALONE
                              : word == BAND_WITH_HELP ? ZONES_WITH_HELP
                                                       : ZONES_UNKNOWN;
        most = own < most ? own : most;
        skill->words[k + 1] = most;
    }
}

/* How much one rating at ability a tells: the variance of the level, of adjacent-category logits
 * a - threshold[k]. */
static double information(double a, const double *threshold, int n_steps)
{
    double weight = 1, total = 1, sum = 0, square = 0, top = 0, at = 0;
    for (int k = 0; k < n_steps; k++) { /* the largest exponent, to stay finite */
        at += a - threshold[k];
        top = at > top ? at : top;
    }
    total = weight = num_exp(-top);
    at = 0;
    for (int k = 0; k < n_steps; k++) {
        at += a - threshold[k];
        weight = num_exp(at - top);
        total += weight;
        sum += (k + 1) * weight;
        square += (double)(k + 1) * (k + 1) * weight;
    }
    double mean = sum / total;
    return square / total - mean * mean;
}

/* By how many hundredths a measurement with this information and noise narrows a variance's root.
 */
static int32_t narrower(double variance, double told, double noise)
{
    told = told > 1e-6 ? told : 1e-6;
    double after = variance - variance * variance / (variance + noise + 1 / told);
    double share = variance > 0 ? 1 - sqrt(after / variance) : 0;
    return (int32_t)(100 * share + 0.5);
}

void zones_say_move(struct zones_skill *skill, const struct zone_estimate *e,
                    const double *threshold, const struct zone_spread *spread, int32_t today)
{
    double alone = e->alone_sd * e->alone_sd, helped = e->helped_sd * e->helped_sd;
    double noise = spread->visit + spread->visit_skill + spread->rater + spread->rater_skill;
    int32_t visit = narrower(alone, information(e->alone, threshold, skill->n_levels - 1), noise);
    int32_t task = narrower(helped, 0.25, 0);
    bool tried = skill->n_done_alone + skill->n_done_helped + skill->n_not_yet > 0;
    skill->narrower_percent = visit;
    if (skill->n_visits == 0) {
        skill->move = ZONES_MOVE_VISIT;
    } else if (skill->last_day != INT32_MIN && today - skill->last_day > OLD_DAYS) {
        skill->move = ZONES_MOVE_RECENT;
    } else if (skill->n_colleagues == 1) {
        skill->move = ZONES_MOVE_COLLEAGUE;
    } else if (!tried) {
        skill->move = ZONES_MOVE_TASK;
        skill->narrower_percent = task;
    } else {
        skill->move = visit >= LITTLE_PERCENT ? ZONES_MOVE_VISIT : ZONES_MOVE_NOTHING;
    }
    if (skill->narrower_percent < LITTLE_PERCENT) {
        skill->narrower_percent = 0;
    }
}
