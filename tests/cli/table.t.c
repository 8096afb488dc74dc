/* Tables and wrapped text: widths of other scripts, narrow terminals, nothing lost. */
#include "tap.h"

#include "base/arena.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "cli/table.h"
#include "cli/text.h"

#include <stdlib.h>

/* What a table prints at a width, in memory that the caller frees. */
static char *printed(const struct table *table, int width)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    struct term term = {.width = width};
    table_print(table, out, &term);
    fclose(out);
    return text;
}

static const struct table_column columns[] = {
    {"Name", TABLE_CUT}, {"n", TABLE_RIGHT}, {"Why", TABLE_WRAP}};

static struct table *sample(struct arena *arena)
{
    struct table *table = table_new(arena, columns, 3);
    const char *rows[][3] = {
        {"Amina", "12", "short"},
        {"\xE6\x9D\x8E\xE9\x9D\x99", "3", "a longer reason that goes on for some words"},
        {"Zoe\xCC\x88 \xC3\x85ngstr\xC3\xB6m", NULL, ""},
    };
    for (int i = 0; table && i < 3; i++) {
        if (table_add(table, rows[i]) != ERR_OK) {
            return NULL;
        }
    }
    return table;
}

static void test_layout(void)
{
    struct arena *arena = arena_new(0);
    struct table *table = sample(arena);
    char *wide = printed(table, 80), *narrow = printed(table, 36);
    tap_ok(table_rows(table) == 3, "three rows");
    tap_text(wide,
             "Name           n  Why\n"
             "Amina         12  short\n"
             "\xE6\x9D\x8E\xE9\x9D\x99           3  a longer reason that goes on for some words\n"
             "Zoe\xCC\x88 \xC3\x85ngstr\xC3\xB6m\n",
             "wide: columns line up for every script, no blanks at the ends");
    tap_text(narrow,
             "Name           n  Why\n"
             "Amina         12  short\n"
             "\xE6\x9D\x8E\xE9\x9D\x99           3  a longer reason\n"
             "                  that goes on for\n"
             "                  some words\n"
             "Zoe\xCC\x88 \xC3\x85ngstr\xC3\xB6m\n",
             "narrow: the reason goes on in the next line");
    free(wide);
    free(narrow);
    arena_free(arena);
}

static void test_cut(void)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    text_print_field(out, str_of("\xE6\x9D\x8E\xE9\x9D\x99\xE6\x9D\x8E"), 4, false);
    fputc('|', out);
    text_print_field(out, str_of("abc"), 5, true);
    fclose(out);
    tap_text(text, "\xE6\x9D\x8E\xE2\x80\xA6 |  abc", "a wide letter is not cut in half");
    free(text);
}

/* Whatever the words and the width: no line is wider than asked, and the words stay. */
static void test_wrap(void)
{
    static const char *const words[] = {
        "a", "bc", "def", "\xE6\x9D\x8E", "Zoe\xCC\x88", "a-very-long-word-indeed", "x"};
    struct rng rng = rng_seed(7);
    int too_wide = 0, lost = 0, endless = 0;
    for (int round = 0; round < 2000; round++) {
        char text[400] = "", joined[400] = "";
        size_t n = 0, m = 0, wanted = 0;
        for (uint32_t k = rng_below(&rng, 12); k > 0; k--) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n > 0 ? " " : "",
                                  words[rng_below(&rng, 7)]);
        }
        int width = 2 + (int)rng_below(&rng, 20), lines = 0;
        struct str rest = {text, n};
        do {
            struct str line = text_line(&rest, width);
            too_wide += utf8_width(line) > (size_t)width;
            for (size_t i = 0; i < line.n; i++) {
                if (line.p[i] != ' ') {
                    joined[m++] = line.p[i];
                }
            }
        } while (rest.n > 0 && ++lines < 1000);
        endless += lines >= 1000;
        for (size_t i = 0; i < n; i++) {
            wanted += text[i] != ' ';
            lost += text[i] != ' ' && (wanted > m || joined[wanted - 1] != text[i]);
        }
        lost += wanted != m;
    }
    tap_ok(too_wide == 0, "wrapping: no line is wider than asked");
    tap_ok(lost == 0, "wrapping: every letter stays, in order");
    tap_ok(endless == 0, "wrapping ends");
}

static void test_nomem(void)
{
    int failures = 0;
    bool done = false;
    for (uint64_t nth = 1; nth < 100 && !done; nth++) {
        struct arena *arena = arena_new(0);
        arena_fail_after(arena, nth);
        done = sample(arena) != NULL;
        failures += !done;
        arena_free(arena);
    }
    tap_ok(done && failures > 4, "each allocation may fail (%d did)", failures);
}

int main(void)
{
    test_layout();
    test_cut();
    test_wrap();
    test_nomem();
    return tap_done();
}
