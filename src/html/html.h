/* Writing HTML that cannot come out wrong: a typed builder over a text buffer.
 *
 *     struct html h;
 *     html_init(&h, &buf, arena);
 *     html_open(&h, EL_A);
 *     html_attr_url(&h, AT_HREF, html_path(&h, "/people/{}", html_int(person_id)));
 *     html_attr_class(&h, "person");
 *     html_text(&h, person->name);
 *     html_close(&h, EL_A);
 *     err = html_end(&h);
 *
 * What it promises
 *  - Everything that opens closes, and in the right order: html_close names what it closes.
 *  - An element stands only where HTML allows it (element.def), so that a browser builds the tree
 *    that was meant: no <div> in a <p>, no <a> in an <a>, no <tr> outside a table's body.
 *  - Every value is escaped for the place where it stands.  An attribute has one kind (attr.def)
 *    and is written by the function of that kind; there is no attribute for inline style or
 *    script, no element for them, and no way to insert text that is already HTML.
 *  - Text is UTF-8 without control characters: each byte that is not becomes U+FFFD.
 *  - An address with a scheme outside the list, or one that could lead to another server without
 *    saying so, is left out (the link then leads nowhere) and counted in `n_refused`.
 *
 * Calls return nothing: the first failure sticks, later calls do nothing, html_end() reports it.
 * ERR_INVALID is always a mistake of the program: wrong nesting, an attribute of the wrong kind,
 * twice, or after the content began.  ERR_LIMIT: deeper than HTML_DEPTH_MAX, or the buffer is full.
 *
 * Texts are borrowed for the call only.  Cost: linear in what is written; no allocation but the
 * buffer's. */
#ifndef DUET_HTML_HTML_H
#define DUET_HTML_HTML_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

#define HTML_DEPTH_MAX 64  /* open elements */
#define HTML_PATH_MAX 2048 /* bytes of an address or id made by html_path, html_id */

enum html_element {
#define ELEMENT(name, text, is, holds, bars) EL_##name,
#include "html/element.def"
#undef ELEMENT
    EL__MAX
};

enum html_attr {
#define ATTR(name, text, kind) AT_##name,
#include "html/attr.def"
#undef ATTR
    AT__MAX
};

struct html {
    struct buf *out;
    struct arena *arena; /* what html_path and html_id return lives here */
    enum err err;        /* the first failure */
    int n_refused;       /* addresses left out */
    int depth;           /* open elements */

    enum html_element tag; /* whose start tag is still open for attributes; EL_NONE: none */
    bool fresh;            /* nothing has been written into the innermost element */
    uint64_t given[2];     /* attributes the start tag has, one bit each */
    struct html_level {
        uint8_t element;
        uint32_t holds, bars;
    } levels[HTML_DEPTH_MAX + 1];
};

/* Begins a document or a piece of one. */
void html_init(struct html *h, struct buf *out, struct arena *arena);

/* The first failure, or ERR_INVALID when something is still open. */
MUST_CHECK enum err html_end(struct html *h);

/* <!DOCTYPE html>; only at the very beginning. */
void html_doctype(struct html *h);

/* An element begins.  A void element (EL_BR, EL_INPUT, EL_IMG, EL_SVG_PATH ...) takes no
 * html_close; its attributes follow as for any other. */
void html_open(struct html *h, enum html_element element);

/* The innermost open element ends; it must be `element`. */
void html_close(struct html *h, enum html_element element);

/* Text content, escaped. */
void html_text(struct html *h, struct str text);
void html_text_int(struct html *h, int64_t value);

/* Shorthands: an element with a class ("" or NULL: none) that is left open; one that holds only a
 * text. */
static inline void html_open_class(struct html *h, enum html_element element, const char *tokens);
void html_element(struct html *h, enum html_element element, const char *tokens, struct str text);

/* -- Attributes: directly after html_open, each at most once --------------------------------- */

/* Free text: title, alt, value, placeholder, name, content, datetime, aria-label, data-... */
void html_attr_text(struct html *h, enum html_attr attr, struct str text);

/* An address: href, src, action, formaction, poster.  See html_url_allowed.  An
 * empty one writes nothing. */
void html_attr_url(struct html *h, enum html_attr attr, struct str url);

/* The id of an element, or of one or several it refers to, separated by one space: id, for,
 * aria-labelledby, aria-describedby, aria-controls, headers, list, form.  A letter, then letters,
 * digits, '-' and '_'.  An empty one writes nothing. */
void html_attr_id(struct html *h, enum html_attr attr, struct str id);

