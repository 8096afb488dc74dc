/* What is known of a person, skill by skill, as it is told; see zones_tell.h. */
#include "coach/zones_tell.h"

#include "base/arena.h"
#include "coach/framework.h"
#include "coach/memory.h"
#include "coach/sql.h"
#include "coach/wishes.h"
#include "coach/zones_say.h"

#include <inttypes.h>
#include <stdio.h>

static int32_t index_of(const struct zones_telling *t, int64_t skill_id)
{
    for (int32_t k = 0; k < t->zones->n_skills; k++) {
        if (t->zones->skills[k].skill_id == skill_id) {
            return k;
        }
    }
    return -1;
}

/* ---- the skills ---- */

static enum err tell_skills(struct zones_telling *t)
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

static void tell_estimate(struct zones_telling *t, int32_t k, const struct db_query *q)
{
    struct zones_skill *skill = &t->zones->skills[k];
    t->estimates[k] = (struct zone_estimate){
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
        .enough = db_int(q, 17) != 0,
    };
    skill->n_evidence = t->own ? t->estimates[k].n_evidence : 0; /* else: counted */
    skill->n_colleagues = (int32_t)db_int(q, 15);
    skill->n_visits = (int32_t)db_int(q, 16);
    int64_t updated = db_int(q, 18);
    t->zones->updated_ms = updated > t->zones->updated_ms ? updated : t->zones->updated_ms;
}

/* The same of a skill that the first page only weighs. */
static void tell_brief(struct zones_telling *t, int32_t k, const struct db_query *q)
{
    int64_t updated = db_int(q, 7);
    t->estimates[k] = (struct zone_estimate){
        .alone = db_double(q, 1),
        .alone_sd = db_double(q, 2),
        .zone_lo = db_double(q, 3),
        .zone_hi = db_double(q, 4),
        .n_evidence = (int32_t)db_int(q, 5),
        .enough = db_int(q, 6) != 0,
    };
    t->zones->skills[k].n_evidence = t->estimates[k].n_evidence;
    t->zones->updated_ms = updated > t->zones->updated_ms ? updated : t->zones->updated_ms;
}

static void tell_wish(struct zones_telling *t, int32_t k, const struct db_query *q)
{
    struct zones_skill *skill = &t->zones->skills[k];
    int32_t priority = (int32_t)db_int(q, 1);
    skill->need = skill->need || priority > 0;
    skill->offer = skill->offer || priority == 0;
    skill->priority = priority > 0 ? priority : skill->priority;
}

/* The same from what the person has said, where that was read already. */
static void tell_own_wishes(struct zones_telling *t)
{
    for (int32_t i = 0; i < t->own->n_needs; i++) {
        int32_t k = index_of(t, t->own->needs[i].skill_id);
        if (k >= 0) {
            t->zones->skills[k].need = true;
            t->zones->skills[k].priority = t->own->needs[i].priority;
        }
    }
    for (int32_t i = 0; i < t->own->n_offers; i++) {
        int32_t k = index_of(t, t->own->offers[i].skill_id);
        if (k >= 0) {
            t->zones->skills[k].offer = true;
        }
    }
}

/* Runs `row` for the rows of a statement that are about a skill of the framework. */
static enum err tell_rows(struct zones_telling *t, enum sql_id id,
                          void (*row)(struct zones_telling *t, int32_t k, const struct db_query *q))
{
    struct db_query *q;
    enum err err = sql_rows(t->coach, id, SQL_ARGS(sql_int(t->person_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        int32_t k = index_of(t, db_int(q, 0));
        if (k >= 0) {
            row(t, k, q);
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Whose own first page it is: of their needs all, of the rest what it weighs. */
static enum err tell_own(struct zones_telling *t)
{
    tell_own_wishes(t);
    enum err err = tell_rows(t, SQL_ZONE_IN_BRIEF, tell_brief);
    return err || t->own->n_needs == 0 ? err : tell_rows(t, SQL_ZONE_OF_NEEDS, tell_estimate);
}

static enum err tell_all(struct zones_telling *t)
{
    enum err err = tell_rows(t, SQL_ZONE_OF_PERSON, tell_estimate);
    return err ? err : tell_rows(t, SQL_ZONE_WISHES, tell_wish);
}

/* Thresholds of the last fit; without one, of the model before any evidence. */
static enum err tell_estimates(struct zones_telling *t)
{
    enum err err = memory_fit(t->coach, t->framework->id, &t->fit);
    err = err ? err : t->own ? tell_own(t) : tell_all(t);
    for (int32_t k = 0; k < t->zones->n_skills && !err; k++) {
        int32_t s = zones_skill_index(t->fit, t->zones->skills[k].skill_id);
        for (int32_t j = 0; s >= 0 && j + 1 < t->zones->skills[k].n_levels; j++) {
            t->thresholds[k][j] = t->fit->fit.skills[s].threshold[j];
        }
    }
    return err;
}

/* ---- the evidence behind ---- */

static void tell_behind(struct zones_telling *t, int32_t k, const struct db_query *q)
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

/* ---- what is said ---- */

/* Retired skills stay only where something stands behind them; estimates and thresholds stay beside
 * their skills. */
static void tell_words(struct zones_telling *t)
{
    int32_t today = (int32_t)(t->coach->now_ms / COACH_DAY_MS), n = 0;
    for (int32_t k = 0; k < t->zones->n_skills; k++) {
        struct zones_skill *skill = &t->zones->skills[k];
        if (skill->retired && skill->n_evidence == 0) {
            continue;
        }
        skill->enough = t->estimates[k].enough && skill->n_evidence > 0;
        if (skill->enough && (!t->own || skill->need)) {
            zones_say_levels(skill, &t->estimates[k], t->thresholds[k]);
        }
        if (skill->enough && !t->own) {
            zones_say_words(skill, &t->estimates[k], t->thresholds[k]);
        }
        if (!t->own) {
            zones_say_move(skill, &t->estimates[k], t->thresholds[k], &t->fit->fit.spread, today);
        }
        t->zones->skills[n] = *skill;
        t->estimates[n++] = t->estimates[k];
    }
    t->zones->n_skills = n;
}

static enum err tell_waiting(struct zones_telling *t)
{
    char payload[24];
    int64_t n = 0;
    snprintf(payload, sizeof payload, "%" PRId64, t->framework->id);
    enum err err = sql_number(t->coach, SQL_ZONE_WAITING, SQL_ARGS(sql_text(str_of(payload))), &n);
    t->zones->waiting = n > 0;
    return err;
}

enum err zones_tell(struct coach *coach, int64_t person_id, int64_t framework_id, struct str locale,
                    const struct wishes *own, struct zones *zones, struct zones_telling *telling)
{
    struct zones_telling *t = telling;
    *t = (struct zones_telling){.coach = coach, .person_id = person_id, .zones = zones, .own = own};
    *zones = (struct zones){.person_id = person_id, .framework_id = framework_id};
    enum err err = memory_framework(coach, framework_id, locale, &t->framework);
    if (err) {
        return err;
    }
    zones->framework = t->framework->words.name;
    err = tell_skills(t);
    err = err ? err : tell_estimates(t);
    if (!own) {
        err = err ? err : tell_rows(t, SQL_ZONE_BEHIND, tell_behind);
        err = err ? err : tell_waiting(t);
    }
    if (!err) {
        tell_words(t);
    }
    return err;
}
