/* The builder: a stack of open elements with what each may hold, and one writer per kind of value;
 * html.h is the manual, element.def and attr.def are the rules. */
#include "html/html.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <assert.h>

/* What an element is, and what others hold. */
enum {
    IS_ROOT = 1 << 0,
    IS_HEAD = 1 << 1,
    IS_BODY = 1 << 2,
    IS_META = 1 << 3,
    IS_FLOW = 1 << 4,
    IS_PHRASE = 1 << 5,
    IS_TEXT = 1 << 6,
    IS_HEADING = 1 << 7,
    IS_ITEM = 1 << 8,
    IS_TERM = 1 << 9,
    IS_GROUP = 1 << 10,
    IS_ROWS = 1 << 11,
    IS_ROW = 1 << 12,
    IS_CELL = 1 << 13,
    IS_COLUMN = 1 << 14,
    IS_LEGEND = 1 << 15,
    IS_OPTION = 1 << 16,
    IS_OPTGROUP = 1 << 17,
    IS_SUMMARY = 1 << 18,
    IS_FIGCAPTION = 1 << 19,
    IS_SOURCE = 1 << 20,
    IS_SHAPE = 1 << 21,
    IS_PAINT = 1 << 22,
    IS_STOP = 1 << 23,
    IS_TSPAN = 1 << 24,

    KIND_ACTIVE = 1 << 25,
    KIND_FORM = 1 << 26,
    KIND_LABEL = 1 << 27,
    KIND_TABLE = 1 << 28,
    KIND_MAIN = 1 << 29,

    HOLDS_PHRASE = IS_PHRASE | IS_TEXT,
    HOLDS_FLOW = IS_FLOW | HOLDS_PHRASE,
    HOLDS_SHAPES = IS_SHAPE,
    HOLDS_NOTHING = 0,
    HOLDS_VOID = 1 << 30, /* also the mark of a void element ... */
    HOLDS_LEAF = 1 << 29, /* ... of an SVG element that is written with "/>" ... */
    AS_PARENT = 1 << 28   /* ... and of one that holds what its parent holds */
};

#define CONSTANT(text)                                                                             \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

struct rule {
    struct str begin, end; /* "<div", "</div>" */
    uint32_t is, holds, bars;
};

static const struct rule rules[EL__MAX] = {
#define ELEMENT(name, text, is, holds, bars)                                                       \
    {CONSTANT("<" text), CONSTANT("</" text ">"), is, holds, bars},
#include "html/element.def"
#undef ELEMENT
};

enum kind {
    KIND_TEXT,
    KIND_URL,
    KIND_ID,
    KIND_CLASS,
    KIND_WORD,
    KIND_LANG,
    KIND_INT,
    KIND_NUMBER,
    KIND_BOOL,
    KIND_STATE,
    KIND_PAINT
};

struct attr {
    struct str begin; /* ` class="` */
    enum kind kind;
};

static const struct attr attrs[AT__MAX] = {
#define ATTR(name, text, kind) {CONSTANT(" " text "=\""), KIND_##kind},
#include "html/attr.def"
#undef ATTR
};

static_assert(AT__MAX <= 128, "struct html has a bit for each attribute");
static_assert(EL__MAX <= 256, "struct html_level holds an element in a byte");

#define HTML_PAGE_SIZE 16000 /* bytes of most pages */

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD in UTF-8 */

static void fail(struct html *h, enum err err)
{
    if (!h->err) {
        h->err = err;
    }
}

void html_init(struct html *h, struct buf *out, struct arena *arena)
{
    *h = (struct html){.out = out, .arena = arena};
    h->levels[0] = (struct html_level){.element = EL_NONE, .holds = HOLDS_FLOW | IS_ROOT};
}

/* Appends three views at once. */
static void put(struct html *h, struct str a, struct str b, struct str c)
{
    char *place = buf_room(h->out, a.n + b.n + c.n);
    if (place) {
        memcpy(place, a.p, a.n);
        memcpy(place + a.n, b.p, b.n);
        memcpy(place + a.n + b.n, c.p, c.n);
    }
}

static const struct str none = CONSTANT(""), quote = CONSTANT("\"");

/* What ends the start tag that is still open; it counts as ended. */
static struct str tag_end(struct html *h)
{
    static const struct str plain = CONSTANT(">"), leaf = CONSTANT("/>");
    if (h->tag == EL_NONE) {
        return none;
    }
    bool is_leaf = rules[h->tag].holds == HOLDS_LEAF;
    h->tag = EL_NONE;
    return is_leaf ? leaf : plain;
}

