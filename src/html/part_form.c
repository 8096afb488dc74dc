/* Forms: inputs, text areas, lists to choose from, files, buttons; part_form.h is the manual. */
#include "html/part_form.h"

#include "html/html.h"
#include "html/part_field.h"

static const char *const button_of[] = {
    [PART_BUTTON_MAIN] = "button button-main",
    [PART_BUTTON_PLAIN] = "button",
    [PART_BUTTON_QUIET] = "button button-quiet",
    [PART_BUTTON_DANGER] = "button button-danger",
};

static const char *const width_of[] = {
    [PART_FIELD_FULL] = "input",
    [PART_FIELD_HALF] = "input input-half",
    [PART_FIELD_SHORT] = "input input-short",
};

void part_form_open(struct html *h, const struct part_form *form)
{
    html_open_class(h, EL_FORM, form->tokens ? form->tokens : "form");
    html_attr_word(h, AT_METHOD, form->get ? "get" : "post");
    html_attr_url(h, AT_ACTION, form->action);
    html_attr_id(h, AT_ID, form->id);
    html_attr_bool(h, AT_NOVALIDATE, true);
    if (form->upload) {
        html_attr_word(h, AT_ENCTYPE, "multipart/form-data");
    }
    if (form->confirm.n > 0) {
        html_attr_text(h, AT_DATA_CONFIRM, form->confirm);
    }
    if (form->token.n > 0 && !form->get) {
        part_hidden(h, str_of("csrf"), form->token);
    }
}

void part_form_close(struct html *h)
{
    html_close(h, EL_FORM);
}

