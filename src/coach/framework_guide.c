/* Observation guides as frameworks; see framework_guide.h. */
#include "coach/framework_guide.h"

#include "base/arena.h"
#include "base/catalog.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "coach/framework_build.h"
#include "coach/framework_json.h"
#include "coach/roster_cell.h"
#include "coach/roster_problems.h"

#include <stdio.h>

#define PLACE_MAX 96

struct guide {
    struct framework_build build;
    struct roster_problems *problems;
    const char *file;
    uint64_t before; /* problems when reading began */
    bool full;
};

bool framework_guide_is(struct str json)
{
    static const char *const words[] = {"\"CFDocument\"", "\"actions\""};
    for (size_t i = 0; i < json.n; i++) {
        for (size_t w = 0; json.p[i] == '"' && w < 2; w++) {
            size_t n = strlen(words[w]);
            if (json.n - i >= n && memcmp(json.p + i, words[w], n) == 0) {
                return w == 1;
            }
        }
    }
    return false;
}

static enum err guide_text(struct guide *guide, const json_t *object, const char *place,
                           const char *key, size_t max, struct str *text)
{
    *text = (struct str){"", 0};
    enum err err = framework_build_clean(guide->build.arena, framework_json_text(object, key), max,
                                         false, text);
    if (err == ERR_LIMIT) {
        return framework_json_bad(guide->problems, guide->file, N_("shorten it"),
                                  N_("%s.%s is longer than %zu bytes"), place, key, max);
    }
    return err;
}

/* One rating that is a level: where it stands among the others. */
struct guide_level {
    const json_t *json;
    double place;
    int32_t index;
};

static int guide_order(const void *a, const void *b, void *ctx)
{
    const struct guide_level *x = a, *y = b;
    (void)ctx;
    return x->place != y->place ? (x->place < y->place ? -1 : 1) : x->index - y->index;
}

/* "No" 0 and "Yes" 1, numbers by themselves, other words from last to first. */
static double guide_place(struct str value, size_t index)
{
    static const char *const words[] = {"no", "yes", NULL};
    double number = -(double)index;
    int word = roster_cell_word(value, words);
    return word >= 0                                                  ? word
           : roster_cell_decimal(value, &number) == ROSTER_NUMBER_BAD ? -(double)index
                                                                      : number;
}

