/* The cycle of a programme; see cycle_template.h. */
#include "coach/cycle_template.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/programmes_read.h"
#include "coach/sql.h"

#include <jansson.h>

#define JSON_BYTES ((size_t)4 << 20)

static const struct {
    const char *word;
    enum cycle_stage stage;
} parts[CYCLE_PART__MAX] = {
    [CYCLE_PART_PLAN] = {"plan", CYCLE_PLAN},
    [CYCLE_PART_OBSERVE] = {"observe", CYCLE_VISIT},
    [CYCLE_PART_MODEL] = {"model", CYCLE_VISIT},
    [CYCLE_PART_FEEDBACK] = {"feedback", CYCLE_FEEDBACK},
    [CYCLE_PART_SOLVE] = {"solve", CYCLE_SOLVE},
    [CYCLE_PART_CHECK] = {"check", CYCLE_CHECK},
    [CYCLE_PART_REFLECT] = {"reflect", CYCLE_REFLECT},
};

const char *cycle_template_word(enum cycle_part part)
{
    return parts[part].word;
}

bool cycle_template_part_of(struct str word, enum cycle_part *part)
{
    for (int k = 0; k < CYCLE_PART__MAX; k++) {
        if (str_is(word, parts[k].word)) {
            *part = (enum cycle_part)k;
            return true;
        }
    }
    return false;
}

enum cycle_stage cycle_template_stage(enum cycle_part part)
{
    return parts[part].stage;
}

enum cycle_part cycle_template_part(enum cycle_stage stage, enum cycle_way way)
{
    int k = 0;
    while (parts[k].stage != stage) {
        k++;
    }
    return (enum cycle_part)(k + (stage == CYCLE_VISIT && way == CYCLE_MODEL));
}

static struct cycle_own_words *further_of(const struct cycle_own_words *words, struct str language)
{
    for (int32_t k = 0; k < words->n_further; k++) {
        if (str_equal(words->further[k].language, language)) {
            return &words->further[k];
        }
    }
    return NULL;
}

const struct cycle_own_words *cycle_template_words(const struct cycle_template *t,
                                                   enum cycle_part part, struct str language)
{
    const struct cycle_own_words *further = further_of(&t->parts[part], language);
    return further ? further : &t->parts[part];
}

/* ---- reading ---- */

static enum err read_text(struct coach *coach, const json_t *value, struct str *text)
{
    const char *chars = json_string_value(value);
    *text = (struct str){"", 0};
    if (!chars) {
        return ERR_INVALID;
    }
    return coach_copy(coach, (struct str){chars, json_string_length(value)}, text) ? ERR_OK
                                                                                   : ERR_NOMEM;
}

static enum err read_lines(struct coach *coach, const json_t *list, struct cycle_lines *lines)
{
    enum err err =
        json_is_array(list) && json_array_size(list) <= CYCLE_TEMPLATE_LINES ? ERR_OK : ERR_INVALID;
    for (size_t k = 0; !err && k < json_array_size(list); k++) {
        err = read_text(coach, json_array_get(list, k), &lines->items[lines->n++]);
    }
    return err;
}

static enum err read_words(struct coach *coach, const json_t *part, struct cycle_own_words *words)
{
    *words = (struct cycle_own_words){.own = true, .language = {"", 0}};
    enum err err = read_text(coach, json_object_get(part, "purpose"), &words->purpose);
    err = err ? err : read_lines(coach, json_object_get(part, "before"), &words->before);
    err = err ? err : read_lines(coach, json_object_get(part, "talk"), &words->talk);
    return err ? err : read_lines(coach, json_object_get(part, "stems"), &words->stems);
}

static enum err read_further(struct coach *coach, json_t *all, struct cycle_own_words *words)
{
    const char *language;
    json_t *part;
    if (!json_is_object(all) || json_object_size(all) > CYCLE_TEMPLATE_FURTHER) {
        return ERR_INVALID;
    }
    words->further = arena_alloc(coach->arena, CYCLE_TEMPLATE_FURTHER, sizeof *words->further);
    if (!words->further) {
        return ERR_NOMEM;
    }
    json_object_foreach(all, language, part)
    {
        struct cycle_own_words *one = &words->further[words->n_further++];
        enum err err = read_words(coach, part, one);
        if (err || !coach_copy(coach, str_of(language), &one->language)) {
            return err ? err : ERR_NOMEM;
        }
    }
    return ERR_OK;
}

static enum err read_part(struct coach *coach, const json_t *part, struct cycle_own_words *words)
{
    const json_t *language = json_object_get(part, "language");
    json_t *further = json_object_get(part, "further");
    enum err err = read_words(coach, part, words);
    err = err || !language ? err : read_text(coach, language, &words->language);
    return err || !further ? err : read_further(coach, further, words);
}