void part_errors(struct html *h, struct str heading, const struct part_error *errors, size_t n)
{
    if (n == 0) {
        return;
    }
    html_open_class(h, EL_DIV, "errors");
    html_attr_word(h, AT_ROLE, "alert");
    html_attr_int(h, AT_TABINDEX, -1);
    html_attr_bool(h, AT_AUTOFOCUS, true);
    html_attr_id(h, AT_ARIA_LABELLEDBY, str_of("errors-heading"));
    part_heading(h, 2, str_of("errors-heading"), heading);
    html_open(h, EL_UL);
    for (size_t i = 0; i < n; i++) {
        html_open(h, EL_LI);
        if (errors[i].id.n > 0) {
            html_open(h, EL_A);
            html_attr_url(h, AT_HREF, html_path(h, "#{}", html_part(errors[i].id)));
            html_text(h, errors[i].text);
            html_close(h, EL_A);
        } else {
            html_text(h, errors[i].text);
        }
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
    html_close(h, EL_DIV);
}

void part_field_open(struct html *h, const struct part_field *field)
{
    html_open_class(h, EL_DIV, field->error.n > 0 ? "field field-wrong" : "field");
    html_open_class(h, EL_LABEL, field->hide_label ? "hidden-text" : "label");
    html_attr_id(h, AT_FOR, field->id);
    html_text(h, field->label);
    part_field_optional(h, field);
    html_close(h, EL_LABEL);
    part_field_notes(h, field);
}

void part_field_optional(struct html *h, const struct part_field *field)
{
    if (field->optional.n > 0) {
        html_text(h, str_of(" "));
        html_element(h, EL_SPAN, "optional", field->optional);
    }
}

void part_field_notes(struct html *h, const struct part_field *field)
{
    if (field->hint.n > 0) {
        html_open_class(h, EL_P, "hint");
        html_attr_id(h, AT_ID, html_id(h, "{}-hint", html_part(field->id)));
        html_text(h, field->hint);
        html_close(h, EL_P);
    }
    if (field->error.n > 0) {
        html_open_class(h, EL_P, "error");
        html_attr_id(h, AT_ID, html_id(h, "{}-error", html_part(field->id)));
        part_icon(h, PART_ICON_WARNING);
        html_element(h, EL_SPAN, NULL, field->error);
        html_close(h, EL_P);
    }
}

void part_field_described(struct html *h, const struct part_field *field)
{
    struct html_arg id = html_part(field->id);
    if (field->hint.n > 0 && field->error.n > 0) {
        html_attr_id(h, AT_ARIA_DESCRIBEDBY, html_id(h, "{}-error {}-hint", id, id));
    } else if (field->error.n > 0) {
        html_attr_id(h, AT_ARIA_DESCRIBEDBY, html_id(h, "{}-error", id));
    } else if (field->hint.n > 0) {
        html_attr_id(h, AT_ARIA_DESCRIBEDBY, html_id(h, "{}-hint", id));
    }
    if (field->error.n > 0) {
        html_attr_bool(h, AT_ARIA_INVALID, true);
    }
}

struct str part_field_name(const struct part_field *field)
{
    return field->name.n > 0 ? field->name : field->id;
}

/* What controls of every kind have. */
static void write_common(struct html *h, const struct part_field *field)
{
    html_attr_class(h, width_of[field->width]);
    html_attr_id(h, AT_ID, field->id);
    html_attr_text(h, AT_NAME, part_field_name(field));
    part_field_described(h, field);
    html_attr_bool(h, AT_AUTOFOCUS, field->focus);
    if (field->autocomplete) {
        html_attr_word(h, AT_AUTOCOMPLETE, field->autocomplete);
    }
}

static void write_text_limits(struct html *h, const struct part_field *field)
{
    html_attr_bool(h, AT_READONLY, field->readonly);
    if (field->max_length > 0) {
        html_attr_int(h, AT_MAXLENGTH, field->max_length);
    }
    if (field->inputmode) {
        html_attr_word(h, AT_INPUTMODE, field->inputmode);
    }
}

void part_input(struct html *h, const struct part_field *field)
{
    part_field_open(h, field);
    html_open(h, EL_INPUT);
    html_attr_word(h, AT_TYPE, field->type ? field->type : "text");
    write_common(h, field);
    write_text_limits(h, field);
    html_attr_text(h, AT_VALUE, field->value);
    html_attr_id(h, AT_LIST, field->list);
    if (field->min.n > 0) {
        html_attr_text(h, AT_MIN, field->min);
    }
    if (field->max.n > 0) {
        html_attr_text(h, AT_MAX, field->max);
    }
    if (field->step.n > 0) {
        html_attr_text(h, AT_STEP, field->step);
    }
    html_close(h, EL_DIV);
}

void part_textarea(struct html *h, const struct part_field *field)
{
    part_field_open(h, field);
    html_open(h, EL_TEXTAREA);
    write_common(h, field);
    write_text_limits(h, field);
    html_attr_int(h, AT_ROWS, field->rows > 0 ? field->rows : 4);
    html_attr_word(h, AT_DIR, "auto");
    html_text(h, field->value);
    html_close(h, EL_TEXTAREA);
    html_close(h, EL_DIV);
}

void part_suggestions(struct html *h, struct str id, const struct str *values, size_t n)
{
    html_open(h, EL_DATALIST);
    html_attr_id(h, AT_ID, id);
    for (size_t i = 0; i < n; i++) {
        html_open(h, EL_OPTION);
        html_attr_text(h, AT_VALUE, values[i]);
        html_close(h, EL_OPTION);
    }
    html_close(h, EL_DATALIST);
}

static void write_option(struct html *h, const struct part_option *option)
{
    html_open(h, EL_OPTION);
    html_attr_text(h, AT_VALUE, option->value);
    html_attr_bool(h, AT_SELECTED, option->chosen);
    html_attr_bool(h, AT_DISABLED, option->disabled);
    html_text(h, option->text);
    html_close(h, EL_OPTION);
}

void part_select(struct html *h, const struct part_field *field, struct str none,
                 const struct part_option *options, size_t n)
{
    struct str group = {"", 0};
    part_field_open(h, field);
    html_open(h, EL_SELECT);
    write_common(h, field);
    if (none.n > 0) {
        write_option(h, &(struct part_option){.value = {"", 0}, .text = none});
    }
    for (size_t i = 0; i < n; i++) {
        if (!str_equal(options[i].group, group)) {
            if (group.n > 0) {
                html_close(h, EL_OPTGROUP);
            }
            group = options[i].group;
            if (group.n > 0) {
                html_open(h, EL_OPTGROUP);
                html_attr_text(h, AT_LABEL, group);
            }
        }
        write_option(h, &options[i]);
    }
    if (group.n > 0) {
        html_close(h, EL_OPTGROUP);
    }
    html_close(h, EL_SELECT);
    html_close(h, EL_DIV);
}

void part_file(struct html *h, const struct part_field *field, const char *accept, bool many)
{
    part_field_open(h, field);
    html_open(h, EL_INPUT);
    html_attr_word(h, AT_TYPE, "file");
    write_common(h, field);
    if (accept) {
        html_attr_word(h, AT_ACCEPT, accept);
    }
    html_attr_bool(h, AT_MULTIPLE, many);
    html_close(h, EL_DIV);
}

void part_hidden(struct html *h, struct str name, struct str value)
{
    html_open(h, EL_INPUT);
    html_attr_word(h, AT_TYPE, "hidden");
    html_attr_text(h, AT_NAME, name);
    html_attr_text(h, AT_VALUE, value);
}

void part_button(struct html *h, const struct part_button *button)
{
    html_open_class(h, EL_BUTTON, button_of[button->kind]);
    html_attr_word(h, AT_TYPE, "submit");
    if (button->name.n > 0) {
        html_attr_text(h, AT_NAME, button->name);
        html_attr_text(h, AT_VALUE, button->value);
    }
    html_attr_url(h, AT_FORMACTION, button->action);
    html_attr_bool(h, AT_DISABLED, button->disabled);
    part_icon(h, button->icon);
    html_element(h, EL_SPAN, NULL, button->text);
    if (button->about.n > 0) {
        html_text(h, str_of(" "));
        part_hidden_text(h, button->about);
    }
    html_close(h, EL_BUTTON);
}

void part_button_link(struct html *h, enum part_button_kind kind, enum part_icon icon,
                      struct str text, struct str url)
{
    html_open_class(h, EL_A, button_of[kind]);
    html_attr_url(h, AT_HREF, url);
    if (icon != PART_ICON_ARROW) {
        part_icon(h, icon);
    }
    html_element(h, EL_SPAN, NULL, text);
    if (icon == PART_ICON_ARROW) { /* onwards stands after the words */
        part_icon(h, icon);
    }
    html_close(h, EL_A);
}

void part_buttons_open(struct html *h)
{
    html_open_class(h, EL_DIV, "buttons");
}

void part_buttons_close(struct html *h)
{
    html_close(h, EL_DIV);
}
