/* Bringing a framework's tree into the database, as a new one or over one that is there; see
 * frameworks.h.  Everything is compared first, so that the same tree twice writes nothing. */
#include "base/arena.h"
#include "coach/audit.h"
#include "coach/frameworks_store.h"

struct bringing {
    struct coach *coach;
    const struct framework *tree;
    struct framework *old; /* as it is in the database; NULL: a new framework */
    struct str scope;      /* its case_id */
    int64_t id;
    struct frameworks_summary *summary;
    bool *domain_kept, **skill_kept; /* of old: matched by something of the tree */
};

static bool same_text(struct str a, struct str b)
{
    return str_equal(a, b);
}

static bool same_words(struct framework_words a, struct framework_words b)
{
    return same_text(a.name, b.name) && same_text(a.description, b.description);
}

/* ---- words in further languages ---- */

/* Saves the words of one thing in the tree's languages where they differ from what is stored. */
static enum err bring_words(struct bringing *b, const char *kind, int64_t object, int32_t level,
                            const struct framework_words *others,
                            const struct framework_words *old_others, bool *changed)
{
    static const struct framework_words none = {{"", 0}, {"", 0}};
    for (int32_t k = 0; others && k < b->tree->n_languages; k++) {
        struct framework_words before = none;
        for (int32_t j = 0; old_others && j < b->old->n_languages; j++) {
            if (same_text(b->old->languages[j], b->tree->languages[k])) {
                before = old_others[j];
            }
        }
        if (same_words(before, others[k])) {
            continue;
        }
        *changed = true;
        bool empty = same_words(others[k], none);
        enum err err =
            empty ? sql_run(b->coach, SQL_FRAMEWORK_TEXT_DROP,
                            SQL_ARGS(sql_int(b->id), sql_text(b->tree->languages[k]),
                                     sql_word(kind), sql_int(object), sql_int(level)),
                            NULL)
                  : sql_run(b->coach, SQL_FRAMEWORK_TEXT_SAVE,
                            SQL_ARGS(sql_int(b->id), sql_text(b->tree->languages[k]),
                                     sql_word(kind), sql_int(object), sql_int(level),
                                     sql_text(others[k].name), sql_text(others[k].description)),
                            NULL);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

/* ---- matching ---- */

static bool same_identity(struct str a, struct str b)
{
    return a.n > 0 && same_text(a, b);
}

static struct framework_domain *match_domain(struct bringing *b,
                                             const struct framework_domain *domain)
{
    for (int pass = 0; b->old && pass < 2; pass++) {
        for (int32_t d = 0; d < b->old->n_domains; d++) {
            struct framework_domain *old = &b->old->domains[d];
            bool same = pass == 0 ? same_identity(old->case_id, domain->case_id)
                                  : domain->case_id.n == 0 &&
                                        same_text(old->words.name, domain->words.name);
            if (same && !b->domain_kept[d]) {
                b->domain_kept[d] = true;
                return old;
            }
        }
    }
    return NULL;
}

static struct framework_skill *match_skill(struct bringing *b, const struct framework_skill *skill)
{
    for (int pass = 0; b->old && pass < 2; pass++) {
        for (int32_t d = 0; d < b->old->n_domains; d++) {
            for (int32_t s = 0; s < b->old->domains[d].n_skills; s++) {
                struct framework_skill *old = &b->old->domains[d].skills[s];
                bool same = pass == 0 ? same_identity(old->case_id, skill->case_id)
                                      : same_text(old->code, skill->code);
                if (same && !b->skill_kept[d][s]) {
                    b->skill_kept[d][s] = true;
                    return old;
                }
            }
        }
    }
    return NULL;
}

static struct framework_task *match_task(struct framework_skill *old, bool *kept,
                                         const struct framework_task *task)
{
    for (int pass = 0; old && pass < 2; pass++) {
        for (int32_t k = 0; k < old->n_tasks; k++) {
            bool same = pass == 0 ? same_identity(old->tasks[k].case_id, task->case_id)
                                  : same_text(old->tasks[k].words.name, task->words.name);
            if (same && !kept[k]) {
                kept[k] = true;
                return &old->tasks[k];
            }
        }
    }
    return NULL;
}

/* ---- tasks ---- */

static enum err change_task(struct bringing *b, struct framework_task *old,
                            const struct framework_task *task, int64_t position, bool *changed)
{
    int64_t moved = 0;
    bool same = same_text(old->words.name, task->words.name) && old->active == task->active &&
                old->has_difficulty == task->has_difficulty &&
                (!old->has_difficulty || old->difficulty == task->difficulty);
    enum err err = ERR_OK;
    if (!same) {
        err = frameworks_change(
            b->coach, SQL_TASK_EDIT,
            SQL_ARGS(sql_int(old->id), sql_text(task->words.name),
                     task->has_difficulty ? sql_double(task->difficulty) : sql_null(),
                     sql_int(task->active)));
    }
    err = err ? err
              : sql_run(b->coach, SQL_TASK_PLACE, SQL_ARGS(sql_int(old->id), sql_int(position)),
                        &moved);
    *changed = !same || moved > 0;
    return err;
}

static enum err leave_task(struct bringing *b, const struct framework_task *old)
{
    bool used = false;
    enum err err = frameworks_ask(b->coach, SQL_TASK_IS_USED, old->id, &used);
    if (err || (used && !old->active)) {
        return err;
    }
    b->summary->retired += used;
    b->summary->deleted += !used;
    return used ? frameworks_change(b->coach, SQL_TASK_SET_ACTIVE,
                                    SQL_ARGS(sql_int(old->id), sql_int(0)))
                : frameworks_drop_task(b->coach, b->id, old->id);
}

static enum err bring_tasks(struct bringing *b, const struct framework_skill *skill,
                            struct framework_skill *old, int64_t skill_id)
{
    size_t n_old = old ? (size_t)old->n_tasks : 0;
    bool *kept = arena_alloc(b->coach->arena, n_old, sizeof *kept);
    enum err err = kept ? ERR_OK : ERR_NOMEM;
    for (int32_t k = 0; k < skill->n_tasks && !err; k++) {
        const struct framework_task *task = &skill->tasks[k];
        struct framework_task *before = match_task(old, kept, task);
        int64_t id = before ? before->id : 0;
        bool changed = false;
        if (before) {
            err = change_task(b, before, task, k + 1, &changed);
        } else {
            err = frameworks_put_task(b->coach, skill_id, b->scope, skill->code, task, k + 1, &id);
            b->summary->added++;
        }
        err = err ? err
                  : bring_words(b, "task", id, 0, task->others, before ? before->others : NULL,
                                &changed);
        b->summary->changed += before && changed;
    }
    for (size_t k = 0; k < n_old && !err; k++) {
        err = kept[k] ? ERR_OK : leave_task(b, &old->tasks[k]);
    }
    return err;
}

/* ---- skills ---- */

static bool same_levels(const struct framework_skill *a, const struct framework_skill *b)
{
    bool same = a->n_levels == b->n_levels && (a->levels || !b->levels);
    for (int32_t k = 0; same && b->levels && k < b->n_levels; k++) {
        same = same_words(a->levels[k].words, b->levels[k].words);
    }
    return same;
}

/* Another number of levels would make what was rated mean something else. */
static enum err check_levels(struct bringing *b, const struct framework_skill *old,
                             const struct framework_skill *skill)
{
    bool rated = false;
    if (old->n_levels == skill->n_levels) {
        return ERR_OK;
    }
    enum err err = frameworks_ask(b->coach, SQL_SKILL_HAS_EVIDENCE, old->id, &rated);
    if (!err && rated) {
        b->summary->clash = skill->code;
        return ERR_CONFLICT;
    }
    return err;
}

static enum err change_skill(struct bringing *b, struct framework_skill *old,
                             const struct framework_skill *skill, int64_t position, bool *changed)
{
    int64_t moved = 0;
    bool levels = same_levels(old, skill);
    bool same = same_words(old->words, skill->words) && same_text(old->code, skill->code) &&
                old->active == skill->active && old->domain_id == skill->domain_id &&
                old->n_levels == skill->n_levels;
    enum err err = check_levels(b, old, skill);
    if (!err && !same) {
        err = frameworks_change(b->coach, SQL_SKILL_EDIT,
                                SQL_ARGS(sql_int(old->id), sql_int(skill->domain_id),
                                         sql_text(skill->code), sql_text(skill->words.name),
                                         sql_text(skill->words.description),
                                         sql_int(skill->n_levels), sql_int(skill->active)));
    }
    if (!err && !levels) {
        err = frameworks_put_levels(b->coach, old->id, skill);
    }
    err = err ? err
              : sql_run(b->coach, SQL_SKILL_PLACE, SQL_ARGS(sql_int(old->id), sql_int(position)),
                        &moved);
    *changed = !same || !levels || moved > 0;
    return err;
}

static enum err bring_skill(struct bringing *b, const struct framework_skill *from,
                            int64_t domain_id, int64_t position)
{
    struct framework_skill skill = *from, *old = match_skill(b, from);
    int64_t id = old ? old->id : 0;
    bool changed = false;
    enum err err;
    skill.domain_id = domain_id;
    if (old) {
        err = change_skill(b, old, &skill, position, &changed);
    } else {
        err = frameworks_put_skill(b->coach, b->id, b->scope, &skill, position, &id);
        b->summary->added++;
    }
    err = err ? err
              : bring_words(b, "skill", id, 0, skill.others, old ? old->others : NULL, &changed);
    for (int32_t k = 0; skill.levels && k < skill.n_levels && !err; k++) {
        const struct framework_words *before =
            old && old->levels && k < old->n_levels ? old->levels[k].others : NULL;
        err = bring_words(b, "level", id, k + 1, skill.levels[k].others, before, &changed);
    }
    b->summary->changed += old && changed;
    return err ? err : bring_tasks(b, &skill, old, id);
}

static enum err leave_skill(struct bringing *b, const struct framework_skill *old)
{
    bool used = false;
    enum err err = frameworks_ask(b->coach, SQL_SKILL_IS_USED, old->id, &used);
    if (err || (used && !old->active)) {
        return err;
    }
    b->summary->retired += used;
    b->summary->deleted += !used;
    return used ? frameworks_change(b->coach, SQL_SKILL_SET_ACTIVE,
                                    SQL_ARGS(sql_int(old->id), sql_int(0)))
                : frameworks_drop_skill(b->coach, b->id, old->id);
}

/* ---- domains ---- */

static enum err bring_domain(struct bringing *b, const struct framework_domain *domain,
                             int64_t position)
{
    struct framework_domain *old = match_domain(b, domain);
    int64_t id = old ? old->id : 0, moved = 0;
    bool changed = false;
    enum err err = ERR_OK;
    if (!old) {
        err = frameworks_put_domain(b->coach, b->id, b->scope, domain, position, &id);
        b->summary->added++;
    } else {
        changed = !same_words(old->words, domain->words);
        err = !changed ? ERR_OK
                       : frameworks_change(b->coach, SQL_DOMAIN_EDIT,
                                           SQL_ARGS(sql_int(id), sql_text(domain->words.name),
                                                    sql_text(domain->words.description)));
        err = err ? err
                  : sql_run(b->coach, SQL_DOMAIN_PLACE, SQL_ARGS(sql_int(id), sql_int(position)),
                            &moved);
        changed = changed || moved > 0;
    }
    err = err ? err
              : bring_words(b, "domain", id, 0, domain->others, old ? old->others : NULL, &changed);
    b->summary->changed += old && changed;
    for (int32_t s = 0; s < domain->n_skills && !err; s++) {
        err = bring_skill(b, &domain->skills[s], id, s + 1);
    }
    return err;
}

/* What the tree does not have any more: skills first, then domains that are empty now. */
static enum err bring_rest(struct bringing *b)
{
    enum err err = ERR_OK;
    int64_t position = b->tree->n_domains;
    for (int32_t d = 0; b->old && d < b->old->n_domains && !err; d++) {
        struct framework_domain *domain = &b->old->domains[d];
        for (int32_t s = 0; s < domain->n_skills && !err; s++) {
            err = b->skill_kept[d][s] ? ERR_OK : leave_skill(b, &domain->skills[s]);
        }
    }
    for (int32_t d = 0; b->old && d < b->old->n_domains && !err; d++) {
        int64_t id = b->old->domains[d].id, n = 0;
        if (b->domain_kept[d]) {
            continue;
        }
        err = sql_number(b->coach, SQL_DOMAIN_HAS_SKILLS, SQL_ARGS(sql_int(id)), &n);
        if (!err && n > 0) {
            err = sql_run(b->coach, SQL_DOMAIN_PLACE, SQL_ARGS(sql_int(id), sql_int(++position)),
                          NULL);
        } else if (!err) {
            err = sql_run(b->coach, SQL_FRAMEWORK_TEXT_FORGET,
                          SQL_ARGS(sql_int(b->id), sql_word("domain"), sql_int(id)), NULL);
            err = err ? err : frameworks_change(b->coach, SQL_DOMAIN_DELETE, SQL_ARGS(sql_int(id)));
            b->summary->deleted++;
        }
    }
    return err;
}

/* Codes that change hands would collide on the way: those get a code of their own first. */
static enum err park_codes(struct bringing *b)
{
    enum err err = ERR_OK;
    for (int32_t d = 0; b->old && d < b->old->n_domains; d++) {
        for (int32_t s = 0; s < b->old->domains[d].n_skills && !err; s++) {
            struct framework_skill *old = &b->old->domains[d].skills[s];
            const struct framework_skill *same = framework_find_code(b->tree, old->code);
            bool other = same && same->case_id.n > 0 && old->case_id.n > 0 &&
                         !same_text(same->case_id, old->case_id);
            if (other) {
                err = sql_run(b->coach, SQL_SKILL_PARK_CODE, SQL_ARGS(sql_int(old->id)), NULL);
                old->code = str_of("~");
            }
        }
    }
    return err;
}

static enum err bring_head(struct bringing *b)
{
    const struct framework *tree = b->tree, *old = b->old;
    bool changed = false;
    enum err err = ERR_OK;
    if (!old) {
        err = frameworks_put_head(b->coach, tree, &b->id);
        b->summary->added++;
    } else if (tree->words.name.n > 0 &&
               !(same_words(old->words, tree->words) && same_text(old->language, tree->language) &&
                 same_text(old->publisher, tree->publisher) &&
                 same_text(old->licence, tree->licence) && old->active == tree->active)) {
        changed = true;
        err = frameworks_change(
            b->coach, SQL_FRAMEWORK_EDIT,
            SQL_ARGS(sql_int(b->id), sql_text(tree->words.name), sql_text(tree->words.description),
                     sql_text(tree->language), sql_text(tree->publisher), sql_text(tree->licence),
                     sql_int(tree->active), sql_int(b->coach->now_ms)));
    }
    err = err ? err
              : bring_words(b, "framework", b->id, 0, tree->others, old ? old->others : NULL,
                            &changed);
    b->summary->changed += changed;
    return err;
}

/* The framework that the tree is to go into: the one named, the one of its identifier, or none. */
static enum err find_target(struct bringing *b, int64_t into)
{
    b->id = into;
    if (into == 0 && b->tree->case_id.n > 0) {
        enum err err = sql_number(b->coach, SQL_FRAMEWORK_BY_CASE,
                                  SQL_ARGS(sql_text(b->tree->case_id)), &b->id);
        if (err && err != ERR_NOT_FOUND) {
            return err;
        }
    }
    if (b->id == 0) {
        return ERR_OK;
    }
    enum err err = frameworks_load(
        b->coach, b->id, (struct str){"", 0},
        FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS | FRAMEWORKS_RETIRED | FRAMEWORKS_OTHERS, &b->old);
    if (err) {
        return err;
    }
    b->domain_kept = arena_alloc(b->coach->arena, (size_t)b->old->n_domains, sizeof(bool));
    b->skill_kept = arena_alloc(b->coach->arena, (size_t)b->old->n_domains, sizeof(bool *));
    if (!b->domain_kept || !b->skill_kept) {
        return ERR_NOMEM;
    }
    for (int32_t d = 0; d < b->old->n_domains; d++) {
        b->skill_kept[d] =
            arena_alloc(b->coach->arena, (size_t)b->old->domains[d].n_skills, sizeof(bool));
        if (!b->skill_kept[d]) {
            return ERR_NOMEM;
        }
    }
    return ERR_OK;
}

static enum err bring_scope(struct bringing *b)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_first(b->coach, SQL_FRAMEWORK_HEAD, SQL_ARGS(sql_int(b->id)), &q);
    if (err) {
        return err;
    }
    b->scope = sql_copy(b->coach, q, 1, &failed);
    db_finish(q);
    return failed;
}

enum err frameworks_bring(struct coach *coach, const struct framework *tree, int64_t into,
                          struct frameworks_summary *summary)
{
    struct bringing b = {.coach = coach, .tree = tree, .summary = summary};
    *summary = (struct frameworks_summary){.clash = {"", 0}};
    enum err err =
        allowed(coach, into ? ALLOW_EDIT : ALLOW_ADD, allow_on(ALLOW_ON_FRAMEWORK, into));
    err = err ? err : find_target(&b, into);
    err = err ? err : bring_head(&b);
    err = err ? err : bring_scope(&b);
    err = err ? err : park_codes(&b);
    for (int32_t d = 0; d < tree->n_domains && !err; d++) {
        err = bring_domain(&b, &tree->domains[d], d + 1);
    }
    err = err ? err : bring_rest(&b);
    summary->id = b.id;
    if (err || summary->added + summary->changed + summary->retired + summary->deleted == 0) {
        return err;
    }
    err =
        sql_run(coach, SQL_FRAMEWORK_TOUCH, SQL_ARGS(sql_int(b.id), sql_int(coach->now_ms)), NULL);
    return err ? err
               : audit_note(coach, b.old ? ALLOW_EDIT : ALLOW_ADD,
                            allow_on(ALLOW_ON_FRAMEWORK, b.id), "imported");
}
