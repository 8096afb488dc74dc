/* Reading .mo files in place: checked whole when opened, then looked up by binary search.  Format:
 * GNU gettext manual, "The Format of GNU MO Files" (revision 0; either byte order). */
#include "base/catalog.h"

#include "base/arena.h"
#include "base/catalog_rule.h"
#include "base/utf8.h"

#define MO_MAGIC 0x950412deu
#define MO_MAGIC_SWAPPED 0xde120495u
#define MO_HEADER 28u

struct catalog {
    struct str tag, name, decimal;
    bool rtl;
    struct str bytes; /* n == 0: English */
    bool swapped;
    uint32_t n_texts, originals, translations; /* count, and where the two tables begin */
    struct catalog_rule rule;
};

static const struct catalog english = {
    .tag = {"en", 2},
    .name = {"English", 7},
    .decimal = {".", 1},
};

const struct catalog *catalog_english(void)
{
    return &english;
}

static uint32_t number_at(const struct catalog *c, uint32_t at)
{
    uint32_t x;
    memcpy(&x, c->bytes.p + at, sizeof x);
    return c->swapped ? x >> 24 | (x >> 8 & 0xff00u) | (x << 8 & 0xff0000u) | x << 24 : x;
}

/* Text i of a table, which may hold NULs between plural forms. */
static struct str text_at(const struct catalog *c, uint32_t table, uint32_t i)
{
    uint32_t n = number_at(c, table + 8 * i), at = number_at(c, table + 8 * i + 4);
    return (struct str){c->bytes.p + at, n};
}

/* The part of a text from `from` to the next NUL. */
static struct str form_of(struct str text, size_t from)
{
    const char *p = text.p + from, *nul = memchr(p, '\0', text.n - from);
    return (struct str){p, nul ? (size_t)(nul - p) : text.n - from};
}

/* Whether a text lies in the file, ends in NUL and is UTF-8 in each of its forms. */
static bool is_sound(const struct catalog *c, uint32_t table, uint32_t i)
{
    uint64_t n = number_at(c, table + 8 * i), at = number_at(c, table + 8 * i + 4);
    if (at + n >= c->bytes.n || c->bytes.p[at + n] != '\0') {
        return false;
    }
    struct str text = {c->bytes.p + at, (size_t)n};
    for (size_t from = 0; from <= text.n;) {
        struct str form = form_of(text, from);
        size_t bad;
        if (!utf8_is_valid(form, &bad)) {
            return false;
        }
        from += form.n + 1;
    }
    return true;
}

/* The tables and every text in them; the order that looking up relies on. */
static enum err check_texts(const struct catalog *c)
{
    uint64_t table = 8 * (uint64_t)c->n_texts;
    if (c->n_texts > CATALOG_MAX_TEXTS) {
        return ERR_LIMIT;
    }
    if (c->originals + table > c->bytes.n || c->translations + table > c->bytes.n) {
        return ERR_INVALID;
    }
    for (uint32_t i = 0; i < c->n_texts; i++) {
        if (!is_sound(c, c->originals, i) || !is_sound(c, c->translations, i)) {
            return ERR_INVALID;
        }
        if (i > 0 &&
            strcmp(text_at(c, c->originals, i - 1).p, text_at(c, c->originals, i).p) >= 0) {
            return ERR_INVALID;
        }
    }
    return ERR_OK;
}

/* The value of a line "Key: value" of the header, without blanks around; empty when there is none.
 */
static struct str field_of(struct str header, const char *key)
{
    size_t n = strlen(key);
    while (header.n > 0) {
        const char *end = memchr(header.p, '\n', header.n);
        size_t length = end ? (size_t)(end - header.p) : header.n;
        if (length > n && memcmp(header.p, key, n) == 0 && header.p[n] == ':') {
            return utf8_trim((struct str){header.p + n + 1, length - n - 1});
        }
        length = end ? length + 1 : length;
        header = (struct str){header.p + length, header.n - length};
    }
    return (struct str){"", 0};
}

static bool ends_in(struct str text, const char *end)
{
    size_t n = strlen(end);
    return text.n >= n && memcmp(text.p + text.n - n, end, n) == 0;
}

