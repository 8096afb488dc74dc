/* Editing frameworks; see frameworks.h. */
#include "base/arena.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/framework_build.h"
#include "coach/frameworks_store.h"

#include <stdio.h>
#include <string.h>

static enum err may(struct coach *coach, enum allow_verb verb, int64_t framework_id)
{
    return allowed(coach, verb, allow_on(ALLOW_ON_FRAMEWORK, framework_id));
}

/* Notes a change and stamps the framework with its time. */
static enum err note(struct coach *coach, enum allow_verb verb, int64_t framework_id,
                     const char *what)
{
    enum err err = sql_run(coach, SQL_FRAMEWORK_TOUCH,
                           SQL_ARGS(sql_int(framework_id), sql_int(coach->now_ms)), NULL);
    return err ? err : audit_note(coach, verb, allow_on(ALLOW_ON_FRAMEWORK, framework_id), what);
}

/* Cleans a text in place; complaint fields are the caller's. */
static void clean(struct complaints *complaints, const char *field, struct str *text, bool required,
                  bool lines, size_t max)
{
    if (text->n > max) { /* bytes: what the database and files take */
        complaint_add_int(complaints, field, N_("At most {n} characters."), "n", (int64_t)max);
        return;
    }
    (void)complaint_clean(complaints, field, *text, required, lines, max, text);
}

static void clean_words(struct complaints *complaints, struct framework_words *words)
{
    clean(complaints, "name", &words->name, true, false, FRAMEWORK_MAX_NAME);
    clean(complaints, "description", &words->description, false, true, FRAMEWORK_MAX_TEXT);
}

/* ---- the framework ---- */

static bool is_language(struct str text)
{
    bool good = text.n >= 2 && text.n <= 35;
    for (size_t i = 0; i < text.n && good; i++) {
        char c = text.p[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (i > 1 && (c == '-' || (c >= '0' && c <= '9')));
    }
    return good;
}

static enum err clean_head(struct complaints *complaints, struct framework *head)
{
    clean_words(complaints, &head->words);
    clean(complaints, "publisher", &head->publisher, false, false, FRAMEWORK_MAX_NAME);
    clean(complaints, "licence", &head->licence, false, false, FRAMEWORK_MAX_NAME);
    if (!is_language(head->language)) {
        complaint_add(complaints, "language", N_("Choose a language."));
    }
    return complaint_result(complaints);
}

enum err frameworks_create(struct coach *coach, const struct framework *head,
                           struct complaints *complaints, int64_t *id)
{
    struct framework own = *head;
    enum err err = may(coach, ALLOW_ADD, 0);
    err = err ? err : clean_head(complaints, &own);
    own.case_id = (struct str){"", 0};
    own.active = true;
    err = err ? err : frameworks_put_head(coach, &own, id);
    return err ? err : note(coach, ALLOW_ADD, *id, "");
}

enum err frameworks_edit(struct coach *coach, const struct framework *head,
                         struct complaints *complaints)
{
    struct framework own = *head;
    enum err err = may(coach, ALLOW_EDIT, head->id);
    err = err ? err : clean_head(complaints, &own);
    err = err ? err
              : frameworks_change(coach, SQL_FRAMEWORK_EDIT,
                                  SQL_ARGS(sql_int(own.id), sql_text(own.words.name),
                                           sql_text(own.words.description), sql_text(own.language),
                                           sql_text(own.publisher), sql_text(own.licence),
                                           sql_int(own.active), sql_int(coach->now_ms)));
    return err ? err : note(coach, ALLOW_EDIT, head->id, "");
}

/* ---- domains ---- */

static enum err scope_of(struct coach *coach, int64_t framework_id, struct str *scope)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_first(coach, SQL_FRAMEWORK_HEAD, SQL_ARGS(sql_int(framework_id)), &q);
    if (err) {
        return err;
    }
    *scope = sql_copy(coach, q, 1, &failed);
    db_finish(q);
    return failed;
}

