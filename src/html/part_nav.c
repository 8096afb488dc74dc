/* Tabs, steps, pages of a list, contents, filters. */
#include "html/part_nav.h"

#include "html/html.h"
#include "html/part_form.h"
#include "html/part_text.h"

static void write_links(struct html *h, const char *tokens, struct str label,
                        const struct part_link *links, size_t n)
{
    html_open_class(h, EL_NAV, tokens);
    html_attr_text(h, AT_ARIA_LABEL, label);
    html_open(h, EL_UL);
    for (size_t i = 0; i < n; i++) {
        html_open(h, EL_LI);
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF, links[i].url);
        if (links[i].current) {
            html_attr_word(h, AT_ARIA_CURRENT, "page");
        }
        html_text(h, links[i].text);
        html_close(h, EL_A);
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
    html_close(h, EL_NAV);
}

void part_tabs(struct html *h, struct str label, const struct part_link *links, size_t n)
{
    write_links(h, "tabs", label, links, n);
}

void part_contents(struct html *h, struct str label, const struct part_link *links, size_t n)
{
    write_links(h, "contents", label, links, n);
}

static void write_step(struct html *h, const struct part_steps *steps, size_t i)
{
    const struct part_link *step = &steps->steps[i];
    bool done = i < steps->at, now = i == steps->at, link = done && step->url.n > 0;
    html_open_class(h, EL_LI, done ? "step step-done" : now ? "step step-now" : "step");
    if (now) {
        html_attr_word(h, AT_ARIA_CURRENT, "step");
    }
    html_open_class(h, EL_SPAN, "step-mark");
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    if (done) {
        part_icon(h, PART_ICON_CHECK);
    } else {
        html_text_int(h, (int64_t)i + 1);
    }
    html_close(h, EL_SPAN);
    html_open_class(h, link ? EL_A : EL_SPAN, "step-text");
    if (link) {
        html_attr_url(h, AT_HREF, step->url);
    }
    html_text(h, step->text);
    html_close(h, link ? EL_A : EL_SPAN);
    if (done || now) {
        html_text(h, str_of(" "));
        part_hidden_text(h, done ? steps->done : steps->current);
    }
    html_close(h, EL_LI);
}

void part_steps(struct html *h, const struct part_steps *steps)
{
    html_open_class(h, EL_NAV, "steps");
    html_attr_text(h, AT_ARIA_LABEL, steps->label);
    html_open(h, EL_OL);
    for (size_t i = 0; i < steps->n; i++) {
        write_step(h, steps, i);
    }
    html_close(h, EL_OL);
    html_close(h, EL_NAV);
}

static void write_turn(struct html *h, struct str text, struct str url, bool next)
{
    if (url.n == 0) {
        html_open_class(h, EL_SPAN, "turn");
        html_close(h, EL_SPAN);
        return;
    }
    html_open_class(h, EL_A, next ? "turn turn-next" : "turn");
    html_attr_url(h, AT_HREF, url);
    html_attr_word(h, AT_REL, next ? "next" : "prev");
    if (!next) {
        part_icon(h, PART_ICON_BACK);
    }
    html_element(h, EL_SPAN, NULL, text);
    if (next) {
        part_icon(h, PART_ICON_ARROW);
    }
    html_close(h, EL_A);
}

void part_pages(struct html *h, const struct part_pages *pages)
{
    html_open_class(h, EL_NAV, "pages");
    html_attr_text(h, AT_ARIA_LABEL, pages->label);
    write_turn(h, pages->previous, pages->previous_url, false);
    html_element(h, EL_SPAN, "pages-position", pages->position);
    write_turn(h, pages->next, pages->next_url, true);
    html_close(h, EL_NAV);
}

void part_filters_open(struct html *h, struct str action, struct str label)
{
    html_open(h, EL_DIV);
    html_attr_word(h, AT_ROLE, "search");
    html_attr_text(h, AT_ARIA_LABEL, label);
    part_form_open(h, &(struct part_form){.action = action, .get = true, .tokens = "filters"});
}

void part_filters_close(struct html *h)
{
    part_form_close(h);
    html_close(h, EL_DIV);
}