enum err html_end(struct html *h)
{
    if (!h->err) {
        put(h, tag_end(h), none, none);
        if (h->depth > 0) {
            fail(h, ERR_INVALID);
        }
    }
    return h->err ? h->err : h->out->err;
}

void html_doctype(struct html *h)
{
    if (h->out->n > 0) {
        fail(h, ERR_INVALID);
    }
    if (!h->err) {
        buf_expect(h->out, HTML_PAGE_SIZE);
        buf_add_text(h->out, "<!DOCTYPE html>\n");
    }
}

void html_open(struct html *h, enum html_element element)
{
    if (h->err) {
        return;
    }
    const struct html_level *in = &h->levels[h->depth];
    const struct rule *rule = &rules[element];
    if (element == EL_NONE || !(in->holds & rule->is) || (in->bars & rule->is)) {
        fail(h, ERR_INVALID);
        return;
    }
    put(h, tag_end(h), rule->begin, none);
    h->tag = element;
    h->given[0] = h->given[1] = 0;
    h->fresh = false;
    if (rule->holds == HOLDS_VOID || rule->holds == HOLDS_LEAF) {
        return;
    }
    if (h->depth == HTML_DEPTH_MAX) {
        fail(h, ERR_LIMIT);
        return;
    }
    struct html_level *level = &h->levels[++h->depth];
    level->element = (uint8_t)element;
    level->holds = rule->holds == AS_PARENT ? in->holds & HOLDS_FLOW : rule->holds;
    level->bars = in->bars | rule->bars;
    h->fresh = true;
}

void html_close(struct html *h, enum html_element element)
{
    if (h->err) {
        return;
    }
    if (h->depth == 0 || h->levels[h->depth].element != element) {
        fail(h, ERR_INVALID);
        return;
    }
    put(h, tag_end(h), rules[element].end, none);
    h->depth--;
    h->fresh = false;
}

/* A set of bytes, a bit for each. */
struct set {
    uint32_t bits[8];
};

#define BIT(c) (1u << ((c)&31))
#define LETTERS 0x07fffffeu /* in the third and the fourth word */
#define DIGITS 0x03ff0000u  /* in the second */

static bool has(const struct set *set, char c)
{
    unsigned char byte = (unsigned char)c;
    return set->bits[byte >> 5] >> (byte & 31) & 1u;
}

/* What text may hold as it is: printable ASCII, tab and line feed, without & < > ". */
static const struct set plain = {
    {BIT('\t') | BIT('\n'), ~(BIT('"') | BIT('&') | BIT('<') | BIT('>')), ~0u, ~BIT(0x7f)}};

/* What stands for the character at the start of a text that is not plain, p == NULL when it stands
 * for itself; *n bytes are consumed.  A carriage return becomes a line feed as it would in a
 * parser: CR LF is one. */
static struct str escape(struct str text, size_t *n)
{
    int32_t code = 0;
    *n = 1;
    switch (text.p[0]) {
    case '&':
        return str_of("&amp;");
    case '<':
        return str_of("&lt;");
    case '>':
        return str_of("&gt;");
    case '"':
        return str_of("&quot;");
    case '\r':
        *n = text.n > 1 && text.p[1] == '\n' ? 2 : 1;
        return str_of("\n");
    default:
        break;
    }
    size_t length = utf8_next(text, &code);
    if (length == 0 || code < 0xA0) { /* invalid, or a control character */
        *n = length ? length : 1;
        return str_of(replacement);
    }
    *n = length;
    return (struct str){NULL, 0};
}

/* How many bytes of a text from its start are plain, eight looked at together; perhaps some fewer.
 */
static size_t n_plain(struct str text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    size_t at = 0;
    while (text.n - at >= sizeof ones) {
        uint64_t w;
        memcpy(&w, text.p + at, sizeof w);
        uint64_t amp = (w | ones * 4) ^ ones * 0x26, less = (w | ones * 2) ^ ones * 0x3e;
        uint64_t bad = w | (w + ones);                          /* above ASCII, and 0x7f */
        bad |= (w - ones * 0x20) & ~w;                          /* control characters */
        bad |= ((amp - ones) & ~amp) | ((less - ones) & ~less); /* " & and < > */
        if (bad & tops) {
            break;
        }
        at += sizeof w;
    }
    return at;
}

