/* The builder: escaping by place, what it refuses, addresses, sentences.  That browsers build the
 * tree that was meant is checked with random documents in builder.t.mjs. */
#include "html/html.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tap.h"

#include <stdlib.h>

struct page {
    struct arena *arena;
    struct buf buf;
    struct html h;
};

static void begin(struct page *page)
{
    page->arena = arena_new(1u << 22);
    buf_init(&page->buf, page->arena, 1u << 20);
    html_init(&page->h, &page->buf, page->arena);
}

/* The text, or the name of the failure; the page is over. */
static const char *finish(struct page *page)
{
    static char text[4096];
    struct str all = {"", 0};
    enum err err = html_end(&page->h);
    if (!err) {
        err = buf_end(&page->buf, &all);
    }
    snprintf(text, sizeof text, "%.*s", (int)all.n, all.p);
    if (err) {
        snprintf(text, sizeof text, "%s", err_name(err));
    }
    arena_free(page->arena);
    return text;
}

static void test_escaping(void)
{
    struct page page;
    begin(&page);
    html_open(&page.h, EL_P);
    html_attr_text(&page.h, AT_TITLE, str_of("\"><script>'&"));
    html_text(&page.h, str_of("1 < 2 & \"3\" > '2' \xC3\xA9"));
    html_close(&page.h, EL_P);
    tap_text(finish(&page),
             "<p title=\"&quot;&gt;&lt;script&gt;'&amp;\">1 &lt; 2 &amp; &quot;3&quot; &gt; '2' "
             "\xC3\xA9</p>",
             "content and attributes are escaped");

    begin(&page);
    html_text(&page.h, str_of("&amp;"));
    html_text(&page.h, str_of("&lt;"));
    tap_text(finish(&page), "&amp;amp;&amp;lt;", "text that looks escaped is escaped again");

    begin(&page);
    html_text(&page.h, (struct str){"a\0b\x01\x7f\xff\xc0\x80\xed\xa0\x80\xc2\x85z", 14});
    tap_text(finish(&page),
             "a\xEF\xBF\xBD"
             "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
             "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz",
             "what is not UTF-8 or a control character becomes U+FFFD");

    begin(&page);
    html_text(&page.h, str_of("a\r\nb\rc\td"));
    tap_text(finish(&page), "a\nb\nc\td", "line ends as a parser makes them");

    begin(&page);
    html_open(&page.h, EL_TEXTAREA);
    html_text(&page.h, str_of(""));
    html_text(&page.h, str_of("\nx</textarea>"));
    html_close(&page.h, EL_TEXTAREA);
    tap_text(finish(&page), "<textarea>\n\nx&lt;/textarea&gt;</textarea>",
             "the first line feed of a textarea is not lost");
}

static void test_attributes(void)
{
    struct page page;
    begin(&page);
    html_open(&page.h, EL_INPUT);
    html_attr_id(&page.h, AT_ID, str_of("a-1"));
    html_attr_id(&page.h, AT_ARIA_DESCRIBEDBY, str_of("a-1-hint a-1-error"));
    html_attr_class(&page.h, "input input-wide");
    html_attr_word(&page.h, AT_TYPE, "text");
    html_attr_int(&page.h, AT_MAXLENGTH, -3);
    html_attr_bool(&page.h, AT_REQUIRED, true);
    html_attr_bool(&page.h, AT_DISABLED, false);
    html_attr_bool(&page.h, AT_ARIA_INVALID, false);
    html_attr_class(&page.h, "");
    html_attr_id(&page.h, AT_FOR, str_of(""));
    tap_text(finish(&page),
             "<input id=\"a-1\" aria-describedby=\"a-1-hint a-1-error\" class=\"input input-wide\" "
             "type=\"text\" maxlength=\"-3\" required=\"\" aria-invalid=\"false\">",
             "every kind of attribute");

    begin(&page);
    html_open(&page.h, EL_SVG);
    html_open(&page.h, EL_SVG_RECT);
    html_attr_number(&page.h, AT_X, 12.345, "%");
    html_attr_number(&page.h, AT_Y, -0.001, "");
    html_attr_number(&page.h, AT_RX, 2.5, "");
    html_attr_ref(&page.h, AT_FILL, str_of("g1"));
    html_close(&page.h, EL_SVG);
    tap_text(finish(&page), "<svg><rect x=\"12.35%\" y=\"0\" rx=\"2.5\" fill=\"url(#g1)\"/></svg>",
             "lengths have two decimals and a point");
}

