/* Needs and offers: reading them, and who could help with what; see wishes.h. */
#include "coach/wishes.h"

#include "base/arena.h"
#include "base/list.h"
#include "base/sort.h"
#include "coach/allow.h"
#include "coach/framework.h"
#include "coach/frameworks_store.h"
#include "coach/memory.h"
#include "coach/sql.h"

static enum err read_wishes(struct coach *coach, enum sql_id id, int64_t person_id,
                            struct str locale, struct list *list)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(coach, id,
                                             SQL_ARGS(sql_int(person_id), sql_text(locale),
                                                      sql_text(frameworks_base_locale(locale))),
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

/* -- In one framework: the words are at hand ------------------------------------------------------
 */

/* Rows of one framework, in the order of the tree's skills. */
static enum err read_own(struct coach *coach, int64_t person_id, struct list *rows)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(coach, SQL_WISH_OWN, SQL_ARGS(sql_int(person_id)), &q);
    if (err) {
        return err;
    }
    list_init(rows, coach->arena, sizeof(struct wish), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct wish wish = {.skill_id = db_int(q, 0),
                            .note = sql_copy(coach, q, 1, &failed),
                            .created_ms = db_int(q, 2),
                            .priority = (int32_t)db_int(q, 3)};
        if (!failed && !list_add(rows, &wish)) {
            failed = rows->err;
        }
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Puts the rows about a skill to the needs or offers. */
static enum err take(const struct list *rows, const struct framework *framework,
                     const struct framework_domain *domain, const struct framework_skill *skill,
                     struct list *needs, struct list *offers)
{
    for (size_t k = 0; k < rows->n; k++) {
        struct wish wish = ((const struct wish *)rows->items)[k];
        struct list *to = wish.priority ? needs : offers;
        if (wish.skill_id != skill->id) {
            continue;
        }
        wish.framework_id = framework->id;
        wish.skill = skill->words.name;
        wish.domain = domain->words.name;
        wish.retired = !skill->active;
        if (!list_add(to, &wish)) {
            return to->err;
        }
    }
    return ERR_OK;
}

static int by_priority(const void *a, const void *b, void *ctx)
{
    const struct wish *x = a, *y = b;
    (void)ctx;
    if (x->priority != y->priority) {
        return x->priority < y->priority ? -1 : 1;
    }
    if (x->created_ms != y->created_ms) {
        return x->created_ms < y->created_ms ? -1 : 1;
    }
    return (x->skill_id > y->skill_id) - (x->skill_id < y->skill_id);
}

static enum err of_framework(struct coach *coach, int64_t person_id, int64_t framework_id,
                             struct str locale, struct list *needs, struct list *offers)
{
    const struct framework *framework;
    struct list rows;
    list_init(needs, coach->arena, sizeof(struct wish), SIZE_MAX);
    list_init(offers, coach->arena, sizeof(struct wish), SIZE_MAX);
    enum err err = memory_framework(coach, framework_id, locale, &framework);
    if (err == ERR_NOT_FOUND) {
        return ERR_OK; /* nobody wants anything in a framework that is not there */
    }
    err = err ? err : read_own(coach, person_id, &rows);
    for (int32_t d = 0; !err && framework->active && d < framework->n_domains; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        for (int32_t s = 0; !err && s < domain->n_skills; s++) {
            err = take(&rows, framework, domain, &domain->skills[s], needs, offers);
        }
    }
    if (!err && needs->n) {
        sort_items(needs->items, needs->n, sizeof(struct wish), by_priority, NULL);
    }
    return err;
}

enum err wishes_of(struct coach *coach, int64_t person_id, int64_t framework_id, struct str locale,
                   struct wishes *wishes)
{
    struct list needs, offers;
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_OFFER, person_id, 0));
    if (framework_id) {
        err = err ? err : of_framework(coach, person_id, framework_id, locale, &needs, &offers);
    } else {
        err = err ? err : read_wishes(coach, SQL_WISH_NEEDS, person_id, locale, &needs);
        err = err ? err : read_wishes(coach, SQL_WISH_OFFERS, person_id, locale, &offers);
    }
    if (err) {
        return err;
    }
    *wishes = (struct wishes){.needs = needs.items,
                              .offers = offers.items,
                              .n_needs = (int32_t)needs.n,
                              .n_offers = (int32_t)offers.n};
    return see_needs(coach, person_id, wishes);
}

/* -- Who could help -------------------------------------------------------------------------------
 */

/* Where to look: whom for, between which ids of people, in which unit. */
struct search {
    int64_t skill_id;
    int64_t above, below;
    int64_t unit_id; /* 0: in other units than the actor's */
    struct str unit;
    size_t wanted; /* people in the list when there are enough */
};

static bool is_listed(const struct list *list, int64_t person_id)
{
    for (size_t k = 0; k < list->n; k++) {
        if (((const struct wishes_helper *)list->items)[k].person_id == person_id) {
            return true;
        }
    }
    return false;
}

