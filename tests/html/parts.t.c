/* Components: the wiring of fields, tables, steps; what they do with odd texts; that a page made of
 * them is whole.  How they look and behave is in styleguide.t.mjs. */
#include "html/parts.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tap.h"

#define S(text) ((struct str){text, sizeof(text) - 1})

struct page {
    struct arena *arena;
    struct buf buf;
    struct html h;
};

static struct html *begin(struct page *page)
{
    page->arena = arena_new(1u << 22);
    buf_init(&page->buf, page->arena, 1u << 20);
    html_init(&page->h, &page->buf, page->arena);
    return &page->h;
}

static const char *finish(struct page *page)
{
    static char text[16384];
    struct str all = {"", 0};
    enum err err = html_end(&page->h);
    if (!err) {
        err = buf_end(&page->buf, &all);
    }
    snprintf(text, sizeof text, "%.*s", err ? 0 : (int)all.n, all.p);
    if (err) {
        snprintf(text, sizeof text, "%s", err_name(err));
    }
    arena_free(page->arena);
    return text;
}

static void has(const char *html, const char *part, const char *name)
{
    if (!tap_ok(strstr(html, part) != NULL, "%s", name)) {
        printf("#   no %s\n#   in %.2000s\n", part, html);
    }
}

static void test_fields(void)
{
    struct page page;
    struct html *h = begin(&page);
    part_input(h, &(struct part_field){.id = S("a"), .label = S("A")});
    const char *html = finish(&page);
    has(html, "<label class=\"label\" for=\"a\">A</label>", "a label names its field");
    has(html, "<input type=\"text\" class=\"input\" id=\"a\" name=\"a\" value=\"\">",
        "a plain field says nothing more");

    h = begin(&page);
    part_input(h, &(struct part_field){.id = S("a"),
                                       .name = S("b[1]"),
                                       .label = S("A"),
                                       .hint = S("h"),
                                       .error = S("e"),
                                       .optional = S("(optional)"),
                                       .value = S("\"><x")});
    html = finish(&page);
    has(html, "<p class=\"hint\" id=\"a-hint\">h</p>", "a hint has an id");
    has(html, "<p class=\"error\" id=\"a-error\">", "an error has an id");
    has(html, "aria-describedby=\"a-error a-hint\" aria-invalid=\"true\"",
        "the field refers to both");
    has(html, "name=\"b[1]\"", "the name may differ");
    has(html, "value=\"&quot;&gt;&lt;x\"", "values are escaped");
    has(html, "A <span class=\"optional\">(optional)</span></label>", "optional is said");

    h = begin(&page);
    part_textarea(h,
                  &(struct part_field){.id = S("t"), .label = S("T"), .value = S("\n</textarea>")});
    has(finish(&page), "dir=\"auto\">\n\n&lt;/textarea&gt;</textarea>", "a text area's text");

    const struct part_option options[] = {
        {.value = S("1"), .text = S("x"), .group = S("G")},
        {.value = S("2"), .text = S("y"), .group = S("G"), .chosen = true},
        {.value = S("3"), .text = S("z")},
        {.value = S("4"), .text = S("w"), .group = S("H")},
    };
    h = begin(&page);
    part_select(h, &(struct part_field){.id = S("s"), .label = S("S")}, S("none"), options, 4);
    has(finish(&page),
        "<option value=\"\">none</option><optgroup label=\"G\"><option "
        "value=\"1\">x</option><option "
        "value=\"2\" selected=\"\">y</option></optgroup><option value=\"3\">z</option><optgroup "
        "label=\"H\"><option value=\"4\">w</option></optgroup></select>",
        "groups of options");

    h = begin(&page);
    part_choose(h, &(struct part_field){.id = S("c"), .label = S("C"), .error = S("e")},
                PART_CHOICES_LIST, false, options, 2);
    html = finish(&page);
    has(html, "role=\"radiogroup\" aria-describedby=\"c-error\" aria-invalid=\"true\"",
        "a group refers to its error");
    has(html, "<input type=\"radio\" id=\"c\" name=\"c\" value=\"1\">",
        "the first has the field's id");
    has(html, "id=\"c-2\" name=\"c\" value=\"2\" checked=\"\"", "the second another");
}