/* Each case must leave the builder with ERR_INVALID. */
static void test_refusals(void)
{
    static const struct {
        const char *name;
        enum html_element outer[3], inner;
    } nestings[] = {
        {"a div in a p", {EL_P}, EL_DIV},
        {"a p in a p", {EL_P}, EL_P},
        {"a list in a p through a span", {EL_P, EL_SPAN}, EL_UL},
        {"a link in a link", {EL_A, EL_SPAN}, EL_A},
        {"a div in a link in a p", {EL_P, EL_A}, EL_DIV},
        {"a button in a link", {EL_A}, EL_BUTTON},
        {"an input in a button", {EL_BUTTON}, EL_INPUT},
        {"a form in a form", {EL_FORM, EL_DIV}, EL_FORM},
        {"a label in a label", {EL_LABEL}, EL_LABEL},
        {"a row without a body", {EL_TABLE}, EL_TR},
        {"a div in a table", {EL_TABLE}, EL_DIV},
        {"a cell outside a row", {EL_TABLE, EL_TBODY}, EL_TD},
        {"an item outside a list", {EL_DIV}, EL_LI},
        {"a div in a list", {EL_UL}, EL_DIV},
        {"a heading in a heading", {EL_H2}, EL_H3},
        {"an option outside a select", {EL_DIV}, EL_OPTION},
        {"a div in an svg", {EL_SVG}, EL_DIV},
        {"a shape outside an svg", {EL_DIV}, EL_SVG_PATH},
        {"a second main", {EL_MAIN}, EL_MAIN},
        {"a script in a paragraph", {EL_P}, EL_SCRIPT},
        {"a meta in the body", {EL_DIV}, EL_META},
        {"html in a div", {EL_DIV}, EL_HTML},
        {"an element of no name", {EL_DIV}, EL_NONE},
        {"a table in the caption of a table", {EL_TABLE, EL_CAPTION}, EL_TABLE},
    };
    struct page page;
    for (size_t i = 0; i < sizeof nestings / sizeof *nestings; i++) {
        begin(&page);
        for (int k = 0; k < 3 && nestings[i].outer[k] != EL_NONE; k++) {
            html_open(&page.h, nestings[i].outer[k]);
        }
        tap_ok(!page.h.err, "before %s nothing is wrong", nestings[i].name);
        html_open(&page.h, nestings[i].inner);
        tap_text(finish(&page), "invalid", "refuses %s", nestings[i].name);
    }
}

static void refuse(const char *what, struct page *page)
{
    tap_text(finish(page), "invalid", "refuses %s", what);
}

static void test_misuse(void)
{
    struct page page;
    begin(&page);
    html_open(&page.h, EL_DIV);
    refuse("an element that is not closed", &page);
    begin(&page);
    html_open(&page.h, EL_DIV);
    html_open(&page.h, EL_P);
    html_close(&page.h, EL_DIV);
    refuse("closing in the wrong order", &page);
    begin(&page);
    html_close(&page.h, EL_DIV);
    refuse("closing what is not open", &page);
    begin(&page);
    html_open(&page.h, EL_BR);
    html_close(&page.h, EL_BR);
    refuse("closing a void element", &page);
    begin(&page);
    html_open(&page.h, EL_UL);
    html_text(&page.h, str_of("x"));
    refuse("text in a list", &page);
    begin(&page);
    html_open(&page.h, EL_SPAN);
    html_text(&page.h, str_of("x"));
    html_attr_text(&page.h, AT_TITLE, str_of("late"));
    refuse("an attribute after the content", &page);
    begin(&page);
    html_open(&page.h, EL_BR);
    html_attr_text(&page.h, AT_TITLE, str_of("a"));
    html_attr_text(&page.h, AT_TITLE, str_of("b"));
    refuse("an attribute twice", &page);
    begin(&page);
    html_open(&page.h, EL_A);
    html_attr_text(&page.h, AT_HREF, str_of("javascript:alert(1)"));
    refuse("an address written as text", &page);
    begin(&page);
    html_open(&page.h, EL_BR);
    html_attr_id(&page.h, AT_ID, str_of("1a"));
    refuse("an id that begins with a digit", &page);
    begin(&page);
    html_open(&page.h, EL_BR);
    html_attr_word(&page.h, AT_ROLE, "a\"b");
    refuse("a keyword with a quote", &page);
    begin(&page);
    html_open(&page.h, EL_BR);
    html_attr_lang(&page.h, AT_LANG, str_of("en\" x"));
    refuse("a language tag with a quote", &page);
    begin(&page);
    html_open_class(&page.h, EL_DIV, "a;b");
    refuse("a class that is none", &page);
    begin(&page);
    html_open(&page.h, EL_SVG);
    html_attr_number(&page.h, AT_WIDTH, 0.0 / 0.0, "");
    refuse("a length that is no number", &page);
    begin(&page);
    html_open(&page.h, EL_SVG);
    html_attr_number(&page.h, AT_WIDTH, 1, "px\"");
    refuse("a unit with a quote", &page);
    begin(&page);
    html_open(&page.h, EL_SVG);
    html_open(&page.h, EL_SVG_RECT);
    html_attr_ref(&page.h, AT_FILL, str_of("a b"));
    refuse("a reference to two ids", &page);
    begin(&page);
    html_text(&page.h, str_of("x"));
    html_doctype(&page.h);
    refuse("a doctype that is not first", &page);

    begin(&page);
    for (int i = 0; i <= HTML_DEPTH_MAX; i++) {
        html_open(&page.h, EL_DIV);
    }
    tap_text(finish(&page), "limit reached", "stops at the greatest depth");
}

