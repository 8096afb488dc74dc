/* Reading a CASE package; see framework_case.h. */
#include "coach/framework_case.h"

#include "base/arena.h"
#include "base/catalog.h"
#include "coach/framework_case_tree.h"
#include "coach/framework_case_words.h"
#include "coach/roster_problems.h"

#include <inttypes.h>

#define SHORT_NAME 120 /* bytes of a name made from a long statement */

/* A clean copy of a member; a problem and an empty text when it is too long. */
static enum err case_clean(struct case_in *in, const json_t *object, const char *place, int32_t at,
                           const char *key, size_t max, bool lines, struct str *text)
{
    *text = (struct str){"", 0};
    enum err err =
        framework_build_clean(in->build.arena, framework_json_text(object, key), max, lines, text);
    if (err == ERR_LIMIT) {
        return framework_json_bad(in->problems, in->file, N_("shorten it"),
                                  N_("%s[%d].%s is longer than %zu bytes"), place, (int)at, key,
                                  max);
    }
    return err;
}

/* Name and description of an item: the abbreviated statement and the full one, or the full one
 * alone, cut where it is too long for a name. */
static enum err case_words(struct case_in *in, const json_t *item, int32_t at,
                           struct framework_words *words)
{
    enum err err = case_clean(in, item, "CFItems", at, "abbreviatedStatement", FRAMEWORK_MAX_NAME,
                              false, &words->name);
    err = err ? err
              : case_clean(in, item, "CFItems", at, "fullStatement", FRAMEWORK_MAX_TEXT, true,
                           &words->description);
    if (err || words->name.n > 0) {
        if (str_equal(words->name, words->description)) {
            words->description = (struct str){"", 0};
        }
        return err;
    }
    struct str full = words->description;
    if (full.n <= FRAMEWORK_MAX_NAME && !memchr(full.p, '\n', full.n)) {
        *words = (struct framework_words){full, {"", 0}};
        return ERR_OK;
    }
    struct str name = utf8_take(full, SHORT_NAME);
    const char *line = memchr(name.p, '\n', name.n);
    name.n = line ? (size_t)(line - name.p) : name.n;
    for (size_t n = name.n; !line && n > SHORT_NAME / 2; n--) {
        if (name.p[n] == ' ') {
            name.n = n;
            break;
        }
    }
    words->name = (struct str){arena_text(in->build.arena, name.p, name.n), name.n};
    return words->name.p ? ERR_OK : ERR_NOMEM;
}

/* The words of the extensions, in the languages that the document names. */
static enum err case_others(struct case_in *in, const json_t *extensions,
                            struct framework_words **others)
{
    const struct framework *f = in->build.framework;
    const json_t *words = json_object_get(extensions, CASE_WORDS);
    if (f->n_languages == 0) {
        return ERR_OK;
    }
    *others = arena_alloc(in->build.arena, (size_t)f->n_languages, sizeof **others);
    if (!*others) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < f->n_languages; k++) {
        const json_t *own = json_object_get(words, f->languages[k].p);
        struct framework_words *w = &(*others)[k];
        *w = (struct framework_words){{"", 0}, {"", 0}};
        enum err err = framework_build_clean(in->build.arena, framework_json_text(own, "name"),
                                             FRAMEWORK_MAX_NAME, false, &w->name);
        err = err ? err
                  : framework_build_clean(in->build.arena, framework_json_text(own, "description"),
                                          FRAMEWORK_MAX_TEXT, true, &w->description);
        if (err == ERR_LIMIT) {
            return framework_json_bad(in->problems, in->file, N_("shorten it"),
                                      N_("a text in the language %.40s is too long"),
                                      f->languages[k].p);
        }
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

static enum err case_languages(struct case_in *in, const json_t *extensions)
{
    struct framework *f = in->build.framework;
    const json_t *list = json_object_get(extensions, CASE_LANGUAGES);
    size_t n = json_array_size(list);
    n = n < FRAMEWORK_MAX_LANGUAGES ? n : FRAMEWORK_MAX_LANGUAGES;
    f->languages = arena_alloc(in->build.arena, n, sizeof *f->languages);
    if (!f->languages) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < n; k++) {
        const char *text = json_string_value(json_array_get(list, k));
        enum err err = text ? framework_build_clean(in->build.arena, str_of(text), 35, false,
                                                    &f->languages[f->n_languages])
                            : ERR_INVALID;
        if (err == ERR_NOMEM) {
            return err;
        }
        f->n_languages += !err && f->languages[f->n_languages].n > 0;
    }
    return ERR_OK;
}

