/* Writes random documents with the builder, and beside each the tree that was meant, for
 * builder.t.mjs to compare with what a browser's parser makes of them:
 *
 *     builder_random SEED COUNT
 *
 * Lines, with % before two hexadecimal digits where needed: "H html", then the tree: "(name",
 * "Aname value", "-text", ")". */
#include "html/html.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>

#define STEPS 160

static const char *const element_names[] = {
#define ELEMENT(name, text, is, holds, bars) text,
#include "html/element.def"
#undef ELEMENT
};

static const char *const attr_names[] = {
#define ATTR(name, text, kind) text,
#include "html/attr.def"
#undef ATTR
};

/* What parsers stumble over. */
static const char *const texts[] = {
    "a",
    " ",
    "\n",
    "\nx",
    "<",
    ">",
    "&",
    "&amp;",
    "&lt",
    "&#60;",
    "\"'`=",
    "</p>",
    "</textarea>",
    "</title>",
    "<!-- x -->",
    "]]>",
    "<script>alert(1)</script>",
    "\t tab",
    "\xC3\xA9\xF0\x9F\x8C\xB1",
    "\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A",
    "\xE2\x80\xAE",
    "\xEF\xBB\xBF",
    "{name}",
    "javascript:alert(1)",
};
#define N_TEXTS (sizeof texts / sizeof *texts)

struct made {
    struct html h;
    struct buf html, tree;
    struct rng rng;
    enum html_element open[HTML_DEPTH_MAX + 1];
    int ids;
};

static void add_encoded(struct buf *buf, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '%') {
            buf_addf(buf, "%%%02X", c);
        } else {
            buf_add_char(buf, (char)c);
        }
    }
}

static void note(struct made *made, const char *sign, const char *name, struct str value, bool has)
{
    buf_add_text(&made->tree, sign);
    buf_add_text(&made->tree, name);
    if (has) {
        buf_add_char(&made->tree, ' ');
        add_encoded(&made->tree, value);
    }
    buf_add_char(&made->tree, '\n');
}

static struct str pick(struct made *made)
{
    return str_of(texts[rng_below(&made->rng, N_TEXTS)]);
}

/* Whether the last call was refused; then it is as if it had not been made. */
static bool refused(struct made *made, const struct html *before)
{
    if (!made->h.err) {
        return false;
    }
    made->h = *before;
    return true;
}

/* A random attribute by a random writer; most are refused. */
static void try_attr(struct made *made)
{
    struct html before = made->h;
    enum html_attr attr = (enum html_attr)rng_below(&made->rng, AT__MAX);
    struct str value = pick(made);
    int n_refused = made->h.n_refused;
    char word[24];
    switch (rng_below(&made->rng, 6)) {
    case 0:
        html_attr_text(&made->h, attr, value);
        break;
    case 1:
        html_attr_url(&made->h, attr, value);
        if (made->h.n_refused != n_refused) {
            return; /* left out, so the tree has none */
        }
        break;
    case 2:
        snprintf(word, sizeof word, "id-%d", ++made->ids);
        value = str_of(word);
        html_attr_id(&made->h, attr, value);
        break;
    case 3:
        value = str_of("some words");
        html_attr_word(&made->h, attr, "some words");
        break;
    case 4:
        value = str_of("-12");
        html_attr_int(&made->h, attr, -12);
        break;
    default:
        value = str_of("8.5%");
        html_attr_number(&made->h, attr, 8.5, "%");
        break;
    }
    if (!refused(made, &before)) {
        note(made, "A", attr_names[attr], value, true);
    }
}

static bool is_void(const struct made *made, int depth_before)
{
    return made->h.depth == depth_before;
}

static void try_open(struct made *made)
{
    struct html before = made->h;
    enum html_element element = (enum html_element)(1 + rng_below(&made->rng, EL__MAX - 1));
    if (element == EL_HTML || made->h.depth > 20) {
        return;
    }
    html_open(&made->h, element);
    if (refused(made, &before)) {
        return;
    }
    note(made, "(", element_names[element], str_of(""), false);
    for (int i = 0; i < 12; i++) {
        try_attr(made);
    }
    if (is_void(made, before.depth)) {
        note(made, ")", "", str_of(""), false);
    } else {
        made->open[made->h.depth] = element;
    }
}

static void step(struct made *made)
{
    struct html before = made->h;
    switch (rng_below(&made->rng, 4)) {
    case 0:
        if (made->h.depth > 0) {
            html_close(&made->h, made->open[made->h.depth]);
            note(made, ")", "", str_of(""), false);
        }
        break;
    case 1: {
        struct str text = pick(made);
        html_text(&made->h, text);
        if (!refused(made, &before)) {
            note(made, "-", "", text, true);
        }
        break;
    }
    default:
        for (int i = 0; i < 4; i++) { /* most elements do not fit */
            try_open(made);
        }
        break;
    }
}

static void write_one(struct made *made)
{
    struct str html, tree;
    for (int i = 0; i < STEPS; i++) {
        step(made);
    }
    while (made->h.depth > 0) {
        html_close(&made->h, made->open[made->h.depth]);
        note(made, ")", "", str_of(""), false);
    }
    struct buf line;
    buf_init(&line, made->h.arena, 16u << 20);
    if (html_end(&made->h) || buf_end(&made->html, &html) || buf_end(&made->tree, &tree)) {
        fprintf(stderr, "builder_random: %s\n", err_name(made->h.err));
        exit(1);
    }
    add_encoded(&line, html);
    printf("H %.*s\n%.*s", (int)line.n, line.p ? line.p : "", (int)tree.n, tree.p);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    long count = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
    for (long i = 0; i < count; i++) {
        struct made made = {.rng = rng_seed(seed * 1000003 + (uint64_t)i)};
        struct arena *arena = arena_new(256u << 20);
        buf_init(&made.html, arena, 8u << 20);
        buf_init(&made.tree, arena, 8u << 20);
        html_init(&made.h, &made.html, arena);
        write_one(&made);
        arena_free(arena);
    }
    return 0;
}