static enum err read_root(struct coach *coach, const json_t *root, struct cycle_template *t)
{
    const json_t *days = json_object_get(root, "days"), *all = json_object_get(root, "parts");
    enum err err = ERR_OK;
    if (!json_is_integer(days) || json_integer_value(days) < 1 ||
        json_integer_value(days) > CYCLES_STEP_DAYS || !json_is_object(all)) {
        return ERR_INVALID;
    }
    t->prepare = json_is_true(json_object_get(root, "prepare"));
    t->model = json_is_true(json_object_get(root, "model"));
    t->step_days = (int32_t)json_integer_value(days);
    for (int k = 0; k < CYCLE_PART__MAX && !err; k++) {
        const json_t *part = json_object_get(all, parts[k].word);
        err = part ? read_part(coach, part, &t->parts[k]) : ERR_OK;
    }
    return err;
}

enum err cycle_template_read(struct coach *coach, struct str json, struct cycle_template *t)
{
    *t = (struct cycle_template){.prepare = true, .model = true, .step_days = CYCLES_STEP_DAYS};
    for (int k = 0; k < CYCLE_PART__MAX; k++) {
        t->parts[k].language = t->parts[k].purpose = (struct str){"", 0};
    }
    if (json.n == 0) {
        return ERR_OK;
    }
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    if (!root) {
        return ERR_INVALID;
    }
    enum err err = read_root(coach, root, t);
    json_decref(root);
    return err;
}

enum err cycle_template_get(struct coach *coach, int64_t programme_id, struct cycle_template *t)
{
    struct programme p;
    enum err err = programmes_arrange(coach, ALLOW_VIEW, programme_id, &p);
    return err ? err : cycle_template_read(coach, p.template, t);
}

enum err cycle_template_of(struct coach *coach, int64_t partnership_id, struct cycle_template *t)
{
    struct db_query *q;
    struct str json = {"", 0};
    enum err err = sql_first(coach, SQL_CYCLE_TEMPLATE_OF, SQL_ARGS(sql_int(partnership_id)), &q);
    if (err == ERR_OK) {
        json = sql_copy(coach, q, 0, &err);
        db_finish(q);
    }
    return err && err != ERR_NOT_FOUND ? err : cycle_template_read(coach, json, t);
}

/* ---- writing ---- */

static void write_lines(struct json_writer *json, const char *key, const struct cycle_lines *lines)
{
    json_writer_key(json, key);
    json_writer_array(json);
    for (int32_t k = 0; k < lines->n; k++) {
        json_writer_text(json, lines->items[k]);
    }
    json_writer_end_array(json);
}

static void write_words(struct json_writer *json, const struct cycle_own_words *words)
{
    json_writer_key(json, "purpose");
    json_writer_text(json, words->purpose);
    write_lines(json, "before", &words->before);
    write_lines(json, "talk", &words->talk);
    write_lines(json, "stems", &words->stems);
}

static void write_template(struct json_writer *json, const struct cycle_template *t)
{
    json_writer_object(json);
    json_writer_key(json, "prepare");
    json_writer_bool(json, t->prepare);
    json_writer_key(json, "model");
    json_writer_bool(json, t->model);
    json_writer_key(json, "days");
    json_writer_int(json, t->step_days);
    json_writer_key(json, "parts");
    json_writer_object(json);
    for (int k = 0; k < CYCLE_PART__MAX; k++) {
        const struct cycle_own_words *words = &t->parts[k];
        if (!words->own) {
            continue;
        }
        json_writer_key(json, parts[k].word);
        json_writer_object(json);
        write_words(json, words);
        json_writer_key(json, "language");
        json_writer_text(json, words->language);
        json_writer_key(json, "further");
        json_writer_object(json);
        for (int32_t i = 0; i < words->n_further; i++) {
            json_writer_key(json, words->further[i].language.p);
            json_writer_object(json);
            write_words(json, &words->further[i]);
            json_writer_end_object(json);
        }
        json_writer_end_object(json);
        json_writer_end_object(json);
    }
    json_writer_end_object(json);
    json_writer_end_object(json);
}

static enum err save(struct coach *coach, int64_t programme_id, const struct cycle_template *t)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, coach->arena, JSON_BYTES);
    struct json_writer json = json_writer_begin(&buf);
    write_template(&json, t);
    enum err err = buf_end(&buf, &text);
    err = err ? err
              : sql_run(coach, SQL_CYCLE_TEMPLATE_SET,
                        SQL_ARGS(sql_int(programme_id), sql_text(text), sql_int(coach->now_ms)),
                        NULL);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, programme_id), "cycle");
}