static void test_errors(void)
{
    struct page page;
    struct html *h = begin(&page);
    part_errors(h, S("x"), NULL, 0);
    tap_text(finish(&page), "", "no errors, no summary");
    const struct part_error errors[] = {{S("a"), S("A is <wrong>")}, {S(""), S("all")}};
    h = begin(&page);
    part_errors(h, S("Please check"), errors, 2);
    const char *html = finish(&page);
    has(html, "<li><a href=\"#a\">A is &lt;wrong&gt;</a></li><li>all</li>", "links to the fields");
    has(html, "role=\"alert\" tabindex=\"-1\" autofocus=\"\"", "takes the focus");
}

static void test_forms(void)
{
    struct page page;
    struct html *h = begin(&page);
    part_form_open(h, &(struct part_form){.action = S("/a"), .token = S("t\""), .upload = true});
    part_form_close(h);
    tap_text(finish(&page),
             "<form class=\"form\" method=\"post\" action=\"/a\" novalidate=\"\" "
             "enctype=\"multipart/form-data\"><input type=\"hidden\" name=\"csrf\" "
             "value=\"t&quot;\"></form>",
             "a form with its token");
    h = begin(&page);
    part_form_open(h, &(struct part_form){.action = S("/a"), .token = S("t"), .get = true});
    part_form_close(h);
    tap_text(finish(&page),
             "<form class=\"form\" method=\"get\" action=\"/a\" novalidate=\"\"></form>",
             "a search has no token");
    h = begin(&page);
    part_form_open(h, &(struct part_form){.action = S("/a")});
    part_form_open(h, &(struct part_form){.action = S("/b")});
    tap_text(finish(&page), "invalid", "a form in a form is refused");
}

static void test_tables(void)
{
    const struct part_column columns[] = {{.heading = S("N")}, {.heading = S("<M>")}};
    struct part_table table = {.caption = S("C"), .columns = columns, .n_columns = 2};
    struct page page;
    struct html *h = begin(&page);
    part_table_open(h, &table);
    part_row_open(h, &table);
    part_cell(h, &table, S("1"));
    part_cell(h, &table, S("2"));
    part_row_close(h, &table);
    part_table_close(h, &table);
    has(finish(&page),
        "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">1</th><td role=\"cell\" "
        "data-label=\"&lt;M&gt;\">2</td></tr>",
        "cells say their heading");
    h = begin(&page);
    part_table_open(h, &table);
    part_row_open(h, &table);
    part_cell(h, &table, S("1"));
    part_row_close(h, &table);
    part_table_close(h, &table);
    tap_text(finish(&page), "invalid", "a row that is too short is refused");
    h = begin(&page);
    part_table_open(h, &table);
    part_row_open(h, &table);
    for (int i = 0; i < 3; i++) {
        part_cell(h, &table, S("1"));
    }
    tap_text(finish(&page), "invalid", "a row that is too long is refused");
}

static void initials(const char *name, const char *expected)
{
    struct page page;
    struct html *h = begin(&page);
    struct str got = part_initials(h, str_of(name));
    char text[20];
    snprintf(text, sizeof text, "%.*s", (int)got.n, got.p);
    arena_free(page.arena);
    tap_text(text, expected, "the initials of \"%s\"", name);
}

static void test_people(void)
{
    initials("Amina Diallo", "AD");
    initials("  Mar\xC3\xAD"
             "a del Pilar \xC3\x96zt\xC3\xBCrk ",
             "M\xC3\x96");
    initials("Jos\xC3\xA9", "J");
    initials("\xD8\xB9\xD8\xA8\xD8\xAF \xD8\xA7\xD9\x84\xD9\x84\xD9\x87", "\xD8\xB9\xD8\xA7");
    initials("", "");
    initials("\xFF x", "x");
    struct page page;
    struct html *h = begin(&page);
    part_person(h, &(struct part_person){.name = S("<b>"), .url = S("javascript:x")});
    const char *html = finish(&page);
    has(html, "<a class=\"person-name\"><bdi>&lt;b&gt;</bdi></a>", "a name keeps its direction");
}