/* Class tokens, a constant of the program: "card card-wide"; "" or NULL writes nothing. */
static inline void html_attr_class(struct html *h, const char *tokens);
void html_attr_tokens(struct html *h, struct str tokens); /* the same of a constant's view */

/* A keyword or geometry, a constant of the program: type, rel, role, method, dir, autocomplete, d,
 * viewBox, transform ...; letters, digits, spaces and -_./:;,()#%+ only. */
void html_attr_word(struct html *h, enum html_attr attr, const char *word);

/* A language tag (lang, hreflang): letters, digits and '-'. */
void html_attr_lang(struct html *h, enum html_attr attr, struct str tag);

/* A whole number: maxlength, rows, colspan, min, max, value of <li> ... */
void html_attr_int(struct html *h, enum html_attr attr, int64_t value);

/* A length or a position: at most two decimals, a point in every language; `unit` is "", "%" ... */
void html_attr_number(struct html *h, enum html_attr attr, double value, const char *unit);

/* checked, disabled, required, hidden ...: written only when true.  The aria- states (expanded,
 * invalid, pressed, selected ...) are written as "true" or "false". */
void html_attr_bool(struct html *h, enum html_attr attr, bool on);

/* fill="url(#id)" and the like, for gradients and clip paths of the same page. */
void html_attr_ref(struct html *h, enum html_attr attr, struct str id);

/* -- Addresses and ids ------------------------------------------------------------------------ */

/* Whether an address may stand in a link: https:, http:, mailto:, tel:, or relative to this server
 * ("/x", "?x", "#x", "x/y"), valid UTF-8, no control characters, spaces or backslashes, not
 * beginning with "//".  For addresses that people enter, ask before storing. */
bool html_url_allowed(struct str url);

struct html_arg {
    enum { HTML_ARG_INT, HTML_ARG_TEXT } kind;
    int64_t number;
    struct str text;
};

static inline struct html_arg html_int(int64_t number)
{
    return (struct html_arg){.kind = HTML_ARG_INT, .number = number};
}

static inline struct html_arg html_part(struct str text)
{
    return (struct html_arg){.kind = HTML_ARG_TEXT, .text = text};
}

/* An address: each {} of the pattern, a constant of the program, stands for the next argument,
 * percent-encoded as one part of a path or query ("/" becomes %2F).
 *
 *     html_path(h, "/people?q={}&page={}", html_part(q), html_int(2))
 *
 * Lives in h->arena.  More or fewer arguments than {}, or longer than HTML_PATH_MAX: sticks. */
#define html_path(h, pattern, ...)                                                                 \
    html_path_of((h), (pattern), (const struct html_arg[]){__VA_ARGS__},                           \
                 sizeof((const struct html_arg[]){__VA_ARGS__}) / sizeof(struct html_arg))
struct str html_path_of(struct html *h, const char *pattern, const struct html_arg *args, size_t n);

/* An id of the page ("skill-{}"): the same with whole numbers and texts that are fit for an id. */
#define html_id(h, pattern, ...)                                                                   \
    html_id_of((h), (pattern), (const struct html_arg[]){__VA_ARGS__},                             \
               sizeof((const struct html_arg[]){__VA_ARGS__}) / sizeof(struct html_arg))
struct str html_id_of(struct html *h, const char *pattern, const struct html_arg *args, size_t n);

/* -- Sentences with something in them --------------------------------------------------------- */

/* What a placeholder of a translated sentence stands for. */
struct html_slot {
    const char *name; /* as in "{name}"; for a link, what "{name}" ... "{/name}" encloses */
    enum {
        HTML_SLOT_TEXT,   /* the text */
        HTML_SLOT_PERSON, /* the text, kept apart from the direction of what surrounds it (<bdi>) */
        HTML_SLOT_STRONG, /* the text in <strong> */
        HTML_SLOT_LINK,   /* {name}words{/name} become a link to `text` */
        HTML_SLOT_TIME    /* the text in <time datetime="detail"> */
    } kind;
    struct str text, detail;
};

/* Writes a sentence of the catalogue with its placeholders replaced; a placeholder that no slot
 * names is written as it stands.
 *
 *     html_sentence(h, T(page, "{name} can help. {link}Ask now{/link}"), slots, 2); */
void html_sentence(struct html *h, struct str text, const struct html_slot *slots, size_t n);

/* Inline, so that the lengths of literals are known when this is compiled. */
static inline void html_attr_class(struct html *h, const char *tokens)
{
    if (tokens) {
        html_attr_tokens(h, str_of(tokens));
    }
}

static inline void html_open_class(struct html *h, enum html_element element, const char *tokens)
{
    html_open(h, element);
    html_attr_class(h, tokens);
}

#endif
