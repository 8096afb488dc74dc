/* Who could help with what: the actor's units are gone through person by person for all skills at
 * once, and what is still missing is looked for elsewhere, skill by skill; see wishes.h. */
#include "coach/wishes.h"

#include "base/list.h"
#include "base/sort.h"
#include "coach/allow.h"
#include "coach/memory.h"
#include "coach/sql.h"

#define AT_ONCE 3    /* skills; SQL_WISH_HELPERS_NEAR has a parameter for each */
#define IN_ONE_GO 32 /* rows; more than one person has in a unit */

struct unit {
    int64_t id; /* 0: others than the actor's */
    struct str name;
    bool remembered; /* and these are its offers */
    const struct memory_offer *offers;
    size_t n_offers;
};

struct search {
    struct coach *coach;
    const int64_t *skill_ids;
    int32_t n;                  /* at most AT_ONCE */
    size_t wanted;              /* of each list */
    struct list found[AT_ONCE]; /* struct wishes_helper */
    struct list units;          /* struct unit */
    struct list avoided;        /* int64_t: who evaluates the actor, whom they evaluate, who was
                                 * their partner */
};

static bool is_missing(const struct search *s, int32_t k)
{
    return k < s->n && s->found[k].n < s->wanted;
}

static bool is_any_missing(const struct search *s)
{
    return is_missing(s, 0) || is_missing(s, 1) || is_missing(s, 2);
}

static bool is_listed(const struct list *list, int64_t person_id)
{
    for (size_t k = 0; k < list->n; k++) {
        if (((const struct wishes_helper *)list->items)[k].person_id == person_id) {
            return true;
        }
    }
    return false;
}

static bool is_avoided(const struct search *s, int64_t person_id)
{
    for (size_t k = 0; k < s->avoided.n; k++) {
        if (((const int64_t *)s->avoided.items)[k] == person_id) {
            return true;
        }
    }
    return false;
}

/* Takes in what somebody offers; somebody with two roles in a unit comes twice, somebody in two
 * units may be there already. */
static enum err take(struct search *s, const struct unit *unit, const struct memory_offer *offer)
{
    int32_t k = 0;
    while (k < s->n && s->skill_ids[k] != offer->skill_id) {
        k++;
    }
    if (!is_missing(s, k) || is_listed(&s->found[k], offer->person_id) ||
        is_avoided(s, offer->person_id)) {
        return ERR_OK;
    }
    struct wishes_helper helper = {.person_id = offer->person_id,
                                   .name = offer->name,
                                   .unit = unit->name,
                                   .same_unit = unit->id != 0};
    return list_add(&s->found[k], &helper) ? ERR_OK : s->found[k].err;
}

/* The same of a row of person, skill and name. */
static enum err take_row(struct search *s, const struct unit *unit, const struct db_query *q)
{
    enum err failed = ERR_OK;
    struct memory_offer offer = {.person_id = db_int(q, 0),
                                 .skill_id = db_int(q, 1),
                                 .name = sql_copy_name(s->coach, q, 2, 3, &failed)};
    return failed ? failed : take(s, unit, &offer);
}

/* -- In the actor's units -------------------------------------------------------------------------
 */

/* The next rows of a unit behind the person *above, which becomes the last that was seen whole;
 * *more: there may be others. */
