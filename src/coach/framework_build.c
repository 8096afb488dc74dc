/* A framework in the making; see framework_build.h. */
#include "coach/framework_build.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <sodium/crypto_generichash.h>
#include <stdio.h>

#define MAX_LEVELS ((size_t)FRAMEWORK_MAX_SKILLS * FRAMEWORK_MAX_LEVELS)
#define MAX_TASKS ((size_t)FRAMEWORK_MAX_SKILLS * FRAMEWORK_MAX_TASKS)
#define CODE_TRIES 1000
#define NUMBER_ROOM 5 /* of a number behind a code: "-1000" */

static const struct str empty = {"", 0};
static const struct framework_words no_words = {{"", 0}, {"", 0}};

enum err framework_build_init(struct framework_build *build, struct arena *arena,
                              struct arena *work)
{
    *build = (struct framework_build){.arena = arena, .work = work};
    build->framework = arena_alloc(arena, 1, sizeof *build->framework);
    build->codes = intern_new(work, FRAMEWORK_MAX_SKILLS);
    build->ids = intern_new(work, INTERN_MAX);
    if (!build->framework || !build->codes || !build->ids) {
        return ERR_NOMEM;
    }
    *build->framework = (struct framework){.case_id = empty,
                                           .words = no_words,
                                           .language = {"en", 2},
                                           .publisher = empty,
                                           .licence = empty,
                                           .active = true};
    list_init(&build->domains, arena, sizeof(struct framework_domain), FRAMEWORK_MAX_DOMAINS);
    list_init(&build->skills, work, sizeof(struct framework_build_skill), FRAMEWORK_MAX_SKILLS);
    list_init(&build->levels, work, sizeof(struct framework_build_level), MAX_LEVELS);
    list_init(&build->tasks, work, sizeof(struct framework_build_task), MAX_TASKS);
    return ERR_OK;
}

struct framework_domain *framework_build_domain_at(struct framework_build *build, int32_t domain)
{
    return (struct framework_domain *)build->domains.items + domain;
}

static struct framework_build_skill *build_skill_at(struct framework_build *build, int32_t skill)
{
    return (struct framework_build_skill *)build->skills.items + skill;
}

struct framework_skill *framework_build_skill_at(struct framework_build *build, int32_t skill)
{
    return &build_skill_at(build, skill)->skill;
}

enum err framework_build_domain(struct framework_build *build, int32_t *domain)
{
    struct framework_domain *item = list_push(&build->domains);
    if (!item) {
        return build->domains.err;
    }
    *item = (struct framework_domain){.case_id = empty, .words = no_words};
    *domain = (int32_t)build->domains.n - 1;
    return ERR_OK;
}

enum err framework_build_skill(struct framework_build *build, int32_t domain, int32_t *skill)
{
    struct framework_build_skill *item = list_push(&build->skills);
    if (!item) {
        return build->skills.err;
    }
    item->skill = (struct framework_skill){
        .case_id = empty, .code = empty, .words = no_words, .active = true};
    item->domain = domain;
    framework_build_domain_at(build, domain)->n_skills++;
    *skill = (int32_t)build->skills.n - 1;
    return ERR_OK;
}

enum err framework_build_level(struct framework_build *build, int32_t skill,
                               struct framework_level **level)
{
    struct framework_build_skill *owner = build_skill_at(build, skill);
    if (owner->n_levels_added >= FRAMEWORK_MAX_LEVELS) {
        return ERR_LIMIT;
    }
    struct framework_build_level *item = list_push(&build->levels);
    if (!item) {
        return build->levels.err;
    }
    *item = (struct framework_build_level){
        .level = {.level = ++owner->n_levels_added, .words = no_words}, .skill = skill};
    *level = &item->level;
    return ERR_OK;
}

enum err framework_build_task(struct framework_build *build, int32_t skill,
                              struct framework_task **task)
{
    struct framework_build_skill *owner = build_skill_at(build, skill);
    if (owner->n_tasks_added >= FRAMEWORK_MAX_TASKS) {
        return ERR_LIMIT;
    }
    struct framework_build_task *item = list_push(&build->tasks);
    if (!item) {
        return build->tasks.err;
    }
    owner->n_tasks_added++;
    *item = (struct framework_build_task){
        .task = {.case_id = empty, .words = no_words, .active = true}, .skill = skill};
    *task = &item->task;
    return ERR_OK;
}

