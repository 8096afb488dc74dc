/* Any bytes as an urlencoded form, read through typed fields: what is given is of its type. */
#include "http/field.h"
#include "http/url.h"
#include "http_fuzz.h"

static const struct field_spec specs[] = {
    {.name = "t", .type = FIELD_TEXT, .max = 20, .required = true},
    {.name = "l", .type = FIELD_LINES, .max = 50},
    {.name = "s", .type = FIELD_SECRET},
    {.name = "i", .type = FIELD_INT, .least = -5, .most = 500},
    {.name = "k", .type = FIELD_ID, .max_items = 3},
    {.name = "b", .type = FIELD_BOOL},
    {.name = "n", .type = FIELD_NUMBER, .least = 0, .most = 10},
    {.name = "e", .type = FIELD_EMAIL},
    {.name = "d", .type = FIELD_DATE},
    {.name = "c", .type = FIELD_CHOICE, .choices = "a|bc|d", .max_items = 2},
    {.name = "o", .type = FIELD_TOKEN},
    {.name = "p", .type = FIELD_PATH},
};
enum { N_SPECS = sizeof specs / sizeof specs[0] };

static void check_value(const struct field_spec *spec, const struct field_value *value)
{
    FUZZ_CHECK(value->text.p && value->text.p[value->text.n] == '\0' && fuzz_is_text(value->text));
    for (size_t i = 0; i < value->text.n && spec->type != FIELD_SECRET; i++) {
        unsigned char c = (unsigned char)value->text.p[i];
        bool line = spec->type == FIELD_LINES && (c == '\n' || c == '\t');
        FUZZ_CHECK((c >= ' ' && c != 0x7f) || line);
    }
    switch (spec->type) {
    case FIELD_INT:
        FUZZ_CHECK(value->number >= spec->least && value->number <= spec->most);
        break;
    case FIELD_NUMBER:
        FUZZ_CHECK(value->real >= 0 && value->real <= 10);
        break;
    case FIELD_ID:
        FUZZ_CHECK(value->number > 0);
        break;
    case FIELD_BOOL:
        FUZZ_CHECK(value->number == 0 || value->number == 1);
        break;
    case FIELD_CHOICE:
        FUZZ_CHECK(value->number >= 0 && value->number <= 2);
        break;
    case FIELD_EMAIL:
        FUZZ_CHECK(memchr(value->text.p, '@', value->text.n) && value->text.n <= 254);
        break;
    case FIELD_PATH:
        FUZZ_CHECK(value->text.p[0] == '/' && value->text.p[1] != '/' &&
                   !memchr(value->text.p, '\\', value->text.n));
        break;
    default:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(64u << 20);
    struct http_pairs pairs;
    struct field_set set;
    if (url_form((struct str){(const char *)bytes, n}, arena, &pairs) == ERR_OK) {
        FUZZ_CHECK(field_read(specs, N_SPECS, &pairs, arena, &set) == ERR_OK);
        FUZZ_CHECK(set.n == N_SPECS);
        for (int i = 0; i < set.n; i++) {
            const struct field_value *value = &set.values[i];
            FUZZ_CHECK(fuzz_is_text(value->typed));
            if (value->given && specs[i].max_items == 0) {
                check_value(&specs[i], value);
            }
            FUZZ_CHECK(value->n_items <= specs[i].max_items);
            for (int item = 0; item < value->n_items; item++) {
                check_value(&specs[i], &value->items[item]);
            }
        }
        for (int i = 0; i < set.n_complaints; i++) {
            FUZZ_CHECK(set.complaints[i].name && set.complaints[i].message);
        }
        FUZZ_CHECK(set.values[0].given || set.n_complaints > 0);
    }
    arena_free(arena);
    return 0;
}
