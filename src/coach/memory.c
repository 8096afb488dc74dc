/* Items with the stamp they were read under; loading goes to an arena of the item's own. */
#include "coach/memory.h"

#include "base/arena.h"
#include "base/list.h"
#include "coach/coach.h"
#include "coach/frameworks.h"
#include "coach/frameworks_store.h"
#include "coach/sql.h"
#include "coach/zones_store.h"

#include <stdlib.h>

#define LOCALE_ROOM 36 /* BCP 47 as settings take it, and NUL */
#define MAX_WANTED 100000
#define BUCKETS 64

enum kind { TREE, FIT, LIST, KIND__MAX };

/* What the database says of its changes: of frameworks the newest moment, the sum of the moments
 * and the number; the same of fits; and of helpers the count of commits. */
struct stamps {
    int64_t changed_ms, changed_sum, n;
    int64_t fitted_ms, fitted_sum;
    int64_t helpers;
};

struct item {
    enum kind kind;
    int64_t id; /* of the framework; 0: the list */
    char locale[LOCALE_ROOM];
    struct stamps stamps; /* as the database had them */
    int64_t used;         /* number of the use, for choosing the oldest */
    struct arena *arena;  /* NULL: the slot is free */
    union {
        struct framework *tree;
        struct zones_fit fit;
        struct {
            struct frameworks_item *items;
            int32_t n;
        } list;
    } is;
};

struct wanted {
    int64_t skill_id, n;
};

struct unit {
    int64_t id;
    struct unit *next;
    struct memory_offer *offers;
    size_t n;
    bool large; /* and has no offers here */
};

struct memory {
    struct item items[MEMORY_ITEMS];
    int64_t uses;
    struct arena *counts;
    struct wanted *wanted; /* by skill_id */
    size_t n_wanted;
    int64_t counted_ms; /* 0: never */

    struct arena *offers;        /* NULL: there are none yet */
    struct unit *units[BUCKETS]; /* by id; each a chain */
    int64_t offers_stamp;

    bool asked; /* in this transaction, and these are the answers */
    struct stamps stamps;
};

struct memory *memory_new(void)
{
    return calloc(1, sizeof(struct memory));
}

void memory_free(struct memory *memory)
{
    if (!memory) {
        return;
    }
    for (int i = 0; i < MEMORY_ITEMS; i++) {
        arena_free(memory->items[i].arena);
    }
    arena_free(memory->counts);
    arena_free(memory->offers);
    free(memory);
}

static void forget_offers(struct memory *memory)
{
    arena_free(memory->offers);
    memory->offers = NULL;
    memset(memory->units, 0, sizeof memory->units);
}

void memory_begin(struct memory *memory)
{
    if (memory) {
        if (memory->offers && arena_bytes(memory->offers) > MEMORY_UNITS_BYTES) {
            forget_offers(memory);
        }
        memory->asked = false;
    }
}

/* -- Items ----------------------------------------------------------------------------------------
 */

/* Asked once in a transaction. */
static enum err read_stamps(struct coach *coach, struct stamps *stamps)
{
    struct memory *memory = coach->memory;
    struct db_query *q;
    if (memory && memory->asked && !coach->writes) {
        *stamps = memory->stamps;
        return ERR_OK;
    }
    enum err err = sql_first(coach, SQL_MEMORY_STAMPS, SQL_NONE, &q);
    if (err != ERR_OK) {
        return err;
    }
    *stamps = (struct stamps){
        .changed_ms = db_int(q, 0),
        .changed_sum = db_int(q, 1),
        .n = db_int(q, 2),
        .fitted_ms = db_int(q, 3),
        .fitted_sum = db_int(q, 4),
        .helpers = db_int(q, 5),
    };
    db_finish(q);
    if (memory) {
        memory->asked = true;
        memory->stamps = *stamps;
    }
    return ERR_OK;
}

/* Whether an item read under some stamps is what it would be now. */
static bool is_same(const struct item *item, const struct stamps *now)
{
    const struct stamps *then = &item->stamps;
    return then->changed_sum == now->changed_sum && then->n == now->n &&
           (item->kind != FIT || then->fitted_sum == now->fitted_sum);
}

static bool is_settled(const struct coach *coach, enum kind kind, const struct stamps *now)
{
    return now->changed_ms + MEMORY_SETTLED_MS < coach->now_ms &&
           (kind != FIT || now->fitted_ms + MEMORY_SETTLED_MS < coach->now_ms);
}

static bool is_item(const struct item *item, enum kind kind, int64_t id, struct str locale)
{
    return item->arena && item->kind == kind && item->id == id && str_is(locale, item->locale);
}

