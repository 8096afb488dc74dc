/* Radio buttons, checkboxes, the levels of a rubric, a grid of boxes. */
#include "html/html.h"
#include "html/part_field.h"

static const char *const choices_of[] = {
    [PART_CHOICES_LIST] = "choices",
    [PART_CHOICES_INLINE] = "choices choices-inline",
    [PART_CHOICES_LEVELS] = "choices choices-levels",
};

/* One choice: the box first, then its label with an optional description inside, so that the whole
 * is one target. */
static void write_choice(struct html *h, const char *type, struct str id, struct str name,
                         const struct part_option *option)
{
    html_open_class(h, EL_DIV, "choice");
    html_open(h, EL_INPUT);
    html_attr_word(h, AT_TYPE, type);
    html_attr_id(h, AT_ID, id);
    html_attr_text(h, AT_NAME, name);
    html_attr_text(h, AT_VALUE, option->value);
    html_attr_bool(h, AT_CHECKED, option->chosen);
    html_attr_bool(h, AT_DISABLED, option->disabled);
    html_open(h, EL_LABEL);
    html_attr_id(h, AT_FOR, id);
    html_element(h, EL_SPAN, "choice-text", option->text);
    if (option->hint.n > 0) {
        html_text(h, str_of(" "));
        html_element(h, EL_SPAN, "choice-hint", option->hint);
    }
    html_close(h, EL_LABEL);
    html_close(h, EL_DIV);
}

/* <fieldset> with legend, hint and error, for a group that is one field. */
static void open_group(struct html *h, const struct part_field *field, bool many)
{
    html_open_class(h, EL_FIELDSET, field->error.n > 0 ? "field field-wrong" : "field");
    html_attr_word(h, AT_ROLE, many ? "group" : "radiogroup");
    if (!many) {
        part_field_described(h, field);
    } else if (field->hint.n > 0 || field->error.n > 0) {
        struct html_arg id = html_part(field->id);
        html_attr_id(h, AT_ARIA_DESCRIBEDBY,
                     field->error.n > 0 ? html_id(h, "{}-error", id) : html_id(h, "{}-hint", id));
    }
    html_open_class(h, EL_LEGEND, field->hide_label ? "hidden-text" : "label");
    html_text(h, field->label);
    part_field_optional(h, field);
    html_close(h, EL_LEGEND);
    part_field_notes(h, field);
}

void part_choose(struct html *h, const struct part_field *field, enum part_choices how, bool many,
                 const struct part_option *options, size_t n)
{
    open_group(h, field, many);
    html_open_class(h, EL_DIV, choices_of[how]);
    for (size_t i = 0; i < n; i++) {
        struct str id = i == 0
                            ? field->id
                            : html_id(h, "{}-{}", html_part(field->id), html_int((int64_t)i + 1));
        write_choice(h, many ? "checkbox" : "radio", id, part_field_name(field), &options[i]);
    }
    html_close(h, EL_DIV);
    html_close(h, EL_FIELDSET);
}

void part_check(struct html *h, const struct part_field *field, bool checked)
{
    struct str value = field->value.n > 0 ? field->value : str_of("1");
    html_open_class(h, EL_DIV, field->error.n > 0 ? "field field-wrong" : "field");
    part_field_notes(h, &(struct part_field){.id = field->id, .error = field->error});
    html_open_class(h, EL_DIV, "choice");
    html_open(h, EL_INPUT);
    html_attr_word(h, AT_TYPE, "checkbox");
    html_attr_id(h, AT_ID, field->id);
    html_attr_text(h, AT_NAME, part_field_name(field));
    html_attr_text(h, AT_VALUE, value);
    part_field_described(h, &(struct part_field){.id = field->id, .error = field->error});
    html_attr_bool(h, AT_CHECKED, checked);
    html_open(h, EL_LABEL);
    html_attr_id(h, AT_FOR, field->id);
    html_element(h, EL_SPAN, "choice-text", field->label);
    if (field->hint.n > 0) {
        html_text(h, str_of(" "));
        html_element(h, EL_SPAN, "choice-hint", field->hint);
    }
    html_close(h, EL_LABEL);
    html_close(h, EL_DIV);
    html_close(h, EL_DIV);
}

void part_fieldset_open(struct html *h, struct str legend, struct str hint)
{
    html_open_class(h, EL_FIELDSET, "fieldset");
    html_element(h, EL_LEGEND, "legend", legend);
    if (hint.n > 0) {
        html_element(h, EL_P, "hint", hint);
    }
}

void part_fieldset_close(struct html *h)
{
    html_close(h, EL_FIELDSET);
}

static void write_box(struct html *h, const struct part_grid *grid, size_t row, size_t column)
{
    struct html_arg id = html_part(grid->id);
    struct html_arg at_column = html_int((int64_t)column + 1), at_row = html_int((int64_t)row + 1);
    html_open(h, EL_TD);
    html_attr_text(h, AT_DATA_LABEL, grid->columns[column]);
    html_open_class(h, EL_LABEL, "box");
    html_open(h, EL_INPUT);
    html_attr_word(h, AT_TYPE, "checkbox");
    html_attr_id(h, AT_ID,
                 row == 0 && column == 0 ? grid->id
                                         : html_id(h, "{}-{}-{}", id, at_column, at_row));
    html_attr_text(h, AT_NAME, grid->name.n > 0 ? grid->name : grid->id);
    html_attr_text(h, AT_VALUE, html_path(h, "{}-{}", at_column, at_row));
    html_attr_bool(h, AT_CHECKED, grid->on && grid->on(grid->ctx, row, column));
    html_open_class(h, EL_SPAN, "hidden-text");
    html_text(h, grid->columns[column]);
    html_text(h, str_of(" "));
    html_text(h, grid->rows[row]);
    html_close(h, EL_SPAN);
    html_close(h, EL_LABEL);
    html_close(h, EL_TD);
}

void part_grid(struct html *h, const struct part_grid *grid)
{
    open_group(h,
               &(struct part_field){
                   .id = grid->id, .label = grid->legend, .hint = grid->hint, .error = grid->error},
               true);
    html_open_class(h, EL_TABLE, "grid");
    html_open(h, EL_THEAD);
    html_open(h, EL_TR);
    html_open(h, EL_TD);
    html_close(h, EL_TD);
    for (size_t column = 0; column < grid->n_columns; column++) {
        html_open(h, EL_TH);
        html_attr_word(h, AT_SCOPE, "col");
        html_text(h, grid->columns[column]);
        html_close(h, EL_TH);
    }
    html_close(h, EL_TR);
    html_close(h, EL_THEAD);
    html_open(h, EL_TBODY);
    for (size_t row = 0; row < grid->n_rows; row++) {
        html_open(h, EL_TR);
        html_open(h, EL_TH);
        html_attr_word(h, AT_SCOPE, "row");
        html_text(h, grid->rows[row]);
        html_close(h, EL_TH);
        for (size_t column = 0; column < grid->n_columns; column++) {
            write_box(h, grid, row, column);
        }
        html_close(h, EL_TR);
    }
    html_close(h, EL_TBODY);
    html_close(h, EL_TABLE);
    html_close(h, EL_FIELDSET);
}