/* Appends a text, escaped for content and for a quoted attribute alike. */
static void add_escaped(struct buf *out, struct str text)
{
    size_t from = 0, at = n_plain(text);
    if (text.n == 0) {
        return;
    }
    while (at < text.n) {
        if (has(&plain, text.p[at])) {
            at++;
            continue;
        }
        size_t n;
        struct str as = escape((struct str){text.p + at, text.n - at}, &n);
        if (as.p) { /* else part of the run */
            buf_add(out, (struct str){text.p + from, at - from});
            buf_add(out, as);
            from = at + n;
        }
        at += n;
    }
    buf_add(out, (struct str){text.p + from, at - from});
}

/* Whether text may stand here; ends an open start tag. */
static bool text_begin(struct html *h)
{
    if (h->err) {
        return false;
    }
    if (!(h->levels[h->depth].holds & IS_TEXT)) {
        fail(h, ERR_INVALID);
        return false;
    }
    put(h, tag_end(h), none, none);
    return true;
}

void html_text(struct html *h, struct str text)
{
    if (text.n == 0 || !text_begin(h)) {
        return;
    }
    enum html_element in = h->levels[h->depth].element;
    /* A parser drops a line feed directly after these start tags. */
    if (h->fresh && (in == EL_TEXTAREA || in == EL_PRE) &&
        (text.p[0] == '\n' || text.p[0] == '\r')) {
        buf_add_char(h->out, '\n');
    }
    add_escaped(h->out, text);
    h->fresh = false;
}

void html_text_int(struct html *h, int64_t value)
{
    if (text_begin(h)) {
        buf_add_int(h->out, value);
        h->fresh = false;
    }
}

void html_element(struct html *h, enum html_element element, const char *tokens, struct str text)
{
    html_open_class(h, element, tokens);
    html_text(h, text);
    html_close(h, element);
}

/* Whether the attribute is of one of the kinds (bits) and may stand here; it counts as given. */
static bool attr_take(struct html *h, enum html_attr attr, unsigned kinds)
{
    uint64_t bit = (uint64_t)1 << (attr % 64u);
    if (h->err) {
        return false;
    }
    if (h->tag == EL_NONE || !(kinds >> attrs[attr].kind & 1u) || (h->given[attr / 64u] & bit)) {
        fail(h, ERR_INVALID);
        return false;
    }
    h->given[attr / 64u] |= bit;
    return true;
}

/* The same, and begins it: ` name="`; attr_end ends it. */
static bool attr_begin(struct html *h, enum html_attr attr, unsigned kinds)
{
    if (!attr_take(h, attr, kinds)) {
        return false;
    }
    buf_add(h->out, attrs[attr].begin);
    return true;
}

static void attr_end(struct html *h)
{
    char *place = buf_room(h->out, 1);
    if (place) {
        *place = '"';
    }
}

/* Writes a value of which every byte is known to be harmless. */
static void attr_plain(struct html *h, enum html_attr attr, unsigned kinds, struct str value)
{
    if (attr_take(h, attr, kinds)) {
        put(h, attrs[attr].begin, value, quote);
    }
}

void html_attr_text(struct html *h, enum html_attr attr, struct str text)
{
    if (attr_begin(h, attr, 1u << KIND_TEXT)) {
        add_escaped(h->out, text);
        attr_end(h);
    }
}

