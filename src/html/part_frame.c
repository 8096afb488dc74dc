/* The frame of every page; part_frame.h is the manual. */
#include "html/part_frame.h"

#include "html/html.h"
#include "html/part_text.h"

static const char *const themes[PART_THEME__MAX] = {"auto", "light", "dark"};
static const char *const widths[PART_WIDTH__MAX] = {"main main-text", "main main-wide"};
static const char *const columns_of[PART_COLUMNS__MAX] = {
    "columns columns-two",
    "columns columns-three",
    "columns columns-side",
};

static void write_meta(struct html *h, const char *name, struct str content)
{
    html_open(h, EL_META);
    html_attr_text(h, AT_NAME, str_of(name));
    html_attr_text(h, AT_CONTENT, content);
}

static void write_link(struct html *h, const char *rel, struct str url, const char *type)
{
    if (url.n == 0) {
        return;
    }
    html_open(h, EL_LINK);
    html_attr_word(h, AT_REL, rel);
    html_attr_url(h, AT_HREF, url);
    if (type) {
        html_attr_word(h, AT_TYPE, type);
    }
}

static void write_head(struct html *h, const struct part_document *document)
{
    html_open(h, EL_HEAD);
    html_open(h, EL_META);
    html_attr_word(h, AT_CHARSET, "utf-8");
    html_element(h, EL_TITLE, NULL, document->title);
    write_meta(h, "viewport", str_of("width=device-width, initial-scale=1"));
    write_meta(h, "robots", str_of("noindex"));
    write_meta(h, "color-scheme",
               str_of(document->theme == PART_THEME_AUTO ? "light dark" : themes[document->theme]));
    write_link(h, "stylesheet", document->stylesheet, NULL);
    write_link(h, "icon", document->icon, "image/svg+xml");
    for (size_t i = 0; i < document->n_scripts; i++) {
        html_open(h, EL_SCRIPT);
        html_attr_word(h, AT_TYPE, "module");
        html_attr_url(h, AT_SRC, document->scripts[i]);
        html_close(h, EL_SCRIPT);
    }
    if (document->again_s > 0) { /* with script only its progress is (duet.js) */
        html_open(h, EL_NOSCRIPT);
        html_open(h, EL_META);
        html_attr_word(h, AT_HTTP_EQUIV, "refresh");
        html_attr_int(h, AT_CONTENT, document->again_s);
        html_close(h, EL_NOSCRIPT);
    }
    html_close(h, EL_HEAD);
}

void part_document_open(struct html *h, const struct part_document *document)
{
    html_doctype(h);
    html_open(h, EL_HTML);
    html_attr_lang(h, AT_LANG, document->lang);
    html_attr_word(h, AT_DIR, document->rtl ? "rtl" : "ltr");
    html_attr_word(h, AT_DATA_THEME, themes[document->theme]);
    write_head(h, document);
    html_open_class(h, EL_BODY, document->plain ? "plain" : NULL);
}

void part_document_close(struct html *h)
{
    html_close(h, EL_BODY);
    html_close(h, EL_HTML);
}

/* The mark: the dot of working alone and the ring of working with help. */
static void write_mark(struct html *h)
{
    html_open_class(h, EL_SVG, "mark");
    html_attr_word(h, AT_VIEWBOX, "0 0 40 24");
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    html_attr_bool(h, AT_FOCUSABLE, false);
    html_open_class(h, EL_SVG_RECT, "mark-between");
    html_attr_number(h, AT_X, 10, "");
    html_attr_number(h, AT_Y, 7, "");
    html_attr_number(h, AT_WIDTH, 20, "");
    html_attr_number(h, AT_HEIGHT, 10, "");
    html_open_class(h, EL_SVG_CIRCLE, "mark-alone");
    html_attr_number(h, AT_CX, 10, "");
    html_attr_number(h, AT_CY, 12, "");
    html_attr_number(h, AT_R, 7, "");
    html_open_class(h, EL_SVG_CIRCLE, "mark-helped");
    html_attr_number(h, AT_CX, 30, "");
    html_attr_number(h, AT_CY, 12, "");
    html_attr_number(h, AT_R, 6, "");
    html_close(h, EL_SVG);
}