static enum err read_near(struct search *s, const struct unit *unit, int64_t *above, int64_t below,
                          bool *more)
{
    struct sql_arg skills[AT_ONCE];
    struct db_query *q;
    int32_t n = 0;
    for (int32_t k = 0; k < AT_ONCE; k++) {
        skills[k] = sql_int(is_missing(s, k) ? s->skill_ids[k] : 0); /* which no skill has */
    }
    enum err failed = ERR_OK;
    enum err err = sql_rows(s->coach, SQL_WISH_HELPERS_NEAR,
                            SQL_ARGS(sql_int(unit->id), sql_int(*above), sql_int(below), skills[0],
                                     skills[1], skills[2], sql_int(IN_ONE_GO)),
                            &q);
    if (err) {
        return err;
    }
    while (!failed && is_any_missing(s) && (err = db_step(q)) == ERR_OK) {
        *above = db_int(q, 0) - 1;
        failed = take_row(s, unit, q);
        n++;
    }
    db_finish(q);
    *more = n == IN_ONE_GO && is_any_missing(s);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The same from memory. */
static enum err take_near(struct search *s, const struct unit *unit, int64_t above, int64_t below)
{
    enum err err = ERR_OK;
    for (size_t k = 0; k < unit->n_offers && !err && is_any_missing(s); k++) {
        const struct memory_offer *offer = &unit->offers[k];
        if (offer->person_id > above && offer->person_id < below) {
            err = take(s, unit, offer);
        }
    }
    return err;
}

static enum err read_between(struct search *s, const struct unit *unit, int64_t above,
                             int64_t below)
{
    bool more = is_any_missing(s) && !unit->remembered;
    enum err err = unit->remembered ? take_near(s, unit, above, below) : ERR_OK;
    while (more && !err) {
        err = read_near(s, unit, &above, below, &more);
    }
    return err;
}

/* -- Elsewhere ------------------------------------------------------------------------------------
 */

static enum err read_far(struct search *s, int32_t k, int64_t above, int64_t below)
{
    int64_t most = (int64_t)(s->wanted + s->avoided.n); /* some of them may be avoided */
    struct unit elsewhere = {0};
    struct db_query *q;
    if (!is_missing(s, k)) {
        return ERR_OK;
    }
    enum err failed = ERR_OK;
    enum err err = sql_rows(s->coach, SQL_WISH_HELPERS_FAR,
                            SQL_ARGS(sql_int(s->skill_ids[k]), sql_int(s->coach->actor.person_id),
                                     sql_int(above), sql_int(below), sql_int(most)),
                            &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        elsewhere.name = sql_copy(s->coach, q, 4, &failed);
        failed = failed ? failed : take_row(s, &elsewhere, q);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* -- All together ---------------------------------------------------------------------------------
 */

/* A row about the actor: a unit of theirs, or somebody they do not ask. */
static enum err take_fact(struct search *s, const struct db_query *q)
{
    enum err failed = ERR_OK;
    int64_t id = db_int(q, 0);
    if (db_int(q, 2)) {
        return list_add(&s->avoided, &id) ? ERR_OK : s->avoided.err;
    }
    for (size_t k = 0; k < s->units.n; k++) {
        if (((const struct unit *)s->units.items)[k].id == id) {
            return ERR_OK; /* another role there */
        }
    }
    struct unit unit = {.id = id, .name = sql_copy(s->coach, q, 1, &failed)};
    return failed || list_add(&s->units, &unit) ? failed : s->units.err;
}

static int by_id(const void *a, const void *b, void *ctx)
{
    const struct unit *x = a, *y = b;
    (void)ctx;
    return (x->id > y->id) - (x->id < y->id);
}

static enum err read_actor(struct search *s)
{
    struct db_query *q;
    struct coach *coach = s->coach;
    enum err failed = ERR_OK, err = sql_rows(coach, SQL_WISH_UNITS_AND_AVOIDED,
                                             SQL_ARGS(sql_int(coach->actor.person_id)), &q);
    if (err) {
        return err;
    }
    list_init(&s->units, coach->arena, sizeof(struct unit), SIZE_MAX);
    list_init(&s->avoided, coach->arena, sizeof(int64_t), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = take_fact(s, q);
    }
    db_finish(q);
    err = failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
    sort_items(s->units.items, s->units.n, sizeof(struct unit), by_id, NULL);
    for (size_t k = 0; k < s->units.n && !err; k++) {
        struct unit *unit = (struct unit *)s->units.items + k;
        err = memory_unit(coach, unit->id, &unit->offers, &unit->n_offers);
        unit->remembered = err == ERR_OK;
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return err;
}

/* Each list goes round: from the next after the actor to the last, then from the first. */
static enum err search_few(struct search *s)
{
    int64_t me = s->coach->actor.person_id;
    enum err err = ERR_OK;
    for (int32_t k = 0; k < s->n; k++) {
        list_init(&s->found[k], s->coach->arena, sizeof(struct wishes_helper), SIZE_MAX);
    }
    for (size_t k = 0; k < s->units.n && !err; k++) {
        const struct unit *unit = (const struct unit *)s->units.items + k;
        err = read_between(s, unit, me, INT64_MAX);
        err = err ? err : read_between(s, unit, 0, me);
    }
    for (int32_t k = 0; k < s->n && !err; k++) {
        err = read_far(s, k, me, INT64_MAX);
        err = err ? err : read_far(s, k, 0, me);
    }
    return err;
}

enum err wishes_helpers(struct coach *coach, const int64_t *skill_ids, int32_t n, int32_t limit,
                        struct wishes_help *helps)
{
    struct search search = {.coach = coach, .wanted = (size_t)limit + 1};
    enum err err =
        coach->actor.person_id
            ? allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_OFFER, coach->actor.person_id, 0))
            : ERR_FORBIDDEN;
    err = err || n == 0 ? err : read_actor(&search);
    for (int32_t from = 0; from < n && !err; from += AT_ONCE) {
        search.skill_ids = skill_ids + from;
        search.n = n - from < AT_ONCE ? n - from : AT_ONCE;
        err = search_few(&search);
        for (int32_t k = 0; k < search.n && !err; k++) {
            struct wishes_help *help = &helps[from + k];
            size_t found = search.found[k].n;
            help->helpers = search.found[k].items;
            help->more = found > (size_t)limit;
            help->n = help->more ? limit : (int32_t)found;
        }
    }
    return err;
}
