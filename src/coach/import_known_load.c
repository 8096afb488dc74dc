/* Reading what the database has; see import_known.h. */
#include "base/arena.h"
#include "base/sort.h"
#include "coach/coach.h"
#include "coach/import_known.h"
#include "coach/people.h"
#include "coach/settings.h"
#include "coach/sql.h"

/* Where the row of an id stands in a list. */
struct place {
    int64_t id;
    int32_t at;
};

struct loading {
    struct coach *coach;
    struct import_known *known;
    struct list units, people; /* struct place, by id */
    enum err err;
};

static int compare_places(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct place *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int32_t find(const struct list *places, int64_t id)
{
    const struct place *items = places->items;
    size_t low = 0, high = places->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < places->n && items[low].id == id ? items[low].at : IMPORT_NONE;
}

static struct str copy(struct loading *loading, struct str text)
{
    struct str made = {arena_text(loading->known->arena, text.p, text.n), text.n};
    if (!made.p) {
        loading->err = ERR_NOMEM;
        made = (struct str){"", 0};
    }
    return made;
}

static enum err load_units(struct loading *loading)
{
    struct import_known *known = loading->known;
    struct unit_list list;
    enum err err = units_list(loading->coach, true, &list);
    for (size_t k = 0; k < list.n && !err; k++) {
        const struct unit *unit = &list.items[k];
        struct place place = {unit->id, (int32_t)k};
        struct known_unit row = {
            .id = unit->id,
            .parent = IMPORT_NONE,
            .kind = unit->kind,
            .name = copy(loading, unit->name),
            .external_id = copy(loading, unit->external_id),
            .source = copy(loading, unit->source),
            .active = unit->active,
        };
        bool added = list_add(&known->units, &row) && list_add(&loading->units, &place);
        err = !added || loading->err ? ERR_NOMEM : ERR_OK;
    }
    if (err) {
        return err;
    }
    sort_items(loading->units.items, loading->units.n, sizeof(struct place), compare_places, NULL);
    struct known_unit *units = known->units.items;
    for (size_t k = 0; k < list.n; k++) {
        int64_t parent = list.items[k].parent_id;
        units[k].parent = parent ? find(&loading->units, parent) : IMPORT_NONE;
    }
    return ERR_OK;
}

static enum err each_person(void *ctx, const struct person *person)
{
    struct loading *loading = ctx;
    struct known_person row = {
        .id = person->id,
        .external_id = copy(loading, person->external_id),
        .given_name = copy(loading, person->given_name),
        .family_name = copy(loading, person->family_name),
        .email = copy(loading, person->email),
        .position = copy(loading, person->position),
        .source = copy(loading, person->source),
        .active = person->active,
    };
    struct place place = {person->id, (int32_t)loading->known->people.n};
    return !loading->err && list_add(&loading->known->people, &row) &&
                   list_add(&loading->people, &place)
               ? ERR_OK
               : ERR_NOMEM;
}

static enum err each_member(void *ctx, const struct membership *membership)
{
    struct loading *loading = ctx;
    struct known_member row = {
        .person = find(&loading->people, membership->person_id),
        .unit = find(&loading->units, membership->unit_id),
        .role = membership->role,
        .source = copy(loading, membership->source),
    };
    if (row.person < 0 || row.unit < 0) {
        return ERR_INVALID;
    }
    return !loading->err && list_add(&loading->known->members, &row) ? ERR_OK : ERR_NOMEM;
}

static enum err role_row(struct loading *loading, const struct db_query *q)
{
    struct known_role row = {
        .external_id = copy(loading, db_text(q, 0)),
        .person = find(&loading->people, db_int(q, 1)),
        .unit = find(&loading->units, db_int(q, 2)),
        .work = import_set_work_of(db_text(q, 3)),
        .primary = db_int(q, 4) == 1,
    };
    if (row.person < 0 || row.unit < 0 || row.work == IMPORT_WORK__MAX) {
        return ERR_INVALID;
    }
    return !loading->err && list_add(&loading->known->roles, &row) ? ERR_OK : ERR_NOMEM;
}

static enum err tag_row(struct loading *loading, const struct db_query *q)
{
    int32_t person = find(&loading->people, db_int(q, 0));
    struct known_person *people = loading->known->people.items;
    for (int kind = 0; kind < PROFILE_KIND__MAX && person >= 0; kind++) {
        if (str_is(db_text(q, 1), profile_kind_word((enum profile_kind)kind))) {
            people[person].has_tags[kind] = true;
        }
    }
    return ERR_OK;
}

static enum err evaluator_row(struct loading *loading, const struct db_query *q)
{
    struct known_evaluator row = {find(&loading->people, db_int(q, 0)),
                                  find(&loading->people, db_int(q, 1))};
    return list_add(&loading->known->evaluators, &row) ? ERR_OK : ERR_NOMEM;
}

static enum err load_rows(struct loading *loading, enum sql_id id, const struct sql_arg *args,
                          int n, enum err (*row)(struct loading *, const struct db_query *))
{
    struct db_query *q;
    enum err err = sql_rows(loading->coach, id, args, n, &q);
    if (err) {
        return err;
    }
    while (!err && !(err = db_step(q))) {
        err = row(loading, q);
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err load_all(struct loading *loading)
{
    struct coach *coach = loading->coach;
    struct import_known *known = loading->known;
    enum err err = settings_get(coach, SETTING_ORGANISATION, &known->organisation);
    err = err ? err : load_units(loading);
    err = err ? err : people_each(coach, each_person, loading);
    if (!err) {
        sort_items(loading->people.items, loading->people.n, sizeof(struct place), compare_places,
                   NULL);
    }
    err = err ? err : roles_each(coach, each_member, loading);
    err = err ? err
              : load_rows(loading, SQL_IMPORT_ROLES, SQL_ARGS(sql_text(known->source)), role_row);
    err = err ? err : load_rows(loading, SQL_IMPORT_TAG_KINDS, SQL_NONE, tag_row);
    return err ? err : load_rows(loading, SQL_IMPORT_EVALUATORS, SQL_NONE, evaluator_row);
}

enum err import_known_load(struct coach *coach, struct arena *arena, struct str source,
                           struct import_known **result)
{
    struct loading loading = {.coach = coach};
    struct import_known *known = arena_alloc(arena, 1, sizeof *known);
    struct arena *work = arena_child(arena);
    enum err err = known && work ? import_known_init(known, arena, source) : ERR_NOMEM;
    if (!err) {
        loading.known = known;
        list_init(&loading.units, work, sizeof(struct place), INT32_MAX);
        list_init(&loading.people, work, sizeof(struct place), INT32_MAX);
        err = load_all(&loading);
    }
    if (!err && known->organisation.n == 0) {
        known->organisation = str_of("Our organisation");
    }
    err = err ? err : import_known_index(known);
    if (!err) {
        *result = known;
    }
    arena_free(work);
    return err;
}
