/* Needs and offers: reading them, and how many want what is offered; see wishes.h. */
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

/* -- Who wants what the actor offers
 * ---------------------------------------------------------------
 */

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