static enum err add_helper(struct coach *coach, const struct db_query *q,
                           const struct search *search, struct list *list)
{
    enum err failed = ERR_OK;
    struct wishes_helper *helper = list_push(list);
    if (!helper) {
        return list->err;
    }
    *helper = (struct wishes_helper){
        .person_id = db_int(q, 0),
        .given_name = sql_copy(coach, q, 1, &failed),
        .family_name = sql_copy(coach, q, 2, &failed),
        .name = sql_copy_name(coach, q, 1, 2, &failed),
        .position = sql_copy(coach, q, 3, &failed),
        .note = sql_copy(coach, q, 4, &failed),
        .unit = search->unit_id ? search->unit : sql_copy(coach, q, 5, &failed),
        .same_unit = search->unit_id != 0,
    };
    return failed;
}

static enum err read_helpers(struct coach *coach, const struct search *search, struct list *list)
{
    enum sql_id id = search->unit_id ? SQL_WISH_HELPERS_NEAR : SQL_WISH_HELPERS_FAR;
    if (list->n >= search->wanted) {
        return ERR_OK;
    }
    /* somebody with two roles in a unit comes twice, somebody in two units may be there already */
    int64_t limit = 2 * (int64_t)search->wanted + 2;
    const struct sql_arg args[] = {
        sql_int(search->skill_id), sql_int(coach->actor.person_id), sql_int(limit),
        sql_int(search->above),    sql_int(search->below),          sql_int(search->unit_id)};
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(coach, id, args, search->unit_id ? 6 : 5, &q);
    if (err) {
        return err;
    }
    while (!failed && list->n < search->wanted && (err = db_step(q)) == ERR_OK) {
        if (!is_listed(list, db_int(q, 0))) {
            failed = add_helper(coach, q, search, list);
        }
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The list goes round: from the next after the actor to the last, then from the first. */
static enum err read_round(struct coach *coach, struct search search, struct list *list)
{
    search.above = coach->actor.person_id;
    search.below = INT64_MAX;
    enum err err = read_helpers(coach, &search, list);
    search.above = 0;
    search.below = coach->actor.person_id;
    return err ? err : read_helpers(coach, &search, list);
}

static enum err read_units(struct coach *coach, struct list *units)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(coach, SQL_WISH_UNITS, SQL_ARGS(sql_int(coach->actor.person_id)), &q);
    if (err) {
        return err;
    }
    list_init(units, coach->arena, sizeof(struct search), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        const struct search *last = units->n ? (struct search *)units->items + units->n - 1 : NULL;
        if (last && last->unit_id == db_int(q, 0)) {
            continue; /* another role there */
        }
        struct search *unit = list_push(units);
        if (!unit) {
            failed = units->err;
            break;
        }
        unit->unit_id = db_int(q, 0);
        unit->unit = sql_copy(coach, q, 1, &failed);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Who could help with one skill: in each of the actor's units, then elsewhere. */
static enum err search_all(struct coach *coach, const struct list *units, int64_t skill_id,
                           int32_t limit, struct wishes_help *help)
{
    struct list list;
    struct search search = {.skill_id = skill_id, .wanted = (size_t)limit + 1};
    enum err err = ERR_OK;
    list_init(&list, coach->arena, sizeof(struct wishes_helper), SIZE_MAX);
    for (size_t k = 0; k < units->n && !err; k++) {
        search.unit_id = ((const struct search *)units->items)[k].unit_id;
        search.unit = ((const struct search *)units->items)[k].unit;
        err = read_round(coach, search, &list);
    }
    search.unit_id = 0;
    err = err ? err : read_round(coach, search, &list);
    help->helpers = list.items;
    help->more = list.n > (size_t)limit;
    help->n = help->more ? limit : (int32_t)list.n;
    return err;
}

enum err wishes_helpers(struct coach *coach, const int64_t *skill_ids, int32_t n, int32_t limit,
                        struct wishes_help *helps)
{
    struct list units;
    enum err err =
        coach->actor.person_id
            ? allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_OFFER, coach->actor.person_id, 0))
            : ERR_FORBIDDEN;
    err = err || n == 0 ? err : read_units(coach, &units);
    for (int32_t k = 0; k < n && !err; k++) {
        err = search_all(coach, &units, skill_ids[k], limit, &helps[k]);
    }
    return err;
}

enum err wishes_wanted(struct coach *coach, const struct wishes *own, struct wishes_wanted **wanted)
{
    size_t n = (size_t)own->n_offers;
    struct wishes_wanted *items = arena_alloc(coach->arena, n, sizeof *items);
    enum err err = items ? ERR_OK : ERR_NOMEM;
    for (size_t k = 0; k < n && !err; k++) {
        const struct wish *offer = &own->offers[k];
        int64_t people = 0;
        err = memory_wanted(coach, offer->skill_id, &people);
        for (int32_t i = 0; i < own->n_needs; i++) {
            people -= own->needs[i].skill_id == offer->skill_id && people > 0;
        }
        items[k] = (struct wishes_wanted){
            .skill_id = offer->skill_id,
            .n_people = people >= WISHES_FEWEST ? (int32_t)people : 0,
            .some = people > 0 && people < WISHES_FEWEST,
        };
    }
    *wanted = items;
    return err;
}
