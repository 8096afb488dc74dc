/* Writing a framework as a CASE v1.1 package; see framework_case.h. */
#include "base/buf.h"
#include "base/day.h"
#include "coach/framework_build.h"
#include "coach/framework_case.h"
#include "coach/framework_case_words.h"

#include <jansson.h>
#include <stdio.h>

#define URI_MAX 600
#define PRECISION 12 /* digits of a number */

struct case_out {
    const struct framework *framework;
    struct str base;
    char document[FRAMEWORK_UUID_SIZE];
    char changed[40]; /* ISO 8601 */
    json_t *items, *associations, *criteria;
    int n_associations;
    bool failed; /* no memory */
};

/* json_object_set_new that remembers a failure; takes `value`. */
static void case_set(struct case_out *out, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value)) {
        out->failed = true;
    }
}

static void case_push(struct case_out *out, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value)) {
        out->failed = true;
    }
}

static json_t *case_text(struct str text)
{
    return json_stringn(text.p, text.n);
}

static void case_set_text(struct case_out *out, json_t *object, const char *key, struct str text)
{
    if (text.n > 0) {
        case_set(out, object, key, case_text(text));
    }
}

static json_t *case_uri(const struct case_out *out, const char *what, const char *id)
{
    char uri[URI_MAX];
    snprintf(uri, sizeof uri, "%.*s/ims/case/v1p1/%s/%s",
             (int)(out->base.n < 500 ? out->base.n : 500), out->base.p, what, id);
    return json_string(uri);
}

/* identifier, uri and lastChangeDateTime: what everything has. */
static json_t *case_object(struct case_out *out, const char *what, const char *id)
{
    json_t *object = json_object();
    case_set(out, object, "identifier", json_string(id));
    case_set(out, object, "uri", case_uri(out, what, id));
    case_set(out, object, "lastChangeDateTime", json_string(out->changed));
    return object;
}

static json_t *case_link(struct case_out *out, const char *what, const char *id, struct str title)
{
    json_t *link = json_object();
    case_set(out, link, "title", case_text(title));
    case_set(out, link, "identifier", json_string(id));
    case_set(out, link, "uri", case_uri(out, what, id));
    return link;
}

/* The words in further languages, or NULL where there are none. */
static json_t *case_words(struct case_out *out, const struct framework_words *others)
{
    json_t *words = NULL;
    for (int32_t k = 0; others && k < out->framework->n_languages; k++) {
        if (others[k].name.n == 0 && others[k].description.n == 0) {
            continue;
        }
        json_t *own = json_object();
        case_set_text(out, own, "name", others[k].name);
        case_set_text(out, own, "description", others[k].description);
        words = words ? words : json_object();
        case_set(out, words, out->framework->languages[k].p, own);
    }
    return words;
}

/* The identifier to use: the given one where it is a UUID. */
static void case_identifier(const struct case_out *out, struct str given, const char *kind,
                            struct str key, int32_t number, char id[FRAMEWORK_UUID_SIZE])
{
    if (framework_build_is_uuid(given)) {
        memcpy(id, given.p, FRAMEWORK_UUID_SIZE - 1);
        id[FRAMEWORK_UUID_SIZE - 1] = '\0';
        return;
    }
    framework_build_uuid(str_of(out->document), kind, given.n ? given : key, number, id);
}

/* What an item is made of beside its words. */
struct case_item {
    const char *id, *type;
    struct str code;
    struct framework_words words;
    const struct framework_words *others;
    bool retired, has_difficulty;
    double difficulty;
};

static void case_add_item(struct case_out *out, const struct case_item *from)
{
    json_t *item = case_object(out, "CFItems", from->id), *extensions = json_object();
    json_t *words = case_words(out, from->others);
    struct str full = from->words.description.n ? from->words.description : from->words.name;
    case_set(out, item, "fullStatement", case_text(full));
    case_set_text(out, item, "abbreviatedStatement", from->words.name);
    case_set_text(out, item, "humanCodingScheme", from->code);
    case_set(out, item, "CFItemType", json_string(from->type));
    case_set_text(out, item, "language", out->framework->language);
    if (words) {
        case_set(out, extensions, CASE_WORDS, words);
    }
    if (from->retired) {
        case_set(out, extensions, CASE_RETIRED, json_true());
    }
    if (from->has_difficulty) {
        case_set(out, extensions, CASE_DIFFICULTY, json_real(from->difficulty));
    }
    if (json_object_size(extensions) > 0) {
        case_set(out, item, "extensions", extensions);
    } else {
        json_decref(extensions);
    }
    case_push(out, out->items, item);
}