/* The slot of this thing, or the one that was not used for longest, emptied. */
static struct item *slot_of(struct memory *memory, enum kind kind, int64_t id, struct str locale)
{
    struct item *oldest = &memory->items[0];
    for (int i = 0; i < MEMORY_ITEMS; i++) {
        struct item *item = &memory->items[i];
        if (is_item(item, kind, id, locale)) {
            return item;
        }
        if (item->used < oldest->used) {
            oldest = item;
        }
    }
    arena_free(oldest->arena);
    *oldest = (struct item){.kind = kind, .id = id};
    if (locale.n) {
        memcpy(oldest->locale, locale.p, locale.n);
    }
    return oldest;
}

static enum err load(struct coach *coach, struct item *item)
{
    struct str locale = str_of(item->locale);
    switch (item->kind) {
    case TREE:
        return frameworks_load(coach, item->id, locale, FRAMEWORKS_LEVELS | FRAMEWORKS_RETIRED,
                               &item->is.tree);
    case FIT:
        return zones_load_fit(coach, item->id, &item->is.fit);
    default:
        return frameworks_list(coach, locale, &item->is.list.items, &item->is.list.n);
    }
}

/* Loads into an arena of the item's own, or of the request where nothing is to be remembered. */
static enum err load_apart(struct coach *coach, struct item *item, bool keep)
{
    struct arena *request = coach->arena;
    if (keep) {
        arena_free(item->arena);
        item->arena = arena_new(MEMORY_MOST);
        if (!item->arena) {
            return ERR_NOMEM;
        }
        coach->arena = item->arena;
    }
    enum err err = load(coach, item);
    coach->arena = request;
    return err;
}

/* Finds or loads; `own` is used where nothing is remembered. */
static enum err recall(struct coach *coach, enum kind kind, int64_t id, struct str locale,
                       struct item *own, const struct item **found)
{
    struct memory *memory = coach->memory;
    struct stamps now;
    *own = (struct item){.kind = kind, .id = id};
    if (locale.n >= LOCALE_ROOM) {
        return ERR_RANGE;
    }
    if (locale.n) {
        memcpy(own->locale, locale.p, locale.n);
    }
    enum err err = read_stamps(coach, &now);
    if (err != ERR_OK) {
        return err;
    }
    if (!memory || !is_settled(coach, kind, &now) || coach->writes) {
        *found = own;
        return load_apart(coach, own, false);
    }
    struct item *item = slot_of(memory, kind, id, locale);
    item->used = ++memory->uses;
    if (!item->arena || !is_same(item, &now)) {
        err = load_apart(coach, item, true);
        item->stamps = now;
        item->stamps.n = err == ERR_OK ? now.n : -1;
    }
    *found = item;
    return err;
}

enum err memory_framework(struct coach *coach, int64_t id, struct str locale,
                          const struct framework **framework)
{
    struct item own;
    const struct item *item;
    enum err err = recall(coach, TREE, id, locale, &own, &item);
    if (err == ERR_OK) {
        *framework = item->is.tree;
    }
    return err;
}

enum err memory_fit(struct coach *coach, int64_t framework_id, const struct zones_fit **fit)
{
    const struct item *item;
    struct item *own = arena_alloc(coach->arena, 1, sizeof *own);
    if (!own) {
        return ERR_NOMEM;
    }
    enum err err = recall(coach, FIT, framework_id, (struct str){"", 0}, own, &item);
    if (err == ERR_OK) {
        *fit = &item->is.fit;
    }
    return err;
}

enum err memory_frameworks(struct coach *coach, struct str locale,
                           const struct frameworks_item **items, int32_t *n)
{
    struct item own;
    const struct item *item;
    enum err err = recall(coach, LIST, 0, locale, &own, &item);
    if (err == ERR_OK) {
        *items = item->is.list.items;
        *n = item->is.list.n;
    }
    return err;
}

/* -- Offers ---------------------------------------------------------------------------------------
 */

/* Forgets all units when one of them may have changed. */
static enum err refresh_offers(struct coach *coach)
{
    struct memory *memory = coach->memory;
    struct stamps now;
    enum err err = read_stamps(coach, &now);
    if (err == ERR_OK && memory->offers_stamp != now.helpers) {
        forget_offers(memory);
    }
    if (err == ERR_OK && !memory->offers) {
        memory->offers = arena_new(MEMORY_MOST);
        memory->offers_stamp = now.helpers;
        err = memory->offers ? ERR_OK : ERR_NOMEM;
    }
    return err;
}

