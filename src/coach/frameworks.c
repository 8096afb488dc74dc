/* Frameworks read from the database; see frameworks.h. */
#include "coach/frameworks.h"

#include "base/arena.h"
#include "base/list.h"
#include "coach/frameworks_store.h"

#define MAX_FRAMEWORKS 1000

static const struct framework_words no_words = {{"", 0}, {"", 0}};

/* ---- the list ---- */

static enum err list_words(struct coach *coach, struct str locale, struct frameworks_item *item)
{
    struct str chosen;
    struct db_query *q;
    enum err err = frameworks_locale(coach, item->id, item->language, locale, &chosen);
    if (err || chosen.n == 0) {
        return err;
    }
    err =
        sql_rows(coach, SQL_FRAMEWORK_HEAD_TEXT, SQL_ARGS(sql_int(item->id), sql_text(chosen)), &q);
    if (err) {
        return err;
    }
    enum err failed = ERR_OK;
    while ((err = db_step(q)) == ERR_OK && !failed) {
        struct str name = sql_copy(coach, q, 0, &failed);
        struct str description = sql_copy(coach, q, 1, &failed);
        item->words.name = name.n ? name : item->words.name;
        item->words.description = description.n ? description : item->words.description;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err frameworks_list(struct coach *coach, struct str locale, struct frameworks_item **items,
                         int32_t *n)
{
    struct list list;
    struct db_query *q;
    enum err failed = ERR_OK, err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_FRAMEWORK, 0));
    err = err ? err : sql_rows(coach, SQL_FRAMEWORK_LIST, SQL_NONE, &q);
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(struct frameworks_item), MAX_FRAMEWORKS);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct frameworks_item *item = list_push(&list);
        if (!item) {
            failed = list.err;
            break;
        }
        *item = (struct frameworks_item){
            .id = db_int(q, 0),
            .words = {sql_copy(coach, q, 1, &failed), sql_copy(coach, q, 2, &failed)},
            .language = sql_copy(coach, q, 3, &failed),
            .publisher = sql_copy(coach, q, 4, &failed),
            .licence = sql_copy(coach, q, 5, &failed),
            .active = db_int(q, 6) != 0,
            .changed_ms = db_int(q, 7),
            .n_domains = (int32_t)db_int(q, 8),
            .n_skills = (int32_t)db_int(q, 9),
            .n_evidence = db_int(q, 10),
            .case_id = sql_copy(coach, q, 11, &failed),
        };
    }
    db_finish(q);
    err = failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
    for (size_t k = 0; k < list.n && !err; k++) {
        err = list_words(coach, locale, (struct frameworks_item *)list.items + k);
    }
    *items = err ? NULL : list.items;
    *n = err ? 0 : (int32_t)list.n;
    return err;
}

/* ---- one tree ---- */

/* A framework being loaded: its skills and tasks by id, for what refers to them. */
struct loading {
    struct coach *coach;
    struct framework *f;
    unsigned parts;
    struct list domains, skills, levels, tasks; /* level and task rows, in skill order */
    struct framework_skill **by_id;             /* n_skills, by id */
};

struct level_row {
    int64_t skill_id;
    struct framework_level level;
};

struct task_row {
    int64_t skill_id;
    struct framework_task task;
};