enum err framework_build_code(struct framework_build *build, int32_t skill, struct str code,
                              struct str name, bool any)
{
    int32_t k;
    bool fresh = false;
    enum err err = code.n > 0 ? ERR_OK : framework_build_slug(build->arena, name, &code);
    if (err) {
        return err;
    }
    if (code.n > FRAMEWORK_MAX_CODE) {
        return ERR_RANGE;
    }
    char text[FRAMEWORK_MAX_CODE + 16];
    struct str first = code;
    size_t most = FRAMEWORK_MAX_CODE - NUMBER_ROOM;
    while (first.n > most && most > 0 && ((unsigned char)first.p[most] & 0xC0) == 0x80) {
        most--; /* not inside of a character */
    }
    for (int i = 1; i <= CODE_TRIES && !fresh; i++) {
        if (i > 1) {
            int n = snprintf(text, sizeof text, "%.*s-%d", (int)(first.n < most ? first.n : most),
                             first.p, i);
            code = (struct str){text, (size_t)n};
        }
        err = intern_add(build->codes, code, &k, &fresh);
        if (err) {
            return err;
        }
        if (!fresh && !any) {
            return ERR_CONFLICT;
        }
        code = intern_text(build->codes, k);
    }
    if (!fresh) {
        return ERR_CONFLICT;
    }
    const char *copy = arena_text(build->arena, code.p, code.n);
    if (!copy) {
        return ERR_NOMEM;
    }
    framework_build_skill_at(build, skill)->code = (struct str){copy, code.n};
    return ERR_OK;
}

enum err framework_build_identify(struct framework_build *build, struct str case_id)
{
    int32_t k;
    bool fresh = true;
    enum err err = case_id.n > 0 ? intern_add(build->ids, case_id, &k, &fresh) : ERR_OK;
    return err || fresh ? err : ERR_CONFLICT;
}

/* Gives each skill its place in the tree and room for its levels and tasks. */
static enum err build_place(struct framework_build *build, struct framework_skill **places)
{
    struct framework *tree = build->framework;
    struct framework_skill *all =
        arena_alloc(build->arena, build->skills.n, sizeof(struct framework_skill));
    if (!all) {
        return ERR_NOMEM;
    }
    for (int32_t d = 0, at = 0; d < tree->n_domains; d++) {
        tree->domains[d].skills = all + at;
        at += tree->domains[d].n_skills;
        tree->domains[d].n_skills = 0;
    }
    for (size_t k = 0; k < build->skills.n; k++) {
        struct framework_build_skill *item = build_skill_at(build, (int32_t)k);
        struct framework_domain *domain = &tree->domains[item->domain];
        struct framework_skill *skill = &domain->skills[domain->n_skills++];
        *skill = item->skill;
        if (item->n_levels_added > 0) {
            skill->n_levels = item->n_levels_added;
            skill->levels =
                arena_alloc(build->arena, (size_t)skill->n_levels, sizeof *skill->levels);
        } else if (skill->n_levels == 0) {
            skill->n_levels = FRAMEWORK_DEFAULT_LEVELS;
        }
        skill->tasks = arena_alloc(build->arena, (size_t)item->n_tasks_added, sizeof *skill->tasks);
        if ((item->n_levels_added > 0 && !skill->levels) || !skill->tasks) {
            return ERR_NOMEM;
        }
        places[k] = skill;
    }
    return ERR_OK;
}

enum err framework_build_end(struct framework_build *build, int32_t *skill)
{
    struct framework *tree = build->framework;
    struct framework_skill **places = arena_alloc(build->work, build->skills.n, sizeof *places);
    if (!places) {
        return ERR_NOMEM;
    }
    tree->domains = build->domains.items;
    tree->n_domains = (int32_t)build->domains.n;
    tree->n_skills = (int32_t)build->skills.n;
    enum err err = build_place(build, places);
    if (err) {
        return err;
    }
    const struct framework_build_level *levels = build->levels.items;
    for (size_t k = 0; k < build->levels.n; k++) {
        struct framework_skill *owner = places[levels[k].skill];
        int32_t at = levels[k].level.level - 1;
        if (at < 0 || at >= owner->n_levels || owner->levels[at].level != 0) {
            *skill = levels[k].skill;
            return ERR_CONFLICT;
        }
        owner->levels[at] = levels[k].level;
    }
    for (size_t k = 0; k < build->skills.n; k++) {
        if (places[k]->n_levels < 2) {
            *skill = (int32_t)k;
            return ERR_CONFLICT;
        }
    }
    const struct framework_build_task *tasks = build->tasks.items;
    for (size_t k = 0; k < build->tasks.n; k++) {
        struct framework_skill *owner = places[tasks[k].skill];
        owner->tasks[owner->n_tasks++] = tasks[k].task;
    }
    return ERR_OK;
}