static enum err case_document(struct case_in *in)
{
    struct framework *f = in->build.framework;
    const json_t *document = json_object_get(in->json, "CFDocument");
    const json_t *extensions = json_object_get(document, "extensions");
    if (!json_is_object(document)) {
        return framework_json_bad(in->problems, in->file,
                                  N_("a package is what the service gives at /CFPackages/{id}"),
                                  N_("this is no CASE package: it has no CFDocument"));
    }
    enum err err = case_clean(in, document, "CFDocument", 0, "title", FRAMEWORK_MAX_NAME, false,
                              &f->words.name);
    err = err ? err
              : case_clean(in, document, "CFDocument", 0, "description", FRAMEWORK_MAX_TEXT, true,
                           &f->words.description);
    err = err ? err
              : case_clean(in, document, "CFDocument", 0, "publisher", FRAMEWORK_MAX_NAME, false,
                           &f->publisher);
    if (!err && f->publisher.n == 0) {
        err = case_clean(in, document, "CFDocument", 0, "creator", FRAMEWORK_MAX_NAME, false,
                         &f->publisher);
        f->publisher = str_is(f->publisher, CASE_NO_CREATOR) ? (struct str){"", 0} : f->publisher;
    }
    struct str language = {"", 0};
    err = err ? err : case_clean(in, document, "CFDocument", 0, "language", 35, false, &language);
    f->language = language.n ? language : f->language;
    err = err ? err
              : case_clean(in, json_object_get(document, "licenseURI"), "CFDocument", 0, "title",
                           FRAMEWORK_MAX_NAME, false, &f->licence);
    err = err ? err
              : case_clean(in, document, "CFDocument", 0, "identifier", FRAMEWORK_MAX_CODE, false,
                           &f->case_id);
    f->active = !str_is(framework_json_text(document, "adoptionStatus"), CASE_DEPRECATED);
    err = err ? err : case_languages(in, extensions);
    if (!err && f->words.name.n == 0) {
        err = framework_json_bad(in->problems, in->file, "", N_("the CFDocument has no title"));
    }
    return err ? err : case_others(in, extensions, &f->others);
}

/* ---- the tree ---- */

enum case_part { CASE_DOMAINS, CASE_SKILLS, CASE_TASKS };

static enum err case_full(struct case_in *in, enum case_part part, int most)
{
    in->full = true;
    return framework_json_bad(in->problems, in->file, N_("bring in a smaller framework"),
                              part == CASE_DOMAINS  ? N_("there are more than %d domains")
                              : part == CASE_SKILLS ? N_("there are more than %d skills")
                                                    : N_("a skill has at most %d tasks"),
                              most);
}

/* The identifier; one that another item has already is left out. */
static enum err case_identifier(struct case_in *in, const struct case_node *node,
                                struct str *case_id)
{
    enum err err = case_clean(in, node->json, "CFItems", node->index, "identifier",
                              FRAMEWORK_MAX_CODE, false, case_id);
    err = err ? err : framework_build_identify(&in->build, *case_id);
    if (err == ERR_CONFLICT) {
        *case_id = (struct str){"", 0};
        return ERR_OK;
    }
    return err;
}

/* The words of something that must have a name. */
static enum err case_named(struct case_in *in, const struct case_node *node,
                           struct framework_words *words)
{
    uint64_t told = in->problems->total;
    enum err err = case_words(in, node->json, node->index, words);
    return err || words->name.n > 0 || in->problems->total > told
               ? err
               : framework_json_bad(in->problems, in->file, "",
                                    N_("CFItems[%d] has no fullStatement"), (int)node->index);
}

static enum err case_domain(struct case_in *in, int32_t node, int32_t *domain)
{
    struct case_node *n = &in->nodes[node];
    if (n->domain >= 0) {
        *domain = n->domain;
        return ERR_OK;
    }
    enum err err = framework_build_domain(&in->build, domain);
    if (err) {
        return err == ERR_LIMIT ? case_full(in, CASE_DOMAINS, FRAMEWORK_MAX_DOMAINS) : err;
    }
    n->domain = *domain;
    struct framework_domain *d = framework_build_domain_at(&in->build, *domain);
    if (node == 0) {
        return ERR_OK; /* skills right under the document: a domain without a name */
    }
    const json_t *item = n->json;
    err = case_words(in, item, n->index, &d->words);
    err = err ? err : case_identifier(in, n, &d->case_id);
    err = err ? err : case_others(in, json_object_get(item, "extensions"), &d->others);
    return err ? err : framework_case_path(in, node, &d->words.name);
}

