/* Zones of a person as their page tells them; see zones.h. */
#include "coach/zones.h"

#include "coach/allow.h"
#include "coach/sql.h"
#include "coach/zones_tell.h"

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
    struct zones_telling telling;
    enum err err = coach->actor.person_id || coach->actor.system ? ERR_OK : ERR_FORBIDDEN;
    err = err ? err : zones_tell(coach, person_id, framework_id, locale, NULL, zones, &telling);
    return err ? err : see(coach, zones);
}

enum err zones_of_skill(struct coach *coach, int64_t person_id, int64_t skill_id, struct str locale,
                        struct zones_skill *skill)
{
    struct zones zones;
    struct zones_telling telling;
    int64_t framework_id = 0;
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, person_id, skill_id));
    err =
        err ? err
            : sql_number(coach, SQL_FRAMEWORK_OF_SKILL, SQL_ARGS(sql_int(skill_id)), &framework_id);
    err = err ? err : zones_tell(coach, person_id, framework_id, locale, NULL, &zones, &telling);
    for (int32_t k = 0; k < zones.n_skills && !err; k++) {
        if (zones.skills[k].skill_id == skill_id) {
            *skill = zones.skills[k];
            return ERR_OK;
        }
    }
    return err ? err : ERR_NOT_FOUND;
}
