/* Typed fields: what is accepted, what is complained about, and what is shown again. */
#include "http/field.h"
#include "base/arena.h"
#include "http/url.h"
#include "tap.h"

static struct field_set read_form(struct arena *arena, const struct field_spec *specs, int n,
                                  const char *form)
{
    struct http_pairs pairs;
    struct field_set set = {.n = 0, .n_complaints = -1};
    if (url_form(str_of(form), arena, &pairs) == ERR_OK) {
        enum err err = field_read(specs, n, &pairs, arena, &set);
        set.n_complaints = err == ERR_OK ? set.n_complaints : -1;
    }
    return set;
}

/* One value of one spec. wrong: a part of the complaint, NULL: none. */
static const struct {
    struct field_spec spec;
    const char *typed, *text; /* text NULL: not compared */
    int64_t number;
    double real;
    const char *wrong;
} cases[] = {
    {{.type = FIELD_TEXT}, "a+%C3%A9+", "a \xc3\xa9", 0, 0, NULL},
    {{.type = FIELD_TEXT}, "e%CC%81", "\xc3\xa9", 0, 0, NULL}, /* NFC */
    {{.type = FIELD_TEXT, .max = 3}, "%C3%A9%C3%A9%C3%A9", NULL, 0, 0, NULL},
    {{.type = FIELD_TEXT, .max = 3}, "abcd", NULL, 0, 0, "at most"},
    {{.type = FIELD_TEXT}, "a%0Ab", NULL, 0, 0, "characters"},
    {{.type = FIELD_TEXT}, "a%07b", NULL, 0, 0, "characters"},
    {{.type = FIELD_LINES}, "a%0D%0Ab%0Dc%0Ad%09e", "a\nb\nc\nd\te", 0, 0, NULL},
    {{.type = FIELD_LINES}, "a%07", NULL, 0, 0, "characters"},
    {{.type = FIELD_SECRET}, "+a%09+", " a\t ", 0, 0, NULL},
    {{.type = FIELD_INT}, "-42", NULL, -42, 0, NULL},
    {{.type = FIELD_INT}, "%2B42", NULL, 42, 0, NULL},
    {{.type = FIELD_INT}, "9223372036854775807", NULL, INT64_MAX, 0, NULL},
    {{.type = FIELD_INT}, "-9223372036854775808", NULL, INT64_MIN, 0, NULL},
    {{.type = FIELD_INT}, "9223372036854775808", NULL, 0, 0, "from"},
    {{.type = FIELD_INT}, "4.2", NULL, 0, 0, "whole"},
    {{.type = FIELD_INT}, "-", NULL, 0, 0, "whole"},
    {{.type = FIELD_INT}, "0x10", NULL, 0, 0, "whole"},
    {{.type = FIELD_INT, .least = 1, .most = 5}, "5", NULL, 5, 0, NULL},
    {{.type = FIELD_INT, .least = 1, .most = 5}, "6", NULL, 0, 0, "from"},
    {{.type = FIELD_INT, .least = 1, .most = 5}, "0", NULL, 0, 0, "from"},
    {{.type = FIELD_ID}, "12", NULL, 12, 0, NULL},
    {{.type = FIELD_ID}, "0", NULL, 0, 0, "not something"},
    {{.type = FIELD_ID}, "-3", NULL, 0, 0, "not something"},
    {{.type = FIELD_ID}, "99999999999999999999", NULL, 0, 0, "not something"},
    {{.type = FIELD_BOOL}, "on", NULL, 1, 0, NULL},
    {{.type = FIELD_BOOL}, "0", NULL, 0, 0, NULL},
    {{.type = FIELD_BOOL}, "perhaps", NULL, 0, 0, "one of"},
    {{.type = FIELD_NUMBER}, "3.25", NULL, 0, 3.25, NULL},
    {{.type = FIELD_NUMBER}, "-3,5", NULL, 0, -3.5, NULL},
    {{.type = FIELD_NUMBER}, ".5", NULL, 0, 0.5, NULL},
    {{.type = FIELD_NUMBER}, "1.2.3", NULL, 0, 0, "number"},
    {{.type = FIELD_NUMBER}, "1e5", NULL, 0, 0, "number"},
    {{.type = FIELD_NUMBER}, ".", NULL, 0, 0, "number"},
    {{.type = FIELD_NUMBER}, "1234567890123456", NULL, 0, 0, "number"},
    {{.type = FIELD_NUMBER, .least = 0, .most = 4}, "4.01", NULL, 0, 0, "from"},
    {{.type = FIELD_EMAIL}, "Jo.Doe%2Bx@Example.ORG", "Jo.Doe+x@example.org", 0, 0, NULL},
    {{.type = FIELD_EMAIL}, "jo@example", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "jo", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "@example.org", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "a@b@example.org", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "a..b@example.org", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "a.@example.org", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "a@.example.org", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "a+b@example.org", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_EMAIL}, "a@exa%0Ample.org", NULL, 0, 0, "e-mail"},
    {{.type = FIELD_DATE}, "1970-01-02", NULL, 1, 0, NULL},
    {{.type = FIELD_DATE}, "2026-02-29", NULL, 0, 0, "date"},
    {{.type = FIELD_DATE}, "31.12.2026", NULL, 0, 0, "date"},
    {{.type = FIELD_CHOICE, .choices = "a|bc|d"}, "bc", NULL, 1, 0, NULL},
    {{.type = FIELD_CHOICE, .choices = "a|bc|d"}, "d", NULL, 2, 0, NULL},
    {{.type = FIELD_CHOICE, .choices = "a|bc|d"}, "b", NULL, -1, 0, "one of"},
    {{.type = FIELD_CHOICE, .choices = "a|bc|d"}, "a%7Cbc", NULL, -1, 0, "one of"},
    {{.type = FIELD_TOKEN}, "aZ0-_", "aZ0-_", 0, 0, NULL},
    {{.type = FIELD_TOKEN}, "a.b", NULL, 0, 0, "not something"},
    {{.type = FIELD_TOKEN, .max = 3}, "abcd", NULL, 0, 0, "not something"},
    {{.type = FIELD_PATH}, "/people/7?a=b", "/people/7?a=b", 0, 0, NULL},
    {{.type = FIELD_PATH}, "//evil.example", NULL, 0, 0, "not something"},
    {{.type = FIELD_PATH}, "/%5Cevil.example", NULL, 0, 0, "not something"},
    {{.type = FIELD_PATH}, "https://evil.example", NULL, 0, 0, "not something"},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(0);
        struct field_spec spec = cases[i].spec;
        char form[200];
        spec.name = "x";
        snprintf(form, sizeof form, "x=%s", cases[i].typed);
        struct field_set set = read_form(arena, &spec, 1, form);
        bool right;
        if (cases[i].wrong) {
            right = set.n_complaints == 1 && !set.values[0].given &&
                    strstr(set.complaints[0].message, cases[i].wrong) &&
                    strcmp(set.complaints[0].name, "x") == 0;
        } else {
            const struct field_value *value = set.n_complaints == 0 ? &set.values[0] : NULL;
            right = value && value->given && value->number == cases[i].number &&
                    (cases[i].spec.type != FIELD_NUMBER || value->real == cases[i].real) &&
                    (!cases[i].text || str_is(value->text, cases[i].text));
        }
        tap_ok(right, "type %d, \"%s\": %s", (int)spec.type, cases[i].typed,
               cases[i].wrong ? cases[i].wrong : "right");
        arena_free(arena);
    }
}