static enum err case_skill(struct case_in *in, int32_t node, int32_t domain)
{
    struct case_node *n = &in->nodes[node];
    struct str code;
    enum err err = framework_build_skill(&in->build, domain, &n->skill);
    if (err) {
        return err == ERR_LIMIT ? case_full(in, CASE_SKILLS, FRAMEWORK_MAX_SKILLS) : err;
    }
    struct framework_skill *skill = framework_build_skill_at(&in->build, n->skill);
    const json_t *extensions = json_object_get(n->json, "extensions");
    err = case_named(in, n, &skill->words);
    err = err ? err : case_identifier(in, n, &skill->case_id);
    struct str coding = framework_json_text(n->json, "humanCodingScheme");
    if (!err &&
        (coding.n > FRAMEWORK_MAX_CODE ||
         framework_build_clean(in->build.arena, coding, FRAMEWORK_MAX_CODE, false, &code))) {
        code = (struct str){"", 0}; /* made from the name */
    }
    err = err ? err : framework_build_code(&in->build, n->skill, code, skill->words.name, true);
    skill->active = !json_is_true(json_object_get(extensions, CASE_RETIRED));
    return err ? err : case_others(in, extensions, &skill->others);
}

static enum err case_task(struct case_in *in, int32_t node, int32_t skill)
{
    struct case_node *n = &in->nodes[node];
    struct framework_task *task;
    enum err err = framework_build_task(&in->build, skill, &task);
    if (err) {
        return err == ERR_LIMIT ? case_full(in, CASE_TASKS, FRAMEWORK_MAX_TASKS) : err;
    }
    const json_t *extensions = json_object_get(n->json, "extensions");
    const json_t *difficulty = json_object_get(extensions, CASE_DIFFICULTY);
    err = case_named(in, n, &task->words);
    err = err ? err : case_identifier(in, n, &task->case_id);
    task->active = !json_is_true(json_object_get(extensions, CASE_RETIRED));
    if (json_is_number(difficulty) && json_number_value(difficulty) >= -FRAMEWORK_MAX_DIFFICULTY &&
        json_number_value(difficulty) <= FRAMEWORK_MAX_DIFFICULTY) {
        task->has_difficulty = true;
        task->difficulty = framework_build_difficulty(json_number_value(difficulty));
    }
    return err ? err : case_others(in, extensions, &task->others);
}

/* Visits the items in order; `node` is one below `parent`. */
static enum err case_visit(struct case_in *in, int32_t node)
{
    const struct case_node *n = &in->nodes[node];
    int32_t domain, parent = n->parent;
    if (n->depth > FRAMEWORK_CASE_DEPTH) {
        in->full = true;
        return framework_json_bad(in->problems, in->file, "",
                                  N_("items stand more than %d deep below each other"),
                                  FRAMEWORK_CASE_DEPTH);
    }
    if (n->task) {
        int32_t skill = in->nodes[parent].skill;
        return skill >= 0 ? case_task(in, node, skill) : ERR_OK;
    }
    if (n->n_inner > 0) {
        return ERR_OK; /* a domain once it has a skill */
    }
    if (n->n_tasks == 0 && str_is(framework_json_text(n->json, "CFItemType"), CASE_TYPE_DOMAIN)) {
        return case_domain(in, node, &domain);
    }
    enum err err = case_domain(in, parent, &domain);
    return err || in->full ? err : case_skill(in, node, domain);
}

static enum err case_items(struct case_in *in)
{
    enum err err = ERR_OK;
    int32_t node = 0;
    while (!err && !in->full && (node = framework_case_next(in, node)) > 0) {
        err = case_visit(in, node);
    }
    if (!err && !in->full && in->build.skills.n == 0 && in->problems->total == in->before) {
        err =
            framework_json_bad(in->problems, in->file, "", N_("there is no skill in this package"));
    }
    return err;
}

/* ---- levels ---- */

struct case_level {
    const json_t *json;
    double position;
    int32_t index;
};