static enum err guide_levels(struct guide *guide, int32_t skill, const json_t *ratings,
                             const char *place)
{
    static const char *const unseen[] = {"not observed", "not applicable", "n/a", "", NULL};
    struct guide_level levels[FRAMEWORK_MAX_LEVELS];
    size_t n = 0;
    for (size_t k = 0; k < json_array_size(ratings); k++) {
        const json_t *rating = json_array_get(ratings, k);
        if (roster_cell_word(utf8_trim(framework_json_text(rating, "label")), unseen) >= 0) {
            continue;
        }
        if (n == FRAMEWORK_MAX_LEVELS) {
            n++;
            break;
        }
        levels[n++] = (struct guide_level){
            rating, guide_place(framework_json_text(rating, "value"), k), (int32_t)k};
    }
    if (n < 2 || n > FRAMEWORK_MAX_LEVELS) {
        return framework_json_bad(guide->problems, guide->file, "",
                                  N_("%s must have 2 to %d ratings with a label"), place,
                                  FRAMEWORK_MAX_LEVELS);
    }
    sort_items(levels, n, sizeof *levels, guide_order, NULL);
    for (size_t k = 0; k < n; k++) {
        struct framework_level *level;
        enum err err = framework_build_level(&guide->build, skill, &level);
        err = err ? err
                  : guide_text(guide, levels[k].json, place, "value", FRAMEWORK_MAX_NAME,
                               &level->words.name);
        err = err ? err
                  : guide_text(guide, levels[k].json, place, "label", FRAMEWORK_MAX_TEXT,
                               &level->words.description);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

static enum err guide_indicator(struct guide *guide, int32_t domain, const json_t *indicator,
                                struct str code, const char *place)
{
    int32_t at;
    enum err err = framework_build_skill(&guide->build, domain, &at);
    if (err == ERR_LIMIT) {
        guide->full = true;
        return framework_json_bad(guide->problems, guide->file, "",
                                  N_("there are more than %d indicators"), FRAMEWORK_MAX_SKILLS);
    }
    if (err) {
        return err;
    }
    struct framework_skill *skill = framework_build_skill_at(&guide->build, at);
    err = guide_text(guide, indicator, place, "statement", FRAMEWORK_MAX_NAME, &skill->words.name);
    if (!err && skill->words.name.n == 0) {
        err =
            framework_json_bad(guide->problems, guide->file, "", N_("%s has no statement"), place);
    }
    err = err ? err : framework_build_code(&guide->build, at, code, skill->words.name, true);
    return err ? err : guide_levels(guide, at, json_object_get(indicator, "ratings"), place);
}

static enum err guide_action(struct guide *guide, const json_t *action, size_t nth,
                             const char *place)
{
    char own[PLACE_MAX + 40], code[64];
    struct str group, statement, number;
    int32_t at;
    enum err err = framework_build_domain(&guide->build, &at);
    if (err == ERR_LIMIT) {
        guide->full = true;
        return framework_json_bad(guide->problems, guide->file, "",
                                  N_("there are more than %d actions"), FRAMEWORK_MAX_DOMAINS);
    }
    err = err ? err : guide_text(guide, action, place, "group", FRAMEWORK_MAX_NAME, &group);
    err = err ? err : guide_text(guide, action, place, "statement", FRAMEWORK_MAX_NAME, &statement);
    err = err ? err : guide_text(guide, action, place, "number", 8, &number);
    if (err) {
        return err;
    }
    framework_build_domain_at(&guide->build, at)->words =
        group.n ? (struct framework_words){group, statement}
                : (struct framework_words){statement, {"", 0}};
    const json_t *indicators = json_object_get(action, "indicators");
    for (size_t k = 0; k < json_array_size(indicators) && !err && !guide->full; k++) {
        snprintf(own, sizeof own, "%s.indicators[%zu]", place, k);
        if (number.n) {
            snprintf(code, sizeof code, "%s.%zu", number.p, k + 1);
        } else {
            snprintf(code, sizeof code, "%zu.%zu", nth + 1, k + 1);
        }
        err = guide_indicator(guide, at, json_array_get(indicators, k), str_of(code), own);
    }
    return err;
}

static enum err guide_read(struct guide *guide, const json_t *json, size_t nth)
{
    char place[PLACE_MAX];
    struct framework *f = guide->build.framework;
    const json_t *actions = json_object_get(json, "actions");
    int32_t skill = 0;
    snprintf(place, sizeof place, "[%zu]", nth);
    enum err err = guide_text(guide, json, place, "id", FRAMEWORK_MAX_NAME, &f->words.name);
    for (size_t k = 0; k < json_array_size(actions) && !err && !guide->full; k++) {
        snprintf(place, sizeof place, "[%zu].actions[%zu]", nth, k);
        err = guide_action(guide, json_array_get(actions, k), k, place);
    }
    if (!err && guide->build.skills.n == 0) {
        return framework_json_bad(guide->problems, guide->file, "",
                                  N_("[%zu] has no actions with indicators"), nth);
    }
    return err || guide->problems->total > guide->before
               ? err
               : framework_build_end(&guide->build, &skill);
}

enum err framework_guide_read(struct arena *arena, struct str json, const char *file,
                              struct roster_problems *problems, struct framework ***frameworks,
                              int32_t *n)
{
    struct arena *own = arena_child(arena), *work = arena_child(arena);
    json_t *all = NULL;
    uint64_t before = problems->total;
    enum err err = own && work ? ERR_OK : ERR_NOMEM;
    err = err ? err : framework_json_parse(json, file, problems, &all);
    size_t count = json_is_array(all) ? json_array_size(all) : 1;
    struct framework **trees = err ? NULL : arena_alloc(own, count, sizeof(struct framework *));
    if (!err && (count == 0 || count > FRAMEWORK_GUIDE_MAX)) {
        err = framework_json_bad(problems, file, "", N_("a file has 1 to %d guides"),
                                 FRAMEWORK_GUIDE_MAX);
    } else if (!err && !trees) {
        err = ERR_NOMEM;
    } else {
        for (size_t k = 0; k < count && !err; k++) {
            struct guide guide = {.problems = problems, .file = file, .before = before};
            err = framework_build_init(&guide.build, own, work);
            err = err ? err
                      : guide_read(&guide, json_is_array(all) ? json_array_get(all, k) : all, k);
            trees[k] = err ? NULL : guide.build.framework;
        }
    }
    json_decref(all);
    arena_free(work);
    err = !err && problems->total > before ? ERR_INVALID : err;
    if (err) {
        arena_free(own);
        return err;
    }
    *frameworks = trees;
    *n = (int32_t)count;
    return ERR_OK;
}
