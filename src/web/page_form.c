/* Forms of pages: the token, what is wrong in the page's language, showing a form once more. */
#include "web/page.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/csrf.h"

static struct str token_of(struct page *page)
{
    if (!page->signed_in) {
        return str_of("");
    }
    char *text = arena_alloc(page->arena, CSRF_TEXT + 1, 1);
    if (!text) {
        page->html.err = page->html.err ? page->html.err : ERR_NOMEM;
        return str_of("");
    }
    csrf_token(page->session.csrf_key, text);
    return str_of(text);
}

void page_form_open(struct page *page, struct str action)
{
    part_form_open(&page->html, &(struct part_form){.action = action, .token = token_of(page)});
}

void page_upload_open(struct page *page, struct str action)
{
    part_form_open(&page->html,
                   &(struct part_form){.action = action, .token = token_of(page), .upload = true});
}

void page_form_close(struct page *page)
{
    part_form_close(&page->html);
}

void page_button_ask(struct page *page, struct str action, const struct part_button *button,
                     struct str question)
{
    part_form_open(
        &page->html,
        &(struct part_form){.action = action, .token = token_of(page), .confirm = question});
    part_button(&page->html, button);
    part_form_close(&page->html);
}

void page_button_form(struct page *page, struct str action, const struct part_button *button)
{
    page_button_ask(page, action, button, str_of(""));
}

/* -- What is wrong ----------------------------------------------------------------------------- */

struct str page_complaint(struct page *page, const struct complaint *complaint)
{
    struct str text = catalog_text(page->catalog, complaint->msgid);
    if (!complaint->name) {
        return text;
    }
    if (complaint->is_number) {
        return FILL(page, text, CATALOG_INT(complaint->name, complaint->number));
    }
    return FILL(page, text, CATALOG_TEXT(complaint->name, complaint->text));
}

/* The id of the control that a complaint is about: "3.level" is the control "f3-level". */
static struct str control_id(struct page *page, const char *field)
{
    struct buf buf;
    struct str id;
    buf_init(&buf, page->arena, 80);
    if (*field >= '0' && *field <= '9') {
        buf_add_char(&buf, 'f');
    }
    for (const char *c = field; *c; c++) {
        buf_add_char(&buf, *c == '.' ? '-' : *c);
    }
    return buf_end(&buf, &id) == ERR_OK ? id : str_of("");
}

void page_errors(struct page *page)
{
    const struct complaints *complaints = &page->complaints;
    struct part_error *errors = arena_alloc(page->arena, complaints->n, sizeof *errors);
    if (!errors) {
        page->html.err = page->html.err ? page->html.err : ERR_NOMEM;
        return;
    }
    for (size_t i = 0; i < complaints->n; i++) {
        errors[i].id = control_id(page, complaints->items[i].field);
        errors[i].text = page_complaint(page, &complaints->items[i]);
    }
    part_errors(&page->html,
                TN(page, "One thing needs another look", "Some things need another look",
                   (int64_t)complaints->n),
                errors, complaints->n);
}

struct str page_error(struct page *page, const char *field)
{
    for (size_t i = 0; i < page->complaints.n; i++) {
        if (str_is(str_of(field), page->complaints.items[i].field)) {
            return page_complaint(page, &page->complaints.items[i]);
        }
    }
    return str_of("");
}

enum err page_again(struct page *page, enum err (*show)(struct page *page))
{
    page->res->status = 422;
    enum err err = show(page);
    if (err != ERR_OK) {
        return err;
    }
    page->shown = true;
    return ERR_INVALID;
}