static int case_level_order(const void *a, const void *b, void *ctx)
{
    const struct case_level *x = a, *y = b;
    (void)ctx;
    return x->position != y->position ? (x->position < y->position ? -1 : 1) : x->index - y->index;
}

static enum err case_level(struct case_in *in, int32_t skill, const json_t *from, int32_t at)
{
    struct framework_level *level;
    enum err err = framework_build_level(&in->build, skill, &level);
    err = err ? err
              : case_clean(in, from, "CFRubricCriterionLevels", at, "quality", FRAMEWORK_MAX_NAME,
                           false, &level->words.name);
    err = err ? err
              : case_clean(in, from, "CFRubricCriterionLevels", at, "description",
                           FRAMEWORK_MAX_TEXT, true, &level->words.description);
    return err ? err
               : case_others(in, json_array_get(json_object_get(from, "extensions"), 0),
                             &level->others);
}

/* The levels of one criterion, by position, else by score. */
static enum err case_criterion(struct case_in *in, const json_t *criterion)
{
    const json_t *levels = json_object_get(criterion, "CFRubricCriterionLevels");
    size_t n = json_array_size(levels);
    int32_t node = framework_case_find(in, json_object_get(criterion, "CFItemURI"));
    int32_t skill = node >= 0 ? in->nodes[node].skill : -1;
    struct case_level sorted[FRAMEWORK_MAX_LEVELS];
    if (skill < 0 || in->nodes[node].graded || n < 2 || n > FRAMEWORK_MAX_LEVELS) {
        in->n_lost++;
        return ERR_OK;
    }
    in->nodes[node].graded = true;
    for (size_t k = 0; k < n; k++) {
        const json_t *level = json_array_get(levels, k);
        double score = framework_json_number(level, "score", (double)k);
        sorted[k] =
            (struct case_level){level, framework_json_number(level, "position", score), (int32_t)k};
    }
    sort_items(sorted, n, sizeof *sorted, case_level_order, NULL);
    enum err err = ERR_OK;
    for (size_t k = 0; k < n && !err; k++) {
        err = case_level(in, skill, sorted[k].json, sorted[k].index);
    }
    return err;
}

static enum err case_rubrics(struct case_in *in)
{
    const json_t *rubrics = json_object_get(in->json, "CFRubrics");
    enum err err = ERR_OK;
    for (size_t r = 0; r < json_array_size(rubrics) && !err; r++) {
        const json_t *criteria = json_object_get(json_array_get(rubrics, r), "CFRubricCriteria");
        for (size_t c = 0; c < json_array_size(criteria) && !err; c++) {
            err = case_criterion(in, json_array_get(criteria, c));
        }
    }
    if (!err && in->n_lost > 0) {
        err = roster_problems_note(
            in->problems, in->file, 0, in->n_lost,
            in->n_lost == 1 ? N_("%llu criterion of a rubric is left out: it points to no skill, "
                                 "to one that has levels already, or does not have 2 to %d levels.")
                            : N_("%llu criteria of rubrics are left out: they point to no skill, "
                                 "to one that has levels already, or do not have 2 to %d levels."),
            (unsigned long long)in->n_lost, FRAMEWORK_MAX_LEVELS);
    }
    return err;
}

static enum err case_read(struct case_in *in, struct framework **framework)
{
    int32_t skill;
    enum err err = case_document(in);
    if (err || in->problems->total > in->before) {
        return err ? err : ERR_INVALID;
    }
    err = framework_case_grow(in);
    err = err ? err : case_items(in);
    err = err || in->full ? err : case_rubrics(in);
    if (err || in->problems->total > in->before) {
        return err ? err : ERR_INVALID;
    }
    err = framework_build_end(&in->build, &skill);
    if (!err) {
        *framework = in->build.framework;
    }
    return err;
}

enum err framework_case_read(struct arena *arena, struct str json, const char *file,
                             struct roster_problems *problems, struct framework **framework)
{
    struct arena *own = arena_child(arena), *work = arena_child(arena);
    struct case_in in = {.problems = problems, .file = file, .before = problems->total};
    enum err err = own && work ? framework_build_init(&in.build, own, work) : ERR_NOMEM;
    err = err ? err : framework_json_parse(json, file, problems, &in.json);
    err = err ? err : case_read(&in, framework);
    json_decref(in.json);
    arena_free(work);
    if (err) {
        arena_free(own);
    }
    return err;
}
