/* Words on a page: titles, paragraphs, lists, terms, what people wrote. */
#include "html/part_text.h"

#include "html/html.h"

static const enum html_element headings[] = {EL_H2, EL_H3, EL_H4};

void part_title(struct html *h, const struct part_title *title)
{
    html_open_class(h, EL_HEADER, "title");
    if (title->back.n > 0) {
        html_open_class(h, EL_A, "back");
        html_attr_url(h, AT_HREF, title->back_url);
        part_icon(h, PART_ICON_BACK);
        html_element(h, EL_SPAN, NULL, title->back);
        html_close(h, EL_A);
    }
    if (title->eyebrow.n > 0) {
        html_element(h, EL_P, "eyebrow", title->eyebrow);
    }
    html_element(h, EL_H1, NULL, title->title);
    if (title->lead.n > 0) {
        html_element(h, EL_P, "lead", title->lead);
    }
    html_close(h, EL_HEADER);
}

void part_heading(struct html *h, int level, struct str id, struct str text)
{
    enum html_element element = headings[level < 2 ? 0 : level > 4 ? 2 : level - 2];
    html_open(h, element);
    html_attr_id(h, AT_ID, id);
    html_text(h, text);
    html_close(h, element);
}

void part_paragraph(struct html *h, struct str text)
{
    html_element(h, EL_P, NULL, text);
}

void part_lead(struct html *h, struct str text)
{
    html_element(h, EL_P, "lead", text);
}

void part_quiet(struct html *h, struct str text)
{
    html_element(h, EL_P, "quiet", text);
}

void part_section_open(struct html *h, struct str id, struct str heading)
{
    html_open_class(h, EL_SECTION, "section");
    html_attr_id(h, AT_ARIA_LABELLEDBY, id);
    part_heading(h, 2, id, heading);
}

void part_section_close(struct html *h)
{
    html_close(h, EL_SECTION);
}

void part_terms_open(struct html *h)
{
    html_open_class(h, EL_DL, "terms");
}

void part_term_open(struct html *h, struct str term)
{
    html_open(h, EL_DL_GROUP);
    html_element(h, EL_DT, NULL, term);
    html_open(h, EL_DD);
}

void part_term_close(struct html *h)
{
    html_close(h, EL_DD);
    html_close(h, EL_DL_GROUP);
}

void part_term(struct html *h, struct str term, struct str value)
{
    part_term_open(h, term);
    html_text(h, value);
    part_term_close(h);
}

void part_terms_close(struct html *h)
{
    html_close(h, EL_DL);
}

/* A list's first item is opened by part_list_item, which also closes the one before. */
void part_list_open(struct html *h, bool numbered)
{
    html_open_class(h, numbered ? EL_OL : EL_UL, "list");
}

static bool is_in(const struct html *h, enum html_element element)
{
    return h->levels[h->depth].element == element;
}

void part_list_item(struct html *h)
{
    if (is_in(h, EL_LI)) {
        html_close(h, EL_LI);
    }
    html_open(h, EL_LI);
}

void part_list_close(struct html *h)
{
    if (is_in(h, EL_LI)) {
        html_close(h, EL_LI);
    }
    html_close(h, is_in(h, EL_OL) ? EL_OL : EL_UL);
}

void part_details_open(struct html *h, struct str summary, bool open)
{
    html_open_class(h, EL_DETAILS, "details");
    html_attr_bool(h, AT_OPEN, open);
    html_open(h, EL_SUMMARY);
    part_icon(h, PART_ICON_DOWN);
    html_element(h, EL_SPAN, NULL, summary);
    html_close(h, EL_SUMMARY);
    html_open_class(h, EL_DIV, "details-body");
}

void part_details_close(struct html *h)
{
    html_close(h, EL_DIV);
    html_close(h, EL_DETAILS);
}

void part_progress(struct html *h, struct str label, int64_t done, int64_t of, int again_s)
{
    int64_t most = of > 0 ? of : 1;
    int64_t shown = done < 0 ? 0 : done > most ? most : done;
    html_open_class(h, EL_DIV, "progress");
    if (again_s > 0) {
        html_attr_int(h, AT_DATA_AGAIN, again_s);
    }
    html_open(h, EL_SPAN);
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    html_text(h, label);
    html_close(h, EL_SPAN);
    html_open(h, EL_PROGRESS);
    html_attr_int(h, AT_VALUE, shown);
    html_attr_int(h, AT_MAX, most);
    html_attr_text(h, AT_ARIA_LABEL, label);
    html_close(h, EL_PROGRESS);
    html_close(h, EL_DIV);
}

void part_time(struct html *h, struct str iso, struct str text)
{
    html_open(h, EL_TIME);
    html_attr_text(h, AT_DATETIME, iso);
    html_text(h, text);
    html_close(h, EL_TIME);
}

void part_code(struct html *h, struct str code)
{
    html_open_class(h, EL_CODE, "code");
    html_attr_word(h, AT_DIR, "ltr");
    html_attr_word(h, AT_TRANSLATE, "no");
    html_text(h, code);
    html_close(h, EL_CODE);
}

void part_written(struct html *h, struct str text)
{
    html_open_class(h, EL_DIV, "written");
    html_attr_word(h, AT_DIR, "auto");
    html_text(h, text);
    html_close(h, EL_DIV);
}

void part_hidden_text(struct html *h, struct str text)
{
    html_element(h, EL_SPAN, "hidden-text", text);
}