static void test_document(void)
{
    const struct str scripts[] = {S("/a.js")};
    struct page page;
    struct html *h = begin(&page);
    part_document_open(h, &(struct part_document){.lang = S("ar"),
                                                  .rtl = true,
                                                  .theme = PART_THEME_DARK,
                                                  .title = S("</title>x"),
                                                  .stylesheet = S("/a.css"),
                                                  .scripts = scripts,
                                                  .n_scripts = 1});
    part_main_open(h, PART_WIDTH_TEXT);
    part_main_close(h);
    part_document_close(h);
    const char *html = finish(&page);
    has(html,
        "<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\" data-theme=\"dark\"><head><meta "
        "charset=\"utf-8\"><title>&lt;/title&gt;x</title>",
        "language, direction, theme and title");
    has(html, "<script type=\"module\" src=\"/a.js\"></script>", "a script from a file");
    has(html, "<main class=\"main main-text\" id=\"main\" tabindex=\"-1\">",
        "where the skip link goes");
    tap_ok(!strstr(html, "style=") && !strstr(html, "<style") && !strstr(html, " on"),
           "nothing inline");
}

static void test_lists(void)
{
    struct page page;
    struct html *h = begin(&page);
    part_list_open(h, true);
    part_list_item(h);
    html_text(h, S("a"));
    part_list_item(h);
    part_list_open(h, false);
    part_list_item(h);
    html_text(h, S("b"));
    part_list_close(h);
    part_list_close(h);
    tap_text(finish(&page),
             "<ol class=\"list\"><li>a</li><li><ul class=\"list\"><li>b</li></ul></li></ol>",
             "lists in lists");
    h = begin(&page);
    part_list_open(h, true);
    part_list_close(h);
    tap_text(finish(&page), "<ol class=\"list\"></ol>", "an empty list");
    const struct part_link steps[] = {{.text = S("A"), .url = S("/a")}, {.text = S("B")}};
    h = begin(&page);
    part_steps(
        h,
        &(struct part_steps){
            .label = S("L"), .done = S("d"), .current = S("n"), .steps = steps, .n = 2, .at = 1});
    has(finish(&page), "aria-current=\"step\"", "the step that is shown");
    h = begin(&page);
    part_progress(h, S("p"), 9, 0, 0);
    has(finish(&page), "<progress value=\"1\" max=\"1\" aria-label=\"p\"></progress>",
        "progress stays in its bounds");
}

static void test_rest(void)
{
    struct page page;
    struct html *h = begin(&page);
    part_title(h, &(struct part_title){.back = S("Back"), .back_url = S("/x"), .title = S("T")});
    has(finish(&page), "<a class=\"back\" href=\"/x\">", "a way back");
    h = begin(&page);
    part_pages(
        h, &(struct part_pages){
               .label = S("P"), .next = S("Next"), .next_url = S("/2"), .position = S("1 to 20")});
    has(finish(&page), "<span class=\"turn\"></span><span class=\"pages-position\">1 to 20</span>",
        "the first page has none before it");
    h = begin(&page);
    part_button(h, &(struct part_button){
                       .text = S("B"), .name = S("do"), .value = S("\"x"), .action = S("/b")});
    has(finish(&page), "type=\"submit\" name=\"do\" value=\"&quot;x\" formaction=\"/b\"",
        "a button with a value and an address of its own");
    h = begin(&page);
    part_input(h, &(struct part_field){.id = S("n"),
                                       .label = S("N"),
                                       .type = "number",
                                       .inputmode = "decimal",
                                       .max_length = 5,
                                       .min = S("1"),
                                       .max = S("9"),
                                       .step = S("any")});
    has(finish(&page),
        "maxlength=\"5\" inputmode=\"decimal\" value=\"\" min=\"1\" max=\"9\" step=\"any\"",
        "the limits of a number");
    h = begin(&page);
    part_form_open(h, &(struct part_form){.action = S("/a"), .confirm = S("Sure?"), .tokens = "x"});
    part_form_close(h);
    has(finish(&page),
        "<form class=\"x\" method=\"post\" action=\"/a\" novalidate=\"\" "
        "data-confirm=\"Sure?\"></form>",
        "a form that asks first");
    h = begin(&page);
    part_card_open(h, &(struct part_card){.tone = PART_TONE_BAD});
    part_card_close(h);
    tap_text(finish(&page), "<article class=\"card card-bad\"></article>",
             "a card without heading");
    h = begin(&page);
    arena_fail_after(page.arena, 1);
    part_initials(h, S("A B"));
    tap_text(finish(&page), "out of memory", "memory that fails is reported");
}

int main(void)
{
    test_fields();
    test_errors();
    test_forms();
    test_tables();
    test_people();
    test_document();
    test_lists();
    test_rest();
    return tap_done();
}
