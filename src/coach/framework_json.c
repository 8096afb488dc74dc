/* Reading foreign JSON without being overrun; see framework_json.h. */
#include "coach/framework_json.h"
#include "base/catalog.h"

#include "coach/roster_problems.h"

enum err framework_json_bad(struct roster_problems *problems, const char *file, const char *hint,
                            const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    enum err err =
        roster_problems_vadd(problems, file, 0, 0, "", (struct str){"", 0}, hint, fmt, args);
    va_end(args);
    return err;
}

struct measure {
    size_t depth, deepest, containers, commas;
};

static struct measure measure_text(struct str text)
{
    struct measure m = {0};
    bool inside = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (inside) {
            i += c == '\\';
            inside = c != '"';
        } else if (c == '"') {
            inside = true;
        } else if (c == '[' || c == '{') {
            m.containers++;
            m.depth++;
            m.deepest = m.depth > m.deepest ? m.depth : m.deepest;
        } else if (c == ']' || c == '}') {
            m.depth -= m.depth > 0;
        } else {
            m.commas += c == ',';
        }
    }
    return m;
}

enum err framework_json_parse(struct str text, const char *file, struct roster_problems *problems,
                              json_t **json)
{
    json_error_t error;
    const char *limit = NULL;
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0) {
        text = (struct str){text.p + 3, text.n - 3};
    }
    if (text.n > FRAMEWORK_JSON_MAX) {
        limit = N_("the file is larger than 8 megabytes");
    } else {
        struct measure m = measure_text(text);
        if (m.deepest > FRAMEWORK_JSON_DEPTH) {
            limit = N_("lists stand more than 32 deep inside each other");
        } else if (m.containers > FRAMEWORK_JSON_CONTAINERS || m.commas > FRAMEWORK_JSON_VALUES) {
            limit = N_("the file has more entries than a framework can have");
        }
    }
    if (limit) {
        enum err err = framework_json_bad(problems, file, N_("export one framework only"), "%s",
                                          roster_problems_text(problems, limit));
        return err ? err : ERR_INVALID;
    }
    *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (*json) {
        return ERR_OK;
    }
    if (json_error_code(&error) == json_error_out_of_memory) {
        return ERR_NOMEM;
    }
    uint64_t line = error.line > 0 ? (uint64_t)error.line : 0;
    int32_t column = error.column > 0 ? error.column : 0;
    char place[32];
    snprintf(place, sizeof place, "column %d", (int)column);
    enum err err =
        roster_problems_add(problems, file, line, column, column ? place : "", (struct str){"", 0},
                            N_("export the file again"), N_("this is not JSON: %s"), error.text);
    return err ? err : ERR_INVALID;
}

struct str framework_json_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : (struct str){"", 0};
}

double framework_json_number(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}