static void test_addresses(void)
{
    static const char *const good[] = {
        "/",    "/people/1?q=a:b#c", "?q=1",       "#main",  "x/y", "https://example.org/",
        "x?:y", "HTTP://a",          "mailto:a@b", "tel:+1",
    };
    static const char *const bad[] = {
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "//example.org",
        "/\\example.org",
        "java\tscript:x",
        " javascript:x",
        "\x01https:x",
        "/a b",
        "blob:x",
        "httpsx:y",
        "x\xff",
        "file:///x",
        "https\n:x",
    };
    struct page page;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tap_ok(html_url_allowed(str_of(good[i])), "allows %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin(&page);
        html_open(&page.h, EL_A);
        html_attr_url(&page.h, AT_HREF, str_of(bad[i]));
        html_close(&page.h, EL_A);
        tap_ok(page.h.n_refused == 1, "an address is counted as refused");
        tap_text(finish(&page), "<a></a>", "leaves out address %zu", i);
    }
    begin(&page);
    html_open(&page.h, EL_A);
    html_attr_url(
        &page.h, AT_HREF,
        html_path(&page.h, "/people/{}?q={}", html_int(-7), html_part(str_of("a/b&c ?\xC3\xA9"))));
    html_attr_id(&page.h, AT_ID, html_id(&page.h, "p-{}-x", html_int(3)));
    html_close(&page.h, EL_A);
    tap_text(finish(&page), "<a href=\"/people/-7?q=a%2Fb%26c%20%3F%C3%A9\" id=\"p-3-x\"></a>",
             "addresses and ids are made from parts");
    begin(&page);
    struct str made = html_path(&page.h, "/{}/{}", html_int(1));
    tap_ok(made.n == 0, "an address with too few parts is empty");
    refuse("an address with too few parts", &page);
    begin(&page);
    made = html_path(&page.h, "/{}", html_int(1), html_int(2));
    refuse("an address with too many parts", &page);
    char text[HTML_PATH_MAX];
    memset(text, '/', sizeof text);
    begin(&page);
    made = html_path(&page.h, "/{}", html_part((struct str){text, sizeof text}));
    tap_text(finish(&page), "limit reached", "an address that is too long");
}

static void test_sentences(void)
{
    const struct html_slot slots[] = {
        {.name = "who", .kind = HTML_SLOT_PERSON, .text = {"A<b", 3}},
        {.name = "what", .kind = HTML_SLOT_STRONG, .text = {"X", 1}},
        {.name = "link", .kind = HTML_SLOT_LINK, .text = {"/a", 2}},
        {.name = "n", .kind = HTML_SLOT_TEXT, .text = {"<3", 2}},
        {.name = "when", .kind = HTML_SLOT_TIME, .text = {"now", 3}, .detail = {"2027-01-01", 10}},
    };
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"{n}", "&lt;3"},
        {"{who} & {what}", "<bdi>A&lt;b</bdi> &amp; <strong>X</strong>"},
        {"Go {link}there, {who}{/link}!", "Go <a href=\"/a\">there, <bdi>A&lt;b</bdi></a>!"},
        {"{when}: {other} {", "<time datetime=\"2027-01-01\">now</time>: {other} {"},
        {"{link}never closed", "<a href=\"/a\">never closed</a>"},
        {"{/link} {link}a{link}b{/link}", "{/link} <a href=\"/a\">a{link}b</a>"},
        {"", ""},
    };
    struct page page;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(&page);
        html_sentence(&page.h, str_of(cases[i].text), slots, 5);
        tap_text(finish(&page), cases[i].html, "sentence %zu", i);
    }
}

/* Every allocation in turn fails: reported, and nothing is written afterwards. */
static void test_memory(void)
{
    int failed = 0;
    for (uint64_t nth = 1; nth < 40; nth++) {
        struct page page;
        begin(&page);
        arena_fail_after(page.arena, nth);
        html_open(&page.h, EL_DIV);
        for (int i = 0; i < 2000; i++) {
            html_open(&page.h, EL_A);
            html_attr_url(&page.h, AT_HREF, html_path(&page.h, "/x/{}", html_int(i)));
            html_close(&page.h, EL_A);
        }
        html_close(&page.h, EL_DIV);
        failed += html_end(&page.h) == ERR_NOMEM;
        arena_free(page.arena);
    }
    tap_ok(failed == 39, "memory that fails is reported (%d of 39)", failed);
}

int main(void)
{
    test_escaping();
    test_attributes();
    test_refusals();
    test_misuse();
    test_addresses();
    test_sentences();
    test_memory();
    return tap_done();
}
