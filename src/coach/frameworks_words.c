/* The words of a framework in further languages; see frameworks_store.h. */
#include "base/arena.h"
#include "base/list.h"
#include "base/sort.h"
#include "coach/frameworks_store.h"

#include <string.h>

/* A locale without its last part: "es" for "es-MX"; "" when there is none. */
static struct str shorter(struct str locale)
{
    while (locale.n > 0 && locale.p[locale.n - 1] != '-') {
        locale.n--;
    }
    locale.n -= locale.n > 0;
    return locale;
}

struct str frameworks_base_locale(struct str locale)
{
    struct str base = shorter(locale);
    return base.n ? base : locale;
}

static enum err locales(struct coach *coach, int64_t id, struct list *list)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(coach, SQL_FRAMEWORK_LOCALES, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    list_init(list, coach->arena, sizeof(struct str), FRAMEWORK_MAX_LANGUAGES);
    while (!failed && (err = db_step(q)) == ERR_OK && list->n < FRAMEWORK_MAX_LANGUAGES) {
        struct str *locale = list_push(list);
        if (locale) {
            *locale = sql_copy(coach, q, 0, &failed);
        } else {
            failed = list->err;
        }
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err frameworks_locale(struct coach *coach, int64_t id, struct str own, struct str locale,
                           struct str *chosen)
{
    struct list list;
    *chosen = (struct str){"", 0};
    if (locale.n == 0 || str_equal(locale, own)) {
        return ERR_OK;
    }
    enum err err = locales(coach, id, &list);
    for (struct str want = locale; !err && want.n > 0 && chosen->n == 0; want = shorter(want)) {
        if (str_equal(want, own)) {
            break;
        }
        for (size_t k = 0; k < list.n; k++) {
            struct str have = ((const struct str *)list.items)[k];
            *chosen = str_equal(have, want) ? have : *chosen;
        }
    }
    return err;
}

/* Where words go: over the tree's own (`at` < 0), or to others[at]. */
struct words_in {
    struct coach *coach;
    struct framework *f;
    struct framework_skill **by_id;
    struct framework_task **tasks; /* by id */
    int32_t n_tasks, at;
};

static void *find(void *const *items, int32_t n, int64_t id, int64_t (*id_of)(const void *item))
{
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (id_of(items[middle]) < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < n && id_of(items[low]) == id ? items[low] : NULL;
}

static int64_t skill_id(const void *item)
{
    return ((const struct framework_skill *)item)->id;
}

static int64_t task_id(const void *item)
{
    return ((const struct framework_task *)item)->id;
}

/* The words of a row, by its kind and id; NULL when the tree does not have it.  *others: where its
 * further languages are. */
static struct framework_words *words_at(const struct words_in *in, struct str kind, int64_t id,
                                        int64_t level, struct framework_words ***others)
{
    if (str_is(kind, "framework")) {
        *others = &in->f->others;
        return &in->f->words;
    }
    if (str_is(kind, "domain")) {
        for (int32_t d = 0; d < in->f->n_domains; d++) {
            if (in->f->domains[d].id == id) {
                *others = &in->f->domains[d].others;
                return &in->f->domains[d].words;
            }
        }
        return NULL;
    }
    if (str_is(kind, "task")) {
        struct framework_task *task = find((void *const *)in->tasks, in->n_tasks, id, task_id);
        *others = task ? &task->others : NULL;
        return task ? &task->words : NULL;
    }
    struct framework_skill *skill = find((void *const *)in->by_id, in->f->n_skills, id, skill_id);
    if (skill && str_is(kind, "skill")) {
        *others = &skill->others;
        return &skill->words;
    }
    if (skill && skill->levels && level >= 1 && level <= skill->n_levels) {
        *others = &skill->levels[level - 1].others;
        return &skill->levels[level - 1].words;
    }
    return NULL;
}

static enum err words_row(struct words_in *in, const struct db_query *q)
{
    enum err failed = ERR_OK;
    struct framework_words **others = NULL;
    struct framework_words *words =
        words_at(in, db_text(q, 0), db_int(q, 1), db_int(q, 2), &others);
    if (!words) {
        return ERR_OK;
    }
    if (in->at >= 0) {
        if (!*others) {
            *others = arena_alloc(in->coach->arena, (size_t)in->f->n_languages, sizeof **others);
        }
        if (!*others) {
            return ERR_NOMEM;
        }
        words = &(*others)[in->at];
    }
    struct str name = sql_copy(in->coach, q, 3, &failed);
    struct str description = sql_copy(in->coach, q, 4, &failed);
    words->name = name.n || in->at >= 0 ? name : words->name;
    words->description = description.n || in->at >= 0 ? description : words->description;
    return failed;
}

static enum err words_in_locale(struct words_in *in, struct str locale)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(in->coach, SQL_FRAMEWORK_TEXTS,
                                             SQL_ARGS(sql_int(in->f->id), sql_text(locale)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = words_row(in, q);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static int task_order(const void *a, const void *b, void *ctx)
{
    const struct framework_task *const *x = a, *const *y = b;
    (void)ctx;
    return (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;
}

/* The index of tasks by id. */
static enum err index_tasks(struct words_in *in)
{
    struct list list;
    list_init(&list, in->coach->arena, sizeof(struct framework_task *), SIZE_MAX);
    for (int32_t s = 0; s < in->f->n_skills; s++) {
        for (int32_t t = 0; t < in->by_id[s]->n_tasks; t++) {
            struct framework_task *task = &in->by_id[s]->tasks[t];
            if (!list_add(&list, &task)) {
                return list.err;
            }
        }
    }
    in->tasks = list.items;
    in->n_tasks = (int32_t)list.n;
    sort_items(list.items, list.n, sizeof(struct framework_task *), task_order, NULL);
    return ERR_OK;
}

/* Empty texts instead of absent ones, so that both sides of a comparison look alike. */
static void fill_empty(struct framework_words *others, int32_t n)
{
    for (int32_t k = 0; others && k < n; k++) {
        others[k].name = others[k].name.p ? others[k].name : (struct str){"", 0};
        others[k].description =
            others[k].description.p ? others[k].description : (struct str){"", 0};
    }
}

static void fill_all(struct framework *f)
{
    int32_t n = f->n_languages;
    fill_empty(f->others, n);
    for (int32_t d = 0; d < f->n_domains; d++) {
        fill_empty(f->domains[d].others, n);
        for (int32_t s = 0; s < f->domains[d].n_skills; s++) {
            struct framework_skill *skill = &f->domains[d].skills[s];
            fill_empty(skill->others, n);
            for (int32_t k = 0; skill->levels && k < skill->n_levels; k++) {
                fill_empty(skill->levels[k].others, n);
            }
            for (int32_t k = 0; k < skill->n_tasks; k++) {
                fill_empty(skill->tasks[k].others, n);
            }
        }
    }
}

enum err frameworks_load_words(struct coach *coach, struct framework *framework,
                               struct framework_skill **by_id, struct str locale, unsigned parts)
{
    struct words_in in = {.coach = coach, .f = framework, .by_id = by_id, .at = -1};
    struct str chosen;
    struct list list;
    enum err err = index_tasks(&in);
    if (err) {
        return err;
    }
    if (!(parts & FRAMEWORKS_OTHERS)) {
        err = frameworks_locale(coach, framework->id, framework->language, locale, &chosen);
        return err || chosen.n == 0 ? err : words_in_locale(&in, chosen);
    }
    err = locales(coach, framework->id, &list);
    framework->languages = list.items;
    framework->n_languages = err ? 0 : (int32_t)list.n;
    for (in.at = 0; in.at < framework->n_languages && !err; in.at++) {
        err = words_in_locale(&in, framework->languages[in.at]);
    }
    fill_all(framework);
    return err;
}
