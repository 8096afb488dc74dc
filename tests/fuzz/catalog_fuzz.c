/* Any bytes as a .mo file: refused, or every question is answered with sound text. */
#include "base/arena.h"
#include "base/catalog.h"
#include "base/catalog_rule.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define FUZZ_CHECK(what)                                                                           \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "does not hold: %s\n", #what);                                         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static void check_text(struct arena *arena, struct str text)
{
    size_t bad;
    FUZZ_CHECK(utf8_is_valid(text, &bad));
    struct str filled = catalog_fill(arena, text, CATALOG_INT("n", 5));
    FUZZ_CHECK(utf8_is_valid(filled, &bad));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(16u << 20);
    const struct catalog *c = NULL;
    struct catalog_rule rule;
    FUZZ_CHECK(arena);
    if (!catalog_open(arena, str_of("xx"), (struct str){(const char *)bytes, n}, &c)) {
        check_text(arena, catalog_text(c, "a"));
        check_text(arena, catalog_text(c, "one"));
        check_text(arena, catalog_context(c, "ctx", "a"));
        check_text(arena, catalog_name(c));
        check_text(arena, catalog_decimal(c));
        for (int64_t i = -3; i < 130; i++) {
            check_text(arena, catalog_plural(c, "one", "many", i));
        }
        check_text(arena, catalog_day_from(arena, c, 3, 20000));
    }
    /* The same bytes as a plural rule, and as what a browser asks for. */
    if (!catalog_rule_read((struct str){(const char *)bytes, n}, &rule)) {
        for (uint64_t i = 0; i < 130; i++) {
            int32_t form = catalog_rule_form(&rule, i * i * i * i * i);
            FUZZ_CHECK(form >= 0 && form < rule.n_forms);
        }
    }
    const struct catalog *list[] = {catalog_english()};
    struct catalogs all = {.list = list, .n = 1};
    FUZZ_CHECK(catalogs_match(&all, (struct str){(const char *)bytes, n}, NULL) == list[0]);
    arena_free(arena);
    return 0;
}
