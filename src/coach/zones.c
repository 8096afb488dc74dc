/* Zones of a person as their page tells them; see zones.h. */
#include "coach/zones.h"

#include "base/arena.h"
#include "coach/allow.h"
#include "coach/frameworks_store.h"
#include "coach/sql.h"
#include "coach/zones_say.h"
#include "coach/zones_store.h"

#include <inttypes.h>
#include <stdio.h>

struct telling {
    struct coach *coach;
    int64_t person_id;
    struct framework *framework;
    struct zone_spread spread;
    struct zones *zones;
    struct zone_estimate *estimates; /* beside zones->skills */
    double (*thresholds)[ZONE_MAX_LEVELS];
    int64_t *newest_self; /* id of the newest own view */
};

static int32_t index_of(const struct telling *t, int64_t skill_id)
{
    for (int32_t k = 0; k < t->zones->n_skills; k++) {
        if (t->zones->skills[k].skill_id == skill_id) {
            return k;
        }
    }
    return -1;
}

/* ---- the skills ---- */

static enum err tell_skills(struct telling *t)
{
    const struct framework *f = t->framework;
    size_t n = (size_t)f->n_skills;
    struct arena *arena = t->coach->arena;
    t->zones->skills = arena_alloc(arena, n, sizeof *t->zones->skills);
    t->estimates = arena_alloc(arena, n, sizeof *t->estimates);
    t->thresholds = arena_alloc(arena, n, sizeof *t->thresholds);
    t->newest_self = arena_alloc(arena, n, sizeof *t->newest_self);
    if (!t->zones->skills || !t->estimates || !t->thresholds || !t->newest_self) {
        return ERR_NOMEM;
    }
    for (int32_t d = 0; d < f->n_domains; d++) {
        for (int32_t s = 0; s < f->domains[d].n_skills; s++) {
            const struct framework_skill *from = &f->domains[d].skills[s];
            struct zones_skill *skill = &t->zones->skills[t->zones->n_skills++];
            *skill = (struct zones_skill){
                .skill_id = from->id,
                .domain_id = f->domains[d].id,
                .framework_id = f->id,
                .code = from->code,
                .name = from->words.name,
                .domain = f->domains[d].words.name,
                .n_levels = from->n_levels,
                .retired = !from->active,
                .last_day = INT32_MIN,
            };
            for (int32_t k = 0; k < from->n_levels; k++) {
                skill->level_names[k] =
                    from->levels ? from->levels[k].words.name : (struct str){"", 0};
            }
        }
    }
    return ERR_OK;
}

/* ---- the estimates ---- */

static void tell_estimate(struct telling *t, int32_t k, const struct db_query *q)
{
    struct zones_skill *skill = &t->zones->skills[k];
    struct zone_estimate *e = &t->estimates[k];
    skill->need = !db_is_null(q, 21);
    skill->priority = (int32_t)db_int(q, 21);
    skill->offer = !db_is_null(q, 22);
    if (db_is_null(q, 1)) {
        return;
    }
    *e = (struct zone_estimate){
        .alone = db_double(q, 1),
        .alone_sd = db_double(q, 2),
        .helped = db_double(q, 3),
        .helped_sd = db_double(q, 4),
        .gain = db_double(q, 5),
        .gain_sd = db_double(q, 6),
        .alone_gain_cov = db_double(q, 7),
        .alone_level = db_double(q, 8),
        .helped_level = db_double(q, 9),
        .alone_level_lo = db_double(q, 10),
        .alone_level_hi = db_double(q, 11),
        .zone_lo = db_double(q, 12),
        .zone_hi = db_double(q, 13),
        .n_evidence = (int32_t)db_int(q, 14),
        .enough = db_int(q, 18) != 0,
    };
    skill->n_colleagues = (int32_t)db_int(q, 15);
    skill->n_visits = (int32_t)db_int(q, 16);
    int64_t updated = db_int(q, 19);
    t->zones->updated_ms = updated > t->zones->updated_ms ? updated : t->zones->updated_ms;
}

