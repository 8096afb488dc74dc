/* Typed fields: one reader per type, in a table; complaints instead of errors. */
#include "http/field.h"

#include "base/arena.h"
#include "base/catalog.h"
#include "base/day.h"
#include "base/list.h"
#include "base/utf8.h"
#include "http/limits.h"

#include <string.h>

#define MAX_COMPLAINTS 256
#define MAX_TEXT 200
#define MAX_LINES 10000
#define MAX_EMAIL 254
#define MAX_TOKEN 128
#define MAX_SECRET 1024

/* What a reader found wrong; NULL: nothing. */
typedef const char *field_reader(const struct field_spec *spec, struct str text,
                                 struct arena *arena, struct field_value *value);

static const char is_required[] = N_("Please fill this in.");
static const char is_twice[] = N_("This was sent more than once.");
static const char too_many[] = N_("Please choose at most {most}.");
static const char too_long[] = N_("Please use at most {most} characters.");
static const char not_text[] = N_("This has characters that cannot be used here.");
static const char not_int[] = N_("Please enter a whole number.");
static const char not_number[] = N_("Please enter a number.");
static const char out_of_range[] = N_("Please enter a number from {least} to {most}.");
static const char not_email[] = N_("Please enter an e-mail address, like name@example.org.");
static const char not_date[] = N_("Please enter a date as year, month and day: 2026-03-31.");
static const char not_choice[] = N_("Please choose one of the answers offered.");
static const char not_known[] = N_("This is not something that Duet knows.");

static size_t limit_of(const struct field_spec *spec)
{
    static const size_t limits[FIELD_TYPE__MAX] = {
        [FIELD_TEXT] = MAX_TEXT,   [FIELD_LINES] = MAX_LINES, [FIELD_SECRET] = MAX_SECRET,
        [FIELD_INT] = 24,          [FIELD_ID] = 24,           [FIELD_BOOL] = 8,
        [FIELD_NUMBER] = 32,       [FIELD_EMAIL] = MAX_EMAIL, [FIELD_DATE] = DAY_TEXT_SIZE - 1,
        [FIELD_CHOICE] = MAX_TEXT, [FIELD_TOKEN] = MAX_TOKEN, [FIELD_PATH] = HTTP_MAX_TARGET,
    };
    return spec->max ? spec->max : limits[spec->type];
}

/* Line ends become \n; other control characters are refused, tabs pass where lines do. */
static const char *clean_text(struct str text, bool lines, struct arena *arena, struct str *clean)
{
    char *p = arena_text(arena, text.p, text.n);
    size_t n = 0;
    if (!p) {
        return NULL;
    }
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\r' && lines) {
            p[n++] = '\n';
            i += i + 1 < text.n && text.p[i + 1] == '\n';
            continue;
        }
        if (c == 0x7f || (c < ' ' && !(lines && (c == '\n' || c == '\t')))) {
            return not_text;
        }
        p[n++] = (char)c;
    }
    p[n] = '\0';
    *clean = (struct str){p, n};
    return NULL;
}

static size_t characters(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
    }
    return n;
}

static const char *read_text(const struct field_spec *spec, struct str text, struct arena *arena,
                             struct field_value *value)
{
    const char *wrong = spec->type == FIELD_SECRET
                            ? NULL
                            : clean_text(text, spec->type == FIELD_LINES, arena, &value->text);
    if (!wrong && characters(text) > limit_of(spec)) {
        wrong = too_long;
    }
    return wrong;
}

static const char *read_int(const struct field_spec *spec, struct str text, struct arena *arena,
                            struct field_value *value)
{
    (void)arena;
    size_t at = text.n > 0 && (text.p[0] == '-' || text.p[0] == '+');
    bool negative = at && text.p[0] == '-';
    int64_t number = 0;
    if (at == text.n) {
        return not_int;
    }
    for (; at < text.n; at++) {
        int digit = text.p[at] - '0';
        if (digit < 0 || digit > 9) {
            return not_int;
        }
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, digit, &number)) {
            return spec->type == FIELD_ID ? not_known : out_of_range;
        }
    }
    if (!negative && __builtin_sub_overflow(0, number, &number)) {
        return spec->type == FIELD_ID ? not_known : out_of_range;
    }
    if (spec->type == FIELD_ID) {
        value->number = number;
        return number > 0 ? NULL : not_known;
    }
    bool bounded = spec->least != 0 || spec->most != 0;
    value->number = number;
    return bounded && (number < spec->least || number > spec->most) ? out_of_range : NULL;
}

static const char *read_bool(const struct field_spec *spec, struct str text, struct arena *arena,
                             struct field_value *value)
{
    static const char *const words[2][5] = {{"0", "off", "false", "no", NULL},
                                            {"1", "on", "true", "yes", NULL}};
    (void)spec;
    (void)arena;
    for (int truth = 0; truth < 2; truth++) {
        for (int i = 0; words[truth][i]; i++) {
            if (str_is(text, words[truth][i])) {
                value->number = truth;
                return NULL;
            }
        }
    }
    return not_choice;
}