/* Complains when there are `most` already. */
static enum err room_for(struct coach *coach, enum sql_id count, int64_t parent, int64_t most,
                         struct complaints *complaints)
{
    int64_t n = 0;
    enum err err = sql_number(coach, count, SQL_ARGS(sql_int(parent)), &n);
    if (!err && n >= most) {
        complaint_add_int(complaints, "", N_("There can be at most {n} of these."), "n", most);
    }
    return err;
}

enum err frameworks_add_domain(struct coach *coach, int64_t framework_id,
                               const struct framework_domain *domain, struct complaints *complaints,
                               int64_t *id)
{
    struct framework_domain own = *domain;
    struct str scope;
    int64_t position = 0;
    enum err err = may(coach, ALLOW_EDIT, framework_id);
    err = err ? err : scope_of(coach, framework_id, &scope);
    err = err ? err
              : room_for(coach, SQL_DOMAIN_COUNT, framework_id, FRAMEWORK_MAX_DOMAINS, complaints);
    if (err) {
        return err;
    }
    clean_words(complaints, &own.words);
    err = complaint_result(complaints);
    err =
        err ? err : sql_number(coach, SQL_DOMAIN_NEXT, SQL_ARGS(sql_int(framework_id)), &position);
    own.case_id = (struct str){"", 0};
    err = err ? err : frameworks_put_domain(coach, framework_id, scope, &own, position, id);
    return err ? err : note(coach, ALLOW_EDIT, framework_id, "domain");
}

enum err frameworks_edit_domain(struct coach *coach, const struct framework_domain *domain,
                                struct complaints *complaints)
{
    struct framework_domain own = *domain;
    int64_t framework_id = 0;
    enum err err =
        sql_number(coach, SQL_FRAMEWORK_OF_DOMAIN, SQL_ARGS(sql_int(domain->id)), &framework_id);
    err = err ? err : may(coach, ALLOW_EDIT, framework_id);
    if (err) {
        return err;
    }
    clean_words(complaints, &own.words);
    err = complaint_result(complaints);
    err = err ? err
              : frameworks_change(coach, SQL_DOMAIN_EDIT,
                                  SQL_ARGS(sql_int(own.id), sql_text(own.words.name),
                                           sql_text(own.words.description)));
    return err ? err : note(coach, ALLOW_EDIT, framework_id, "domain");
}

enum err frameworks_delete_domain(struct coach *coach, int64_t domain_id)
{
    int64_t framework_id = 0, n = 0;
    enum err err =
        sql_number(coach, SQL_FRAMEWORK_OF_DOMAIN, SQL_ARGS(sql_int(domain_id)), &framework_id);
    err = err ? err : may(coach, ALLOW_EDIT, framework_id);
    err = err ? err : sql_number(coach, SQL_DOMAIN_HAS_SKILLS, SQL_ARGS(sql_int(domain_id)), &n);
    if (err || n > 0) {
        return err ? err : ERR_CONFLICT;
    }
    err = sql_run(coach, SQL_FRAMEWORK_TEXT_FORGET,
                  SQL_ARGS(sql_int(framework_id), sql_word("domain"), sql_int(domain_id)), NULL);
    err = err ? err : frameworks_change(coach, SQL_DOMAIN_DELETE, SQL_ARGS(sql_int(domain_id)));
    return err ? err : note(coach, ALLOW_EDIT, framework_id, "domain");
}

/* ---- skills ---- */

struct skill_head {
    int64_t framework_id, domain_id;
    int32_t n_levels;
    bool active;
};

static enum err skill_head(struct coach *coach, int64_t id, struct skill_head *head)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_SKILL_HEAD, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *head = (struct skill_head){.framework_id = db_int(q, 0),
                                .domain_id = db_int(q, 1),
                                .n_levels = (int32_t)db_int(q, 2),
                                .active = db_int(q, 3) != 0};
    db_finish(q);
    return ERR_OK;
}