static void test_required(void)
{
    static const struct field_spec specs[] = {{.name = "a", .required = true},
                                              {.name = "b", .required = true},
                                              {.name = "c"},
                                              {.name = "d", .type = FIELD_INT, .required = true},
                                              {.name = "e", .type = FIELD_BOOL}};
    struct arena *arena = arena_new(0);
    struct field_set set = read_form(arena, specs, 5, "b=+++&d=x&other=1");
    tap_ok(set.n_complaints == 3, "all complaints, not the first");
    tap_ok(strcmp(set.complaints[0].name, "a") == 0 && strcmp(set.complaints[1].name, "b") == 0 &&
               strcmp(set.complaints[2].name, "d") == 0,
           "in the order of the fields; blanks are nothing");
    tap_ok(strstr(set.complaints[2].message, "whole") != NULL, "what is wrong is not also missing");
    tap_ok(str_is(set.values[3].typed, "x") && set.values[2].text.p && !set.values[2].given,
           "what was typed is kept, what is not there is empty");
    tap_ok(set.values[4].number == 0 && !set.values[4].given, "an unticked box is no");
    arena_free(arena);
}

static void test_lists(void)
{
    static const struct field_spec specs[] = {
        {.name = "s", .type = FIELD_ID, .max_items = 3},
        {.name = "t"},
    };
    struct arena *arena = arena_new(0);
    struct field_set set = read_form(arena, specs, 2, "s=3&t=x&s=1&s=");
    tap_ok(set.n_complaints == 0 && set.values[0].n_items == 2, "a list, without empty items");
    tap_ok(set.values[0].items[0].number == 3 && set.values[0].items[1].number == 1,
           "in the order sent");
    set = read_form(arena, specs, 2, "s=1&s=2&s=3&s=4");
    tap_ok(set.n_complaints == 1 && set.complaints[0].most == 3, "too many items");
    set = read_form(arena, specs, 2, "s=1&s=x");
    tap_ok(set.n_complaints == 1 && set.complaints[0].item == 1, "which item is wrong");
    set = read_form(arena, specs, 2, "t=1&t=2");
    tap_ok(set.n_complaints == 1 && strstr(set.complaints[0].message, "more than once"),
           "twice where once is declared");
    arena_free(arena);
}