/* Thresholds of the last fit; without one, of the model before any evidence. */
static enum err tell_estimates(struct telling *t)
{
    struct db_query *q;
    struct zones_fit fit;
    enum err err = zones_load_fit(t->coach, t->framework->id, &fit);
    err = err ? err
              : sql_rows(t->coach, SQL_ZONE_OF_PERSON,
                         SQL_ARGS(sql_int(t->person_id), sql_int(t->framework->id)), &q);
    if (err) {
        return err;
    }
    t->spread = fit.fit.spread;
    while ((err = db_step(q)) == ERR_OK) {
        int32_t k = index_of(t, db_int(q, 0)), s = zones_skill_index(&fit, db_int(q, 0));
        if (k >= 0 && s >= 0) {
            tell_estimate(t, k, q);
            for (int32_t j = 0; j + 1 < t->zones->skills[k].n_levels; j++) {
                t->thresholds[k][j] = fit.fit.skills[s].threshold[j];
            }
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- the evidence behind ---- */

static void tell_behind(struct telling *t, int32_t k, const struct db_query *q)
{
    struct zones_skill *skill = &t->zones->skills[k];
    int32_t level = (int32_t)db_int(q, 3), n = (int32_t)db_int(q, 4);
    int64_t newest = db_int(q, 5);
    uint8_t kind = zones_kind_of(db_text(q, 1)), support = zones_support_of(db_text(q, 2));
    int32_t day = db_is_null(q, 6) ? INT32_MIN : (int32_t)db_int(q, 6);
    skill->n_evidence += n;
    skill->last_day = day > skill->last_day ? day : skill->last_day;
    if (kind == ZONE_OBSERVED) {
        skill->observed_lo =
            skill->observed_lo == 0 || level < skill->observed_lo ? level : skill->observed_lo;
        skill->observed_hi = level > skill->observed_hi ? level : skill->observed_hi;
    } else if (kind == ZONE_SELF) {
        skill->n_self += n;
        if (newest > t->newest_self[k]) {
            t->newest_self[k] = newest;
            skill->self_level = level;
        }
    } else if (level == 0) {
        skill->n_not_yet += n;
    } else if (support == ZONE_INDEPENDENT) {
        skill->n_done_alone += n;
    } else {
        skill->n_done_helped += n;
    }
}

static enum err tell_evidence(struct telling *t)
{
    struct db_query *q;
    enum err err = sql_rows(t->coach, SQL_ZONE_BEHIND,
                            SQL_ARGS(sql_int(t->person_id), sql_int(t->framework->id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        int32_t k = index_of(t, db_int(q, 0));
        if (k >= 0) {
            tell_behind(t, k, q);
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- what is said ---- */

/* Retired skills stay only where something stands behind them. */
static void tell_words(struct telling *t)
{
    int32_t today = (int32_t)(t->coach->now_ms / COACH_DAY_MS), n = 0;
    for (int32_t k = 0; k < t->zones->n_skills; k++) {
        struct zones_skill *skill = &t->zones->skills[k];
        if (skill->retired && skill->n_evidence == 0) {
            continue;
        }
        if (t->estimates[k].enough && skill->n_evidence > 0) {
            zones_say_levels(skill, &t->estimates[k], t->thresholds[k]);
        }
        zones_say_move(skill, &t->estimates[k], t->thresholds[k], &t->spread, today);
        t->zones->skills[n++] = *skill;
    }
    t->zones->n_skills = n;
}

static enum err tell_waiting(struct telling *t)
{
    char payload[24];
    int64_t n = 0;
    snprintf(payload, sizeof payload, "%" PRId64, t->framework->id);
    enum err err = sql_number(t->coach, SQL_ZONE_WAITING, SQL_ARGS(sql_text(str_of(payload))), &n);
    t->zones->waiting = n > 0;
    return err;
}

/* Everything of a framework, without asking who asks. */
static enum err tell(struct coach *coach, int64_t person_id, int64_t framework_id,
                     struct str locale, struct zones *zones)
{
    struct telling t = {.coach = coach, .person_id = person_id, .zones = zones};
    *zones = (struct zones){.person_id = person_id, .framework_id = framework_id};
    enum err err = frameworks_load(coach, framework_id, locale,
                                   FRAMEWORKS_LEVELS | FRAMEWORKS_RETIRED, &t.framework);
    if (err) {
        return err;
    }
    zones->framework = t.framework->words.name;
    err = tell_skills(&t);
    err = err ? err : tell_estimates(&t);
    err = err ? err : tell_evidence(&t);
    err = err ? err : tell_waiting(&t);
    if (!err) {
        tell_words(&t);
    }
    return err;
}

/* Leaves in the list what the actor may see; allowed() notes each that is seen, or the refusal. */
static enum err see(struct coach *coach, struct zones *zones)
{
    struct allow_object all = allow_of(ALLOW_ON_ZONES, zones->person_id, 0);
    bool yes = false;
    enum err err = allowed_quietly(coach, ALLOW_VIEW, all, &yes);
    if (err || yes) {
        return err ? err : allowed(coach, ALLOW_VIEW, all);
    }
    int32_t n = 0;
    for (int32_t k = 0; k < zones->n_skills && !err; k++) {
        struct allow_object one =
            allow_of(ALLOW_ON_ZONES, zones->person_id, zones->skills[k].skill_id);
        err = allowed_quietly(coach, ALLOW_VIEW, one, &yes);
        if (!err && yes) {
            err = allowed(coach, ALLOW_VIEW, one);
            zones->skills[n++] = zones->skills[k];
        }
    }
    zones->n_skills = n;
    return err || n > 0 ? err : allowed(coach, ALLOW_VIEW, all);
}

enum err zones_of(struct coach *coach, int64_t person_id, int64_t framework_id, struct str locale,
                  struct zones *zones)
{
    enum err err = coach->actor.person_id || coach->actor.system ? ERR_OK : ERR_FORBIDDEN;
    err = err ? err : tell(coach, person_id, framework_id, locale, zones);
    return err ? err : see(coach, zones);
}

enum err zones_of_skill(struct coach *coach, int64_t person_id, int64_t skill_id, struct str locale,
                        struct zones_skill *skill)
{
    struct zones zones;
    int64_t framework_id = 0;
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, person_id, skill_id));
    err =
        err ? err
            : sql_number(coach, SQL_FRAMEWORK_OF_SKILL, SQL_ARGS(sql_int(skill_id)), &framework_id);
    err = err ? err : tell(coach, person_id, framework_id, locale, &zones);
    for (int32_t k = 0; k < zones.n_skills && !err; k++) {
        if (zones.skills[k].skill_id == skill_id) {
            *skill = zones.skills[k];
            return ERR_OK;
        }
    }
    return err ? err : ERR_NOT_FOUND;
}
