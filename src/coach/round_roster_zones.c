/* The stored estimates of a programme's people, as a fit that a round can use; round_roster.h. */
#include "base/arena.h"
#include "coach/memory.h"
#include "coach/round_roster.h"
#include "coach/sql.h"
#include "coach/zones_store.h"

#include <math.h>

/* With help: both normals added (zone.h). */
static void add_help(struct zone_estimate *e)
{
    double both = e->alone_sd * e->alone_sd + e->gain_sd * e->gain_sd + 2 * e->alone_gain_cov;
    e->helped = e->alone + e->gain;
    e->helped_sd = sqrt(both > 0 ? both : 0);
}

/* Everybody as somebody new. */
static enum err fill(struct coach *coach, const struct programme *programme,
                     struct round_roster *out)
{
    const struct zones_fit *known;
    size_t n_people = (size_t)out->roster.n_people, n_skills = (size_t)out->roster.n_skills;
    struct zone_estimate *e =
        arena_alloc(coach->arena, n_people * n_skills + 1, sizeof *out->fit.estimates);
    out->fit.person_subset =
        arena_alloc(coach->arena, n_people + 1, sizeof *out->fit.person_subset);
    if (!e || !out->fit.person_subset) {
        return ERR_NOMEM;
    }
    enum err err = memory_fit(coach, programme->framework_id, &known);
    for (size_t s = 0; s < n_skills && !err; s++) {
        int32_t at = zones_skill_index(known, out->skill_ids[s]);
        struct zone_estimate prior =
            at >= 0 ? known->prior[at] : (struct zone_estimate){.alone_sd = 1, .gain_sd = 1};
        prior.n_evidence = prior.n_raters = prior.n_occasions = 0;
        prior.last_day = ZONE_DAY_UNKNOWN;
        prior.enough = false;
        add_help(&prior);
        for (size_t u = 0; u < n_people; u++) {
            e[u * n_skills + s] = prior;
        }
    }
    for (size_t u = 0; u < n_people; u++) {
        out->fit.person_subset[u] = ZONE_NONE;
    }
    out->fit.estimates = e;
    return err;
}

/* One row of zone. */
static void take(struct round_roster *out, const struct db_query *q, int32_t person, int32_t skill)
{
    struct zone_estimate *e =
        &out->fit.estimates[(size_t)person * (size_t)out->roster.n_skills + (size_t)skill];
    *e = (struct zone_estimate){
        .alone = db_double(q, 2),
        .alone_sd = db_double(q, 3),
        .helped = db_double(q, 4),
        .helped_sd = db_double(q, 5),
        .alone_gain_cov = db_double(q, 6),
        .n_evidence = (int32_t)db_int(q, 7),
        .n_raters = (int32_t)db_int(q, 8),
        .n_occasions = (int32_t)db_int(q, 9),
        .last_day = db_is_null(q, 10) ? ZONE_DAY_UNKNOWN : (int32_t)db_int(q, 10),
        .enough = db_int(q, 11) == 1,
    };
    if (e->last_day > out->roster.last_day) {
        out->roster.last_day = e->last_day;
    }
}

/* Which connected set of raters stands behind each person. */
static enum err read_subsets(struct coach *coach, const struct programme *programme,
                             struct round_roster *out)
{
    struct db_query *q;
    enum err err = sql_rows(coach, SQL_ROUND_SUBSETS,
                            SQL_ARGS(sql_int(programme->id), sql_int(programme->framework_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        int32_t person = round_roster_person(out, db_int(q, 0)), subset = (int32_t)db_int(q, 1);
        if (person != ROSTER_NONE && subset >= 0) {
            out->fit.person_subset[person] = subset;
            out->fit.n_subsets = subset >= out->fit.n_subsets ? subset + 1 : out->fit.n_subsets;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err round_roster_zones(struct coach *coach, const struct programme *programme, bool links,
                            struct round_roster *out)
{
    struct db_query *q;
    int64_t last = 0;
    int32_t person = ROSTER_NONE;
    enum err err = fill(coach, programme, out);
    err = err ? err : sql_rows(coach, SQL_ROUND_ZONES, SQL_ARGS(sql_int(programme->id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        int64_t id = db_int(q, 0);
        if (id != last) {
            person = round_roster_person(out, id);
            last = id;
        }
        int32_t skill = round_roster_skill(out, db_int(q, 1));
        if (person != ROSTER_NONE && skill != ROSTER_NONE) {
            take(out, q, person, skill);
        }
    }
    db_finish(q);
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    return err || !links ? err : read_subsets(coach, programme, out);
}