static void write_nav(struct html *h, const struct part_masthead *masthead)
{
    html_open_class(h, EL_NAV, "nav");
    html_attr_text(h, AT_ARIA_LABEL, masthead->nav_label);
    html_open(h, EL_UL);
    for (size_t i = 0; i < masthead->n_links; i++) {
        const struct part_link *link = &masthead->links[i];
        html_open(h, EL_LI);
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF, link->url);
        if (link->current) {
            html_attr_word(h, AT_ARIA_CURRENT, "page");
        }
        html_text(h, link->text);
        html_close(h, EL_A);
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
    html_close(h, EL_NAV);
}

void part_masthead_open(struct html *h, const struct part_masthead *masthead)
{
    html_open_class(h, EL_A, "skip");
    html_attr_url(h, AT_HREF, str_of("#main"));
    html_text(h, masthead->skip);
    html_close(h, EL_A);
    html_open_class(h, EL_HEADER, "masthead");
    html_open_class(h, EL_DIV, "masthead-row");
    html_open_class(h, EL_A, "brand");
    html_attr_url(h, AT_HREF, masthead->home);
    write_mark(h);
    html_element(h, EL_SPAN, NULL, masthead->brand);
    html_close(h, EL_A);
    if (masthead->n_links > 0) {
        write_nav(h, masthead);
    }
    html_open_class(h, EL_DIV, "masthead-menus");
}

void part_masthead_close(struct html *h)
{
    html_close(h, EL_DIV);
    html_close(h, EL_DIV);
    html_close(h, EL_HEADER);
}

void part_bell(struct html *h, struct str label, struct str count, struct str url, bool current)
{
    html_open_class(h, EL_A, "bell");
    html_attr_url(h, AT_HREF, url);
    if (current) {
        html_attr_word(h, AT_ARIA_CURRENT, "page");
    }
    part_icon(h, PART_ICON_BELL);
    part_hidden_text(h, label);
    if (count.n > 0) {
        html_open_class(h, EL_SPAN, "bell-count");
        html_attr_bool(h, AT_ARIA_HIDDEN, true);
        html_text(h, count);
        html_close(h, EL_SPAN);
    }
    html_close(h, EL_A);
}

void part_menu_open(struct html *h, struct str label, struct str mark)
{
    html_open_class(h, EL_DETAILS, "menu");
    html_attr_word(h, AT_DATA_ISLAND, "menu");
    html_open(h, EL_SUMMARY);
    if (mark.n > 0) {
        html_open_class(h, EL_SPAN, "initials");
        html_attr_bool(h, AT_ARIA_HIDDEN, true);
        html_text(h, mark);
        html_close(h, EL_SPAN);
    }
    html_element(h, EL_SPAN, "menu-label", label);
    part_icon(h, PART_ICON_DOWN);
    html_close(h, EL_SUMMARY);
    html_open(h, EL_UL);
}

void part_menu_link(struct html *h, struct str text, struct str url, bool current)
{
    html_open(h, EL_LI);
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF, url);
    if (current) {
        html_attr_word(h, AT_ARIA_CURRENT, "page");
    }
    html_text(h, text);
    html_close(h, EL_A);
    html_close(h, EL_LI);
}

void part_menu_item_open(struct html *h)
{
    html_open(h, EL_LI);
}

void part_menu_item_close(struct html *h)
{
    html_close(h, EL_LI);
}

void part_menu_close(struct html *h)
{
    html_close(h, EL_UL);
    html_close(h, EL_DETAILS);
}

void part_main_open(struct html *h, enum part_width width)
{
    html_open_class(h, EL_MAIN, widths[width]);
    html_attr_id(h, AT_ID, str_of("main"));
    html_attr_int(h, AT_TABINDEX, -1);
}

void part_main_close(struct html *h)
{
    html_close(h, EL_MAIN);
}

void part_footer_open(struct html *h)
{
    html_open_class(h, EL_FOOTER, "footer");
    html_open_class(h, EL_DIV, "footer-row");
}

void part_footer_close(struct html *h)
{
    html_close(h, EL_DIV);
    html_close(h, EL_FOOTER);
}

void part_columns_open(struct html *h, enum part_columns columns)
{
    html_open_class(h, EL_DIV, columns_of[columns]);
}

void part_columns_close(struct html *h)
{
    html_close(h, EL_DIV);
}