static void test_secret(void)
{
    static const struct field_spec spec = {.name = "p", .type = FIELD_SECRET, .max = 10};
    struct arena *arena = arena_new(0);
    struct field_set set = read_form(arena, &spec, 1, "p=secret");
    tap_ok(set.values[0].typed.n == 0 && str_is(set.values[0].text, "secret"),
           "a secret is not shown again");
    set = read_form(arena, &spec, 1, "p=a+secret+too+long");
    tap_ok(set.n_complaints == 1 && set.values[0].typed.n == 0, "nor when it is wrong");
    arena_free(arena);
}

static void test_parse(void)
{
    static const struct field_spec id = {.type = FIELD_ID};
    struct arena *arena = arena_new(0);
    struct field_value value = {.number = -9};
    tap_ok(field_parse(&id, str_of("x"), arena, &value) == ERR_INVALID && value.number == -9,
           "a part of a path that is no id");
    tap_ok(field_parse(&id, str_of("12"), arena, &value) == ERR_OK && value.number == 12,
           "and one that is");
    arena_free(arena);
}

static void test_memory(void)
{
    static const struct field_spec specs[] = {{.name = "a", .required = true},
                                              {.name = "b", .max_items = 4},
                                              {.name = "c", .type = FIELD_EMAIL}};
    enum err err = ERR_NOMEM;
    int steps = 0;
    for (uint64_t nth = 1; err == ERR_NOMEM && nth < 200; nth++, steps++) {
        struct arena *arena = arena_new(0), *other = arena_new(0);
        struct http_pairs pairs;
        struct field_set set;
        err = url_form(str_of("b=1&b=2&c=A@EXAMPLE.ORG"), other, &pairs);
        arena_fail_after(arena, nth);
        err = err == ERR_OK ? field_read(specs, 3, &pairs, arena, &set) : err;
        arena_free(arena);
        arena_free(other);
    }
    tap_ok(err == ERR_OK && steps > 8, "every allocation that fails is told (%d)", steps);
}

int main(void)
{
    test_cases();
    test_required();
    test_lists();
    test_secret();
    test_parse();
    test_memory();
    return tap_done();
}