/* What the header says; a catalogue without one is like English but for its texts. */
static enum err read_header(struct catalog *c)
{
    struct str header = {"", 0};
    if (c->n_texts > 0 && text_at(c, c->originals, 0).n == 0) {
        header = form_of(text_at(c, c->translations, 0), 0);
    }
    struct str type = field_of(header, "Content-Type"), rule = field_of(header, "Plural-Forms");
    struct str decimal = field_of(header, "X-Decimal");
    if (type.n > 0 && !ends_in(type, "charset=UTF-8") && !ends_in(type, "charset=utf-8")) {
        return ERR_INVALID;
    }
    c->name = field_of(header, "X-Name");
    c->name = c->name.n > 0 ? c->name : c->tag;
    c->rtl = str_is(field_of(header, "X-Direction"), "rtl");
    c->decimal = decimal.n > 0 ? decimal : english.decimal;
    return rule.n > 0 ? catalog_rule_read(rule, &c->rule) : ERR_OK;
}

enum err catalog_open(struct arena *arena, struct str tag, struct str bytes,
                      const struct catalog **catalog)
{
    if (bytes.n > CATALOG_MAX_BYTES) {
        return ERR_LIMIT;
    }
    if (bytes.n < MO_HEADER) {
        return ERR_INVALID;
    }
    struct catalog *c = arena_alloc(arena, 1, sizeof *c);
    const char *name = arena_text(arena, tag.p, tag.n);
    if (!c || !name) {
        return ERR_NOMEM;
    }
    c->tag = (struct str){name, tag.n};
    c->bytes = bytes;
    uint32_t magic = number_at(c, 0);
    c->swapped = magic == MO_MAGIC_SWAPPED;
    if ((magic != MO_MAGIC && !c->swapped) || number_at(c, 4) != 0) {
        return ERR_INVALID;
    }
    c->n_texts = number_at(c, 8);
    c->originals = number_at(c, 12);
    c->translations = number_at(c, 16);
    enum err err = check_texts(c);
    if (!err) {
        err = read_header(c);
    }
    if (!err) {
        *catalog = c;
    }
    return err;
}

/* As strcmp of the original with "context" EOT "id", or with the id alone. */
static int compare(const char *original, const char *context, const char *id)
{
    if (context) {
        size_t n = strlen(context);
        int order = strncmp(original, context, n);
        if (order != 0) {
            return order;
        }
        if (original[n] != '\004') {
            return (unsigned char)original[n] < 4 ? -1 : 1;
        }
        original += n + 1;
    }
    return strcmp(original, id);
}

/* The translation of a key with all its forms; false: there is none. */
static bool find(const struct catalog *c, const char *context, const char *id, struct str *text)
{
    uint32_t low = 0, high = c->n_texts;
    if (!context && !id[0]) {
        return false; /* the header is no text */
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare(text_at(c, c->originals, middle).p, context, id);
        if (order == 0) {
            *text = text_at(c, c->translations, middle);
            return text->n > 0;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

struct str catalog_text(const struct catalog *catalog, const char *id)
{
    return catalog_context(catalog, NULL, id);
}

struct str catalog_context(const struct catalog *catalog, const char *context, const char *id)
{
    struct str text;
    return find(catalog, context, id, &text) ? form_of(text, 0) : str_of(id);
}

struct str catalog_plural(const struct catalog *catalog, const char *one, const char *many,
                          int64_t n)
{
    struct str text;
    uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
    if (catalog->rule.n_forms == 0 || !find(catalog, NULL, one, &text)) {
        return str_of(size == 1 ? one : many);
    }
    size_t from = 0;
    for (int32_t form = catalog_rule_form(&catalog->rule, size); form > 0; form--) {
        from += form_of(text, from).n + 1;
        if (from > text.n) {
            from = 0; /* fewer forms than the rule has */
            break;
        }
    }
    return form_of(text, from);
}

bool catalog_has(const struct catalog *catalog, const char *id)
{
    struct str text;
    return catalog->bytes.n == 0 || find(catalog, NULL, id, &text);
}

struct str catalog_tag(const struct catalog *catalog)
{
    return catalog->tag;
}

struct str catalog_name(const struct catalog *catalog)
{
    return catalog->name;
}

struct str catalog_decimal(const struct catalog *catalog)
{
    return catalog->decimal;
}

bool catalog_is_rtl(const struct catalog *catalog)
{
    return catalog->rtl;
}
