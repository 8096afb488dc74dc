/* Needs and offers: reading them, and who could help with what; see wishes.h. */
#include "coach/wishes.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/frameworks_store.h"
#include "coach/sql.h"

static enum err read_wishes(struct coach *coach, enum sql_id id, int64_t person_id,
                            int64_t framework_id, struct str locale, struct list *list)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(coach, id,
                                             SQL_ARGS(sql_int(person_id), sql_text(locale),
                                                      sql_text(frameworks_base_locale(locale)),
                                                      sql_int(framework_id)),
                                             &q);
    if (err) {
        return err;
    }
    list_init(list, coach->arena, sizeof(struct wish), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct wish *wish = list_push(list);
        if (!wish) {
            failed = list->err;
            break;
        }
        *wish = (struct wish){
            .skill_id = db_int(q, 0),
            .framework_id = db_int(q, 1),
            .skill = sql_copy(coach, q, 2, &failed),
            .domain = sql_copy(coach, q, 3, &failed),
            .note = sql_copy(coach, q, 4, &failed),
            .created_ms = db_int(q, 5),
            .retired = db_int(q, 6) == 0,
            .priority = (int32_t)db_int(q, 7),
        };
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Leaves out the needs that the actor may not see; that some were seen is noted by allowed(). */
static enum err see_needs(struct coach *coach, int64_t person_id, struct wishes *wishes)
{
    int32_t n = 0;
    if (person_id == coach->actor.person_id || coach->actor.system) {
        return ERR_OK;
    }
    for (int32_t k = 0; k < wishes->n_needs; k++) {
        struct allow_object need = allow_of(ALLOW_ON_NEED, person_id, wishes->needs[k].skill_id);
        bool yes = false;
        enum err err = allowed_quietly(coach, ALLOW_VIEW, need, &yes);
        err = !err && yes && n == 0 ? allowed(coach, ALLOW_VIEW, need) : err;
        if (err) {
            return err;
        }
        if (yes) {
            wishes->needs[n++] = wishes->needs[k];
        }
    }
    wishes->n_needs = n;
    return ERR_OK;
}

enum err wishes_of(struct coach *coach, int64_t person_id, int64_t framework_id, struct str locale,
                   struct wishes *wishes)
{
    struct list needs, offers;
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_OFFER, person_id, 0));
    err = err ? err : read_wishes(coach, SQL_WISH_NEEDS, person_id, framework_id, locale, &needs);
    err = err ? err : read_wishes(coach, SQL_WISH_OFFERS, person_id, framework_id, locale, &offers);
    if (err) {
        return err;
    }
    *wishes = (struct wishes){.needs = needs.items,
                              .offers = offers.items,
                              .n_needs = (int32_t)needs.n,
                              .n_offers = (int32_t)offers.n};
    return see_needs(coach, person_id, wishes);
}

/* ---- who could help ---- */

static enum err read_helpers(struct coach *coach, enum sql_id id, int64_t skill_id, bool same_unit,
                             int64_t limit, struct list *list)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(
                 coach, id,
                 SQL_ARGS(sql_int(skill_id), sql_int(coach->actor.person_id), sql_int(limit)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct wishes_helper *helper = list_push(list);
        if (!helper) {
            failed = list->err;
            break;
        }
        *helper = (struct wishes_helper){
            .person_id = db_int(q, 0),
            .given_name = sql_copy(coach, q, 1, &failed),
            .family_name = sql_copy(coach, q, 2, &failed),
            .name = sql_copy_name(coach, q, 1, 2, &failed),
            .position = sql_copy(coach, q, 3, &failed),
            .note = sql_copy(coach, q, 4, &failed),
            .unit = sql_copy(coach, q, 5, &failed),
            .same_unit = same_unit,
        };
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err wishes_helpers(struct coach *coach, int64_t skill_id, int32_t limit,
                        struct wishes_helper **helpers, int32_t *n, int32_t *n_all)
{
    struct list list;
    int64_t all = 0;
    enum err err =
        coach->actor.person_id
            ? allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_OFFER, coach->actor.person_id, skill_id))
            : ERR_FORBIDDEN;
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(struct wishes_helper), SIZE_MAX);
    err = read_helpers(coach, SQL_WISH_HELPERS_NEAR, skill_id, true, limit, &list);
    if (!err && list.n < (size_t)limit) {
        err = read_helpers(coach, SQL_WISH_HELPERS_FAR, skill_id, false, limit - (int64_t)list.n,
                           &list);
    }
    err = err ? err
              : sql_number(coach, SQL_WISH_HELPERS_COUNT,
                           SQL_ARGS(sql_int(skill_id), sql_int(coach->actor.person_id),
                                    sql_int(WISHES_COUNTED)),
                           &all);
    *helpers = list.items;
    *n = (int32_t)list.n;
    *n_all = (int32_t)all;
    return err;
}

enum err wishes_wanted(struct coach *coach, struct str locale, struct wishes_wanted **wanted,
                       int32_t *n)
{
    struct list offers, list;
    int64_t me = coach->actor.person_id;
    enum err err = me ? allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_OFFER, me, 0)) : ERR_FORBIDDEN;
    err = err ? err : read_wishes(coach, SQL_WISH_OFFERS, me, 0, locale, &offers);
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(struct wishes_wanted), SIZE_MAX);
    for (size_t k = 0; k < offers.n && !err; k++) {
        const struct wish *offer = (const struct wish *)offers.items + k;
        struct wishes_wanted *item = list_push(&list);
        int64_t people = 0;
        if (!item) {
            return list.err;
        }
        err = sql_number(coach, SQL_WISH_WANTED,
                         SQL_ARGS(sql_int(offer->skill_id), sql_int(me), sql_int(WISHES_COUNTED)),
                         &people);
        *item = (struct wishes_wanted){
            .skill_id = offer->skill_id,
            .skill = offer->skill,
            .n_people = people >= WISHES_FEWEST ? (int32_t)people : 0,
            .some = people > 0 && people < WISHES_FEWEST,
        };
    }
    *wanted = list.items;
    *n = (int32_t)list.n;
    return err;
}
