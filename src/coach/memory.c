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

enum kind { TREE, FIT, LIST, KIND__MAX };

struct item {
    enum kind kind;
    int64_t id; /* of the framework; 0: the list */
    char locale[LOCALE_ROOM];
    int64_t stamp, stamp2; /* as the database had it */
    int64_t used;          /* number of the use, for choosing the oldest */
    struct arena *arena;   /* NULL: the slot is free */
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

struct memory {
    struct item items[MEMORY_ITEMS];
    int64_t uses;
    struct arena *counts;
    struct wanted *wanted; /* by skill_id */
    size_t n_wanted;
    int64_t counted_ms; /* 0: never */

    /* The last stamps that were read, for the rest of the same transaction. */
    int64_t asked_id, changed_ms, finished_ms;
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
    free(memory);
}

void memory_begin(struct memory *memory)
{
    if (memory) {
        memory->asked_id = 0;
    }
}

/* -- Items ----------------------------------------------------------------------------------------
 */

/* When a framework was changed and last fitted; asked once in a transaction. */
static enum err read_stamps(struct coach *coach, int64_t id, int64_t *changed_ms,
                            int64_t *finished_ms)
{
    struct memory *memory = coach->memory;
    struct db_query *q;
    if (memory && memory->asked_id == id && !coach->writes) {
        *changed_ms = memory->changed_ms;
        *finished_ms = memory->finished_ms;
        return ERR_OK;
    }
    enum err err = sql_first(coach, SQL_MEMORY_STAMPS, SQL_ARGS(sql_int(id)), &q);
    if (err != ERR_OK) {
        return err;
    }
    *changed_ms = db_int(q, 0);
    *finished_ms = db_int(q, 1);
    db_finish(q);
    if (memory) {
        memory->asked_id = id;
        memory->changed_ms = *changed_ms;
        memory->finished_ms = *finished_ms;
    }
    return ERR_OK;
}

/* What must be the same for a thing to be the same: of a tree its last change, of a fit that and
 * when it was made, of the list the newest change and the number. */
static enum err read_stamp(struct coach *coach, enum kind kind, int64_t id, int64_t *stamp,
                           int64_t *stamp2)
{
    struct db_query *q;
    if (kind != LIST) {
        enum err err = read_stamps(coach, id, stamp, stamp2);
        *stamp2 = kind == FIT ? *stamp2 : 0;
        return err;
    }
    enum err err = sql_first(coach, SQL_MEMORY_LIST_STAMP, SQL_NONE, &q);
    if (err == ERR_OK) {
        *stamp = db_int(q, 0);
        *stamp2 = db_int(q, 1);
        db_finish(q);
    }
    return err;
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
    *oldest = (struct item){.kind = kind, .id = id, .stamp = -1};
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
    int64_t stamp, stamp2;
    *own = (struct item){.kind = kind, .id = id};
    if (locale.n >= LOCALE_ROOM) {
        return ERR_RANGE;
    }
    if (locale.n) {
        memcpy(own->locale, locale.p, locale.n);
    }
    enum err err = read_stamp(coach, kind, id, &stamp, &stamp2);
    if (err != ERR_OK) {
        return err;
    }
    bool settled = stamp + MEMORY_SETTLED_MS < coach->now_ms &&
                   (kind != FIT || stamp2 + MEMORY_SETTLED_MS < coach->now_ms);
    if (!memory || !settled || coach->writes) {
        *found = own;
        return load_apart(coach, own, false);
    }
    struct item *item = slot_of(memory, kind, id, locale);
    item->used = ++memory->uses;
    if (!item->arena || item->stamp != stamp || item->stamp2 != stamp2) {
        err = load_apart(coach, item, true);
        item->stamp = err == ERR_OK ? stamp : -1;
        item->stamp2 = stamp2;
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