/* Cleans the texts of a skill and its levels (which are copied); looks whether the code is free. */
static enum err clean_skill(struct coach *coach, int64_t framework_id,
                            struct framework_skill *skill, struct complaints *complaints)
{
    int64_t taken = 0;
    clean_words(complaints, &skill->words);
    clean(complaints, "code", &skill->code, false, false, FRAMEWORK_MAX_CODE);
    if (skill->code.n == 0 && skill->words.name.n > 0) {
        enum err err = framework_build_slug(coach->arena, skill->words.name, &skill->code);
        if (err) {
            return err;
        }
    }
    if (skill->n_levels < 2 || skill->n_levels > FRAMEWORK_MAX_LEVELS) {
        complaint_add(complaints, "levels", N_("A skill has 2 to 12 levels."));
        return complaint_result(complaints);
    }
    if (skill->levels) {
        struct framework_level *levels =
            arena_alloc(coach->arena, (size_t)skill->n_levels, sizeof *levels);
        if (!levels) {
            return ERR_NOMEM;
        }
        for (int32_t k = 0; k < skill->n_levels; k++) {
            levels[k] = skill->levels[k];
            levels[k].level = k + 1;
            clean(complaints, "levels", &levels[k].words.name, false, false, FRAMEWORK_MAX_NAME);
            clean(complaints, "levels", &levels[k].words.description, false, true,
                  FRAMEWORK_MAX_TEXT);
        }
        skill->levels = levels;
    }
    enum err err = sql_number(
        coach, SQL_SKILL_CODE_TAKEN,
        SQL_ARGS(sql_int(framework_id), sql_text(skill->code), sql_int(skill->id)), &taken);
    if (!err && taken > 0) {
        complaint_add(complaints, "code", N_("Another skill of this framework has this code."));
    }
    return err ? err : complaint_result(complaints);
}

enum err frameworks_add_skill(struct coach *coach, const struct framework_skill *skill,
                              struct complaints *complaints, int64_t *id)
{
    struct framework_skill own = *skill;
    struct str scope;
    int64_t framework_id = 0, position = 0;
    enum err err = sql_number(coach, SQL_FRAMEWORK_OF_DOMAIN, SQL_ARGS(sql_int(skill->domain_id)),
                              &framework_id);
    err = err ? err : may(coach, ALLOW_EDIT, framework_id);
    err = err ? err : scope_of(coach, framework_id, &scope);
    err = err ? err
              : room_for(coach, SQL_SKILL_COUNT, framework_id, FRAMEWORK_MAX_SKILLS, complaints);
    own.id = 0;
    own.case_id = (struct str){"", 0};
    own.active = true;
    err = err ? err : clean_skill(coach, framework_id, &own, complaints);
    err =
        err ? err : sql_number(coach, SQL_SKILL_NEXT, SQL_ARGS(sql_int(own.domain_id)), &position);
    err = err ? err : frameworks_put_skill(coach, framework_id, scope, &own, position, id);
    return err ? err : note(coach, ALLOW_EDIT, framework_id, "skill");
}