enum err framework_build_clean(struct arena *arena, struct str text, size_t max, bool lines,
                               struct str *clean)
{
    size_t bad;
    text = utf8_trim(text);
    if (text.n > 4 * max) {
        return ERR_LIMIT;
    }
    if (!utf8_is_valid(text, &bad)) {
        return ERR_INVALID;
    }
    char *copy = arena_alloc(arena, text.n + 1, 1);
    if (!copy) {
        return ERR_NOMEM;
    }
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n') {
            continue;
        }
        if (lines && (c == '\n' || c == '\r')) {
            while (n > 0 && copy[n - 1] == ' ') {
                n--;
            }
            copy[n++] = '\n';
        } else if (c < 0x20 || c == 0x7F || c == ' ') {
            if (n > 0 && copy[n - 1] != ' ' && copy[n - 1] != '\n') {
                copy[n++] = ' ';
            }
        } else {
            copy[n++] = (char)c;
        }
    }
    struct str trimmed = utf8_trim((struct str){copy, n});
    if (trimmed.n > max) {
        return ERR_LIMIT;
    }
    copy[(size_t)(trimmed.p - copy) + trimmed.n] = '\0';
    *clean = trimmed;
    return ERR_OK;
}

enum err framework_build_slug(struct arena *arena, struct str name, struct str *slug)
{
    char folded[UTF8_MAX_FORM];
    struct str form;
    struct buf buf;
    bool gap = false;
    size_t n = 0;
    name = utf8_take(name, FRAMEWORK_MAX_CODE);
    enum err err = utf8_fold(name, folded, &form);
    if (err) {
        return err;
    }
    buf_init(&buf, arena, UTF8_MAX_FORM);
    while (form.n > 0) {
        int32_t code;
        size_t step = utf8_next(form, &code);
        char c = form.p[0];
        bool blank = code == 0xA0 || code == 0xFEFF || code == 0x3000 ||
                     (code >= 0x2000 && code <= 0x206F); /* spaces and marks */
        bool letter = (step > 1 && !blank) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                      (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
        if (step == 0 || n + step + 1 > FRAMEWORK_MAX_CODE) {
            break;
        }
        if (letter) {
            buf_add_text(&buf, gap && n > 0 ? "-" : "");
            n += (gap && n > 0 ? 1 : 0) + step;
            char lower = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
            buf_add(&buf, step > 1 ? (struct str){form.p, step} : (struct str){&lower, 1});
            gap = false;
        } else {
            gap = c != '\''; /* "what's" stays one word */
        }
        form.p += step;
        form.n -= step;
    }
    if (n == 0) {
        buf_add_text(&buf, "skill");
    }
    return buf_end(&buf, slug);
}

static void hash_text(struct crypto_generichash_blake2b_state *state, struct str text)
{
    unsigned char length[4] = {(unsigned char)(text.n >> 24), (unsigned char)(text.n >> 16),
                               (unsigned char)(text.n >> 8), (unsigned char)text.n};
    crypto_generichash_update(state, length, sizeof length);
    crypto_generichash_update(state, (const unsigned char *)text.p, text.n);
}

void framework_build_uuid(struct str scope, const char *kind, struct str key, int32_t number,
                          char uuid[FRAMEWORK_UUID_SIZE])
{
    unsigned char h[16];
    char digits[16];
    struct crypto_generichash_blake2b_state state;
    snprintf(digits, sizeof digits, "%d", (int)number);
    crypto_generichash_init(&state, NULL, 0, sizeof h);
    hash_text(&state, scope);
    hash_text(&state, str_of(kind));
    hash_text(&state, key);
    hash_text(&state, str_of(digits));
    crypto_generichash_final(&state, h, sizeof h);
    h[6] = (unsigned char)((h[6] & 0x0F) | 0x80);
    h[8] = (unsigned char)((h[8] & 0x3F) | 0x80);
    snprintf(uuid, FRAMEWORK_UUID_SIZE,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", h[0], h[1],
             h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14],
             h[15]);
}

double framework_build_difficulty(double value)
{
    double scaled = value * 1e6 + (value < 0 ? -0.5 : 0.5);
    return (double)(int64_t)scaled / 1e6;
}

bool framework_build_is_uuid(struct str text)
{
    if (text.n != FRAMEWORK_UUID_SIZE - 1) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !hex) {
            return false;
        }
    }
    return true;
}