static void case_add_child(struct case_out *out, const char *child, struct str child_title,
                           const char *what, const char *parent, struct str title, int32_t nth)
{
    char id[FRAMEWORK_UUID_SIZE];
    framework_build_uuid(str_of(out->document), "isChildOf", str_of(child), 0, id);
    json_t *association = case_object(out, "CFAssociations", id);
    case_set(out, association, "associationType", json_string("isChildOf"));
    case_set(out, association, "sequenceNumber", json_integer(nth + 1));
    case_set(out, association, "originNodeURI", case_link(out, "CFItems", child, child_title));
    case_set(out, association, "destinationNodeURI", case_link(out, what, parent, title));
    case_push(out, out->associations, association);
}

static void case_add_criterion(struct case_out *out, const struct framework_skill *skill,
                               const char *item)
{
    char id[FRAMEWORK_UUID_SIZE], level_id[FRAMEWORK_UUID_SIZE], rubric[FRAMEWORK_UUID_SIZE];
    framework_build_uuid(str_of(out->document), "rubric", str_of(""), 0, rubric);
    framework_build_uuid(str_of(out->document), "criterion", str_of(item), 0, id);
    json_t *criterion = case_object(out, "CFRubricCriteria", id), *levels = json_array();
    case_set(out, criterion, "CFItemURI", case_link(out, "CFItems", item, skill->words.name));
    case_set(out, criterion, "rubricId", json_string(rubric));
    case_set(out, criterion, "position",
             json_integer((json_int_t)json_array_size(out->criteria) + 1));
    for (int32_t k = 0; k < skill->n_levels; k++) {
        const struct framework_level *level = &skill->levels[k];
        framework_build_uuid(str_of(out->document), "level", str_of(item), level->level, level_id);
        json_t *object = case_object(out, "CFRubricCriterionLevels", level_id);
        json_t *words = case_words(out, level->others);
        case_set_text(out, object, "quality", level->words.name);
        case_set_text(out, object, "description", level->words.description);
        case_set(out, object, "score", json_integer(level->level));
        case_set(out, object, "position", json_integer(level->level));
        case_set(out, object, "rubricCriterionId", json_string(id));
        if (words) {
            json_t *extension = json_object(), *extensions = json_array();
            case_set(out, extension, CASE_WORDS, words);
            case_push(out, extensions, extension);
            case_set(out, object, "extensions", extensions);
        }
        case_push(out, levels, object);
    }
    case_set(out, criterion, "CFRubricCriterionLevels", levels);
    case_push(out, out->criteria, criterion);
}

static void case_add_skill(struct case_out *out, const struct framework_skill *skill,
                           const char *domain, struct str domain_name, int32_t nth)
{
    char id[FRAMEWORK_UUID_SIZE], task_id[FRAMEWORK_UUID_SIZE];
    case_identifier(out, skill->case_id, "skill", skill->code, 0, id);
    case_add_item(out, &(struct case_item){.id = id,
                                           .type = CASE_TYPE_SKILL,
                                           .code = skill->code,
                                           .words = skill->words,
                                           .others = skill->others,
                                           .retired = !skill->active});
    case_add_child(out, id, skill->words.name, "CFItems", domain, domain_name, nth);
    if (skill->levels) {
        case_add_criterion(out, skill, id);
    }
    for (int32_t k = 0; k < skill->n_tasks; k++) {
        const struct framework_task *task = &skill->tasks[k];
        case_identifier(out, task->case_id, "task", skill->code, k, task_id);
        case_add_item(out, &(struct case_item){.id = task_id,
                                               .type = CASE_TYPE_TASK,
                                               .words = task->words,
                                               .others = task->others,
                                               .retired = !task->active,
                                               .has_difficulty = task->has_difficulty,
                                               .difficulty = task->difficulty});
        case_add_child(out, task_id, task->words.name, "CFItems", id, skill->words.name, k);
    }
}

static void case_add_domain(struct case_out *out, int32_t nth)
{
    const struct framework *f = out->framework;
    const struct framework_domain *domain = &f->domains[nth];
    char id[FRAMEWORK_UUID_SIZE];
    case_identifier(out, domain->case_id, "domain", domain->words.name, nth, id);
    case_add_item(out, &(struct case_item){.id = id,
                                           .type = CASE_TYPE_DOMAIN,
                                           .words = domain->words,
                                           .others = domain->others});
    case_add_child(out, id, domain->words.name, "CFDocuments", out->document, f->words.name, nth);
    for (int32_t k = 0; k < domain->n_skills; k++) {
        case_add_skill(out, &domain->skills[k], id, domain->words.name, k);
    }
}