enum err frameworks_edit_skill(struct coach *coach, const struct framework_skill *skill,
                               struct complaints *complaints)
{
    struct framework_skill own = *skill;
    struct skill_head before;
    int64_t other = 0;
    bool rated = false;
    enum err err = skill_head(coach, skill->id, &before);
    err = err ? err : may(coach, ALLOW_EDIT, before.framework_id);
    err = err ? err
              : sql_number(coach, SQL_FRAMEWORK_OF_DOMAIN, SQL_ARGS(sql_int(skill->domain_id)),
                           &other);
    err = err ? err : frameworks_ask(coach, SQL_SKILL_HAS_EVIDENCE, skill->id, &rated);
    if (err) {
        return err;
    }
    if (other != before.framework_id) {
        return ERR_NOT_FOUND;
    }
    if (rated && skill->n_levels != before.n_levels) {
        complaint_add(complaints, "levels",
                      N_("There is evidence on this skill, so the number of levels stays."));
    }
    err = clean_skill(coach, before.framework_id, &own, complaints);
    err = err ? err
              : frameworks_change(coach, SQL_SKILL_EDIT,
                                  SQL_ARGS(sql_int(own.id), sql_int(own.domain_id),
                                           sql_text(own.code), sql_text(own.words.name),
                                           sql_text(own.words.description), sql_int(own.n_levels),
                                           sql_int(before.active)));
    err = err ? err : frameworks_put_levels(coach, own.id, &own);
    return err ? err : note(coach, ALLOW_EDIT, before.framework_id, "skill");
}

enum err frameworks_retire_skill(struct coach *coach, int64_t skill_id, bool *retired)
{
    struct skill_head head;
    bool used = false;
    enum err err = skill_head(coach, skill_id, &head);
    err = err ? err : may(coach, ALLOW_EDIT, head.framework_id);
    err = err ? err : frameworks_ask(coach, SQL_SKILL_IS_USED, skill_id, &used);
    if (err) {
        return err;
    }
    err = used ? frameworks_change(coach, SQL_SKILL_SET_ACTIVE,
                                   SQL_ARGS(sql_int(skill_id), sql_int(0)))
               : frameworks_drop_skill(coach, head.framework_id, skill_id);
    *retired = used;
    return err ? err : note(coach, ALLOW_EDIT, head.framework_id, used ? "retired" : "deleted");
}

enum err frameworks_restore_skill(struct coach *coach, int64_t skill_id)
{
    struct skill_head head;
    enum err err = skill_head(coach, skill_id, &head);
    err = err ? err : may(coach, ALLOW_EDIT, head.framework_id);
    err = err ? err
              : frameworks_change(coach, SQL_SKILL_SET_ACTIVE,
                                  SQL_ARGS(sql_int(skill_id), sql_int(1)));
    return err ? err : note(coach, ALLOW_EDIT, head.framework_id, "restored");
}

/* ---- tasks ---- */

static enum err clean_task(struct complaints *complaints, struct framework_task *task)
{
    clean(complaints, "name", &task->words.name, true, false, FRAMEWORK_MAX_NAME);
    if (task->has_difficulty && !(task->difficulty >= -FRAMEWORK_MAX_DIFFICULTY &&
                                  task->difficulty <= FRAMEWORK_MAX_DIFFICULTY)) {
        complaint_add(complaints, "difficulty", N_("A difficulty is a number from -10 to 10."));
    }
    return complaint_result(complaints);
}

static enum err task_head(struct coach *coach, int64_t id, int64_t *framework_id)
{
    return sql_number(coach, SQL_FRAMEWORK_OF_TASK, SQL_ARGS(sql_int(id)), framework_id);
}

enum err frameworks_add_task(struct coach *coach, int64_t skill_id,
                             const struct framework_task *task, struct complaints *complaints,
                             int64_t *id)
{
    struct framework_task own = *task;
    struct skill_head head;
    struct str scope;
    char code[24];
    int64_t position = 0;
    enum err err = skill_head(coach, skill_id, &head);
    err = err ? err : may(coach, ALLOW_EDIT, head.framework_id);
    err = err ? err : scope_of(coach, head.framework_id, &scope);
    err = err ? err : room_for(coach, SQL_TASK_COUNT, skill_id, FRAMEWORK_MAX_TASKS, complaints);
    own.case_id = (struct str){"", 0};
    own.active = true;
    err = err ? err : clean_task(complaints, &own);
    err = err ? err : sql_number(coach, SQL_TASK_NEXT, SQL_ARGS(sql_int(skill_id)), &position);
    if (err) {
        return err;
    }
    snprintf(code, sizeof code, "skill %lld", (long long)skill_id);
    err = frameworks_put_task(coach, skill_id, scope, str_of(code), &own, position, id);
    return err ? err : note(coach, ALLOW_EDIT, head.framework_id, "task");
}

