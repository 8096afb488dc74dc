/* Forms: every control has a label, a hint, an error, and the wiring between them.
 *
 *     part_errors(h, T(page, "Please check"), list, n);   // after a failed attempt, above the form
 *     part_form_open(h, &(struct part_form){.action = url, .token = csrf});
 *     part_input(h, &(struct part_field){.id = str_of("name"), .label = T(page, "Your name"),
 * ...}); part_buttons_open(h); part_button(h, &(struct part_button){.text = T(page, "Save")});
 *     part_buttons_close(h);
 *     part_form_close(h);
 *
 * A field's id is also its name unless `name` says otherwise.  The error summary links to
 * "#" + id.  Nothing is validated in the browser: messages come from one place, the server. */
#ifndef DUET_HTML_PART_FORM_H
#define DUET_HTML_PART_FORM_H

#include "base/str.h"
#include "html/part_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct html;

struct part_form {
    struct str action;
    struct str
        token;     /* against forged requests: written as the hidden field "csrf"; may be empty */
    bool get;      /* a search: GET, no token */
    bool upload;   /* holds files */
    struct str id; /* may be empty */
    struct str confirm; /* asked before sending, where scripts run; may be empty */
    const char *tokens; /* further classes; may be NULL */
};
void part_form_open(struct html *h, const struct part_form *form);
void part_form_close(struct html *h);

struct part_error {
    struct str id; /* of the field; may be empty: about the whole form */
    struct str text;
};
/* The summary of what is wrong, in a region that takes the focus; nothing when n is 0. */
void part_errors(struct html *h, struct str heading, const struct part_error *errors, size_t n);

enum part_field_width { PART_FIELD_FULL, PART_FIELD_HALF, PART_FIELD_SHORT };

struct part_field {
    struct str id;
    struct str name; /* empty: the id */
    struct str label;
    struct str hint;  /* may be empty */
    struct str error; /* may be empty */
    struct str value;
    struct str optional; /* "optional", shown after the label; empty: the field is required */
    const char *type;    /* of an input: NULL is "text"; email, password, date, number, search, tel,
                            url, time */
    const char *autocomplete;  /* as in HTML; NULL: none given */
    const char *inputmode;     /* NULL: by type */
    int64_t max_length;        /* characters; 0: none */
    struct str min, max, step; /* of number and date; may be empty */
    int rows;                  /* of a textarea; 0: 4 */
    enum part_field_width width;
    bool hide_label; /* for screen readers only: a search box */
    bool focus;      /* takes the focus when the page opens */
    bool readonly;
    struct str list; /* id of a datalist (part_suggestions); may be empty */
};

void part_input(struct html *h, const struct part_field *field);
void part_textarea(struct html *h, const struct part_field *field);

/* Suggestions for an input with .list = id. */
void part_suggestions(struct html *h, struct str id, const struct str *values, size_t n);

struct part_option {
    struct str value, text;
    struct str hint;  /* of radio buttons and checkboxes; may be empty */
    struct str group; /* of a select: heading, the same for consecutive options; may be empty */
    bool chosen;
    bool disabled;
};

/* `none` (may be empty): a first option with an empty value. */
void part_select(struct html *h, const struct part_field *field, struct str none,
                 const struct part_option *options, size_t n);

enum part_choices {
    PART_CHOICES_LIST,   /* below each other */
    PART_CHOICES_INLINE, /* side by side, short texts */
    PART_CHOICES_LEVELS  /* the levels of a rubric: number, name, description, in steps */
};
/* Radio buttons (`many` false) or checkboxes; the field's label is the legend.  The first control
 * has the field's id, so that the error summary leads there. */
void part_choose(struct html *h, const struct part_field *field, enum part_choices how, bool many,
                 const struct part_option *options, size_t n);

/* One checkbox: "Tell me by mail". */
void part_check(struct html *h, const struct part_field *field, bool checked);

/* A file; `accept` as in HTML (".csv,.zip") or NULL. */
void part_file(struct html *h, const struct part_field *field, const char *accept, bool many);

void part_hidden(struct html *h, struct str name, struct str value);

/* Fields that belong together; hint and error may be empty. */
void part_fieldset_open(struct html *h, struct str legend, struct str hint);
void part_fieldset_close(struct html *h);

/* A grid of checkboxes: weekly free periods.  Box (row, column) has the value "column-row" counted
 * from 1, and is checked when on(ctx, row, column). */
struct part_grid {
    struct str id, name, legend, hint, error;
    const struct str *columns; /* days */
    size_t n_columns;
    const struct str *rows; /* periods */
    size_t n_rows;
    bool (*on)(void *ctx, size_t row, size_t column);
    void *ctx;
};
void part_grid(struct html *h, const struct part_grid *grid);

enum part_button_kind {
    PART_BUTTON_MAIN, /* one in a page */
    PART_BUTTON_PLAIN,
    PART_BUTTON_QUIET, /* looks like a link */
    PART_BUTTON_DANGER /* deletes */
};
struct part_button {
    struct str text;
    enum part_button_kind kind;
    enum part_icon icon;
    struct str name, value; /* sent with the form; may be empty */
    struct str action;      /* another address than the form's; may be empty */
    struct str about;       /* said after the text by screen readers: "Remove" "Algebra" */
    bool disabled;
};
void part_button(struct html *h, const struct part_button *button);

/* A link that looks like a button: for going somewhere, never for changing something. */
void part_button_link(struct html *h, enum part_button_kind kind, enum part_icon icon,
                      struct str text, struct str url);

/* A row of buttons. */
void part_buttons_open(struct html *h);
void part_buttons_close(struct html *h);

#endif
