/* Rows of frameworks written to the database; see frameworks_store.h. */
#include "coach/framework_build.h"
#include "coach/frameworks_store.h"

#include <sodium/randombytes.h>
#include <stdio.h>

enum err frameworks_ask(struct coach *coach, enum sql_id id, int64_t object, bool *yes)
{
    int64_t number = 0;
    enum err err = sql_number(coach, id, SQL_ARGS(sql_int(object)), &number);
    *yes = number != 0;
    return err;
}

enum err frameworks_change(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n)
{
    int64_t changed = 0;
    enum err err = sql_run(coach, id, args, n, &changed);
    return err || changed > 0 ? err : ERR_NOT_FOUND;
}

/* A random UUID (version 4). */
static void random_uuid(char uuid[FRAMEWORK_UUID_SIZE])
{
    unsigned char seed[32];
    randombytes_buf(seed, sizeof seed);
    framework_build_uuid((struct str){(const char *)seed, sizeof seed}, "random", str_of(""), 0,
                         uuid);
}

/* The identifier that others know it by: its own, else one that follows from the framework's. */
static struct str identifier(struct str own, struct str scope, const char *kind, struct str key,
                             int64_t number, char uuid[FRAMEWORK_UUID_SIZE])
{
    if (own.n > 0) {
        return own;
    }
    framework_build_uuid(scope, kind, key, (int32_t)number, uuid);
    return (struct str){uuid, FRAMEWORK_UUID_SIZE - 1};
}

enum err frameworks_put_head(struct coach *coach, const struct framework *head, int64_t *id)
{
    char uuid[FRAMEWORK_UUID_SIZE];
    struct str case_id = head->case_id;
    if (case_id.n == 0) {
        random_uuid(uuid);
        case_id = (struct str){uuid, FRAMEWORK_UUID_SIZE - 1};
    }
    return sql_number(coach, SQL_FRAMEWORK_ADD,
                      SQL_ARGS(sql_text(case_id), sql_text(head->words.name),
                               sql_text(head->words.description), sql_text(head->language),
                               sql_text(head->publisher), sql_text(head->licence),
                               sql_int(head->active), sql_int(coach->now_ms)),
                      id);
}

enum err frameworks_put_domain(struct coach *coach, int64_t framework_id, struct str scope,
                               const struct framework_domain *domain, int64_t position, int64_t *id)
{
    char uuid[FRAMEWORK_UUID_SIZE];
    struct str case_id =
        identifier(domain->case_id, scope, "domain", domain->words.name, position, uuid);
    return sql_number(coach, SQL_DOMAIN_ADD,
                      SQL_ARGS(sql_int(framework_id), sql_text(case_id), sql_int(position),
                               sql_text(domain->words.name), sql_text(domain->words.description)),
                      id);
}

enum err frameworks_put_skill(struct coach *coach, int64_t framework_id, struct str scope,
                              const struct framework_skill *skill, int64_t position, int64_t *id)
{
    char uuid[FRAMEWORK_UUID_SIZE];
    struct str case_id = identifier(skill->case_id, scope, "skill", skill->code, 0, uuid);
    enum err err =
        sql_number(coach, SQL_SKILL_ADD,
                   SQL_ARGS(sql_int(framework_id), sql_int(skill->domain_id), sql_text(case_id),
                            sql_text(skill->code), sql_int(position), sql_text(skill->words.name),
                            sql_text(skill->words.description), sql_int(skill->n_levels),
                            sql_int(skill->active)),
                   id);
    return err ? err : frameworks_put_levels(coach, *id, skill);
}

enum err frameworks_put_levels(struct coach *coach, int64_t skill_id,
                               const struct framework_skill *skill)
{
    enum err err =
        sql_run(coach, SQL_LEVEL_CUT, SQL_ARGS(sql_int(skill_id), sql_int(skill->n_levels)), NULL);
    for (int32_t k = 0; skill->levels && k < skill->n_levels && !err; k++) {
        const struct framework_level *level = &skill->levels[k];
        err = sql_run(coach, SQL_LEVEL_SAVE,
                      SQL_ARGS(sql_int(skill_id), sql_int(level->level),
                               sql_text(level->words.name), sql_text(level->words.description)),
                      NULL);
    }
    return err;
}

enum err frameworks_put_task(struct coach *coach, int64_t skill_id, struct str scope,
                             struct str code, const struct framework_task *task, int64_t position,
                             int64_t *id)
{
    char uuid[FRAMEWORK_UUID_SIZE], key[FRAMEWORK_MAX_CODE + 1];
    struct str own = task->case_id;
    if (own.n == 0) { /* from the skill's code and the task's words */
        snprintf(key, sizeof key, "%.*s", (int)code.n, code.p);
        framework_build_uuid(scope, key, task->words.name, 0, uuid);
        own = (struct str){uuid, FRAMEWORK_UUID_SIZE - 1};
    }
    return sql_number(coach, SQL_TASK_ADD,
                      SQL_ARGS(sql_int(skill_id), sql_text(own), sql_int(position),
                               sql_text(task->words.name),
                               task->has_difficulty ? sql_double(task->difficulty) : sql_null(),
                               sql_int(task->active)),
                      id);
}

static enum err forget_words(struct coach *coach, int64_t framework_id, const char *kind,
                             int64_t object)
{
    return sql_run(coach, SQL_FRAMEWORK_TEXT_FORGET,
                   SQL_ARGS(sql_int(framework_id), sql_word(kind), sql_int(object)), NULL);
}

enum err frameworks_drop_skill(struct coach *coach, int64_t framework_id, int64_t skill_id)
{
    enum err err = sql_run(coach, SQL_SKILL_FORGET_TASK_WORDS,
                           SQL_ARGS(sql_int(framework_id), sql_int(skill_id)), NULL);
    err = err ? err : sql_run(coach, SQL_SKILL_DELETE_TASKS, SQL_ARGS(sql_int(skill_id)), NULL);
    err = err ? err : forget_words(coach, framework_id, "skill", skill_id);
    err = err ? err : forget_words(coach, framework_id, "level", skill_id);
    return err ? err : frameworks_change(coach, SQL_SKILL_DELETE, SQL_ARGS(sql_int(skill_id)));
}

enum err frameworks_drop_task(struct coach *coach, int64_t framework_id, int64_t task_id)
{
    enum err err = forget_words(coach, framework_id, "task", task_id);
    return err ? err : frameworks_change(coach, SQL_TASK_DELETE, SQL_ARGS(sql_int(task_id)));
}