enum err frameworks_edit_task(struct coach *coach, const struct framework_task *task,
                              struct complaints *complaints)
{
    struct framework_task own = *task;
    int64_t framework_id = 0;
    enum err err = task_head(coach, task->id, &framework_id);
    err = err ? err : may(coach, ALLOW_EDIT, framework_id);
    err = err ? err : clean_task(complaints, &own);
    err = err ? err
              : frameworks_change(
                    coach, SQL_TASK_EDIT,
                    SQL_ARGS(sql_int(own.id), sql_text(own.words.name),
                             own.has_difficulty ? sql_double(own.difficulty) : sql_null(),
                             sql_int(own.active)));
    return err ? err : note(coach, ALLOW_EDIT, framework_id, "task");
}

enum err frameworks_retire_task(struct coach *coach, int64_t task_id, bool *retired)
{
    int64_t framework_id = 0;
    bool used = false;
    enum err err = task_head(coach, task_id, &framework_id);
    err = err ? err : may(coach, ALLOW_EDIT, framework_id);
    err = err ? err : frameworks_ask(coach, SQL_TASK_IS_USED, task_id, &used);
    if (err) {
        return err;
    }
    err =
        used ? frameworks_change(coach, SQL_TASK_SET_ACTIVE, SQL_ARGS(sql_int(task_id), sql_int(0)))
             : frameworks_drop_task(coach, framework_id, task_id);
    *retired = used;
    return err ? err : note(coach, ALLOW_EDIT, framework_id, "task");
}

/* ---- order ---- */

static const struct {
    enum sql_id framework, siblings, place;
} orders[FRAMEWORKS_KIND__MAX] = {
    [FRAMEWORKS_DOMAIN] = {SQL_FRAMEWORK_OF_DOMAIN, SQL_DOMAIN_SIBLINGS, SQL_DOMAIN_PLACE},
    [FRAMEWORKS_SKILL] = {SQL_FRAMEWORK_OF_SKILL, SQL_SKILL_SIBLINGS, SQL_SKILL_PLACE},
    [FRAMEWORKS_TASK] = {SQL_FRAMEWORK_OF_TASK, SQL_TASK_SIBLINGS, SQL_TASK_PLACE},
};

enum err frameworks_move(struct coach *coach, enum frameworks_kind kind, int64_t id, int by)
{
    int64_t framework_id = 0, *ids;
    struct list list;
    struct db_query *q;
    size_t at = 0;
    enum err err = sql_number(coach, orders[kind].framework, SQL_ARGS(sql_int(id)), &framework_id);
    err = err ? err : may(coach, ALLOW_EDIT, framework_id);
    err = err ? err : sql_rows(coach, orders[kind].siblings, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(int64_t), SIZE_MAX);
    while ((err = db_step(q)) == ERR_OK) {
        int64_t sibling = db_int(q, 0);
        at = sibling == id ? list.n : at;
        if (!list_add(&list, &sibling)) {
            err = list.err;
            break;
        }
    }
    db_finish(q);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    ids = list.items;
    if ((by < 0 && at == 0) || (by > 0 && at + 1 >= list.n) || by == 0) {
        return ERR_OK;
    }
    size_t to = by < 0 ? at - 1 : at + 1;
    ids[at] = ids[to];
    ids[to] = id;
    err = ERR_OK;
    for (size_t k = 0; k < list.n && !err; k++) {
        err = sql_run(coach, orders[kind].place, SQL_ARGS(sql_int(ids[k]), sql_int((int64_t)k + 1)),
                      NULL);
    }
    return err ? err : note(coach, ALLOW_EDIT, framework_id, "order");
}