/* Digits with one point or comma, at most 15 digits in all: exact enough as a double. */
static const char *read_number(const struct field_spec *spec, struct str text, struct arena *arena,
                               struct field_value *value)
{
    (void)arena;
    size_t at = text.n > 0 && (text.p[0] == '-' || text.p[0] == '+');
    bool negative = at && text.p[0] == '-', point = false;
    int64_t digits = 0;
    int n = 0;
    double scale = 1;
    for (; at < text.n; at++) {
        if ((text.p[at] == '.' || text.p[at] == ',') && !point) {
            point = true;
            continue;
        }
        if (text.p[at] < '0' || text.p[at] > '9' || ++n > 15) {
            return not_number;
        }
        digits = digits * 10 + (text.p[at] - '0');
        scale = point ? scale * 10 : scale;
    }
    if (n == 0) {
        return not_number;
    }
    value->real = (double)(negative ? -digits : digits) / scale;
    bool bounded = spec->least != 0 || spec->most != 0;
    bool outside = value->real < (double)spec->least || value->real > (double)spec->most;
    return bounded && outside ? out_of_range : NULL;
}

/* The form that mail servers accept everywhere; that it arrives only a mail can show. */
static bool is_email(struct str text, size_t *at_sign)
{
    const char *at = text.n ? memchr(text.p, '@', text.n) : NULL;
    size_t local = at ? (size_t)(at - text.p) : 0;
    if (!at || local == 0 || local > 64 || text.n - local < 4) {
        return false;
    }
    bool dot = false;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c >= 0x80 || c == '-';
        if (c == '.') {
            bool edge = i == 0 || i + 1 == text.n || text.p[i + 1] == '.' || i + 1 == local ||
                        i == local + 1;
            if (edge) {
                return false;
            }
            dot = dot || i > local;
        } else if (i != local && !word && (i > local || !strchr("!#$%&'*+/=?^_`{|}~", c))) {
            return false;
        }
    }
    *at_sign = local;
    return dot;
}

static const char *read_email(const struct field_spec *spec, struct str text, struct arena *arena,
                              struct field_value *value)
{
    size_t at;
    if (text.n > limit_of(spec) || !is_email(text, &at)) {
        return not_email;
    }
    char *p = arena_text(arena, text.p, text.n);
    for (size_t i = at; p && i < text.n; i++) {
        p[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] - 'A' + 'a') : p[i];
    }
    value->text = (struct str){p, text.n};
    return NULL;
}

static const char *read_date(const struct field_spec *spec, struct str text, struct arena *arena,
                             struct field_value *value)
{
    int32_t day;
    (void)spec;
    (void)arena;
    if (day_parse(text, &day) != ERR_OK) {
        return not_date;
    }
    value->number = day;
    return NULL;
}

static const char *read_choice(const struct field_spec *spec, struct str text, struct arena *arena,
                               struct field_value *value)
{
    const char *at = spec->choices ? spec->choices : "";
    (void)arena;
    for (int index = 0;; index++) {
        const char *end = strchr(at, '|');
        size_t n = end ? (size_t)(end - at) : strlen(at);
        if (str_equal((struct str){at, n}, text)) {
            value->number = index;
            return NULL;
        }
        if (!end) {
            return not_choice;
        }
        at = end + 1;
    }
}

static const char *read_token(const struct field_spec *spec, struct str text, struct arena *arena,
                              struct field_value *value)
{
    (void)arena;
    (void)value;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_')) {
            return not_known;
        }
    }
    return text.n > limit_of(spec) ? not_known : NULL;
}

static const char *read_path(const struct field_spec *spec, struct str text, struct arena *arena,
                             struct field_value *value)
{
    (void)arena;
    (void)value;
    bool local = text.n <= limit_of(spec) && text.p[0] == '/' && (text.n == 1 || text.p[1] != '/');
    for (size_t i = 0; i < text.n && local; i++) {
        unsigned char c = (unsigned char)text.p[i];
        local = c > ' ' && c < 0x7f && c != '\\';
    }
    return local ? NULL : not_known;
}

static field_reader *const readers[FIELD_TYPE__MAX] = {
    [FIELD_TEXT] = read_text,     [FIELD_LINES] = read_text,  [FIELD_SECRET] = read_text,
    [FIELD_INT] = read_int,       [FIELD_ID] = read_int,      [FIELD_BOOL] = read_bool,
    [FIELD_NUMBER] = read_number, [FIELD_EMAIL] = read_email, [FIELD_DATE] = read_date,
    [FIELD_CHOICE] = read_choice, [FIELD_TOKEN] = read_token, [FIELD_PATH] = read_path,
};

/* The NFC form, trimmed unless it is a secret. */
static const char *normal(const struct field_spec *spec, struct str raw, struct arena *arena,
                          struct str *text, enum err *err)
{
    *err = utf8_nfc_copy(arena, raw, text);
    if (*err == ERR_INVALID) {
        *err = ERR_OK;
        return not_text;
    }
    if (*err == ERR_OK && spec->type != FIELD_SECRET) {
        *text = utf8_trim(*text);
        char *copy = arena_text(arena, text->p, text->n);
        *err = copy ? ERR_OK : ERR_NOMEM;
        *text = (struct str){copy, text->n};
    }
    return NULL;
}