static json_t *case_document(struct case_out *out)
{
    const struct framework *f = out->framework;
    json_t *document = case_object(out, "CFDocuments", out->document), *extensions = json_object();
    json_t *words = case_words(out, f->others);
    case_set(out, document, "caseVersion", json_string("1.1"));
    case_set(out, document, "title", case_text(f->words.name));
    case_set(out, document, "creator",
             f->publisher.n ? case_text(f->publisher) : json_string(CASE_NO_CREATOR));
    case_set_text(out, document, "publisher", f->publisher);
    case_set_text(out, document, "description", f->words.description);
    case_set_text(out, document, "language", f->language);
    case_set(out, document, "adoptionStatus", json_string(f->active ? "Adopted" : CASE_DEPRECATED));
    if (f->n_languages > 0) {
        json_t *languages = json_array();
        for (int32_t k = 0; k < f->n_languages; k++) {
            case_push(out, languages, case_text(f->languages[k]));
        }
        case_set(out, extensions, CASE_LANGUAGES, languages);
    }
    if (words) {
        case_set(out, extensions, CASE_WORDS, words);
    }
    if (f->licence.n > 0) {
        char id[FRAMEWORK_UUID_SIZE];
        framework_build_uuid(str_of(out->document), "licence", f->licence, 0, id);
        case_set(out, document, "licenseURI", case_link(out, "CFLicenses", id, f->licence));
    }
    if (json_object_size(extensions) > 0) {
        case_set(out, document, "extensions", extensions);
    } else {
        json_decref(extensions);
    }
    return document;
}

static json_t *case_definitions(struct case_out *out)
{
    const struct framework *f = out->framework;
    json_t *definitions = json_object(), *licences = json_array();
    if (f->licence.n > 0) {
        char id[FRAMEWORK_UUID_SIZE];
        framework_build_uuid(str_of(out->document), "licence", f->licence, 0, id);
        json_t *licence = case_object(out, "CFLicenses", id);
        case_set(out, licence, "title", case_text(f->licence));
        case_set(out, licence, "licenseText", case_text(f->licence));
        case_push(out, licences, licence);
    }
    case_set(out, definitions, "CFLicenses", licences);
    return definitions;
}

static json_t *case_rubrics(struct case_out *out)
{
    json_t *rubrics = json_array();
    if (json_array_size(out->criteria) > 0) {
        char id[FRAMEWORK_UUID_SIZE];
        framework_build_uuid(str_of(out->document), "rubric", str_of(""), 0, id);
        json_t *rubric = case_object(out, "CFRubrics", id);
        case_set(out, rubric, "title", case_text(out->framework->words.name));
        case_set(out, rubric, "CFRubricCriteria", json_incref(out->criteria));
        case_push(out, rubrics, rubric);
    }
    return rubrics;
}

static int case_dump(const char *bytes, size_t n, void *buf)
{
    buf_add(buf, (struct str){bytes, n});
    return ((struct buf *)buf)->err ? -1 : 0;
}

static void case_prepare(struct case_out *out)
{
    const struct framework *f = out->framework;
    int64_t seconds = (f->changed_ms > 0 ? f->changed_ms : 0) / 1000;
    char day[DAY_TEXT_SIZE];
    day_write((int32_t)(seconds / 86400), day);
    snprintf(out->changed, sizeof out->changed,
             "%s"
             "T%02d:%02d:%02d+00:00",
             day, (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60), (int)(seconds % 60));
    if (framework_build_is_uuid(f->case_id)) {
        snprintf(out->document, sizeof out->document, "%.*s", FRAMEWORK_UUID_SIZE - 1,
                 f->case_id.p);
    } else {
        framework_build_uuid(str_of("duet"), "framework", f->case_id.n ? f->case_id : f->words.name,
                             0, out->document);
    }
    out->items = json_array();
    out->associations = json_array();
    out->criteria = json_array();
}

enum err framework_case_write(const struct framework *framework, struct str base_uri,
                              struct buf *buf)
{
    struct case_out out = {.framework = framework, .base = base_uri};
    case_prepare(&out);
    for (int32_t k = 0; k < framework->n_domains; k++) {
        case_add_domain(&out, k);
    }
    json_t *package = json_object();
    case_set(&out, package, "CFDocument", case_document(&out));
    case_set(&out, package, "CFItems", json_incref(out.items));
    case_set(&out, package, "CFAssociations", json_incref(out.associations));
    case_set(&out, package, "CFDefinitions", case_definitions(&out));
    case_set(&out, package, "CFRubrics", case_rubrics(&out));
    out.failed = out.failed || !package || !out.items || !out.associations || !out.criteria;
    if (!out.failed) {
        int result = json_dump_callback(package, case_dump, buf,
                                        JSON_INDENT(1) | JSON_REAL_PRECISION(PRECISION));
        buf_add_char(buf, '\n');
        out.failed = result && !buf->err;
    }
    json_decref(out.items);
    json_decref(out.associations);
    json_decref(out.criteria);
    json_decref(package);
    return out.failed ? ERR_NOMEM : ERR_OK;
}