static enum err open_template(struct coach *coach, int64_t programme_id, struct cycle_template *t)
{
    struct programme p;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, programme_id, &p);
    return err ? err : cycle_template_read(coach, p.template, t);
}

enum err cycle_template_use(struct coach *coach, int64_t programme_id, bool prepare, bool model,
                            int32_t step_days, struct complaints *complaints)
{
    struct cycle_template t;
    enum err err = open_template(coach, programme_id, &t);
    if (err) {
        return err;
    }
    if (step_days < 1 || step_days > CYCLES_STEP_DAYS) {
        complaint_add_int(complaints, "step_days", N_("A number from 1 to {n}."), "n",
                          CYCLES_STEP_DAYS);
        return complaint_result(complaints);
    }
    t.prepare = prepare;
    t.model = model;
    t.step_days = step_days;
    return save(coach, programme_id, &t);
}

/* One entry a line. */
static void clean_lines(struct complaints *complaints, const char *field, struct str text,
                        bool required, struct cycle_lines *lines)
{
    lines->n = 0;
    while (text.n) {
        size_t n = 0;
        while (n < text.n && text.p[n] != '\n') {
            n++;
        }
        struct str line = {text.p, n}, clean;
        text = (struct str){text.p + n + (n < text.n), text.n - n - (n < text.n)};
        if (!complaint_clean(complaints, field, line, false, false, CYCLE_TEMPLATE_LINE, &clean)) {
            return;
        }
        if (clean.n && lines->n == CYCLE_TEMPLATE_LINES) {
            complaint_add_int(complaints, field, N_("At most {n} lines."), "n",
                              CYCLE_TEMPLATE_LINES);
            return;
        }
        if (clean.n) {
            lines->items[lines->n++] = clean;
        }
    }
    if (required && lines->n == 0) {
        complaint_add(complaints, field, N_("At least one line."));
    }
}

/* A language's tag: letters, digits and '-'. */
static bool copy_tag(struct coach *coach, struct str tag, struct str *copy)
{
    bool right = tag.n <= CYCLE_TEMPLATE_LANGUAGE;
    for (size_t k = 0; k < tag.n && right; k++) {
        char c = tag.p[k];
        right =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
    return right && coach_copy(coach, tag, copy);
}

/* The place of words in a further language, made where there is none. */
static enum err place_further(struct coach *coach, struct cycle_own_words *first,
                              struct str language, struct cycle_own_words **place)
{
    *place = further_of(first, language);
    if (*place) {
        return ERR_OK;
    }
    if (!first->own) {
        return ERR_CONFLICT;
    }
    if (first->n_further == CYCLE_TEMPLATE_FURTHER) {
        return ERR_LIMIT;
    }
    if (!first->further) {
        first->further = arena_alloc(coach->arena, CYCLE_TEMPLATE_FURTHER, sizeof *first->further);
    }
    *place = first->further ? &first->further[first->n_further++] : NULL;
    return *place ? ERR_OK : ERR_NOMEM;
}

enum err cycle_template_say(struct coach *coach, int64_t programme_id, enum cycle_part part,
                            const struct cycle_words_typed *typed, struct complaints *complaints)
{
    struct cycle_template t;
    struct str language;
    enum err err = open_template(coach, programme_id, &t);
    struct cycle_own_words *place = &t.parts[part];
    if (!err && !copy_tag(coach, typed->language, &language)) {
        err = ERR_INVALID;
    }
    if (!err && typed->further && !str_equal(place->language, language)) {
        err = place_further(coach, place, language, &place);
    }
    if (err) {
        return err;
    }
    struct cycle_own_words words = {.own = true,
                                    .language = place->own ? place->language : language,
                                    .further = place->further,
                                    .n_further = place->n_further};
    complaint_clean(complaints, "purpose", typed->purpose, true, false, CYCLE_TEMPLATE_PURPOSE,
                    &words.purpose);
    clean_lines(complaints, "before", typed->before, false, &words.before);
    clean_lines(complaints, "talk", typed->talk, true, &words.talk);
    clean_lines(complaints, "stems", typed->stems, false, &words.stems);
    err = complaint_result(complaints);
    *place = words;
    return err ? err : save(coach, programme_id, &t);
}

enum err cycle_template_forget(struct coach *coach, int64_t programme_id, enum cycle_part part,
                               struct str language)
{
    struct cycle_template t;
    enum err err = open_template(coach, programme_id, &t);
    if (err) {
        return err;
    }
    struct cycle_own_words *first = &t.parts[part], *further = further_of(first, language);
    if (further) {
        *further = first->further[--first->n_further];
    } else if (language.n == 0 || str_equal(language, first->language)) {
        first->own = false;
    }
    return err ? err : save(coach, programme_id, &t);
}