/* The rows of a unit, in the request's arena. */
static enum err read_offers(struct coach *coach, int64_t unit_id, struct list *list)
{
    struct db_query *q;
    list_init(list, coach->arena, sizeof(struct memory_offer), MEMORY_UNIT_ROWS);
    enum err failed = ERR_OK;
    enum err err = sql_rows(coach, SQL_MEMORY_UNIT,
                            SQL_ARGS(sql_int(unit_id), sql_int(MEMORY_UNIT_ROWS + 1)), &q);
    if (err != ERR_OK) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct memory_offer offer = {.person_id = db_int(q, 0),
                                     .skill_id = db_int(q, 1),
                                     .name = sql_copy_name(coach, q, 2, 3, &failed)};
        if (!failed && !list_add(list, &offer)) {
            failed = list->err;
        }
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Copies the rows; a name once for each person. */
static enum err keep_offers(struct arena *arena, const struct list *list, struct unit *unit)
{
    const struct memory_offer *from = list->items;
    unit->n = list->n;
    unit->offers = arena_alloc(arena, list->n, sizeof *unit->offers);
    if (!unit->offers) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < list->n; i++) {
        unit->offers[i] = from[i];
        if (i > 0 && from[i - 1].person_id == from[i].person_id) {
            unit->offers[i].name = unit->offers[i - 1].name;
            continue;
        }
        unit->offers[i].name.p = arena_text(arena, from[i].name.p, from[i].name.n);
        if (!unit->offers[i].name.p) {
            return ERR_NOMEM;
        }
    }
    return ERR_OK;
}

static enum err load_unit(struct coach *coach, int64_t unit_id, struct unit **unit)
{
    struct list list;
    struct unit *made = arena_alloc(coach->memory->offers, 1, sizeof *made);
    if (!made) {
        return ERR_NOMEM;
    }
    enum err err = read_offers(coach, unit_id, &list);
    made->id = unit_id;
    made->large = err == ERR_LIMIT;
    *unit = made;
    return made->large ? ERR_OK : err ? err : keep_offers(coach->memory->offers, &list, made);
}

enum err memory_unit(struct coach *coach, int64_t unit_id, const struct memory_offer **offers,
                     size_t *n)
{
    struct memory *memory = coach->memory;
    if (!memory || coach->writes) {
        return ERR_NOT_FOUND;
    }
    enum err err = refresh_offers(coach);
    if (err != ERR_OK) {
        return err;
    }
    struct unit **bucket = &memory->units[(uint64_t)unit_id % BUCKETS], *unit = *bucket;
    while (unit && unit->id != unit_id) {
        unit = unit->next;
    }
    if (!unit) {
        err = load_unit(coach, unit_id, &unit);
        if (err != ERR_OK) {
            return err;
        }
        unit->next = *bucket;
        *bucket = unit;
    }
    *offers = unit->offers;
    *n = unit->n;
    return unit->large ? ERR_NOT_FOUND : ERR_OK;
}

/* -- Counts ---------------------------------------------------------------------------------------
 */

static enum err read_wanted(struct coach *coach, struct list *list)
{
    struct db_query *q;
    enum err err = sql_rows(coach, SQL_MEMORY_WANTED, SQL_NONE, &q);
    if (err != ERR_OK) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct wanted row = {db_int(q, 0), db_int(q, 1)};
        if (!list_add(list, &row)) {
            err = list->err;
            break;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static int64_t count_of(const struct wanted *rows, size_t n, int64_t skill_id)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        if (rows[middle].skill_id < skill_id) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    return lo < n && rows[lo].skill_id == skill_id ? rows[lo].n : 0;
}

enum err memory_wanted(struct coach *coach, int64_t skill_id, int64_t *n_people)
{
    struct memory *memory = coach->memory;
    struct list list;
    bool fresh = memory && memory->counted_ms && coach->now_ms >= memory->counted_ms &&
                 coach->now_ms - memory->counted_ms < MEMORY_COUNTS_MS;
    if (!fresh) {
        struct arena *arena = memory ? arena_new(MEMORY_MOST) : coach->arena;
        if (!arena) {
            return ERR_NOMEM;
        }
        list_init(&list, arena, sizeof(struct wanted), MAX_WANTED);
        enum err err = read_wanted(coach, &list);
        if (!memory) {
            *n_people = err == ERR_OK ? count_of(list.items, list.n, skill_id) : 0;
            return err;
        }
        arena_free(err == ERR_OK ? memory->counts : arena);
        if (err != ERR_OK) {
            return err;
        }
        memory->counts = arena;
        memory->wanted = list.items;
        memory->n_wanted = list.n;
        memory->counted_ms = coach->now_ms;
    }
    *n_people = count_of(memory->wanted, memory->n_wanted, skill_id);
    return ERR_OK;
}