/* One value; `wrong` says what is wrong with it.  An empty one is not given. */
static enum err read_one(const struct field_spec *spec, struct str raw, struct arena *arena,
                         struct field_value *value, const char **wrong)
{
    enum err err;
    struct str text = {"", 0};
    *wrong = normal(spec, raw, arena, &text, &err);
    if (err != ERR_OK || *wrong || text.n == 0) {
        return err;
    }
    value->text = text;
    *wrong = readers[spec->type](spec, text, arena, value);
    value->given = !*wrong;
    return value->text.p ? ERR_OK : ERR_NOMEM;
}

static void value_init(struct field_value *value, const struct field_spec *spec)
{
    *value = (struct field_value){.text = {"", 0}, .typed = {"", 0}};
    value->number = spec->type == FIELD_CHOICE ? -1 : 0;
}

static bool complain(struct list *complaints, const struct field_spec *spec, int item,
                     const char *message)
{
    struct field_complaint *complaint = list_push(complaints);
    if (!complaint) {
        return complaints->err == ERR_LIMIT;
    }
    *complaint = (struct field_complaint){
        .name = spec->name, .item = item, .message = message, .least = spec->least};
    complaint->most = message == too_many   ? spec->max_items
                      : message == too_long ? (int64_t)limit_of(spec)
                                            : spec->most;
    return true;
}

/* What of a raw value is worth showing again: whole characters, a bit more than is allowed. */
static struct str typed_part(const struct field_spec *spec, struct str raw)
{
    size_t n = 4 * limit_of(spec);
    if (raw.n <= n) {
        return raw;
    }
    while (n > 0 && ((unsigned char)raw.p[n] & 0xc0) == 0x80) {
        n--;
    }
    return (struct str){raw.p, n};
}

/* Reads every value of one name: into `value` itself, or its items when a list is declared. */
static enum err read_field(const struct field_spec *spec, const struct http_pairs *pairs,
                           struct arena *arena, struct field_value *value, struct list *complaints)
{
    int most = spec->max_items > 0 ? spec->max_items : 1, n = 0;
    const char *wrong = NULL;
    bool kept = true, any_wrong = false;
    value_init(value, spec);
    value->items = spec->max_items > 0 ? arena_alloc(arena, (size_t)most, sizeof *value) : NULL;
    for (int i = 0; i < pairs->n && n <= most && kept; i++) {
        if (!str_is(pairs->items[i].name, spec->name)) {
            continue;
        }
        struct str raw = pairs->items[i].value;
        if (n++ == most) {
            kept = complain(complaints, spec, 0, spec->max_items > 0 ? too_many : is_twice);
            any_wrong = true;
            continue;
        }
        if (n == 1 && spec->type != FIELD_SECRET) {
            value->typed = typed_part(spec, raw);
        }
        struct field_value single;
        value_init(&single, spec);
        single.typed = value->typed;
        enum err err = read_one(spec, raw, arena, &single, &wrong);
        if (err != ERR_OK || (spec->max_items > 0 && !value->items)) {
            return err != ERR_OK ? err : ERR_NOMEM;
        }
        if (wrong) {
            kept = complain(complaints, spec, n - 1, wrong);
            any_wrong = true;
        } else if (spec->max_items == 0) {
            *value = single;
        } else if (single.given) {
            value->items[value->n_items++] = single;
            value->given = true;
        }
    }
    if (spec->required && !value->given && !any_wrong && kept) {
        kept = complain(complaints, spec, 0, is_required);
    }
    return kept ? ERR_OK : ERR_NOMEM;
}

enum err field_read(const struct field_spec *specs, int n, const struct http_pairs *pairs,
                    struct arena *arena, struct field_set *set)
{
    struct list complaints;
    struct field_value *values = arena_alloc(arena, (size_t)n, sizeof *values);
    list_init(&complaints, arena, sizeof(struct field_complaint), MAX_COMPLAINTS);
    if (!values) {
        return ERR_NOMEM;
    }
    for (int i = 0; i < n; i++) {
        enum err err = read_field(&specs[i], pairs, arena, &values[i], &complaints);
        if (err != ERR_OK) {
            return err;
        }
    }
    *set = (struct field_set){values, n, complaints.items, (int)complaints.n};
    return ERR_OK;
}

enum err field_parse(const struct field_spec *spec, struct str text, struct arena *arena,
                     struct field_value *value)
{
    const char *wrong;
    struct field_value found;
    value_init(&found, spec);
    enum err err = read_one(spec, text, arena, &found, &wrong);
    if (err != ERR_OK) {
        return err;
    }
    if (wrong || !found.given) {
        return ERR_INVALID;
    }
    *value = found;
    return ERR_OK;
}
