/* Estimates for a roster; see assess.h. */
#include "coach/assess.h"

#include "coach/roster.h"

enum err assess_run(struct arena *arena, const struct roster *roster, const struct crew *crew,
                    zone_progress_fn *progress, void *ctx, struct zone_fit **fit)
{
    struct zone_data data = roster_zone_data(roster);
    data.crew = crew;
    return zone_fit(arena, &data, progress, ctx, fit);
}

int32_t assess_count_stale(const struct roster *roster, const struct zone_fit *fit)
{
    int32_t stale = 0;
    for (int32_t p = 0; p < roster->n_people && roster->last_day != ZONE_DAY_UNKNOWN; p++) {
        int32_t last = ZONE_DAY_UNKNOWN;
        for (int32_t s = 0; s < roster->n_skills; s++) {
            const struct zone_estimate *e =
                &fit->estimates[(size_t)p * (size_t)roster->n_skills + (size_t)s];
            last = e->n_evidence > 0 && e->last_day > last ? e->last_day : last;
        }
        stale += last != ZONE_DAY_UNKNOWN && roster->last_day - last > ASSESS_STALE_DAYS;
    }
    return stale;
}