/* Runs `row` for every row of a statement. */
static enum err load_rows(struct loading *l, enum sql_id id, const struct sql_arg *args, int n,
                          enum err (*row)(struct loading *l, const struct db_query *q))
{
    struct db_query *q;
    enum err err = sql_rows(l->coach, id, args, n, &q);
    if (err) {
        return err;
    }
    enum err failed = ERR_OK;
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = row(l, q);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err load_domain(struct loading *l, const struct db_query *q)
{
    enum err failed = ERR_OK;
    struct framework_domain *domain = list_push(&l->domains);
    if (!domain) {
        return l->domains.err;
    }
    *domain = (struct framework_domain){
        .id = db_int(q, 0),
        .case_id = sql_copy(l->coach, q, 1, &failed),
        .words = {sql_copy(l->coach, q, 2, &failed), sql_copy(l->coach, q, 3, &failed)},
    };
    return failed;
}

static enum err load_skill(struct loading *l, const struct db_query *q)
{
    enum err failed = ERR_OK;
    struct framework_skill *skill = list_push(&l->skills);
    if (!skill) {
        return l->skills.err;
    }
    *skill = (struct framework_skill){
        .id = db_int(q, 0),
        .domain_id = db_int(q, 1),
        .case_id = sql_copy(l->coach, q, 2, &failed),
        .code = sql_copy(l->coach, q, 3, &failed),
        .words = {sql_copy(l->coach, q, 4, &failed), sql_copy(l->coach, q, 5, &failed)},
        .n_levels = (int32_t)db_int(q, 6),
        .active = db_int(q, 7) != 0,
    };
    return failed;
}

static enum err load_level(struct loading *l, const struct db_query *q)
{
    enum err failed = ERR_OK;
    struct level_row *row = list_push(&l->levels);
    if (!row) {
        return l->levels.err;
    }
    row->skill_id = db_int(q, 0);
    row->level = (struct framework_level){
        .level = (int32_t)db_int(q, 1),
        .words = {sql_copy(l->coach, q, 2, &failed), sql_copy(l->coach, q, 3, &failed)},
    };
    return failed;
}

static enum err load_task(struct loading *l, const struct db_query *q)
{
    enum err failed = ERR_OK;
    struct task_row *row = list_push(&l->tasks);
    if (!row) {
        return l->tasks.err;
    }
    row->skill_id = db_int(q, 0);
    row->task = (struct framework_task){
        .id = db_int(q, 1),
        .case_id = sql_copy(l->coach, q, 2, &failed),
        .words = {sql_copy(l->coach, q, 3, &failed), {"", 0}},
        .has_difficulty = !db_is_null(q, 4),
        .difficulty = db_double(q, 4),
        .active = db_int(q, 5) != 0,
    };
    return failed;
}

static struct framework_skill *skill_of(const struct loading *l, int64_t id)
{
    int32_t low = 0, high = l->f->n_skills;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (l->by_id[middle]->id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < l->f->n_skills && l->by_id[low]->id == id ? l->by_id[low] : NULL;
}

/* Skills under their domains (both come in the same order), and the index by id. */
static enum err load_index(struct loading *l)
{
    struct framework *f = l->f;
    f->domains = l->domains.items;
    f->n_domains = (int32_t)l->domains.n;
    f->n_skills = (int32_t)l->skills.n;
    l->by_id = arena_alloc(l->coach->arena, l->skills.n, sizeof(struct framework_skill *));
    if (!l->by_id) {
        return ERR_NOMEM;
    }
    struct framework_skill *skills = l->skills.items;
    for (int32_t d = 0, s = 0; d < f->n_domains; d++) {
        f->domains[d].skills = skills + s;
        while (s < f->n_skills && skills[s].domain_id == f->domains[d].id) {
            f->domains[d].n_skills++;
            s++;
        }
    }
    for (int32_t s = 0; s < f->n_skills; s++) {
        int32_t at = s; /* nearly sorted already */
        while (at > 0 && l->by_id[at - 1]->id > skills[s].id) {
            l->by_id[at] = l->by_id[at - 1];
            at--;
        }
        l->by_id[at] = &skills[s];
    }
    return ERR_OK;
}

/* Gives every skill its slice of level and task rows (which come in the order of skill ids). */
static enum err load_slices(struct loading *l)
{
    const struct level_row *levels = l->levels.items;
    const struct task_row *tasks = l->tasks.items;
    for (size_t k = 0; k < l->levels.n; k++) {
        struct framework_skill *skill = skill_of(l, levels[k].skill_id);
        if (!skill || levels[k].level.level > skill->n_levels) {
            continue;
        }
        if (!skill->levels) {
            skill->levels =
                arena_alloc(l->coach->arena, (size_t)skill->n_levels, sizeof *skill->levels);
            for (int32_t n = 0; skill->levels && n < skill->n_levels; n++) {
                skill->levels[n] = (struct framework_level){.level = n + 1, .words = no_words};
            }
        }
        if (!skill->levels) {
            return ERR_NOMEM;
        }
        skill->levels[levels[k].level.level - 1] = levels[k].level;
    }
    for (size_t k = 0, end = 0; k < l->tasks.n; k = end) {
        struct framework_skill *skill = skill_of(l, tasks[k].skill_id);
        for (end = k; end < l->tasks.n && tasks[end].skill_id == tasks[k].skill_id;) {
            end++;
        }
        if (!skill) {
            continue;
        }
        skill->tasks = arena_alloc(l->coach->arena, end - k, sizeof *skill->tasks);
        if (!skill->tasks) {
            return ERR_NOMEM;
        }
        skill->n_tasks = (int32_t)(end - k);
        for (int32_t n = 0; n < skill->n_tasks; n++) {
            skill->tasks[n] = tasks[k + (size_t)n].task;
        }
    }
    return ERR_OK;
}

static enum err load_head(struct loading *l, int64_t id)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_first(l->coach, SQL_FRAMEWORK_HEAD, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *l->f = (struct framework){
        .id = db_int(q, 0),
        .case_id = sql_copy(l->coach, q, 1, &failed),
        .words = {sql_copy(l->coach, q, 2, &failed), sql_copy(l->coach, q, 3, &failed)},
        .language = sql_copy(l->coach, q, 4, &failed),
        .publisher = sql_copy(l->coach, q, 5, &failed),
        .licence = sql_copy(l->coach, q, 6, &failed),
        .active = db_int(q, 7) != 0,
        .changed_ms = db_int(q, 8),
    };
    db_finish(q);
    return failed;
}

enum err frameworks_load(struct coach *coach, int64_t id, struct str locale, unsigned parts,
                         struct framework **framework)
{
    struct loading l = {.coach = coach, .parts = parts};
    int64_t least = parts & FRAMEWORKS_RETIRED ? 0 : 1;
    l.f = arena_alloc(coach->arena, 1, sizeof *l.f);
    if (!l.f) {
        return ERR_NOMEM;
    }
    list_init(&l.domains, coach->arena, sizeof(struct framework_domain), SIZE_MAX);
    list_init(&l.skills, coach->arena, sizeof(struct framework_skill), SIZE_MAX);
    list_init(&l.levels, coach->arena, sizeof(struct level_row), SIZE_MAX);
    list_init(&l.tasks, coach->arena, sizeof(struct task_row), SIZE_MAX);
    enum err err = load_head(&l, id);
    err = err ? err : load_rows(&l, SQL_FRAMEWORK_DOMAINS, SQL_ARGS(sql_int(id)), load_domain);
    err = err ? err
              : load_rows(&l, SQL_FRAMEWORK_SKILLS, SQL_ARGS(sql_int(id), sql_int(least)),
                          load_skill);
    if (!err && parts & FRAMEWORKS_LEVELS) {
        err = load_rows(&l, SQL_FRAMEWORK_LEVELS, SQL_ARGS(sql_int(id)), load_level);
    }
    if (!err && parts & FRAMEWORKS_TASKS) {
        err = load_rows(&l, SQL_FRAMEWORK_TASKS, SQL_ARGS(sql_int(id), sql_int(least)), load_task);
    }
    err = err ? err : load_index(&l);
    err = err ? err : load_slices(&l);
    err = err ? err : frameworks_load_words(coach, l.f, l.by_id, locale, parts);
    *framework = err ? NULL : l.f;
    return err;
}

enum err frameworks_get(struct coach *coach, int64_t id, struct str locale, unsigned parts,
                        struct framework **framework)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_FRAMEWORK, id));
    return err ? err : frameworks_load(coach, id, locale, parts, framework);
}

enum err frameworks_of_skill(struct coach *coach, int64_t skill_id, int64_t *framework_id)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_FRAMEWORK, 0));
    return err ? err
               : sql_number(coach, SQL_FRAMEWORK_OF_SKILL, SQL_ARGS(sql_int(skill_id)),
                            framework_id);
}