void html_attr_url(struct html *h, enum html_attr attr, struct str url)
{
    if (url.n == 0) {
        return;
    }
    if (!html_url_allowed(url)) {
        h->n_refused++;
        return;
    }
    if (attr_begin(h, attr, 1u << KIND_URL)) {
        add_escaped(h->out, url);
        attr_end(h);
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Ids separated by one space each, every one a letter and then letters, digits, '-', '_'. */
static bool is_ids(struct str ids)
{
    bool begins = true;
    for (size_t i = 0; i < ids.n; i++) {
        char c = ids.p[i];
        if (begins ? !is_letter(c)
                   : !(is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == ' ')) {
            return false;
        }
        begins = c == ' ';
    }
    return !begins;
}

void html_attr_id(struct html *h, enum html_attr attr, struct str id)
{
    if (id.n == 0) {
        return;
    }
    if (!is_ids(id)) {
        fail(h, ERR_INVALID);
        return;
    }
    attr_plain(h, attr, 1u << KIND_ID, id);
}

/* Whether a constant of the program has bytes of a set only, and some. */
static bool is_word(struct str word, const struct set *set)
{
    for (size_t i = 0; i < word.n; i++) {
        if (!has(set, word.p[i])) {
            return false;
        }
    }
    return word.n > 0;
}

void html_attr_tokens(struct html *h, struct str tokens)
{
    static const struct set set = {{0, DIGITS | BIT(' ') | BIT('-'), LETTERS | BIT('_'), LETTERS}};
    if (tokens.n == 0) {
        return;
    }
    if (!is_word(tokens, &set)) {
        fail(h, ERR_INVALID);
        return;
    }
    attr_plain(h, AT_CLASS, 1u << KIND_CLASS, tokens);
}

void html_attr_word(struct html *h, enum html_attr attr, const char *word)
{
    static const struct set set = {{0,
                                    DIGITS | BIT(' ') | BIT('-') | BIT('.') | BIT('/') | BIT(':') |
                                        BIT(';') | BIT(',') | BIT('(') | BIT(')') | BIT('#') |
                                        BIT('%') | BIT('+') | BIT('*'),
                                    LETTERS | BIT('_'), LETTERS}};
    struct str text = str_of(word);
    if (!is_word(text, &set)) {
        fail(h, ERR_INVALID);
        return;
    }
    attr_plain(h, attr, 1u << KIND_WORD | 1u << KIND_PAINT, text);
}

void html_attr_lang(struct html *h, enum html_attr attr, struct str tag)
{
    static const struct set set = {{0, DIGITS | BIT('-'), LETTERS, LETTERS}};
    if (!is_word(tag, &set)) {
        fail(h, ERR_INVALID);
        return;
    }
    attr_plain(h, attr, 1u << KIND_LANG, tag);
}

void html_attr_int(struct html *h, enum html_attr attr, int64_t value)
{
    char text[BUF_DIGITS];
    if (attr_take(h, attr, 1u << KIND_INT | 1u << KIND_NUMBER | 1u << KIND_TEXT)) {
        put(h, attrs[attr].begin, buf_digits(text, value), quote);
    }
}

/* Hundredths, rounded half away from zero, without zeros at the end. */
static struct str hundredths(char text[BUF_DIGITS], double value)
{
    int64_t cents = (int64_t)(value * 100 + (value < 0 ? -0.5 : 0.5));
    unsigned part = (unsigned)((cents < 0 ? -cents : cents) % 100);
    char *end = text + BUF_DIGITS, *at = end;
    if (part % 10) {
        *--at = (char)('0' + part % 10);
    }
    if (part) {
        *--at = (char)('0' + part / 10);
        *--at = '.';
    }
    uint64_t whole = (uint64_t)(cents < 0 ? -cents : cents) / 100;
    do {
        *--at = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);
    if (cents < 0) {
        *--at = '-';
    }
    return (struct str){at, (size_t)(end - at)};
}

void html_attr_number(struct html *h, enum html_attr attr, double value, const char *unit)
{
    static const struct set set = {{0, DIGITS | BIT('%'), LETTERS, LETTERS}};
    struct str sign = str_of(unit);
    char text[BUF_DIGITS];
    if (!(value >= -1e6 && value <= 1e6) || (sign.n && !is_word(sign, &set))) {
        fail(h, ERR_INVALID);
        return;
    }
    if (attr_take(h, attr, 1u << KIND_NUMBER)) {
        put(h, attrs[attr].begin, hundredths(text, value), sign);
        attr_end(h);
    }
}

void html_attr_bool(struct html *h, enum html_attr attr, bool on)
{
    if (attrs[attr].kind == KIND_STATE) {
        attr_plain(h, attr, 1u << KIND_STATE, str_of(on ? "true" : "false"));
    } else if (on) {
        attr_plain(h, attr, 1u << KIND_BOOL, (struct str){"", 0});
    }
}

void html_attr_ref(struct html *h, enum html_attr attr, struct str id)
{
    if (!is_ids(id) || memchr(id.p, ' ', id.n)) {
        fail(h, ERR_INVALID);
        return;
    }
    if (attr_begin(h, attr, 1u << KIND_PAINT)) {
        buf_add_text(h->out, "url(#");
        buf_add(h->out, id);
        buf_add_text(h->out, ")");
        attr_end(h);
    }
}
